"""Les formulaires livrés : correspondance lisible, champs connus, cases à remplir, gabarits reproductibles.

Les gabarits sont relus par openpyxl et python-docx, sans le code qui les remplit.
"""

from __future__ import annotations

import hashlib
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook

from cpomdocs.formulaires.correspondance import LIBELLE, Correspondance, Placement, lire_correspondance
from cpomdocs.modeles.chemins import lire_chemin, verifier
from cpomdocs.nomenclatures import nomenclature

RACINE = Path(__file__).parents[1]
GABARITS = RACINE / "gabarits"
REPERTOIRES = sorted(r.name for r in GABARITS.iterdir() if r.is_dir())
EXCEL = ("annexe-activite", "eprd-simplifie", "tableau-effectifs")
WORD = ("fiche-signaletique", "trame-diagnostic")

_LISTES_X14 = "{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"


@cache
def correspondance(nom: str) -> Correspondance:
    return lire_correspondance(GABARITS / nom / "correspondance.toml")


def gabarit(nom: str) -> Path:
    return GABARITS / nom / correspondance(nom).formulaire.gabarit


@cache
def classeur(nom: str) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # openpyxl annonce les extensions qu’il ne lit pas
        return openpyxl.load_workbook(gabarit(nom))


def croiser(axe: dict[str, dict[str, str | int]]) -> dict[str, dict[str, str]]:
    adresses: dict[str, dict[str, str]] = {}
    for cle, valeurs in axe.items():
        for adresse, valeur in valeurs.items():
            adresses.setdefault(adresse, {})[cle] = str(valeur)
    return adresses


def placements(nom: str) -> Iterator[tuple[str, str, Placement]]:
    """(support, case, placement) de toutes les cases : `cases`, grilles dépliées, lignes des tableaux."""
    lue = correspondance(nom)
    for adresse, ecrit in lue.cases.items():
        yield "", adresse, ecrit if isinstance(ecrit, Placement) else Placement(champ=ecrit)
    for grille in (g for g in lue.grilles if not g.comparer):
        for ligne, cles_ligne in croiser(grille.lignes).items():
            for colonne, cles_colonne in croiser(grille.colonnes).items():
                cles = cles_ligne | cles_colonne
                champ = cles.pop("champ", None)
                chemin = str(lire_chemin(grille.champ).avec(cles.items(), champ))
                support = grille.feuille or f"tableau:{grille.tableau}"
                yield support, f"{colonne}{ligne}", Placement(champ=chemin, valeurs=grille.valeurs)
    for tableau in lue.tableaux:
        source = lire_chemin(tableau.source)
        for rang in range(tableau.lignes):
            for colonne, ecrit in tableau.colonnes.items():
                pose = ecrit if isinstance(ecrit, Placement) else Placement(champ=ecrit)
                chemin = str(source.avec(champ=pose.champ))
                support = tableau.feuille or f"tableau:{tableau.tableau}"
                case = f"{colonne}{tableau.premiere_ligne + rang}"
                yield support, case, pose.model_copy(update={"champ": chemin})


def adresse(support: str, case: str) -> str:
    return f"{support}!{case}" if support else case


def test_six_formulaires_sont_livres() -> None:
    assert set(REPERTOIRES) >= {*EXCEL, *WORD, "contrat-cpom"}


@pytest.mark.parametrize("nom", REPERTOIRES)
def test_le_repertoire_est_complet_et_le_gabarit_intact(nom: str) -> None:
    repertoire, entete = GABARITS / nom, correspondance(nom).formulaire
    assert entete.nom == nom
    assert (repertoire / "LISEZMOI.md").is_file()
    premiere = (repertoire / "correspondance.toml").read_text(encoding="utf-8").splitlines()[0]
    assert premiere == "#:schema ../../schemas/correspondance.schema.json"
    assert entete.empreinte == f"sha256:{hashlib.sha256(gabarit(nom).read_bytes()).hexdigest()}"
    attendus = {"LISEZMOI.md", "correspondance.toml", gabarit(nom).name}
    attendus |= {"qualification.json"} if gabarit(nom).suffix == ".xlsx" else set()
    assert {p.name for p in repertoire.iterdir()} == attendus


