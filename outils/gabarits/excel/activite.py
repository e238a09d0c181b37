"""Le cadre « annexe activité » : page de garde, modalités × exercices, file active, contrôles."""

from __future__ import annotations

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from outils.gabarits.excel.activite_grilles import (
    BLOCS,
    COMMENTAIRE,
    DERNIERE,
    DERNIERE_COLONNE,
    LIGNES,
    MESURES,
    PREMIERE,
    TOTAL,
    Bloc,
    entetes,
    feuille_activite,
    lignes_de_modalites,
    preparer,
    totaux,
)
from outils.gabarits.excel.feuilles import (
    HABILITATIONS,
    OUI_NON,
    STATUTS,
    Listes,
    Rubrique,
    commenter,
    feuille_controles,
    lisez_moi,
    page_de_garde,
)
from outils.gabarits.excel.styles import ROUGE, ROUGE_PALE, Ouvrage

FICHIER = "Annexe 4 - Activité prévisionnelle 2026 (cadre fictif).xlsx"


def construire() -> bytes:
    """Le classeur entier."""
    ouvrage = Ouvrage("Annexe 4 — Activité prévisionnelle", "Cadre fictif d’activité prévisionnelle")
    listes = _listes()
    lisez_moi(
        ouvrage,
        "Annexe 4 — Activité prévisionnelle et réalisée",
        "Cadre « ANX4-ACT », version 2026-1 — un classeur par établissement ou service (FINESS ET)",
        "Ce cadre recueille, pour chaque établissement ou service, l’activité réalisée des trois derniers "
        "exercices et la prévision de l’exercice N, par modalité d’accueil. Les journées théoriques et les "
        "taux d’occupation sont calculés par le cadre. Il est remis avec l’état des prévisions de recettes "
        "et de dépenses, et sert à déterminer l’activité de référence.",
        {
            "Page de garde": "Identification de l’exercice, du gestionnaire et de l’établissement.",
            "Activité": "Capacité financée, jours d’ouverture, journées et taux d’occupation par modalité.",
            "File active": "Personnes présentes, entrées, sorties et file active par modalité.",
            "Contrôles": "Contrôles automatiques : aucun ne doit afficher « ERREUR » avant le dépôt.",
        },
        (
            "Ne renseigner que les modalités autorisées ; laisser vides les lignes des autres.",
            "Les numéros FINESS et SIRET sont des textes : conserver les zéros initiaux.",
            "Les absences de moins de 72 heures ne se saisissent que pour l’hébergement permanent, où elles "
            "comptent comme des journées réalisées dans le taux d’occupation.",
            "Un taux d’occupation supérieur à 100 % doit être expliqué dans la zone de commentaire.",
            "Ne pas modifier la structure du classeur : ni ligne, ni colonne, ni nom de feuille.",
            "Mot de passe de protection de cet exemple : « fictif ».",
        ),
    )
    page_de_garde(
        ouvrage, listes, "ANNEXE 4 — ACTIVITÉ PRÉVISIONNELLE", "Direction de l’autonomie", _sections()
    )
    ouvrage.classeur.define_name("EXERCICE", "='Page de garde'!$C$9")
    ouvrage.classeur.define_name("FINESS_ET", "='Page de garde'!$C$24")
    feuille_activite(ouvrage)
    _feuille_file_active(ouvrage)
    feuille_controles(ouvrage, _controles())
    listes.ecrire(ouvrage)
    return ouvrage.octets()


def _listes() -> Listes:
    return Listes(
        {
            "oui_non": OUI_NON,
            "statut": STATUTS,
            "autorite": ("ARS", "Conseil départemental", "ARS et conseil départemental", "État"),
            "habilitation": HABILITATIONS,
        }
    )


def _sections() -> dict[str, tuple[Rubrique, ...]]:
    """Les rubriques de la page de garde, de C9 à C36."""
    return {
        "1. Campagne": (
            Rubrique("Exercice de la prévision (N)", "annee", "Année sur quatre chiffres."),
            Rubrique("Autorité destinataire", aide="Agence ou conseil départemental."),
            Rubrique("Date d’établissement du cadre", "date", "jj/mm/aaaa"),
        ),
        "2. Organisme gestionnaire": (
            Rubrique("Raison sociale"),
            Rubrique("N° FINESS de l’entité juridique", aide="Neuf caractères, zéros initiaux compris."),
            Rubrique("N° SIREN", aide="Neuf chiffres."),
            Rubrique("Statut juridique", aide="Choisir dans la liste.", liste="statut"),
            Rubrique("Personne chargée du dossier"),
            Rubrique("Courriel"),
            Rubrique("Téléphone"),
        ),
        "3. Établissement ou service": (
            Rubrique("Nom"),
            Rubrique("N° FINESS de l’établissement", aide="Neuf caractères, zéros initiaux compris."),
            Rubrique("N° SIRET", aide="Quatorze chiffres."),
            Rubrique("Catégorie FINESS", aide="Code et libellé.", hauteur=31),
            Rubrique("Adresse complète", hauteur=34),
            Rubrique("Autorité compétente", aide="Choisir dans la liste.", liste="autorite"),
            Rubrique("Inclus dans le périmètre du CPOM", aide="Choisir dans la liste.", liste="oui_non"),
            Rubrique("Habilitation à l’aide sociale", aide="Choisir dans la liste.", liste="habilitation"),
            Rubrique("Jours d’ouverture de référence", "entier", "365 ou 366 au plus."),
            Rubrique("Capacité autorisée", "entier", "Places, toutes modalités."),
            Rubrique("Capacité financée", "entier", "Places, toutes modalités."),
            Rubrique("Capacité installée", "entier", "Places, toutes modalités."),
            Rubrique("Directrice ou directeur"),
        ),
    }


