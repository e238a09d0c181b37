"""Le classeur « Rétroplanning » : un diagramme de Gantt qui suit les dates des cellules."""

from __future__ import annotations

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from outils.gabarits.excel.methode.interne import OuvrageInterne
from outils.gabarits.excel.styles import ORANGE_PALE, ROUGE, ROUGE_PALE

FICHIER = "Rétroplanning du CPOM.xlsx"
FERIES = "Jours fériés"
ENTETE, PREMIERE, LIGNES = 6, 7, 25
DERNIERE = PREMIERE + LIGNES - 1
JOURS_FERIES = 120
_DEBUT, _COLONNES = 13, 90
"""La première colonne du calendrier (N), et leur nombre : vingt mois de semaines."""
_PHASES = {
    "Cadrage": "#2F5597",
    "Lancement": "#C55A11",
    "Diagnostic": "#548235",
    "Objectifs": "#7F6000",
    "Moyens": "#7030A0",
    "Rédaction": "#1F7A8C",
    "Signature": "#9C1C00",
    "Suivi": "#595959",
}
_FAITE, _MARGE, _IMPOSEE, _PROPOSEE, _JOUR = "#A6A6A6", "#DDEBF7", "#FF0000", "#00B050", "#FFF2CC"
_TABLE: tuple[tuple[str, float, tuple[str, ...], str], ...] = (
    ("Étape", 40, ("saisie", "deux_lignes"), ""),
    ("Phase", 12, ("saisie", "gauche"), ""),
    ("Qui", 26, ("saisie", "deux_lignes", "petit"), ""),
    ("Début", 11, ("saisie", "date", "centre"), ""),
    ("Fin prévue", 11, ("saisie", "date", "centre"), ""),
    ("Faite le", 11, ("saisie", "date", "centre"), ""),
    ("Date imposée", 11, ("saisie", "date", "centre"), ""),
    ("Notre proposition", 11, ("saisie", "date", "centre"), ""),
    ("Écart (jours ouvrés)", 9, ("calcul", "signe", "centre"), "{ecart}"),
    ("Fin au plus tard", 11, ("calcul", "date", "centre"), ""),
    ("Durée (jours ouvrés)", 9, ("calcul", "entier", "centre"), "{duree}"),
    ("Marge (jours ouvrés)", 9, ("calcul", "signe", "centre"), "{marge}"),
)
"""Titre, largeur, styles, formule ; colonnes B à M."""
_NOTICE = (
    "Une ligne par étape. Changer une date du tableau redessine sa barre : rien d’autre n’est à faire.",
    "Le calendrier se compte en semaines ou en mois : le choisir en D5.",
    "Le fond jaune pâle est la colonne d’aujourd’hui ; les barres grises sont les étapes faites.",
    "Rouge : la date imposée par l’autorité. Vert : notre proposition. Bleu pâle : la marge qui reste.",
    "Durées, écarts et marges sont en jours ouvrés, hors jours de la feuille « Jours fériés ».",
    "La fin au plus tard remonte de la signature visée à travers les liens « Après l’étape » du classeur "
    "maître ; elle se recalcule quand ce document est produit de nouveau.",
    "Pour que cpomdocs le tienne à jour, changer les dates dans le classeur maître plutôt qu’ici.",
)


def construire() -> bytes:
    """Le classeur entier."""
    ouvrage = OuvrageInterne("Rétroplanning du CPOM")
    largeurs = {f"{xl_col_to_name(1 + r)}:{xl_col_to_name(1 + r)}": t[1] for r, t in enumerate(_TABLE)}
    feuille = ouvrage.page("Gantt", "RÉTROPLANNING DU CPOM", largeurs, "M")
    feuille.set_column(_DEBUT, _DEBUT + _COLONNES - 1, 1.6, ouvrage.style())
    feuille.set_column(_DEBUT + _COLONNES, _DEBUT + _COLONNES, None, None, {"hidden": True})
    _reglages(ouvrage, feuille)
    _legende(ouvrage, feuille)
    _table(ouvrage, feuille)
    _calendrier(ouvrage, feuille)
    _couleurs(ouvrage, feuille)
    _mise_en_page(feuille)
    _jours_feries(ouvrage)
    _mode_d_emploi(ouvrage)
    return ouvrage.octets()


def _reglages(ouvrage: OuvrageInterne, feuille: Worksheet) -> None:
    feuille.write("B4", "Signature visée", ouvrage.style("libelle"))
    feuille.write_blank("C4", None, ouvrage.style("saisie", "date", "centre"))
    feuille.write("B5", "Début du calendrier", ouvrage.style("libelle"))
    ouvrage.calculer(feuille, "C5", '=IF(COUNT(E:F)=0,"",MIN(E:F))', "calcul", "date", "centre")
    feuille.write("D4", "Semaine ou mois", ouvrage.style("libelle"))
    pas = f'=IF(MAX(E:F)-MIN(E:F)>{7 * (_COLONNES - 2)},"Mois","Semaine")'
    feuille.write_formula("D5", pas, ouvrage.style("saisie", "gauche"), "Semaine")
    feuille.data_validation("D5", {"validate": "list", "source": ["Semaine", "Mois"]})


