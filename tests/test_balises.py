"""Les documents à balises : ce qu’ils écrivent, ce qu’ils refusent, ce qu’ils disent de leurs données."""

import datetime
import io
import time
import zipfile
from decimal import Decimal
from pathlib import Path

import docx as python_docx
import pytest
from docxtpl import DocxTemplate
from fabrique_word import docx, p, r, tableau
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment

from cpomdocs.certificat.word import certifier_balises
from cpomdocs.erreurs import ErreurCpomdocs, ErreurFormulaire
from cpomdocs.modeles.base import Source
from cpomdocs.modeles.chemins import Contexte
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.remplissage.balises import (
    champs_cites,
    lectures_du_document,
    preparer,
    remplir,
    verifier,
)

REELS = Path(__file__).parents[2] / "shared" / "reels" / "word"


def dossier(**plus):
    donnees = {
        "parametres": {"annee_n": 2026},
        "gestionnaire": {
            "raison_sociale": "Les Tilleuls",
            "siege_taux": Decimal("0.0345"),
            "siege_autorise": True,
        },
        "contrat": {"date_debut": datetime.date(2026, 1, 1), "dgc_montant": Decimal("4200000.5")},
        "etablissements": [
            {"code": "E1", "nom": "EHPAD du Parc", "places_habilitees": 12, "autorite_competente": "CD"},
            {"code": "E2", "nom": "IME des Prés"},
        ],
        "objectifs": [{"numero": "1", "pilote": "Ada"}, {"numero": "2", "pilote": "Bob"}],
        "actions": [
            {"objectif": "1", "numero": "1.1", "intitule": "Former", "moyens_cnr": Decimal("1000")},
            {"objectif": "1", "numero": "1.2", "intitule": "Recruter", "moyens_cnr": Decimal("250.5")},
            {"objectif": "2", "numero": "2.1", "intitule": "Bâtir"},
        ],
    }
    return Dossier.model_validate(donnees | plus)


def rendre(*corps, contexte=None, **parties):
    return remplir(preparer(docx("".join(corps), **parties)), contexte or Contexte(dossier()))


def textes(octets):
    return [x.text for x in python_docx.Document(io.BytesIO(octets)).paragraphs]


def ecrire(expression, contexte=None):
    return "\n".join(textes(rendre(p(r(expression)), contexte=contexte)))


@pytest.mark.parametrize(
    ("balise", "attendu"),
    [
        ("{{ gestionnaire.raison_sociale }}", "Les Tilleuls"),
        ("{{ contrat.dgc_montant }}", "4\u202f200\u202f000,50\u00a0€"),
        ("{{ gestionnaire.siege_taux }}", "3,45\u00a0%"),
        ("{{ gestionnaire.siege_autorise }}", "oui"),
        ("{{ contrat.date_debut }}", "1er janvier 2026"),
        ("{{ N }}, {{ N - 1 }}, {{ 4 + N }}, {{ N - N }}", "2026, 2025, 2030, 0"),
        ("{{ etablissements[0].autorite_competente|libelle }}", "Conseil départemental"),
        ("{{ etablissements|length }}", "2"),
        ("{{ etablissements[0].nom }}", "EHPAD du Parc"),
        ("{{ etablissements|map(attribute='nom')|join(', ') }}", "EHPAD du Parc, IME des Prés"),
        ("{{ etablissements|join(' ; ', attribute='code') }}", "E1 ; E2"),
        ("{{ actions|sum('moyens_cnr') }}", "1\u202f250,50\u00a0€"),
        ("{{ actions|selectattr('objectif', 'equalto', '2')|length }}", "1"),
        ("{{ (actions|rejectattr('moyens_cnr')|first).intitule }}", "Bâtir"),
        ("{{ (objectifs|sort(attribute='pilote', reverse=true)|first).pilote }}", "Bob"),
        ("{{ gestionnaire.raison_sociale|upper }}", "LES TILLEULS"),
        ("{{ contrat.dgc_montant|round(0) }}", "4\u202f200\u202f000,00\u00a0€"),
        ("{{ contrat.numero|default('à attribuer') }}", "à attribuer"),
        ("{{ contrat.numero|default('l’année d’après') }}", "l’année d’après"),
        ("{{ contrat.numero|default(“ l’année ”) }}", " l’année "),
        ("{{ 'A &amp; B' }}", "A & B"),
        ("{% if contrat.dgc_montant &gt; 1000 %}grand{% else %}petit{% endif %}", "grand"),
        ("{% if contrat.numero %}oui{% elif N == 2026 %}N{% endif %}", "N"),
        ("{% if contrat.numero is none and contrat.numero is not defined %}rien{% endif %}", "rien"),
        ("{{ 'a' if contrat.numero }}{{ 'b' if not contrat.numero else 'c' }}", "b"),
        (
            "{% for e in etablissements %}{{ loop.index }}/{{ loop.length }} {{ e.code }} {% endfor %}",
            "1/2 E1 2/2 E2 ",
        ),
        (
            "{% for o in objectifs %}{{ o.pilote }} : {{ o.actions|length }} ; {% endfor %}",
            "Ada : 2 ; Bob : 1 ; ",
        ),
        ("{% set e = etablissements|last %}{{ e.nom ~ ' (' ~ e.code ~ ')' }}", "IME des Prés (E2)"),
        ("[{{ contrat.numero }}]", "[]"),
        ("{_{ gestionnaire }_}", "{{ gestionnaire }}"),
    ],
)
def test_ce_qu_une_balise_ecrit(balise, attendu):
    assert ecrire(balise) == attendu


