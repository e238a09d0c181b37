"""Chaque règle : un cas où elle parle, un cas où elle se tait, et ce qu’elle dit."""

from __future__ import annotations

from pathlib import Path

import pytest
import regles_cas_activite
import regles_cas_calendrier
import regles_cas_diagnostic
import regles_cas_finances
import regles_cas_identite
import regles_cas_methode
import regles_cas_patrimoine
import regles_cas_rh
import regles_cas_scenarios
from hypothesis import given, settings
from hypothesis import strategies as st
from regles_aide import Cas, anomalies, dossier_de, regle

from cpomdocs.modeles import SAISIES, Dossier, Source, cles
from cpomdocs.modeles.chemins import lire_chemin, verifier
from cpomdocs.modeles.regles import REGLES, Seuils, appliquer, tableau_markdown

CAS = [
    *regles_cas_diagnostic.CAS,
    *regles_cas_identite.CAS,
    *regles_cas_activite.CAS,
    *regles_cas_rh.CAS,
    *regles_cas_finances.CAS,
    *regles_cas_patrimoine.CAS,
    *regles_cas_methode.CAS,
    *regles_cas_scenarios.CAS,
    *regles_cas_calendrier.CAS,
]
DOC = Path(__file__).parents[1] / "docs" / "regles.md"


def _nom(cas: Cas) -> str:
    return f"{cas.code} {cas.message[:20]}"


@pytest.mark.parametrize("cas", CAS, ids=_nom)
def test_la_regle_parle(cas: Cas) -> None:
    trouvees = anomalies(cas.code, cas.fautif, cas.seuils)
    assert len(trouvees) == cas.nombre
    anomalie = trouvees[0]
    assert cas.message in anomalie.message
    assert anomalie.gravite == (cas.gravite or regle(cas.code).gravite) or cas.gravite is None
    assert anomalie.remede
    assert anomalie.libelle
    assert anomalie.sources, "une anomalie désigne au moins une cellule"


@pytest.mark.parametrize("cas", CAS, ids=_nom)
def test_la_regle_se_tait(cas: Cas) -> None:
    assert anomalies(cas.code, cas.juste, cas.seuils) == []


@pytest.mark.parametrize("cas", CAS, ids=_nom)
def test_le_champ_de_l_anomalie_existe_dans_les_modeles(cas: Cas) -> None:
    for anomalie in anomalies(cas.code, cas.fautif, cas.seuils):
        assert anomalie.champ is not None
        portee = "etablissement" if anomalie.champ.startswith("etablissement.") else "gestionnaire"
        info = verifier(lire_chemin(anomalie.champ), portee)
        assert info is not None
        assert info.libelle == anomalie.libelle


def test_toutes_les_regles_ont_leurs_cas() -> None:
    assert {regle.code for regle in REGLES} == {cas.code for cas in CAS}


def test_les_codes_sont_uniques_et_les_regles_decrites() -> None:
    assert len({regle.code for regle in REGLES}) == len(REGLES)
    for une in REGLES:
        assert une.libelle and une.source and une.fonction.__doc__


def test_un_dossier_vide_ne_declenche_rien() -> None:
    assert appliquer(Dossier(), Seuils()) == []


def test_des_lignes_vides_ne_declenchent_rien_d_autre_que_l_incompletude() -> None:
    """Une ligne préparée, clés comprises, mais sans valeur : c’est un manque, pas une incohérence."""
    dossier = dossier_de({nom: [{}, {}] for nom in SAISIES} | {"etablissements": [{"code": "A"}]})
    assert {a.code for a in appliquer(dossier, Seuils())} <= {"CT-03", "CT-04", "CT-05"}


def test_tout_sans_objet_ne_fait_rien_echouer() -> None:
    donnees = {
        nom: [{"sans_objet": [c for c in modele.model_fields if c not in cles(modele) and c != "sans_objet"]}]
        for nom, modele in SAISIES.items()
    }
    appliquer(dossier_de(donnees), Seuils())


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_aucun_jeu_de_donnees_partiel_ne_fait_echouer_une_regle(data: st.DataObject) -> None:
    """Des morceaux de tous les cas, mélangés et troués : des anomalies, jamais d’erreur."""
    donnees: dict[str, object] = {}
    for cas in data.draw(st.lists(st.sampled_from(CAS), max_size=8)):
        for nom, lignes in (cas.fautif if data.draw(st.booleans()) else cas.juste).items():
            if isinstance(lignes, list):
                deja = donnees.setdefault(nom, [])
                assert isinstance(deja, list)
                deja += [_troue(ligne, data) for ligne in lignes]
            else:
                donnees[nom] = _troue(lignes, data)
    appliquer(dossier_de(donnees), Seuils())


