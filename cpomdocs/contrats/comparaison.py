"""Comparer deux projets de contrat : clauses ajoutées, retirées, reformulées, déplacées."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel

from cpomdocs.contrats.alignement import Mot, mots_changes, rapprocher_alineas, rapprocher_articles
from cpomdocs.contrats.texte import Article, aplatir, lire_articles
from cpomdocs.nomenclatures import details

Genre = Literal["ajout", "retrait", "reformulation", "deplacement", "titre"]
_NOMBRE = re.compile(
    r"\d{1,2}\s+(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)(?:\s+\d{4})?"
    r"|\d+(?:[\s\u00a0\u202f.,/]\d+)*(?:[\s\u00a0\u202f]?(?:€|%|euros|ETP|places?|points?|ans|mois|jours))?"
)
_COURT = 20


class Changement(BaseModel):
    """Un changement : l’article, ce qu’il disait et dit maintenant, les clauses sensibles qu’il touche."""

    genre: Genre
    article: str
    avant: str = ""
    apres: str = ""
    mots: list[Mot] = []
    clauses: list[str] = []
    chiffres: list[str] = []

    @property
    def est_sensible(self) -> bool:
        """Vrai si une clause à relire en premier est touchée."""
        return bool(self.clauses)


class ComparaisonDeContrats(BaseModel):
    """Ce qui sépare deux versions d’un contrat, dans l’ordre du nouveau texte."""

    ancien: str
    nouveau: str
    changements: list[Changement]
    articles_inchanges: int

    @property
    def sensibles(self) -> list[Changement]:
        """Les changements à relire en premier, ceux qui touchent un chiffre d’abord."""
        return sorted((c for c in self.changements if c.est_sensible), key=lambda c: not c.chiffres)

    @property
    def autres(self) -> list[Changement]:
        """Les autres changements."""
        return [c for c in self.changements if not c.est_sensible]


def comparer_contrats(ancien: Path, nouveau: Path) -> ComparaisonDeContrats:
    """Ce que le nouveau projet change à l’ancien. Lève `ErreurFichier` si l’un des deux ne se lit pas."""
    paires = rapprocher_articles(lire_articles(ancien), lire_articles(nouveau))
    changements: list[Changement] = []
    inchanges = 0
    for avant, apres in paires:
        trouves = list(_comparer_articles(avant, apres))
        inchanges += not trouves
        changements += trouves
    return ComparaisonDeContrats(
        ancien=ancien.name,
        nouveau=nouveau.name,
        changements=_avec_deplacements(changements),
        articles_inchanges=inchanges,
    )


def _comparer_articles(avant: Article | None, apres: Article | None) -> Iterator[Changement]:
    if avant is None or apres is None:
        article = avant or apres
        assert article is not None
        genre: Genre = "ajout" if avant is None else "retrait"
        for texte in article.alineas or [article.titre]:
            yield _changement(genre, article.titre, *(("", texte) if avant is None else (texte, "")))
        return
    if aplatir(avant.titre) != aplatir(apres.titre):
        yield _changement("titre", apres.titre, avant.titre, apres.titre)
    for retire, ajoute in rapprocher_alineas(avant.alineas, apres.alineas):
        if retire is not None and ajoute is not None:
            yield _changement("reformulation", apres.titre, retire, ajoute)
        elif retire is not None:
            yield _changement("retrait", apres.titre, retire, "")
        elif ajoute is not None:
            yield _changement("ajout", apres.titre, "", ajoute)


def _changement(genre: Genre, article: str, avant: str, apres: str) -> Changement:
    reformule = genre in ("reformulation", "titre")
    return Changement(
        genre=genre,
        article=article,
        avant=avant,
        apres=apres,
        mots=mots_changes(avant, apres) if reformule else [],
        clauses=clauses_touchees(f"{article}\n{avant}\n{apres}"),
        chiffres=_chiffres_changes(avant, apres) if reformule else [],
    )


def clauses_touchees(texte: str) -> list[str]:
    """Les codes des clauses sensibles dont ce texte parle (nomenclature « clauses_sensibles »)."""
    plat = f" {aplatir(texte)}"
    return [
        code
        for code, clause in details("clauses_sensibles").items()
        if any(f" {m}" in plat for m in clause["mots"])
    ]


def _chiffres_changes(avant: str, apres: str) -> list[str]:
    """« 5 points → 3 points » : les nombres, montants et dates qui ne sont plus les mêmes."""
    anciens, nouveaux = _NOMBRE.findall(avant), _NOMBRE.findall(apres)
    retires = _moins(anciens, nouveaux)
    ajoutes = _moins(nouveaux, anciens)
    if len(retires) == len(ajoutes):
        return [f"{a} → {b}" for a, b in zip(retires, ajoutes, strict=True)]
    return [f"{a} → retiré" for a in retires] + [f"ajouté : {b}" for b in ajoutes]


def _moins(gauche: Sequence[str], droite: Sequence[str]) -> list[str]:
    reste = [aplatir(x) for x in droite]
    seuls: list[str] = []
    for nombre in gauche:
        if aplatir(nombre) in reste:
            reste.remove(aplatir(nombre))
        else:
            seuls.append(" ".join(nombre.split()))
    return seuls


def _avec_deplacements(changements: list[Changement]) -> list[Changement]:
    """Un alinéa retiré ici et ajouté là, à l’identique, est déplacé."""
    retraits = {aplatir(c.avant): c for c in changements if c.genre == "retrait" and len(c.avant) > _COURT}
    deplaces = {plat: c for c in changements if c.genre == "ajout" and (plat := aplatir(c.apres)) in retraits}
    gardes: list[Changement] = []
    for changement in changements:
        if changement.genre == "retrait" and aplatir(changement.avant) in deplaces:
            continue
        origine = retraits.get(aplatir(changement.apres)) if changement.genre == "ajout" else None
        gardes.append(
            changement.model_copy(update={"genre": "deplacement", "avant": f"« {origine.article} »"})
            if origine is not None
            else changement
        )
    return gardes
