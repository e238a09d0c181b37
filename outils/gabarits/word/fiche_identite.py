"""Les parties 1 à 3 de la fiche signalétique : un contrôle de contenu par réponse."""

from __future__ import annotations

from collections.abc import Sequence

from docx.document import Document as TypeDocument
from docx.shared import Cm
from docx.table import Table
from docx.text.paragraph import Paragraph

from outils.gabarits.word.briques.cadre import Remplir, libelles
from outils.gabarits.word.briques.commun import PALE, cellule, ecrire, fusionner, tableau
from outils.gabarits.word.briques.controles import Fabrique

_STATUTS = {
    "60": "Association loi 1901 non reconnue d’utilité publique",
    "61": "Association loi 1901 reconnue d’utilité publique",
    "62": "Association de droit local",
    "63": "Fondation",
    "64": "Congrégation",
    "65": "Autre organisme privé à but non lucratif",
    "66": "Groupement de coopération sociale ou médico-sociale",
    "47": "Société mutualiste",
}
_CATEGORIES = {
    "182": "SESSAD",
    "183": "IME",
    "186": "ITEP",
    "188": "EEAP",
    "189": "CMPP",
    "190": "CAMSP",
    "192": "IEM",
    "246": "ESAT",
    "252": "Foyer d’hébergement",
    "255": "MAS",
    "354": "SSIAD",
    "382": "Foyer de vie",
    "437": "FAM",
    "445": "SAMSAH",
    "446": "SAVS",
    "448": "EAM",
    "449": "EANM",
    "500": "EHPAD",
}
_CADRES = ("EPRD complet", "EPRD simplifié", "EPCP", "Budget prévisionnel et CA")
_QUATRE = (3.5, 5.2, 3.5, 5.2)
Paire = tuple[str, Remplir | None]


class _Reponses:
    """Les sortes de réponse de la fiche, prêtes à être posées dans une cellule."""

    def __init__(self, fabrique: Fabrique) -> None:
        self._fabrique = fabrique

    def texte(self, balise: str, titre: str, invite: str = "Cliquer pour saisir") -> Remplir:
        return lambda p: self._fabrique.texte(p, balise, titre, invite)

    def long(self, balise: str, titre: str, invite: str) -> Remplir:
        return lambda p: self._fabrique.texte(p, balise, titre, invite, multiligne=True)

    def date(self, balise: str, titre: str) -> Remplir:
        return lambda p: self._fabrique.date(p, balise, titre)

    def liste(self, balise: str, titre: str, choix: Sequence[tuple[str, str]]) -> Remplir:
        return lambda p: self._fabrique.liste(p, balise, titre, choix)

    def coches(self, *choix: tuple[str, str]) -> Remplir:
        def poser(paragraphe: Paragraph) -> None:
            for rang, (balise, texte) in enumerate(choix):
                self._fabrique.coche(paragraphe, balise, texte)
                ecrire(paragraphe, f" {texte}" + ("" if rang == len(choix) - 1 else "     "))

        return poser

    def commune(self, paragraphe: Paragraph) -> None:
        self._fabrique.texte(paragraphe, "gest_code_postal", "Code postal du siège", "Code postal")
        ecrire(paragraphe, " ")
        self._fabrique.texte(paragraphe, "gest_commune", "Commune du siège", "Commune")


def _questionnaire(document: TypeDocument, lignes: Sequence[Sequence[Paire]]) -> Table:
    """Deux questions par ligne ; une question seule prend toute la largeur."""
    table = tableau(document, _QUATRE, len(lignes))
    for rang, paires in enumerate(lignes):
        if len(paires) == 1:
            fusionner(table, (rang, 1), (rang, 3))
        libelles(table, rang, paires)
    return table


def gestionnaire(document: TypeDocument, fabrique: Fabrique) -> None:
    """Partie 1 : l’organisme gestionnaire."""
    document.add_paragraph("1. L’organisme gestionnaire (entité juridique)", style="Heading 1")
    r = _Reponses(fabrique)
    statuts = [(f"{code} – {libelle}", code) for code, libelle in _STATUTS.items()]
    invite = "Instances, délégations, organisation du siège (quelques lignes)"
    _questionnaire(
        document,
        [
            [
                ("Raison sociale", r.texte("gest_raison_sociale", "Raison sociale")),
                ("Sigle", r.texte("gest_sigle", "Sigle", "Sigle")),
            ],
            [
                ("N° FINESS juridique", r.texte("gest_finess_ej", "FINESS EJ", "9 caractères")),
                ("SIREN", r.texte("gest_siren", "SIREN", "9 chiffres")),
            ],
            [("Statut juridique", r.liste("gest_statut", "Statut juridique du gestionnaire", statuts))],
            [
                ("Adresse", r.texte("gest_adresse", "Adresse du siège")),
                ("Code et commune", r.commune),
            ],
            [
                ("Téléphone", r.texte("gest_telephone", "Téléphone du siège")),
                ("Courriel", r.texte("gest_courriel", "Courriel du siège")),
            ],
            [
                ("Présidence", r.texte("gest_president", "Président ou présidente")),
                ("Direction générale", r.texte("gest_dg", "Directeur général ou directrice générale")),
            ],
            [
                ("Signataire du contrat", r.texte("gest_signataire", "Représentant signataire")),
                ("En qualité de", r.texte("gest_qualite", "Qualité du signataire")),
            ],
            [
                ("Référent CPOM", r.texte("gest_referent", "Référent CPOM")),
                ("Courriel du référent", r.texte("gest_referent_courriel", "Courriel du référent CPOM")),
            ],
            [
                ("Siège autorisé", r.coches(("siege_oui", "Oui"), ("siege_non", "Non"))),
                ("Autorisé le", r.date("siege_date", "Date d’autorisation du siège")),
            ],
            [("Gouvernance", r.long("gest_gouvernance", "Organisation de l’entité juridique", invite))],
        ],
    )


