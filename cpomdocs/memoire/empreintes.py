"""L’empreinte de chaque part du dossier : ses valeurs d’un côté, ses cellules de l’autre.

Une ligne insérée dans une feuille déplace les suivantes sans changer aucune valeur : les documents restent
justes, mais pas les cellules que leurs anomalies nomment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b

from cpomdocs.lecture.fabrique import Endroits
from cpomdocs.modeles.base import Entite
from cpomdocs.modeles.dossier import EMPLACEMENT, FICHES, Dossier, code_de
from cpomdocs.modeles.observation import TOUTES, Repere

_TAILLE = 16
_FICHES = {modele.__name__: nom for nom, modele in FICHES.items()}


class Empreintes:
    """Les empreintes des parts d’un dossier lu, calculées à la demande et une seule fois."""

    def __init__(self, dossier: Dossier) -> None:
        self._dossier = dossier
        self._parts: dict[str, dict[str, list[Entite]]] = {}
        self._ordres: dict[str, str] = {}
        self._calculees: dict[tuple[Repere, bool], bytes] = {}

    def valeurs(self, reperes: Iterable[Repere]) -> str:
        """L’empreinte de ce que valent ces parts, réunies."""
        return _hacher(self._une(repere, _des_valeurs) for repere in sorted(reperes)).hex()

    def lieux(self, reperes: Iterable[Repere]) -> str:
        """L’empreinte des cellules d’où viennent ces parts, réunies."""
        return _hacher(self._une(repere, _des_lieux) for repere in sorted(reperes)).hex()

    def _une(self, repere: Repere, decrire: Callable[[Iterable[Entite]], Iterator[bytes]]) -> bytes:
        cle = (repere, decrire is _des_valeurs)
        if cle not in self._calculees:
            self._calculees[cle] = _hacher(self._morceaux(repere, decrire))
        return self._calculees[cle]

    def _morceaux(
        self, repere: Repere, decrire: Callable[[Iterable[Entite]], Iterator[bytes]]
    ) -> Iterator[bytes]:
        nom, part = repere
        if nom == EMPLACEMENT:
            if decrire is _des_lieux:
                yield repr(self._dossier.endroits(part)).encode()
        elif nom in _FICHES:
            fiche = self._dossier.__dict__[_FICHES[nom]]
            yield (
                _texte(fiche.__dict__[part])
                if decrire is _des_valeurs
                else repr(fiche.endroits.get(part)).encode()
            )
        elif part == TOUTES:
            rangees = self._rangees(nom)
            yield _octets(self._ordres[nom])
            for code in sorted(rangees):
                yield self._une(Repere(nom, code), decrire)
        else:
            yield from decrire(self._rangees(nom).get(part, ()))

    def _rangees(self, collection: str) -> dict[str, list[Entite]]:
        """Les lignes d’une collection saisie, par établissement."""
        if collection not in self._parts:
            lignes: list[Entite] = self._dossier.__dict__[collection]
            codes = [code_de(ligne) for ligne in lignes]
            rangees = self._parts.setdefault(collection, {})
            for code, ligne in zip(codes, lignes, strict=True):
                rangees.setdefault(code, []).append(ligne)
            self._ordres[collection] = "\0".join(codes)
        return self._parts[collection]


def _hacher(morceaux: Iterable[bytes]) -> bytes:
    somme = blake2b(digest_size=_TAILLE)
    for morceau in morceaux:
        somme.update(len(morceau).to_bytes(8))
        somme.update(morceau)
    return somme.digest()


def _des_valeurs(lignes: Iterable[Entite]) -> Iterator[bytes]:
    yield _octets("\n".join([repr(_donnees(ligne)) for ligne in lignes]))


def _donnees(ligne: Entite) -> list[object]:
    donnees = ligne.__dict__
    if donnees["sans_objet"]:
        donnees = donnees | {"sans_objet": sorted(donnees["sans_objet"])}
    return list(donnees.values())


def _texte(valeur: object) -> bytes:
    return _octets(repr(sorted(valeur) if isinstance(valeur, frozenset) else valeur))


def _octets(texte: str) -> bytes:
    return texte.encode("utf-8", "surrogatepass")


def _des_lieux(lignes: Iterable[Entite]) -> Iterator[bytes]:
    """Le numéro de chaque ligne ; la feuille et les colonnes, quand elles changent d’une ligne à l’autre."""
    precedentes: object = None
    lieux: list[object] = []
    for ligne in lignes:
        endroits = ligne.endroits
        if type(endroits) is not Endroits:
            lieux.append(sorted(endroits.items()))
        elif endroits.cellules is precedentes:
            lieux.append(endroits.numero)
        else:
            precedentes = endroits.cellules
            lieux.append((endroits.feuille, precedentes, endroits.numero))
    yield _octets(repr(lieux))
