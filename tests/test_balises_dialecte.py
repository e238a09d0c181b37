"""Le dialecte des balises est celui de docxtpl : même texte visible, même structure, données au hasard."""

import io
import re
import zipfile
from functools import cache
from pathlib import Path

import docx as python_docx
import pytest
from docxtpl import DocxTemplate, RichText
from fabrique_word import cellule, docx, p, r, tableau
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment

from cpomdocs.erreurs import ErreurFormulaire
from cpomdocs.modeles.chemins import Contexte
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.remplissage.balises import preparer, remplir

FOYER = Path(__file__).parents[2] / "shared" / "reels" / "word" / "Foyer-template.docx"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TEXTES = st.text("aé <&>'’\"{}%", max_size=12)
LISTES = st.lists(
    st.tuples(st.text("abc", min_size=1, max_size=4), st.text("xyz &<\n", max_size=8), st.booleans()),
    max_size=4,
)


def donnees(nom, oui, lignes):
    """Les mêmes données pour docxtpl (des dictionnaires) et pour nous (un dossier)."""
    etablissements = [
        {"code": f"E{rang}{code}", "nom": libelle, "pui": pui}
        for rang, (code, libelle, pui) in enumerate(lignes)
    ]
    gestionnaire = {"raison_sociale": nom, "siege_autorise": oui, "sigle": "F2DBDB"}
    dossier = Dossier.model_validate({"gestionnaire": gestionnaire, "etablissements": etablissements})
    return {"gestionnaire": gestionnaire, "etablissements": etablissements}, Contexte(dossier)


def rendre_docxtpl(gabarit, noms):
    modele, tampon = DocxTemplate(io.BytesIO(gabarit)), io.BytesIO()
    modele.render(noms, Environment(autoescape=True))
    modele.save(tampon)
    return tampon.getvalue()


def cadre(tc):
    """Ce que règlent les balises d’une cellule, et son texte."""
    proprietes = tc.find(f"{W}tcPr")
    reglages = {} if proprietes is None else {e.tag.removeprefix(W): e for e in proprietes}
    largeur, fond, fusion = (reglages.get(nom) for nom in ("gridSpan", "shd", "vMerge"))
    return (
        "".join(t.text or "" for t in tc.iter(f"{W}t")),
        "1" if largeur is None else largeur.get(f"{W}val"),
        None if fond is None else fond.get(f"{W}fill"),
        None if fusion is None else fusion.get(f"{W}val"),
    )


def structure(octets):
    """Paragraphes, lignes, cellules et colonnes du corps, dans l’ordre, avec leur texte et leurs réglages."""
    lus = []
    for e in python_docx.Document(io.BytesIO(octets)).element.body.iter():
        nom = str(e.tag).removeprefix(W)
        if nom == "p":
            lus.append((nom, e.text))
        elif nom in ("tr", "gridCol", "jc"):
            lus.append((nom, ""))
        elif nom == "tc":
            lus.append((nom, cadre(e)))
    return lus


def grille(*lignes):
    """Un tableau tel que Word l’écrit : une colonne par cellule, des propriétés dans chaque cellule."""
    largeur = '<w:tcW w:w="2000" w:type="dxa"/>'
    xml = tableau(*([cellule(contenu, largeur) for contenu in ligne] for ligne in lignes))
    colonnes = '<w:gridCol w:w="2000"/>' * max(map(len, lignes))
    return xml.replace("<w:tblGrid/>", f"<w:tblGrid>{colonnes}</w:tblGrid>")


