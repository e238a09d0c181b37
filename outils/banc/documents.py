"""Word : nos balises devant docxtpl, le remplissage sans balise devant python-docx."""

from __future__ import annotations

import io
from functools import partial
from pathlib import Path

import docx
from docxtpl import DocxTemplate

from cpomdocs.plan import DocumentPrevu
from cpomdocs.remplissage.balises.filtres import Rendu
from cpomdocs.remplissage.balises.langage import RENDU, Environnement
from cpomdocs.remplissage.balises.vues import contexte_de_rendu
from cpomdocs.remplissage.moteurs import preparer, remplir
from outils.banc.couloir import planifier_demonstration
from outils.banc.mesures import Action, alterner, comparer

_BALISES = "contrat-cpom"
_SANS_BALISE = "fiche-signaletique"


def mesurer(dossier: Path, fois: int) -> str:
    """Les tableaux de Word ; `dossier` reçoit la démonstration."""
    prevus = planifier_demonstration(dossier)
    return "\n".join(
        [_mesurer_balises(prevus[_BALISES], fois), _mesurer_sans_balise(prevus[_SANS_BALISE], fois)]
    )


def _mesurer_balises(prevu: DocumentPrevu, fois: int) -> str:
    """Le même gabarit, les mêmes données et les mêmes filtres, par docxtpl et par nous."""
    octets, gabarit = prevu.formulaire.octets, prevu.formulaire.gabarit
    durees = alterner(
        {
            "docxtpl : ouvrir, rendre, enregistrer": partial(_rendre_docxtpl, prevu),
            "gabarit préparé": partial(remplir, gabarit, prevu.saisies, prevu.contexte),
            "gabarit non préparé": lambda: remplir(
                preparer("balises", octets, "gabarit"), prevu.saisies, prevu.contexte
            ),
        },
        fois,
    )
    return comparer(f"Word à balises ({_BALISES})", "devant docxtpl", durees)


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


def _rendre_docxtpl(prevu: DocumentPrevu) -> bytes:
    modele = DocxTemplate(io.BytesIO(prevu.formulaire.octets))
    modele.render(contexte_de_rendu(prevu.contexte) | {RENDU: Rendu()}, Environnement())
    tampon = io.BytesIO()
    modele.save(tampon)
    return tampon.getvalue()


def _rouvrir(octets: bytes) -> bytes:
    tampon = io.BytesIO()
    docx.Document(io.BytesIO(octets)).save(tampon)
    return tampon.getvalue()
