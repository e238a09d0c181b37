"""Le contrat, la démarche et ses instances, le calendrier, les documents et les compléments."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from cpomdocs.demo.outils import ANNEE_N, lire
from cpomdocs.modeles import (
    Complement,
    Contrat,
    DocumentAttendu,
    Dotation,
    Instance,
    Jalon,
    Membre,
    Signataire,
)

_DOMAINE_COURRIEL = "brumelles.example"
_STANDARD = "05 36 49 10"


def contrat(dotations: Iterable[Dotation]) -> Contrat:
    """Le contrat 2027-2031 ; la dotation globalisée commune est la somme des quotes-parts de l’année N."""
    parts = [d for d in dotations if (d.nature, d.annee) == ("dgc_quote_part", ANNEE_N)]
    return Contrat.model_validate(
        {
            **lire("contrat")["contrat"],
            "dgc_montant": sum((d.total_notifie or 0 for d in parts), Decimal(0)),
            "sans_objet": frozenset({"prorogation_date_fin"}),
        }
    )


def signataires() -> list[Signataire]:
    """Ceux qui signent : association, ARS, département."""
    return [Signataire.model_validate(s) for s in lire("contrat")["signataires"]]


def instances() -> list[Instance]:
    """Référents, comités de pilotage, négociateurs, CSE, CVS."""
    return [Instance.model_validate(i) for i in lire("contrat")["instances"]]


def membres() -> list[Membre]:
    """Qui siège où ; les numéros de téléphone sont de la tranche réservée à la fiction."""
    return [
        Membre(
            instance=instance,
            nom=nom,
            fonction=fonction,
            structure=structure,
            role=role,
            telephone=f"{_STANDARD} {poste}",
            courriel=f"poste{poste}@{_DOMAINE_COURRIEL}",
        )
        for instance, nom, fonction, structure, role, poste in lire("demarche")["membres"]
    ]


def jalons() -> list[Jalon]:
    """Le rétroplanning de dix-huit mois ; le statut se déduit de la date de référence."""
    jour: datetime.date = lire("gestionnaire")["parametres"]["date_reference"]
    return [_jalon(rang, ligne, jour) for rang, ligne in enumerate(lire("demarche")["jalons"], 1)]


def _jalon(rang: int, ligne: list[str], jour: datetime.date) -> Jalon:
    etape, phase, debut, fin, reelle, responsable, livrable, precedent = ligne
    imposee = lire("demarche")["dates_imposees"].get(etape, {})
    commence = datetime.date.fromisoformat(debut) <= jour
    return Jalon(
        etape=etape,
        phase=phase,
        ordre=rang,
        origine="autorite" if imposee else "methode",
        precedent=precedent or None,
        date_imposee=imposee.get("imposee"),
        date_proposee=imposee.get("proposee"),
        date_debut=datetime.date.fromisoformat(debut),
        date_fin_prevue=datetime.date.fromisoformat(fin),
        date_fin_reelle=datetime.date.fromisoformat(reelle) if reelle else None,
        responsable=responsable,
        livrable=livrable,
        statut="fait" if reelle else "en_cours" if commence else "a_venir",
    )


def documents() -> list[DocumentAttendu]:
    """Les six formulaires : échéance, dépôt, statut."""
    return [DocumentAttendu.model_validate(_document(ligne)) for ligne in lire("demarche")["documents"]]


def _document(ligne: list[str]) -> dict[str, Any]:
    code, libelle, portee, genre, limite, canal, statut, gabarit = ligne
    parametres = lire("gestionnaire")["parametres"]
    depose = statut == "depose"
    return {
        "code_document": code,
        "libelle": libelle,
        "autorite": parametres["autorite"],
        "portee": portee,
        "gabarit_fichier": gabarit,
        "format": genre,
        "campagne": parametres["campagne"],
        "date_reception": datetime.date(2025, 9, 11),
        "canal_depot": canal,
        "regle_nommage": f"{{N}}_{{finess}}_{code}",
        "date_limite": limite,
        "pieces_jointes": "Aucune",
        "statut": statut,
        "date_depot": datetime.date(2025, 10, 29) if depose else None,
        "accuse": "DEMO-ACC-2025-1029" if depose else None,
    }


def complements() -> list[Complement]:
    """Ce que les autorités fictives demandent en plus."""
    return [
        Complement(
            code=code,
            portee=portee,
            etablissement=etablissement or None,
            annee=annee,
            libelle=libelle,
            valeur=valeur,
            source="Direction de la qualité et des projets",
        )
        for code, portee, etablissement, annee, libelle, valeur in lire("demarche")["complements"]
    ]
