"""Ce que devient un document déplacé, modifié à la main, gardé ou forcé : rien n’est perdu, tout est dit."""

from __future__ import annotations

import functools
import io
import tempfile
from pathlib import Path

import docx
import openpyxl
import pytest
from fabriques import des_donnees, poser_classeur, poser_formulaire, un_gabarit_excel

from cpomdocs import generer
from cpomdocs.cli import executer
from cpomdocs.erreurs import ErreurDossier
from cpomdocs.modeles.entites.identite import Etablissement
from cpomdocs.rapport import DocumentProduit, Rapport

CASES = '[cases]\n"Fiche!B1" = "etablissement.finess_et"\n"Fiche!B2" = "etablissement.nom"\n'
SORTIE = '"{finess}_fiche.xlsx"'
ETANG = Etablissement(code="ETANG", nom="L’Étang", finess_et="010001436")
LILAS = Etablissement(code="LILAS", nom="Les Lilas", finess_et="010001444")
DOCUMENT = "sorties/ETANG/010001436_fiche.xlsx"


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    donner(tmp_path, ETANG)
    poser_formulaire(tmp_path, "fiche", CASES, sortie=SORTIE)
    generer(tmp_path)
    return tmp_path


def donner(dossier: Path, *etablissements: Etablissement) -> None:
    """Pose le classeur maître de ces établissements."""
    (dossier / "classeur-maitre.xlsx").write_bytes(_classeur(*(e.model_dump_json() for e in etablissements)))


@functools.lru_cache
def _classeur(*etablissements: str) -> bytes:
    donnees = des_donnees(*(Etablissement.model_validate_json(e) for e in etablissements))
    with tempfile.TemporaryDirectory() as repertoire:
        return poser_classeur(Path(repertoire), donnees).read_bytes()


def changer(etablissement: Etablissement, **champs: str | None) -> Etablissement:
    return etablissement.model_copy(update=champs)


def saisir(fichier: Path, **cellules: object) -> None:
    """Une personne ouvre le document, y tape ces cellules et l’enregistre."""
    livre = openpyxl.load_workbook(fichier)
    for adresse, valeur in cellules.items():
        livre["Fiche"][adresse] = valeur
    livre.save(fichier)


def cellule(fichier: Path, adresse: str) -> object:
    return openpyxl.load_workbook(fichier)["Fiche"][adresse].value


def fichiers(dossier: Path) -> list[str]:
    presents = (p.relative_to(dossier).as_posix() for p in (dossier / "sorties").rglob("*") if p.is_file())
    return sorted(p for p in presents if p != "sorties/controle.xlsx")


def document(rapport: Rapport, chemin: str = DOCUMENT) -> DocumentProduit:
    return next(d for d in rapport.documents if d.chemin == chemin)


def test_un_document_intact_suit_son_nouveau_nom(dossier: Path) -> None:
    donner(dossier, changer(ETANG, finess_et=None))
    rapport = generer(dossier)
    assert fichiers(dossier) == ["sorties/ETANG/ETANG_fiche.xlsx"]
    (produit,) = rapport.documents
    assert (produit.statut, DOCUMENT in str(produit.message)) == ("cree", True)
    assert {d.statut for d in generer(dossier).documents} == {"inchange"}


def test_un_document_retouche_reste_sous_son_ancien_nom_et_on_le_dit(dossier: Path) -> None:
    saisir(dossier / DOCUMENT, C5="à revoir")
    donner(dossier, changer(ETANG, finess_et=None))
    rapport = generer(dossier)
    nouveau = document(rapport, "sorties/ETANG/ETANG_fiche.xlsx")
    assert (nouveau.statut, nouveau.retouches) == ("cree", ("Fiche!C5 : (vide) → à revoir",))
    assert DOCUMENT in str(nouveau.message)
    assert document(rapport).statut == "orphelin"
    assert cellule(dossier / DOCUMENT, "C5") == "à revoir"
    assert document(generer(dossier)).statut == "orphelin"
    (dossier / DOCUMENT).unlink()
    assert [d.statut for d in generer(dossier).documents] == ["inchange"]


def test_un_ancien_document_ouvert_est_retire_une_fois_ferme(dossier: Path) -> None:
    verrou = dossier / "sorties/ETANG/~$010001436_fiche.xlsx"
    verrou.write_bytes(b"\x05Marie")
    donner(dossier, changer(ETANG, finess_et=None))
    assert "ouvert par Marie" in str(document(generer(dossier)).message)
    verrou.unlink()
    assert [d.statut for d in generer(dossier).documents] == ["inchange"]
    assert fichiers(dossier) == ["sorties/ETANG/ETANG_fiche.xlsx"]


