"""Les adresses qui désignent peut-être une place d’un formulaire Word, et le libellé de chacune."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from cpomdocs.remplissage.word.endroits import CROCHETS, Portion, lettres_de_colonne
from cpomdocs.remplissage.word.gabarit import GabaritWord
from cpomdocs.remplissage.word.genres.champs import champs_de
from cpomdocs.remplissage.word.genres.coches import Boite
from cpomdocs.remplissage.word.genres.controles import genre_de, nom_de
from cpomdocs.remplissage.word.genres.sections import controles_de, elements_de, liee
from cpomdocs.remplissage.word.genres.signets import DEBUT
from cpomdocs.remplissage.word.index import Cible, element_de
from cpomdocs.remplissage.word.libelles import Ligne
from cpomdocs.remplissage.word.ooxml import (
    REPLI,
    SDT,
    TC,
    TR,
    Element,
    P,
    controle_autour,
    descendre,
    texte_de,
    texte_de_cellule,
    valeur,
    w,
)
from cpomdocs.remplissage.word.texte import normaliser
from cpomdocs.saisies import CaseWord

_BLANC = re.compile(rf":|(?:[.…‥_·/]\s?){{3,}}|…|{CROCHETS}", re.IGNORECASE)
_ANCRES = ("_", "OLE_LINK")
LIBELLE, LONGUEUR = 100, 60
_RECUL = 30
"""Nombre de paragraphes où chercher, en remontant, ce qui peut nommer une place."""
_MOTS = 8
"""Au-delà de ce nombre de mots, ce qui finit par « : » est une phrase, non un libellé."""
Candidat = tuple[CaseWord, str]


def candidats(gabarit: GabaritWord) -> Iterator[Candidat]:
    """Les adresses possibles, les plus sûres d’abord : un même endroit peut revenir."""
    for collecter in (
        _sections,
        _controles,
        _champs,
        _fusions,
        _coches,
        _libelles,
        _cellules,
        _signets,
        _anonymes,
    ):
        yield from collecter(gabarit)


def _sections(gabarit: GabaritWord) -> Iterator[Candidat]:
    """Les contrôles des éléments de chaque section répétée que rien ne lie à une donnée."""
    for section in gabarit.index.sections:
        nom = next(filter(None, nom_de(section)), None)
        for rang, element in enumerate(elements_de(section) if nom and not liee(section) else (), start=1):
            for sdt in controles_de(element):
                balise, titre = nom_de(sdt)
                if balise or titre:
                    libelle = titre or _voisin(sdt) or balise or ""
                    yield CaseWord("section", nom or "", balise or titre or "", rang), libelle


def _controles(gabarit: GabaritWord) -> Iterator[Candidat]:
    balises, titres = gabarit.index.controles_nommes
    for nom, semblables in (*balises.items(), *((n, c) for n, c in titres.items() if n not in balises)):
        montres = [c for c in semblables if not _en_repli(c)]
        donnees = {gabarit.donnee_liee(c) for c in montres}
        distincts = len(donnees) > 1 or (len(montres) > 1 and None in donnees)
        for rang, cible in enumerate(semblables, start=1):
            sdt = element_de(cible)
            titre = nom_de(sdt)[1]
            if genre_de(sdt) == "autre" or _en_repli(cible) or (nom not in balises and nom_de(sdt)[0]):
                continue
            libelle = (titre if not distincts else "") or _voisin(sdt) or nom
            yield CaseWord("controle", nom, "", rang if distincts else 0), libelle


def _en_repli(cible: Cible) -> bool:
    """Vrai dans le rendu de repli d’une zone de texte, qui répète les contrôles de l’autre."""
    return next(element_de(cible).iterancestors(REPLI), None) is not None


def _champs(gabarit: GabaritWord) -> Iterator[Candidat]:
    for nom, trouves in gabarit.index.champs_nommes.items():
        for rang, (_, champ) in enumerate(trouves if nom else (), start=1):
            yield CaseWord("champ", nom, "", rang if len(trouves) > 1 else 0), _voisin(champ.debut) or nom


def _fusions(gabarit: GabaritWord) -> Iterator[Candidat]:
    for nom in gabarit.index.fusions:
        yield CaseWord("champ", nom), nom


def _coches(gabarit: GabaritWord) -> Iterator[Candidat]:
    fois = Counter(normaliser(coche.libelle) for _, coche in gabarit.index.coches)
    vues: Counter[str] = Counter()
    for _, coche in gabarit.index.coches:
        cle = normaliser(coche.libelle)
        vues[cle] += 1
        noms = [coche.libelle] if coche.libelle else [f"☐ {coche.apres}" * bool(coche.apres)]
        noms += [] if coche.libelle else [f"{coche.avant} ☐" * bool(coche.avant)]
        for nom in filter(None, (" ".join(n.split()) for n in noms)):
            rang = vues[cle] if fois[cle] > 1 and coche.libelle else 0
            libelle = f"{coche.question} : {nom}" if coche.question else nom
            yield CaseWord("coche", nom, "", rang), libelle


def _libelles(gabarit: GabaritWord) -> Iterator[Candidat]:
    """Les plus longs d’abord : « le représentant légal » plutôt que « légal »."""
    lignes = gabarit.index.toutes_les_lignes()
    candidats = {normaliser(t): " ".join(t.split()) for ligne in lignes for t in _libelles_de(ligne)}
    for texte in sorted(candidats.values(), key=len, reverse=True):
        nombre = len(gabarit.index.occurrences(texte))
        for rang in range(1, nombre + 1):
            yield CaseWord("libelle", texte, "", rang if nombre > 1 else 0), texte


def _libelles_de(ligne: Ligne) -> Iterator[str]:
    """Ce qui peut être un libellé dans cette ligne : la cellule entière, ou le texte avant un blanc."""
    dite = any(signe.isalnum() for signe in ligne.libelle_de_cellule)
    if ligne.cellule is not None and dite and len(ligne.libelle_de_cellule) <= LIBELLE:
        yield texte_de_cellule(ligne.cellule).strip().rstrip(" :\u00a0")
    debut = 0
    for blanc in _BLANC.finditer(ligne.texte):
        morceaux = re.split(r"\t| {3,}|\u00a0{3,}", ligne.texte[debut : blanc.start()])
        libelle = (
            next((m for m in reversed(morceaux) if m.strip()), "").lstrip(" \u00a0.;,-–·…_").rstrip(" \u00a0")
        )
        debut = blanc.end()
        if blanc[0] == ":" and len(libelle.split()) > _MOTS:
            continue
        if any(signe.isalnum() for signe in libelle):
            yield libelle if len(libelle) <= LIBELLE else " ".join(libelle.split()[-8:])


def _cellules(gabarit: GabaritWord) -> Iterator[Candidat]:
    """Les cellules vides des tableaux, nommées par leur ligne et leur colonne."""
    for numero, lignes in enumerate(gabarit.index.tableaux, start=1):
        entetes: dict[int, str] = {}
        for rang, ligne in enumerate(lignes, start=1):
            libelle = ""
            for colonne, cellule in _colonnes(ligne):
                texte = " ".join(texte_de_cellule(cellule).split())
                nom = " · ".join(dict.fromkeys(t for t in (libelle, entetes.get(colonne, "")) if t))
                if nom:
                    yield CaseWord("tableau", str(numero), f"{lettres_de_colonne(colonne)}{rang}"), nom
                sans_controle = next(cellule.iter(SDT), None) is None and controle_autour(cellule) is None
                if sans_controle and texte.strip(" .…_☐"):
                    libelle = entetes[colonne] = texte[:LONGUEUR]


def _colonnes(ligne: Element) -> Iterator[tuple[int, Element]]:
    colonne = 1 + _nombre(ligne.find(f"{w('trPr')}/{w('gridBefore')}"), 0)
    for cellule in descendre(ligne, TC):
        yield colonne, cellule
        colonne += _nombre(cellule.find(f"{w('tcPr')}/{w('gridSpan')}"), 1)


def _nombre(element: Element | None, defaut: int) -> int:
    texte = valeur(element) or ""
    return int(texte) if re.fullmatch("[0-9]{1,4}", texte) else defaut


def _signets(gabarit: GabaritWord) -> Iterator[Candidat]:
    """Les signets que l’auteur a nommés lui-même ; pas les ancres que Word pose."""
    for partie in gabarit.parties.values():
        champs = {_identifiant(champ.nom) for champ in champs_de(partie.racine)}
        for debut in partie.racine.iter(DEBUT):
            nom = debut.get(w("name")) or ""
            if nom and _identifiant(nom) not in champs and not nom.startswith(_ANCRES):
                yield CaseWord("signet", nom), _voisin(debut) or nom


def _anonymes(gabarit: GabaritWord) -> Iterator[Candidat]:
    """Les contrôles et les champs que rien d’autre ne désigne que leur rang dans le document."""
    for rang, cible in enumerate(gabarit.controles, start=1):
        if isinstance(cible.endroit, Portion | Boite) or _en_repli(cible):
            continue
        if genre_de(cible.endroit) != "autre":
            yield CaseWord("controle", "", "", rang), _voisin(cible.endroit)
    for rang, (_, champ) in enumerate(gabarit.index.champs, start=1):
        yield CaseWord("champ", "", "", rang), _voisin(champ.debut)


def _identifiant(nom: str) -> str:
    """Le nom du signet que Word pose sur un champ de ce nom."""
    return re.sub(r"\W", "_", nom)


def _voisin(element: Element) -> str:
    """Le texte qui précède l’élément : sur sa ligne, sinon dans la cellule de gauche."""
    paragraphe = next(element.iterancestors(P), None)
    if paragraphe is not None:
        rangs = {e: rang for rang, e in enumerate(paragraphe.iter())}
        passages = (r for r in paragraphe.iter(w("r")) if rangs[r] < rangs[element])
        avant = "".join(texte_de(r) for r in passages if element not in r.iter()).strip(" :\u00a0\t")
        if avant:
            return re.split(r"\t| {3,}", avant)[-1][-LONGUEUR:]
    cellule = next(element.iterancestors(TC), None)
    cellule = cellule if cellule is not None else next(element.iter(TC), None)
    ligne = None if cellule is None else next(cellule.iterancestors(TR), None)
    if cellule is None or ligne is None:
        bloc = element if paragraphe is None else paragraphe
        proches = islice(bloc.itersiblings(P, preceding=True), _RECUL)
        precedents = (" ".join(texte_de(p).split()) for p in proches)
        titre = next((texte for texte in precedents if texte), "")
        return titre[-LONGUEUR:] if paragraphe is None or titre.endswith(":") else ""
    cellules = list(descendre(ligne, TC))
    gauche = cellules[: cellules.index(cellule)] if cellule in cellules else []
    return next((t for c in reversed(gauche) if (t := texte_de_cellule(c).strip(" :\n"))), "")[:LONGUEUR]
