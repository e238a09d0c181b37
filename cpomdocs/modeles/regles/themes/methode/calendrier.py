"""Les règles sur le calendrier et sur ce que l’autorité impose (ME-07 à ME-10)."""

from __future__ import annotations

from collections.abc import Iterator

from cpomdocs.modeles.dossier import Dossier
from cpomdocs.modeles.entites.contrat import Jalon
from cpomdocs.modeles.regles.redaction import enumerer, le
from cpomdocs.modeles.regles.registre import Manquement, regle
from cpomdocs.modeles.regles.seuils import Seuils

_FAIT = "fait"


@regle(
    "ME-07",
    "avertissement",
    "Chaque étape se termine à temps",
    source="rétroplanning (domaine.md § 4.1)",
)
def etapes_en_retard(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les étapes dont la fin prévue est passée, à la date de référence, sans fin réelle."""
    jour = dossier.parametres.date_reference
    for jalon in dossier.jalons if jour else ():
        fini = jalon.etat("date_fin_reelle") != "vide" or jalon.statut == _FAIT
        if jalon.date_fin_prevue and jour and jalon.date_fin_prevue < jour and not fini:
            yield Manquement(
                jalon,
                ("date_fin_reelle", "date_fin_prevue"),
                f"l’étape devait finir le {le(jalon.date_fin_prevue)}.",
                "Saisir sa fin réelle, ou une nouvelle fin prévue.",
            )


@regle(
    "ME-08",
    "bloquante",
    "Aucune étape n’est impossible",
    source="rétroplanning (domaine.md § 4.1)",
)
def etapes_impossibles(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les étapes finies avant de commencer ou après la signature, ou qui suivent une étape inconnue."""
    visee = dossier.contrat.date_signature_visee
    connues = {jalon.etape for jalon in dossier.jalons}
    for jalon in dossier.jalons:
        debut, fin = jalon.date_debut, jalon.date_fin_prevue
        if debut and fin and fin < debut:
            message = f"l’étape finit le {le(fin)}, avant de commencer le {le(debut)}."
            yield Manquement(
                jalon, ("date_fin_prevue", "date_debut"), message, "Corriger l’une des deux dates."
            )
        if visee and fin and fin > visee and jalon.phase != "suivi":
            message = f"l’étape finit le {le(fin)}, après la signature visée ({le(visee)})."
            yield Manquement(
                jalon,
                ("date_fin_prevue",),
                message,
                "Raccourcir les étapes, ou viser une autre date de signature.",
                autres=((dossier.contrat, "date_signature_visee"),),
            )
        if jalon.precedent and jalon.precedent not in connues:
            message = f"elle suit « {jalon.precedent} », qui n’est pas une étape."
            yield Manquement(jalon, ("precedent",), message, "Recopier le nom de l’étape précédente.")


@regle(
    "ME-09",
    "avertissement",
    "Une étape commence quand la précédente est finie, et tient la date imposée",
    source="rétroplanning (domaine.md § 4.1)",
)
def enchainement(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les chevauchements avec l’étape précédente, et les dates imposées qui ne sont pas tenues."""
    par_nom = {jalon.etape: jalon for jalon in dossier.jalons}
    for jalon in dossier.jalons:
        precedent = par_nom.get(jalon.precedent) if jalon.precedent else None
        if precedent is not None and _chevauche(precedent, jalon):
            yield Manquement(
                jalon,
                ("date_debut",),
                f"elle commence avant la fin de « {precedent.etape} ».",
                "Décaler l’une des deux.",
                autres=((precedent, "date_fin_prevue"),),
            )
        imposee, fin = jalon.date_imposee, jalon.date_fin_prevue
        if imposee and fin and fin > imposee and jalon.etat("date_proposee") == "vide":
            yield Manquement(
                jalon,
                ("date_imposee", "date_fin_prevue"),
                f"l’autorité attend cette étape pour le {le(imposee)}, elle est prévue le {le(fin)}.",
                "Avancer l’étape, ou saisir une contre-proposition.",
            )


def _chevauche(precedent: Jalon, jalon: Jalon) -> bool:
    fin = precedent.date_fin_reelle or precedent.date_fin_prevue
    return fin is not None and jalon.date_debut is not None and jalon.date_debut < fin


@regle(
    "ME-10",
    "information",
    "Chaque contrainte de l’autorité a une réponse préparée",
    source="conseils aux gestionnaires (domaine.md § 4.1)",
)
def contraintes(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les contraintes dont la conséquence ou la réponse n’est pas écrite."""
    for contrainte in (c for c in dossier.contraintes if c.intitule):
        vides = [
            mots
            for champ, mots in (("consequence", "la conséquence"), ("reponse", "la réponse"))
            if contrainte.etat(champ) == "vide"
        ]
        if vides:
            message = (
                f"{enumerer(vides)} {'ne sont pas préparées' if len(vides) > 1 else 'n’est pas préparée'}."
            )
            yield Manquement(contrainte, ("reponse",), message, "L’écrire avant la réunion de lancement.")
