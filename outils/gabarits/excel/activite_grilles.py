"""Les feuilles « Activité » et « File active » : modalités en lignes, quatre exercices de six colonnes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from outils.gabarits.excel.feuilles import commenter
from outils.gabarits.excel.styles import NOTE, ORANGE_PALE, ROUGE, ROUGE_PALE, Ouvrage

PERSONNES_AGEES = {
    "HP": "Hébergement permanent",
    "HT": "Hébergement temporaire",
    "AJ": "Accueil de jour",
    "AN": "Accueil de nuit",
    "UHR": "Unité d’hébergement renforcé",
}
AUTRES = {
    "internat": "Internat",
    "internat_semaine": "Internat de semaine",
    "semi_internat": "Semi-internat",
    "externat": "Externat, accueil de jour",
    "accueil_familial": "Accueil familial",
    "milieu_ordinaire": "Prestation en milieu ordinaire",
    "autre1": "Autre modalité 1",
    "autre2": "Autre modalité 2",
    "autre3": "Autre modalité 3",
    "seances": "Séances (hors total des journées)",
}
_EXERCICES = ("N-3", "N-2", "N-1", "N")
_PREMIERE_COLONNE = 3
MESURES = 6
_TITRE_A, _TITRE_B = 7, 14
_TOTAL_A, _TOTAL_B, TOTAL = 13, 25, 26
PREMIERE, DERNIERE = _TITRE_A + 1, _TOTAL_B - 1
COMMENTAIRE = "B29"
LIGNES = {code: PREMIERE + rang for rang, code in enumerate(PERSONNES_AGEES)} | {
    code: _TITRE_B + 1 + rang for rang, code in enumerate(AUTRES)
}
DERNIERE_COLONNE = _PREMIERE_COLONNE + MESURES * len(_EXERCICES)


@dataclass(frozen=True)
class Bloc:
    """Les six colonnes d’un exercice."""

    exercice: str
    debut: int

    def __getitem__(self, rang: int) -> str:
        return str(xl_col_to_name(self.debut + rang))


BLOCS = [Bloc(nom, _PREMIERE_COLONNE + MESURES * rang) for rang, nom in enumerate(_EXERCICES)]


def preparer(ouvrage: Ouvrage, nom: str, titre: str, derniere: int) -> Worksheet:
    """Une feuille de modalités : bandeau, rappel de l’établissement, codes cachés, volets, impression A3."""
    style = ouvrage.style
    feuille = ouvrage.feuille(nom, "#2E8B57", {"A:A": 14, "B:B": 31, "C:C": 9})
    feuille.set_column(0, 0, 14, style(), {"hidden": True})
    feuille.set_column(_PREMIERE_COLONNE, derniere - 1, 9.5, style())
    feuille.set_row(0, 28)
    feuille.merge_range(0, 1, 0, derniere - 1, titre, style("bandeau"))
    feuille.merge_range(1, 1, 1, derniere - 1, "", style("sous_titre"))
    feuille.write_formula(
        "B2",
        '=\'Page de garde\'!$C$23&IF(FINESS_ET="","","  —  FINESS "&FINESS_ET)',
        style("sous_titre", "gras"),
        "",
    )
    feuille.merge_range(2, 1, 2, derniere - 1, NOTE, style("fictif"))
    feuille.write("A6", "Code", style("colonne"))
    feuille.merge_range("B5:B6", "Modalité d’accueil ou d’accompagnement", style("entete"))
    feuille.merge_range("C5:C6", "Unité", style("entete"))
    feuille.set_row(4, 20)
    feuille.set_row(5, 40)
    feuille.freeze_panes(6, _PREMIERE_COLONNE)
    feuille.set_landscape()
    feuille.set_paper(8)
    feuille.repeat_rows(4, 5)
    feuille.repeat_columns(1, 2)
    feuille.fit_to_pages(1, 0)
    feuille.set_header("&L&9Annexe 4 — Activité&R&9&F")
    return feuille


def entetes(ouvrage: Ouvrage, feuille: Worksheet, intitules: dict[str, list[str]]) -> None:
    """L’exercice, fusionné sur ses colonnes, puis l’intitulé de chacune."""
    for bloc in BLOCS:
        recul = int(bloc.exercice[1:] or 0)
        nature = "prévision" if recul == 0 else "réalisé"
        feuille.merge_range(4, bloc.debut, 4, bloc.debut + MESURES - 1, "", ouvrage.style("entete"))
        feuille.write_formula(
            4,
            bloc.debut,
            f'=IF(EXERCICE="","{bloc.exercice}",EXERCICE{recul or ""})&" — {nature}"',
            ouvrage.style("entete"),
            f"{bloc.exercice} — {nature}",
        )
        for rang, intitule in enumerate(intitules[nature]):
            feuille.write(5, bloc.debut + rang, intitule, ouvrage.style("colonne"))


def lignes_de_modalites(ouvrage: Ouvrage, feuille: Worksheet, unites: dict[str, str]) -> None:
    """Titres de bloc, libellés, codes cachés, unités (par modalité ; « » : les autres)."""
    style = ouvrage.style
    for ligne, titre in (
        (_TITRE_A, "A. Accueil des personnes âgées"),
        (_TITRE_B, "B. Autres établissements et services médico-sociaux"),
    ):
        feuille.merge_range(ligne - 1, 1, ligne - 1, DERNIERE_COLONNE - 1, titre, style("section"))
    for code, libelle in (PERSONNES_AGEES | AUTRES).items():
        ligne = LIGNES[code] - 1
        feuille.write(ligne, 0, code, style("petit"))
        feuille.write(ligne, 1, libelle, style("libelle"))
        feuille.write(ligne, 2, unites.get(code, unites[""]), style("libelle", "petit"))
    for ligne, libelle, genre in (
        (_TOTAL_A, "Sous-total A", "total"),
        (_TOTAL_B, "Sous-total B", "total"),
        (TOTAL, "TOTAL DE L’ÉTABLISSEMENT", "grand_total"),
    ):
        feuille.write(ligne - 1, 1, libelle, style(genre, "gauche"))
        feuille.write(ligne - 1, 2, "", style(genre))


def feuille_activite(ouvrage: Ouvrage) -> None:
    feuille = preparer(ouvrage, "Activité", "ACTIVITÉ PAR MODALITÉ", DERNIERE_COLONNE)
    commun = ["Capacité financée", "Jours d’ouverture", "Journées théoriques"]
    fin = ["Absences < 72 h", "Taux d’occupation"]
    entetes(
        ouvrage,
        feuille,
        {
            "réalisé": [*commun, "Journées réalisées", *fin],
            "prévision": [*commun, "Journées prévues", *fin],
        },
    )
    lignes_de_modalites(ouvrage, feuille, {"": "journées", "seances": "séances"})
    for bloc in BLOCS:
        for code, ligne in LIGNES.items():
            _ligne_activite(ouvrage, feuille, bloc, code, ligne)
        totaux(ouvrage, feuille, bloc, en_journees=(2, 3, 4))
        _taux_des_totaux(ouvrage, feuille, bloc)
        _alertes_activite(ouvrage, feuille, bloc)
    _notes_activite(feuille)
    _commentaire(ouvrage, feuille)


def _ligne_activite(ouvrage: Ouvrage, feuille: Worksheet, bloc: Bloc, code: str, ligne: int) -> None:
    style = ouvrage.style
    capacite, jours, theoriques, journees, absences, taux = (
        f"{bloc[rang]}{ligne}" for rang in range(MESURES)
    )
    for cellule in (capacite, jours, journees):
        feuille.write_blank(cellule, None, style("saisie", "entier"))
    feuille.write_formula(
        theoriques, f'=IF(COUNT({capacite}:{jours})=2,{capacite}*{jours},"")', style("calcul", "entier"), ""
    )
    absences_comptees = code == "HP"
    feuille.write_blank(absences, None, style("saisie" if absences_comptees else "neutre", "entier"))
    numerateur = f"{journees}+N({absences})" if absences_comptees else journees
    feuille.write_formula(
        taux,
        f'=IF(COUNT({theoriques}:{journees})<2,"",IF({theoriques}=0,"",({numerateur})/{theoriques}))',
        style("calcul", "taux"),
        "",
    )


def totaux(ouvrage: Ouvrage, feuille: Worksheet, bloc: Bloc, en_journees: Sequence[int] = ()) -> None:
    """Les sous-totaux et le total de chaque colonne ; celles en journées ne comptent pas les séances."""
    for rang in range(MESURES):
        colonne = bloc[rang]
        fin = DERNIERE - 1 if rang in en_journees else DERNIERE
        sommes = (
            (_TOTAL_A, f"SUM({colonne}{PREMIERE}:{colonne}{_TOTAL_A - 1})", "total"),
            (_TOTAL_B, f"SUM({colonne}{_TITRE_B + 1}:{colonne}{fin})", "total"),
            (TOTAL, f"{colonne}{_TOTAL_A}+{colonne}{_TOTAL_B}", "grand_total"),
        )
        for ligne, somme, genre in sommes:
            feuille.write_formula(f"{colonne}{ligne}", f"={somme}", ouvrage.style(genre, "entier"), 0)


def _taux_des_totaux(ouvrage: Ouvrage, feuille: Worksheet, bloc: Bloc) -> None:
    """Ni jours ni taux ne s’additionnent : pas de jours, un taux seulement si chaque ligne est complète."""
    _, jours, theoriques, journees, absences, taux = (bloc[rang] for rang in range(MESURES))
    lignes_a, lignes_b = (PREMIERE, _TOTAL_A - 1), (_TITRE_B + 1, DERNIERE - 1)
    for ligne, genre, lignes in (
        (_TOTAL_A, "total", [lignes_a]),
        (_TOTAL_B, "total", [lignes_b]),
        (TOTAL, "grand_total", [lignes_a, lignes_b]),
    ):
        feuille.write_blank(f"{jours}{ligne}", None, ouvrage.style(genre))
        plages = (",".join(f"{c}{debut}:{c}{fin}" for debut, fin in lignes) for c in (theoriques, journees))
        incomplet = "<>".join(f"COUNT({plage})" for plage in plages)
        rapport = f"({journees}{ligne}+{absences}{ligne})/{theoriques}{ligne}"
        formule = f'=IF(OR({theoriques}{ligne}=0,{incomplet}),"",{rapport})'
        feuille.write_formula(f"{taux}{ligne}", formule, ouvrage.style(genre, "taux"), "")


def _alertes_activite(ouvrage: Ouvrage, feuille: Worksheet, bloc: Bloc) -> None:
    """Validations de saisie, barres de taux (x14), et couleurs au-delà de 100 % et de 120 %."""
    lignes = f"{PREMIERE}:{{}}{DERNIERE}"
    entier = {
        "validate": "integer",
        "criteria": ">=",
        "value": 0,
        "error_title": "Nombre attendu",
        "error_message": "Saisir un nombre entier, sans unité.",
    }
    for rang in (0, 3, 4):
        feuille.data_validation(f"{bloc[rang]}{lignes.format(bloc[rang])}", entier)
    feuille.data_validation(
        f"{bloc[1]}{lignes.format(bloc[1])}",
        {
            "validate": "integer",
            "criteria": "between",
            "minimum": 1,
            "maximum": 366,
            "input_title": "Jours d’ouverture",
            "input_message": "De 1 à 366, selon l’année.",
            "error_title": "Jours d’ouverture",
            "error_message": "Saisir un nombre de jours entre 1 et 366.",
        },
    )
    taux = f"{bloc[5]}{lignes.format(bloc[5])}"
    for seuil, fond, encre in ((1.2, ROUGE_PALE, ROUGE), (1, ORANGE_PALE, "#7F4F00")):
        feuille.conditional_format(
            taux,
            {
                "type": "formula",
                "criteria": f"=AND(ISNUMBER({bloc[5]}{PREMIERE}),{bloc[5]}{PREMIERE}>{seuil})",
                "format": ouvrage.alerte(fond, encre, gras=seuil > 1),
                "stop_if_true": seuil > 1,
            },
        )
    feuille.conditional_format(
        taux,
        {
            "type": "data_bar",
            "data_bar_2010": True,
            "bar_solid": True,
            "bar_color": "#A9C7E8",
            "min_type": "num",
            "max_type": "num",
            "min_value": 0,
            "max_value": 1.3,
        },
    )


def _notes_activite(feuille: Worksheet) -> None:
    bloc = BLOCS[0]
    notes = (
        "Places autorisées et financées au 31 décembre de l’exercice.",
        "Nombre de jours d’ouverture effective dans l’année.",
        "Capacité financée × jours d’ouverture. Calculé.",
        "Journées réalisées dans l’année, hors absences.",
        "Absences de moins de 72 heures, hospitalisation ou convenance : hébergement permanent seulement.",
        "(Journées + absences de moins de 72 h) / journées théoriques. Calculé.",
    )
    for rang, note in enumerate(notes):
        commenter(feuille, f"{bloc[rang]}6", note)


def _commentaire(ouvrage: Ouvrage, feuille: Worksheet) -> None:
    """La zone de texte libre du gestionnaire, et celle de l’autorité."""
    style = ouvrage.style
    titre = "Commentaires : taux supérieurs à 100 %, variations de plus de 5 %, fermetures"
    feuille.merge_range("B28:O28", titre, style("section"))
    feuille.merge_range(f"{COMMENTAIRE}:O34", "", style("saisie", "multiligne", "texte"))
    derniere = xl_col_to_name(DERNIERE_COLONNE - 1)
    reserve = "RÉSERVÉ À L’AUTORITÉ — activité retenue"
    feuille.merge_range(f"Q28:{derniere}28", reserve, style("reserve_titre"))
    feuille.merge_range(f"Q29:{derniere}34", "", style("reserve"))
    feuille.unprotect_range(f"Q29:{derniere}34", "Reserve_autorite", "autorite")
    feuille.print_area(f"B1:{derniere}34")
