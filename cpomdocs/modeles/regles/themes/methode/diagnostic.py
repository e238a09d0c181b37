"""Les règles sur le diagnostic : constats, axes, projets d’établissement, repères (ME-14 à ME-18)."""

from __future__ import annotations

from collections.abc import Iterator

from cpomdocs.modeles.dossier import Dossier
from cpomdocs.modeles.regles.redaction import ans_apres, le
from cpomdocs.modeles.regles.registre import Manquement, regle
from cpomdocs.modeles.regles.seuils import Seuils
from cpomdocs.nomenclatures import details, libelle

_SOURCE = "conseils aux gestionnaires (domaine.md § 1.2)"


def _commence(dossier: Dossier) -> bool:
    """Vrai si le diagnostic est commencé : un constat au moins est écrit."""
    return any(constat.texte for constat in dossier.constats)


@regle(
    "ME-14",
    "avertissement",
    "Chaque établissement du périmètre a des constats qui lui sont propres",
    source=_SOURCE,
)
def constats_propres(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les établissements sans constat spécifique, une fois le diagnostic commencé."""
    diagnostiques = {c.etablissement for c in dossier.constats if c.etablissement}
    for etablissement in dossier.perimetre() if _commence(dossier) else ():
        if etablissement.code and etablissement.code not in diagnostiques:
            yield Manquement(
                etablissement,
                ("code",),
                "le diagnostic n’a aucun constat propre à cet établissement.",
                "En saisir dans « Constats », points forts et points faibles.",
                emplacements=dossier.emplacement("constats", "etablissement"),
            )


@regle(
    "ME-15",
    "avertissement",
    "Chaque axe retenu par l’autorité a des constats",
    source=_SOURCE,
)
def axes_sans_constat(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les axes que l’autorité retient et qu’aucun constat ne renseigne."""
    renseignes = {constat.axe for constat in dossier.constats}
    for axe in dossier.axes_retenus if _commence(dossier) else ():
        if axe.axe and axe.retenu is not False and axe.axe not in renseignes:
            yield Manquement(
                axe,
                ("axe",),
                f"aucun constat pour « {axe.intitule or libelle('axes', axe.axe)} ».",
                "En saisir dans « Constats », ou mettre l’axe à « non » dans « Axes ».",
                emplacements=dossier.emplacement("constats", "axe"),
            )


@regle(
    "ME-16",
    "avertissement",
    "L’autodiagnostic s’appuie sur un projet d’établissement ou de service en vigueur",
    source="L.311-8 CASF : cinq ans au plus",
)
def projets(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les établissements diagnostiqués dont le projet n’est pas daté, ou a passé sa durée."""
    jour = dossier.parametres.date_reference
    diagnostiques = {c.etablissement for c in dossier.constats if c.etablissement}
    for etablissement in dossier.perimetre():
        if etablissement.code not in diagnostiques:
            continue
        date = etablissement.date_projet_etablissement
        if date is None and etablissement.etat("date_projet_etablissement") == "vide":
            message = "le diagnostic ne se rattache à aucun projet d’établissement daté."
        elif date and jour and ans_apres(date, seuils.annees_projet_etablissement) < jour:
            message = f"le projet d’établissement du {le(date)} a passé sa durée."
        else:
            continue
        yield Manquement(
            etablissement,
            ("date_projet_etablissement",),
            message,
            "Saisir sa date, ou prévoir sa mise à jour dans les objectifs.",
        )


@regle(
    "ME-17",
    "avertissement",
    "Un constat commun n’a pas d’établissement ; un constat spécifique en a un",
    source=_SOURCE,
)
def portee_des_constats(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les constats dont la portée et l’établissement se contredisent."""
    for constat in dossier.constats:
        if constat.portee == "commun" and constat.etablissement:
            message = f"ce constat est commun, mais porte l’établissement {constat.etablissement}."
        elif constat.portee == "specifique" and constat.etat("etablissement") == "vide":
            message = "ce constat est spécifique, mais n’a pas d’établissement."
        else:
            continue
        yield Manquement(
            constat, ("portee", "etablissement"), message, "Corriger la portée, ou l’établissement."
        )


@regle(
    "ME-18",
    "avertissement",
    "Les repères de lecture d’un indicateur vont dans son sens",
    source="lecture des ratios (domaine.md § 1.6 bis)",
)
def reperes(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les repères inversés, et ceux d’un indicateur qui n’a pas de sens favorable."""
    for repere in dossier.reperes:
        sens = details("indicateurs_diagnostic").get(repere.indicateur or "", {}).get("sens")
        if sens is None and repere.indicateur in details("indicateurs_diagnostic"):
            message, remede = (
                "cet indicateur se compare, sans sens favorable : ses repères ne servent pas.",
                "Retirer la ligne.",
            )
        elif repere.bon is None or repere.fragile is None or repere.bon == repere.fragile:
            continue
        elif sens and (repere.bon > repere.fragile) != (sens == "hausse"):
            message, remede = "« Bon » est du mauvais côté de « fragile ».", "Échanger les deux valeurs."
        else:
            continue
        yield Manquement(repere, ("bon", "fragile"), message, remede)
