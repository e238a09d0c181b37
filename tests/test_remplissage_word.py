"""Remplir un document Word imposé : chaque genre de case, relu par python-docx ou dans le XML."""

import datetime
import io
import shutil
import subprocess
import zipfile
from decimal import Decimal
from pathlib import Path

import docx as python_docx
import pytest
from fabrique_word import (
    COCHE,
    COCHE_WINGDINGS,
    PASSAGE_INVITE,
    champ,
    controle,
    docx,
    liaison,
    liaison_titre,
    p,
    r,
    saisie,
    tableau,
)
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import etree

from cpomdocs.certificat.word import certifier
from cpomdocs.remplissage.word import preparer, remplir
from cpomdocs.remplissage.word.genres.controles import nom_de

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
REELS = Path(__file__).parents[2] / "shared" / "reels" / "word"


def produire(gabarit, *saisies):
    rempli = remplir(preparer(gabarit), saisies)
    assert not rempli.refus, rempli.refus
    return rempli.octets


def refuser(gabarit, *saisies):
    rempli = remplir(preparer(gabarit), saisies)
    assert len(rempli.refus) == 1
    return rempli.refus[0]


def lire(octets, partie="word/document.xml"):
    return zipfile.ZipFile(io.BytesIO(octets)).read(partie)


def racine(octets, partie="word/document.xml"):
    return etree.fromstring(lire(octets, partie))


def textes(octets):
    return [paragraphe.text for paragraphe in python_docx.Document(io.BytesIO(octets)).paragraphs]


def dans_controles(octets, partie="word/document.xml"):
    return [
        "".join(t.text or "" for t in sdt.iterfind(f"{W}sdtContent//{W}t"))
        for sdt in racine(octets, partie).iter(f"{W}sdt")
    ]


# Contrôles de contenu


def test_controle_simple_par_balise_ou_par_titre():
    gabarit = docx(
        p(controle("sigle", "<w:text/>", invite=True)) + p(controle("", "<w:text/>", titre="Ville"))
    )
    sortie = produire(gabarit, saisie("controle:sigle", "EHPAD & <Cie>"), saisie("controle:Ville", "Bourg"))
    assert dans_controles(sortie) == ["EHPAD & <Cie>", "Bourg"]
    assert b"showingPlcHdr" not in lire(sortie)
    assert b"Textedelespacerserv" not in lire(sortie)


def test_deux_controles_de_meme_balise_recoivent_la_meme_valeur():
    gabarit = docx(p(controle("nom", "<w:text/>")), entete=p(controle("nom", "<w:text/>")))
    sortie = produire(gabarit, saisie("controle:nom", "Les Tilleuls"))
    assert dans_controles(sortie) == ["Les Tilleuls"]
    assert dans_controles(sortie, "word/header1.xml") == ["Les Tilleuls"]


def test_le_format_impose_par_le_controle_est_celui_du_texte():
    gabarit = docx(p(controle("n", "<w:text/>", plus="<w:rPr><w:b/></w:rPr>", invite=True)))
    passage = racine(produire(gabarit, saisie("controle:n", "x"))).find(f".//{W}sdtContent/{W}r/{W}rPr")
    assert [e.tag for e in passage] == [f"{W}b"]


def test_le_format_du_texte_en_place_est_garde():
    gabarit = docx(p(controle("n", "<w:text/>", r("ancien", "<w:i/>"), plus="<w:rPr><w:b/></w:rPr>")))
    passage = racine(produire(gabarit, saisie("controle:n", "x"))).find(f".//{W}sdtContent/{W}r/{W}rPr")
    assert [e.tag for e in passage] == [f"{W}i"]


def test_texte_simple_sur_une_ligne_texte_multiligne_et_texte_riche():
    gabarit = docx(
        p(controle("une", "<w:text/>"))
        + p(controle("plusieurs", '<w:text w:multiLine="1"/>'))
        + controle("riche", "", p(PASSAGE_INVITE, proprietes='<w:jc w:val="both"/>'), invite=True)
    )
    noms = ("une", "plusieurs", "riche")
    sortie = racine(produire(gabarit, *(saisie(f"controle:{n}", "a\nb\nc") for n in noms)))
    une, plusieurs, riche = sortie.iter(f"{W}sdtContent")
    assert "".join(une.itertext()) == "a b c"
    assert len(list(plusieurs.iter(f"{W}br"))) == 2
    assert ["".join(x.itertext()) for x in riche.findall(f"{W}p")] == ["a", "b", "c"]
    assert all(x.find(f"{W}pPr/{W}jc") is not None for x in riche.findall(f"{W}p"))


