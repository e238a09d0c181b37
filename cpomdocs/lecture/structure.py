"""Les anomalies de structure : feuille, en-têtes ou colonnes introuvables, et le nom le plus proche."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cpomdocs.lecture.valeurs.textes import plus_proche
from cpomdocs.modeles.base import InfoChamp, Source
from cpomdocs.rapport import Anomalie, Gravite

_INDISPENSABLES = frozenset({"parametres", "etablissements"})
_PREPARER = "Revenir au classeur d’origine, ou en créer un neuf et y recopier les données."


def feuille_absente(collection: str, feuille: str, inconnues: Iterable[str]) -> Anomalie:
    """La feuille d’une entité n’existe pas : une information, plus grave si elle semble renommée."""
    proche = plus_proche(feuille, inconnues)
    gravite: Gravite = "avertissement" if proche else "information"
    return Anomalie(
        code="LC-01",
        gravite="bloquante" if collection in _INDISPENSABLES else gravite,
        message=f"La feuille « {feuille} » est introuvable."
        + (f" La plus proche est « {proche} »." if proche else ""),
        remede=f"Renommer « {proche} » en « {feuille} »." if proche else _PREPARER,
        champ=collection,
        libelle=feuille,
        sources=(Source(feuille=feuille, cellule="A1"),),
    )


def feuille_illisible(collection: str, feuille: str, message: str, remede: str) -> Anomalie:
    """La feuille existe et ne peut pas être lue."""
    lieu = Source(feuille=feuille, cellule="A1")
    return Anomalie(
        code="LC-02", gravite="bloquante", message=message, remede=remede, champ=collection, sources=(lieu,)
    )


def entetes_absents(collection: str, feuille: str, champs: Sequence[InfoChamp]) -> Anomalie:
    """La feuille existe, aucun en-tête n’y est reconnu."""
    attendus = ", ".join(f"« {info.libelle} »" for info in champs[:4])
    return feuille_illisible(
        collection,
        feuille,
        f"Dans « {feuille} », la ligne d’en-têtes est introuvable (attendus : {attendus}…).",
        "Remettre les libellés d’origine au-dessus des données.",
    )


def colonnes_absentes(
    collection: str,
    lieu: Source,
    absents: Sequence[InfoChamp],
    inconnus: Sequence[str],
    quoi: str = "La colonne",
) -> list[Anomalie]:
    """Une anomalie par colonne utile ou renommée ; une seule, d’information, pour les autres."""
    anomalies: list[Anomalie] = []
    discretes: list[InfoChamp] = []
    for info in absents:
        proche = plus_proche(info.libelle, inconnus)
        if proche is None and not info.obligatoire:
            discretes.append(info)
            continue
        anomalies.append(
            Anomalie(
                code="LC-03",
                gravite="bloquante" if info.cle and info.obligatoire else "avertissement",
                message=f"{quoi} « {info.libelle} » est introuvable dans « {lieu.feuille} »."
                + (f" Le nom le plus proche est « {proche} »." if proche else ""),
                remede=f"Renommer « {proche} » en « {info.libelle} »."
                if proche
                else f"Ajouter « {info.libelle} » à la suite des autres.",
                champ=f"{collection}.{info.nom}",
                libelle=info.libelle,
                sources=(lieu,),
            )
        )
    if discretes:
        anomalies.append(_facultatives(collection, lieu, discretes, quoi))
    return anomalies


def _facultatives(collection: str, lieu: Source, absents: Sequence[InfoChamp], quoi: str) -> Anomalie:
    noms = ", ".join(f"« {info.libelle} »" for info in absents)
    sujet = quoi if len(absents) == 1 else "Colonnes" if quoi == "La colonne" else "Rubriques"
    verbe = "facultative absente" if len(absents) == 1 else "facultatives absentes"
    return Anomalie(
        code="LC-03",
        gravite="information",
        message=f"{sujet} {verbe} de « {lieu.feuille} » : {noms}.",
        remede="Rien à faire si ces données ne servent pas.",
        champ=f"{collection}.{absents[0].nom}",
        libelle=absents[0].libelle,
        sources=(lieu,),
    )


def colonne_double(collection: str, info: InfoChamp, gardee: Source, ignoree: Source) -> Anomalie:
    """Deux colonnes portent le même libellé : la première est lue, la seconde ne l’est pas."""
    return Anomalie(
        code="LC-04",
        gravite="avertissement",
        message=f"La colonne « {info.libelle} » est en double dans « {gardee.feuille} » : "
        f"{gardee.cellule} est lue, {ignoree.cellule} ne l’est pas.",
        remede="Supprimer ou renommer l’une des deux.",
        champ=f"{collection}.{info.nom}",
        libelle=info.libelle,
        sources=(gardee, ignoree),
    )


def aucun_etablissement(ou: Source) -> Anomalie:
    """La feuille des établissements est vide : aucun document ne peut en sortir."""
    return Anomalie(
        code="LC-14",
        gravite="bloquante",
        message="Aucun établissement n’est saisi.",
        remede=f"Saisir une ligne par établissement dans la feuille « {ou.feuille} ».",
        champ="etablissements.code",
        libelle="Code",
        sources=(ou,),
    )
