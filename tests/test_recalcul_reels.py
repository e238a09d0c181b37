"""Le recalcul sur de vrais formulaires et sur la démonstration, jugé par Excel et par LibreOffice."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from fabrique_excel import ouvrir, saisir
from fabriques import RACINE, REELS, exige_les_reels, exige_libreoffice

from cpomdocs.certificat.excel import certifier
from cpomdocs.demo import dossier_de_demonstration
from cpomdocs.formulaires.catalogue import charger_formulaire
from cpomdocs.plan.documents import planifier
from cpomdocs.recalcul import (
    Lieu,
    Moteur,
    Qualification,
    RapportRecalcul,
    Resultat,
    libreoffice,
    moteur_disponible,
    qualifier,
    recalculer_document,
)
from cpomdocs.recalcul.formules import inventorier
from cpomdocs.recalcul.qualification import FICHIER, _egaux, empreinte
from cpomdocs.remplissage.excel import preparer, remplir
from cpomdocs.saisies import Remplissage, Saisie

MOTEUR = moteur_disponible()
pytestmark = pytest.mark.skipif(MOTEUR is None, reason="le moteur de calcul (extra recalcul) est absent")
INSTANT = datetime.datetime(2026, 3, 31)
LIVRES = ("annexe-activite", "eprd-simplifie", "tableau-effectifs")


def moteur() -> Moteur:
    assert MOTEUR is not None
    return MOTEUR


def recalculer(
    gabarit: bytes, rempli: Remplissage, constat: Qualification, langue: str = "fr-FR"
) -> tuple[bytes, RapportRecalcul]:
    """Le document recalculé, vérifié conforme à son gabarit."""
    document, rapport = recalculer_document(
        gabarit, rempli.octets, moteur=moteur(), qualification=constat, langue=langue, maintenant=INSTANT
    )
    assert rapport.etat == "fait", rapport.message
    assert certifier(gabarit, document, rempli.ecrites) == []
    return document, rapport


def differences(
    obtenus: dict[Lieu, Resultat], attendus: dict[Lieu, Resultat], reference: str
) -> dict[str, tuple[Resultat, Resultat]]:
    return {
        str(x): (obtenu, attendus.get(x))
        for x, obtenu in obtenus.items()
        if not _egaux(attendus.get(x), obtenu, reference)
    }


# ---------------------------------------------------------------- formulaires réels


@exige_les_reels
def test_le_modele_vierge_de_l_efrag_rempli_comme_son_exemple_en_donne_les_totaux() -> None:
    vierge, exemple = (
        (REELS / "excel" / f"VSME-Digital-Template-{nom}1.1.0.xlsx").read_bytes() for nom in ("", "Sample-")
    )
    rempli = remplir(preparer(vierge), _donnees_de_l_exemple(vierge, exemple))
    assert (len(rempli.ecrites), rempli.refus) == (187, ())
    constat = qualifier(vierge, moteur(), "en-US")
    assert constat.non_reproduits == ()
    document, rapport = recalculer(vierge, rempli, constat, "en-US")
    lus, attendus = inventorier(document).resultats(), inventorier(exemple).resultats()
    assert (len(lus), len(rapport.retraits), len(attendus)) == (2898, 233, 3131)
    assert differences(lus, attendus, "Excel") == {}
    avant = inventorier(vierge).resultats()
    assert len(differences(lus, avant, "Excel")) > 250
    raisons = {x.raison for x in rapport.retraits}
    assert raisons == {
        "elles dépendent du réseau, du poste, du hasard ou d’un autre classeur",
        "elles dépendent d’une cellule laissée à Excel",
    }


def _donnees_de_l_exemple(vierge: bytes, exemple: bytes) -> list[Saisie]:
    """Les cellules de saisie que l’exemple a remplies et que le modèle a vides ou autres."""
    avant, apres = ouvrir(vierge), ouvrir(exemple)
    saisies = []
    for feuille in apres:
        if feuille.title not in avant.sheetnames:
            continue
        for cellule in (c for rangee in feuille.iter_rows() for c in rangee if c.value is not None):
            ancienne = avant[feuille.title][cellule.coordinate]
            if cellule.data_type == "f" or ancienne.data_type == "f" or ancienne.value == cellule.value:
                continue
            nature = "date" if isinstance(cellule.value, datetime.date) else "texte"
            saisies.append(saisir(f"{feuille.title}!{cellule.coordinate}", cellule.value, nature))
    return saisies


# ---------------------------------------------------------------- formulaires livrés


@pytest.mark.parametrize("nom", LIVRES)
def test_la_qualification_livree_est_celle_du_gabarit_et_du_moteur(nom: str) -> None:
    repertoire = RACINE / "gabarits" / nom
    constat = _livree(repertoire)
    (gabarit,) = repertoire.glob("*.xlsx")
    assert (constat.gabarit, constat.moteur) == (empreinte(gabarit.read_bytes()), moteur().identite)
    assert (constat.reference, constat.non_reproduits) == ("LibreOffice", ())
    assert constat.comparees > 100


def _livree(repertoire: Path) -> Qualification:
    return Qualification.model_validate_json((repertoire / FICHIER).read_bytes())


@exige_libreoffice
@pytest.mark.parametrize("nom", LIVRES)
def test_la_demonstration_a_les_totaux_de_libreoffice(nom: str) -> None:
    repertoire = RACINE / "gabarits" / nom
    formulaire = charger_formulaire(repertoire)
    prevus = planifier(dossier_de_demonstration(), [formulaire])
    assert prevus
    for rang, prevu in enumerate(prevus):
        rempli = remplir(preparer(formulaire.octets), prevu.saisies)
        document, rapport = recalculer(formulaire.octets, rempli, _livree(repertoire))
        assert rapport.retraits == ()
        poses = dict(rapport.resultats or {})
        assert inventorier(document).resultats() == poses
        if rang == 0:
            calcules = libreoffice.recalculer(rempli.octets, poses, "fr-FR")
            assert differences(poses, calcules, "LibreOffice") == {}