@pytest.mark.parametrize(
    ("modele", "attendu"),
    [
        ("dd/MM/yyyy", "01/03/2026"),
        ("d MMMM yyyy", "1 mars 2026"),
        ("dddd d MMMM yyyy", "dimanche 1 mars 2026"),
        ("M/d/yyyy", "3/1/2026"),
        ("'le' d/M/yy", "le 1/3/26"),
    ],
)
def test_date_selon_le_format_du_controle(modele, attendu):
    genre = f'<w:date><w:dateFormat w:val="{modele}"/><w:lid w:val="en-US"/></w:date>'
    sortie = produire(docx(p(controle("d", genre))), saisie("controle:d", datetime.date(2026, 3, 1)))
    assert dans_controles(sortie) == [attendu]
    assert b'w:fullDate="2026-03-01T00:00:00Z"' in lire(sortie)


def test_texte_impose_dans_un_controle_de_date():
    genre = '<w:date w:fullDate="2020-01-01T00:00:00Z"><w:dateFormat w:val="d/M/yyyy"/></w:date>'
    sortie = produire(docx(p(controle("d", genre))), saisie("controle:d", None, texte="Sans objet"))
    assert dans_controles(sortie) == ["Sans objet"]
    assert b"fullDate" not in lire(sortie)


LISTE = (
    '<w:{0}><w:listItem w:displayText="Choisissez un élément." w:value=""/>'
    '<w:listItem w:displayText="Établissement public" w:value="PUB"/>'
    '<w:listItem w:value="Privé"/></w:{0}>'
)


@pytest.mark.parametrize("donne", ["Établissement public", "etablissement  PUBLIC", "pub"])
def test_liste_sans_egard_a_la_casse_ni_aux_accents(donne):
    gabarit = docx(p(controle("s", LISTE.format("dropDownList"), invite=True)))
    assert dans_controles(produire(gabarit, saisie("controle:s", donne))) == ["Établissement public"]


def test_valeur_hors_de_la_liste():
    gabarit = docx(p(controle("s", LISTE.format("dropDownList"))))
    refus = refuser(gabarit, saisie("controle:s", "Associatif"))
    assert refus.code == "RW-05"
    assert "« Établissement public » ; « Privé »" in refus.message
    assert remplir(preparer(gabarit), [saisie("controle:s", "Associatif")]).octets == gabarit


def test_une_zone_de_liste_modifiable_accepte_un_texte_libre():
    gabarit = docx(p(controle("s", LISTE.format("comboBox"))))
    assert dans_controles(produire(gabarit, saisie("controle:s", "Associatif"))) == ["Associatif"]


@pytest.mark.parametrize(
    ("valeur", "etat", "signe"), [(True, "1", "☒"), ("Oui", "1", "☒"), (False, "0", "☐"), ("x", "1", "☒")]
)
def test_case_a_cocher(valeur, etat, signe):
    sortie = produire(docx(p(controle("c", COCHE, r("☐")))), saisie("controle:c", valeur))
    assert f'w14:checked w14:val="{etat}"'.encode() in lire(sortie)
    assert dans_controles(sortie) == [signe]


def test_case_a_cocher_dont_le_signe_est_dans_une_police_de_symboles():
    gabarit = docx(p(controle("c", COCHE_WINGDINGS, '<w:r><w:sym w:font="Wingdings" w:char="F0A8"/></w:r>')))
    assert b'w:sym w:font="Wingdings" w:char="F0FE"' in lire(produire(gabarit, saisie("controle:c", True)))


def test_case_a_cocher_qui_ne_comprend_pas_la_valeur():
    assert refuser(docx(p(controle("c", COCHE, r("☐")))), saisie("controle:c", "peut-être")).code == "RW-08"


@pytest.mark.parametrize("verrou", ["contentLocked", "sdtContentLocked"])
def test_un_controle_verrouille_est_refuse(verrou):
    gabarit = docx(p(controle("v", "<w:text/>", plus=f'<w:lock w:val="{verrou}"/>')))
    assert refuser(gabarit, saisie("controle:v", "x")).code == "RW-04"


