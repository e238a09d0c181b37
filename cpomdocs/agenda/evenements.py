"""Les dates d’un dossier : étapes, dates imposées, réunions, validations, documents, échéances légales."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel, ConfigDict

from cpomdocs.modeles.dossier import Dossier
from cpomdocs.modeles.vues.methode.echeances import Echeance
from cpomdocs.modeles.vues.methode.retroplanning import EtapeRetroplanning
from cpomdocs.nomenclatures import libelle

Genre = Literal[
    "etape", "imposee", "proposee", "reunion", "validation", "formation", "decision", "document", "contrat",
    "legale",
]  # fmt: skip


class Evenement(BaseModel):
    """Une journée du calendrier. `cle` : ce qui la désigne d’une production à l’autre."""

    model_config = ConfigDict(frozen=True)

    genre: Genre
    cle: str
    date: datetime.date
    titre: str
    details: str = ""
    lieu: str | None = None


def evenements(dossier: Dossier) -> list[Evenement]:
    """Tous les événements datés, dans l’ordre des dates puis du dossier."""
    tous = [
        *_etapes(dossier),
        *_reunions(dossier),
        *_validations(dossier),
        *_suites(dossier),
        *_documents(dossier),
        *_contrat(dossier),
        *_legales(dossier),
    ]
    return sorted(tous, key=lambda evenement: evenement.date)


def _etapes(dossier: Dossier) -> Iterator[Evenement]:
    for etape in dossier.lignes("retroplanning"):
        if not isinstance(etape, EtapeRetroplanning) or not etape.etape:
            continue
        details = _lignes(
            ("Phase", libelle("phases", etape.phase)),
            ("Responsable", etape.responsable),
            ("Livrable", etape.livrable),
            ("Début prévu", _le(etape.date_debut)),
            ("Au plus tard", _le(etape.fin_au_plus_tard)),
        )
        fin = etape.date_fin_reelle or etape.date_fin_prevue
        if fin is not None:
            quoi = "Fait" if etape.finie else "Fin prévue"
            yield _jour("etape", etape.etape, fin, f"{quoi} : {etape.etape}", details)
        if etape.date_imposee is not None:
            titre = f"Date imposée : {etape.etape}"
            yield _jour("imposee", etape.etape, etape.date_imposee, titre, details)
        if etape.date_proposee is not None:
            titre = f"Notre proposition : {etape.etape}"
            yield _jour("proposee", etape.etape, etape.date_proposee, titre, details)


def _reunions(dossier: Dossier) -> Iterator[Evenement]:
    tenues = {reunion.date for reunion in dossier.reunions}
    for reunion in dossier.reunions:
        if reunion.date is not None:
            titre = f"Réunion : {reunion.objet or reunion.numero}"
            cle = f"{reunion.numero}"
            phase = _lignes(("Phase", libelle("phases", reunion.phase)))
            yield _jour("reunion", cle, reunion.date, titre, phase, reunion.lieu)
        if reunion.prochaine is not None and reunion.prochaine not in tenues:
            yield _jour("reunion", f"apres {reunion.numero}", reunion.prochaine, "Réunion avec les autorités")
    for instance in dossier.instances:
        if instance.prochaine_reunion is not None:
            titre = f"Réunion : {instance.libelle or instance.code}"
            yield _jour("reunion", f"instance {instance.code}", instance.prochaine_reunion, titre)


def _validations(dossier: Dossier) -> Iterator[Evenement]:
    instances = {instance.code: instance.libelle for instance in dossier.instances}
    for validation in dossier.validations:
        date = validation.date_avis or validation.date_prevue
        if date is not None:
            objet = libelle("objets_validation", validation.objet) or ""
            instance = instances.get(validation.instance) or validation.instance or ""
            details = _lignes(("Avis", libelle("avis_validation", validation.avis)))
            cle = f"{validation.objet} {validation.rang}"
            yield _jour("validation", cle, date, f"Validation : {objet}, {instance}", details)


def _suites(dossier: Dossier) -> Iterator[Evenement]:
    """Les formations prévues et les décisions à suivre."""
    for formation in dossier.formations:
        date = formation.date_realisee or formation.date_prevue
        if date is not None:
            details = _lignes(("Personne", formation.personne), ("Organisme", formation.organisme))
            cle = f"{formation.personne} {formation.theme}"
            yield _jour("formation", cle, date, f"Formation : {formation.theme}", details)
    for decision in dossier.decisions:
        if decision.echeance is not None and decision.statut != "fait":
            details = _lignes(("Responsable", decision.responsable))
            cle = f"{decision.reunion} {decision.numero}"
            yield _jour(
                "decision", cle, decision.echeance, f"Décision à suivre : {decision.decision}", details
            )


def _documents(dossier: Dossier) -> Iterator[Evenement]:
    for document in dossier.documents:
        if document.date_limite is not None and not document.remis:
            nom = document.libelle or document.code_document or ""
            details = _lignes(
                ("Établissement", document.etablissement),
                ("Autorité", document.autorite),
                ("Dépôt", libelle("canaux_depot", document.canal_depot)),
            )
            cle = f"{document.code_document} {document.etablissement or ''}"
            yield _jour("document", cle, document.date_limite, f"À remettre : {nom}", details)


def _contrat(dossier: Dossier) -> Iterator[Evenement]:
    contrat = dossier.contrat
    dates = {
        "Signature visée du CPOM": None if contrat.date_signature else contrat.date_signature_visee,
        "Signature du CPOM": contrat.date_signature,
        "Début du CPOM": contrat.date_debut,
        "Comité de suivi du CPOM, troisième année": contrat.comite_suivi_an3,
        "Comité de suivi du CPOM, fin de contrat": contrat.comite_suivi_fin,
        "Fin du CPOM": contrat.date_fin,
    }
    for titre, date in dates.items():
        if date is not None:
            yield _jour("contrat", titre, date, titre)


def _legales(dossier: Dossier) -> Iterator[Evenement]:
    for echeance in dossier.lignes("echeances"):
        if isinstance(echeance, Echeance) and echeance.date is not None and not echeance.passee:
            ouvre = echeance.dernier_jour_ouvre
            details = _lignes(
                ("Exercice", str(echeance.annee)),
                ("Concerne", echeance.concerne),
                ("Texte", echeance.texte),
                ("Précision", echeance.precision),
                ("Dernier jour ouvré", None if ouvre == echeance.date else _le(ouvre)),
            )
            cle = f"{echeance.code} {echeance.annee}"
            yield _jour("legale", cle, echeance.date, f"Échéance : {echeance.libelle}", details)


def _jour(
    genre: Genre, cle: str, date: datetime.date, titre: str, details: str = "", lieu: str | None = None
) -> Evenement:
    return Evenement(genre=genre, cle=cle, date=date, titre=titre, details=details, lieu=lieu)


def _lignes(*couples: tuple[str, str | None]) -> str:
    return "\n".join(f"{nom} : {texte}" for nom, texte in couples if texte)


def _le(date: datetime.date | None) -> str | None:
    return None if date is None else f"{date:%d/%m/%Y}"