def _legende(ouvrage: OuvrageInterne, feuille: Worksheet) -> None:
    """Une couleur et son nom, sur les deux lignes au-dessus du calendrier."""
    noms = {
        **_PHASES,
        "Faite": _FAITE,
        "Marge": _MARGE,
        "Date imposée": _IMPOSEE,
        "Notre proposition": _PROPOSEE,
        "Aujourd’hui": _JOUR,
    }
    for rang, (nom, couleur) in enumerate(noms.items()):
        ligne, colonne = 3 + rang // 7, _DEBUT + 12 * (rang % 7)
        fond = ouvrage.classeur.add_format({"bg_color": couleur, "border": 1, "border_color": "#A6A6A6"})
        feuille.write_blank(ligne, colonne, None, fond)
        feuille.write(ligne, colonne + 1, nom, ouvrage.style("petit"))


def _table(ouvrage: OuvrageInterne, feuille: Worksheet) -> None:
    """Les étapes, et ce que le classeur en calcule."""
    feuille.set_row(ENTETE - 1, 56)
    for rang, (titre, _, _, _) in enumerate(_TABLE):
        feuille.write(ENTETE - 1, 1 + rang, titre, ouvrage.style("entete"))
    for ligne in range(PREMIERE, DERNIERE + 1):
        feuille.set_row(ligne - 1, 24)
        formules = _formules(ligne)
        for rang, (_, _, styles, formule) in enumerate(_TABLE):
            cellule = f"{xl_col_to_name(1 + rang)}{ligne}"
            if formule:
                ouvrage.calculer(feuille, cellule, formule.format(**formules), *styles)
            else:
                feuille.write_blank(cellule, None, ouvrage.style(*styles))


def _formules(ligne: int) -> dict[str, str]:
    """Écart, durée et marge d’une étape."""
    duree = f'MAX(1,NETWORKDAYS(IF(E{ligne}="",F{ligne},E{ligne}),F{ligne},JOURS_FERIES))'
    ecart, marge = _separation(f"H{ligne}", f"I{ligne}"), _separation(f"F{ligne}", f"K{ligne}")
    return {
        "ecart": f'=IF(COUNT(H{ligne}:I{ligne})<2,"",{ecart})',
        "duree": f'=IF(F{ligne}="","",{duree})',
        "marge": f'=IF(OR(G{ligne}<>"",COUNT(F{ligne},K{ligne})<2),"",{marge})',
    }


def _separation(depart: str, arrivee: str) -> str:
    """Les jours ouvrés d’une date à l’autre, signés."""
    apres = f"NETWORKDAYS({depart}+1,{arrivee},JOURS_FERIES)"
    avant = f"-NETWORKDAYS({arrivee}+1,{depart},JOURS_FERIES)"
    return f"IF({arrivee}={depart},0,IF({arrivee}>{depart},{apres},{avant}))"


def _calendrier(ouvrage: OuvrageInterne, feuille: Worksheet) -> None:
    """Les dates des colonnes : le lundi de chaque semaine, ou le premier de chaque mois."""
    date = ouvrage.classeur.add_format(
        {
            "font_name": "Arial",
            "font_size": 7,
            "rotation": 90,
            "num_format": "dd/mm/yyyy",
            "align": "center",
            "border": 1,
            "border_color": "#D9D9D9",
            "bg_color": "#DCE6F1",
        }
    )
    case = ouvrage.classeur.add_format({"border": 1, "border_color": "#EDEDED"})
    premiere = '=IF(C5="","",IF(D5="Mois",DATE(YEAR(C5),MONTH(C5),1),C5-WEEKDAY(C5,2)+1))'
    feuille.write_formula(ENTETE - 1, _DEBUT, premiere, date, "")
    for colonne in range(_DEBUT + 1, _DEBUT + _COLONNES + 1):
        avant = f"{xl_col_to_name(colonne - 1)}{ENTETE}"
        suite = f'=IF({avant}="","",IF($D$5="Mois",EDATE({avant},1),{avant}+7))'
        feuille.write_formula(ENTETE - 1, colonne, suite, date, "")
    for ligne in range(PREMIERE, DERNIERE + 1):
        for colonne in range(_DEBUT, _DEBUT + _COLONNES):
            feuille.write_blank(ligne - 1, colonne, None, case)


