"""Ce qu’on demande au couloir, et ce que les documents d’une même commande partagent."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from cpomdocs import __version__
from cpomdocs.atelier.annexes import charger_fichier
from cpomdocs.controle.completude import Completude
from cpomdocs.ecriture.etat import Etat
from cpomdocs.erreurs import ErreurFichier
from cpomdocs.memoire.souvenirs import Memoire, cadre_de
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.plan import Projet
from cpomdocs.rapport import Anomalie, DocumentProduit
from cpomdocs.recalcul import Recalculateur, moteur_disponible, moteur_installe
from cpomdocs.reglages import PRIVE


@dataclass(frozen=True)
class Demande:
    """Ce qu’on demande au couloir ; sans établissement, formulaire ni document nommé, tous.

    `documents` : des débuts de clés, « formulaire/établissement » ; `classeur` : celui du dossier, sinon.
    `travailleurs`, `dask` : qui fabrique (`embaucher`).
    """

    dossier: Path
    etablissements: frozenset[str] = frozenset()
    formulaires: frozenset[str] = frozenset()
    forcer: bool = False
    a_blanc: bool = False
    recalcul: bool = True
    pdf: bool = False
    garder: bool = False
    documents: frozenset[str] = frozenset()
    classeur: Path | None = None
    travailleurs: int | None = 1
    dask: str | None = None


@dataclass(frozen=True)
class Sort:
    """Ce qu’un document est devenu : sa ligne du rapport, ce que le plan puis la fabrication en disent."""

    produit: DocumentProduit
    plan: tuple[Anomalie, ...]
    fabrique: tuple[Anomalie, ...]
    completude: Completude


@dataclass
class Atelier:
    """Ce que les documents d’une même commande partagent ; le moteur de calcul n’est chargé que s’il sert."""

    demande: Demande
    dossier: Dossier
    etat: Etat
    memoire: Memoire
    _images: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def racine(self) -> Path:
        """Le répertoire du dossier."""
        return self.demande.dossier

    @cached_property
    def maintenant(self) -> datetime.datetime | None:
        """La valeur d’AUJOURDHUI() dans les formulaires : la date de référence du dossier."""
        date = self.dossier.parametres.date_reference
        return datetime.datetime.combine(date, datetime.time()) if date else None

    @cached_property
    def moteur(self) -> str | None:
        """Le moteur qui recalcule les totaux, s’il est installé et voulu."""
        return moteur_installe() if self.demande.recalcul else None

    @cached_property
    def recalculateur(self) -> Recalculateur:
        """Le recalcul des totaux, ou celui qui les laisse à Excel."""
        moteur = moteur_disponible() if self.demande.recalcul else None
        return Recalculateur(moteur, self.racine / PRIVE / "qualifications", self.maintenant)

    @cached_property
    def contexte(self) -> str:
        """Ce dont les documents dépendent en plus de leurs lectures : le moteur de calcul et la date."""
        return f"{self.moteur} {self.dossier.parametres.date_reference}"

    def cadre(self, projet: Projet) -> str:
        """L’empreinte de ce dont un document dépend en plus des données : programme, formulaire, chemin."""
        return cadre_de(__version__, self.contexte, projet.formulaire.empreinte, projet.chemin)

    def empreinte_image(self, nom: str) -> str:
        """L’empreinte d’une image ou d’un document du dossier, ou pourquoi il ne peut pas servir."""
        if nom not in self._images:
            try:
                self._images[nom] = sha256(charger_fichier(self.racine, nom).octets).hexdigest()
            except ErreurFichier as erreur:
                self._images[nom] = erreur.message
        return self._images[nom]