def test_une_balise_coupee_en_passages_garde_le_format_de_son_debut():
    octets = rendre(p(r("{", "<w:b/>"), r("{ gestionnaire."), r("raison_sociale }"), r("} !", "<w:i/>")))
    assert textes(octets) == ["Les Tilleuls !"]
    passages = python_docx.Document(io.BytesIO(octets)).paragraphs[0].runs
    assert [(x.text, x.bold, x.italic) for x in passages if x.text] == [
        ("Les Tilleuls", True, None),
        (" !", None, True),
    ]


def test_lignes_de_tableau_paragraphes_et_conditions():
    lignes = tableau(
        ["Code", "Nom"],
        ["{%tr for e in etablissements %}", ""],
        ["{{ e.code }}", "{{ e.nom }}"],
        ["{%tr endfor %}", ""],
    )
    octets = rendre(lignes, p(r("{%p if contrat.numero %}")), p(r("caché")), p(r("{%p endif %}")), p(r("vu")))
    lu = python_docx.Document(io.BytesIO(octets))
    assert [[c.text for c in ligne.cells] for ligne in lu.tables[0].rows] == [
        ["Code", "Nom"],
        ["E1", "EHPAD du Parc"],
        ["E2", "IME des Prés"],
    ]
    assert textes(octets) == ["vu"]


def test_en_tete_pied_notes_et_titre():
    contexte = Contexte(dossier(gestionnaire={"raison_sociale": "A & <b>"}))
    balise = p(r("{{ gestionnaire.raison_sociale }}"))
    octets = rendre(
        p(r("x")),
        contexte=contexte,
        entete=balise,
        pied=balise,
        notes=balise,
        titre="{{ N }} &amp; {{ gestionnaire.raison_sociale }}",
    )
    archive = zipfile.ZipFile(io.BytesIO(octets))
    for nom in ("word/header1.xml", "word/footer1.xml", "word/footnotes.xml"):
        assert b">A &amp; &lt;b&gt;</w:t>" in archive.read(nom)
    assert python_docx.Document(io.BytesIO(octets)).core_properties.title == "2026 & A & <b>"


def test_seules_les_parties_balisees_changent_et_le_rendu_est_toujours_le_meme():
    gabarit = docx(p(r("{{ N }}")), entete=p(r("En-tête")), magasin="<d/>")
    prepare = preparer(gabarit)
    octets = remplir(prepare, Contexte(dossier()))
    avant, apres = zipfile.ZipFile(io.BytesIO(gabarit)), zipfile.ZipFile(io.BytesIO(octets))
    assert avant.namelist() == apres.namelist()
    assert [n for n in avant.namelist() if avant.read(n) != apres.read(n)] == ["word/document.xml"]
    assert remplir(prepare, Contexte(dossier())) == octets == remplir(preparer(gabarit), Contexte(dossier()))
    assert certifier_balises(gabarit, octets) == []


def test_sans_balise_le_document_reste_le_meme():
    gabarit = docx(p(r("rien")))
    assert remplir(preparer(gabarit), Contexte(dossier())) == gabarit


