"""Le registre des documents à remettre, et ce que l’autorité demande en plus."""

from __future__ import annotations

from typing import ClassVar

from cpomdocs.modeles.base import Entite, Feuille, champ
from cpomdocs.modeles.entites.reperes import commentaire, etablissement_facultatif, source
from cpomdocs.modeles.types import Annee, Date, Texte, TexteLong


class DocumentAttendu(Entite):
    """Un document imposé : qui le demande, quand, où le déposer (`domaine` § 2.13)."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Documents", "Une ligne par document à remettre : échéance, dépôt, statut."
    )

    code_document: Texte = champ("Code du document", cle=True, exemple="annexe-activite")
    etablissement: Texte = etablissement_facultatif("Vide : le document vaut pour tous.", cle=True)
    libelle: Texte = champ("Document", obligatoire=True, exemple="Annexe activité prévisionnelle")
    autorite: Texte = champ("Autorité", exemple="ARS Exemple")
    portee: Texte = champ("Portée", liste="portees_document", exemple="etablissement")
    gabarit_fichier: Texte = champ("Fichier du gabarit")
    format: Texte = champ("Format", liste="formats_document", exemple="xlsx")
    campagne: Texte = champ("Campagne", exemple="2026")
    date_reception: Date = champ("Date de réception")
    canal_depot: Texte = champ("Canal de dépôt", liste="canaux_depot", exemple="importeprd")
    regle_nommage: Texte = champ("Règle de nommage", exemple="2026_FINESS_annexe-activite")
    date_limite: Date = champ("Date limite", obligatoire=True, exemple="31/10/2025")
    pieces_jointes: TexteLong = champ("Pièces jointes")
    statut: Texte = champ("Statut", liste="statuts_document", exemple="a_faire")
    date_depot: Date = champ("Date de dépôt")
    accuse: Texte = champ("Accusé de réception")
    commentaire: TexteLong = commentaire()

    @property
    def remis(self) -> bool:
        """Vrai si le document est déposé, par sa date ou par son statut."""
        return self.date_depot is not None or self.statut in ("depose", "accepte")


class Complement(Entite):
    """Une donnée qu’une autorité invente : un code, un libellé, une valeur."""

    feuille: ClassVar[Feuille | None] = Feuille(
        "Compléments", "Ce qu’un formulaire demande et qu’aucune autre feuille ne prévoit."
    )

    code: Texte = champ("Code", cle=True, exemple="ARS-Q12")
    portee: Texte = champ("Portée", liste="portees_complement", exemple="etablissement")
    etablissement: Texte = etablissement_facultatif("Vide : donnée du gestionnaire.", cle=True)
    annee: Annee = champ("Année", cle=True, obligatoire=False, exemple=2026)
    libelle: Texte = champ("Libellé", obligatoire=True, exemple="Nombre de véhicules adaptés")
    valeur: TexteLong = champ("Valeur", obligatoire=True, exemple="3")
    source: Texte = source()
