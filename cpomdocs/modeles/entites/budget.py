"""Le budget : comptes, dotations, résultats et leur affectation."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from cpomdocs.modeles.arithmetique import produit, somme_des_champs
from cpomdocs.modeles.base import Entite, Feuille, calcul, champ
from cpomdocs.modeles.entites.reperes import cle_annee, cle_etablissement, cle_version, commentaire, source
from cpomdocs.modeles.types import Annee, Date, Montant, Nature, Taux, Texte, TexteLong
from cpomdocs.nomenclatures import imputation


class Compte(Entite):
    """Le montant d’un compte, une année, dans une version (`domaine` § 1.6, § 2.9). Charges positives."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Comptes", "Une ligne par compte ; les charges et les produits se tapent tous deux en positif."
    )

    etablissement: Texte = cle_etablissement()
    annee: Annee = cle_annee()
    version: Texte = cle_version()
    compte: Texte = champ("Compte", cle=True, exemple="6411", aide="Numéro du plan comptable M22.")
    section: Texte = champ(
        "Section",
        cle=True,
        obligatoire=False,
        liste="sections_tarifaires",
        exemple="global",
        aide="Vide : montant toutes sections confondues.",
    )
    intitule: Texte = champ("Intitulé", exemple="Rémunération du personnel")
    montant: Montant = champ("Montant", obligatoire=True, exemple="742 692,26")
    financeur: Texte = champ(
        "Financeur", liste="financeurs", aide="Pour les produits de la tarification (73)."
    )
    reconduction: Montant = champ("Dont reconduction")
    mesures_nouvelles: Montant = champ("Dont mesures nouvelles")
    cnr: Montant = champ("Dont CNR", aide="Crédits non reconductibles.")
    source: Texte = source()
    commentaire: TexteLong = commentaire()

    @property
    @calcul("Sens", Nature("texte"), entrees=("compte",))
    def sens(self) -> str | None:
        """« charge » ou « produit », d’après le plan comptable (nomenclature « plan_comptable »)."""
        trouvee = imputation(self.compte or "")
        return trouvee[0] if trouvee else None

    @property
    @calcul("Groupe fonctionnel", Nature("texte"), entrees=("compte",))
    def groupe(self) -> str | None:
        """« I », « II » ou « III », d’après le plan comptable (`domaine` § 1.6)."""
        trouvee = imputation(self.compte or "")
        return trouvee[1] if trouvee else None

    @property
    @calcul("Chapitre", Nature("texte"), entrees=("compte",))
    def chapitre(self) -> str | None:
        """Les deux premiers chiffres du compte."""
        return self.compte[:2] if self.compte else None


class Dotation(Entite):
    """Un financement notifié à un établissement, une année (`domaine` § 2.10)."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Dotations", "Une ligne par établissement, année, nature de dotation et financeur."
    )

    etablissement: Texte = cle_etablissement()
    annee: Annee = cle_annee()
    nature: Texte = champ("Nature", cle=True, liste="natures_dotation", exemple="forfait_soins")
    financeur: Texte = champ("Financeur", cle=True, liste="financeurs", exemple="assurance_maladie")
    base_reconductible: Montant = champ("Base reconductible", exemple="1 200 000,00")
    taux_actualisation: Taux = champ("Taux d’actualisation", exemple="1,2 %")
    mesures_nouvelles: Montant = champ("Mesures nouvelles", exemple="0,00")
    cnr: Montant = champ("CNR", exemple="15 000,00", aide="Crédits non reconductibles.")
    total_notifie: Montant = champ("Total notifié", obligatoire=True, exemple="1 229 400,00")
    date_notification: Date = champ("Date de notification")
    reference_decision: Texte = champ("Référence de la décision")
    versement_mensuel: Montant = champ("Versement mensuel")
    tarif_journalier: Montant = champ("Tarif journalier", exemple="62,35")
    source: Texte = source()
    commentaire: TexteLong = commentaire()

    @property
    @calcul("Actualisation", Nature("montant", "€"), entrees=("base_reconductible", "taux_actualisation"))
    def actualisation(self) -> Decimal | None:
        """Base reconductible × taux d’actualisation, en euros."""
        return produit(self.base_reconductible, self.taux_actualisation)

    @property
    @calcul(
        "Total calculé",
        Nature("montant", "€"),
        entrees=("base_reconductible", "actualisation", "mesures_nouvelles", "cnr"),
    )
    def total_calcule(self) -> Decimal | None:
        """Base × (1 + taux) + mesures nouvelles + CNR (FI-15), en euros."""
        return somme_des_champs(self, "base_reconductible", "actualisation", "mesures_nouvelles", "cnr")


class Resultat(Entite):
    """Le résultat d’une année close et ce qu’il en reste à affecter (`domaine` § 1.10, § 2.10)."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Résultats", "Une ligne par établissement et par année close ; un déficit se tape en négatif."
    )

    etablissement: Texte = cle_etablissement()
    annee: Annee = cle_annee()
    resultat_comptable: Montant = champ("Résultat comptable", obligatoire=True, exemple="17 223,71")
    reprise_anterieurs: Montant = champ("Reprise de résultats antérieurs", exemple="0,00")
    retraitements: Montant = champ(
        "Retraitements", exemple="0,00", aide="Dépenses rejetées ou non opposables."
    )
    resultat_a_affecter: Montant = champ("Résultat à affecter", exemple="17 223,71")
    source: Texte = source()
    commentaire: TexteLong = commentaire()

    @property
    @calcul(
        "Résultat à affecter calculé",
        Nature("montant", "€"),
        entrees=("resultat_comptable", "reprise_anterieurs", "retraitements"),
    )
    def resultat_a_affecter_calcule(self) -> Decimal | None:
        """Résultat comptable + reprise de résultats + retraitements (`domaine` § 1.10), en euros."""
        return somme_des_champs(self, "resultat_comptable", "reprise_anterieurs", "retraitements")


class Affectation(Entite):
    """Une part du résultat affectée à un compte (R.314-234, `domaine` § 1.10)."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Affectations", "Où va le résultat de l’année : une ligne par compte d’affectation."
    )

    etablissement: Texte = cle_etablissement()
    annee: Annee = cle_annee()
    compte: Texte = champ("Compte d’affectation", cle=True, liste="comptes_affectation", exemple="10686")
    montant: Montant = champ("Montant", obligatoire=True, exemple="10 000,00")
    justification: TexteLong = champ("Justification")
    source: Texte = source()
