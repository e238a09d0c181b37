"""Recalculer un document rempli : chaque résultat est juste ou absent, jamais périmé."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

from cpomdocs.office.valeurs import CodeErreur
from cpomdocs.recalcul.controles import Controle, controles_du_document
from cpomdocs.recalcul.dependances import influencees
from cpomdocs.recalcul.formules import HORLOGE, Inventaire, inventorier
from cpomdocs.recalcul.moteur import Lieu, Moteur, MoteurEnEchec, Resultat, Seance
from cpomdocs.recalcul.qualification import Qualification, empreinte, qualification_gardee
from cpomdocs.recalcul.transplantation import normaliser, poser

Etat = Literal["fait", "sans_formule", "sans_moteur", "non_qualifie", "echec"]
_AVEUX = frozenset({"#NAME?", "#REF!"})
"""Ce qu’il rend pour une fonction inconnue, une référence circulaire ou un INDIRECT qu’il ne suit pas."""
_A_L_OUVERTURE = "Les totaux seront calculés par Excel à l’ouverture."
_SANS_DATE = datetime.datetime(2000, 1, 1)


class Retrait(NamedTuple):
    """Une cellule laissée sans résultat, qu’Excel calculera à l’ouverture, et pourquoi."""

    feuille: str
    cellule: str
    raison: str


@dataclass(frozen=True)
class RapportRecalcul:
    """Ce que le recalcul a fait. `poses` : résultats remis ; `retraits` : cellules laissées à Excel."""

    etat: Etat
    message: str
    poses: int = 0
    retraits: tuple[Retrait, ...] = ()
    controles: tuple[Controle, ...] = ()
    resultats: Mapping[Lieu, Resultat] | None = None
    """Les résultats posés, pour les comparer aux valeurs des modèles."""


@dataclass
class Recalculateur:
    """Le recalcul d’une commande entière : le moteur et les qualifications servent à tous ses documents.

    `moteur` : `None` s’il n’est pas installé, ou si le recalcul n’est pas voulu ; `reserve` : le répertoire
    où garder les qualifications ; `maintenant` : voir `recalculer_document`.
    """

    moteur: Moteur | None
    reserve: Path | None = None
    maintenant: datetime.datetime | None = None
    _constats: dict[tuple[bytes, str], Qualification | str] = field(default_factory=dict, repr=False)

    def recalculer(
        self, gabarit: bytes, document: bytes, *, langue: str = "fr-FR", livree: Path | None = None
    ) -> tuple[bytes, RapportRecalcul]:
        """Le document avec ses totaux, et le compte rendu. `livree` : la qualification livrée."""
        constat = self.qualifier(gabarit, langue, livree)
        if self.moteur is None or constat is None:
            return recalculer_document(gabarit, document, moteur=None)
        if isinstance(constat, str):
            return document, RapportRecalcul("echec", f"{constat} {_A_L_OUVERTURE}")
        return recalculer_document(
            gabarit,
            document,
            moteur=self.moteur,
            qualification=constat,
            langue=langue,
            maintenant=self.maintenant,
        )

    def qualifier(self, gabarit: bytes, langue: str, livree: Path | None) -> Qualification | str | None:
        """La qualification, faite une fois ; le message de l’échec si le moteur refuse le gabarit.

        `None` sans moteur.
        """
        cle = (gabarit, langue)
        if self.moteur is not None and cle not in self._constats:
            try:
                constat: Qualification | str = qualification_gardee(
                    gabarit, self.moteur, langue, livree=livree, reserve=self.reserve
                )
            except MoteurEnEchec as echec:
                constat = str(echec)
            self._constats[cle] = constat
        return self._constats.get(cle)

    def admettre(self, gabarit: bytes, langue: str, constat: Qualification | str) -> None:
        """Tient pour faite une qualification faite ailleurs."""
        self._constats[gabarit, langue] = constat


def recalculer_document(
    gabarit: bytes,
    document: bytes,
    *,
    moteur: Moteur | None,
    qualification: Qualification | None = None,
    langue: str = "fr-FR",
    maintenant: datetime.datetime | None = None,
) -> tuple[bytes, RapportRecalcul]:
    """Le document avec ses totaux, et le compte rendu. Mêmes entrées, mêmes octets.

    Sans moteur (`None` : non installé, ou recalcul non voulu), sans qualification, ou si le calcul échoue, le
    document est rendu tel quel : ses formules sont sans résultat et Excel les calculera. `maintenant` : la
    valeur d’AUJOURDHUI() ; `None` : les cellules qui en dépendent restent sans résultat.
    Lève `ErreurFichier` si le document ne se lit pas.
    """
    if moteur is None:
        return document, RapportRecalcul("sans_moteur", _A_L_OUVERTURE)
    if document == gabarit:
        return document, RapportRecalcul("sans_formule", "Rien n’a été écrit : rien n’est à recalculer.")
    inventaire = inventorier(document)
    if not inventaire.formules:
        return document, RapportRecalcul("sans_formule", "Ce formulaire ne calcule rien.")
    if qualification is None or not qualification.qualifie or qualification.gabarit != empreinte(gabarit):
        message = f"Gabarit non qualifié. {_A_L_OUVERTURE}"
        return document, RapportRecalcul("non_qualifie", message)
    try:
        return _recalculer(inventaire, moteur, qualification, langue, maintenant)
    except MoteurEnEchec as echec:
        message = f"{echec} {_A_L_OUVERTURE}"
        return document, RapportRecalcul("echec", message)


def _recalculer(
    inventaire: Inventaire,
    moteur: Moteur,
    qualification: Qualification,
    langue: str,
    maintenant: datetime.datetime | None,
) -> tuple[bytes, RapportRecalcul]:
    if inventaire.mode_particulier:
        raise MoteurEnEchec(f"Ce formulaire n’est pas recalculé : {inventaire.mode_particulier}.")
    octets = inventaire.archive.octets
    seance = moteur.calculer(octets, list(inventaire.calculees), langue, maintenant or _SANS_DATE)
    raisons = _douteuses(inventaire, seance, qualification, datee=maintenant is not None)
    for lieu in influencees(seance, inventaire, raisons):
        raisons.setdefault(lieu, "elles dépendent d’une cellule laissée à Excel")
    raisons |= _a_part(inventaire, seance)
    poses = {
        lieu: normaliser(seance.resultats.get(lieu)) for lieu in inventaire.calculees if lieu not in raisons
    }
    retires = {lieu: raison for lieu, raison in raisons.items() if lieu in inventaire.calculees}
    rendu = poser(inventaire, {**poses, **dict.fromkeys(retires)})
    message = f"{len(poses)} résultats calculés avec {moteur.identite}"
    message += f", {len(retires)} laissés à Excel." if retires else "."
    return rendu, RapportRecalcul(
        "fait",
        message,
        poses=len(poses),
        retraits=tuple(Retrait(x.feuille, x.cellule, raison) for x, raison in sorted(retires.items())),
        controles=tuple(controles_du_document(inventaire, poses)),
        resultats=poses,
    )


def _douteuses(
    inventaire: Inventaire, seance: Seance, qualification: Qualification, datee: bool
) -> dict[Lieu, str]:
    """Les cellules dont le résultat n’est pas sûr, donc aussi celles qui en dépendent."""
    raisons: dict[Lieu, str] = {}
    for rate in qualification.non_reproduits:
        raisons[rate.lieu] = f"le moteur n’y retrouve pas le résultat attendu ({qualification.reference})"
    for lieu in inventaire.exterieures():
        raisons[lieu] = "elles dépendent du réseau, du poste, du hasard ou d’un autre classeur"
    for lieu in inventaire.mal_affichees():
        raisons[lieu] = "elles mettent un nombre en texte d’une façon qui varie selon les postes"
    if not datee:
        raisons |= dict.fromkeys(inventaire.citant(HORLOGE), "elles dépendent de la date")
    for lieu in seance.instables:
        raisons.setdefault(lieu, "leur calcul ne se stabilise pas")
    for lieu, resultat in seance.resultats.items():
        if isinstance(resultat, CodeErreur):
            voulue = resultat.code in inventaire.formules.get(lieu, "")
            if normaliser(resultat) is None or (resultat.code in _AVEUX and not voulue):
                raisons.setdefault(lieu, f"le moteur ne sait pas les calculer ({resultat})")
        elif normaliser(resultat) is None:
            raisons.setdefault(lieu, "leur résultat ne s’écrit pas dans une cellule")
    return raisons


def _a_part(inventaire: Inventaire, seance: Seance) -> dict[Lieu, str]:
    """Les cellules justes mais qu’on ne peut pas écrire : valeur enrichie, débordement d’une autre taille."""
    raisons = dict.fromkeys(inventaire.enrichies, "leur résultat est une valeur enrichie d’Excel")
    for formule in inventaire.matricielles:
        raison = ""
        if formule.genre == "dataTable":
            raison = "une table de données les calcule"
        elif formule.dynamique:
            prevue = (
                formule.plage.bas - formule.plage.haut + 1,
                formule.plage.droite - formule.plage.gauche + 1,
            )
            prise = seance.etendue(formule.lieu) or (1, 1)
            if prise != prevue:
                raison = (
                    f"leur formule déborde sur {_taille(prise)}, le formulaire en montre {_taille(prevue)}"
                )
        if raison:
            lieux = inventaire.feuilles[formule.lieu.feuille][1].dans(formule.plage)
            raisons |= {Lieu(formule.lieu.feuille, c.ligne, c.colonne): raison for c in lieux}
            raisons[formule.lieu] = raison
    return raisons


def _taille(etendue: tuple[int, int]) -> str:
    return f"{etendue[0]} × {etendue[1]} cellules"
