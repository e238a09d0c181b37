"""Les lignes ajoutées à un tableau Word : copies de la dernière ligne vide, vérifiées une à une."""

import io
import re
import zipfile

import docx as python_docx
import pytest
from fabrique_word import COCHE, cellule, controle, docx, p, r, saisie, tableau
from fabriques import des_donnees, poser_classeur, poser_formulaire
from hypothesis import given, settings
from hypothesis import strategies as st

from cpomdocs import generer
from cpomdocs.certificat.word import certifier
from cpomdocs.formulaires.correspondance import Tableau
from cpomdocs.modeles.entites.identite import Etablissement
from cpomdocs.modeles.entites.rh import Effectif
from cpomdocs.remplissage.word import preparer, remplir
from cpomdocs.saisies import CaseWord, Saisie

IDENTIFIANT = '<w:id w:val="7"/>'
SIGNET = '<w:bookmarkStart w:id="3" w:name="ici"/><w:bookmarkEnd w:id="3"/>'
MODELE = [
    p(controle("nom", "<w:text/>", plus=IDENTIFIANT, invite=True)),
    cellule(p(SIGNET, proprietes="<w:jc w:val='right'/>")),
    p(r("☐")),
]
GABARIT = docx(
    tableau(["Nom", "Places", "Habilité"], ["", "", "☐"], MODELE, ["Total", "", ""])
    + p(controle("fin", "<w:text/>", plus='<w:id w:val="8"/>'))
    + p(r("Fait à : "))
)
REPETE = '<w15:repeatingSectionItem w:val="x"/>'


def ligne(adresse, valeur):
    modele = saisie("signet:x", valeur)
    return Saisie(CaseWord("tableau", "1", adresse), modele.valeur)


def produire(gabarit, *saisies):
    rempli = remplir(preparer(gabarit), saisies)
    assert not rempli.refus, rempli.refus
    assert certifier(gabarit, rempli.octets, rempli.ecrites) == []
    return rempli.octets


def corps(octets):
    return zipfile.ZipFile(io.BytesIO(octets)).read("word/document.xml").decode()


def lignes(octets):
    xml = re.sub(r"</?w:sdt(Content)?>|<w:sdtPr>.*?</w:sdtPr>", "", corps(octets))
    (table,) = re.findall(r"<w:tbl>.*?</w:tbl>", xml)
    textes = [re.findall(r"<w:tc>(.*?)</w:tc>", rangee) for rangee in re.findall(r"<w:tr\b.*?</w:tr>", table)]
    return [["".join(re.findall(r"<w:t[ >][^<]*?>?([^<>]*)</w:t>", t)) for t in rangee] for rangee in textes]


SAISIES = (
    ligne("A2", "Un"),
    ligne("A3", "Deux"),
    ligne("B3", 12),
    ligne("A3+1", "Trois"),
    ligne("B3+1", 30),
    ligne("C3+1", True),
    ligne("A3+2", "Quatre"),
    ligne("B4", "total"),
    saisie("controle:fin", "fin"),
    saisie("libelle:Fait à", "Bourg"),
)


def test_les_lignes_de_trop_s_ajoutent_apres_la_derniere():
    sortie = produire(GABARIT, *SAISIES)
    assert lignes(sortie) == [
        ["Nom", "Places", "Habilité"],
        ["Un", "", "☐"],
        ["Deux", "12", "☐"],
        ["Trois", "30", "☒"],
        ["Quatre", "", "☐"],
        ["Total", "total", ""],
    ]
    document = python_docx.Document(io.BytesIO(sortie))
    assert len(document.tables[0].rows) == 6


def test_chaque_copie_a_ses_identifiants_et_aucun_repere():
    sortie = corps(produire(GABARIT, *SAISIES))
    numeros = re.findall(r'<w:id w:val="(\d+)"/>', sortie)
    assert len(numeros) == len(set(numeros)) == 4
    assert sortie.count("<w:bookmarkStart") == sortie.count("<w:bookmarkEnd") == 1
    assert sortie.count("w:jc") == 3


def test_une_ligne_sans_valeur_garde_sa_place():
    sortie = lignes(produire(GABARIT, ligne("A3", "Deux"), ligne("A3+2", "Quatre")))
    assert [rangee[0] for rangee in sortie] == ["Nom", "", "Deux", "Cliquez ici.", "Quatre", "Total"]


