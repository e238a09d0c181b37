"""La feuille « Contrôle » du classeur maître : ce qu’elle montre, quel que soit celui qui l’écrit.

Une complétude par établissement et formulaire, puis une ligne par anomalie avec un lien vers la cellule.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import NamedTuple

from cpomdocs.controle.completude import GESTIONNAIRE, matrice
from cpomdocs.controle.rapport_excel import trier
from cpomdocs.modeles.base import Source
from cpomdocs.rapport import Anomalie, Rapport

CONTROLE = "Contrôle"
LIGNE_DATE = 2
LIGNE_COMPLETUDE = 4
"""Où la complétude commence : son titre, puis ses en-têtes, puis ses lignes. À partir de 1."""
LIGNES_AU_PLUS, COLONNES = 2_000, 20
MOTS = {"bloquante": "à corriger", "avertissement": "à vérifier", "information": "pour information"}
ENTETES = ("Gravité", "Établissement", "Ce qui ne va pas", "Cellule", "Que faire", "Code")
RANG_DU_LIEN = ENTETES.index("Cellule")
_TEXTE_MAXIMAL = 30_000


class Lien(NamedTuple):
    """Une cellule qui mène à une autre du même classeur."""

    feuille: str
    cellule: str

    @property
    def texte(self) -> str:
        """« Activité, E32 »."""
        return f"{self.feuille}, {self.cellule}"

    @property
    def formule(self) -> str:
        """La formule d’Excel qui y mène."""
        onglet = self.feuille.replace("'", "''")
        cible = _cite(f"#'{onglet}'!{self.cellule}")
        return f"=HYPERLINK({cible},{_cite(self.texte)})"


def _cite(texte: str) -> str:
    return '"' + texte.replace('"', '""') + '"'


Case = str | float | Lien | None


class Contenu(NamedTuple):
    """Les cases de la feuille, ligne par ligne, et ce qu’il faut savoir de leur place (à partir de 1)."""

    cases: list[list[Case]]
    complets: list[tuple[int, int, float]]
    """Les cases de complétude : ligne, colonne, part renseignée (de 0 à 1)."""
    titres: tuple[int, ...]
    entetes: tuple[int, ...]


def composer(
    rapport: Rapport, etablissements: Sequence[str], feuilles: Sequence[str], instant: datetime.datetime
) -> Contenu:
    """Le contenu de la feuille. `etablissements` : les codes, dans l’ordre ; `feuilles` : celles du classeur.

    Un lien ne mène qu’à une feuille du classeur.
    """
    cases: list[list[Case]] = [[CONTROLE], [f"{instant:%d/%m/%Y à %H:%M} : {_comptes(rapport)}"], []]
    matrice, complets = _completude(rapport, etablissements, LIGNE_COMPLETUDE + 2)
    titres, entetes = [1], []
    if matrice:
        titres.append(len(cases) + 1)
        entetes.append(len(cases) + 2)
        cases += [["Données prêtes, par établissement et par formulaire"], *matrice, []]
    titres.append(len(cases) + 1)
    entetes.append(len(cases) + 2)
    cases += [["Anomalies"], list(ENTETES)]
    anomalies = trier(rapport.anomalies)
    place = LIGNES_AU_PLUS - len(cases) - 1
    cases += [_ligne(anomalie, feuilles) for anomalie in anomalies[:place]]
    if len(anomalies) > place:
        cases.append(["", "", f"… et {len(anomalies) - place} de plus : voir sorties/controle.xlsx."])
    return Contenu(cases, complets, tuple(titres), tuple(entetes))


def _comptes(rapport: Rapport) -> str:
    comptes = rapport.resume.anomalies
    return ", ".join(f"{comptes.get(gravite, 0)} {mot}" for gravite, mot in MOTS.items()) + "."


def _completude(
    rapport: Rapport, etablissements: Sequence[str], premiere: int
) -> tuple[list[list[Case]], list[tuple[int, int, float]]]:
    formulaires, rangees = matrice(rapport, etablissements)
    retenus = formulaires[: COLONNES - 1]
    lignes: list[list[Case]] = [["Établissement", *retenus]] if retenus else []
    complets: list[tuple[int, int, float]] = []
    for ligne, (code, mesures) in enumerate(rangees, start=premiere):
        parts = [None if mesure is None else mesure.taux for mesure in mesures[: len(retenus)]]
        complets += [(ligne, 2 + rang, part) for rang, part in enumerate(parts) if part is not None]
        lignes.append([code or GESTIONNAIRE, *parts])
    return lignes, complets


def _ligne(anomalie: Anomalie, feuilles: Sequence[str]) -> list[Case]:
    return [
        MOTS[anomalie.gravite],
        anomalie.etablissement or "",
        anomalie.message[:_TEXTE_MAXIMAL],
        _lien(anomalie.sources, feuilles),
        (anomalie.remede or "")[:_TEXTE_MAXIMAL],
        anomalie.code,
    ]


def _lien(sources: Sequence[Source], feuilles: Sequence[str]) -> Case:
    premiere = next((s for s in sources if s.feuille in feuilles), None)
    return None if premiere is None else Lien(premiere.feuille, premiere.cellule)
