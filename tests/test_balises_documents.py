"""`{{p champ|document }}` : un document du dossier inséré entier, ou une phrase qui dit pourquoi non."""

import io
import zipfile
from pathlib import Path

import docx as python_docx
import pytest
from docx.shared import Mm
from fabrique_word import docx, p, r, tableau
from test_balises_textes import W, contexte, png
from test_balises_verification import dossier, poser_balises, statut  # noqa: F401

from cpomdocs import generer
from cpomdocs.atelier.annexes import CORPS, lire_annexe
from cpomdocs.certificat.word import certifier_balises
from cpomdocs.erreurs import ErreurFichier, ErreurFormulaire
from cpomdocs.office.archive import lire_archive
from cpomdocs.remplissage.balises import lectures_du_document, preparer, remplir

PARTIE = "word/document.xml"
BALISE = "{{p gestionnaire.raison_sociale|document }}"
GABARIT = docx(p(r("Avant")) + p(r(BALISE)) + tableau([BALISE, "fixe"]) + p(r("Après")), entete=p(r(BALISE)))


def annexe(*, image: bool = True) -> bytes:
    """Un document que python-docx écrit : titre, gras, liste, tableau, image."""
    document = python_docx.Document()
    document.add_heading("Le projet & ses suites", 1)
    document.add_paragraph("Texte ").add_run("gras").bold = True
    document.add_paragraph("point", style="List Bullet")
    grille = document.add_table(2, 2, style="Table Grid")
    for rang, texte in enumerate(("a", "b", "c < d", "")):
        grille.cell(rang // 2, rang % 2).text = texte
    if image:
        document.add_picture(io.BytesIO(png(20, 10)), width=Mm(30))
    document.add_paragraph("{{ fin }}")
    tampon = io.BytesIO()
    document.save(tampon)
    return tampon.getvalue()


def ecrit(balise: str) -> bytes:
    """Un gabarit que python-docx écrit, avec ses styles."""
    modele, tampon = python_docx.Document(), io.BytesIO()
    for texte in ("Avant", balise, "Après"):
        modele.add_paragraph(texte)
    modele.save(tampon)
    return tampon.getvalue()


def rendre(octets: bytes, gabarit: bytes = GABARIT) -> bytes:
    """Le gabarit rendu avec ce document ; la vérification de conformité l’admet."""
    prepare, donnees = preparer(gabarit), contexte("suite.docx")
    assert lectures_du_document(prepare, donnees).images == ["suite.docx"]
    rendu = remplir(prepare, donnees, {"suite.docx": lire_annexe(octets, "suite.docx")})
    assert certifier_balises(gabarit, rendu, [octets]) == []
    return rendu


def blocs(octets: bytes) -> list:
    """Les textes du corps, dans l’ordre ; un tableau est la liste de ses lignes."""
    return [
        bloc.text if hasattr(bloc, "text") else [[c.text for c in ligne.cells] for ligne in bloc.rows]
        for bloc in python_docx.Document(io.BytesIO(octets)).iter_inner_content()
    ]


def test_le_corps_entre_a_la_place_du_paragraphe_de_la_cellule_et_de_l_en_tete():
    source = annexe()
    rendu = rendre(source)
    document = python_docx.Document(io.BytesIO(rendu))
    lus = blocs(rendu)
    assert lus[:-2] == ["Avant", *blocs(source)] and lus[-1] == "Après"
    cellule = document.tables[1].cell(0, 0)
    assert [x.text for x in cellule.paragraphs] == [x for x in blocs(source) if isinstance(x, str)]
    assert [x.text for x in document.sections[0].header.paragraphs] == [x.text for x in cellule.paragraphs]
    identites = [e.get("id") for e in document.element.iter() if str(e.tag).endswith("}docPr")]
    assert len(identites) == len(set(identites)) == 2
    for porteur in (document, document.sections[0].header):
        for pixels in porteur._element.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}blip"):
            (relation,) = pixels.attrib.values()
            assert porteur.part.related_parts[relation].blob == png(20, 10)


