"""Chaque formulaire réel, rempli par une correspondance, vérifié, ouvert et recalculé par LibreOffice."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from correspondances_reelles import FORMES, Forme, des_montants
from fabriques import REELS, exige_les_reels, exige_libreoffice, poser_formulaire

from cpomdocs.certificat.excel import certifier
from cpomdocs.formulaires.catalogue import charger_formulaire
from cpomdocs.libreoffice import convertir, programme
from cpomdocs.plan.documents import planifier
from cpomdocs.recalcul import (
    Lieu,
    Qualification,
    Resultat,
    moteur_disponible,
    qualifier,
    recalculer_document,
)
from cpomdocs.recalcul.formules import Inventaire, inventorier
from cpomdocs.recalcul.qualification import _egaux
from cpomdocs.remplissage.excel import preparer, remplir

MOTEUR = moteur_disponible()
pytestmark = [
    pytest.mark.skipif(MOTEUR is None, reason="le moteur de calcul (extra recalcul) est absent"),
    exige_les_reels,
]
INSTANT = datetime.datetime(2026, 3, 31)
RECALCULER = {("/org.openoffice.Office.Calc/Formula/Load", "OOXMLRecalcMode"): "0"}

EXPLIQUES = {"VSME-Digital-Template-1.0.0.xlsx": 1, "VSME-Digital-Template-Sample-1.1.0.xlsx": 16}
"""Les résultats que LibreOffice 7.4 ne rend pas, et qui doivent alors être ceux d’Excel.

1.0.0 : un texte où il laisse `_x0002_`. Exemple 1.1.0 : ce qui passe par RECHERCHEX, qu’il ignore.
"""


class Rempli(NamedTuple):
    """Un formulaire rempli : combien de cases, ses résultats, et la qualification de son gabarit."""

    octets: bytes
    ecrites: int
    resultats: dict[Lieu, Resultat]
    constat: Qualification


@pytest.fixture(scope="module")
def remplis(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rempli]:
    """Tous les formulaires remplis et vérifiés conformes, par nom de fichier."""
    dossier = tmp_path_factory.mktemp("reels")
    return {forme.fichier: _remplir(dossier, forme) for forme in FORMES}


def _remplir(dossier: Path, forme: Forme) -> Rempli:
    gabarit = (REELS / "excel" / forme.fichier).read_bytes()
    entete = {"fichier": forme.fichier, "langue": f'"{forme.langue}"', "portee": '"etablissement"'}
    repertoire = poser_formulaire(dossier, forme.nom, forme.correspondance(), gabarit, **entete)
    (prevu,) = planifier(des_montants(), [charger_formulaire(repertoire)])
    rempli = remplir(preparer(gabarit, forme.fichier), prevu.saisies)
    assert rempli.refus == ()
    assert MOTEUR is not None
    constat = qualifier(gabarit, MOTEUR, forme.langue)
    document, rapport = recalculer_document(
        gabarit,
        rempli.octets,
        moteur=MOTEUR,
        qualification=constat,
        langue=forme.langue,
        maintenant=INSTANT,
    )
    assert certifier(gabarit, document, rempli.ecrites) == []
    return Rempli(document, len(rempli.ecrites), dict(rapport.resultats or {}), constat)


def test_chaque_formulaire_reel_a_sa_correspondance() -> None:
    assert {forme.fichier for forme in FORMES} == {p.name for p in (REELS / "excel").iterdir()}


@pytest.mark.parametrize("forme", FORMES, ids=lambda forme: forme.nom)
def test_un_formulaire_reel_est_rempli_et_conforme(remplis: Mapping[str, Rempli], forme: Forme) -> None:
    rempli = remplis[forme.fichier]
    assert rempli.ecrites >= forme.minimum
    # uk-quarterly-return : INDIRECT vers un nom défini (la période), que le moteur ne suit pas.
    assert len(rempli.constat.non_reproduits) == (48 if forme.fichier.startswith("uk-") else 0)


@pytest.fixture(scope="module")
def ouverts(
    remplis: Mapping[str, Rempli], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Inventaire | None]:
    """Chaque document ouvert, recalculé et enregistré par LibreOffice : un démarrage par langue."""
    soffice, lus = programme(), {}
    assert soffice is not None
    for langue in ("fr-FR", "en-US"):
        dossier = tmp_path_factory.mktemp(langue)
        sources = []
        for rang, forme in enumerate(FORMES):
            if forme.langue == langue:
                source = dossier / f"{rang}{Path(forme.fichier).suffix}"
                source.write_bytes(remplis[forme.fichier].octets)
                sources.append(source)
        for source, rendu in convertir(
            soffice, sources, "xlsx", dossier / "sortie", langue=langue, reglages=RECALCULER
        ):
            fichier = FORMES[int(source.stem)].fichier
            lus[fichier] = inventorier(rendu.read_bytes()) if rendu else None
    return lus


@exige_libreoffice
@pytest.mark.parametrize("forme", FORMES, ids=lambda forme: forme.nom)
def test_ses_totaux_sont_ceux_de_libreoffice(
    remplis: Mapping[str, Rempli], ouverts: Mapping[str, Inventaire | None], forme: Forme
) -> None:
    lu, nos = ouverts[forme.fichier], remplis[forme.fichier].resultats
    assert lu is not None
    leurs = lu.resultats_de(nos)
    differents = {x for x, notre in nos.items() if not _egaux(leurs.get(x), notre, "LibreOffice")}
    excel = inventorier((REELS / "excel" / forme.fichier).read_bytes()).resultats()
    inexpliques = {str(x) for x in differents if not _egaux(excel.get(x), nos[x], "Excel")}
    assert (inexpliques, len(differents)) == (set(), EXPLIQUES.get(forme.fichier, 0))
    if excel:
        changes = {x for x, notre in nos.items() if not _egaux(excel.get(x), notre, "Excel")}
        assert len(changes) >= forme.totaux
