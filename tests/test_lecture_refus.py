"""Un classeur inutilisable est refusé en une phrase ; une feuille folle n’arrête pas le programme."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from classeurs import ETABLISSEMENTS, celles, un_classeur

from cpomdocs.erreurs import ErreurClasseur
from cpomdocs.lecture import lire_classeur
from cpomdocs.office.archive import lire_archive

HOSTILES = Path(__file__).parents[2] / "shared" / "reels" / "hostiles"


def _refus(chemin: Path) -> ErreurClasseur:
    with pytest.raises(ErreurClasseur) as erreur:
        lire_classeur(chemin)
    assert erreur.value.message.endswith(".")
    assert "\n" not in erreur.value.message
    assert erreur.value.remede
    return erreur.value


def test_un_fichier_absent_vide_coupe_ou_etranger_est_refuse(tmp_path: Path) -> None:
    _refus(tmp_path / "absent.xlsx")
    vide = tmp_path / "vide.xlsx"
    vide.write_bytes(b"")
    _refus(vide)
    coupe = tmp_path / "coupe.xlsx"
    octets = un_classeur(tmp_path, {"Établissements": ETABLISSEMENTS}).read_bytes()
    coupe.write_bytes(octets[: len(octets) // 2])
    _refus(coupe)
    ancien = tmp_path / "ancien.xlsx"
    ancien.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    assert ".xls" in _refus(ancien).message


def test_un_classeur_sans_feuille_connue_est_refuse(tmp_path: Path) -> None:
    erreur = _refus(un_classeur(tmp_path, {"Feuil1": [["bonjour"]]}))
    assert "classeur maître" in erreur.message


@pytest.mark.skipif(not HOSTILES.is_dir(), reason="les fichiers hostiles ne sont pas sur cette machine")
def test_les_fichiers_hostiles_sont_lus_ou_refuses_en_une_phrase() -> None:
    for chemin in sorted(HOSTILES.iterdir()):
        _refus(chemin)


def test_deux_cellules_aux_coins_opposes_sont_refusees_avant_d_etre_lues(tmp_path: Path) -> None:
    chemin = un_classeur(
        tmp_path, {"Établissements": ETABLISSEMENTS, "Activité": [["Établissement", "Année"]]}
    )
    livre = openpyxl.load_workbook(chemin)
    livre["Activité"]["XFD1048576"] = "loin"
    livre.save(chemin)
    dossier, anomalies = lire_classeur(chemin)
    (anomalie,) = celles(anomalies, "LC-02")
    assert "démesurée" in anomalie.message
    assert len(dossier.etablissements) == 2


@pytest.mark.parametrize(
    "loin",
    [
        b"<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
        b'<row r="1048576"><c r = "xfd1048576"><v>1</v></c></row>',
        b'<row r="900000">' + b"<c><v>1</v></c>" * 9 + b"</row>",
    ],
)
def test_aucune_ecriture_d_une_adresse_lointaine_ne_passe_la_garde(tmp_path: Path, loin: bytes) -> None:
    chemin = un_classeur(tmp_path, {"Établissements": ETABLISSEMENTS, "Activité": [["Établissement"] * 40]})
    archive = lire_archive(chemin)
    partie = "xl/worksheets/sheet2.xml"
    octets = archive.lire(partie).replace(b"</sheetData>", loin + b"</sheetData>")
    chemin.write_bytes(archive.recomposer({partie: octets}))
    _, anomalies = lire_classeur(chemin)
    assert [a.champ for a in celles(anomalies, "LC-02")] == ["activite"]


def test_une_cellule_mise_en_forme_tres_loin_ne_rend_pas_la_feuille_demesuree(tmp_path: Path) -> None:
    chemin = un_classeur(tmp_path, {"Établissements": ETABLISSEMENTS})
    livre = openpyxl.load_workbook(chemin)
    livre["Établissements"]["XFD1048576"].number_format = "0.00"
    livre.save(chemin)
    dossier, _ = lire_classeur(chemin)
    assert len(dossier.etablissements) == 2
