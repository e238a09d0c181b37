"""Tout texte, dans toute balise : un document bien formé qui le montre, ou un message ; images."""

import io
import struct
import zipfile
import zlib

import docx as python_docx
import pytest
from docx.shared import Mm
from fabrique_word import docx, p, r, tableau
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from cpomdocs.atelier.images import lire_image
from cpomdocs.certificat.word import certifier_balises
from cpomdocs.erreurs import ErreurFormulaire
from cpomdocs.modeles.chemins import Contexte
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.remplissage.balises import lectures_du_document, preparer, remplir
from cpomdocs.remplissage.balises.objets.riche import decouper

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DIFFICILES = st.text(max_size=40) | st.text(
    "{}%#_<>&'\"\\\n\t\r x7*~\u202e\u0627\x01\x0b\ufffe😀", max_size=40
)
ENDROITS = {
    "texte": p(r("[{{ gestionnaire.raison_sociale }}]")),
    "passage": p(r("[{{r gestionnaire.raison_sociale }}]")),
    "paragraphe": p(r("{{p gestionnaire.raison_sociale }}")),
    "cellule": tableau(["{{ gestionnaire.raison_sociale }}"]),
    "attribut": p(r("x"), proprietes='<w:pStyle w:val="{{ gestionnaire.raison_sociale }}"/>'),
    "condition": p(r("{% if gestionnaire.raison_sociale == 'x' %}a{% else %}b{% endif %}")),
    "majuscules": p(r("{{ gestionnaire.raison_sociale|upper }}")),
    "réunis": p(r("{{ gestionnaire.raison_sociale ~ ' ' ~ gestionnaire.raison_sociale }}")),
    "riche": p(r("[{{ gestionnaire.raison_sociale|riche }}]")),
    "riche en paragraphes": p(r("{{p gestionnaire.raison_sociale|riche(gras=true) }}")),
    "couleur": tableau(["{% cellbg gestionnaire.raison_sociale %}x"]),
    "image": p(r("{{ gestionnaire.raison_sociale|image(20) }}")),
}


def contexte(texte, **plus):
    return Contexte(Dossier.model_validate({"gestionnaire": {"raison_sociale": texte} | plus}))


def montre(texte):
    """Ce que Word peut montrer de ce texte : lignes et tabulations gardées, signes de commande ôtés."""
    uni = texte.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n")
    return "".join(
        c
        for c in uni
        if (c >= " " or c in "\n\t") and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff"
    )


@pytest.mark.parametrize("endroit", list(ENDROITS))
@settings(max_examples=40, deadline=None)
@given(DIFFICILES)
def test_tout_texte_donne_un_document_bien_forme_ou_un_message(endroit, texte):
    gabarit = docx(ENDROITS[endroit] + p(r("fin")), entete=p(r("{{ gestionnaire.raison_sociale }}")))
    try:
        rendu = remplir(preparer(gabarit), contexte(texte))
    except ErreurFormulaire as refus:
        assert endroit == "couleur", refus.message
        return
    archive = zipfile.ZipFile(io.BytesIO(rendu))
    for nom in ("word/document.xml", "word/header1.xml"):
        etree.fromstring(archive.read(nom))
    lus = "\n".join(x.text for x in python_docx.Document(io.BytesIO(rendu)).element.body.iter(f"{W}p"))
    if endroit in ("texte", "passage", "paragraphe", "cellule"):
        assert montre(texte) in lus


def test_un_texte_de_cent_mille_signes():
    texte = "Une phrase assez longue & <vraie>.\n" * 3_000
    rendu = remplir(preparer(docx(p(r("{{ gestionnaire.raison_sociale }}")))), contexte(texte))
    assert python_docx.Document(io.BytesIO(rendu)).paragraphs[0].text == texte


# Le texte enrichi


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("simple", [("simple", "")]),
        ("un **mot** gras", [("un ", ""), ("mot", "**"), (" gras", "")]),
        ("*a* __b__ ~~c~~", [("a", "*"), (" ", ""), ("b", "__"), (" ", ""), ("c", "~~")]),
        ("**gras *et italique* gras**", [("gras ", "**"), ("et italique", "***"), (" gras", "**")]),
        ("2 * 3 = 6", [("2 * 3 = 6", "")]),
        ("un **oublié", [("un **oublié", "")]),
        (r"\*pas d’italique\*", [("*pas d’italique*", "")]),
        ("", []),
    ],
)
def test_les_marques_d_un_texte_enrichi(texte, attendu):
    assert [(m, "".join(sorted(marques))) for m, marques in decouper(texte)] == attendu


