"""Retoucher un dossier au hasard, comme on retouche un classeur : une cellule, une ligne."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from cpomdocs.classeur.redaction import ecrire_classeur
from cpomdocs.demo import dossier_de_demonstration
from cpomdocs.modeles import Dossier
from cpomdocs.modeles.base import infos
from cpomdocs.modeles.dossier import FICHES, SAISIES

Donnees = dict[str, Any]
"""Fiches et collections, chaque ligne en dictionnaire."""
VALEURS: dict[str, tuple[object, ...]] = {
    "texte": ("Nouveau texte", "Autre", None),
    "texte_long": ("Un texte plus long, sur une ligne.", None),
    "entier": (0, 1, 17, 365, None),
    "decimal": (Decimal("0"), Decimal("3.5"), None),
    "montant": (Decimal("0"), Decimal("1234.56"), None),
    "taux": (Decimal("0.5"), Decimal("0"), None),
    "date": (datetime.date(2026, 5, 4), None),
    "booleen": (True, False, None),
    "annee": (2024, 2025, 2026, 2027),
}


def donnees_de_demonstration(etablissements: int = 2) -> Donnees:
    """La démonstration, réduite à ses premiers établissements."""
    dossier = dossier_de_demonstration()
    codes = [e.code for e in dossier.etablissements[:etablissements]]
    donnees: Donnees = {nom: dict(getattr(dossier, nom)) for nom in FICHES}
    for nom in SAISIES:
        champ = "code" if nom == "etablissements" else "etablissement"
        lignes = [dict(ligne) for ligne in getattr(dossier, nom)]
        donnees[nom] = [li for li in lignes if li.get(champ) in (None, *codes)]
    return donnees


def ecrire(donnees: Donnees, fichier: Path) -> None:
    """Écrit le classeur maître de ces données."""
    dossier = Dossier.model_validate(donnees)
    tampon = io.BytesIO()
    ecrire_classeur(tampon, dossier, [])
    fichier.write_bytes(tampon.getvalue())


@st.composite
def retouches(tirer: st.DrawFn, donnees: Donnees) -> tuple[str, Donnees]:
    """Une retouche, en mots, et les données retouchées."""
    remplies = [nom for nom in SAISIES if donnees[nom] and nom != "formulaires"]
    nom = tirer(st.sampled_from([*FICHES, *remplies]))
    if nom in FICHES:
        champ, valeur = _valeur(tirer, FICHES[nom])
        return f"{nom}.{champ} = {valeur}", donnees | {nom: donnees[nom] | {champ: valeur}}
    lignes = list(donnees[nom])
    rang = tirer(st.integers(0, len(lignes) - 1))
    geste = tirer(st.sampled_from(("changer", "changer", "changer", "retirer", "inserer", "sans objet")))
    if geste == "retirer":
        del lignes[rang]
    elif geste == "inserer":
        champ, valeur = _valeur(tirer, SAISIES[nom])
        lignes.insert(rang, lignes[rang] | {champ: valeur})
    else:
        champ, valeur = _valeur(tirer, SAISIES[nom])
        absents = lignes[rang].get("sans_objet") or frozenset()
        lignes[rang] = lignes[rang] | (
            {champ: valeur, "sans_objet": absents - {champ}}
            if geste == "changer"
            else {champ: None, "sans_objet": absents | {champ}}
        )
    return f"{geste} {nom}[{rang}].{champ if geste != 'retirer' else ''}", donnees | {nom: lignes}


def _valeur(tirer: st.DrawFn, modele: type[Any]) -> tuple[str, object]:
    info = tirer(st.sampled_from([i for i in infos(modele).values() if not i.calcule]))
    return info.nom, tirer(st.sampled_from(VALEURS[info.nature.nom]))