def _couleurs(ouvrage: OuvrageInterne, feuille: Worksheet) -> None:
    """Les barres, par mises en forme conditionnelles ; la première condition remplie l’emporte."""
    ici, apres = f"{xl_col_to_name(_DEBUT)}${ENTETE}", f"{xl_col_to_name(_DEBUT + 1)}${ENTETE}"
    derniere = xl_col_to_name(_DEBUT + _COLONNES - 1)
    plage = f"{xl_col_to_name(_DEBUT)}{PREMIERE}:{derniere}{DERNIERE}"
    li = PREMIERE
    debut = f'IF($E{li}="",$F{li},$E{li})'
    barre = f"ISNUMBER({ici}),ISNUMBER($F{li}),{ici}<=$F{li},{apres}>{debut}"
    regles = [
        (f"=AND(ISNUMBER({ici}),ISNUMBER($H{li}),{ici}<=$H{li},{apres}>$H{li})", _IMPOSEE),
        (f"=AND(ISNUMBER({ici}),ISNUMBER($I{li}),{ici}<=$I{li},{apres}>$I{li})", _PROPOSEE),
        (f'=AND({barre},$G{li}<>"")', _FAITE),
        *((f'=AND({barre},$C{li}="{phase}")', couleur) for phase, couleur in _PHASES.items()),
        (f"=AND({barre})", "#7F7F7F"),
        (
            f'=AND(ISNUMBER({ici}),ISNUMBER($F{li}),ISNUMBER($K{li}),$G{li}="",{apres}>$F{li},{ici}<=$K{li})',
            _MARGE,
        ),
        (f"=AND(ISNUMBER({ici}),{ici}<=TODAY(),{apres}>TODAY())", _JOUR),
    ]
    for critere, couleur in regles:
        fond = ouvrage.classeur.add_format({"bg_color": couleur, "font_color": couleur})
        feuille.conditional_format(
            plage, {"type": "formula", "criteria": critere, "format": fond, "stop_if_true": True}
        )
    entete = f"{xl_col_to_name(_DEBUT)}{ENTETE}:{derniere}{ENTETE}"
    jour = ouvrage.classeur.add_format({"bg_color": ROUGE, "font_color": "#FFFFFF", "bold": True})
    critere = f"=AND(ISNUMBER({ici}),{ici}<=TODAY(),{apres}>TODAY())"
    feuille.conditional_format(entete, {"type": "formula", "criteria": critere, "format": jour})
    alertes = {
        f"F{li}:F{DERNIERE}": (f'=AND(ISNUMBER($F{li}),$G{li}="",$F{li}<TODAY())', ORANGE_PALE, "#7F4F00"),
        f"M{li}:M{DERNIERE}": (f"=AND(ISNUMBER($M{li}),$M{li}<0)", ROUGE_PALE, ROUGE),
    }
    for cellules, (critere, fond_, encre) in alertes.items():
        format_ = ouvrage.alerte(fond_, encre, gras=True)
        feuille.conditional_format(cellules, {"type": "formula", "criteria": critere, "format": format_})


def _mise_en_page(feuille: Worksheet) -> None:
    feuille.freeze_panes(ENTETE, 2)
    feuille.set_paper(8)
    feuille.repeat_rows(ENTETE - 1)
    feuille.fit_to_pages(1, 0)
    feuille.print_area(0, 0, DERNIERE - 1, _DEBUT + _COLONNES - 1)


def _jours_feries(ouvrage: OuvrageInterne) -> None:
    feuille = ouvrage.page(FERIES, "JOURS FÉRIÉS", {"B:B": 14, "C:C": 34, "D:E": 22}, "E")
    ouvrage.identite(feuille, "Gantt!B2")
    for colonne, titre in (("B", "Date"), ("C", "Jour férié")):
        feuille.write(f"{colonne}5", titre, ouvrage.style("entete"))
    for ligne in range(6, 6 + JOURS_FERIES):
        feuille.write_blank(f"B{ligne}", None, ouvrage.style("saisie", "date", "centre"))
        feuille.write_blank(f"C{ligne}", None, ouvrage.style("saisie", "gauche"))
    ouvrage.classeur.define_name("JOURS_FERIES", f"='{FERIES}'!$B$6:$B${5 + JOURS_FERIES}")
    feuille.freeze_panes(5, 0)
    feuille.fit_to_pages(1, 0)


def _mode_d_emploi(ouvrage: OuvrageInterne) -> None:
    feuille = ouvrage.page("Mode d’emploi", "MODE D’EMPLOI", {"B:B": 6, "C:C": 100}, "C")
    ouvrage.identite(feuille, "Gantt!B2")
    for rang, texte in enumerate(_NOTICE, 1):
        feuille.set_row(3 + rang, 32)
        feuille.write(3 + rang, 1, rang, ouvrage.style("libelle", "centre"))
        feuille.write(3 + rang, 2, texte, ouvrage.style("libelle"))
    feuille.fit_to_pages(1, 1)
