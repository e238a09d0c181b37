"""Les moyens humains : effectifs par emploi et indicateurs de ressources humaines."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from cpomdocs.modeles.arithmetique import difference, produit, quotient, somme_des_champs
from cpomdocs.modeles.base import Entite, Feuille, calcul, champ
from cpomdocs.modeles.entites.reperes import cle_annee, cle_etablissement, cle_version, commentaire, source
from cpomdocs.modeles.types import (
    Annee,
    Entier,
    Etp,
    Jours,
    Montant,
    Nature,
    Nombre,
    Personnes,
    Taux,
    Texte,
    TexteLong,
)
from cpomdocs.nomenclatures import details

_TAUX = Nature("taux", "%")
_ABSENCES = (
    "jours_absence_courte",
    "jours_absence_moyenne",
    "jours_absence_longue",
    "jours_absence_maternite",
    "jours_absence_atmp",
    "jours_absence_speciaux",
)
_COUTS = ("remuneration_brute", "charges_sociales", "charges_fiscales")


class Effectif(Entite):
    """Les ETP et le coût d’un emploi, une année (TPER, tableau des effectifs ; `domaine` § 1.8, § 2.8)."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Effectifs", "Une ligne par établissement, année, catégorie et fonction ; jamais de nom de salarié."
    )

    etablissement: Texte = cle_etablissement()
    annee: Annee = cle_annee()
    version: Texte = cle_version()
    categorie: Texte = champ("Catégorie d’emploi", cle=True, liste="categories_emploi", exemple="ide")
    fonction: Texte = champ("Fonction", cle=True, obligatoire=False, exemple="Infirmier coordonnateur")
    type_contrat: Texte = champ(
        "Type de contrat", cle=True, obligatoire=False, liste="types_contrat", exemple="cdi"
    )
    ccn: Texte = champ("Convention collective", liste="conventions_collectives", exemple="66")
    etp_budgetes: Etp = champ("ETP budgétés", obligatoire=True, exemple="6,50")
    etp_remuneres: Etp = champ("ETP rémunérés", exemple="6,20")
    etp_realises: Etp = champ("ETP réalisés", exemple="6,20")
    nb_personnes_3112: Personnes = champ("Personnes au 31/12", exemple=7)
    remuneration_brute: Montant = champ("Rémunération brute", exemple="210 000,00")
    charges_sociales: Montant = champ("Charges sociales", exemple="84 000,00")
    charges_fiscales: Montant = champ("Charges fiscales", exemple="18 000,00")
    pct_hebergement: Taux = champ("Part hébergement", exemple="0 %")
    pct_dependance: Taux = champ("Part dépendance", exemple="30 %")
    pct_soins: Taux = champ("Part soins", exemple="70 %")
    mouvement: Texte = champ("Mouvement", liste="mouvements_emploi", exemple="creation")
    source: Texte = source()
    commentaire: TexteLong = commentaire()

    @property
    @calcul("Filière", Nature("texte"), entrees=("categorie",))
    def filiere(self) -> str | None:
        """La filière de la catégorie d’emploi, pour la fiche signalétique (`domaine` § 1.1)."""
        trouvee = details("categories_emploi").get(self.categorie or "", {}).get("filiere")
        return None if trouvee is None else str(trouvee)

    @property
    @calcul("ETP vacants", Nature("decimal", "ETP"), entrees=("etp_budgetes", "etp_realises"))
    def etp_vacants(self) -> Decimal | None:
        """ETP budgétés − ETP réalisés (`domaine` § 1.8, RH-02), en ETP."""
        return difference(self.etp_budgetes, self.etp_realises)

    @property
    @calcul("Coût total", Nature("montant", "€"), entrees=_COUTS)
    def cout_total(self) -> Decimal | None:
        """Rémunération brute + charges sociales + charges fiscales (`domaine` § 1.8), en euros."""
        return somme_des_champs(self, *_COUTS)


