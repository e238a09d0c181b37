"""Les cases à cocher d’un formulaire Word, quel que soit leur genre, désignées par leur libellé."""

import io
import re
import zipfile
from pathlib import Path

import docx as python_docx
import pytest
from fabrique_word import COCHE, champ, controle, docx, p, r, saisie, tableau
from hypothesis import given, settings
from hypothesis import strategies as st

from cpomdocs.certificat.word import certifier
from cpomdocs.remplissage.word import preparer, remplir

WINGDINGS = '<w:r><w:sym w:font="Wingdings" w:char="F0A8"/></w:r>'
FORME = '<w:rFonts w:ascii="Wingdings 2" w:hAnsi="Wingdings 2"/>'
REELS = Path(__file__).parents[2] / "shared" / "reels" / "word"


def produire(gabarit, *saisies):
    rempli = remplir(preparer(gabarit), saisies)
    assert not rempli.refus, rempli.refus
    assert certifier(gabarit, rempli.octets, saisies) == []
    return rempli.octets


def refuser(gabarit, case, valeur=True):
    (refus,) = remplir(preparer(gabarit), [saisie(case, valeur)]).refus
    return refus


def corps(octets):
    return zipfile.ZipFile(io.BytesIO(octets)).read("word/document.xml").decode()


def ouvrir(octets):
    return python_docx.Document(io.BytesIO(octets))


def lignes(octets):
    return [x.text for x in ouvrir(octets).paragraphs]


@pytest.mark.parametrize(
    ("ligne", "case", "attendue"),
    [
        ("☐ Public   ☐ Privé", "coche:Privé", "☐ Public   ☒ Privé"),
        ("Oui ☐   Non ☐", "coche:Non", "Oui ☐   Non ☒"),
        ("Habilité : ☐ Oui ☐ Non", "coche:oui", "Habilité : ☒ Oui ☐ Non"),
        ("Habilité ? Oui ☐ Non ☐", "coche:Non", "Habilité ? Oui ☐ Non ☒"),
        ("Statut\t□ public\t□ privé", "coche:privé", "Statut\t□ public\t☒ privé"),
        ("☐ Autre (préciser) : ……………", "coche:Autre (préciser)", "☒ Autre (préciser) : ……………"),
        ("☐ Autre (préciser) : ……………", "coche:Autre", "☒ Autre (préciser) : ……………"),
        ("Statut ☐ public ☐ privé", "coche:☐ public", "Statut ☒ public ☐ privé"),
        ("Oui ☐ Non ☐ (cocher)", "coche:Non ☐", "Oui ☐ Non ☒ (cocher)"),
        ("Pupille de l’État : ☐", "libelle:Pupille de l'État", "Pupille de l’État : ☒"),
    ],
)
def test_un_carre_tape_a_cote_de_son_libelle(ligne, case, attendue):
    assert lignes(produire(docx(p(r(ligne))), saisie(case, True))) == [attendue]


def test_un_carre_laisse_ou_decoche_quand_la_valeur_est_non():
    gabarit = docx(p(r("☐ Public ☒ Privé")))
    assert lignes(produire(gabarit, saisie("coche:Public", False))) == ["☐ Public ☒ Privé"]
    assert lignes(produire(gabarit, saisie("coche:Privé", "non"))) == ["☐ Public ☐ Privé"]


def test_un_carre_coupe_entre_des_passages_garde_son_format():
    gabarit = docx(p(r("☐ Pu", "<w:b/>"), r("blic ☐", "<w:i/>"), r(" Privé")))
    sortie = corps(produire(gabarit, saisie("coche:Privé", True)))
    assert '<w:i/></w:rPr><w:t xml:space="preserve">blic ☒</w:t>' in sortie


def test_symboles_controles_et_champs_se_cochent_selon_leur_genre():
    gabarit = docx(
        p(WINGDINGS, r(" Symbole"))
        + p(r("£", FORME), r(" Police"))
        + p(controle("", COCHE, r("☐")), r(" Contrôle"))
        + p(champ("", "FORMCHECKBOX"), r(" Sans données"))
        + p(champ("c1", "FORMCHECKBOX", "<w:checkBox><w:default w:val='0'/></w:checkBox>"), r(" Champ"))
    )
    noms = ("Symbole", "Police", "Contrôle", "Champ")
    sortie = corps(produire(gabarit, *(saisie(f"coche:{nom}", True) for nom in noms)))
    assert 'w:char="F0FE"' in sortie
    assert ">R<" in sortie
    assert re.search(r'w14:checked w14:val="1".*>☒<', sortie)
    assert '<w:checked w:val="1"/>' in sortie


def test_case_et_libelle_dans_deux_cellules():
    gabarit = docx(
        tableau(["☐", "Hébergement permanent"], ["Accueil de jour", "☐"])
        + tableau(["Habilité ?", "☐", "Oui", "☐", "Non"])
    )
    noms = ("Hébergement permanent", "Accueil de jour", "Non")
    document = python_docx.Document(
        io.BytesIO(produire(gabarit, *(saisie(f"coche:{n}", True) for n in noms)))
    )
    cellules = [[c.text for c in ligne.cells] for t in document.tables for ligne in t.rows]
    assert cellules == [
        ["☒", "Hébergement permanent"],
        ["Accueil de jour", "☒"],
        ["Habilité ?", "☐", "Oui", "☒", "Non"],
    ]


