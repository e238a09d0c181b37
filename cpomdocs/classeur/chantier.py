"""Retoucher un classeur sans le réécrire : quelques cellules, un tableau agrandi, un onglet recoloré.

Tout le reste garde ses octets. Les rangs comptent à partir de 1, comme dans Excel.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape, unescape

from cpomdocs.classeur.marques import Marque
from cpomdocs.classeur.valeurs import Cellule
from cpomdocs.erreurs import ErreurFichier
from cpomdocs.office.adresses import Plage, lire_plage
from cpomdocs.office.archive import Archive
from cpomdocs.office.cadre import lire_cadre
from cpomdocs.office.classeur import Classeur, FeuilleClasseur, lire_classeur, lire_liens
from cpomdocs.office.feuille import FeuilleOctets
from cpomdocs.office.valeurs import valeur_cellule
from cpomdocs.remplissage.excel_blocs import appliquer
from cpomdocs.remplissage.excel_cellules import Ecriture, Place, episser
from cpomdocs.remplissage.excel_valeurs import SaisieRefusee, numero_date

_ONGLET = re.compile(rb'(<(?:\w+:)?tabColor\b[^>]*?\brgb=")([0-9A-Fa-f]{8})(")')
_FORMULE = re.compile(rb"<(?:\w+:)?f(?:\s[^>]*)?>(.*?)</(?:\w+:)?f>", re.DOTALL)
_TYPE = re.compile(rb"\s+t\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_REFERENCE = re.compile(rb'(<(?:\w+:)?(?:table|autoFilter)\b[^>]*?\sref=")([^"]*)(")')


class Chantier:
    """Un classeur en cours de retouche ; rien n’est écrit sur le disque."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._classeur: Classeur = lire_classeur(archive)
        self._octets: dict[str, bytes] = {}

    def exiger(self, nom: str) -> FeuilleClasseur:
        """La feuille de ce nom. Lève `ErreurFichier` si elle n’existe pas."""
        feuille = self._classeur.feuille(nom)
        if feuille is None:
            raise ErreurFichier(f"La feuille « {nom} » a disparu du classeur.", "Relancer la préparation.")
        return feuille

    def poser(self, feuille: FeuilleClasseur, cellules: Mapping[Place, Cellule | None]) -> None:
        """Pose des textes, des nombres, des dates, ou vide (`None`) ; une cellule neuve a le style de sa
        colonne."""
        lue = self._lire(feuille)
        date1904 = self._classeur.date1904
        ecritures = {place: _ecriture(valeur, date1904) for place, valeur in cellules.items()}
        epissures = episser(lue, lire_cadre(self._classeur, feuille, lue), ecritures)
        self._octets[feuille.partie] = appliquer(lue.octets, 0, len(lue.octets), epissures)

    def marquer(self, feuille: FeuilleClasseur, marques: dict[Place, Marque]) -> int:
        """Pose des formules avec leur résultat ; rend le nombre de celles qui ont changé."""
        lue = self._lire(feuille)
        chaines = self._classeur.chaines
        changees = {place: m for place, m in marques.items() if not _est_posee(lue, place, m, chaines)}
        if not changees:
            return 0
        self.poser(feuille, {place: marque.texte or " " for place, marque in changees.items()})
        lue = self._lire(feuille)
        epissures = []
        for place, marque in changees.items():
            cellule = lue.cellule(*place)
            if cellule is not None:
                balise = _TYPE.sub(b"", lue.octets[cellule.debut : cellule.contenu].rstrip(b"/>"))
                contenu = _formule_xml(lue.prefixe, marque)
                epissures.append((cellule.debut, cellule.fin, balise + b' t="str">' + contenu))
        self._octets[feuille.partie] = appliquer(lue.octets, 0, len(lue.octets), epissures)
        return len(changees)

    def formules(self, feuille: FeuilleClasseur, places: Iterable[Place]) -> set[Place]:
        """Parmi ces cellules, celles qui portent une formule."""
        lue = self._lire(feuille)
        cellules = {place: lue.cellule(*place) for place in places}
        return {p for p, cellule in cellules.items() if cellule and _FORMULE.search(lue.contenu(cellule))}

    def agrandir(self, feuille: FeuilleClasseur, entete: Place, derniere: int) -> None:
        """Étend le tableau Excel dont l’en-tête est à cette place, et son filtre, jusqu’à cette ligne."""
        for lien in lire_liens(self._archive, feuille.partie).values():
            if lien.genre == "table" and lien.cible in self._archive:
                octets = self._octets.get(lien.cible, self._archive.lire(lien.cible))
                self._octets[lien.cible] = _REFERENCE.sub(
                    lambda trouve: trouve[1] + _agrandie(trouve[2], entete, derniere) + trouve[3], octets
                )

    def colorer(self, feuille: FeuilleClasseur, couleur: str, connues: tuple[str, ...]) -> bool:
        """Change la couleur d’un onglet, si c’est l’une de celles que ce logiciel pose."""
        octets = self._octets.get(feuille.partie, self._archive.lire(feuille.partie))
        trouve = _ONGLET.search(octets)
        voulue = b"FF" + couleur.lstrip("#").upper().encode("ascii")
        posees = {b"FF" + c.lstrip("#").upper().encode("ascii") for c in connues}
        if trouve is None or trouve[2].upper() == voulue or trouve[2].upper() not in posees:
            return False
        self._octets[feuille.partie] = octets[: trouve.start(2)] + voulue + octets[trouve.end(2) :]
        return True

    def terminer(self) -> bytes | None:
        """Le classeur retouché, ou `None` si rien n’a changé."""
        changees = {nom: octets for nom, octets in self._octets.items() if octets != self._archive.lire(nom)}
        return self._archive.recomposer(changees) if changees else None

    def _lire(self, feuille: FeuilleClasseur) -> FeuilleOctets:
        octets = self._octets.get(feuille.partie, self._archive.lire(feuille.partie))
        return FeuilleOctets(octets, feuille.nom)


