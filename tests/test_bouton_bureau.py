"""Les boutons, d’un vrai clic de souris, dans le classeur livré ouvert par LibreOffice à l’écran."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from bureau.dossier import PREMIERE, SECONDE, poser_dossier
from bureau.ecran import AUTORISEES, INTERDITES, Ecran, attendre, bureau, manque

pytestmark = [
    pytest.mark.skipif(manque() is not None, reason=f"pas de clic réel sur cette machine : {manque()}"),
    pytest.mark.xdist_group("bureau"),
]
RETORS = "Dossier de l’été & 100% %HOME% d'Évry"


@pytest.fixture(scope="module")
def ouvert(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Ecran, Path, Path]]:
    """Un bureau ouvert sur le classeur d’un dossier au nom retors, le dossier, et ce que l’on a ouvert."""
    racine = tmp_path_factory.mktemp("bureau")
    dossier = racine / RETORS
    classeur = poser_dossier(dossier)
    programmes, ouvertures = racine / "bin", racine / "ouvertures.txt"
    programmes.mkdir()
    (programmes / "xdg-open").write_text(f'#!/bin/sh\nprintf "%s" "$1" > "{ouvertures}"\n')
    (programmes / "xdg-open").chmod(0o755)
    with bureau(classeur, racine / "profil", AUTORISEES, str(programmes)) as ecran:
        yield ecran, dossier, ouvertures


def test_generer_produit_les_documents_et_le_dit(ouvert: tuple[Ecran, Path, Path]) -> None:
    ecran, dossier, _ = ouvert
    ecran.demander("taper", "Établissements", "B6", "Les Charmes")
    sur_l_accueil(ecran, "Générer")
    message = ecran.message()
    assert message and message.startswith("2 documents à jour, dont 2 mis à jour maintenant.")
    assert str(dossier / "sorties") in message
    assert openpyxl.load_workbook(dossier / PREMIERE)["Fiche"]["B2"].value == "Les Charmes"
    assert ecran.demander("cellule", "Pilotage", "E8") == "à jour"
    assert "2 documents à jour" in ecran.demander("cellule", "Mode d’emploi", "D4")


def test_controler_ecrit_le_controle_et_rien_d_autre(ouvert: tuple[Ecran, Path, Path]) -> None:
    ecran, dossier, _ = ouvert
    (dossier / "sorties" / "controle.xlsx").unlink(missing_ok=True)
    (dossier / SECONDE).unlink(missing_ok=True)
    sur_l_accueil(ecran, "Contrôler")
    message = ecran.message()
    assert message and str(dossier / "sorties" / "controle.xlsx") in message
    assert (dossier / "sorties" / "controle.xlsx").is_file() and not (dossier / SECONDE).exists()


def test_ouvrir_les_documents_ouvre_leur_repertoire(ouvert: tuple[Ecran, Path, Path]) -> None:
    ecran, dossier, ouvertures = ouvert
    (dossier / "sorties").mkdir(exist_ok=True)
    sur_l_accueil(ecran, "Ouvrir les documents")
    assert attendre(lambda: ouvertures.is_file() and ouvertures.read_text(), 20) == str(dossier / "sorties")
    time.sleep(2)  # la macro, qui n’a rien à dire, rend la main


def test_preparer_ajoute_les_lignes_sous_les_yeux(ouvert: tuple[Ecran, Path, Path]) -> None:
    ecran, _, _ = ouvert
    assert ecran.demander("cellule", "Années", "A6") == ""
    sur_l_accueil(ecran, "Préparer mes lignes")
    message = ecran.message()
    assert message and "Années" in message
    assert ecran.demander("cellule", "Années", "A6") == "2023"  # N-3


def test_pdf_pose_un_pdf_a_cote_de_chaque_document(ouvert: tuple[Ecran, Path, Path]) -> None:
    ecran, dossier, _ = ouvert
    sur_l_accueil(ecran, "PDF")
    message = ecran.message(150)
    assert message and message.startswith("Un PDF est à côté de chaque document.")
    assert {p.name for p in (dossier / "sorties").rglob("*.pdf")} == {"A_fiche.pdf", "B_fiche.pdf"}


def test_repartir_ecrit_un_classeur_par_etablissement(ouvert: tuple[Ecran, Path, Path]) -> None:
    ecran, dossier, _ = ouvert
    sur_l_accueil(ecran, "Répartir la saisie")
    message = ecran.message()
    assert message and message.startswith("Un classeur à remplir pour chacun : A, B.")
    assert len(list((dossier / "collecte" / "a-envoyer").glob("*.xlsx"))) == 2


def test_les_boutons_de_pilotage_ne_touchent_que_ce_qui_est_coche(ouvert: tuple[Ecran, Path, Path]) -> None:
    ecran, dossier, _ = ouvert
    (dossier / PREMIERE).unlink(missing_ok=True)
    (dossier / SECONDE).unlink(missing_ok=True)
    ecran.demander("montrer", "Pilotage")
    ecran.demander("taper", "Pilotage", "D9", "x")
    ecran.cliquer("Générer la sélection")
    message = ecran.message()
    assert message and message.startswith("1 document à jour")
    assert (dossier / SECONDE).is_file() and not (dossier / PREMIERE).exists()
    retoucher(dossier / SECONDE)
    ecran.cliquer("Garder ma version")
    message = ecran.message()
    assert message and message.startswith("Versions gardées")
    assert ecran.demander("cellule", "Pilotage", "E9") == "modifié à la main, gardé"
    ecran.cliquer("Remplacer ma version")
    message = ecran.message()
    assert message and message.startswith("Copie de la version modifiée à la main")
    assert openpyxl.load_workbook(dossier / SECONDE)["Fiche"]["B2"].value == "Les Ormes"


def test_l_interpreteur_parti_est_dit_avec_son_remede(ouvert: tuple[Ecran, Path, Path]) -> None:
    ecran, dossier, _ = ouvert
    ici = ecran.demander("cellule", "Poste", "B1")
    ecran.demander("taper", "Poste", "B1", str(dossier / "parti" / "python"))
    sur_l_accueil(ecran, "Contrôler")
    message = ecran.message()
    ecran.demander("taper", "Poste", "B1", ici)
    assert message and message.startswith("cpomdocs n’est plus là") and "cpomdocs poste reparer" in message


def test_macros_interdites_un_clic_ne_fait_rien(tmp_path: Path) -> None:
    dossier = tmp_path / "cpom"
    classeur = poser_dossier(dossier)
    avant = sorted(dossier.rglob("*"))
    with bureau(classeur, tmp_path / "profil", INTERDITES) as ecran:
        sur_l_accueil(ecran, "Générer")
        time.sleep(4)
        ecran.xdotool("key", "Return")
    assert [p for p in sorted(dossier.rglob("*")) if p not in avant and not p.name.startswith(".~lock")] == []


def sur_l_accueil(ecran: Ecran, legende: str) -> None:
    ecran.demander("montrer", "Mode d’emploi")
    ecran.cliquer(legende)


def retoucher(document: Path) -> None:
    livre = openpyxl.load_workbook(document)
    livre["Fiche"]["B2"] = "retouché"
    livre.save(document)
