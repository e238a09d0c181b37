"""Le cadre « tableau des effectifs » (TPER) : trente emplois au plus, sous-totaux par catégorie."""

from __future__ import annotations

from outils.gabarits.excel.effectifs_emplois import (
    CATEGORIES,
    CONTRATS,
    DERNIERE,
    MOUVEMENTS,
    PREMIERE,
    PREVU,
    REALISE,
    TOTAL,
    feuille_prevu,
    feuille_realise,
)
from outils.gabarits.excel.effectifs_synthese import TOTAL_CATEGORIES, feuille_synthese
from outils.gabarits.excel.feuilles import (
    CONVENTIONS,
    REGIMES,
    Listes,
    Rubrique,
    feuille_controles,
    lisez_moi,
    page_de_garde,
)
from outils.gabarits.excel.styles import Ouvrage

FICHIER = "TPER 2026 - Tableau prévisionnel des effectifs (cadre fictif).xlsx"


def construire() -> bytes:
    """Le classeur entier."""
    ouvrage = Ouvrage("TPER — Tableau prévisionnel des effectifs rémunérés", "Cadre fictif des effectifs")
    listes = Listes(
        {
            "categories": CATEGORIES,
            "contrats": CONTRATS,
            "mouvements": MOUVEMENTS,
            "conventions": CONVENTIONS,
            "tarification": REGIMES,
        }
    )
    _presentation(ouvrage)
    page_de_garde(
        ouvrage,
        listes,
        "ANNEXE 6 — TABLEAU PRÉVISIONNEL DES EFFECTIFS RÉMUNÉRÉS",
        "Direction de l’autonomie — tarification",
        _sections(),
    )
    ouvrage.classeur.define_name("EXERCICE", "='Page de garde'!$C$9")
    ouvrage.classeur.define_name("CAPACITE", "='Page de garde'!$C$24")
    feuille_realise(ouvrage, listes)
    feuille_prevu(ouvrage, listes)
    feuille_synthese(ouvrage)
    feuille_controles(ouvrage, _controles())
    listes.ecrire(ouvrage)
    return ouvrage.octets()


def _presentation(ouvrage: Ouvrage) -> None:
    lisez_moi(
        ouvrage,
        "Annexe 6 — Tableau prévisionnel des effectifs rémunérés (TPER)",
        "Cadre « ANX6-TPER », version 2026-1 — un classeur par établissement ou service (FINESS ET)",
        "Ce cadre présente, emploi par emploi, les équivalents temps plein réalisés de l’exercice N-1 et "
        "budgétés de l’exercice N, avec les rémunérations et les charges correspondantes. Les sous-totaux "
        "par catégorie et par type de contrat sont calculés par le cadre. Aucun nom de salarié n’y figure.",
        {
            "Page de garde": "Identification, capacité, rappel du budget.",
            REALISE: "Emplois réalisés de l’exercice N-1 : trente lignes au plus.",
            PREVU: "Emplois budgétés de l’exercice N : trente lignes au plus.",
            "Synthèse": "Sous-totaux par catégorie et par type de contrat, taux d’encadrement.",
            "Contrôles": "Contrôles automatiques : aucun ne doit afficher « ERREUR » avant le dépôt.",
        },
        (
            "Une ligne par catégorie, fonction et type de contrat ; ne laisser aucune ligne vide entre deux.",
            "Un équivalent temps plein correspond à 151,67 heures par mois.",
            "Les ETP réalisés N-1 de la feuille « TPER N » sont repris de « Réalisé N-1 » quand la "
            "catégorie, la fonction et le type de contrat sont écrits de la même façon.",
            "La répartition par section ne concerne que les établissements à tarification ternaire.",
            "Les colonnes « Réservé à l’autorité » restent vides.",
            "Mot de passe de protection de cet exemple : « fictif ».",
        ),
    )


def _sections() -> dict[str, tuple[Rubrique, ...]]:
    """Les rubriques de la page de garde, de C9 à C30."""
    return {
        "1. Campagne": (
            Rubrique("Exercice (N)", "annee", "Année sur quatre chiffres."),
            Rubrique("Autorité destinataire"),
            Rubrique("Date d’établissement du cadre", "date", "jj/mm/aaaa"),
        ),
        "2. Organisme gestionnaire": (
            Rubrique("Raison sociale"),
            Rubrique("N° FINESS de l’entité juridique", aide="Neuf caractères, zéros initiaux compris."),
            Rubrique("Convention collective", aide="Choisir dans la liste.", liste="conventions"),
            Rubrique("Personne chargée du dossier"),
        ),
        "3. Établissement ou service": (
            Rubrique("Nom"),
            Rubrique("N° FINESS de l’établissement", aide="Neuf caractères, zéros initiaux compris."),
            Rubrique("N° SIRET", aide="Quatorze chiffres."),
            Rubrique("Catégorie FINESS", aide="Code et libellé.", hauteur=31),
            Rubrique("Capacité autorisée", "entier", "Places."),
            Rubrique("Régime tarifaire", aide="Choisir dans la liste.", liste="tarification"),
            Rubrique("Directrice ou directeur"),
        ),
        "4. Rappel du budget de l’exercice N": (
            Rubrique("Total des ETP budgétés", "decimal", "Celui que l’organe délibérant a voté."),
            Rubrique("Charges de personnel (groupe II)", "montant", "Compte de résultat prévisionnel."),
        ),
    }


def _controles() -> list[tuple[str, str]]:
    """Libellé et condition d’erreur de chaque contrôle ; tous sont « OK » dans le cadre vide."""

    def prevu(colonne: str) -> str:
        return f"'{PREVU}'!${colonne}${PREMIERE}:${colonne}${DERNIERE}"

    parts, etp, groupe = prevu("Q"), prevu("G"), "N('Page de garde'!C30)"
    return [
        (
            "Le total des ETP budgétés est celui de la page de garde",
            _ecart("C29", f"'{PREVU}'!G{TOTAL}", 0.01),
        ),
        (
            "Les charges de personnel du TPER sont proches du groupe II (à 10 % près)",
            f"AND({groupe}>0,ABS('{PREVU}'!L{TOTAL}-{groupe})>0.1*{groupe})",
        ),
        (
            "Les sous-totaux par catégorie reprennent tous les ETP budgétés",
            f"ABS(Synthèse!D{TOTAL_CATEGORIES}-'{PREVU}'!G{TOTAL})>0.005",
        ),
        (
            "Les sous-totaux par catégorie reprennent tous les ETP réalisés",
            f"ABS(Synthèse!C{TOTAL_CATEGORIES}-'{REALISE}'!G{TOTAL})>0.005",
        ),
        (
            "Chaque emploi budgété a une catégorie",
            f'SUMPRODUCT(ISNUMBER({etp})*({prevu("C")}=""))>0',
        ),
        (
            "Les répartitions par section font 100 %",
            f'COUNT({parts})<>COUNTIFS({parts},">="&0.9995,{parts},"<="&1.0005)',
        ),
    ]


def _ecart(declare: str, calcule: str, tolerance: float) -> str:
    garde = f"'Page de garde'!{declare}"
    return f'AND({garde}<>"",ABS({calcule}-N({garde}))>{tolerance})'
