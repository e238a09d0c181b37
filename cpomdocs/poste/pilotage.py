"""La feuille « Pilotage » : ce qui y est coché, et l’état de chaque document à y montrer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cpomdocs.classeur import disposition as d
from cpomdocs.classeur.feuilles import pilotage as feuille
from cpomdocs.erreurs import ErreurClasseur, ErreurFichier
from cpomdocs.lecture.grilles import Grille, ouvrir_classeur
from cpomdocs.poste.reponse import Pose
from cpomdocs.rapport import DocumentProduit, Rapport, Statut

_NON_CONCERNE = "—"
_ETATS: dict[Statut, str] = {
    "garde": "modifié à la main, gardé",
    "conflit": "modifié à la main",
    "verrouille": "ouvert ailleurs",
    "erreur": "non produit",
}
_ORDRE = ("erreur", "verrouille", "conflit", "garde")
_SANS_ETAT = ("orphelin", "a_blanc")


@dataclass(frozen=True)
class Tableau:
    """La feuille telle qu’elle est : les lignes des établissements, les colonnes d’état des formulaires.

    Rangs à partir de 0.
    """

    grille: Grille
    lignes: dict[str, int]
    colonnes: dict[str, int]

    def case(self, ligne: int, colonne: int) -> str:
        """Le texte d’une cellule, vide hors de la feuille."""
        rangee = self.grille.lignes[ligne] if ligne < len(self.grille.lignes) else ()
        return str(rangee[colonne]).strip() if 0 <= colonne < len(rangee) else ""

    def cochees(self) -> list[tuple[str, str]]:
        """Les couples (code, formulaire) cochés, par leur case, leur ligne ou leur colonne."""
        entete = self.lignes.get(feuille.TOUT, -1)
        return [
            (code, formulaire)
            for code, ligne in self.lignes.items()
            if code != feuille.TOUT
            for formulaire, colonne in self.colonnes.items()
            if self.case(ligne, colonne - 1)
            or self.case(ligne, feuille.COLONNE_LIGNE)
            or (entete >= 0 and (self.case(entete, colonne - 1) or self.case(entete, feuille.COLONNE_LIGNE)))
        ]


def lire_tableau(classeur: Path) -> Tableau | None:
    """La feuille « Pilotage » du classeur enregistré, ou `None` s’il n’en a pas.

    Lève `ErreurClasseur` si le classeur ou cette feuille ne se lisent pas.
    """
    lu = ouvrir_classeur(classeur)
    if feuille.PILOTAGE not in lu.feuilles:
        return None
    try:
        grille = lu.grille(feuille.PILOTAGE)
    except ErreurFichier as erreur:
        raise ErreurClasseur(erreur.message, erreur.remede) from erreur
    entetes = next((r for r, ligne in enumerate(grille.lignes) if ligne and ligne[0] == feuille.CODE), None)
    if entetes is None:
        raise ErreurClasseur(
            f"Dans « {feuille.PILOTAGE} », la ligne « {feuille.CODE} » a disparu.",
            f"Remettre « {feuille.CODE} » au-dessus des codes des établissements.",
        )
    lignes = {
        str(ligne[0]).strip(): rang
        for rang, ligne in enumerate(grille.lignes)
        if rang > entetes and ligne and str(ligne[0]).strip()
    }
    colonnes = {
        str(cellule).strip(): rang
        for rang, cellule in enumerate(grille.lignes[entetes])
        if rang > feuille.PREMIERE_PAIRE and str(cellule).strip() not in ("", feuille.TITRE_COCHE)
    }
    return Tableau(grille, lignes, colonnes)


def designes(couples: Iterable[tuple[str, str]], cles: Iterable[str]) -> frozenset[str]:
    """Parmi ces clés de documents, celles des couples (code, formulaire) cochés."""
    debuts = tuple(f"{formulaire}/{code}/" for code, formulaire in couples)
    return frozenset(cle for cle in cles if f"{cle}/".startswith(debuts))


def etats(tableau: Tableau, rapport: Rapport, noms: dict[str, str], *, complet: bool) -> Iterator[Pose]:
    """Ce qu’il faut changer dans la feuille : états, établissements et formulaires nouveaux, date.

    `noms` : le nom de chaque établissement du CPOM ; `complet` : le rapport parle de tous les documents.
    """
    documents: dict[tuple[str, str], list[DocumentProduit]] = {}
    for produit in rapport.documents:
        if produit.statut not in _SANS_ETAT:
            code = produit.etablissement or feuille.GESTIONNAIRE
            documents.setdefault((code, produit.formulaire), []).append(produit)
    lignes, colonnes = dict(tableau.lignes), dict(tableau.colonnes)
    for code in [c for c in (feuille.GESTIONNAIRE, *noms) if c not in lignes]:
        lignes[code] = max(lignes.values(), default=d.PREMIERE_LIGNE) + 1
        yield _pose(lignes[code], feuille.COLONNE_CODE, code)
        yield _pose(lignes[code], feuille.COLONNE_NOM, noms.get(code, ""))
    for formulaire in dict.fromkeys(f for _, f in documents if f not in colonnes):
        colonnes[formulaire] = max(colonnes.values(), default=feuille.PREMIERE_PAIRE - 1) + 2
        yield _pose(d.LIGNE_ENTETES, colonnes[formulaire] - 1, feuille.TITRE_COCHE)
        yield _pose(d.LIGNE_ENTETES, colonnes[formulaire], formulaire)
    for code, ligne in lignes.items():
        for formulaire, colonne in colonnes.items():
            concernes = documents.get((code, formulaire))
            if code == feuille.TOUT or not (concernes or complet):
                continue
            texte = _etat(concernes) if concernes else _NON_CONCERNE
            if tableau.case(ligne, colonne) != texte:
                yield _pose(ligne, colonne, texte)


def _etat(documents: Sequence[DocumentProduit]) -> str:
    """L’état d’un document, ou le plus grave de plusieurs."""
    statuts = {document.statut for document in documents}
    grave = next((statut for statut in _ORDRE if statut in statuts), None)
    if grave is not None:
        return next(etat for statut, etat in _ETATS.items() if statut == grave)
    manquantes = sum(document.cases_manquantes for document in documents)
    nombre = f"{len(documents)} documents, " if len(documents) > 1 else ""
    return f"{nombre}à compléter ({manquantes})" if manquantes else f"{nombre}à jour"


def _pose(ligne: int, colonne: int, texte: str) -> Pose:
    return Pose(feuille.PILOTAGE, ligne + 1, colonne + 1, texte)
