"""Les relations d’un paquet Office : quelles parties portent le texte du document."""

from __future__ import annotations

import posixpath
from typing import NamedTuple

from cpomdocs.erreurs import ErreurFichier
from cpomdocs.office.analyse import analyser_xml
from cpomdocs.office.archive import Archive

_TEXTES = ("header", "footer", "footnotes", "endnotes")


class Relation(NamedTuple):
    """Une relation interne : son genre (dernier mot de son type) et la partie visée."""

    genre: str
    cible: str


def relations(archive: Archive, partie: str) -> list[Relation]:
    """Les relations internes d’une partie, dans l’ordre du fichier."""
    dossier, nom = posixpath.split(partie)
    return _lire(archive, posixpath.join(dossier, "_rels", f"{nom}.rels"), dossier)


def relations_du_paquet(archive: Archive) -> list[Relation]:
    """Les relations du paquet lui-même."""
    return _lire(archive, "_rels/.rels", "")


def partie_principale(archive: Archive) -> str:
    """Le nom de la partie qui porte le corps. Lève `ErreurFichier` si ce n’est pas un document Word."""
    for relation in relations_du_paquet(archive):
        if relation.genre == "officeDocument" and relation.cible in archive:
            return relation.cible
    raise ErreurFichier(
        "Ce fichier n’est pas un document Word.", "Le choisir au format .docx, .docm, .dotx ou .dotm."
    )


def parties_textuelles(archive: Archive) -> list[str]:
    """Le corps, puis les en-têtes, pieds de page et notes, chacun une fois."""
    principale = partie_principale(archive)
    autres = [r.cible for r in relations(archive, principale) if r.genre in _TEXTES and r.cible in archive]
    return list(dict.fromkeys([principale, *sorted(autres)]))


def partie_liee(archive: Archive, partie: str, genre: str) -> str | None:
    """La première partie que cette relation vise (les styles du corps, par exemple)."""
    return next(
        (r.cible for r in relations(archive, partie) if r.genre == genre and r.cible in archive), None
    )


def _lire(archive: Archive, nom: str, dossier: str) -> list[Relation]:
    if nom not in archive:
        return []
    trouvees = []
    for element in analyser_xml(archive.lire(nom), nom):
        cible = element.get("Target")
        if isinstance(element.tag, str) and cible and element.get("TargetMode") != "External":
            chemin = cible.lstrip("/") if cible.startswith("/") else posixpath.join(dossier, cible)
            trouvees.append(
                Relation((element.get("Type") or "").rpartition("/")[2], posixpath.normpath(chemin))
            )
    return trouvees
