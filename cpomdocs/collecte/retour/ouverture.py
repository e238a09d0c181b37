"""Ouvrir ce qui revient, comme que ce soit enregistré ; chaque fichier qui ne peut pas servir est nommé."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cpomdocs import libreoffice
from cpomdocs.classeur.feuilles.elements import ACCUEIL
from cpomdocs.classeur.marques import FEUILLE_LISTES
from cpomdocs.collecte.echange.releve import Releve, relever
from cpomdocs.collecte.envoi.identite import FEUILLE, retrouver_identites
from cpomdocs.collecte.registre import Envoi, Registre
from cpomdocs.ecriture.empreintes import empreinte
from cpomdocs.erreurs import ErreurCpomdocs, ErreurFichier
from cpomdocs.lecture.grilles import ClasseurLu, ouvrir_classeur
from cpomdocs.lecture.localisation import trouver_nom
from cpomdocs.office.analyse import analyser_xml

LUS = (".xlsx", ".xlsm")
CONVERTIS = (".ods", ".xls", ".xlsb")
"""Formats que LibreOffice, s’il est installé, change en .xlsx."""
_COEUR = "docProps/core.xml"
_MODIFIE = "{http://purl.org/dc/terms/}modified"


@dataclass
class Retour:
    """Un retour lisible : ses octets, l’envoi auquel il répond, ses lignes, ce qu’il faut en dire."""

    fichier: str
    octets: bytes
    enregistre: str
    envoi: Envoi
    releve: Releve
    constats: list[str] = field(default_factory=list)

    @property
    def empreinte(self) -> str:
        """L’empreinte du fichier reçu."""
        return empreinte(self.octets)


@dataclass(frozen=True)
class Ecarte:
    """Un fichier qui n’est pas rassemblé, et pourquoi. `fautif` : quelqu’un doit y faire quelque chose."""

    fichier: str
    message: str
    remede: str = ""
    fautif: bool = True


class _Refus(ErreurCpomdocs):
    """Un classeur lisible, mais qui n’est pas un retour de ce dossier."""


def trouver_fichiers(chemins: Iterable[Path]) -> Iterator[Path]:
    """Les fichiers donnés, et ceux des répertoires donnés ; ni fichier caché, ni verrou d’Office."""
    for chemin in chemins:
        candidats = sorted(chemin.rglob("*")) if chemin.is_dir() else [chemin]
        for candidat in candidats:
            caches = candidat.relative_to(chemin).parts if chemin.is_dir() else ()
            if not candidat.is_dir() and not any(nom.startswith((".", "~$")) for nom in caches):
                yield candidat


def ouvrir_retours(
    fichiers: Sequence[Path], registre: Registre, connus: set[str]
) -> tuple[list[Retour], list[Ecarte]]:
    """Les retours lisibles, du plus anciennement enregistré au plus récent, et les fichiers écartés.

    `connus` : les empreintes des retours déjà rassemblés, qui ne sont pas relus.
    """
    retours: dict[str, Retour] = {}
    ecartes: list[Ecarte] = []
    envois = {envoi.reference: envoi for envoi in registre.envois()}
    derniers = {(e.part.genre, e.part.code): e.numero for e in registre.derniers()}
    with tempfile.TemporaryDirectory() as provisoire:
        convertis = _convertir([f for f in fichiers if f.suffix.lower() in CONVERTIS], Path(provisoire))
        for fichier in fichiers:
            try:
                octets = _lire(fichier)
                if empreinte(octets) in connus:
                    ecartes.append(Ecarte(fichier.name, "Déjà rassemblé.", fautif=False))
                    continue
                retour = _ouvrir(convertis.get(fichier, fichier), fichier, octets, registre.dossier, envois)
            except ErreurCpomdocs as erreur:
                ecartes.append(_ecarter(fichier, erreur))
                continue
            dernier = derniers[retour.envoi.part.genre, retour.envoi.part.code]
            if retour.envoi.numero < dernier:
                retour.constats.append(
                    f"Répond à un envoi antérieur ({retour.envoi.nom} ; le dernier est le n° {dernier}) : "
                    "comparé à ce qui avait été envoyé alors."
                )
            retours.setdefault(retour.empreinte, retour)
    return sorted(retours.values(), key=lambda r: (r.enregistre, r.fichier)), ecartes


def _lire(fichier: Path) -> bytes:
    try:
        return fichier.read_bytes()
    except OSError:
        raise _Refus(
            f"« {fichier.name} » ne peut pas être lu.", "Vérifier qu’il existe, et ses droits."
        ) from None


def _ecarter(fichier: Path, erreur: ErreurCpomdocs) -> Ecarte:
    inconnu = fichier.suffix.lower() not in LUS + CONVERTIS
    if inconnu and fichier.exists():
        return Ecarte(fichier.name, "Ce n’est pas un classeur : laissé de côté.", fautif=False)
    return Ecarte(fichier.name, erreur.message, erreur.remede)


def _convertir(fichiers: Sequence[Path], provisoire: Path) -> dict[Path, Path]:
    """Chaque fichier d’un autre format, et le .xlsx que LibreOffice en a fait."""
    soffice = libreoffice.programme() if fichiers else None
    if soffice is None:
        return {}
    copies: dict[Path, Path] = {}
    for rang, fichier in enumerate(fichiers):
        copie = provisoire / f"retour-{rang}{fichier.suffix.lower()}"
        if fichier.is_file():
            copie.write_bytes(fichier.read_bytes())
            copies[copie] = fichier
    rendus = libreoffice.convertir(soffice, list(copies), "xlsx", provisoire / "xlsx")
    return {copies[copie]: rendu for copie, rendu in rendus if rendu is not None}


def _ouvrir(lisible: Path, fichier: Path, octets: bytes, dossier: str, envois: dict[str, Envoi]) -> Retour:
    if lisible.suffix.lower() not in LUS:
        raise _Refus(
            f"« {fichier.name} » n’est pas au format .xlsx.",
            "L’ouvrir dans Excel ou LibreOffice, l’enregistrer au format .xlsx, puis recommencer.",
        )
    lu = ouvrir_classeur(lisible)
    envoi = _envoi_de(lu, fichier.name, dossier, envois)
    releve = relever(lu, envoi.part.collections, envoi.annee_n)
    if not releve.tables:
        raise _Refus(
            f"« {fichier.name} » n’a plus aucune des feuilles de {envoi.part.nom}.",
            "Demander le fichier avec ses feuilles d’origine.",
        )
    retour = Retour(fichier.name, octets, _date(lu, fichier), envoi, releve)
    retour.constats += _constater(lu, releve, envoi)
    return retour


def _envoi_de(lu: ClasseurLu, nom: str, dossier: str, envois: dict[str, Envoi]) -> Envoi:
    identites = retrouver_identites(lu)
    if not identites:
        raise _Refus(
            f"« {nom} » n’est pas une part de la collecte : il n’en porte pas l’identité.",
            "Reprendre le fichier envoyé et y recopier les valeurs, ou les taper dans le classeur maître.",
        )
    if len(identites) > 1:
        raise _Refus(
            f"« {nom} » mêle deux envois : des feuilles ont été copiées de l’un à l’autre.",
            "Demander un fichier par envoi.",
        )
    identite = identites.pop()
    if identite.dossier != dossier:
        raise _Refus(f"« {nom} » vient d’un autre dossier.", "Le rassembler dans le dossier qui l’a envoyé.")
    envoi = envois.get(identite.envoi)
    if envoi is None or envoi.etat != identite.etat:
        raise _Refus(
            f"« {nom} » répond à un envoi que ce dossier ne connaît plus.",
            "Remettre l’état de la collecte (.cpomdocs) depuis une copie, ou répartir de nouveau.",
        )
    return envoi


def _date(lu: ClasseurLu, fichier: Path) -> str:
    """Quand le classeur a été enregistré : ce qu’il en dit, sinon la date du fichier."""
    if _COEUR in lu.archive:
        texte = analyser_xml(lu.archive.lire(_COEUR), _COEUR).findtext(_MODIFIE)
        if texte:
            return texte.strip()
    modifie = datetime.datetime.fromtimestamp(fichier.stat().st_mtime, datetime.UTC)
    return f"{modifie:%Y-%m-%dT%H:%M:%SZ}"


def _constater(lu: ClasseurLu, releve: Releve, envoi: Envoi) -> list[str]:
    """Ce qui a été changé hors des cases : feuilles, colonnes, textes ajoutés."""
    constats = [f"Feuille « {nom} » introuvable : rien n’en est rassemblé." for nom in releve.absentes]
    constats += [
        f"Feuille « {nom} » : {raison} ; rien n’en est rassemblé."
        for nom, raison in releve.illisibles.items()
    ]
    constats += [
        f"La feuille « {voulue} » a été renommée « {nom} » : reconnue à son titre."
        for voulue, nom in releve.renommees.items()
    ]
    for table in releve.tables.values():
        connus = set(envoi.fixes.get(table.collection, ()))
        constats += [
            f"Hors des cases, {table.feuille}!{adresse} : « {texte} »."
            for adresse, texte in table.etrangeres.items()
            if texte not in connus
        ]
    attendues = {table.feuille for table in releve.tables.values()} | {FEUILLE, FEUILLE_LISTES}
    for nom in lu.feuilles:
        if nom == trouver_nom(ACCUEIL, lu.feuilles):
            connus = set(envoi.fixes.get(ACCUEIL, ()))
            constats += [f"Remarque : « {t} »." for t in textes_de(lu, nom) if t not in connus]
        elif nom not in attendues and nom not in releve.illisibles:
            remplies = len(list(textes_de(lu, nom)))
            if remplies:
                constats.append(f"Feuille ajoutée « {nom} » ({remplies} cellules remplies) : non lue.")
    return constats


def textes_de(lu: ClasseurLu, feuille: str) -> Iterator[str]:
    """Les textes des cellules remplies d’une feuille ; aucun si elle est illisible."""
    try:
        lignes = lu.grille(feuille).lignes
    except ErreurFichier:
        return
    yield from (texte for ligne in lignes for brut in ligne if (texte := str(brut).strip()))
