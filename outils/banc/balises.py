"""Word à balises : notre rendu devant docxtpl, sur le contrat du banc."""

from __future__ import annotations

import io
from collections.abc import Callable

import docx
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import Environment

from cpomdocs.modeles.chemins import Contexte
from cpomdocs.office.archive import lire_archive
from cpomdocs.remplissage.balises import preparer, remplir
from outils.banc import contrat
from outils.banc.mesures import Action, alterner, comparer

_DOCXTPL = "docxtpl : un DocxTemplate neuf par document"
_PREPARE = "gabarit préparé"
_COMPRESSION = "recomprimer la seule partie changée (plancher)"
_UNIQUE = "gabarit non préparé"
_COMPILATION = "préparation seule"


def mesurer_balises(fois: int) -> str:
    """Chaque document est celui d’un établissement différent ; docxtpl reçoit des textes déjà en français."""
    octets, dossier = contrat.gabarit(), contrat.donnees()
    prepare, contextes = preparer(octets), iter(contrat.contextes(dossier))
    exemple = next(iter(contrat.contextes(dossier)))
    rendu = remplir(prepare, exemple)
    if _textes(rendu) != _textes(_rendre_docxtpl(octets, exemple)):
        raise SystemExit("Le banc est faux : notre contrat et celui de docxtpl diffèrent.")
    partie = lire_archive(rendu).lire("word/document.xml")

    def suivant(rendre: Callable[[Contexte], bytes]) -> Action:
        return lambda: rendre(next(contextes))

    durees = alterner(
        {
            _DOCXTPL: suivant(lambda contexte: _rendre_docxtpl(octets, contexte)),
            _PREPARE: suivant(lambda contexte: remplir(prepare, contexte)),
            _COMPRESSION: lambda: prepare.archive.recomposer({"word/document.xml": partie}),
            _UNIQUE: suivant(lambda contexte: remplir(preparer(octets), contexte)),
            _COMPILATION: lambda: preparer(octets),
        },
        fois,
    )
    plancher = f"{durees[_PREPARE] / durees[_COMPRESSION]:.1f}".replace(".", ",")
    tableau = comparer("Word à balises (contrat du banc)", "devant docxtpl", durees)
    cibles = f"préparé ≥ × 40, au plus 5 fois le plancher (ici {plancher}) ; préparation < 1 s"
    return f"{tableau}\n\n- cibles : {cibles}"


def _rendre_docxtpl(octets: bytes, contexte: Contexte) -> bytes:
    modele = DocxTemplate(io.BytesIO(octets))
    modele.render(contrat.en_textes(contexte), Environment(autoescape=True))
    tampon = io.BytesIO()
    modele.save(tampon)
    return tampon.getvalue()


def _textes(octets: bytes) -> list[str]:
    """Le texte visible du corps, passage par passage."""
    corps = docx.Document(io.BytesIO(octets)).element.body
    textes = (str(t.text or "") for t in corps.iter(qn("w:t")))
    return [texte for texte in textes if texte]
