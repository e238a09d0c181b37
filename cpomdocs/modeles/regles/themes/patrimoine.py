"""Les règles sur l’équilibre financier : emprunts, CAF, fonds de roulement (FI-04, FI-05, FI-08, FI-20)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from cpomdocs.formats import euros, pourcent
from cpomdocs.modeles.base import Entite
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.modeles.entites.patrimoine import Financement, LignePgfp, PosteBilan
from cpomdocs.modeles.regles.registre import Manquement, lignes_de, regle
from cpomdocs.modeles.regles.seuils import Seuils
from cpomdocs.modeles.vues.budget import ComptesGestionnaire
from cpomdocs.modeles.vues.patrimoine import BilanSynthese, FinancementsSynthese
from cpomdocs.modeles.vues.regroupement import BUDGETS
from cpomdocs.modeles.vues.scenarios.dette import invraisemblables
from cpomdocs.nomenclatures import nomenclature


def _tfp(dossier: Dossier) -> dict[tuple[int | None, str | None], dict[str, Financement]]:
    """Les tableaux de financement : (année, version) → ligne → montant saisi."""
    tableaux: dict[tuple[int | None, str | None], dict[str, Financement]] = {}
    for ligne in dossier.financements:
        if ligne.montant is not None and ligne.ligne is not None:
            tableaux.setdefault((ligne.annee, ligne.version), {})[ligne.ligne] = ligne
    return tableaux


def montant_de(ligne: Financement | LignePgfp | PosteBilan) -> Decimal:
    """Le montant saisi, en euros ; zéro s’il est sans objet."""
    return ligne.montant if ligne.montant is not None else Decimal(0)


@regle(
    "FI-04",
    "bloquante",
    "Un emprunt nouveau ne rembourse pas le capital d’un autre",
    source="CASF : équilibre réel de l’EPRD",
)
def emprunts_nouveaux(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les tableaux où l’emprunt dépasse ce qu’il finance, sauf emprunt renégocié, en euros."""
    if any(emprunt.renegocie for emprunt in dossier.emprunts):
        return
    for lignes in _tfp(dossier).values():
        emprunt, rembourse = lignes.get("emprunts_nouveaux"), lignes.get("remboursement_dettes")
        finances = [lignes[nom] for nom in ("acquisitions", "autres_emplois") if nom in lignes]
        if emprunt is None or rembourse is None or "acquisitions" not in lignes or not montant_de(rembourse):
            continue
        total = sum(map(montant_de, finances), Decimal(0))
        if montant_de(emprunt) - total > seuils.tolerance_arrondi:
            yield Manquement(
                emprunt,
                ("montant",),
                f"{euros(montant_de(emprunt))} d’emprunts nouveaux pour {euros(total)} d’investissements"
                " et autres"
                " emplois : le reste rembourserait le capital d’anciens emprunts.",
                "Réduire l’emprunt, ou déclarer l’emprunt renégocié dans la feuille « Emprunts ».",
                autres=tuple((ligne, "montant") for ligne in (*finances, rembourse)),
            )


