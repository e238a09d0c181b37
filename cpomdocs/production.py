"""Le couloir : lire, planifier, remplir, vérifier, écrire, rendre compte. Toutes les portes passent ici."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cpomdocs.controle.rapport_excel import ecrire_controle
from cpomdocs.controle.rapprochement import rattacher
from cpomdocs.ecriture.etat import EtatAbime, ouvrir_etat
from cpomdocs.erreurs import ErreurDossier
from cpomdocs.fabrication import Atelier, Demande, produire
from cpomdocs.formulaires.catalogue import (
    Formulaire,
    charger_formulaires,
    choisir,
    repertoire_des_formulaires,
)
from cpomdocs.formulaires.verification import ecarter_les_fautifs
from cpomdocs.journal import journaliser
from cpomdocs.lecture import lire_classeur
from cpomdocs.livraison import cles_designees, ranger
from cpomdocs.modeles.chemins import vouliez_vous_dire
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.modeles.regles import appliquer
from cpomdocs.occupation import occuper
from cpomdocs.pdf import produire_les_pdf
from cpomdocs.plan import DocumentPrevu, planifier
from cpomdocs.rapport import Anomalie, DocumentProduit, Rapport
from cpomdocs.reglages import PRIVE, Reglages, lire_reglages, trouver_classeur
from cpomdocs.suivi import MUET, Suivi


@dataclass
class _Chantier:
    """Ce que la préparation a réuni : les données, le plan entier et la part demandée, les anomalies."""

    classeur: Path
    prevus: list[DocumentPrevu]
    demandes: list[DocumentPrevu]
    anomalies: list[Anomalie]
    complet: bool
    date: datetime.date | None
    produits: list[DocumentProduit] = field(default_factory=list)


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
    suivi: Suivi = MUET,
) -> Rapport:
    """Produit les documents du dossier et rend compte.

    `recalcul` : poser les totaux si le moteur de calcul est installé ; sinon, Excel les calcule.
    `pdf` : poser aussi un PDF à côté de chaque document, si LibreOffice est installé.
    `garder` : laisser pour de bon les documents modifiés à la main, jusqu’à ce que leurs données changent.
    `documents` : seulement ceux-ci, par leur chemin, leur clé ou son début (« formulaire/établissement »).
    `classeur` : le classeur maître, s’il n’a pas le nom que le dossier attend.

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
        chantier = _preparer(demande)
        atelier = Atelier(demande, etat, chantier.date)
        suivi.debut(len(chantier.demandes))
        for prevu in chantier.demandes:
            produit, anomalies = produire(prevu, atelier)
            chantier.produits.append(produit)
            chantier.anomalies += anomalies
            suivi.avance(produit)
        if demande.pdf and not demande.a_blanc:
            chantier.anomalies += produire_les_pdf(
                demande.dossier, chantier.produits, etat, forcer=demande.forcer, suivi=suivi
            )
        if chantier.complet:
            chantier.produits += ranger(demande.dossier, chantier.prevus, chantier.produits, etat)
        rapport = Rapport(documents=chantier.produits, anomalies=chantier.anomalies).conclure()
        if controle or (chantier.complet and not demande.a_blanc):
            rapport = ecrire_controle(demande.dossier, chantier.classeur, rapport, chantier.prevus)
        return rapport


def _preparer(demande: Demande) -> _Chantier:
    reglages = lire_reglages(demande.dossier)
    classeur = _classeur(demande, reglages)
    dossier, lues = lire_classeur(classeur)
    formulaires, refuses = charger_formulaires(repertoire_des_formulaires(demande.dossier))
    formulaires, fautifs = ecarter_les_fautifs(formulaires)
    anomalies = [*refuses, *fautifs, *appliquer(dossier, reglages.seuils)]
    _verifier_noms(demande, dossier, formulaires)
    retenus = _a_remettre(dossier, formulaires)
    prevus = planifier(dossier, retenus)
    if not prevus and all(a.gravite != "bloquante" for a in (*refuses, *fautifs)):
        anomalies.append(_rien_a_produire(formulaires, retenus))
    demande = replace(demande, documents=cles_designees(demande.documents, prevus, demande.dossier))
    demandes = [p for p in prevus if _est_demande(p, demande)]
    anomalies += [a for prevu in demandes for a in prevu.anomalies]
    complet = len(demandes) == len(prevus)
    reference = dossier.parametres.date_reference
    return _Chantier(classeur, prevus, demandes, rattacher(lues, anomalies), complet, reference)


def _a_remettre(dossier: Dossier, formulaires: Sequence[Formulaire]) -> list[Formulaire]:
    """Les formulaires cochés « à remettre » ; tous ceux dont la feuille « Paramètres » ne dit rien."""
    ecartes = {ligne.nom for ligne in dossier.formulaires if ligne.a_remettre is False}
    return [f for f in formulaires if f.nom not in ecartes]


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


def _est_demande(prevu: DocumentPrevu, demande: Demande) -> bool:
    cle = f"{prevu.cle}/"
    if demande.documents and not any(cle.startswith(f"{debut}/") for debut in demande.documents):
        return False
    etablissement_voulu = not demande.etablissements or prevu.etablissement in demande.etablissements
    return etablissement_voulu and bool(choisir([prevu.formulaire], demande.formulaires))


def _verifier_noms(demande: Demande, dossier: Dossier, formulaires: Sequence[Formulaire]) -> None:
    codes = [e.code for e in dossier.etablissements if e.code]
    for quoi, voulus, connus in (
        ("établissement", demande.etablissements, codes),
        ("formulaire", demande.formulaires, [f.nom for f in formulaires]),
    ):
        for nom in sorted(voulus - set(connus)):
            proche = vouliez_vous_dire(nom, connus) or f"Connus : {', '.join(connus) or 'aucun'}."
            raise ErreurDossier(f"Aucun {quoi} ne s’appelle « {nom} ».", proche)
