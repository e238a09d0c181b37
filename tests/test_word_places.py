"""Relever toutes les places d’un formulaire : formulaires fabriqués, fichiers réels, commande."""

import datetime
import io
import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest
from fabrique_word import COCHE, champ, controle, docx, p, r, saisie, tableau
from formulaire_word import LOGO, saisie_pour
from openpyxl.styles import Protection

from cpomdocs import cli
from cpomdocs.certificat.word import certifier
from cpomdocs.formulaires.cases import lister_cases
from cpomdocs.remplissage import excel, excel_places
from cpomdocs.remplissage.word import preparer, remplir
from cpomdocs.remplissage.word.places import places

REELS = Path(__file__).parents[2] / "shared" / "reels" / "word"
RELEVES = Path(__file__).parent / "places_word"
FICHIERS = sorted(REELS.glob("*.do?x")) if REELS.is_dir() else []
BALISES = "Foyer-template.docx"
LISTE = '<w:dropDownList><w:listItem w:displayText="Public" w:value="1"/></w:dropDownList>'


def relever(gabarit):
    return [(x.genre, str(x.case), x.libelle) for x in places(preparer(gabarit))]


def test_chaque_genre_de_place_avec_l_adresse_qui_la_designe():
    gabarit = docx(
        p(r("Nom : ……………  Ville : "))
        + tableau(["N° FINESS", ""], ["Année", "2025"])
        + p(r("Statut "), controle("statut", LISTE, invite=True))
        + p(r("Habilité : ☐ Oui ☐ Non"))
        + p(r("Sexe : ☐ F ☐ M"))
        + p(champ("T1", "FORMTEXT", resultat=r("  ")))
        + p(r("Fait à "), '<w:bookmarkStart w:id="1" w:name="lieu"/><w:bookmarkEnd w:id="1"/>'),
    )
    assert relever(gabarit) == [
        ("blanc", "libelle:Nom", "Nom"),
        ("blanc", "libelle:Ville", "Ville"),
        ("cellule", "libelle:N° FINESS", "N° FINESS"),
        ("liste", "controle:statut", "Statut"),
        ("case à cocher", "coche:Oui", "Habilité : Oui"),
        ("case à cocher", "coche:Non", "Habilité : Non"),
        ("case à cocher", "coche:F", "Sexe : F"),
        ("case à cocher", "coche:M", "Sexe : M"),
        ("texte", "champ:T1", "T1"),
        ("signet", "signet:lieu", "Fait à"),
    ]


def test_les_cellules_d_une_matrice_par_leur_ligne_et_leur_colonne():
    gabarit = docx(tableau(["Modalité", "N-1", "N"], ["Internat", "", ""], ["Externat", "", "12"]))
    assert relever(gabarit) == [
        ("cellule", "libelle:Internat", "Internat"),
        ("cellule", "tableau:1!C2", "Internat · N"),
        ("cellule", "libelle:Externat", "Externat"),
    ]


def test_noms_repetes_et_controles_sans_nom_se_designent_par_leur_rang():
    gabarit = docx(
        p(r("Un titre"))
        + controle("texte", "", p(r("à compléter")))
        + p(r("Un autre"))
        + controle("texte", "", p(r("à compléter")))
        + p(controle("", "<w:text/>", r("ici")))
        + p(champ("", "FORMTEXT", resultat=r("  ")), champ("", "FORMTEXT", resultat=r("  ")))
    )
    cases = [case for _, case, _ in relever(gabarit)]
    assert cases == ["controle:texte#1", "controle:texte#2", "controle:#3", "champ:#1", "champ:#2"]
    saisies = [saisie(case, f"v{rang}") for rang, case in enumerate(cases)]
    rempli = remplir(preparer(gabarit), saisies)
    assert not rempli.refus
    assert certifier(gabarit, rempli.octets, saisies) == []
    assert certifier(gabarit, rempli.octets, saisies[1:]) != []


def test_une_ligne_supprimee_en_suivi_ne_se_remplit_pas():
    supprimee = '<w:tr><w:trPr><w:del w:id="1"/></w:trPr><w:tc><w:p/></w:tc><w:tc><w:p/></w:tc></w:tr>'
    gabarit = docx(f"<w:tbl><w:tblPr/><w:tblGrid/>{supprimee}</w:tbl>")
    (refus,) = remplir(preparer(gabarit), [saisie("tableau:1!A1", "x")]).refus
    assert refus.code == "RW-03"


# Fichiers réels : chaque relevé de `places_word` a été comparé à l’image de son document.


@pytest.mark.skipif(not FICHIERS, reason="fichiers réels absents")
@pytest.mark.parametrize("chemin", FICHIERS, ids=lambda c: c.stem[:20])
def test_places_des_fichiers_reels(chemin):
    releve = [" | ".join(place) for place in relever(chemin.read_bytes())]
    assert releve == (RELEVES / f"{chemin.stem}.txt").read_text(encoding="utf-8").splitlines()