def test_un_element_repete_se_copie_avec_son_controle():
    rangee = f"<w:tr>{cellule('')}{cellule(p(controle('', COCHE, r('☐'))))}</w:tr>"
    element = (
        f"<w:sdt><w:sdtPr><w:id w:val='5'/>{REPETE}</w:sdtPr><w:sdtContent>{rangee}</w:sdtContent></w:sdt>"
    )
    section = (
        "<w:sdt><w:sdtPr><w:id w:val='4'/><w15:repeatingSection/></w:sdtPr>"
        f"<w:sdtContent>{element}</w:sdtContent></w:sdt>"
    )
    gabarit = docx(f"<w:tbl><w:tblPr/><w:tblGrid/>{section}</w:tbl>")
    sortie = produire(gabarit, ligne("A1", "un"), ligne("A1+1", "deux"), ligne("B1+1", True))
    assert corps(sortie).count("repeatingSectionItem") == 2
    assert lignes(sortie) == [["un", "☐"], ["deux", "☒"]]


@pytest.mark.parametrize("contenu", [f"<w:p>{r('x')}</w:p><w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>"])
def test_une_ligne_qu_on_ne_sait_pas_copier_est_refusee(contenu):
    gabarit = docx(tableau(["", contenu]))
    (refus,) = remplir(preparer(gabarit), [ligne("A1+1", "x")]).refus
    assert refus.code == "RW-07"


@pytest.mark.parametrize(
    ("avant", "apres"),
    [
        ("Trois", "Quatre"),
        (">30<", ">31<"),
        ("Quatre", ""),
        ("☒", "☐"),
        (r'(<w:id w:val=")9', r"\g<1>7"),
        (r"<w:tr>(?:(?!</w:tr>).)*Quatre.*?</w:tr>", ""),
        (r"(<w:tr>(?:(?!</w:tr>).)*Quatre.*?</w:tr>)", r"\1\1"),
        (r'(Trois.*?)<w:jc w:val="right"/>', r"\1"),
    ],
)
def test_toute_alteration_d_une_ligne_ajoutee_se_voit(avant, apres):
    source = zipfile.ZipFile(io.BytesIO(produire(GABARIT, *SAISIES)))
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w") as cible:
        for info in source.infolist():
            contenu = source.read(info)
            if info.filename == "word/document.xml":
                retouche = re.sub(avant, apres, contenu.decode(), count=1)
                assert retouche.encode() != contenu
                contenu = retouche.encode()
            cible.writestr(info.filename, contenu)
    assert certifier(GABARIT, tampon.getvalue(), SAISIES) != []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 4), st.sampled_from("AB"), st.text(max_size=15)), max_size=6))
def test_aucune_fausse_alerte_quelles_que_soient_les_lignes(valeurs):
    uniques = {(n, colonne): texte for n, colonne, texte in valeurs}
    saisies = [ligne(f"{colonne}3+{n}", texte) for (n, colonne), texte in uniques.items()]
    rempli = remplir(preparer(GABARIT), saisies)
    assert {refus.code for refus in rempli.refus} <= {"RW-06"}
    assert certifier(GABARIT, rempli.octets, rempli.ecrites) == []


def test_l_adresse_des_lignes_ajoutees():
    bloc = {"source": "effectifs", "premiere_ligne": 2, "lignes": 2, "colonnes": {"A": "fonction"}}
    valable = Tableau(tableau=1, ajouter=True, **bloc)
    assert [valable.cellule("A", rang) for rang in range(4)] == ["A2", "A3", "A3+1", "A3+2"]


CORRESPONDANCE = """
[cases]
"coche:EHPAD" = { champ = "etablissement.type", vaut = "EHPAD" }
"coche:IME" = { champ = "etablissement.type", vaut = "IME" }

[[tableaux]]
tableau = 1
source = "effectifs[annee=N]"
premiere_ligne = 2
lignes = 1
ajouter = AJOUTER
colonnes = { A = "fonction", B = "etp_budgetes" }
"""


@pytest.mark.parametrize(
    ("ajouter", "attendues"), [("true", ["Aide-soignant", "Infirmier"]), ("false", [""])]
)
def test_de_la_correspondance_au_document(tmp_path, ajouter, attendues):
    postes = [
        Effectif(etablissement="T", annee=2026, version="previsionnel", categorie=f"c{i}", fonction=nom)
        for i, nom in enumerate(("Aide-soignant", "Infirmier"))
    ]
    poser_classeur(tmp_path, des_donnees(Etablissement(code="T", nom="T", type="EHPAD"), effectifs=postes))
    gabarit = docx(p(r("☐ EHPAD ☐ IME")) + tableau(["Fonction", "ETP"], ["", ""], ["Total", "—"]))
    suite = CORRESPONDANCE.replace("AJOUTER", ajouter)
    poser_formulaire(tmp_path, "tableau", suite, gabarit, fichier="tableau.docx")
    rapport = generer(tmp_path)
    assert [d.statut for d in rapport.documents] == ["cree"]
    assert ("DM-03" in {a.code for a in rapport.anomalies}) is (ajouter == "false")
    produit = (tmp_path / rapport.documents[0].chemin).read_bytes()
    assert [rangee[0] for rangee in lignes(produit)] == ["Fonction", *attendues, "Total"]
    assert "☒ EHPAD ☐ IME" in corps(produit)
