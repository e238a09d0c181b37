"""Ce que fait un clic, côté Python : la commande que la macro lance, ses réponses, le poste."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any, get_args

import openpyxl
import pytest
from bureau.dossier import PREMIERE, SECONDE, deux_etablissements, ecrire, poser_dossier
from fabriques import des_donnees
from filelock import FileLock

from cpomdocs import production
from cpomdocs.classeur.macros.boutons import Action
from cpomdocs.classeur.macros.projet import modules
from cpomdocs.classeur.preparation import preparer_classeur
from cpomdocs.erreurs import ErreurCpomdocs, ErreurDossier, ErreurEcriture
from cpomdocs.lecture import lire_classeur
from cpomdocs.lecture.grilles import ouvrir_classeur
from cpomdocs.modeles.entites.identite import Etablissement
from cpomdocs.poste import enregistrement, lignes_pretes, onedrive
from cpomdocs.poste.clic import repondre
from cpomdocs.poste.machine import Machine
from cpomdocs.poste.registre import RegistreFixe
from cpomdocs.poste.reparation import reparer_dossier
from cpomdocs.poste.verifications import verifier_poste

SECURITE = r"HKCU\Software\Microsoft\Office\16.0\Excel\Security"
STRATEGIE = r"HKCU\Software\Policies\Microsoft\Office\16.0\Excel\Security"
ESPACES = r"HKCU\Software\SyncEngines\Providers\OneDrive"


@pytest.fixture
def classeur(tmp_path: Path) -> Path:
    return poser_dossier(tmp_path / "Dossier de l’été & 100% %HOME%")


def decoder(texte: str) -> str:
    unites = re.sub(r"\\u([0-9A-F]{4})", lambda m: chr(int(m[1], 16)), texte)
    return unites.encode("utf-16-le", "surrogatepass").decode("utf-16-le")


class Recue:
    """Une réponse, comme la macro la lit : ASCII, lignes de Windows, dans `X.fin`."""

    def __init__(self, fichier: Path) -> None:
        texte = fichier.with_name(f"{fichier.name}.fin").read_bytes().decode("ascii")
        assert texte.endswith("\r\n")
        couples = [ligne.split("=", 1) for ligne in texte.split("\r\n")[:-1]]
        self.ton = next(v for cle, v in couples if cle == "ton")
        self.message = decoder(next(v for cle, v in couples if cle == "message"))
        poses = [v.split("|") for cle, v in couples if cle == "poser"]
        self.poses = {(decoder(f), int(li), int(co)): decoder(v) for f, li, co, _, v in poses}


def cliquer(action: Action, classeur: Path | str, tmp_path: Path, jeton: str = "") -> Recue:
    fichier = tmp_path / "reponse.txt"
    repondre(action, str(classeur), fichier, jeton)
    return Recue(fichier)


def cocher(classeur: Path, *adresses: str) -> None:
    livre = openpyxl.load_workbook(classeur, keep_vba=True)
    for adresse in adresses:
        livre["Pilotage"][adresse] = "x"
    livre.save(classeur)


def retoucher(document: Path) -> None:
    livre = openpyxl.load_workbook(document)
    livre["Fiche"]["B2"] = "retouché"
    livre.save(document)


def nom_ecrit(document: Path) -> Any:
    return openpyxl.load_workbook(document)["Fiche"]["B2"].value


def test_la_commande_de_la_macro_marche_sans_console(classeur: Path, tmp_path: Path) -> None:
    """Comme pythonw sous Windows : ni entrée, ni sortie, ni erreur."""
    fichier = tmp_path / "mes réponses & co.txt"
    commande = [sys.executable, "-P", "-m", "cpomdocs", "bouton", "generer", str(classeur)]
    commande += ["--jeton", "1", "--reponse", str(fichier)]
    fait = subprocess.run(["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *commande], cwd=tmp_path, timeout=120)
    recue = Recue(fichier)
    assert fait.returncode == 0 and recue.message.startswith("2 documents à jour, dont 2 mis à jour")
    assert str(classeur.parent / "sorties") in recue.message
    assert fichier.read_bytes().startswith(b"cpomdocs : Documents 2 / 2")
    assert nom_ecrit(classeur.parent / PREMIERE) == "Les Tilleuls"
    if os.name == "posix":
        assert fichier.stat().st_mode & 0o077 == 0


def test_generer_pose_l_etat_de_chaque_document(classeur: Path, tmp_path: Path) -> None:
    recue = cliquer("generer", classeur, tmp_path)
    assert {recue.poses["Pilotage", ligne, 5] for ligne in (8, 9)} == {"à jour"}
    assert recue.poses["Pilotage", 7, 5] == "—"
    assert "2 documents à jour" in recue.poses["Mode d’emploi", 4, 4]


def test_un_etablissement_nouveau_prend_une_ligne_de_pilotage(classeur: Path, tmp_path: Path) -> None:
    livre = openpyxl.load_workbook(classeur, keep_vba=True)
    livre["Établissements"]["A8"], livre["Établissements"]["B8"] = "C", "Les Frênes"
    livre.save(classeur)
    recue = cliquer("generer", classeur, tmp_path)
    assert [recue.poses["Pilotage", 10, colonne] for colonne in (1, 2)] == ["C", "Les Frênes"]
    assert recue.poses["Pilotage", 10, 5].startswith("à compléter")


def test_la_surveillance_a_devance_le_clic(classeur: Path, tmp_path: Path) -> None:
    """Le même enregistrement a réveillé la veille : le bouton rend ce qu’elle a fait."""
    ecrire(classeur, deux_etablissements("Les Charmes"))
    production.generer(classeur.parent)
    recue = cliquer("generer", classeur, tmp_path)
    assert recue.message.startswith("2 documents à jour, dont 2 mis à jour maintenant.")
    os.utime(classeur, ns=(time.time_ns() + 10**9,) * 2)
    assert cliquer("generer", classeur, tmp_path).message.startswith("2 documents à jour, aucun n’avait")


def test_le_clic_attend_la_surveillance(classeur: Path, tmp_path: Path) -> None:
    fichier = tmp_path / "reponse.txt"
    (classeur.parent / ".cpomdocs").mkdir()
    commande = [
        sys.executable,
        "-m",
        "cpomdocs",
        "bouton",
        "generer",
        str(classeur),
        "--reponse",
        str(fichier),
    ]
    with FileLock(classeur.parent / ".cpomdocs" / "verrou"):
        lance = subprocess.Popen(commande)
        while not fichier.is_file() and lance.poll() is None:
            time.sleep(0.1)
        time.sleep(1)
        assert not fichier.with_name("reponse.txt.fin").exists()
    assert lance.wait(60) == 0
    assert Recue(fichier).message.startswith("2 documents à jour")


def test_seuls_les_documents_coches_sont_produits(classeur: Path, tmp_path: Path) -> None:
    cocher(classeur, "D9")
    assert cliquer("selection", classeur, tmp_path).message.startswith("1 document à jour")
    assert (classeur.parent / SECONDE).is_file() and not (classeur.parent / PREMIERE).exists()


@pytest.mark.parametrize("adresse", ["D6", "C6"])
def test_une_colonne_ou_tout_le_tableau_se_coche(classeur: Path, tmp_path: Path, adresse: str) -> None:
    cocher(classeur, adresse)
    assert cliquer("selection", classeur, tmp_path).message.startswith("2 documents à jour")


def test_une_ligne_se_coche(classeur: Path, tmp_path: Path) -> None:
    cocher(classeur, "C8")
    cliquer("selection", classeur, tmp_path)
    assert (classeur.parent / PREMIERE).is_file() and not (classeur.parent / SECONDE).exists()


@pytest.mark.parametrize("action", ["selection", "garder", "remplacer"])
def test_rien_de_coche_dit_quoi_faire(classeur: Path, tmp_path: Path, action: Action) -> None:
    recue = cliquer(action, classeur, tmp_path)
    assert recue.ton == "echec" and "Rien n’est coché" in recue.message and "« x »" in recue.message
    assert not (classeur.parent / "sorties").exists()


def test_garder_puis_remplacer_une_version_retouchee(classeur: Path, tmp_path: Path) -> None:
    document = classeur.parent / PREMIERE
    cliquer("generer", classeur, tmp_path)
    retoucher(document)
    ecrire(classeur, deux_etablissements("Les Charmes"))
    cocher(classeur, "D8")
    recue = cliquer("generer", classeur, tmp_path)
    assert recue.ton == "attention" and "1 modifié à la main" in recue.message
    assert recue.poses["Pilotage", 8, 5] == "modifié à la main"
    recue = cliquer("garder", classeur, tmp_path)
    assert recue.message.startswith("Versions gardées") and nom_ecrit(document) == "retouché"
    assert recue.poses["Pilotage", 8, 5] == "modifié à la main, gardé"
    assert "modifié" not in cliquer("generer", classeur, tmp_path).message
    recue = cliquer("remplacer", classeur, tmp_path)
    assert "sauvegardes" in recue.message and nom_ecrit(document) == "Les Charmes"


def test_preparer_pose_ce_que_la_commande_aurait_ajoute(classeur: Path, tmp_path: Path) -> None:
    """Les cellules posées dans le classeur ouvert donnent la même grille que `classeur preparer`."""
    avant = classeur.read_bytes()
    _, poses, _ = lignes_pretes.attendues(classeur.parent, classeur)
    assert classeur.read_bytes() == avant and poses
    livre = openpyxl.load_workbook(classeur, keep_vba=True)
    for pose in poses:
        livre[pose.feuille].cell(pose.ligne, pose.colonne, pose.valeur)
    livre.save(tmp_path / "pose.xlsm")
    donnees, _ = lire_classeur(classeur)
    preparer_classeur(classeur, donnees, [])
    pose, prepare = ouvrir_classeur(tmp_path / "pose.xlsm"), ouvrir_classeur(classeur)
    for feuille in ("Années", "Autorisations", "Activité", "Comptes"):
        lues = [[c for c in ligne if c != ""] for ligne in pose.grille(feuille).lignes[5:]]
        assert lues == [[c for c in ligne if c != ""] for ligne in prepare.grille(feuille).lignes[5:]]
    assert cliquer("preparer", classeur, tmp_path).message.startswith("Rien à ajouter")


def test_une_copie_a_cote_du_classeur_maitre_est_refusee(classeur: Path, tmp_path: Path) -> None:
    copie = classeur.with_name("Copie de classeur.xlsm")
    copie.write_bytes(classeur.read_bytes())
    recue = cliquer("generer", copie, tmp_path)
    assert (
        recue.ton == "echec" and "est une copie" in recue.message and "classeur-maitre.xlsm" in recue.message
    )
    assert not (classeur.parent / "sorties").exists()


def test_un_classeur_renomme_reste_celui_du_dossier(classeur: Path, tmp_path: Path) -> None:
    renomme = classeur.rename(classeur.with_name("Mon CPOM (été).xlsm"))
    assert cliquer("generer", renomme, tmp_path).message.startswith("2 documents à jour")


def test_un_classeur_hors_d_un_dossier_est_refuse(classeur: Path, tmp_path: Path) -> None:
    bureau = tmp_path / "Bureau"
    bureau.mkdir()
    perdu = bureau / "Mon CPOM.xlsm"
    perdu.write_bytes(classeur.read_bytes())
    recue = cliquer("generer", perdu, tmp_path)
    assert recue.ton == "echec" and "n’est pas dans un dossier cpomdocs" in recue.message
    assert sorted(bureau.iterdir()) == [perdu]


@pytest.mark.parametrize("action", get_args(Action))
def test_toute_action_repond_meme_sans_classeur(tmp_path: Path, action: Action) -> None:
    recue = cliquer(action, tmp_path / "classeur-maitre.xlsm", tmp_path)
    assert recue.ton == "echec" and recue.message


def test_l_adresse_onedrive_mene_a_la_copie_locale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = tmp_path / "OneDrive - Association" / "CPOM 2026" / "Été & co"
    classeur = poser_dossier(dossier)
    monkeypatch.setenv("OneDriveCommercial", str(tmp_path / "OneDrive - Association"))
    noter_le_jeton(classeur, "46000-1")
    adresse = (
        "https://association-my.sharepoint.com/personal/moi_association_fr/Documents/"
        "CPOM%202026/%C3%89t%C3%A9%20%26%20co/classeur-maitre.xlsm"
    )
    assert cliquer("generer", adresse, tmp_path, "46000-1").message.startswith("2 documents à jour")


def test_une_adresse_sans_copie_locale_dit_quoi_faire(tmp_path: Path) -> None:
    with pytest.raises(ErreurDossier) as refus:
        onedrive.chemin_local("https://d.docs.live.net/abc/CPOM/c.xlsm", [tmp_path], {})
    assert "OneDrive" in refus.value.message and "Explorateur" in refus.value.remede


def test_une_bibliotheque_partagee_se_retrouve_par_le_registre(tmp_path: Path) -> None:
    (tmp_path / "CPOM").mkdir()
    (tmp_path / "CPOM" / "c.xlsm").touch()
    site = "https://association.sharepoint.com/sites/Siege/Documents%20partages/"
    registre = RegistreFixe({rf"{ESPACES}\a": {"UrlNamespace": site, "MountPoint": str(tmp_path)}})
    espaces = onedrive.espaces_synchronises(registre)
    trouve = onedrive.chemin_local(f"{site}CPOM/c.xlsm", [], espaces)
    assert trouve == (tmp_path / "CPOM" / "c.xlsm").resolve()


def noter_le_jeton(classeur: Path, jeton: str) -> None:
    """Ce que la macro fait avant d’enregistrer sur OneDrive."""
    livre = openpyxl.load_workbook(classeur, keep_vba=True)
    page = livre["Poste"]
    ligne = next(rangee[0].row for rangee in page.iter_rows() if rangee[0].value == "jeton")
    page.cell(ligne, 2, jeton)
    livre.save(classeur)


def test_reparer_ne_touche_que_la_feuille_du_poste(classeur: Path) -> None:
    def parties() -> dict[str, bytes]:
        with zipfile.ZipFile(classeur) as archive:
            return {nom: archive.read(nom) for nom in archive.namelist()}

    avant = parties()
    machine = Machine("linux", Path("/home/moi"), {}, Path("/opt/l’outil & co/python"))
    assert reparer_dossier(classeur.parent, machine) == ["Les boutons lanceront : /opt/l’outil & co/python"]
    apres = parties()
    assert [nom for nom in avant if avant[nom] != apres[nom]] == [f"xl/worksheets/sheet{len(modules())}.xml"]
    assert list(avant) == list(apres)
    assert enregistrement.lire_poste(classeur).interpreteurs == (str(machine.python), sys.executable)
    assert reparer_dossier(classeur.parent, machine) == [
        "Les boutons lançaient déjà : " + str(machine.python)
    ]


def test_reparer_refuse_un_classeur_ouvert_ou_sans_boutons(classeur: Path, tmp_path: Path) -> None:
    machine = Machine("linux", Path("/home/moi"), {}, Path("/ailleurs/python"))
    (classeur.parent / "~$classeur-maitre.xlsm").touch()
    with pytest.raises(ErreurEcriture, match="ouvert"):
        reparer_dossier(classeur.parent, machine)
    from fabriques import poser_classeur

    poser_classeur(tmp_path / "autre", des_donnees(Etablissement(code="A")))
    with pytest.raises(ErreurCpomdocs, match="n’a pas de boutons"):
        reparer_dossier(tmp_path / "autre", machine)


def test_sur_un_mac_reparer_pose_le_script_d_excel(classeur: Path, tmp_path: Path) -> None:
    machine = Machine("darwin", tmp_path / "moi", {}, Path('/opt/Mon "Python"/python3'))
    assert len(reparer_dossier(classeur.parent, machine)) == 2
    scripts = tmp_path / "moi" / "Library" / "Application Scripts" / "com.microsoft.Excel"
    texte = (scripts / "cpomdocs.applescript").read_text(encoding="utf-8")
    assert 'property interpreteur : "/opt/Mon \\"Python\\"/python3"' in texte
    assert {geste for geste in ("lancer", "lire", "effacer") if f"on {geste}(" in texte} == {
        "lancer", "lire", "effacer",
    }  # fmt: skip


def test_windows_prend_l_interpreteur_sans_console(tmp_path: Path) -> None:
    (tmp_path / "pythonw.exe").touch()
    windows = Machine("win32", tmp_path, {}, tmp_path / "python.exe")
    assert windows.interpreteur == str(tmp_path / "pythonw.exe")
    assert Machine("linux", tmp_path, {}, tmp_path / "python3").interpreteur == str(tmp_path / "python3")


def constats(classeur: Path, cles: dict[str, dict[str, str | int]], systeme: str = "win32") -> dict[str, Any]:
    machine = Machine(systeme, classeur.parent, {}, Path(sys.executable))
    return {c.point: c for c in verifier_poste(classeur.parent, machine, RegistreFixe(cles))}


def test_un_poste_ordinaire_est_pret(classeur: Path) -> None:
    cles: dict[str, dict[str, str | int]] = {r"HKCR\Excel.Application\CurVer": {"": "Excel.Application.16"}}
    trouves = constats(classeur, cles)
    assert {c.etat for c in trouves.values()} <= {"bon", "attention"}
    assert trouves["Boutons"].etat == trouves["Écriture"].etat == trouves["Lancement"].etat == "bon"
    assert "Activer le contenu" in trouves["Macros"].constat


@pytest.mark.parametrize(
    ("cle", "nom", "valeur", "point", "attendu"),
    [
        (SECURITE, "VBAWarnings", 4, "Macros", "Paramètres des macros"),
        (STRATEGIE, "VBAWarnings", 3, "Macros", "informatique"),
        (
            r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules",
            "D4F940AB-401B-4EFC-AADC-AD5F3C50688A", "1", "Lancement depuis Excel", "exception",
        ),
    ],
)  # fmt: skip
def test_ce_qui_empeche_les_boutons_a_son_remede(
    classeur: Path, cle: str, nom: str, valeur: str | int, point: str, attendu: str
) -> None:
    constat = constats(classeur, {cle: {nom: valeur}})[point]
    assert constat.etat == "mauvais" and attendu in constat.remede


def test_un_emplacement_approuve_est_reconnu(classeur: Path) -> None:
    lieu = {"Path": str(classeur.parents[1]), "AllowSubfolders": 1}
    cle = rf"{SECURITE}\Trusted Locations\Location3"
    assert constats(classeur, {cle: lieu})["Emplacement approuvé"].etat == "bon"
    assert (
        constats(classeur, {cle: lieu | {"AllowSubfolders": 0}})["Emplacement approuvé"].etat == "attention"
    )


def test_une_autre_installation_se_repare(tmp_path: Path) -> None:
    classeur = poser_dossier(tmp_path / "cpom", python="/parti/python")
    constat = constats(classeur, {}, "linux")["Boutons"]
    assert constat.etat == "mauvais" and "poste reparer" in constat.remede
    reparer_dossier(classeur.parent)
    assert constats(classeur, {}, "linux")["Boutons"].etat == "bon"


def test_verifier_se_lit_et_s_imprime_en_json(classeur: Path) -> None:
    commande = [sys.executable, "-m", "cpomdocs", "poste", "verifier", str(classeur.parent)]
    lu = subprocess.run([*commande, "--json"], capture_output=True, text=True, timeout=120)
    points = {c["point"]: c["etat"] for c in json.loads(lu.stdout)}
    assert points["Python"] == points["Boutons"] == "bon"
    assert lu.returncode == (1 if "mauvais" in points.values() else 0)
