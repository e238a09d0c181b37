"""Cellule à cellule : ce qui est une saisie, ce qui abîme le formulaire."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from cpomdocs.certificat.comparaison.constats import Constat, Gravite
from cpomdocs.certificat.comparaison.excel.decalages import Decalage
from cpomdocs.certificat.comparaison.excel.feuille import Case, Feuille, Place
from cpomdocs.certificat.comparaison.excel.formules import deplacer, normaliser
from cpomdocs.office.adresses import ecrire_cellule

_PRECISION = 1e-11
"""Écart relatif admis entre deux écritures du même nombre : LibreOffice en garde quinze chiffres."""
_A_COMPLETER = re.compile(
    r"[\s(\[«<{*]*(à (compléter|préciser|renseigner|saisir|définir|remplir)|x{3,}|_{3,}|\.{4,}|…+)"
    r"[\s)\]»>}*.…]*",
    re.IGNORECASE,
)
SAISIE = "saisie"
"""Le genre d’une case remplie, ou changée : ce que le formulaire permet."""
_LIBRE = "le formulaire ne la verrouillait pas"
_LIBELLE = re.compile(r"[^\W\d_]")


def a_completer(texte: object) -> bool:
    """Vrai si ce texte n’est là que pour être remplacé : « à compléter », « XXXX », pointillés."""
    return isinstance(texte, str) and len(texte) < 60 and _A_COMPLETER.fullmatch(texte) is not None


class ComparaisonDeCases:
    """Compare les cellules de deux feuilles et retient constats et saisies."""

    def __init__(
        self,
        avant: Feuille,
        apres: Feuille,
        renommees: Mapping[str, str],
        decalage: Decalage | None = None,
    ) -> None:
        self.constats: list[Constat] = []
        self.saisies: list[Constat] = []
        self._avant, self._apres, self._renommees = avant, apres, renommees
        self._decalage = decalage
        supprimees = decalage.supprimees if decalage else frozenset()
        places = {*avant.cases, *apres.cases}
        for place in sorted(p for p in places if p[0] not in supprimees):
            self._comparer(place, avant.cases.get(place, Case()), apres.cases.get(place, Case()))

    @property
    def atteintes(self) -> int:
        """Le nombre de cellules abîmées."""
        return sum(c.gravite == "atteinte" for c in self.constats)

    def _comparer(self, place: Place, avant: Case, apres: Case) -> None:
        if avant.formule is not None:
            self._formule(place, avant, apres)
        elif not (self._avant.calculee(place) and (self._apres.calculee(place) or apres.valeur is None)):
            self._valeur(place, avant, apres)
        nouvelle = apres.erreur and not (avant.erreur and avant.valeur == apres.valeur)
        if nouvelle and not avant.erreur:
            self._noter(place, "erreur_affichee", None, str(apres.valeur or "erreur"), "remarque")

    def _formule(self, place: Place, avant: Case, apres: Case) -> None:
        ancienne = _montree(avant, place)
        if apres.formule is None:
            if self._apres.calculee(place):
                return
            genre = "formule_perdue" if apres.valeur is None else "formule_ecrasee"
            libre = self._avant.cadre.protegee and not self._avant.verrouillee(place)
            self._noter(place, genre, ancienne, _affichee(apres), message=_LIBRE if libre else "")
            return
        if (avant.formule, avant.depuis) == (apres.formule, apres.depuis):
            return
        formes = (
            normaliser(avant.formule or "", self._avant.nom, place, avant.depuis),
            normaliser(apres.formule, self._avant.nom, place, apres.depuis, self._renommees),
        )
        if formes[0] != formes[1]:
            self._noter(place, "formule_changee", ancienne, _montree(apres, place))

    def _valeur(self, place: Place, avant: Case, apres: Case) -> None:
        if apres.formule is None and _egales(avant.valeur, apres.valeur):
            if a_completer(avant.valeur) and not self._avant.verrouillee(place):
                self._noter(place, "a_completer", str(avant.valeur), None, "remarque")
            return
        if self._avant.verrouillee(place):
            self._noter(place, "cellule_verrouillee", _affichee(avant), _affichee(apres))
        elif self._a_remplir(place, avant):
            self._saisir(place, avant, apres)
        elif isinstance(avant.valeur, str) and _LIBELLE.search(avant.valeur):
            self._libelle(place, avant, apres)
        else:
            self._saisir(place, avant, apres)
            self._noter(place, "valeur_remplacee", _affichee(avant), _affichee(apres), "remarque")

    def _a_remplir(self, place: Place, avant: Case) -> bool:
        """Vrai si le formulaire attend une saisie ici : déverrouillée, vide, à compléter, contrôlée."""
        cadre = self._avant.cadre
        ouverte = cadre.protegee or avant.valeur is None or a_completer(avant.valeur)
        return ouverte or cadre.controle(*place) is not None

    def _libelle(self, place: Place, avant: Case, apres: Case) -> None:
        """« Nom : » devenu « Nom : Martin » est une saisie ; un autre texte ne l’est pas."""
        ancien, nouveau = str(avant.valeur), apres.valeur
        if isinstance(nouveau, str) and nouveau.startswith(ancien) and ancien.endswith((":", "…", "...")):
            self._saisir(place, avant, apres)
        else:
            self._noter(place, "libelle_change", ancien, _affichee(apres))

    def _saisir(self, place: Place, avant: Case, apres: Case) -> None:
        self.saisies.append(self._constat(place, SAISIE, _affichee(avant), _affichee(apres), "remarque"))

    def _noter(
        self,
        place: Place,
        genre: str,
        avant: str | None,
        apres: str | None,
        gravite: Gravite = "atteinte",
        message: str = "",
    ) -> None:
        self.constats.append(self._constat(place, genre, avant, apres, gravite, message))

    def _constat(
        self,
        place: Place,
        genre: str,
        avant: str | None,
        apres: str | None,
        gravite: Gravite,
        message: str = "",
    ) -> Constat:
        return Constat(
            genre=genre,
            gravite=gravite,
            feuille=self._avant.nom,
            lieu=ecrire_cellule(*place),
            message=" ; ".join(filter(None, (self._ailleurs(place), message))),
            avant=avant,
            apres=apres,
        )

    def _ailleurs(self, place: Place) -> str:
        """Où la cellule du gabarit est dans le document, quand des lignes l’ont déplacée."""
        ligne = self._decalage.au_document(place[0]) if self._decalage else place[0]
        return f"{ecrire_cellule(ligne, place[1])} dans le document" if ligne != place[0] else ""


def _montree(case: Case, place: Place) -> str:
    formule = case.formule or ""
    return "=" + (deplacer(formule, case.depuis, place) if case.depuis else formule).lstrip("=")


def _affichee(case: Case) -> str | None:
    """La valeur en peu de mots."""
    if case.formule is not None:
        return "=" + case.formule.lstrip("=")
    if case.valeur is None:
        return None
    if isinstance(case.valeur, bool):
        return "VRAI" if case.valeur else "FAUX"
    if isinstance(case.valeur, float):
        return f"{case.valeur:.15g}".replace(".", ",")
    return case.valeur


def _egales(avant: str | float | bool | None, apres: str | float | bool | None) -> bool:
    if isinstance(avant, float | bool) and isinstance(apres, float | bool):
        return math.isclose(avant, apres, rel_tol=_PRECISION, abs_tol=0)
    return avant == apres