# Les données lues


def test_les_champs_lus_dans_l_ordre_avec_ce_qui_manque():
    contexte = Contexte(dossier())
    contexte.dossier.contrat.situer({"numero": Source(feuille="Contrat", cellule="B4")})
    prepare = preparer(
        docx(
            p(r("{{ gestionnaire.raison_sociale }} {{ contrat.numero }} {{ contrat.type|default('–') }}"))
            + p(r("{% if contrat.intitule %}{{ contrat.intitule }}{% endif %}{{ objectifs[1].pilote }}"))
            + p(r("{{ gestionnaire.raison_sociale }}"))
        )
    )
    lus, toutes, _ = lectures_du_document(prepare, contexte)
    assert [(v.champ, v.etat) for v in lus] == [
        ("gestionnaire.raison_sociale", "renseigne"),
        ("contrat.numero", "vide"),
        ("objectifs[numero=2].pilote", "renseigne"),
    ]
    assert lus[1].sources == (Source(feuille="Contrat", cellule="B4"),)
    assert [(v.champ, v.valeur) for v in toutes[3:]] == [
        ("contrat.type", None),
        ("contrat.intitule", None),
        ("objectifs", 2),
    ]


def test_une_donnee_sans_objet_le_dit():
    contexte = Contexte(dossier(contrat={"numero": None, "sans_objet": ["numero"]}))
    assert ecrire("[{{ contrat.numero }}]", contexte) == "[Sans objet]"


def test_les_collections_sont_celles_de_l_etablissement_courant():
    donnees = dossier(
        activite=[
            {
                "etablissement": "E1",
                "annee": 2025,
                "modalite": "HP",
                "version": "reel",
                "journees_realisees": 365,
            },
            {
                "etablissement": "E2",
                "annee": 2025,
                "modalite": "internat",
                "version": "reel",
                "journees_realisees": 1,
            },
        ]
    )
    contexte = Contexte(donnees, donnees.etablissements[0])
    balise = (
        "{{ etablissement.nom }} {{ activite|length }} {{ etablissement.activite[0].journees_realisees }}"
    )
    assert ecrire(balise, contexte) == "EHPAD du Parc 1 365"


def test_objectif_courant_et_ses_actions():
    donnees = dossier()
    contexte = Contexte(donnees, None, donnees.objectifs[0])
    assert (
        ecrire("{{ objectif.pilote }} {{ objectif.actions|length }} {{ actions|length }}", contexte)
        == "Ada 2 2"
    )


def test_champs_cites_sans_donnee():
    prepare = preparer(
        docx(p(r("{% for o in objectifs if o.axe == 'rh' %}{{ o.actions|sum('moyens_cnr') }}{% endfor %}")))
    )
    assert champs_cites(prepare) == {("objectifs", "axe"), ("actions", "objectif"), ("actions", "moyens_cnr")}


@pytest.mark.parametrize(
    ("balise", "dit"),
    [
        (
            "Fait le {{ contrat.date_debu }}",
            "« contrat.date_debu » n’existe pas. Vouliez-vous dire « date_debut » ?",
        ),
        ("{{ gestionaire.sigle }}", "Vouliez-vous dire « gestionnaire » ?"),
        ("{% for o in objectifs %}{{ o.pilotte }}{% endfor %}", "Vouliez-vous dire « pilote » ?"),
        ("{% for o in objectifs %}{% for a in o.action %}{% endfor %}{% endfor %}", "« actions »"),
        ("{{ objectifs.pilote }}", "boucler d’abord"),
        ("{{ objectifs }}", "entière"),
        ("{{ contrat.numero.suite }}", "simple valeur"),
        ("{% for x in contrat.numero %}{% endfor %}", "ne porte pas sur une liste"),
        ("{{ actions|sum('moyens_cnrs') }}", "« moyens_cnr »"),
        ("{{ etablissement.nom }}", "pas d’etablissement courant"),
        ("{{ contrat.model_dump }}", "n’existe pas"),
    ],
)
def test_un_nom_inconnu_se_dit_sans_donnee_avec_son_lieu(balise, dit):
    defauts = verifier(preparer(docx(p(r("Avant")) + p(r(balise)))), "gestionnaire")
    assert len(defauts) == 1
    assert dit in defauts[0]
    assert defauts[0].startswith("Dans le corps, paragraphe 2, près de « ")


