"""Les règles sur les dotations, les affectations et les frais de siège (FI-02, FI-11, FI-13 à FI-15)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from cpomdocs.formats import euros, pourcent
from cpomdocs.modeles.arithmetique import additionner, somme
from cpomdocs.modeles.base import Entite
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.modeles.entites.budget import Affectation, Compte, Dotation, Resultat
from cpomdocs.modeles.entites.patrimoine import QuotePartSiege
from cpomdocs.modeles.regles.redaction import attenuee, justifiee
from cpomdocs.modeles.regles.registre import Manquement, lignes_de, regle
from cpomdocs.modeles.regles.seuils import Seuils
from cpomdocs.modeles.vues.patrimoine import BilanSynthese
from cpomdocs.modeles.vues.regroupement import BUDGETS, regrouper

_CLES = ("etablissement", "annee", "version")


@regle(
    "FI-02",
    "bloquante",
    "Les produits de la tarification inscrits sont les montants notifiés",
    source="R.314-222 I 1° CASF",
)
def produits_notifies(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les financeurs dont les comptes 73 du budget ne font pas les dotations notifiées, en euros."""
    comptes = regrouper(dossier.comptes, _CLES)
    for (etablissement, annee), dotations in regrouper(dossier.dotations, _CLES[:2]).items():
        budget = next((comptes[c] for v in BUDGETS if (c := (etablissement, annee, v)) in comptes), [])
        produits = [c for c in budget if (c.compte or "").startswith("73")]
        if not produits or any(c.financeur is None for c in produits):
            continue
        for financeur in dict.fromkeys(d.financeur for d in dotations if d.financeur):
            notifies = [d for d in dotations if d.financeur == financeur]
            yield from _notifie(notifies, [c for c in produits if c.financeur == financeur], seuils)


def _notifie(notifies: list[Dotation], produits: list[Compte], seuils: Seuils) -> Iterator[Manquement]:
    notifie, inscrit = somme(notifies, "total_notifie"), somme(produits, "montant", Decimal(0))
    if notifie is not None and inscrit is not None and abs(notifie - inscrit) > seuils.tolerance_arrondi:
        yield Manquement(
            notifies[0],
            ("total_notifie",),
            f"{euros(notifie)} notifiés, mais {euros(inscrit)} inscrits au budget (comptes 73) pour ce"
            " financeur.",
            "Inscrire le montant notifié, ou corriger la dotation ; un écart expliqué en commentaire ne"
            " bloque plus.",
            "avertissement" if any(map(justifiee, (*notifies, *produits))) else None,
            autres=tuple((d, "total_notifie") for d in notifies[1:])
            + tuple((c, "montant") for c in produits),
        )


