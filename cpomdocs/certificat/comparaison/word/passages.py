"""Lire les paragraphes d’un document Word : ce qu’ils montrent, ce qui y est fixe, ce qui est à remplir."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from cpomdocs.certificat.comparaison.excel.cellules import a_completer
from cpomdocs.certificat.word.lecture import MC, SIGNES, Element, W, en_invite

BLANC = "\ue000"
"""Un endroit à remplir, dans le texte fixe d’un paragraphe."""
_POINTILLES = re.compile(
    r"(?:[.…‥_·‧]\s?){3,}|…|_{2,}|[☐☑☒□■✓✔✗✘]|\{[{%#].*?[}%#]\}|[<\[][^<>\[\]]{0,60}[>\]]|[Xx]{4,}"
)
_CONDITION = re.compile(
    r"\{%[-+]?\s*(?:p|r)?\s*(?:if|for)\b.*\{%[-+]?\s*(?:p|r)?\s*end(?:if|for)\s*[-+]?%\}", re.DOTALL
)
_BLANCS = re.compile(r"\s+")
_INVISIBLES = re.compile(r"[\u200b\u00ad\ufeff]")
_BLOC = re.compile(r"\{%[-+]?\s*(?:p|tr|tc|r)?\s*(end)?(if|for|call|filter|set|macro|with)\b")
_MUETS = {
    f"{W}{n}" for n in ("del", "moveFrom", "drawing", "pict", "object", "rPr", "pPr", "sdtPr", "sdtEndPr")
}
_MUETS.add(f"{MC}AlternateContent")
_TEXTE_DE_CHAMP = re.compile(r"\s*\\?\s*(HYPERLINK|REF|PAGEREF)\b")
_SOMMAIRE = re.compile(r"\s*(TOC|INDEX|TOA)\b")
_LIBELLE_COURT = 80


class Passage(NamedTuple):
    """Un paragraphe : ce qu’il montre, sa forme (texte fixe et `BLANC`), son lieu pour une personne.

    `facultatif` : pris dans une condition ou une boucle d’une trame à balises ; `zone` : d’une zone de texte.
    """

    texte: str
    forme: str
    lieu: str
    facultatif: bool = False
    zone: bool = False

    @property
    def fixe(self) -> str:
        """Le texte fixe seul."""
        return _plier(self.forme.replace(BLANC, " "))

    def admet(self, texte: str) -> bool:
        """Vrai si ce texte est le paragraphe, tel quel ou rempli."""
        morceaux = _morceaux(self.forme)
        if len(morceaux) == 1:
            return texte == morceaux[0] or self._complete(morceaux[0], texte)
        if not texte.startswith(morceaux[0]):
            return False
        place = len(morceaux[0])
        for morceau in morceaux[1:-1]:
            place = texte.find(morceau, place)
            if place < 0:
                return False
            place += len(morceau)
        return texte.endswith(morceaux[-1]) and len(texte) - len(morceaux[-1]) >= place

    @staticmethod
    def _complete(fixe: str, texte: str) -> bool:
        """« Nom : Martin » complète « Nom : » ; une phrase achevée ne se complète pas."""
        court = len(fixe) <= _LIBELLE_COURT and not fixe.endswith((".", ";"))
        return texte.startswith(fixe) and (fixe.endswith(":") or court)


class Lecteur:
    """Lit les paragraphes d’une partie, champs et blocs de balises suivis d’un paragraphe à l’autre."""

    def __init__(self, racine: Element, ou: str = "") -> None:
        self._racine, self._ou = racine, ou
        self._champs: list[list[str]] = []
        self._profondeur = 0
        self._forme: list[str] = []
        self._texte: list[str] = []

    def passages(self) -> Iterator[Passage]:
        """Les paragraphes qui portent du texte ou un endroit à remplir, dans l’ordre."""
        tableaux = list(self._racine.iter(f"{W}tbl"))
        rangs = {tableau: rang for rang, tableau in enumerate(tableaux, 1)}
        for numero, paragraphe in enumerate(self._racine.iter(f"{W}p"), 1):
            if next(paragraphe.iterancestors(f"{MC}Fallback"), None) is not None:
                continue
            self._forme, self._texte = [], []
            sommaire = self._dans_un_sommaire() or _sommaire(paragraphe)
            self._parcourir(paragraphe, _dans_un_controle(paragraphe))
            texte, forme = _plier("".join(self._texte)), self._marquer("".join(self._forme))
            facultatif = self._suivre_les_blocs("".join(self._texte))
            if (texte or forme.strip(BLANC + " ")) and not sommaire:
                zone = next(paragraphe.iterancestors(f"{W}txbxContent"), None) is not None
                yield Passage(texte, forme, self._lieu(paragraphe, numero, rangs), facultatif, zone)

    def _parcourir(self, element: Element, rempli: bool) -> None:
        for enfant in element:
            nom = enfant.tag
            if nom in SIGNES or nom == f"{W}sym":
                self._ecrire(SIGNES.get(str(nom)) or enfant.text or ("☐" if nom == f"{W}sym" else ""), rempli)
            elif nom == f"{W}fldChar":
                self._champ(enfant.get(f"{W}fldCharType"))
            elif nom == f"{W}instrText" and self._champs:
                self._champs[-1][0] += enfant.text or ""
            elif nom == f"{W}sdt":
                self._ecrire("", True)
                if not en_invite(enfant):
                    self._parcourir(enfant, rempli or not contenant(enfant))
            elif nom == f"{W}fldSimple":
                self._parcourir(enfant, rempli or not _TEXTE_DE_CHAMP.match(enfant.get(f"{W}instr") or ""))
            elif nom not in _MUETS and isinstance(nom, str):
                self._parcourir(enfant, rempli)

    def _champ(self, marque: str | None) -> None:
        if marque == "begin":
            self._champs.append(["", "code"])
        elif marque == "separate" and self._champs:
            self._champs[-1][1] = "resultat"
        elif marque == "end" and self._champs:
            self._champs.pop()
            self._ecrire("", True)

    def _ecrire(self, texte: str, rempli: bool) -> None:
        variables = (c for c in self._champs if not _TEXTE_DE_CHAMP.match(c[0]))
        if rempli or any(etat == "resultat" for _, etat in variables):
            self._forme.append(BLANC)
        else:
            self._forme.append(texte)
        self._texte.append(texte)

    def _dans_un_sommaire(self) -> bool:
        return any(_SOMMAIRE.match(code) for code, _ in self._champs)

    def _marquer(self, forme: str) -> str:
        """La forme du paragraphe : pointillés, cases, balises et mentions « à compléter » sont à remplir."""
        if a_completer(_plier(forme)):
            return BLANC
        forme = _CONDITION.sub(BLANC, forme)
        return re.sub(f"{BLANC}+", BLANC, _POINTILLES.sub(BLANC, unicodedata.normalize("NFC", forme)))

    def _suivre_les_blocs(self, texte: str) -> bool:
        avant = self._profondeur
        for fin, mot in _BLOC.findall(texte):
            if mot != "set":
                self._profondeur = max(0, self._profondeur + (-1 if fin else 1))
        return avant > 0 or self._profondeur > 0

    def _lieu(self, paragraphe: Element, numero: int, rangs: dict[Element, int]) -> str:
        ligne = next(paragraphe.iterancestors(f"{W}tr"), None)
        if ligne is None:
            return self._ou or f"paragraphe {numero}"
        tableau = next(ligne.iterancestors(f"{W}tbl"))
        rang = sum(1 for _ in ligne.itersiblings(f"{W}tr", preceding=True)) + 1
        return f"{self._ou + ', ' if self._ou else ''}tableau {rangs[tableau]}, ligne {rang}"


def textes_d_invite(racine: Element) -> Iterator[str]:
    """Ce que montrent les contrôles encore vides : « Cliquez ici pour taper du texte »."""
    for sdt in racine.iter(f"{W}sdt"):
        if en_invite(sdt):
            yield from filter(
                None, (_plier("".join(t.text or "" for t in p.iter(f"{W}t"))) for p in _corps(sdt))
            )


def _corps(sdt: Element) -> list[Element]:
    return list(sdt.iter(f"{W}p")) or [sdt]


def contenant(sdt: Element) -> bool:
    """Vrai si le contrôle en entoure d’autres, ou une table : son texte est celui du formulaire."""
    if sdt.find(f"{W}sdtPr/{W}docPartObj") is not None or sdt.find(f"{W}sdtPr/{W}group") is not None:
        return True
    return any(e is not sdt for e in sdt.iter(f"{W}sdt", f"{W}tbl"))


def _dans_un_controle(paragraphe: Element) -> bool:
    """Vrai si le paragraphe est le contenu d’un contrôle à remplir."""
    autour = next(paragraphe.iterancestors(f"{W}sdt", f"{W}tc"), None)
    if autour is None or autour.tag != f"{W}sdt":
        parent = autour.getparent() if autour is not None else None
        sdt = parent.getparent() if parent is not None and parent.tag == f"{W}sdtContent" else None
        return sdt is not None and not contenant(sdt)
    return not contenant(autour)


def _sommaire(paragraphe: Element) -> bool:
    return any(
        (galerie.get(f"{W}val") or "").startswith("Table of")
        for sdt in paragraphe.iterancestors(f"{W}sdt")
        for galerie in sdt.iterfind(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    )


@lru_cache(maxsize=16_384)
def _morceaux(forme: str) -> tuple[str, ...]:
    """Le texte fixe, coupé à chaque endroit à remplir."""
    return tuple(_plier(morceau) for morceau in forme.split(BLANC))


def _plier(texte: str) -> str:
    return _BLANCS.sub(" ", _INVISIBLES.sub("", unicodedata.normalize("NFC", texte))).strip()
