"""Lire un fichier TOML dans un modèle, et dire ses fautes en français (les bibliothèques : en anglais)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from cpomdocs.erreurs import ErreurCpomdocs, motif

_Modele = TypeVar("_Modele", bound=BaseModel)

_SYNTAXE = {
    "Invalid value": "la valeur n’est pas reconnue (un texte s’écrit entre guillemets)",
    "Cannot overwrite a value": "la même clé est écrite deux fois",
    "Cannot declare": "la même rubrique est écrite deux fois",
    "Expected '=' after a key": "il manque le signe « = » après la clé",
    "Expected newline": "deux indications sont sur la même ligne",
    "Illegal character": "un guillemet n’est pas fermé, ou un caractère n’est pas admis",
    "Unclosed array": "un crochet n’est pas fermé",
    "Unclosed inline table": "une accolade n’est pas fermée",
    "Expected ']'": "un crochet n’est pas fermé",
    "Unterminated string": "un guillemet n’est pas fermé",
    "Unescaped '\\'": "une barre oblique inverse s’écrit « \\\\ » entre guillemets",
}
_ATTENDUS = {
    "missing": "manque",
    "extra_forbidden": "n’est pas prévu ici",
    "string_type": "un texte entre guillemets est attendu",
    "string_pattern_mismatch": "n’a pas la forme attendue",
    "bool_type": "true ou false est attendu",
    "bool_parsing": "true ou false est attendu",
    "list_type": "une liste, entre crochets, est attendue",
}
_VERBES = {_ATTENDUS["missing"], _ATTENDUS["extra_forbidden"], _ATTENDUS["string_pattern_mismatch"]}
_FAMILLES = {
    "int": "un nombre entier est attendu",
    "float": "un nombre est attendu",
    "decimal": "un nombre est attendu",
    "dict": "une table, entre accolades, est attendue",
    "model": "une table, entre accolades, est attendue",
}
_BORNES = {
    "greater_than_equal": ("au moins", "ge"),
    "greater_than": ("plus de", "gt"),
    "less_than_equal": ("au plus", "le"),
    "less_than": ("moins de", "lt"),
    "literal_error": ("valeurs admises :", "expected"),
}
_OU = re.compile(r"\(at line (\d+), column (\d+)\)")
_RUSE = re.compile(r"^(\[key\]|str|int|bool|[A-Z][A-Za-z]+)$")


def lire_toml(fichier: Path, modele: type[_Modele], nom: str, erreur: type[ErreurCpomdocs]) -> _Modele:
    """Le contenu de `fichier`, validé. Lève `erreur`, toutes les fautes dites ; `nom` le désigne."""
    try:
        brut = tomllib.loads(fichier.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as faute:
        raise erreur(f"{nom} ne se lit pas, {_situer(str(faute))}.", "Corriger cette ligne.") from None
    except UnicodeDecodeError:
        raise erreur(f"{nom} n’est pas un texte en UTF-8.", "L’enregistrer en texte UTF-8.") from None
    except FileNotFoundError:
        raise erreur(f"{nom} est absent.", "L’écrire, ou retirer ce répertoire.") from None
    except OSError as faute:
        raise erreur(
            f"{nom} ne peut pas être lu : {motif(faute)}.", "Vérifier les droits du dossier."
        ) from None
    try:
        return modele.model_validate(brut)
    except ValidationError as faute:
        raise erreur(f"{nom} : {_fautes(faute)}.", "Corriger ces indications.") from None


def _situer(message: str) -> str:
    raison = next(
        (fr for en, fr in _SYNTAXE.items() if message.startswith(en)), "l’écriture n’est pas admise"
    )
    trouve = _OU.search(message)
    return f"ligne {trouve[1]}, colonne {trouve[2]} : {raison}" if trouve else f"à la fin : {raison}"


def _fautes(erreur: ValidationError) -> str:
    """Une faute par endroit ; les essais manqués d’un même endroit se rejoignent."""
    fautes: dict[str, dict[str, None]] = {}
    for detail in erreur.errors(include_url=False):
        fautes.setdefault(_endroit(detail["loc"]), {})[_faute(detail)] = None
    return " ; ".join(f"« {endroit} »{_joindre(raisons)}" for endroit, raisons in fautes.items())


def _joindre(raisons: Iterable[str]) -> str:
    textes = list(raisons)
    seul = len(textes) == 1 and textes[0] in _VERBES
    return f" {textes[0]}" if seul else f" : {' ou '.join(textes)}"


def _endroit(lieu: tuple[int | str, ...]) -> str:
    """Le chemin dans le fichier : « tableaux n° 1, lignes », sans les détours de la bibliothèque."""
    suite: list[str] = []
    for rang, partie in enumerate(lieu):
        if isinstance(partie, int):
            suite[-1] += f" n° {partie + 1}"
        elif rang == 0 or _RUSE.match(partie) is None:
            suite.append(partie)
    return ", ".join(suite)


def _faute(detail: ErrorDetails) -> str:
    genre, contexte = detail["type"], detail.get("ctx", {})
    if genre in _ATTENDUS:
        return _ATTENDUS[genre]
    if genre in _BORNES:
        mots, cle = _BORNES[genre]
        return f"{mots} {_francais(contexte, cle)}"
    if genre == "value_error":
        return str(contexte.get("error"))
    famille = next((texte for debut, texte in _FAMILLES.items() if genre.startswith(debut)), None)
    return famille or "la valeur n’est pas admise"


def _francais(contexte: Mapping[str, Any], cle: str) -> str:
    return str(contexte.get(cle, "")).replace(" or ", " ou ")
