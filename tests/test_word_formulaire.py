"""Un formulaire qui porte chaque genre de place : rempli partout, relu par d’autres, inchangé sans valeur."""

import datetime
import io
import re
import shutil
import subprocess
import zipfile

import docx as python_docx
import pytest
from docx.oxml.ns import qn
from fabrique_word import COCHE, champ, controle, docx, p, r, saisie, tableau
from formulaire_word import LOGO, VALEURS, dessin, formulaire, png, saisie_pour, section
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from cpomdocs.certificat.word import certifier
from cpomdocs.remplissage.word import preparer, remplir
from cpomdocs.remplissage.word.places import endroit_de_case, places
from cpomdocs.saisies import Image

GABARIT = formulaire()
PREPARE = preparer(GABARIT)
SAISIES = [saisie_pour(case, valeur) for case, (valeur, _) in VALEURS.items()]
REMPLI = remplir(PREPARE, SAISIES)
MUETTES = {"champ:dept", "controle:long", "coche:Saisonnier", "controle:note", "libelle:Renvoi"}
"""Ce que LibreOffice n’écrit pas comme du texte : une liste déroulante, un saut de ligne dans un contrôle au
fil du texte, une note sans appel."""


def parties(octets):
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        return {nom: archive.read(nom) for nom in archive.namelist()}


def textes_lus(document):
    """Tout ce que le corps, l’en-tête et le pied disent, un paragraphe par ligne."""
    cadres = [document.element.body]
    for partie in document.sections:
        cadres += [partie.header._element, partie.footer._element]
    signes = {qn("w:tab"): "\t", qn("w:br"): "\n"}
    lignes = []
    for cadre in cadres:
        for paragraphe in cadre.iter(qn("w:p")):
            porteurs = paragraphe.iter(qn("w:t"), *signes)
            lignes.append("".join(signes.get(t.tag) or t.text or "" for t in porteurs))
    return "\n".join(lignes)


def espaces(texte):
    return texte.replace("\u202f", " ").replace("\u00a0", " ")


def test_chaque_place_est_remplie_et_conforme():
    assert [(str(x.saisie.case), x.message) for x in REMPLI.refus] == []
    assert certifier(GABARIT, REMPLI.octets, SAISIES) == []


def test_chaque_place_est_relevee_sous_une_adresse():
    releves = {endroit_de_case(PREPARE, place.case) for place in places(PREPARE)}
    presentes = [
        s.case
        for s in SAISIES
        if "+" not in s.case.cellule and (s.case.genre != "section" or s.case.rang == 1)
    ]
    assert [str(case) for case in presentes if endroit_de_case(PREPARE, case) not in releves] == []
    genres = {place.genre for place in places(PREPARE)}
    assert genres == {
        "texte", "texte sur plusieurs lignes", "date", "liste", "liste ou texte", "case à cocher", "image",
        "signet", "publipostage", "blanc", "cellule",
    }  # fmt: skip


def test_sans_valeur_les_octets_sont_ceux_de_l_autorite():
    vides = [saisie_pour(case, None) for case in VALEURS]
    assert remplir(PREPARE, vides).octets == GABARIT
    assert remplir(PREPARE, []).octets == GABARIT


def test_deux_remplissages_donnent_les_memes_octets():
    assert remplir(PREPARE, SAISIES).octets == REMPLI.octets == remplir(preparer(GABARIT), SAISIES).octets


def test_relu_par_python_docx():
    document = python_docx.Document(io.BytesIO(REMPLI.octets))
    lu = espaces(textes_lus(document))
    absents = [case for case, (_, attendu) in VALEURS.items() if espaces(attendu) not in lu]
    assert absents == ["controle:note", "libelle:Renvoi"]
    assert document.core_properties.title == "Fiche 2026"
    images = [rel.target_part.blob for rel in document.part.rels.values() if rel.reltype.endswith("/image")]
    assert LOGO.octets in images
    premieres = [rangee.tc_lst[0] for rangee in document.tables[-1]._tbl.tr_lst]
    assert ["".join(t.text for t in c.iter(qn("w:t"))) for c in premieres] == ["Prénom", "Jean", "Lise", ""]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice absent")
