"""Comparer une case remplie à sa valeur, puis l’effacer des deux côtés pour comparer le reste."""

from __future__ import annotations

import datetime
import re
import unicodedata

from cpomdocs.certificat.word.lecture import SIGNES, W14, Element, W, lire, lire_cadre
from cpomdocs.saisies import Saisie

_REPERES = {f"{W}{n}" for n in ("bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd")}
_REPERES |= {f"{W}{n}" for n in ("permStart", "permEnd", "proofErr")}
_OUI = ("oui", "x", "vrai", "true", "1", "coche", "cochee", "ok")


def controle_dit(sdt: Element, saisie: Saisie, attendu: str) -> bool:
    """Vrai si le contrôle du document montre la valeur."""
    contenu = sdt.find(f"{W}sdtContent")
    if contenu is None or sdt.find(f"{W}sdtPr/{W}showingPlcHdr") is not None:
        return False
    cadre = next(contenu.iter(f"{W}tc"), contenu)
    texte = lire(contenu) if contenu.find(f".//{W}p") is None else lire_cadre(cadre)
    boite = sdt.find(f"{W}sdtPr/{W14}checkbox")
    if boite is not None:
        return _case_dit(boite, contenu, saisie)
    date = sdt.find(f"{W}sdtPr/{W}date")
    jour = saisie.valeur.valeur
    if date is not None and saisie.texte is None and isinstance(jour, datetime.date):
        complete = (date.get(f"{W}fullDate") or "").startswith(jour.isoformat())
        return complete and re.search(rf"(?<!\d)0?{jour.day}(?!\d)", texte) is not None
    for liste in ("dropDownList", "comboBox"):
        choix = sdt.find(f"{W}sdtPr/{W}{liste}")
        if choix is not None:
            return _liste_dit(choix, texte, attendu, libre=liste == "comboBox")
    simple = sdt.find(f"{W}sdtPr/{W}text")
    if date is not None or (simple is not None and simple.get(f"{W}multiLine") not in ("1", "true", "on")):
        return texte.split() == attendu.split()
    return texte == attendu


def donnee_dit(sdt: Element, lu: str, saisie: Saisie, attendu: str) -> bool:
    """Vrai si la donnée liée au contrôle dit la valeur, sous la forme que ce genre de contrôle lui donne."""
    jour = saisie.valeur.valeur
    if sdt.find(f"{W}sdtPr/{W14}checkbox") is not None:
        return (lu.strip() in ("true", "1")) == coche_prevue(saisie)
    if sdt.find(f"{W}sdtPr/{W}date") is not None and saisie.texte is None and isinstance(jour, datetime.date):
        return lu.startswith(jour.isoformat()) or re.search(rf"(?<!\d)0?{jour.day}(?!\d)", lu) is not None
    for choix in (sdt.find(f"{W}sdtPr/{W}{liste}") for liste in ("dropDownList", "comboBox")):
        for element in () if choix is None else choix.findall(f"{W}listItem"):
            stocke = element.get(f"{W}value") or ""
            if lu == stocke and aplatir_mots(attendu) in (
                aplatir_mots(stocke),
                aplatir_mots(element.get(f"{W}displayText") or ""),
            ):
                return True
    return lu.split() == attendu.split()


def coche_prevue(saisie: Saisie) -> bool:
    """Vrai si la saisie veut la case cochée."""
    brut = saisie.a_ecrire
    return brut if isinstance(brut, bool) else aplatir_mots(str(brut)) in _OUI


def _case_dit(boite: Element, contenu: Element, saisie: Saisie) -> bool:
    etat = boite.find(f"{W14}checked")
    coche = etat is not None and etat.get(f"{W14}val") in ("1", "true", "on")
    if coche != coche_prevue(saisie):
        return False
    symbole = boite.find(f"{W14}{'checkedState' if coche else 'uncheckedState'}")
    code = (None if symbole is None else symbole.get(f"{W14}val")) or ""
    hexa = len(code) == 4 and not set(code) - set("0123456789abcdefABCDEF")
    if not hexa or int(code, 16) < 0x20 or 0xD7FF < int(code, 16) < 0xE000 or int(code, 16) > 0xFFFD:
        code = "2612" if coche else "2610"
    signe = contenu.find(f".//{W}sym")
    if signe is not None:
        return (signe.get(f"{W}char") or "").upper()[-3:] == code.upper()[-3:]
    return "".join(t.text or "" for t in contenu.iter(f"{W}t")) == chr(int(code, 16))


def _liste_dit(choix: Element, texte: str, attendu: str, libre: bool) -> bool:
    for element in choix.findall(f"{W}listItem"):
        stocke = element.get(f"{W}value") or ""
        affiche = element.get(f"{W}displayText") or stocke
        if texte == affiche and aplatir_mots(attendu) in (aplatir_mots(affiche), aplatir_mots(stocke)):
            return True
    return libre and texte.split() == attendu.split()


