"""Quelle feuille du gabarit est celle de quel établissement : par l’ordre, par un nom, ou par son FINESS."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cpomdocs.formulaires.correspondance import MOT, MOTS_DE_FEUILLE, FeuilleRepetee
from cpomdocs.modeles.chemins import Portee
from cpomdocs.modeles.entites.identite import Etablissement
from cpomdocs.remplissage.moteurs import Gabarit, contenu_de_case, feuilles_du_gabarit
from cpomdocs.saisies import CaseExcel

_RANG = "{rang}"
_FINESS = 9


def feuilles_possibles(gabarit: Gabarit, bloc: FeuilleRepetee) -> list[str]:
    """Les feuilles du gabarit que le bloc peut remplir, dans l’ordre où elles le seraient."""
    presentes = feuilles_du_gabarit(gabarit)
    if isinstance(bloc.noms, list):
        return [nom for nom in bloc.noms if nom in presentes]
    if bloc.finess is not None:
        return [nom for nom in presentes if _finess_de(gabarit, nom, bloc.finess)]
    modele = bloc.noms or ""
    if _RANG in modele:
        return list(_numerotees(modele, presentes))
    motif = "".join(
        "(.+)" if MOT.fullmatch(partie) else re.escape(partie) for partie in re.split(r"(\{[^{}]*\})", modele)
    )
    return [nom for nom in presentes if re.fullmatch(motif, nom)]


@dataclass(frozen=True)
class Reperage:
    """De quoi trouver la feuille de chaque établissement ; `finess` : la feuille qui porte chacun."""

    bloc: FeuilleRepetee
    possibles: list[str]
    finess: dict[str, str]

    def feuille_de(self, etablissement: Etablissement, rang: int) -> str | None:
        """La feuille de l’établissement, `rang`-ième (à partir de 1) du bloc ; `None` s’il n’en a pas."""
        noms = self.bloc.noms
        if self.bloc.finess is not None:
            return self.finess.get(etablissement.finess_et or "")
        if isinstance(noms, list) or _RANG in (noms or ""):
            return self.possibles[rang - 1] if rang <= len(self.possibles) else None
        mots = {"code": etablissement.code, "finess": etablissement.finess_et, "type": etablissement.type}
        voulu = MOT.sub(lambda mot: str(mots.get(mot[1]) or ""), noms or "").casefold()
        return next((nom for nom in self.possibles if nom.casefold() == voulu), None)


def reperer(gabarit: Gabarit, bloc: FeuilleRepetee) -> Reperage:
    """Lit une fois les feuilles du gabarit que le bloc peut remplir ; au même FINESS, la première."""
    possibles = feuilles_possibles(gabarit, bloc)
    finess: dict[str, str] = {}
    for nom in possibles if bloc.finess is not None else ():
        finess.setdefault(_finess_de(gabarit, nom, bloc.finess or "") or "", nom)
    return Reperage(bloc, possibles, finess)


def defauts_du_reperage(gabarit: Gabarit, bloc: FeuilleRepetee, portee: Portee) -> Iterator[str]:
    """Ce qui empêche de trouver les feuilles du bloc : mot inconnu, feuille absente, portée."""
    lieu = f"[[feuilles]] « {bloc.noms or bloc.finess} »"
    if portee != "gestionnaire":
        yield f"{lieu} : le formulaire doit être de portée « gestionnaire », un classeur pour tous."
    for mot in _mots(bloc.noms):
        if mot not in MOTS_DE_FEUILLE:
            admis = ", ".join(f"{{{admis}}}" for admis in MOTS_DE_FEUILLE)
            yield f"{lieu} : « {{{mot}}} » est inconnu ; n’y employer que {admis}."
    possibles = feuilles_possibles(gabarit, bloc)
    if isinstance(bloc.noms, list):
        yield from (
            f"{lieu} : le gabarit n’a pas de feuille « {n} »." for n in bloc.noms if n not in possibles
        )
    elif not possibles:
        presentes = " · ".join(feuilles_du_gabarit(gabarit)) or "aucune"
        yield f"{lieu} : aucune feuille du gabarit n’y répond. Ses feuilles : {presentes}."


def _mots(noms: str | Sequence[str] | None) -> list[str]:
    return list(dict.fromkeys(MOT.findall(noms))) if isinstance(noms, str) else []


def _numerotees(modele: str, presentes: Sequence[str]) -> Iterator[str]:
    """« CRP 1 », « CRP 2 »… tant que la feuille existe."""
    for rang in range(1, len(presentes) + 1):
        nom = modele.replace(_RANG, str(rang))
        trouvee = next((n for n in presentes if n.casefold() == nom.casefold()), None)
        if trouvee is None:
            return
        yield trouvee


def _finess_de(gabarit: Gabarit, feuille: str, cellule: str) -> str | None:
    """Le FINESS que la cellule montre, ses zéros de tête rendus ; `None` si ce n’en est pas un."""
    valeur = contenu_de_case(gabarit, CaseExcel(feuille, cellule))
    chiffres = re.sub(r"\s", "", str(valeur)).upper() if valeur is not None else ""
    chiffres = chiffres.zfill(_FINESS) if chiffres.isdigit() else chiffres
    return chiffres if re.fullmatch(r"[0-9AB][0-9AB][0-9]{7}", chiffres) else None
