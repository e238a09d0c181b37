"""Les règles sur le chiffrage du scénario retenu et son plan de financement (SC-07 à SC-11)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from cpomdocs.formats import euros
from cpomdocs.modeles.base import infos
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.modeles.entites.methode.scenarios import ChoixAction, CoutAction, Hypothese
from cpomdocs.modeles.entites.patrimoine import LignePgfp
from cpomdocs.modeles.regles.redaction import enumerer
from cpomdocs.modeles.regles.registre import Manquement, lignes_de, regle
from cpomdocs.modeles.regles.seuils import Seuils
from cpomdocs.modeles.vues.scenarios.pgfp import LIGNES_SAISIES, PgfpRetenu
from cpomdocs.modeles.vues.scenarios.projections import HORIZON
from cpomdocs.nomenclatures import nomenclature

_TAUX = tuple(nom for nom in infos(Hypothese) if nom.startswith("taux_"))
_COMMUNS = ("taux_actualisation_ars", "taux_inflation", "taux_gvt")


def _choix(dossier: Dossier) -> list[ChoixAction]:
    """Les actions du scénario retenu."""
    scenario = dossier.scenario_retenu()
    return [c for c in dossier.choix_actions if scenario and c.scenario == scenario.code and c.retenue]


@regle(
    "SC-07",
    "avertissement",
    "Chaque action du scénario retenu est chiffrée",
    source="projections des actions (domaine.md § 1.3)",
)
def actions_sans_cout(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les actions retenues sans aucun coût, sauf si un commentaire dit pourquoi."""
    chiffrees = {(cout.objectif, cout.action) for cout in dossier.couts_actions}
    connues = {(action.objectif, action.numero) for action in dossier.actions}
    for choix in _choix(dossier):
        cle = (choix.objectif, choix.action)
        if cle in connues and cle not in chiffrees and not (choix.commentaire or "").strip():
            yield Manquement(
                choix,
                ("action",),
                "le scénario la retient, mais aucun coût n’est chiffré.",
                "Saisir ses charges et ses produits, ou dire en commentaire qu’elle ne coûte rien.",
                emplacements=dossier.emplacement("couts_actions", "action"),
            )


