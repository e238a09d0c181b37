"""Les signets qui couvrent plusieurs paragraphes entiers : un seul reste, les repères aussi."""

import io
import zipfile

import docx as python_docx
import pytest
from fabrique_word import docx, p, r, saisie
from hypothesis import given, settings
from hypothesis import strategies as st

from cpomdocs.certificat.word import certifier
from cpomdocs.remplissage.word import preparer, remplir

DEBUT, FIN = '<w:bookmarkStart w:id="1" w:name="texte"/>', '<w:bookmarkEnd w:id="1"/>'
AUTRE = '<w:bookmarkStart w:id="2" w:name="autre"/><w:bookmarkEnd w:id="2"/>'
AVANT, APRES = p(r("Présentation")), p(r("Suite : …………"))


def trois(debut=DEBUT, fin=FIN):
    juste = '<w:jc w:val="both"/>'
    return p(debut, r("un"), proprietes=juste) + p(AUTRE, r("deux")) + p(r("trois"), fin)


CORPS = {
    "dans les paragraphes": trois(),
    "autour des paragraphes": DEBUT + trois("", "") + FIN,
    "fini au début du suivant": trois(fin="") + p(FIN, r("Reste")),
}


def produire(corps, *saisies):
    gabarit = docx(AVANT + corps + APRES)
    rempli = remplir(preparer(gabarit), saisies)
    assert not rempli.refus, rempli.refus
    assert certifier(gabarit, rempli.octets, rempli.ecrites) == []
    assert certifier(gabarit, gabarit, rempli.ecrites) != []
    assert certifier(gabarit, rempli.octets, rempli.ecrites[1:]) != []
    return rempli.octets


@pytest.mark.parametrize("forme", CORPS)
def test_les_paragraphes_couverts_n_en_font_plus_qu_un(forme):
    octets = produire(CORPS[forme], saisie("signet:texte", "neuf\nlignes"), saisie("libelle:Suite", "fin"))
    textes = [x.text for x in python_docx.Document(io.BytesIO(octets)).paragraphs]
    reste = ["Reste"] if "suivant" in forme else []
    assert textes == ["Présentation", "neuf\nlignes", *reste, "Suite : fin"]
    corps = zipfile.ZipFile(io.BytesIO(octets)).read("word/document.xml").decode()
    assert corps.count("<w:bookmarkStart") == corps.count("<w:bookmarkEnd") == 2


@pytest.mark.parametrize(
    "corps",
    [
        p(r("avant "), DEBUT, r("un")) + p(r("deux"), FIN),
        p(DEBUT, r("un")) + p(r("deux"), FIN, r(" après")),
        p(DEBUT, r("un")) + p(r("deux"), FIN, proprietes="<w:sectPr/>"),
    ],
)
def test_un_signet_qui_prend_des_morceaux_est_refuse(corps):
    (refus,) = remplir(preparer(docx(corps)), [saisie("signet:texte", "x")]).refus
    assert refus.code == "RW-07"


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=30), st.text(" .…_:\n\té<&", max_size=10))
def test_aucune_fausse_alerte_quels_que_soient_les_textes(texte, suite):
    gabarit = docx(AVANT + trois() + APRES)
    saisies = [saisie("signet:texte", texte), saisie("libelle:Suite", suite)]
    rempli = remplir(preparer(gabarit), saisies)
    assert {refus.code for refus in rempli.refus} <= {"RW-06"}
    assert certifier(gabarit, rempli.octets, rempli.ecrites) == []
