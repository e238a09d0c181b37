"""Le couloir : lire, planifier, remplir, vérifier, écrire, rendre compte. Toutes les portes passent ici."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cpomdocs import __version__
from cpomdocs.atelier.commande import Atelier, Demande, Sort
from cpomdocs.atelier.equipe import embaucher
from cpomdocs.atelier.fabrication import produire
from cpomdocs.atelier.livraison import cles_designees, ranger
from cpomdocs.controle.completude import GESTIONNAIRE, Completude
from cpomdocs.controle.rapport_excel import Feuilles, tenir_controle
from cpomdocs.controle.rapprochement import rattacher
from cpomdocs.ecriture.etat import Etat, EtatAbime, ouvrir_etat
from cpomdocs.ecriture.occupation import occuper
from cpomdocs.erreurs import ErreurDossier, vouliez_vous_dire
from cpomdocs.formulaires.besoins import a_remettre
from cpomdocs.formulaires.catalogue import (
    Formulaire,
    charger_formulaires,
    choisir,
    repertoire_des_formulaires,
)
from cpomdocs.formulaires.verification import ecarter_les_fautifs
from cpomdocs.journal import journaliser
from cpomdocs.lecture import lire_classeur
from cpomdocs.lecture.ramassage import hors_ramassage
from cpomdocs.libreoffice.pdf import produire_les_pdf
from cpomdocs.memoire.empreintes import Empreintes
from cpomdocs.memoire.regles import appliquer
from cpomdocs.memoire.souvenirs import Memoire, cadre_de
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.plan import Projet, lister
from cpomdocs.rapport import Anomalie, DocumentProduit, Rapport
from cpomdocs.reglages import PRIVE, Reglages, lire_reglages, trouver_classeur
from cpomdocs.suivi import MUET, Suivi

_EPROUVES = "formulaires éprouvés"
"""Le souvenir des formulaires qui se sont chargés et vérifiés sans défaut, par empreinte."""


@dataclass
class _Chantier:
    """Ce que la préparation a réuni : les données, le plan entier et la part demandée, les anomalies."""

    classeur: Path
    dossier: Dossier
    memoire: Memoire
    projets: list[Projet]
    demandes: list[Projet]
    lues: list[Anomalie]
    anomalies: list[Anomalie]
    fabriquees: list[Anomalie] = field(default_factory=list)
    produits: list[DocumentProduit] = field(default_factory=list)
    mesures: dict[tuple[str, str], Completude] = field(default_factory=dict)

    @property
    def complet(self) -> bool:
        """Vrai si tous les documents du plan sont demandés."""
        return len(self.demandes) == len(self.projets)

    def ajouter(self, sort: Sort) -> None:
        """Reçoit un document de plus."""
        cle = (sort.produit.etablissement or GESTIONNAIRE, sort.produit.formulaire)
        self.produits.append(sort.produit)
        self.anomalies += sort.plan
        self.fabriquees += sort.fabrique
        self.mesures[cle] = self.mesures.get(cle, Completude(0, 0)) + sort.completude


def generer(
    dossier: Path | str,
    *,
    etablissements: Iterable[str] = (),
    formulaires: Iterable[str] = (),
    forcer: bool = False,
    a_blanc: bool = False,
    recalcul: bool = True,
    pdf: bool = False,
    garder: bool = False,
    documents: Iterable[str] = (),
    classeur: Path | None = None,
    travailleurs: int | None = 1,
    dask: str | None = None,
    suivi: Suivi = MUET,
) -> Rapport:
    """Produit les documents du dossier et rend compte.

    `recalcul` : poser les totaux si le moteur de calcul est installé ; sinon, Excel les calcule.
    `pdf` : poser aussi un PDF à côté de chaque document, si LibreOffice est installé.
    `garder` : laisser pour de bon les documents modifiés à la main, jusqu’à ce que leurs données changent.
    `documents` : seulement ceux-ci, par leur chemin, leur clé ou son début (« formulaire/établissement »).
    `classeur` : le classeur maître, s’il n’a pas le nom que le dossier attend.
    `travailleurs` : 1, ce programme seul ; plus, autant de processus ; `None`, autant que de cœurs quand il y
    a assez à faire. Un programme qui en demande protège son entrée par `if __name__ == "__main__"`.
    `dask` : l’adresse d’un cluster Dask qui fabrique à leur place. Mêmes octets dans tous les cas.

    Lève `ErreurDossier` ou `ErreurClasseur` quand rien ne peut être fait ; toute autre difficulté est une
    anomalie du rapport, et n’arrête pas les autres documents.
    """
    demande = Demande(
        Path(dossier),
        frozenset(etablissements),
        frozenset(formulaires),
        forcer,
        a_blanc,
        recalcul,
        pdf,
        garder,
        frozenset(documents),
        classeur,
        travailleurs,
        dask,
    )
    return _travailler(demande, suivi)


def controler(dossier: Path | str, *, classeur: Path | None = None, suivi: Suivi = MUET) -> Rapport:
    """Contrôle le dossier sans produire de document, et écrit `sorties/controle.xlsx`.

    `classeur` : comme pour `generer`. Lève comme `generer`.
    """
    return _travailler(Demande(Path(dossier), a_blanc=True, classeur=classeur), suivi, controle=True)


def _travailler(demande: Demande, suivi: Suivi, controle: bool = False) -> Rapport:
    try:
        return _travailler_une_fois(demande, suivi, controle)
    except EtatAbime:
        return _travailler_une_fois(demande, suivi, controle)


def _travailler_une_fois(demande: Demande, suivi: Suivi, controle: bool) -> Rapport:
    reglages = lire_reglages(demande.dossier)
    _classeur(demande, reglages)  # avant d’écrire quoi que ce soit dans ce répertoire
    prive = demande.dossier / PRIVE
    with (
        occuper(prive, reglages.attente_verrou),
        journaliser(prive, "couloir"),
        ouvrir_etat(prive) as etat,
    ):
        chantier = _preparer(demande, etat, lecture_seule=demande.a_blanc and not controle)
        atelier = Atelier(demande, chantier.dossier, etat, chantier.memoire)
        suivi.debut(len(chantier.demandes))
        with hors_ramassage(), embaucher(demande.travailleurs, demande.dask) as equipe:
            for sort in produire(chantier.demandes, atelier, equipe):
                chantier.ajouter(sort)
                suivi.avance(sort.produit)
        if demande.pdf and not demande.a_blanc:
            chantier.fabriquees += produire_les_pdf(
                demande.dossier, chantier.produits, etat, forcer=demande.forcer, suivi=suivi
            )
        if chantier.complet:
            chantier.produits += ranger(demande.dossier, chantier.projets, chantier.produits, etat)
        anomalies = [*rattacher(chantier.lues, chantier.anomalies), *chantier.fabriquees]
        rapport = Rapport(documents=chantier.produits, anomalies=anomalies).conclure()
        if controle or (chantier.complet and not demande.a_blanc):
            libelles = {
                p.formulaire.nom: p.formulaire.correspondance.formulaire.libelle for p in chantier.projets
            }
            feuilles = Feuilles(chantier.classeur.name, anomalies, chantier.mesures, libelles)
            rapport = tenir_controle(demande.dossier, feuilles, rapport, etat)
        return rapport


def _preparer(demande: Demande, etat: Etat, *, lecture_seule: bool) -> _Chantier:
    reglages = lire_reglages(demande.dossier)
    classeur = _classeur(demande, reglages)
    dossier, lues = lire_classeur(classeur)
    with hors_ramassage():
        memoire = Memoire(etat, Empreintes(dossier), lecture_seule=lecture_seule)
        formulaires, fautifs = _charger(demande.dossier, memoire)
        anomalies = [*fautifs, *appliquer(dossier, reglages.seuils, memoire)]
        _verifier_noms(demande, dossier, formulaires)
        retenus = a_remettre(dossier, formulaires)
        projets = lister(dossier, retenus)
    if not projets and all(a.gravite != "bloquante" for a in fautifs):
        anomalies.append(_rien_a_produire(formulaires, retenus))
    demande = replace(demande, documents=cles_designees(demande.documents, projets, demande.dossier))
    demandes = [p for p in projets if _est_demande(p, demande)]
    return _Chantier(classeur, dossier, memoire, projets, demandes, lues, anomalies)


def _charger(dossier: Path, memoire: Memoire) -> tuple[list[Formulaire], list[Anomalie]]:
    """Les formulaires utilisables, et ce qui est à dire des autres ; ceux qu’on connaît ne sont pas revus."""
    cadre = cadre_de(__version__)
    connus = memoire.relire(_EPROUVES, cadre)
    eprouves = frozenset(map(str, connus)) if isinstance(connus, list) else frozenset()
    charges, refuses = charger_formulaires(repertoire_des_formulaires(dossier), eprouves)
    formulaires, fautifs = ecarter_les_fautifs(charges, eprouves)
    empreintes = sorted(f.empreinte for f in formulaires)
    if not eprouves.issuperset(empreintes):
        memoire.retenir(_EPROUVES, cadre, frozenset(), empreintes, situe=False)
    return formulaires, [*refuses, *fautifs]


def _rien_a_produire(formulaires: Sequence[Formulaire], retenus: Sequence[Formulaire]) -> Anomalie:
    """Pourquoi le plan est vide : un dossier sans document ne passe pas pour un dossier complet."""
    if not formulaires:
        message = "Aucun document à produire : aucun formulaire de « gabarits » ne peut servir."
        remede = (
            "Y remettre les formulaires de la campagne, ou retirer « gabarits » pour ceux qui sont livrés."
        )
    elif not retenus:
        message = "Aucun document à produire : tous les formulaires sont à « non » dans « Paramètres »."
        remede = "Y mettre « oui » en face des formulaires à remettre."
    else:
        message = "Aucun document à produire : aucun établissement n’est concerné par ces formulaires."
        remede = "Vérifier dans « Établissements » les codes, les types et le périmètre du CPOM."
    return Anomalie(code="FO-04", gravite="bloquante", message=message, remede=remede)


def _classeur(demande: Demande, reglages: Reglages) -> Path:
    return demande.classeur or trouver_classeur(demande.dossier, reglages)


def _est_demande(projet: Projet, demande: Demande) -> bool:
    cle = f"{projet.cle}/"
    if demande.documents and not any(cle.startswith(f"{debut}/") for debut in demande.documents):
        return False
    etablissement_voulu = not demande.etablissements or projet.etablissement in demande.etablissements
    return etablissement_voulu and bool(choisir([projet.formulaire], demande.formulaires))


def _verifier_noms(demande: Demande, dossier: Dossier, formulaires: Sequence[Formulaire]) -> None:
    codes = [e.code for e in dossier.etablissements if e.code]
    for quoi, voulus, connus in (
        ("établissement", demande.etablissements, codes),
        ("formulaire", demande.formulaires, [f.nom for f in formulaires]),
    ):
        for nom in sorted(voulus - set(connus)):
            proche = vouliez_vous_dire(nom, connus) or f"Connus : {', '.join(connus) or 'aucun'}."
            raise ErreurDossier(f"Aucun {quoi} ne s’appelle « {nom} ».", proche)
