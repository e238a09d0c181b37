"""La vérification d’un document Word : elle accepte ce qui est prévu, et voit tout le reste."""

import datetime
import io
import re
import zipfile
from decimal import Decimal

import pytest
from fabrique_word import (
    COCHE,
    PASSAGE_INVITE,
    controle,
    docx,
    liaison,
    liaison_titre,
    p,
    r,
    saisie,
    tableau,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from cpomdocs.certificat.word import certifier, certifier_balises
from cpomdocs.remplissage.word import preparer, remplir

LISTE = '<w:dropDownList><w:listItem w:displayText="Établissement public" w:value="PUB"/></w:dropDownList>'
DATE = '<w:date><w:dateFormat w:val="d MMMM yyyy"/></w:date>'
DEDANS = f"<w:txbxContent>{p(r('Sigle : '))}</w:txbxContent>"
BOITE = (
    f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>{DEDANS}</w:drawing></mc:Choice>"
    f"<mc:Fallback><w:pict>{DEDANS}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)
GABARIT = docx(
    p(r("Fiche ", "<w:b/>"), r("signalétique", "<w:b/>"))
    + p(BOITE)
    + p(r("Adresse ……………… Ville : ………………"))
    + tableau(["N° FINESS", ""], ["Capacité", "........ places"], ["Réservé à l’autorité", ""])
    + tableau(["Nom", p(controle("", "<w:text/>", invite=True))])
    + controle("comm", "<w:richText/>", p(PASSAGE_INVITE), invite=True)
    + p(r("Pied :"))
    + p(
        controle("date", DATE, invite=True),
        controle("statut", LISTE, invite=True),
        controle("oui", COCHE, r("☐")),
    )
    + p(
        r("Le "),
        '<w:bookmarkStart w:id="0" w:name="jour"/>',
        r("…"),
        '<w:bookmarkEnd w:id="0"/>',
        r(" à Bourg"),
    )
    + p(
        controle("lie", "<w:text/>", r("a"), plus=liaison("/d/n")),
        controle("", "<w:text/>", r("a"), plus=liaison("/d/n")),
    )
    + p(controle("titre", "<w:text/>", r("a"), plus=liaison_titre())),
    magasin="<d><n>a</n><autre>b</autre></d>",
    titre="a",
    entete=p(r("Établissement : ")),
)
SAISIES = (
    saisie("libelle:Adresse", "1, rue Haute\nBP 3"),
    saisie("libelle:Ville", "Bourg"),
    saisie("libelle:Sigle", "LT"),
    saisie("libelle:N° FINESS", "010001436"),
    saisie("tableau:1!B2", Decimal("84.5")),
    saisie("libelle:Nom", "Les Tilleuls"),
    saisie("controle:comm", "ligne 1\nligne 2 & fin"),
    saisie("libelle:Pied", "oui"),
    saisie("controle:date", datetime.date(2026, 3, 1)),
    saisie("controle:statut", "pub"),
    saisie("controle:oui", True),
    saisie("signet:jour", datetime.date(2026, 12, 31)),
    saisie("controle:lie", "neuf"),
    saisie("controle:titre", "Contrat"),
    saisie("libelle:Établissement", "EHPAD"),
)


def document():
    rempli = remplir(preparer(GABARIT), SAISIES)
    assert not rempli.refus
    return rempli.octets


def modifier(octets, partie, avant, apres):
    """Le même document dont une partie est retouchée à la main."""
    source, tampon = zipfile.ZipFile(io.BytesIO(octets)), io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as cible:
        for info in source.infolist():
            contenu = source.read(info)
            if info.filename == partie:
                retouche = re.sub(avant, apres, contenu.decode(), count=1)
                assert retouche.encode() != contenu
                contenu = retouche.encode()
            cible.writestr(info.filename, contenu)
    return tampon.getvalue()


def test_un_document_bien_rempli_est_conforme():
    assert certifier(GABARIT, document(), SAISIES) == []


def test_un_gabarit_non_rempli_est_conforme_a_lui_meme():
    assert certifier(GABARIT, GABARIT, []) == []


CORPS = "word/document.xml"
_FIN_DE_CASE = "</w:t></w:r></w:p></w:tc><w:tc><w:tcPr></w:tcPr>"


@pytest.mark.parametrize(
    ("partie", "avant", "apres"),
    [
        (CORPS, "signalétique", "signaletique"),
        (CORPS, "1, rue Haute", "1, rue Basse"),
        (CORPS, "Ville : ", "Ville :  ! "),
        (CORPS, "84,50", "85,50"),
        (CORPS, " places", " lits"),
        (CORPS, "Les Tilleuls", "Les Tilleul"),
        (CORPS, "ligne 2", "ligne 3"),
        (CORPS, r'fullDate="2026-03-01', 'fullDate="2026-03-02'),
        (CORPS, "Établissement public</w:t>", "Privé</w:t>"),
        (CORPS, r'w14:checked w14:val="1"', 'w14:checked w14:val="0"'),
        (CORPS, "☒", "☐"),
        (CORPS, "31 décembre", "30 décembre"),
        (CORPS, ">LT<", ">XX<"),
        (CORPS, "<w:b/>", "<w:i/>"),
        (CORPS, 'w:w="11906"', 'w:w="11907"'),
        (CORPS, r'<w:bookmarkEnd w:id="0"/>', ""),
        (CORPS, rf"(Réservé à l’autorité{_FIN_DE_CASE})<w:p></w:p>", rf"\1{p(r('vu'))}"),
        (CORPS, r"<w:tag w:val=\"comm\"/>", '<w:tag w:val="comm"/><w:lock w:val="sdtLocked"/>'),
        ("word/header1.xml", "EHPAD", "IME"),
        ("word/settings.xml", 'w:enforcement="1"', 'w:enforcement="0"'),
        ("word/styles.xml", "808080", "000000"),
        ("customXml/item1.xml", ">b<", ">c<"),
        ("customXml/item1.xml", ">neuf<", ">vieux<"),
        ("docProps/core.xml", ">Contrat<", ">Avenant<"),
    ],
)
def test_tout_autre_changement_se_voit(partie, avant, apres):
    assert certifier(GABARIT, modifier(document(), partie, avant, apres), SAISIES) != []


@pytest.mark.parametrize("saisie_", SAISIES, ids=lambda s: str(s.case))
def test_une_case_remplie_sans_etre_prevue_se_voit(saisie_):
    assert certifier(GABARIT, document(), [s for s in SAISIES if s is not saisie_]) != []


@pytest.mark.parametrize("saisie_", SAISIES, ids=lambda s: str(s.case))
def test_une_case_prevue_et_laissee_vide_se_voit(saisie_):
    octets = remplir(preparer(GABARIT), [s for s in SAISIES if s is not saisie_]).octets
    assert certifier(GABARIT, octets, SAISIES) != []


def test_une_case_prevue_qui_n_existe_pas_se_voit():
    assert certifier(GABARIT, document(), [*SAISIES, saisie("controle:absent", "x")]) != []


def test_une_partie_perdue_ou_ajoutee_se_voit():
    octets = document()
    source = zipfile.ZipFile(io.BytesIO(octets))
    for perdue, ajoutee in (("customXml/itemProps1.xml", None), (None, "word/vbaProject.bin")):
        tampon = io.BytesIO()
        with zipfile.ZipFile(tampon, "w") as cible:
            for info in source.infolist():
                if info.filename != perdue:
                    cible.writestr(info.filename, source.read(info))
            if ajoutee:
                cible.writestr(ajoutee, b"x")
        assert certifier(GABARIT, tampon.getvalue(), SAISIES) != []


# Documents balisés

BALISE = docx(
    p(r("Entre l’ARS et {{ gestionnaire.raison_sociale }},"))
    + p(r("{%p if contrat.avenant %}"))
    + p(r("Avenant"))
    + p(r("{%p endif %}"))
    + p(r("il est convenu ce qui suit.")),
    entete=p(r("CPOM")),
)


def rendu(corps, entete="CPOM"):
    return docx(corps, entete=p(r(entete)))


def test_document_balise_conforme():
    bon = rendu(p(r("Entre l’ARS et l’association,")) + p(r("il est convenu ce qui suit.")))
    assert certifier_balises(BALISE, bon) == []


def test_ce_qu_une_balise_de_ligne_ou_de_paragraphe_remplace_n_est_pas_attendu():
    gabarit = docx(
        tableau(
            ["Répéter {%tr for e in etablissements %}", "ici"],
            ["{{ e.nom }}", "lits"],
            ["{%tr endfor %}", "fin"],
        )
        + p(r("note {%p if N %}"))
        + p(r("{%p endif %}"))
        + p(r("Suite"))
    )
    assert certifier_balises(gabarit, docx(tableau(["A", "lits"]) + p(r("Suite")))) == []
    assert certifier_balises(gabarit, docx(tableau(["A", "lits"]))) != []


@pytest.mark.parametrize(
    "mauvais",
    [
        rendu(p(r("Entre l’ARS et l’association,")) + p(r("il est convenu."))),
        rendu(p(r("il est convenu ce qui suit.")) + p(r("Entre l’ARS et l’association,"))),
        rendu(p(r("Entre l’ARS et l’association,")) + p(r("il est convenu ce qui suit.")), entete="Contrat"),
    ],
)
def test_document_balise_dont_le_texte_du_gabarit_a_change(mauvais):
    assert certifier_balises(BALISE, mauvais) != []


TEXTES = (
    "libelle:Adresse",
    "libelle:Ville",
    "libelle:Sigle",
    "libelle:N° FINESS",
    "tableau:1!B2",
    "libelle:Nom",
    "controle:comm",
    "libelle:Pied",
    "signet:jour",
    "controle:lie",
    "controle:titre",
    "controle:date",
    "libelle:Établissement",
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(max_size=20) | st.text(" .…_:\n\té<&\u00a0", max_size=20), min_size=13, max_size=13))
def test_aucune_fausse_alerte_quels_que_soient_les_textes(valeurs):
    saisies = [saisie(case, valeur) for case, valeur in zip(TEXTES, valeurs, strict=True)]
    rempli = remplir(preparer(GABARIT), saisies)
    assert {refus.code for refus in rempli.refus} <= {"RW-06"}
    assert certifier(GABARIT, rempli.octets, rempli.ecrites) == []
