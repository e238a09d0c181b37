"""La boucle de la veille : attendre un enregistrement, qu’il soit fini, et appeler le couloir une fois."""

from __future__ import annotations

import datetime
import gc
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from cpomdocs import production
from cpomdocs.ecriture.occupation import tenir
from cpomdocs.erreurs import ErreurClasseur, ErreurCpomdocs, ErreurDossier, motif
from cpomdocs.journal import noter
from cpomdocs.lecture.ramassage import sans_ramassage
from cpomdocs.rapport import DocumentProduit, Rapport
from cpomdocs.reglages import PRIVE, lire_reglages, trouver_classeur
from cpomdocs.veille.alarme import Alarme
from cpomdocs.veille.attentes import Delais, Plainte, Reprise
from cpomdocs.veille.carnet import Carnet
from cpomdocs.veille.empreinte import Empreintes
from cpomdocs.veille.montages import est_en_reseau
from cpomdocs.veille.notification import notifier
from cpomdocs.veille.phrases import nombre_ecrits, reste_a_ecrire, resumer
from cpomdocs.veille.releve import Perimetre, Releve

VERROU = "veille.verrou"


class Veilleur:
    """Surveille un dossier. `dire` reçoit chaque ligne à montrer, `rendre` le rapport de chaque passe.

    Lève `ErreurDossier` si le dossier ne peut pas servir.
    """

    def __init__(
        self,
        dossier: Path,
        dire: Callable[[str], None],
        *,
        rendre: Callable[[Rapport], None] = lambda rapport: None,
        avertir: Callable[[str], None] = notifier,
        sondage: bool = False,
        delais: Delais | None = None,
    ) -> None:
        trouver_classeur(dossier, lire_reglages(dossier))
        self._dossier = dossier.resolve()
        self._dire_a_la_porte, self._rendre, self._avertir = dire, rendre, avertir
        self._delais = delais or Delais()
        self._perimetre = Perimetre(self._dossier)
        self._empreintes = Empreintes()
        self._reveil = threading.Event()
        self._alarme = None if sondage or est_en_reseau(self._dossier) else self._une_alarme()
        self._carnet = Carnet(self._dossier / PRIVE)
        self._plainte, self._reprise = Plainte(self._delais), Reprise(self._delais)
        self._arret = self._en_passe = False
        self._vu: Releve | None = None
        self._faite: str | None = None
        self._derniere_phrase = ""

    def veiller(self) -> None:
        """Surveille jusqu’à l’arrêt. Lève `ErreurDossier` si une autre veille surveille déjà ce dossier."""
        with _seul(self._dossier):
            moyen = "" if self._alarme else ", par sondage"
            self._dire(f"surveillance de « {self._dossier.name} »{moyen} (Ctrl+C pour arrêter)")
            pouls = time.monotonic()
            try:
                while not self._arret:
                    self._tour()
                    self._attendre()
                    if time.monotonic() - pouls >= self._delais.pouls:
                        pouls = time.monotonic()
                        self._carnet.noter("en veille")
            except KeyboardInterrupt:
                self._arret = True
            finally:
                if self._alarme:
                    self._alarme.desarmer()
                self._dire("surveillance arrêtée")
                self._carnet.fermer()

    def arreter(self) -> None:
        """Demande l’arrêt, depuis un autre fil ; une génération s’arrête entre deux documents."""
        self._arret = True
        self._reveil.set()

    def interrompre(self) -> None:
        """Demande l’arrêt depuis un signal : aussitôt, ou entre deux documents ; répété, aussitôt."""
        aussitot = self._arret or not self._en_passe
        self._arret = True
        if aussitot:
            raise KeyboardInterrupt

    def debut(self, total: int, quoi: str = "Documents") -> None:
        """Suivi du couloir : rien à montrer."""

    def avance(self, document: DocumentProduit) -> None:
        """Suivi du couloir : laisse arrêter une génération entre deux documents."""
        if self._arret:
            raise KeyboardInterrupt

    def _une_alarme(self) -> Alarme:
        return Alarme(self._perimetre, self._reveil.set, lambda phrase: self._carnet.noter(phrase))

    def _attendre(self) -> None:
        """Dort jusqu’à un événement, la prochaine ronde ou la prochaine reprise."""
        ronde = self._delais.ronde if self._alarme else self._delais.sondage
        duree = min(ronde, self._plainte.attente(), self._reprise.attente())
        self._reveil.wait(0.0 if self._arret else duree)
        self._reveil.clear()

    def _tour(self) -> None:
        """Un relevé ; s’il a changé, une empreinte ; si elle a changé, une passe."""
        if self._alarme:
            self._alarme.armer()
        releve = self._perimetre.relever()
        due = self._reprise.est_due()
        if releve is not None and releve == self._vu and not due:
            self._apaiser()
            return
        if releve != self._vu:
            releve = self._attendre_le_calme(releve)
        if self._arret:
            return
        empreinte = self._lire_empreinte(releve)
        if empreinte is None or releve != self._perimetre.relever():
            return  # rien de lisible encore, ou un enregistrement vient de commencer : au prochain tour
        self._apaiser()
        self._vu = releve
        if empreinte != self._faite or due:
            self._passer(empreinte)
            gc.collect()  # une passe suspend le ramasse-miettes : ce qu’elle laisse s’accumulerait

    def _attendre_le_calme(self, releve: Releve | None) -> Releve | None:
        """Le relevé quand plus rien n’a bougé pendant `calme` ; plusieurs enregistrements n’en font qu’un."""
        depuis = time.monotonic()
        while not self._arret and (reste := depuis + self._delais.calme - time.monotonic()) > 0:
            evenement = self._reveil.wait(min(self._delais.pas, reste))
            self._reveil.clear()
            nouveau = self._perimetre.relever()
            if evenement or nouveau != releve:
                releve, depuis = nouveau, time.monotonic()
        return releve

    def _lire_empreinte(self, releve: Releve | None) -> str | None:
        """L’empreinte du relevé ; `None`, et bientôt une plainte, si quelque chose ne se lit pas."""
        imprevu: Exception | None = None
        if releve is None:
            plainte = "le dossier n’est pas accessible ; j’attends qu’il revienne"
        elif not (classeurs := self._perimetre.classeurs(releve)):
            plainte = "le classeur maître n’est plus là ; j’attends qu’il revienne"
        else:
            try:
                return self._empreintes.du_dossier(releve, classeurs)
            except ErreurClasseur as erreur:
                plainte = f"{erreur} J’attends qu’il soit enregistré de nouveau"
            except PermissionError:
                plainte = "le classeur maître, ou un formulaire, est tenu par un autre programme"
            except OSError as erreur:
                plainte = f"le disque ne répond pas ({motif(erreur)}) ; j’attends"
            except Exception as defaut:
                imprevu = defaut
                plainte = _phrase_du_defaut(defaut)
        if self._plainte.avancer(plainte):
            if imprevu is not None:
                noter(self._dossier / PRIVE, "veille", imprevu)
            self._annoncer(plainte, bulle=True)
        return None

    def _apaiser(self) -> None:
        if self._plainte.lever():
            self._annoncer("de nouveau lisible", bulle=False)

    def _passer(self, empreinte: str) -> None:
        """Une passe : le couloir, puis une ligne. `_faite` dit de quelles données viennent les documents."""
        demandee, debut = empreinte != self._faite, time.monotonic()
        self._en_passe = True
        try:
            with sans_ramassage():
                rapport = production.generer(self._dossier, suivi=self)
        except ErreurCpomdocs as erreur:
            if self._perimetre.relever() == self._vu:
                self._echouer(str(erreur))
            return  # si un enregistrement a commencé pendant la lecture, le prochain tour recommence
        except Exception as defaut:
            self._echouer(_phrase_du_defaut(defaut))
            return
        finally:
            self._en_passe = False
        self._faite = empreinte
        self._reprise.prevoir(reste_a_ecrire(rapport))
        self._carnet.noter(f"passe de {time.monotonic() - debut:.2f} s")
        ecrits = nombre_ecrits(rapport)
        if demandee or ecrits:
            self._rendre(rapport)
            self._annoncer(resumer(rapport), bulle=ecrits > 0)

    def _echouer(self, phrase: str) -> None:
        """Dit l’échec, une fois s’il se répète, et retentera."""
        self._reprise.prevoir(True)
        if phrase != self._derniere_phrase:
            self._annoncer(phrase, bulle=True)

    def _annoncer(self, phrase: str, *, bulle: bool) -> None:
        self._derniere_phrase = phrase
        self._dire(phrase)
        if bulle:
            self._avertir(phrase)

    def _dire(self, phrase: str) -> None:
        self._carnet.noter(phrase)
        self._dire_a_la_porte(f"{datetime.datetime.now():%H:%M:%S} — {phrase}")


def _phrase_du_defaut(defaut: Exception) -> str:
    return f"défaut de cpomdocs ({type(defaut).__name__}), noté dans {PRIVE}/journal.log"


def _seul(dossier: Path) -> AbstractContextManager[None]:
    """Une seule veille par dossier. Lève `ErreurDossier` s’il y en a une, ou si rien ne peut y être écrit."""
    pris = ErreurDossier(
        f"« {dossier.name} » est déjà surveillé par une autre fenêtre.",
        "Garder l’autre, ou l’arrêter (Ctrl+C) avant de relancer celle-ci.",
    )
    return tenir(dossier / PRIVE / VERROU, 0, pris)
