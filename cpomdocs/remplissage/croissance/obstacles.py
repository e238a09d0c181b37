"""Pourquoi un tableau ne peut pas grandir : ce qu’il y a dessous, ce qui compte ses lignes ailleurs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from itertools import chain

from cpomdocs.office.adresses import Plage, ecrire_cellule, lire_plage
from cpomdocs.office.archive import Archive
from cpomdocs.office.cadre import Cadre
from cpomdocs.office.classeur import Classeur, FeuilleClasseur, lire_liens
from cpomdocs.office.feuille import FeuilleOctets, Ligne
from cpomdocs.remplissage.croissance.formules import plages_citees
from cpomdocs.remplissage.croissance.lignes import formules

_LIEN = re.compile(rb"<(?:\w+:)?hyperlink\s[^>]*?ref\s*=\s*[\"']([^\"']*)")
_ANCRE = re.compile(rb"<(?:\w+:)?row>\s*([0-9]+)\s*</")
_ANCRE_VML = re.compile(rb"<x:ClientData\s+ObjectType=\"(\w+)\".*?</x:ClientData>", re.DOTALL)
_POSITION = re.compile(rb"<x:Anchor>([^<]*)</x:Anchor>")
_TOTAUX = re.compile(rb"\stotalsRowCount\s*=\s*[\"'][1-9]")
_FORMULE = re.compile(rb"<(?:\w+:)?(?:f|formula1|formula2|formula)(?:\s[^>]*)?>([^<]+)</")
_SOURCE = re.compile(rb"<(?:\w+:)?worksheetSource\s[^>]*>")
_ATTRIBUT = re.compile(rb"\s(ref|sheet)\s*=\s*[\"']([^\"']*)")
_IMPRESSION = ("_xlnm.print_area", "_xlnm._filterdatabase", "_xlnm.print_titles")


def obstacle(
    classeur: Classeur, fiche: FeuilleClasseur, feuilles: dict[str, FeuilleOctets], cadre: Cadre, modele: int
) -> str | None:
    """Ce qui interdit d’ajouter des lignes sous la ligne `modele` ; `None` si rien ne l’interdit.

    `feuilles` : par nom, celles du classeur. Rien n’est jamais inséré : dessous, il ne doit rien y avoir.
    """
    feuille = feuilles[fiche.nom]
    ligne = feuille.ligne(modele)
    if ligne is None:
        return f"la ligne {modele}, à copier, n’est pas mise en forme dans le formulaire."
    raisons = chain(
        _dans_la_ligne(feuille, cadre, ligne),
        _dessous(classeur, fiche, feuille, cadre, modele),
        _ailleurs(classeur, fiche, feuilles, modele),
    )
    return next(raisons, None)


def _dans_la_ligne(feuille: FeuilleOctets, cadre: Cadre, ligne: Ligne) -> Iterator[str]:
    modele = ligne.numero
    if any("r" not in feuille.attributs(cellule) for cellule in feuille.cellules(ligne).values()):
        yield f"la ligne {modele}, à copier, n’écrit pas l’adresse de ses cellules."
    for fusion in cadre.fusions:
        if fusion.haut < modele <= fusion.bas:
            yield f"la fusion {fusion} couvre la ligne {modele}, à copier, et d’autres."
    for matrice in feuille.matrices:
        if matrice.plage.haut <= modele <= matrice.plage.bas:
            yield f"la ligne {modele}, à copier, est dans une formule matricielle ({matrice.plage})."
    for formule in formules(feuille, ligne):
        adresse = ecrire_cellule(modele, formule.colonne)
        if not formule.texte:
            yield f"la formule de {adresse} ne peut pas être copiée."
        for plage in plages_citees(formule.texte):
            cumul = plage.haut_fixe and not plage.bas_fixe
            fixe = (
                plage.haut_fixe
                and plage.bas_fixe
                and (plage.feuille not in (None, feuille.nom) or plage.bas != modele)
            )
            if not (cumul or fixe):
                yield f"la formule de {adresse} porte sur plusieurs lignes (« {formule.texte} »)."


def _dessous(
    classeur: Classeur, fiche: FeuilleClasseur, feuille: FeuilleOctets, cadre: Cadre, modele: int
) -> Iterator[str]:
    for ligne in feuille.lignes:
        if ligne.numero > modele:
            pleine = next((c for c in feuille.cellules(ligne).values() if feuille.contenu(c).strip()), None)
            if pleine is not None:
                yield f"{ecrire_cellule(pleine.ligne, pleine.colonne)}, en dessous, n’est pas vide."
    plages = [("la fusion", p) for p in cadre.fusions if p.bas > modele]
    plages += [("le contrôle de saisie", p) for c in cadre.controles for p in c.plages if p.haut > modele]
    plages += [(f"le tableau « {t.nom} »", t.plage) for t in cadre.tableaux if t.plage.bas > modele]
    plages += [
        (f"le tableau croisé « {t.nom} »", t.plage)
        for t in cadre.tableaux
        if t.croise and t.plage.bas == modele
    ]
    yield from (f"{quoi} {plage} est en dessous." for quoi, plage in plages)
    liens = [lire_plage(x.decode()) for x in _LIEN.findall(feuille.octets, feuille.donnees.fin)]
    yield from (f"le lien {p} est en dessous." for p in liens if p and p.bas > modele)
    yield from _parties_dessous(classeur.archive, fiche, cadre, modele)


def _parties_dessous(archive: Archive, fiche: FeuilleClasseur, cadre: Cadre, modele: int) -> Iterator[str]:
    for lien in lire_liens(archive, fiche.partie).values():
        octets = archive.lire(lien.cible) if lien.cible in archive else b""
        if lien.genre == "drawing" and any(int(n) >= modele for n in _ANCRE.findall(octets)):
            yield "une image, un graphique ou une forme est en dessous."
        elif lien.genre == "vmlDrawing" and any(
            _bas(forme) >= modele for forme in _ANCRE_VML.finditer(octets)
        ):
            yield "un bouton ou une case à cocher est en dessous."
        elif lien.genre == "table" and _TOTAUX.search(octets):
            finit = any(t.plage.bas == modele and not t.croise for t in cadre.tableaux)
            if finit:
                yield f"la ligne {modele} est celle des totaux d’un tableau."


def _bas(forme: re.Match[bytes]) -> int:
    """La dernière ligne (comptée de 0) que couvre un contrôle ; une note suit sa cellule et ne compte pas."""
    position = _POSITION.search(forme[0])
    nombres = [int(n) for n in re.findall(rb"[0-9]+", position[1])] if position else []
    return nombres[6] if len(nombres) == 8 and forme[1] != b"Note" else -1


def _ailleurs(
    classeur: Classeur, fiche: FeuilleClasseur, feuilles: dict[str, FeuilleOctets], modele: int
) -> Iterator[str]:
    """Ce qui cite les lignes du tableau jusqu’à la dernière, et ne verrait pas les suivantes."""
    signe = b"%d" % modele
    for nom, feuille in feuilles.items():
        propre = feuille.ligne(modele) if nom == fiche.nom else None
        for trouvee in _FORMULE.finditer(feuille.octets):
            dans_la_ligne = propre is not None and propre.debut <= trouvee.start() < propre.fin
            if signe in trouvee[1] and not dans_la_ligne:
                texte = unescape(trouvee[1].decode("utf-8", "replace"))
                if _cite(texte, nom, fiche.nom, modele):
                    yield f"la feuille « {nom} » compte ses lignes (« {texte} »), sans les autres."
    for (nom, _), texte in classeur.noms.items():
        if nom not in _IMPRESSION and _cite(texte, "", fiche.nom, modele):
            yield f"le nom « {nom} » désigne ses lignes (« {texte} »)."
    for partie in classeur.archive.noms:
        if partie.startswith("xl/charts/"):
            for cite in _FORMULE.findall(classeur.archive.lire(partie)):
                if _cite(unescape(cite.decode("utf-8", "replace")), "", fiche.nom, modele):
                    yield "un graphique montre ses lignes."
        elif partie.startswith("xl/pivotCache/") and _source(
            classeur.archive.lire(partie), fiche.nom, modele
        ):
            yield "un tableau croisé compte ses lignes."


def _cite(texte: str, ici: str, feuille: str, modele: int) -> bool:
    return any(
        p.haut < modele == p.bas
        and (p.feuille if p.feuille is not None else ici).casefold() == feuille.casefold()
        for p in plages_citees(texte)
    )


def _source(octets: bytes, feuille: str, modele: int) -> bool:
    source = _SOURCE.search(octets)
    attributs = {cle: valeur.decode() for cle, valeur in _ATTRIBUT.findall(source[0])} if source else {}
    plage: Plage | None = lire_plage(attributs.get(b"ref", ""))
    memes = unescape(attributs.get(b"sheet", "")).casefold() == feuille.casefold()
    return plage is not None and memes and plage.bas == modele
