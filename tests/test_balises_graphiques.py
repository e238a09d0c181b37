"""Les graphiques d’un document à balises : ceux que les données demandent, lus comme le reste."""

import datetime
import io
import zipfile
from decimal import Decimal

import docx as python_docx
import pytest
from fabrique_word import docx, p, r

from cpomdocs.certificat.word import certifier_balises
from cpomdocs.erreurs import ErreurFormulaire
from cpomdocs.graphiques import Barre, Place, Serie, barres, courbes, gantt, quartiles
from cpomdocs.modeles.chemins import Contexte
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.nomenclatures import libelle
from cpomdocs.remplissage.balises import lectures_du_document, preparer, remplir
from cpomdocs.remplissage.moteurs import defauts_des_balises
from cpomdocs.remplissage.moteurs import preparer as preparer_gabarit

JOUR = datetime.date(2026, 4, 1)
ACTIVITE = [
    {"etablissement": code, "annee": annee, "modalite": "HP", "version": "reel", "journees_realisees": valeur}
    for code, annee, valeur in (("A", 2024, 900), ("A", 2025, 950), ("B", 2024, None), ("B", 2025, 700))
]
JALONS = [
    {"etape": "Lancement", "phase": "lancement", "date_fin_prevue": datetime.date(2026, 1, 12)},
    {
        "etape": "Diagnostic",
        "phase": "diagnostic",
        "date_debut": datetime.date(2026, 1, 13),
        "date_fin_prevue": datetime.date(2026, 9, 30),
        "date_imposee": datetime.date(2026, 9, 1),
    },
    {"etape": "Sans date", "phase": "contrat"},
]
REFERENCES = [
    {"indicateur": "cout_place", "categorie": categorie, "territoire": "R", "annee": 2024, **mesures}
    for categorie, mesures in (
        ("500", {"mediane": 47500, "q1": 43000, "q3": 52500}),
        ("183", {"mediane": 42000}),
    )
]


def contexte(**donnees: object) -> Contexte:
    complet = {"activite": ACTIVITE, "jalons": JALONS, "references": REFERENCES}
    return Contexte(Dossier.model_validate({"parametres": {"date_reference": JOUR}, **complet, **donnees}))


def dessine(balise: str, donnees: Contexte | None = None) -> list[bytes]:
    """Les images du document rendu, que la vérification de conformité admet et que python-docx relit."""
    gabarit = docx(p(r("Avant")) + p(r(balise)) + p(r("Après")))
    rendu = remplir(preparer(gabarit), donnees or contexte())
    assert certifier_balises(gabarit, rendu) == []
    assert [x.text for x in python_docx.Document(io.BytesIO(rendu)).paragraphs][::2] == ["Avant", "Après"]
    with zipfile.ZipFile(io.BytesIO(rendu)) as paquet:
        return [paquet.read(nom) for nom in paquet.namelist() if nom.startswith("word/media/")]


def test_une_serie_par_valeur_d_un_champ_et_une_absence_pour_ce_qui_manque() -> None:
    balise = (
        "{{ activite|barres(titre='Journées', etiquette='etablissement', valeurs='journees_realisees', "
        "serie='annee', unite='journées') }}"
    )
    attendu = barres(
        "Journées", ["A", "B"], [Serie("2024", [900, None]), Serie("2025", [950, 700])], "journées"
    )
    assert dessine(balise) == [attendu]


def test_une_serie_par_champ_nommee_par_son_libelle() -> None:
    balise = (
        "{{ references|courbes(titre='T', etiquette='indicateur', valeurs=['q1', 'mediane'], unite='€') }}"
    )
    une = contexte(references=REFERENCES[:1])
    series = [Serie("Premier quartile", [Decimal(43000)]), Serie("Médiane", [Decimal(47500)])]
    indicateur = libelle("indicateurs_reference", "cout_place") or ""
    assert dessine(balise, une) == [courbes("T", [indicateur], series, "€")]


