"""Les champs de publipostage d’un document Word."""

import datetime
import io
import zipfile

import docx as python_docx
import pytest
from fabrique_word import docx, p, r, saisie
from hypothesis import given, settings
from hypothesis import strategies as st

from cpomdocs.certificat.word import certifier
from cpomdocs.remplissage.word import preparer, remplir
from cpomdocs.remplissage.word.places import places


def fusion(nom, plus="", montre="«x»"):
    def marque(genre):
        return f'<w:r><w:fldChar w:fldCharType="{genre}"/></w:r>'

    code = f'<w:r><w:instrText xml:space="preserve"> MERGEFIELD {nom} {plus} </w:instrText></w:r>'
    return marque("begin") + code + marque("separate") + r(montre, "<w:b/>") + marque("end")


def simple(nom):
    return f'<w:fldSimple w:instr=" MERGEFIELD {nom} \\* MERGEFORMAT ">{r("«y»")}</w:fldSimple>'


GABARIT = docx(
    p(r("Nom : "), fusion("Nom"), r(", né le "), fusion("Jour", '\\@ "dd/MM/yyyy"'), r(" Ville : ……"))
    + p(r("Rappel "), simple("Nom"), r(" fin")),
    entete=p(fusion('"Raison sociale"')),
)


def produire(*saisies):
    rempli = remplir(preparer(GABARIT), saisies)
    assert not rempli.refus, rempli.refus
    assert certifier(GABARIT, rempli.octets, saisies) == []
    return rempli.octets


SAISIES = (
    saisie("champ:Nom", "Dupont\tMarie"),
    saisie("champ:Jour", datetime.date(2026, 3, 1)),
    saisie("champ:Raison sociale", "Les Tilleuls & Cie"),
    saisie("libelle:Ville", "Bourg"),
)


def test_tous_les_champs_de_publipostage_du_meme_nom_sont_remplaces():
    octets = produire(*SAISIES)
    document = python_docx.Document(io.BytesIO(octets))
    lignes = [x.text for x in document.paragraphs]
    assert lignes == ["Nom : Dupont\tMarie, né le 01/03/2026 Ville : Bourg", "Rappel Dupont\tMarie fin"]
    assert b">Les Tilleuls &amp; Cie<" in zipfile.ZipFile(io.BytesIO(octets)).read("word/header1.xml")
    assert document.paragraphs[0].runs[1].bold


def test_un_seul_champ_de_publipostage_par_son_rang():
    document = python_docx.Document(io.BytesIO(produire(saisie("champ:Nom#2", "M"))))
    assert document.paragraphs[1].text == "Rappel M fin"


def test_un_commutateur_inconnu_est_refuse_et_un_nom_inconnu_rapproche():
    gabarit = docx(p(fusion("Nom", '\\b "M. "')))
    (refus,) = remplir(preparer(gabarit), [saisie("champ:Nom", "x")]).refus
    assert refus.code == "RW-07"
    (refus,) = remplir(preparer(GABARIT), [saisie("champ:Non", "x")]).refus
    assert "Nom" in refus.remede


def test_les_places_de_publipostage_se_relevent_une_fois():
    assert [str(x.case) for x in places(preparer(GABARIT)) if x.genre == "publipostage"] == [
        "champ:Nom",
        "champ:Jour",
        "champ:Raison sociale",
    ]


@pytest.mark.parametrize("retiree", range(4))
def test_une_valeur_imprevue_ou_oubliee_se_voit(retiree):
    octets = remplir(preparer(GABARIT), SAISIES).octets
    sans = [s for rang, s in enumerate(SAISIES) if rang != retiree]
    assert certifier(GABARIT, octets, sans) != []
    assert certifier(GABARIT, remplir(preparer(GABARIT), sans).octets, SAISIES) != []


@settings(max_examples=100, deadline=None)
@given(*[st.text(" .…:\n\té<&«»xy", max_size=10)] * 3)
def test_aucune_fausse_alerte_quels_que_soient_les_textes(nom, raison, ville):
    saisies = [
        saisie("champ:Nom", nom),
        saisie("champ:Raison sociale", raison),
        saisie("libelle:Ville", ville),
    ]
    rempli = remplir(preparer(GABARIT), saisies)
    assert not rempli.refus
    assert certifier(GABARIT, rempli.octets, rempli.ecrites) == []
