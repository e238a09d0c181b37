"""Lire un document balisé avant toute donnée, puis dire ce qui lui manque : lieux, gardes, conditions."""

import hashlib
from pathlib import Path

import docx as python_docx
import openpyxl
import pytest
from fabrique_word import docx, p, r, tableau
from fabriques import des_donnees, poser_classeur
from test_balises_textes import png

from cpomdocs import generer
from cpomdocs.formulaires.verification import verifier_formulaire
from cpomdocs.modeles.base import Source
from cpomdocs.modeles.chemins import Contexte
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.modeles.entites.identite import Etablissement
from cpomdocs.remplissage.balises import lectures_du_document, preparer, remarques, verifier


def test_une_faute_de_frappe_est_situee_dans_son_tableau():
    lignes = tableau(["Objectif"], ["{%tr for o in objectifs %}"], ["{{ o.pilotte }}"], ["{%tr endfor %}"])
    gabarit = docx(tableau(["a"]) + tableau(["b"]) + lignes)
    (defaut,) = verifier(preparer(gabarit), "gestionnaire")
    assert defaut.startswith("Dans le corps, tableau 3, ligne 3, près de « {{ o.pilotte }} »")
    assert "« objectifs.pilotte » n’existe pas. Vouliez-vous dire « pilote » ?" in defaut


def test_un_champ_d_une_autre_entite_est_retrouve():
    (defaut,) = verifier(preparer(docx(p(r("{{ contrat.finess_et }}")))), "gestionnaire")
    assert "Ce champ est dans « etablissements »" in defaut


CITE = "gestionnaire.sigle"


@pytest.mark.parametrize(
    ("corps", "signale"),
    [
        ("{{ gestionnaire.sigle }}", True),
        ("{{ gestionnaire.sigle|upper }}", True),
        ("{{ 'a' ~ gestionnaire.sigle }}", True),
        ("{{ gestionnaire.sigle|default('–') }}", False),
        ("{{ gestionnaire.sigle or '–' }}", False),
        ("{{ gestionnaire.sigle if gestionnaire.sigle else '–' }}", False),
        ("{% if gestionnaire.sigle %}{{ gestionnaire.sigle }}{% endif %}", False),
        ("{% if gestionnaire.sigle and contrat.numero %}{{ gestionnaire.sigle }}{% endif %}", False),
        ("{% if gestionnaire.sigle or contrat.numero %}{{ gestionnaire.sigle }}{% endif %}", True),
        ("{% if not gestionnaire.sigle %}a{% else %}{{ gestionnaire.sigle }}{% endif %}", False),
        ("{% if gestionnaire.sigle is defined %}{{ gestionnaire.sigle }}{% endif %}", False),
        ("{% if gestionnaire.sigle is none %}a{% else %}{{ gestionnaire.sigle }}{% endif %}", False),
        ("{% if gestionnaire.sigle is none %}{{ gestionnaire.sigle }}{% endif %}", True),
        ("{% if gestionnaire.sigle == 'A' %}{{ gestionnaire.sigle }}{% endif %}", False),
        ("{% if gestionnaire.sigle != 'A' %}{{ gestionnaire.sigle }}{% endif %}", True),
        ("{% if contrat.numero %}{{ gestionnaire.sigle }}{% endif %}", True),
        ("{% if gestionnaire.sigle %}x{% endif %}{{ gestionnaire.sigle }}", True),
        ("{% set s = gestionnaire.sigle %}{% if s %}{{ s }}{% endif %}", False),
    ],
)
def test_un_champ_facultatif_lu_sans_garde_est_signale(corps, signale):
    dites = remarques(preparer(docx(p(r(corps)))), "gestionnaire")
    assert any(CITE in dite for dite in dites) is signale


def test_une_liste_filtree_ou_une_boucle_conditionnelle_gardent_leurs_champs():
    boucles = (
        "{% for a in actions|selectattr('pilote') %}{{ a.pilote }}{% endfor %}"
        "{% for a in actions if a.pilote %}{{ a.pilote }}{% endfor %}"
    )
    assert remarques(preparer(docx(p(r(boucles)))), "gestionnaire") == []


# Ce qui manque, selon les données


def manquantes(corps, **donnees):
    dossier = Dossier.model_validate({"parametres": {"annee_n": 2026}} | donnees)
    dossier.contrat.situer(
        {nom: Source(feuille="Contrat", cellule="B4") for nom in ("numero", "prorogation")}
    )
    lues = lectures_du_document(preparer(docx(p(r(corps)))), Contexte(dossier))
    return {v.champ: [s.cellule for s in v.sources] for v in lues.montrees if v.etat == "vide"}