def test_un_controle_qu_on_ne_peut_que_conserver_se_remplit():
    gabarit = docx(p(controle("v", "<w:text/>", plus='<w:lock w:val="sdtLocked"/>')))
    assert dans_controles(produire(gabarit, saisie("controle:v", "x"))) == ["x"]


def test_controle_de_cellule():
    en_cellule = controle("c", "<w:text/>", f"<w:tc><w:tcPr/>{p(PASSAGE_INVITE)}</w:tc>", invite=True)
    sortie = produire(docx(tableau(["Nom", en_cellule])), saisie("controle:c", "Les Tilleuls"))
    lu = racine(sortie).find(f".//{W}sdtContent/{W}tc")
    assert [e.tag for e in lu] == [f"{W}tcPr", f"{W}p"]
    assert "".join(lu.itertext()) == "Les Tilleuls"


@pytest.mark.parametrize(
    "contenu",
    [
        "<w:tr><w:tc><w:p/></w:tc><w:tc><w:p/></w:tc></w:tr>",
        p(controle("dedans", "<w:text/>")),
        p("<w:r><w:drawing/></w:r>"),
    ],
)
def test_un_controle_qui_tient_autre_chose_que_du_texte_est_refuse(contenu):
    assert refuser(docx(controle("c", "", contenu)), saisie("controle:c", "x")).code == "RW-07"


def test_controle_absent_avec_le_nom_le_plus_proche():
    refus = refuser(docx(p(controle("finess_et", "<w:text/>"))), saisie("controle:finess", "x"))
    assert refus.code == "RW-01"
    assert "finess_et" in refus.remede


# Contrôles liés


def test_la_donnee_liee_et_tous_ses_controles_changent_ensemble():
    gabarit = docx(
        p(controle("nom", "<w:text/>", plus=liaison("/d[1]/nom[1]")))
        + p(controle("rappel", "<w:text/>", plus=liaison("/d/nom"), invite=True))
        + p(controle("autre", "<w:text/>", r("inchangé"), plus=liaison("/d/ville"))),
        magasin="<d><nom>ancien</nom><ville>Bourg</ville></d>",
    )
    sortie = produire(gabarit, saisie("controle:nom", "A & B"))
    assert lire(sortie, "customXml/item1.xml") == b"<d><nom>A &amp; B</nom><ville>Bourg</ville></d>"
    assert dans_controles(sortie) == ["A & B", "A & B", "inchangé"]


def test_le_titre_du_document_lie_change_dans_ses_proprietes():
    gabarit = docx(p(controle("t", "<w:text/>", plus=liaison_titre())), titre="ancien")
    sortie = produire(gabarit, saisie("controle:t", "Contrat"))
    assert python_docx.Document(io.BytesIO(sortie)).core_properties.title == "Contrat"


def test_une_propriete_absente_du_document_est_creee():
    prefixes = "xmlns:a='http://purl.org/dc/elements/1.1/' xmlns:b='{}'".format(
        "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
    )
    lien = liaison("/b:coreProperties[1]/a:subject[1]", "{6C3C8BC8-F283-45AE-878A-BAB7291924A1}", prefixes)
    gabarit = docx(p(controle("s", "<w:text/>", plus=lien)), titre="T")
    saisie_ = saisie("controle:s", "CPOM")
    sortie = produire(gabarit, saisie_)
    proprietes = python_docx.Document(io.BytesIO(sortie)).core_properties
    assert (proprietes.title, proprietes.subject) == ("T", "CPOM")
    assert certifier(gabarit, sortie, [saisie_]) == []
    assert certifier(gabarit, sortie, []) != []


def test_date_et_case_liees_dans_la_forme_du_magasin():
    date = '<w:date><w:dateFormat w:val="d/M/yy"/><w:storeMappedDataAs w:val="date"/></w:date>'
    gabarit = docx(
        p(controle("d", date, plus=liaison("/d/@jour")))
        + p(controle("c", COCHE, r("☐"), plus=liaison("/d/oui"))),
        magasin='<d jour="?"><oui>0</oui></d>',
    )
    sortie = produire(gabarit, saisie("controle:d", datetime.date(2026, 5, 4)), saisie("controle:c", True))
    assert lire(sortie, "customXml/item1.xml") == b'<d jour="2026-05-04"><oui>1</oui></d>'


