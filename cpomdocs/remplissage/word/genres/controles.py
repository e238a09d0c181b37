"""Les contrôles de contenu d’un document : ce qu’ils sont, ce qu’ils acceptent."""

from __future__ import annotations

import base64
import datetime
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from babel.dates import get_day_names, get_month_names

from cpomdocs.formats import LANGUE, formater
from cpomdocs.remplissage.word.genres.images import image_de
from cpomdocs.remplissage.word.ooxml import (
    CONTENU,
    SDT,
    SDTPR,
    TBL,
    TC,
    TR,
    W14,
    W15,
    Element,
    P,
    R,
    valeur,
    w,
)
from cpomdocs.remplissage.word.texte import CaseRefusee, extrait, verifier_texte
from cpomdocs.saisies import Image, Saisie

Genre = Literal["texte", "riche", "date", "liste", "saisie_ou_liste", "case", "image", "autre"]
Niveau = Literal["passage", "bloc", "cellule", "ligne"]

_GENRES: dict[str, Genre] = {
    w("text"): "texte",
    w("richText"): "riche",
    w("date"): "date",
    w("dropDownList"): "liste",
    w("comboBox"): "saisie_ou_liste",
    f"{{{W14}}}checkbox": "case",
    w("picture"): "image",
}
_AUTRES = {w(n) for n in ("docPartObj", "docPartList", "group", "equation", "citation", "bibliography")}
_AUTRES |= {f"{{{W15}}}repeatingSection", f"{{{W15}}}repeatingSectionItem"}
_SIGNE = re.compile("(?!00[01]|D[89A-F]|FFF[EF])[0-9A-F]{4}", re.IGNORECASE)
"""Le code d’un caractère : ni commande, ni demi-codet."""
_OUI = {"oui", "x", "vrai", "true", "1", "coche", "cochee", "ok"}
_NON = {"", "non", "faux", "false", "0", "decoche", "decochee"}
_JETONS = re.compile(r"'[^']*'|d{1,4}|j{1,4}|M{1,4}|y{1,4}|a{4}|[Hh]{1,2}|m{1,2}|s{1,2}|.", re.DOTALL)


@dataclass(frozen=True)
class Reponse:
    """Ce qui va dans un contrôle : le texte montré, celui du magasin de données ; date, état coché, image."""

    texte: str
    stocke: str
    date: datetime.date | None = None
    coche: bool | None = None
    image: Image | None = None


def genre_de(sdt: Element) -> Genre:
    """Le genre d’un contrôle, d’après ses propriétés ; « riche » quand rien ne le dit."""
    proprietes = sdt.find(SDTPR)
    for enfant in proprietes if proprietes is not None else ():
        if enfant.tag in _GENRES:
            return _GENRES[enfant.tag]
        if enfant.tag in _AUTRES:
            return "autre"
    return "riche"


def niveau_de(sdt: Element) -> Niveau:
    """Ce que le contrôle entoure : un passage, des paragraphes, une cellule ou une ligne."""
    for enfant in _contenus(sdt):
        if enfant.tag == TR:
            return "ligne"
        if enfant.tag == TC:
            return "cellule"
        if enfant.tag in (P, TBL):
            return "bloc"
        if enfant.tag == R:
            return "passage"
    parent = sdt.getparent()
    if parent is not None and parent.tag in (P, R, w("hyperlink")):
        return "passage"
    return "passage" if any(True for _ in sdt.iterancestors(P)) else "bloc"


def _contenus(sdt: Element) -> Iterator[Element]:
    contenu = sdt.find(CONTENU)
    for enfant in contenu if contenu is not None else ():
        if enfant.tag == SDT:
            yield from _contenus(enfant)
        else:
            yield enfant


def est_verrouille(sdt: Element) -> bool:
    """Vrai si l’autorité a interdit d’en modifier le contenu."""
    return valeur(sdt.find(f"{SDTPR}/{w('lock')}")) in ("contentLocked", "sdtContentLocked")