@pytest.mark.parametrize(
    ("corps", "attendues"),
    [
        ("{{ contrat.numero }}", {"contrat.numero": ["B4"]}),
        ("{% if contrat.numero == 'A' %}a{% endif %}", {"contrat.numero": ["B4"]}),
        ("{{ 'a' if contrat.numero == 'A' else 'b' }}", {"contrat.numero": ["B4"]}),
        ("{% if contrat.prorogation %}a{% endif %}", {"contrat.prorogation": ["B4"]}),
        ("{% if contrat.numero %}{{ contrat.numero }}{% endif %}", {}),
        ("{{ contrat.numero|default('–') }}", {}),
        ("{{ contrat.numero is defined }}", {}),
    ],
)
def test_une_valeur_qui_ne_sert_qu_a_une_condition_manque_aussi(corps, attendues):
    assert manquantes(corps) == attendues


def test_une_condition_de_boucle_et_un_filtre_lisent_les_champs_de_chaque_ligne():
    objectifs = [{"numero": "1", "axe": "rh"}, {"numero": "2"}]
    corps = (
        "{% for o in objectifs if o.axe == 'rh' %}x{% endfor %}"
        "{{ objectifs|selectattr('axe', 'eq', 'a')|length }}"
    )
    assert list(manquantes(corps, objectifs=objectifs)) == ["objectifs[numero=2].axe"]


# De bout en bout


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    poser_classeur(tmp_path, des_donnees(Etablissement(code="E1", nom="Les Tilleuls", commune="Ici")))
    poser_balises(
        tmp_path,
        p(r("{% if etablissement.commune == 'Ici' %}d’ici{% else %}d’ailleurs{% endif %}"))
        + p(r("{% for e in etablissements %}–{% endfor %}"))
        + p(r("{{ 'images/logo.png'|image(30) }}")),
    )
    return tmp_path


def poser_balises(dossier: Path, corps: str) -> None:
    repertoire = dossier / "gabarits" / "note"
    repertoire.mkdir(parents=True, exist_ok=True)
    octets = docx(corps)
    (repertoire / "note.docx").write_bytes(octets)
    (repertoire / "correspondance.toml").write_text(
        '[formulaire]\nnom = "note"\nlibelle = "Note"\nautorite = "essai"\nbalises = true\n'
        'gabarit = "note.docx"\nsortie = "{code}_note.docx"\n'
        f'empreinte = "sha256:{hashlib.sha256(octets).hexdigest()}"\n',
        encoding="utf-8",
    )


def statut(dossier: Path) -> str:
    (document,) = generer(dossier).documents
    return document.statut


def test_un_document_balise_a_jour_n_est_pas_refait_et_une_condition_changee_le_refait(dossier: Path):
    assert [statut(dossier), statut(dossier)] == ["cree", "inchange"]
    chemin = dossier / "classeur-maitre.xlsx"
    livre = openpyxl.load_workbook(chemin)
    page = livre["Établissements"]
    (case,) = [c for ligne in page.iter_rows() for c in ligne if c.value == "Ici"]
    case.value = "Là"
    livre.save(chemin)
    assert statut(dossier) == "remplace"
    (sortie,) = (dossier / "sorties").rglob("*_note.docx")
    assert [x.text for x in python_docx.Document(str(sortie)).paragraphs][:2] == ["d’ailleurs", "–"]


def test_une_image_absente_se_dit_puis_se_pose_et_son_changement_refait_le_document(dossier: Path):
    rapport = generer(dossier)
    assert any(a.code == "DM-05" and "images/logo.png" in a.message for a in rapport.anomalies)
    (dossier / "images").mkdir()
    for largeur in (20, 30):
        (dossier / "images" / "logo.png").write_bytes(png(largeur, 10))
        assert statut(dossier) == "remplace"
    (sortie,) = (dossier / "sorties").rglob("*_note.docx")
    (image,) = python_docx.Document(str(sortie)).inline_shapes
    assert (image.width.mm, image.height.mm) == (30, 10)
    assert statut(dossier) == "inchange"


def test_une_image_hors_du_dossier_est_refusee(dossier: Path):
    poser_balises(dossier, p(r("{{ '../secret.png'|image }}")))
    rapport = generer(dossier)
    assert any("n’est pas un fichier du dossier" in a.message for a in rapport.anomalies)


def test_la_verification_du_formulaire_dit_defauts_et_remarques(dossier: Path):
    poser_balises(dossier, p(r("{{ etablissement.nome }} {{ etablissement.courriel }}")))
    verdict = verifier_formulaire(dossier / "gabarits" / "note")
    assert [("« nom »" in d) for d in verdict.defauts] == [True]
    assert ["etablissements.courriel" in d for d in verdict.remarques] == [True]
