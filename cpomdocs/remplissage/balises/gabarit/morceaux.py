"""La partie coupée en textes fixes et en balises, et la source que Jinja lira : une balise par ligne."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

from lxml import etree

from cpomdocs.erreurs import ErreurFormulaire
from cpomdocs.remplissage.balises.gabarit.dialecte import CIBLE, FERMANT, OUVRANT, Balise, Releve
from cpomdocs.remplissage.word.ooxml import TC, w

_REPERE = re.compile(rf"<\?{CIBLE} (\w+)\?>|{OUVRANT}(\d+){FERMANT}")
FIXE = re.compile(rf"{OUVRANT}(\d+){FERMANT}")
"""La place d’un texte fixe dans la source."""
_LITTERAUX = (("{_{", "{{"), ("}_}", "}}"), ("{_%", "{%"), ("%_}", "%}"))
"""Ce que le dialecte écrit autrement dans le texte du gabarit."""
_OUVRE, _FERME = re.compile(r"\s*for\b"), re.compile(r"\s*endfor\b")
_BRUT = re.compile(r"\s*raw\b")
_DEBUT, _FIN = "debut", "fin"

_REPETES = re.compile(
    r' w14:(?:paraId|textId)="[^"]*"| w:rsid\w*="[^"]*"|<w:proofErr [^>]*/>|<w:id w:val="[^"]*"/>|'
    r'(?P<dessin><wp:docPr [^>]*?\bid=")[^"]*(?=")|(?P<signet><w:bookmark(?:Start|End) [^>]*/>)'
)
"""Ce qu’une boucle répéterait à tort : repères, révisions, numéros de contrôle et de dessin, signets."""


class Interne(NamedTuple):
    """Ce que le rendu ajoute de lui-même : numéro de dessin, texte écrit une fois, cellule gardée."""

    genre: Literal["numero", "une_fois", "debut", "fin"]
    texte: str = ""


Fixe = str | Interne


@dataclass(frozen=True)
class Source:
    """Ce que Jinja lit (`texte`), les textes fixes par numéro et les balises par ligne (à partir de 1)."""

    texte: str
    fixes: list[Fixe]
    lignes: list[Balise]
    balisee: bool
    """Vrai si la partie porte une balise, ou un signe que le dialecte écrit autrement."""


def garder_les_cellules(releve: Releve) -> None:
    """Repère le contenu des cellules dont des paragraphes dépendent d’une balise.

    Une cellule de Word a toujours un paragraphe : le rendu en ajoute un vide s’il n’en reste aucun.
    """
    cellules = {i.getparent(): i for i in releve.racine.iter(etree.ProcessingInstruction)}
    for cellule in cellules:
        if cellule is None or cellule.tag != TC:
            continue
        rang = 1 if len(cellule) and cellule[0].tag == w("tcPr") else 0
        cellule.insert(rang, etree.ProcessingInstruction(CIBLE, _DEBUT))
        cellule.append(etree.ProcessingInstruction(CIBLE, _FIN))


def couper(releve: Releve) -> Source:
    """Les textes fixes et les balises de la partie, dans l’ordre du document."""
    texte = str(etree.tostring(releve.racine, encoding="unicode", with_tail=False))
    fixes: list[Fixe] = []
    source: list[str] = []
    lignes: list[Balise] = []
    boucles = position = 0
    for repere in _REPERE.finditer(texte):
        _fixer(texte[position : repere.start()], boucles > 0, fixes, source)
        position = repere.end()
        numero = repere[1] or repere[2]
        if numero in (_DEBUT, _FIN):
            source.append(f"{OUVRANT}{len(fixes)}{FERMANT}")
            fixes.append(Interne("debut" if numero == _DEBUT else "fin"))
            continue
        balise = releve.balises[int(numero)]
        corps = " ".join(balise.corps.split("\n"))
        if balise.genre == "bloc":
            if _BRUT.match(corps):
                raise ErreurFormulaire(
                    f"« {{% raw %}} » n’est pas pris en charge, {balise.lieu}.",
                    "Écrire {_{ et }_} pour montrer des accolades.",
                )
            boucles += bool(_OUVRE.match(corps)) - bool(_FERME.match(corps))
        source.append(f"{{{{ {corps} }}}}\n" if balise.genre == "valeur" else f"{{% {corps} %}}\n")
        lignes.append(balise)
    _fixer(texte[position:], False, fixes, source)
    litteral = any(ecrit in texte for ecrit, _ in _LITTERAUX)
    return Source("".join(source), fixes, lignes, bool(lignes) or litteral)


def _fixer(texte: str, en_boucle: bool, fixes: list[Fixe], source: list[str]) -> None:
    """Ajoute un texte fixe ; dans une boucle, ce qui doit rester unique en est détaché."""
    for ecrit, voulu in _LITTERAUX:
        texte = texte.replace(ecrit, voulu)
    morceaux = _detacher(texte) if en_boucle else [texte]
    for morceau in morceaux:
        if morceau:
            source.append(f"{OUVRANT}{len(fixes)}{FERMANT}")
            fixes.append(morceau)


def _detacher(texte: str) -> list[Fixe]:
    morceaux: list[Fixe] = []
    position = 0
    for repete in _REPETES.finditer(texte):
        morceaux.append(texte[position : repete.start()])
        position = repete.end()
        if repete["dessin"]:
            morceaux += [repete["dessin"], Interne("numero")]
        elif repete["signet"]:
            morceaux.append(Interne("une_fois", repete["signet"]))
    return [*morceaux, texte[position:]]