def test_deux_documents_echangent_leurs_noms(dossier: Path) -> None:
    """Chacun prend la place de l’autre : aucun n’est pris pour un travail à la main, aucun ne manque."""
    for sorties in (("a.xlsx", "b.xlsx"), ("b.xlsx", "a.xlsx")):
        poser_formulaire(dossier, "fiche", CASES, sortie=f'"{sorties[0]}"')
        poser_formulaire(dossier, "autre", CASES.replace("B2", "B3"), sortie=f'"{sorties[1]}"')
        produits = {d.formulaire: d for d in generer(dossier).documents}
        assert {d.statut for d in produits.values()} <= {"cree", "remplace"}
        assert not any(d.retouches for d in produits.values())
        assert fichiers(dossier) == ["sorties/ETANG/a.xlsx", "sorties/ETANG/b.xlsx"]
        assert cellule(dossier / produits["fiche"].chemin, "B2") == ETANG.nom
        assert cellule(dossier / produits["autre"].chemin, "B3") == ETANG.nom


def test_seule_la_casse_du_nom_change(dossier: Path) -> None:
    poser_formulaire(dossier, "fiche", CASES, sortie='"{finess}_FICHE.xlsx"')
    generer(dossier)
    assert "sorties/ETANG/010001436_FICHE.xlsx" in fichiers(dossier)


def test_un_orphelin_de_nouveau_demande_est_repris(dossier: Path) -> None:
    octets = (dossier / DOCUMENT).read_bytes()
    donner(dossier, LILAS)
    assert document(generer(dossier)).statut == "orphelin"
    donner(dossier, ETANG, LILAS)
    assert document(generer(dossier)).statut == "inchange"
    donner(dossier, LILAS)
    generer(dossier)
    donner(dossier, changer(ETANG, nom="Le Lac"), LILAS)
    assert document(generer(dossier)).statut == "remplace"
    assert (dossier / DOCUMENT).read_bytes() != octets


def test_un_orphelin_retouche_puis_redemande_est_garde(dossier: Path) -> None:
    donner(dossier, LILAS)
    generer(dossier)
    saisir(dossier / DOCUMENT, B2="à la main")
    donner(dossier, ETANG, LILAS)
    assert document(generer(dossier)).statut == "conflit"
    assert cellule(dossier / DOCUMENT, "B2") == "à la main"


def test_les_cases_changees_a_la_main_sont_listees(dossier: Path) -> None:
    saisir(dossier / DOCUMENT, B2="Le Grand Étang", C4=15, A1=None)
    donner(dossier, changer(ETANG, nom="Le Lac"))
    conflit = document(generer(dossier))
    assert conflit.statut == "conflit"
    assert conflit.retouches == (
        "Fiche!A1 : FINESS → (vide)",
        "Fiche!B2 : L’Étang → Le Grand Étang",
        "Fiche!C4 : (vide) → 15",
    )
    assert cellule(dossier / str(conflit.chemin_conflit), "B2") == "Le Lac"


def test_un_reenregistrement_sans_changement_est_dit_tel(dossier: Path) -> None:
    saisir(dossier / DOCUMENT)
    assert "simple réenregistrement" in document(generer(dossier)).retouches[0]


def test_un_document_abime_est_garde_et_dit(dossier: Path) -> None:
    (dossier / DOCUMENT).write_bytes(b"PK\x03\x04 coupe")
    conflit = document(generer(dossier))
    assert (conflit.statut, "ne se lit plus" in conflit.retouches[0]) == ("conflit", True)


def test_formulaire_change_depuis_les_retouches_ne_sont_pas_inventees(dossier: Path) -> None:
    saisir(dossier / DOCUMENT, B2="à la main")
    poser_formulaire(dossier, "fiche", CASES, un_gabarit_excel({"A1": "Numéro"}), sortie=SORTIE)
    assert "n’est pas connu" in document(generer(dossier)).retouches[0]


