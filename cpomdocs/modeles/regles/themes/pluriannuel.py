"""Les règles sur plusieurs années : PGFP, vétusté, moyens, ratios, reprises (FI-09, FI-17 à FI-19, AN-01)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from decimal import Decimal

from cpomdocs.formats import euros, pourcent
from cpomdocs.modeles.base import Entite, infos
from cpomdocs.modeles.dossier import SAISIES, Dossier
from cpomdocs.modeles.entites.patrimoine import LignePgfp, PosteBilan
from cpomdocs.modeles.exercices import A_CONFIRMER
from cpomdocs.modeles.regles.redaction import enumerer, nombre
from cpomdocs.modeles.regles.registre import Manquement, lignes_de, regle
from cpomdocs.modeles.regles.seuils import Seuils
from cpomdocs.modeles.regles.themes.patrimoine import ecart_de_montant, montant_de
from cpomdocs.modeles.vues.budget import ComptesGestionnaire
from cpomdocs.modeles.vues.patrimoine import BilanSynthese
from cpomdocs.modeles.vues.regroupement import BUDGETS, la_plus_sure
from cpomdocs.nomenclatures import nomenclature

_AMORTISSEMENTS = {
    "immo_incorporelles_brut": "incorporelles_amortissements",
    "constructions_brut": "constructions_amortissements",
    "materiel_brut": "materiel_amortissements",
    "autres_immo_brut": "autres_amortissements",
}


@regle(
    "FI-09",
    "bloquante",
    "Le PGFP couvre six années, part de l’EPRD et s’enchaîne",
    source="R.314-213 CASF",
)
def pgfp(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les années qui manquent au PGFP, les écarts de l’année N avec les comptes, les égalités
    fausses."""
    n = dossier.parametres.annee_n
    annees: dict[int, dict[str, LignePgfp]] = {}
    for ligne in dossier.pgfp:
        if ligne.annee is not None and ligne.ligne is not None and ligne.montant is not None:
            annees.setdefault(ligne.annee, {})[ligne.ligne] = ligne
    if n is None or not annees:
        return
    manquantes = [str(annee) for annee in range(n, n + 6) if annee not in annees]
    if manquantes:
        premiere = next(iter(annees[min(annees)].values()))
        yield Manquement(
            premiere,
            ("annee",),
            f"le PGFP couvre six années de {n} à {n + 5} : il manque {enumerer(manquantes)}.",
            "Ajouter les lignes de ces années.",
        )
    budgets = la_plus_sure((s for s in lignes_de(dossier, ComptesGestionnaire) if s.annee == n), BUDGETS)
    champs = {"produits": "total_produits", "charges": "total_charges", "resultat": "resultat", "caf": "caf"}
    for synthese, (code, champ) in itertools.product(budgets, champs.items()):
        if code in annees.get(n, {}) and getattr(synthese, champ) is not None:
            mots = f"« {nomenclature('lignes_pgfp')[code]} » de la première année"
            yield from ecart_de_montant(
                annees[n][code], mots, (synthese, champ), "les comptes de l’EPRD", seuils
            )
    for lignes in annees.values():
        yield from _egalites(lignes, seuils)


def _egalites(lignes: dict[str, LignePgfp], seuils: Seuils) -> Iterator[Manquement]:
    """Résultat = produits − charges ; FRNG = FRI + FRE ; trésorerie = FRNG − BFR."""
    egalites = (
        ("resultat", "produits", "charges", -1),
        ("frng", "fri", "fre", 1),
        ("tresorerie", "frng", "bfr", -1),
    )
    noms = nomenclature("lignes_pgfp")
    for total, premier, second, signe in egalites:
        if not {total, premier, second} <= lignes.keys():
            continue
        attendu = montant_de(lignes[premier]) + signe * montant_de(lignes[second])
        if abs(montant_de(lignes[total]) - attendu) > seuils.tolerance_arrondi:
            yield Manquement(
                lignes[total],
                ("montant",),
                f"« {noms[total]} » est de {euros(montant_de(lignes[total]))}, mais {noms[premier]}"
                f" {'+' if signe > 0 else '−'} {noms[second]} = {euros(attendu)}.",
                "Corriger l’une des trois lignes de l’année.",
                autres=((lignes[premier], "montant"), (lignes[second], "montant")),
            )