def _troue(ligne: dict[str, object], data: st.DataObject) -> dict[str, object]:
    oubli = data.draw(st.sampled_from(["", *ligne]))
    return {nom: valeur for nom, valeur in ligne.items() if nom != oubli}


def test_une_ligne_fautive_n_en_cache_pas_une_autre() -> None:
    lignes = [{"code": c, "finess_et": "12"} for c in "ABC"]
    assert len(anomalies("ID-01", {"etablissements": lignes})) == 3


def test_l_anomalie_dit_ou_quoi_et_que_faire() -> None:
    [anomalie] = anomalies("ID-01", {"etablissements": [{"code": "EHPAD1", "finess_et": "10001436"}]})
    assert anomalie.etablissement == "EHPAD1"
    assert anomalie.champ == "etablissement.finess_et"
    assert [(s.feuille, s.cellule) for s in anomalie.sources] == [("etablissements", "finess_et1")]
    assert anomalie.message.startswith("Établissements, EHPAD1 : ")


def test_une_ligne_absente_est_designee_par_la_colonne_ou_la_taper() -> None:
    dossier = dossier_de(
        {
            "etablissements": [{"code": "A"}, {"code": "B"}],
            "effectifs": [{"etablissement": "A", "annee": 2025}],
        }
    )
    dossier.situer_collection("effectifs", {"etablissement": Source(feuille="Effectifs", cellule="A9")})
    [anomalie] = regle("CT-03").manquements(dossier, Seuils())
    assert anomalie.etablissement == "B"
    assert Source(feuille="Effectifs", cellule="A9") in anomalie.sources


def test_le_message_situe_en_mots_meme_sur_une_valeur_calculee() -> None:
    comptes = [
        {"etablissement": "A", "annee": 2025, "version": "reel", "compte": compte, "montant": montant}
        for compte, montant in (("6411", "990"), ("731", "1000"))
    ]
    [anomalie] = anomalies("FI-10", {"etablissements": [{"code": "A"}], "comptes": comptes})
    assert anomalie.message.startswith("Comptes, 2025, Réel : ")
    assert len(anomalie.sources) == 2


def test_le_champ_d_une_anomalie_d_activite_porte_ses_cles() -> None:
    ligne = {"etablissement": "A", "annee": 2025, "modalite": "HP", "version": "reel", "jours_ouverture": 400}
    [anomalie] = anomalies("AC-03", {"activite": [ligne]})
    assert anomalie.etablissement == "A"
    assert anomalie.champ == "activite[annee=2025, modalite=HP, version=reel].jours_ouverture"


@pytest.mark.parametrize(
    "texte",
    [
        "Le NIR 2 69 05 49 588 157 80 figure au dossier.",  # numéro d’exemple public (Insee), clé juste
        "Usager né le 12/03/1950, accueilli depuis 2020.",
        "La résidente Jeanne D. est partie.",
        "Monsieur A. DUPONT ne souhaite plus venir.",
    ],
)
def test_une_personne_accompagnee_reconnaissable_est_signalee_sans_etre_recopiee(texte: str) -> None:
    [anomalie] = anomalies("DO-10", {"complements": [{"code": "X", "valeur": texte}]})
    for nom in ("Jeanne", "DUPONT", "588", "1950"):
        assert nom not in anomalie.message + (anomalie.remede or "")


@pytest.mark.parametrize(
    "texte",
    [
        "Départ de Mme Martin, cheffe de service, en mars.",
        "Le docteur et Mme Petit, infirmière, assurent la permanence.",
        "M. le Préfet et Mme la Maire ont visité l’établissement.",
        "Convention avec le Centre hospitalier Saint-Joseph.",
        "Jeunes adultes relevant de l’amendement Creton : 3.",
        "1 234 567 890 123 45 € sur six ans",
        "Mme Exemple relit le projet.",
    ],
)
def test_un_professionnel_ou_un_lieu_n_est_pas_signale(texte: str) -> None:
    donnees = {"constats": [{"texte": texte}], "membres": [{"instance": "copil", "nom": "Camille Exemple"}]}
    assert anomalies("DO-10", donnees) == []


def test_les_seuils_se_reglent_et_un_seuil_absent_desactive_sa_regle() -> None:
    cas = next(cas for cas in CAS if cas.code == "FI-10")
    assert anomalies("FI-10", cas.fautif, Seuils(taux_caf_minimal=None)) == []
    assert anomalies("FI-10", cas.juste, Seuils(taux_caf_minimal="0.05")) != []


def test_la_page_des_regles_est_a_jour() -> None:
    assert tableau_markdown() in DOC.read_text(encoding="utf-8")
