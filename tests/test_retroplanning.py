"""Le rétroplanning : jours ouvrés, étapes usuelles, marges, échéances, et les documents qui le montrent."""

from __future__ import annotations

import datetime
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from fabriques import convertir, des_donnees, exige_libreoffice, poser_classeur
from hypothesis import given
from hypothesis import strategies as st

from cpomdocs import generer
from cpomdocs.cli import executer
from cpomdocs.lecture import lire_classeur
from cpomdocs.modeles import Contrat, Dossier, Etablissement, Jalon, Parametres
from cpomdocs.modeles.planification.etapes import etapes_types
from cpomdocs.modeles.planification.jours import JoursOuvres, feries

JOUR = datetime.date(2026, 3, 31)
VISEE = datetime.date(2026, 12, 18)
FERIES_2026 = [
    "01-01",
    "04-06",
    "05-01",
    "05-08",
    "05-14",
    "05-25",
    "07-14",
    "08-15",
    "11-01",
    "11-11",
    "12-25",
]
"""Les onze jours de l’article L. 3133-1 du code du travail, Pâques le 5 avril 2026."""
dates = st.dates(datetime.date(2024, 1, 1), datetime.date(2028, 12, 31))


def le(mois: int, jour: int) -> datetime.date:
    return datetime.date(2026, mois, jour)


def un_dossier(*jalons: dict[str, Any], **contrat: Any) -> Dossier:
    return Dossier(
        parametres=Parametres(annee_n=2026, date_reference=JOUR),
        contrat=Contrat(**contrat),
        jalons=[Jalon(**jalon) for jalon in jalons],
    )


def lues(dossier: Dossier, *champs: str) -> dict[str, tuple[Any, ...]]:
    return {e.etape: tuple(getattr(e, c) for c in champs) for e in dossier.lignes("retroplanning")}


def test_les_onze_jours_feries_de_la_loi() -> None:
    assert [f"{date:%m-%d}" for date in feries(2026)] == FERIES_2026


def test_l_alsace_et_la_moselle_ont_deux_jours_de_plus() -> None:
    vendredi_saint = le(4, 3)
    assert JoursOuvres("75").est_ouvre(vendredi_saint)
    for departement in ("57", "67", "68"):
        assert not JoursOuvres(departement).est_ouvre(vendredi_saint)
        assert JoursOuvres(departement).nom(vendredi_saint) == "Vendredi saint"


def test_le_calendrier_d_un_dossier_est_celui_de_son_departement() -> None:
    jalon = {"etape": "A", "date_debut": le(4, 2), "date_fin_prevue": le(4, 7)}
    durees = []
    for departement in ("75", "67"):
        dossier = un_dossier(jalon)
        dossier = Dossier(
            **{**dossier.__dict__, "parametres": Parametres(annee_n=2026, departement=departement)}
        )
        durees.append(lues(dossier, "duree")["A"][0])
    assert durees == [3, 2]


def test_mai_2026_a_dix_sept_jours_ouvres() -> None:
    """Vingt et un jours du lundi au vendredi, moins le 1er, le 8, l’Ascension et le lundi de Pentecôte."""
    assert JoursOuvres().entre(le(5, 1), le(5, 31)) == 17


@given(dates, dates)
def test_les_jours_ouvres_se_comptent_un_par_un(debut: datetime.date, fin: datetime.date) -> None:
    jours = JoursOuvres()
    tous = [debut + datetime.timedelta(days=n) for n in range((fin - debut).days + 1)]
    assert jours.entre(debut, fin) == sum(d.weekday() < 5 and d not in feries(d.year) for d in tous)
    assert jours.ecart(debut, fin) == -jours.ecart(fin, debut)


@given(dates, st.integers(1, 60))
def test_finir_puis_commencer_ramene_au_debut(debut: datetime.date, duree: int) -> None:
    jours = JoursOuvres()
    fin = jours.finir(debut, duree)
    assert jours.entre(debut, fin) == duree
    assert jours.commencer(fin, duree) == jours.suivant(debut)


def test_les_etapes_usuelles_remontent_de_dix_huit_mois() -> None:
    etapes = {e.phase: e for e in reversed(list(etapes_types(VISEE, JoursOuvres())))}
    assert etapes["lancement"].debut == datetime.date(2025, 6, 18)
    assert etapes["objectifs"].debut == le(4, 20), "huit mois avant, le premier jour ouvré"
    assert etapes["signature"].fin == VISEE


@given(dates, st.integers(1, 24), st.integers(1, 24))
def test_aucune_etape_usuelle_ne_chevauche_ni_ne_tombe_un_jour_chome(
    visee: datetime.date, diagnostic: int, negociation: int
) -> None:
    jours = JoursOuvres()
    etapes = list(etapes_types(visee, jours, diagnostic, negociation))
    for avant, apres in zip([None, *etapes], etapes, strict=False):
        assert jours.est_ouvre(apres.debut) and jours.est_ouvre(apres.fin)
        assert apres.debut <= apres.fin
        assert avant is None or (avant.fin < apres.debut and apres.precedent == avant.etape)
    assert etapes[-1].fin == jours.precedent(visee)


