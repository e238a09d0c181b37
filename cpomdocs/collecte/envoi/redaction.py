"""Le classeur d’une part : les feuilles, listes et contrôles du classeur maître, ses lignes seules."""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping, Sequence

from xlsxwriter import Workbook

from cpomdocs.classeur import marques
from cpomdocs.classeur.besoins import FormulaireResume, champs_saisis, demandeurs, modele_de
from cpomdocs.classeur.feuilles.elements import Atelier
from cpomdocs.classeur.feuilles.listes import ANNEE_N, ecrire_listes, nom_de_codes, references
from cpomdocs.classeur.feuilles.styles import Styles
from cpomdocs.classeur.feuilles.tableaux import ecrire_liste
from cpomdocs.classeur.redaction import REGLAGES
from cpomdocs.collecte.envoi.consignes import Consignes, FeuilleAttendue, ecrire_consignes
from cpomdocs.collecte.envoi.identite import FEUILLE, Identite, poser_identite
from cpomdocs.modeles.base import Entite, infos
from cpomdocs.office.adresses import lettres_colonne

_PREMIERE = 2
"""Ligne (à partir de 0) où commencent les listes de la feuille cachée, sous l’identité."""


def ecrire_part(
    lignes: Mapping[str, Sequence[Entite]],
    formulaires: Sequence[FormulaireResume],
    consignes: Consignes,
    identite: Identite,
    annee_n: int | None,
) -> bytes:
    """Les octets du classeur : une feuille par collection, remplie de ces lignes et d’elles seules."""
    tampon = io.BytesIO()
    classeur = Workbook(tampon, REGLAGES)
    creation = datetime.datetime(annee_n or 2026, 1, 1)
    classeur.set_properties({"title": consignes.titre, "author": "cpomdocs", "created": creation})
    atelier = Atelier(classeur, Styles(classeur), formulaires)
    ecrire_consignes(atelier, consignes, [_attendue(c, lignes[c], formulaires) for c in lignes])
    for collection in lignes:
        entete = modele_de(collection).feuille
        if entete is not None:
            ecrire_liste(atelier, classeur.add_worksheet(entete.nom), collection, lignes[collection])
    ecrire_listes(classeur, formulaires, annee_n)
    reperes = classeur.add_worksheet(FEUILLE)
    reperes.very_hidden()
    poser_identite(classeur, reperes, identite)
    classeur.define_name(ANNEE_N, f"={annee_n}" if annee_n else '=""')
    colonnes = {
        marques.NOMS_FORMULAIRES: [f.nom for f in formulaires],
        marques.REPONSES_FORMULAIRES: ["oui" if f.a_remettre else "non" for f in formulaires],
        **{nom_de_codes(c): _codes(c, lignes) for c in references() if c not in lignes},
    }
    for colonne, (nom, valeurs) in enumerate(colonnes.items()):
        for rang, valeur in enumerate(valeurs, start=_PREMIERE):
            reperes.write_string(rang, colonne, valeur)
        lettres, bas = lettres_colonne(colonne + 1), _PREMIERE + max(1, len(valeurs))
        classeur.define_name(nom, f"='{FEUILLE}'!${lettres}${_PREMIERE + 1}:${lettres}${bas}")
    classeur.close()
    return tampon.getvalue()


def _attendue(
    collection: str, lignes: Sequence[Entite], formulaires: Sequence[FormulaireResume]
) -> FeuilleAttendue:
    """La feuille telle que le sommaire l’annonce ; une cellule vide et demandée est à remplir."""
    entete = modele_de(collection).feuille
    demandes = [
        info.nom
        for info in champs_saisis(collection)
        if demandeurs(formulaires, collection, info.nom) and (info.obligatoire or not info.cle)
    ]
    vides = sum(ligne.etat(nom) == "vide" for ligne in lignes for nom in demandes)
    nom, aide = (entete.nom, entete.aide) if entete else (collection, "")
    return FeuilleAttendue(nom, aide, len(lignes), vides)


def _codes(collection: str, lignes: Mapping[str, Sequence[Entite]]) -> list[str]:
    """Les codes d’une collection que ces lignes emploient : ceux que leurs listes déroulantes proposent."""
    employes = {
        code
        for siennes in lignes.values()
        for ligne in siennes
        for info in infos(type(ligne)).values()
        if info.reference == collection and isinstance(code := getattr(ligne, info.nom), str)
    }
    return sorted(employes)
