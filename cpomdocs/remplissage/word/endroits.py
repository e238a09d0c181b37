"""L’endroit exact où écrire : une cellule, par son adresse ou à côté d’un libellé, ou la fin d’une ligne."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from cpomdocs.remplissage.word.genres.champs import champs_de
from cpomdocs.remplissage.word.genres.coches import Boite, boite_apres, seule_boite
from cpomdocs.remplissage.word.ooxml import (
    RPR,
    SDT,
    TBL,
    TC,
    Element,
    P,
    R,
    controle_autour,
    descendre,
    est_indication,
    est_supprimee,
    morceaux,
    passage_a,
    porte_un_objet,
    texte_de,
    texte_de_cellule,
    valeur,
    w,
)
from cpomdocs.remplissage.word.texte import (
    CaseRefusee,
    extrait,
    format_du_libelle,
    police_de,
    proprietes_du_paragraphe,
)

_TROU = r"(?:[.…‥_]\s?)+"
_DATE = rf"{_TROU}/\s?{_TROU}(?:/\s?(?:20)?(?:[.…‥_]\s?)*[.…‥_]|(?=/\s?[12][0-9]{{3}}(?![0-9])))"
_ANNEE = re.compile(r"/\s?([12][0-9]{3})(?![0-9])")
CROCHETS = r"[\[(«]\s*(?:[.…‥_]+|(?:à|a) (?:compléter|préciser|renseigner|remplir|indiquer))\s*[\])»]"
A_COMPLETER = re.compile(
    rf"^(\s*)({_DATE}|{CROCHETS}|(?:(?:[.…‥_·]\s?){{3,}}|…)[\s.…‥_·]*(?<!\s))", re.IGNORECASE
)
"""Des pointillés, une date à compléter (……/……/……, ……/……/2026), « [à compléter] » : le blanc qui précède, puis
ce que la valeur remplace."""
UNITE = 12
"""Nombre de signes qu’une cellule à pointillés peut porter en plus : une unité."""
_AUTRE_LIBELLE = re.compile(r"^(?:\t|[ \u00a0]*\t|[ \u00a0]{3,})[^:]{1,80}:")
_ADRESSE = re.compile(r"^([A-Z]+)([0-9]+)$")
_VISER = "Corriger l’adresse dans la correspondance."
_BLANCS = (" ", "\u00a0", "\u202f")


@dataclass(frozen=True)
class Portion:
    """Les caractères [début, fin[ d’un paragraphe à remplacer par la valeur, précédée du texte `avant`.

    `modele` : le passage dont la valeur prend le format, entier (`pointilles`) ou sans son gras.
    """

    paragraphe: Element
    debut: int = 0
    fin: int = 0
    avant: str = ""
    modele: Element | None = None
    pointilles: bool = False
    barres: bool = False
    """Vrai pour une date à compléter entre des barres."""
    annee: int | None = None
    """L’année imprimée après le blanc d’une date : on n’écrit que le jour et le mois."""

    @cached_property
    def format_de_la_valeur(self) -> Element | None:
        """Celui des pointillés, du libellé sans son gras, ou de la cellule vide."""
        modele = self.modele
        if self.pointilles:
            return None if modele is None else modele.find(RPR)
        if texte_de(self.paragraphe).strip():
            return format_du_libelle(modele)
        for passage in self.paragraphe.iter(R):
            en_place = passage.find(RPR)
            if en_place is not None:
                return en_place
        marque = proprietes_du_paragraphe(self.paragraphe)
        return marque if marque is not None else police_de(modele)


Endroit = Portion | Boite | Element
"""Une portion de paragraphe, un carré à cocher, un contrôle (`w:sdt`), ou le début d’un champ."""


def endroit_de_la_boite(boite: Boite) -> Endroit:
    """Le carré à cocher, ou le contrôle ou le champ qui le tient."""
    return boite if boite.tapee else boite.element


def apres(paragraphe: Element, fin: int, libelle: str) -> Endroit:
    """L’endroit à remplir après un libellé qui se termine à cette position du paragraphe."""
    suite = texte_de(paragraphe)[fin:]
    pointilles = A_COMPLETER.match(suite)
    if pointilles:
        debut = fin + pointilles.start(2)
        avant = "" if pointilles[1] else " "
        return _a_completer(paragraphe, debut, fin + pointilles.end(2), avant)
    invite = _invite_apres(paragraphe, fin)
    if invite is not None and not suite.strip():
        return invite
    boite = boite_apres(paragraphe, fin)
    if boite is not None:
        return endroit_de_la_boite(boite)
    if suite.strip() and not _AUTRE_LIBELLE.match(suite):
        raise CaseRefusee(
            "RW-03",
            f"Après « {extrait(libelle)} », la ligne contient déjà « {extrait(suite.strip())} ».",
            "Viser un autre endroit, ou remplir celui-ci à la main.",
        )
    if not suite.strip() and next(paragraphe.iter(w("fldChar")), None) is not None:
        return _champ_apres(paragraphe, fin, libelle)
    blanc = suite[:1] in _BLANCS
    debut = fin + blanc
    return Portion(paragraphe, debut, debut, "" if blanc else " ", passage_a(paragraphe, fin - 1))


def _a_completer(paragraphe: Element, debut: int, fin: int, avant: str = "") -> Portion:
    """La portion à pointillés, et l’année imprimée qui la suit s’il s’agit d’une date."""
    texte = texte_de(paragraphe)
    barres = "/" in texte[debut:fin]
    trouvee = _ANNEE.match(texte, fin) if barres else None
    annee = int(trouvee[1]) if trouvee else None
    modele = passage_a(paragraphe, debut)
    return Portion(paragraphe, debut, fin, avant, modele, pointilles=True, barres=barres, annee=annee)


def _invite_apres(paragraphe: Element, position: int) -> Element | None:
    """Le contrôle encore vide placé après cette position."""
    arrivee = 0
    for element, texte in morceaux(paragraphe, invites=True):
        if element.tag == SDT and arrivee >= position:
            return element
        arrivee += len(texte)
    return None


def _champ_apres(paragraphe: Element, position: int, libelle: str) -> Element:
    """Le seul champ de formulaire placé après cette position."""
    champs = [c for c in champs_de(paragraphe) if _position_de(c.debut, paragraphe) >= position]
    if len(champs) != 1:
        raise CaseRefusee(
            "RW-07",
            f"Après « {extrait(libelle)} », la ligne contient un champ qui ne se remplit pas, ou plusieurs.",
            "Viser le champ de formulaire par son nom : « champ:… ».",
        )
    return champs[0].debut


def _position_de(element: Element, paragraphe: Element) -> int:
    """Le nombre de caractères visibles avant l’élément."""
    rangs = {e: rang for rang, e in enumerate(paragraphe.iter())}
    return sum(len(texte) for porteur, texte in morceaux(paragraphe) if rangs[porteur] < rangs[element])


def dans_la_cellule(cellule: Element, lieu: str, modele: Element | None = None) -> Endroit:
    """L’endroit à remplir d’une cellule : son contrôle encore vide, ses pointillés, ou elle-même.

    Lève `CaseRefusee` si elle contient déjà quelque chose ou si elle prolonge une fusion.
    """
    if prolonge_une_fusion(cellule):
        raise CaseRefusee(
            "RW-01", f"La cellule {lieu} prolonge celle du dessus.", "Viser la première de la fusion."
        )
    boite = seule_boite(cellule)
    if boite is not None:
        return endroit_de_la_boite(boite)
    texte = texte_de_cellule(cellule).strip()
    controle = _controle_vide(cellule, texte)
    if controle is not None:
        return controle
    champs = list(champs_de(cellule))
    if len(champs) == 1 and not texte:
        return champs[0].debut
    for paragraphe in descendre(cellule, P):
        pointilles = A_COMPLETER.match(texte_de(paragraphe))
        if pointilles and len(texte) <= len(pointilles[2]) + UNITE:
            return _a_completer(paragraphe, *pointilles.span(2))
    if texte or porte_un_objet(cellule) or next(descendre(cellule, TBL), None) is not None:
        contenu = f"« {extrait(texte)} »" if texte else "autre chose que du texte"
        raise CaseRefusee(
            "RW-03",
            f"La cellule {lieu} contient déjà {contenu}.",
            "Viser une cellule vide, ou remplir celle-ci à la main.",
        )
    if any(est_indication(sdt) for sdt in cellule.iter(SDT)):
        raise CaseRefusee(
            "RW-07", f"La cellule {lieu} contient plusieurs contrôles.", "Viser le contrôle : « controle:… »."
        )
    paragraphe_vide = next(descendre(cellule, P), None)
    if paragraphe_vide is None:
        raise CaseRefusee("RW-07", f"La cellule {lieu} n’a pas de paragraphe.", "La remplir à la main.")
    return Portion(paragraphe_vide, 0, len(texte_de(paragraphe_vide)), "", modele)


def verifier_presence(element: Element, lieu: str) -> None:
    """Lève `CaseRefusee` si l’élément est dans une ligne que le suivi des modifications supprime."""
    if est_supprimee(element):
        raise CaseRefusee(
            "RW-03",
            f"« {lieu} » est dans une ligne supprimée, en attente d’acceptation.",
            "Viser une autre ligne.",
        )


def _controle_vide(cellule: Element, texte: str) -> Element | None:
    """Le seul contrôle de la cellule, ou celui qui l’entoure, s’il n’est pas encore rempli."""
    autour = controle_autour(cellule)
    if autour is not None and (est_indication(autour) or not texte):
        return autour
    dedans = [sdt for sdt in cellule.iter(SDT) if sdt.find(f".//{SDT}") is None]
    return dedans[0] if len(dedans) == 1 and not texte else None


def prolonge_une_fusion(cellule: Element) -> bool:
    """Vrai si la cellule continue, vers le bas, une cellule fusionnée."""
    fusion = cellule.find(f"{w('tcPr')}/{w('vMerge')}")
    return fusion is not None and valeur(fusion, "continue") == "continue"


def cellule_a(tableaux: list[list[Element]], numero: str, adresse: str) -> Element:
    """La cellule à cette adresse du n-ième tableau (une liste de lignes). Lève `CaseRefusee` sans elle."""
    rang = int(numero)
    if not 1 <= rang <= len(tableaux):
        compte = {0: "n’a aucun tableau", 1: "n’a qu’un tableau"}.get(
            len(tableaux), f"n’a que {len(tableaux)} tableaux"
        )
        raise CaseRefusee("RW-01", f"Le document {compte} : le tableau {rang} n’existe pas.", _VISER)
    forme = _ADRESSE.match(adresse)
    lignes = tableaux[rang - 1]
    if forme is None or not 1 <= int(forme[2]) <= len(lignes):
        raise CaseRefusee(
            "RW-01", f"Le tableau {rang} a {len(lignes)} lignes : la cellule {adresse} n’existe pas.", _VISER
        )
    return _cellule(lignes[int(forme[2]) - 1], forme[1], f"{adresse} du tableau {rang}")


def _cellule(ligne: Element, lettres: str, lieu: str) -> Element:
    voulue = numero_de_colonne(lettres)
    debut = 1 + _entier(ligne.find(f"{w('trPr')}/{w('gridBefore')}"), 0)
    for cellule in descendre(ligne, TC):
        largeur = _entier(cellule.find(f"{w('tcPr')}/{w('gridSpan')}"), 1)
        if debut == voulue:
            return cellule
        if debut < voulue < debut + largeur:
            raise CaseRefusee(
                "RW-01",
                f"La cellule {lieu} est dans une fusion qui commence colonne {lettres_de_colonne(debut)}.",
                "Viser la première cellule de la fusion.",
            )
        debut += largeur
    raise CaseRefusee("RW-01", f"La cellule {lieu} n’existe pas.", _VISER)


def numero_de_colonne(lettres: str) -> int:
    """1 pour A, 27 pour AA."""
    numero = 0
    for lettre in lettres:
        numero = numero * 26 + ord(lettre) - ord("A") + 1
    return numero


def lettres_de_colonne(numero: int) -> str:
    """A pour 1, AA pour 27."""
    lettres = ""
    while numero:
        numero, reste = divmod(numero - 1, 26)
        lettres = chr(ord("A") + reste) + lettres
    return lettres


def _entier(element: Element | None, defaut: int) -> int:
    texte = valeur(element) or ""
    return int(texte) if re.fullmatch("[0-9]{1,4}", texte) else defaut
