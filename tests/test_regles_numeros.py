"""Les numéros officiels : clés, formes, départements."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpomdocs.modeles import numeros

CHIFFRES = st.text("0123456789", min_size=1, max_size=20)


@given(CHIFFRES, st.data())
def test_changer_un_seul_chiffre_se_voit_toujours(debut: str, data: st.DataObject) -> None:
    juste = debut + numeros.cle_de_luhn(debut)
    rang = data.draw(st.integers(0, len(juste) - 1))
    autre = data.draw(st.sampled_from([c for c in "0123456789" if c != juste[rang]]))
    assert numeros.luhn(juste)
    assert not numeros.luhn(juste[:rang] + autre + juste[rang + 1 :])


@given(st.text(max_size=20))
def test_aucun_texte_ne_fait_echouer_les_controles_de_numero(texte: str) -> None:
    for controle in (
        numeros.luhn,
        numeros.finess_bien_forme,
        numeros.cle_finess_juste,
        numeros.siren_juste,
        numeros.siret_juste,
    ):
        assert controle(texte) in (True, False)
    numeros.departement_du_finess(texte)
    numeros.departement_du_code_postal(texte)
    numeros.code_departement(texte)


@pytest.mark.parametrize(
    "finess", ["010001436", "2A0000014", "2A0000154", "2B0000012", "2B0000020"]
)  # numéros réels, § 1.14 et ID-02 de domaine.md
def test_les_finess_reels_sont_justes_corse_comprise(finess: str) -> None:
    assert numeros.finess_bien_forme(finess)
    assert numeros.cle_finess_juste(finess)


@pytest.mark.parametrize("finess", ["10001436", "0100014366", "2C0000014", "01000143A", "2a0000014", ""])
def test_une_forme_de_finess_fausse_est_refusee(finess: str) -> None:
    assert not numeros.finess_bien_forme(finess)


@pytest.mark.parametrize("finess", ["010001437", "2A0000012", "2B0000014"])
def test_une_cle_de_finess_fausse_est_vue(finess: str) -> None:
    assert numeros.finess_bien_forme(finess)
    assert not numeros.cle_finess_juste(finess)


@pytest.mark.parametrize(
    ("finess", "departement"),
    [
        ("010001436", "01"),
        ("2A0000014", "2A"),
        ("2B0000012", "2B"),
        ("970100178", "971"),
        ("970202107", "972"),
        ("970300026", "973"),
        ("970400024", "974"),
        ("980500003", "976"),
        ("990000010", None),
        ("970900001", None),
        ("abc", None),
    ],
)
def test_le_departement_d_un_finess(finess: str, departement: str | None) -> None:
    assert numeros.departement_du_finess(finess) == departement


@pytest.mark.parametrize(
    ("code", "departement"),
    [("01000", "01"), ("20000", "2A"), ("20167", "2A"), ("20200", "2B"), ("20600", "2B"), ("97400", "974"),
     ("97600", "976"), ("69003", "69"), ("1000", None)],
)  # fmt: skip
def test_le_departement_d_un_code_postal(code: str, departement: str | None) -> None:
    assert numeros.departement_du_code_postal(code) == departement


@pytest.mark.parametrize(
    ("texte", "code"),
    [("01", "01"), ("1", "01"), ("2A – Corse-du-Sud", "2A"), ("2b", "2B"), ("974", "974"), ("69 Rhône", "69"),
     ("Rhône", None), ("6900", None)],
)  # fmt: skip
def test_le_code_d_un_departement_saisi(texte: str, code: str | None) -> None:
    assert numeros.code_departement(texte) == code


def test_siren_et_siret() -> None:
    # SIREN et SIRET du siège de La Poste, publics ; le SIRET d’un bureau suit la règle propre à La Poste.
    assert numeros.siren_juste("356000000")
    assert numeros.siret_juste("35600000000048")
    assert numeros.siret_juste("35600000049837")
    assert not numeros.siren_juste("356000001")
    assert not numeros.siren_juste("35600000")
    assert not numeros.siret_juste("35600000000049")
