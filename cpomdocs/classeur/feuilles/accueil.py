"""La première feuille : dix lignes d’explication, la légende, le sommaire avec ses liens."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from cpomdocs.classeur import disposition as d
from cpomdocs.classeur import marques
from cpomdocs.classeur.besoins import PUCE, modele_de
from cpomdocs.classeur.feuilles.elements import Atelier, imprimer
from cpomdocs.classeur.feuilles.styles import Styles
from cpomdocs.classeur.macros import boutons
from cpomdocs.modeles.dossier import ORDRE_DES_FEUILLES

LIGNE_SOMMAIRE = 18
"""Rang de la ligne d’en-têtes du sommaire."""
COLONNE_FEUILLES, COLONNE_AIDES, COLONNE_DEMANDES = 1, 2, 3
LIGNE_ETAT, COLONNE_ETAT = 3, 3
"""Où la dernière réponse de cpomdocs est notée, à droite des boutons."""
_EXPLICATIONS = (
    ("Une seule source", "Chaque donnée se tape une seule fois, ici ; tous les formulaires en sont remplis."),
    ("Commencer", "Dans « Paramètres » : l’année N, la date de référence et les formulaires à remettre."),
    (
        "Établissements",
        "« Gestionnaire », puis « Établissements » : chaque code court sert partout ailleurs.",
    ),
    ("Ce qui est demandé", f"Onglet bleu, en-tête bleu marqué {PUCE} : un formulaire à remettre s’en sert."),
    ("Ce qui manque", "Une cellule jaune attend une donnée. Un en-tête suivi de « * » est obligatoire."),
    ("Trois états", "Vide : pas encore renseigné. 0 : zéro. SO : sans objet."),
    ("Lignes prêtes", "« cpomdocs classeur preparer » ajoute les lignes attendues : il reste les valeurs."),
    ("Aide", "Passer la souris sur un en-tête : unité, exemple. Les listes donnent les valeurs admises."),
    ("Liberté", "Trier, filtrer, masquer, déplacer, ajouter ; garder les noms des feuilles et des en-têtes."),
    ("Vérifier", "Enregistrer, puis « cpomdocs controler » : chaque anomalie cite la cellule à corriger."),
)
_AVEC_BOUTONS = {
    "Lignes prêtes": "Le bouton « Préparer mes lignes » ajoute les lignes attendues : il reste les valeurs.",
    "Vérifier": "« Contrôler » dit ce qui manque, et dans quelle cellule ; « Générer » fait les documents.",
}
_BALANCE = (
    "Une balance se colle telle quelle, en-têtes compris, dans une feuille nommée « Balance 2025 réel »."
)


def ecrire_accueil(atelier: Atelier, feuille: Worksheet) -> None:
    """Écrit et protège la première feuille ; ses liens restent cliquables."""
    styles = atelier.styles
    feuille.hide_gridlines(2)
    for colonne, place in enumerate((3.0, 28.0, 84.0, 62.0)):
        feuille.set_column(colonne, colonne, place)
    feuille.set_tab_color(d.ONGLET_REPERE)
    feuille.set_row(0, 8)
    feuille.set_row(1, 34)
    feuille.write_string(1, 1, "Classeur maître du CPOM", styles.titre())
    feuille.write_string(2, 1, "Tout ce que les formulaires imposés demandent, tapé une fois.", styles.aide())
    if atelier.boutons:
        boutons.poser_boutons(feuille, LIGNE_ETAT, 1, boutons.ACCUEIL)
        feuille.write_blank(LIGNE_ETAT, COLONNE_ETAT, None, styles.libre())
    for rang, (titre, texte) in enumerate(_EXPLICATIONS, start=1):
        ligne = 3 + rang
        feuille.set_row(ligne, 19)
        feuille.write_string(ligne, 1, f"{rang}. {titre}", styles.consigne(True))
        dit = _AVEC_BOUTONS.get(titre, texte) if atelier.boutons else texte
        feuille.write_string(ligne, 2, dit, styles.consigne(False))
    _legende(feuille, styles)
    _sommaire(atelier, feuille)
    feuille.protect("", {"format_columns": True, "format_rows": True})
    imprimer(feuille, paysage=True)
    feuille.activate()


def _legende(feuille: Worksheet, styles: Styles) -> None:
    feuille.set_row(15, 20)
    feuille.write_string(15, 1, "Couleurs", styles.consigne(True))
    feuille.write_rich_string(15, 2, *styles.pastilles(), styles.consigne(False))
    feuille.set_row(16, 20)
    feuille.write_string(16, 1, "Comptabilité", styles.consigne(True))
    feuille.write_string(16, 2, _BALANCE, styles.consigne(False))


def _sommaire(atelier: Atelier, feuille: Worksheet) -> None:
    styles = atelier.styles
    feuille.set_row(LIGNE_SOMMAIRE, 24)
    for colonne, titre in (
        (COLONNE_FEUILLES, "Feuille"),
        (COLONNE_AIDES, "Ce qu’on y note"),
        (COLONNE_DEMANDES, "Demandée par"),
    ):
        feuille.write_string(LIGNE_SOMMAIRE, colonne, titre, styles.bandeau())
    ligne = LIGNE_SOMMAIRE
    for collection in ORDRE_DES_FEUILLES:
        entete = modele_de(collection).feuille
        if entete is None or collection == "formulaires":
            continue
        ligne += 1
        marque = marques.marque_de_sommaire(atelier.formulaires, collection)
        feuille.set_row(ligne, 18)
        feuille.write_url(ligne, COLONNE_FEUILLES, f"internal:'{entete.nom}'!A1", styles.lien(), entete.nom)
        feuille.write_string(ligne, COLONNE_AIDES, entete.aide, styles.savoir())
        feuille.write_formula(ligne, COLONNE_DEMANDES, marque.formule, styles.savoir(), marque.texte)
    premiere = LIGNE_SOMMAIRE + 1
    regle = {
        "type": "formula",
        "criteria": f'=LEFT($D{premiere + 1},1)="{PUCE}"',
        "format": styles.marque_saillante(),
    }
    feuille.conditional_format(premiere, COLONNE_DEMANDES, ligne, COLONNE_DEMANDES, regle)
