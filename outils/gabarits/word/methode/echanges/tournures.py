"""Ce qu’un document écrit à la place d’une donnée attendue qui manque."""

from __future__ import annotations


def attendu(nom: str, secours: str) -> str:
    """La donnée, ou ces mots quand elle est vide. Contrairement à `default`, le contrôle la réclame."""
    return f"{{{{ {nom} }}}}{{% if not {nom} %}}{secours}{{% endif %}}"
