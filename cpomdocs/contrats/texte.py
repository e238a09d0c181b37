"""Le texte d’un projet de contrat, article par article. Les modifications suivies sont lues acceptées."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from lxml import etree

from cpomdocs.erreurs import ErreurFichier
from cpomdocs.lecture.valeurs.textes import normaliser
from cpomdocs.office.analyse import analyser_xml
from cpomdocs.office.archive import Archive, lire_archive
from cpomdocs.office.classeur import lire_liens

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TITRE = re.compile(r"^(titre|chapitre|article|annexe|preambule)\b")
_NUMERO = re.compile(
    r"^(?:titre|chapitre|article|annexe)\s+(?:n\s*°?\s*)?([0-9]+(?:[.\-][0-9]+)*|[ivxlc]+|premier|1er)\b"
)
_LONGUEUR_DE_TITRE = 160
_NIVEAUX = 3
_DEBUT = "Avant le premier article"
_PLAT = re.compile(r"[\W_]+")


@dataclass
class Article:
    """Un article : son titre, son numéro s’il en porte un, ses alinéas dans l’ordre."""

    titre: str
    numero: str | None = None
    alineas: list[str] = field(default_factory=list)

    @property
    def texte(self) -> str:
        """Tous les alinéas, un par ligne."""
        return "\n".join(self.alineas)


@cache
def aplatir(texte: str) -> str:
    """Le texte sans casse, accents ni ponctuation : ce qui compte pour dire deux passages identiques."""
    return _PLAT.sub(" ", normaliser(texte)).strip()


def lire_articles(chemin: Path) -> list[Article]:
    """Les articles du document Word, le préambule d’abord.

    Lève `ErreurFichier` si le fichier n’est pas un document Word lisible, ou s’il n’a aucun texte.
    """
    archive = lire_archive(chemin)
    principale = next(
        (x.cible for x in lire_liens(archive, "").values() if x.genre == "officeDocument"), None
    )
    if principale is None or principale not in archive or not principale.startswith("word/"):
        raise ErreurFichier(f"« {chemin.name} » n’est pas un document Word.", "Choisir le projet en .docx.")
    corps = analyser_xml(archive.lire(principale), principale).find(f"{_W}body")
    if corps is None:
        raise ErreurFichier(
            f"« {chemin.name} » n’est pas un document Word courant.", "L’enregistrer en .docx."
        )
    articles = _decouper(_alineas(corps, _styles_de_titre(archive)))
    if not articles:
        raise ErreurFichier(
            f"« {chemin.name} » ne contient aucun texte.",
            "Si c’est une image (un document numérisé), demander le fichier Word à l’autorité.",
        )
    return articles


def _decouper(alineas: Iterator[tuple[str, bool]]) -> list[Article]:
    articles = [Article(_DEBUT)]
    for texte, en_titre in alineas:
        plat = aplatir(texte)
        if len(texte) <= _LONGUEUR_DE_TITRE and (en_titre or _TITRE.match(plat)):
            numero = _NUMERO.match(plat)
            articles.append(Article(texte, numero[1] if numero else None))
        else:
            articles[-1].alineas.append(texte)
    return [article for article in articles if article.alineas or article.titre != _DEBUT]


def _alineas(corps: etree._Element, titres: set[str]) -> Iterator[tuple[str, bool]]:
    """Chaque paragraphe du corps, tableaux compris, et s’il a un style de titre."""
    for paragraphe in corps.iter(f"{_W}p"):
        texte = " ".join(_texte(paragraphe).split())
        if texte:
            style = paragraphe.find(f"{_W}pPr/{_W}pStyle")
            dans_un_tableau = next(paragraphe.iterancestors(f"{_W}tc"), None) is not None
            en_titre = style is not None and style.get(f"{_W}val", "") in titres and not dans_un_tableau
            yield texte, en_titre


def _texte(paragraphe: etree._Element) -> str:
    """Le texte d’un paragraphe, insertions acceptées et suppressions faites."""
    morceaux: list[str] = []
    for element in paragraphe.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}noBreakHyphen"):
        if next(element.iterancestors(f"{_W}p")) is not paragraphe:
            continue
        signe = {f"{_W}t": element.text or "", f"{_W}noBreakHyphen": "-"}.get(str(element.tag), " ")
        morceaux.append(signe)
    return "".join(morceaux)


def _styles_de_titre(archive: Archive) -> set[str]:
    """Les identifiants des styles de titre, d’après leur niveau de plan ou leur nom."""
    partie = next((nom for nom in archive.noms if nom == "word/styles.xml"), None)
    if partie is None:
        return set()
    titres: set[str] = set()
    for style in analyser_xml(archive.lire(partie), partie).iter(f"{_W}style"):
        niveau = style.find(f"{_W}pPr/{_W}outlineLvl")
        nom = style.find(f"{_W}name")
        de_plan = niveau is not None and niveau.get(f"{_W}val", "9") in map(str, range(_NIVEAUX))
        nomme = nom is not None and re.match(r"^(heading|titre) [1-3]$", nom.get(f"{_W}val", "").lower())
        if de_plan or nomme:
            titres.add(style.get(f"{_W}styleId", ""))
    return titres
