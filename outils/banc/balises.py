"""Word à balises : notre rendu devant docxtpl, sur le contrat du banc."""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable
from functools import partial

import docx
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import Environment

from cpomdocs.office.archive import lire_archive
from cpomdocs.remplissage.balises import preparer, remplir
from outils.banc import contrat
from outils.banc.mesures import alterner, comparer

_DOCXTPL = "docxtpl : un DocxTemplate neuf par document"
_PREPARE = "gabarit préparé"
_COMPRESSION = "recomprimer la seule partie changée (plancher)"
_COMPILATION = "préparation, une fois"
_CORPS = "word/document.xml"
_VERIFIES = 20
"""Un document sur vingt est comparé, texte par texte, à celui de docxtpl."""


def mesurer_balises(fois: int) -> str:
    """Deux cents documents, chacun d’un autre établissement, rendu une fois par chacun des concurrents."""
    octets, dossier = contrat.gabarit(), contrat.donnees()
    prepare = preparer(octets)
    releves: dict[str, list[float]] = {nom: [] for nom in (_DOCXTPL, _PREPARE, _COMPRESSION)}
    for rang, contexte in enumerate(contrat.contextes(dossier)):
        noms = contrat.en_textes(contexte)
        attendu = _chronometrer(releves[_DOCXTPL], partial(_rendre_docxtpl, octets, noms))
        rendu = _chronometrer(releves[_PREPARE], partial(remplir, prepare, contexte))
        if rang % _VERIFIES == 0 and _textes(rendu) != _textes(attendu):
            raise SystemExit("Le banc est faux : notre contrat et celui de docxtpl diffèrent.")
        partie = {_CORPS: lire_archive(rendu).lire(_CORPS)}
        _chronometrer(releves[_COMPRESSION], partial(prepare.archive.recomposer, partie))
    durees = {nom: statistics.median(temps) for nom, temps in releves.items()}
    durees |= alterner({_COMPILATION: lambda: preparer(octets)}, fois)
    plancher = f"{durees[_PREPARE] / durees[_COMPRESSION]:.1f}".replace(".", ",")
    tableau = comparer("Word à balises (contrat du banc, 200 documents)", "devant docxtpl", durees)
    cibles = f"préparé ≥ × 40, au plus 5 fois le plancher (ici {plancher}) ; préparation < 1 s"
    return f"{tableau}\n\n- cibles : {cibles}"


def _chronometrer(releve: list[float], rendre: Callable[[], bytes]) -> bytes:
    debut = time.process_time()
    octets = rendre()
    releve.append(time.process_time() - debut)
    return octets


def _rendre_docxtpl(octets: bytes, noms: dict[str, object]) -> bytes:
    modele = DocxTemplate(io.BytesIO(octets))
    modele.render(noms, Environment(autoescape=True))
    tampon = io.BytesIO()
    modele.save(tampon)
    return tampon.getvalue()


def _textes(octets: bytes) -> list[str]:
    """Le texte visible du corps, passage par passage."""
    corps = docx.Document(io.BytesIO(octets)).element.body
    textes = (str(t.text or "") for t in corps.iter(qn("w:t")))
    return [texte for texte in textes if texte]
