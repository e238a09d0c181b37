"""Les règles sur le contrat (CT-01 à CT-03, CT-07) et les documents à remettre (DO-04, DO-08, DO-09)."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from cpomdocs.modeles import numeros
from cpomdocs.modeles.base import unir
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.modeles.planification.jours import mois_avant
from cpomdocs.modeles.regles.redaction import ans_apres, enumerer, le
from cpomdocs.modeles.regles.registre import Manquement, regle
from cpomdocs.modeles.regles.seuils import Seuils

_UN_JOUR = datetime.timedelta(days=1)
_FEUILLES_DU_PERIMETRE = {
    "autorisations": "autorisation",
    "activite": "activité",
    "effectifs": "effectifs",
    "dotations": "dotation",
}


@regle(
    "CT-01",
    "bloquante",
    "Le contrat dure cinq ans au plus, six avec sa prorogation",
    source="L.313-11 CASF ; cahier des charges du CPOM EHPAD",
)
def duree(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les dates de fin antérieures au début ou trop tardives ; avertit d’un contrat plus court."""
    contrat, ans = dossier.contrat, seuils.annees_contrat_maximum
    debut, fin = contrat.date_debut, contrat.date_fin
    if debut is None:
        return
    attendue = ans_apres(debut, ans) - _UN_JOUR
    if fin is not None and fin != attendue:
        impossible = fin > attendue or fin <= debut
        yield Manquement(
            contrat,
            ("date_fin", "date_debut"),
            f"du {le(debut)} au {le(fin)} ; un contrat de {ans} ans finit le {le(attendue)}.",
            "Corriger la date d’effet ou la date de fin.",
            None if impossible else "information",
        )
    prorogee, limite = contrat.prorogation_date_fin, ans_apres(debut, ans + 1) - _UN_JOUR
    if prorogee is not None and (prorogee > limite or (fin is not None and prorogee <= fin)):
        yield Manquement(
            contrat,
            ("prorogation_date_fin", "date_debut"),
            f"prorogation jusqu’au {le(prorogee)} : elle suit la fin du contrat et s’arrête au {le(limite)}.",
            "Corriger la fin de la prorogation.",
        )


