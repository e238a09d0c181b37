"""La feuille « Pilotage » : établissements × formulaires, des coches, l’état de chaque document.

Deux colonnes par formulaire : la coche, puis l’état. L’en-tête de l’état porte le nom du formulaire, la
première colonne le code de l’établissement : c’est par eux que la sélection se relit, où qu’ils soient.
"""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from cpomdocs.classeur import disposition as d
from cpomdocs.classeur.besoins import FormulaireResume
from cpomdocs.classeur.feuilles.elements import Atelier, imprimer
from cpomdocs.classeur.feuilles.styles import Styles
from cpomdocs.classeur.macros import boutons
from cpomdocs.modeles.entites.identite import Etablissement

PILOTAGE = "Pilotage"
CODE, TOUT, GESTIONNAIRE = "Code", "*", "gestionnaire"
COCHE, TITRE_COCHE = "x", "✓"
COLONNE_CODE, COLONNE_NOM, COLONNE_LIGNE, PREMIERE_PAIRE = range(4)
LIGNE_ETAT, COLONNE_ETAT = d.LIGNE_AIDE, PREMIERE_PAIRE + 1
"""Où la dernière réponse de cpomdocs est notée."""
LIGNE_BOUTONS = d.LIGNE_DEMANDE
_LIGNES, _PAIRES = 150, 16
_TITRES = (CODE, "Établissement", "Toute la ligne")
_AIDE = f"Cocher d’un « {COCHE} », puis un bouton."
_COULEURS = (
    ("à compléter", "#FFE699"),
    ("à jour", "#C6E0B4"),
    ("modifié", "#F4B183"),
    ("ouvert", "#F8CBAD"),
    ("non produit", "#F8CBAD"),
)


def ecrire_pilotage(atelier: Atelier, feuille: Worksheet, etablissements: Sequence[Etablissement]) -> None:
    """Écrit la feuille : une ligne par établissement du CPOM, deux colonnes par formulaire à remettre."""
    styles = atelier.styles
    formulaires = [f for f in atelier.formulaires if f.a_remettre]
    _preparer(feuille, styles)
    feuille.write_string(d.LIGNE_TITRE, COLONNE_CODE, PILOTAGE, styles.titre())
    feuille.write_string(d.LIGNE_AIDE, COLONNE_CODE, _AIDE, styles.aide())
    feuille.write_string(LIGNE_ETAT, COLONNE_ETAT, "Aucune génération depuis ce classeur.", styles.aide())
    boutons.poser_boutons(feuille, LIGNE_BOUTONS, COLONNE_CODE, boutons.PILOTAGE)
    for colonne, titre in enumerate(_TITRES):
        feuille.write_string(d.LIGNE_ENTETES, colonne, titre, styles.bandeau())
    for rang, formulaire in enumerate(formulaires):
        _entete_de_formulaire(feuille, styles, PREMIERE_PAIRE + 2 * rang, formulaire)
    lignes = [(TOUT, "Toute la colonne"), (GESTIONNAIRE, "Le gestionnaire")]
    lignes += [(e.code, e.nom or "") for e in etablissements if e.code and e.dans_le_perimetre]
    for ligne, (code, nom) in enumerate(lignes, start=d.PREMIERE_LIGNE):
        feuille.write_string(ligne, COLONNE_CODE, code, styles.de(num_format="@", bold=True))
        feuille.write_string(ligne, COLONNE_NOM, nom, styles.de(num_format="@"))
    feuille.freeze_panes(d.PREMIERE_LIGNE, PREMIERE_PAIRE)
    imprimer(feuille, paysage=True)


def _preparer(feuille: Worksheet, styles: Styles) -> None:
    """Largeurs, listes déroulantes et couleurs, pour plus de lignes et de formulaires qu’il n’y en a."""
    texte = styles.de(num_format="@")
    coche = styles.de(num_format="@", align="center", bold=True)
    feuille.hide_gridlines(2)
    feuille.set_tab_color(d.ONGLET_REPERE)
    for colonne, largeur in ((COLONNE_CODE, 14.0), (COLONNE_NOM, 38.0)):
        feuille.set_column(colonne, colonne, largeur, texte)
    feuille.set_column(COLONNE_LIGNE, COLONNE_LIGNE, 15, coche)
    for rang in range(_PAIRES):
        gauche = PREMIERE_PAIRE + 2 * rang
        feuille.set_column(gauche, gauche, 4, coche)
        feuille.set_column(gauche + 1, gauche + 1, 24, texte)
    feuille.set_row(d.LIGNE_TITRE, 30)
    feuille.set_row(d.LIGNE_MARQUES, 32)
    feuille.set_row(d.LIGNE_ENTETES, 22)
    haut, bas, droite = d.PREMIERE_LIGNE, d.PREMIERE_LIGNE + _LIGNES, PREMIERE_PAIRE + 2 * _PAIRES - 1
    for colonne in (COLONNE_LIGNE, *range(PREMIERE_PAIRE, droite, 2)):
        feuille.data_validation(haut, colonne, bas, colonne, {"validate": "list", "source": [COCHE]})
    for debut, couleur in _COULEURS:
        regle = {"type": "text", "criteria": "containing", "value": debut}
        feuille.conditional_format(
            haut, PREMIERE_PAIRE, bas, droite, {**regle, "format": styles.fond(couleur), "stop_if_true": True}
        )
    cadre = f"=AND(LEN($A{haut + 1})>0,LEN(A${d.LIGNE_ENTETES + 1})>0)"
    feuille.conditional_format(
        haut, 0, bas, droite, {"type": "formula", "criteria": cadre, "format": styles.filet()}
    )


def _entete_de_formulaire(
    feuille: Worksheet, styles: Styles, gauche: int, formulaire: FormulaireResume
) -> None:
    feuille.write_string(d.LIGNE_ENTETES, gauche, TITRE_COCHE, styles.bandeau())
    feuille.write_string(d.LIGNE_ENTETES, gauche + 1, formulaire.nom, styles.bandeau())
    feuille.write_string(d.LIGNE_MARQUES, gauche + 1, formulaire.libelle, styles.savoir())
