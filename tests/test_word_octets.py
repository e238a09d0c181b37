"""Récrire une partie dans ses octets : encodages, préfixes, blancs ; documents démesurés en temps borné."""

import io
import re
import time
import zipfile

import pytest
from fabrique_word import controle, docx, liaison, p, r, saisie, tableau
from formulaire_word import VALEURS, formulaire, saisie_pour
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from cpomdocs.certificat.word import certifier
from cpomdocs.erreurs import ErreurFichier
from cpomdocs.remplissage.word import preparer, remplir
from cpomdocs.remplissage.word.places import places
from cpomdocs.remplissage.word.recriture.decoupe import Decoupe

SAISIES = [saisie_pour(case, valeur) for case, (valeur, _) in VALEURS.items()]


def refaire(octets, transformer):
    """Le document dont la partie principale est transformée."""
    tampon = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(octets)) as source, zipfile.ZipFile(tampon, "w") as cible:
        for info in source.infolist():
            contenu = source.read(info)
            if info.filename == "word/document.xml":
                contenu = transformer(contenu.decode())
            cible.writestr(info, contenu)
    return tampon.getvalue()


def autre_prefixe(xml):
    return (
        re.sub(r"(</?)w:", r"\1autre:", xml)
        .replace(" w:", " autre:")
        .replace("xmlns:w=", "xmlns:autre=")
        .encode()
    )


def aere(xml):
    """Des blancs, un commentaire et une instruction entre les paragraphes."""
    return xml.replace("</w:p><w:p>", "</w:p>\r\n  <!-- > " + "é --><?pi x?>\n<w:p >").encode()


@pytest.mark.parametrize(
    "transformer",
    [
        lambda xml: xml.replace("UTF-8", "UTF-16").encode("utf-16"),
        lambda xml: xml.replace("UTF-8", "ISO-8859-1").encode("iso-8859-1", "xmlcharrefreplace"),
        lambda xml: b"\xef\xbb\xbf" + xml.encode(),
        autre_prefixe,
        aere,
    ],
    ids=["utf-16", "latin-1", "marque", "préfixe", "aéré"],
)
def test_le_document_se_remplit_pareil_quelle_que_soit_son_ecriture(transformer):
    gabarit = refaire(formulaire(), transformer)
    prepare = preparer(gabarit)
    rempli = remplir(prepare, SAISIES)
    assert [(str(x.saisie.case), x.message) for x in rempli.refus] == []
    assert certifier(gabarit, rempli.octets, SAISIES) == []
    assert remplir(prepare, []).octets == gabarit


@settings(max_examples=100)
@given(st.recursive(
    st.sampled_from(["", "a>b", "<!-- </w:p> > -->", "<?x </a>?>", "<v a='/>'/>", "é€😀"]),
    lambda dedans: st.lists(dedans, max_size=4).map(lambda m: f"<e b=\"x>'/>\" >{''.join(m)}</e >"),
    max_leaves=20,
))  # fmt: skip
def test_chaque_element_a_ses_bornes(contenu):
    octets = f"<?xml version='1.0'?><!-- a --><r>{contenu.replace('a>b', 'a&gt;b')}</r>\n<!-- b -->".encode()
    decoupe = Decoupe(octets)
    for rang, element in enumerate(etree.fromstring(octets).iter()):
        if isinstance(element.tag, str):
            seul = etree.fromstring(decoupe.source[slice(*decoupe.bornes(rang))])
            element.tail = None
            assert etree.tostring(seul, method="c14n") == etree.tostring(element, method="c14n")


OUVERT = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> FORMTEXT </w:instrText></w:r>'
N = 2_000
DEMESURES = {
    "contrôles": "".join(p(controle("c", "<w:text/>", invite=True)) for _ in range(N)),
    "champs ouverts": p(OUVERT * N),
    "paragraphes ouverts": p(OUVERT) * N,
    "signets ouverts": "".join(f'<w:bookmarkStart w:id="{i}" w:name="s{i}"/>' for i in range(N)),
    "passages": p(*[r("…")] * N),
    "cellules": tableau(*[["a :", "", ""]] * (N // 3)),
    "carrés": p(r("☐ x " * N)),
    "libellés": p(r("Ville : … " * N)),
    "deux-points": p(r("a : " * N)),
    "pointillés": p(r("Lieu : " + ". " * N + "x")),
    "barres": p(r("Lieu : " + "./" * N + "x")),
    "crochets": p(r("Lieu : " + "[" * N)),
    "liés": "".join(p(controle(f"c{i}", "<w:text/>", plus=liaison("/f[1]/a[1]"))) for i in range(N // 4)),
}


@pytest.mark.parametrize("quoi", DEMESURES)
def test_un_document_demesure_se_traite_en_temps_borne(quoi):
    gabarit = docx(p(r("Nom : ………")) + DEMESURES[quoi], magasin="<f><a/></f>")
    prevue = saisie("libelle:Nom", "x")
    debut = time.process_time()
    prepare = preparer(gabarit)
    rempli = remplir(prepare, [prevue])
    assert not rempli.refus
    assert certifier(gabarit, rempli.octets, [prevue]) == []
    try:
        places(prepare)
    except ErreurFichier as refus:
        assert "5000" in refus.message
    assert time.process_time() - debut < 5


def test_trop_d_imbrications_sont_refusees():
    with pytest.raises(ErreurFichier):
        preparer(docx("<w:sdt><w:sdtContent>" * 2_000 + "</w:sdtContent></w:sdt>" * 2_000))
