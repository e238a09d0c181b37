"""Les lignes du compte de résultat : groupes fonctionnels, chapitres, comptes pour mémoire."""

from __future__ import annotations

from dataclasses import dataclass

ANNEES = ("D", "E", "F")
"""Colonnes du réel N-2, du réel ou de l’anticipé N-1, de la prévision N."""
ENTETE = 6
"""Première ligne des en-têtes."""


@dataclass(frozen=True)
class Groupe:
    """Un groupe fonctionnel : sens, code, intitulé, lignes (chapitre, intitulé)."""

    sens: str
    code: str
    intitule: str
    chapitres: tuple[tuple[str, str], ...]


GROUPES = (
    Groupe(
        "charge",
        "I",
        "Dépenses afférentes à l’exploitation courante",
        (
            ("60", "Achats (602, 603, 606, 607)"),
            ("61", "Prestations de services à caractère médical et médico-social (611)"),
            ("62", "Transports, déplacements, télécommunications, divers (624 à 628)"),
            ("70", "Rabais, remises et ristournes accordés (709)"),
            ("71", "Déstockage de production (713)"),
        ),
    ),
    Groupe(
        "charge",
        "II",
        "Dépenses afférentes au personnel",
        (
            ("62", "Personnel extérieur, intermédiaires et honoraires (621, 622)"),
            ("63", "Impôts et taxes sur rémunérations (631, 633)"),
            ("64", "Charges de personnel"),
        ),
    ),
    Groupe(
        "charge",
        "III",
        "Dépenses afférentes à la structure",
        (
            ("61", "Locations, entretien, assurances, études (612 à 618)"),
            ("62", "Information, publications, services bancaires (623, 627)"),
            ("63", "Autres impôts et taxes (635, 637)"),
            ("65", "Autres charges de gestion courante, dont frais de siège"),
            ("66", "Charges financières"),
            ("67", "Charges exceptionnelles"),
            ("68", "Dotations aux amortissements, dépréciations et provisions"),
        ),
    ),
    Groupe(
        "produit",
        "I",
        "Produits de la tarification",
        (("73", "Dotations et produits de la tarification"),),
    ),
    Groupe(
        "produit",
        "II",
        "Autres produits relatifs à l’exploitation",
        (
            ("60", "Rabais, remises et ristournes obtenus sur achats (609)"),
            ("61", "Rabais obtenus sur services extérieurs (619)"),
            ("62", "Rabais obtenus sur autres services extérieurs (629)"),
            ("64", "Remboursements sur rémunérations et charges sociales (6419, 6459…)"),
            ("70", "Ventes, prestations et produits annexes"),
            ("71", "Production stockée"),
            ("72", "Production immobilisée"),
            ("74", "Subventions d’exploitation et participations"),
            ("75", "Autres produits de gestion courante"),
        ),
    ),
    Groupe(
        "produit",
        "III",
        "Produits financiers, exceptionnels et non encaissables",
        (
            ("76", "Produits financiers"),
            ("77", "Produits exceptionnels"),
            ("78", "Reprises sur amortissements, dépréciations et provisions"),
            ("79", "Transferts de charges"),
        ),
    ),
)
POUR_MEMOIRE = (
    ("675", "Valeur comptable des éléments d’actif cédés"),
    ("775", "Produits des cessions d’éléments d’actif"),
    ("777", "Quote-part des subventions d’investissement virée au résultat"),
    ("7781", "Autres produits exceptionnels, compte 7781"),
    ("778", "Autres produits exceptionnels, hors 7781"),
    ("655", "Quotes-parts sur opérations en commun, dont frais de siège"),
)
"""Les comptes dont les ratios ont besoin, déjà compris dans les lignes qui précèdent."""


def _lignes() -> dict[tuple[str, str, str], int]:
    """Le numéro de ligne de chaque chapitre (sens, groupe, chapitre), total (chapitre vide) et compte."""
    numeros: dict[tuple[str, str, str], int] = {}
    ligne = ENTETE + 2
    for groupe in GROUPES:
        if groupe.code == "I":
            ligne += 1
        ligne += 1
        for chapitre, _ in groupe.chapitres:
            numeros[groupe.sens, groupe.code, chapitre] = ligne
            ligne += 1
        numeros[groupe.sens, groupe.code, ""] = ligne
        ligne += 1
        if groupe.code == "III":
            numeros[groupe.sens, "", ""] = ligne
            ligne += 1
    numeros["resultat", "", ""] = ligne + 1
    ligne += 4
    for compte, _ in POUR_MEMOIRE:
        numeros["compte", "", compte] = ligne
        ligne += 1
    return numeros


LIGNES = _lignes()
RESULTAT = LIGNES["resultat", "", ""]
FIN = LIGNES["compte", "", POUR_MEMOIRE[-1][0]]
