"""Les cellules calculées d’un classeur : leurs formules, résultats gardés, ce qui échappe à un moteur."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from html import unescape
from typing import NamedTuple

from cpomdocs.office.adresses import COLONNES, LIGNES, Plage, lire_plage
from cpomdocs.office.archive import Archive, lire_archive
from cpomdocs.office.cadre import Tableau, lire_cadre
from cpomdocs.office.classeur import Classeur, FeuilleClasseur, lire_classeur
from cpomdocs.office.feuille import Cellule, FeuilleOctets
from cpomdocs.office.styles import vrai
from cpomdocs.office.valeurs import CodeErreur, valeur_cellule
from cpomdocs.recalcul.moteur import Lieu, Resultat

_FORMULE = re.compile(rb"<(?:\w+:)?f(?=[\s/>])([^>]*?)(?:/>|>([^<]*)</)")
_ATTRIBUT = re.compile(r"([\w:]+)\s*=\s*[\"']([^\"']*)[\"']")
_VIDE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?/>")
_CHAINE = re.compile(r'"[^"]*"')
_NOM = re.compile(r"[^\W\d][\w.\\?]*")
_FONCTION = re.compile(r"(?<![\w.])([A-Za-z_][\w.]*)\s*\(")
_LIEN_EXTERNE = re.compile(r"\[[0-9]+\](?=[\w!.])|(?<!\w)'[^']*\[[^\]']+\][^']*'!")

HORLOGE = frozenset({"TODAY", "NOW"})
_EXTERIEURES = frozenset(
    {
        *("WEBSERVICE", "RTD", "STOCKHISTORY", "IMAGE", "PY", "TRANSLATE", "DETECTLANGUAGE", "GETPIVOTDATA"),
        *("CALL", "REGISTER.ID", "CELL", "INFO", "RAND", "RANDBETWEEN", "RANDARRAY"),
        *("CUBEKPIMEMBER", "CUBEMEMBER", "CUBEMEMBERPROPERTY", "CUBERANKEDMEMBER"),
        *("CUBESET", "CUBESETCOUNT", "CUBEVALUE"),
    }
)
"""Ce qui dépend d’autre chose que du classeur : réseau, poste, hasard, tableau croisé à rafraîchir."""
_AFFICHAGES = frozenset({"FIXED", "DOLLAR"})
_TEXTE = frozenset({"TEXT"})
_LITTERAL = re.compile(r'"((?:[^"]|"")*)"')
_FORMAT_A_ESPACES = re.compile("[#0?].*[ \u00a0\u202f]|[ \u00a0\u202f].*[#0?]")
"""TEXTE(A1;"0 %") : une espace est un séparateur de milliers, ou non, selon le poste et le moteur."""
_CALCUL = re.compile(rb"<(?:\w+:)?calcPr\s[^>]*>")


class Matricielle(NamedTuple):
    """Une formule qui remplit plusieurs cellules. `dynamique` : sa taille suit les données."""

    lieu: Lieu
    plage: Plage
    genre: str
    dynamique: bool


@dataclass
class Inventaire:
    """Ce qu’un classeur calcule."""

    archive: Archive
    classeur: Classeur
    feuilles: dict[str, tuple[FeuilleClasseur, FeuilleOctets]]
    formules: dict[Lieu, str]
    """Le texte de chaque formule ; celui de la première pour les formules partagées."""
    matricielles: list[Matricielle]
    enrichies: frozenset[Lieu]
    """Les cellules dont le résultat est dit aussi dans les métadonnées (valeur enrichie)."""

    @cached_property
    def calculees(self) -> dict[Lieu, Cellule]:
        """Les cellules à formule, et celles, écrites, qu’une formule matricielle remplit."""
        trouvees: dict[Lieu, Cellule] = {}
        for nom, (_, octets) in self.feuilles.items():
            cellules = [
                *cellules_a_formule(octets),
                *(c for m in self.matricielles if m.lieu.feuille == nom for c in octets.dans(m.plage)),
            ]
            trouvees |= {Lieu(nom, c.ligne, c.colonne): c for c in cellules}
        return trouvees

    def resultats(self) -> dict[Lieu, Resultat]:
        """Les résultats que le fichier garde ; les cellules sans résultat manquent."""
        return self.resultats_de(self.calculees)

    def resultats_de(self, lieux: Iterable[Lieu]) -> dict[Lieu, Resultat]:
        """Ce que contiennent ces cellules ; celles qui sont vides manquent."""
        lus: dict[Lieu, Resultat] = {}
        for lieu in lieux:
            octets = self.feuilles[lieu.feuille][1] if lieu.feuille in self.feuilles else None
            cellule = octets.cellule(lieu.ligne, lieu.colonne) if octets else None
            lu = self._lire(octets, cellule) if octets and cellule else None
            if lu is not None:
                lus[lieu] = lu
        return lus

    def _lire(self, octets: FeuilleOctets, cellule: Cellule) -> Resultat:
        genre = octets.attributs(cellule).get("t")
        valeur = valeur_cellule(octets, cellule, self.classeur.chaines)
        if valeur is None:
            return "" if genre == "str" and _VIDE.search(octets.contenu(cellule)) else None
        if isinstance(valeur, Decimal):
            return float(valeur)
        return CodeErreur(valeur) if genre == "e" and isinstance(valeur, str) else valeur

    @cached_property
    def tableaux(self) -> dict[str, tuple[str, Tableau]]:
        """Les tableaux par nom (en minuscules), avec leur feuille."""
        return {
            tableau.nom.casefold(): (nom, tableau)
            for nom, (fiche, octets) in self.feuilles.items()
            for tableau in lire_cadre(self.classeur, fiche, octets).tableaux
        }

    def citant(self, fonctions: frozenset[str]) -> Iterator[Lieu]:
        """Les formules qui appellent l’une de ces fonctions, elles-mêmes ou par un nom défini."""
        noms = self._noms_citant(fonctions)
        for lieu, texte in self.formules.items():
            if appelle(texte, fonctions) or (noms and cite(texte, noms)):
                yield lieu

    def mal_affichees(self) -> set[Lieu]:
        """Les formules qui mettent un nombre en texte avec des milliers séparés ou un format calculé."""
        return {
            *self.citant(_AFFICHAGES),
            *(lieu for lieu in self.citant(_TEXTE) if _format_incertain(self.formules[lieu])),
        }

    @cached_property
    def mode_particulier(self) -> str:
        """Le réglage de calcul qu’un moteur ne suit pas comme Excel ; vide pour un classeur ordinaire."""
        trouve = _CALCUL.search(self.archive.lire(self.classeur.partie))
        reglages = dict(_ATTRIBUT.findall(trouve[0].decode("utf-8", "replace"))) if trouve else {}
        if vrai(reglages.get("iterate")):
            return "il calcule par itérations"
        return "" if vrai(reglages.get("fullPrecision", "1")) else "il calcule avec la précision affichée"

    def exterieures(self) -> set[Lieu]:
        """Les formules qu’aucun moteur ne peut rejouer : réseau, poste, hasard, autre classeur."""
        lies = {nom for (nom, _), formule in self.classeur.noms.items() if _LIEN_EXTERNE.search(formule)}
        return {
            *self.citant(_EXTERIEURES),
            *(lieu for lieu, t in self.formules.items() if _lie_ailleurs(t) or (lies and cite(t, lies))),
        }

    def _noms_citant(self, fonctions: frozenset[str]) -> set[str]:
        """Les noms définis qui appellent l’une de ces fonctions, de proche en proche."""
        citants = {nom for (nom, _), formule in self.classeur.noms.items() if appelle(formule, fonctions)}
        while citants:
            autres = {nom for (nom, _), formule in self.classeur.noms.items() if cite(formule, citants)}
            if autres <= citants:
                break
            citants |= autres
        return citants


def inventorier(octets: bytes, nom: str = "document") -> Inventaire:
    """Ce que le classeur calcule. Lève `ErreurFichier` s’il ne se lit pas."""
    archive = lire_archive(octets, nom)
    classeur = lire_classeur(archive)
    feuilles = {
        fiche.nom: (fiche, FeuilleOctets(archive.lire(fiche.partie), fiche.nom))
        for fiche in classeur.feuilles
        if fiche.donnees
    }
    inventaire = Inventaire(archive, classeur, feuilles, {}, [], frozenset())
    enrichies = set()
    for fiche, feuille in feuilles.values():
        maitresses: dict[str, str] = {}
        for cellule in cellules_a_formule(feuille):
            lieu = Lieu(fiche.nom, cellule.ligne, cellule.colonne)
            inventaire.formules[lieu] = _texte(feuille, cellule, maitresses)
            attributs = feuille.attributs(cellule)
            if "vm" in attributs:
                enrichies.add(lieu)
            matricielle = _matricielle(feuille, cellule, lieu, "cm" in attributs)
            if matricielle is not None:
                inventaire.matricielles.append(matricielle)
    inventaire.enrichies = frozenset(enrichies)
    return inventaire


def cellules_a_formule(feuille: FeuilleOctets) -> Iterator[Cellule]:
    """Les cellules qui portent une formule, dans l’ordre de la feuille."""
    signe = b"<" + feuille.prefixe + b"f"
    if feuille.octets.find(signe, feuille.donnees.contenu, feuille.donnees.fin_contenu) < 0:
        return
    for cellule in feuille.dans(Plage(1, 1, LIGNES, COLONNES)):
        if feuille.octets.find(signe, cellule.contenu, cellule.fin_contenu) >= 0 and feuille.a_formule(
            cellule
        ):
            yield cellule


def appelle(formule: str, fonctions: frozenset[str]) -> bool:
    """Vrai si la formule appelle l’une de ces fonctions (noms anglais, comme dans le fichier)."""
    appels = _FONCTION.findall(_CHAINE.sub('""', formule))
    return any(nom.upper().removeprefix("_XLFN.").removeprefix("_XLWS.") in fonctions for nom in appels)


def cite(formule: str, noms: set[str]) -> bool:
    """Vrai si la formule cite l’un de ces noms, donnés en minuscules."""
    return not noms.isdisjoint(nom.casefold() for nom in _NOM.findall(_CHAINE.sub('""', formule)))


def _format_incertain(formule: str) -> bool:
    litteraux = _LITTERAL.findall(formule)
    return not litteraux or any(_FORMAT_A_ESPACES.search(litteral) for litteral in litteraux)


def _lie_ailleurs(formule: str) -> bool:
    return "[" in formule and _LIEN_EXTERNE.search(_CHAINE.sub('""', formule)) is not None


def _balise(feuille: FeuilleOctets, cellule: Cellule) -> tuple[dict[str, str], str]:
    """Les attributs et le texte de la formule de la cellule."""
    trouvee = _FORMULE.search(feuille.octets, cellule.contenu, cellule.fin_contenu)
    if trouvee is None:
        return {}, ""
    texte = unescape((trouvee[2] or b"").decode("utf-8", "replace"))
    return dict(_ATTRIBUT.findall(trouvee[1].decode("utf-8", "replace"))), texte


def _texte(feuille: FeuilleOctets, cellule: Cellule, maitresses: dict[str, str]) -> str:
    attributs, texte = _balise(feuille, cellule)
    if attributs.get("t") == "shared":
        numero = attributs.get("si", "")
        if texte:
            maitresses[numero] = texte
        return texte or maitresses.get(numero, "")
    return texte


def _matricielle(feuille: FeuilleOctets, cellule: Cellule, lieu: Lieu, dynamique: bool) -> Matricielle | None:
    attributs, _ = _balise(feuille, cellule)
    plage = lire_plage(attributs.get("ref", ""))
    if plage is None or attributs.get("t") not in ("array", "dataTable"):
        return None
    return Matricielle(lieu, plage, attributs["t"], dynamique)