@regle(
    "CT-02",
    "avertissement",
    "La suite du contrat s’engage six mois avant son terme",
    source="cahier des charges du CPOM EHPAD, arrêté du 3 mars 2017",
)
def terme(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend un contrat proche de son terme, à la date de référence, sans prorogation demandée."""
    contrat, jour = dossier.contrat, dossier.parametres.date_reference
    if contrat.date_fin is None or jour is None or contrat.prorogation:
        return
    if jour > mois_avant(contrat.date_fin, seuils.mois_avant_terme):
        yield Manquement(
            contrat,
            ("date_fin", "prorogation"),
            f"le contrat finit le {le(contrat.date_fin)}, dans moins de {seuils.mois_avant_terme} mois"
            f" au {le(jour)},"
            " et aucune prorogation n’est demandée.",
            "Ouvrir la négociation du contrat suivant, ou demander la prorogation.",
            autres=((dossier.parametres, "date_reference"),),
        )


@regle(
    "CT-03",
    "bloquante",
    "Chaque établissement du périmètre a son FINESS, son activité, ses effectifs et sa dotation",
    source="modèle de contrat, arrêté du 3 mars 2017, article 1er",
)
def perimetre(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les établissements absents d’une feuille que les autres ont remplie, ou de FINESS invalide."""
    for etablissement in dossier.perimetre():
        absentes = [
            nom
            for nom in _FEUILLES_DU_PERIMETRE
            if dossier.lignes(nom) and not dossier.lignes(nom, etablissement.code or "")
        ]
        absents = [_FEUILLES_DU_PERIMETRE[nom] for nom in absentes]
        numero = etablissement.finess_et
        if numero is not None and not (
            numeros.finess_bien_forme(numero) and numeros.cle_finess_juste(numero)
        ):
            absents.insert(0, "numéro FINESS valide")
        if absents:
            yield Manquement(
                etablissement,
                ("finess_et" if absents[0].startswith("numéro") else "code",),
                f"l’établissement est dans le périmètre du contrat, mais n’a pas de : {enumerer(absents)}.",
                "Compléter ces feuilles, ou répondre « non » à « Dans le périmètre du CPOM ».",
                emplacements=unir(dossier.emplacement(nom, "etablissement") for nom in absentes),
            )


@regle(
    "CT-07",
    "avertissement",
    "Le comité de suivi se réunit la 3e année",
    source="modèle de contrat, arrêté du 3 mars 2017, article 5",
)
def comite_de_suivi(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend un contrat daté dont la réunion de mi-parcours n’est pas planifiée, ou l’est hors de la 3e
    année."""
    contrat = dossier.contrat
    if contrat.date_debut is None or contrat.etat("comite_suivi_an3") == "sans_objet":
        return
    debut, fin = ans_apres(contrat.date_debut, 2), ans_apres(contrat.date_debut, 3) - _UN_JOUR
    prevue = contrat.comite_suivi_an3
    if prevue is None:
        constat = "la réunion de mi-parcours du comité de suivi n’est pas planifiée"
    elif not debut <= prevue <= fin:
        constat = f"la réunion de mi-parcours est prévue le {le(prevue)}"
    else:
        return
    yield Manquement(
        contrat,
        ("comite_suivi_an3",),
        f"{constat} ; la 3e année va du {le(debut)} au {le(fin)}.",
        "Saisir la date prévue de la réunion.",
    )


@regle(
    "DO-04",
    "bloquante",
    "Le gabarit d’un document est celui de la campagne",
    source="campagnes EPRD et ERRD : un modèle par campagne",
)
def campagne(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les documents encore à remettre dont la campagne n’est pas celle du dossier."""
    attendue = dossier.parametres.campagne
    for document in dossier.documents:
        if attendue and document.campagne and document.campagne != attendue and not document.remis:
            yield Manquement(
                document,
                ("campagne",),
                f"gabarit de la campagne {document.campagne}, alors que le dossier est celui de {attendue}.",
                "Demander à l’autorité le gabarit de la campagne, ou corriger la campagne.",
                autres=((dossier.parametres, "campagne"),),
            )


@regle(
    "DO-08",
    "bloquante",
    "Un compte de résultat par numéro FINESS",
    source="consignes de remplissage de l’EPRD : budgets sans FINESS rattachés explicitement",
)
def comptes_sans_finess(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les budgets sans numéro FINESS (« SO ») qui ne disent pas à quel établissement ils se
    rattachent."""
    for etablissement in dossier.etablissements:
        if etablissement.etat("finess_et") != "sans_objet" or etablissement.finess_principal:
            continue
        if dossier.lignes("comptes", etablissement.code or ""):
            yield Manquement(
                etablissement,
                ("finess_principal", "finess_et"),
                "ce budget n’a pas de numéro FINESS et ne dit pas à quel établissement il se rattache.",
                "Saisir le FINESS de l’établissement principal.",
            )


@regle(
    "DO-09",
    "avertissement",
    "Un document se dépose avant sa date limite",
    source="calendrier légal et de campagne",
)
def echeances(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les documents non déposés dont la date limite est passée ou proche, à la date de référence."""
    jour = dossier.parametres.date_reference
    for document in dossier.documents:
        limite = document.date_limite
        if jour is None or limite is None or document.remis:
            continue
        restants = (limite - jour).days
        if restants > seuils.jours_avant_echeance:
            continue
        delai = f"passée depuis {-restants} jours" if restants < 0 else f"dans {restants} jours"
        yield Manquement(
            document,
            ("date_limite",),
            f"date limite le {le(limite)}, {delai} au {le(jour)}.",
            "Déposer le document et saisir la date de dépôt.",
            autres=((dossier.parametres, "date_reference"),),
        )