def test_meme_texte_et_meme_structure_que_docxtpl():
    pytest.importorskip(
        "docxcompose", reason="docxtpl n’insère un document qu’avec docxcompose, qui modifie python-docx"
    )
    from docxtpl import DocxTemplate

    modele, tampon = DocxTemplate(io.BytesIO(ecrit(BALISE.replace("|document", "")))), io.BytesIO()
    modele.init_docx()
    insere = modele.new_subdoc(io.BytesIO(annexe()))
    modele.render({"gestionnaire": {"raison_sociale": insere}})
    modele.save(tampon)
    assert blocs(rendre(annexe(), ecrit(BALISE))) == blocs(tampon.getvalue())


def test_un_style_inconnu_du_gabarit_s_efface_un_style_connu_reste():
    connus = python_docx.Document(io.BytesIO(rendre(annexe(), ecrit(BALISE))))
    assert [x.style.name for x in connus.paragraphs][1:4] == ["Heading 1", "Normal", "List Bullet"]
    assert connus.tables[0].style.name == "Table Grid"
    racine = python_docx.Document(io.BytesIO(rendre(annexe()))).element
    assert not [*racine.iter(f"{W}pStyle", f"{W}tblStyle")]


def test_liens_controles_revisions_et_champs_laissent_leur_texte():
    champ = "".join(
        f'<w:r><w:fldChar w:fldCharType="{genre}"/></w:r>{contenu}'
        for genre, contenu in (
            ("begin", "<w:r><w:instrText>PAGE</w:instrText></w:r>"),
            ("separate", r("12")),
            ("end", ""),
        )
    )
    corps = (
        f'<w:p w14:paraId="12345678"><w:bookmarkStart w:id="0" w:name="m"/><w:hyperlink r:id="rId9">'
        f'{r("lien")}</w:hyperlink><w:bookmarkEnd w:id="0"/><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
        f"<w:sdt><w:sdtPr><w:id w:val='7'/></w:sdtPr><w:sdtContent>{p(r('contrôle'))}</w:sdtContent></w:sdt>"
        f'<w:p><w:ins w:id="1" w:author="a">{r("ajouté")}</w:ins><w:del w:id="2" w:author="a"><w:r>'
        f"<w:delText>ôté</w:delText></w:r></w:del><w:commentRangeStart w:id='3'/></w:p><w:p>{champ}</w:p>"
        "<w:p><w:pPr><w:numPr><w:ilvl w:val='0'/><w:numId w:val='4'/></w:numPr><w:sectPr/></w:pPr></w:p>"
        + tableau(["ôtée"], ["fin"]).replace("<w:tr>", "<w:tr><w:trPr><w:del w:id='5'/></w:trPr>", 1)
    )
    rendu = rendre(docx(corps), docx(p(r("Avant")) + p(r(BALISE))))
    assert blocs(rendu) == ["Avant", "lien", "contrôle", "ajouté", "12", "", [["fin"]], ""]
    xml = zipfile.ZipFile(io.BytesIO(rendu)).read(PARTIE).decode()
    for absent in ("bookmark", "footnoteReference", "comment", "fldChar", "numPr", "w:ins", "paraId", "rId9"):
        assert absent not in xml
    assert xml.count("<w:sectPr") == 1


@pytest.mark.parametrize(
    ("corps", "motif"),
    [
        ("<w:p><w:r><w:object/></w:r></w:p>", "un objet incorporé"),
        ("<w:p><w:r><w:pict><v:shape/></w:pict></w:r></w:p>", "ancien Word"),
        ("<w:p><w:r><mc:AlternateContent/></w:r></w:p>", "une zone de texte"),
        ('<w:altChunk r:id="rId1"/>', "un autre fichier incorporé"),
        (
            "<w:p><w:r><w:drawing><a:graphicData "
            'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" uri="http://schemas.openxmlformats.org/drawingml/2006/chart"/></w:drawing></w:r></w:p>',
            "un graphique",
        ),
        ('<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>' + r("x") + "</w:p>", "imbriqués"),
        ("<w:p><w14:inconnu/></w:p>", "version récente"),
        (p(r("x" * CORPS)), "trop long"),
    ],
)
def test_ce_qui_vit_ailleurs_dans_le_fichier_est_nomme_et_refuse(corps, motif):
    with pytest.raises(ErreurFichier, match=motif):
        lire_annexe(docx(corps), "suite.docx")


