"""La première feuille d’une part : cinq lignes d’explication, l’échéance, qui joindre, les feuilles."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from cpomdocs.classeur import disposition as d
from cpomdocs.classeur.besoins import PUCE
from cpomdocs.classeur.feuilles.elements import ACCUEIL, Atelier, imprimer

_LIGNE_REMARQUES = 13
_LIGNE_SOMMAIRE = 17
_CITES = 2
"""Formulaires cités par leur nom ; au-delà, ils sont comptés."""


@dataclass(frozen=True)
class Consignes:
    """Ce que la personne doit savoir : titre, échéance, à qui renvoyer, formulaires servis."""

    titre: str
    echeance: datetime.date | None
    contact: str
    formulaires: Sequence[str]

    @property
    def delai(self) -> str:
        """« avant le 15/12/2026 », ou « dès que possible »."""
        return f"avant le {self.echeance:%d/%m/%Y}" if self.echeance else "dès que possible"


@dataclass(frozen=True)
class FeuilleAttendue:
    """Une feuille de la part : son nom, ce qu’on y note, ses lignes et ses cellules à remplir à l’envoi."""

    nom: str
    aide: str
    lignes: int
    attendues: int


def ecrire_consignes(
    atelier: Atelier, consignes: Consignes, feuilles: Sequence[FeuilleAttendue]
) -> Worksheet:
    """Ajoute la feuille en tête du classeur ; les autres y renvoient."""
    feuille, styles = atelier.classeur.add_worksheet(ACCUEIL), atelier.styles
    feuille.hide_gridlines(2)
    for colonne, largeur in enumerate((3.0, 30.0, 84.0, 14.0, 18.0)):
        feuille.set_column(colonne, colonne, largeur)
    feuille.set_tab_color(d.ONGLET_REPERE)
    feuille.set_row(1, 34)
    feuille.write_string(1, 1, consignes.titre, styles.titre())
    feuille.write_string(2, 1, f"À renvoyer {consignes.delai} à {consignes.contact}.", styles.aide())
    for rang, (titre, texte) in enumerate(_lignes(consignes), start=1):
        feuille.set_row(3 + rang, 32)
        feuille.write_string(3 + rang, 1, f"{rang}. {titre}", styles.consigne(True))
        feuille.write_string(3 + rang, 2, texte, styles.de(valign="vcenter", text_wrap=True))
    feuille.set_row(10, 20)
    feuille.write_string(10, 1, "Couleurs", styles.consigne(True))
    feuille.write_rich_string(10, 2, *styles.pastilles(), styles.consigne(False))
    _remarques(atelier, feuille)
    _sommaire(atelier, feuille, feuilles)
    imprimer(feuille, paysage=True)
    feuille.activate()
    return feuille


def _lignes(consignes: Consignes) -> Sequence[tuple[str, str]]:
    nombre = len(consignes.formulaires)
    cites = ", ".join(consignes.formulaires)
    sert = cites if nombre <= _CITES else f"{nombre} formulaires imposés"
    return (
        (
            "Ce qui est attendu",
            f"Les cellules jaunes, sous un en-tête bleu marqué {PUCE}"
            + (f" : elles servent à remplir {sert}." if sert else "."),
        ),
        (
            "Ce qui est connu",
            "Ce que nous savons déjà est rempli : corriger ce qui est faux, ne pas retaper le reste.",
        ),
        ("Trois états", "Vide : pas encore renseigné. 0 : zéro. SO : sans objet."),
        (
            "Liberté",
            "Ajouter des lignes sous les autres, trier, coller, déplacer des colonnes ; garder les noms des "
            "feuilles et des en-têtes.",
        ),
        (
            "Renvoyer",
            f"Enregistrer sous le nom que l’on veut et renvoyer {consignes.delai} à {consignes.contact}, "
            "qui répond aussi aux questions.",
        ),
    )


def _remarques(atelier: Atelier, feuille: Worksheet) -> None:
    """Une place pour écrire librement ; ce qui y est écrit est montré au rassemblement."""
    styles = atelier.styles
    feuille.set_row(_LIGNE_REMARQUES, 60)
    feuille.write_string(_LIGNE_REMARQUES - 1, 1, "Vos remarques", styles.consigne(True))
    style = styles.de(text_wrap=True, border=1, border_color=d.FILET, bg_color=d.JAUNE)
    feuille.merge_range(_LIGNE_REMARQUES, 1, _LIGNE_REMARQUES, 2, "", style)


def _sommaire(atelier: Atelier, feuille: Worksheet, feuilles: Sequence[FeuilleAttendue]) -> None:
    styles = atelier.styles
    feuille.set_row(_LIGNE_SOMMAIRE, 24)
    for colonne, titre in enumerate(("Feuille", "Ce qu’on y note", "Lignes", "À remplir"), start=1):
        feuille.write_string(_LIGNE_SOMMAIRE, colonne, titre, styles.bandeau())
    for ligne, attendue in enumerate(feuilles, start=_LIGNE_SOMMAIRE + 1):
        lien = f"internal:'{attendue.nom}'!A1"
        feuille.set_row(ligne, 18)
        feuille.write_url(ligne, 1, lien, styles.lien(), attendue.nom)
        feuille.write_string(ligne, 2, attendue.aide, styles.savoir())
        feuille.write_number(ligne, 3, attendue.lignes, styles.savoir())
        feuille.write_number(ligne, 4, attendue.attendues, styles.savoir())
