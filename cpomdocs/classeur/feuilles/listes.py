"""La feuille cachée « Listes » : drapeaux des formulaires, années, valeurs des listes déroulantes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter import Workbook

from cpomdocs.classeur import marques
from cpomdocs.classeur.besoins import FormulaireResume, champs_saisis
from cpomdocs.lecture.valeurs.listes import liste
from cpomdocs.modeles.base import InfoChamp, cles
from cpomdocs.modeles.dossier import ORDRE_DES_FEUILLES, SAISIES
from cpomdocs.office.adresses import lettres_colonne

ANNEE_N = "Annee_N"
ANNEES = "Annees"
_AVANT, _APRES = 4, 6
_OUI_NON = ["oui", "non"]


@dataclass(frozen=True)
class Choix:
    """Ce qu’une cellule propose : un nom défini du classeur, ou quelques valeurs écrites sur place."""

    source: str | list[str]


def nom_de_liste(nomenclature: str) -> str:
    """Le nom défini des valeurs d’une nomenclature."""
    return f"Liste_{nomenclature}"


def nom_de_codes(collection: str) -> str:
    """Le nom défini des codes tapés dans une collection (« Codes_etablissements »)."""
    return f"Codes_{collection}"


def choix(info: InfoChamp) -> Choix | None:
    """La liste déroulante d’un champ, s’il en a une."""
    if info.liste:
        return Choix(f"={nom_de_liste(info.liste)}")
    if info.reference:
        return Choix(f"={nom_de_codes(info.reference)}")
    if info.nature.nom == "booleen":
        return Choix(_OUI_NON)
    if info.nature.nom == "annee" and info.cle:
        return Choix(f"={ANNEES}")
    return None


def references() -> dict[str, str]:
    """Les collections dont les codes sont proposés ailleurs, et le champ qui porte ce code."""
    citees = {info.reference for collection in ORDRE_DES_FEUILLES for info in champs_saisis(collection)}
    return {collection: cles(SAISIES[collection])[-1] for collection in SAISIES if collection in citees}


def ecrire_listes(classeur: Workbook, formulaires: Sequence[FormulaireResume], annee_n: int | None) -> None:
    """Ajoute la feuille « Listes », cachée et protégée, et les noms définis qui y mènent."""
    feuille = classeur.add_worksheet(marques.FEUILLE_LISTES)
    feuille.hide()
    feuille.protect()
    feuille.write_string(0, 0, "Formulaires à remettre")
    for rang, formulaire in enumerate(formulaires):
        drapeau = marques.drapeau(formulaire)
        feuille.write_formula(marques.PREMIER_DRAPEAU - 1 + rang, 0, drapeau.formule, None, drapeau.texte)
    feuille.write_string(0, 1, "Années")
    for rang, decalage in enumerate(range(-_AVANT, _APRES + 1)):
        resultat = "" if annee_n is None else annee_n + decalage
        feuille.write_formula(
            1 + rang, 1, f'=IF(ISNUMBER({ANNEE_N}),{ANNEE_N}{decalage:+d},"")', None, resultat
        )
    classeur.define_name(ANNEES, f"={marques.FEUILLE_LISTES}!$B$2:$B${2 + _AVANT + _APRES}")
    for colonne, nom in enumerate(_nomenclatures(), start=2):
        feuille.write_string(0, colonne, nom)
        valeurs = liste(nom).affichages()
        for rang, valeur in enumerate(valeurs, start=1):
            feuille.write_string(rang, colonne, valeur)
        lettres = lettres_colonne(colonne + 1)
        plage = f"${lettres}$2:${lettres}${1 + max(1, len(valeurs))}"
        classeur.define_name(nom_de_liste(nom), f"={marques.FEUILLE_LISTES}!{plage}")


def _nomenclatures() -> list[str]:
    """Les nomenclatures que les champs saisis emploient, dans l’ordre où on les rencontre."""
    citees = (info.liste for collection in ORDRE_DES_FEUILLES for info in champs_saisis(collection))
    return list(dict.fromkeys(nom for nom in citees if nom))