def test_une_liaison_qui_ne_mene_nulle_part_ne_gene_pas():
    gabarit = docx(p(controle("n", "<w:text/>", plus=liaison("/d/absent"))), magasin="<d/>")
    sortie = produire(gabarit, saisie("controle:n", "x"))
    assert dans_controles(sortie) == ["x"]
    assert lire(sortie, "customXml/item1.xml") == b"<d/>"


def test_une_liaison_trop_savante_est_refusee():
    gabarit = docx(
        p(controle("n", "<w:text/>", plus=liaison("//nom[. != '']"))), magasin="<d><nom>a</nom></d>"
    )
    assert refuser(gabarit, saisie("controle:n", "x")).code == "RW-07"


def test_deux_valeurs_pour_la_meme_donnee_liee():
    gabarit = docx(
        p(controle("a", "<w:text/>", plus=liaison("/d/n")))
        + p(controle("b", "<w:text/>", plus=liaison("/d/n"))),
        magasin="<d><n/></d>",
    )
    refus = refuser(gabarit, saisie("controle:a", "un"), saisie("controle:b", "deux"))
    assert refus.code == "RW-09"


# Champs de formulaire

BLANCS = r("\u2002", "<w:noProof/>") * 5
LISTE_FF = '<w:ddList><w:listEntry w:val="Oui, totale"/><w:listEntry w:val="Non"/></w:ddList>'


def test_champs_de_formulaire_par_leur_nom():
    gabarit = docx(
        p(r("Nom "), champ("Texte1", "FORMTEXT", "<w:textInput/>", BLANCS))
        + p(champ("Texte1", "FORMTEXT", "<w:textInput/>"))
        + p(champ("Case1", "FORMCHECKBOX", '<w:checkBox><w:sizeAuto/><w:default w:val="0"/></w:checkBox>'))
        + p(champ("Liste1", "FORMDROPDOWN", LISTE_FF))
    )
    assert refuser(gabarit, saisie("champ:Texte1", "x")).code == "RW-02"
    assert refuser(gabarit, saisie("champ:Liste1", "peut-être")).code == "RW-05"
    saisies = [saisie("champ:Texte1#1", "A & B"), saisie("champ:Texte1#2", "deux\nlignes")]
    saisies += [saisie("champ:Case1", True), saisie("champ:Liste1", "non")]
    sortie = produire(gabarit, *saisies)
    assert textes(sortie) == ["Nom A & B", "deux\nlignes", "", ""]
    assert b'<w:default w:val="0"/><w:checked w:val="1"/></w:checkBox>' in lire(sortie)
    assert b'<w:ddList><w:result w:val="1"/>' in lire(sortie)
    assert lire(sortie).count(b'w:fldCharType="separate"') == 2
    assert lire(sortie).count(b"w:bookmarkStart") == 4
    assert certifier(gabarit, sortie, saisies) == []
    for oubliee in saisies:
        assert certifier(gabarit, sortie, [s for s in saisies if s is not oubliee]) != []


def test_champ_de_formulaire_a_cote_de_son_libelle():
    gabarit = docx(
        p(r("Nom : "), champ("", "FORMTEXT", resultat=BLANCS))
        + tableau(["Ville", p(champ("Texte1", "FORMTEXT", "<w:textInput/>", BLANCS))])
    )
    saisies = [saisie("libelle:Nom", "Les Tilleuls"), saisie("libelle:Ville", "Bourg")]
    sortie = produire(gabarit, *saisies)
    assert textes(sortie) == ["Nom : Les Tilleuls"]
    assert python_docx.Document(io.BytesIO(sortie)).tables[0].rows[0].cells[1].text == "Bourg"
    assert certifier(gabarit, sortie, saisies) == []


def test_longueur_et_verrou_d_un_champ_de_formulaire():
    limite = champ("Court", "FORMTEXT", '<w:textInput><w:maxLength w:val="5"/></w:textInput>', BLANCS)
    calcule = champ("Total", "FORMTEXT", '<w:textInput><w:type w:val="calculated"/></w:textInput>', BLANCS)
    gabarit = docx(p(limite) + p(calcule))
    assert textes(produire(gabarit, saisie("champ:Court", "12345")))[0] == "12345"
    assert "5" in refuser(gabarit, saisie("champ:Court", "123456")).message
    assert refuser(gabarit, saisie("champ:Total", "1")).code == "RW-04"


# Libellés


