"""Remplir un document Word : seules changent les cases remplies, et les parties qui les portent.

Les écritures sont décidées toutes avant la première, puis appliquées sur une copie des parties touchées.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cpomdocs.remplissage.word.ajouts import copier, identifiants, inserer, ligne_modele
from cpomdocs.remplissage.word.endroits import Endroit, Portion
from cpomdocs.remplissage.word.gabarit import Cible, GabaritWord
from cpomdocs.remplissage.word.genres.champs import CHAMP, champ_de, repondre_au_champ
from cpomdocs.remplissage.word.genres.coches import SYM, Boite
from cpomdocs.remplissage.word.genres.controles import cocher, repondre, texte_de_saisie
from cpomdocs.remplissage.word.genres.fusion import fusion_de, texte_de_fusion
from cpomdocs.remplissage.word.gestes import (
    Geste,
    GesteChamp,
    GesteCoche,
    GesteControle,
    GesteFusion,
    GesteNoeud,
    GestePortion,
)
from cpomdocs.remplissage.word.ooxml import SDT, Element, Partie, PartieOuverte
from cpomdocs.remplissage.word.texte import (
    CaseRefusee,
    verifier_texte,
)
from cpomdocs.saisies import CaseWord, Refus, Remplissage, Saisie


@dataclass
class _Plan:
    """Les gestes décidés, et ce qui empêche d’en ajouter un : endroit pris, contrôle rempli autour."""

    gestes: dict[tuple[str, int, int], Geste] = field(default_factory=dict)
    remplis: set[tuple[str, int]] = field(default_factory=set)
    entoures: set[tuple[str, int]] = field(default_factory=set)
    ajouts: dict[tuple[str, int], dict[int, _Plan]] = field(default_factory=dict)
    """Par ligne modèle (partie, rang), le plan de chaque ligne à ajouter après elle."""

    def pour(self, prepare: GabaritWord, saisie: Saisie) -> _Plan:
        """Le plan où va cette saisie : celui du document, ou celui de la ligne à ajouter qu’elle vise."""
        ajout = saisie.case.cellule.partition("+")[2] if isinstance(saisie.case, CaseWord) else ""
        if not ajout:
            return self
        partie, endroit = prepare.localiser(saisie.case)[0]  # type: ignore[arg-type]
        modele = ligne_modele(_element(endroit))
        return self.ajouts.setdefault((partie.nom, partie.rangs[modele]), {}).setdefault(int(ajout), _Plan())

    def ajouter(self, nouveaux: Sequence[Geste], case: object) -> None:
        """Ajoute les gestes d’une saisie. Lève `CaseRefusee` si l’endroit est déjà pris."""
        if any(self._gene(geste) for geste in nouveaux):
            raise CaseRefusee(
                "RW-09",
                f"Deux valeurs différentes sont prévues au même endroit (« {case} »).",
                "Corriger la correspondance : une seule valeur par endroit ou par donnée liée.",
            )
        for geste in nouveaux:
            self.gestes[geste.endroit] = geste
            self.remplis.add((geste.partie, geste.rang))
            self.entoures |= {(geste.partie, rang) for rang in geste.autour}

    def _gene(self, geste: Geste) -> bool:
        prevu = self.gestes.get(geste.endroit)
        dedans = any((geste.partie, rang) in self.remplis for rang in geste.autour)
        return (
            dedans
            or (geste.partie, geste.rang) in self.entoures
            or (prevu is not None and prevu.texte != geste.texte)
        )


def remplir(prepare: GabaritWord, saisies: Sequence[Saisie]) -> Remplissage:
    """Le document rempli. Une saisie sans valeur laisse sa case telle quelle ; sans saisie, mêmes octets."""
    plan = _Plan()
    ecrites, refus = [], []
    for saisie in saisies:
        if saisie.a_ecrire in (None, ""):
            continue
        try:
            gestes = list(_gestes(prepare, saisie))
            plan.pour(prepare, saisie).ajouter(gestes, saisie.case)
        except CaseRefusee as motif:
            refus.append(Refus(saisie, motif.code, motif.message, motif.remede))
            continue
        ecrites.append(saisie)
    return Remplissage(_appliquer(prepare, plan), tuple(ecrites), tuple(refus))


def _gestes(prepare: GabaritWord, saisie: Saisie) -> Iterable[Geste]:
    if not isinstance(saisie.case, CaseWord):
        raise CaseRefusee("RW-01", f"« {saisie.case} » n’est pas une case de document Word.", "")
    for cible in prepare.localiser(saisie.case):
        partie, endroit = cible
        if isinstance(endroit, Portion):
            rang = partie.rangs[endroit.paragraphe]
            texte = verifier_texte(texte_de_saisie(saisie))
            autour = _autour(partie, endroit.paragraphe)
            yield GestePortion(partie.nom, rang, endroit.debut, texte, endroit, autour=autour)
        elif isinstance(endroit, Boite):
            yield _geste_de_boite(partie, endroit, saisie)
        elif (fusion := fusion_de(endroit)) is not None:
            texte = texte_de_fusion(fusion, saisie)
            yield GesteFusion(partie.nom, partie.rangs[endroit], 0, texte, autour=_autour(partie, endroit))
        elif endroit.tag == CHAMP:
            reponse = repondre_au_champ(champ_de(endroit), saisie)
            texte = reponse.texte + reponse.stocke
            yield GesteChamp(
                partie.nom, partie.rangs[endroit], 0, texte, reponse, autour=_autour(partie, endroit)
            )
        elif endroit.tag == SDT:
            yield from _gestes_de_controle(prepare, cible, saisie)
        else:
            texte = verifier_texte(texte_de_saisie(saisie))
            yield Geste(partie.nom, partie.rangs[endroit], 0, texte, autour=_autour(partie, endroit))


def _geste_de_boite(partie: Partie, boite: Boite, saisie: Saisie) -> GesteCoche:
    reponse = cocher(saisie)
    porteur = boite.element if boite.element.tag == SYM else boite.paragraphe
    return GesteCoche(
        partie.nom,
        partie.rangs[porteur],
        boite.position,
        reponse.stocke,
        bool(reponse.coche),
        autour=_autour(partie, boite.paragraphe),
    )


def _gestes_de_controle(prepare: GabaritWord, cible: Cible, saisie: Saisie) -> Iterable[Geste]:
    """Le contrôle lui-même, puis la donnée liée et tous les contrôles qui la montrent."""
    premier = _geste_de_controle(prepare, cible, saisie)
    yield premier
    noeud = None if isinstance(cible.endroit, Portion | Boite) else prepare.magasins.noeud(cible.endroit)
    if noeud is None:
        return
    yield GesteNoeud(
        noeud.partie, noeud.rang, _position(noeud.attribut or noeud.enfant), premier.reponse.stocke, noeud
    )
    for lie in prepare.lies(noeud):
        yield _geste_de_controle(prepare, lie, saisie)


def _geste_de_controle(prepare: GabaritWord, cible: Cible, saisie: Saisie) -> GesteControle:
    partie, sdt = cible
    if isinstance(sdt, Portion | Boite):
        raise TypeError("un contrôle est attendu")
    reponse = repondre(sdt, saisie)
    texte = f"{reponse.texte}\n{reponse.stocke}"
    return GesteControle(partie.nom, partie.rangs[sdt], 0, texte, reponse, prepare.styles_invite)


def _autour(partie: Partie, element: Element) -> frozenset[int]:
    return frozenset(partie.rangs[sdt] for sdt in element.iterancestors(SDT))


def _position(nom: str | None) -> int:
    """Distingue les attributs et les enfants d’un même élément."""
    return 0 if nom is None else 1 + int.from_bytes(nom.encode())


def _element(endroit: Endroit) -> Element:
    if isinstance(endroit, Portion | Boite):
        return endroit.paragraphe
    return endroit


def _appliquer(prepare: GabaritWord, plan: _Plan) -> bytes:
    """Les octets du document, lignes ajoutées après que le reste est écrit."""
    ouvertes: dict[str, PartieOuverte] = {}
    touchees = [geste.partie for geste in plan.gestes.values()] + [nom for nom, _ in plan.ajouts]
    for nom in dict.fromkeys(touchees):
        origine = prepare.parties.get(nom) or prepare.magasins.parties[nom]
        ouvertes[nom] = origine.ouvrir()
    _faire(plan, ouvertes)
    pris = identifiants(partie.racine for partie in prepare.parties.values()) if plan.ajouts else set()
    for (nom, rang), lignes in plan.ajouts.items():
        copies = [copier(ouvertes[nom], rang, pris) for _ in range(max(lignes))]
        for numero, ligne in lignes.items():
            _faire(ligne, {nom: copies[numero - 1]})
        inserer(ouvertes[nom], rang, copies)
    if not ouvertes:
        return prepare.archive.octets
    return prepare.archive.recomposer({nom: ouverte.octets() for nom, ouverte in sorted(ouvertes.items())})


def _faire(plan: _Plan, ouvertes: dict[str, PartieOuverte]) -> None:
    """Les positions d’un paragraphe d’abord, de la fin vers le début : le reste les décalerait."""

    def ordre(geste: Geste) -> tuple[bool, tuple[str, int, int]]:
        return isinstance(geste, GestePortion | GesteCoche), geste.endroit

    for geste in sorted(plan.gestes.values(), key=ordre, reverse=True):
        geste.appliquer(ouvertes[geste.partie])