def test_relu_par_libreoffice(tmp_path):
    (tmp_path / "f.docx").write_bytes(REMPLI.octets)
    profil = f"-env:UserInstallation=file://{tmp_path}/profil"
    subprocess.run(
        ["soffice", profil, "--headless", "--convert-to", "odt", "f.docx"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=120,
    )
    texte = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
    lu = ""
    for nom in ("content.xml", "styles.xml"):
        for paragraphe in etree.fromstring(parties((tmp_path / "f.odt").read_bytes())[nom]).iter(f"{texte}p"):
            lu += re.sub(r"\s+", " ", "".join(paragraphe.itertext())) + "\n"
    attendus = {case: attendu for case, (_, attendu) in VALEURS.items() if case not in MUETTES}
    assert [case for case, attendu in attendus.items() if espaces(attendu) not in espaces(lu)] == []


def test_les_donnees_liees_et_tous_leurs_controles_changent_ensemble():
    apres = parties(REMPLI.octets)
    donnees = etree.fromstring(apres["customXml/item1.xml"])
    lues = {e.tag: e.text or "" for e in donnees}
    assert lues["nom"] == "Association liée"
    assert (lues["jour"], lues["oui"], lues["statut"]) == ("2026-02-14", "true", "1")
    assert donnees.find("sigle").get("code") == "AL"
    a_plat = etree.fromstring(lues["projet"].encode())
    assert [t.text for t in a_plat.iter(qn("w:t"))] == ["projet lié, un", "projet lié, deux"]
    assert apres["word/document.xml"].count("Association liée".encode()) == 2
    assert "Association liée".encode() in apres["word/header1.xml"]
    assert "<Company>Société liée</Company>".encode() in apres["docProps/app.xml"]


def test_seules_changent_les_parties_remplies_et_le_reste_y_garde_ses_octets():
    avant, apres = parties(GABARIT), parties(REMPLI.octets)
    ajoutees = set(apres) - set(avant)
    assert ajoutees == {"word/media/image2.png"}
    changees = {nom for nom in avant if avant[nom] != apres[nom]}
    assert changees == {
        "word/document.xml", "word/header1.xml", "word/footer1.xml", "word/footnotes.xml",
        "customXml/item1.xml", "docProps/core.xml", "docProps/app.xml",
        "[Content_Types].xml", "word/_rels/document.xml.rels",
    }  # fmt: skip
    seule = remplir(PREPARE, [saisie("libelle:Courriel", "a@b.fr")]).octets
    debut, fin = parties(GABARIT)["word/document.xml"].split(b"Courriel :</w:t></w:r></w:p>")
    document = parties(seule)["word/document.xml"]
    assert document.startswith(debut)
    assert document.endswith(fin)


# Les images.


@pytest.mark.parametrize(
    ("cadre", "taille", "attendue"),
    [((900, 900), (60, 20), (900, 300)), ((300, 900), (10, 40), (225, 900)), ((50, 7), (5, 5), (7, 7))],
)
def test_l_image_tient_dans_son_cadre_sans_etre_deformee(cadre, taille, attendue):
    gabarit = docx(p(controle("logo", "<w:picture/>", dessin("rIdA", *cadre))), images={"rIdA": png(2, 2)})
    image = Image(png(*taille), "png", *taille)
    prevue = saisie_pour("controle:logo", image)
    rempli = remplir(preparer(gabarit), [prevue]).octets
    corps = etree.fromstring(parties(rempli)["word/document.xml"])
    tailles = {(int(e.get("cx")), int(e.get("cy"))) for e in corps.iter() if e.get("cx")}
    assert tailles == {attendue}
    assert certifier(gabarit, rempli, [prevue]) == []


def test_une_meme_image_n_est_posee_qu_une_fois():
    apres = parties(REMPLI.octets)
    assert [nom for nom in apres if nom.startswith("word/media/")] == [
        "word/media/image1.png",
        "word/media/image2.png",
    ]
    assert apres["word/media/image2.png"] == LOGO.octets
    assert apres["word/_rels/document.xml.rels"].count(b"media/image2.png") == 1
    assert apres["[Content_Types].xml"].count(b'Extension="png"') == 1


def test_une_case_d_image_refuse_un_texte():
    (refus,) = remplir(PREPARE, [saisie("controle:logo", "notre logo")]).refus
    assert refus.code == "RW-08"


def retoucher(octets, partie, avant, apres):
    tampon = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(octets)) as source, zipfile.ZipFile(tampon, "w") as cible:
        for info in source.infolist():
            contenu = source.read(info)
            if info.filename == partie:
                assert avant in contenu
                contenu = contenu.replace(avant, apres, 1)
            cible.writestr(info, contenu)
    return tampon.getvalue()


