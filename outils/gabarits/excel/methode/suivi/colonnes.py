"""Suivi des objectifs : où est chaque grandeur, et les formules d’une ligne."""

from __future__ import annotations

from typing import NamedTuple

INDICATEURS = "Indicateurs"
ETATS = ("Atteint", "En progrès", "Sans progrès", "À mesurer")
AVANCEMENTS = ("Non démarré", "En cours", "Atteint", "Abandonné")
AU_PLUS = "Au plus la cible"
PREMIERE, LIGNES = 8, 16
DERNIERE = PREMIERE + LIGNES - 1
PREMIERE_ACTION, LIGNES_ACTIONS = 6, 20
DERNIERE_ACTION = PREMIERE_ACTION + LIGNES_ACTIONS - 1
FINALE = "X"


class Annee(NamedTuple):
    """Les colonnes d’une année : cible, réalisé, taux d’atteinte, et l’état (masqué)."""

    cible: str
    realise: str
    taux: str
    etat: str


ANNEES = (
    Annee("I", "J", "K", "AB"),
    Annee("L", "M", "N", "AC"),
    Annee("O", "P", "Q", "AD"),
    Annee("R", "S", "T", "AE"),
    Annee("U", "V", "W", "AF"),
)


def atteinte(sens: str, cible: str, realise: str) -> str:
    """Réalisé ÷ cible, ou cible ÷ réalisé pour un plafond ; vide s’il manque un nombre ou pour ÷ 0."""
    plafond = f'IF({realise}=0,"",{cible}/{realise})'
    plancher = f'IF({cible}=0,"",{realise}/{cible})'
    return f'IF(COUNT({cible},{realise})<2,"",IF({sens}="{AU_PLUS}",{plafond},{plancher}))'


def taux(annee: Annee, ligne: int) -> str:
    """La formule du taux d’atteinte d’une année."""
    return "=" + atteinte(f"$G{ligne}", f"{annee.cible}{ligne}", f"{annee.realise}{ligne}")


def etat(annee: Annee, ligne: int) -> str:
    """La formule de l’état d’une année, par rapport à sa cible et au départ."""
    cible, realise, depart = f"{annee.cible}{ligne}", f"{annee.realise}{ligne}", f"$H{ligne}"
    signe = f'IF($G{ligne}="{AU_PLUS}",-1,1)'
    mesure = (
        f'IF({signe}*({realise}-{cible})>=0,"{ETATS[0]}",'
        f'IF(AND(ISNUMBER({depart}),{signe}*({realise}-{depart})>0),"{ETATS[1]}","{ETATS[2]}"))'
    )
    return f'=IF(NOT(ISNUMBER({cible})),"",IF(NOT(ISNUMBER({realise})),"{ETATS[3]}",{mesure}))'
