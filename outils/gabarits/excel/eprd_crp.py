"""La feuille « CRP » : charges et produits par groupe fonctionnel et par chapitre, sur trois exercices."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from outils.gabarits.excel.eprd_lignes import (
    ANNEES,
    ENTETE,
    FIN,
    GROUPES,
    LIGNES,
    POUR_MEMOIRE,
    RESULTAT,
    Groupe,
)
from outils.gabarits.excel.feuilles import commenter
from outils.gabarits.excel.styles import NOTE, ORANGE_PALE, ROUGE, ROUGE_PALE, VERT, Ouvrage

_DERNIERE = "K"


def feuille_crp(ouvrage: Ouvrage) -> None:
    """Ajoute la feuille."""
    feuille = _preparer(ouvrage)
    for groupe in GROUPES:
        _groupe(ouvrage, feuille, groupe)
    for sens, titre in (
        ("charge", "TOTAL DES CHARGES (I + II + III)"),
        ("produit", "TOTAL DES PRODUITS (I + II + III)"),
    ):
        _total(ouvrage, feuille, sens, titre)
    _resultat(ouvrage, feuille)
    _pour_memoire(ouvrage, feuille)
    _alertes(ouvrage, feuille)
    feuille.print_area(f"B1:{_DERNIERE}{FIN}")


def _preparer(ouvrage: Ouvrage) -> Worksheet:
    style = ouvrage.style
    largeurs = {"A:A": 14, "B:B": 8, "C:C": 62, "D:G": 19, "H:H": 16, "I:I": 11, "J:J": 40, "K:K": 18}
    feuille = ouvrage.feuille("CRP", "#2E5C8A", largeurs)
    feuille.set_column("A:A", 14, style(), {"hidden": True})
    feuille.set_row(0, 28)
    feuille.merge_range(f"B1:{_DERNIERE}1", "COMPTE DE RÉSULTAT PRÉVISIONNEL (CRP)", style("bandeau"))
    feuille.merge_range(f"B2:{_DERNIERE}2", "", style("sous_titre"))
    identite = '=\'Page de garde\'!$C$30&IF(FINESS_ET="","","  —  FINESS "&FINESS_ET)'
    feuille.write_formula("B2", identite, style("sous_titre", "gras"), "")
    feuille.merge_range(f"B3:{_DERNIERE}3", NOTE, style("fictif"))
    feuille.merge_range("B4:C4", "Montants en euros ; charges et produits en positif.", style("aide"))
    _entetes(ouvrage, feuille)
    feuille.freeze_panes(ENTETE + 1, 3)
    feuille.set_landscape()
    feuille.set_paper(8)
    feuille.fit_to_pages(1, 1)
    feuille.set_header("&L&9EPRD simplifié — CRP&R&9&F")
    return feuille


def _entetes(ouvrage: Ouvrage, feuille: Worksheet) -> None:
    style, bas = ouvrage.style, ENTETE + 1
    feuille.set_row(ENTETE - 1, 20)
    feuille.set_row(ENTETE, 32)
    feuille.merge_range(f"B{ENTETE}:B{bas}", "Chap.", style("entete"))
    feuille.merge_range(f"C{ENTETE}:C{bas}", "Intitulé", style("entete"))
    feuille.merge_range(f"D{ENTETE}:E{ENTETE}", "Exercices antérieurs", style("entete"))
    feuille.merge_range(f"F{ENTETE}:G{ENTETE}", "Prévision", style("entete"))
    feuille.merge_range(f"H{ENTETE}:I{ENTETE}", "Variation N / N-1", style("entete"))
    feuille.merge_range(f"J{ENTETE}:J{bas}", "Commentaire (variation de plus de 5 %)", style("entete"))
    feuille.merge_range(
        f"K{ENTETE}:K{bas}",
        "Réservé à l’autorité : montant retenu",
        style("reserve_titre", "petit", "entoure"),
    )
    for colonne, exercice, nature in (
        ("D", "N-2", "réel"),
        ("E", "N-1", "réel ou anticipé"),
        ("F", "N", "total"),
    ):
        recul = exercice[1:]
        formule = f'=IF(EXERCICE="","{exercice}",EXERCICE{recul})&" — {nature}"'
        feuille.write_formula(f"{colonne}{bas}", formule, style("colonne"), f"{exercice} — {nature}")
    for colonne, intitule in (("G", "dont mesures nouvelles"), ("H", "en euros"), ("I", "en %")):
        feuille.write(f"{colonne}{bas}", intitule, style("colonne"))


def _groupe(ouvrage: Ouvrage, feuille: Worksheet, groupe: Groupe) -> None:
    style = ouvrage.style
    lignes = [LIGNES[groupe.sens, groupe.code, chapitre] for chapitre, _ in groupe.chapitres]
    if groupe.code == "I":
        titre = "CHARGES" if groupe.sens == "charge" else "PRODUITS"
        feuille.merge_range(f"B{lignes[0] - 2}:{_DERNIERE}{lignes[0] - 2}", titre, style("section"))
    intitule = f"Groupe {groupe.code} — {groupe.intitule}"
    feuille.merge_range(f"B{lignes[0] - 1}:{_DERNIERE}{lignes[0] - 1}", intitule, style("sous_titre", "gras"))
    for (chapitre, libelle), ligne in zip(groupe.chapitres, lignes, strict=True):
        feuille.write(f"A{ligne}", f"{groupe.sens}-{groupe.code}-{chapitre}", style("petit"))
        feuille.write(f"B{ligne}", chapitre, style("libelle", "texte"))
        feuille.write(f"C{ligne}", libelle, style("libelle"))
        for colonne in (*ANNEES, "G"):
            feuille.write_blank(f"{colonne}{ligne}", None, style("saisie", "euros"))
        _variation(ouvrage, feuille, ligne, "calcul")
        feuille.write_blank(f"J{ligne}", None, style("saisie", "petit", "multiligne", "texte"))
        feuille.write_blank(f"K{ligne}", None, style("reserve", "euros"))
    total = LIGNES[groupe.sens, groupe.code, ""]
    _somme(
        ouvrage,
        feuille,
        total,
        f"Total du groupe {groupe.code}",
        f"{{0}}{lignes[0]}:{{0}}{lignes[-1]}",
        "total",
    )


def _somme(ouvrage: Ouvrage, feuille: Worksheet, ligne: int, libelle: str, plage: str, genre: str) -> None:
    style = ouvrage.style
    feuille.write(f"B{ligne}", "", style(genre))
    feuille.write(f"C{ligne}", libelle, style(genre, "gauche"))
    for colonne in (*ANNEES, "G"):
        somme = f"=SUM({plage.format(colonne)})"
        feuille.write_formula(f"{colonne}{ligne}", somme, style(genre, "euros"), 0)
    _variation(ouvrage, feuille, ligne, genre)
    feuille.write_blank(f"J{ligne}", None, style(genre))
    feuille.write_blank(f"K{ligne}", None, style(genre))


def _variation(ouvrage: Ouvrage, feuille: Worksheet, ligne: int, genre: str) -> None:
    euros = f'=IF(COUNT(E{ligne}:F{ligne})<2,"",F{ligne}-E{ligne})'
    saisie = genre == "calcul"
    feuille.write_formula(f"H{ligne}", euros, ouvrage.style(genre, "euros"), "" if saisie else 0)
    taux = f'=IF(COUNT(E{ligne}:F{ligne})<2,"",IF(E{ligne}=0,"",F{ligne}/E{ligne}-1))'
    feuille.write_formula(f"I{ligne}", taux, ouvrage.style(genre, "variation"), "")


def _total(ouvrage: Ouvrage, feuille: Worksheet, sens: str, titre: str) -> None:
    plage = ",".join(f"{{0}}{LIGNES[sens, code, '']}" for code in ("I", "II", "III"))
    _somme(ouvrage, feuille, LIGNES[sens, "", ""], titre, plage, "grand_total")


def _resultat(ouvrage: Ouvrage, feuille: Worksheet) -> None:
    style, charges, produits = ouvrage.style, LIGNES["charge", "", ""], LIGNES["produit", "", ""]
    feuille.write(f"B{RESULTAT}", "", style("total"))
    feuille.write(f"C{RESULTAT}", "RÉSULTAT (excédent + / déficit −)", style("total", "gauche"))
    for colonne in (*ANNEES, "G"):
        formule = f"={colonne}{produits}-{colonne}{charges}"
        feuille.write_formula(f"{colonne}{RESULTAT}", formule, style("total", "euros"), 0)
    formule = f"=F{RESULTAT}-E{RESULTAT}"
    feuille.write_formula(f"H{RESULTAT}", formule, style("total", "euros"), 0)
    for colonne in "IJK":
        feuille.write_blank(f"{colonne}{RESULTAT}", None, style("total"))


def _pour_memoire(ouvrage: Ouvrage, feuille: Worksheet) -> None:
    style = ouvrage.style
    titre = RESULTAT + 2
    libelle = "Pour mémoire — comptes nécessaires au calcul des ratios, déjà compris ci-dessus"
    feuille.merge_range(f"B{titre}:{_DERNIERE}{titre}", libelle, style("section"))
    for compte, intitule in POUR_MEMOIRE:
        ligne = LIGNES["compte", "", compte]
        feuille.write(f"A{ligne}", f"compte-{compte}", style("petit"))
        feuille.write(f"B{ligne}", compte, style("libelle", "texte"))
        feuille.write(f"C{ligne}", intitule, style("libelle"))
        for colonne in ANNEES:
            feuille.write_blank(f"{colonne}{ligne}", None, style("saisie", "euros"))


def _alertes(ouvrage: Ouvrage, feuille: Worksheet) -> None:
    """Variation de plus de 5 % en orange, déficit en rouge, excédent en vert ; montants numériques."""
    debut = ENTETE + 2
    feuille.conditional_format(
        f"I{debut}:I{RESULTAT}",
        {
            "type": "formula",
            "criteria": f"=AND(ISNUMBER($I{debut}),ABS($I{debut})>0.05)",
            "format": ouvrage.alerte(ORANGE_PALE, "#7F4F00"),
        },
    )
    resultats = f"D{RESULTAT}:F{RESULTAT}"
    feuille.conditional_format(
        resultats,
        {"type": "cell", "criteria": "<", "value": 0, "format": ouvrage.alerte(ROUGE_PALE, ROUGE, gras=True)},
    )
    feuille.conditional_format(
        resultats,
        {"type": "cell", "criteria": ">", "value": 0, "format": ouvrage.alerte("#E2EFDA", VERT, gras=True)},
    )
    feuille.data_validation(
        f"D{debut}:G{FIN}",
        {
            "validate": "decimal",
            "criteria": "between",
            "minimum": -1_000_000_000,
            "maximum": 1_000_000_000,
            "error_title": "Montant attendu",
            "error_message": "Saisir un montant en euros, sans lettre.",
        },
    )
    commenter(feuille, "E7", "Réel si l’exercice est clos, sinon anticipé.")
    commenter(feuille, "G7", "Part de la prévision qui ne relève pas de la reconduction.")