def test_cellule_vide_a_droite_du_libelle():
    gabarit = docx(tableau(["N°\u00a0FINESS :", ""], ["Raison sociale", ""]))
    sortie = produire(gabarit, saisie("libelle:n° finess", "010001436"))
    lignes = python_docx.Document(io.BytesIO(sortie)).tables[0].rows
    assert [c.text for c in lignes[0].cells] == ["N°\u00a0FINESS :", "010001436"]
    assert [c.text for c in lignes[1].cells] == ["Raison sociale", ""]


def test_la_cellule_garde_son_paragraphe_et_le_format_de_sa_marque():
    vide = p(proprietes='<w:jc w:val="right"/><w:rPr><w:ins w:id="1" w:author="x"/><w:i/></w:rPr>')
    sortie = racine(produire(docx(tableau(["Nom", vide])), saisie("libelle:Nom", "Les Tilleuls")))
    ecrit = sortie.findall(f".//{W}tc")[1].find(f"{W}p")
    assert ecrit.find(f"{W}pPr/{W}jc").get(f"{W}val") == "right"
    assert [e.tag for e in ecrit.find(f"{W}r/{W}rPr")] == [f"{W}i"]


def test_la_reponse_prend_la_police_du_libelle_sans_son_gras():
    libelle = p(r("Nom :", '<w:rFonts w:ascii="Arial"/><w:b/><w:sz w:val="18"/>'))
    en_cellule = racine(produire(docx(tableau([libelle, ""])), saisie("libelle:Nom", "x")))
    assert [e.tag for e in en_cellule.findall(f".//{W}rPr")[1]] == [f"{W}rFonts", f"{W}sz"]
    au_fil = racine(produire(docx(libelle), saisie("libelle:Nom", "x")))
    assert [e.tag for e in au_fil.findall(f".//{W}rPr")[1]] == [f"{W}rFonts", f"{W}sz"]


def test_reste_vide_du_paragraphe_et_pointilles():
    gabarit = docx(
        p(r("No", "<w:b/>"), r("m :", "<w:b/>"))
        + p(r("Adresse ………………… Ville : . . . . . Pays ___.___"))
        + p(r("Tél. :\t"))
    )
    sortie = produire(
        gabarit,
        saisie("libelle:Nom", "Les Tilleuls"),
        saisie("libelle:Ville", "Bourg"),
        saisie("libelle:Adresse", "1, rue Haute"),
        saisie("libelle:pays", "France"),
        saisie("libelle:Tél.", "01"),
    )
    assert textes(sortie) == [
        "Nom : Les Tilleuls",
        "Adresse 1, rue Haute Ville : Bourg Pays France",
        "Tél. : 01\t",
    ]


def test_deux_libelles_sur_une_ligne_a_tabulation():
    sortie = produire(docx(p(r("Tél. :\tFax :"))), saisie("libelle:Tél.", "01"), saisie("libelle:Fax", "02"))
    assert textes(sortie) == ["Tél. : 01\tFax : 02"]


def test_libelle_et_reponse_dans_la_meme_cellule():
    sortie = produire(
        docx(tableau(["Nom :", "Prénom :"])), saisie("libelle:Nom", "A"), saisie("libelle:Prénom", "B")
    )
    assert [c.text for c in python_docx.Document(io.BytesIO(sortie)).tables[0].rows[0].cells] == [
        "Nom : A",
        "Prénom : B",
    ]


def test_cellule_du_dessous_quand_le_libelle_est_seul_sur_sa_ligne():
    sortie = produire(docx(tableau(["Observations"], [""])), saisie("libelle:Observations", "a\nb"))
    assert python_docx.Document(io.BytesIO(sortie)).tables[0].rows[1].cells[0].text == "a\nb"


def test_pointilles_suivis_d_une_unite_dans_la_cellule():
    sortie = produire(docx(tableau(["Montant", "………… €"])), saisie("libelle:Montant", 12))
    assert python_docx.Document(io.BytesIO(sortie)).tables[0].rows[0].cells[1].text == "12 €"


def test_libelle_suivi_d_un_controle_encore_vide():
    gabarit = docx(
        tableau(["Nom", p(controle("", "<w:text/>", invite=True))])
        + p(r("Ville : "), controle("", "<w:text/>", invite=True))
    )
    sortie = produire(gabarit, saisie("libelle:Nom", "Les Tilleuls"), saisie("libelle:Ville", "Bourg"))
    assert dans_controles(sortie) == ["Les Tilleuls", "Bourg"]


