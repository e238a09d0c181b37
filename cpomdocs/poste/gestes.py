"""Les gestes des boutons : chacun appelle le couloir et rend ce que la macro montre et pose."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from cpomdocs import production
from cpomdocs.classeur.feuilles import accueil, elements
from cpomdocs.classeur.feuilles import pilotage as feuille
from cpomdocs.classeur.macros.boutons import Action
from cpomdocs.collecte import repartition as collecte
from cpomdocs.collecte.lieux import ENVOIS, RETOURS
from cpomdocs.erreurs import ErreurDossier
from cpomdocs.formulaires.besoins import a_remettre
from cpomdocs.formulaires.catalogue import charger_formulaires, repertoire_des_formulaires
from cpomdocs.formulaires.verification import ecarter_les_fautifs
from cpomdocs.lecture import lire_classeur
from cpomdocs.plan import lister
from cpomdocs.poste import lignes_pretes, messages, pilotage
from cpomdocs.poste.reponse import Pose, Reponse
from cpomdocs.rapport import Rapport
from cpomdocs.suivi import Suivi


@dataclass(frozen=True)
class Clic:
    """Un clic : le classeur enregistré, et à qui dire l’avancement."""

    classeur: Path
    suivi: Suivi

    @property
    def dossier(self) -> Path:
        """Le dossier du CPOM : celui où est le classeur."""
        return self.classeur.parent


def generer(clic: Clic) -> Reponse:
    """Produit tous les documents."""
    return _bilan(clic, production.generer(clic.dossier, classeur=clic.classeur, suivi=clic.suivi))


def pdf(clic: Clic) -> Reponse:
    """Produit tous les documents, et un PDF à côté de chacun."""
    rapport = production.generer(clic.dossier, classeur=clic.classeur, pdf=True, suivi=clic.suivi)
    refus = [a for a in rapport.anomalies if a.code.startswith("PD-")]
    reponse = _bilan(clic, rapport)
    if not refus:
        return replace(reponse, message=f"Un PDF est à côté de chaque document.\n{reponse.message}")
    phrases = [f"{a.message} {a.remede or ''}".strip() for a in refus[:3]]
    return replace(reponse, message="\n".join([*phrases, reponse.message]), ton="attention")


def controler(clic: Clic) -> Reponse:
    """Contrôle le dossier, sans rien produire."""
    rapport = production.controler(clic.dossier, classeur=clic.classeur, suivi=clic.suivi)
    poses = tuple(_dater(clic, messages.resume(rapport)))
    return Reponse(messages.constat(rapport, clic.dossier), messages.ton(rapport), poses, rapport=rapport)


def ouvrir(clic: Clic) -> Reponse:
    """Ouvre le répertoire des documents ; la macro n’a rien à dire."""
    sorties = clic.dossier / "sorties"
    if not sorties.is_dir():
        raise ErreurDossier("Aucun document n’a encore été produit.", "Cliquer d’abord sur « Générer ».")
    if sys.platform == "win32":
        os.startfile(sorties)
    else:
        subprocess.Popen(["open" if sys.platform == "darwin" else "xdg-open", str(sorties)])
    return Reponse("")


def preparer(clic: Clic) -> Reponse:
    """Ajoute les lignes attendues au classeur ouvert."""
    faits, poses, extensions = lignes_pretes.attendues(clic.dossier, clic.classeur)
    if not faits:
        return Reponse("Rien à ajouter : toutes les lignes attendues sont là.")
    message = "\n".join(["Le classeur est préparé ; il reste les valeurs à taper.", *faits])
    return Reponse(message, "bien", tuple(poses), tuple(extensions))


def repartir(clic: Clic) -> Reponse:
    """Écrit un classeur à remplir par établissement."""
    envois = collecte.repartir(clic.dossier, collecte.DemandeDeCollecte())
    noms = ", ".join(envoi.part.nom for envoi in envois)
    message = f"Un classeur à remplir pour chacun : {noms}.\nÀ envoyer : {clic.dossier / ENVOIS}"
    return Reponse(f"{message}\nMettre les réponses dans {clic.dossier / RETOURS}")


def selection(clic: Clic) -> Reponse:
    """Produit les documents cochés."""
    rapport = _sur_la_selection(clic)
    return _bilan(clic, rapport, complet=False)


def garder(clic: Clic) -> Reponse:
    """Garde pour de bon les versions modifiées à la main des documents cochés."""
    rapport = _sur_la_selection(clic, garder=True)
    gardes = rapport.resume.documents.get("garde", 0)
    phrase = (
        f"Versions gardées, jusqu’à ce que leurs données changent : {gardes}."
        if gardes
        else "Aucun des documents cochés n’est modifié à la main."
    )
    return _precede(phrase, _bilan(clic, rapport, complet=False))


def remplacer(clic: Clic) -> Reponse:
    """Remplace les documents cochés, même modifiés à la main, après copie."""
    rapport = _sur_la_selection(clic, forcer=True)
    copies = [d.message for d in rapport.documents if d.statut == "remplace" and d.message]
    phrase = "\n".join(copies) or "Aucun des documents cochés n’était modifié à la main."
    return _precede(phrase, _bilan(clic, rapport, complet=False))


GESTES: dict[Action, Callable[[Clic], Reponse]] = {
    "generer": generer,
    "controler": controler,
    "ouvrir": ouvrir,
    "preparer": preparer,
    "pdf": pdf,
    "repartir": repartir,
    "selection": selection,
    "garder": garder,
    "remplacer": remplacer,
}


def _sur_la_selection(clic: Clic, *, garder: bool = False, forcer: bool = False) -> Rapport:
    """Le rapport des documents cochés. Lève `ErreurDossier` si la sélection ne désigne rien."""
    tableau = pilotage.lire_tableau(clic.classeur)
    cochees = tableau.cochees() if tableau is not None else []
    if not cochees:
        raise ErreurDossier(
            f"Rien n’est coché dans « {feuille.PILOTAGE} ».",
            f"Mettre un « {feuille.COCHE} » devant les documents voulus, puis recommencer.",
        )
    designes = pilotage.designes(cochees, _cles_du_plan(clic))
    if not designes:
        raise ErreurDossier(
            "Aucun document ne correspond à ce qui est coché.",
            "Une case marquée « — » ne concerne pas cet établissement : en cocher une autre.",
        )
    return production.generer(
        clic.dossier,
        classeur=clic.classeur,
        documents=designes,
        garder=garder,
        forcer=forcer,
        suivi=clic.suivi,
    )


def _cles_du_plan(clic: Clic) -> list[str]:
    """Les clés des documents que le dossier prévoit."""
    donnees, _ = lire_classeur(clic.classeur)
    formulaires, _ = charger_formulaires(repertoire_des_formulaires(clic.dossier))
    utilisables, _ = ecarter_les_fautifs(formulaires)
    return [projet.cle for projet in lister(donnees, a_remettre(donnees, utilisables))]


def _precede(phrase: str, reponse: Reponse) -> Reponse:
    return replace(reponse, message=f"{phrase}\n{reponse.message}")


def _bilan(clic: Clic, rapport: Rapport, *, complet: bool = True) -> Reponse:
    message = messages.bilan(rapport, clic.dossier, clic.classeur.stat().st_mtime)
    poses = [*_etats(clic, rapport, complet), *_dater(clic, messages.resume(rapport))]
    return Reponse(message, messages.ton(rapport), tuple(poses), rapport=rapport if complet else None)


def _etats(clic: Clic, rapport: Rapport, complet: bool) -> Iterable[Pose]:
    tableau = pilotage.lire_tableau(clic.classeur)
    if tableau is None:
        return ()
    donnees, _ = lire_classeur(clic.classeur)
    presents = (e for e in donnees.etablissements if e.code and e.dans_le_perimetre)
    return pilotage.etats(tableau, rapport, {e.code or "": e.nom or "" for e in presents}, complet=complet)


def _dater(clic: Clic, texte: str) -> Iterable[Pose]:
    """La dernière réponse, datée, sur la première feuille et dans « Pilotage »."""
    date = f"{datetime.datetime.now():%d/%m/%Y à %H:%M} : {texte}"
    yield Pose(elements.ACCUEIL, accueil.LIGNE_ETAT + 1, accueil.COLONNE_ETAT + 1, date)
    if pilotage.lire_tableau(clic.classeur) is not None:
        yield Pose(feuille.PILOTAGE, feuille.LIGNE_ETAT + 1, feuille.COLONNE_ETAT + 1, date)
