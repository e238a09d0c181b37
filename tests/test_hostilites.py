"""Un classeur maître hostile, de bout en bout : rien n’est exécuté, perdu, ni écrit hors de « sorties »."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import docx
import openpyxl
import pytest
from fabriques import des_donnees, poser_classeur, poser_formulaire

from cpomdocs import Rapport, generer
from cpomdocs.modeles.entites.identite import Etablissement

# Par code d’établissement : ce que la personne a tapé comme nom, et ce que les documents doivent montrer.
TAPES = {
    "FORMULE": '=HYPERLINK("http://exemple.invalid";"clic")',
    "SOMME": "=1+1",
    "AROBASE": "@SUM(A1)",
    "PLUS": "+33 5 00 00 00 00",
    "JINJA": "{{ 7*7 }} {% for x in y %} {# tu #}",
    "BALISE": "<w:p><b>gras</b></w:p> & ]]> &amp;",
    "CHEMIN": "../../x",
    "ECHAPPE": "avant_x000D_après _x0041_",
    "EMOJI": "Équipe 👩\u200d⚕️ 🇫🇷 \U0001d518",
    "BIDI": "abc\u202egnp.exe\u202c עברית",
    "FORMAT": "100 % %s {0} ${x} \\n \\1",
    "GUILLEMET": '\'=2+2 "et" ’',
    "ESPACES": "deux  espaces",
    "LIGNES": "première\nseconde",
}
LONG = "L" * 39_990 + "FIN"
CONTROLE = "avant\x07après"
EXCEL = '[cases]\n"Fiche!B1" = "etablissement.nom"\n'
WORD = '[cases]\n"libelle:Nom" = "etablissement.nom"\n'


def un_word(balise: str = "") -> bytes:
    """Un tableau « Nom | case », et le paragraphe balisé demandé."""
    document = docx.Document()
    document.add_table(1, 2).cell(0, 0).text = "Nom"
    document.add_paragraph(balise)
    tampon = io.BytesIO()
    document.save(tampon)
    return tampon.getvalue()


def poser_textes(dossier: Path, textes: dict[str, str]) -> None:
    """Un établissement par texte ; le nom est écrit dans les octets, tel qu’Excel l’aurait enregistré."""
    marques = {code: f"MARQUE{rang:02}X" for rang, code in enumerate(textes)}
    classeur = poser_classeur(
        dossier, des_donnees(*(Etablissement(code=c, nom=m) for c, m in marques.items()))
    )
    with zipfile.ZipFile(classeur) as archive:
        parties = {info: archive.read(info) for info in archive.infolist()}
    with zipfile.ZipFile(classeur, "w", zipfile.ZIP_DEFLATED) as archive:
        for info, octets in parties.items():
            if info.filename == "xl/sharedStrings.xml":
                for code, marque in marques.items():
                    octets = octets.replace(marque.encode(), enregistre(textes[code]).encode())
            archive.writestr(info.filename, octets)


def enregistre(texte: str) -> str:
    """Le texte comme Excel l’enregistre (ECMA-376, ST_Xstring) : `_x…_` protégé, contrôles échappés."""
    protege = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", texte)
    return re.sub(r"[\x00-\x08\x0b-\x1f]", lambda c: f"_x{ord(c[0]):04X}_", escape(protege))


def poser_trois_genres(dossier: Path) -> None:
    poser_formulaire(dossier, "tableur", EXCEL)
    poser_formulaire(dossier, "lettre", WORD, gabarit=un_word(), fichier="lettre.docx")
    balise = un_word("Nom : {{ etablissement.nom }}.")
    poser_formulaire(dossier, "contrat", "", gabarit=balise, fichier="contrat.docx", balises="true")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Rapport]:
    racine = tmp_path_factory.mktemp("hostile")
    poser_trois_genres(racine / "dossier")
    poser_textes(racine / "dossier", {**TAPES, "LONG": LONG, "CONTROLE": CONTROLE})
    return racine, generer(racine / "dossier")


def montre(racine: Path, code: str, nom: str) -> str | None:
    """Ce que le document montre à la place du nom, relu sans le code qui l’a écrit."""
    chemin = racine / "dossier" / "sorties" / code / f"{code}_{nom}"
    if chemin.suffix == ".xlsx":
        cellule = openpyxl.load_workbook(chemin)["Fiche"]["B1"]
        assert cellule.data_type in ("s", "n")
        return cellule.value and cellule.value.replace("_x005F_", "_")  # openpyxl laisse cet échappement
    document = docx.Document(str(chemin))
    if nom.startswith("lettre"):
        return document.tables[0].cell(0, 1).text or None
    return document.paragraphs[-1].text.removeprefix("Nom : ").removesuffix(".")


@pytest.mark.parametrize("nom", ["tableur.xlsx", "lettre.docx", "contrat.docx"])
@pytest.mark.parametrize("code", TAPES)
def test_un_texte_reste_un_texte(hostile: tuple[Path, Rapport], code: str, nom: str) -> None:
    assert montre(hostile[0], code, nom) == TAPES[code]


def test_aucune_formule_ni_champ_ni_lien_dans_les_documents(hostile: tuple[Path, Rapport]) -> None:
    for document in (hostile[0] / "dossier/sorties").rglob("*/*.*"):
        with zipfile.ZipFile(document) as archive:
            parties = {n: archive.read(n) for n in archive.namelist() if n.endswith((".xml", ".rels"))}
        for nom, octets in parties.items():
            assert b"exemple.invalid" not in octets or nom.endswith(
                ("sheet1.xml", "document.xml", "Strings.xml")
            )
            assert not re.search(
                rb"<f[ >]|<w:(fldSimple|instrText|hyperlink)|TargetMode=\"External\"", octets
            )


@pytest.mark.parametrize("nom", ["lettre.docx", "contrat.docx"])
def test_un_texte_de_40000_caracteres_est_entier_dans_word(hostile: tuple[Path, Rapport], nom: str) -> None:
    assert montre(hostile[0], "LONG", nom) == LONG


def test_un_texte_trop_long_pour_excel_est_signale_jamais_tronque(hostile: tuple[Path, Rapport]) -> None:
    assert montre(hostile[0], "LONG", "tableur.xlsx") is None
    (refus,) = (a for a in hostile[1].anomalies if a.etablissement == "LONG" and a.formulaire == "tableur")
    assert refus.gravite == "bloquante" and "39" in refus.message and "32" in refus.message
    assert refus.sources[0].feuille == "Établissements" and refus.remede


@pytest.mark.parametrize("nom", ["tableur.xlsx", "lettre.docx", "contrat.docx"])
def test_un_caractere_de_controle_est_signale_ou_garde(hostile: tuple[Path, Rapport], nom: str) -> None:
    signale = [a for a in hostile[1].anomalies if a.etablissement == "CONTROLE" or "contrôle" in a.message]
    assert signale and all(a.remede for a in signale)
    assert montre(hostile[0], "CONTROLE", nom) in (None, "", CONTROLE, "avantaprès")


def test_tout_est_produit_et_rien_n_est_ecrit_ailleurs(hostile: tuple[Path, Rapport]) -> None:
    racine, rapport = hostile
    assert {d.statut for d in rapport.documents} == {"cree"}
    assert {p.name for p in racine.iterdir()} == {"dossier"}
    permis = {"classeur-maitre.xlsx", "gabarits", "sorties", ".cpomdocs"}
    assert {p.name for p in (racine / "dossier").iterdir()} == permis
    ecrits = {p.relative_to(racine / "dossier").as_posix() for p in (racine / "dossier/sorties").rglob("*.*")}
    assert ecrits == {d.chemin for d in rapport.documents} | {"sorties/controle.xlsx"}


def test_le_controle_montre_les_textes_sans_les_executer(hostile: tuple[Path, Rapport]) -> None:
    livre = openpyxl.load_workbook(hostile[0] / "dossier/sorties/controle.xlsx")
    textes = [c for page in livre for ligne in page.iter_rows() for c in ligne if isinstance(c.value, str)]
    assert textes and not [
        c for c in textes if c.data_type == "f" and not c.value.startswith('=HYPERLINK("#')
    ]


@pytest.mark.parametrize(
    "code", ["../../x", "..", "a/b", "a\\b", "CON", "nul.txt", "x" * 300, "fin.", "a\u202eb"]
)
def test_un_code_hostile_n_ecrit_nulle_part(tmp_path: Path, code: str) -> None:
    dossier = tmp_path / "dossier"
    poser_formulaire(dossier, "tableur", EXCEL)
    poser_classeur(
        dossier, des_donnees(Etablissement(code=code, nom="x"), Etablissement(code="BON", nom="y"))
    )
    rapport = generer(dossier)
    statuts = {d.etablissement: d.statut for d in rapport.documents}
    assert statuts.pop("BON") == "cree" and set(statuts.values()) <= {"erreur"}
    assert any(a.gravite == "bloquante" and a.remede for a in rapport.anomalies if a.etablissement != "BON")
    assert [p.name for p in tmp_path.iterdir()] == ["dossier"]
    assert {p.name for p in (dossier / "sorties").iterdir()} == {"BON", "controle.xlsx"}