def test_libelle_ambigu_puis_precise_par_son_rang():
    gabarit = docx(tableau(["Nom", ""], ["Nom", ""]) + p(r("Le nom du président")))
    refus = refuser(gabarit, saisie("libelle:Nom", "x"))
    assert refus.code == "RW-02"
    assert "2 fois" in refus.message
    sortie = produire(gabarit, saisie("libelle:Nom#1", "premier"), saisie("libelle:Nom#2", "second"))
    lignes = python_docx.Document(io.BytesIO(sortie)).tables[0].rows
    assert [ligne.cells[1].text for ligne in lignes] == ["premier", "second"]
    assert refuser(gabarit, saisie("libelle:Nom#3", "x")).code == "RW-01"


def test_une_case_deja_remplie_est_refusee():
    gabarit = docx(tableau(["Nom", "Dupont"]) + p(r("Ville : Bourg")))
    assert "contient déjà « Dupont »" in refuser(gabarit, saisie("libelle:Nom", "x")).message
    assert "contient déjà « Bourg »" in refuser(gabarit, saisie("libelle:Ville", "x")).message


def test_libelle_absent_avec_le_plus_proche():
    refus = refuser(docx(tableau(["Raison sociale", ""])), saisie("libelle:Raison social", "x"))
    assert refus.code == "RW-01"
    assert "raison sociale" in refus.remede.lower()


