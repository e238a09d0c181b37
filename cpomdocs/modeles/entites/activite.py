"""L’activité, année par année : journées, publics accueillis, dépendance."""

from __future__ import annotations

import calendar
from decimal import Decimal
from typing import ClassVar

from cpomdocs.modeles.arithmetique import (
    difference,
    produit,
    quotient,
    somme,
    somme_des_champs,
    somme_entiere,
)
from cpomdocs.modeles.base import Entite, Feuille, calcul, champ
from cpomdocs.modeles.entites.reperes import cle_annee, cle_etablissement, cle_version, commentaire, source
from cpomdocs.modeles.types import (
    Annee,
    Date,
    Entier,
    Journees,
    Jours,
    Montant,
    Nature,
    Nombre,
    Personnes,
    Places,
    Taux,
    Texte,
    TexteLong,
)
from cpomdocs.nomenclatures import details


class AnneeExercice(Entite):
    """Un exercice et ses hypothèses (`domaine` § 2.4)."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Années", "Une ligne par exercice, de N-3 à N+5 : taux d’évolution et hypothèses communes."
    )

    annee: Annee = cle_annee()
    statut: Texte = champ("Statut", liste="statuts_annee", exemple="clos")
    annee_contrat: Entier = champ("Année du contrat", exemple=1, aide="De 1 à 5.")
    taux_actualisation_ars: Taux = champ("Taux d’actualisation ARS", exemple="1,2 %")
    taux_cd: Taux = champ("Taux d’évolution département", exemple="1 %")
    taux_inflation: Taux = champ("Taux d’inflation", exemple="1,8 %")
    taux_gvt: Taux = champ("Taux GVT", exemple="0,8 %", aide="Glissement vieillesse-technicité.")
    campagne_eprd: Texte = champ("Campagne EPRD")
    campagne_errd: Texte = champ("Campagne ERRD")
    commentaire: TexteLong = commentaire()

    @property
    @calcul("Rang", Nature("texte"), entrees=("annee",))
    def rang(self) -> str | None:
        """Place de l’exercice par rapport à N : « N-2 », « N », « N+3 »."""
        n = self.dossier.parametres.annee_n
        if n is None or self.annee is None:
            return None
        return "N" if self.annee == n else f"N{self.annee - n:+d}"

    @property
    @calcul("Jours calendaires", Nature("entier", "jours"), entrees=("annee",))
    def jours_calendaires(self) -> int | None:
        """365, ou 366 les années bissextiles."""
        return None if self.annee is None else 365 + calendar.isleap(self.annee)


class Activite(Entite):
    """L’activité d’un établissement, une année, pour une modalité et une version (`domaine` § 1.5, § 2.5)."""

    liens: ClassVar[dict[str, str]] = {"absences_comptees": "activite"}

    feuille: ClassVar[Feuille | None] = Feuille(
        "Activité",
        "Une ligne par établissement, année et modalité ; « classeur preparer » ajoute les lignes.",
    )

    etablissement: Texte = cle_etablissement()
    annee: Annee = cle_annee()
    modalite: Texte = champ("Modalité d’accueil", cle=True, liste="modalites", exemple="HP")
    version: Texte = cle_version()
    jours_ouverture: Jours = champ("Jours d’ouverture", obligatoire=True, exemple=365)
    capacite_autorisee: Places = champ("Capacité autorisée", exemple=80)
    capacite_financee: Places = champ("Capacité financée", obligatoire=True, exemple=80)
    capacite_installee: Places = champ("Capacité installée", exemple=80)
    journees_financees: Journees = champ("Journées financées", exemple=28000)
    journees_prevues: Journees = champ("Journées prévues", exemple=28500)
    journees_realisees: Journees = champ("Journées réalisées", exemple=28100)
    absences_lt72h: Journees = champ("Absences < 72 h", exemple=120)
    absences_ge72h: Journees = champ("Absences ≥ 72 h", exemple=300)
    personnes_absentes: Personnes = champ(
        "Personnes absentes", aide="Personnes absentes au moins une fois dans l’année."
    )
    objectif_contractuel: Journees = champ("Objectif contractuel", exemple=28200)
    effectif_debut: Personnes = champ("Effectif au 1er janvier", exemple=78)
    entrees: Personnes = champ("Entrées", exemple=20)
    sorties: Personnes = champ("Sorties", exemple=18)
    sorties_definitives: Personnes = champ("Sorties définitives", exemple=18)
    effectif_3112: Personnes = champ("Effectif au 31/12", exemple=80)
    somme_durees_sortis: Jours = champ(
        "Somme des durées de séjour", aide="Jours passés par les personnes sorties définitivement."
    )
    liste_attente: Personnes = champ("Liste d’attente", exemple=12)
    nb_actes: Entier = champ("Nombre d’actes", unite="actes", aide="Actes, séances ou interventions.")
    nb_heures: Nombre = champ("Nombre d’heures", unite="h")
    journees_creton: Journees = champ("Journées Creton")
    effectif_creton: Personnes = champ("Jeunes adultes Creton")
    journees_hors_departement: Journees = champ("Journées hors département")
    journees_gir12: Journees = champ("Journées GIR 1-2")
    journees_gir34: Journees = champ("Journées GIR 3-4")
    journees_gir56: Journees = champ("Journées GIR 5-6")
    source: Texte = source()
    commentaire: TexteLong = commentaire()

    @property
    def absences_comptees(self) -> list[Entite]:
        """La ligne elle-même si ses absences de moins de 72 h comptent comme réalisées (EHPAD, R.314-160)."""
        regle = details("modalites").get(self.modalite or "", {})
        return [self] if regle.get("absences_comptees") else []

    @property
    @calcul(
        "Journées théoriques", Nature("entier", "journées"), entrees=("capacite_financee", "jours_ouverture")
    )
    def journees_theoriques(self) -> int | None:
        """Capacité autorisée et financée × jours d’ouverture (R.314-160, R.314-43-2 ; AC-04), en journées."""
        journees = produit(self.capacite_financee, self.jours_ouverture)
        return None if journees is None else int(journees)

    @property
    @calcul(
        "Journées occupées",
        Nature("entier", "journées"),
        entrees=("journees_realisees", "absences_comptees.absences_lt72h"),
    )
    def journees_occupees(self) -> int | None:
        """Journées réalisées, plus les absences de moins de 72 h en hébergement permanent (AC-05)."""
        absences = somme_entiere(self.absences_comptees, "absences_lt72h")
        attendues = any(ligne.etat("absences_lt72h") == "vide" for ligne in self.absences_comptees)
        if self.journees_realisees is None or attendues:
            return None
        return self.journees_realisees + (absences or 0)

    @property
    @calcul("Taux d’occupation", Nature("taux", "%"), entrees=("journees_occupees", "journees_theoriques"))
    def taux_occupation(self) -> Decimal | None:
        """Journées occupées ÷ journées théoriques (`domaine` § 1.14, AC-05), en fraction."""
        return quotient(self.journees_occupees, self.journees_theoriques)

    @property
    @calcul("Taux de réalisation", Nature("taux", "%"), entrees=("journees_realisees", "journees_financees"))
    def taux_realisation(self) -> Decimal | None:
        """Journées réalisées ÷ journées financées (`domaine` § 1.14, AC-07), en fraction."""
        return quotient(self.journees_realisees, self.journees_financees)

    @property
    @calcul("File active", Nature("entier", "personnes"), entrees=("effectif_3112", "sorties_definitives"))
    def file_active(self) -> int | None:
        """Présents au 31 décembre + sorties définitives de l’année (`domaine` § 1.14), en personnes."""
        total = somme_des_champs(self, "effectif_3112", "sorties_definitives")
        return None if total is None else int(total)

    @property
    @calcul(
        "Durée moyenne", Nature("decimal", "jours"), entrees=("somme_durees_sortis", "sorties_definitives")
    )
    def duree_moyenne(self) -> Decimal | None:
        """Σ des durées des sortis définitifs ÷ nombre de ces sorties (`domaine` § 1.14), en jours."""
        return quotient(self.somme_durees_sortis, self.sorties_definitives)

    @property
    @calcul("Absence moyenne", Nature("decimal", "jours"), entrees=("journees_absence", "personnes_absentes"))
    def absence_moyenne(self) -> Decimal | None:
        """Jours d’absence ÷ personnes absentes au moins une fois (`domaine` § 1.14), en jours."""
        return quotient(self.journees_absence, self.personnes_absentes)

    @property
    @calcul("Journées d’absence", Nature("entier", "journées"), entrees=("absences_lt72h", "absences_ge72h"))
    def journees_absence(self) -> int | None:
        """Absences de moins et de plus de 72 heures, en journées."""
        total = somme_des_champs(self, "absences_lt72h", "absences_ge72h")
        return None if total is None else int(total)


class Public(Entite):
    """Un effectif d’une répartition : âge, sexe, GIR, provenance… (`domaine` § 2.6)."""

    liens: ClassVar[dict[str, str]] = {"reponses": "publics"}

    feuille: ClassVar[Feuille | None] = Feuille(
        "Publics", "Répartition des personnes accompagnées : uniquement des effectifs, jamais de noms."
    )

    etablissement: Texte = cle_etablissement()
    annee: Annee = cle_annee()
    dimension: Texte = champ("Dimension", cle=True, liste="dimensions_publics", exemple="provenance")
    modalite: Texte = champ("Réponse", cle=True, liste="modalites_publics", exemple="domicile")
    effectif: Personnes = champ("Effectif", obligatoire=True, exemple=45)
    date_coupe: Date = champ("Date de coupe", exemple="31/12/2025")
    source: Texte = source()

    @property
    def reponses(self) -> list[Entite]:
        """Toutes les réponses de la même répartition, celle-ci comprise."""
        return [
            ligne
            for ligne in self.dossier.lignes("publics", self.etablissement or "")
            if isinstance(ligne, Public) and (ligne.annee, ligne.dimension) == (self.annee, self.dimension)
        ]

    @property
    @calcul("Pourcentage", Nature("taux", "%"), entrees=("effectif", "reponses.effectif"))
    def pourcentage(self) -> Decimal | None:
        """Effectif ÷ Σ des effectifs de la même répartition (AC-09), en fraction."""
        return quotient(self.effectif, somme(self.reponses, "effectif"))


_GIRS = ("gir1", "gir2", "gir3", "gir4", "gir5", "gir6")


class Dependance(Entite):
    """La dépendance et les soins requis d’un EHPAD, une année (`domaine` § 1.9, § 2.7)."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Dépendance", "EHPAD seulement : effectif par GIR, GMP et PMP, valeurs de point, modulation."
    )

    etablissement: Texte = cle_etablissement()
    annee: Annee = cle_annee()
    gir1: Personnes = champ("GIR 1", obligatoire=True, exemple=12)
    gir2: Personnes = champ("GIR 2", obligatoire=True, exemple=25)
    gir3: Personnes = champ("GIR 3", obligatoire=True, exemple=15)
    gir4: Personnes = champ("GIR 4", obligatoire=True, exemple=18)
    gir5: Personnes = champ("GIR 5", obligatoire=True, exemple=6)
    gir6: Personnes = champ("GIR 6", obligatoire=True, exemple=4)
    date_coupe: Date = champ("Date de coupe", exemple="31/12/2025")
    gmp: Nombre = champ("GMP validé", unite="points", exemple=740)
    gmp_date_validation: Date = champ("Validation du GMP")
    pmp: Nombre = champ("PMP validé", unite="points", exemple=215)
    pmp_date_validation: Date = champ("Validation du PMP")
    valeur_point_gir: Montant = champ("Valeur du point GIR", exemple="7,50")
    valeur_point_soins: Montant = champ("Valeur du point soins", exemple="12,44")
    seuil_modulation: Taux = champ("Seuil de modulation", exemple="95 %")
    to_retenu: Taux = champ("Taux d’occupation retenu", exemple="96 %")
    nb_pasa: Places = champ("Places de PASA", exemple=14)
    nb_uhr: Places = champ("Places d’UHR", exemple=0)
    nb_uvp: Places = champ("Places d’UVP", exemple=12)
    source: Texte = source()
    commentaire: TexteLong = commentaire()

    @property
    @calcul("Effectif évalué", Nature("entier", "personnes"), entrees=_GIRS)
    def effectif_total(self) -> int | None:
        """Σ des effectifs des six GIR, en personnes."""
        total = somme_des_champs(self, *_GIRS)
        return None if total is None else int(total)

    @property
    @calcul("GMP calculé", Nature("decimal", "points"), entrees=_GIRS)
    def gmp_calcule(self) -> Decimal | None:
        """GMP = Σ(effectif du GIR × coefficient) ÷ effectif (AC-12, nomenclature « coefficients_gir »)."""
        coefficients = details("coefficients_gir")
        points = sum((getattr(self, gir) or 0) * Decimal(coefficients[gir]["coefficient"]) for gir in _GIRS)
        return quotient(points, self.effectif_total) if self.effectif_total is not None else None

    @property
    @calcul("GMP retenu", Nature("decimal", "points"), entrees=("gmp", "gmp_calcule"))
    def gmp_retenu(self) -> Decimal | None:
        """Le GMP validé, à défaut le GMP calculé, en points."""
        return self.gmp if self.gmp is not None else self.gmp_calcule

    @property
    @calcul("GMPS", Nature("decimal", "points"), entrees=("gmp_retenu", "pmp"))
    def gmps(self) -> Decimal | None:
        """GMPS = GMP + 2,59 × PMP (`domaine` § 1.9, AC-12), en points."""
        ponderation = Decimal(details("constantes_tarifaires")["ponderation_pmp"]["valeur"])
        if self.gmp_retenu is None or self.pmp is None:
            return None
        return self.gmp_retenu + ponderation * self.pmp

    @property
    @calcul("Taux de modulation", Nature("taux", "%"), entrees=("seuil_modulation", "to_retenu"))
    def taux_modulation(self) -> Decimal | None:
        """Abattement = (seuil − taux d’occupation) ÷ 2, nul au-dessus du seuil (AC-11), en fraction."""
        ecart = difference(self.seuil_modulation, self.to_retenu)
        return None if ecart is None else max(ecart, Decimal(0)) / 2
