"""La recette : la démonstration entière, comme une personne s’en sert, jugée par d’autres programmes."""

import json
import re
import shutil
import zipfile
from collections import Counter
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from fabriques import RACINE, REELS, convertir, exige_les_reels, exige_libreoffice, poser_formulaire
from test_cli import cpomdocs

from cpomdocs.lecture import lire_classeur

pytestmark = pytest.mark.filterwarnings("ignore:.*is not supported and will be removed:UserWarning")
ETABLISSEMENTS = {"EHPAD", "IME", "ESAT", "MAS", "SAVS"}
SIGNES = {
    "listes": rb"<(?:\w+:)?dataValidation ",
    "formats conditionnels": rb"<(?:\w+:)?cfRule ",
    "protections": rb"<sheetProtection ",
    "plages protégées": rb"<protectedRange ",
    "formules": rb"<f[ >]",
    "fusions": rb"<mergeCell ",
    "dessins": rb"<(?:drawing|legacyDrawing) ",
    "colonnes masquées": rb"<col [^>]*hidden=",
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    dossier = tmp_path_factory.mktemp("recette") / "cpom-demo"
    fait = cpomdocs("demo", dossier, "--json")
    assert fait.returncode == 0, fait.stderr
    documents = json.loads(fait.stdout)["documents"]
    assert {d["statut"] for d in documents} == {"cree"}
    imposes = [d for d in documents if not d["formulaire"].startswith("methode-")]
    assert len(imposes) == 26
    livres = {r.name for r in (RACINE / "gabarits").iterdir() if r.is_dir()}
    assert {d["formulaire"] for d in documents} == livres
    return dossier


@pytest.fixture
def copie(demo: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(demo, tmp_path / "cpom"))


def classeurs(demo: Path) -> list[tuple[Path, Path]]:
    """Chaque document Excel de la démonstration et son gabarit."""
    couples = []
    for nom in ("annexe-activite", "eprd-simplifie", "tableau-effectifs"):
        gabarit = next((RACINE / "gabarits" / nom).glob("*.xlsx"))
        couples += [(document, gabarit) for document in sorted((demo / "sorties").rglob(f"*_{nom}.xlsx"))]
    return couples


def test_chaque_etablissement_a_ses_documents(demo: Path) -> None:
    assert {p.name for p in (demo / "sorties").iterdir()} == ETABLISSEMENTS | {
        "gestionnaire",
        "controle.xlsx",
    }
    assert len(classeurs(demo)) == 15


def test_la_relance_ne_change_pas_un_octet(copie: Path) -> None:
    avant = {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in (copie / "sorties").rglob("*") if p.is_file()}
    rapport = json.loads(cpomdocs("generer", copie, "--json").stdout)
    assert {d["statut"] for d in rapport["documents"]} == {"inchange"}
    apres = {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in (copie / "sorties").rglob("*") if p.is_file()}
    assert apres == avant


def test_une_cellule_change_exactement_les_documents_qui_la_montrent(copie: Path) -> None:
    """Le téléphone de l’IME ne figure que sur sa fiche signalétique."""
    remplacer(copie, "Établissements", "IME", "Téléphone", "05 00 00 00 00")
    rapport = json.loads(cpomdocs("generer", copie, "--json").stdout)
    assert [d["cle"] for d in rapport["documents"] if d["statut"] != "inchange"] == ["fiche-signaletique/IME"]


@exige_libreoffice
def test_le_classeur_enregistre_par_libreoffice_donne_les_memes_documents(
    copie: Path, tmp_path: Path
) -> None:
    sortie = tmp_path / "lo"
    sortie.mkdir()
    nouveau = convertir(copie / "classeur-maitre.xlsm", "xlsm:Calc MS Excel 2007 VBA XML", sortie)
    shutil.copy(nouveau, copie / "classeur-maitre.xlsm")
    rapport = json.loads(cpomdocs("generer", copie, "--json").stdout)
    assert {d["statut"] for d in rapport["documents"]} == {"inchange"}


def test_une_donnee_obligatoire_videe_est_nommee(copie: Path) -> None:
    adresse = remplacer(copie, "Établissements", "ESAT", "FINESS établissement", None)
    fait = cpomdocs("controler", copie, "--json")
    sources = [
        s for a in json.loads(fait.stdout)["anomalies"] if a["gravite"] == "bloquante" for s in a["sources"]
    ]
    assert {"feuille": "Établissements", "cellule": adresse} in sources
    assert fait.returncode == 1
    rapport = json.loads(cpomdocs("generer", copie, "--json").stdout)
    assert not [d for d in rapport["documents"] if d["statut"] == "erreur"]


def test_une_formule_du_cadre_qui_s_ecarte_du_modele_est_dite(copie: Path) -> None:
    """Le cadre calcule sur ce qu’on y a mis ; ici, une ligne de moins dans la grille lui cache une charge."""
    pytest.importorskip("formulon", reason="le moteur de calcul n’est pas installé")
    correspondance = copie / "gabarits/eprd-simplifie/correspondance.toml"
    texte = correspondance.read_text(encoding="utf-8")
    assert '19 = "64"' in texte
    correspondance.write_text(texte.replace('19 = "64"\n', ""), encoding="utf-8")
    rapport = json.loads(cpomdocs("generer", copie, "-e", "IME", "-f", "eprd-simplifie", "--json").stdout)
    ecarts = {a["champ"].rpartition(".")[2] for a in rapport["anomalies"] if a["code"] == "RC-04"}
    assert {"charges_groupe_2", "total_charges", "resultat"} <= ecarts
    assert "produits_groupe_1" not in ecarts


def test_rien_du_gabarit_excel_n_est_perdu(demo: Path) -> None:
    for document, gabarit in classeurs(demo):
        avant, apres = lire_parties(gabarit), lire_parties(document)
        assert list(avant) == list(apres)
        changees = {nom for nom in avant if avant[nom] != apres[nom]}
        assert all(nom.startswith("xl/worksheets/sheet") or nom == "xl/workbook.xml" for nom in changees)
        for nom in changees:
            for signe, motif in SIGNES.items():
                compte = (len(re.findall(motif, avant[nom])), len(re.findall(motif, apres[nom])))
                assert compte[0] == compte[1], f"{document.name}, {nom}, {signe}"


def test_les_exemples_sont_aussi_retors_que_les_vrais() -> None:
    """x14, protections, formats conditionnels, dessins, graphique : les gabarits livrés en ont."""
    reunis: Counter[str] = Counter()
    for nom in ("annexe-activite", "eprd-simplifie", "tableau-effectifs"):
        parties = lire_parties(next((RACINE / "gabarits" / nom).glob("*.xlsx")))
        feuilles = b"".join(o for n, o in parties.items() if n.startswith("xl/worksheets/sheet"))
        reunis.update({signe: len(re.findall(motif, feuilles)) for signe, motif in SIGNES.items()})
        reunis["x14"] += feuilles.count(b"<x14:dataValidation ")
        reunis["graphiques"] += sum(n.startswith("xl/charts/chart") for n in parties)
    assert not [signe for signe, nombre in reunis.items() if nombre == 0]


def test_sans_recalcul_aucun_resultat_de_formule_ne_reste(copie: Path) -> None:
    fait = cpomdocs("generer", copie, "--sans-recalcul", "--json")
    assert fait.returncode in (0, 1), fait.stderr
    for document, _ in classeurs(copie):
        parties = lire_parties(document)
        assert re.search(rb'<calcPr[^>]*fullCalcOnLoad="1"', parties["xl/workbook.xml"])
        for nom, octets in parties.items():
            if nom.startswith("xl/worksheets/sheet"):
                calculees = [c for c in re.findall(rb"<c [^>]*>.*?</c>", octets, re.DOTALL) if b"<f" in c]
                assert not [c for c in calculees if b"<v" in c], f"{document.name}, {nom}"


@exige_libreoffice
def test_les_totaux_poses_sont_ceux_que_libreoffice_recalcule(demo: Path, tmp_path: Path) -> None:
    pytest.importorskip("formulon", reason="le moteur de calcul n’est pas installé")
    for nom in ("annexe-activite", "eprd-simplifie", "tableau-effectifs"):
        document = next((demo / "sorties/EHPAD").glob(f"*_{nom}.xlsx"))
        recalcule = openpyxl.load_workbook(
            convertir(document, "xlsx:Calc MS Excel 2007 XML", tmp_path), data_only=True
        )
        formules, poses = openpyxl.load_workbook(document), openpyxl.load_workbook(document, data_only=True)
        calculees = [
            (page.title, c.coordinate)
            for page in formules
            for r in page.iter_rows()
            for c in r
            if c.data_type == "f"
        ]
        assert len(calculees) > 100
        ecarts = [
            (feuille, adresse, pose, attendu)
            for feuille, adresse in calculees
            if not equivalents(
                pose := poses[feuille][adresse].value, attendu := recalcule[feuille][adresse].value
            )
        ]
        assert ecarts == []


def equivalents(pose: object, attendu: object) -> bool:
    """Le même résultat, aux derniers chiffres près ; un texte vide et une cellule vide se valent."""
    if isinstance(pose, int | float) and isinstance(attendu, int | float):
        return pose == pytest.approx(attendu, rel=1e-9, abs=1e-9)
    return (pose or None) == (attendu or None)


@exige_libreoffice
def test_libreoffice_recalcule_les_totaux_des_modeles(demo: Path, tmp_path: Path) -> None:
    dossier, _ = lire_classeur(demo / "classeur-maitre.xlsm")
    document = next((demo / "sorties/EHPAD").glob("*_eprd-simplifie.xlsx"))
    recalcule = convertir(document, "xlsx:Calc MS Excel 2007 XML", tmp_path)
    page = openpyxl.load_workbook(recalcule, data_only=True)["CRP"]
    nombres = {
        Decimal(str(round(c.value, 2)))
        for r in page.iter_rows()
        for c in r
        if isinstance(c.value, float | int)
    }
    attendues = [
        getattr(ligne, champ)
        for ligne in dossier.lignes("comptes_synthese", "EHPAD")
        if (ligne.annee, ligne.version) in {(2024, "reel"), (2025, "reel"), (2026, "previsionnel")}
        for champ in (
            "charges_groupe_1",
            "charges_groupe_2",
            "charges_groupe_3",
            "total_charges",
            "total_produits",
        )
    ]
    assert len(attendues) == 15
    assert not [valeur for valeur in attendues if round(valeur, 2) not in nombres]


@exige_libreoffice
def test_tous_les_documents_s_ouvrent_dans_libreoffice(demo: Path, tmp_path: Path) -> None:
    documents = [p for p in (demo / "sorties").rglob("*.*") if p.parent.name in ("MAS", "gestionnaire")]
    for document in documents:
        pdf = convertir(document, "pdf", tmp_path)
        assert pdf.read_bytes()[:5] == b"%PDF-"


@exige_les_reels
def test_un_formulaire_reel_sans_une_ligne_de_python(copie: Path) -> None:
    gabarit = next((REELS / "excel").glob("07-Fiche_de_parametrage_OFII*.xlsx"))
    suite = """
[cases]
"Feuil1!F6"  = "etablissement.nom"
"Feuil1!F7"  = "gestionnaire.raison_sociale"
"Feuil1!F8"  = "etablissement.code"
"Feuil1!F9"  = "etablissement.capacite_autorisee"
"Feuil1!F11" = "etablissement.adresse_complete"
"Feuil1!F22" = "etablissement.date_ouverture"
"Feuil1!F26" = "etablissement.directeur"
"Feuil1!F28" = "etablissement.tel"
"Feuil1!F29" = "etablissement.courriel"
"""
    poser_formulaire(
        copie, "ofii", suite, gabarit.read_bytes(), fichier=gabarit.name, sortie='"{code}_ofii.xlsx"',
        pour='{ "etablissement.code" = ["EHPAD", "SAVS"] }',
    )  # fmt: skip
    fait = cpomdocs("generer", copie, "--formulaire", "ofii", "--json")
    rapport = json.loads(fait.stdout)
    assert {d["cle"]: d["statut"] for d in rapport["documents"]} == {
        "ofii/EHPAD": "cree",
        "ofii/SAVS": "cree",
    }
    dossier, _ = lire_classeur(copie / "classeur-maitre.xlsm")
    for code in ("EHPAD", "SAVS"):
        document = copie / "sorties" / code / f"{code}_ofii.xlsx"
        page = openpyxl.load_workbook(document)["Feuil1"]
        etablissement = dossier.etablissement(code)
        assert [page[a].value for a in ("F6", "F8", "F9")] == [
            etablissement.nom, code, etablissement.capacite_autorisee,
        ]  # fmt: skip
        assert page["F22"].value == f"{etablissement.date_ouverture:%d/%m/%Y}"  # case sans format de date
        avant, apres = lire_parties(gabarit), lire_parties(document)
        assert [n for n in avant if avant[n] != apres[n]] == ["xl/worksheets/sheet1.xml"]


def lire_parties(fichier: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(fichier) as archive:
        return {nom: archive.read(nom) for nom in archive.namelist()}


def remplacer(dossier: Path, feuille: str, code: str, colonne: str, valeur: object) -> str:
    """Change une cellule avec openpyxl ; rend son adresse."""
    chemin = dossier / "classeur-maitre.xlsm"
    livre = openpyxl.load_workbook(chemin)
    page = livre[feuille]
    entetes = {
        str(c.value).rstrip(" *"): c.column_letter
        for rangee in page.iter_rows(max_row=12)
        for c in rangee
        if c.value
    }
    ligne = next(r[0].row for r in page.iter_rows(min_row=5) if any(c.value == code for c in r[:3]))
    adresse = f"{entetes[colonne]}{ligne}"
    page[adresse] = valeur
    livre.save(chemin)
    return adresse