GABARITS = {
    "lignes": grille(
        ["Code", "Pharmacie", "Nom"],
        ["{%tr for e in etablissements %}", "", ""],
        ["{{ e.code }}", "{% if e.pui %}oui{% else %}non{% endif %}", "{{ e.nom }}"],
        ["{%tr if e.pui %}", "", ""],
        ["{% if loop.last %}dernier{% endif %}", "", "–"],
        ["{%tr endif %}", "", ""],
        ["{%tr endfor %}", "", ""],
    ),
    "colonnes": grille(
        ["titre", "{%tc for e in etablissements %}", "{{ e.code }}", "{%tc endfor %}"],
        ["total", "{%tc for e in etablissements %}", "{{ loop.index }}", "{%tc endfor %}"],
    ),
    "largeur et fond": grille(
        ["{% colspan etablissements|length + 1 %}{{ gestionnaire.raison_sociale }}"],
        ["{% cellbg gestionnaire.sigle %}fond", "{%tc for e in etablissements %}", "x", "{%tc endfor %}"],
    ),
    "fusion verticale": grille(
        ["{%tr for e in etablissements %}", ""],
        ["{% vm %}{{ gestionnaire.raison_sociale }}", "{{ e.nom }}"],
        ["{%tr endfor %}", ""],
        ["a", "b"],
    ),
    "fusion horizontale": grille(
        ["{%tc for e in etablissements %}", "{% hm %}titre {{ loop.length }}", "{%tc endfor %}"],
        ["{%tc for e in etablissements %}", "{{ e.code }}", "{%tc endfor %}"],
    ),
    "paragraphes": p(r("{%p for e in etablissements %}"))
    + p(r("– {{ e.nom }}"), proprietes='<w:jc w:val="both"/>')
    + p(r("{%p if e.pui %}"))
    + p(r("avec pharmacie"))
    + p(r("{%p else %}"))
    + p(r("sans"))
    + p(r("{%p endif %}"))
    + p(r("{%p endfor %}"))
    + p(r("{#p rien de ceci #}"))
    + p(r("fin")),
    "passages": p(
        r("avant {%r if gestionnaire.siege_autorise %}"), r("milieu", "<w:b/>"), r("{%r endif %} après")
    ),
    "joints": p(r("début"))
    + p(r("{%- if gestionnaire.siege_autorise %} vrai"))
    + p(r("{%- else %} faux"))
    + p(r("{%- endif %}"))
    + p(r("liste :{% for e in etablissements -%}"))
    + p(r(" {{ e.code }}{% endfor %}"))
    + p(r("suite")),
    "à cheval": p(r("a {% if gestionnaire.siege_autorise %}b")) + p(r("c{% endif %} d")),
    "attributs": p(
        r("fond"),
        proprietes='<w:shd w:val="clear" w:fill="{{ gestionnaire.sigle }}"/>',
    )
    + p(
        r("{{ gestionnaire.raison_sociale }}"),
        proprietes='<w:jc w:val="{% if gestionnaire.siege_autorise %}both{% else %}left{% endif %}"/>',
    ),
    "calculs": p(
        r("{{ etablissements|length }} {{ etablissements|map(attribute='code')|join(', ') }} ")
        + r("{{ (etablissements|first).code if etablissements else 'aucun' }} {{ 'a' ~ 'b' }} ")
        + r(
            "{% set n = etablissements|length %}"
            "{% if n &gt; 2 and not gestionnaire.siege_autorise %}n{% endif %}"
        )
    ),
}


@pytest.mark.parametrize("nom", list(GABARITS))
@settings(max_examples=15, deadline=None)
@given(raison=TEXTES, oui=st.booleans(), lignes=LISTES)
def test_meme_texte_et_meme_structure_que_docxtpl(nom, raison, oui, lignes):
    if nom in ("largeur et fond", "fusion horizontale") and not lignes:
        lignes = [("a", "b", True)]
    gabarit = docx(GABARITS[nom] + p(r("dernier")))
    noms, contexte = donnees(raison, oui, lignes)
    attendu = structure(rendre_docxtpl(gabarit, noms))
    assert structure(remplir(preparer(gabarit), contexte)) == attendu


