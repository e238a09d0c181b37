"""« classeur annee-suivante » : les prévisions deviennent de l’historique, rien n’est retapé ni perdu."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from fabriques import des_donnees, poser_classeur

from cpomdocs.cli import executer
from cpomdocs.erreurs import ErreurClasseur
from cpomdocs.lecture import lire_classeur
from cpomdocs.modeles.dossier import SAISIES
from cpomdocs.modeles.entites.activite import Activite
from cpomdocs.modeles.entites.budget import Compte
from cpomdocs.modeles.entites.identite import Autorisation, Etablissement
from cpomdocs.transfert import passer_a_l_annee_suivante

CLES = {"etablissement": "A", "modalite": "HP"}


def un_classeur(tmp_path: Path, **collections: object) -> Path:
    """Un établissement, N = 2026, et ces lignes."""
    return poser_classeur(
        tmp_path,
        des_donnees(
            Etablissement(code="A", nom="Les Chênes", type="EHPAD"),
            autorisations=[Autorisation(etablissement="A", modalite="HP", capacite_autorisee=10)],
            **collections,
        ),
    )


def test_la_prevision_devient_du_reel_a_confirmer(tmp_path: Path) -> None:
    chemin = un_classeur(
        tmp_path,
        activite=[
            Activite(**CLES, annee=2025, version="reel", journees_realisees=3000),
            Activite(**CLES, annee=2026, version="previsionnel", journees_realisees=3100, commentaire="note"),
        ],
        comptes=[
            Compte(etablissement="A", annee=2026, version="previsionnel", compte="6411", montant=Decimal(90)),
            Compte(etablissement="A", annee=2026, version="anticipe", compte="6411", montant=Decimal(95)),
        ],
    )
    avant, _ = lire_classeur(chemin)
    octets = chemin.read_bytes()

    passage = passer_a_l_annee_suivante(chemin, lambda _: [])

    apres, _ = lire_classeur(chemin)
    assert (passage.annee, apres.parametres.annee_n) == (2027, 2027)
    assert passage.ancien.read_bytes() == octets
    (reprise,) = [a for a in apres.activite if (a.annee, a.version, a.modalite) == (2026, "reel", "HP")]
    assert (reprise.journees_realisees, reprise.source) == (3100, "À confirmer : prévision 2026")
    assert reprise.commentaire == "note"
    (compte,) = [c for c in apres.comptes if (c.annee, c.version, c.compte) == (2026, "reel", "6411")]
    assert (compte.montant, compte.source) == (Decimal(95), "À confirmer : anticipé 2026")
    assert (2027, "previsionnel", "HP") in [(a.annee, a.version, a.modalite) for a in apres.activite]
    for collection in SAISIES:
        assert [x for x in getattr(avant, collection) if x not in getattr(apres, collection)] == []


def test_un_reel_deja_saisi_et_une_prevision_vide_ne_sont_pas_repris(tmp_path: Path) -> None:
    chemin = un_classeur(
        tmp_path,
        activite=[
            Activite(**CLES, annee=2026, version="reel", journees_realisees=5),
            Activite(**CLES, annee=2026, version="previsionnel", journees_realisees=9),
            Activite(etablissement="A", annee=2026, version="previsionnel"),
        ],
    )
    passer_a_l_annee_suivante(chemin, lambda _: [])
    apres, _ = lire_classeur(chemin)
    assert [a.journees_realisees for a in apres.activite if (a.annee, a.version) == (2026, "reel")] == [5]
    assert not any((a.source or "").startswith("À confirmer") for a in apres.activite)


def test_ce_que_la_personne_a_ajoute_au_classeur_y_reste(tmp_path: Path) -> None:
    chemin = un_classeur(tmp_path)
    livre = openpyxl.load_workbook(chemin)
    livre.create_sheet("Mes calculs")["A1"] = "=1+1"
    livre["Activité"]["AZ3"] = "penser au siège"
    livre.save(chemin)
    passer_a_l_annee_suivante(chemin, lambda _: [])
    relu = openpyxl.load_workbook(chemin)
    assert relu["Mes calculs"]["A1"].value == "=1+1"
    assert relu["Activité"]["AZ3"].value == "penser au siège"


def test_sans_annee_n_la_commande_dit_ou_la_saisir(tmp_path: Path) -> None:
    chemin = un_classeur(tmp_path)
    livre = openpyxl.load_workbook(chemin)
    page = livre["Paramètres"]
    ligne = next(r for r in range(1, 30) if page.cell(r, 1).value == "Année N")
    page.cell(ligne, 2).value = None
    livre.save(chemin)
    avant = chemin.read_bytes()
    with pytest.raises(ErreurClasseur, match="année N n’est pas saisie"):
        passer_a_l_annee_suivante(chemin, lambda _: [])
    assert chemin.read_bytes() == avant


def test_la_commande_dit_ce_qui_est_fait_et_ce_qui_reste(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    un_classeur(
        tmp_path, activite=[Activite(**CLES, annee=2026, version="previsionnel", journees_realisees=3100)]
    )
    assert executer(["classeur", "annee-suivante", str(tmp_path)]) == 0
    dit = capsys.readouterr().out
    assert "Activité : 1 prévision reprise en réel, à confirmer" in dit
    assert "L’année N est maintenant 2027" in dit and "campagne 2026" in dit