@pytest.mark.parametrize("nom", REPERTOIRES)
def test_le_gabarit_dit_qu_il_est_fictif(nom: str) -> None:
    """Celui d’une autorité le dit lui-même ; un document interne, dans ce qui l’accompagne."""
    if correspondance(nom).formulaire.autorite == "Document interne":
        accompagnement = (GABARITS / nom / "LISEZMOI.md").read_text(encoding="utf-8").lower()
        assert "document interne" in accompagnement and "adapter" in accompagnement
        return
    if gabarit(nom).suffix == ".xlsx":
        premiere = classeur(nom).worksheets[0]
        textes = [str(c.value) for ligne in premiere.iter_rows() for c in ligne if c.value]
    else:
        textes = [p.text for p in _paragraphes(docx.Document(str(gabarit(nom))))]
    assert any("fictif" in t.lower() and "pas un document officiel" in t for t in textes)


@pytest.mark.parametrize("nom", REPERTOIRES)
def test_chaque_champ_existe_dans_les_modeles(nom: str) -> None:
    lue = correspondance(nom)
    portee = lue.formulaire.portee
    for champ in {p.champ for _, _, p in placements(nom)} | set(lue.formulaire.pour):
        assert verifier(lire_chemin(champ), portee) is not None, champ


@pytest.mark.parametrize("nom", REPERTOIRES)
def test_aucune_case_n_est_demandee_deux_fois(nom: str) -> None:
    compte = Counter(adresse(support, case) for support, case, _ in placements(nom))
    assert [case for case, fois in compte.items() if fois > 1] == []


@pytest.mark.parametrize("nom", REPERTOIRES)
def test_les_traductions_partent_de_codes_connus(nom: str) -> None:
    """Chaque mot part d’un code de la nomenclature du champ ; les cadres Excel les traduisent tous."""
    lue = correspondance(nom)
    for _, _, placement in placements(nom):
        if placement.valeurs in (None, LIBELLE):
            continue
        info = verifier(lire_chemin(placement.champ), lue.formulaire.portee)
        assert info is not None
        codes = {"oui", "non"} if info.nature.nom == "booleen" else set(nomenclature(info.liste or ""))
        traduits = set(lue.formulaire.valeurs[placement.valeurs])
        assert traduits - codes == set(), placement.champ
        if nom in EXCEL:
            assert codes - traduits == set(), placement.champ


@pytest.mark.parametrize("nom", EXCEL)
def test_les_cases_excel_sont_vides_deverrouillees_et_sans_formule(nom: str) -> None:
    fautives = []
    for support, case, _ in placements(nom):
        feuille, _, cellule = adresse(support, case).rpartition("!")
        trouvee = classeur(nom)[feuille][cellule]
        # Une cellule intérieure d’une fusion n’est pas une Cell : on ne remplit que la première.
        if not isinstance(trouvee, Cell) or trouvee.value is not None or trouvee.protection.locked:
            fautives.append(f"{feuille}!{cellule}")
    assert fautives == []


@pytest.mark.parametrize("nom", EXCEL)
def test_les_mots_traduits_sont_dans_la_liste_deroulante(nom: str) -> None:
    """Les listes de la feuille cachée contiennent tous les mots des traductions."""
    listes = classeur(nom)["Listes"]
    assert listes.sheet_state == "hidden"
    mots = {str(c.value) for ligne in listes.iter_rows(min_row=2) for c in ligne if c.value is not None}
    for traduction in correspondance(nom).formulaire.valeurs.values():
        assert set(traduction.values()) <= mots


@pytest.mark.parametrize("nom", EXCEL)
def test_les_cadres_excel_ont_les_pieges_des_vrais(nom: str) -> None:
    with zipfile.ZipFile(gabarit(nom)) as archive:
        noms = archive.namelist()
        feuilles = {n: archive.read(n).decode() for n in noms if n.startswith("xl/worksheets/sheet")}
        dessins = "".join(archive.read(n).decode() for n in noms if n.startswith("xl/drawings/drawing"))
        classeur_xml = archive.read("xl/workbook.xml").decode()
    assert all('algorithmName="SHA-512"' in xml for xml in feuilles.values())
    assert any(_LISTES_X14 in xml for xml in feuilles.values())
    internes = [f for xml in feuilles.values() for f in re.findall("<formula1>(.*?)</formula1>", xml)]
    assert not any("Listes!" in formule for formule in internes)
    assert any("<conditionalFormatting" in xml for xml in feuilles.values())
    assert any("<protectedRanges>" in xml for xml in feuilles.values())
    assert any('hidden="1"' in xml.partition("<sheetData")[0] for xml in feuilles.values())
    assert any("<mergeCells" in xml for xml in feuilles.values())
    assert "<xdr:pic>" in dessins and "<xdr:sp " in dessins
    assert "<definedName" in classeur_xml and 'lockStructure="1"' in classeur_xml
    assert any(n.startswith("xl/comments") for n in noms)
    assert any(n.startswith("xl/media/") for n in noms)
    assert any(n.startswith("xl/charts/") for n in noms) or nom == "annexe-activite"


