"""Le patrimoine et son financement : bilan, TFP, PGFP, emprunts, investissements, siège."""

from __future__ import annotations

from typing import ClassVar

from cpomdocs.modeles.base import Entite, Feuille, champ
from cpomdocs.modeles.entites.reperes import (
    cle_annee,
    cle_etablissement,
    cle_version,
    commentaire,
    etablissement_facultatif,
    source,
)
from cpomdocs.modeles.types import Annee, Date, Entier, Etp, Montant, OuiNon, Taux, Texte, TexteLong


class PosteBilan(Entite):
    """Le montant d’un poste du bilan financier du gestionnaire au 31/12 (`domaine` § 1.6 bis)."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Bilan", "Bilan financier du gestionnaire au 31 décembre : une ligne par année et par poste."
    )

    annee: Annee = cle_annee()
    poste: Texte = champ("Poste du bilan", cle=True, liste="postes_bilan", exemple="constructions_brut")
    montant: Montant = champ("Montant", obligatoire=True, exemple="4 200 000,00")
    source: Texte = source()


class Financement(Entite):
    """Une ligne du tableau de financement prévisionnel (TFP, `domaine` § 1.6)."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Financements", "Tableau de financement : emplois et ressources stables du gestionnaire."
    )

    annee: Annee = cle_annee()
    version: Texte = cle_version()
    ligne: Texte = champ("Ligne du TFP", cle=True, liste="lignes_tfp", exemple="remboursement_dettes")
    montant: Montant = champ("Montant", obligatoire=True, exemple="120 000,00")
    source: Texte = source()
    commentaire: TexteLong = commentaire()


class LignePgfp(Entite):
    """Une ligne du plan global de financement pluriannuel, une année sur six (R.314-213)."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "PGFP", "Plan global de financement pluriannuel : six années, de N à N+5."
    )

    annee: Annee = cle_annee()
    ligne: Texte = champ("Ligne du PGFP", cle=True, liste="lignes_pgfp", exemple="produits")
    montant: Montant = champ("Montant", obligatoire=True, exemple="5 400 000,00")
    commentaire: TexteLong = commentaire()


class Emprunt(Entite):
    """Un emprunt en cours ou projeté (`domaine` § 2.10)."""

    feuille: ClassVar[Feuille | None] = Feuille("Emprunts", "Une ligne par emprunt, en cours ou projeté.")

    numero: Texte = champ("Numéro d’emprunt", cle=True, exemple="E1")
    etablissement: Texte = etablissement_facultatif("Vide : emprunt de l’ensemble du gestionnaire.")
    organisme: Texte = champ("Organisme prêteur", obligatoire=True, exemple="Banque d’Exemple")
    objet: Texte = champ("Objet", exemple="Reconstruction de l’EHPAD")
    capital_initial: Montant = champ("Capital initial", exemple="2 000 000,00")
    capital_restant_du: Montant = champ("Capital restant dû", exemple="1 450 000,00")
    taux: Taux = champ("Taux d’intérêt", exemple="1,85 %")
    type_taux: Texte = champ("Type de taux", liste="types_taux", exemple="fixe")
    duree: Entier = champ("Durée", unite="ans", exemple=20)
    annuite: Montant = champ("Annuité", exemple="120 000,00")
    remboursement_capital: Montant = champ("Capital remboursé en N", exemple="90 000,00")
    renegocie: OuiNon = champ("Renégociation", exemple="non")
    date_debut: Date = champ("Date de début")
    date_echeance: Date = champ("Échéance")
    source: Texte = source()


class Investissement(Entite):
    """Une opération du plan pluriannuel d’investissement, une année (`domaine` § 1.11)."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Investissements", "Plan pluriannuel d’investissement : une ligne par opération et par année."
    )

    operation: Texte = champ("Opération", cle=True, exemple="Rénovation de l’aile nord")
    annee: Annee = cle_annee()
    etablissement: Texte = etablissement_facultatif("Vide : opération du siège ou commune.")
    nature: Texte = champ("Nature", liste="natures_investissement", exemple="travaux")
    montant: Montant = champ("Montant TTC", obligatoire=True, exemple="350 000,00")
    autofinancement: Montant = champ("Autofinancement")
    emprunt: Montant = champ("Emprunt")
    subvention: Montant = champ("Subvention")
    reserves: Montant = champ("Réserves")
    cession: Montant = champ("Cession")
    emprunt_duree: Entier = champ("Durée de l’emprunt", unite="ans")
    emprunt_taux: Taux = champ("Taux de l’emprunt")
    duree_amortissement: Entier = champ("Durée d’amortissement", unite="ans", exemple=20)
    surcout: Montant = champ("Surcoût annuel", aide="Amortissement et frais financiers de l’année.")
    date_approbation: Date = champ("Date d’approbation")
    reference_approbation: Texte = champ("Référence de l’approbation")
    commentaire: TexteLong = commentaire()


class QuotePartSiege(Entite):
    """La contribution d’un établissement aux frais de siège, une année (R.314-87 s., `domaine` § 1.12)."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Siège", "Frais de siège : une ligne par établissement et par année, si le siège est autorisé."
    )

    etablissement: Texte = cle_etablissement()
    annee: Annee = cle_annee()
    base_charges_brutes: Montant = champ(
        "Charges brutes de base", exemple="1 800 000,00", aide="Du dernier exercice clos."
    )
    taux: Taux = champ("Taux appliqué", exemple="3,5 %")
    quote_part: Montant = champ("Quote-part", obligatoire=True, exemple="63 000,00")
    etp_siege: Etp = champ("ETP du siège", exemple="5,00")
    source: Texte = source()