@settings(max_examples=15, deadline=None)
@given(raison=st.text("aé ’", max_size=12), oui=st.booleans())
def test_meme_texte_dans_les_en_tetes_les_notes_et_les_proprietes(raison, oui):
    balise = "{{ gestionnaire.raison_sociale }}{% if gestionnaire.siege_autorise %} !{% endif %}"
    parties = {"entete": p(r(balise)), "pied": p(r(balise)), "notes": p(r(balise)), "titre": balise}
    gabarit = docx(p(r("corps")), **parties)
    noms, contexte = donnees(" ".join(raison.split()), oui, [])
    attendu, rendu = (
        zipfile.ZipFile(io.BytesIO(octets))
        for octets in (rendre_docxtpl(gabarit, noms), remplir(preparer(gabarit), contexte))
    )
    for nom in ("word/header1.xml", "word/footer1.xml", "word/footnotes.xml", "docProps/core.xml"):
        lus = [re.findall(r">([^<]+)<", zip_.read(nom).decode()) for zip_ in (attendu, rendu)]
        assert "".join(lus[1]).strip() == "".join(lus[0]).strip()


def test_un_texte_enrichi_a_les_passages_de_richtext():
    texte = RichText("A & ", bold=True, color="C00000", size=24)
    gabarit = docx(p(r("x {{r rt }} y")))
    attendu = rendre_docxtpl(gabarit, {"rt": texte})
    notre = docx(p(r("x {{r gestionnaire.raison_sociale|riche(gras=true, couleur='C00000', taille=12) }} y")))
    rendu = remplir(preparer(notre), donnees("A & ", True, [])[1])
    lus = [
        [
            (x.text, x.bold, x.font.size, x.font.color.rgb)
            for x in python_docx.Document(io.BytesIO(o)).paragraphs[0].runs
            if x.text
        ]
        for o in (attendu, rendu)
    ]
    assert lus[0] == lus[1]


def test_ce_que_docxtpl_perd_est_garde():
    """« A{%- if … » : docxtpl efface « A » avec la marque de paragraphe ; une fusion sans texte de même."""
    gabarit = docx(p(r("avant")) + p(r("A {%- if gestionnaire.siege_autorise %} B{% endif -%} C")))
    rendu = remplir(preparer(gabarit), donnees("x", True, [])[1])
    assert [x.text for x in python_docx.Document(io.BytesIO(rendu)).paragraphs] == ["avant", "A BC"]


def test_une_cellule_garde_toujours_un_paragraphe():
    contenu = p(r("{%p if gestionnaire.siege_autorise %}")) + p(r("vu")) + p(r("{%p endif %}"))
    gabarit = docx(tableau(["a", cellule(contenu).replace("<w:tcPr></w:tcPr>", "<w:tcPr/>")]))
    for oui, attendu in ((True, ["vu"]), (False, [""])):
        rendu = python_docx.Document(io.BytesIO(remplir(preparer(gabarit), donnees("x", oui, [])[1])))
        assert [x.text for x in rendu.tables[0].rows[0].cells[1].paragraphs] == attendu


def test_ce_qu_une_boucle_repete_reste_unique():
    signet = '<w:bookmarkStart w:id="7" w:name="ici"/>'
    corps = p(r("{%p for e in etablissements %}")) + p(
        signet + r("{{ e.code }}") + '<w:bookmarkEnd w:id="7"/>'
    )
    rendu = remplir(
        preparer(docx(corps + p(r("{%p endfor %}")))), donnees("x", True, [("a", "", True)] * 3)[1]
    )
    texte = zipfile.ZipFile(io.BytesIO(rendu)).read("word/document.xml").decode()
    assert texte.count("bookmarkStart") == texte.count("bookmarkEnd") == 1
    assert texte.count("<w:t xml:space") >= 3


