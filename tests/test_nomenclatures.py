"""Les nomenclatures : présentes, complètes, sans contradiction entre elles."""

from __future__ import annotations

import itertools

import pytest

from cpomdocs.nomenclatures import comptes_de, details, imputation, libelle, nomenclature, noms


def test_un_nom_inconnu_est_refuse() -> None:
    with pytest.raises(KeyError):
        nomenclature("inconnue")


def test_chaque_nomenclature_a_des_codes_et_des_libelles() -> None:
    for nom in noms():
        codes = nomenclature(nom)
        assert codes, nom
        assert all(code.strip() == code and texte.strip() for code, texte in codes.items()), nom


@pytest.mark.parametrize(
    "nom",
    [n for n in noms() if n not in ("categories_finess", "plan_comptable", "formules_comptables")],
)
def test_un_libelle_ne_designe_qu_un_code(nom: str) -> None:
    """Le classeur maître accepte le libellé comme le code : un libellé répété serait ambigu."""
    libelles = [texte.casefold() for texte in nomenclature(nom).values()]
    assert len(libelles) == len(set(libelles))


def test_les_categories_finess_menent_a_un_type_et_un_secteur_connus() -> None:
    for code, categorie in details("categories_finess").items():
        assert len(code) == 3 and code.isdigit()
        assert categorie["type"] in nomenclature("types_etablissement")
        assert categorie["secteur"] in nomenclature("secteurs")
    assert set(nomenclature("types_etablissement")) == {
        categorie["type"] for categorie in details("categories_finess").values()
    }


# Catégories citées par la nomenclature FINESS du 26/05/2025 (domaine § 2.2).
@pytest.mark.parametrize(
    ("code", "type_"),
    [("500", "EHPAD"), ("183", "IME"), ("246", "ESAT"), ("255", "MAS"), ("446", "SAVS"), ("182", "SESSAD")],
)
def test_categories_de_la_demonstration(code: str, type_: str) -> None:
    assert details("categories_finess")[code]["type"] == type_


def test_chaque_reponse_d_une_repartition_est_connue() -> None:
    for dimension in details("dimensions_publics").values():
        reponses = [*dimension["modalites"], *itertools.chain(*dimension.get("par_secteur", {}).values())]
        assert reponses
        assert set(reponses) <= set(nomenclature("modalites_publics"))
        assert set(dimension.get("par_secteur", {})) <= set(nomenclature("secteurs"))


def test_les_dotations_d_un_regime_ont_une_nature_et_un_financeur_connus() -> None:
    for regime in details("regimes_tarifaires").values():
        for nature, financeur in regime["dotations"]:
            assert nature in nomenclature("natures_dotation")
            assert financeur == "autorite" or financeur in nomenclature("financeurs")


def test_les_secteurs_et_filieres_des_emplois_sont_connus() -> None:
    for emploi in details("categories_emploi").values():
        assert set(emploi.get("secteurs", [])) <= set(nomenclature("secteurs"))
        assert emploi["filiere"] in nomenclature("filieres")


# Groupes fonctionnels de domaine § 1.6.
@pytest.mark.parametrize(
    ("compte", "attendu"),
    [
        ("602261", ("charge", "I")),
        ("6032", ("charge", "I")),
        ("6066", ("charge", "I")),
        ("6111", ("charge", "I")),
        ("613", ("charge", "III")),
        ("61558", ("charge", "III")),
        ("62113", ("charge", "II")),
        ("6223", ("charge", "II")),
        ("623", ("charge", "III")),
        ("6248", ("charge", "I")),
        ("6281", ("charge", "I")),
        ("627", ("charge", "III")),
        ("6311", ("charge", "II")),
        ("6351", ("charge", "III")),
        ("64111", ("charge", "II")),
        ("6419", ("produit", "II")),
        ("6459", ("produit", "II")),
        ("609", ("produit", "II")),
        ("6556", ("charge", "III")),
        ("6611", ("charge", "III")),
        ("675", ("charge", "III")),
        ("68112", ("charge", "III")),
        ("709", ("charge", "I")),
        ("7351111", ("produit", "I")),
        ("7488", ("produit", "II")),
        ("7588", ("produit", "II")),
        ("775", ("produit", "III")),
        ("7815", ("produit", "III")),
        ("79", ("produit", "III")),
    ],
)
def test_le_plus_long_prefixe_donne_le_groupe(compte: str, attendu: tuple[str, str]) -> None:
    assert imputation(compte) == attendu


@pytest.mark.parametrize("compte", ["", "10682", "512", "8", "ABC"])
def test_un_compte_hors_des_classes_6_et_7_n_a_pas_de_groupe(compte: str) -> None:
    assert imputation(compte) is None


def test_un_rattachement_existe_pour_chaque_compte_des_formules() -> None:
    for formule in nomenclature("formules_comptables"):
        assert all(imputation(compte) is not None for compte in comptes_de(formule))


def test_un_code_inconnu_se_montre_tel_quel() -> None:
    assert libelle("versions", "reel") == "Réel"
    assert libelle("versions", "autre") == "autre"
    assert libelle("versions", None) is None
