"""Les marques du classeur : quel formulaire choisi demande cette colonne, cette feuille.

Ce sont des formules : répondre « oui » ou « non » dans « Paramètres » change aussitôt les couleurs. Chaque
formulaire a dans la feuille « Listes » un drapeau, vide s’il n’est pas à remettre.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cpomdocs.classeur.besoins import CLE, CLE_FACULTATIVE, FACULTATIF, PUCE, FormulaireResume, demandeurs
from cpomdocs.modeles.base import InfoChamp

FEUILLE_LISTES = "Listes"
NOMS_FORMULAIRES = "Formulaires_noms"
REPONSES_FORMULAIRES = "Formulaires_reponses"
PREMIER_DRAPEAU = 2
"""Ligne (à partir de 1) du premier drapeau, dans la colonne A de « Listes »."""
_LONGUEUR = 42
"""Longueur au-delà de laquelle une marque dit le nombre de formulaires plutôt que leurs noms."""
_DEMANDEE = "Demandée par : "
_FEUILLE_FACULTATIVE = "Feuille facultative : aucun formulaire à remettre ne la demande."

_TOUJOURS = f"{PUCE} toujours"
_EN_PREMIER = f"{PUCE} À remplir en premier : tout le reste en dépend."
DEBUTS_DE_TITRE = (_DEMANDEE, _FEUILLE_FACULTATIVE, _EN_PREMIER)
"""Comment commence la phrase du haut d’une feuille."""


class Marque(NamedTuple):
    """Une marque : sa formule, et le texte qu’elle donne aujourd’hui."""

    formule: str
    texte: str

    @property
    def active(self) -> bool:
        """Vrai si un formulaire à remettre demande la place marquée."""
        return PUCE in self.texte


def drapeau(formulaire: FormulaireResume) -> Marque:
    """Le drapeau d’un formulaire : « ● nom », ou rien s’il n’est pas à remettre."""
    texte = f"{PUCE} {formulaire.nom} "
    formule = (
        f"=IF(COUNTIFS({NOMS_FORMULAIRES},{_entre_guillemets(formulaire.nom)},"
        f'{REPONSES_FORMULAIRES},"non")>0,"",{_entre_guillemets(texte)})'
    )
    return Marque(formule, texte if formulaire.a_remettre else "")


def marque_de_colonne(formulaires: Sequence[FormulaireResume], collection: str, info: InfoChamp) -> Marque:
    """La marque d’une colonne ou d’une rubrique."""
    if collection == "parametres" and info.obligatoire:
        return _fixe(_TOUJOURS)
    cle = (CLE if info.obligatoire else CLE_FACULTATIVE) if info.cle else None
    rangs = demandeurs(formulaires, collection, info.nom)
    if not rangs:
        return _fixe(cle or FACULTATIF)
    lus, valeur = _drapeaux(rangs), _valeur(formulaires, rangs)
    if cle is not None:
        return Marque(f'=IF({lus}="","{cle}","{PUCE} {cle}")', f"{PUCE} {cle}" if valeur else cle)
    return _courte(lus, valeur, FACULTATIF)


def marque_de_feuille(formulaires: Sequence[FormulaireResume], collection: str) -> Marque:
    """La phrase d’une feuille : qui la demande."""
    if collection == "parametres":
        return _fixe(_EN_PREMIER)
    rangs = demandeurs(formulaires, collection)
    if not rangs:
        return _fixe(_FEUILLE_FACULTATIVE)
    lus, valeur = _drapeaux(rangs), _valeur(formulaires, rangs)
    texte = f"{_DEMANDEE}{valeur.strip()}" if valeur else _FEUILLE_FACULTATIVE
    return Marque(f'=IF({lus}="","{_FEUILLE_FACULTATIVE}","{_DEMANDEE}"&TRIM({lus}))', texte)


def marque_de_sommaire(formulaires: Sequence[FormulaireResume], collection: str) -> Marque:
    """Dans le sommaire : les formulaires qui demandent la feuille, ou « facultative »."""
    if collection == "parametres":
        return _fixe(_TOUJOURS)
    rangs = demandeurs(formulaires, collection)
    if not rangs:
        return _fixe("facultative")
    lus, valeur = _drapeaux(rangs), _valeur(formulaires, rangs)
    return _courte(lus, valeur, "facultative", 2 * _LONGUEUR)


def _courte(lus: str, valeur: str, repos: str, longueur: int = _LONGUEUR) -> Marque:
    """Les noms des formulaires s’ils tiennent dans cette longueur, leur nombre sinon."""
    nombre = f'LEN({lus})-LEN(SUBSTITUTE({lus},"{PUCE}",""))'
    noms = f'IF(LEN({lus})>{longueur},"{PUCE} "&{nombre}&" formulaires",TRIM({lus}))'
    resume = f"{PUCE} {valeur.count(PUCE)} formulaires" if len(valeur) > longueur else valeur.strip()
    return Marque(f'=IF({lus}="","{repos}",{noms})', resume or repos)


def _fixe(texte: str) -> Marque:
    """Une marque qui ne dépend d’aucun formulaire."""
    return Marque(f'="{texte}"', texte)


def _drapeaux(rangs: Sequence[int]) -> str:
    return "&".join(f"{FEUILLE_LISTES}!$A${PREMIER_DRAPEAU + rang}" for rang in rangs)


def _valeur(formulaires: Sequence[FormulaireResume], rangs: Sequence[int]) -> str:
    return "".join(drapeau(formulaires[rang]).texte for rang in rangs)


def _entre_guillemets(texte: str) -> str:
    return '"' + texte.replace('"', '""') + '"'
