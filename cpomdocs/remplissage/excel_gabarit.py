"""Un gabarit Excel préparé une fois : ce qu’on en lit sert à tous les documents qu’on en tire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from cpomdocs.office.adresses import ecrire_cellule, lire_cellule
from cpomdocs.office.archive import Archive, Comprime, comprimer
from cpomdocs.office.cadre import Cadre, Controle, lire_cadre
from cpomdocs.office.classeur import Classeur, FeuilleClasseur
from cpomdocs.office.feuille import Cellule, FeuilleOctets
from cpomdocs.office.styles import Style
from cpomdocs.remplissage.commandes import Commande, Commandes
from cpomdocs.remplissage.croissance import Ajout, Croissances, lire_ajout
from cpomdocs.remplissage.excel_blocs import FeuilleParBlocs, Trace
from cpomdocs.remplissage.excel_cellules import Ecriture, Place, amenager, style_herite
from cpomdocs.remplissage.excel_listes import Item, Liste, lire_liste
from cpomdocs.remplissage.excel_resultats import Retraits, demander_recalcul, retraits
from cpomdocs.remplissage.excel_textes import TextesOuverts
from cpomdocs.remplissage.excel_valeurs import Accueil, SaisieRefusee
from cpomdocs.saisies import Case, CaseExcel

TRACES = 16
"""Jeux de places gardés par feuille : d’un établissement à l’autre, ce sont presque toujours les mêmes."""


@dataclass
class FeuillePrete:
    """Une feuille du gabarit : ses octets d’origine, son cadre, ce qui s’en prépare une fois."""

    fiche: FeuilleClasseur
    classeur: Classeur = field(repr=False)
    textes: TextesOuverts = field(repr=False)
    octets: bytes | None = field(default=None, repr=False)
    """La feuille agrandie ; absente, celle du gabarit."""
    _traces: dict[frozenset[Place], Trace] = field(default_factory=dict, repr=False)

    @cached_property
    def origine(self) -> FeuilleOctets:
        """La feuille telle que l’autorité l’a faite, ou agrandie."""
        if self.octets is not None:
            return FeuilleOctets(self.octets, self.fiche.nom)
        return self.textes.ouvrir(self.fiche)

    @cached_property
    def cadre(self) -> Cadre:
        """Fusions, contrôles de saisie, protection, tableaux."""
        return lire_cadre(self.classeur, self.fiche, self.origine)

    @cached_property
    def retraits(self) -> Retraits:
        """Ce qui ôte aux formules leurs résultats, faux dès qu’une valeur change."""
        return retraits(self.origine)

    @cached_property
    def blocs(self) -> FeuilleParBlocs:
        """La feuille sans résultats, comprimée par morceaux qui servent à tous les documents."""
        return FeuilleParBlocs(self.origine, self.retraits)

    def remplir(self, ecritures: Mapping[Place, Ecriture]) -> Comprime:
        """La feuille où ces valeurs sont épissées, sans les résultats de ses formules."""
        places = frozenset(ecritures)
        trace = self._traces.get(places)
        if trace is None:
            if len(self._traces) >= TRACES:
                self._traces.clear()
            trace = self._traces[places] = self.blocs.tracer(amenager(self.origine, self.cadre, places))
        return trace.remplir(ecritures)

    @cached_property
    def sans_valeur(self) -> Comprime | None:
        """La feuille sans les résultats de ses formules ; `None` si elle n’en a pas."""
        return self.blocs.tracer([]).remplir({}) if self.retraits.debuts else None

    def reperer(self) -> None:
        """Lit ce que tout remplissage demandera. Lève `ErreurFichier` si la feuille est malformée."""
        _ = (self.origine.debuts_de_lignes, self.origine.calcule, self.retraits)

    def allure(self, place: Place, cellule: Cellule | None) -> tuple[Style, bool]:
        """Le style de la cellule (le sien si elle est écrite, sinon celui de sa ligne ou de sa colonne), et
        si elle contient déjà un booléen."""
        if cellule is None:
            return self.classeur.style(style_herite(self.origine, self.cadre, place)), False
        numero, booleenne = self.origine.allure(cellule)
        return self.classeur.style(numero), booleenne


class Cible(NamedTuple):
    """Une cellule à remplir : ce qu’elle attend, le contrôle de saisie qu’elle subit et sa liste."""

    feuille: FeuillePrete
    place: Place
    accueil: Accueil
    controle: Controle | None
    liste: Liste | None
    ajout: Ajout | None = None
    """Pour une cellule d’une ligne ajoutée : celle qu’elle copie."""
    commande: Commande | None = None
    """La case à cocher, l’option ou la liste que la correspondance nomme, dont c’est la cellule liée."""
    choix: Sequence[Item | None] = ()
    """Les choix de cette liste."""


@dataclass
class GabaritExcel:
    """Le gabarit préparé. `feuilles` : par nom, celles qui ont des cellules."""

    archive: Archive
    classeur: Classeur
    feuilles: dict[str, FeuillePrete]
    textes: TextesOuverts
    _cibles: dict[Case, Cible | SaisieRefusee] = field(default_factory=dict, repr=False)
    _listes: dict[tuple[str, int, Place], Liste | None] = field(default_factory=dict, repr=False)
    _agrandies: dict[tuple[str, int, int], FeuillePrete] = field(default_factory=dict, repr=False)

    def reperer(self) -> None:
        """Repère lignes et formules de chaque feuille. Lève `ErreurFichier` si l’une est malformée."""
        for feuille in self.feuilles.values():
            feuille.reperer()

    def viser(self, case: Case) -> Cible:
        """La cellule d’une case qu’on peut remplir, lue une fois pour tous les documents.

        Lève `SaisieRefusee` : autre chose qu’une cellule, feuille absente, adresse impossible, formule,
        verrou, fusion, tableau.
        """
        cible = self._cibles.get(case)
        if cible is None:
            try:
                cible = self._lire_cible(case)
            except SaisieRefusee as refus:
                cible = refus
            self._cibles[case] = cible
        if isinstance(cible, SaisieRefusee):
            raise cible.with_traceback(None)
        return cible

    def _lire_cible(self, case: Case) -> Cible:
        if not isinstance(case, CaseExcel):
            message = "Cette case n’est pas une cellule."
            raise SaisieRefusee("RX-02", message, "Écrire par exemple Feuille!C4.")
        fiche = self.classeur.feuille(case.feuille)
        feuille = self.feuilles.get(fiche.nom) if fiche else None
        if feuille is None:
            message = f"Le gabarit n’a pas de feuille « {case.feuille} »."
            raise SaisieRefusee("RX-01", message, f"Feuilles du gabarit : {' · '.join(self.feuilles)}.")
        ajout = lire_ajout(case.cellule)
        if ajout is not None:
            return self._cible_ajoutee(feuille, ajout)
        place = lire_cellule(case.cellule)
        if place is None:
            message = f"« {case.cellule} » n’est pas une adresse de cellule."
            raise SaisieRefusee("RX-02", message, "Écrire par exemple C4.")
        cellule = feuille.origine.cellule(*place)
        style, booleenne = feuille.allure(place, cellule)
        _verifier_libre(feuille, place, cellule)
        if not case.malgre_verrou:
            _verifier_sans_verrou(feuille, place, style)
        controle = feuille.cadre.controle(*place)
        coche = style.coche or self.commandes.coche(feuille.fiche.nom, place)
        accueil = Accueil(
            style=style,
            date1904=self.classeur.date1904,
            booleen=coche or booleenne,
            attend_date=controle is not None and controle.genre == "date",
        )
        liste = self._liste(feuille, place, controle)
        if not case.commande:
            return Cible(feuille, place, accueil, controle, liste)
        commande = self.commandes.designer(case.commande)
        choix = self.commandes.items(commande)
        return Cible(feuille, place, accueil, controle, liste, commande=commande, choix=choix)

    @cached_property
    def commandes(self) -> Commandes:
        """Les cases à cocher, options et listes posées sur les feuilles."""
        return Commandes(self.classeur, {nom: feuille.origine for nom, feuille in self.feuilles.items()})

    def _cible_ajoutee(self, feuille: FeuillePrete, ajout: Ajout) -> Cible:
        """La cellule d’une ligne ajoutée : ce qu’admet celle qu’elle copie."""
        modele = ajout.modele[0]
        refus = self.croissances.obstacle(feuille.fiche, feuille.cadre, modele)
        if refus is not None:
            raise SaisieRefusee(
                "RX-13",
                f"Pas de ligne à ajouter sous la ligne {modele} de « {feuille.fiche.nom} » : {refus}",
                "Demander des copies « suite » (suite = true), ou regrouper des lignes.",
            )
        cible = self.viser(CaseExcel(feuille.fiche.nom, ecrire_cellule(*ajout.modele)))
        liste = self._liste(feuille, ajout.place, cible.controle)
        return cible._replace(place=ajout.place, liste=liste, ajout=ajout)

    @cached_property
    def croissances(self) -> Croissances:
        """Les feuilles agrandies de ce gabarit, et ce qui interdit d’en agrandir."""
        return Croissances(self.classeur, {nom: feuille.origine for nom, feuille in self.feuilles.items()})

    def _liste(self, feuille: FeuillePrete, place: Place, controle: Controle | None) -> Liste | None:
        """La liste déroulante de la cellule ; `None` si elle n’en a pas ou si elle ne se vérifie pas."""
        if controle is None or controle.genre != "list":
            return None
        cle = (feuille.fiche.nom, id(controle), place if "$" not in controle.formule1 else (0, 0))
        if cle not in self._listes:
            self._listes[cle] = lire_liste(self.classeur, self._ouvrir, feuille.fiche.nom, controle, place)
        return self._listes[cle]

    def remplir_feuille(
        self, nom: str, ecritures: Mapping[Place, Ecriture], ajout: tuple[int, int] | None = None
    ) -> Comprime:
        """La feuille où ces valeurs sont épissées. `ajout` : la ligne à copier et le nombre de ses copies."""
        feuille = self._agrandie(nom, *ajout) if ajout else self.feuilles[nom]
        return feuille.remplir(ecritures)

    def assembler(
        self,
        remplies: Mapping[str, Comprime],
        ecritures: Mapping[str, Mapping[Place, Ecriture]],
        ajouts: Mapping[str, tuple[int, int]],
    ) -> bytes:
        """Le document : ces feuilles remplies de ces valeurs, les autres sans résultats, le reste recopié."""
        parties: dict[str, bytes | Comprime] = {}
        for nom, feuille in self.feuilles.items():
            remplie = remplies.get(nom) or feuille.sans_valeur
            if remplie is not None:
                parties[feuille.fiche.partie] = remplie
        if self.a_formules:
            parties[self.classeur.partie] = self._classeur_a_recalculer
        parties |= self.commandes.etats(ecritures)
        if ajouts:
            parties |= self.croissances.autour(ajouts, self.a_formules)
        self.textes.oublier()
        return self.archive.recomposer(parties)

    def _agrandie(self, nom: str, modele: int, nombre: int) -> FeuillePrete:
        """La feuille agrandie, gardée pour les établissements qui ont autant de lignes."""
        cle = nom, modele, nombre
        if cle not in self._agrandies:
            if len(self._agrandies) >= TRACES:
                self._agrandies.clear()
            octets = self.croissances.agrandir(nom, modele, nombre)
            self._agrandies[cle] = replace(self.feuilles[nom], octets=octets, _traces={})
        return self._agrandies[cle]

    @cached_property
    def _classeur_a_recalculer(self) -> Comprime:
        return comprimer(demander_recalcul(self.archive.lire(self.classeur.partie)))

    @cached_property
    def a_formules(self) -> bool:
        """Vrai si une feuille au moins calcule quelque chose."""
        return any(feuille.origine.calcule for feuille in self.feuilles.values())

    def _ouvrir(self, nom: str) -> FeuilleOctets | None:
        fiche = self.classeur.feuille(nom)
        feuille = self.feuilles.get(fiche.nom) if fiche else None
        return feuille.origine if feuille else None


def _verifier_libre(feuille: FeuillePrete, place: Place, cellule: Cellule | None) -> None:
    """Lève `SaisieRefusee` si la cellule n’est pas à remplir : fusion, formule, en-tête de tableau."""
    fusion = feuille.cadre.fusion(*place)
    if fusion is not None and (fusion.haut, fusion.gauche) != place:
        dedans = f"La cellule {ecrire_cellule(*place)} est à l’intérieur de la fusion {fusion}."
        raise SaisieRefusee("RX-05", dedans, f"Viser {ecrire_cellule(fusion.haut, fusion.gauche)}.")
    _verifier_sans_formule(feuille, place, cellule)
    for tableau in feuille.cadre.tableaux:
        reserve = tableau.croise or place[0] < tableau.plage.haut + tableau.entete
        if reserve and tableau.plage.contient(*place):
            quoi = "dans le tableau croisé" if tableau.croise else "dans l’en-tête du tableau"
            dedans = f"La cellule {ecrire_cellule(*place)} est {quoi} « {tableau.nom} »."
            raise SaisieRefusee("RX-06", dedans, "Viser une cellule de saisie.")


def _verifier_sans_verrou(feuille: FeuillePrete, place: Place, style: Style) -> None:
    if not (feuille.cadre.protegee and style.verrouillee):
        return
    if not any(plage.contient(*place) for plage in feuille.cadre.plages_permises):
        ou = f"la feuille « {feuille.fiche.nom} »"
        raise SaisieRefusee(
            "RX-04",
            f"La cellule {ecrire_cellule(*place)} est verrouillée par la protection de {ou}.",
            "Viser une cellule que le formulaire laisse libre, ou écrire malgre_verrou = true sur sa ligne.",
        )


def _verifier_sans_formule(feuille: FeuillePrete, place: Place, cellule: Cellule | None) -> None:
    if cellule is not None and feuille.origine.a_formule(cellule):
        calculee = f"La cellule {ecrire_cellule(*place)} contient une formule du formulaire."
        raise SaisieRefusee("RX-03", calculee, "Laisser Excel la calculer.")
    for matrice in feuille.origine.matrices:
        if matrice.plage.contient(*place):
            quoi = "d’une table de données" if matrice.genre == "dataTable" else "d’une formule matricielle"
            calculee = f"La cellule {ecrire_cellule(*place)} reçoit le résultat {quoi} ({matrice.plage})."
            raise SaisieRefusee("RX-03", calculee, "Laisser Excel la calculer.")
