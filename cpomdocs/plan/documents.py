"""Les documents à produire : un par formulaire et par établissement concerné, dans un ordre stable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from cpomdocs.ecriture.noms import cle_de_collision
from cpomdocs.formulaires.catalogue import Formulaire
from cpomdocs.modeles.chemins import Contexte, Valeur, lire_chemin, resoudre
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.modeles.entites.objectifs import Objectif
from cpomdocs.plan.anomalies import manques
from cpomdocs.plan.contenu import (
    Contenu,
    ajouter_attribution,
    ajouter_section,
    ajouter_tableau,
    nombre_de_copies,
)
from cpomdocs.plan.sortie import chemin_de_sortie, collision
from cpomdocs.rapport import Anomalie
from cpomdocs.remplissage.moteurs import champs_lus
from cpomdocs.saisies import Saisie


@dataclass(frozen=True)
class DocumentPrevu:
    """Un document à produire : où il va, ce qu’on y écrit, ce qui l’en empêche.

    `valeurs` : tout ce que le document montre, saisies comprises ; `comparaisons` : ce que ses formules
    doivent retrouver ; `empechement` : l’anomalie de chemin de sortie qui interdit de le produire.
    """

    cle: str
    formulaire: Formulaire
    contexte: Contexte
    chemin: str
    saisies: tuple[Saisie, ...] = ()
    valeurs: tuple[Valeur, ...] = ()
    comparaisons: tuple[Saisie, ...] = ()
    anomalies: tuple[Anomalie, ...] = ()
    empechement: Anomalie | None = None

    @property
    def etablissement(self) -> str | None:
        """Le code de l’établissement, ou `None` pour un document du gestionnaire."""
        return self.contexte.etablissement.code if self.contexte.etablissement else None

    @property
    def manquantes(self) -> tuple[Valeur, ...]:
        """Les valeurs attendues et vides."""
        return tuple(v for v in self.valeurs if v.etat == "vide")


def planifier(dossier: Dossier, formulaires: Iterable[Formulaire]) -> list[DocumentPrevu]:
    """Les documents de chaque formulaire, pour chaque établissement concerné, dans un ordre stable."""
    prevus: list[DocumentPrevu] = []
    occupes: dict[str, str] = {}
    for formulaire in formulaires:
        for contexte in _contextes(dossier, formulaire):
            for prevu in _documents(formulaire, contexte):
                occupant = occupes.setdefault(cle_de_collision(prevu.chemin), prevu.cle)
                if occupant != prevu.cle and prevu.empechement is None:
                    refus = collision(prevu.chemin, occupant, formulaire, contexte)
                    prevu = replace(prevu, empechement=refus)
                prevus.append(prevu)
    return prevus


def _documents(formulaire: Formulaire, contexte: Contexte) -> Iterator[DocumentPrevu]:
    """Le document, et ses copies « suite » ; ce qui a été dit du premier n’est pas redit des suivants."""
    premier = _document(formulaire, contexte)
    yield premier
    for copie in range(2, nombre_de_copies(formulaire.correspondance.tableaux, contexte) + 1):
        suivant = _document(formulaire, contexte, copie)
        propres = tuple(a for a in suivant.anomalies if a not in premier.anomalies)
        yield replace(suivant, anomalies=propres, comparaisons=())


def _contextes(dossier: Dossier, formulaire: Formulaire) -> Iterator[Contexte]:
    portee = formulaire.correspondance.formulaire.portee
    if portee == "gestionnaire":
        candidats = [Contexte(dossier)]
    elif portee == "objectif":
        candidats = [Contexte(dossier, None, o) for o in dossier.objectifs if o.numero]
    else:
        candidats = [
            Contexte(dossier, e)
            for e in dossier.etablissements
            if e.code and e.dans_perimetre_cpom is not False
        ]
    pour = formulaire.correspondance.formulaire.pour
    yield from (c for c in candidats if all(_admis(champ, admises, c) for champ, admises in pour.items()))


def _admis(champ: str, admises: list[str | bool | int], contexte: Contexte) -> bool:
    return resoudre(lire_chemin(champ), contexte).valeur in admises


def _document(formulaire: Formulaire, contexte: Contexte, copie: int = 1) -> DocumentPrevu:
    contenu = Contenu()
    for attribution in formulaire.attributions:
        ajouter_attribution(contenu, attribution, formulaire, contexte)
    for tableau in formulaire.correspondance.tableaux:
        ajouter_tableau(contenu, tableau, formulaire, contexte, copie)
    for section in formulaire.correspondance.sections:
        ajouter_section(contenu, section, formulaire, contexte)
    attendu = Contenu()
    for attribution in formulaire.comparaisons:
        ajouter_attribution(attendu, attribution, formulaire, contexte)
    valeurs = [s.valeur for s in contenu.saisies]
    if formulaire.correspondance.genre == "balises":
        valeurs += champs_lus(formulaire.gabarit, contexte)
    chemin, empechement = chemin_de_sortie(formulaire, contexte, copie)
    anomalies = [*contenu.anomalies, *attendu.anomalies, *manques(valeurs, formulaire, contexte)]
    return DocumentPrevu(
        cle=_cle(formulaire, contexte, copie),
        formulaire=formulaire,
        contexte=contexte,
        chemin=chemin,
        saisies=tuple(contenu.saisies),
        valeurs=tuple(valeurs),
        comparaisons=tuple(attendu.saisies),
        anomalies=tuple(anomalies),
        empechement=empechement,
    )


def _cle(formulaire: Formulaire, contexte: Contexte, copie: int) -> str:
    parties = [formulaire.nom, contexte.etablissement.code if contexte.etablissement else "gestionnaire"]
    if isinstance(contexte.objectif, Objectif):
        parties.append(contexte.objectif.numero)
    if copie > 1:
        parties.append(f"suite {copie}")
    return "/".join(str(p) for p in parties)