@pytest.mark.parametrize(
    ("corps", "dit"),
    [
        (p(r("{%tr for e in etablissements %}")), "n’est pas dans un tableau"),
        (p(r("{% colspan 2 %}")), "n’est pas dans un tableau"),
        (p("<w:r><w:instrText>{{ N }}</w:instrText></w:r>"), "n’est pas dans un texte"),
        (tableau(["{% cellbg 'rouge' %}x"]), "n’est pas une couleur"),
        (tableau(["{% colspan gestionnaire.sigle %}x"]), "nombre de colonnes"),
        (p(r("{% if gestionnaire.sigle %}a")) + tableau(["b{% endif %}"]), "se croisent"),
    ],
)
def test_une_balise_mal_placee_est_refusee_avec_son_lieu(corps, dit):
    with pytest.raises(ErreurFormulaire, match="dans le corps") as refus:
        remplir(preparer(docx(corps)), donnees("x", True, [])[1])
    assert dit in refus.value.message


# La convention réelle, où des champs remplacent les appels


CHAMPS = ("raison_sociale", "sigle", "adresse", "commune", "president", "site", "telephone", "federation")


def en_champs(source):
    """La partie où chaque balise, ses textes recollés, nomme des champs du dossier à la place des siens."""
    cibles = {}

    def champ(expression):
        return cibles.setdefault(expression, f"gestionnaire.{CHAMPS[len(cibles) % len(CHAMPS)]}")

    def reecrire(balise):
        contenu = re.sub(r"<[^>]*>", "", balise[0])
        boucle = re.search(r" for \w+ in (.*?)\s*-?%}$", contenu)
        test = re.search(r"\bif (?:not )?(.*?)\s*-?%}$", contenu)
        valeur = re.fullmatch(r"\{\{(.*)}}", contenu)
        if boucle:
            return contenu.replace(boucle[1], "etablissements")
        if test and test[1] != "loop.last":
            return contenu.replace(test[1], champ(test[1]))
        return f"{{{{ {champ(valeur[1])} }}}}" if valeur else contenu

    return re.sub(r"\{(?:<[^>]*>)*\{.*?\}(?:<[^>]*>)*\}|\{(?:<[^>]*>)*%.*?%(?:<[^>]*>)*\}", reecrire, source)


@cache
def convention():
    """Une copie de la convention réelle dont les appels et les filtres sont devenus des champs."""
    source, tampon = zipfile.ZipFile(FOYER), io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as cible:
        for nom in source.namelist():
            octets = source.read(nom)
            tagguee = nom.startswith("word/") and nom.endswith(".xml") and b"{" in octets
            cible.writestr(nom, en_champs(octets.decode()) if tagguee else octets)
    return tampon.getvalue()


@pytest.mark.skipif(not FOYER.is_file(), reason="fichiers réels absents")
@settings(max_examples=6, deadline=None)
@given(
    textes=st.lists(st.text("aé <&>'’", max_size=12), min_size=len(CHAMPS), max_size=len(CHAMPS)),
    codes=st.lists(st.text("abc", min_size=1, max_size=4), max_size=3),
)
def test_la_convention_reelle_se_rend_comme_par_docxtpl(textes, codes):
    gestionnaire = dict(zip(CHAMPS, textes, strict=True))
    etablissements = [{"code": f"{rang}{code}"} for rang, code in enumerate(codes)]
    attendu = rendre_docxtpl(convention(), {"gestionnaire": gestionnaire, "etablissements": etablissements})
    dossier = Dossier.model_validate({"gestionnaire": gestionnaire, "etablissements": etablissements})
    rendu = remplir(preparer(convention()), Contexte(dossier))
    assert structure(rendu) == structure(attendu)


@pytest.mark.skipif(not FOYER.is_file(), reason="fichiers réels absents")
def test_les_appels_de_la_convention_reelle_sont_nommes_avec_leur_lieu():
    with pytest.raises(ErreurFormulaire) as refus:
        preparer(FOYER.read_bytes())
    assert (
        "l’appel d’une fonction (« programme.edd_volumetrique_text() »), dans le corps, "
        in refus.value.message
    )
    assert "le filtre « " in refus.value.message
