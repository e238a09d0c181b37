"""Réunir ce que Word a dispersé : une balise coupée en passages, des paragraphes qu’une balise joint."""

from __future__ import annotations

import re

from cpomdocs.erreurs import ErreurFormulaire
from cpomdocs.remplissage.balises.gabarit.lieux import Reperes
from cpomdocs.remplissage.word.ooxml import ESPACE, PPR, Element, P, T, w
from cpomdocs.remplissage.word.texte import extrait

BALISE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
OUVRE = re.compile(r"\{\{|\{%|\{#")
_FERME = {"{{": "}}", "{%": "%}", "{#": "#}"}
_FIN = re.compile(r"\}\}|%\}|#\}")
_REUNIS = 20
"""Nombre de paragraphes qu’une balise peut traverser."""


def porteurs_par_paragraphe(racine: Element) -> dict[Element, list[Element]]:
    """Les textes de chaque paragraphe, sans ceux des zones de texte qu’il contient."""
    porteurs: dict[Element, list[Element]] = {}
    for porteur in racine.iter(T):
        paragraphe = next(porteur.iterancestors(P), None)
        if paragraphe is not None:
            porteurs.setdefault(paragraphe, []).append(porteur)
    return porteurs


def recoller(racine: Element, reperes: Reperes) -> int:
    """Réunit chaque balise que Word a coupée en plusieurs passages ; rend le nombre de balises.

    Une balise à cheval sur deux paragraphes les réunit. Lève `ErreurFormulaire` si une balise reste ouverte.
    """
    compte = 0
    groupes = porteurs_par_paragraphe(racine)
    for paragraphe in list(groupes):
        porteurs = groupes.get(paragraphe)
        if porteurs is None:
            continue
        entier = "".join(t.text or "" for t in porteurs)
        if "{" not in entier:
            continue
        balises, reunis = bornes_des_balises(entier), 0
        while balises is None:
            if reunis == _REUNIS or not _reunir(paragraphe, groupes):
                lieu = reperes.situer(paragraphe)
                raise ErreurFormulaire(
                    f"Une balise n’est pas fermée dans son paragraphe, {lieu}, "
                    f"près de « {extrait(entier, 80)} ».",
                    "La fermer sans changer de paragraphe.",
                )
            reunis += 1
            entier = "".join(t.text or "" for t in porteurs)
            balises = bornes_des_balises(entier)
        if balises:
            compte += len(balises)
            _repartir(porteurs, entier, balises)
    return compte


def _reunir(paragraphe: Element, groupes: dict[Element, list[Element]]) -> bool:
    """Ajoute au paragraphe le contenu du suivant, si celui-ci ferme la balise avant d’en ouvrir une autre."""
    suivant = paragraphe.getnext()
    if suivant is None or suivant.tag != P or _finit_une_section(paragraphe):
        return False
    texte = "".join(t.text or "" for t in groupes.get(suivant, ()))
    fin = _FIN.search(texte)
    if fin is None or OUVRE.search(texte, 0, fin.start()):
        return False
    _absorber(paragraphe, suivant, groupes)
    return True


def _absorber(paragraphe: Element, suivant: Element, groupes: dict[Element, list[Element]]) -> None:
    """Met le contenu du paragraphe suivant à la fin de celui-ci, et retire le suivant."""
    for enfant in list(suivant):
        if enfant.tag != PPR:
            paragraphe.append(enfant)
    groupes.setdefault(paragraphe, []).extend(groupes.pop(suivant, []))
    conteneur = suivant.getparent()
    if conteneur is not None:
        conteneur.remove(suivant)


def bornes_des_balises(texte: str) -> list[tuple[int, int]] | None:
    """Les bornes de chaque balise ; `None` si la dernière reste ouverte."""
    bornes, position = [], 0
    while (ouvre := OUVRE.search(texte, position)) is not None:
        fin = texte.find(_FERME[ouvre[0]], ouvre.end())
        if fin < 0:
            return None
        position = fin + 2
        bornes.append((ouvre.start(), position))
    return bornes


