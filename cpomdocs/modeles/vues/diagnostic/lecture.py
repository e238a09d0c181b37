"""Lire un indicateur : ses repères, ce qu’il vaut devant eux, comment il évolue, comment il s’écrit."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cpomdocs.formats import formater
from cpomdocs.modeles.arithmetique import difference
from cpomdocs.modeles.types import Nature
from cpomdocs.nomenclatures import details

if TYPE_CHECKING:
    from cpomdocs.modeles.dossier import Dossier

HAUSSE = "hausse"
_DECIMALES = {"jours": 0, "€": 0, "personnes": 0, "ans": 1, "fois": 1, "ETP": 2, "%": 1}
_INSECABLE = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Reperes:
    """Le sens favorable d’un indicateur et les deux valeurs qui en séparent les trois lectures."""

    sens: str | None
    bon: Decimal | None
    fragile: Decimal | None

    def lire(self, valeur: Decimal | int | None) -> str | None:
        """« bon », « a_surveiller » ou « fragile » ; rien sans valeur, sans sens ou sans repère."""
        if valeur is None or self.sens is None or (self.bon is None and self.fragile is None):
            return None
        signe = 1 if self.sens == HAUSSE else -1
        if self.fragile is not None and signe * valeur < signe * self.fragile:
            return "fragile"
        return "bon" if self.bon is None or signe * valeur >= signe * self.bon else "a_surveiller"


def fiche(indicateur: str | None) -> dict[str, Any]:
    """Ce que la nomenclature dit d’un indicateur."""
    return details("indicateurs_diagnostic").get(indicateur or "", {})


def reperes(dossier: Dossier, indicateur: str | None) -> Reperes:
    """Les repères d’un indicateur : ceux de la feuille « Repères de lecture », sinon ceux d’usage."""
    connu = fiche(indicateur)
    for ligne in dossier.lignes("reperes"):
        if getattr(ligne, "indicateur", None) == indicateur:
            return Reperes(connu.get("sens"), getattr(ligne, "bon", None), getattr(ligne, "fragile", None))
    bornes = (connu.get("bon"), connu.get("fragile"))
    return Reperes(connu.get("sens"), *(None if b is None else Decimal(b) for b in bornes))


def ecrire(indicateur: str | None, valeur: Decimal | int | None) -> str | None:
    """La valeur dans l’unité de l’indicateur, arrondie : « 60 jours », « 5,4 % », « 1 200 € »."""
    if valeur is None:
        return None
    unite = str(fiche(indicateur).get("unite", ""))
    precision = _DECIMALES.get(unite, 2)
    if unite == "%":
        return formater(round(Decimal(valeur), precision + 2), Nature("taux"))
    nombre = formater(round(Decimal(valeur), precision), Nature("decimal"))
    return nombre if unite in ("", "personnes") else f"{nombre}{_INSECABLE}{_accorder(unite, valeur)}"


def decrire(indicateur: str | None, reperes: Reperes) -> str | None:
    """Les repères en mots : « bon dès 30 jours, fragile sous 15 jours »."""
    if reperes.sens is None:
        return None
    hausse = reperes.sens == HAUSSE
    morceaux = [
        f"{mot} {ecrire(indicateur, borne)}"
        for mot, borne in (
            ("bon dès" if hausse else "bon jusqu’à", reperes.bon),
            ("fragile sous" if hausse else "fragile au-delà de", reperes.fragile),
        )
        if borne is not None
    ]
    return ", ".join(morceaux) or None


def evolution(indicateur: str | None, avant: Decimal | None, apres: Decimal | None) -> str | None:
    """D’une valeur à l’autre : favorable ou non, en hausse ou en baisse, ou stable."""
    ecart, connu = difference(apres, avant), fiche(indicateur)
    if ecart is None:
        return None
    if abs(ecart) <= Decimal(connu.get("ecart", 0)):
        return "stable"
    if connu.get("sens") is None:
        return HAUSSE if ecart > 0 else "baisse"
    return "amelioration" if (ecart > 0) == (connu["sens"] == HAUSSE) else "degradation"


def _accorder(unite: str, valeur: Decimal | int) -> str:
    """« 1 jour », « 2 jours » ; « fois » et « ETP » ne changent pas."""
    return unite.removesuffix("s") if unite in ("jours", "ans") and abs(Decimal(valeur)) < 2 else unite