def test_les_textes_changes_a_la_main_sont_listes(tmp_path: Path) -> None:
    gabarit = docx.Document()
    gabarit.add_paragraph("Établissement : {{ etablissement.nom }}")
    gabarit.add_paragraph(
        "Le présent contrat est conclu pour une durée de cinq ans à compter de sa signature."
    )
    tampon = io.BytesIO()
    gabarit.save(tampon)
    poser_formulaire(tmp_path, "contrat", "", tampon.getvalue(), fichier="contrat.docx", balises="true")
    donner(tmp_path, ETANG)
    generer(tmp_path)
    chemin = "sorties/ETANG/ETANG_contrat.docx"
    retouche = docx.Document(tmp_path / chemin)
    retouche.paragraphs[0].runs[0].text = "Établissement : Le Grand Étang"
    retouche.paragraphs[1].runs[0].text = retouche.paragraphs[1].text.replace("cinq", "trois")
    retouche.add_paragraph("Fait à Ici.")
    retouche.save(tmp_path / chemin)
    conflit = document(generer(tmp_path), chemin)
    assert conflit.retouches == (
        "paragraphe 1 : « Établissement : L’Étang » → « Établissement : Le Grand Étang »",
        "paragraphe 2 : « … une durée de cinq ans à compter … » → « … une durée de trois ans à compter … »",
        "paragraphe 3, texte ajouté : « Fait à Ici. »",
    )


@pytest.mark.parametrize("nom", ["fiche/ETANG", DOCUMENT, "ailleurs"])
def test_garder_jusqu_a_ce_que_les_donnees_changent(
    dossier: Path, nom: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(dossier.parent)
    nom = f"{dossier.name}/{DOCUMENT}" if nom == "ailleurs" else nom
    saisir(dossier / DOCUMENT, B2="à la main")
    assert document(generer(dossier)).statut == "conflit"
    assert executer(["generer", str(dossier), "--garder", nom]) in (0, 1)
    assert fichiers(dossier) == [DOCUMENT]
    gardes = [document(generer(dossier)) for _ in range(2)]
    assert {d.statut for d in gardes} == {"garde"}
    saisir(dossier / DOCUMENT, B2="encore à la main")
    assert document(generer(dossier)).statut == "garde"
    donner(dossier, changer(ETANG, nom="Le Lac"))
    conflit = document(generer(dossier))
    assert (conflit.statut, conflit.retouches) == ("conflit", ("Fiche!B2 : L’Étang → encore à la main",))
    assert cellule(dossier / DOCUMENT, "B2") == "encore à la main"
    donner(dossier, ETANG)
    assert document(generer(dossier)).statut == "garde"


def test_garder_ne_traite_que_ce_document(dossier: Path) -> None:
    saisir(dossier / DOCUMENT, B2="à la main")
    donner(dossier, ETANG, LILAS)
    rapport = generer(dossier, documents=[DOCUMENT], garder=True)
    assert [(d.chemin, d.statut) for d in rapport.documents] == [(DOCUMENT, "garde")]


def test_garder_un_document_intact_ou_inconnu(dossier: Path) -> None:
    assert "rien à garder" in str(document(generer(dossier, documents=[DOCUMENT], garder=True)).message)
    with pytest.raises(ErreurDossier, match="fiche/ETANG"):
        generer(dossier, documents=["fiche/ETAN"], garder=True)


def test_forcer_remplace_un_document_garde_apres_copie(dossier: Path) -> None:
    produit = (dossier / DOCUMENT).read_bytes()
    saisir(dossier / DOCUMENT, B2="à la main")
    main = (dossier / DOCUMENT).read_bytes()
    generer(dossier, documents=[DOCUMENT], garder=True)
    force = document(generer(dossier, forcer=True))
    assert (force.statut, (dossier / DOCUMENT).read_bytes()) == ("remplace", produit)
    (copie,) = (dossier / ".cpomdocs/sauvegardes").iterdir()
    assert copie.read_bytes() == main and copie.name in str(force.message)
    assert document(generer(dossier)).statut == "inchange"
    donner(dossier, changer(ETANG, nom="Le Lac"))
    assert document(generer(dossier)).statut == "remplace"


def test_a_blanc_dit_le_deplacement_et_ne_touche_a_rien(dossier: Path) -> None:
    donner(dossier, changer(ETANG, finess_et=None))
    (prevu,) = [d for d in generer(dossier, a_blanc=True).documents if d.statut == "a_blanc"]
    assert f"et remplacerait « {DOCUMENT} »" in str(prevu.message)
    assert fichiers(dossier) == [DOCUMENT]
