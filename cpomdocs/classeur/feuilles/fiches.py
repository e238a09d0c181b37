"""Les feuilles de fiche (une réponse par ligne) et le mode d’emploi."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from cpomdocs.classeur import disposition as d
from cpomdocs.classeur import marques
from cpomdocs.classeur.besoins import PUCE, champs_saisis
from cpomdocs.classeur.feuilles.elements import Atelier, ecrire_haut, imprimer, poser, poser_choix, savoir
from cpomdocs.classeur.feuilles.listes import ANNEE_N
from cpomdocs.classeur.feuilles.tableaux import ecrire_tableau, largeurs_de
from cpomdocs.classeur.valeurs import valeur_de_cellule
from cpomdocs.modeles.base import Entite, InfoChamp
from cpomdocs.modeles.dossier import Dossier

ENTETES = ("Rubrique", "Valeur", "À savoir", "Demandé par")
"""Les en-têtes d’une fiche."""
_LARGEURS = (40.0, 54.0, 48.0, 34.0)
_LARGEURS_AVEC_TABLEAU = (24.0, 22.0, 40.0, 14.0)
_VALEUR, _DEMANDE = 1, 3


def ecrire_fiche(atelier: Atelier, feuille: Worksheet, collection: str, fiche: Entite) -> None:
    """Une fiche complète : une rubrique par ligne, sa valeur, ce qu’il faut en savoir, qui la demande."""
    _ecrire_fiche(atelier, feuille, collection, fiche, _LARGEURS)
    imprimer(feuille, paysage=True)


def ecrire_parametres(atelier: Atelier, feuille: Worksheet, dossier: Dossier) -> None:
    """« Paramètres » : la fiche des choix et, à sa droite, le tableau des formulaires à remettre."""
    _ecrire_fiche(atelier, feuille, "parametres", dossier.parametres, _LARGEURS_AVEC_TABLEAU)
    gauche = d.COLONNE_TABLEAU_FORMULAIRES
    feuille.set_column(gauche - 1, gauche - 1, 3)
    for colonne, (info, place) in enumerate(
        zip(champs_saisis("formulaires"), largeurs_de("formulaires"), strict=True), start=gauche
    ):
        style = atelier.styles.valeur(info, valign="vcenter")
        feuille.set_column(colonne, colonne, max(place, 28.0 if info.nature.nom == "texte" else 12.0), style)
    ecrire_tableau(atelier, feuille, "formulaires", dossier.formulaires, gauche)
    feuille.write_string(d.LIGNE_MARQUES, gauche, "Formulaires à remettre", atelier.styles.sous_titre())
    imprimer(feuille, paysage=True)
    bas = d.PREMIERE_LIGNE + d.LIGNES_PRETES
    onglet = f"'{feuille.get_name()}'"
    noms = [info.nom for info in champs_saisis("formulaires")]
    for nom_defini, champ in (
        (marques.NOMS_FORMULAIRES, "nom"),
        (marques.REPONSES_FORMULAIRES, "a_remettre"),
    ):
        plage = d.plage_absolue(d.PREMIERE_LIGNE, gauche + noms.index(champ), bas)
        atelier.classeur.define_name(nom_defini, f"={onglet}!{plage}")
    rang = [info.nom for info in champs_saisis("parametres")].index("annee_n")
    ligne = d.PREMIERE_LIGNE + rang
    atelier.classeur.define_name(ANNEE_N, f"={onglet}!{d.plage_absolue(ligne, _VALEUR, ligne)}")


def _ecrire_fiche(
    atelier: Atelier, feuille: Worksheet, collection: str, fiche: Entite, largeurs: tuple[float, ...]
) -> None:
    champs, styles = champs_saisis(collection), atelier.styles
    for colonne, place in enumerate(largeurs):
        feuille.set_column(colonne, colonne, place)
    ecrire_haut(atelier, feuille, collection, largeurs[:2], grille=collection == "parametres")
    feuille.set_row(d.LIGNE_ENTETES, 32)
    for colonne, titre in enumerate(ENTETES):
        feuille.write_string(d.LIGNE_ENTETES, colonne, titre, styles.bandeau())
    for ligne, info in enumerate(champs, start=d.PREMIERE_LIGNE):
        _ecrire_rubrique(atelier, feuille, collection, fiche, ligne, info)
        lignes = 2 if collection == "parametres" else d.lignes_de_texte(savoir(info), 1.25 * largeurs[2])
        feuille.set_row(ligne, 48 if info.nature.nom == "texte_long" else 8 + 12.5 * lignes)
    _colorer(atelier, feuille, len(champs))
    feuille.freeze_panes(d.PREMIERE_LIGNE, 1)
    feuille.ignore_errors(
        {"number_stored_as_text": d.plage(d.PREMIERE_LIGNE, _VALEUR, d.PREMIERE_LIGNE + len(champs))}
    )


def _ecrire_rubrique(
    atelier: Atelier, feuille: Worksheet, collection: str, fiche: Entite, ligne: int, info: InfoChamp
) -> None:
    styles = atelier.styles
    marque = marques.marque_de_colonne(atelier.formulaires, collection, info)
    feuille.write_string(ligne, 0, info.libelle, styles.rubrique(info))
    style = styles.reponse(info)
    feuille.write_blank(ligne, _VALEUR, None, style)
    poser(feuille, ligne, _VALEUR, valeur_de_cellule(fiche, info), style)
    poser_choix(feuille, ligne, _VALEUR, ligne, info)
    feuille.write_string(ligne, 2, savoir(info), styles.savoir())
    feuille.write_formula(ligne, _DEMANDE, marque.formule, styles.savoir(), marque.texte)


def _colorer(atelier: Atelier, feuille: Worksheet, nombre: int) -> None:
    """Rubriques bleues quand un formulaire les demande, valeurs jaunes là où elles manquent."""
    haut, bas = d.PREMIERE_LIGNE, d.PREMIERE_LIGNE + nombre - 1
    demandee = f'LEFT($D{haut + 1},1)="{PUCE}"'
    for colonne, critere, style in (
        (0, f"={demandee}", atelier.styles.saillant()),
        (_DEMANDE, f"={demandee}", atelier.styles.marque_saillante()),
        (_VALEUR, f"=AND({demandee},LEN($B{haut + 1})=0)", atelier.styles.a_remplir()),
    ):
        regle = {"type": "formula", "criteria": critere, "format": style}
        feuille.conditional_format(haut, colonne, bas, colonne, regle)
