"""Ce que le plan trouve à redire, et les données qui manquent, chacune avec la cellule à remplir."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from cpomdocs.formulaires.catalogue import Formulaire
from cpomdocs.modeles.base import infos
from cpomdocs.modeles.chemins import Contexte, Valeur, lire_chemin, modele_de, resoudre
from cpomdocs.modeles.dossier import FICHES
from cpomdocs.nomenclatures import nomenclature
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
    """Une anomalie par donnée attendue et vide, et une seule pour toutes celles d’une ligne absente.

    Deux cases du même champ n’en font qu’une.
    """
    absentes: dict[str, list[Valeur]] = {}
    vides = list(dict.fromkeys(v for v in valeurs if v.etat == "vide"))
    annee = _annee_n(vides, contexte)
    if annee is not None:
        vides = [
            annee,
            *(v for v in vides if v.champ != annee.champ and _ANNEE_RELATIVE.search(v.champ) is None),
        ]
    for valeur in vides:
        ligne = _ligne_attendue(valeur)
        if ligne is not None:
            absentes.setdefault(ligne, []).append(valeur)
        else:
            yield _manque([valeur], valeur.champ, _vide(valeur), _A_SAISIR, formulaire, contexte)
    for ligne, reunies in absentes.items():
        champ = reunies[0].champ if len(reunies) == 1 else ligne
        yield _manque(reunies, champ, _ligne_absente(ligne, reunies), _A_AJOUTER, formulaire, contexte)


def _annee_n(vides: Sequence[Valeur], contexte: Contexte) -> Valeur | None:
    """L’année N, quand son absence est la seule raison d’autres manques."""
    if contexte.dossier.parametres.annee_n is not None:
        return None
    if not any(_ANNEE_RELATIVE.search(v.champ) for v in vides):
        return None
    return replace(resoudre(lire_chemin(_ANNEE_N), contexte), obligatoire=True)


_ANNEE_N = "parametres.annee_n"
_ANNEE_RELATIVE = re.compile(r"annee=N\b")
_A_SAISIR = "Saisir la valeur, ou « SO » si elle est sans objet."
_A_AJOUTER = "Ajouter la ligne (« cpomdocs classeur preparer » la propose), ou la saisir dans la feuille."


def _manque(
    valeurs: Sequence[Valeur],
    champ: str,
    message: str,
    remede: str,
    formulaire: Formulaire,
    contexte: Contexte,
) -> Anomalie:
    propre = re.split(r"[.\[]", champ, maxsplit=1)[0] not in FICHES
    return Anomalie(
        code="DM-01",
        gravite="bloquante" if any(v.obligatoire for v in valeurs) else "avertissement",
        etablissement=contexte.etablissement.code if contexte.etablissement and propre else None,
        formulaire=formulaire.nom,
        champ=champ,
        libelle=", ".join(dict.fromkeys(v.libelle for v in valeurs)),
        sources=tuple(dict.fromkeys(s for v in valeurs for s in v.sources)),
        message=message,
        remede=remede,
    )


def _vide(valeur: Valeur) -> str:
    info = infos(type(valeur.entite)).get(valeur.champ.rpartition(".")[2]) if valeur.entite else None
    calcule = info is not None and info.calcule
    quoi = "ne peut pas être calculé" if calcule else "n’est pas renseigné"
    if not valeur.sources:
        return f"« {valeur.libelle} » {quoi}."
    premiere, autres = valeur.sources[0], len(valeur.sources) - 1
    suite = f" (et {autres} autre{'s' if autres > 1 else ''})" if autres else ""
    cellule = f"cellule {premiere.cellule}{suite}{' à remplir' if calcule else ''}"
    return f"« {valeur.libelle} » {quoi} : feuille « {premiere.feuille} », {cellule}."


def _ligne_attendue(valeur: Valeur) -> str | None:
    """La ligne où la donnée se saisirait (« activite[annee=2025, modalite=HP] »), si elle n’existe pas."""
    if valeur.entite is not None or "[" not in valeur.champ:
        return None
    return valeur.champ.rpartition("].")[0] + "]"


def _ligne_absente(ligne: str, valeurs: Sequence[Valeur]) -> str:
    chemin = lire_chemin(ligne)
    connus = infos(modele_de(chemin))
    cles = ", ".join(_en_mots(connus[cle].liste, voulue) for cle, voulue in chemin.selecteurs)
    sources = valeurs[0].sources
    feuille = f" dans la feuille « {sources[0].feuille} »" if sources else ""
    libelles = [f"« {libelle} »" for libelle in dict.fromkeys(v.libelle for v in valeurs)]
    if len(libelles) > _LIBELLES_MONTRES:
        libelles[_LIBELLES_MONTRES - 1 :] = [f"{len(libelles) - _LIBELLES_MONTRES + 1} autres données"]
    *debut, dernier = libelles
    donnees = f"{', '.join(debut)} et {dernier}" if debut else dernier
    return f"Il manque la ligne « {cles} »{feuille}, pour {donnees}."


_LIBELLES_MONTRES = 4


def _en_mots(liste: str | None, voulue: str) -> str:
    return nomenclature(liste).get(voulue, voulue) if liste else voulue