def test_zone_de_texte_et_son_rendu_de_repli():
    dedans = f"<w:txbxContent>{p(r('Nom : '))}</w:txbxContent>"
    boite = (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'>"
        f"<w:drawing><wps:txbx>{dedans}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{dedans}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    sortie = racine(produire(docx(p(boite)), saisie("libelle:Nom", "Les Tilleuls")))
    assert ["".join(x.itertext()) for x in sortie.iter(f"{W}txbxContent")] == ["Nom : Les Tilleuls"] * 2


def test_libelle_en_en_tete_en_pied_et_en_note():
    gabarit = docx(p(r("corps")), entete=p(r("Nom : ")), pied=p(r("Date : ")), notes=p(r("Source : ")))
    sortie = produire(
        gabarit,
        saisie("libelle:Nom", "A"),
        saisie("libelle:Date", datetime.date(2026, 12, 31)),
        saisie("libelle:Source", "B"),
    )
    assert "".join(racine(sortie, "word/header1.xml").itertext()) == "Nom : A"
    assert "".join(racine(sortie, "word/footer1.xml").itertext()) == "Date : 31 décembre 2026"
    assert "".join(racine(sortie, "word/footnotes.xml").itertext()) == "Source : B"


# Tableaux et signets


def test_adresse_d_une_cellule_fusions_comprises():
    large = f'<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{p()}</w:tc>'
    gabarit = docx(tableau(["seul"]) + p() + tableau(["", "N-2", "N-1"], [large, ""], ["", "", ""]))
    sortie = produire(gabarit, saisie("tableau:2!C2", Decimal("1234.5")), saisie("tableau:2!B3", 7))
    lignes = racine(sortie).findall(f".//{W}tbl")[1].findall(f"{W}tr")
    lues = [["".join(c.itertext()) for c in ligne.findall(f"{W}tc")] for ligne in lignes]
    assert lues == [["", "N-2", "N-1"], ["", "1\u202f234,50\u00a0€"], ["", "7", ""]]
    assert "colonne A" in refuser(gabarit, saisie("tableau:2!B2", 1)).message


@pytest.mark.parametrize("adresse", ["3!A1", "1!C1", "1!A9", "1!B2"])
def test_cellule_absente_ou_prolongeant_une_fusion(adresse):
    debut, suite = (f"<w:tc><w:tcPr><w:vMerge{v}/></w:tcPr>{p()}</w:tc>" for v in (' w:val="restart"', ""))
    gabarit = docx(tableau(["a", debut], ["b", suite]) + tableau([""]))
    assert refuser(gabarit, saisie(f"tableau:{adresse}", "x")).code == "RW-01"


def test_une_cellule_qui_porte_un_texte_est_refusee():
    assert refuser(docx(tableau(["Total"])), saisie("tableau:1!A1", 3)).code == "RW-03"


def test_les_tableaux_imbriques_ne_comptent_pas():
    dedans = tableau(["imbriqué"]) + p()
    gabarit = docx(tableau([dedans]) + tableau([""]))
    sortie = produire(gabarit, saisie("tableau:2!A1", "ici"))
    assert python_docx.Document(io.BytesIO(sortie)).tables[1].rows[0].cells[0].text == "ici"


def test_signet_garde_et_son_texte_remplace():
    gabarit = docx(
        p(
            r("Le "),
            '<w:bookmarkStart w:id="3" w:name="jour"/>',
            r("…", "<w:i/>"),
            r("…"),
            '<w:bookmarkEnd w:id="3"/>',
            r(" à"),
        )
    )
    sortie = racine(produire(gabarit, saisie("signet:jour", datetime.date(2026, 1, 1))))
    lu = sortie.find(f".//{W}p")
    assert [e.tag.removeprefix(W) for e in lu] == ["r", "bookmarkStart", "r", "bookmarkEnd", "r"]
    assert "".join(lu.itertext()) == "Le 1er janvier 2026 à"
    assert lu[2].find(f"{W}rPr/{W}i") is not None


def test_signet_vide_et_signet_entre_paragraphes():
    debut, fin = '<w:bookmarkStart w:id="{0}" w:name="s{0}"/>', '<w:bookmarkEnd w:id="{0}"/>'
    gabarit = docx(p(r("Nom "), debut.format(1), fin.format(1)) + debut.format(2) + p() + fin.format(2))
    assert textes(produire(gabarit, saisie("signet:s1", "A"), saisie("signet:s2", "B"))) == ["Nom A", "B"]


def test_signet_qui_couvre_une_partie_de_plusieurs_paragraphes():
    gabarit = docx(
        p(r("a"), '<w:bookmarkStart w:id="1" w:name="s"/>', r("b")) + p(r("c"), '<w:bookmarkEnd w:id="1"/>')
    )
    assert refuser(gabarit, saisie("signet:s", "x")).code == "RW-07"


# Le document entier


def test_sans_valeur_le_document_est_celui_de_l_autorite():
    gabarit = docx(p(controle("n", "<w:text/>")) + tableau(["Nom", ""]))
    prepare = preparer(gabarit)
    assert remplir(prepare, []).octets == gabarit
    assert remplir(prepare, [saisie("controle:n", None), saisie("libelle:Nom", "")]) == (gabarit, (), ())


def test_les_autres_parties_restent_et_la_protection_aussi():
    gabarit = docx(p(controle("n", "<w:text/>")), entete=p(r("En-tête")), notes=p(r("note")), magasin="<d/>")
    sortie = produire(gabarit, saisie("controle:n", "x"))
    avant, apres = zipfile.ZipFile(io.BytesIO(gabarit)), zipfile.ZipFile(io.BytesIO(sortie))
    assert avant.namelist() == apres.namelist()
    changees = [nom for nom in avant.namelist() if avant.read(nom) != apres.read(nom)]
    assert changees == ["word/document.xml"]
    assert lire(sortie).startswith(b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<w:document')


def test_un_gabarit_prepare_se_remplit_plusieurs_fois_pareil():
    gabarit = docx(tableau(["Nom", ""]) + p(controle("n", "<w:text/>")))
    prepare = preparer(gabarit)
    une = [saisie("libelle:Nom", "un"), saisie("controle:n", "un")]
    premier = remplir(prepare, une).octets
    remplir(prepare, [saisie("libelle:Nom", "deux")])
    assert remplir(prepare, une).octets == premier == remplir(preparer(gabarit), une).octets


def test_une_case_verifiee_sans_valeur():
    prepare = preparer(docx(tableau(["Nom", ""])))
    assert prepare.verifier(saisie("libelle:Nom", None).case) is None
    assert "« Ville »" in prepare.verifier(saisie("libelle:Ville", None).case)


@pytest.mark.parametrize("interdit", ["\x00", "\x0b", "\x1f", "\ud800", "\ufffe"])
def test_un_caractere_que_xml_ne_peut_pas_ecrire_est_refuse(interdit):
    refus = refuser(docx(tableau(["Nom", ""])), saisie("libelle:Nom", f"avant{interdit}après"))
    assert refus.code == "RW-06"
    assert "« avant »" in refus.message


LIBELLE = docx(p(r("Nom : ")))
CONTROLES = docx(p(controle("une", '<w:text w:multiLine="1"/>')) + controle("riche", "", p(PASSAGE_INVITE)))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60) | st.text("=+@{}<>&'\"%/\\\n\t\r_x000D#", max_size=60))
def test_tout_texte_se_relit_tel_quel_ou_est_refuse(texte):
    assume(texte)
    rempli = remplir(preparer(LIBELLE), [saisie("libelle:Nom", texte)])
    attendu = texte.replace("\r\n", "\n").replace("\r", "\n")
    if rempli.refus:
        assert rempli.refus[0].code == "RW-06"
        assert any(c < " " or c in "\ufffe\uffff" or "\ud800" <= c <= "\udfff" for c in texte)
        return
    assert textes(rempli.octets) == [f"Nom : {attendu}"]
    controles = remplir(preparer(CONTROLES), [saisie(f"controle:{n}", texte) for n in ("une", "riche")])
    lu = racine(controles.octets)
    une, riche = lu.iter(f"{W}sdtContent")
    signes = {f"{W}t": None, f"{W}br": "\n", f"{W}tab": "\t"}
    assert "".join(signes[e.tag] or e.text or "" for e in une.iter(*signes)) == attendu
    assert (
        "\n".join("".join(signes[e.tag] or e.text or "" for e in x.iter(*signes)) for x in riche) == attendu
    )


