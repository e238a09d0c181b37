"""Les dessins du tableau de bord, d’après le dossier ; un dessin sans donnée n’est pas fait."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from cpomdocs.graphiques import Barre, Serie, barres, courbes, gantt
from cpomdocs.modeles.base import Entite
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.modeles.vues.activite import ActiviteTotale
from cpomdocs.modeles.vues.budget import ComptesGestionnaire
from cpomdocs.modeles.vues.regroupement import la_plus_sure, regrouper
from cpomdocs.modeles.vues.scenarios.consolidation import ProjectionGestionnaire
from cpomdocs.nomenclatures import libelle

_ENTETES_SVG = b"<svg"


def calendrier(dossier: Dossier) -> str | None:
    """Le rétroplanning, ou rien s’il n’a pas d’étape datée."""
    etapes = [
        Barre(
            jalon.etape or "",
            jalon.date_debut or jalon.date_fin_prevue,
            jalon.date_fin_prevue,
            libelle("phases", jalon.phase) or "",
            jalon.date_fin_reelle is not None,
            jalon.date_imposee,
            jalon.date_proposee,
        )
        for jalon in dossier.jalons
        if jalon.date_fin_prevue and (jalon.date_debut is None or jalon.date_debut <= jalon.date_fin_prevue)
    ]
    if not etapes:
        return None
    return _en_ligne(gantt("", etapes, dossier.parametres.date_reference, forme="svg"))


def finances(dossier: Dossier) -> Iterator[tuple[str, str]]:
    """Charges et produits, résultat et CAF, résultats des scénarios : titre et dessin."""
    exercices = list(_par_annee(dossier.lignes("comptes_gestionnaire")))
    if exercices:
        annees = [str(e.annee) for e in exercices]
        yield (
            "Charges et produits",
            _en_ligne(
                barres(
                    "",
                    annees,
                    [
                        Serie("Charges", [e.total_charges for e in exercices]),
                        Serie("Produits", [e.total_produits for e in exercices]),
                    ],
                    "€",
                    forme="svg",
                )
            ),
        )
        series = [
            Serie("Résultat", [e.resultat for e in exercices]),
            Serie("CAF", [e.caf for e in exercices]),
        ]
        yield (
            "Résultat et capacité d’autofinancement",
            _en_ligne(courbes("", annees, series, "€", forme="svg")),
        )
    projections = [
        p for p in dossier.lignes("projections_gestionnaire") if isinstance(p, ProjectionGestionnaire)
    ]
    if projections:
        yield "Résultat de chaque scénario", _en_ligne(_scenarios(dossier, projections))


def activite(dossier: Dossier) -> str | None:
    """Le taux d’occupation de chaque établissement, année après année."""
    lignes = [a for a in dossier.lignes("activite_totale") if isinstance(a, ActiviteTotale)]
    taux: dict[tuple[str, int], Decimal] = {}
    for ligne in lignes:
        valeur = ligne.taux_occupation
        if ligne.version == "reel" and valeur is not None and ligne.etablissement and ligne.annee:
            taux[ligne.etablissement, ligne.annee] = valeur
    if not taux:
        return None
    codes = [e.code for e in dossier.etablissements if e.code and any(c == e.code for c, _ in taux)]
    annees = sorted({annee for _, annee in taux})
    series = [Serie(str(annee), [taux.get((code, annee)) for code in codes]) for annee in annees]
    return _en_ligne(barres("", codes, series, "%", forme="svg"))


def _par_annee(lignes: Sequence[Entite]) -> Iterator[ComptesGestionnaire]:
    """Une ligne par année, dans la version la plus proche du réel."""
    comptes = [ligne for ligne in lignes if isinstance(ligne, ComptesGestionnaire)]
    par_annee = regrouper(comptes, ("annee",))
    return (ligne for annee in sorted(par_annee) for ligne in la_plus_sure(par_annee[annee]))


def _scenarios(dossier: Dossier, projections: Sequence[ProjectionGestionnaire]) -> bytes:
    annees = sorted({p.annee for p in projections if p.annee is not None})
    resultats = {(p.scenario, p.annee): p.resultat for p in projections}
    series = [
        Serie(s.intitule or s.code or "", [resultats.get((s.code, annee)) for annee in annees])
        for s in dossier.scenarios
    ]
    return courbes("", [str(annee) for annee in annees], series, "€", forme="svg")


def _en_ligne(svg: bytes) -> str:
    """Le dessin sans son prologue XML, à mettre tel quel dans une page."""
    return svg[svg.index(_ENTETES_SVG) :].decode("utf-8")
