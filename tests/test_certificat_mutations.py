"""Un document altéré au hasard : la vérification le dénonce si, et seulement si, il n’est plus le même."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal

from fabrique_excel import FEUILLE, formulaire, partie, saisir
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import etree

from cpomdocs.certificat.excel import certifier
from cpomdocs.erreurs import ErreurFichier
from cpomdocs.office.archive import lire_archive
from cpomdocs.remplissage.excel import preparer, remplir

GABARIT = formulaire()
ECRITES = [
    saisir("Activité!B1", "Les Tilleuls"),
    saisir("Activité!B2", datetime.date(2026, 12, 31)),
    saisir("Activité!B4", Decimal("12.5")),
    saisir("Activité!B10", True),
]
DOCUMENT = remplir(preparer(GABARIT), ECRITES).octets
TEXTE = partie(DOCUMENT)
NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
CELLULE, LIGNE, CHIFFRE = (
    r'<c r="[^>]*?(?:/>|>.*?</c>)',
    r"<row [^>]*?(?:/>|>.*?</row>)",
    r"(?<=[\"=>:A-Z(])[0-9]",
)
RESULTATS_MATRICE = ("D1", "D2", "D3")


def etat(texte: str) -> bytes | None:
    """La feuille sans les résultats de ses formules, sous forme canonique ; `None` si elle est mal formée."""
    try:
        racine = etree.fromstring(texte.encode())
    except etree.XMLSyntaxError:
        return None
    for cellule in racine.iter(f"{NS}c"):
        if cellule.find(f"{NS}f") is not None or cellule.get("r") in RESULTATS_MATRICE:
            cellule.attrib.pop("t", None)
            for resultat in cellule.findall(f"{NS}v"):
                cellule.remove(resultat)
    for ligne in racine.iter(f"{NS}row"):
        ligne.attrib.pop("spans", None)
    racine.find(f"{NS}dimension").attrib.pop("ref", None)  # type: ignore[union-attr]
    return etree.tostring(racine, method="c14n")


@st.composite
def alterations(tirage: st.DrawFn) -> str:
    """La feuille du document où une cellule, une ligne ou un chiffre a été ôté, doublé, déplacé ou changé."""
    motif = tirage(st.sampled_from([CELLULE, LIGNE, CHIFFRE]))
    places = [m.span() for m in re.finditer(motif, TEXTE, re.DOTALL)]
    debut, fin = places[tirage(st.integers(0, len(places) - 1))]
    morceau = TEXTE[debut:fin]
    if motif == CHIFFRE:
        return TEXTE[:debut] + tirage(st.sampled_from("0123456789")) + TEXTE[fin:]
    geste = tirage(st.sampled_from(["ôter", "doubler", "déplacer", "échanger"]))
    if geste == "ôter":
        return TEXTE[:debut] + TEXTE[fin:]
    if geste == "doubler":
        return TEXTE[:fin] + morceau + TEXTE[fin:]
    d2, f2 = places[tirage(st.integers(0, len(places) - 1))]
    assume(f2 <= debut)
    if geste == "déplacer":
        return TEXTE[:d2] + morceau + TEXTE[d2:debut] + TEXTE[fin:]
    return TEXTE[:d2] + morceau + TEXTE[f2:debut] + TEXTE[d2:f2] + TEXTE[fin:]


@settings(max_examples=400, deadline=None)
@given(alterations())
def test_une_alteration_est_denoncee_si_elle_change_le_document(texte: str) -> None:
    altere = lire_archive(DOCUMENT).recomposer({FEUILLE: texte.encode()})
    try:
        ecarts = certifier(GABARIT, altere, ECRITES)
    except ErreurFichier:
        assert texte != TEXTE
        return
    assert (ecarts == []) == (etat(texte) == etat(TEXTE)), ecarts
