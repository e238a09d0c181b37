"""Certifier un document Word quelconque, et la commande elle-même."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.document import Document
from fabrique_word import COCHE, champ, controle, p, r, tableau
from fabrique_word import docx as ecrire
from fabriques import RACINE, REELS, convertir, exige_les_reels, exige_libreoffice

from cpomdocs.certificat.comparaison.certification import certifier_fichiers
from cpomdocs.certificat.comparaison.constats import Comparaison
from cpomdocs.cli import executer

LIBELLES = "Le gestionnaire s’engage à transmettre ces documents avant le 31 octobre."


def corps(
    *,
    article: str = LIBELLES,
    nom: str = "Nom : ",
    finess: str = "FINESS ………………",
    effectif: str = "",
    case: str = "☐",
    identite: str = "",
) -> str:
    """Le corps d’un formulaire : un libellé, des pointillés, un contrôle, un champ, un tableau."""
    return (
        p(r("Fiche d’identité"))
        + p(r(nom))
        + p(r(finess))
        + p(
            r("Catégorie "),
            controle("categorie", "<w:text/>", identite, titre="Catégorie", invite=not identite),
        )
        + p(controle("habilite", COCHE, r(case)), r(" Habilité à l’aide sociale"))
        + p(r("Directeur "), champ("Directeur", "FORMTEXT", "<w:textInput/>", r("     ")))
        + p(r(article))
        + tableau(["Fonction", "Effectif"], ["Aide-soignant", effectif], ["Infirmier", ""])
    )


ENTETE = p(r("Annexe 2 au contrat"))


@pytest.fixture
def gabarit(tmp_path: Path) -> Path:
    (tmp_path / "gabarit.docx").write_bytes(ecrire(corps(), entete=ENTETE))
    return tmp_path / "gabarit.docx"


def certifier(gabarit: Path, octets: bytes) -> Comparaison:
    document = gabarit.with_name("document.docx")
    document.write_bytes(octets)
    return certifier_fichiers(gabarit, document)


def vus(comparaison: Comparaison) -> list[tuple[str, str]]:
    return [(c.genre, c.lieu) for c in comparaison.constats]


def test_un_document_rempli_n_a_que_des_saisies(gabarit: Path) -> None:
    rempli = corps(
        nom="Nom : Les Tilleuls", finess="FINESS 990001109", effectif="12", case="☒", identite=r("EHPAD")
    )
    comparaison = certifier(gabarit, ecrire(rempli, entete=ENTETE))
    assert (comparaison.constats, comparaison.saisies) == ([], 5)


@pytest.mark.parametrize(
    ("document", "attendus"),
    [
        (corps(article=LIBELLES.replace("31 octobre", "31 décembre")), [("texte_change", "paragraphe 7")]),
        (corps(article=""), [("texte_supprime", "paragraphe 7")]),
        (corps(nom="Prénom : Martin"), [("texte_change", "paragraphe 2")]),
        (corps().replace("Infirmier", "Psychologue"), [("texte_change", "tableau 1, ligne 3")]),
        (
            corps().replace(controle("categorie", "<w:text/>", titre="Catégorie", invite=True), r("EHPAD")),
            [("controle_contenu_perdu", "« Catégorie »")],
        ),
        (
            corps().replace(champ("Directeur", "FORMTEXT", "<w:textInput/>", r("     ")), r("Mme X")),
            [("champ_perdu", "« Directeur » (texte)")],
        ),
        (corps().split("<w:tbl>")[0], [("tableau_perdu", "tableau 1 (« Fonction »)")]),
    ],
    ids=["article changé", "article ôté", "libellé changé", "ligne changée", "contrôle", "champ", "tableau"],
)
def test_une_atteinte_est_dite_avec_son_lieu(
    gabarit: Path, document: str, attendus: list[tuple[str, str]]
) -> None:
    comparaison = certifier(gabarit, ecrire(document, entete=ENTETE))
    assert comparaison.code_sortie == 1
    assert [c for c in vus(comparaison) if c[0] != "texte_supprime" or c in attendus] == attendus


def test_l_en_tete_et_la_protection_comptent(gabarit: Path) -> None:
    sans_entete = certifier(gabarit, ecrire(corps(), entete=p(r("Brouillon"))))
    assert vus(sans_entete) == [("entete_change", "en-tête")]
    libre = ecrire(corps(), entete=ENTETE).replace(b"word/settings.xml", b"word/settingz.xml")
    assert "document_deprotege" in {c.genre for c in certifier(gabarit, libre).constats}


def test_les_modifications_suivies_sont_a_regarder(gabarit: Path) -> None:
    suivi = '<w:ins w:id="1" w:author="Collègue">' + r("Les Tilleuls") + "</w:ins>"
    comparaison = certifier(gabarit, ecrire(corps().replace(r("Nom : "), r("Nom : ") + suivi), entete=ENTETE))
    assert vus(comparaison) == [("revisions", "")]
    assert (comparaison.saisies, comparaison.code_sortie) == (1, 0)


MODIFICATIONS: list[tuple[Callable[[Document], object], list[str]]] = [
    (lambda d: d.tables[0]._tbl.remove(d.tables[0].rows[2]._tr), ["texte_supprime", "lignes_supprimees"]),
    (lambda d: d.tables[0].add_row(), ["tableau_agrandi"]),
    (lambda d: d.tables[0].cell(1, 1).paragraphs[0].add_run("7"), []),
    (lambda d: d.add_paragraph("Une annexe rédigée par l’établissement."), []),
    (lambda d: d.paragraphs[0].runs[0].__setattr__("text", "Fiche signalétique"), ["texte_change"]),
    (lambda d: d.add_comment(d.paragraphs[0].runs[0], text="À revoir"), ["commentaire_ajoute"]),
]


@pytest.mark.parametrize(("changement", "genres"), MODIFICATIONS)
def test_ce_que_python_docx_change(
    tmp_path: Path, changement: Callable[[Document], object], genres: list[str]
) -> None:
    """Un document fait, puis modifié, par python-docx."""
    document = docx.Document()
    document.add_paragraph("Fiche d’identité")
    document.add_paragraph(LIBELLES)
    table = document.add_table(3, 2)
    for rang, fonction in enumerate(("Fonction", "Aide-soignant", "Infirmier")):
        table.cell(rang, 0).text = fonction
    document.save(str(tmp_path / "gabarit.docx"))
    changement(document)
    document.save(str(tmp_path / "document.docx"))
    comparaison = certifier_fichiers(tmp_path / "gabarit.docx", tmp_path / "document.docx")
    assert [c.genre for c in comparaison.constats] == genres


def test_une_condition_de_trame_peut_disparaitre(tmp_path: Path) -> None:
    """Une trame à balises : le texte sous condition n’est dû que si la condition tient."""
    trame = p(r("Contrat")) + p(r("{%p if siege %}")) + p(r("Le siège est autorisé.")) + p(r("{%p endif %}"))
    trame += p(r("Dotation de {{ montant }} euros{% if an %} pour l’année{% endif %}."))
    (tmp_path / "trame.docx").write_bytes(ecrire(trame))
    (tmp_path / "rendu.docx").write_bytes(ecrire(p(r("Contrat")) + p(r("Dotation de 12 euros."))))
    comparaison = certifier_fichiers(tmp_path / "trame.docx", tmp_path / "rendu.docx")
    assert (comparaison.constats, comparaison.saisies) == ([], 1)


@exige_les_reels
@pytest.mark.parametrize("reel", sorted((REELS / "word").glob("*.do*x")), ids=lambda r: r.name[:20])
def test_un_document_reel_est_conforme_a_lui_meme(reel: Path) -> None:
    comparaison = certifier_fichiers(reel, reel)
    assert (comparaison.constats, comparaison.saisies) == ([], 0)


@exige_libreoffice
def test_un_reenregistrement_par_libreoffice_garde_les_textes(tmp_path: Path) -> None:
    """LibreOffice perd des contrôles de contenu d’un formulaire livré ; aucun texte, aucun tableau."""
    livre = next((RACINE / "gabarits" / "fiche-signaletique").glob("*.docx"))
    comparaison = certifier_fichiers(livre, convertir(livre, "docx", tmp_path))
    assert {c.genre for c in comparaison.constats} == {"controle_contenu_perdu"}


def test_les_documents_produits_sont_conformes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Les sorties de la démonstration, une par formulaire, par la commande elle-même."""
    executer(["demo", str(tmp_path / "demo")])
    gabarits = {g.parent.name: g for g in (RACINE / "gabarits").glob("*/*.*x") if g.suffix != ".md"}
    sorties = [*(tmp_path / "demo" / "sorties").glob("*/*")]
    assert len(sorties) > 20
    for nom, gabarit in gabarits.items():
        document = next(s for s in sorties if f"_{nom}" in s.stem)
        capsys.readouterr()
        assert executer(["formulaire", "certifier", str(gabarit), str(document), "--json"]) == 0
        comparaison = Comparaison.model_validate_json(
            json.dumps({k: v for k, v in json.loads(capsys.readouterr().out).items() if k != "resume"})
        )
        assert comparaison.saisies > 50
        assert [c for c in comparaison.constats if c.gravite == "atteinte"] == []


