"""Alléger deux feuilles avant de les comparer : ce qui y est écrit de même n’a pas à être mis en arbre.

Rien n’est conclu ici. Des cellules complètes, identiques octet pour octet et à la même place, sont ôtées des
deux côtés ; la comparaison détaillée juge tout le reste. Au moindre doute, les feuilles restent entières.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import compress, pairwise
from operator import ne
from typing import NamedTuple

from cpomdocs.certificat.excel_feuille import coordonnees

_LIGNE, _FIN_LIGNE = b"<row ", b"</row>"
_CELLULE = b"<c "
_DOUTEUX = (b"<!", b"<?", b"extLst")
"""Ce qui, parmi les cellules, peut cacher une balise ou en emboîter une."""
_CALCUL = b"<f"
_FINS = (b"/c>", b'"/>')
"""Comment finit une cellule complète."""
_FINS_DE_LIGNE = tuple(fin + _FIN_LIGNE for fin in _FINS)


class _Decoupe(NamedTuple):
    """Une feuille : ce qui précède ses lignes, chaque ligne par son numéro, ce qui les suit."""

    tete: bytes
    lignes: dict[bytes, bytes]
    queue: bytes


def reduire(avant: bytes, apres: bytes, prevues: Collection[str]) -> tuple[bytes, bytes]:
    """Les deux feuilles sans les cellules identiques qui ne sont ni prévues ni calculées.

    `prevues` : les adresses remplies, gardées des deux côtés. Les formules restent toutes.
    """
    anciennes, nouvelles = _decouper(avant), _decouper(apres)
    if anciennes is None or nouvelles is None:
        return avant, apres
    communes = [numero for numero in nouvelles.lignes if numero in anciennes.lignes]
    if communes != list(anciennes.lignes):
        return avant, apres
    gardees_de: dict[bytes, list[bytes]] = {}
    for adresse in prevues:
        place = coordonnees(adresse)
        gardees_de.setdefault(b"%d" % (place[0] if place else 0), []).append(b'r="%b"' % adresse.encode())
    gardees: tuple[list[bytes], list[bytes]] = ([], [])
    for numero, nouvelle in nouvelles.lignes.items():
        ancienne = anciennes.lignes.get(numero)
        prefixes = tuple(gardees_de.get(numero, ()))
        if ancienne is None:
            paire = b"", nouvelle
        elif ancienne == nouvelle and _CALCUL not in ancienne and not prefixes:
            continue
        else:
            paire = _alleger(ancienne, nouvelle, prefixes)
        gardees[0].append(paire[0])
        gardees[1].append(paire[1])
    return (
        b"".join([anciennes.tete, *gardees[0], anciennes.queue]),
        b"".join([nouvelles.tete, *gardees[1], nouvelles.queue]),
    )


def _decouper(feuille: bytes) -> _Decoupe | None:
    """La feuille découpée en lignes ; `None` si sa forme n’est pas celle, ordinaire, qui le permet."""
    debut, fin = feuille.find(b"<sheetData>"), feuille.rfind(b"</sheetData>")
    if not 0 <= debut < fin or feuille.find(b"<sheetData", debut + 1) >= 0:
        return None
    debut += len(b"<sheetData>")
    tete, corps, queue = feuille[:debut], feuille[debut:fin], feuille[fin:]
    if any(signe in corps for signe in _DOUTEUX) or any(signe in tete for signe in _DOUTEUX[:1]):
        return None
    if corps.count(b"<row") != corps.count(b'<row r="') or corps.count(b"<c") != corps.count(b'<c r="'):
        return None
    vide, *lignes = corps.split(_LIGNE)
    if vide or not all(ligne.endswith((_FIN_LIGNE, b"/>")) for ligne in lignes):
        return None
    numeros = [ligne[3 : ligne.find(b'"', 3)] for ligne in lignes]
    if not _croissants(numeros):
        return None
    return _Decoupe(tete, {n: _LIGNE + ligne for n, ligne in zip(numeros, lignes, strict=True)}, queue)


def _croissants(numeros: list[bytes]) -> bool:
    """Vrai si ce sont des numéros, écrits sans zéro de tête, chacun plus grand que le précédent."""
    if not all(numero.isdigit() and not numero.startswith(b"0") for numero in numeros):
        return False
    valeurs = list(map(int, numeros))
    return all(un < autre for un, autre in pairwise(valeurs))


def _alleger(ancienne: bytes, nouvelle: bytes, prefixes: tuple[bytes, ...]) -> tuple[bytes, bytes]:
    """Les deux lignes sans leurs cellules identiques ; entières si elles ne s’alignent pas.

    `prefixes` : comment commencent les cellules à garder, identiques ou non.
    """
    if not (ancienne.endswith(_FIN_LIGNE) and nouvelle.endswith(_FIN_LIGNE)):
        return ancienne, nouvelle
    unes, autres = (ligne.removesuffix(_FIN_LIGNE).split(_CELLULE) for ligne in (ancienne, nouvelle))
    if len(unes) != len(autres) or not _cellules_completes(ancienne, len(unes) - 1):
        return ancienne, nouvelle
    garder = list(compress(range(len(unes)), map(ne, unes, autres)))
    if prefixes or ancienne.count(_CALCUL) != sum(unes[rang].count(_CALCUL) for rang in garder):
        garder = [
            rang
            for rang, une in enumerate(unes)
            if une != autres[rang] or _CALCUL in une or une.startswith(prefixes)
        ]
    if garder[:1] != [0]:
        garder.insert(0, 0)
    une, autre = (_CELLULE.join([cote[rang] for rang in garder]) + _FIN_LIGNE for cote in (unes, autres))
    return une, autre


def _cellules_completes(ligne: bytes, nombre: int) -> bool:
    """Vrai si chacune des cellules est fermée avant que la suivante ne s’ouvre."""
    return nombre - 1 == sum(ligne.count(fin + _CELLULE) for fin in _FINS) and ligne.endswith(_FINS_DE_LIGNE)
