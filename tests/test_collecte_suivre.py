"""Le tableau de la collecte, les relances et leurs brouillons de courriel."""

from __future__ import annotations

import datetime
import email
import json
from email.policy import default
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from collectes import cellule, corriger, envoyer, page_de, recevoir, repondre, un_dossier

from cpomdocs.cli import executer
from cpomdocs.collecte.avancement import EtatDePart
from cpomdocs.collecte.relances import Relance, relancer
from cpomdocs.erreurs import ErreurDossier

APRES = datetime.date(2027, 1, 4)
AVANT = datetime.date(2026, 11, 20)


def suivre(
    racine: Path, jour: datetime.date, **options: Any
) -> tuple[dict[str, Relance], dict[str, EtatDePart]]:
    relances, etats = relancer(racine, aujourd_hui=jour, **options)
    return {r.part: r for r in relances}, {e.envoi.part.code: e for e in etats}


def recruter(livre: openpyxl.Workbook) -> None:
    cellule(livre["Indicateurs RH"], 1, "Recrutements").value = 3


def test_attendu_en_retard_recu_complet(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path)
    envois = envoyer(racine)
    _, etats = suivre(racine, AVANT)
    assert {code: etat.statut for code, etat in etats.items()} == dict.fromkeys(envois, "attendu")
    # ce que la fiche demande et qui manque : les recrutements de l’année N-1, une donnée par établissement
    assert {(len(e.manques), e.completude.attendues) for e in etats.values()} == {(1, 6)}
    repondre(racine, envois["IME"], recruter)
    repondre(racine, envois["SAVS"], lambda livre: None)
    recevoir(racine)
    _, etats = suivre(racine, APRES)
    assert {code: etat.statut for code, etat in etats.items()} == {
        "EHPAD1": "en retard",
        "IME": "complet",
        "SAVS": "en retard",
    }
    assert (etats["SAVS"].recu_le, etats["EHPAD1"].recu_le) == (AVANT, None)


def test_le_tableau_dit_a_qui_quoi_et_pour_quand(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path)
    envois = envoyer(racine)
    repondre(racine, envois["IME"], recruter)
    recevoir(racine)
    lignes = {ligne[1]: ligne for ligne in page_de(racine, "collecte.xlsx", "Collecte")}
    assert lignes["IME"][0] == "complet"
    assert lignes["IME"][2:8] == (
        "Maison IME",
        "Directrice IME",
        "ime@exemple.fr",
        "02/11/2026 (n° 1)",
        "15/12/2026",
        "20/11/2026",
    )
    assert lignes["SAVS"][8:11] == (6, 1, 0.83)
    manques = page_de(racine, "collecte.xlsx", "Manques")
    assert {(part, donnee) for part, donnee, *_ in manques} == {
        ("EHPAD1", "Recrutements"),
        ("SAVS", "Recrutements"),
    }
    assert all(str(ou).startswith("Indicateurs RH ! ") for _, _, ou, _ in manques)


def test_un_point_a_decider_n_est_pas_un_retard(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path)
    envois = envoyer(racine)
    repondre(racine, envois["IME"], recruter)
    corriger(racine, "Indicateurs RH", 2, "Recrutements", 8)
    corriger(racine, "Activité", 2, "Journées réalisées", None)
    recevoir(racine)
    relances, etats = suivre(racine, APRES)
    assert etats["IME"].statut == "à décider"
    assert sorted(relances) == ["EHPAD1", "SAVS"]


