"""Ce que le plan trouve à redire, et les données qui manquent, chacune avec la cellule à remplir."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cpomdocs.formulaires.catalogue import Formulaire
from cpomdocs.modeles.chemins import Contexte, Valeur
from cpomdocs.rapport import Anomalie


def anomalie_bloquante(
    code: str, formulaire: Formulaire, contexte: Contexte, message: str, remede: str
) -> Anomalie:
    """Une anomalie qui empêche de remettre ce document."""
    return Anomalie(
        code=code,
        gravite="bloquante",
        etablissement=contexte.etablissement.code if contexte.etablissement else None,
        formulaire=formulaire.nom,
        message=message,
        remede=remede or None,
    )


def manques(valeurs: Iterable[Valeur], formulaire: Formulaire, contexte: Contexte) -> Iterator[Anomalie]:
    """Une anomalie par donnée attendue et vide ; deux cases du même champ n’en font qu’une."""
    for valeur in dict.fromkeys(v for v in valeurs if v.etat == "vide"):
        ou = _ou(valeur)
        yield Anomalie(
            code="DM-01",
            gravite="bloquante" if valeur.obligatoire else "avertissement",
            etablissement=contexte.etablissement.code if contexte.etablissement else None,
            formulaire=formulaire.nom,
            champ=valeur.champ,
            libelle=valeur.libelle,
            sources=valeur.sources,
            message=f"« {valeur.libelle} » n’est pas renseigné{ou}.",
            remede=_remede(valeur),
        )


def _ou(valeur: Valeur) -> str:
    if not valeur.sources:
        return ""
    premiere = valeur.sources[0]
    autres = f" (et {len(valeur.sources) - 1} autres)" if len(valeur.sources) > 1 else ""
    return f" : feuille « {premiere.feuille} », cellule {premiere.cellule}{autres}"


def _remede(valeur: Valeur) -> str:
    if valeur.entite is None:
        return "Ajouter la ligne (« cpomdocs classeur preparer » la propose), ou la saisir dans la feuille."
    return "Saisir la valeur, ou « SO » si elle est sans objet."
