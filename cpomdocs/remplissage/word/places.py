"""Toutes les places d’un formulaire Word, chacune sous l’adresse la plus sûre qui la désigne."""

from __future__ import annotations

from dataclasses import dataclass, field

from cpomdocs.erreurs import ErreurFichier
from cpomdocs.remplissage.places import Place
from cpomdocs.remplissage.word.candidats import LIBELLE, LONGUEUR, candidats
from cpomdocs.remplissage.word.endroits import Portion
from cpomdocs.remplissage.word.gabarit import GabaritWord
from cpomdocs.remplissage.word.genres.champs import CHAMP, champ_de
from cpomdocs.remplissage.word.genres.coches import SYM, Boite
from cpomdocs.remplissage.word.genres.controles import choix_de, genre_de
from cpomdocs.remplissage.word.genres.fusion import fusion_de
from cpomdocs.remplissage.word.index import Cible
from cpomdocs.remplissage.word.ooxml import (
    CONTENU,
    SDT,
    TC,
    P,
    morceaux,
    texte_de,
    valeur,
    w,
)
from cpomdocs.remplissage.word.texte import CaseRefusee
from cpomdocs.saisies import CaseWord

_GENRES = {
    "texte": "texte",
    "riche": "texte sur plusieurs lignes",
    "date": "date",
    "liste": "liste",
    "saisie_ou_liste": "liste ou texte",
    "case": "case à cocher",
    "image": "image",
}
_CODES = {"FORMTEXT": "texte", "FORMCHECKBOX": "case à cocher", "FORMDROPDOWN": "liste"}
ADRESSES = 5_000
"""Nombre d’adresses essayées au plus ; les plus grands formulaires connus en ont mille."""
Cle = tuple[str, int, int]
"""Un endroit : la partie, le rang de l’élément, la position dans le paragraphe."""


def endroit_de_case(gabarit: GabaritWord, case: CaseWord) -> Cle | None:
    """Ce qui identifie l’endroit d’une case ; `None` s’il ne peut pas être rempli."""
    try:
        return _cle(gabarit.localiser(case)[0])
    except CaseRefusee:
        return None


def _cle(cible: Cible) -> Cle:
    partie, endroit = cible
    if isinstance(endroit, Portion):
        return partie.nom, partie.rangs[endroit.paragraphe], endroit.debut
    if isinstance(endroit, Boite):
        porteur = endroit.element if endroit.element.tag == SYM else endroit.paragraphe
        return partie.nom, partie.rangs[porteur], endroit.position
    return partie.nom, partie.rangs[endroit], 0


def places(gabarit: GabaritWord) -> list[Place]:
    """Les places du document, dans son ordre, une fois chacune. Lève `ErreurFichier` s’il en a trop."""
    releve = _Releve(gabarit)
    for rang, (case, libelle) in enumerate(candidats(gabarit)):
        if rang >= ADRESSES:
            raise ErreurFichier(
                f"Ce document a plus de {ADRESSES} places : la liste n’en est pas dressée.",
                "Vérifier sa provenance ; sinon, viser ses places par leur libellé ou leur nom.",
            )
        releve.noter(case, libelle)
    ordre = {nom: rang for rang, nom in enumerate(gabarit.parties)}
    return [releve.trouvees[cle] for cle in sorted(releve.trouvees, key=lambda c: (ordre[c[0]], *c[1:]))]


@dataclass
class _Releve:
    gabarit: GabaritWord
    trouvees: dict[Cle, Place] = field(default_factory=dict)
    doubles: set[Cle] = field(default_factory=set)
    """Les autres endroits qu’une adresse remplit en même temps."""

    def noter(self, case: CaseWord, libelle: str) -> None:
        """Ajoute la place si elle se remplit, et si une autre adresse ne l’a pas déjà donnée."""
        try:
            cible, *autres = self.gabarit.localiser(case)
        except CaseRefusee:
            return
        cle = _cle(cible)
        if isinstance(cible.endroit, Portion) and _reponse_dessous(cible.endroit):
            return
        if case.genre == "signet" and self._deja_la(cible):
            return
        if cle not in self.trouvees and cle not in self.doubles:
            self.doubles |= {_cle(autre) for autre in autres}
            self.trouvees[cle] = _place(case, cible, " ".join(libelle.split())[:LIBELLE])

    def _deja_la(self, cible: Cible) -> bool:
        """Vrai si un libellé mène au même point de la ligne que ce signet."""
        partie, debut = cible
        paragraphe = None if isinstance(debut, Portion | Boite) else next(debut.iterancestors(P), None)
        if paragraphe is None or isinstance(debut, Portion | Boite):
            return False
        rang = partie.rangs[debut]
        position = sum(len(t) for porteur, t in morceaux(paragraphe) if partie.rangs[porteur] < rang)
        ici = (partie.nom, partie.rangs[paragraphe])
        return any((*ici, voisine) in self.trouvees for voisine in (position - 1, position, position + 1))


def _place(case: CaseWord, cible: Cible, libelle: str) -> Place:
    endroit = cible.endroit
    if isinstance(endroit, Portion):
        blanc = texte_de(endroit.paragraphe)[endroit.debut : endroit.fin].strip()
        en_cellule = next(endroit.paragraphe.iterancestors(TC), None) is not None
        return Place("cellule" if en_cellule and not blanc else "blanc", case, libelle, _court(blanc))
    if isinstance(endroit, Boite):
        return Place("case à cocher", case, libelle)
    if fusion_de(endroit) is not None:
        return Place("publipostage", case, libelle)
    if endroit.tag == CHAMP:
        champ = champ_de(endroit)
        contenu = "".join(texte_de(passage) for passage in champ.resultat)
        entrees = endroit.iterfind(f"{w('ffData')}/{w('ddList')}/{w('listEntry')}")
        choix = tuple(valeur(entree) or "" for entree in entrees)
        return Place(_CODES[champ.code], case, libelle, _court(contenu), choix)
    if endroit.tag == SDT:
        contenu = " ".join(texte_de(e) for e in endroit.iterfind(f"{CONTENU}/*"))
        contenu = contenu or " ".join(texte_de(p) for p in endroit.iter(P))
        return Place(_GENRES[genre_de(endroit)], case, libelle, _court(contenu), choix_de(endroit))
    return Place("signet", case, libelle)


def _reponse_dessous(portion: Portion) -> bool:
    """Vrai pour « libellé : » suivi d’un contrôle dans le paragraphe d’après : c’est lui qui se remplit."""
    dessous = portion.paragraphe.getnext()
    if portion.debut < len(texte_de(portion.paragraphe)) or dessous is None or portion.fin > portion.debut:
        return False
    return dessous.tag == SDT or (dessous.tag == P and dessous.find(SDT) is not None)


def _court(texte: str) -> str:
    uni = " ".join(texte.split())
    return uni if len(uni) <= LONGUEUR else uni[: LONGUEUR - 1] + "…"
