"""Le gabarit Word lu une fois, prêt à être rempli plusieurs ; ce que chaque case y désigne est retenu."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from cpomdocs.office.archive import Archive, lire_archive
from cpomdocs.remplissage.word.endroits import (
    Endroit,
    Portion,
)
from cpomdocs.remplissage.word.genres.coches import Boite
from cpomdocs.remplissage.word.genres.controles import genre_de, verifier_verrous
from cpomdocs.remplissage.word.genres.liaisons import Magasins, Noeud
from cpomdocs.remplissage.word.index import Cible, element_de
from cpomdocs.remplissage.word.ooxml import SDT, Partie, valeur, w
from cpomdocs.remplissage.word.relations import partie_liee, partie_principale, parties_textuelles
from cpomdocs.remplissage.word.releve import Releve
from cpomdocs.remplissage.word.texte import CaseRefusee
from cpomdocs.saisies import CaseWord

_INVITE = "placeholder text"


@dataclass(frozen=True, eq=False, kw_only=True)
class GabaritWord(Releve):
    """Un document Word prêt à être rempli plusieurs fois."""

    archive: Archive
    styles_invite: frozenset[str]
    _trouvees: dict[CaseWord, tuple[Cible, ...] | CaseRefusee] = field(default_factory=dict, repr=False)
    _ajouts: dict[CaseWord, tuple[str, int, int] | None] = field(default_factory=dict, repr=False)
    _lies: dict[Noeud, list[Cible]] = field(default_factory=dict, repr=False)

    def verifier(self, case: CaseWord) -> str | None:
        """Ce qui empêche de remplir cette case, quelle que soit la valeur ; `None` si elle convient."""
        try:
            self.localiser(case)
        except CaseRefusee as refus:
            return refus.message
        return None

    @property
    def publipostage(self) -> bool:
        """Vrai si le document est relié à une source de publipostage : le lien reste, Word en parlera."""
        nom = partie_liee(self.archive, self.principale, "settings")
        return (
            nom is not None
            and Partie.lire(nom, self.archive.lire(nom)).racine.find(w("mailMerge")) is not None
        )

    def partie(self, nom: str) -> Partie:
        """La partie de texte ou de données de ce nom."""
        return self.parties.get(nom) or self.magasins.parties[nom]

    def localiser(self, case: CaseWord) -> tuple[Cible, ...]:
        """Les endroits que la case désigne. Lève `CaseRefusee` s’ils manquent ou sont déjà remplis."""
        trouvee = self._trouvees.get(case)
        if trouvee is None:
            try:
                trouvee = tuple(self.chercher(case))
                for _, endroit in trouvee:
                    porteur = endroit.paragraphe if isinstance(endroit, Portion | Boite) else endroit
                    verifier_verrous(porteur, case.nom)
            except CaseRefusee as refus:
                trouvee = CaseRefusee(refus.code, refus.message, refus.remede)  # sans sa pile d’appels
            self._trouvees[case] = trouvee
        if isinstance(trouvee, CaseRefusee):
            raise CaseRefusee(trouvee.code, trouvee.message, trouvee.remede)
        return trouvee

    def lies(self, noeud: Noeud) -> list[Cible]:
        """Tous les contrôles liés à cette donnée."""
        if not self._lies:
            for cible in self.controles:
                lie = self._noeud(cible.endroit)
                if lie is not None:
                    self._lies.setdefault(lie, []).append(cible)
        return self._lies.get(noeud, [])

    def attend_une_image(self, case: CaseWord) -> bool:
        """Vrai si la case est un contrôle d’image."""
        if not self.images:
            return False
        try:
            cibles = self.localiser(case)
        except CaseRefusee:
            return False
        return any(cible.endroit in self.images for cible in cibles)

    @cached_property
    def images(self) -> frozenset[Endroit]:
        """Les contrôles qui montrent une image."""
        return frozenset(c.endroit for c in self.controles if genre_de(element_de(c)) == "image")

    def donnee_liee(self, cible: Cible) -> Noeud | None:
        """La donnée à laquelle le contrôle est lié ; `None` s’il ne l’est pas."""
        return self._noeud(cible.endroit)

    def _noeud(self, sdt: Endroit) -> Noeud | None:
        try:
            return None if isinstance(sdt, Portion | Boite) else self.magasins.noeud(sdt)
        except CaseRefusee:
            return None

    def ajout_retenu(self, case: CaseWord) -> tuple[str, int, int] | None:
        """Comme `ajout`, cherché une fois."""
        if case not in self._ajouts:
            self._ajouts[case] = self.ajout(case)
        return self._ajouts[case]


def preparer(octets: bytes, nom: str = "gabarit") -> GabaritWord:
    """Le gabarit, lu une fois ; `nom` sert aux messages. Lève `ErreurFichier` s’il ne peut pas servir."""
    archive = lire_archive(octets, nom)
    principale = partie_principale(archive)
    parties = {p: Partie.lire(p, archive.lire(p)) for p in parties_textuelles(archive)}
    controles = [Cible(partie, sdt) for partie in parties.values() for sdt in partie.racine.iter(SDT)]
    magasins = Magasins(archive, principale)
    return GabaritWord(
        archive=archive,
        principale=principale,
        parties=parties,
        magasins=magasins,
        styles_invite=_styles_invite(archive, principale),
        controles=controles,
    )


def _styles_invite(archive: Archive, principale: str) -> frozenset[str]:
    """Les identifiants du style « texte d’espace réservé », qui changent avec la langue de Word."""
    nom = partie_liee(archive, principale, "styles")
    if nom is None:
        return frozenset()
    styles = Partie.lire(nom, archive.lire(nom)).racine
    return frozenset(
        style.get(w("styleId")) or ""
        for style in styles.iter(w("style"))
        if (valeur(style.find(w("name"))) or "").casefold() == _INVITE
    )
