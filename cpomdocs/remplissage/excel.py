"""Remplir un classeur imposé : seuls les octets des cases changent, le reste est celui de l’autorité.

prepare = preparer(gabarit)             une fois par gabarit
remplissage = remplir(prepare, saisies) autant de fois qu’il y a d’établissements
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TypeVar

from cpomdocs.erreurs import ErreurFichier
from cpomdocs.office.adresses import lire_cellule
from cpomdocs.office.archive import Comprime, lire_archive
from cpomdocs.office.classeur import lire_classeur
from cpomdocs.remplissage.commandes import traduire
from cpomdocs.remplissage.excel_cellules import Ecriture, Place
from cpomdocs.remplissage.excel_controles import choisir, verifier_contrainte
from cpomdocs.remplissage.excel_gabarit import Cible, FeuillePrete, GabaritExcel
from cpomdocs.remplissage.excel_listes import Liste
from cpomdocs.remplissage.excel_textes import TextesOuverts
from cpomdocs.remplissage.excel_valeurs import SaisieRefusee, convertir, exiger_fini
from cpomdocs.saisies import CaseExcel, Refus, Remplissage, Saisie

__all__ = ["GabaritExcel", "obstacle", "preparer", "remplir"]

T = TypeVar("T")
Visees = Callable[[], dict[str, list[Place]]]


def preparer(gabarit: bytes, nom: str = "gabarit") -> GabaritExcel:
    """Le gabarit vérifié et repéré ; `nom` : celui des messages.

    Lève `ErreurFichier` s’il ne peut pas être rempli sans risque.
    """
    archive = lire_archive(gabarit, nom)
    classeur, textes = lire_classeur(archive), TextesOuverts(archive)
    feuilles = {f.nom: FeuillePrete(f, classeur, textes) for f in classeur.feuilles if f.donnees}
    prepare = GabaritExcel(archive, classeur, feuilles, textes)
    prepare.reperer()
    return prepare


def obstacle(prepare: GabaritExcel, case: CaseExcel) -> tuple[str, str, str] | None:
    """Pourquoi la case ne peut pas être remplie (code, message, remède) ; `None` si elle le peut."""
    try:
        prepare.viser(case)
    except SaisieRefusee as refus:
        return refus.code, refus.message, refus.remede
    return None


def remplir(prepare: GabaritExcel, saisies: Sequence[Saisie]) -> Remplissage:
    """Le document rempli, avec les saisies écrites et celles que le gabarit refuse.

    Une saisie sans valeur laisse sa case telle quelle ; si rien n’est à écrire, le document est le gabarit.
    """
    posees = _Posees()
    ecrites: dict[int, Saisie] = {}
    refus: dict[int, Refus] = {}
    remplies: dict[str, Comprime] = {}
    visees = cache(lambda: _visees(prepare, saisies))
    for groupe in _par_feuille(saisies):
        for rang, saisie, valeur in groupe:
            try:
                cible = prepare.viser(saisie.case)
                ecriture = _traduire(cible, valeur, saisie.valeur.nature.nom == "taux", visees)
                if ecriture is not None:
                    posees.poser(cible, ecriture)
                    ecrites[rang] = saisie
            except SaisieRefusee as cause:
                refus[rang] = Refus(saisie, cause.code, f"{saisie.case} : {cause.message}", cause.remede)
            except ErreurFichier as cause:
                refus[rang] = Refus(saisie, "RX-02", f"{saisie.case} : {cause.message}", cause.remede)
        nom = next(reversed(posees.ecritures), None)  # celle du groupe, si une case y est admise
        if nom is not None and posees.ecritures[nom] and nom not in remplies:
            remplies[nom] = prepare.remplir_feuille(nom, posees.ecritures[nom], posees.ajouts.get(nom))
    octets = (
        prepare.assembler(remplies, posees.ecritures, posees.ajouts) if ecrites else prepare.archive.octets
    )
    return Remplissage(octets, _en_ordre(ecrites), _en_ordre(refus))


def _par_feuille(saisies: Sequence[Saisie]) -> Iterable[list[tuple[int, Saisie, object]]]:
    """Les saisies à écrire et leur rang, feuille après feuille : le texte d’une seule est alors ouvert."""
    groupes: dict[str, list[tuple[int, Saisie, object]]] = {}
    for rang, saisie in enumerate(saisies):
        valeur = saisie.a_ecrire
        if valeur is not None:
            feuille = saisie.case.feuille.casefold() if isinstance(saisie.case, CaseExcel) else ""
            groupes.setdefault(feuille, []).append((rang, saisie, valeur))
    return groupes.values()


def _en_ordre(par_rang: Mapping[int, T]) -> tuple[T, ...]:
    return tuple(par_rang[rang] for rang in sorted(par_rang))


@dataclass
class _Posees:
    """Ce qui s’écrira : les valeurs par feuille et par place, et les lignes à ajouter."""

    ecritures: dict[str, dict[Place, Ecriture]] = field(default_factory=dict)
    ajouts: dict[str, tuple[int, int]] = field(default_factory=dict)

    def poser(self, cible: Cible, ecriture: Ecriture) -> None:
        """Retient une valeur. Lève `SaisieRefusee` si sa place est prise, ou sous un tableau qui grandit."""
        nom = cible.feuille.fiche.nom
        deja = self.ecritures.setdefault(nom, {})
        if cible.place in deja:
            message = "Une autre donnée est déjà écrite dans cette case."
            raise SaisieRefusee("RX-12", message, "Corriger la correspondance.")
        if cible.ajout is not None or self.ajouts:
            self._suivre_l_ajout(cible, nom, deja)
        deja[cible.place] = ecriture

    def _suivre_l_ajout(self, cible: Cible, nom: str, deja: Collection[Place]) -> None:
        """Retient la ligne à ajouter. Lève `SaisieRefusee` pour une case sous un tableau qui grandit."""
        modele, nombre = self.ajouts.get(nom, (0, 0))
        if cible.ajout is not None:
            voulu = cible.ajout.modele[0]
            libre = voulu == modele if modele else all(ligne <= voulu for ligne, _ in deja)
            self.ajouts[nom] = (voulu, max(nombre, cible.ajout.rang)) if libre else (modele, nombre)
        else:
            libre = not modele or cible.place[0] <= modele
        if not libre:
            message = "Elle est sous un tableau de la même feuille, auquel des lignes s’ajoutent."
            raise SaisieRefusee("RX-13", message, "Ne pas ajouter de lignes à ce tableau (`ajouter`).")


def _traduire(cible: Cible, valeur: object, taux: bool, visees: Visees) -> Ecriture | None:
    """Ce qui s’écrit dans la cellule, `None` pour une option non choisie.

    Lève `SaisieRefusee` si elle n’admet pas la valeur.
    """
    if cible.controle is None and cible.commande is None:
        return convertir(valeur, cible.accueil, taux)
    exiger_fini(valeur)
    if cible.commande is not None:
        return traduire(cible.commande, valeur, cible.choix, cible.accueil)
    controle, liste = cible.controle, cible.liste
    if controle is not None and valeur != "":
        if liste is None:
            verifier_contrainte(valeur, controle, cible.accueil.date1904)
        else:
            strict = controle.strict and not _mouvante(liste, visees)
            choix = choisir(valeur, liste, cible.accueil, strict)
            if choix is not None:
                return choix
    return convertir(valeur, cible.accueil, taux)


def _visees(prepare: GabaritExcel, saisies: Sequence[Saisie]) -> dict[str, list[Place]]:
    """Les places à remplir, par feuille."""
    visees: dict[str, list[Place]] = {}
    for saisie in saisies:
        if saisie.a_ecrire is None or not isinstance(saisie.case, CaseExcel):
            continue
        fiche, place = prepare.classeur.feuille(saisie.case.feuille), lire_cellule(saisie.case.cellule)
        if fiche is not None and place is not None:
            visees.setdefault(fiche.nom, []).append(place)
    return visees


def _mouvante(liste: Liste, visees: Visees) -> bool:
    """Vrai si ce remplissage change la plage même d’où vient la liste."""
    plage = liste.plage
    return plage is not None and any(plage.contient(*place) for place in visees().get(liste.feuille, ()))
