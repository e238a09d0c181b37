"""La vérification de conformité d’un classeur rempli, écrite sans le code de remplissage."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from lxml import etree

from cpomdocs.certificat import CALCUL_PERMIS, Ecart
from cpomdocs.certificat.excel_commandes import (
    cellule_choisie,
    controles_suivis,
    verifier_les_controles,
)
from cpomdocs.certificat.excel_croissance import agrandir, situer_ajouts
from cpomdocs.certificat.excel_feuille import (
    Feuille,
    comparer,
    coordonnees,
    dans,
    debordements,
    depouiller,
    oublier_attribut,
    plages_a_liste,
)
from cpomdocs.certificat.excel_reduction import reduire
from cpomdocs.certificat.excel_valeurs import NS, Lue, Regle, conforme, lire, texte_riche
from cpomdocs.certificat.paquet import comparer_paquets
from cpomdocs.erreurs import ErreurFichier
from cpomdocs.office.archive import Archive, analyser_xml, lire_archive
from cpomdocs.office.gardes import REENREGISTRER
from cpomdocs.saisies import CaseExcel, Saisie

__all__ = ["certifier"]

_LIEN = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_FORMAT_TEXTE = "49"
_VRAI = ("1", "true", "on")
_GARDES = {"t", "cm", "vm", "r"}
"""Les attributs d’une cellule remplie qui peuvent changer : type, métadonnées de l’ancienne valeur."""


@dataclass(frozen=True)
class _Classeur:
    """Le gabarit : ses feuilles (nom → partie), le code de format de chaque style, ses textes partagés."""

    archive: Archive
    partie: str
    feuilles: dict[str, str]
    date1904: bool

    @cached_property
    def formats(self) -> tuple[str, ...]:
        return _formats(self.archive, self.partie)

    @cached_property
    def chaines(self) -> list[str]:
        return _chaines(self.archive, self.partie)


def certifier(gabarit: bytes, document: bytes, saisies: Sequence[Saisie]) -> list[Ecart]:
    """Tout ce qui distingue le document du gabarit hors des cases prévues, et les valeurs mal relues.

    `saisies` : celles qui ont été écrites (une saisie refusée n’en est pas). Une liste vide : le document est
    conforme. Lève `ErreurFichier` si l’un des deux fichiers ne se lit pas.
    """
    try:
        croissances, situees = situer_ajouts(saisies)
        classeur = _gabarit(gabarit)
        refus: list[Ecart] = []
        if croissances:
            octets, refus = agrandir(
                classeur.archive, classeur.feuilles, classeur.partie, _liens, croissances
            )
            classeur = _lire_classeur(lire_archive(octets, "gabarit"))
        return refus + _comparer(classeur, lire_archive(document, "document"), situees)
    except (ValueError, etree.LxmlError) as erreur:
        raise ErreurFichier(
            "Le gabarit ou le document n’est pas un classeur bien formé.", REENREGISTRER
        ) from erreur


def _comparer(classeur: _Classeur, apres: Archive, saisies: Sequence[Saisie]) -> list[Ecart]:
    avant = classeur.archive
    ecarts, prevues = _situer(classeur, saisies)
    suivis = controles_suivis(avant, _liens, classeur.feuilles, prevues)
    parties = {*classeur.feuilles.values(), classeur.partie, *suivis.noms} if prevues else set()
    ecarts += comparer_paquets(avant, apres, lambda nom: nom in parties)
    ecarts += verifier_les_controles(avant, apres, suivis)
    sans_resultat = 0
    for nom, partie in classeur.feuilles.items():
        if not prevues or partie not in apres:
            continue
        if partie not in prevues and avant.lire(partie) == apres.lire(partie):
            continue
        constats, vides = _certifier_feuille(classeur, apres, nom, prevues.get(partie, {}))
        ecarts += constats
        sans_resultat += vides
    if prevues and classeur.partie in apres:
        ecarts += _certifier_classeur(avant, apres, classeur.partie, sans_resultat > 0)
    return ecarts


@lru_cache(maxsize=4)
def _gabarit(octets: bytes) -> _Classeur:
    return _lire_classeur(lire_archive(octets, "gabarit"))


def _situer(
    classeur: _Classeur, saisies: Sequence[Saisie]
) -> tuple[list[Ecart], dict[str, dict[str, Saisie]]]:
    """Les saisies par partie et par adresse ; un écart pour celles qui visent une feuille absente."""
    ecarts: list[Ecart] = []
    prevues: dict[str, dict[str, Saisie]] = {}
    parties = {nom.casefold(): partie for nom, partie in classeur.feuilles.items()}
    for saisie in saisies:
        if saisie.a_ecrire is None:
            continue
        case = saisie.case
        partie = parties.get(case.feuille.casefold()) if isinstance(case, CaseExcel) else None
        if partie is None or not isinstance(case, CaseExcel):
            ecarts.append(Ecart("", str(case), "cette case n’est pas dans le gabarit"))
        else:
            prevues.setdefault(partie, {})[case.cellule.replace("$", "").upper()] = saisie
    return ecarts, prevues


def _certifier_feuille(
    classeur: _Classeur, apres: Archive, nom: str, prevues: dict[str, Saisie]
) -> tuple[list[Ecart], int]:
    """Les écarts de la feuille et le nombre de formules sans résultat."""
    partie = classeur.feuilles[nom]
    vierge, remplie = reduire(classeur.archive.lire(partie), apres.lire(partie), prevues)
    racine = analyser_xml(vierge, partie)
    listes = plages_a_liste(racine)
    calculees = debordements(racine)
    ancienne = depouiller(racine, prevues, calculees)
    nouvelle = depouiller(analyser_xml(remplie, partie), prevues, calculees)
    ecarts = comparer(partie, nom, ancienne, nouvelle)
    for adresse, saisie in prevues.items():
        place = coordonnees(adresse) or (0, 0)
        calculee = dans(place, calculees)
        message = (
            "le résultat d’une formule a été écrasé"
            if calculee
            else _verifier_case(classeur, ancienne, nouvelle, adresse, saisie, dans(place, listes))
        )
        if message:
            ecarts.append(Ecart(partie, f"{nom}!{adresse}", message))
    return ecarts, nouvelle.formules_sans_resultat


def _verifier_case(
    classeur: _Classeur, avant: Feuille, apres: Feuille, adresse: str, saisie: Saisie, a_liste: bool
) -> str:
    """Ce qui ne va pas dans une case remplie ; vide si tout va."""
    ancienne, nouvelle = avant.prevues.get(adresse), apres.prevues.get(adresse)
    if nouvelle is None:
        return "la valeur prévue n’est pas dans le document"
    if nouvelle.find(f"{NS}f") is not None:
        return "la case est devenue une formule"
    if ancienne is not None and ancienne.find(f"{NS}f") is not None:
        return "la formule a été écrasée"
    if ancienne is None:
        attendus = {"s": _style_herite(avant.racine, adresse)}
    else:
        attendus = _attributs_gardes(ancienne)
    obtenus = _attributs_gardes(nouvelle)
    if {"s": "0", **attendus} != {"s": "0", **obtenus}:
        return "le style de la case a changé"
    numero = int(obtenus.get("s", "0"))
    texte = numero < len(classeur.formats) and classeur.formats[numero] == "@"
    lue = lire(nouvelle, classeur.chaines)
    nomme = isinstance(saisie.case, CaseExcel) and saisie.case.commande != ""
    regle = Regle(texte, a_liste or nomme, classeur.date1904)
    if isinstance(saisie.case, CaseExcel) and nomme and lue.genre == "nombre":
        return _verifier_rang(classeur, saisie.case, lue, saisie.a_ecrire, regle)
    if not conforme(lue, saisie.a_ecrire, regle):
        return f"la valeur relue n’est pas celle prévue ({lue.genre})"
    return ""


def _verifier_rang(classeur: _Classeur, case: CaseExcel, lue: Lue, attendue: object, regle: Regle) -> str:
    """Ce qui ne va pas dans la cellule liée d’une option (son rang) ou d’une liste (celui de la valeur)."""
    rang = int(lue.texte) if lue.texte.isdecimal() else 0
    if attendue is True and rang > 0:
        return ""
    liee = case.feuille, case.cellule
    choisie = cellule_choisie(classeur.archive, _liens, classeur.feuilles, liee, rang)
    if choisie is None or not conforme(lire(choisie, classeur.chaines), attendue, regle):
        return f"le choix {rang} n’est pas la valeur prévue"
    return ""


def _attributs_gardes(cellule: etree._Element) -> dict[str, str]:
    return {str(cle): str(valeur) for cle, valeur in cellule.items() if cle not in _GARDES}


def _style_herite(racine: etree._Element, adresse: str) -> str:
    """Le style d’une cellule non écrite : celui de sa ligne si elle en impose un, sinon de sa colonne."""
    numero, colonne = coordonnees(adresse) or (0, 0)
    ligne = next((x for x in racine.iterfind(f"{NS}sheetData/{NS}row") if x.get("r") == str(numero)), None)
    if ligne is not None and ligne.get("customFormat") in _VRAI:
        return ligne.get("s", "0")
    colonnes = racine.iterfind(f"{NS}cols/{NS}col")
    return next(
        (c.get("style", "0") for c in colonnes if int(c.get("min", 0)) <= colonne <= int(c.get("max", 0))),
        "0",
    )


def _certifier_classeur(avant: Archive, apres: Archive, partie: str, recalcul_du: bool) -> list[Ecart]:
    """Seule la demande de recalcul peut différer ; elle est due si des formules n’ont plus de résultat."""
    racines = [analyser_xml(archive.lire(partie), partie) for archive in (avant, apres)]
    element, attribut = CALCUL_PERMIS
    calculs = [racine.find(f"{NS}{element}") for racine in racines]
    demande = calculs[1] is not None and calculs[1].get(attribut) in _VRAI
    for racine, calcul in zip(racines, calculs, strict=True):
        if calcul is not None:
            oublier_attribut(calcul, attribut)
            if not calcul.keys():
                racine.remove(calcul)
    ecarts = []
    if etree.tostring(racines[0], method="c14n") != etree.tostring(racines[1], method="c14n"):
        ecarts.append(
            Ecart(partie, "classeur", "les feuilles, les noms ou les réglages du classeur ont changé")
        )
    if recalcul_du and not demande:
        ecarts.append(
            Ecart(
                partie, "classeur", "des formules sont sans résultat et le recalcul n’est pas demandé à Excel"
            )
        )
    return ecarts


def _lire_classeur(archive: Archive) -> _Classeur:
    principale = _cible(archive, "", "officeDocument")
    if principale is None:
        raise ErreurFichier(
            "Le gabarit n’a pas de document principal.", "Reprendre le fichier de l’autorité."
        )
    racine = analyser_xml(archive.lire(principale), principale)
    liens = {cle: cible for cle, genre, cible in _liens(archive, principale) if genre == "worksheet"}
    feuilles = {
        feuille.get("name", ""): liens[feuille.get(_LIEN, "")]
        for feuille in racine.iterfind(f"{NS}sheets/{NS}sheet")
        if feuille.get(_LIEN) in liens
    }
    reglages = racine.find(f"{NS}workbookPr")
    date1904 = reglages is not None and reglages.get("date1904") in _VRAI
    return _Classeur(archive, principale, feuilles, date1904)


def _liens(archive: Archive, partie: str) -> list[tuple[str, str, str]]:
    dossier, nom = posixpath.split(partie)
    notice = posixpath.join(dossier, "_rels", f"{nom}.rels")
    if notice not in archive:
        return []
    liens = []
    for lien in analyser_xml(archive.lire(notice), notice):
        cible = lien.get("Target", "").replace("\\", "/")
        chemin = posixpath.normpath(posixpath.join("/", dossier, cible)).lstrip("/")
        liens.append((lien.get("Id", ""), lien.get("Type", "").rpartition("/")[2], chemin))
    return liens


def _cible(archive: Archive, partie: str, genre: str) -> str | None:
    cibles = (cible for _, lu, cible in _liens(archive, partie) if lu == genre and cible in archive)
    return next(cibles, None)


def _formats(archive: Archive, principale: str) -> tuple[str, ...]:
    """Le code de format de chaque style de cellule."""
    partie = _cible(archive, principale, "styles")
    if partie is None:
        return ()
    racine = analyser_xml(archive.lire(partie), partie)
    codes = {e.get("numFmtId"): e.get("formatCode", "") for e in racine.iterfind(f"{NS}numFmts/{NS}numFmt")}
    codes.setdefault(_FORMAT_TEXTE, "@")
    return tuple(codes.get(xf.get("numFmtId"), "") for xf in racine.iterfind(f"{NS}cellXfs/{NS}xf"))


def _chaines(archive: Archive, principale: str) -> list[str]:
    partie = _cible(archive, principale, "sharedStrings")
    if partie is None:
        return []
    return [texte_riche(si) for si in analyser_xml(archive.lire(partie), partie).iterfind(f"{NS}si")]
