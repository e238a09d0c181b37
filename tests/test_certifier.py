"""Certifier un classeur quelconque : la saisie est permise, l’atteinte est dite avec son lieu."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from fabriques import RACINE, REELS, convertir, exige_les_reels, exige_libreoffice
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.formula.translate import Translator
from openpyxl.styles import PatternFill, Protection
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.datavalidation import DataValidation

from cpomdocs.certificat.comparaison.certification import certifier_fichiers
from cpomdocs.certificat.comparaison.constats import Comparaison
from cpomdocs.certificat.comparaison.excel.formules import normaliser
from cpomdocs.certificat.comparaison.excel.regles import soustraire
from cpomdocs.erreurs import ErreurFichier
from cpomdocs.office.adresses import Plage, ecrire_cellule

GABARITS = sorted((RACINE / "gabarits").glob("*/*.xlsx"))
Classeur = openpyxl.Workbook


def ouvrir(chemin: Path) -> Classeur:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return openpyxl.load_workbook(chemin, keep_vba=chemin.suffix == ".xlsm")


def changer(chemin: Path, vers: Path, partie: str, ancien: str, nouveau: str) -> Path:
    """Une copie du fichier où le texte d’une partie est remplacé."""
    with zipfile.ZipFile(chemin) as avant, zipfile.ZipFile(vers, "w", zipfile.ZIP_DEFLATED) as apres:
        for nom in avant.namelist():
            contenu = avant.read(nom)
            if nom == partie:
                texte = contenu.decode("utf-8")
                assert re.search(ancien, texte)
                contenu = re.sub(ancien, nouveau, texte, count=1).encode()
            apres.writestr(nom, contenu)
    return vers


def atteintes(comparaison: Comparaison) -> Counter[str]:
    comptes: Counter[str] = Counter()
    for constat in comparaison.constats:
        comptes[constat.genre] += constat.nombre if constat.gravite == "atteinte" else 0
    return +comptes


def lieux(comparaison: Comparaison, genre: str) -> list[str]:
    return [f"{c.feuille}!{c.lieu}" for c in comparaison.constats if c.genre == genre]


def cadre() -> Classeur:
    """Une feuille protégée, une feuille libre, et tout ce qu’un formulaire impose."""
    livre = openpyxl.Workbook()
    saisie, ratios = livre.active, livre.create_sheet("Ratios")
    saisie.title = "Saisie"
    for rang, libelle in enumerate(("Capacité", "Journées", "Taux", "Commentaire"), 1):
        saisie[f"A{rang}"] = libelle
    saisie["B3"] = "=IF(B1=0,0,B2/(B1*365))"
    saisie["B4"] = "à compléter"
    for adresse in ("B1", "B2", "B4", "C1"):
        saisie[adresse].protection = Protection(locked=False)
    saisie.merge_cells("A6:C6")
    saisie.row_dimensions[8].hidden = True
    saisie["A8"] = "calcul interne"
    saisie["A10"] = "fin"
    saisie.protection.sheet = True
    saisie.protection.password = "secret"
    liste = DataValidation("list", formula1='"Oui,Non"', showErrorMessage=True)
    liste.add("C1:C5")
    nombre = DataValidation("decimal", operator="greaterThanOrEqual", formula1="0")
    nombre.add("B1:B2")
    saisie.add_data_validation(liste)
    saisie.add_data_validation(nombre)
    rouge = PatternFill("solid", bgColor="FFFF0000")
    saisie.conditional_formatting.add("B3", CellIsRule(operator="greaterThan", formula=["1"], fill=rouge))
    saisie["A1"].comment = Comment("Capacité autorisée", "Autorité")
    for rang in range(1, 6):
        ratios[f"A{rang}"] = f"Ratio {rang}"
        ratios[f"B{rang}"] = f"=Saisie!B{rang}*2"
    ratios["C1"] = 12
    ratios.protection.sheet = False
    livre.create_sheet("Listes").sheet_state = "hidden"
    livre.defined_names["TAUX"] = DefinedName("TAUX", attr_text="Saisie!$B$3")
    livre.security = WorkbookProtection(lockStructure=True)
    return livre


@pytest.fixture
def gabarit(tmp_path: Path) -> Path:
    cadre().save(tmp_path / "gabarit.xlsx")
    return tmp_path / "gabarit.xlsx"


def modifier(gabarit: Path, changement: Callable[[Classeur], object]) -> Comparaison:
    livre = ouvrir(gabarit)
    changement(livre)
    livre.save(gabarit.with_name("document.xlsx"))
    return certifier_fichiers(gabarit, gabarit.with_name("document.xlsx"))


def poser(adresse: str, valeur: object) -> Callable[[Classeur], None]:
    feuille, _, cellule = adresse.partition("!")

    def changement(livre: Classeur) -> None:
        livre[feuille][cellule] = valeur

    return changement


def test_un_document_rempli_n_a_que_des_saisies(gabarit: Path) -> None:
    def remplir(livre: Classeur) -> None:
        livre["Saisie"]["B1"], livre["Saisie"]["B2"] = 60, 20_000.5
        livre["Saisie"]["B4"], livre["Saisie"]["C1"] = "Rien à dire", "Oui"
        livre["Ratios"]["D2"] = "vu"

    comparaison = modifier(gabarit, remplir)
    assert (comparaison.constats, comparaison.saisies, comparaison.code_sortie) == ([], 5, 0)
    assert comparaison.resume == "Le document est conforme au gabarit : 5 saisies, rien d’abîmé."


ATTEINTES: list[tuple[str, Callable[[Classeur], object], str, list[str]]] = [
    ("formule écrasée", poser("Saisie!B3", 0.9), "formule_ecrasee", ["Saisie!B3"]),
    ("formule effacée", poser("Ratios!B2", None), "formule_perdue", ["Ratios!B2"]),
    ("formule changée", poser("Ratios!B4", "=Saisie!B4*3"), "formule_changee", ["Ratios!B4"]),
    ("verrouillée changée", poser("Saisie!A2", "Nuitées"), "cellule_verrouillee", ["Saisie!A2"]),
    ("libellé changé", poser("Ratios!A2", "Taux d’occupation"), "libelle_change", ["Ratios!A2"]),
    (
        "feuille déprotégée",
        lambda livre: setattr(livre["Saisie"].protection, "sheet", False),
        "feuille_deprotegee",
        ["Saisie!"],
    ),
    (
        "insertion permise",
        lambda livre: setattr(livre["Saisie"].protection, "insertRows", False),
        "protection_allegee",
        ["Saisie!"],
    ),
    (
        "structure libérée",
        lambda livre: setattr(livre.security, "lockStructure", False),
        "protection_allegee",
        ["None!"],
    ),
    (
        "verrou retiré",
        lambda livre: setattr(livre["Saisie"]["B3"], "protection", Protection(locked=False)),
        "cellule_deverrouillee",
        ["Saisie!B3"],
    ),
    (
        "liste retirée",
        lambda livre: livre["Saisie"].data_validations.dataValidation.pop(0),
        "liste_perdue",
        ["Saisie!C1:C5"],
    ),
    (
        "liste changée",
        lambda livre: setattr(
            livre["Saisie"].data_validations.dataValidation[0], "formula1", '"Oui,Non,Peut-être"'
        ),
        "liste_changee",
        ["Saisie!C1:C5"],
    ),
    (
        "contrôle retiré",
        lambda livre: livre["Saisie"].data_validations.dataValidation.pop(1),
        "controle_perdu",
        ["Saisie!B1:B2"],
    ),
    (
        "couleur retirée",
        lambda livre: livre["Saisie"].conditional_formatting._cf_rules.clear(),
        "format_perdu",
        ["Saisie!B3"],
    ),
    (
        "fusion défaite",
        lambda livre: livre["Saisie"].unmerge_cells("A6:C6"),
        "fusion_changee",
        ["Saisie!A6:C6"],
    ),
    (
        "fusion ajoutée",
        lambda livre: livre["Ratios"].merge_cells("E1:F1"),
        "fusion_changee",
        ["Ratios!E1:F1"],
    ),
    (
        "ligne montrée",
        lambda livre: setattr(livre["Saisie"].row_dimensions[8], "hidden", False),
        "masque_revele",
        ["Saisie!ligne 8"],
    ),
    (
        "commentaire retiré",
        lambda livre: setattr(livre["Saisie"]["A1"], "comment", None),
        "commentaire_perdu",
        ["Saisie!A1"],
    ),
    ("nom retiré", lambda livre: livre.defined_names.pop("TAUX"), "nom_perdu", ["None!taux"]),
    (
        "nom déplacé",
        lambda livre: setattr(livre.defined_names["TAUX"], "attr_text", "Saisie!$B$2"),
        "nom_change",
        ["None!taux"],
    ),
    ("feuille retirée", lambda livre: livre.remove(livre["Listes"]), "feuille_perdue", ["Listes!"]),
    (
        "feuille montrée",
        lambda livre: setattr(livre["Listes"], "sheet_state", "visible"),
        "feuille_montree",
        ["Listes!"],
    ),
    (
        "feuille masquée",
        lambda livre: setattr(livre["Ratios"], "sheet_state", "hidden"),
        "feuille_masquee",
        ["Ratios!"],
    ),
    ("feuille ajoutée", lambda livre: livre.create_sheet("Brouillon"), "feuille_ajoutee", ["Brouillon!"]),
    ("feuilles inversées", lambda livre: livre.move_sheet("Ratios", 1), "feuille_deplacee", ["None!"]),
]


@pytest.mark.parametrize(
    ("changement", "genre", "attendus"), [a[1:] for a in ATTEINTES], ids=[a[0] for a in ATTEINTES]
)
def test_une_atteinte_est_dite_seule_avec_son_lieu(
    gabarit: Path, changement: Callable[[Classeur], object], genre: str, attendus: list[str]
) -> None:
    comparaison = modifier(gabarit, changement)
    assert lieux(comparaison, genre) == attendus
    assert set(atteintes(comparaison)) == {genre}
    assert comparaison.code_sortie == 1


def test_une_feuille_renommee_est_reconnue_et_ses_formules_aussi(gabarit: Path) -> None:
    def renommer(livre: Classeur) -> None:
        livre["Saisie"].title = "Feuil1"
        for rang in range(1, 6):
            livre["Ratios"][f"B{rang}"] = f"=Feuil1!B{rang}*2"
        livre.defined_names["TAUX"].attr_text = "Feuil1!$B$3"

    comparaison = modifier(gabarit, renommer)
    assert atteintes(comparaison) == {"feuille_renommee": 1}
    renommee = comparaison.constats[0]
    assert (renommee.feuille, renommee.apres) == ("Saisie", "Feuil1")


def test_la_phrase_compte_et_nomme(gabarit: Path) -> None:
    def abimer(livre: Classeur) -> None:
        livre["Saisie"]["B1"] = 60
        for rang in (1, 2, 3):
            livre["Ratios"][f"B{rang}"] = rang
        livre["Saisie"].data_validations.dataValidation.pop(0)
        livre["Saisie"].protection.sheet = False

    assert modifier(gabarit, abimer).resume == (
        "3 formules écrasées, 1 liste déroulante perdue, feuille « Saisie » déprotégée "
        "(1 saisie par ailleurs)."
    )


def test_le_reste_est_a_regarder_sans_etre_une_atteinte(gabarit: Path) -> None:
    def retoucher(livre: Classeur) -> None:
        livre["Ratios"]["C1"] = 13
        livre["Ratios"]["A1"].comment = Comment("Pourquoi ?", "Collègue")

    comparaison = modifier(gabarit, retoucher)
    assert comparaison.code_sortie == 0
    assert [(c.genre, c.feuille, c.lieu) for c in comparaison.constats] == [
        ("a_completer", "Saisie", "B4"),
        ("valeur_remplacee", "Ratios", "C1"),
        ("commentaire_ajoute", "Ratios", "A1"),
    ]


def test_les_resultats_en_erreur_sont_dits(gabarit: Path, tmp_path: Path) -> None:
    document = changer(
        gabarit,
        tmp_path / "document.xlsx",
        "xl/worksheets/sheet2.xml",
        r'<c r="B2"><f>([^<]*)</f><v ?/?>(</v>)?',
        r'<c r="B2" t="e"><f>\1</f><v>#REF!</v>',
    )
    comparaison = certifier_fichiers(gabarit, document)
    assert [(c.genre, c.gravite, c.lieu, c.apres) for c in comparaison.constats if c.feuille == "Ratios"] == [
        ("erreur_affichee", "remarque", "B2", "#REF!")
    ]


def test_le_systeme_de_dates_compte(gabarit: Path, tmp_path: Path) -> None:
    document = changer(
        gabarit,
        tmp_path / "document.xlsx",
        "xl/workbook.xml",
        "<workbookPr ?/>",
        '<workbookPr date1904="1"/>',
    )
    assert atteintes(certifier_fichiers(gabarit, document)) == {"dates_changees": 1}


def test_une_formule_partagee_et_la_meme_developpee_sont_pareilles(gabarit: Path, tmp_path: Path) -> None:
    document = tmp_path / "document.xlsx"
    partagee = r'<f t="shared" ref="B1:B5" si="0">Saisie!B1*2</f>'
    changer(gabarit, document, "xl/worksheets/sheet2.xml", r"<f>Saisie!B1\*2</f>", partagee)
    for rang in range(2, 6):
        suivant = tmp_path / f"document{rang}.xlsx"
        partagee = '<f t="shared" si="0"/>'
        changer(document, suivant, "xl/worksheets/sheet2.xml", rf"<f>Saisie!B{rang}\*2</f>", partagee)
        document = suivant
    assert certifier_fichiers(gabarit, document).code_sortie == 0


@pytest.mark.parametrize(
    ("une", "autre"),
    [
        ("SUM(A1:A3)", " sum( A1:A3 )"),
        ("'Feuil1'!A1+F!B2", "feuil1!A1+B2"),
        ("_xlfn.XLOOKUP(A1,B:B,C:C)", "XLOOKUP(A1,B1:B1048576,C$1:C$1048576)"),
        ('IF(A1=TRUE,"a  b",.5)', 'IF(A1=TRUE(),"a  b",0.50)'),
        ("T[[#This Row],[Total]]*2", "t[[#this row],[total]]*2"),
    ],
)
def test_les_ecritures_d_une_meme_formule_sont_reconnues(une: str, autre: str) -> None:
    assert normaliser(une, "F") == normaliser(autre, "F")


@pytest.mark.parametrize(
    ("une", "autre"),
    [
        ("A1+1", "A2+1"),
        ("A1", "$A$1"),
        ('"a"', '"A"'),
        ("A1*1.5", "A1*1.05"),
        ("Un!A1", "Deux!A1"),
        ("A1-1", "A1+1"),
    ],
)
def test_deux_formules_differentes_le_restent(une: str, autre: str) -> None:
    assert normaliser(une, "F", (1, 1)) != normaliser(autre, "F", (1, 1))


PLACES = st.tuples(st.integers(1, 40), st.integers(1, 40))
REFERENCES = st.builds(
    lambda place, dollars: (
        f"{'$' * dollars[0]}{re.sub(r'[0-9]', '', ecrire_cellule(*place))}{'$' * dollars[1]}{place[0]}"
    ),
    st.tuples(st.integers(50, 90), st.integers(50, 90)),
    st.tuples(st.booleans(), st.booleans()),
)
FORMULES = st.lists(REFERENCES, min_size=1, max_size=4).map(lambda r: "SUM(" + ",".join(r) + ")*'A1 b'!BC60")


@given(FORMULES, PLACES, PLACES)
def test_une_formule_recopiee_garde_sa_forme(
    formule: str, depuis: tuple[int, int], vers: tuple[int, int]
) -> None:
    """openpyxl, qui développe à sa façon, est le juge."""
    traduite = Translator("=" + formule, ecrire_cellule(*depuis)).translate_formula(ecrire_cellule(*vers))
    assert normaliser(traduite, "F", vers) == normaliser(formule, "F", vers, depuis)


PLAGES = st.lists(
    st.tuples(*[st.integers(1, 6)] * 4).map(
        lambda b: Plage(min(b[0], b[2]), min(b[1], b[3]), max(b[0], b[2]), max(b[1], b[3]))
    ),
    max_size=4,
)


@given(PLAGES, PLAGES)
def test_soustraire_des_plages(plages: list[Plage], otees: list[Plage]) -> None:
    def cellules(liste: list[Plage]) -> set[tuple[int, int]]:
        return {(i, j) for i in range(1, 7) for j in range(1, 7) if any(p.contient(i, j) for p in liste)}

    assert cellules(soustraire(plages, otees)) == cellules(plages) - cellules(otees)


def compter(chemin: Path, parties: str, balise: bytes) -> int:
    """Combien de fois cette balise est dans les parties dont le nom commence ainsi."""
    with zipfile.ZipFile(chemin) as archive:
        return sum(archive.read(n).count(balise) for n in archive.namelist() if n.startswith(parties))


@pytest.mark.parametrize("gabarit_livre", GABARITS, ids=lambda g: g.parent.name)
def test_un_reenregistrement_par_openpyxl_ne_perd_que_ce_qu_il_perd(
    gabarit_livre: Path, tmp_path: Path
) -> None:
    """openpyxl ne sait ni les listes x14 ni les formes : elles, et rien d’autre."""
    ouvrir(gabarit_livre).save(tmp_path / "document.xlsx")
    comparaison = certifier_fichiers(gabarit_livre, tmp_path / "document.xlsx")
    listes = compter(gabarit_livre, "xl/worksheets/sheet", b"<x14:dataValidation ")
    formes = compter(gabarit_livre, "xl/drawings/drawing", b"<xdr:sp ")
    assert atteintes(comparaison) == Counter(liste_perdue=listes, objet_perdu=formes)
    assert comparaison.saisies == 0


@exige_libreoffice
@pytest.mark.parametrize("gabarit_livre", GABARITS, ids=lambda g: g.parent.name)
def test_un_reenregistrement_par_libreoffice_ne_perd_que_la_structure(
    gabarit_livre: Path, tmp_path: Path
) -> None:
    """LibreOffice ôte le verrou de structure du classeur (`lockStructure`), et rien d’autre."""
    document = convertir(gabarit_livre, "xlsx", tmp_path)
    comparaison = certifier_fichiers(gabarit_livre, document)
    verrous = compter(gabarit_livre, "xl/workbook.xml", b"lockStructure=")
    assert atteintes(comparaison) == Counter(protection_allegee=verrous)
    assert lieux(comparaison, "protection_allegee") == ["None!"] * verrous
    assert comparaison.saisies == 0


@exige_les_reels
@pytest.mark.parametrize(
    "reel",
    ["Feuille_de_temps_Modèle_CA.xlsx", "07-Fiche_de_parametrage_OFII-transformation_parc.xlsx"],
)
def test_un_formulaire_reel_abime(reel: str, tmp_path: Path) -> None:
    """Une formule réelle écrasée est retrouvée parmi ce que la bibliothèque a perdu."""
    origine = REELS / "excel" / reel
    livre = ouvrir(origine)
    places = [
        (feuille.title, case.coordinate)
        for feuille in livre
        for ligne in feuille.iter_rows()
        for case in ligne
        if isinstance(case.value, str) and case.value.startswith("=")
    ]
    for feuille, adresse in places[:3]:
        livre[feuille][adresse] = 1
    livre.save(tmp_path / "document.xlsx")
    comparaison = certifier_fichiers(origine, tmp_path / "document.xlsx")
    assert lieux(comparaison, "formule_ecrasee") == [f"{f}!{a}" for f, a in places[:3]]
    assert comparaison.saisies == 0


@exige_les_reels
@pytest.mark.parametrize("reel", sorted((REELS / "excel").glob("*.xls*")), ids=lambda r: r.name[:20])
def test_un_formulaire_reel_est_conforme_a_lui_meme(reel: Path) -> None:
    comparaison = certifier_fichiers(reel, reel)
    assert (comparaison.saisies, comparaison.code_sortie) == (0, 0)
    assert {c.genre for c in comparaison.constats} <= {"a_completer"}


@exige_les_reels
@pytest.mark.parametrize("hostile", sorted((REELS / "hostiles").glob("*")), ids=lambda h: h.name[:20])
def test_un_fichier_hostile_finit_par_une_phrase(hostile: Path) -> None:
    try:
        comparaison = certifier_fichiers(hostile, hostile)
    except ErreurFichier as erreur:
        assert erreur.message.endswith(".") and erreur.remede
    else:
        assert comparaison.code_sortie == 0


def un_tableau(libelles: list[str]) -> Classeur:
    """Une ligne par libellé, un total, une feuille qui y renvoie : ce qu’Excel écrit pour ces lignes."""
    livre = openpyxl.Workbook()
    page, synthese = livre.active, livre.create_sheet("Synthèse")
    page.title = "Détail"
    page["A1"], page["B1"], page["C1"] = "Poste", "Nombre", "Coût"
    for rang, libelle in enumerate(libelles, 2):
        page[f"A{rang}"] = libelle
        page[f"C{rang}"] = f"=B{rang}*$E$1"
    fin = len(libelles) + 1
    page[f"A{fin + 1}"], page[f"C{fin + 1}"] = "Total", f"=SUM(C2:C{fin})"
    synthese["A1"], synthese["B1"] = "Coût total", f"=Détail!C{fin + 1}"
    liste = DataValidation("whole", operator="greaterThanOrEqual", formula1="0")
    liste.add(f"B2:B{fin}")
    page.add_data_validation(liste)
    livre.defined_names["TOTAL"] = DefinedName("TOTAL", attr_text=f"Détail!$C${fin + 1}")
    return livre


POSTES = [f"Poste {lettre}" for lettre in "ABCDEFGH"]


@pytest.mark.parametrize(
    ("postes", "attendus"),
    [
        ([*POSTES[:3], "Poste ajouté", *POSTES[3:]], [("lignes_inserees", "ligne 5 du document", 1)]),
        ([*POSTES[:5], "Un", "Deux", *POSTES[5:]], [("lignes_inserees", "lignes 7 à 8 du document", 2)]),
        ([*POSTES[:2], *POSTES[3:]], [("lignes_supprimees", "ligne 4 du gabarit", 1)]),
    ],
)
def test_des_lignes_inserees_ou_supprimees_se_disent_une_fois(
    tmp_path: Path, postes: list[str], attendus: list[tuple[str, str, int]]
) -> None:
    """Tout ce qui suit est décalé : rien d’autre n’est abîmé."""
    un_tableau(POSTES).save(tmp_path / "gabarit.xlsx")
    livre = un_tableau(postes)
    livre["Détail"]["B2"] = 4
    livre.save(tmp_path / "document.xlsx")
    comparaison = certifier_fichiers(tmp_path / "gabarit.xlsx", tmp_path / "document.xlsx")
    assert [(c.genre, c.lieu, c.nombre) for c in comparaison.constats] == attendus
    assert comparaison.saisies == 1


def test_une_formule_ecrasee_se_voit_malgre_une_ligne_inseree(tmp_path: Path) -> None:
    un_tableau(POSTES).save(tmp_path / "gabarit.xlsx")
    livre = un_tableau([*POSTES[:3], "Poste ajouté", *POSTES[3:]])
    livre["Détail"]["C8"] = 1_000
    livre.save(tmp_path / "document.xlsx")
    comparaison = certifier_fichiers(tmp_path / "gabarit.xlsx", tmp_path / "document.xlsx")
    assert atteintes(comparaison) == {"lignes_inserees": 1, "formule_ecrasee": 1}
    assert [(c.lieu, c.message) for c in comparaison.constats if c.genre == "formule_ecrasee"] == [
        ("C7", "C8 dans le document")
    ]


VALEURS = st.one_of(st.none(), st.integers(-9, 9), st.booleans(), st.sampled_from(["x", "à voir", "=1+1"]))
CASES = {
    "B1": "libre",
    "B2": "libre",
    "C1": "libre",
    "B3": "formule",
    "A1": "verrou",
    "A2": "verrou",
    "D9": "verrou",
}


@given(st.dictionaries(st.sampled_from(sorted(CASES)), VALEURS, min_size=1))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_chaque_cellule_touchee_est_une_saisie_ou_une_atteinte(
    gabarit: Path, touchees: dict[str, object]
) -> None:
    """Le verrou de la cellule, posé par openpyxl, décide : rien n’est tu, rien n’est compté deux fois."""
    vierge = ouvrir(gabarit)["Saisie"]
    changees = {a for a, v in touchees.items() if v != vierge[a].value}

    def remplir(livre: Classeur) -> None:
        for adresse, valeur in touchees.items():
            livre["Saisie"][adresse] = valeur

    comparaison = modifier(gabarit, remplir)
    assert comparaison.saisies == sum(CASES[a] == "libre" for a in changees)
    dites = {c.lieu for c in comparaison.constats if c.gravite == "atteinte"}
    assert dites == {a for a in changees if CASES[a] != "libre"}


def test_un_tout_autre_document_est_reconnu_comme_tel(tmp_path: Path) -> None:
    un_tableau([f"Ancien {n}" for n in range(30)]).save(tmp_path / "gabarit.xlsx")
    un_tableau([f"Nouveau {n}" for n in range(30)]).save(tmp_path / "document.xlsx")
    comparaison = certifier_fichiers(tmp_path / "gabarit.xlsx", tmp_path / "document.xlsx")
    assert "autre_version" in {c.genre for c in comparaison.constats}


def test_une_formule_que_le_formulaire_laissait_libre_est_dite_telle(tmp_path: Path) -> None:
    livre = cadre()
    livre["Saisie"]["B3"].protection = Protection(locked=False)
    livre.save(tmp_path / "gabarit.xlsx")
    comparaison = modifier(tmp_path / "gabarit.xlsx", poser("Saisie!B3", 0.5))
    assert [(c.genre, c.message) for c in comparaison.constats if c.gravite == "atteinte"] == [
        ("formule_ecrasee", "le formulaire ne la verrouillait pas")
    ]
