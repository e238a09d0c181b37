"""Les places d’un formulaire Excel : cellules déverrouillées, ou cellules vides à côté d’un libellé."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal

from cpomdocs.office.adresses import ecrire_cellule, lire_cellule
from cpomdocs.office.valeurs import valeur_cellule
from cpomdocs.remplissage.excel_gabarit import Cible, FeuillePrete, GabaritExcel
from cpomdocs.remplissage.excel_valeurs import SaisieRefusee, date_du_numero
from cpomdocs.remplissage.places import Place
from cpomdocs.saisies import CaseExcel

_LONGUEUR = 90
_GENRES = {"coche": "case à cocher", "option": "option", "liste": "liste posée"}


def places(prepare: GabaritExcel) -> Iterator[Place]:
    """Les places de chaque feuille visible, ligne par ligne.

    Une feuille protégée dit elle-même ce qui est à saisir ; sinon, une cellule mise en forme et vide qui a
    un libellé à sa gauche ou au-dessus.
    """
    for feuille in prepare.feuilles.values():
        if feuille.fiche.etat == "visible":
            yield from _de_la_feuille(prepare, feuille)
            yield from _posees(prepare, feuille.fiche.nom)


def _posees(prepare: GabaritExcel, feuille: str) -> Iterator[Place]:
    """Les cases à cocher, options et listes posées sur la feuille ; sans cellule liée, elles sont dites."""
    for commande in (c for c in prepare.commandes.toutes if c.feuille == feuille):
        texte = prepare.commandes.adresse(commande)
        lieu = prepare.commandes.lieu(commande)
        case = CaseExcel(lieu[0] if lieu else feuille, ecrire_cellule(*lieu[1]) if lieu else "", texte)
        choix = tuple(str(item) for item in prepare.commandes.items(commande) if item is not None)
        obstacle = None if lieu else "ce contrôle n’a pas de cellule liée : le remplir à la main."
        etat = "" if commande.genre == "liste" or commande.activex else "☐" if commande.etat == "0" else "☒"
        yield Place(_GENRES[commande.genre], case, commande.legende or commande.nom, etat, choix, obstacle)


def _de_la_feuille(prepare: GabaritExcel, feuille: FeuillePrete) -> Iterator[Place]:
    dessus: dict[int, str] = {}
    for ligne in feuille.origine.lignes:
        gauche = ""
        for colonne, cellule in feuille.origine.cellules(ligne).items():
            valeur = valeur_cellule(feuille.origine, cellule, prepare.classeur.chaines)
            texte = "" if valeur is None else " ".join(str(valeur).split())
            case = CaseExcel(feuille.fiche.nom, ecrire_cellule(ligne.numero, colonne))
            libelle = " · ".join(dict.fromkeys(t for t in (gauche, dessus.get(colonne, "")) if t))
            cible = _viser(prepare, case)
            if cible is not None and (feuille.cadre.protegee or (libelle and not texte)):
                yield _place(case, cible, libelle, texte)
            elif isinstance(valeur, str) and texte:
                gauche = dessus[colonne] = texte[:_LONGUEUR]


def contenu(prepare: GabaritExcel, case: CaseExcel) -> str | Decimal | bool | datetime.date | None:
    """Ce que la cellule montre dans le gabarit vierge, un nombre au format de date rendu en date."""
    fiche, place = prepare.classeur.feuille(case.feuille), lire_cellule(case.cellule)
    feuille = prepare.feuilles.get(fiche.nom) if fiche else None
    cellule = feuille.origine.cellule(*place) if feuille and place else None
    if feuille is None or place is None or cellule is None:
        return None
    valeur = valeur_cellule(feuille.origine, cellule, prepare.classeur.chaines)
    style, _ = feuille.allure(place, cellule)
    if style.date and isinstance(valeur, Decimal):
        return date_du_numero(valeur, prepare.classeur.date1904)
    return valeur


def _viser(prepare: GabaritExcel, case: CaseExcel) -> Cible | None:
    try:
        return prepare.viser(case)
    except SaisieRefusee:
        return None


def _place(case: CaseExcel, cible: Cible, libelle: str, texte: str) -> Place:
    choix = tuple(str(item) for item in cible.liste.items) if cible.liste is not None else ()
    date = cible.accueil.attend_date or cible.accueil.style.date
    genre = "liste" if choix else "date" if date else "cellule"
    return Place(genre, case, libelle, texte, choix)
