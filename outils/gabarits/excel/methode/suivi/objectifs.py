"""Le classeur « Suivi des objectifs » : indicateurs et actions, année après année, pour la revue annuelle."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from outils.gabarits.excel.methode.interne import OuvrageInterne
from outils.gabarits.excel.methode.suivi import synthese
from outils.gabarits.excel.methode.suivi.colonnes import (
    ANNEES,
    AVANCEMENTS,
    DERNIERE,
    DERNIERE_ACTION,
    ETATS,
    FINALE,
    INDICATEURS,
    PREMIERE,
    PREMIERE_ACTION,
    Annee,
    etat,
    taux,
)
from outils.gabarits.excel.styles import ORANGE_PALE, ROUGE, ROUGE_PALE, VERT, VERT_PALE

FICHIER = "Suivi des objectifs.xlsx"
_SUITES = ("Poursuivre", "Renforcer l’action", "Ajuster la cible", "Arrêter")
_DONNEE = ("libelle", "nombre", "droite")
_COULEURS = (
    (ETATS[0], VERT_PALE, VERT),
    (ETATS[1], ORANGE_PALE, "#7F4F00"),
    (ETATS[2], ROUGE_PALE, ROUGE),
)


def construire() -> bytes:
    """Le classeur entier."""
    ouvrage = OuvrageInterne("Suivi des objectifs")
    _indicateurs(ouvrage)
    _actions(ouvrage)
    synthese.feuille(ouvrage)
    _lire(ouvrage)
    return ouvrage.octets()


def _indicateurs(ouvrage: OuvrageInterne) -> None:
    largeurs = {
        "B:C": 8, "D:D": 44, "E:E": 11, "F:F": 11, "G:G": 15, "H:H": 9, "I:W": 8.5, "X:X": 9, "Y:Y": 13,
        "Z:Z": 16, "AA:AA": 36,
    }  # fmt: skip
    feuille = ouvrage.page(INDICATEURS, "SUIVI DES INDICATEURS", largeurs, "AA")
    feuille.set_column("AB:AF", 12, ouvrage.style(), {"hidden": True})
    feuille.set_row(3, 24)
    feuille.merge_range("B4:C4", "Première année du contrat", ouvrage.style("aide", "droite"))
    feuille.write_blank("D4", None, ouvrage.style("saisie", "annee", "gauche"))
    feuille.merge_range("E4:G4", "Données au", ouvrage.style("aide", "droite"))
    feuille.merge_range("H4:I4", "", ouvrage.style("saisie", "date", "gauche"))
    ouvrage.classeur.define_name("PREMIERE_ANNEE", f"={INDICATEURS}!$D$4")
    ouvrage.classeur.define_name("DATE_REFERENCE", f"={INDICATEURS}!$H$4")
    _entetes(ouvrage, feuille)
    for ligne in range(PREMIERE, DERNIERE + 1):
        _ligne(ouvrage, feuille, ligne)
    _feux(ouvrage, feuille)
    feuille.data_validation(
        f"Z{PREMIERE}:Z{DERNIERE}",
        {"validate": "list", "source": list(_SUITES), "error_type": "warning"},
    )
    feuille.freeze_panes(PREMIERE - 1, 4)
    feuille.repeat_rows(5, 6)
    feuille.set_paper(8)
    feuille.fit_to_pages(1, 0)
    feuille.print_area(f"A1:AA{DERNIERE}")


def _entetes(ouvrage: OuvrageInterne, feuille: Worksheet) -> None:
    style = ouvrage.style
    feuille.set_row(6, 34)
    seules = {
        "B": "Objectif", "C": "Code", "D": "Indicateur", "E": "Mesuré à", "F": "Unité", "G": "Sens",
        "H": "Départ", FINALE: "Cible finale", "Y": "État", "Z": "Suite à donner", "AA": "Commentaire",
    }  # fmt: skip
    for colonne, intitule in seules.items():
        feuille.merge_range(f"{colonne}6:{colonne}7", intitule, style("entete"))
    for rang, annee in enumerate(ANNEES):
        formule = f'=IF(ISNUMBER(PREMIERE_ANNEE),PREMIERE_ANNEE+{rang},"Année {rang + 1}")'
        feuille.merge_range(f"{annee.cible}6:{annee.taux}6", "", style("entete"))
        feuille.write_formula(f"{annee.cible}6", formule, style("entete", "annee"), f"Année {rang + 1}")
        for colonne, intitule in zip(annee[:3], ("Cible", "Réalisé", "Atteinte"), strict=True):
            feuille.write(f"{colonne}7", intitule, style("colonne"))


def _ligne(ouvrage: OuvrageInterne, feuille: Worksheet, ligne: int) -> None:
    feuille.set_row(ligne - 1, 30)
    poses = {
        **dict.fromkeys("BCEFG", ("libelle", "petit", "entoure")),
        "D": ("libelle", "petit", "deux_lignes"),
        "Z": ("saisie", "petit", "entoure"),
        "AA": ("saisie", "petit", "deux_lignes"),
        "H": _DONNEE,
        FINALE: _DONNEE,
        **dict.fromkeys((annee.cible for annee in ANNEES), _DONNEE),
        **dict.fromkeys((annee.realise for annee in ANNEES), ("saisie", "nombre", "centre")),
    }
    for colonne, pose in poses.items():
        feuille.write_blank(f"{colonne}{ligne}", None, ouvrage.style(*pose))
    for annee in ANNEES:
        ouvrage.calculer(feuille, f"{annee.taux}{ligne}", taux(annee, ligne), "calcul", "pour_cent", "centre")
        ouvrage.calculer(feuille, f"{annee.etat}{ligne}", etat(annee, ligne), "calcul")
    ouvrage.calculer(feuille, f"Y{ligne}", _dernier_etat(ligne), "calcul", "petit", "entoure")


def _dernier_etat(ligne: int) -> str:
    """L’état de la dernière année mesurée ; « À mesurer » s’il n’y en a aucune."""
    formule = f'IF($D{ligne}="","","{ETATS[3]}")'
    for annee in ANNEES:
        cellule = f"{annee.etat}{ligne}"
        formule = f'IF(OR({cellule}="",{cellule}="{ETATS[3]}"),{formule},{cellule})'
    return f"={formule}"


def _feux(ouvrage: OuvrageInterne, feuille: Worksheet) -> None:
    """Vert, orange, rouge : le réalisé et son taux, selon l’état de l’année ; puis l’état d’ensemble."""
    for mot, fond, encre in _COULEURS:
        alerte = ouvrage.alerte(fond, encre, gras=True)
        for annee in ANNEES:
            _teindre(feuille, f"{annee.realise}{PREMIERE}:{annee.taux}{DERNIERE}", annee, mot, alerte)
        feuille.conditional_format(
            f"Y{PREMIERE}:Y{DERNIERE}",
            {"type": "cell", "criteria": "==", "value": f'"{mot}"', "format": alerte},
        )


def _teindre(feuille: Worksheet, plage: str, annee: Annee, mot: str, alerte: object) -> None:
    condition = f'=${annee.etat}{PREMIERE}="{mot}"'
    feuille.conditional_format(plage, {"type": "formula", "criteria": condition, "format": alerte})


def _actions(ouvrage: OuvrageInterne) -> None:
    style = ouvrage.style
    largeurs = {"B:C": 9, "D:D": 52, "E:E": 30, "F:G": 12, "H:H": 16, "I:I": 16, "J:J": 15, "K:K": 44}
    feuille = ouvrage.page("Actions", "SUIVI DES ACTIONS", largeurs, "K")
    ouvrage.identite(feuille, f"{INDICATEURS}!$B$2")
    titres = (
        "Objectif", "N°", "Action", "Responsable", "Début", "Fin", "Cadre", "Moyens", "Avancement",
        "Observations",
    )  # fmt: skip
    for colonne, titre in zip("BCDEFGHIJK", titres, strict=True):
        feuille.write(f"{colonne}{PREMIERE_ACTION - 1}", titre, style("entete"))
    poses = {
        **dict.fromkeys("BCH", ("libelle", "petit", "entoure")),
        **dict.fromkeys("DE", ("libelle", "petit", "deux_lignes")),
        **dict.fromkeys("FG", ("libelle", "petit", "date", "centre")),
        "I": ("libelle", "petit", "montant", "droite"),
        "J": ("saisie", "petit", "entoure"),
        "K": ("saisie", "petit", "deux_lignes"),
    }
    for ligne in range(PREMIERE_ACTION, DERNIERE_ACTION + 1):
        feuille.set_row(ligne - 1, 26)
        for colonne, pose in poses.items():
            feuille.write_blank(f"{colonne}{ligne}", None, style(*pose))
    plage = f"J{PREMIERE_ACTION}:J{DERNIERE_ACTION}"
    feuille.data_validation(plage, {"validate": "list", "source": list(AVANCEMENTS)})
    for mot, fond, encre in (
        (AVANCEMENTS[2], VERT_PALE, VERT),
        (AVANCEMENTS[1], ORANGE_PALE, "#7F4F00"),
        (AVANCEMENTS[3], "#D9D9D9", "#404040"),
    ):
        alerte = ouvrage.alerte(fond, encre)
        feuille.conditional_format(
            plage, {"type": "cell", "criteria": "==", "value": f'"{mot}"', "format": alerte}
        )
    debut = PREMIERE_ACTION
    en_retard = (
        f"=AND(ISNUMBER($G{debut}),ISNUMBER(DATE_REFERENCE),$G{debut}<DATE_REFERENCE,"
        f'$J{debut}<>"{AVANCEMENTS[2]}",$J{debut}<>"{AVANCEMENTS[3]}")'
    )
    feuille.conditional_format(
        f"G{debut}:G{DERNIERE_ACTION}",
        {"type": "formula", "criteria": en_retard, "format": ouvrage.alerte(ROUGE_PALE, ROUGE, gras=True)},
    )
    feuille.freeze_panes(PREMIERE_ACTION - 1, 4)
    feuille.repeat_rows(PREMIERE_ACTION - 2)
    feuille.fit_to_pages(1, 0)


def _lire(ouvrage: OuvrageInterne) -> None:
    feuille = ouvrage.page("Lisez-moi", "COMMENT LIRE CE CLASSEUR", {"B:B": 26, "C:C": 92}, "C")
    ouvrage.identite(feuille, f"{INDICATEURS}!$B$2")
    lignes = (
        ("Indicateurs", "Cible, réalisé et taux d’atteinte de chaque année du contrat."),
        ("Taux d’atteinte", "Réalisé ÷ cible ; cible ÷ réalisé quand la cible est un plafond (« Au plus »)."),
        (ETATS[0], "La cible de l’année est tenue."),
        (ETATS[1], "Elle ne l’est pas encore, mais la valeur est meilleure qu’au départ."),
        (ETATS[2], "La valeur est celle du départ, ou moins bonne."),
        (ETATS[3], "Une cible, sans valeur réalisée."),
        ("Actions", "La fin est en rouge quand elle est passée, à la date des données."),
        ("Où saisir", "Dans le classeur maître : ce qui est tapé ici n’y revient pas."),
    )
    for ligne, (gauche, droite) in enumerate(lignes, start=5):
        feuille.set_row(ligne - 1, 22)
        feuille.write(f"B{ligne}", gauche, ouvrage.style("libelle", "gras"))
        feuille.write(f"C{ligne}", droite, ouvrage.style("libelle"))
    feuille.fit_to_pages(1, 1)
