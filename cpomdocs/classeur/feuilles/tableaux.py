"""Les feuilles de liste : une ligne par élément, un tableau Excel, des centaines de lignes prêtes."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from cpomdocs.classeur import disposition as d
from cpomdocs.classeur import marques
from cpomdocs.classeur.besoins import CLE_FACULTATIVE, PUCE, champs_saisis
from cpomdocs.classeur.feuilles.elements import Atelier, ecrire_haut, imprimer, poser, poser_choix, poser_note
from cpomdocs.classeur.feuilles.listes import nom_de_codes, references
from cpomdocs.classeur.valeurs import valeur_de_cellule
from cpomdocs.lecture.valeurs.listes import liste
from cpomdocs.modeles.base import Entite, InfoChamp
from cpomdocs.office.adresses import lettres_colonne


def largeurs_de(collection: str, lignes: Sequence[Entite] = ()) -> list[float]:
    """La largeur de chaque colonne, pour les valeurs qu’elle propose et pour celles qu’elle porte."""
    largeurs = []
    for info in champs_saisis(collection):
        proposees = liste(info.liste).affichages() if info.liste else []
        portees = [str(valeur) for x in lignes if (valeur := getattr(x, info.nom)) is not None]
        largeurs.append(d.largeur(info, proposees, portees if info.nature.nom == "texte" else []))
    return largeurs


def ecrire_liste(atelier: Atelier, feuille: Worksheet, collection: str, lignes: Sequence[Entite]) -> None:
    """Une feuille de liste complète : titre, marques, tableau, listes déroulantes, données."""
    champs = champs_saisis(collection)
    largeurs = largeurs_de(collection, lignes)
    for colonne, (info, place) in enumerate(zip(champs, largeurs, strict=True)):
        feuille.set_column(colonne, colonne, place, atelier.styles.valeur(info))
    ecrire_haut(atelier, feuille, collection, largeurs)
    ecrire_tableau(atelier, feuille, collection, lignes, 0)
    hauteur = max(d.lignes_de_texte(i.libelle, place) for i, place in zip(champs, largeurs, strict=True))
    feuille.set_row(d.LIGNE_ENTETES, max(32.0, 15.5 * hauteur + 4))
    feuille.freeze_panes(d.PREMIERE_LIGNE, d.colonnes_figees(champs, largeurs))
    imprimer(feuille, paysage=True)
    feuille.repeat_rows(d.LIGNE_ENTETES)


def ecrire_tableau(
    atelier: Atelier, feuille: Worksheet, collection: str, lignes: Sequence[Entite], gauche: int
) -> None:
    """Le tableau Excel d’une collection, à partir d’une colonne : marques, en-têtes, contrôles, données."""
    champs, styles = champs_saisis(collection), atelier.styles
    marquees = collection != "formulaires"
    derniere = d.LIGNE_ENTETES + max(d.LIGNES_PRETES, len(lignes) + d.LIGNES_PRETES // 2)
    feuille.add_table(
        d.LIGNE_ENTETES,
        gauche,
        derniere,
        gauche + len(champs) - 1,
        {
            "name": f"T_{collection}",
            "style": "Table Style Light 1",
            "columns": [
                {"header": i.libelle, "header_format": styles.entete(i) if marquees else styles.bandeau()}
                for i in champs
            ],
        },
    )
    for colonne, info in enumerate(champs, start=gauche):
        if marquees:
            marque = marques.marque_de_colonne(atelier.formulaires, collection, info)
            feuille.write_formula(d.LIGNE_MARQUES, colonne, marque.formule, styles.marque(), marque.texte)
        poser_note(feuille, d.LIGNE_ENTETES, colonne, info)
        poser_choix(feuille, d.PREMIERE_LIGNE, colonne, d.PREMIERE_LIGNE + d.LIGNES_CONTROLEES, info)
    for numero, ligne in enumerate(lignes, start=d.PREMIERE_LIGNE):
        for colonne, info in enumerate(champs, start=gauche):
            style = styles.valeur(info) if marquees else styles.valeur(info, valign="vcenter")
            poser(feuille, numero, colonne, valeur_de_cellule(ligne, info), style)
    if marquees:
        _colorer(atelier, feuille, gauche, champs, derniere)
    _taire_les_nombres_en_texte(feuille, gauche, champs)
    _nommer_les_codes(atelier, feuille, collection, gauche, champs)


def _colorer(
    atelier: Atelier, feuille: Worksheet, gauche: int, champs: Sequence[InfoChamp], derniere: int
) -> None:
    """En-têtes bleus quand un formulaire les demande ; cellules jaunes là où une donnée demandée manque."""
    droite = gauche + len(champs) - 1
    demandee = f'LEFT({lettres_colonne(gauche + 1)}${d.LIGNE_MARQUES + 1},1)="{PUCE}"'
    for ligne, style in (
        (d.LIGNE_ENTETES, atelier.styles.saillant()),
        (d.LIGNE_MARQUES, atelier.styles.marque_saillante()),
    ):
        regle = {"type": "formula", "criteria": f"={demandee}", "format": style}
        feuille.conditional_format(ligne, gauche, ligne, droite, regle)
    premiere = d.PREMIERE_LIGNE + 1
    debut, fin = lettres_colonne(gauche + 1), lettres_colonne(droite + 1)
    attendue = f'{demandee},RIGHT({debut}${d.LIGNE_MARQUES + 1},{len(CLE_FACULTATIVE)})<>"{CLE_FACULTATIVE}"'
    vide = f"LEN({debut}{premiere})=0,COUNTA(${debut}{premiere}:${fin}{premiere})>0"
    regle = {"type": "formula", "criteria": f"=AND({attendue},{vide})", "format": atelier.styles.a_remplir()}
    feuille.conditional_format(d.PREMIERE_LIGNE, gauche, derniere, droite, regle)


def _taire_les_nombres_en_texte(feuille: Worksheet, gauche: int, champs: Sequence[InfoChamp]) -> None:
    """Pas de triangle vert sur les FINESS, codes et comptes : ce sont des textes, exprès."""
    textes = [rang for rang, info in enumerate(champs, start=gauche) if info.nature.nom.startswith("texte")]
    lettres = [lettres_colonne(rang + 1) for rang in textes]
    derniere = d.PREMIERE_LIGNE + d.LIGNES_CONTROLEES
    plages = " ".join(f"{c}{d.PREMIERE_LIGNE + 1}:{c}{derniere}" for c in lettres)
    if plages:
        feuille.ignore_errors({"number_stored_as_text": plages})


def _nommer_les_codes(
    atelier: Atelier, feuille: Worksheet, collection: str, gauche: int, champs: Sequence[InfoChamp]
) -> None:
    """Le nom défini des codes tapés dans cette feuille, proposés par les listes déroulantes des autres."""
    champ = references().get(collection)
    if champ is None:
        return
    colonne = lettres_colonne(gauche + 1 + [info.nom for info in champs].index(champ))
    onglet = "'" + feuille.get_name().replace("'", "''") + "'"
    haut = f"{onglet}!${colonne}${d.PREMIERE_LIGNE + 1}"
    plage = f"{haut}:${colonne}${d.PREMIERE_LIGNE + d.LIGNES_PRETES}"
    atelier.classeur.define_name(
        nom_de_codes(collection),
        f"={haut}:INDEX({plage},MAX(1,COUNTA({plage})))",
    )
