"""La feuille « Contrôle », vide : ses largeurs, ses couleurs ; son contenu vient avec chaque contrôle."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from cpomdocs.classeur import disposition as d
from cpomdocs.classeur.feuilles.elements import Atelier, imprimer
from cpomdocs.controle import feuille as contenu

_LARGEURS = (18, 18, 70, 22, 60, 10)
_VERT, _OR, _ROSE, _PALE = "#C6E0B4", "#FFE699", "#F8CBAD", "#DDEBF7"


def ecrire_feuille_de_controle(atelier: Atelier, feuille: Worksheet) -> None:
    """Écrit la feuille : elle dit qu’aucun contrôle n’a encore été fait."""
    styles = atelier.styles
    feuille.hide_gridlines(2)
    feuille.set_tab_color(d.ONGLET_REPERE)
    for colonne, largeur in enumerate(_LARGEURS):
        feuille.set_column(colonne, colonne, largeur, styles.de(text_wrap=True))
    feuille.set_column(len(_LARGEURS), contenu.COLONNES, 18, styles.de(text_wrap=True))
    feuille.set_row(0, 30)
    feuille.write_string(0, 0, contenu.CONTROLE, styles.titre())
    feuille.write_string(contenu.LIGNE_DATE - 1, 0, "Aucun contrôle depuis ce classeur.", styles.aide())
    _colorer(atelier, feuille)
    imprimer(feuille, paysage=True)


def _colorer(atelier: Atelier, feuille: Worksheet) -> None:
    """Les parts en pourcentage et en couleur, les gravités, les en-têtes : par des règles."""
    bas, droite = contenu.LIGNES_AU_PLUS, contenu.COLONNES - 1
    part = {"num_format": "0 %", "align": "center"}
    for critere, couleur in (
        ("AND(ISNUMBER(B5),B5>=1)", _VERT),
        ("AND(ISNUMBER(B5),B5>=0.8)", _OR),
        ("ISNUMBER(B5)", _ROSE),
    ):
        regle = {"type": "formula", "criteria": f"={critere}", "stop_if_true": True}
        format_ = atelier.classeur.add_format({**part, "bg_color": couleur})
        feuille.conditional_format(4, 1, bas, droite, {**regle, "format": format_})
    for gravite, couleur in (("bloquante", _ROSE), ("avertissement", _OR), ("information", _PALE)):
        regle = {"type": "cell", "criteria": "==", "value": f'"{contenu.MOTS[gravite]}"'}
        format_ = atelier.classeur.add_format({"bg_color": couleur})
        feuille.conditional_format(4, 0, bas, 0, {**regle, "format": format_})
    entete = atelier.classeur.add_format({"bold": True, "bg_color": d.CIEL})
    premiers = '=OR($A4="Établissement",$A4="Gravité")'
    feuille.conditional_format(3, 0, bas, droite, {"type": "formula", "criteria": premiers, "format": entete})
