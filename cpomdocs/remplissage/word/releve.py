"""Ce qu’un document Word contient, relevé une fois, et où mène l’adresse d’une case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from cpomdocs.erreurs import vouliez_vous_dire
from cpomdocs.remplissage.word.endroits import (
    Portion,
    cellule_a,
    dans_la_cellule,
    endroit_de_la_boite,
    verifier_presence,
)
from cpomdocs.remplissage.word.genres.champs import CHAMP, champ_de, verifier_champ
from cpomdocs.remplissage.word.genres.choix import choisir, choisir_coche
from cpomdocs.remplissage.word.genres.coches import Boite, double
from cpomdocs.remplissage.word.genres.controles import est_verrouille
from cpomdocs.remplissage.word.genres.fusion import Fusion, verifier_fusion
from cpomdocs.remplissage.word.genres.liaisons import Magasins
from cpomdocs.remplissage.word.genres.remplir_controle import verifier_controle
from cpomdocs.remplissage.word.genres.sections import viser
from cpomdocs.remplissage.word.genres.signets import verifier_signet
from cpomdocs.remplissage.word.index import Cible, Index, element_de
from cpomdocs.remplissage.word.libelles import endroits_de
from cpomdocs.remplissage.word.ooxml import Partie
from cpomdocs.remplissage.word.recriture.ajouts import ligne_modele, verifier_modele
from cpomdocs.remplissage.word.texte import CaseRefusee, extrait
from cpomdocs.saisies import CaseWord


@dataclass(frozen=True, eq=False, kw_only=True)
class Releve:
    """Les parties d’un document, ses contrôles dans l’ordre, ses données liées."""

    principale: str
    parties: dict[str, Partie]
    controles: list[Cible]
    magasins: Magasins

    @cached_property
    def index(self) -> Index:
        """Ce que le document contient, rangé par nom."""
        return Index(self.parties, self.controles)

    def chercher(self, case: CaseWord) -> Iterable[Cible]:
        """Les endroits que la case désigne. Lève `CaseRefusee` s’ils manquent ou ne se remplissent pas."""
        if case.genre == "controle":
            return self._controles(case)
        if case.genre == "signet":
            return self._signets(case.nom)
        if case.genre == "champ":
            return self._champ(case)
        if case.genre == "coche":
            return self._coche(case)
        if case.genre == "tableau":
            return [self._cellule(case)]
        if case.genre == "section":
            return self._section(case)
        return self._apres_libelle(case)

    def _cellule(self, case: CaseWord) -> Cible:
        """La cellule de cette adresse ; d’une ligne à ajouter, celle de la ligne qui sert de modèle."""
        corps = self.parties[self.principale]
        adresse, _, ajout = case.cellule.partition("+")
        cellule = cellule_a(self.index.tableaux, case.nom, adresse)
        if ajout:
            verifier_modele(ligne_modele(cellule))
        lieu = f"{adresse} du tableau {case.nom}"
        return self._controler(Cible(corps, dans_la_cellule(cellule, lieu)), str(case))

    def _section(self, case: CaseWord) -> list[Cible]:
        """Les contrôles de ce nom dans l’élément visé ; d’un élément à ajouter, ceux du dernier."""
        vise = viser(self.index.sections_nommees, case)
        partie = self.index.sections[vise.section]
        return [self._controler(Cible(partie, sdt), case.cellule) for sdt in vise.controles]

    def ajout(self, case: CaseWord) -> tuple[str, int, int] | None:
        """La partie, le rang du modèle à copier et le numéro de la copie, si la case est à ajouter."""
        if case.genre == "section":
            vise = viser(self.index.sections_nommees, case)
            partie = self.index.sections[vise.section]
            return (partie.nom, partie.rangs[vise.element], vise.ajout) if vise.ajout else None
        _, _, ajout = case.cellule.partition("+")
        if not ajout:
            return None
        partie, endroit = next(iter(self.chercher(case)))
        modele = ligne_modele(endroit.paragraphe if isinstance(endroit, Portion | Boite) else endroit)
        return partie.nom, partie.rangs[modele], int(ajout)

    def _controles(self, case: CaseWord) -> list[Cible]:
        nom = case.nom
        if not nom:
            return [self._controler(choisir(self.controles, case, "Le contrôle"), str(case))]
        for nommes in self.index.controles_nommes:
            trouves = nommes.get(nom, [])
            if trouves and case.rang:
                return [self._controler(choisir(trouves, case, "Le contrôle"), nom)]
            if trouves:
                return [self._controler(cible, nom) for cible in trouves]
        noms = {n for nommes in self.index.controles_nommes for n in nommes}
        raise CaseRefusee(
            "RW-01", f"Le document n’a pas de contrôle « {nom} ».", vouliez_vous_dire(nom, noms)
        )

    def _controler(self, cible: Cible, nom: str) -> Cible:
        """La cible, vérifiée si c’est un contrôle."""
        verifier_presence(
            cible.endroit.paragraphe if isinstance(cible.endroit, Portion | Boite) else cible.endroit,
            extrait(nom),
        )
        if isinstance(cible.endroit, Portion | Boite):
            return cible
        if cible.endroit.tag == CHAMP:
            verifier_champ(champ_de(cible.endroit), nom)
        else:
            if est_verrouille(cible.endroit):
                raise CaseRefusee(
                    "RW-04",
                    f"L’autorité a verrouillé le contrôle « {extrait(nom)} ».",
                    "Retirer cette case de la correspondance.",
                )
            verifier_controle(cible.endroit, extrait(nom))
            self.magasins.noeud(cible.endroit)
        return cible

    def _champ(self, case: CaseWord) -> list[Cible]:
        """Le champ de formulaire de ce nom, sinon tous les champs de publipostage qui le portent."""
        trouves = self.index.champs_nommes.get(case.nom, [])
        fusions = self.index.fusions.get(case.nom, [])
        if not trouves and fusions:
            return self._fusions(case, fusions)
        if not trouves:
            noms = {*self.index.champs_nommes, *self.index.fusions} - {""}
            raise CaseRefusee(
                "RW-01", f"Le document n’a pas de champ « {case.nom} ».", vouliez_vous_dire(case.nom, noms)
            )
        partie, champ = choisir(trouves, case, "Le champ")
        return [self._controler(Cible(partie, champ.debut), case.nom or str(case))]

    def _fusions(self, case: CaseWord, trouvees: list[tuple[Partie, Fusion]]) -> list[Cible]:
        retenues = [choisir(trouvees, case, "Le champ")] if case.rang else trouvees
        for _, fusion in retenues:
            verifier_fusion(fusion)
        return [Cible(partie, fusion.debut) for partie, fusion in retenues]

    def _coche(self, case: CaseWord) -> list[Cible]:
        partie, boite = choisir_coche(self.index.coches_dites(case.nom), case, self.index.libelles_de_coches)
        autre = double(boite)
        boites = [boite] if autre is None else [boite, autre]
        return [self._controler(Cible(partie, endroit_de_la_boite(b)), case.nom) for b in boites]

    def _signets(self, nom: str) -> list[Cible]:
        trouves = self.index.signets.get(nom, [])
        if not trouves:
            raise CaseRefusee(
                "RW-01",
                f"Le document n’a pas de signet « {nom} ».",
                vouliez_vous_dire(nom, self.index.signets),
            )
        for cible in trouves:
            verifier_signet(element_de(cible), nom)
        return trouves

    def _apres_libelle(self, case: CaseWord) -> list[Cible]:
        trouvees = self.index.occurrences(case.nom)
        libelle = extrait(case.nom)
        if not trouvees:
            raise CaseRefusee(
                "RW-01",
                f"Le libellé « {libelle} » n’est pas dans le document, ou n’est suivi ni de « : », "
                "ni de pointillés, ni d’une cellule.",
                self._proche(case.nom),
            )
        partie, occurrence = choisir(trouvees, case, "Le libellé")
        return [self._controler(Cible(partie, e), case.nom) for e in endroits_de(occurrence, case.nom)]

    def _proche(self, libelle: str) -> str:
        connus = {
            extrait(texte, 80)
            for ligne in self.index.toutes_les_lignes()
            for texte in (ligne.libelle_de_cellule or ligne.texte.partition(":")[0].strip(),)
            if 0 < len(texte) < 120
        }
        return vouliez_vous_dire(libelle, connus)
