"""Les blancs d’un formulaire français : dates à compléter, crochets, parenthèses, guillemets."""

import datetime
import io

import docx as python_docx
import pytest
from fabrique_word import docx, p, r, saisie, tableau
from hypothesis import given, settings
from hypothesis import strategies as st

from cpomdocs.certificat.word import certifier
from cpomdocs.remplissage.word import preparer, remplir
from cpomdocs.remplissage.word.places import places


def produire(gabarit, *saisies):
    rempli = remplir(preparer(gabarit), saisies)
    assert not rempli.refus, rempli.refus
    assert certifier(gabarit, rempli.octets, saisies) == []
    assert certifier(gabarit, gabarit, saisies) != []
    return python_docx.Document(io.BytesIO(rempli.octets))


JOUR = datetime.date(2026, 3, 31)


@pytest.mark.parametrize(
    ("ligne", "case", "valeur", "attendue"),
    [
        ("Fait le ……/……/…… à Bourg", "libelle:Fait le", JOUR, "Fait le 31/03/2026 à Bourg"),
        ("Date : __/__/____", "libelle:Date", JOUR, "Date : 31/03/2026"),
        ("Date : .. / .. / ....", "libelle:Date", JOUR, "Date : 31/03/2026"),
        ("du ……/……/…… au ……/……/……", "libelle:au", JOUR, "du ……/……/…… au 31/03/2026"),
        ("Nom : [à compléter]", "libelle:Nom", "Les Tilleuls", "Nom : Les Tilleuls"),
        ("Nom : […]", "libelle:Nom", "Les Tilleuls", "Nom : Les Tilleuls"),
        (
            "Le gestionnaire (à préciser), ci-après",
            "libelle:Le gestionnaire",
            "X",
            "Le gestionnaire X, ci-après",
        ),
        ("Entre « … » et l’ARS", "libelle:Entre", "X", "Entre X et l’ARS"),
    ],
)
def test_une_ligne_a_completer(ligne, case, valeur, attendue):
    texte = {"texte": valeur.strftime("%d/%m/%Y")} if isinstance(valeur, datetime.date) else {}
    assert produire(docx(p(r(ligne))), saisie(case, valeur, **texte)).paragraphs[0].text == attendue


@pytest.mark.parametrize(
    ("ligne", "attendue"),
    [
        ("Fait le ……/……/…… à Bourg", "Fait le 31/03/2026 à Bourg"),
        ("Fait le  . . . . /. . . . /2026 (x)", "Fait le  31/03/2026 (x)"),
        ("Fait le __/__/20__", "Fait le 31/03/2026"),
        ("Fait le ………", "Fait le 31 mars 2026"),
    ],
)
def test_une_date_suit_ce_que_le_formulaire_a_trace(ligne, attendue):
    assert produire(docx(p(r(ligne))), saisie("libelle:Fait le", JOUR)).paragraphs[0].text == attendue
    rangees = docx(tableau(["Date", ligne.partition("le")[2].strip()]))
    assert produire(rangees, saisie("libelle:Date", JOUR)).tables[0].rows[0].cells[1].text in attendue


def test_une_annee_imprimee_qui_n_est_pas_celle_de_la_date():
    (refus,) = remplir(preparer(docx(p(r("Le …/…/2020")))), [saisie("libelle:Le", JOUR)]).refus
    assert (refus.code, "2020" in refus.message) == ("RW-08", True)


def test_une_date_a_completer_dans_une_cellule():
    gabarit = docx(tableau(["Date d’ouverture", "…/…/…"], ["Statut", "[à préciser]"]))
    saisies = saisie("libelle:Date d'ouverture", "31/03/2026"), saisie("tableau:1!B2", "privé")
    rangees = produire(gabarit, *saisies).tables[0].rows
    assert [rangee.cells[1].text for rangee in rangees] == ["31/03/2026", "privé"]


def test_les_blancs_se_relevent_avec_leur_libelle():
    gabarit = docx(p(r("Fait le ……/……/…… à ………")) + p(r("Nom [à compléter] et (1) voir [2]")))
    assert [str(x.case) for x in places(preparer(gabarit))] == [
        "libelle:Fait le",
        "libelle:à",
        "libelle:Nom",
    ]


@settings(max_examples=200, deadline=None)
@given(*[st.text(" .…/_[]()à\té<&3", max_size=12)] * 3)
def test_aucune_fausse_alerte_quels_que_soient_les_textes(jour, lieu, nom):
    gabarit = docx(p(r("Fait le __/__/____ à ………, nom : [à compléter] fin")))
    valeurs = {"libelle:Fait le": jour, "libelle:à": lieu, "libelle:nom": nom}
    saisies = [saisie(case, valeur) for case, valeur in valeurs.items()]
    rempli = remplir(preparer(gabarit), saisies)
    assert not rempli.refus
    assert certifier(gabarit, rempli.octets, rempli.ecrites) == []