def recompose(octets: bytes, avant: bytes, apres: bytes) -> bytes:
    """Le même document, ce XML remplacé dans son corps."""
    archive = lire_archive(octets)
    return archive.recomposer({PARTIE: archive.lire(PARTIE).replace(avant, apres)})


@pytest.mark.parametrize(
    ("octets", "motif"),
    [
        (b"", "est vide"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "."),
        (docx(p(r("a")))[:-40], "abîmé"),
        (docx("").replace(b"PK", b"QK", 1), "n’est pas un fichier Office"),
        (recompose(docx(p(r("a"))), b"<w:body>", b"<!DOCTYPE a><w:body>"), "DTD"),
        (recompose(docx(p(r("a"))), b"</w:body>", b""), "abîmée"),
        (recompose(docx(p(r("a"))), b"w:body>", b"w:corps>"), "n’a pas de corps"),
    ],
)
def test_un_fichier_qui_n_en_est_pas_un_est_refuse(octets, motif):
    with pytest.raises(ErreurFichier, match=motif):
        lire_annexe(octets, "suite.docx")


def test_hors_de_son_paragraphe_un_document_est_refuse_et_sa_repetition_est_bornee():
    donnees = contexte("suite")
    suite = {"suite.docx": lire_annexe(docx(p(r("x" * (CORPS - 2_000)))), "suite.docx")}
    with pytest.raises(ErreurFormulaire, match="à la place d’un paragraphe"):
        remplir(preparer(docx(p(r("a {{ gestionnaire.raison_sociale|document }}")))), donnees, suite)
    with pytest.raises(ErreurFormulaire, match="démesurés"):
        remplir(preparer(docx(p(r(BALISE)) * 20)), donnees, suite)
    image = preparer(docx(p(r("{{ (gestionnaire.raison_sociale ~ '.docx')|image }}"))))
    with pytest.raises(ErreurFormulaire, match="n’est pas une image"):
        remplir(image, donnees, suite)


def test_la_verification_refuse_un_document_insere_en_partie_ou_change():
    source = annexe()
    for faux in (annexe(image=False), docx(p(r("Avant")) + p(r("Après")), entete=p(r("x")))):
        rendu = remplir(preparer(GABARIT), contexte("suite"), {"suite.docx": lire_annexe(faux, "suite.docx")})
        assert [e.message for e in certifier_balises(GABARIT, rendu, [source])] == [
            "le document inséré n’y est pas tout entier"
        ]


# De bout en bout


def test_un_document_absent_se_dit_puis_s_insere_et_son_changement_refait_le_document(dossier: Path):  # noqa: F811
    poser_balises(dossier, p(r("{{p 'annexes/suite'|document }}")) + p(r("Fin")))
    rapport = generer(dossier)
    assert [a.code for a in rapport.anomalies if "annexes/suite.docx" in a.message] == ["DM-05"]
    (dossier / "annexes").mkdir()
    suite = dossier / "annexes" / "suite.docx"
    for source in (annexe(image=False), annexe()):
        suite.write_bytes(source)
        assert [statut(dossier), statut(dossier)] == ["remplace", "inchange"]
    (sortie,) = (dossier / "sorties").rglob("*_note.docx")
    assert blocs(sortie.read_bytes()) == [*blocs(annexe()), "Fin"]
    suite.write_bytes(docx("<w:p><w:r><w:object/></w:r></w:p>"))
    rapport = generer(dossier)
    assert any(a.code == "DM-05" and "un objet incorporé" in a.message for a in rapport.anomalies)


def test_un_document_hors_du_dossier_est_refuse(dossier: Path):  # noqa: F811
    poser_balises(dossier, p(r("{{p '../secret.docx'|document }}")))
    assert any("n’est pas un fichier du dossier" in a.message for a in generer(dossier).anomalies)