def test_un_document_sans_faute_n_a_pas_de_defaut():
    boucle = "{% for o in objectifs %}{{ loop.index }}{{ o.actions|length }}{% endfor %}"
    balises = "{% set e = etablissements|first %}{{ e.nom }}" + boucle + "{{ N }}"
    assert verifier(preparer(docx(p(r(balises)))), "gestionnaire") == []


def test_un_nom_inconnu_ne_se_rend_pas():
    with pytest.raises(ErreurFormulaire, match="Vouliez-vous dire « date_debut »"):
        ecrire("{{ contrat.date_debu }}")


# Les textes


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60) | st.text("{}%#_<>&'\"\\\n\t\r x7*", max_size=60))
def test_tout_texte_s_ecrit_tel_quel(texte):
    contexte = Contexte(dossier(gestionnaire={"raison_sociale": texte}))
    attendu = "".join(
        c
        for c in texte.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n")
        if (c >= " " or c in "\n\t") and not ("\ud800" <= c <= "\udfff" or c in "\ufffe\uffff")
    )
    octets = rendre(p(r("[{{ gestionnaire.raison_sociale }}]")), contexte=contexte)
    assert textes(octets) == [f"[{attendu}]"]


def test_une_valeur_n_est_jamais_relue_comme_une_balise():
    contexte = Contexte(dossier(gestionnaire={"raison_sociale": "{{ 7*7 }} {_{ 7 }_} </w:t></w:r></w:p>"}))
    assert ecrire("{{ gestionnaire.raison_sociale }}", contexte) == "{{ 7*7 }} {_{ 7 }_} </w:t></w:r></w:p>"


# Ce qui est refusé


@pytest.mark.parametrize(
    "balise",
    [
        "{{ lipsum() }}",
        "{{ ''.__class__ }}",
        "{{ gestionnaire.__class__.__mro__ }}",
        "{{ gestionnaire['__class__'] }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ gestionnaire.model_dump_json() }}",
        "{% for i in range(999999999) %}x{% endfor %}",
        "{{ 'x' * 1000000000 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ '%999999999d' % 1 }}",
        "{{ 'x'|center(1000000000) }}",
        "{{ 'x'|format(1) }}",
        "{{ 'x'|attr('y') }}",
        "{{ etablissements|map('upper') }}",
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{% extends 'x' %}",
        "{% macro m() %}{% endmacro %}",
        "{% set x %}y{% endset %}",
        "{% block b %}{% endblock %}",
        "{% for e in etablissements recursive %}{% endfor %}",
        "{{ self }}",
        "{{ _rendu }}",
        "{{ etablissements[N] }}",
        "{{ 'a' + 'b' }}",
        "{{ gestionnaire.raison_sociale",
        "{% if N %}",
        "{{ }}",
        "{{ (((( }}",
        "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
        "{% for a in etablissements %}" * 6 + "x" + "{% endfor %}" * 6,
        "{% if N %}" * 60 + "x" + "{% endif %}" * 60,
        "{{tr gestionnaire.raison_sociale }}",
        "{{ " + "~".join(["gestionnaire.raison_sociale"] * 30_000) + " }}",
    ],
)
def test_ce_qui_n_est_pas_permis_est_refuse_en_une_seconde(balise):
    debut = time.process_time()
    with pytest.raises(ErreurCpomdocs) as refus:
        octets = rendre(p(r("Avant")), p(r(balise.replace("<", "&lt;"))))
        assert verifier(preparer(octets), "gestionnaire") == []
    assert refus.value.message
    assert time.process_time() - debut < 2


def test_des_boucles_sans_fin_sont_arretees():
    donnees = dossier(etablissements=[{"code": f"E{i}"} for i in range(300)])
    boucles = "{% for a in etablissements %}{% for b in etablissements %}{% for c in etablissements %}x"
    with pytest.raises(ErreurFormulaire, match="tours de boucle"):
        ecrire(boucles + "{% endfor %}" * 3, Contexte(donnees))