def test_un_texte_de_cent_mille_signes():
    texte = "é<&'\" {{ x }}\n" * 7_500
    assert textes(produire(docx(p(r("Nom : "))), saisie("libelle:Nom", texte))) == [f"Nom : {texte}"]


@pytest.mark.skipif(not REELS.is_dir(), reason="fichiers réels absents")
@pytest.mark.parametrize("chemin", sorted(REELS.glob("*.do?x")), ids=lambda c: c.name)
def test_fichiers_reels_sans_valeur(chemin):
    octets = chemin.read_bytes()
    assert remplir(preparer(octets), []).octets == octets


@pytest.mark.skipif(not REELS.is_dir(), reason="fichiers réels absents")
@pytest.mark.parametrize("chemin", sorted(REELS.glob("*.do?x")), ids=lambda c: c.name)
def test_fichiers_reels_remplis_partout_ou_c_est_possible(chemin):
    octets = chemin.read_bytes()
    prepare = preparer(octets)
    noms = {nom for cible in prepare.controles for nom in nom_de(cible.endroit) if nom}
    libelles = {c.text.strip() for t in python_docx_ou_rien(octets) for ligne in t.rows for c in ligne.cells}
    saisies = [saisie(f"controle:{nom}", "Réponse & <fin>") for nom in sorted(noms)]
    saisies += [saisie(f"libelle:{libelle}", "Réponse") for libelle in sorted(libelles) if libelle]
    rempli = remplir(prepare, saisies)
    assert len(rempli.ecrites) + len(rempli.refus) == len(saisies)
    assert all(refus.message.endswith(".") for refus in rempli.refus)
    assert certifier(octets, rempli.octets, rempli.ecrites) == []


def python_docx_ou_rien(octets):
    """Les tableaux que python-docx sait ouvrir (il refuse les modèles .dotx)."""
    try:
        return python_docx.Document(io.BytesIO(octets)).tables
    except ValueError:
        return []


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice absent")
def test_relu_par_libreoffice(tmp_path):
    gabarit = docx(
        p(r("Nom : "))
        + tableau(["N° FINESS", ""])
        + p(controle("sigle", "<w:text/>", invite=True))
        + controle("texte", "", p(PASSAGE_INVITE), invite=True)
        + p(controle("oui", COCHE, r("☐")))
    )
    saisies = [saisie("libelle:Nom", "Les Tilleuls & <Cie>"), saisie("libelle:N° FINESS", "010001436")]
    saisies += [
        saisie("controle:sigle", "LT"),
        saisie("controle:texte", "ligne 1\nligne 2"),
        saisie("controle:oui", True),
    ]
    (tmp_path / "essai.docx").write_bytes(produire(gabarit, *saisies))
    profil = f"-env:UserInstallation=file://{tmp_path}/profil"
    commande = ["soffice", profil, "--headless", "--convert-to", "txt:Text (encoded):UTF8", "essai.docx"]
    subprocess.run(commande, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    lues = (tmp_path / "essai.txt").read_text(encoding="utf-8-sig").split("\n")
    attendues = ["Nom : Les Tilleuls & <Cie>", "N° FINESS", "010001436", "LT", "ligne 1", "ligne 2", "☒"]
    assert [ligne for ligne in lues if ligne.strip()] == attendues
