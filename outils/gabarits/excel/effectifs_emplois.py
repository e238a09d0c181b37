"""Les feuilles d’emplois du TPER : réalisé N-1 et budgété N, trente lignes chacune."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from outils.gabarits.excel.feuilles import Listes, commenter
from outils.gabarits.excel.styles import NOTE, ORANGE_PALE, ROUGE, ROUGE_PALE, Ouvrage

CATEGORIES = (
    "Direction - encadrement",
    "Administration - gestion",
    "Chef de service",
    "Services généraux",
    "Restauration",
    "Socio-éducatif",
    "Enseignant - pédagogique",
    "Psychologue",
    "Agent de service (ASH)",
    "Aide-soignant, AES, AMP",
    "Infirmier",
    "Autre auxiliaire médical",
    "Paramédical",
    "Médical",
    "Pharmacien",
    "Autres",
)
CONTRATS = (
    "CDI",
    "CDD",
    "CDD de remplacement",
    "Intérim",
    "Contrat aidé",
    "Apprentissage",
    "Mise à disposition",
    "Libéral",
)
MOUVEMENTS = ("Création", "Suppression", "Transformation", "Sans changement")
REALISE, PREVU = "Réalisé N-1", "TPER N"
PREMIERE, _LIGNES = 8, 30
DERNIERE = PREMIERE + _LIGNES - 1
TOTAL = DERNIERE + 1

_Colonne = tuple[str, str, str]
"""Intitulé, style, formule de la ligne (« { } » : son numéro) ; vide : case à remplir."""
_EMPLOI: dict[str, _Colonne] = {
    "A": ("Clé", "texte", '=IF(C{0}="","",C{0}&"|"&D{0}&"|"&E{0})'),
    "B": ("N°", "entier", ""),
    "C": ("Catégorie d’emploi", "texte", ""),
    "D": ("Fonction, grade ou qualification", "texte", ""),
    "E": ("Type de contrat", "texte", ""),
}
_COLONNES_REALISE: dict[str, _Colonne] = _EMPLOI | {
    "F": ("ETP budgétés", "decimal", ""),
    "G": ("ETP réalisés", "decimal", ""),
    "H": ("ETP vacants", "decimal", '=IF(COUNT(F{0}:G{0})=2,F{0}-G{0},"")'),
    "I": ("Personnes au 31/12", "entier", ""),
    "J": ("Rémunérations brutes", "euros", ""),
    "K": ("Charges sociales", "euros", ""),
    "L": ("Charges fiscales", "euros", ""),
    "M": ("Coût total chargé", "euros", '=IF(COUNT(J{0}:L{0})=0,"",SUM(J{0}:L{0}))'),
}
_N1 = f"'{REALISE}'!${{0}}${PREMIERE}:${{0}}${DERNIERE}"
_COLONNES_PREVU: dict[str, _Colonne] = _EMPLOI | {
    "F": (
        "Réalisés N-1",
        "decimal",
        f'=IF(C{{0}}="","",SUMPRODUCT(--({_N1.format("A")}=A{{0}}),{_N1.format("G")}))',
    ),
    "G": ("Budgétés N", "decimal", ""),
    "H": ("Écart N / N-1", "decimal", '=IF(AND(ISNUMBER(F{0}),ISNUMBER(G{0})),G{0}-F{0},"")'),
    "I": ("Rémunérations brutes", "euros", ""),
    "J": ("Charges sociales", "euros", ""),
    "K": ("Charges fiscales", "euros", ""),
    "L": ("Coût total chargé", "euros", '=IF(COUNT(I{0}:K{0})=0,"",SUM(I{0}:K{0}))'),
    "M": ("Coût moyen par ETP", "euros", '=IF(COUNT(G{0},L{0})<2,"",IF(G{0}=0,"",L{0}/G{0}))'),
    "N": ("Hébergement", "taux", ""),
    "O": ("Dépendance", "taux", ""),
    "P": ("Soins", "taux", ""),
    "Q": ("Total", "taux", '=IF(COUNT(N{0}:P{0})=0,"",SUM(N{0}:P{0}))'),
    "R": ("Mouvement", "texte", ""),
    "S": ("Observations", "texte", ""),
    "T": ("ETP retenus", "decimal", ""),
    "U": ("Motif", "texte", ""),
}


def _preparer(
    ouvrage: Ouvrage, nom: str, titre: str, colonnes: dict[str, _Colonne], groupes: dict[str, str]
) -> Worksheet:
    """Une feuille d’emplois : bandeau, en-têtes sur deux lignes, trente lignes, totaux, impression."""
    style = ouvrage.style
    feuille = ouvrage.feuille(nom, "#8E6C1F", {"A:A": 10, "B:B": 5, "C:C": 26, "D:D": 32, "E:E": 20})
    feuille.set_column("A:A", 10, style(), {"hidden": True})
    derniere = list(colonnes)[-1]
    feuille.set_column(f"F:{derniere}", 13, style())
    feuille.set_row(0, 28)
    feuille.merge_range(f"B1:{derniere}1", titre, style("bandeau"))
    feuille.merge_range(f"B2:{derniere}2", "", style("sous_titre"))
    identite = '=\'Page de garde\'!$C$20&IF(EXERCICE="","","  —  exercice "&EXERCICE)'
    feuille.write_formula("B2", identite, style("sous_titre", "gras"), "")
    feuille.merge_range(f"B3:{derniere}3", NOTE, style("fictif"))
    feuille.set_row(5, 22)
    feuille.set_row(6, 34)
    for plage, intitule in groupes.items():
        genre = "reserve_titre" if intitule.startswith("Réservé") else "entete"
        feuille.merge_range(plage, intitule, style(genre, "centre"))
    for colonne, (intitule, _, _) in colonnes.items():
        feuille.write(f"{colonne}7", intitule, style("colonne"))
    for ligne in range(PREMIERE, DERNIERE + 1):
        _ligne(ouvrage, feuille, ligne, colonnes)
    feuille.write(f"B{TOTAL}", "", style("grand_total"))
    feuille.merge_range(f"C{TOTAL}:E{TOTAL}", "TOTAL", style("grand_total", "gauche"))
    feuille.freeze_panes(7, 4)
    feuille.set_landscape()
    feuille.set_paper(8)
    feuille.repeat_rows(5, 6)
    feuille.fit_to_pages(1, 0)
    feuille.set_header("&L&9Annexe 6 — TPER&R&9&F")
    return feuille


def _ligne(ouvrage: Ouvrage, feuille: Worksheet, ligne: int, colonnes: dict[str, _Colonne]) -> None:
    style = ouvrage.style
    for colonne, (intitule, nature, formule) in colonnes.items():
        cellule = f"{colonne}{ligne}"
        if formule:
            feuille.write_formula(cellule, formule.format(ligne), style("calcul", nature), "")
        elif intitule == "N°":
            feuille.write_number(cellule, ligne - PREMIERE + 1, style("libelle", "petit", "centre"))
        elif colonne in "TU" and len(colonnes) > 15:
            feuille.write_blank(cellule, None, style("reserve", nature))
        else:
            pose = {"Observations": ("petit", "multiligne")}.get(
                intitule, ("gauche",) if nature == "texte" else ()
            )
            feuille.write_blank(cellule, None, style("saisie", *pose, nature))


def _totaux(ouvrage: Ouvrage, feuille: Worksheet, colonnes: dict[str, str], vides: Sequence[str]) -> None:
    """Les sommes du bas ; `colonnes` : lettre → style."""
    for colonne, nature in colonnes.items():
        somme = f"=SUM({colonne}{PREMIERE}:{colonne}{DERNIERE})"
        feuille.write_formula(f"{colonne}{TOTAL}", somme, ouvrage.style("grand_total", nature), 0)
    for colonne in vides:
        feuille.write_blank(f"{colonne}{TOTAL}", None, ouvrage.style("grand_total"))


def _listes_et_nombres(feuille: Worksheet, listes: Listes, nombres: Sequence[str]) -> None:
    listes.valider(feuille, f"C{PREMIERE}:C{DERNIERE}", "categories")
    listes.valider(feuille, f"E{PREMIERE}:E{DERNIERE}", "contrats")
    for colonne in nombres:
        feuille.data_validation(
            f"{colonne}{PREMIERE}:{colonne}{DERNIERE}",
            {
                "validate": "decimal",
                "criteria": ">=",
                "value": 0,
                "error_title": "Nombre attendu",
                "error_message": "Saisir un nombre positif, sans unité.",
            },
        )


def feuille_realise(ouvrage: Ouvrage, listes: Listes) -> None:
    groupes = {
        "B6:E6": "Emploi",
        "F6:I6": "Effectifs de l’exercice N-1",
        "J6:M6": "Rémunérations et charges de l’exercice N-1 (€)",
    }
    feuille = _preparer(ouvrage, REALISE, "EMPLOIS RÉALISÉS DE L’EXERCICE N-1", _COLONNES_REALISE, groupes)
    sommes = {c: _COLONNES_REALISE[c][1] for c in "FGHIJKLM"}
    _totaux(ouvrage, feuille, sommes, ())
    _listes_et_nombres(feuille, listes, "FGIJKL")
    commenter(feuille, "H7", "ETP budgétés − ETP réalisés : postes vacants de plus de six mois. Calculé.")
    feuille.print_area(f"B1:M{TOTAL}")


def feuille_prevu(ouvrage: Ouvrage, listes: Listes) -> None:
    groupes = {
        "B6:E6": "Emploi",
        "F6:H6": "Effectifs (ETP)",
        "I6:M6": "Rémunérations et charges de l’exercice N (€)",
        "N6:Q6": "Répartition par section (%)",
        "R6:S6": "Évolution",
        "T6:U6": "Réservé à l’autorité",
    }
    feuille = _preparer(ouvrage, PREVU, "EMPLOIS BUDGÉTÉS DE L’EXERCICE N", _COLONNES_PREVU, groupes)
    feuille.set_column("N:Q", 12, ouvrage.style())
    feuille.set_column("R:R", 16, ouvrage.style())
    feuille.set_column("S:S", 34, ouvrage.style())
    sommes = {c: _COLONNES_PREVU[c][1] for c in "FGHIJKL"}
    _totaux(ouvrage, feuille, sommes, "MNOPQRSTU")
    moyen = f'=IF(G{TOTAL}=0,"",L{TOTAL}/G{TOTAL})'
    feuille.write_formula(f"M{TOTAL}", moyen, ouvrage.style("grand_total", "euros"), "")
    feuille.merge_range(
        f"B{TOTAL + 1}:E{TOTAL + 1}",
        "ETP réalisés N-1 non repris (emplois supprimés)",
        ouvrage.style("libelle", "petit"),
    )
    feuille.write_formula(
        f"F{TOTAL + 1}",
        f"=ROUND('{REALISE}'!G{TOTAL}-F{TOTAL},2)",
        ouvrage.style("calcul", "decimal"),
        0,
    )
    _listes_et_nombres(feuille, listes, "GIJK")
    listes.valider(feuille, f"R{PREMIERE}:R{DERNIERE}", "mouvements")
    _sections_tarifaires(ouvrage, feuille)
    feuille.unprotect_range(f"T{PREMIERE}:U{DERNIERE}", "Reserve_autorite", "autorite")
    feuille.print_area(f"B1:U{TOTAL + 1}")


def _sections_tarifaires(ouvrage: Ouvrage, feuille: Worksheet) -> None:
    """Parts entre 0 et 100 % ; total en rouge s’il ne fait pas 100 %, écart d’ETP en orange au-delà de 1."""
    feuille.data_validation(
        f"N{PREMIERE}:P{DERNIERE}",
        {
            "validate": "decimal",
            "criteria": "between",
            "minimum": 0,
            "maximum": 1,
            "error_title": "Part attendue",
            "error_message": "Saisir un pourcentage entre 0 % et 100 %.",
        },
    )
    feuille.conditional_format(
        f"Q{PREMIERE}:Q{DERNIERE}",
        {
            "type": "formula",
            "criteria": f"=AND(ISNUMBER(Q{PREMIERE}),ABS(Q{PREMIERE}-1)>0.0005)",
            "format": ouvrage.alerte(ROUGE_PALE, ROUGE, gras=True),
        },
    )
    feuille.conditional_format(
        f"H{PREMIERE}:H{DERNIERE}",
        {
            "type": "formula",
            "criteria": f"=AND(ISNUMBER(H{PREMIERE}),ABS(H{PREMIERE})>=1)",
            "format": ouvrage.alerte(ORANGE_PALE, "#7F4F00"),
        },
    )
