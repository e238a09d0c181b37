"""Word : nos balises devant docxtpl, le remplissage sans balise devant python-docx."""

from __future__ import annotations

import io
from functools import partial
from pathlib import Path

import docx

from cpomdocs.modeles.chemins import Valeur
from cpomdocs.modeles.types import Nature
from cpomdocs.plan import DocumentPrevu
from cpomdocs.remplissage.moteurs import places_du_gabarit, preparer, remplir
from cpomdocs.saisies import Saisie
from outils.banc.balises import mesurer_balises
from outils.banc.couloir import planifier_demonstration
from outils.banc.mesures import Action, alterner, comparer

_SANS_BALISE, _LONG = "fiche-signaletique", "trame-diagnostic"


def mesurer(dossier: Path, fois: int) -> str:
    """Les tableaux de Word ; `dossier` reçoit la démonstration."""
    prevus = planifier_demonstration(dossier)
    sans_balise = [_mesurer_sans_balise(prevus[nom], fois) for nom in (_SANS_BALISE, _LONG)]
    return "\n".join([mesurer_balises(fois), *sans_balise, _mesurer_partout(prevus[_LONG], fois)])


def _mesurer_partout(prevu: DocumentPrevu, fois: int) -> str:
    """Un texte dans toutes les places que le relevé trouve, bien plus que n’en remplit la correspondance."""
    octets, gabarit = prevu.formulaire.octets, prevu.formulaire.gabarit
    valeurs: dict[str, str | bool] = {"case à cocher": True}
    saisies = [
        Saisie(
            place.case, Valeur("", "", Nature("texte"), valeurs.get(place.genre, "Les Tilleuls"), "renseigne")
        )
        for place in places_du_gabarit(gabarit)
        if place.genre not in ("liste", "date", "image")
    ]
    actions: dict[str, Action] = {
        "python-docx : ouvrir, enregistrer, sans rien remplir": partial(_rouvrir, octets),
        "gabarit préparé, toutes les places": partial(remplir, gabarit, saisies, prevu.contexte),
    }
    return comparer(f"{_LONG} ({len(saisies)} places)", "devant python-docx", alterner(actions, fois))


def _mesurer_sans_balise(prevu: DocumentPrevu, fois: int) -> str:
    octets, gabarit = prevu.formulaire.octets, prevu.formulaire.gabarit
    actions: dict[str, Action] = {
        "python-docx : ouvrir, enregistrer, sans rien remplir": partial(_rouvrir, octets),
        "gabarit préparé": partial(remplir, gabarit, prevu.saisies, prevu.contexte),
        "gabarit non préparé": lambda: remplir(
            preparer("word", octets, "gabarit"), prevu.saisies, prevu.contexte
        ),
    }
    titre = f"Word sans balise ({prevu.formulaire.nom}, {len(prevu.saisies)} cases)"
    return comparer(titre, "devant python-docx", alterner(actions, fois))


def _rouvrir(octets: bytes) -> bytes:
    tampon = io.BytesIO()
    docx.Document(io.BytesIO(octets)).save(tampon)
    return tampon.getvalue()
