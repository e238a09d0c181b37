"""Prêts pour la réunion de lancement : la collecte par établissement, les critères du gestionnaire."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from cpomdocs.demo import dossier_de_demonstration
from cpomdocs.modeles import Dossier

PARAMETRES = {"annee_n": 2026, "date_reference": datetime.date(2026, 3, 31)}
AUTORISATION = {"etablissement": "A", "modalite": "HP", "capacite_autorisee": 40}


def un_dossier(**collections: Any) -> Dossier:
    base = {
        "parametres": PARAMETRES,
        "etablissements": [{"code": "A", "nom": "Les Aulnes", "directeur": "Mme D"}],
    }
    return Dossier.model_validate(base | collections)


def collecte(dossier: Dossier) -> Any:
    (ligne,) = dossier.lignes("preparation")
    return ligne


def etats(dossier: Dossier) -> dict[str, str]:
    return {ligne.critere: ligne.etat_critere for ligne in dossier.lignes("criteres")}


def test_ce_qui_manque_se_compte_ligne_attendue_par_ligne_attendue() -> None:
    """Saisir une autorisation : un champ de plus, et trois exercices clos d’une modalité à remplir."""
    sans, avec = collecte(un_dossier()), collecte(un_dossier(autorisations=[AUTORISATION]))
    assert sans.renseignees == 0 and avec.renseignees == 1
    assert avec.attendues == sans.attendues
    activite = [
        {**AUTORISATION, "annee": annee, "version": "reel", "journees_realisees": 14_000}
        for annee in (2023, 2024, 2025)
    ]
    for ligne in activite:
        ligne.pop("capacite_autorisee")
    saisie = collecte(un_dossier(autorisations=[AUTORISATION], activite=activite))
    assert (saisie.renseignees, saisie.attendues) == (4, sans.attendues)


def test_sans_objet_compte_comme_saisi_et_l_annee_n_ne_compte_pas() -> None:
    ligne = {"etablissement": "A", "annee": 2025, "version": "reel", "modalite": "HP"}
    vide = collecte(un_dossier(activite=[ligne]))
    sans_objet = {**ligne, "sans_objet": frozenset({"journees_realisees"})}
    assert collecte(un_dossier(activite=[sans_objet])).renseignees == vide.renseignees + 1
    prevue = {**ligne, "annee": 2026, "version": "previsionnel", "journees_realisees": 1}
    assert collecte(un_dossier(activite=[ligne, prevue])).attendues == vide.attendues


def test_cent_pour_cent_veut_dire_complet() -> None:
    lignes = {li.etablissement: li for li in dossier_de_demonstration().lignes("preparation")}
    assert (lignes["EHPAD"].part_collectee, lignes["EHPAD"].manque) == (Decimal(1), None)
    assert lignes["MAS"].renseignees == lignes["MAS"].attendues - 1
    assert (lignes["MAS"].part_collectee, lignes["MAS"].manque) == (Decimal("0.99"), "activité (1)")
    assert lignes["MAS"].en_retard and not lignes["EHPAD"].en_retard


def test_celui_qui_collecte_est_celui_dont_le_role_nomme_l_etablissement() -> None:
    role = {"nom": "M. E", "role": "equipe_projet", "etablissement": "A"}
    assert collecte(un_dossier()).responsable == "Mme D"
    assert collecte(un_dossier(roles=[role])).responsable == "M. E"


def test_un_document_en_retard_est_nomme_tant_qu_il_n_est_pas_depose() -> None:
    document = {
        "code_document": "d",
        "libelle": "Trame",
        "portee": "etablissement",
        "date_limite": datetime.date(2026, 3, 30),
    }
    assert collecte(un_dossier(documents=[document])).documents_en_retard == "Trame"
    assert collecte(un_dossier(documents=[{**document, "statut": "depose"}])).documents_en_retard is None


def test_un_dossier_neuf_a_tout_a_faire() -> None:
    assert set(etats(Dossier()).values()) == {"a_faire"}


def test_chaque_critere_se_remplit() -> None:
    assert {code for code, etat in etats(dossier_de_demonstration()).items() if etat != "fait"} == {"donnees"}


def test_un_referent_strategique_seul_ne_suffit_pas() -> None:
    strategique = {"nom": "M. V", "role": "referent_strategique"}
    appui = {"nom": "M. M", "role": "appui_technique"}
    assert etats(un_dossier(roles=[strategique]))["referent"] == "en_cours"
    assert etats(un_dossier(roles=[strategique, appui]))["referent"] == "fait"


def test_un_negociateur_non_forme_et_une_contrainte_sans_reponse_restent_a_finir() -> None:
    dossier = un_dossier(
        roles=[{"nom": "M. V", "role": "negociateur_ars"}],
        contraintes=[{"code": "C1", "type": "moyens", "intitule": "Moyens constants"}],
    )
    restes = {ligne.critere: ligne.reste for ligne in dossier.lignes("criteres")}
    assert restes["negociateurs"] == "Former M. V."
    assert restes["contraintes"] == "Préparer une réponse à C1."
