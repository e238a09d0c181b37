"""Ce que la veille dit, en une ligne courte."""

from __future__ import annotations

from cpomdocs.rapport import Rapport, Statut

_ECRITS: tuple[Statut, ...] = ("cree", "remplace")
_ECRITURES = ("EC-01", "EC-02")
"""Les anomalies d’un fichier qui n’a pas pu être écrit."""
_AUTRES: dict[Statut, tuple[str, str]] = {
    "conflit": ("modifié à la main", "modifiés à la main"),
    "verrouille": ("ouvert ailleurs", "ouverts ailleurs"),
    "erreur": ("non produit", "non produits"),
}


def nombre_ecrits(rapport: Rapport) -> int:
    """Le nombre de documents que la passe a créés ou remplacés."""
    return sum(rapport.resume.documents.get(statut, 0) for statut in _ECRITS)


def reste_a_ecrire(rapport: Rapport) -> bool:
    """Vrai si le disque a refusé ce qu’il acceptera peut-être plus tard : fichier ouvert, place libérée."""
    verrouilles = rapport.resume.documents.get("verrouille", 0)
    return verrouilles > 0 or any(a.code in _ECRITURES for a in rapport.anomalies)


def resumer(rapport: Rapport) -> str:
    """La passe en une ligne : « 2 documents mis à jour, 1 à corriger »."""
    ecrits = nombre_ecrits(rapport)
    if ecrits:
        morceaux = [f"{ecrits} documents mis à jour" if ecrits > 1 else "1 document mis à jour"]
    else:
        morceaux = ["aucun document à changer"]
    for statut, (un, plusieurs) in _AUTRES.items():
        nombre = rapport.resume.documents.get(statut, 0)
        morceaux += [f"{nombre} {plusieurs if nombre > 1 else un}"] if nombre else []
    bloquantes = rapport.resume.anomalies.get("bloquante", 0)
    morceaux += [f"{bloquantes} à corriger"] if bloquantes else []
    return ", ".join(morceaux)
