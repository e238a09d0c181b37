"""Des lignes insérées ou supprimées décalent une feuille : les retrouver, ramener le document au gabarit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from cpomdocs.certificat.comparaison.constats import Constat
from cpomdocs.certificat.comparaison.excel.feuille import Case, Feuille, Place
from cpomdocs.certificat.comparaison.excel.formules import deplacer, renumeroter
from cpomdocs.office.adresses import LIGNES, Plage, lire_plages

_MAXIMUM = 1_500
"""Lignes à aligner au-delà desquelles on renonce : le coût croît comme leur carré."""


@dataclass(frozen=True)
class Decalage:
    """Pour une feuille : la ligne du gabarit de chaque ligne du document, les insérées et les supprimées."""

    lignes: tuple[int, ...]
    """Rang i : la ligne du gabarit où est la ligne i + 1 du document, ou celle qui précède une insérée."""
    inserees: frozenset[int]
    supprimees: frozenset[int]

    def ligne(self, numero: int) -> int:
        """La ligne du gabarit ; au-delà des lignes connues, le même décalage que la dernière."""
        if not self.lignes or numero >= LIGNES:
            return numero
        if numero <= len(self.lignes):
            return self.lignes[numero - 1]
        return numero - len(self.lignes) + self.lignes[-1]

    def au_document(self, numero: int) -> int:
        """La ligne du document où est cette ligne du gabarit."""
        rangs = (i for i, ligne in enumerate(self.lignes, 1) if ligne == numero and i not in self.inserees)
        return next(rangs, numero)

    def plage(self, plage: Plage) -> Plage:
        """La plage du gabarit ; une plage sans fin le reste."""
        bas = plage.bas if plage.bas - plage.haut > _MAXIMUM else self.ligne(plage.bas)
        return Plage(self.ligne(plage.haut), plage.gauche, max(bas, self.ligne(plage.haut)), plage.droite)

    def constats(self, feuille: str) -> list[Constat]:
        """Ce qu’il faut en dire."""
        constats = []
        for genre, numeros, mot in (
            ("lignes_inserees", self.inserees, "du document"),
            ("lignes_supprimees", self.supprimees, "du gabarit"),
        ):
            for debut, fin in suites(sorted(numeros)):
                lieu = f"ligne {debut} {mot}" if debut == fin else f"lignes {debut} à {fin} {mot}"
                constats.append(Constat(genre=genre, feuille=feuille, lieu=lieu, nombre=fin - debut + 1))
        return constats

    def efface(self, constat: Constat) -> bool:
        """Vrai si le constat ne porte que sur des lignes supprimées, déjà dites."""
        plages = lire_plages(constat.lieu)
        return bool(plages) and all(
            set(range(p.haut, p.bas + 1)) <= self.supprimees for p in plages if p.bas - p.haut <= _MAXIMUM
        )


def suites(numeros: list[int]) -> list[tuple[int, int]]:
    """Les suites de numéros consécutifs : (premier, dernier)."""
    trouvees: list[tuple[int, int]] = []
    for numero in numeros:
        if trouvees and trouvees[-1][1] == numero - 1:
            trouvees[-1] = trouvees[-1][0], numero
        else:
            trouvees.append((numero, numero))
    return trouvees


def chercher_decalage(avant: Feuille, apres: Feuille) -> Decalage | None:
    """Le décalage qui aligne au mieux les libellés et les formules ; `None` s’il n’y en a pas."""
    anciennes, nouvelles = _cles(avant), _cles(apres)
    debut = _communes(anciennes, nouvelles)
    fin = _communes(anciennes[debut:][::-1], nouvelles[debut:][::-1])
    milieux = anciennes[debut : len(anciennes) - fin], nouvelles[debut : len(nouvelles) - fin]
    if max(map(len, milieux)) > _MAXIMUM:
        return None
    lignes = list(range(1, debut + 1))
    inserees: set[int] = set()
    supprimees: set[int] = set()
    for _, *bornes in SequenceMatcher(None, *milieux, autojunk=False).get_opcodes():
        a1, a2, b1, b2 = (debut + borne for borne in bornes)
        communes = min(a2 - a1, b2 - b1)
        lignes += range(a1 + 1, a1 + communes + 1)
        lignes += [max(1, a1 + communes)] * (b2 - b1 - communes)
        inserees.update(range(b1 + communes + 1, b2 + 1))
        supprimees.update(range(a1 + communes + 1, a2 + 1))
    lignes += range(len(anciennes) - fin + 1, len(anciennes) + 1)
    if not inserees and not supprimees:
        return None
    return Decalage(tuple(lignes), frozenset(inserees), frozenset(supprimees))


def _communes(une: list[tuple[object, ...]], autre: list[tuple[object, ...]]) -> int:
    """Le nombre de lignes pareilles au début."""
    paires = enumerate(zip(une, autre, strict=False))
    return next((rang for rang, (a, b) in paires if a != b), min(len(une), len(autre)))


def _cles(feuille: Feuille) -> list[tuple[object, ...]]:
    """Ce qui fait reconnaître chaque ligne : son premier texte, les colonnes de ses formules."""
    derniere = max((ligne for ligne, _ in feuille.cases), default=0)
    cles: list[list[object]] = [[] for _ in range(derniere)]
    for (ligne, colonne), case in sorted(feuille.cases.items()):
        cle = cles[ligne - 1]
        if case.formule is not None:
            cle.append(colonne)
        elif isinstance(case.valeur, str) and not any(isinstance(c, tuple) for c in cle):
            cle.append((colonne, case.valeur))
    return [tuple(cle) for cle in cles]


def ramener(
    feuille: Feuille, decalages: Mapping[str, Decalage], renommees: Mapping[str, str], cellules: bool = True
) -> Feuille:
    """La feuille du document, lignes et références comptées comme au gabarit.

    `cellules` : faux si les siennes sont déjà comme au gabarit ; ses règles peuvent ne pas l’être.
    """
    nom = feuille.nom.casefold()
    propre = decalages.get(renommees.get(nom, nom))

    def reecrire(formule: str) -> str:
        return renumeroter(formule, nom, lambda ou: numeroteur(decalages, renommees, ou))

    if not cellules:
        return replace(feuille, reecrire=reecrire)
    cases = {}
    for place, case in feuille.cases.items():
        vers = _place(place, propre)
        if vers is not None:
            cases[vers] = _case(case, place, reecrire)
    ramenee = replace(feuille, cases=cases, reecrire=reecrire)
    return _entourage(ramenee, propre) if propre else ramenee


def numeroteur(
    decalages: Mapping[str, Decalage], renommees: Mapping[str, str], feuille: str
) -> Callable[[int], int] | None:
    """La numérotation d’une feuille du document ; `None` si rien n’y est décalé."""
    decalage = decalages.get(renommees.get(feuille, feuille))
    return decalage.ligne if decalage else None


def _place(place: Place, decalage: Decalage | None) -> Place | None:
    """La place au gabarit ; `None` dans une ligne insérée."""
    if decalage is None:
        return place
    return None if place[0] in decalage.inserees else (decalage.ligne(place[0]), place[1])


def _case(case: Case, place: Place, reecrire: Callable[[str], str]) -> Case:
    if case.formule is None:
        return case
    formule = deplacer(case.formule, case.depuis, place) if case.depuis else case.formule
    return replace(case, formule=reecrire(formule), depuis=None)


def _entourage(feuille: Feuille, decalage: Decalage) -> Feuille:
    """Fusions, masques et styles de ligne ramenés aux lignes du gabarit."""
    cadre = feuille.cadre
    feuille.cadre = replace(
        cadre,
        fusions=tuple(map(decalage.plage, (p for p in cadre.fusions if p.haut not in decalage.inserees))),
        plages_permises=tuple(map(decalage.plage, cadre.plages_permises)),
        tableaux=tuple(replace(t, plage=decalage.plage(t.plage)) for t in cadre.tableaux),
    )
    gardees = [n for n in feuille.lignes_masquees if n not in decalage.inserees]
    feuille.lignes_masquees = {decalage.ligne(n) for n in gardees}
    feuille.calculees = [decalage.plage(p) for p in feuille.calculees]
    feuille.styles_lignes = {decalage.ligne(n): s for n, s in feuille.styles_lignes.items()}
    feuille.styles_vides = {(decalage.ligne(n), c): s for (n, c), s in feuille.styles_vides.items()}
    feuille.situer = decalage.plage
    return feuille
