"""Signaler les cellules fautives du classeur ouvert : un fond et une note, ôtés quand c’est corrigé.

Un nom défini retient chaque cellule signalée et son fond d’avant : il la suit quand des lignes s’insèrent.
Un fond que la personne a changé depuis, une note qui n’est pas de cpomdocs : on n’y touche pas.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cpomdocs.rapport import Anomalie

_PREFIXE = "_cpomdocs_marque_"
_ENTETE = "cpomdocs : "
_SANS_FOND = "aucun"
_FONDS = {"bloquante": (248, 203, 173), "avertissement": (255, 230, 153)}
AU_PLUS = 300
"""Cellules signalées au plus : au-delà, la feuille « Contrôle » suffit."""
_Fond = tuple[int, int, int]


def signaler(livre: Any, anomalies: Sequence[Anomalie]) -> int:
    """Ôte les marques d’avant, pose celles d’aujourd’hui ; rend leur nombre."""
    effacer(livre)
    presentes = {feuille.name for feuille in livre.sheets}
    a_marquer: dict[tuple[str, str], list[Anomalie]] = {}
    for anomalie in anomalies:
        if anomalie.gravite in _FONDS:
            for source in anomalie.sources:
                if source.feuille in presentes:
                    a_marquer.setdefault((source.feuille, source.cellule), []).append(anomalie)
    retenues = list(a_marquer.items())[:AU_PLUS]
    for numero, ((feuille, adresse), siennes) in enumerate(retenues, start=1):
        _marquer(livre, livre.sheets[feuille].range(adresse), numero, siennes)
    return len(retenues)


def effacer(livre: Any) -> None:
    """Ôte toutes les marques de cpomdocs."""
    for nom in [n for n in livre.names if n.name.rpartition("!")[2].startswith(_PREFIXE)]:
        cellule = _cellule(nom)
        if cellule is not None:
            _demarquer(cellule, nom.name.rpartition(_PREFIXE)[2])
        nom.delete()


def _marquer(livre: Any, cellule: Any, numero: int, anomalies: Sequence[Anomalie]) -> None:
    fond = _FONDS["bloquante" if any(a.gravite == "bloquante" for a in anomalies) else "avertissement"]
    avant = _en_texte(cellule.color)
    adresse = cellule.get_address(include_sheetname=True)
    livre.names.add(f"{_PREFIXE}{numero}_{_en_texte(fond)}_{avant}", f"={adresse}")
    cellule.color = fond
    if cellule.note is None:
        cellule.add_note(_ENTETE + "\n".join(dict.fromkeys(_phrase(a) for a in anomalies)))


def _demarquer(cellule: Any, memoire: str) -> None:
    """`memoire` : « numéro_fond posé_fond d’avant »."""
    _, pose, avant = memoire.split("_")
    if _en_texte(cellule.color) == pose:
        cellule.color = _en_fond(avant)
    note = cellule.note
    if note is not None and note.text.startswith(_ENTETE):
        note.delete()


def _cellule(nom: Any) -> Any | None:
    """La cellule que ce nom suit, ou `None` si elle a été supprimée."""
    if "#REF!" in nom.refers_to:
        return None
    return nom.refers_to_range


def _phrase(anomalie: Anomalie) -> str:
    return f"{anomalie.message} {anomalie.remede or ''}".strip()


def _en_texte(fond: _Fond | None) -> str:
    return _SANS_FOND if fond is None else "".join(f"{part:02X}" for part in fond)


def _en_fond(texte: str) -> _Fond | None:
    if texte == _SANS_FOND:
        return None
    return int(texte[:2], 16), int(texte[2:4], 16), int(texte[4:6], 16)