@pytest.mark.parametrize("nom", WORD)
def test_les_cases_word_existent(nom: str) -> None:
    document = docx.Document(str(gabarit(nom)))
    controles, signets = _controles(nom), _signets(document)
    textes = [_espaces(p.text) for p in _paragraphes(document)]
    absentes = []
    for support, case, _ in placements(nom):
        ecrite = adresse(support, case)
        genre, _, cible = ecrite.partition(":")
        if genre == "controle":
            existe = cible in controles
        elif genre == "signet":
            existe = cible in signets
        elif genre == "tableau":
            existe = _cellule_existe(document, cible)
        else:
            existe = any(_espaces(cible.partition("#")[0]) in texte for texte in textes)
        if not existe:
            absentes.append(ecrite)
    assert absentes == []


def test_les_gabarits_excel_se_reconstruisent_a_l_identique(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(RACINE))
    from outils.gabarits.excel.__main__ import construire_tous

    premiers, seconds = construire_tous(tmp_path / "a"), construire_tous(tmp_path / "b")
    assert [c.read_bytes() for c in premiers] == [c.read_bytes() for c in seconds]
    for chemin in premiers:
        assert _membres(chemin) == _membres(GABARITS / chemin.parent.name / chemin.name)


def test_les_gabarits_word_se_reconstruisent_a_l_identique(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(RACINE))
    from outils.gabarits.word.__main__ import construire_tous

    premiers, seconds = construire_tous(tmp_path / "a"), construire_tous(tmp_path / "b")
    assert [c.read_bytes() for c in premiers] == [c.read_bytes() for c in seconds]
    for chemin in premiers:
        assert _membres(chemin) == _membres(GABARITS / chemin.parent.name / chemin.name)


def _membres(chemin: Path) -> dict[str, bytes]:
    """Les membres du zip, décompressés : la compression peut changer d’une version de zlib à l’autre."""
    with zipfile.ZipFile(chemin) as archive:
        return {nom: archive.read(nom) for nom in archive.namelist()}


def _espaces(texte: str) -> str:
    """Le texte, toutes ses espaces, insécables comprises, ramenées à une."""
    return " ".join(texte.split())


def _paragraphes(document: Document) -> list[docx.text.paragraph.Paragraph]:
    """Tous les paragraphes du corps, des tableaux, des en-têtes et des pieds."""
    racines = [document.element.body]
    for section in document.sections:
        racines += [section.header._element, section.footer._element]
    return [docx.text.paragraph.Paragraph(p, document._body) for r in racines for p in r.iter(qn("w:p"))]


def _controles(nom: str) -> set[str]:
    """Balises et titres des contrôles de contenu, dans toutes les parties."""
    trouves: set[str] = set()
    with zipfile.ZipFile(gabarit(nom)) as archive:
        for membre in archive.namelist():
            if membre.startswith("word/") and membre.endswith(".xml"):
                racine = docx.oxml.parse_xml(archive.read(membre))
                for balise in ("w:tag", "w:alias"):
                    trouves |= {e.get(qn("w:val")) for e in racine.iter(qn(balise))}
    return trouves


def _signets(document: Document) -> set[str]:
    return {e.get(qn("w:name")) for e in document.element.body.iter(qn("w:bookmarkStart"))}


def _cellule_existe(document: Document, cible: str) -> bool:
    """`3!B4` : le troisième tableau du corps a-t-il une quatrième ligne et une deuxième colonne ?"""
    numero, _, cellule = cible.partition("!")
    colonne = "".join(c for c in cellule if c.isalpha())
    ligne = int(cellule[len(colonne) :])
    rang = 0
    for lettre in colonne:
        rang = rang * 26 + ord(lettre) - 64
    tableaux = document.tables
    if int(numero) > len(tableaux):
        return False
    tableau = tableaux[int(numero) - 1]
    return ligne <= len(tableau.rows) and rang <= len(tableau.columns)
