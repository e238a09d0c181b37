"""Les éléments communs aux feuilles du classeur : titre, notes, listes déroulantes, valeurs, couleurs."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from cpomdocs.classeur import disposition as d
from cpomdocs.classeur import marques
from cpomdocs.classeur.besoins import PUCE, FormulaireResume, modele_de
from cpomdocs.classeur.feuilles.listes import choix
from cpomdocs.classeur.feuilles.styles import Styles
from cpomdocs.classeur.valeurs import SANS_OBJET, Cellule
from cpomdocs.lecture.valeurs.listes import liste
from cpomdocs.modeles.base import InfoChamp
from cpomdocs.office.adresses import ecrire_cellule

ACCUEIL = "Mode d’emploi"
_ATTENDUS = {
    "entier": "un nombre entier",
    "decimal": "un nombre",
    "montant": "un montant en euros",
    "taux": "un pourcentage",
    "date": "une date (jour/mois/année)",
    "annee": "une année en quatre chiffres",
}
_AVERTIR = {"error_type": "warning", "error_title": "À vérifier"}


@dataclass(frozen=True)
class Atelier:
    """Ce que toutes les feuilles partagent : le classeur, ses formats, les formulaires choisis, s’il a des
    boutons."""

    classeur: Workbook
    styles: Styles
    formulaires: Sequence[FormulaireResume]
    boutons: bool = False


def ecrire_haut(
    atelier: Atelier, feuille: Worksheet, collection: str, largeurs: Sequence[float], grille: bool = True
) -> None:
    """Le haut d’une feuille : titre, aide, formulaires qui la demandent, retour au mode d’emploi, onglet."""
    entete = modele_de(collection).feuille
    if entete is None:
        raise LookupError(f"« {collection} » n’a pas de feuille")
    styles = atelier.styles
    feuille.hide_gridlines(0 if grille else 2)
    feuille.set_row(d.LIGNE_TITRE, 30, styles.aide())
    feuille.set_row(d.LIGNE_AIDE, 18, styles.aide())
    feuille.set_row(d.LIGNE_DEMANDE, 18, styles.aide())
    feuille.set_row(d.LIGNE_MARQUES, 28 if grille else 8, styles.marque())
    feuille.write_string(d.LIGNE_TITRE, 0, entete.nom, styles.titre())
    feuille.write_string(d.LIGNE_AIDE, 0, entete.aide, styles.aide())
    marque = marques.marque_de_feuille(atelier.formulaires, collection)
    feuille.write_formula(d.LIGNE_DEMANDE, 0, marque.formule, styles.demande(), marque.texte)
    feuille.conditional_format(
        d.LIGNE_DEMANDE,
        0,
        d.LIGNE_DEMANDE,
        0,
        {
            "type": "formula",
            "criteria": f'=ISNUMBER(SEARCH("{PUCE}",$A${d.LIGNE_DEMANDE + 1}))',
            "format": styles.marque_saillante(),
        },
    )
    retour = _colonne_du_retour(largeurs)
    feuille.write_url(d.LIGNE_TITRE, retour, f"internal:'{ACCUEIL}'!A1", styles.lien(), "← Mode d’emploi")
    feuille.set_tab_color(d.onglet(collection, marque.active))


def _colonne_du_retour(largeurs: Sequence[float]) -> int:
    """La première colonne après le titre : ni collée à lui, ni hors de l’écran."""
    total = 0.0
    for colonne, place in enumerate(largeurs):
        if total >= 40 and place >= 14:
            return colonne
        total += place
    return len(largeurs)


def savoir(info: InfoChamp) -> str:
    """L’essentiel d’une note, sur une ligne : l’aide, l’unité, un exemple."""
    morceaux = [info.aide.rstrip(".")] if info.aide else []
    if info.unite and info.nature.nom not in ("montant", "taux"):
        morceaux.append(f"en {info.unite}")
    if info.exemple:
        morceaux.append(f"ex. : {_exemple(info)}")
    return " · ".join(morceaux)


def note(info: InfoChamp) -> str:
    """La note d’un en-tête : ce qu’on y tape, l’unité, un exemple, s’il faut le remplir."""
    lignes = [info.aide] if info.aide else []
    if info.unite and info.nature.nom not in ("montant", "taux"):
        lignes.append(f"Unité : {info.unite}")
    if info.nature.nom in _ATTENDUS:
        lignes.append(f"On attend {_ATTENDUS[info.nature.nom]}.")
    if info.exemple:
        lignes.append(f"Exemple : {_exemple(info)}")
    if info.cle:
        lignes.append(
            "Repère de la ligne" + (", obligatoire." if info.obligatoire else ", peut rester vide.")
        )
    else:
        lignes.append(f"Obligatoire ({SANS_OBJET} si sans objet)." if info.obligatoire else "Facultatif.")
    return "\n".join(lignes)


def _exemple(info: InfoChamp) -> str:
    exemple = info.exemple or ""
    return liste(info.liste).affichage(exemple) if info.liste else exemple


def poser_note(feuille: Worksheet, ligne: int, colonne: int, info: InfoChamp) -> None:
    """Pose la note d’un champ, à la taille de son texte."""
    texte = note(info)
    hauteur = 8 + 15 * sum(1 + len(morceau) // 38 for morceau in texte.split("\n"))
    reglages = {"x_scale": 1, "width": 240, "height": hauteur, "font_size": 9, "font_name": "Calibri"}
    feuille.write_comment(ligne, colonne, texte, {**reglages, "color": d.JAUNE, "author": "cpomdocs"})


def poser(feuille: Worksheet, ligne: int, colonne: int, valeur: Cellule | None, style: Format) -> None:
    """Écrit une donnée selon son type ; jamais un texte en formule. Rien si elle est vide."""
    if valeur is None:
        return
    if isinstance(valeur, str):
        feuille.write_string(ligne, colonne, valeur, style)
    elif isinstance(valeur, datetime.date):
        feuille.write_datetime(ligne, colonne, valeur, style)
    else:
        feuille.write_number(ligne, colonne, valeur, style)


def poser_choix(feuille: Worksheet, haut: int, colonne: int, bas: int, info: InfoChamp) -> None:
    """Pose la liste déroulante ou le contrôle de saisie d’un champ ; il avertit sans jamais bloquer."""
    propose = choix(info)
    if propose is not None:
        feuille.data_validation(
            haut,
            colonne,
            bas,
            colonne,
            {
                "validate": "list",
                "source": propose.source,
                **_AVERTIR,
                "error_message": "Cette valeur n’est pas dans la liste. Choisir dans la liste, "
                f"ou écrire {SANS_OBJET} si la donnée est sans objet.",
            },
        )
    elif info.nature.nom in _ATTENDUS:
        premiere = ecrire_cellule(haut + 1, colonne + 1)
        feuille.data_validation(
            haut,
            colonne,
            bas,
            colonne,
            {
                "validate": "custom",
                "value": f'=OR(ISNUMBER({premiere}),UPPER({premiere})="{SANS_OBJET}")',
                **_AVERTIR,
                "error_message": f"On attend {_ATTENDUS[info.nature.nom]}, ou {SANS_OBJET} "
                "si la donnée est sans objet.",
            },
        )


def imprimer(feuille: Worksheet, paysage: bool) -> None:
    """La mise en page : A4, toute la largeur sur une page, pied de page numéroté."""
    if paysage:
        feuille.set_landscape()
    feuille.set_paper(9)
    feuille.fit_to_pages(1, 0)
    feuille.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    feuille.set_footer("&L&8&A&R&8Page &P / &N")