def aplatir_mots(texte: str) -> str:
    """Le texte sans casse, accents ni blancs particuliers."""
    decompose = unicodedata.normalize("NFKD", texte.replace("’", "'"))
    return " ".join("".join(c for c in decompose if not unicodedata.combining(c)).casefold().split())


def effacer_controle(sdt: Element) -> None:
    """Vide le contrôle et ses états ; garde ce qui est à l’autorité : propriétés, repères, mise en page."""
    sdt.set("efface", "1")
    proprietes = sdt.find(f"{W}sdtPr")
    for nom in (f"{W}showingPlcHdr", f"{W14}checkbox/{W14}checked"):
        marque = None if proprietes is None else proprietes.find(nom)
        parent = None if marque is None else marque.getparent()
        if marque is not None and parent is not None:
            parent.remove(marque)
    for nom, attribut in (("date", "fullDate"), ("dropDownList", "lastValue"), ("comboBox", "lastValue")):
        element = sdt.find(f"{W}sdtPr/{W}{nom}")
        if element is not None and element.get(f"{W}{attribut}") is not None:
            element.attrib.pop(f"{W}{attribut}", "")
    contenu = sdt.find(f"{W}sdtContent")
    if contenu is None:
        return
    cellule = next(contenu.iter(f"{W}tc"), None)
    _vider(contenu if cellule is None else cellule)


def _vider(cadre: Element) -> None:
    """Ne garde que les propriétés, les repères et le premier paragraphe, vidé."""
    premier = next(cadre.iter(f"{W}p"), None)
    for enfant in list(cadre):
        if enfant.tag in _REPERES or enfant.tag in (f"{W}tcPr", f"{W}pPr"):
            enfant.tail = None
        elif premier is not None and (enfant is premier or premier in enfant.iterdescendants()):
            if enfant is premier:
                _vider(enfant)
            enfant.tail = None
        else:
            cadre.remove(enfant)
    if premier is None or cadre is premier:
        cadre.text = None


def _portee(debut: Element) -> list[Element]:
    """Les porteurs de texte entre le début et la fin du signet."""
    racine = debut.getroottree().getroot()
    numero, dedans, retenus = debut.get(f"{W}id"), False, []
    for element in racine.iter():
        if element is debut:
            dedans = True
        elif element.tag == f"{W}bookmarkEnd" and element.get(f"{W}id") == numero and dedans:
            break
        elif dedans and element.tag in SIGNES:
            retenus.append(element)
    return [e for e in retenus if next(e.iterancestors(f"{W}rPr", f"{W}pPr"), None) is None]


def lire_signet(debut: Element) -> str:
    """Le texte que le signet entoure."""
    return "".join(SIGNES[p.tag] or p.text or "" for p in _portee(debut))


def effacer_signet(debut: Element) -> None:
    """Ôte les passages de texte que le signet entoure, et les paragraphes entiers qu’il couvre en plus."""
    textes = _portee(debut)
    premier = next(debut.iterancestors(f"{W}p"), None)
    couverts = list(dict.fromkeys(next(texte.iterancestors(f"{W}p")) for texte in textes))
    hote = premier if premier is not None else couverts[0] if couverts else None
    intermediaires = _entre(hote, couverts[-1]) if hote is not None and couverts else []
    oter(textes)
    for paragraphe in intermediaires:
        parent = paragraphe.getparent()
        if hote is None or parent is None or paragraphe.find(f".//{W}r") is not None:
            continue
        if paragraphe.find(f"{W}pPr/{W}sectPr") is None:
            joindre(hote, paragraphe)


def joindre(hote: Element, paragraphe: Element) -> None:
    """Met le contenu d’un paragraphe à la fin d’un autre, et l’ôte ; les blancs qui le suivaient restent."""
    hote.extend([e for e in paragraphe if e.tag != f"{W}pPr"])
    avant, blancs, parent = paragraphe.getprevious(), paragraphe.tail or "", paragraphe.getparent()
    if avant is not None and parent is not None:
        avant.tail = (avant.tail or "") + blancs
        paragraphe.tail = None
        parent.remove(paragraphe)


def _entre(premier: Element, dernier: Element) -> list[Element]:
    """Les paragraphes qui suivent le premier jusqu’au dernier, au même niveau."""
    suivants = list(premier.itersiblings(f"{W}p"))
    return suivants[: suivants.index(dernier) + 1] if dernier in suivants else []


def oter(textes: list[Element]) -> None:
    """Ôte ces porteurs de texte, et les passages qui n’ont plus rien."""
    for texte in textes:
        passage = texte.getparent()
        if passage is None:
            continue
        passage.remove(texte)
        oter_si_vide(passage)


def oter_si_vide(passage: Element) -> None:
    """Ôte le passage s’il ne lui reste que son format."""
    conteneur = passage.getparent()
    if conteneur is not None and all(enfant.tag == f"{W}rPr" for enfant in passage):
        conteneur.remove(passage)
