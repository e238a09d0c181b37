"""La croissance déclarée d’un tableau : le gabarit attendu, refait ici à partir de celui de l’autorité.

Une saisie en `B41+2` déclare deux lignes ajoutées sous la ligne 41, copies de celle-ci. Le document doit être
exactement le gabarit ainsi agrandi : mêmes styles, formules décalées, plages qui finissaient là prolongées.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from lxml import etree

from cpomdocs.certificat import Ecart
from cpomdocs.certificat.excel_feuille import adresse, coordonnees, oublier_attribut
from cpomdocs.certificat.excel_valeurs import NS
from cpomdocs.office.archive import Archive, analyser_xml
from cpomdocs.saisies import CaseExcel, Saisie

_AJOUT = re.compile(r"^([A-Z]{1,3})([0-9]{1,7})\+([0-9]{1,5})$")
_PLAGE = re.compile(r"(\$?[A-Z]{1,3}\$?)([0-9]+)(?::(\$?[A-Z]{1,3}\$?)([0-9]+))?")
_ETENDUE = re.compile(rb"(<(?:\w+:)?(?:table|autoFilter)\s[^>]*?ref=\")([^\"]*)")
_XM = "{http://schemas.microsoft.com/office/excel/2006/main}"
_A_SQREF = {"dataValidation", "conditionalFormatting", "protectedRange", "ignoredError"}
_OUBLIES = ("t", "cm", "vm")
_IMPRESSION, _FILTRE = "_xlnm.Print_Area", "_xlnm._FilterDatabase"
Croissances = dict[str, tuple[int, int]]
"""Feuille → (ligne copiée, nombre de lignes ajoutées)."""
Liens = Callable[[Archive, str], list[tuple[str, str, str]]]


def situer_ajouts(saisies: Sequence[Saisie]) -> tuple[Croissances, list[Saisie]]:
    """Les croissances déclarées, et les saisies à leur adresse réelle.

    Lève `ValueError` si une feuille grandirait à deux endroits.
    """
    croissances: Croissances = {}
    situees = []
    for saisie in saisies:
        case = saisie.case
        forme = _AJOUT.match(case.cellule) if isinstance(case, CaseExcel) else None
        if forme is not None and isinstance(case, CaseExcel) and saisie.a_ecrire is not None:
            modele, rang = int(forme[2]), int(forme[3])
            connue = croissances.get(case.feuille, (modele, 0))
            if connue[0] != modele:
                raise ValueError(f"la feuille « {case.feuille} » grandit à deux endroits")
            croissances[case.feuille] = (modele, max(connue[1], rang))
            saisie = replace(saisie, case=CaseExcel(case.feuille, f"{forme[1]}{modele + rang}"))
        situees.append(saisie)
    return croissances, situees


def agrandir(
    archive: Archive, feuilles: Mapping[str, str], partie: str, liens: Liens, croissances: Croissances
) -> tuple[bytes, list[Ecart]]:
    """Le gabarit agrandi, et ce qui interdisait de l’agrandir. `partie` : celle du classeur."""
    parties: dict[str, bytes] = {}
    ecarts = []
    classeur = analyser_xml(archive.lire(partie), partie)
    rangs = [str(f.get("name")) for f in classeur.iterfind(f"{NS}sheets/{NS}sheet")]
    for nom, croissance in croissances.items():
        feuille = next((f for f in feuilles if f.casefold() == nom.casefold()), None)
        if feuille is None:
            continue
        racine = analyser_xml(archive.lire(feuilles[feuille]), feuille)
        refus = _agrandir_feuille(racine, *croissance)
        if refus:
            ecarts.append(Ecart(feuilles[feuille], feuille, refus))
        parties[feuilles[feuille]] = etree.tostring(racine, encoding="UTF-8", xml_declaration=True)
        _agrandir_noms(classeur, rangs.index(feuille), *croissance)
        for _, genre, cible in liens(archive, feuilles[feuille]):
            if genre == "table" and cible in archive:
                parties[cible] = _agrandir_tableau(archive.lire(cible), *croissance)
    parties[partie] = etree.tostring(classeur, encoding="UTF-8", xml_declaration=True)
    return archive.recomposer(parties), ecarts


def _agrandir_feuille(racine: etree._Element, modele: int, ajoutees: int) -> str:
    """Agrandit la feuille ; rend ce qui l’interdit, vide si rien ne l’interdit."""
    donnees = racine.find(f"{NS}sheetData")
    lignes = {int(x.get("r", 0)): x for x in (donnees if donnees is not None else ())}
    if donnees is None or modele not in lignes:
        return f"la ligne {modele}, à copier, n’est pas dans le gabarit"
    if any(len(c) for numero, ligne in lignes.items() if numero > modele for c in ligne):
        return f"le gabarit a du contenu sous la ligne {modele}, à copier"
    for numero in range(modele + 1, modele + ajoutees + 1):
        if numero in lignes:
            _oter(lignes[numero])
    ligne = lignes[modele]
    textes = _formules(racine, ligne)
    copies = [_copier(ligne, modele, rang, textes) for rang in range(1, ajoutees + 1)]
    copies[-1].tail, ligne.tail = ligne.tail, None
    place = donnees.index(ligne) + 1
    donnees[place:place] = copies
    _prolonger_les_plages(racine, modele, ajoutees)
    _copier_les_fusions(racine, modele, ajoutees)
    return ""


def _oter(ligne: etree._Element) -> None:
    """Retire la ligne, en laissant le blanc qui la suit."""
    precedente = ligne.getprevious()
    if precedente is not None:
        precedente.tail = (precedente.tail or "") + (ligne.tail or "") or None
    ligne.getparent().remove(ligne)  # type: ignore[union-attr]


def _agrandir_tableau(octets: bytes, modele: int, ajoutees: int) -> bytes:
    """La partie du tableau, son étendue et son filtre prolongés s’ils finissent sur la ligne copiée."""
    return _ETENDUE.sub(lambda e: e[1] + _prolonger(e[2].decode(), modele, ajoutees).encode(), octets)


def _agrandir_noms(classeur: etree._Element, rang: int, modele: int, ajoutees: int) -> None:
    """Prolonge la zone d’impression et le filtre de la feuille de ce rang."""
    for nom in classeur.iterfind(f"{NS}definedNames/{NS}definedName"):
        if nom.get("name") in (_IMPRESSION, _FILTRE) and nom.get("localSheetId") == str(rang):
            impression = nom.get("name") == _IMPRESSION
            zones = [zone.rpartition("!") for zone in (nom.text or "").split(",")]
            nom.text = ",".join(
                feuille + point + _prolonger(zone, modele, ajoutees, au_dela=impression)
                for feuille, point, zone in zones
            )


def _formules(racine: etree._Element, ligne: etree._Element) -> dict[str, str]:
    """Le texte de chaque formule de la ligne, celles qui sont partagées rendues à leur place."""
    partagees = {
        f.get("si"): (f.text, f.getparent().get("r"))  # type: ignore[union-attr]
        for f in racine.iter(f"{NS}f")
        if f.get("t") == "shared" and f.text
    }
    textes: dict[str, str] = {}
    for cellule in ligne:
        formule = cellule.find(f"{NS}f")
        if formule is None:
            continue
        lieu = cellule.get("r", "")
        texte, origine = formule.text, lieu
        if not texte and formule.get("si") in partagees:
            texte, origine = partagees[formule.get("si")]  # type: ignore[assignment]
        textes[lieu] = _decaler(texte or "", str(origine), lieu)
    return textes


def _decaler(formule: str, origine: str, lieu: str) -> str:
    from openpyxl.formula.translate import Translator  # lent à charger, et rarement utile

    return str(Translator(f"={formule}", origin=origine).translate_formula(lieu)).removeprefix("=")


def _copier(ligne: etree._Element, modele: int, rang: int, textes: dict[str, str]) -> etree._Element:
    """La copie attendue de la ligne : styles et formules, aucune valeur ; une case à cocher, décochée."""
    copie = copy.deepcopy(ligne)
    copie.set("r", str(modele + rang))
    copie.text = copie.tail = None
    for cellule in copie:
        ancienne = cellule.get("r", "")
        place = coordonnees(ancienne) or (modele, 1)
        nouvelle = adresse(modele + rang, place[1])
        cellule.set("r", nouvelle)
        booleenne = cellule.get("t") == "b"
        cellule.text = cellule.tail = None
        for nom in _OUBLIES:
            oublier_attribut(cellule, nom)
        del cellule[:]
        if ancienne in textes:
            etree.SubElement(cellule, f"{NS}f").text = _decaler(textes[ancienne], ancienne, nouvelle)
        elif booleenne:
            cellule.set("t", "b")
            etree.SubElement(cellule, f"{NS}v").text = "0"
    return copie


def _prolonger_les_plages(racine: etree._Element, modele: int, ajoutees: int) -> None:
    for element in racine.iter():
        genre = etree.QName(element).localname if isinstance(element.tag, str) else ""
        attribut = "ref" if element.tag == f"{NS}autoFilter" else "sqref" if genre in _A_SQREF else ""
        if not attribut:
            continue
        if attribut in element.attrib:
            element.set(attribut, _prolonger(element.get(attribut, ""), modele, ajoutees))
        else:
            for lieu in element.iterfind(f"{_XM}sqref"):
                lieu.text = _prolonger(lieu.text or "", modele, ajoutees)


def _copier_les_fusions(racine: etree._Element, modele: int, ajoutees: int) -> None:
    fusions = racine.find(f"{NS}mergeCells")
    if fusions is None:
        return
    references = []
    for rang in range(1, ajoutees + 1):
        for fusion in fusions:
            bornes = _PLAGE.fullmatch(fusion.get("ref", ""))
            if bornes and int(bornes[2]) == int(bornes[4] or bornes[2]) == modele:
                references.append(f"{bornes[1]}{modele + rang}:{bornes[3] or bornes[1]}{modele + rang}")
    for reference in references:
        etree.SubElement(fusions, f"{NS}mergeCell").set("ref", reference)
    if references and "count" in fusions.attrib:
        fusions.set("count", str(len(fusions)))


def _prolonger(texte: str, modele: int, ajoutees: int, au_dela: bool = False) -> str:
    """Les plages du texte qui finissent sur la ligne copiée (`au_dela` : ou parmi celles qui s’ajoutent)."""
    fin = modele + ajoutees

    def allonger(plage: re.Match[str]) -> str:
        bas = int(plage[4] or plage[2])
        touche = modele <= bas < fin if au_dela else bas == modele
        return f"{plage[1]}{plage[2]}:{plage[3] or plage[1]}{fin}" if touche else plage[0]

    return _PLAGE.sub(allonger, texte)
