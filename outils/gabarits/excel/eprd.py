"""Le cadre « EPRD simplifié » : compte de résultat par groupe fonctionnel, ratios, contrôles."""

from __future__ import annotations

from outils.gabarits.excel.eprd_crp import feuille_crp
from outils.gabarits.excel.eprd_lignes import ANNEES, LIGNES, RESULTAT
from outils.gabarits.excel.eprd_ratios import feuille_ratios
from outils.gabarits.excel.feuilles import (
    HABILITATIONS,
    OUI_NON,
    REGIMES,
    STATUTS,
    Listes,
    Rubrique,
    feuille_controles,
    lisez_moi,
    page_de_garde,
)
from outils.gabarits.excel.styles import Ouvrage

FICHIER = "EPRD simplifié 2026 - compte de résultat et ratios (cadre fictif).xlsx"


def construire() -> bytes:
    """Le classeur entier."""
    ouvrage = Ouvrage("EPRD simplifié", "Cadre fictif d’état des prévisions de recettes et de dépenses")
    listes = Listes(
        {
            "oui_non": OUI_NON,
            "statut": STATUTS,
            "cadre": ("EPRD complet", "EPRD simplifié", "EPCP", "Budget prévisionnel"),
            "regime": REGIMES,
            "habilitation": HABILITATIONS,
        }
    )
    _presentation(ouvrage)
    page_de_garde(
        ouvrage,
        listes,
        "ANNEXE 2 — EPRD SIMPLIFIÉ",
        "Direction de l’autonomie — tarification",
        _sections(),
    )
    for nom, cellule in (("EXERCICE", "C9"), ("FINESS_ET", "C31"), ("CAPACITE", "C34")):
        ouvrage.classeur.define_name(nom, f"='Page de garde'!${cellule[0]}${cellule[1:]}")
    feuille_crp(ouvrage)
    feuille_ratios(ouvrage)
    feuille_controles(ouvrage, _controles())
    listes.ecrire(ouvrage)
    return ouvrage.octets()


def _presentation(ouvrage: Ouvrage) -> None:
    lisez_moi(
        ouvrage,
        "Annexe 2 — État des prévisions de recettes et de dépenses (EPRD) simplifié",
        "Cadre « EPRD-S », version 2026-1 — un compte de résultat par numéro FINESS d’établissement",
        "Ce cadre présente le compte de résultat prévisionnel de l’établissement par groupe fonctionnel, "
        "avec le rappel des deux exercices antérieurs. Les totaux, le résultat, les variations et les ratios "
        "sont calculés par le cadre ; les contrôles rapprochent ces calculs du budget voté.",
        {
            "Page de garde": "Identification, contrat, établissement, rappel du budget voté.",
            "CRP": "Charges et produits par groupe fonctionnel et par chapitre.",
            "Ratios": "Capacité d’autofinancement, poids du personnel, coût à la place, graphique.",
            "Contrôles": "Contrôles automatiques : aucun ne doit afficher « ERREUR » avant le dépôt.",
        },
        (
            "Les charges et les produits se saisissent tous deux en positif, en euros, centimes compris.",
            "L’exercice N-1 se saisit en réel s’il est clos, en anticipé sinon.",
            "Les comptes « pour mémoire » sont déjà compris dans les lignes ci-dessus : ne pas les ajouter.",
            "Une variation de plus de 5 % s’explique dans la colonne « Commentaire ».",
            "La colonne « Réservé à l’autorité » et la zone d’instruction restent vides.",
            "Mot de passe de protection de cet exemple : « fictif ».",
        ),
    )