def verifier_verrous(endroit: Element, nom: str) -> None:
    """Lève `CaseRefusee` si un contrôle qui entoure l’endroit interdit d’y écrire.

    D’un groupe, seuls les contrôles qu’il contient se remplissent.
    """
    for sdt in endroit.iterancestors(SDT):
        groupe = sdt.find(f"{SDTPR}/{w('group')}") is not None
        if (groupe and endroit.tag != SDT) or (not groupe and est_verrouille(sdt)):
            raise CaseRefusee(
                "RW-04",
                f"« {extrait(nom)} » est dans un contrôle que l’autorité a verrouillé.",
                "Retirer cette case de la correspondance.",
            )


def nom_de(sdt: Element) -> tuple[str | None, str | None]:
    """La balise et le titre du contrôle."""
    return valeur(sdt.find(f"{SDTPR}/{w('tag')}")), valeur(sdt.find(f"{SDTPR}/{w('alias')}"))


def repondre(sdt: Element, saisie: Saisie) -> Reponse:
    """La réponse de la saisie dans ce contrôle. Lève `CaseRefusee` si elle ne lui convient pas."""
    genre = genre_de(sdt)
    if genre == "autre":
        raise CaseRefusee(
            "RW-07",
            f"Le contrôle « {extrait(str(saisie.case))} » n’est ni un texte, ni une date, ni une liste, "
            "ni une case à cocher, ni une image.",
            "Remplir cet endroit à la main.",
        )
    if genre == "case":
        return cocher(saisie)
    if genre == "date":
        return _dater(sdt, saisie)
    if genre == "image":
        image = image_de(saisie)
        return Reponse("", base64.b64encode(image.octets).decode(), image=image)
    texte = verifier_texte(texte_de_saisie(saisie))
    if genre in ("liste", "saisie_ou_liste"):
        return _choisir(sdt, texte, genre == "saisie_ou_liste")
    if genre == "texte" and not _multiligne(sdt):
        texte = (
            " ".join(filter(None, (ligne.strip() for ligne in texte.split("\n")))) if "\n" in texte else texte
        )
    return Reponse(texte, texte)


def texte_de_saisie(saisie: Saisie) -> str:
    """Le texte imposé par la correspondance, sinon celui de la valeur, en français."""
    if saisie.texte is not None:
        return saisie.texte
    return formater(saisie.valeur.valeur, saisie.valeur.nature, saisie.valeur.unite)


def _multiligne(sdt: Element) -> bool:
    texte = sdt.find(f"{SDTPR}/{w('text')}")
    return texte is not None and texte.get(w("multiLine"), "0").lower() in ("1", "true", "on")


def cocher(saisie: Saisie) -> Reponse:
    """Oui ou non, d’après un booléen ou un mot. Lève `CaseRefusee` si ce n’est ni l’un ni l’autre."""
    brut = saisie.a_ecrire
    if not isinstance(brut, bool):
        mot = plat(str(brut))
        if mot not in _OUI | _NON:
            raise CaseRefusee(
                "RW-08",
                f"« {extrait(str(brut))} » ne dit pas si la case « {saisie.case} » est cochée.",
                "Donner « oui » ou « non ».",
            )
        brut = mot in _OUI
    return Reponse("", "true" if brut else "false", coche=brut)


def _dater(sdt: Element, saisie: Saisie) -> Reponse:
    jour = saisie.valeur.valeur
    if saisie.texte is not None or not isinstance(jour, datetime.date):
        texte = verifier_texte(texte_de_saisie(saisie)).replace("\n", " ")
        return Reponse(texte, texte)
    date = sdt.find(f"{SDTPR}/{w('date')}")
    modele = None if date is None else valeur(date.find(w("dateFormat")))
    texte = date_au_format(jour, modele) if modele else formater(jour, saisie.valeur.nature)
    forme = None if date is None else valeur(date.find(w("storeMappedDataAs")))
    stocke = {"text": texte, "date": jour.isoformat()}.get(forme or "", f"{jour.isoformat()}T00:00:00")
    return Reponse(texte, stocke, date=jour)