def etablissement(document: TypeDocument, fabrique: Fabrique, lien: str) -> None:
    """Partie 2 : l’établissement. Son nom enveloppe une cellule et il est lié à l’en-tête par `lien`."""
    document.add_paragraph("2. L’établissement ou le service", style="Heading 1")
    r = _Reponses(fabrique)
    categories = [(f"{libelle} ({code})", code) for code, libelle in _CATEGORIES.items()]
    table = _questionnaire(
        document,
        [
            [("Nom officiel", None)],
            [
                ("N° FINESS ET", r.texte("etab_finess", "FINESS ET", "9 caractères")),
                ("N° SIRET", r.texte("etab_siret", "SIRET", "14 chiffres")),
            ],
            [
                ("Catégorie FINESS", r.liste("etab_categorie", "Catégorie", categories)),
                ("Ouvert le", r.date("etab_ouverture", "Date d’ouverture")),
            ],
            [
                ("Adresse", r.texte("etab_adresse", "Adresse de l’établissement")),
                ("Code postal", r.texte("etab_code_postal", "Code postal", "5 chiffres")),
            ],
            [
                ("Commune", r.texte("etab_commune", "Commune")),
                ("Département", r.texte("etab_departement", "Département")),
            ],
            [
                ("Téléphone", r.texte("etab_telephone", "Téléphone")),
                ("Courriel", r.texte("etab_courriel", "Courriel")),
            ],
            [
                ("Direction", r.texte("etab_directeur", "Directeur ou directrice")),
                ("Périmètre du CPOM", r.coches(("perimetre_oui", "Oui"), ("perimetre_non", "Non"))),
            ],
            [("", None)],
        ],
    )
    cellule(
        fusionner(table, (7, 0), (7, 3)), "Présentation de l’établissement, publics et missions", fond=PALE
    )
    fabrique.cellule(
        table.cell(0, 1), "etab_nom", "Nom de l’établissement", "Nom tel qu’au répertoire FINESS", lien
    )
    invite = "Cliquer ici pour présenter l’établissement en une dizaine de lignes."
    grand_cadre(document, fabrique, "etab_presentation", "Présentation de l’établissement", invite, 2)


def grand_cadre(
    document: TypeDocument, fabrique: Fabrique, balise: str, titre: str, invite: str, hauteur_cm: float
) -> None:
    """Un cadre d’une seule cellule, qu’un contrôle de texte enrichi remplit en entier."""
    cadre = tableau(document, (sum(_QUATRE),), 1)
    cadre.rows[0].height = Cm(hauteur_cm)
    fabrique.bloc(cellule(cadre.cell(0, 0)), balise, titre, invite)


def autorisation(document: TypeDocument, fabrique: Fabrique) -> None:
    """Partie 3 : l’autorisation et la tarification."""
    document.add_paragraph("3. Autorisation et tarification", style="Heading 1")
    r = _Reponses(fabrique)
    autorites = (("autorite_ars", "ARS"), ("autorite_cd", "CD"), ("autorite_deux", "ARS et CD"))
    habilitations = (("has_totale", "Totale"), ("has_partielle", "Partielle"), ("has_non", "Non"))
    cadres = [(texte, texte) for texte in _CADRES]
    _questionnaire(
        document,
        [
            [
                ("Arrêté d’autorisation", r.texte("aut_reference", "Référence de l’arrêté", "Référence")),
                ("Du", r.date("aut_date", "Date de l’arrêté")),
            ],
            [
                ("Échéance", r.date("aut_echeance", "Échéance de l’autorisation")),
                ("Autorité compétente", r.coches(*autorites)),
            ],
            [
                ("Habilitation aide sociale", r.coches(*habilitations)),
                ("Places habilitées", r.texte("has_places", "Places habilitées", "Nombre")),
            ],
            [
                ("Cadre budgétaire", r.liste("cadre_budgetaire", "Cadre budgétaire", cadres)),
                ("Mode de tarification", r.texte("mft", "Mode de fixation des tarifs", "Code FINESS")),
            ],
            [
                ("EHPAD : tarif soins", r.coches(("soins_global", "Global"), ("soins_partiel", "Partiel"))),
                ("EHPAD : PUI", r.coches(("pui_oui", "Oui"), ("pui_non", "Non"))),
            ],
            [
                ("Jours d’ouverture", r.texte("jours_ouverture", "Jours d’ouverture", "Nombre")),
                ("Convention collective", r.texte("ccn", "Convention collective", "CCN 51, CCN 66…")),
            ],
        ],
    )
