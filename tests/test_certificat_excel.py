"""La vérification de conformité : ce qui a bougé hors des cases est dit, avec son lieu."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal

import pytest
from fabrique_excel import CLASSEUR, ENTETE, FEUILLE, brut, formulaire, ouvrir, partie, parties, saisir

from cpomdocs.certificat.excel import certifier
from cpomdocs.erreurs import ErreurFichier
from cpomdocs.office.archive import lire_archive
from cpomdocs.remplissage.excel import preparer, remplir
from cpomdocs.saisies import Saisie

GABARIT = formulaire()
SAISIES = [
    saisir("Activité!B1", "Les Tilleuls"),
    saisir("Activité!B2", datetime.date(2026, 12, 31)),
    saisir("Activité!B4", Decimal("12.5")),
    saisir("Activité!B10", True),
    saisir("Activité!H40", datetime.date(2026, 1, 1)),
]
DOCUMENT = remplir(preparer(GABARIT), [s for s in SAISIES if str(s.case) != "Activité!H40"]).octets
ECRITES = SAISIES[:4]


def _change(nom: str, avant: str, apres: str) -> bytes:
    texte = partie(DOCUMENT, nom)
    assert avant in texte
    return lire_archive(DOCUMENT).recomposer({nom: texte.replace(avant, apres, 1).encode()})


def test_un_document_conforme_n_a_pas_d_ecart() -> None:
    assert certifier(GABARIT, DOCUMENT, ECRITES) == []
    assert certifier(GABARIT, GABARIT, []) == []


LISTES = "xl/worksheets/sheet2.xml"
GRAPHE = "xl/charts/chart1.xml"
TEXTES = "xl/sharedStrings.xml"
CLASSEUR_XML = "xl/workbook.xml"
B4 = "<v>12.5</v>"
SOMME = "<f>SUM(B4:B6)</f>"
CHANGEMENTS = {
    "valeur d’une case": (FEUILLE, B4, "<v>12.6</v>", "Activité!B4", "relue"),
    "texte d’une case": (FEUILLE, "Les Tilleuls", "Les Ormes", "Activité!B1", "relue"),
    "date d’une case": (FEUILLE, "<v>46387</v>", "<v>46388</v>", "Activité!B2", "relue"),
    "nombre devenu texte": (FEUILLE, f">{B4}", f' t="str">{B4}', "Activité!B4", "relue"),
    "case en erreur": (FEUILLE, f">{B4}", ' t="e"><v>#N/A</v>', "Activité!B4", "erreur"),
    "case devenue formule": (FEUILLE, B4, f"<f>1+11.5</f>{B4}", "Activité!B4", "formule"),
    "formule changée": (FEUILLE, "SUM(B4:B6)", "SUM(B4:B5)", "Activité!B7", "formule"),
    "formule écrasée": (FEUILLE, SOMME, "<v>4</v>", "Activité!B7", "la formule a été écrasée"),
    "texte du formulaire": (TEXTES, "Établissement", "Etablissement", TEXTES, "partie"),
    "protection": (FEUILLE, 'scenarios="1"', 'scenarios="0"', "Activité", "protection"),
    "liste élargie": (FEUILLE, 'sqref="B10"', 'sqref="B9:B10"', "Activité", "listes déroulantes"),
    "fusion": (FEUILLE, 'ref="A20:C21"', 'ref="A20:B21"', "Activité", "fusionnées"),
    "hauteur de ligne": (FEUILLE, '<row r="8"', '<row r="8" ht="21"', "Activité!ligne 8", "changé"),
    "nom défini": (CLASSEUR_XML, ">Listes!$A$1", ">Listes!$A$2", "classeur", "noms"),
    "recalcul oublié": (CLASSEUR_XML, ' fullCalcOnLoad="1"', "", "classeur", "recalcul"),
    "graphique": (GRAPHE, "barChart", "areaChart", GRAPHE, "partie"),
    "autre feuille": (LISTES, "<v>2026</v>", "<v>2027</v>", "Listes!A4", "contenu"),
}


@pytest.mark.parametrize("cas", CHANGEMENTS)
def test_ce_qui_bouge_est_dit_avec_son_lieu(cas: str) -> None:
    nom, avant, apres, lieu, mot = CHANGEMENTS[cas]
    ecarts = certifier(GABARIT, _change(nom, avant, apres), ECRITES)
    assert [e.lieu for e in ecarts] == [lieu]
    assert mot in ecarts[0].message


def test_une_valeur_absente_ou_imprevue_est_dite() -> None:
    assert [e.lieu for e in certifier(GABARIT, GABARIT, ECRITES)] == [str(s.case) for s in ECRITES]
    assert certifier(GABARIT, DOCUMENT, ECRITES[1:])[0].lieu == "Activité!B1"
    assert [e.lieu for e in certifier(GABARIT, DOCUMENT, [])] == [FEUILLE]


def test_une_case_hors_du_gabarit_est_dite() -> None:
    ecarts = certifier(GABARIT, DOCUMENT, [*ECRITES, saisir("Absente!A1", 1)])
    assert [e.lieu for e in ecarts] == ["Absente!A1"]


def test_une_ligne_ajoutee_sans_etre_prevue_est_dite() -> None:
    plus = _change(FEUILLE, "</sheetData>", '<row r="99"><c r="A99"><v>1</v></c></row></sheetData>')
    assert {e.lieu for e in certifier(GABARIT, plus, ECRITES)} == {"Activité!A99", "Activité!ligne 99"}


@pytest.mark.parametrize(("avant", "style"), [("", 2), ('<row r="5" s="3" customFormat="1"/>', 3)])
def test_une_cellule_creee_doit_avoir_le_style_de_sa_place(avant: str, style: int) -> None:
    colonnes = '<cols><col min="2" max="2" style="2" width="9"/></cols>'
    gabarit = brut(ENTETE + f"{colonnes}<sheetData>{avant}</sheetData></worksheet>")
    saisie = [saisir("F!B5", 7)]
    rempli = remplir(preparer(gabarit), saisie).octets
    assert certifier(gabarit, rempli, saisie) == []
    autre = partie(rempli).replace(f' s="{style}"><v>', ' s="1"><v>')
    ecarts = certifier(gabarit, lire_archive(rempli).recomposer({FEUILLE: autre.encode()}), saisie)
    assert "style" in ecarts[0].message


def test_un_classeur_repasse_par_openpyxl_est_denonce() -> None:
    """Ce que la bibliothèque perd : graphique retravaillé, zone de texte, formules, ordre des parties."""
    classeur = ouvrir(GABARIT)
    classeur["Activité"]["B1"] = "Les Tilleuls"
    tampon = io.BytesIO()
    classeur.save(tampon)
    ecarts = certifier(GABARIT, tampon.getvalue(), ECRITES[:1])
    assert any("disparu" in e.message for e in ecarts)
    assert any(e.partie == "xl/styles.xml" for e in ecarts)


def test_une_partie_ajoutee_ou_retiree_est_dite() -> None:
    plus = lire_archive(DOCUMENT).recomposer({}, {"xl/intrus.bin": b"x"})
    assert [e.message for e in certifier(GABARIT, plus, ECRITES)] == [
        "cette partie n’est pas dans le gabarit"
    ]
    assert [e.message for e in certifier(plus, DOCUMENT, ECRITES)] == ["cette partie du gabarit a disparu"]


def test_les_resultats_recalcules_sont_permis() -> None:
    avec = _change(FEUILLE, "<f>SUM(B4:B6)</f>", "<f>SUM(B4:B6)</f><v>12.5</v>")
    assert certifier(GABARIT, avec, ECRITES) == []


def test_la_casse_n_est_admise_que_dans_une_liste() -> None:
    controle = '<dataValidation type="list" sqref="A1"><formula1>"Oui,Non"</formula1></dataValidation>'
    liste = f"<dataValidations>{controle}</dataValidations>"
    gabarits = [brut(ENTETE + f"<sheetData/>{fin}</worksheet>", CLASSEUR) for fin in (liste, "")]
    saisies: list[Saisie] = [saisir("F!A1", "OUI")]
    ecrit = saisir("F!A1", "Oui")
    documents = [remplir(preparer(gabarit), [ecrit]).octets for gabarit in gabarits]
    resultats = [certifier(*couple, saisies) for couple in zip(gabarits, documents, strict=True)]
    assert [len(ecarts) for ecarts in resultats] == [0, 1]
    assert parties(documents[0])["xl/workbook.xml"] == CLASSEUR.encode()


@pytest.mark.parametrize("mal_forme", ["<sheetData><row r='x'/></sheetData></worksheet>", "<sheetData>"])
def test_un_document_illisible_est_refuse_d_une_phrase(mal_forme: str) -> None:
    gabarit = brut(ENTETE + "<sheetData/></worksheet>")
    document = lire_archive(gabarit).recomposer({FEUILLE: (ENTETE + mal_forme).encode()})
    with pytest.raises(ErreurFichier):
        certifier(gabarit, document, [saisir("F!A1", 1)])
