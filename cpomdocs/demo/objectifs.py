"""Les orientations, les objectifs, leurs actions, leurs indicateurs et les valeurs de ceux-ci."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cpomdocs.demo.outils import ANNEE_N, CLOSES, arrondi, lire
from cpomdocs.modeles import (
    Action,
    Activite,
    Effectif,
    Indicateur,
    Objectif,
    Orientation,
    RhIndicateur,
    ValeurIndicateur,
)

_REFERENCE = CLOSES[-1]
_DIXIEME = Decimal("0.1")


@dataclass(frozen=True)
class Donnees:
    """Ce que les indicateurs calculés lisent : l’activité, les effectifs et les indicateurs RH."""

    activites: list[Activite]
    effectifs: list[Effectif]
    indicateurs_rh: list[RhIndicateur]


def orientations() -> list[Orientation]:
    """Projet régional de santé, schéma départemental, projet associatif (fictifs)."""
    return [
        Orientation.model_validate({**o, "source": "Documents publics (fictifs)"})
        for o in _table("orientations")
    ]


def objectifs() -> list[Objectif]:
    """Les six objectifs du contrat."""
    return [
        Objectif.model_validate(
            {
                "provisoire": True,
                "negociabilite": "veut" if o["priorite"] == "prioritaire" else "peut",
                **{nom: v for nom, v in o.items() if nom not in ("actions", "indicateurs")},
            }
        )
        for o in _table("objectifs")
    ]


def actions() -> list[Action]:
    """Les actions de chaque objectif, à moyens constants : aucun crédit pérenne n’est demandé."""
    moyens = dict.fromkeys(
        ("moyens_redeploiement", "moyens_autofinancement", "moyens_cnr", "moyens_perennes"), 0
    )
    return [
        Action.model_validate(
            {**moyens, "cadre": "dans", "avancement": o["avancement"], "objectif": o["numero"], **a}
        )
        for o in _table("objectifs")
        for a in o["actions"]
    ]


def indicateurs(donnees: Donnees) -> list[Indicateur]:
    """Les indicateurs ; la valeur initiale de plusieurs se calcule sur les données de 2025."""
    return [
        Indicateur(
            objectif=numero,
            code=i["code"],
            libelle=i["libelle"],
            type=i["type"],
            mode_calcul=i["mode_calcul"],
            unite=i["unite"],
            source=i["source"],
            periodicite=i["periodicite"],
            disponible=True,
            annee_initiale=_REFERENCE,
            valeur_initiale=_mesure(i, donnees)[0],
            cible_finale=Decimal(i["cibles"][-1]),
            sens_cible=i.get("sens_cible"),
        )
        for numero, i in _indicateurs()
    ]


def valeurs(donnees: Donnees) -> list[ValeurIndicateur]:
    """La valeur réalisée de 2025, puis une cible par année du contrat."""
    lignes = []
    for numero, i in _indicateurs():
        commun = {"objectif": numero, "indicateur": i["code"], "etablissement": i.get("etablissement")}
        valeur, numerateur, denominateur = _mesure(i, donnees)
        realisee = {"annee": _REFERENCE, "version": "reel", "valeur": valeur, "source": i["source"]}
        realisee |= {"numerateur": numerateur, "denominateur": denominateur}
        if numerateur is None:
            realisee["sans_objet"] = frozenset({"numerateur", "denominateur"})
        lignes.append(ValeurIndicateur.model_validate(commun | realisee))
        for rang, cible in enumerate(i["cibles"], 1):
            visee: dict[str, Any] = {
                "annee": ANNEE_N + rang,
                "version": "cible",
                "valeur": cible,
                "avancement": "non_demarre",
            }
            visee["sans_objet"] = frozenset({"numerateur", "denominateur"})
            lignes.append(ValeurIndicateur.model_validate(commun | visee))
    return lignes


def _table(nom: str) -> list[dict[str, Any]]:
    trouvee: list[dict[str, Any]] = lire("objectifs")[nom]
    return trouvee


def _indicateurs() -> Iterator[tuple[str, dict[str, Any]]]:
    for objectif in _table("objectifs"):
        for indicateur in objectif["indicateurs"]:
            yield objectif["numero"], indicateur


def _mesure(i: dict[str, Any], donnees: Donnees) -> tuple[Decimal, Decimal | None, Decimal | None]:
    """Valeur, numérateur et dénominateur de 2025 : saisis, ou calculés sur ce que `reference` désigne."""
    if "reference" not in i:
        numerateur, denominateur = i.get("numerateur"), i.get("denominateur")
        return Decimal(i["valeur"]), _decimal(numerateur), _decimal(denominateur)
    genre, *precisions = i["reference"].split(":")
    calculs: dict[str, Callable[..., tuple[Decimal, Decimal]]] = {
        "activite": _occupation,
        "absenteisme": _absenteisme,
        "vacance": _vacance,
    }
    numerateur, denominateur = calculs[genre](donnees, *precisions)
    return arrondi(numerateur / denominateur * 100, _DIXIEME), numerateur, denominateur


def _decimal(valeur: int | None) -> Decimal | None:
    return None if valeur is None else Decimal(valeur)


def _occupation(donnees: Donnees, code: str, modalite: str) -> tuple[Decimal, Decimal]:
    cle = (code, modalite, _REFERENCE)
    ligne = next(a for a in donnees.activites if (a.etablissement, a.modalite, a.annee) == cle)
    absences = (ligne.absences_lt72h or 0) if modalite == "HP" else 0
    theoriques = (ligne.capacite_financee or 0) * (ligne.jours_ouverture or 0)
    return Decimal((ligne.journees_realisees or 0) + absences), Decimal(theoriques)


def _absenteisme(donnees: Donnees, code: str) -> tuple[Decimal, Decimal]:
    ligne = next(r for r in donnees.indicateurs_rh if (r.etablissement, r.annee) == (code, _REFERENCE))
    noms = ("courte", "moyenne", "longue", "maternite", "atmp", "speciaux")
    jours = sum(getattr(ligne, f"jours_absence_{nom}") for nom in noms)
    return Decimal(jours), (ligne.etp_reels or Decimal(0)) * 365


def _vacance(donnees: Donnees) -> tuple[Decimal, Decimal]:
    lignes = [e for e in donnees.effectifs if e.annee == _REFERENCE]
    budgetes = _total(e.etp_budgetes for e in lignes)
    return budgetes - _total(e.etp_realises for e in lignes), budgetes


def _total(valeurs: Iterable[Decimal | None]) -> Decimal:
    return sum((valeur or Decimal(0) for valeur in valeurs), Decimal(0))