def test_les_marges_remontent_de_la_signature() -> None:
    """A, cinq jours, puis B, quatre (le 14 juillet) ; signature le 24 : cinq jours ouvrés à chacune."""
    dossier = un_dossier(
        {"etape": "A", "date_debut": le(7, 6), "date_fin_prevue": le(7, 10)},
        {"etape": "B", "date_debut": le(7, 13), "date_fin_prevue": le(7, 17), "precedent": "A"},
        date_signature_visee=le(7, 24),
    )
    assert lues(dossier, "duree", "debut_au_plus_tard", "fin_au_plus_tard", "marge", "situation") == {
        "A": (5, le(7, 13), le(7, 20), 5, "dans_les_temps"),
        "B": (4, le(7, 21), le(7, 24), 5, "dans_les_temps"),
    }


def test_une_date_imposee_borne_l_etape_et_celles_qui_la_precedent() -> None:
    dossier = un_dossier(
        {"etape": "A", "date_debut": le(7, 6), "date_fin_prevue": le(7, 10)},
        {
            "etape": "B",
            "date_debut": le(7, 13),
            "date_fin_prevue": le(7, 17),
            "precedent": "A",
            "date_imposee": le(7, 16),
        },
        date_signature_visee=VISEE,
    )
    assert lues(dossier, "fin_au_plus_tard", "marge", "situation") == {
        "A": (le(7, 9), -1, "depassee"),
        "B": (le(7, 16), -1, "depassee"),
    }


def test_notre_contre_proposition_tient_lieu_de_date_imposee() -> None:
    dossier = un_dossier(
        {
            "etape": "A",
            "date_debut": le(6, 1),
            "date_fin_prevue": le(6, 26),
            "date_imposee": le(6, 12),
            "date_proposee": le(6, 26),
        },
        date_signature_visee=VISEE,
    )
    assert lues(dossier, "ecart_impose", "fin_au_plus_tard", "marge") == {"A": (10, le(6, 26), 0)}


def test_une_etape_faite_n_a_plus_de_marge_et_fixe_le_debut_des_suivantes() -> None:
    dossier = un_dossier(
        {
            "etape": "A",
            "date_debut": le(3, 2),
            "date_fin_prevue": le(3, 13),
            "date_fin_reelle": le(3, 20),
        },
        {"etape": "B", "date_debut": le(4, 1), "date_fin_prevue": le(4, 2), "precedent": "A"},
    )
    assert lues(dossier, "marge", "fin_au_plus_tot", "situation") == {
        "A": (None, le(3, 20), "faite"),
        "B": (None, le(4, 1), "dans_les_temps"),
    }


def test_des_dates_absurdes_ou_absentes_ne_cassent_rien() -> None:
    dossier = un_dossier(
        {"etape": "A", "date_debut": datetime.date(1, 1, 1), "date_fin_prevue": datetime.date.max},
        {"etape": "B", "precedent": "A ; B ; C", "date_imposee": datetime.date.max},
        {"etape": "C", "date_debut": le(7, 10), "date_fin_prevue": le(7, 6)},
        {"etape": None},
        date_signature_visee=datetime.date.max,
        mois_diagnostic=-3,
    )
    assert len(lues(dossier, "duree", "marge", "fin_au_plus_tot", "situation")) == 3
    assert dossier.lignes("jours_feries")


def test_six_cents_etapes_a_la_suite_se_calculent() -> None:
    jalons = [
        {"etape": f"E{n}", "date_debut": le(6, 1), "date_fin_prevue": le(6, 1), "precedent": f"E{n - 1}"}
        for n in range(1, 600)
    ]
    dossier = un_dossier(*jalons, date_signature_visee=datetime.date(2029, 12, 31))
    assert len(lues(dossier, "marge")) == 599


def test_les_echeances_ne_sont_que_celles_qui_concernent() -> None:
    def codes(**champs: Any) -> set[str]:
        etablissement = Etablissement(code="A", **champs)
        dossier = Dossier(parametres=Parametres(annee_n=2026), etablissements=[etablissement])
        return {e.code for e in dossier.lignes("echeances")}

    assert codes(cadre_budgetaire="bp_ca") == {"propositions", "programmation", "compte_administratif"}
    assert codes(type="EHPAD") == {"programmation", "prix_ehpad"}
    assert codes(dans_perimetre_cpom=False) == set()


