"""Ce qu’une personne a changé dans un document, relevé entre deux fichiers fabriqués pour l’essai."""

from __future__ import annotations

import io

import openpyxl
from fabrique_word import champ, controle, docx, p, r, tableau
from openpyxl.worksheet.datavalidation import DataValidation

from cpomdocs.certificat.comparaison.retouches import ILLISIBLE, RIEN, retouches


def classeur(**cellules: object) -> bytes:
    """Une feuille protégée dont B2 est libre, une liste déroulante en B3 ; ces cellules en plus."""
    livre = openpyxl.Workbook()
    page = livre.active
    page.title = "Page de garde"
    page["A1"], page["B1"], page["B2"], page["B4"] = "FINESS", "=B2*2", 12, 0.5
    liste = DataValidation(type="list", formula1='"oui,non"')
    liste.add("B3")
    page.add_data_validation(liste)
    for adresse, valeur in cellules.items():
        page[adresse] = valeur
    tampon = io.BytesIO()
    livre.save(tampon)
    return tampon.getvalue()


def test_les_cases_dans_l_ordre_de_lecture() -> None:
    assert retouches(classeur(), classeur(B2=15, B10="x", C9=True, B4=0.25)) == [
        "Page de garde!B2 : 12 → 15",
        "Page de garde!B4 : 0,5 → 0,25",
        "Page de garde!C9 : (vide) → VRAI",
        "Page de garde!B10 : (vide) → x",
    ]


def test_une_formule_ecrasee_ou_changee() -> None:
    assert retouches(classeur(), classeur(B1=30)) == ["Page de garde!B1 : =B2*2 → 30"]
    assert retouches(classeur(), classeur(B1="=B2*3")) == ["Page de garde!B1 : =B2*2 → =B2*3"]


def test_hors_des_cases() -> None:
    livre = openpyxl.load_workbook(io.BytesIO(classeur()))
    livre.active.data_validations.dataValidation.clear()
    livre.create_sheet("Brouillon")
    tampon = io.BytesIO()
    livre.save(tampon)
    dites = retouches(classeur(), tampon.getvalue())
    assert sorted(dites)[0] == "feuille « Brouillon » : feuille ajoutée"
    assert any("liste déroulante perdue" in dite for dite in dites)


def test_rien_et_illisible() -> None:
    assert retouches(classeur(), classeur()) == [RIEN]
    assert retouches(classeur(), b"PK\x03\x04") == [ILLISIBLE]
    assert retouches(classeur(), b"") == [ILLISIBLE]


def test_un_paragraphe_change_retire_ou_ajoute() -> None:
    debut, fin = r("Préambule."), r("Fait à Ici.")
    avant = docx(p(debut) + p(r("Le taux est fixé à douze pour cent par an.")) + p(r("À retirer.")) + p(fin))
    apres = docx(p(debut) + p(r("Le taux est fixé à quinze pour cent par an.")) + p(fin) + p(r("Ajouté.")))
    assert retouches(avant, apres) == [
        "paragraphe 2 : « … est fixé à douze pour cent par … » → « … est fixé à quinze pour cent par … »",
        "paragraphe 3, texte retiré : « À retirer. »",
        "paragraphe 4, texte ajouté : « Ajouté. »",
    ]


def test_une_cellule_de_tableau_et_un_controle() -> None:
    avant, apres = (
        docx(tableau(["Nom", valeur]) + p(controle("ville", "<w:text/>", r(ville))))
        for valeur, ville in (("Les Lilas", "Ici"), ("Les Ormes", "Là"))
    )
    assert retouches(avant, apres) == [
        "tableau 1, ligne 1 : « Les Lilas » → « Les Ormes »",
        "paragraphe 3 : « Ici » → « Là »",
    ]


def test_une_case_a_cocher_d_autrefois() -> None:
    case = '<w:checkBox><w:sizeAuto/><w:default w:val="0"/>{}</w:checkBox>'
    avant, apres = (
        docx(p(champ("Accord", "FORMCHECKBOX", case.format(coche)))) for coche in ("", "<w:checked/>")
    )
    assert retouches(avant, apres) == ["case « Accord » : décochée → cochée"]