def _sections() -> dict[str, tuple[Rubrique, ...]]:
    """Les rubriques de la page de garde, de C9 à C44."""
    return {
        "1. Campagne": (
            Rubrique("Exercice (N)", "annee", "Année sur quatre chiffres."),
            Rubrique("Autorité destinataire"),
            Rubrique("Date d’établissement du cadre", "date", "jj/mm/aaaa"),
        ),
        "2. Organisme gestionnaire": (
            Rubrique("Raison sociale"),
            Rubrique("N° FINESS de l’entité juridique", aide="Neuf caractères, zéros initiaux compris."),
            Rubrique("N° SIREN", aide="Neuf chiffres."),
            Rubrique("Statut juridique", aide="Choisir dans la liste.", liste="statut"),
            Rubrique("Représentant légal"),
            Rubrique("Qualité du représentant"),
            Rubrique("Personne chargée du dossier"),
            Rubrique("Courriel"),
        ),
        "3. Contrat pluriannuel d’objectifs et de moyens": (
            Rubrique("Numéro du contrat"),
            Rubrique("Date d’effet", "date", "jj/mm/aaaa"),
            Rubrique("Date de fin", "date", "jj/mm/aaaa"),
            Rubrique(
                "Établissement inclus dans le périmètre", aide="Choisir dans la liste.", liste="oui_non"
            ),
        ),
        "4. Établissement ou service": (
            Rubrique("Nom"),
            Rubrique("N° FINESS de l’établissement", aide="Neuf caractères, zéros initiaux compris."),
            Rubrique("N° SIRET", aide="Quatorze chiffres."),
            Rubrique("Catégorie FINESS", aide="Code et libellé.", hauteur=31),
            Rubrique("Capacité financée", "entier", "Places, toutes modalités."),
            Rubrique("Cadre budgétaire", aide="Choisir dans la liste.", liste="cadre"),
            Rubrique("Régime tarifaire", aide="Choisir dans la liste.", liste="regime"),
            Rubrique("Habilitation à l’aide sociale", aide="Choisir dans la liste.", liste="habilitation"),
            Rubrique("Directrice ou directeur"),
        ),
        "5. Budget voté de l’exercice N": (
            Rubrique("Total des charges", "montant", "Délibération de l’organe délibérant."),
            Rubrique("Total des produits", "montant"),
            Rubrique("Résultat prévisionnel", "montant", "Négatif s’il est déficitaire."),
            Rubrique("Capacité d’autofinancement", "montant", "Négative en cas d’insuffisance."),
        ),
    }


def _controles() -> list[tuple[str, str]]:
    """Libellé et condition d’erreur de chaque contrôle ; tous sont « OK » dans le cadre vide."""
    charges, produits = LIGNES["charge", "", ""], LIGNES["produit", "", ""]
    return [
        ("La somme des chapitres est le total des charges", _somme("charge", charges)),
        ("La somme des chapitres est le total des produits", _somme("produit", produits)),
        (
            "Le résultat est la différence des produits et des charges",
            "+".join(f"ABS(CRP!{c}{produits}-CRP!{c}{charges}-CRP!{c}{RESULTAT})" for c in ANNEES) + ">0.005",
        ),
        ("Le total des charges N est celui du budget voté", _vote("C41", f"CRP!F{charges}")),
        ("Le total des produits N est celui du budget voté", _vote("C42", f"CRP!F{produits}")),
        ("Le résultat N est celui du budget voté", _vote("C43", f"CRP!F{RESULTAT}")),
        ("La capacité d’autofinancement N est celle du budget voté", _vote("C44", "CAF_N")),
        (
            "Les mesures nouvelles ne dépassent pas le total des charges et des produits",
            f"OR(CRP!G{charges}>CRP!F{charges}+0.005,CRP!G{produits}>CRP!F{produits}+0.005)",
        ),
        ("Le n° FINESS de l’établissement compte neuf caractères", 'AND(FINESS_ET<>"",LEN(FINESS_ET)<>9)'),
        (
            "La prévision N est renseignée",
            f'AND(FINESS_ET<>"",OR(CRP!F{charges}=0,CRP!F{produits}=0))',
        ),
    ]


def _somme(sens: str, total: int) -> str:
    """Σ des chapitres (codes cachés de la colonne A) ≠ total, sur les trois exercices."""
    ecarts = (
        f'ABS(SUMIF(CRP!$A$1:$A${RESULTAT},"{sens}-*",CRP!{c}$1:{c}${RESULTAT})-CRP!{c}{total})'
        for c in ANNEES
    )
    return "+".join(ecarts) + ">0.005"


def _vote(declare: str, calcule: str) -> str:
    garde = f"'Page de garde'!{declare}"
    return f'AND({garde}<>"",ABS({calcule}-N({garde}))>0.005)'
