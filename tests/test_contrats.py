"""Ce que tout le dépôt tient : schémas à jour, modèles purs, modules courts, noms en ASCII."""

import ast
import re
from pathlib import Path

import pytest

import cpomdocs
from cpomdocs import schemas

RACINE = Path(__file__).parents[1]
MODULES = sorted((RACINE / "cpomdocs").rglob("*.py"))
OUTILS = sorted((RACINE / "outils").rglob("*.py"))
IMPURS = {
    "openpyxl",
    "docx",
    "docxtpl",
    "xlsxwriter",
    "lxml",
    "zipfile",
    "pathlib",
    "os",
    "shutil",
    "rich",
    "typer",
}


@pytest.mark.parametrize("nom", sorted(schemas.produire()))
def test_les_schemas_publies_sont_a_jour(nom: str) -> None:
    attendu = schemas.produire()[nom]
    assert (RACINE / "schemas" / nom).read_bytes() == attendu, "lancer « make schemas »"


def test_la_surface_publique() -> None:
    assert cpomdocs.__all__ == [
        "Anomalie", "DocumentProduit", "ErreurCpomdocs", "Rapport", "__version__", "controler", "generer",
    ]  # fmt: skip
    assert all(getattr(cpomdocs, nom) for nom in cpomdocs.__all__)


@pytest.mark.parametrize("module", [m for m in MODULES if "modeles" in m.parts], ids=lambda m: m.name)
def test_les_modeles_ignorent_office_le_disque_et_la_console(module: Path) -> None:
    assert not importes(module) & IMPURS


@pytest.mark.parametrize("module", [m for m in MODULES if "plan" in m.parts], ids=lambda m: m.name)
def test_le_plan_ne_touche_aucun_fichier(module: Path) -> None:
    assert not importes(module) & IMPURS


@pytest.mark.parametrize("module", [m for m in MODULES if "certificat" in m.parts], ids=lambda m: m.name)
def test_la_verification_de_conformite_ignore_le_remplissage(module: Path) -> None:
    arbre = ast.parse(module.read_text(encoding="utf-8"))
    origines = [n.module or "" for n in ast.walk(arbre) if isinstance(n, ast.ImportFrom)]
    assert not [o for o in origines if o.startswith("cpomdocs.remplissage")]


@pytest.mark.parametrize("module", MODULES + OUTILS, ids=lambda m: m.name)
def test_modules_courts_et_noms_en_ascii(module: Path) -> None:
    texte = module.read_text(encoding="utf-8")
    assert len(texte.splitlines()) <= 310
    noms = {n.id for n in ast.walk(ast.parse(texte)) if isinstance(n, ast.Name)}
    assert all(nom.isascii() for nom in noms)


@pytest.mark.parametrize("repertoire", sorted({m.parent for m in MODULES}), ids=lambda r: r.name)
def test_douze_modules_au_plus_par_paquet(repertoire: Path) -> None:
    modules = [m for m in repertoire.glob("*.py") if not m.name.startswith("__")]
    limite = 12
    assert len(modules) <= limite


def test_tout_ce_qui_est_public_a_une_docstring() -> None:
    nus = [
        f"{module.name}:{noeud.name}"
        for module in MODULES
        for noeud in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(noeud, ast.FunctionDef | ast.ClassDef)
        and not noeud.name.startswith("_")
        and ast.get_docstring(noeud) is None
        and not est_interne(noeud, module)
    ]
    assert nus == []


def est_interne(noeud: ast.AST, module: Path) -> bool:
    """Vrai pour ce qui est défini dans une fonction ou dans une classe privée."""
    arbre = ast.parse(module.read_text(encoding="utf-8"))
    return any(
        enfant.lineno == noeud.lineno
        for parent in ast.walk(arbre)
        if isinstance(parent, ast.FunctionDef)
        or (isinstance(parent, ast.ClassDef) and parent.name.startswith("_"))
        for enfant in ast.walk(parent)
        if enfant is not parent and hasattr(enfant, "lineno") and type(enfant) is type(noeud)
    )


def test_aucune_adresse_de_registre_ni_chemin_de_machine() -> None:
    fautifs = [
        str(f.relative_to(RACINE))
        for motif in ("*.toml", "*.txt", "*.md", "*.py", "Makefile", ".ci/run")
        for f in RACINE.rglob(motif)
        if not {".venv", ".git", "cpom-demo"} & set(f.parts)
        and f.name != "test_contrats.py"
        and re.search(r"pypi\.org|simple/|/work/|/root/|registry\.", f.read_text(encoding="utf-8"))
    ]
    assert fautifs == []


def importes(module: Path) -> set[str]:
    arbre = ast.parse(module.read_text(encoding="utf-8"))
    directs = {a.name.split(".")[0] for n in ast.walk(arbre) if isinstance(n, ast.Import) for a in n.names}
    return directs | {
        (n.module or "").split(".")[0] for n in ast.walk(arbre) if isinstance(n, ast.ImportFrom)
    }
