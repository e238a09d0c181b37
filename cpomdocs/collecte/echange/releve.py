"""Relever un classeur : les lignes de chaque feuille, chaque donnée avec sa cellule, même illisible.

La lecture ordinaire écarte une ligne sans clé ou une cellule fausse, et le dit ; ici rien n’est écarté :
ce qui revient d’un collègue doit pouvoir être montré tel qu’il l’a tapé.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from cpomdocs.classeur.besoins import champs_saisis, modele_de
from cpomdocs.collecte.echange.donnees import Donnee, donnee
from cpomdocs.erreurs import ErreurFichier
from cpomdocs.lecture.fabrique import probleme_tu
from cpomdocs.lecture.garde import Place
from cpomdocs.lecture.grilles import ClasseurLu, Grille
from cpomdocs.lecture.lignes import Colonne
from cpomdocs.lecture.localisation import trouver_fiche, trouver_nom, trouver_tableau
from cpomdocs.lecture.valeurs.conversion import Attente, Lu
from cpomdocs.lecture.valeurs.listes import liste
from cpomdocs.lecture.valeurs.textes import normaliser
from cpomdocs.modeles.base import InfoChamp
from cpomdocs.modeles.dossier import FICHES
from cpomdocs.office.adresses import ecrire_cellule


@dataclass(eq=False)
class Ligne:
    """Une ligne et ses données non vides, par champ. `numero` : sa ligne d’Excel, `None` si elle n’y est pas.

    `preparee` : la ligne a été proposée à un collègue sans exister dans le classeur maître.
    `envoyees` : pour un champ corrigé depuis, la donnée envoyée à l’origine.
    """

    donnees: dict[str, Donnee]
    numero: int | None = None
    preparee: bool = False
    envoyees: dict[str, Donnee | None] = field(default_factory=dict)

    def cle(self, noms: Iterable[str]) -> tuple[Donnee | None, ...]:
        """Ce qui identifie la ligne."""
        return tuple(self.donnees.get(nom) for nom in noms)


@dataclass
class Table:
    """Les lignes d’une feuille. `colonnes` : la colonne de chaque champ, à partir de 1.

    Une fiche est une table d’une seule ligne, dont chaque champ a sa place (`places`).
    `etrangeres` : les cellules remplies qui ne sont à aucun champ, et leur texte.
    """

    collection: str
    feuille: str
    lignes: list[Ligne] = field(default_factory=list)
    colonnes: Mapping[str, int] = field(default_factory=dict)
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    etrangeres: dict[str, str] = field(default_factory=dict)

    @property
    def champs(self) -> frozenset[str]:
        """Les champs que la feuille sait porter."""
        return frozenset(self.colonnes) | frozenset(self.places)

    def place(self, ligne: Ligne, champ: str) -> tuple[int, int] | None:
        """(ligne, colonne) d’une donnée, à partir de 1 ; `None` si elle n’a pas de cellule."""
        if champ in self.places:
            return self.places[champ]
        if ligne.numero is None or champ not in self.colonnes:
            return None
        return ligne.numero, self.colonnes[champ]

    def adresse(self, ligne: Ligne, champ: str) -> str:
        """L’adresse d’une donnée, vide si elle n’a pas de cellule."""
        place = self.place(ligne, champ)
        return ecrire_cellule(*place) if place else ""


@dataclass
class Releve:
    """Les tables d’un classeur, et ce qu’il a fallu dire : feuilles absentes, renommées, illisibles."""

    tables: dict[str, Table] = field(default_factory=dict)
    absentes: list[str] = field(default_factory=list)
    renommees: dict[str, str] = field(default_factory=dict)
    illisibles: dict[str, str] = field(default_factory=dict)
    """Feuille → pourquoi elle n’a pas pu être lue."""


def annee_n_de(lu: ClasseurLu) -> int | None:
    """L’année N que dit la feuille « Paramètres », si elle y est."""
    table = relever(lu, ["parametres"], None).tables.get("parametres")
    valeur = table.lignes[0].donnees["annee_n"].valeur() if table and _porte_n(table) else None
    return None if valeur is None else int(str(valeur))


def _porte_n(table: Table) -> bool:
    return bool(table.lignes) and "annee_n" in table.lignes[0].donnees


def relever(lu: ClasseurLu, collections: Iterable[str], annee_n: int | None) -> Releve:
    """Les tables de ces fiches et collections ; une feuille renommée se reconnaît à son titre."""
    releve = Releve()
    for collection in collections:
        voulue = modele_de(collection).feuille
        nom = _nom_de(lu, voulue.nom, releve) if voulue is not None else None
        if nom is None:
            continue
        try:
            grille = lu.grille(nom)
        except ErreurFichier as erreur:
            releve.illisibles[nom] = erreur.message
            continue
        lire = _fiche if collection in FICHES else _liste
        table = lire(collection, grille, annee_n)
        if table is None:
            releve.illisibles[nom] = "ses en-têtes sont introuvables"
        else:
            releve.tables[collection] = table
    return releve


def _nom_de(lu: ClasseurLu, voulue: str, releve: Releve) -> str | None:
    """Le nom de la feuille : le sien, ou celui de la feuille qui porte son titre en A1."""
    nom = trouver_nom(voulue, lu.feuilles)
    if nom is None:
        nom = next((autre for autre in lu.feuilles if _a_pour_titre(lu, autre, voulue)), None)
        if nom is None:
            releve.absentes.append(voulue)
        else:
            releve.renommees[voulue] = nom
    return nom


def _a_pour_titre(lu: ClasseurLu, feuille: str, titre: str) -> bool:
    try:
        lignes = lu.grille(feuille).lignes
    except ErreurFichier:
        return False
    premiere = lignes[0][0] if lignes and lignes[0] else ""
    return isinstance(premiere, str) and normaliser(premiere) == normaliser(titre)


def _colonne(info: InfoChamp, rang: int, annee_n: int | None) -> Colonne:
    return Colonne(info, Attente(info, liste(info.liste) if info.liste else None, annee_n), rang, {})


class _Lecteur:
    """Lit les cellules d’une colonne ; une valeur déjà vue n’est pas relue."""

    def __init__(self, grille: Grille, colonne: Colonne) -> None:
        self.nom = colonne.info.nom
        self.rang = colonne.rang
        self._grille = grille
        self._colonne = colonne
        self._vues: dict[tuple[type, object], Donnee | None] = {}

    def lire(self, rang: int, brut: object) -> Donnee | None:
        """La donnée de cette cellule, ou `None` si elle est vide."""
        if brut == "":
            return _lire(self._grille, Place(rang, self.rang), self._colonne)
        cle = (type(brut), brut)
        if cle not in self._vues:
            self._vues[cle] = donnee(self._colonne.lire(brut), brut, self._colonne.info)
        return self._vues[cle]


def _lire(grille: Grille, place: Place, colonne: Colonne) -> Donnee | None:
    cellules = grille.lignes[place.ligne]
    brut = cellules[place.colonne] if place.colonne < len(cellules) else ""
    if brut == "":
        probleme = probleme_tu(grille, place)
        if probleme is None:
            return None
        return donnee(
            Lu(probleme=probleme), grille.constats.erreurs.get(place, "formule sans résultat"), colonne.info
        )
    return donnee(colonne.lire(brut), brut, colonne.info)


def _liste(collection: str, grille: Grille, annee_n: int | None) -> Table | None:
    champs = champs_saisis(collection)
    trouve = trouver_tableau(grille, champs)
    if trouve is None:
        return None
    colonnes = [_colonne(i, trouve.colonnes[i.nom], annee_n) for i in champs if i.nom in trouve.colonnes]
    table = Table(collection, grille.nom, colonnes={c.info.nom: c.rang + 1 for c in colonnes})
    lecteurs = [_Lecteur(grille, colonne) for colonne in colonnes]
    rien_de_tu = not grille.constats.erreurs and not grille.constats.sans_resultat
    for rang in range(trouve.ligne + 1, len(grille.lignes)):
        donnees: dict[str, Donnee] = {}
        for lecteur in lecteurs:
            brut = grille.lignes[rang][lecteur.rang]
            if brut == "" and rien_de_tu:
                continue
            lue = lecteur.lire(rang, brut)
            if lue is not None:
                donnees[lecteur.nom] = lue
        if donnees:
            table.lignes.append(Ligne(donnees, rang + 1))
    table.etrangeres = dict(_etrangeres(grille, trouve.ligne, {c.rang for c in colonnes}))
    return table


def _etrangeres(grille: Grille, entete: int, connues: set[int]) -> Iterator[tuple[str, str]]:
    """Les cellules remplies au-dessus des en-têtes ou hors des colonnes connues."""
    for rang, cellules in enumerate(grille.lignes):
        for colonne, brut in enumerate(cellules):
            if (rang < entete or colonne not in connues) and str(brut).strip():
                yield Place(rang, colonne).adresse, str(brut).strip()


def _fiche(collection: str, grille: Grille, annee_n: int | None) -> Table | None:
    champs = champs_saisis(collection)
    trouvee = trouver_fiche(grille, champs)
    if trouvee is None:
        return None
    places = {nom: Place(rang, trouvee.colonne_valeurs) for nom, rang in trouvee.lignes.items()}
    lues = {
        info.nom: _lire(grille, places[info.nom], _colonne(info, 0, annee_n))
        for info in champs
        if info.nom in places
    }
    donnees = {nom: lue for nom, lue in lues.items() if lue is not None}
    sur_place = {nom: (place.ligne + 1, place.colonne + 1) for nom, place in places.items()}
    return Table(collection, grille.nom, [Ligne(donnees)], places=sur_place)