def test_un_calendrier_dit_les_phases_par_leur_libelle_et_laisse_ce_qui_n_a_pas_de_date() -> None:
    balise = (
        "{{ jalons|gantt(titre='Calendrier', etiquette='etape', debut='date_debut', fin='date_fin_prevue', "
        "groupe='phase', imposee='date_imposee', jour=parametres.date_reference) }}"
    )
    etapes = [
        Barre("Lancement", datetime.date(2026, 1, 12), datetime.date(2026, 1, 12), "Lancement"),
        Barre("Diagnostic", datetime.date(2026, 1, 13), datetime.date(2026, 9, 30), "Diagnostic",
              imposee=datetime.date(2026, 9, 1)),
    ]  # fmt: skip
    assert dessine(balise) == [gantt("Calendrier", etapes, JOUR)]


def test_des_quartiles_absents_n_empechent_pas_la_mediane() -> None:
    balise = (
        "{{ references|quartiles(titre='Q', etiquette='categorie', valeur='mediane', mediane='mediane', "
        "q1='q1', q3='q3', unite='€') }}"
    )
    ehpad = Place(
        "Établissement d’hébergement pour personnes âgées dépendantes",
        Decimal(47500),
        Decimal(47500),
        Decimal(43000),
        Decimal(52500),
    )
    ime = Place("Institut médico-éducatif", Decimal(42000), Decimal(42000))
    (image,) = dessine(balise)
    assert image == quartiles("Q", [ehpad, ime], "€")


@pytest.mark.parametrize(
    "balise",
    [
        "{{ activite|barres(etiquette='annee', valeurs='journees_realisees') }}",
        "{{ jalons|gantt(etiquette='etape', debut='date_debut', fin='date_fin_prevue') }}",
        "{{ references|quartiles(etiquette='categorie', valeur='mediane', mediane='mediane') }}",
    ],
)
def test_une_liste_sans_valeur_ne_dessine_rien(balise: str) -> None:
    assert dessine(balise, contexte(activite=[], jalons=[], references=[])) == []


def test_le_plan_sait_ce_que_le_graphique_lit_sans_le_dessiner() -> None:
    balise = "{{ activite|barres(etiquette='etablissement', valeurs='journees_realisees', serie='annee') }}"
    lues = lectures_du_document(preparer(docx(p(r(balise)))), contexte())
    assert [v.valeur for v in lues.toutes if v.libelle == "Journées réalisées"] == [900, 950, 700, None]
    assert all(v.etat != "vide" for v in lues.montrees), (
        "une valeur absente d’un graphique n’est pas un manque"
    )


def test_les_champs_sont_verifies_sans_donnee() -> None:
    balise = "{{ activite|barres(etiquette='etablisement', valeurs=['journees_realisees', 'truc']) }}"
    (premier, second) = defauts_des_balises(
        preparer_gabarit("balises", docx(p(r(balise))), "g.docx"), "gestionnaire"
    )
    assert "etablisement" in premier + second and "Vouliez-vous dire" in premier + second
    assert "truc" in premier + second


def test_trop_de_lignes_ou_plusieurs_champs_pour_une_serie_se_refusent() -> None:
    nombreuses = [{**ACTIVITE[0], "annee": 2000 + rang} for rang in range(1001)]
    balise = "{{ activite|courbes(etiquette='annee', valeurs='journees_realisees') }}"
    with pytest.raises(ErreurFormulaire, match="1001 lignes"):
        dessine(balise, contexte(activite=nombreuses))
    balise = (
        "{{ activite|courbes(etiquette='annee', valeurs=['journees_realisees', 'annee'], serie='version') }}"
    )
    with pytest.raises(ErreurFormulaire, match="un seul champ"):
        dessine(balise)


def test_le_titre_decrit_l_image_a_qui_ne_la_voit_pas() -> None:
    balise = "{{ activite|barres(titre='A &amp; « B »', etiquette='annee', valeurs='journees_realisees') }}"
    rendu = remplir(preparer(docx(p(r(balise)))), contexte())
    with zipfile.ZipFile(io.BytesIO(rendu)) as paquet:
        assert 'descr="A &amp; « B »"' in paquet.read("word/document.xml").decode()
