"""Les parties d’un gabarit qui portent des balises, mises dans la forme que le dialecte de docxtpl attend."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from docxtpl import DocxTemplate
from jinja2 import Template, nodes
from lxml import etree

from cpomdocs.erreurs import ErreurFormulaire
from cpomdocs.office.analyse import analyser_xml
from cpomdocs.office.archive import Archive
from cpomdocs.remplissage.balises.langage import Environnement, analyser
from cpomdocs.remplissage.balises.preparation import Preparation, abriter
from cpomdocs.remplissage.word.ooxml import ESPACE, PPR, Element, P, T, w
from cpomdocs.remplissage.word.relations import parties_textuelles, relations_du_paquet
from cpomdocs.remplissage.word.texte import extrait

DIALECTE = DocxTemplate("")
"""Le traducteur de docxtpl (`{%p %}`, `{%tr %}`, colspan…) ; il ne lit aucun fichier."""
CORPS = w("body")
_OUVRE = re.compile(r"\{\{|\{%|\{#")
_FERME = {"{{": "}}", "{%": "%}", "{#": "#}"}
_FIN = re.compile(r"\}\}|%\}|#\}")
_JETONS = re.compile(r"\{\{|\{%|\}\}|%\}")
_BALISES = 5_000
_TAILLE = 20_000_000
_MARQUES = re.compile(r"<[^>]*>")
_NOMS = {
    "document": "le corps",
    "header": "un en-tête",
    "footer": "un pied de page",
    "core": "les propriétés",
}


@dataclass(frozen=True, eq=False)
class PartieBalisee:
    """Une partie à rendre : son arbre avant préparation (pour la vérifier), son modèle compilé, ses lieux."""

    nom: str
    arbre: nodes.Template
    modele: Template
    situer: Callable[[int], str]
    cellules: bool
    """Vrai si des colonnes de tableau se répètent : leurs largeurs sont alors à revoir."""


def parties_balisees(archive: Archive, environnement: Environnement) -> tuple[PartieBalisee, ...]:
    """Les parties à rendre. Lève `ErreurFormulaire` en nommant le lieu de ce qui est refusé."""
    proprietes = [r.cible for r in relations_du_paquet(archive) if r.genre == "core-properties"]
    noms = [*parties_textuelles(archive), *(nom for nom in proprietes if nom in archive)]
    trouvees = []
    for nom in noms:
        brut = archive.lire(nom)
        if b"{" in brut:
            racine = analyser_xml(brut, nom)
            if len(brut) > _TAILLE or recoller(racine, _lieu(nom)) > _BALISES:
                raise ErreurFormulaire(
                    "Ce document balisé est démesuré.", "Le découper en plusieurs documents."
                )
            partie = _compiler(nom, racine, environnement)
            if partie is not None:
                trouvees.append(partie)
    return tuple(trouvees)


def _compiler(nom: str, racine: Element, environnement: Environnement) -> PartieBalisee | None:
    corps = racine.find(CORPS)
    source = str(etree.tostring(racine if corps is None else corps, encoding="unicode", with_tail=False))
    if _OUVRE.search(source) is None and "{_" not in source:
        return None
    _verifier_fermees(source, _lieu(nom))
    traduite = re.sub(r"<w:p([ >])", r"\n<w:p\1", DIALECTE.patch_xml(source))
    situer = _situeur(nom, traduite)
    arbre = analyser(traduite, environnement, situer)
    prepare = Preparation(situer, nom.startswith("word/")).visit(environnement.parse(traduite))
    prepare.set_environment(environnement)
    try:
        modele = environnement.from_string(prepare)
    except (SyntaxError, RecursionError, ValueError) as erreur:
        raise ErreurFormulaire("Des balises sont trop imbriquées.", "Les simplifier.") from erreur
    return PartieBalisee(nom, arbre, modele, situer, bool(re.search(r"\{%-?tc ", source)))


def recoller(racine: Element, lieu: str) -> int:
    """Réunit chaque balise que Word a coupée en plusieurs passages ; rend le nombre de balises.

    Une balise à cheval sur deux paragraphes les réunit. Lève `ErreurFormulaire` si une balise reste ouverte.
    """
    compte = 0
    for paragraphe in list(racine.iter(P)):
        porteurs = _porteurs(paragraphe)
        entier = "".join(t.text or "" for t in porteurs)
        balises = _balises(entier)
        while balises is None:
            if not _reunir(paragraphe):
                raise ErreurFormulaire(
                    f"Une balise n’est pas fermée dans son paragraphe, dans {lieu}, "
                    f"près de « {extrait(entier, 80)} ».",
                    "La fermer sans changer de paragraphe.",
                )
            porteurs = _porteurs(paragraphe)
            entier = "".join(t.text or "" for t in porteurs)
            balises = _balises(entier)
        if balises:
            compte += len(balises)
            _repartir(porteurs, entier, balises)
    return compte


def _porteurs(paragraphe: Element) -> list[Element]:
    """Les textes du paragraphe, sans ceux des zones de texte qu’il contient."""
    return [t for t in paragraphe.iter(T) if next(t.iterancestors(P), None) is paragraphe]


def _reunir(paragraphe: Element) -> bool:
    """Ajoute au paragraphe le contenu du suivant, si celui-ci ferme la balise avant d’en ouvrir une autre."""
    suivant = paragraphe.getnext()
    texte = "" if suivant is None else "".join(t.text or "" for t in _porteurs(suivant))
    fin = _FIN.search(texte)
    if suivant is None or suivant.tag != P or fin is None or _OUVRE.search(texte, 0, fin.start()):
        return False
    for enfant in list(suivant):
        if enfant.tag != PPR:
            paragraphe.append(enfant)
    conteneur = suivant.getparent()
    if conteneur is not None:
        conteneur.remove(suivant)
    return True


def _balises(texte: str) -> list[tuple[int, int]] | None:
    """Les bornes de chaque balise ; `None` si la dernière reste ouverte."""
    bornes, position = [], 0
    while (ouvre := _OUVRE.search(texte, position)) is not None:
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
                morceaux.append(abriter(entier[debut:fin]))
                depart = min(fin, arrivee)
            else:
                depart = min(fin, arrivee)
            if depart >= fin:
                debut, fin = next(suite, (len(entier) + 1, len(entier) + 1))
        porteur.text = "".join(morceaux)
        porteur.set(ESPACE, "preserve")
        depart = arrivee


def _verifier_fermees(source: str, lieu: str) -> None:
    """Refuse une balise ouverte hors d’un texte (un attribut, un champ) : docxtpl s’y perdrait."""
    ouverte = ""
    for jeton in _JETONS.findall(source):
        if jeton in _FERME and ouverte:
            raise ErreurFormulaire(f"Une balise n’est pas fermée, dans {lieu}.", "La fermer dans Word.")
        ouverte = jeton if jeton in _FERME else "" if _FERME.get(ouverte) == jeton else ouverte
    if ouverte:
        raise ErreurFormulaire(f"Une balise n’est pas fermée, dans {lieu}.", "La fermer dans Word.")


def _lieu(nom: str) -> str:
    court = nom.rpartition("/")[2].removesuffix(".xml")
    return _NOMS.get(court.rstrip("0123456789"), "les notes") + (f" ({nom})" if court[-1].isdigit() else "")


def _situeur(nom: str, source: str) -> Callable[[int], str]:
    lignes = source.split("\n")
    lieu = _lieu(nom)

    def situer(numero: int) -> str:
        ligne = lignes[min(numero, len(lignes)) - 1] if lignes else ""
        texte = extrait(_MARQUES.sub("", ligne), 60)
        return f"dans {lieu}" + (f", près de « {texte} »" if texte else "")

    return situer
