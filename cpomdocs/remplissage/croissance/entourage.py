"""Ce qui finissait sur la ligne copiée est prolongé : contrôles, formats, filtre, tableau, impression."""

from __future__ import annotations

import re

from cpomdocs.office.adresses import Plage, lire_plage

_ATTRIBUTS = rb"(?:[^<>\"'/]|\"[^\"]*\"|'[^']*'|/(?!>))*?"
_SQREF = re.compile(
    rb"(<(?:\w+:)?(?:dataValidation|conditionalFormatting|protectedRange|ignoredError)(?=\s)"
    + _ATTRIBUTS
    + rb"\ssqref\s*=\s*[\"'])([^\"']*)"
)
_ETENDU = re.compile(rb"<(\w+):(dataValidation|conditionalFormatting)(?=[\s>]).*?</\1:\2>", re.DOTALL)
_SQREF_ETENDU = re.compile(rb"(<(?:\w+:)?sqref>)([^<]*)")
_FILTRE = re.compile(rb"(<(?:\w+:)?autoFilter(?=\s)" + _ATTRIBUTS + rb"\sref\s*=\s*[\"'])([^\"']*)")
_TABLE = re.compile(rb"(<(?:\w+:)?(?:table|autoFilter)(?=\s)" + _ATTRIBUTS + rb"\sref\s*=\s*[\"'])([^\"']*)")
_FUSIONS = re.compile(
    rb"<((?:\w+:)?)mergeCells(?=[\s>])" + _ATTRIBUTS + rb">.*?(?=</\1mergeCells>)", re.DOTALL
)
_FUSION = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*[\"']([^\"']*)")
_NOMBRE = re.compile(rb"(\scount\s*=\s*[\"'])([0-9]+)")
_PLAGE = re.compile(rb"(\$?[A-Z]{1,3}\$?)([0-9]+)(?::(\$?[A-Z]{1,3}\$?)([0-9]+))?")
_NOM = re.compile(rb"(<(?:\w+:)?definedName(?=\s)(" + _ATTRIBUTS + rb")>)([^<]*)")
_FEUILLE = re.compile(rb"\slocalSheetId\s*=\s*[\"']([0-9]+)")
_SUIVIS = re.compile(rb"\sname\s*=\s*[\"']_xlnm\.(Print_Area|_FilterDatabase)[\"']")
_ZONE = re.compile(rb"(?<=!)\$?[A-Z][^,!]*")


def prolonger_plages(octets: bytes, modele: int, nombre: int) -> bytes:
    """Ce qui entoure les cellules d’une feuille, les plages qui finissaient sur la ligne prolongées."""
    octets = _SQREF.sub(lambda x: x[1] + _prolonger(x[2], modele, nombre), octets)
    octets = _FILTRE.sub(lambda x: x[1] + _prolonger(x[2], modele, nombre), octets)
    return _ETENDU.sub(
        lambda bloc: _SQREF_ETENDU.sub(lambda x: x[1] + _prolonger(x[2], modele, nombre), bloc[0]), octets
    )


def copier_fusions(octets: bytes, modele: int, nombre: int) -> bytes:
    """Les fusions de la ligne, refaites sur chaque copie."""

    def completer(bloc: re.Match[bytes]) -> bytes:
        lues = [lire_plage(reference.decode()) for reference in _FUSION.findall(bloc[0])]
        plages = [plage for plage in lues if plage and plage.haut == plage.bas == modele]
        copies = b"".join(
            b'<%bmergeCell ref="%b"/>' % (bloc[1], str(_sur(plage, modele + rang)).encode())
            for rang in range(1, nombre + 1)
            for plage in plages
        )
        total = len(lues) + len(plages) * nombre
        return _NOMBRE.sub(lambda x: x[1] + b"%d" % total, bloc[0], count=1) + copies if copies else bloc[0]

    return _FUSIONS.sub(completer, octets, count=1)


def prolonger_tableau(octets: bytes, modele: int, nombre: int) -> bytes:
    """La partie d’un tableau Excel, son étendue et son filtre prolongés s’ils finissaient sur la ligne."""
    return _TABLE.sub(lambda x: x[1] + _prolonger(x[2], modele, nombre), octets)


def prolonger_noms(octets: bytes, rang: int, modele: int, nombre: int) -> bytes:
    """La partie du classeur : zone d’impression et filtre de la feuille de ce rang, prolongés."""

    def suivre(nom: re.Match[bytes]) -> bytes:
        suivi, feuille = _SUIVIS.search(nom[2]), _FEUILLE.search(nom[2])
        if suivi is None or feuille is None or int(feuille[1]) != rang:
            return nom[0]
        large = suivi[1] == b"Print_Area"
        return nom[1] + _ZONE.sub(lambda zone: _prolonger(zone[0], modele, nombre, large), nom[3])

    return _NOM.sub(suivre, octets)


def _sur(plage: Plage, ligne: int) -> Plage:
    return plage._replace(haut=ligne, bas=ligne)


def _prolonger(texte: bytes, modele: int, nombre: int, au_dela: bool = False) -> bytes:
    """`au_dela` : prolonge aussi la plage qui finit parmi les lignes ajoutées."""
    fin = modele + nombre

    def allonger(plage: re.Match[bytes]) -> bytes:
        bas = int(plage[4] or plage[2])
        if not (modele <= bas < fin if au_dela else bas == modele):
            return plage[0]
        return b"%b%b:%b%d" % (plage[1], plage[2], plage[3] or plage[1], fin)

    return _PLAGE.sub(allonger, texte)
