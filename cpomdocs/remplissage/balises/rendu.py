"""Rendre un document balisé : (gabarit, contexte) → octets, et les données qui y sont écrites."""

from __future__ import annotations

from dataclasses import dataclass

from jinja2.exceptions import SecurityError, TemplateRuntimeError, UndefinedError

from cpomdocs.erreurs import ErreurFichier, ErreurFormulaire
from cpomdocs.modeles.chemins import Contexte, Portee, Valeur
from cpomdocs.office.analyse import analyser_xml
from cpomdocs.office.archive import Archive, lire_archive
from cpomdocs.remplissage.balises.filtres import Rendu
from cpomdocs.remplissage.balises.langage import RENDU, Environnement
from cpomdocs.remplissage.balises.parties import CORPS, DIALECTE, PartieBalisee, parties_balisees
from cpomdocs.remplissage.balises.verification import defauts_de_la_partie
from cpomdocs.remplissage.balises.vues import contexte_de_rendu
from cpomdocs.remplissage.word.ooxml import W14, Element, Partie, PartieOuverte, w

_SORTIE = 60_000_000
"""Taille (caractères) au-delà de laquelle une partie rendue est refusée."""
_DESSIN = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"


@dataclass(frozen=True, eq=False)
class GabaritBalise:
    """Un document à balises, compilé une fois pour être rendu plusieurs."""

    archive: Archive
    parties: tuple[PartieBalisee, ...]


def preparer(gabarit: bytes, nom: str = "gabarit") -> GabaritBalise:
    """Le gabarit compilé. Lève `ErreurFichier` ou `ErreurFormulaire`, en nommant le lieu, s’il est refusé."""
    archive = lire_archive(gabarit, nom)
    return GabaritBalise(archive, parties_balisees(archive, Environnement()))


def champs_lus(prepare: GabaritBalise, contexte: Contexte) -> list[Valeur]:
    """Les données que le document écrit pour ce contexte, dans l’ordre ; celles qui manquent y sont vides."""
    rendu = Rendu()
    noms = contexte_de_rendu(contexte) | {RENDU: rendu}
    for partie in prepare.parties:
        _rendre(partie, noms, contexte)
    return list({valeur.champ: valeur for valeur in rendu.lues}.values())


def remplir(prepare: GabaritBalise, contexte: Contexte) -> tuple[bytes, list[Valeur]]:
    """Le document rendu et les données écrites. Mêmes entrées, mêmes octets ; autres parties intactes."""
    rendu = Rendu()
    noms = contexte_de_rendu(contexte) | {RENDU: rendu}
    rendues = {}
    for partie in prepare.parties:
        texte = _rendre(partie, noms, contexte)
        rendues[partie.nom] = _remettre(prepare.archive, partie, texte)
    lues = list({valeur.champ: valeur for valeur in rendu.lues}.values())
    return (prepare.archive.recomposer(rendues) if rendues else prepare.archive.octets), lues


def _rendre(partie: PartieBalisee, noms: dict[str, object], contexte: Contexte) -> str:
    morceaux, taille = [], 0
    try:
        for morceau in partie.modele.generate(noms):
            taille += len(morceau)
            if taille > _SORTIE:
                raise ErreurFormulaire("Le document rendu serait démesuré.", "Réduire ses boucles.")
            morceaux.append(morceau)
    except (UndefinedError, SecurityError, TemplateRuntimeError, TypeError) as erreur:
        defauts = defauts_de_la_partie(partie, _portee(contexte))
        raise ErreurFormulaire(
            defauts[0] if defauts else f"Une balise ne peut pas être rendue ({erreur}).",
            "Corriger le document à balises.",
        ) from erreur
    return "".join(morceaux)


def _portee(contexte: Contexte) -> Portee:
    if contexte.objectif is not None:
        return "objectif"
    return "gestionnaire" if contexte.etablissement is None else "etablissement"


def _remettre(archive: Archive, partie: PartieBalisee, texte: str) -> bytes:
    """Les octets de la partie rendue, dans la forme de l’originale."""
    try:
        rendue = analyser_xml(texte.encode("utf-8"), partie.nom)
    except ErreurFichier as erreur:
        raise ErreurFormulaire(
            f"Les balises de « {partie.nom} » se croisent : le document rendu n’est pas valide.",
            "Ouvrir et fermer chaque boucle ou condition au même niveau (paragraphe, ligne, cellule).",
        ) from erreur
    if partie.cellules:
        rendue = DIALECTE.fix_tables(texte)
    origine = Partie.lire(partie.nom, archive.lire(partie.nom))
    ouverte = origine.ouvrir()
    corps = ouverte.racine.find(CORPS)
    racine = rendue
    if corps is not None:
        ouverte.racine.replace(corps, rendue)
        racine = ouverte.racine
    _distinguer(racine)
    return PartieOuverte(origine, racine, {}).octets()


def _distinguer(racine: Element) -> None:
    """Ce qu’une boucle a répété et qui doit rester unique : dessins, contrôles, signets, repères."""
    dessins: set[str] = set()
    for rang, dessin in enumerate(racine.iter(_DESSIN), 1):
        numero = dessin.get("id") or ""
        if numero in dessins:
            dessin.set("id", str(100_000 + rang))
        dessins.add(numero)
    for nom in (f"{{{W14}}}paraId", f"{{{W14}}}textId"):
        vus: set[str] = set()
        for element in racine.iter(w("p"), w("tr")):
            numero = element.get(nom) or ""
            if numero in vus:
                element.attrib.pop(nom, "")
            elif numero:
                vus.add(numero)
    _oter_doubles(racine, w("sdtPr"), w("id"))
    _oter_signets_doubles(racine)


def _oter_doubles(racine: Element, parent: str, nom: str) -> None:
    vus: set[str] = set()
    for porteur in racine.iter(parent):
        numero = porteur.find(nom)
        if numero is not None:
            valeur = numero.get(w("val")) or ""
            if valeur in vus:
                porteur.remove(numero)
            vus.add(valeur)


def _oter_signets_doubles(racine: Element) -> None:
    for genre in (w("bookmarkStart"), w("bookmarkEnd")):
        vus: set[str] = set()
        for signet in list(racine.iter(genre)):
            numero, conteneur = signet.get(w("id")) or "", signet.getparent()
            if numero in vus and conteneur is not None:
                conteneur.remove(signet)
            vus.add(numero)