@pytest.mark.parametrize(
    ("partie", "avant", "apres"),
    [
        ("word/media/image2.png", b"IDAT", b"IDAX"),
        ("word/document.xml", b'cx="914400" cy="304800"', b'cx="914400" cy="914400"'),
        ("word/document.xml", b'<wp:docPr id="1" name="Image 1"/>', b'<wp:docPr id="1" name="Image 2"/>'),
        (
            "word/_rels/document.xml.rels",
            b"</Relationships>",
            b'<Relationship Id="z" Type="x" Target="y"/></Relationships>',
        ),
        ("[Content_Types].xml", b'ContentType="application/xml"', b'ContentType="text/xml"'),
        ("word/document.xml", b"Action B", b"Action D"),
        ("word/document.xml", "détail C".encode(), b""),
        ("customXml/item1.xml", "projet lié, deux".encode(), b"autre chose"),
        ("word/document.xml", b"projet tenu", b"projet"),
        ("word/document.xml", b" (fin)", b" (faim)"),
    ],
)
def test_toute_alteration_se_voit(partie, avant, apres):
    assert certifier(GABARIT, retoucher(REMPLI.octets, partie, avant, apres), SAISIES) != []


# Les sections répétées.


def test_chaque_element_ajoute_a_ses_identifiants():
    corps = etree.fromstring(parties(REMPLI.octets)["word/document.xml"])
    numeros = [e.get(qn("w:val")) for e in corps.iter(qn("w:id")) if e.getparent().tag == qn("w:sdtPr")]
    assert len(numeros) == 5
    assert len(set(numeros)) >= 4  # le gabarit porte deux fois le sien


def test_un_element_qu_on_ne_sait_pas_copier_et_une_section_absente():
    lie = controle(
        "nom", "<w:text/>", plus='<w:dataBinding w:xpath="/a[1]/b[1]" w:storeItemID="{0}"/>', invite=True
    )
    gabarit = preparer(docx(section("liee", p(lie))))
    assert remplir(gabarit, [saisie("section:liee!nom#1", "x")]).refus == ()
    (refus,) = remplir(gabarit, [saisie("section:liee!nom#2", "x")]).refus
    assert refus.code == "RW-07"
    (refus,) = remplir(PREPARE, [saisie("section:action!intitule#1", "x")]).refus
    assert "actions" in refus.remede
    (refus,) = remplir(PREPARE, [saisie("section:actions!intitulé#1", "x")]).refus
    assert "intitule" in refus.remede


# Les verrous, les champs répétés.


@pytest.mark.parametrize("autour", ['<w:lock w:val="contentLocked"/>', "<w:group/>"])
def test_un_texte_dans_un_controle_verrouille_ou_dans_un_groupe_est_refuse(autour):
    dedans = p(r("Nom : ………")) + p(controle("c", "<w:text/>", invite=True)) + tableau(["Ville", ""])
    gabarit = preparer(docx(controle("cadre", autour, dedans)))
    saisies = [saisie(case, "x") for case in ("libelle:Nom", "libelle:Ville", "controle:c")]
    refus = [(str(x.saisie.case), x.code) for x in remplir(gabarit, saisies).refus]
    libres = [] if "lock" in autour else ["controle:c"]
    assert refus == [(c, "RW-04") for c in ("libelle:Nom", "libelle:Ville", "controle:c") if c not in libres]


def test_un_controle_qui_en_contient_un_autre_n_est_plus_une_invite():
    ligne = f"<w:tr><w:tc>{p(r('Nom'))}</w:tc><w:tc>{p()}</w:tc></w:tr>"
    rangee = f"<w:tbl><w:tblPr/><w:tblGrid/>{controle('ligne', '', ligne, invite=True)}</w:tbl>"
    dedans = p(r("Un "), controle("nom", "<w:text/>", invite=True)) + p(
        controle("ville", "<w:text/>", invite=True)
    )
    repete = section("s", p(controle("x", "<w:text/>", invite=True))).replace(
        "<w15:rep", "<w:showingPlcHdr/><w15:rep", 1
    )
    gabarit = docx(controle("cadre", "", dedans, invite=True) + rangee + repete)
    saisies = [saisie(c, "oui") for c in ("controle:nom", "tableau:1!B1", "section:s!x#1", "section:s!x#2")]
    rempli = remplir(preparer(gabarit), saisies)
    assert rempli.refus == ()
    assert certifier(gabarit, rempli.octets, saisies) == []
    avant, apres = (parties(o)["word/document.xml"].count(b"showingPlcHdr") for o in (gabarit, rempli.octets))
    assert (avant, apres) == (6, 1)
    assert certifier(gabarit, rempli.octets, saisies[1:]) != []