@regle(
    "FI-20",
    "avertissement",
    "Le taux et la durée d’un emprunt sont vraisemblables",
    source="usage : ni taux de 100 % et plus, ni durée de plus de cent ans",
)
def emprunts_vraisemblables(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les emprunts au taux ou à la durée (ans) impossibles ; ils ne se projettent pas."""
    for emprunt in dossier.emprunts:
        if "taux" in (faux := invraisemblables(emprunt)) and emprunt.taux is not None:
            yield Manquement(
                emprunt,
                ("taux",),
                f"un taux d’intérêt de {pourcent(emprunt.taux)}.",
                "Vérifier la virgule : 2 % s’écrit « 2 % » ou « 0,02 ».",
            )
        if "duree" in faux:
            yield Manquement(
                emprunt,
                ("duree",),
                f"une durée de {emprunt.duree} ans.",
                "Écrire un nombre d’années ; l’année de fin va dans « Échéance ».",
            )


@regle(
    "FI-05",
    "bloquante",
    "La CAF couvre le capital à rembourser",
    source="CASF : équilibre réel de l’EPRD",
)
def caf_et_remboursements(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les tableaux prévisionnels dont la CAF, en euros, est inférieure au capital à rembourser."""
    comptes = {(c.annee, c.version): c for c in lignes_de(dossier, ComptesGestionnaire)}
    for (annee, version), lignes in _tfp(dossier).items():
        rembourse = lignes.get("remboursement_dettes")
        if rembourse is None or version not in BUDGETS:
            continue
        origine: tuple[Entite, str] | None = (lignes["caf"], "montant") if "caf" in lignes else None
        if origine is None and (annee, version) in comptes:
            origine = (comptes[annee, version], "caf")
        caf = None if origine is None else getattr(*origine)
        if caf is not None and origine is not None and caf < montant_de(rembourse) - seuils.tolerance_arrondi:
            yield Manquement(
                rembourse,
                ("montant",),
                f"{euros(montant_de(rembourse))} de capital à rembourser, pour une CAF de {euros(caf)}.",
                "Revoir les dépenses, les recettes ou l’échéancier des emprunts.",
                autres=(origine,),
            )


@regle(
    "FI-08",
    "bloquante",
    "Fonds de roulement, besoin et trésorerie s’enchaînent",
    source="bilan financier : trésorerie = (FRI + FRE) − BFR",
)
def equilibre_du_bilan(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les bilans dont la trésorerie n’est pas FRNG − BFR, et les variations que le TFP n’explique
    pas."""
    bilans = {b.annee: b for b in lignes_de(dossier, BilanSynthese)}
    for bilan in bilans.values():
        yield from _tresorerie(bilan, seuils)
    comptes = {(c.annee, c.version): c for c in lignes_de(dossier, ComptesGestionnaire)}
    for cle, lignes in _tfp(dossier).items():
        synthese, caf = comptes.get(cle), lignes.get("caf")
        if synthese is not None and caf is not None and synthese.caf is not None:
            yield from ecart_de_montant(
                caf, "la CAF du tableau de financement", (synthese, "caf"), "les comptes", seuils
            )
    for tableau in lignes_de(dossier, FinancementsSynthese):
        apres, avant = bilans.get(tableau.annee), bilans.get((tableau.annee or 0) - 1)
        if tableau.version == "reel" and apres is not None and avant is not None:
            yield from _variation_du_frng(apres, avant, tableau, seuils)


def _tresorerie(bilan: BilanSynthese, seuils: Seuils) -> Iterator[Manquement]:
    calculee, constatee = bilan.tresorerie, bilan.tresorerie_constatee
    if calculee is None or constatee is None or abs(calculee - constatee) <= seuils.tolerance_arrondi:
        return
    yield Manquement(
        bilan,
        ("tresorerie", "tresorerie_constatee"),
        f"FRNG − BFR = {euros(calculee)}, mais la trésorerie du bilan est de {euros(constatee)} :"
        " le bilan n’est pas équilibré.",
        "Vérifier les postes du bilan de l’année.",
    )


def _variation_du_frng(
    apres: BilanSynthese, avant: BilanSynthese, tableau: FinancementsSynthese, seuils: Seuils
) -> Iterator[Manquement]:
    saisies = {ligne.ligne for ligne in tableau.lignes if isinstance(ligne, Financement)}
    apport = tableau.apport
    if (
        apres.frng is None
        or avant.frng is None
        or apport is None
        or not nomenclature("lignes_tfp").keys() <= saisies
    ):
        return
    if abs(apres.frng - avant.frng - apport) > seuils.tolerance_arrondi:
        yield Manquement(
            apres,
            ("frng",),
            f"le FRNG varie de {euros(apres.frng - avant.frng)}, mais les ressources moins les emplois"
            f" du tableau de financement font {euros(apport)}.",
            "Vérifier le tableau de financement réel et les deux bilans.",
            autres=((avant, "frng"), (tableau, "apport")),
        )


def ecart_de_montant(
    ligne: Financement | LignePgfp, mots: str, reference: tuple[Entite, str], origine: str, seuils: Seuils
) -> Iterator[Manquement]:
    """Rend le montant saisi s’il s’écarte de la valeur de référence d’une autre ligne, en euros."""
    attendu = getattr(*reference)
    if abs(montant_de(ligne) - attendu) > seuils.tolerance_arrondi:
        yield Manquement(
            ligne,
            ("montant",),
            f"{mots} est de {euros(montant_de(ligne))}, mais {origine} donnent {euros(attendu)}.",
            "Corriger ce montant, ou les comptes.",
            autres=(reference,),
        )