def _feuille_file_active(ouvrage: Ouvrage) -> None:
    feuille = preparer(ouvrage, "File active", "PERSONNES ACCOMPAGNÉES ET FILE ACTIVE", DERNIERE_COLONNE)
    intitules = [
        "Présents au 1er janvier",
        "Entrées",
        "Sorties",
        "dont sorties définitives",
        "Présents au 31 décembre",
        "File active",
    ]
    entetes(ouvrage, feuille, {"réalisé": intitules, "prévision": intitules})
    lignes_de_modalites(ouvrage, feuille, {"": "personnes"})
    for bloc in BLOCS:
        for ligne in LIGNES.values():
            _ligne_file_active(ouvrage, feuille, bloc, ligne)
        totaux(ouvrage, feuille, bloc)
        _alerte_file_active(ouvrage, feuille, bloc)
    commenter(
        feuille,
        f"{BLOCS[0][5]}6",
        "Personnes présentes au 31 décembre + sorties définitives de l’année. Calculé.",
    )
    feuille.print_area(f"B1:{xl_col_to_name(DERNIERE_COLONNE - 1)}{TOTAL}")


def _ligne_file_active(ouvrage: Ouvrage, feuille: Worksheet, bloc: Bloc, ligne: int) -> None:
    for rang in range(MESURES - 1):
        feuille.write_blank(f"{bloc[rang]}{ligne}", None, ouvrage.style("saisie", "entier"))
    definitives, presents = f"{bloc[3]}{ligne}", f"{bloc[4]}{ligne}"
    feuille.write_formula(
        f"{bloc[5]}{ligne}",
        f'=IF(COUNT({definitives}:{presents})=2,{definitives}+{presents},"")',
        ouvrage.style("calcul", "entier"),
        "",
    )


def _alerte_file_active(ouvrage: Ouvrage, feuille: Worksheet, bloc: Bloc) -> None:
    """En rouge : présents au 31 décembre ≠ présents au 1er janvier + entrées − sorties."""
    debut, entrees, sorties, presents = (f"${bloc[rang]}{PREMIERE}" for rang in (0, 1, 2, 4))
    feuille.conditional_format(
        f"{bloc[4]}{PREMIERE}:{bloc[4]}{DERNIERE}",
        {
            "type": "formula",
            "criteria": f"=AND(COUNT({debut}:{presents})>=4,{presents}<>{debut}+{entrees}-{sorties})",
            "format": ouvrage.alerte(ROUGE_PALE, ROUGE),
        },
    )
    feuille.data_validation(
        f"{bloc[0]}{PREMIERE}:{bloc[4]}{DERNIERE}",
        {"validate": "integer", "criteria": ">=", "value": 0},
    )


def _controles() -> list[tuple[str, str]]:
    """Libellé et condition d’erreur de chaque contrôle ; tous sont « OK » dans le cadre vide."""
    prevision = BLOCS[-1]
    plages = [f"Activité!{b[5]}{PREMIERE}:{b[5]}{DERNIERE}" for b in BLOCS]
    jours = [f"Activité!{b[1]}{PREMIERE}:{b[1]}{DERNIERE}" for b in BLOCS]
    capacite = f"Activité!{prevision[0]}{TOTAL}"
    return [
        ("Le n° FINESS de l’établissement compte neuf caractères", 'AND(FINESS_ET<>"",LEN(FINESS_ET)<>9)'),
        (
            "Les numéros FINESS de l’établissement et de l’entité juridique sont différents",
            "AND(FINESS_ET<>\"\",FINESS_ET='Page de garde'!$C$15)",
        ),
        (
            "La capacité financée de la page de garde est celle de l’exercice N",
            f"AND('Page de garde'!$C$33<>\"\",{capacite}>0,'Page de garde'!$C$33<>{capacite})",
        ),
        (
            "Aucun taux d’occupation ne dépasse 120 %",
            "+".join(f'COUNTIF({p},">"&1.2)' for p in plages) + ">0",
        ),
        (
            "Aucune modalité n’est ouverte plus de 366 jours",
            "+".join(f'COUNTIF({p},">366")' for p in jours) + ">0",
        ),
        (
            "Les taux supérieurs à 100 % sont expliqués en commentaire",
            "AND(" + "+".join(f'COUNTIF({p},">1")' for p in plages) + f'>0,Activité!{COMMENTAIRE}="")',
        ),
        (
            "La prévision N est renseignée",
            f'AND(FINESS_ET<>"",SUM(Activité!{prevision[3]}{TOTAL})=0)',
        ),
    ]