def _repartir(porteurs: list[Element], entier: str, balises: list[tuple[int, int]]) -> None:
    """Remet le texte dans ses porteurs, chaque balise entière dans celui où elle commence."""
    suite = iter([*balises, (len(entier), len(entier))])
    debut, fin = next(suite)
    depart = 0
    for porteur in porteurs:
        arrivee = depart + len(porteur.text or "")
        morceaux = []
        while depart < arrivee:
            if depart < debut:
                morceaux.append(entier[depart : min(debut, arrivee)])
                depart = min(debut, arrivee)
            elif depart == debut:
                morceaux.append(" ".join(entier[debut:fin].split("\n")))
                depart = min(fin, arrivee)
            else:
                depart = min(fin, arrivee)
            if depart >= fin:
                debut, fin = next(suite, (len(entier) + 1, len(entier) + 1))
        porteur.text = "".join(morceaux)
        porteur.set(ESPACE, "preserve")
        depart = arrivee


def enchainer(racine: Element) -> None:
    """« {%- » en tête de paragraphe le joint au précédent, « -%} » en fin le joint au suivant ; ailleurs, ils
    ôtent les blancs voisins. Les paragraphes vides traversés disparaissent."""
    groupes = porteurs_par_paragraphe(racine)
    for paragraphe in list(groupes):
        if _commence(groupes[paragraphe]):
            precedent = _voisin(paragraphe, groupes, avant=True)
            if precedent is not None:
                _absorber(precedent, paragraphe, groupes)
    for paragraphe in list(groupes):
        while paragraphe in groupes and _finit(groupes[paragraphe]):
            suivant = _voisin(paragraphe, groupes, avant=False)
            if suivant is None:
                break
            _absorber(paragraphe, suivant, groupes)
    for porteurs in groupes.values():
        for porteur in porteurs:
            porteur.text = _sans_tirets(porteur.text or "")


def _commence(porteurs: list[Element]) -> bool:
    texte = next((t.text for t in porteurs if t.text and t.text.strip()), "")
    return texte.lstrip().startswith("{%-")


def _finit(porteurs: list[Element]) -> bool:
    texte = next((t.text for t in reversed(porteurs) if t.text and t.text.strip()), "")
    return texte.rstrip().endswith("-%}")


def _voisin(paragraphe: Element, groupes: dict[Element, list[Element]], *, avant: bool) -> Element | None:
    """Le paragraphe voisin qui porte du texte ; ceux sans rien qui l’en séparent sont retirés."""
    vides: list[Element] = []
    for frere in paragraphe.itersiblings(preceding=avant):
        if frere.tag != P or _finit_une_section(frere if avant else paragraphe):
            return None
        if frere in groupes:
            for vide in vides:
                conteneur = vide.getparent()
                if conteneur is not None:
                    conteneur.remove(vide)
            return frere
        if any(enfant.tag != PPR for enfant in frere):
            return None
        vides.append(frere)
    return None


def _finit_une_section(paragraphe: Element) -> bool:
    """Vrai si la mise en page change après ce paragraphe : y joindre le suivant la déplacerait."""
    return paragraphe.find(f"{PPR}/{w('sectPr')}") is not None


def _sans_tirets(texte: str) -> str:
    """Le texte dont les tirets de balise ont joué : blancs voisins ôtés."""
    if "-" not in texte or "{" not in texte:
        return texte
    sortie, position = "", 0
    for balise in BALISE.finditer(texte):
        milieu = texte[position : balise.start()]
        if sortie.endswith(("-%}", "-}}", "-#}")):
            sortie, milieu = f"{sortie[:-3]}{sortie[-2:]}", milieu.lstrip()
        entiere = balise[0]
        if entiere[2:3] == "-":
            milieu, entiere = milieu.rstrip(), entiere[:2] + entiere[3:]
        sortie += milieu + entiere
        position = balise.end()
    fin = texte[position:]
    if sortie.endswith(("-%}", "-}}", "-#}")):
        sortie, fin = f"{sortie[:-3]}{sortie[-2:]}", fin.lstrip()
    return sortie + fin
