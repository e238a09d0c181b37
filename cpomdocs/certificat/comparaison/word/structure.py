"""La structure d’un document Word : contrôles, champs, signets, tableaux, protection, révisions, objets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

from cpomdocs.certificat.comparaison.constats import Constat
from cpomdocs.certificat.word.lecture import MC, W14, Element, W, cellules_de, lignes_de, lire_cadre
from cpomdocs.office.styles import vrai

_SIGNETS_DE_WORD = re.compile(r"_|OLE_LINK|__")
_PIC = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_V = "{urn:schemas-microsoft-com:vml}"
_W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
_REVISIONS = tuple(f"{W}{nom}" for nom in ("ins", "del", "moveFrom", "moveTo"))
_NATURES = {
    f"{W14}checkbox": "case à cocher",
    f"{W}dropDownList": "liste déroulante",
    f"{W}comboBox": "liste modifiable",
    f"{W}date": "date",
    f"{W}picture": "image",
    f"{_W15}repeatingSection": "section répétée",
}
_CHAMPS = {"textInput": "texte", "checkBox": "case à cocher", "ddList": "liste déroulante"}
_LONGUEUR = 60


class _Tableau(NamedTuple):
    rang: int
    titre: str
    lignes: list[int]
    """Le nombre de cellules de chaque ligne, celles des tableaux collés dessous comprises."""
    balises: bool


def comparer_structures(avant: list[Element], apres: list[Element]) -> Iterator[Constat]:
    """Les constats sur les racines des parties de texte, corps en premier."""
    yield from _perdus(_controles(avant), _controles(apres), "controle_contenu_perdu")
    yield from _perdus(_champs(avant), _champs(apres), "champ_perdu")
    for nom in sorted(_signets(avant) - _signets(apres) - _noms_de_champs(avant)):
        yield Constat(genre="signet_perdu", lieu=nom)
    yield from _tableaux(avant[0], apres[0])
    for mot, nombre in (_objets(avant) - _objets(apres)).items():
        yield Constat(genre="objet_perdu", message=mot, nombre=nombre)
    revisions = _revisions(apres) - _revisions(avant)
    if revisions > 0:
        message = "des modifications suivies restent à accepter ou à refuser"
        yield Constat(genre="revisions", gravite="remarque", message=message, nombre=revisions)


def _perdus(avant: Counter[str], apres: Counter[str], genre: str) -> Iterator[Constat]:
    for nom, nombre in (avant - apres).items():
        yield Constat(genre=genre, lieu=nom, nombre=nombre)


def _controles(racines: list[Element]) -> Counter[str]:
    """Les contrôles de contenu, par leur titre, leur étiquette ou leur nature."""
    controles: Counter[str] = Counter()
    for reglages in (e for racine in racines for e in _visibles(racine, f"{W}sdtPr")):
        if (
            reglages.find(f"{W}docPartObj") is not None
            or reglages.find(f"{_W15}repeatingSectionItem") is not None
        ):
            continue
        noms = (reglages.find(f"{W}{balise}") for balise in ("alias", "tag"))
        nom = next((e.get(f"{W}val") for e in noms if e is not None and e.get(f"{W}val")), None)
        nature = next((mot for balise, mot in _NATURES.items() if reglages.find(balise) is not None), "texte")
        controles[f"« {nom} »" if nom else f"{nature} sans nom"] += 1
    return controles


def _champs(racines: list[Element]) -> Counter[str]:
    champs: Counter[str] = Counter()
    for donnees in (e for racine in racines for e in _visibles(racine, f"{W}ffData")):
        nom = donnees.find(f"{W}name")
        lu = nom.get(f"{W}val") if nom is not None else None
        nature = next(
            (mot for balise, mot in _CHAMPS.items() if donnees.find(f"{W}{balise}") is not None), ""
        )
        champs[f"« {lu} » ({nature})" if lu else f"{nature} sans nom"] += 1
    return champs


def _signets(racines: list[Element]) -> set[str]:
    noms = {e.get(f"{W}name") or "" for racine in racines for e in _visibles(racine, f"{W}bookmarkStart")}
    return {nom for nom in noms if nom and not _SIGNETS_DE_WORD.match(nom)}


def _noms_de_champs(racines: list[Element]) -> set[str]:
    """Les champs de formulaire ont un signet de leur nom : leur perte est déjà dite."""
    champs = (e.find(f"{W}name") for racine in racines for e in racine.iter(f"{W}ffData"))
    return {nom.get(f"{W}val") or "" for nom in champs if nom is not None}


def etats_des_cases(racines: list[Element]) -> dict[str, bool]:
    """Les cases à cocher d’autrefois : le nom de chacune, et si elle est cochée."""
    etats: dict[str, bool] = {}
    for donnees in (e for racine in racines for e in _visibles(racine, f"{W}ffData")):
        nom, case = donnees.find(f"{W}name"), donnees.find(f"{W}checkBox")
        if nom is not None and case is not None:
            marques = (case.find(f"{W}checked"), case.find(f"{W}default"))
            marque = next((m for m in marques if m is not None), None)
            etats[nom.get(f"{W}val") or ""] = marque is not None and vrai(marque.get(f"{W}val", "1"))
    return etats


def _tableaux(avant: Element, apres: Element) -> Iterator[Constat]:
    anciens, nouveaux = _lire_tableaux(avant), _lire_tableaux(apres)
    if len(anciens) == len(nouveaux):
        couples = list(zip(anciens, nouveaux, strict=True))
    else:
        blocs = SequenceMatcher(
            None, [t.titre for t in anciens], [t.titre for t in nouveaux], autojunk=False
        ).get_matching_blocks()
        couples = [(anciens[b.a + i], nouveaux[b.b + i]) for b in blocs for i in range(b.size)]
    trouves = {ancien.rang for ancien, _ in couples}
    for tableau in anciens:
        if tableau.rang not in trouves and not tableau.balises:
            yield Constat(genre="tableau_perdu", lieu=_nommer(tableau))
    for ancien, nouveau in couples:
        if not ancien.balises:
            yield from _comparer_tableaux(ancien, nouveau)


def _comparer_tableaux(avant: _Tableau, apres: _Tableau) -> Iterator[Constat]:
    ecart = len(apres.lignes) - len(avant.lignes)
    if ecart < 0:
        yield Constat(genre="lignes_supprimees", lieu=_nommer(avant), nombre=-ecart)
    elif ecart > 0:
        message = f"{ecart} ligne{'s' if ecart > 1 else ''} de plus"
        yield Constat(genre="tableau_agrandi", gravite="remarque", lieu=_nommer(avant), message=message)
    elif avant.lignes != apres.lignes:
        changees = [i for i, (a, b) in enumerate(zip(avant.lignes, apres.lignes, strict=True), 1) if a != b]
        message = "nombre de cellules changé, ligne " + ", ".join(map(str, changees[:10]))
        yield Constat(genre="tableau_change", lieu=_nommer(avant), message=message)


def _lire_tableaux(racine: Element) -> list[_Tableau]:
    tableaux: list[_Tableau] = []
    for rang, tableau in enumerate(_visibles(racine, f"{W}tbl"), 1):
        lignes = lignes_de(tableau)
        precedent = tableau.getprevious()
        if tableaux and precedent is not None and precedent.tag == f"{W}tbl":
            tableaux[-1].lignes.extend(len(cellules_de(ligne)) for ligne in lignes)
            continue
        textes = (" ".join(lire_cadre(c).split()) for ligne in lignes[:3] for c in cellules_de(ligne))
        titre = next((texte for texte in textes if texte), "")
        balises = "{%" in "".join(t.text or "" for t in tableau.iter(f"{W}t"))
        tableaux.append(_Tableau(rang, titre, [len(cellules_de(ligne)) for ligne in lignes], balises))
    return tableaux


def _nommer(tableau: _Tableau) -> str:
    titre = tableau.titre if len(tableau.titre) <= _LONGUEUR else tableau.titre[: _LONGUEUR - 1] + "…"
    return f"tableau {tableau.rang}" + (f" (« {titre} »)" if titre else "")


def _objets(racines: list[Element]) -> Counter[str]:
    objets: Counter[str] = Counter()
    for racine in racines:
        objets["image"] += sum(1 for _ in _visibles(racine, f"{_PIC}pic", f"{_V}imagedata"))
        objets["graphique"] += sum(1 for _ in _visibles(racine, f"{_C}chart"))
        objets["zone de texte"] += sum(1 for _ in _visibles(racine, f"{W}txbxContent"))
    return objets


def _revisions(racines: list[Element]) -> int:
    return sum(1 for racine in racines for _ in _visibles(racine, *_REVISIONS))


def _visibles(racine: Element, *noms: str) -> Iterator[Element]:
    """Les éléments de ces noms, rendus de repli exclus."""
    for element in racine.iter(*noms):
        if next(element.iterancestors(f"{MC}Fallback"), None) is None:
            yield element
