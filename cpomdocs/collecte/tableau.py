"""`collecte/collecte.xlsx` : à qui quoi a été demandé, ce qui manque encore, ce qui a été écrit."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

from cpomdocs.collecte.avancement import EtatDePart, etats_des_parts
from cpomdocs.collecte.lieux import TABLEAU
from cpomdocs.collecte.pages import Page, composer
from cpomdocs.collecte.registre import Registre, Trace
from cpomdocs.ecriture.depot import poser
from cpomdocs.ecriture.verrous import verrou_office

_FONDS = {
    "complet": "#C6E0B4",
    "reçu, incomplet": "#FFE699",
    "à décider": "#FFE699",
    "attendu": "#DDEBF7",
    "en retard": "#F8CBAD",
}


def ecrire_tableau(racine: Path, registre: Registre, aujourd_hui: datetime.date) -> list[EtatDePart]:
    """Met le tableau à jour et rend l’état des parts ; un tableau ouvert ailleurs est laissé tel quel."""
    etats = etats_des_parts(racine, registre, aujourd_hui)
    cible = racine / TABLEAU
    if etats and verrou_office(cible) is None:
        poser(cible, composer([_collecte(etats), _manques(etats), _journal(registre.journal())]))
    return etats


def _collecte(etats: Sequence[EtatDePart]) -> Page:
    attendues = sum(etat.completude.attendues for etat in etats)
    renseignees = sum(etat.completude.renseignees for etat in etats)
    part = f"{_arrondi(renseignees / attendues):.0%}".replace("%", " %") if attendues else "rien d’attendu"
    lignes = [
        (
            etat.statut,
            etat.envoi.part.nom,
            etat.envoi.part.libelle,
            etat.envoi.destinataire,
            etat.envoi.courriel,
            f"{etat.envoi.date:%d/%m/%Y} (n° {etat.envoi.numero})",
            _date(etat.envoi.echeance),
            _date(etat.recu_le),
            etat.completude.attendues,
            len(etat.manques),
            _arrondi(etat.completude.taux),
            Path(etat.envoi.fichier).name,
        )
        for etat in etats
    ]
    return Page(
        "Collecte",
        "Collecte du CPOM",
        f"Collecté : {part} des données demandées, au {etats[0].aujourd_hui:%d/%m/%Y}.",
        (
            ("État", 16),
            ("Part", 28),
            ("Nom", 30),
            ("Demandé à", 26),
            ("Courriel", 28),
            ("Envoyé le", 18),
            ("Échéance", 12),
            ("Reçu le", 12),
            ("Attendues", 11),
            ("Manquent", 11),
            ("Complet à", 11),
            ("Fichier envoyé", 34),
        ),
        lignes,
        [_FONDS[etat.statut] for etat in etats],
    )


def _manques(etats: Sequence[EtatDePart]) -> Page:
    lignes = [
        (
            etat.envoi.part.nom,
            valeur.libelle,
            f"{valeur.sources[0].feuille} ! {valeur.sources[0].cellule}",
            "oui" if valeur.obligatoire else "",
        )
        for etat in etats
        for valeur in etat.manques
    ]
    return Page(
        "Manques",
        "Ce qui manque encore",
        "Les données que les formulaires attendent, et la cellule du classeur maître où elles iront.",
        (("Part", 18), ("Donnée", 44), ("Classeur maître", 32), ("Obligatoire", 12)),
        lignes,
    )


def _journal(traces: Sequence[Trace]) -> Page:
    lignes = [
        (t.quand, i.origine, f"{i.feuille} ! {i.cellule}", i.libelle, i.ancien, i.nouveau)
        for t in traces
        for i in [t.inscription]
    ]
    return Page(
        "Journal",
        "Ce que le rassemblement a écrit dans le classeur maître",
        "Le plus récent d’abord ; une copie du classeur d’avant est dans .cpomdocs/sauvegardes.",
        (("Quand", 18), ("De qui", 32), ("Cellule", 24), ("Donnée", 34), ("Avant", 40), ("Après", 40)),
        lignes,
    )


def _arrondi(taux: float) -> float:
    """Le taux au centième inférieur : 99,9 % ne s’affiche pas 100 %."""
    return int(100 * taux) / 100


def _date(jour: datetime.date | None) -> str:
    return f"{jour:%d/%m/%Y}" if jour else ""