@regle(
    "SC-08",
    "avertissement",
    "Les coûts des actions tombent dans les années du contrat",
    source="durée du contrat (domaine.md § 1.4)",
)
def couts_hors_contrat(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les années de coûts hors du contrat, action par action, décalage retenu compris."""
    debut, fin = dossier.contrat.date_debut, dossier.contrat.date_fin
    if debut is None or fin is None or fin < debut:
        return
    annees = range(debut.year, fin.year + 1)
    decalages = {(c.objectif, c.action): c.decalage or 0 for c in _choix(dossier)}
    hors: dict[tuple[str | None, str | None], list[CoutAction]] = {}
    for cout in dossier.couts_actions:
        cle = (cout.objectif, cout.action)
        if (cout.commentaire or "").strip():
            continue
        if cout.annee is not None and cout.annee + decalages.get(cle, 0) not in annees:
            hors.setdefault(cle, []).append(cout)
    for (objectif, action), couts in hors.items():
        decalage = decalages.get((objectif, action), 0)
        suite = f" avec son décalage de {decalage} an{'s' if decalage > 1 else ''}" if decalage else ""
        touchees = enumerer(sorted({str((c.annee or 0) + decalage) for c in couts}))
        yield Manquement(
            couts[0],
            ("annee",),
            f"des coûts tombent en {touchees}{suite}, hors du contrat ({annees[0]}-{annees[-1]}).",
            "Corriger l’année ou le décalage ; dire en commentaire ce qui reste après le contrat.",
            autres=tuple((c, "annee") for c in couts[1:]),
        )


@regle(
    "SC-09",
    "avertissement",
    "Le scénario retenu a des hypothèses pour chaque année",
    source="hypothèses d’évolution du PGFP (domaine.md § 1.6)",
)
def hypotheses_absentes(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend le scénario retenu quand une année n’a de taux ni en hypothèse, ni dans « Années »."""
    scenario, n = dossier.scenario_retenu(), dossier.parametres.annee_n
    if scenario is None or n is None:
        return
    saisies: list[tuple[int | None, bool]] = [
        (h.annee, any(getattr(h, nom) is not None for nom in _TAUX))
        for h in dossier.hypotheses
        if h.scenario == scenario.code
    ]
    saisies += [(a.annee, any(getattr(a, nom) is not None for nom in _COMMUNS)) for a in dossier.annees]
    connues = {annee for annee, renseignee in saisies if renseignee}
    absentes = [str(annee) for annee in range(n + 1, n + HORIZON + 1) if annee not in connues]
    if absentes:
        yield Manquement(
            scenario,
            ("code",),
            f"aucun taux d’évolution en {enumerer(absentes)} : charges et produits y sont constants.",
            "Saisir les taux du scénario, ou ceux de la feuille « Années ».",
            emplacements=dossier.emplacement("hypotheses", "annee"),
        )


@regle(
    "SC-10",
    "avertissement",
    "Le PGFP saisi est celui du scénario retenu",
    source="PGFP (R.314-213 CASF) ; annexe financière du contrat (domaine.md § 1.4)",
)
def pgfp_du_scenario(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les lignes du PGFP qui s’écartent du plan de financement, à leur première année."""
    plans = {plan.annee: plan for plan in lignes_de(dossier, PgfpRetenu)}
    ecarts: dict[str, list[tuple[LignePgfp, Decimal]]] = {}
    for ligne in dossier.pgfp:
        plan, champ = plans.get(ligne.annee), LIGNES_SAISIES.get(ligne.ligne or "")
        projete = getattr(plan, champ) if plan is not None and champ else None
        saisi = ligne.montant
        if saisi is None or projete is None or (ligne.commentaire or "").strip():
            continue
        if abs(saisi - projete) > seuils.tolerance_arrondi:
            ecarts.setdefault(str(ligne.ligne), []).append((ligne, projete))
    for code, trouves in ecarts.items():
        (premiere, projete), autres = trouves[0], trouves[1:]
        suite = f" ({len(trouves)} années s’en écartent)" if autres else ""
        yield Manquement(
            premiere,
            ("montant",),
            f"« {nomenclature('lignes_pgfp')[code]} » est de {euros(premiere.montant or 0)}, le scénario"
            f" retenu projette {euros(projete)}{suite}.",
            "Reprendre le plan de financement du scénario retenu, ou expliquer l’écart en commentaire.",
            autres=tuple((ligne, "montant") for ligne, _ in autres),
        )


@regle(
    "SC-11",
    "information",
    "Les emprunts qui financent les investissements sont dans la feuille « Emprunts »",
    source="PPI et plan de financement (domaine.md § 1.11)",
)
def emprunts_nouveaux(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les emprunts d’investissement que la feuille « Emprunts » n’annonce pas, année par année."""
    n = dossier.parametres.annee_n
    if n is None or dossier.scenario_retenu() is None:
        return
    for annee in range(n, n + HORIZON + 1):
        operations = [i for i in dossier.investissements if i.annee == annee and i.emprunt]
        prevu = sum((i.emprunt or Decimal(0) for i in operations), Decimal(0))
        annonce = sum(
            (
                e.capital_initial or Decimal(0)
                for e in dossier.emprunts
                if e.date_debut is not None and e.date_debut.year == annee
            ),
            Decimal(0),
        )
        if prevu - annonce > seuils.tolerance_arrondi:
            yield Manquement(
                operations[0],
                ("emprunt",),
                f"{euros(prevu)} d’emprunts financent les investissements de {annee}, la feuille « Emprunts »"
                f" en annonce {euros(annonce)} : leur remboursement manque à la projection.",
                "Ajouter l’emprunt projeté : capital, taux, durée, date de début.",
                autres=tuple((i, "emprunt") for i in operations[1:]),
                emplacements=dossier.emplacement("emprunts", "capital_initial"),
            )