@regle(
    "FI-11",
    "bloquante",
    "Le résultat à affecter est affecté en entier",
    source="R.314-234 CASF",
)
def affectations(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les résultats mal calculés ou mal affectés, et les réserves de trésorerie au-delà du BFR, en
    euros."""
    par_resultat = regrouper(dossier.affectations, _CLES[:2])
    for resultat in dossier.resultats:
        yield from _resultat_a_affecter(resultat, seuils)
        lignes = par_resultat.get((resultat.etablissement, resultat.annee), [])
        total = somme(lignes, "montant")
        attendu = resultat.resultat_a_affecter
        if total is None or attendu is None or abs(abs(total) - abs(attendu)) <= seuils.tolerance_montant:
            continue
        yield Manquement(
            resultat,
            ("resultat_a_affecter",),
            f"{euros(attendu)} à affecter, mais les affectations font {euros(total)}.",
            "Compléter ou corriger les affectations de l’année.",
            autres=tuple((ligne, "montant") for ligne in lignes),
        )
    yield from _reserve_de_tresorerie(dossier, seuils)


def _resultat_a_affecter(resultat: Resultat, seuils: Seuils) -> Iterator[Manquement]:
    noms = ("resultat_comptable", "reprise_anterieurs", "retraitements")
    calcule = additionner((resultat, nom) for nom in noms)
    saisi = resultat.resultat_a_affecter
    if calcule is not None and saisi is not None and abs(calcule - saisi) > seuils.tolerance_montant:
        yield Manquement(
            resultat,
            ("resultat_a_affecter", *noms),
            f"{euros(saisi)} à affecter, mais résultat, reprise et retraitements font {euros(calcule)}.",
            "Corriger le résultat à affecter ou ses composantes.",
        )


def _reserve_de_tresorerie(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    besoins = {b.annee: b for b in lignes_de(dossier, BilanSynthese)}
    reserves: list[Affectation] = [a for a in dossier.affectations if a.compte == "10685"]
    for (annee,), lignes in regrouper(reserves, ("annee",)).items():
        bilan, total = besoins.get(annee if isinstance(annee, int) else None), somme(lignes, "montant")
        if bilan is None or bilan.bfr is None or total is None or total <= max(bilan.bfr, Decimal(0)):
            continue
        autres: list[tuple[Entite, str]] = [(ligne, "montant") for ligne in lignes[1:]]
        yield Manquement(
            lignes[0],
            ("montant",),
            f"la réserve de trésorerie reçoit {euros(total)}, plus que le besoin en fonds de roulement"
            f" de {euros(bilan.bfr)}.",
            "Réduire l’affectation au compte 10685.",
            autres=(*autres, (bilan, "bfr")),
        )


@regle(
    "FI-13",
    "bloquante",
    "Les frais de siège sont ceux de l’autorisation, et ceux des comptes",
    source="CASF, autorisation des frais de siège",
)
def frais_de_siege(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les quotes-parts qui ne sont ni base × taux, ni le compte 6556 ; avertit d’un taux non unique."""
    comptes = regrouper([c for c in dossier.comptes if (c.compte or "").startswith("6556")], _CLES)
    autorise = dossier.gestionnaire.siege_taux
    for ligne in dossier.siege:
        yield from _quote_part(ligne, seuils)
        cles = [(ligne.etablissement, ligne.annee, version) for version in ("reel", *BUDGETS)]
        yield from _compte_de_siege(ligne, next((comptes[cle] for cle in cles if cle in comptes), []), seuils)
        if autorise is not None and ligne.taux is not None and autorise != ligne.taux:
            yield Manquement(
                ligne,
                ("taux",),
                f"taux de {pourcent(ligne.taux)}, mais l’autorisation porte {pourcent(autorise)}.",
                "Vérifier le taux autorisé, unique pour tous les établissements.",
                "avertissement",
                autres=((dossier.gestionnaire, "siege_taux"),),
            )


def _compte_de_siege(ligne: QuotePartSiege, comptes: list[Compte], seuils: Seuils) -> Iterator[Manquement]:
    inscrit = somme(comptes, "montant")
    if inscrit is None or ligne.quote_part is None:
        return
    if abs(inscrit - ligne.quote_part) > seuils.tolerance_arrondi:
        yield Manquement(
            ligne,
            ("quote_part",),
            f"quote-part de {euros(ligne.quote_part)}, mais {euros(inscrit)} au compte 6556.",
            "Faire concorder la quote-part et le compte.",
            "avertissement" if any(map(justifiee, comptes)) else None,
            autres=tuple((compte, "montant") for compte in comptes),
        )


def _quote_part(ligne: QuotePartSiege, seuils: Seuils) -> Iterator[Manquement]:
    if ligne.quote_part is None or ligne.taux is None or ligne.base_charges_brutes is None:
        return
    calculee = ligne.base_charges_brutes * ligne.taux
    if abs(calculee - ligne.quote_part) > seuils.tolerance_arrondi:
        yield Manquement(
            ligne,
            ("quote_part", "base_charges_brutes", "taux"),
            f"quote-part de {euros(ligne.quote_part)}, mais {euros(ligne.base_charges_brutes)} ×"
            f" {pourcent(ligne.taux)} = {euros(calculee)}.",
            "Corriger la quote-part, la base ou le taux.",
        )


@regle(
    "FI-14",
    "bloquante",
    "Les quotes-parts font la dotation globalisée commune",
    source="R.314-43-1 CASF",
)
def dotation_commune(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend l’écart, en euros, entre la DGC du contrat et les quotes-parts notifiées pour l’année N."""
    n, contrat = dossier.parametres.annee_n, dossier.contrat
    parts = [d for d in dossier.dotations if d.nature == "dgc_quote_part" and d.annee == n]
    total = somme(parts, "total_notifie")
    if n is None or total is None or contrat.dgc is False or contrat.dgc_montant is None:
        return
    if abs(total - contrat.dgc_montant) > seuils.tolerance_arrondi:
        yield Manquement(
            contrat,
            ("dgc_montant",),
            f"la DGC est de {euros(contrat.dgc_montant)}, mais les quotes-parts de {n} font {euros(total)}.",
            "Corriger la répartition entre établissements, ou le montant de la DGC.",
            autres=tuple((ligne, "total_notifie") for ligne in parts),
        )


@regle(
    "FI-15",
    "bloquante",
    "Le total notifié est la base actualisée, plus les mesures nouvelles et les CNR",
    source="usage des décisions tarifaires",
)
def total_notifie(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les totaux notifiés mal composés, et les bases reconductibles qui reprennent des CNR, en euros."""
    suivantes = {(d.etablissement, d.annee, d.nature, d.financeur): d for d in dossier.dotations}
    for ligne in dossier.dotations:
        calcule, notifie = ligne.total_calcule, ligne.total_notifie
        if calcule is not None and notifie is not None and abs(calcule - notifie) > seuils.tolerance_arrondi:
            yield Manquement(
                ligne,
                ("total_notifie", "total_calcule"),
                f"{euros(notifie)} notifiés, mais base actualisée, mesures nouvelles et CNR font"
                f" {euros(calcule)}.",
                "Corriger le total ou ses composantes, ou expliquer l’écart en commentaire.",
                attenuee(ligne),
            )
        suivante = suivantes.get((ligne.etablissement, (ligne.annee or 0) + 1, ligne.nature, ligne.financeur))
        if suivante is None or suivante.base_reconductible is None or notifie is None or not ligne.cnr:
            continue
        if ligne.cnr > seuils.tolerance_arrondi >= abs(suivante.base_reconductible - notifie):
            yield Manquement(
                suivante,
                ("base_reconductible",),
                f"la base reprend les {euros(ligne.cnr)} de CNR de {ligne.annee}, qui ne se reconduisent"
                " pas.",
                "Retirer les CNR de la base reconductible.",
                autres=((ligne, "cnr"), (ligne, "total_notifie")),
            )