@settings(deadline=None)
@given(st.text("*_~\\ab\n", max_size=30))
def test_un_texte_enrichi_ne_perd_que_ses_marques(texte):
    assert "".join(m for m, _ in decouper(texte)).replace("*", "").replace("_", "").replace("~", "").replace(
        "\\", ""
    ) == texte.replace("*", "").replace("_", "").replace("~", "").replace("\\", "")


def test_un_texte_enrichi_garde_le_format_de_sa_balise():
    corps = p(r("[{{ gestionnaire.raison_sociale|riche }}]", '<w:sz w:val="30"/>'))
    rendu = remplir(preparer(docx(corps)), contexte("a **b** c"))
    passages = [x for x in python_docx.Document(io.BytesIO(rendu)).paragraphs[0].runs if x.text]
    assert [(x.text, x.bold, x.font.size.pt) for x in passages] == [
        ("[", None, 15.0),
        ("a ", None, 15.0),
        ("b", True, 15.0),
        (" c", None, 15.0),
        ("]", None, 15.0),
    ]


def test_un_texte_enrichi_en_paragraphes():
    corps = p(r("{{p gestionnaire.raison_sociale|riche }}"), proprietes='<w:jc w:val="both"/>')
    rendu = python_docx.Document(io.BytesIO(remplir(preparer(docx(corps)), contexte("un\n**deux**"))))
    assert [(x.text, str(x.alignment)) for x in rendu.paragraphs] == [
        ("un", "JUSTIFY (3)"),
        ("deux", "JUSTIFY (3)"),
    ]


# Les images


def png(largeur, hauteur):
    def bloc(nom, contenu):
        return struct.pack(">I", len(contenu)) + nom + contenu + struct.pack(">I", zlib.crc32(nom + contenu))

    lignes = zlib.compress((b"\0" + b"\x20\x60\xa0" * largeur) * hauteur)
    entete = struct.pack(">IIBBBBB", largeur, hauteur, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + bloc(b"IHDR", entete) + bloc(b"IDAT", lignes) + bloc(b"IEND", b"")


def test_une_image_du_dossier_est_posee_a_sa_largeur_dans_le_corps_et_dans_l_en_tete():
    balise = "{{ gestionnaire.logo_fichier|image(40) }}"
    gabarit = docx(p(r(balise)) + p(r(balise)), entete=p(r(balise)))
    prepare, image = preparer(gabarit), lire_image(png(200, 100), "logo.png")
    donnees = contexte("x", logo_fichier="logo.png")
    assert lectures_du_document(prepare, donnees).images == ["logo.png"]
    rendu = remplir(prepare, donnees, {"logo.png": image})
    document = python_docx.Document(io.BytesIO(rendu))
    assert [(x.width, x.height) for x in document.inline_shapes] == [(Mm(40), Mm(20))] * 2
    for porteur in (document, document.sections[0].header):
        lien = next(porteur._element.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}blip"))
        attribut = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"
        assert porteur.part.related_parts[lien.get(attribut)].blob == image.octets
    identites = [x._inline.docPr.id for x in document.inline_shapes]
    assert len(set(identites)) == 2
    assert certifier_balises(gabarit, rendu) == []


def test_sans_image_le_texte_reste_et_une_taille_absurde_est_refusee():
    gabarit = preparer(docx(p(r("a{{ gestionnaire.logo_fichier|image(40) }}b"))))
    vide = python_docx.Document(io.BytesIO(remplir(gabarit, contexte("x"))))
    assert vide.paragraphs[0].text == "ab"
    demesuree = preparer(docx(p(r("{{ gestionnaire.logo_fichier|image(0) }}"))))
    with pytest.raises(ErreurFormulaire, match="taille d’une image"):
        remplir(demesuree, contexte("x", logo_fichier="logo.png"))