def test_matrice_de_cases_designees_par_leur_cellule():
    gabarit = docx(tableau(["Critère", "Oui", "Non"], ["Accès adapté", "☐", "☐"]))
    assert refuser(gabarit, "coche:Accès adapté").code == "RW-02"
    sortie = produire(gabarit, saisie("tableau:1!C2", True))
    assert ouvrir(sortie).tables[0].rows[1].cells[2].text == "☒"
    assert refuser(gabarit, "tableau:1!B2", "peut-être").code == "RW-08"


def test_zone_de_texte_et_son_repli():
    dedans = f"<w:txbxContent>{p(r('☐ Public'))}</w:txbxContent>"
    boite = (
        f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>{dedans}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{dedans}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert corps(produire(docx(p(boite)), saisie("coche:Public", True))).count("☒ Public") == 2


def test_libelles_repetes_absents_ou_douteux():
    gabarit = docx(p(r("A : ☐ Oui ☐ Non")) + p(r("B : ☐ Oui ☐ Non")) + p(r("Statut ☐ public ☐ privé")))
    assert refuser(gabarit, "coche:Oui").code == "RW-02"
    assert lignes(produire(gabarit, saisie("coche:Oui#2", True)))[1] == "B : ☒ Oui ☐ Non"
    assert refuser(gabarit, "coche:public").code == "RW-02"
    assert "Nan" not in refuser(gabarit, "coche:Nom").message
    assert "Non" in refuser(gabarit, "coche:Nom").remede


def test_un_symbole_malforme_ou_une_adresse_sans_libelle_ne_genent_pas():
    malforme = '<w:r><w:sym w:font="Wingdings" w:char="zz"/></w:r>'
    gabarit = docx(p(malforme, r(" Symbole")) + p(r("☐ (autre)")))
    assert refuser(gabarit, "coche:Symbole").code == "RW-01"
    assert refuser(gabarit, "coche:☐").code == "RW-01"
    produire(gabarit, saisie("coche:(autre)", True))


@pytest.mark.parametrize("code", ["zz", "D800", "0001", "", "123456"])
def test_un_signe_impossible_dans_un_controle_a_cocher(code):
    gabarit = docx(p(controle("c", COCHE.replace("2612", code), r("☐"))))
    assert "☒" in corps(produire(gabarit, saisie("controle:c", True)))


def test_une_case_prevue_et_laissee_vide_ou_une_autre_cochee_se_voit():
    gabarit = docx(p(r("☐ Public ☐ Privé ")) + p(WINGDINGS, r(" Symbole")))
    public = remplir(preparer(gabarit), [saisie("coche:Public", True)]).octets
    assert certifier(gabarit, public, [saisie("coche:Privé", True)]) != []
    assert certifier(gabarit, public, []) != []
    assert certifier(gabarit, gabarit, [saisie("coche:Symbole", True)]) != []
    assert certifier(gabarit, public, [saisie("coche:Public", False)]) != []


MELANGE = docx(
    p(
        r("Nom : ……… ☐ Oui ☐ Non   Ville : ………… "),
        controle("c", COCHE, r("☐")),
        r(" Contrôle   Pays : ………"),
        WINGDINGS,
        r(" Symbole"),
    )
)


def test_un_controle_rempli_avant_un_libelle_ne_le_decale_pas():
    invite = controle("c", "<w:text/>", invite=True)
    signet = '<w:bookmarkStart w:id="1" w:name="s"/><w:bookmarkEnd w:id="1"/>'
    gabarit = docx(p(signet, r("Nom "), invite, r(" Ville : ……… ☐ Oui")))
    saisies = [saisie("controle:c", "un nom"), saisie("signet:s", "M. "), saisie("libelle:Ville", "Bourg")]
    assert "M. Nom un nom Ville : Bourg ☒ Oui" in "".join(
        re.findall(
            r"<w:t[ >][^<]*?>?([^<>]*)</w:t>", corps(produire(gabarit, *saisies, saisie("coche:☐ Oui", True)))
        )
    )


@settings(max_examples=150, deadline=None)
@given(*[st.text(" .…_:\n\té<&\u00a0☐☒R", max_size=12)] * 3, *[st.booleans()] * 3)
def test_textes_et_cases_melees_sur_une_ligne(nom, ville, pays, oui, coche, symbole):
    saisies = [saisie("libelle:Nom", nom), saisie("libelle:Ville", ville), saisie("libelle:Pays", pays)]
    saisies += [saisie("coche:☐ Oui", oui), saisie("controle:c", coche), saisie("coche:☐ Symbole", symbole)]
    rempli = remplir(preparer(MELANGE), saisies)
    assert not rempli.refus, rempli.refus
    assert certifier(MELANGE, rempli.octets, rempli.ecrites) == []


@pytest.mark.skipif(not REELS.is_dir(), reason="fichiers réels absents")
def test_les_cases_d_un_formulaire_reel():
    gabarit = (REELS / "checklist-controls.docx").read_bytes()
    cases = ("coche:Turn down thermostat", "coche:Pause routine deliveries")
    assert corps(produire(gabarit, *(saisie(case, True) for case in cases))).count("☒") == 3
