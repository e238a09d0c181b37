"""Remplir un document Word : seules changent les cases remplies, et les parties qui les portent.

Les écritures sont décidées toutes avant la première, puis appliquées sur une copie des parties touchées.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from cpomdocs.remplissage.word.endroits import Portion
from cpomdocs.remplissage.word.gabarit import GabaritWord
from cpomdocs.remplissage.word.genres.champs import CHAMP, champ_de, repondre_au_champ
from cpomdocs.remplissage.word.genres.coches import Boite
from cpomdocs.remplissage.word.genres.controles import (
    cocher,
    liste_qui_se_souvient,
    repondre,
    texte_de_saisie,
)
from cpomdocs.remplissage.word.genres.fusion import fusion_de, texte_de_fusion
from cpomdocs.remplissage.word.genres.liaisons import document_a_plat
from cpomdocs.remplissage.word.genres.remplir_controle import format_du_controle
from cpomdocs.remplissage.word.index import Cible
from cpomdocs.remplissage.word.ooxml import SDT, Element, Partie
from cpomdocs.remplissage.word.recriture.ajouts import copier, identifiants
from cpomdocs.remplissage.word.recriture.assemblage import assembler, faire, mettre_en_octets
from cpomdocs.remplissage.word.recriture.gestes import (
    Geste,
    GesteChamp,
    GesteCoche,
    GesteControle,
    GesteFusion,
    GesteInvite,
    GesteNoeud,
    GestePortion,
    Lieu,
)
from cpomdocs.remplissage.word.recriture.lieux import invites_autour, lieu_de
from cpomdocs.remplissage.word.recriture.medias import Medias
from cpomdocs.remplissage.word.texte import CaseRefusee, verifier_texte
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
        case = saisie.case
        if not isinstance(case, CaseWord) or not (case.genre == "section" or "+" in case.cellule):
            return self
        ajout = prepare.ajout_retenu(case)
        if ajout is None:
            return self
        partie, modele, numero = ajout
        return self.ajouts.setdefault((partie, modele), {}).setdefault(numero, _Plan())

    def ajouter(self, nouveaux: Sequence[Geste], case: object) -> None:
        """Ajoute les gestes d’une saisie. Lève `CaseRefusee` si l’endroit est déjà pris."""
        if any(self._gene(geste) for geste in nouveaux):
            raise CaseRefusee(
                "RW-09",
                f"Deux valeurs différentes sont prévues au même endroit (« {case} »).",
                "Corriger la correspondance : une seule valeur par endroit ou par donnée liée.",
            )
        for geste in nouveaux:
            partie, rang, position, _, autour = geste.lieu
            self.gestes[partie, rang, position] = geste
            self.remplis.add((partie, rang))
            if autour:
                self.entoures |= {(partie, autre) for autre in autour}

    def _gene(self, geste: Geste) -> bool:
        partie, rang, position, _, autour = geste.lieu
        prevu = self.gestes.get((partie, rang, position))
        return (
            (prevu is not None and prevu.texte != geste.texte)
            or (partie, rang) in self.entoures
            or any((partie, autre) in self.remplis for autre in autour)
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
        lieu = lieu_de(partie, endroit)
        if lieu.autour:
            yield from (GesteInvite(invite, "") for invite in invites_autour(partie, endroit))
        if isinstance(endroit, Portion):
            texte = _date_entre_barres(endroit, saisie) or verifier_texte(texte_de_saisie(saisie))
            yield GestePortion(lieu, texte, endroit, endroit.avant)
        elif isinstance(endroit, Boite):
            reponse = cocher(saisie)
            yield GesteCoche(lieu, reponse.stocke, bool(reponse.coche))
        elif endroit.tag == SDT:
            yield from _gestes_de_controle(prepare, cible, saisie)
        else:
            yield _geste_d_autrefois(partie, endroit, saisie)


def _date_entre_barres(portion: Portion, saisie: Saisie) -> str | None:
    """La date comme ses barres la demandent. Lève `CaseRefusee` si l’année imprimée n’est pas la sienne."""
    jour = saisie.valeur.valeur
    if not portion.barres or saisie.texte is not None or not isinstance(jour, datetime.date):
        return None
    if portion.annee is None:
        return f"{jour:%d/%m/%Y}"
    if jour.year != portion.annee:
        raise CaseRefusee(
            "RW-08",
            f"Le formulaire impose l’année {portion.annee} ; la date est le {texte_de_saisie(saisie)}.",
            "Corriger la date dans le classeur maître, ou remplir cet endroit à la main.",
        )
    return f"{jour:%d/%m}"


def _geste_d_autrefois(partie: Partie, debut: Element, saisie: Saisie) -> Geste:
    """Un champ de formulaire ou de publipostage, ou un signet."""
    lieu = lieu_de(partie, debut)
    fusion = fusion_de(debut)
    if fusion is not None:
        return GesteFusion(lieu, texte_de_fusion(fusion, saisie))
    if debut.tag != CHAMP:
        return Geste(lieu, verifier_texte(texte_de_saisie(saisie)))
    champ = champ_de(debut)
    reponse = repondre_au_champ(champ, saisie)
    choisie = reponse.stocke if champ.code == "FORMDROPDOWN" else None
    return GesteChamp(lieu, reponse.texte + reponse.stocke, reponse, choisie)


def _gestes_de_controle(prepare: GabaritWord, cible: Cible, saisie: Saisie) -> Iterable[Geste]:
    """Le contrôle lui-même, puis la donnée liée et tous les contrôles qui la montrent."""
    premier = _geste_de_controle(prepare, cible, saisie)
    yield premier
    noeud = prepare.donnee_liee(cible)
    if noeud is None:
        return
    position = _position(noeud.attribut or noeud.enfant)
    stocke = premier.reponse.stocke
    if noeud.riche:
        proprietes = format_du_controle(_sdt(cible), prepare.styles_invite)
        stocke = document_a_plat(premier.reponse.texte.split("\n"), proprietes)
    yield GesteNoeud(Lieu(noeud.partie, noeud.rang, position, (noeud.rang, noeud.rang)), stocke, noeud)
    for lie in prepare.lies(noeud):
        yield _geste_de_controle(prepare, lie, saisie)


def _geste_de_controle(prepare: GabaritWord, cible: Cible, saisie: Saisie) -> GesteControle:
    partie, sdt = cible.partie, _sdt(cible)
    reponse = repondre(sdt, saisie)
    choisie = reponse.stocke if liste_qui_se_souvient(sdt) is not None else None
    texte = f"{reponse.texte}\n{reponse.stocke}"
    return GesteControle(lieu_de(partie, sdt), texte, reponse, prepare.styles_invite, choisie)


def _sdt(cible: Cible) -> Element:
    if isinstance(cible.endroit, Portion | Boite):
        raise TypeError("un contrôle est attendu")
    return cible.endroit


def _position(nom: str | None) -> int:
    """Distingue les attributs et les enfants d’un même élément."""
    return 0 if nom is None else 1 + int.from_bytes(nom.encode())


def _appliquer(prepare: GabaritWord, plan: _Plan) -> bytes:
    """Les octets du document."""
    medias = Medias(prepare.archive)
    gestes: dict[str, list[Geste]] = {}
    for geste in plan.gestes.values():
        gestes.setdefault(geste.lieu.partie, []).append(_illustrer(geste, medias))
    ajouts = _lignes_ajoutees(prepare, plan, medias)
    if not gestes and not ajouts:
        return prepare.archive.octets
    remplacees = {
        nom: assembler(prepare.partie(nom), gestes.get(nom, []), ajouts.get(nom, {}))
        for nom in sorted({*gestes, *ajouts})
    }
    return prepare.archive.recomposer(remplacees | medias.remplacements, medias.ajouts)


def _illustrer(geste: Geste, medias: Medias) -> Geste:
    """Le geste, son image posée dans le paquet s’il en a une."""
    if not isinstance(geste, GesteControle) or geste.reponse.image is None:
        return geste
    return replace(geste, relation=medias.poser(geste.lieu.partie, geste.reponse.image))


def _lignes_ajoutees(prepare: GabaritWord, plan: _Plan, medias: Medias) -> dict[str, dict[int, bytes]]:
    """Par partie et par ligne modèle, les lignes à mettre à sa suite."""
    ajouts: dict[str, dict[int, bytes]] = {}
    pris = identifiants(partie.racine for partie in prepare.parties.values()) if plan.ajouts else set()
    for (nom, rang), lignes in plan.ajouts.items():
        partie = prepare.partie(nom)
        copies = [copier(partie, rang, pris) for _ in range(max(lignes))]
        for numero, ligne in lignes.items():
            gestes = [_illustrer(geste, medias) for geste in ligne.gestes.values()]
            faire(gestes, copies[numero - 1])
        parent = partie.elements[rang].getparent()
        contenu = b"".join(mettre_en_octets(copie.racine, parent) for copie in copies)
        ajouts.setdefault(nom, {})[rang] = contenu
    return ajouts