def _ecriture(valeur: Cellule | None, date1904: bool) -> Ecriture:
    if valeur is None:
        return Ecriture("vide", "")
    if isinstance(valeur, str):
        return Ecriture("texte", valeur)
    if isinstance(valeur, datetime.date):
        return _date(valeur, date1904)
    return Ecriture("nombre", repr(valeur))


def _date(valeur: datetime.date, date1904: bool) -> Ecriture:
    """Une date, ou son texte si elle est trop ancienne pour Excel."""
    try:
        return Ecriture("nombre", str(numero_date(valeur, date1904)))
    except SaisieRefusee:
        return Ecriture("texte", f"{valeur:%d/%m/%Y}")


def _est_posee(lue: FeuilleOctets, place: Place, marque: Marque, chaines: Sequence[str]) -> bool:
    """Vrai si la cellule porte déjà cette formule et ce résultat."""
    cellule = lue.cellule(*place)
    if cellule is None:
        return False
    trouvee = _FORMULE.search(lue.contenu(cellule))
    formule = unescape(trouvee[1].decode("utf-8", "replace")) if trouvee else None
    resultat = str(valeur_cellule(lue, cellule, chaines) or "")
    return formule == marque.formule.lstrip("=") and resultat.strip() == marque.texte.strip()


def _formule_xml(prefixe: bytes, marque: Marque) -> bytes:
    formule = escape(marque.formule.lstrip("="), quote=False).encode("utf-8")
    texte = escape(marque.texte, quote=False).encode("utf-8")
    return b"<%bf>%b</%bf><%bv>%b</%bv></%bc>" % (prefixe, formule, prefixe, prefixe, texte, prefixe, prefixe)


def _agrandie(reference: bytes, entete: Place, derniere: int) -> bytes:
    plage = lire_plage(reference.decode("ascii", "replace"))
    if plage is None or not plage.contient(*entete) or plage.haut != entete[0] or plage.bas >= derniere:
        return reference
    return str(Plage(plage.haut, plage.gauche, derniere, plage.droite)).encode("ascii")