def test_un_texte_qui_double_sans_fin_est_arrete():
    contexte = Contexte(dossier(gestionnaire={"raison_sociale": "x" * 1000}))
    double = "{% set a = gestionnaire.raison_sociale %}" + "{% set a = a ~ a %}" * 40
    with pytest.raises(ErreurFormulaire, match="caractères"):
        ecrire(double + "{{ a }}", contexte)


@pytest.mark.parametrize("debut", ["{{", "{%", "{#"])
def test_des_milliers_de_balises_ouvertes_sont_refusees_vite(debut):
    depart = time.process_time()
    with pytest.raises(ErreurFormulaire):
        preparer(docx("".join(p(r(f"{debut} x")) for _ in range(5_000))))
    with pytest.raises(ErreurFormulaire):
        preparer(docx(p(r("{{ N }}"), proprietes=f'<w:pStyle w:val="{"{{" * 5_000}"/>')))
    assert time.process_time() - depart < 2


def test_des_balises_qui_se_croisent_sont_refusees():
    with pytest.raises(ErreurFormulaire, match="se croisent"):
        rendre(p(r("{% if contrat.numero %}a")), tableau(["b{% endif %}"]))


# Le dialecte est celui de docxtpl

GABARIT = docx(
    p(r("Contrat de {{ g.nom }} {"), r("% if g.oui %"), r("}signé{% else %}non{% endif %}"))
    + tableau(
        ["{%tr for e in liste %}", ""],
        ["{{ e.code }}", "{% if loop.last %}dernier{% endif %} {{ e.nom }}"],
        ["{%tr endfor %}", ""],
    )
    + tableau(["{%tc for e in liste %}", "{{ e.code }}", "{%tc endfor %}"])
    + p(r("{%p for e in liste %}"))
    + p(r("– {{ e.nom }}"), proprietes='<w:jc w:val="both"/>')
    + p(r("{%p endfor %}"))
    + p(r("A"))
    + p(r("{%- if g.oui %} B{% endif %}"))
    + p(r("{# remarque #}fin {_{ x }_}"))
)


def en_nos_noms(octets):
    """Le même gabarit, écrit avec les noms du dossier."""
    source, tampon = zipfile.ZipFile(io.BytesIO(octets)), io.BytesIO()
    with zipfile.ZipFile(tampon, "w") as cible:
        for nom in source.namelist():
            texte = source.read(nom).decode()
            for ancien, nouveau in (
                ("g.nom", "gestionnaire.raison_sociale"),
                ("g.oui", "gestionnaire.siege_autorise"),
                ("liste", "etablissements"),
            ):
                texte = texte.replace(ancien, nouveau)
            cible.writestr(nom, texte)
    return tampon.getvalue()


def structure(octets):
    """Les paragraphes et leur texte, les lignes, cellules, colonnes et alignements, dans l’ordre."""
    corps = python_docx.Document(io.BytesIO(octets)).element.body
    voulus = ("p", "tr", "tc", "gridCol", "jc")
    elements = ((e, e.tag.rpartition("}")[2]) for e in corps.iter())
    return [(nom, e.text if nom == "p" else "") for e, nom in elements if nom in voulus]


@settings(max_examples=40, deadline=None)
@given(
    st.text("aé <&>'’", max_size=12),
    st.booleans(),
    st.lists(st.tuples(st.text("abc", min_size=1, max_size=4), st.text("xyz &<", max_size=8)), max_size=4),
)
def test_meme_rendu_que_docxtpl(nom, oui, lignes):
    modele = DocxTemplate(io.BytesIO(GABARIT))
    liste = [{"code": f"E{i}{code}", "nom": libelle} for i, (code, libelle) in enumerate(lignes)]
    modele.render({"g": {"nom": nom, "oui": oui}, "liste": liste}, Environment(autoescape=True))
    attendu = io.BytesIO()
    modele.save(attendu)
    contexte = Contexte(
        dossier(gestionnaire={"raison_sociale": nom, "siege_autorise": oui}, etablissements=liste)
    )
    rendu = remplir(preparer(en_nos_noms(GABARIT)), contexte)
    assert structure(rendu) == structure(attendu.getvalue())


@pytest.mark.skipif(not REELS.is_dir(), reason="fichiers réels absents")
def test_la_convention_reelle_est_refusee_pour_ses_appels():
    with pytest.raises(ErreurFormulaire, match="l’appel d’une fonction"):
        preparer((REELS / "Foyer-template.docx").read_bytes())