def date_au_format(jour: datetime.date, modele: str) -> str:
    """La date écrite selon un format de date de Word, jours et mois en français."""
    return "".join(_jeton(jour, jeton) for jeton in _JETONS.findall(modele))


def _jeton(jour: datetime.date, jeton: str) -> str:
    genre, longueur = jeton[0], len(jeton)
    if genre == "'":
        return jeton[1:-1]
    if genre in "dj" and longueur > 2:
        return str(get_day_names("abbreviated" if longueur == 3 else "wide", locale=LANGUE)[jour.weekday()])
    if genre in "dj":
        return f"{jour.day:0{longueur}d}"
    if genre == "M" and longueur > 2:
        return str(get_month_names("abbreviated" if longueur == 3 else "wide", locale=LANGUE)[jour.month])
    if genre == "M":
        return f"{jour.month:0{longueur}d}"
    if genre in "ya" and (genre == "y" or longueur == 4):
        return f"{jour.year % 100:02d}" if longueur < 3 else f"{jour.year:04d}"
    return "0" * longueur if genre in "Hhms" else jeton


def choix_de(sdt: Element) -> tuple[str, ...]:
    """Les valeurs que la liste du contrôle propose, telles qu’elle les montre ; aucune s’il n’en a pas."""
    return tuple(affiche for affiche, _ in _choix(sdt))


def _choix(sdt: Element) -> list[tuple[str, str]]:
    """Ce que chaque valeur de la liste montre, et ce qu’elle enregistre."""
    elements = [e for nom in ("comboBox", "dropDownList") for e in sdt.iterfind(f"{SDTPR}/{w(nom)}/*")]
    paires = [(e.get(w("displayText")) or e.get(w("value")) or "", e.get(w("value")) or "") for e in elements]
    return [(affiche, stocke) for affiche, stocke in paires if stocke]


def liste_qui_se_souvient(sdt: Element) -> Element | None:
    """La liste du contrôle, si elle retient la dernière valeur choisie."""
    listes = (sdt.find(f"{SDTPR}/{w(nom)}") for nom in ("dropDownList", "comboBox"))
    return next((e for e in listes if e is not None and e.get(w("lastValue")) is not None), None)


def _choisir(sdt: Element, texte: str, libre: bool) -> Reponse:
    choix = _choix(sdt)
    for rang in (0, 1):
        for paire in choix:
            if plat(paire[rang]) == plat(texte):
                return Reponse(*paire)
    if libre:
        return Reponse(texte.replace("\n", " "), texte.replace("\n", " "))
    admis = " ; ".join(f"« {affiche} »" for affiche, _ in choix[:12]) or "aucune valeur"
    raise CaseRefusee(
        "RW-05",
        f"« {extrait(texte)} » n’est pas dans la liste du formulaire, qui propose {admis}.",
        "Corriger la valeur, ou la traduire dans les mots du formulaire (« valeurs » de la correspondance).",
    )


def plat(texte: str) -> str:
    """Le texte sans casse, sans accents, blancs et apostrophes unifiés."""
    sans_accents = "".join(
        c for c in unicodedata.normalize("NFKD", texte.replace("’", "'")) if not unicodedata.combining(c)
    )
    return " ".join(sans_accents.casefold().split())


def symbole(sdt: Element, coche: bool) -> tuple[str, str]:
    """Le caractère et la police que le contrôle prévoit pour cet état (à défaut ☒ et ☐, « MS Gothic »)."""
    nom = "checkedState" if coche else "uncheckedState"
    etat = sdt.find(f"{SDTPR}/{{{W14}}}checkbox/{{{W14}}}{nom}")
    code = (None if etat is None else etat.get(f"{{{W14}}}val")) or ""
    police = None if etat is None else etat.get(f"{{{W14}}}font")
    lisible = _SIGNE.fullmatch(code) is not None
    return code if lisible else ("2612" if coche else "2610"), police or "MS Gothic"
