"""Les balances collées comme le logiciel de comptabilité les donne : compte, libellé, montant, établissement.

Elles se collent, en-têtes compris, dans une feuille dont le nom commence par « Balance ». L’année, la version
et l’établissement qui manquent dans les colonnes se lisent dans ce nom : « Balance 2025 réel EHPAD1 ».
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from cpomdocs.lecture import structure
from cpomdocs.lecture.garde import Place
from cpomdocs.lecture.grilles import Grille
from cpomdocs.lecture.lignes import Colonne, LecteurDeLignes, Lecture
from cpomdocs.lecture.localisation import trouver_tableau
from cpomdocs.lecture.valeurs.conversion import Attente
from cpomdocs.lecture.valeurs.listes import liste
from cpomdocs.lecture.valeurs.textes import normaliser
from cpomdocs.modeles.base import InfoChamp
from cpomdocs.modeles.dossier import SAISIES
from cpomdocs.modeles.types import ValeurSimple
from cpomdocs.office.adresses import lettres_colonne
from cpomdocs.rapport import Anomalie

COLLECTION = "comptes"
_DEBUT = "balance"
_ANNEE = re.compile(r"\b(?:19|20)[0-9]{2}\b")
_SYNONYMES = {
    "numero de compte": "compte",
    "no de compte": "compte",
    "no compte": "compte",
    "n compte": "compte",
    "code compte": "compte",
    "libelle": "intitule",
    "libelle du compte": "intitule",
    "intitule du compte": "intitule",
    "solde": "montant",
    "code etablissement": "etablissement",
    "etab": "etablissement",
    "exercice": "annee",
}


def est_une_balance(feuille: str) -> bool:
    """Vrai si le nom de la feuille commence par « Balance »."""
    return normaliser(feuille).startswith(_DEBUT)


def lire_balance(
    grille: Grille,
    champs: Sequence[InfoChamp],
    attendre: Callable[[InfoChamp], Attente],
    etablissements: Iterable[str],
) -> Lecture:
    """Les comptes d’une balance ; une anomalie si ses en-têtes, ou les clés de ses lignes, manquent."""
    tableau = trouver_tableau(grille, champs, _SYNONYMES)
    if tableau is None or not {"compte", "montant"} <= tableau.colonnes.keys():
        return Lecture(anomalies=[_sans_entetes(grille)])
    presents = [info for info in champs if info.nom in tableau.colonnes]
    colonnes = [Colonne(info, attendre(info), tableau.colonnes[info.nom], {}) for info in presents]
    entete = Place(tableau.ligne, min(tableau.colonnes.values())).adresse
    cellules = {info.nom: entete for info in champs}
    cellules |= {nom: lettres_colonne(rang + 1) for nom, rang in tableau.colonnes.items()}
    defauts = _dans_le_nom(grille.nom, etablissements)
    lecteur = LecteurDeLignes(COLLECTION, SAISIES[COLLECTION], grille, colonnes, cellules, defauts)
    return lecteur.lire(tableau.ligne + 1)


def _sans_entetes(grille: Grille) -> Anomalie:
    return structure.feuille_illisible(
        COLLECTION,
        grille.nom,
        f"Dans « {grille.nom} », la ligne d’en-têtes de la balance est introuvable.",
        "Coller la balance avec ses en-têtes : Compte, Libellé, Montant, Établissement.",
    )


def _dans_le_nom(feuille: str, etablissements: Iterable[str]) -> Mapping[str, ValeurSimple]:
    """L’année, la version et l’établissement que dit le nom de la feuille."""
    trouves: dict[str, ValeurSimple] = {}
    annee = _ANNEE.search(feuille)
    if annee is not None:
        trouves["annee"] = int(annee[0])
    for mot in normaliser(feuille).split():
        version = liste("versions").code(mot)
        if version is not None:
            trouves["version"] = version
    entoure = f" {normaliser(feuille)} "
    presents = [code for code in etablissements if f" {normaliser(code)} " in entoure]
    if len(presents) == 1:
        trouves["etablissement"] = presents[0]
    return trouves
