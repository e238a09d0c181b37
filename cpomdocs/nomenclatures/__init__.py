"""Les nomenclatures : des codes, des libellés et des faits qui changent, tenus en TOML et non en Python.

Chaque fichier TOML porte plusieurs nomenclatures :

    [versions]
    source = "…"
    [versions.codes]
    reel = "Réel"                                        # un libellé
    HP = { libelle = "Hébergement permanent", … }        # ou un libellé et d’autres renseignements
"""

from __future__ import annotations

import tomllib
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any


@cache
def _toutes() -> dict[str, dict[str, dict[str, Any]]]:
    """Toutes les nomenclatures : nom → code → renseignements (dont `libelle`)."""
    trouvees: dict[str, dict[str, dict[str, Any]]] = {}
    for fichier in sorted(resources.files(__name__).iterdir(), key=lambda f: f.name):
        if fichier.name.endswith(".toml"):
            tables = tomllib.loads(fichier.read_text(encoding="utf-8"), parse_float=Decimal)
            for nom, table in tables.items():
                codes = table["codes"].items()
                trouvees[nom] = {code: {"libelle": v} if isinstance(v, str) else v for code, v in codes}
    return trouvees


def details(nom: str) -> dict[str, dict[str, Any]]:
    """Code → renseignements d’une nomenclature. Lève `KeyError` si elle n’existe pas."""
    return _toutes()[nom]


@cache
def nomenclature(nom: str) -> dict[str, str]:
    """Code → libellé d’une nomenclature, dans l’ordre du fichier. Lève `KeyError` si elle n’existe pas."""
    return {code: str(renseignements["libelle"]) for code, renseignements in details(nom).items()}


def noms() -> tuple[str, ...]:
    """Les noms de toutes les nomenclatures."""
    return tuple(_toutes())


def libelle(nom: str, code: str | None) -> str | None:
    """Le libellé d’un code, ou le code lui-même s’il n’est pas dans la nomenclature."""
    return None if code is None else nomenclature(nom).get(code, code)


@cache
def comptes_de(formule: str) -> tuple[str, ...]:
    """Les débuts de comptes qu’une formule budgétaire emploie (nomenclature « formules_comptables »)."""
    return tuple(details("formules_comptables")[formule]["comptes"])


@cache
def imputation(compte: str) -> tuple[str, str] | None:
    """Le sens (« charge », « produit ») et le groupe (« I », « II », « III ») d’un compte : le plus long
    préfixe du plan comptable l’emporte ; `None` si aucun ne convient."""
    plan = details("plan_comptable")
    for longueur in range(len(compte), 0, -1):
        regle = plan.get(compte[:longueur])
        if regle is not None:
            return str(regle["sens"]), str(regle["groupe"])
    return None