def test_une_echeance_chomee_n_est_pas_reportee_mais_dit_le_jour_ouvre_d_avant() -> None:
    etablissement = Etablissement(code="A", cadre_budgetaire="eprd_complet")
    dossier = Dossier(
        parametres=Parametres(annee_n=2026, date_reference=JOUR), etablissements=[etablissement]
    )
    annexe = next(e for e in dossier.lignes("echeances") if (e.code, e.annee) == ("annexe_activite", 2027))
    assert (annexe.date, annexe.dernier_jour_ouvre, annexe.passee) == (le(10, 31), le(10, 30), False)


def test_preparer_propose_les_etapes_datees_une_seule_fois(tmp_path: Path) -> None:
    donnees = des_donnees(Etablissement(code="EHPAD1"), contrat=Contrat(date_signature_visee=VISEE))
    classeur = poser_classeur(tmp_path, donnees)
    assert executer(["classeur", "preparer", str(tmp_path)]) == 0
    prepare, anomalies = lire_classeur(classeur)
    assert [(j.etape, j.date_debut, j.date_fin_prevue) for j in prepare.jalons] == [
        (e.etape, e.debut, e.fin) for e in etapes_types(VISEE, JoursOuvres())
    ]
    assert {e.marge for e in prepare.lignes("retroplanning")} == {0}
    assert not [a for a in anomalies if a.sources and a.sources[0].feuille == "Jalons"]
    assert executer(["classeur", "preparer", str(tmp_path)]) == 0
    assert lire_classeur(classeur)[0].jalons == prepare.jalons


@pytest.fixture(scope="module")
def trente_et_une_etapes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Un dossier à trous : ni date de référence, ni rôle, des étapes sans phase ou sans début."""
    dossier = tmp_path_factory.mktemp("dossier")
    jalons = [
        Jalon(
            etape=f"Étape {n}",
            phase="diagnostic" if n % 2 else None,
            date_debut=le(6, 1) + datetime.timedelta(days=7 * n) if n % 3 else None,
            date_fin_prevue=le(6, 5) + datetime.timedelta(days=7 * n),
            date_imposee=le(6, 3) + datetime.timedelta(days=7 * n) if n == 4 else None,
            date_proposee=le(6, 12) + datetime.timedelta(days=7 * n) if n == 4 else None,
            precedent=f"Étape {n - 1}" if n > 1 else None,
        )
        for n in range(1, 32)
    ]
    contrat = Contrat(date_signature_visee=datetime.date(2027, 3, 31))
    donnees = des_donnees(Etablissement(code="A", nom="Les Aulnes"), jalons=jalons, contrat=contrat)
    poser_classeur(dossier, donnees)
    noms = ("methode-gantt", "methode-retroplanning", "methode-preparation")
    rapport = generer(dossier, formulaires=noms)
    assert [d.statut for d in rapport.documents if d.formulaire in noms] == ["cree"] * 3
    return dossier


def test_les_documents_d_un_dossier_a_trous_n_ont_ni_vide_ni_reste_de_balise(
    trente_et_une_etapes: Path,
) -> None:
    for nom in ("2026_methode-retroplanning.docx", "2026_methode-preparation.docx"):
        document = trente_et_une_etapes / "sorties" / "gestionnaire" / nom
        with zipfile.ZipFile(document) as archive:
            texte = re.sub(r"<[^>]+>", " ", archive.read("word/document.xml").decode())
        assert "Étape 1" in texte or "Les Aulnes" in texte
        assert not re.search(r"None|\{\{|\{%|Manque", texte)


def test_le_diagramme_s_allonge_avec_les_etapes(trente_et_une_etapes: Path) -> None:
    produit = trente_et_une_etapes / "sorties" / "gestionnaire" / "2026_methode-gantt.xlsx"
    feuille = openpyxl.load_workbook(produit)["Gantt"]
    assert feuille["B37"].value == "Étape 31"
    assert "F37" in feuille["L37"].value
    etendues = {str(plage.sqref) for plage in feuille.conditional_formatting}
    assert any(plage.endswith("37") and plage.startswith("N7:") for plage in etendues)


@exige_libreoffice
def test_les_formules_du_diagramme_retrouvent_le_modele(trente_et_une_etapes: Path, tmp_path: Path) -> None:
    """Durée, écart et marge : les formules du classeur, recalculées par LibreOffice, et la vue."""
    produit = trente_et_une_etapes / "sorties" / "gestionnaire" / "2026_methode-gantt.xlsx"
    recalcule = convertir(produit, "xlsx:Calc MS Excel 2007 XML", tmp_path)
    feuille = openpyxl.load_workbook(recalcule, data_only=True)["Gantt"]
    vues = lire_classeur(trente_et_une_etapes / "classeur-maitre.xlsx")[0].lignes("retroplanning")
    assert [
        (feuille[f"L{ligne}"].value, feuille[f"J{ligne}"].value or None, feuille[f"M{ligne}"].value)
        for ligne in range(7, 38)
    ] == [(vue.duree, vue.ecart_impose, vue.marge) for vue in vues]