def valeur_pour(place):
    if place.genre == "case à cocher":
        return True
    if place.genre == "date":
        return datetime.date(2026, 3, 31)
    if place.genre == "image":
        return LOGO
    return place.choix[0] if place.choix else "Les Tilleuls & Cie « été »"


@pytest.mark.skipif(
    not FICHIERS or shutil.which("soffice") is None, reason="fichiers réels ou LibreOffice absents"
)
def test_toutes_les_places_des_fichiers_reels_se_remplissent_et_s_ouvrent(tmp_path):
    for chemin in FICHIERS:
        gabarit = chemin.read_bytes()
        prepare = preparer(gabarit)
        trouvees = [place for place in places(prepare) if place.genre != "liste" or place.choix]
        saisies = [saisie_pour(str(place.case), valeur_pour(place)) for place in trouvees]
        rempli = remplir(prepare, saisies)
        assert not rempli.refus, rempli.refus
        assert certifier(gabarit, rempli.octets, rempli.ecrites) == [], chemin.name
        (tmp_path / chemin.name).write_bytes(rempli.octets)
        assert remplir(prepare, []).octets == gabarit
    profil = f"-env:UserInstallation=file://{tmp_path}/profil"
    noms = [chemin.name for chemin in FICHIERS]
    subprocess.run(
        ["soffice", profil, "--headless", "--convert-to", "pdf", *noms],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=180,
    )
    assert all((tmp_path / nom).with_suffix(".pdf").stat().st_size > 1000 for nom in noms)


# Excel, et la commande


def classeur(protege):
    livre = openpyxl.Workbook()
    feuille = livre.active
    feuille.title = "Garde"
    feuille["A1"], feuille["A2"], feuille["A3"], feuille["C1"] = "Nom", "Année", "=1+1", "N"
    for adresse in ("B1", "C2"):
        feuille[adresse].number_format = "0"
    for adresse in ("B2", "B5"):
        feuille[adresse].protection = Protection(locked=False)
    feuille["B5"] = 2026
    feuille.protection.sheet = protege
    return livre


@pytest.mark.parametrize(
    ("protege", "attendues"),
    [
        (False, [("Garde!B1", "Nom"), ("Garde!B2", "Année"), ("Garde!C2", "Année · N")]),
        (True, [("Garde!B2", "Année"), ("Garde!B5", "")]),
    ],
)
def test_places_d_une_feuille_excel(tmp_path, protege, attendues):
    fichier = tmp_path / "f.xlsx"
    classeur(protege).save(fichier)
    relevees = excel_places.places(excel.preparer(fichier.read_bytes()))
    assert [(str(x.case), x.libelle) for x in relevees] == attendues


def test_les_cases_d_un_formulaire_livre_et_leurs_champs(capsys):
    assert cli.executer(["formulaire", "lister", "--cases", "fiche-signaletique", "--json", "."]) == 0
    cases = {c["case"]: c for c in json.loads(capsys.readouterr().out)["cases"]}
    assert cases["controle:gest_siren"]["champs"] == ["gestionnaire.siren"]
    assert cases["controle:gest_siren"]["libelle"] == "SIREN"
    assert cases["libelle:Numéro de dossier"]["champs"] == []
    assert not any(c["obstacle"] for c in cases.values())


def test_les_cases_d_un_fichier_sans_correspondance(tmp_path, capsys):
    fichier = tmp_path / "recu.docx"
    fichier.write_bytes(docx(p(r("Nom : ………")) + p(controle("c", COCHE, r("☐")))))
    relevees = lister_cases(str(fichier), tmp_path)
    assert [c.case for c in relevees.cases] == ["libelle:Nom", "controle:c"]
    assert cli.executer(["formulaire", "lister", "--cases", str(fichier), "."]) == 0
    assert "2 places dans « recu.docx »" in capsys.readouterr().out


def test_le_lien_de_publipostage_est_garde_et_dit(tmp_path, capsys):
    gabarit = docx(
        p(r("Nom : ………")), reglages="<w:mailMerge><w:mainDocumentType w:val='formLetters'/></w:mailMerge>"
    )
    fichier = tmp_path / "recu.docx"
    fichier.write_bytes(gabarit)
    assert cli.executer(["formulaire", "lister", "--cases", str(fichier), "."]) == 0
    assert "publipostage" in capsys.readouterr().out
    rempli = remplir(preparer(gabarit), [saisie("libelle:Nom", "x")]).octets
    reglages = [zipfile.ZipFile(io.BytesIO(o)).read("word/settings.xml") for o in (gabarit, rempli)]
    assert reglages[0] == reglages[1]


def test_un_formulaire_inconnu(capsys):
    assert cli.executer(["formulaire", "lister", "--cases", "absent", "."]) == 2
    assert "annexe-activite" in capsys.readouterr().err
