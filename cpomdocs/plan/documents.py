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
from cpomdocs.plan.feuilles import contenus_des_feuilles
from cpomdocs.plan.sortie import chemin_de_sortie, collision
from cpomdocs.rapport import Anomalie
from cpomdocs.remplissage.moteurs import lectures_du_document
from cpomdocs.saisies import Annexe, Image, Saisie


@dataclass(frozen=True)
class DocumentPrevu:
    """Un document à produire : où il va, ce qu’on y écrit, ce qui l’en empêche.

    `valeurs` : tout ce que le document montre, saisies comprises ; `lues` : ce que lit un document balisé
    (`images_citees` : ses images et les documents qu’il insère, `images` : ceux qui ont été lus),
    ses conditions et le nombre de lignes de ses listes compris ; `comparaisons` : ce que ses formules
    doivent retrouver ; `empechement` : l’anomalie de chemin de sortie qui interdit de le produire.
    """

    cle: str
    formulaire: Formulaire
    contexte: Contexte
    chemin: str
    saisies: tuple[Saisie, ...] = ()
    valeurs: tuple[Valeur, ...] = ()
    lues: tuple[Valeur, ...] = ()
    images_citees: tuple[str, ...] = ()
    images: tuple[tuple[str, Image | Annexe], ...] = ()
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


@dataclass(frozen=True)
class Projet:
    """Un document dont on sait tout sauf le contenu : de quoi décider s’il faut le refaire.

    `copie` : son rang, pour un formulaire qui continue dans des copies.
    """

    cle: str
    formulaire: Formulaire
    contexte: Contexte
    copie: int
    chemin: str
    empechement: Anomalie | None = None

    @property
    def etablissement(self) -> str | None:
        """Le code de l’établissement, ou `None` pour un document du gestionnaire."""
        return self.contexte.etablissement.code if self.contexte.etablissement else None


def lister(dossier: Dossier, formulaires: Iterable[Formulaire]) -> list[Projet]:
    """Les documents à produire, sans leur contenu : par formulaire et établissement, dans un ordre stable."""
    projets: list[Projet] = []
    occupes: dict[str, str] = {}
    for formulaire in formulaires:
        for contexte in _contextes(dossier, formulaire):
            for copie in range(1, nombre_de_copies(formulaire.correspondance.tableaux, contexte) + 1):
                cle = _cle(formulaire, contexte, copie)
                chemin, empechement = chemin_de_sortie(formulaire, contexte, copie)
                occupant = occupes.setdefault(cle_de_collision(chemin), cle)
                if occupant != cle and empechement is None:
                    empechement = collision(chemin, occupant, formulaire, contexte)
                projets.append(Projet(cle, formulaire, contexte, copie, chemin, empechement))
    return projets


def planifier(dossier: Dossier, formulaires: Iterable[Formulaire]) -> list[DocumentPrevu]:
    """Les documents de chaque formulaire, pour chaque établissement concerné, dans un ordre stable."""
    return [prevoir(projet) for projet in lister(dossier, formulaires)]


def prevoir(projet: Projet) -> DocumentPrevu:
    """Le document et tout son contenu ; ce qui a été dit du premier n’est pas redit de ses copies."""
    prevu = _document(projet)
    if projet.copie == 1:
        return prevu
    premier = _document(replace(projet, copie=1))
    propres = tuple(a for a in prevu.anomalies if a not in premier.anomalies)
    return replace(prevu, anomalies=propres, comparaisons=())


def _contextes(dossier: Dossier, formulaire: Formulaire) -> Iterator[Contexte]:
    portee = formulaire.correspondance.formulaire.portee
    if portee == "gestionnaire":
        candidats = [Contexte(dossier)]
    elif portee == "objectif":
        candidats = [Contexte(dossier, None, o) for o in dossier.objectifs if o.numero]
    else:
        candidats = [Contexte(dossier, e) for e in dossier.etablissements if e.code and e.dans_le_perimetre]
    pour = formulaire.correspondance.formulaire.pour
    if not all(dossier.lignes(collection) for collection in formulaire.correspondance.formulaire.exige):
        return
    yield from (c for c in candidats if all(_admis(champ, admises, c) for champ, admises in pour.items()))


def _admis(champ: str, admises: list[str | bool | int], contexte: Contexte) -> bool:
    return resoudre(lire_chemin(champ), contexte).valeur in admises


def _document(projet: Projet) -> DocumentPrevu:
    formulaire, contexte, contenu = projet.formulaire, projet.contexte, Contenu()
    for attribution in formulaire.attributions:
        ajouter_attribution(contenu, attribution, formulaire, contexte)
    for tableau in formulaire.correspondance.tableaux:
        ajouter_tableau(contenu, tableau, formulaire, contexte, projet.copie)
    for section in formulaire.correspondance.sections:
        ajouter_section(contenu, section, formulaire, contexte)
    attendu = Contenu()
    for attribution in formulaire.comparaisons:
        ajouter_attribution(attendu, attribution, formulaire, contexte)
    valeurs = [s.valeur for s in contenu.saisies]
    balises = lectures_du_document(formulaire.gabarit, contexte)
    valeurs += balises.montrees
    anomalies = [*contenu.anomalies, *attendu.anomalies, *manques(valeurs, formulaire, contexte)]
    for propre, rempli in contenus_des_feuilles(formulaire, contexte):
        propres = [saisie.valeur for saisie in rempli.saisies]
        contenu.saisies.extend(rempli.saisies)
        valeurs += propres
        anomalies += [*rempli.anomalies, *manques(propres, formulaire, propre)]
    return DocumentPrevu(
        cle=projet.cle,
        formulaire=formulaire,
        contexte=contexte,
        chemin=projet.chemin,
        saisies=tuple(contenu.saisies),
        valeurs=tuple(valeurs),
        lues=tuple(balises.toutes),
        images_citees=tuple(balises.images),
        comparaisons=tuple(attendu.saisies),
        anomalies=tuple(anomalies),
        empechement=projet.empechement,
    )


def _cle(formulaire: Formulaire, contexte: Contexte, copie: int) -> str:
    parties = [formulaire.nom, contexte.etablissement.code if contexte.etablissement else "gestionnaire"]
    if isinstance(contexte.objectif, Objectif):
        parties.append(contexte.objectif.numero)
    if copie > 1:
        parties.append(f"suite {copie}")
    return "/".join(str(p) for p in parties)
