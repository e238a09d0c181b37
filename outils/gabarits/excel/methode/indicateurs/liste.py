"""Les indicateurs du livre, leur unité, leur sens, et les formules qui les lisent."""

from __future__ import annotations

from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from outils.gabarits.excel.methode.interne import OuvrageInterne
from outils.gabarits.excel.styles import ORANGE_PALE, ROUGE, ROUGE_PALE, VERT, VERT_PALE

FORMATS = {
    "%": "taux",
    "€": "entier",
    "jours": "entier",
    "personnes": "entier",
    "ans": "decimal",
    "": "decimal",
}


@dataclass(frozen=True)
class Indicateur:
    """Un indicateur : code de la nomenclature, libellé, unité, sens favorable, ce qu’il mesure."""

    code: str
    libelle: str
    unite: str
    sens: str = ""
    mesure: str = ""


ACTIVITE = (
    Indicateur("taux_occupation", "Taux d’occupation", "%", "hausse"),
    Indicateur("taux_realisation", "Taux de réalisation", "%", "hausse"),
    Indicateur("file_active", "File active", "personnes"),
    Indicateur("duree_moyenne", "Durée moyenne (jours)", "jours"),
    Indicateur("liste_attente", "Liste d’attente", "personnes"),
)
RH = (
    Indicateur("taux_absenteisme", "Taux d’absentéisme", "%", "baisse"),
    Indicateur("taux_rotation", "Taux de rotation", "%", "baisse"),
    Indicateur("taux_etp_vacants", "Taux d’ETP vacants", "%", "baisse"),
    Indicateur("ratio_encadrement", "ETP par place", ""),
)
EXPLOITATION = (
    Indicateur("taux_resultat", "Taux de résultat", "%", "hausse", "Résultat ÷ total des produits"),
    Indicateur("taux_caf", "Taux de CAF", "%", "hausse", "Autofinancement ÷ produits courants"),
    Indicateur("part_groupe_2", "Part des charges de personnel", "%", "", "Groupe II ÷ total des charges"),
    Indicateur(
        "taux_prestations_externes",
        "Prestations externes",
        "%",
        "",
        "Prestations ÷ (groupe II + sous-traitance)",
    ),
    Indicateur("cout_place", "Coût à la place (€)", "€"),
)
BILAN = (
    Indicateur("frng", "FRNG (€)", "€", "", "Financements stables − emplois stables"),
    Indicateur(
        "frng_jours", "FRNG en jours de charges", "jours", "hausse", "FRNG ÷ charges décaissables par jour"
    ),
    Indicateur("bfr_jours", "BFR en jours de charges", "jours", "", "Besoin en fonds de roulement, en jours"),
    Indicateur(
        "tresorerie_jours", "Trésorerie en jours de charges", "jours", "hausse", "FRNG − BFR, en jours"
    ),
    Indicateur(
        "taux_endettement", "Indépendance financière", "%", "baisse", "Emprunts ÷ financements stables"
    ),
    Indicateur(
        "duree_apparente_dette",
        "Durée apparente de la dette (ans)",
        "ans",
        "baisse",
        "Emprunts ÷ CAF de l’année",
    ),
    Indicateur(
        "apurement_dette",
        "Apurement de la dette",
        "",
        "hausse",
        "Immobilisations nettes amortissables ÷ emprunts",
    ),
    Indicateur("taux_vetuste", "Vétusté des constructions", "%", "baisse", "Amortissements ÷ valeur brute"),
)
THEMES = {"Activité": ACTIVITE, "Ressources humaines": RH, "Exploitation": EXPLOITATION}
"""Les feuilles par établissement, et leurs indicateurs."""


def _fragile(indicateur: Indicateur, cellule: str) -> str:
    signe = "<" if indicateur.sens == "hausse" else ">"
    return f"AND(ISNUMBER(FRAGILE_{indicateur.code}),{cellule}{signe}FRAGILE_{indicateur.code})"


def _bon(indicateur: Indicateur, cellule: str) -> str:
    signe = ">=" if indicateur.sens == "hausse" else "<="
    return f"OR(NOT(ISNUMBER(BON_{indicateur.code})),{cellule}{signe}BON_{indicateur.code})"


def _lisible(indicateur: Indicateur, cellule: str) -> str:
    return f"ISNUMBER({cellule}),COUNT(BON_{indicateur.code},FRAGILE_{indicateur.code})>0"


def lecture(indicateur: Indicateur, derniere: str, avant: str) -> str:
    """La formule qui lit la dernière valeur close, à défaut celle d’avant."""
    if not indicateur.sens:
        return '=""'

    def lire(cellule: str) -> str:
        return (
            f'IF({_fragile(indicateur, cellule)},"Fragile",'
            f'IF({_bon(indicateur, cellule)},"Bon","À surveiller"))'
        )

    return (
        f"=IF(AND({_lisible(indicateur, derniere)}),{lire(derniere)},"
        f'IF(AND({_lisible(indicateur, avant)}),{lire(avant)},""))'
    )


def colorer(ouvrage: OuvrageInterne, feuille: Worksheet, plage: str, indicateur: Indicateur) -> None:
    """Vert, orange ou rouge, selon les repères du moment."""
    if not indicateur.sens:
        return
    cellule = plage.partition(":")[0]
    lisible = _lisible(indicateur, cellule)
    for condition, fond, encre in (
        (f"AND({lisible},{_fragile(indicateur, cellule)})", ROUGE_PALE, ROUGE),
        (f"AND({lisible},{_bon(indicateur, cellule)})", VERT_PALE, VERT),
        (f"AND({lisible})", ORANGE_PALE, "#7F4F00"),
    ):
        regle = {"type": "formula", "criteria": f"={condition}", "stop_if_true": True}
        feuille.conditional_format(plage, {**regle, "format": ouvrage.alerte(fond, encre)})
