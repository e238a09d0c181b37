"""Une règle par collection : les lignes attendues, d’après les établissements, leurs autorisations et N."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from cpomdocs.modeles.planification.etapes import etapes_types
from cpomdocs.modeles.planification.jours import JoursOuvres, plausible
from cpomdocs.modeles.types import ValeurSimple
from cpomdocs.nomenclatures import details, nomenclature

if TYPE_CHECKING:
    from cpomdocs.modeles.dossier import Dossier
    from cpomdocs.modeles.entites.identite import Etablissement

    Concernes = Sequence[Etablissement]

Cles = dict[str, ValeurSimple]
"""Les clés d’une ligne attendue ; une clé absente n’est pas connue d’avance. Celles d’une étape du
rétroplanning s’accompagnent de valeurs proposées."""

_JUSQUE_FIN_DE_CONTRAT = 5


def _version(annee: int, n: int) -> str:
    return "reel" if annee < n else "previsionnel"


def _par_annee(etablissement: Etablissement, debut: int, fin: int) -> Iterator[Cles]:
    for annee in range(debut, fin + 1):
        yield {"etablissement": etablissement.code or "", "annee": annee}


def _deja(dossier: Dossier, collection: str, **cles: ValeurSimple | None) -> bool:
    """Vrai si des lignes portent déjà ces clés : le groupe est commencé, la personne en est maîtresse."""
    code = cles.pop("etablissement", None)
    lignes = dossier.lignes(collection, None if code is None else str(code))
    return any(all(getattr(li, nom) == valeur for nom, valeur in cles.items()) for li in lignes)


def _autorisations(dossier: Dossier, concernes: Concernes, n: int) -> Iterator[Cles]:
    for etablissement in concernes:
        if not dossier.lignes("autorisations", etablissement.code or ""):
            yield {"etablissement": etablissement.code or ""}


def _annees(dossier: Dossier, concernes: Concernes, n: int) -> Iterator[Cles]:
    for annee in range(n - 3, n + _JUSQUE_FIN_DE_CONTRAT + 1):
        yield {"annee": annee}


def _activite(dossier: Dossier, concernes: Concernes, n: int) -> Iterator[Cles]:
    for etablissement in concernes:
        code = etablissement.code or ""
        autorisees = [getattr(a, "modalite", None) for a in dossier.lignes("autorisations", code)]
        for annee in range(n - 3, n + 1):
            attente: Cles = {"etablissement": code, "annee": annee, "version": _version(annee, n)}
            yield attente
            for modalite in dict.fromkeys(filter(None, autorisees)):
                yield {**attente, "modalite": modalite}


def _publics(dossier: Dossier, concernes: Concernes, n: int) -> Iterator[Cles]:
    for etablissement in concernes:
        for annee in range(n - 2, n + 1):
            for dimension, reponses in _repartitions(etablissement):
                cle: Cles = {
                    "etablissement": etablissement.code or "",
                    "annee": annee,
                    "dimension": dimension,
                }
                if not _deja(dossier, "publics", **cle):
                    yield from ({**cle, "modalite": reponse} for reponse in reponses)


def _repartitions(etablissement: Etablissement) -> Iterator[tuple[str, list[str]]]:
    """Les répartitions demandées à un établissement et leurs réponses possibles."""
    for dimension, regle in details("dimensions_publics").items():
        types = regle.get("types")
        if regle.get("attendue") and (types is None or etablissement.type in types):
            yield dimension, regle.get("par_secteur", {}).get(etablissement.secteur, regle["modalites"])


def _dependance(dossier: Dossier, concernes: Concernes, n: int) -> Iterator[Cles]:
    for etablissement in concernes:
        if etablissement.type == "EHPAD":
            yield from _par_annee(etablissement, n - 2, n)


def _effectifs(dossier: Dossier, concernes: Concernes, n: int) -> Iterator[Cles]:
    for etablissement in concernes:
        for annee in (n - 1, n):
            cle: Cles = {
                "etablissement": etablissement.code or "",
                "annee": annee,
                "version": _version(annee, n),
            }
            if not _deja(dossier, "effectifs", **cle):
                yield from ({**cle, **emploi} for emploi in _emplois(dossier, etablissement, n))


def _emplois(dossier: Dossier, etablissement: Etablissement, n: int) -> list[Cles]:
    """Les emplois de N-1, à défaut les catégories usuelles du secteur de l’établissement."""
    emplois: list[Cles] = []
    for ligne in dossier.lignes("effectifs", etablissement.code or ""):
        if (getattr(ligne, "annee", None), getattr(ligne, "version", None)) == (n - 1, "reel"):
            noms = ("categorie", "fonction", "type_contrat")
            emplois.append({nom: getattr(ligne, nom) for nom in noms if getattr(ligne, nom)})
    return emplois or [
        {"categorie": code}
        for code, regle in details("categories_emploi").items()
        if etablissement.secteur in regle.get("secteurs", [etablissement.secteur])
        and not regle.get("facultative")
    ]


def _annees_closes(dossier: Dossier, concernes: Concernes, n: int) -> Iterator[Cles]:
    for etablissement in concernes:
        yield from _par_annee(etablissement, n - 3, n - 1)


def _comptes(dossier: Dossier, concernes: Concernes, n: int) -> Iterator[Cles]:
    for etablissement in concernes:
        code = etablissement.code or ""
        for annee in range(n - 3, n + 1):
            yield {"etablissement": code, "annee": annee, "version": _version(annee, n)}
        for ligne in dossier.lignes("comptes", code):
            if (getattr(ligne, "annee", None), getattr(ligne, "version", None)) == (n - 1, "reel"):
                noms = ("etablissement", "compte", "section")
                reprises = {nom: getattr(ligne, nom) for nom in noms if getattr(ligne, nom)}
                yield {**reprises, "annee": n, "version": "previsionnel"}


def _dotations(dossier: Dossier, concernes: Concernes, n: int) -> Iterator[Cles]:
    for etablissement in concernes:
        for annee in range(n - 2, n + 1):
            cle: Cles = {"etablissement": etablissement.code or "", "annee": annee}
            if not _deja(dossier, "dotations", **cle):
                yield cle
                for nature, financeur in _financements(etablissement):
                    yield {**cle, "nature": nature, "financeur": financeur}


def _financements(etablissement: Etablissement) -> Iterator[tuple[str, str]]:
    """Les dotations d’un établissement, d’après son régime tarifaire et son autorité de tarification."""
    regime = details("regimes_tarifaires").get(etablissement.regime_tarifaire or "", {})
    autorite = details("autorites").get(etablissement.autorite_tarification or "", {})
    for nature, financeur in regime.get("dotations", []):
        financeurs = autorite.get("financeurs", []) if financeur == "autorite" else [financeur]
        yield from ((nature, trouve) for trouve in financeurs)


def _bilan(dossier: Dossier, concernes: Concernes, n: int) -> Iterator[Cles]:
    for annee in (n - 2, n - 1):
        if not _deja(dossier, "bilan", annee=annee):
            for poste in nomenclature("postes_bilan"):
                yield {"annee": annee, "poste": poste}


def _tfp(dossier: Dossier, concernes: Concernes, n: int) -> Iterator[Cles]:
    if not _deja(dossier, "financements", annee=n, version="previsionnel"):
        for ligne in nomenclature("lignes_tfp"):
            yield {"annee": n, "version": "previsionnel", "ligne": ligne}


def _pgfp(dossier: Dossier, concernes: Concernes, n: int) -> Iterator[Cles]:
    for annee in range(n, n + _JUSQUE_FIN_DE_CONTRAT + 1):
        for ligne in nomenclature("lignes_pgfp"):
            yield {"annee": annee, "ligne": ligne}


def _siege(dossier: Dossier, concernes: Concernes, n: int) -> Iterator[Cles]:
    if dossier.gestionnaire.siege_autorise:
        for etablissement in concernes:
            yield from _par_annee(etablissement, n, n)


def _jalons(dossier: Dossier, concernes: Concernes, n: int) -> Iterator[Cles]:
    """Les étapes usuelles, datées en remontant de la signature visée, tant que la feuille est vide."""
    contrat = dossier.contrat
    visee = plausible(contrat.date_signature_visee)
    if visee is None or dossier.lignes("jalons"):
        return
    jours = JoursOuvres(dossier.parametres.departement or dossier.gestionnaire.departement)
    etapes = etapes_types(visee, jours, contrat.mois_diagnostic, contrat.mois_negociation)
    for rang, etape in enumerate(etapes, 1):
        ligne: Cles = {
            "etape": etape.etape,
            "phase": etape.phase,
            "ordre": rang,
            "origine": "methode",
            "date_debut": etape.debut,
            "date_fin_prevue": etape.fin,
            "responsable": etape.responsable,
            "livrable": etape.livrable,
            "statut": "a_venir",
        }
        yield ligne | ({"precedent": etape.precedent} if etape.precedent else {})


def _un_par_etablissement(dossier: Dossier, concernes: Concernes, n: int) -> Iterator[Cles]:
    for etablissement in concernes:
        yield {"etablissement": etablissement.code or ""}


REGLES: dict[str, Callable[[Dossier, Concernes, int], Iterator[Cles]]] = {
    "autorisations": _autorisations,
    "annees": _annees,
    "activite": _activite,
    "publics": _publics,
    "dependance": _dependance,
    "effectifs": _effectifs,
    "rh_indicateurs": _annees_closes,
    "comptes": _comptes,
    "dotations": _dotations,
    "resultats": _annees_closes,
    "affectations": _annees_closes,
    "bilan": _bilan,
    "financements": _tfp,
    "pgfp": _pgfp,
    "siege": _siege,
    "qualite": _un_par_etablissement,
    "immobilier": _un_par_etablissement,
    "jalons": _jalons,
}
"""Collection → ses lignes attendues pour ces établissements et une année N."""