@regle(
    "FI-17",
    "avertissement",
    "Les amortissements ne dépassent pas la valeur brute",
    source="plateforme d’État : taux de vétusté affiché de 0 à 80 %",
)
def vetuste(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les amortissements supérieurs à la valeur brute et les taux de vétusté au-delà du seuil."""
    for bilan in lignes_de(dossier, BilanSynthese):
        postes = {
            li.poste: li for li in bilan.lignes if isinstance(li, PosteBilan) and li.montant is not None
        }
        for brut, amortissements in _AMORTISSEMENTS.items():
            if (
                brut in postes
                and amortissements in postes
                and montant_de(postes[amortissements]) > montant_de(postes[brut])
            ):
                yield Manquement(
                    postes[amortissements],
                    ("montant",),
                    f"{euros(montant_de(postes[amortissements]))} d’amortissements pour"
                    f" {euros(montant_de(postes[brut]))} de valeur brute.",
                    "Corriger l’un des deux postes.",
                    autres=((postes[brut], "montant"),),
                )
        taux, seuil = bilan.taux_vetuste_constructions, seuils.taux_vetuste_maximal
        if taux is not None and seuil is not None and seuil < taux <= 1:
            yield Manquement(
                bilan,
                ("taux_vetuste_constructions",),
                f"taux de vétusté des constructions de {pourcent(taux)}, au-delà de {pourcent(seuil)}.",
                "Vérifier les valeurs brutes et les amortissements.",
            )


@regle(
    "FI-18",
    "avertissement",
    "À moyens constants, aucun crédit pérenne n’est demandé",
    source="règle de négociation : redéploiement, autofinancement, ou CNR et appel à projets",
)
def moyens_constants(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les actions qui demandent des crédits pérennes, en euros."""
    for action in dossier.actions:
        if action.moyens_perennes:
            yield Manquement(
                action,
                ("moyens_perennes",),
                f"l’action demande {euros(action.moyens_perennes)} de crédits pérennes, hors dotation.",
                "Passer par un redéploiement, l’autofinancement, ou une demande de CNR.",
            )


@regle(
    "FI-19",
    "avertissement",
    "Les ratios financiers restent dans les repères réglés",
    source="repères d’usage, réglables ; endettement inférieur à 50 % : guide M22",
)
def ratios(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les ratios du bilan au-delà des repères ; un repère absent des réglages ne contrôle rien."""
    reperes = (
        ("taux_endettement", None, seuils.taux_endettement_maximal),
        ("duree_apparente_dette", None, seuils.duree_dette_maximale),
        ("tresorerie_jours", seuils.tresorerie_jours_minimale, None),
        ("frng_jours", seuils.frng_jours_minimal, None),
    )
    for bilan in lignes_de(dossier, BilanSynthese):
        for champ, minimum, maximum in reperes:
            valeur = getattr(bilan, champ)
            hors = (minimum is not None and valeur is not None and valeur < minimum) or (
                maximum is not None and valeur is not None and valeur > maximum
            )
            if not hors:
                continue
            info = infos(BilanSynthese)[champ]
            dire = pourcent if info.nature.nom == "taux" else (lambda v: nombre(round(v, 1)))
            sens = (
                f"moins de {dire(minimum)}"
                if minimum is not None
                else f"plus de {dire(maximum or Decimal(0))}"
            )
            yield Manquement(
                bilan,
                (champ,),
                f"« {info.libelle} » : {dire(valeur)}, soit {sens}.",
                "Vérifier le bilan ; préparer l’explication.",
            )


@regle(
    "AN-01",
    "avertissement",
    "Les valeurs reprises d’une prévision sont confirmées",
    source="passage à l’année suivante",
)
def reprises_a_confirmer(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend, par feuille et établissement, les lignes du réel dont la source commence par « À confirmer »."""
    groupes: dict[tuple[str, str], list[Entite]] = {}
    for collection in SAISIES:
        for ligne in dossier.lignes(collection):
            source = getattr(ligne, "source", None) or ""
            if source.startswith(A_CONFIRMER):
                groupes.setdefault((collection, getattr(ligne, "etablissement", None) or ""), []).append(
                    ligne
                )
    for lignes in groupes.values():
        combien = "une ligne reprise" if len(lignes) == 1 else f"{len(lignes)} lignes reprises"
        yield Manquement(
            lignes[0],
            ("source",),
            f"{combien} d’une prévision, à confirmer.",
            "Corriger les valeurs d’après le réalisé, puis remplacer la source (« ERRD 2025 »).",
            autres=tuple((ligne, "source") for ligne in lignes[1:]),
        )
