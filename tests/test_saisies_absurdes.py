"""Une saisie absurde, vide ou extrême n’arrête rien : vues, calculs, règles et calendrier suivent."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cpomdocs.agenda.ecriture import en_icalendar
from cpomdocs.agenda.evenements import evenements
from cpomdocs.demo import dossier_de_demonstration
from cpomdocs.modeles import Dossier
from cpomdocs.modeles.base import Entite, InfoChamp, infos
from cpomdocs.modeles.inventaire import FICHES, SAISIES
from cpomdocs.modeles.regles import appliquer
from cpomdocs.modeles.regles.seuils import Seuils
from cpomdocs.modeles.vues import VUES

Retouche = tuple[str, str, object, bool]
"""Collection ou fiche, champ, valeur, et si toutes les lignes la prennent."""
_EXTREMES: dict[str, tuple[object, ...]] = {
    "annee": (1900, 2100),
    "date": (datetime.date.max, datetime.date(1900, 1, 1)),
    "booleen": (True, False),
    "entier": (0, -5, 10**12),
}
_NOMBRES = (Decimal(0), Decimal("-1e15"), Decimal("1e15"))


def _valeurs(info: InfoChamp) -> tuple[object, ...]:
    nom = info.nature.nom
    return (None, *(("xyz", "") if nom.startswith("texte") else _EXTREMES.get(nom, _NOMBRES)))


def _saisis(modele: type[Entite]) -> Iterator[InfoChamp]:
    yield from (info for nom, info in infos(modele).items() if nom in modele.model_fields)


def _retouches(depart: Dossier) -> list[Retouche]:
    listes = [
        (nom, info.nom, valeur, toutes)
        for nom, modele in SAISIES.items()
        if getattr(depart, nom)
        for info in _saisis(modele)
        for valeur in _valeurs(info)
        for toutes in (True, False)
    ]
    fiches = [
        (nom, info.nom, v, True)
        for nom, modele in FICHES.items()
        for info in _saisis(modele)
        for v in _valeurs(info)
    ]
    return [*listes, *fiches]


DEPART = dossier_de_demonstration()
RETOUCHES = _retouches(DEPART)


def retoucher(retouche: Retouche) -> Dossier:
    """La démonstration, où ce champ prend cette valeur : partout, ou sur la première ligne."""
    ou, champ, valeur, toutes = retouche
    donnees: dict[str, Any] = {}
    for nom in Dossier.model_fields:
        contenu = getattr(DEPART, nom)
        if not isinstance(contenu, list):
            donnees[nom] = contenu.model_copy(update={champ: valeur} if nom == ou else {})
            continue
        donnees[nom] = [
            ligne.model_copy(update={champ: valeur} if nom == ou and (toutes or not rang) else {})
            for rang, ligne in enumerate(contenu)
        ]
    return Dossier(**donnees)


def tout_calculer(dossier: Dossier) -> None:
    """Lit chaque champ de chaque ligne, saisie ou calculée, applique les règles, écrit le calendrier."""
    for collection in (*SAISIES, *VUES):
        for ligne in dossier.lignes(collection):
            for nom in infos(type(ligne)):
                getattr(ligne, nom)
    appliquer(dossier, Seuils())
    en_icalendar(dossier, evenements(dossier))


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(RETOUCHES))
def test_aucune_saisie_n_arrete_le_travail(retouche: Retouche) -> None:
    tout_calculer(retoucher(retouche))


@pytest.mark.parametrize(
    "retouche",
    [
        ("activite", "version", "xyz", True),
        ("etablissements", "date_projet_etablissement", datetime.date.max, True),
        ("emprunts", "taux", Decimal("-1e15"), True),
        ("emprunts", "duree", 10**12, True),
        ("hypotheses", "taux_dotation", Decimal("-1e15"), True),
        ("contrat", "date_debut", datetime.date(2099, 12, 31), True),
        ("contrat", "date_fin", datetime.date.min, True),
    ],
    ids=lambda r: f"{r[0]}.{r[1]}",
)
def test_celles_qui_l_arretaient(retouche: Retouche) -> None:
    tout_calculer(retoucher(retouche))