def test_la_relance_cite_ce_qui_manque_et_joint_le_fichier(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path)
    envois = envoyer(racine)
    relance = suivre(racine, APRES)[0]["IME"]
    assert relance.texte == (
        "Bonjour Directrice IME,\n\n"
        "Le 02/11/2026, nous vous avons envoyé « Collecte IME.xlsx », à renvoyer avant le 15/12/2026. "
        "Nous n’avons encore rien reçu.\n\n"
        "Il manque une donnée :\n  - Indicateurs RH : 1 (Recrutements)\n\n"
        "Il suffit de remplir les cellules jaunes (SO si une donnée est sans objet), d’enregistrer et de "
        "répondre à ce message ; le fichier est joint de nouveau.\n\n"
        "Une question ? Camille Exemple (camille@exemple.fr)\n\nMerci.\n"
    )
    texte, brouillon = (racine / chemin for chemin in relance.fichiers)
    assert texte.read_text(encoding="utf-8") == f"Objet : {relance.objet}\n\n{relance.texte}"
    lu = email.message_from_bytes(brouillon.read_bytes(), policy=default)
    assert (lu["To"], lu["Subject"], lu["X-Unsent"]) == (
        "ime@exemple.fr",
        "CPOM : données attendues pour Maison IME",
        "1",
    )
    assert lu.get_body().get_content().replace("\r\n", "\n") == relance.texte  # type: ignore[union-attr]
    (joint,) = lu.iter_attachments()  # type: ignore[union-attr]
    assert joint.get_filename() == "Collecte IME.xlsx"
    assert joint.get_content() == (racine / envois["IME"].fichier).read_bytes()


def test_apres_une_reponse_incomplete_la_relance_remercie_et_ne_joint_rien(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path)
    repondre(racine, envoyer(racine)["IME"], lambda livre: None)
    recevoir(racine)
    relance = suivre(racine, APRES)[0]["IME"]
    assert "Votre réponse a été reçue le 20/11/2026, merci" in relance.texte
    lu = email.message_from_bytes((racine / relance.fichiers[1]).read_bytes(), policy=default)
    assert list(lu.iter_attachments()) == []  # type: ignore[union-attr]


@pytest.mark.parametrize("courriel", ["a@b.fr\r\nBcc: tous@b.fr", "pas un courriel", "a@b.fr, c@d.fr"])
def test_un_courriel_douteux_n_entre_pas_dans_le_brouillon(tmp_path: Path, courriel: str) -> None:
    racine = un_dossier(tmp_path)
    corriger(racine, "Établissements", 2, "Courriel", courriel)
    corriger(racine, "Établissements", 2, "Nom", "IME\nBcc: tous@b.fr")
    envoyer(racine, parts=["IME"])
    relance = suivre(racine, APRES)[0]["IME"]
    lu = email.message_from_bytes((racine / relance.fichiers[1]).read_bytes(), policy=default)
    assert (lu["To"], lu["Bcc"]) == (None, None)


def test_avant_l_echeance_personne_sauf_si_on_le_demande(tmp_path: Path) -> None:
    racine = un_dossier(tmp_path)
    envoyer(racine)
    assert suivre(racine, AVANT)[0] == {}
    assert sorted(suivre(racine, AVANT, tous=True)[0]) == ["EHPAD1", "IME", "SAVS"]


def test_rien_a_relancer_sans_envoi(tmp_path: Path) -> None:
    with pytest.raises(ErreurDossier, match="rien réparti"):
        relancer(un_dossier(tmp_path))


def test_la_commande(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    racine = un_dossier(tmp_path)
    envoyer(racine, echeance=datetime.date(2020, 1, 1))
    assert executer(["classeur", "relancer", str(racine)]) == 0
    ecran = capsys.readouterr().out
    assert "en retard" in ecran
    assert "Bonjour Directrice SAVS," in ecran
    assert (racine / "collecte" / "relances" / "Relance SAVS.eml").is_file()
    assert executer(["classeur", "relancer", str(racine), "--json"]) == 0
    lu = json.loads(capsys.readouterr().out)
    assert {(p["part"], p["statut"], p["manquent"]) for p in lu["parts"]} == {
        (code, "en retard", 1) for code in ("EHPAD1", "IME", "SAVS")
    }
    assert len(lu["relances"]) == 3