def test_la_commande_dit_les_lieux_et_rend_1(gabarit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = gabarit.with_name("document.docx")
    document.write_bytes(ecrire(corps(nom="Prénom : Martin"), entete=ENTETE))
    assert executer(["formulaire", "certifier", str(gabarit), str(document)]) == 1
    dit = capsys.readouterr().out
    assert "1 texte changé (" in dit
    assert "paragraphe 2 : Nom : → Prénom : Martin" in dit


@pytest.mark.parametrize("quoi", ["absent.docx", "texte.docx", "gabarit.xlsx"])
def test_un_fichier_illisible_rend_2(gabarit: Path, quoi: str, capsys: pytest.CaptureFixture[str]) -> None:
    document = gabarit.with_name(quoi)
    if quoi == "texte.docx":
        document.write_text("pas un zip")
    elif quoi == "gabarit.xlsx":
        document.write_bytes(next((RACINE / "gabarits").glob("*/*.xlsx")).read_bytes())
    assert executer(["formulaire", "certifier", str(gabarit), str(document)]) == 2
    assert capsys.readouterr().err.count(".") >= 2


def test_une_case_d_autrefois_cochee_est_une_saisie(tmp_path: Path) -> None:
    case = '<w:checkBox><w:sizeAuto/><w:default w:val="0"/>{}</w:checkBox>'
    for nom, etat in (("gabarit", ""), ("document", "<w:checked/>")):
        contenu = ecrire(p(r("Accueil temporaire "), champ("Case1", "FORMCHECKBOX", case.format(etat))))
        (tmp_path / f"{nom}.docx").write_bytes(contenu)
    comparaison = certifier_fichiers(tmp_path / "gabarit.docx", tmp_path / "document.docx")
    assert (comparaison.constats, comparaison.saisies) == ([], 1)
