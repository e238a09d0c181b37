"""Word : nos balises devant docxtpl, le remplissage sans balise devant python-docx."""

from __future__ import annotations

import io
from functools import partial
from pathlib import Path

import docx

from cpomdocs.plan import DocumentPrevu
from cpomdocs.remplissage.moteurs import preparer, remplir
from outils.banc.balises import mesurer_balises
from outils.banc.couloir import planifier_demonstration
from outils.banc.mesures import Action, alterner, comparer

_SANS_BALISE = "fiche-signaletique"


def mesurer(dossier: Path, fois: int) -> str:
    """Les tableaux de Word ; `dossier` reçoit la démonstration."""
    prevus = planifier_demonstration(dossier)
    return "\n".join([mesurer_balises(fois), _mesurer_sans_balise(prevus[_SANS_BALISE], fois)])


def _mesurer_sans_balise(prevu: DocumentPrevu, fois: int) -> str:
    octets, gabarit = prevu.formulaire.octets, prevu.formulaire.gabarit
    actions: dict[str, Action] = {
        "python-docx : ouvrir, enregistrer, sans rien remplir": partial(_rouvrir, octets),
        "gabarit préparé": partial(remplir, gabarit, prevu.saisies, prevu.contexte),
        "gabarit non préparé": lambda: remplir(
            preparer("word", octets, "gabarit"), prevu.saisies, prevu.contexte
        ),
    }
    titre = f"Word sans balise ({_SANS_BALISE}, {len(prevu.saisies)} cases)"
    return comparer(titre, "devant python-docx", alterner(actions, fois))


def _rouvrir(octets: bytes) -> bytes:
    tampon = io.BytesIO()
    docx.Document(io.BytesIO(octets)).save(tampon)
    return tampon.getvalue()