class RhIndicateur(Entite):
    """Mouvements, absences et remplacements d’une année (`domaine` § 1.14, § 2.8)."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Indicateurs RH",
        "Une ligne par établissement et par année close : mouvements, absences, remplacements.",
    )

    etablissement: Texte = cle_etablissement()
    annee: Annee = cle_annee()
    recrutements: Personnes = champ("Recrutements", exemple=9, aide="CDI et titulaires.")
    departs: Personnes = champ("Départs", exemple=8, aide="CDI et titulaires.")
    effectif_3112_n1: Personnes = champ("Effectif au 31/12 N-1", exemple=62, aide="CDI et titulaires.")
    jours_absence_courte: Jours = champ("Absences maladie courte", exemple=180)
    jours_absence_moyenne: Jours = champ("Absences maladie moyenne", exemple=420)
    jours_absence_longue: Jours = champ("Absences maladie longue", exemple=365)
    jours_absence_maternite: Jours = champ("Absences maternité-paternité", exemple=112)
    jours_absence_atmp: Jours = champ("Absences AT-MP", exemple=90)
    jours_absence_speciaux: Jours = champ("Absences congés spéciaux", exemple=30)
    etp_reels: Etp = champ("ETP réels", exemple="54,30")
    nb_cdd_remplacement: Entier = champ("CDD de remplacement", unite="contrats", exemple=85)
    heures_remunerees: Nombre = champ("Heures rémunérées", unite="h", exemple=98800)
    cout_interim: Montant = champ("Coût de l’intérim", exemple="32 000,00")
    age_moyen: Nombre = champ("Âge moyen", unite="ans", exemple="44,5")
    salaries_moins_25: Personnes = champ("Salariés de moins de 25 ans")
    salaries_25_34: Personnes = champ("Salariés de 25 à 34 ans")
    salaries_35_44: Personnes = champ("Salariés de 35 à 44 ans")
    salaries_45_54: Personnes = champ("Salariés de 45 à 54 ans")
    salaries_55_plus: Personnes = champ("Salariés de 55 ans et plus")
    formation_masse: Taux = champ("Formation (part de la masse)", exemple="2,1 %")
    source: Texte = source()
    commentaire: TexteLong = commentaire()

    @property
    @calcul("Taux de rotation", _TAUX, entrees=("recrutements", "departs", "effectif_3112_n1"))
    def taux_rotation(self) -> Decimal | None:
        """((entrées + sorties) ÷ effectif au 31/12 N-1) ÷ 2, CDI (`domaine` § 1.14), en fraction."""
        mouvements = somme_des_champs(self, "recrutements", "departs")
        return quotient(mouvements, produit(self.effectif_3112_n1, 2))

    @property
    @calcul("Jours d’absence", Nature("entier", "jours"), entrees=_ABSENCES)
    def jours_absence(self) -> int | None:
        """Σ des jours calendaires d’absence, tous motifs, hors formation."""
        total = somme_des_champs(self, *_ABSENCES)
        return None if total is None else int(total)

    @property
    @calcul("Taux d’absentéisme", _TAUX, entrees=("jours_absence", "etp_reels"))
    def taux_absenteisme(self) -> Decimal | None:
        """Jours d’absence ÷ (ETP réels × 365) (`domaine` § 1.14, RH-06), en fraction."""
        return self._absenteisme(self.jours_absence)

    def _absenteisme(self, jours: int | None) -> Decimal | None:
        annee = int(details("constantes_tarifaires")["jours_absenteisme"]["valeur"])
        return quotient(jours, produit(self.etp_reels, annee))

    @property
    @calcul("Absentéisme maladie courte", _TAUX, entrees=("jours_absence_courte", "etp_reels"))
    def taux_absenteisme_courte(self) -> Decimal | None:
        """Jours d’absence pour ce motif ÷ (ETP réels × 365), en fraction."""
        return self._absenteisme(self.jours_absence_courte)

    @property
    @calcul("Absentéisme maladie moyenne", _TAUX, entrees=("jours_absence_moyenne", "etp_reels"))
    def taux_absenteisme_moyenne(self) -> Decimal | None:
        """Jours d’absence pour ce motif ÷ (ETP réels × 365), en fraction."""
        return self._absenteisme(self.jours_absence_moyenne)

    @property
    @calcul("Absentéisme maladie longue", _TAUX, entrees=("jours_absence_longue", "etp_reels"))
    def taux_absenteisme_longue(self) -> Decimal | None:
        """Jours d’absence pour ce motif ÷ (ETP réels × 365), en fraction."""
        return self._absenteisme(self.jours_absence_longue)

    @property
    @calcul("Absentéisme maternité-paternité", _TAUX, entrees=("jours_absence_maternite", "etp_reels"))
    def taux_absenteisme_maternite(self) -> Decimal | None:
        """Jours d’absence pour ce motif ÷ (ETP réels × 365), en fraction."""
        return self._absenteisme(self.jours_absence_maternite)

    @property
    @calcul("Absentéisme AT-MP", _TAUX, entrees=("jours_absence_atmp", "etp_reels"))
    def taux_absenteisme_atmp(self) -> Decimal | None:
        """Jours d’absence pour ce motif ÷ (ETP réels × 365), en fraction."""
        return self._absenteisme(self.jours_absence_atmp)

    @property
    @calcul("Absentéisme congés spéciaux", _TAUX, entrees=("jours_absence_speciaux", "etp_reels"))
    def taux_absenteisme_speciaux(self) -> Decimal | None:
        """Jours d’absence pour ce motif ÷ (ETP réels × 365), en fraction."""
        return self._absenteisme(self.jours_absence_speciaux)
