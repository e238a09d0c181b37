"""Les feuilles que tous les cadres ont : « Lisez-moi », « Page de garde », « Listes »."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from outils.gabarits.excel.logo import logo
from outils.gabarits.excel.styles import MARINE, NOTE, ROUGE, ROUGE_PALE, VERT, VERT_PALE, Ouvrage

LISTES = "Listes"
GARDE = "Page de garde"
AUTORITE = "ARS Val-d’Exemple (fictive)"
OUI_NON = ("Oui", "Non")
HABILITATIONS = ("Totale", "Partielle", "Aucune")
STATUTS = (
    "Association non reconnue d’utilité publique",
    "Association reconnue d’utilité publique",
    "Association de droit local",
    "Fondation",
    "Congrégation",
    "Organisme mutualiste",
    "Groupement de coopération",
    "Autre organisme privé à but non lucratif",
)
CONVENTIONS = (
    "CCN 51",
    "CCN 65",
    "CCN 66",
    "Aide à domicile (BAD)",
    "Croix-Rouge",
    "CHRS",
    "Fonction publique hospitalière",
    "Autre",
)
REGIMES = (
    "Ternaire (hébergement, dépendance, soins)",
    "Forfait global unique",
    "Dotation globale",
    "Prix de journée",
    "Tarif horaire",
)


@dataclass(frozen=True)
class Rubrique:
    """Une ligne de page de garde : libellé, nature, aide à droite ; `liste` : nom de la liste déroulante."""

    libelle: str
    nature: str = "texte"
    aide: str = ""
    liste: str | None = None
    formule: tuple[str, str | int] | None = None
    hauteur: float = 19


class Listes:
    """Les listes déroulantes, sur une feuille cachée : une colonne par liste, la première ligne les nomme."""

    def __init__(self, valeurs: dict[str, Sequence[str]]) -> None:
        self._valeurs = valeurs

    def plage(self, nom: str) -> str:
        """L’adresse absolue de la liste, feuille comprise."""
        colonne = chr(ord("A") + list(self._valeurs).index(nom))
        return f"{LISTES}!${colonne}$2:${colonne}${1 + len(self._valeurs[nom])}"

    def ecrire(self, ouvrage: Ouvrage) -> None:
        """Ajoute la feuille cachée, et un nom défini par liste."""
        feuille = ouvrage.feuille(LISTES, "#7F7F7F", {"A:Z": 30})
        for colonne, (nom, valeurs) in enumerate(self._valeurs.items()):
            feuille.write_string(0, colonne, nom, ouvrage.style("entete"))
            for rang, valeur in enumerate(valeurs, start=1):
                feuille.write_string(rang, colonne, valeur, ouvrage.style("texte"))
            ouvrage.classeur.define_name(f"liste_{nom}", f"={self.plage(nom)}")
        feuille.hide()

    def valider(self, feuille: Worksheet, plage: str, nom: str) -> None:
        """Pose la liste déroulante sur une plage de cellules."""
        feuille.data_validation(
            plage,
            {
                "validate": "list",
                "source": f"={self.plage(nom)}",
                "error_title": "Valeur hors liste",
                "error_message": "Choisir une valeur dans la liste déroulante.",
            },
        )


def lisez_moi(
    ouvrage: Ouvrage, titre: str, reference: str, but: str, feuilles: dict[str, str], consignes: Sequence[str]
) -> None:
    """La première feuille : ce qu’est le cadre, ses feuilles, ses couleurs, les consignes."""
    style = ouvrage.style
    feuille = ouvrage.feuille("Lisez-moi", MARINE, {"A:A": 2, "B:B": 26, "C:C": 84})
    feuille.set_row(0, 66)
    feuille.insert_image(0, 1, "logo.png", _image(0.5, "Logo de l’autorité fictive"))
    feuille.write("C1", titre, style("titre", "multiligne"))
    feuille.write("C2", reference, style("aide"))
    feuille.set_row(2, 24)
    feuille.merge_range("B3:C3", NOTE, style("fictif", "gras"))
    feuille.merge_range("B5:C5", "Objet du cadre", style("section"))
    feuille.set_row(5, 66)
    feuille.merge_range("B6:C6", but, style("libelle", "gauche"))
    ligne = _tableau(ouvrage, feuille, 7, "Feuilles du classeur", list(feuilles.items()))
    ligne = _couleurs(ouvrage, feuille, ligne + 1)
    numerotees = [(f"{rang}.", texte) for rang, texte in enumerate(consignes, start=1)]
    _tableau(ouvrage, feuille, ligne + 1, "Consignes de remplissage", numerotees)
    feuille.fit_to_pages(1, 1)


def _tableau(
    ouvrage: Ouvrage, feuille: Worksheet, ligne: int, titre: str, lignes: Sequence[tuple[str, str]]
) -> int:
    feuille.merge_range(ligne, 1, ligne, 2, titre, ouvrage.style("section"))
    for gauche, droite in lignes:
        ligne += 1
        feuille.set_row(ligne, 16 + 13 * (len(droite) // 92))
        feuille.write(ligne, 1, gauche, ouvrage.style("libelle", "gras"))
        feuille.write(ligne, 2, droite, ouvrage.style("libelle"))
    return ligne + 1


def _couleurs(ouvrage: Ouvrage, feuille: Worksheet, ligne: int) -> int:
    feuille.merge_range(ligne, 1, ligne, 2, "Code couleur", ouvrage.style("section"))
    couleurs = {
        "saisie": "Cellule à remplir par le gestionnaire (déverrouillée).",
        "calcul": "Cellule calculée : ne rien y saisir, la formule est protégée.",
        "reserve": "Zone réservée à l’autorité : la laisser vide.",
        "neutre": "Sans objet pour cette ligne.",
    }
    for nom, texte in couleurs.items():
        ligne += 1
        feuille.write_blank(ligne, 1, None, ouvrage.style(nom))
        feuille.write(ligne, 2, texte, ouvrage.style("libelle"))
    return ligne + 1


def page_de_garde(
    ouvrage: Ouvrage, listes: Listes, titre: str, service: str, sections: Mapping[str, Sequence[Rubrique]]
) -> Worksheet:
    """La deuxième feuille : libellés en B, cases fusionnées en C:E à partir de la ligne 9, aides en F.

    Chaque section occupe une ligne de titre, ses rubriques, puis une ligne vide.
    """
    style = ouvrage.style
    feuille = ouvrage.feuille(GARDE, MARINE, {"A:A": 2, "B:B": 44, "C:E": 17, "F:F": 46})
    feuille.set_row(0, 88)
    feuille.insert_image(0, 1, "logo.png", _image(0.62, "Logo de l’autorité fictive"))
    _cartouche(feuille, service)
    feuille.set_row(2, 30)
    feuille.merge_range("B3:F3", titre, style("bandeau"))
    feuille.merge_range("B4:F4", NOTE, style("sous_titre", "fictif"))
    feuille.merge_range(
        "B6:F6", "Tous les champs jaunes sont obligatoires, sauf mention contraire.", style("aide")
    )
    ligne = 7
    for nom, rubriques in sections.items():
        feuille.merge_range(ligne, 1, ligne, 5, nom, style("section"))
        for rubrique in rubriques:
            ligne += 1
            _rubrique(ouvrage, listes, feuille, ligne, rubrique)
        ligne += 2
    _reserve(ouvrage, feuille, ligne)
    feuille.fit_to_pages(1, 1)
    feuille.print_area(0, 0, ligne + 5, 5)
    return feuille


def _rubrique(ouvrage: Ouvrage, listes: Listes, feuille: Worksheet, ligne: int, rubrique: Rubrique) -> None:
    style = ouvrage.style
    feuille.set_row(ligne, rubrique.hauteur)
    feuille.write(ligne, 1, rubrique.libelle, style("libelle"))
    fond = "calcul" if rubrique.formule else "saisie"
    pose = "deux_lignes" if rubrique.hauteur > 30 else "gauche"
    format_case = style(fond, pose, rubrique.nature)
    feuille.merge_range(ligne, 2, ligne, 4, "", format_case)
    if rubrique.formule:
        feuille.write_formula(ligne, 2, rubrique.formule[0], format_case, rubrique.formule[1])
    feuille.write(ligne, 5, rubrique.aide, style("aide", "gauche"))
    if rubrique.liste:
        listes.valider(feuille, f"C{ligne + 1}", rubrique.liste)
    elif rubrique.nature == "date" and not rubrique.formule:
        feuille.data_validation(
            ligne, 2, ligne, 2, {"validate": "date", "criteria": ">=", "value": "=DATE(1900,1,1)"}
        )
    elif rubrique.nature in ("entier", "annee") and not rubrique.formule:
        feuille.data_validation(ligne, 2, ligne, 2, {"validate": "integer", "criteria": ">=", "value": 0})


def _cartouche(feuille: Worksheet, service: str) -> None:
    """La zone de texte de l’autorité, à droite du logo."""
    feuille.insert_textbox(
        0,
        3,
        f"{AUTORITE.upper()}\n{service}\nCampagne budgétaire 2026",
        {
            "width": 400,
            "height": 96,
            "x_offset": 120,
            "y_offset": 8,
            "object_position": 3,
            "font": {"name": "Arial", "size": 11, "bold": True, "color": MARINE},
            "align": {"vertical": "middle", "text": "center"},
            "line": {"color": MARINE, "width": 1.25},
            "fill": {"color": "#F5F8FC"},
            "description": "Cartouche de l’autorité",
        },
    )


def _reserve(ouvrage: Ouvrage, feuille: Worksheet, ligne: int) -> None:
    """La zone de l’autorité : cellules déverrouillées pour elle, que le gestionnaire laisse vides."""
    style = ouvrage.style
    feuille.merge_range(
        ligne, 1, ligne, 5, "RÉSERVÉ À L’AUTORITÉ — ne rien inscrire ci-dessous", style("reserve_titre")
    )
    for libelle in ("Date de réception", "Numéro d’enregistrement", "Instruit par", "Suite donnée"):
        ligne += 1
        feuille.write(ligne, 1, libelle, style("libelle"))
        feuille.merge_range(ligne, 2, ligne, 4, "", style("reserve"))
        feuille.write_blank(ligne, 5, None, style("reserve"))
    feuille.unprotect_range(f"C{ligne - 2}:E{ligne + 1}", "Reserve_autorite", "autorite")


def _image(echelle: float, description: str) -> dict[str, object]:
    return {
        "image_data": io.BytesIO(logo()),
        "x_scale": echelle,
        "y_scale": echelle,
        "x_offset": 4,
        "y_offset": 4,
        "object_position": 3,
        "description": description,
    }


def commenter(feuille: Worksheet, cellule: str, texte: str) -> None:
    """Une note d’aide sur une cellule, à la taille de son texte."""
    feuille.write_comment(
        cellule,
        texte,
        {"author": AUTORITE, "width": 230, "height": 42 + 15 * (len(texte) // 34), "font_size": 9},
    )


def feuille_controles(ouvrage: Ouvrage, controles: Sequence[tuple[str, str]]) -> None:
    """La feuille « Contrôles » : libellé et condition d’erreur ; tous sont « OK » dans le cadre vide."""
    style = ouvrage.style
    feuille = ouvrage.feuille("Contrôles", "#C00000", {"A:A": 2, "B:B": 82, "C:C": 16})
    feuille.set_row(0, 28)
    feuille.merge_range("B1:C1", "CONTRÔLES AUTOMATIQUES", style("bandeau"))
    feuille.merge_range("B2:C2", NOTE, style("fictif"))
    feuille.write("B4", "Contrôle", style("entete"))
    feuille.write("C4", "Résultat", style("entete"))
    for ligne, (libelle, fautif) in enumerate(controles, start=5):
        feuille.set_row(ligne - 1, 20)
        feuille.write(f"B{ligne}", libelle, style("libelle"))
        resultat = style("calcul", "centre", "gras")
        feuille.write_formula(f"C{ligne}", f'=IF({fautif},"ERREUR","OK")', resultat, "OK")
    for mot, fond, encre in (("ERREUR", ROUGE_PALE, ROUGE), ("OK", VERT_PALE, VERT)):
        feuille.conditional_format(
            f"C5:C{4 + len(controles)}",
            {
                "type": "cell",
                "criteria": "==",
                "value": f'"{mot}"',
                "format": ouvrage.alerte(fond, encre, gras=True),
            },
        )
    feuille.fit_to_pages(1, 1)