def test_cinquante_champs_de_meme_nom_par_leur_rang_et_par_leur_libelle():
    noms = [f"Champ numéro {rang}" for rang in range(1, 51)]
    lignes = (p(r(f"{nom} : "), champ("Texte1", "FORMTEXT", resultat=r("     "))) for nom in noms)
    gabarit = docx("".join(lignes))
    saisies = [saisie(f"champ:Texte1#{rang}", f"v{rang}") for rang in range(1, 51, 2)]
    saisies += [saisie(f"libelle:{noms[rang - 1]}", f"v{rang}") for rang in range(2, 51, 2)]
    rempli = remplir(preparer(gabarit), saisies)
    assert rempli.refus == ()
    assert certifier(gabarit, rempli.octets, saisies) == []
    lues = textes_lus(python_docx.Document(io.BytesIO(rempli.octets))).splitlines()
    assert lues[:50] == [f"{nom} : v{rang}" for rang, nom in enumerate(noms, start=1)]


def test_la_longueur_maximale_est_respectee():
    (refus,) = remplir(PREPARE, [saisie("champ:finess", "0123456789")]).refus
    assert (refus.code, "9" in refus.message) == ("RW-08", True)


def test_vide_zero_et_sans_objet_sont_trois_etats():
    zero = saisie("tableau:5!B2", 0)
    sans_objet = saisie("tableau:5!C2", None, texte="SO")
    vide = saisie("tableau:5!D2", None)
    rempli = remplir(PREPARE, [zero, sans_objet, vide])
    document = python_docx.Document(io.BytesIO(rempli.octets))
    assert [c.text for c in document.tables[4].rows[1].cells] == ["Internat", "0", "SO", ""]


# Tout texte, dans tout genre de place.

BORNEES = ("controle:statut", "controle:statut_lie", "champ:dept", "champ:finess")
TEXTES = [case for case, (valeur, _) in VALEURS.items() if isinstance(valeur, str) and case not in BORNEES]


@settings(max_examples=250)
@given(
    st.sampled_from(TEXTES),
    st.text(max_size=40)
    | st.text("=+@{}<>&'\"%/\\\n\t\r\u202e\u05d0\u0627 \u00a0\u200f[]():….x", max_size=40)
    | st.text("\x00\x07\x0b\x1f\ufffe\ud800a", max_size=6),
)
@example("controle:riche", "\n")
@example("controle:simple", "\n")
@example("champ:projet", "\t\n\t")
@example("libelle:Nom", "]]>&amp;")
def test_tout_texte_se_lit_dans_tout_genre_de_place_ou_se_refuse(case, texte):
    prevue = saisie_pour(case, texte)
    rempli = remplir(PREPARE, [prevue])
    if rempli.refus:
        assert rempli.octets == GABARIT
        assert rempli.refus[0].message
        assert rempli.refus[0].remede
        return
    for nom, contenu in parties(rempli.octets).items():
        if nom.endswith((".xml", ".rels")):
            etree.fromstring(contenu)
    assert certifier(GABARIT, rempli.octets, [prevue] if texte else []) == []


@pytest.mark.parametrize("case", TEXTES)
def test_cent_mille_signes_dans_tout_genre_de_place(case):
    texte = "é<&> " * 20_000
    prevue = saisie_pour(case, texte.strip())
    rempli = remplir(PREPARE, [prevue])
    assert rempli.refus == ()
    lus = [c for n, c in parties(rempli.octets).items() if n.startswith("word/") and n.endswith(".xml")]
    lu = "".join(t.text or "" for contenu in lus for t in etree.fromstring(contenu).iter(qn("w:t")))
    assert texte.strip() in lu


def test_une_place_reste_elle_meme_d_un_document_a_l_autre():
    """Les moules gardés d’un document ne laissent rien dans le suivant."""
    for texte in ("un", "\n", "un\ndeux", "", "\t", "trois"):
        saisies = [
            saisie("controle:riche", texte),
            saisie("libelle:Nom", texte),
            saisie("controle:simple", texte),
        ]
        neuf = remplir(preparer(GABARIT), saisies).octets
        assert remplir(PREPARE, saisies).octets == neuf


def test_date_et_case_gardent_leur_etat_propre():
    jours = [datetime.date(2026, 1, 1), datetime.date(2026, 8, 15)]
    gabarit = preparer(docx(p(controle("j", "<w:date/>", invite=True), controle("c", COCHE, r("☐")))))
    lus = [
        parties(remplir(gabarit, [saisie("controle:j", jour), saisie("controle:c", rang == 0)]).octets)
        for rang, jour in enumerate(jours)
    ]
    assert [re.findall(rb'fullDate="([^"]*)"', lu["word/document.xml"]) for lu in lus] == [
        [b"2026-01-01T00:00:00Z"],
        [b"2026-08-15T00:00:00Z"],
    ]
    assert ["☒" in lu["word/document.xml"].decode() for lu in lus] == [True, False]
