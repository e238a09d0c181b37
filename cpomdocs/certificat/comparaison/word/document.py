"""Comparer un document Word rendu avec son gabarit : le texte fixe est là, la structure aussi."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from rapidfuzz import fuzz, process

from cpomdocs.certificat.comparaison.constats import Constat, autre_version
from cpomdocs.certificat.comparaison.paquet import comparer_paquets
from cpomdocs.certificat.comparaison.word.passages import BLANC, Lecteur, Passage, textes_d_invite
from cpomdocs.certificat.comparaison.word.structure import comparer_structures, etats_des_cases
from cpomdocs.certificat.word.lecture import Element, W, parties_de_texte
from cpomdocs.erreurs import ErreurFichier
from cpomdocs.office.analyse import analyser_xml
from cpomdocs.office.archive import Archive
from cpomdocs.office.gardes import REENREGISTRER
from cpomdocs.office.styles import vrai

_PROCHE = 60
"""Ressemblance (sur 100) à partir de laquelle un texte est dit changé plutôt que supprimé."""
_FENETRE = 300
"""Paragraphes où chercher, dans l’ordre, celui du gabarit."""
_ESSAIS = 500_000
"""Comparaisons au-delà desquelles on ne cherche plus ce qui est déplacé : le document est tout autre."""
_PARTIES = {"hdr": "en-tête", "ftr": "pied de page", "footnotes": "note", "endnotes": "note de fin"}


def comparer_documents(avant: Archive, apres: Archive) -> tuple[list[Constat], int]:
    """Les constats et le nombre de textes saisis."""
    racines = _racines(avant, "gabarit"), _racines(apres, "document")
    constats, saisies = _comparer_textes(*racines)
    constats += comparer_structures(*racines)
    constats += _protection(avant, apres)
    constats += _commentaires(avant, apres)
    constats += comparer_paquets(avant, apres)
    cases = etats_des_cases(racines[0]), etats_des_cases(racines[1])
    saisies += sum(cases[1].get(nom, etat) != etat for nom, etat in cases[0].items())
    return constats, saisies


def passages_du_document(archive: Archive) -> tuple[list[Passage], list[Passage]]:
    """Les paragraphes qui ont du texte : ceux du corps, puis des en-têtes, pieds de page et notes."""
    corps, autres = _passages(_racines(archive, "document"))
    return [p for p in corps if p.texte], [p for p in autres if p.texte]


def cases_du_document(archive: Archive) -> dict[str, bool]:
    """Les cases à cocher d’autrefois : le nom de chacune, et si elle est cochée."""
    return etats_des_cases(_racines(archive, "document"))


def _racines(archive: Archive, quoi: str) -> list[Element]:
    """Les racines des parties de texte, corps en premier."""
    racines = [analyser_xml(archive.lire(nom), nom) for nom in parties_de_texte(archive) if nom in archive]
    if not racines or racines[0].tag != f"{W}document":
        raise ErreurFichier(f"Le {quoi} n’a pas de texte : ce n’est pas un document Word.", REENREGISTRER)
    return racines


def _comparer_textes(avant: list[Element], apres: list[Element]) -> tuple[list[Constat], int]:
    anciens, nouveaux = _passages(avant), _passages(apres)
    alignement = Alignement(
        [p for p in anciens[0] if not p.zone],
        [p for p in nouveaux[0] if not p.zone and p.texte],
        {texte for racine in avant for texte in textes_d_invite(racine)},
    )
    constats = list(alignement.constats())
    constats += autre_version(len(constats), sum(bool(p.fixe) for p in anciens[0]))
    partout = {p.texte for liste in nouveaux for p in liste}
    zones = (p for p in anciens[0] if p.zone and p.fixe)
    constats += [_supprime(p, "texte_supprime") for p in zones if not _quelque_part(p, partout)]
    ailleurs = {p.texte for p in nouveaux[1]}
    entetes = (p for p in anciens[1] if p.fixe)
    constats += [_supprime(p, "entete_change") for p in entetes if not _quelque_part(p, ailleurs)]
    return constats, alignement.saisies


def _passages(racines: list[Element]) -> tuple[list[Passage], list[Passage]]:
    """Les paragraphes du corps, puis ceux des en-têtes, pieds de page et notes."""
    corps = list(Lecteur(racines[0]).passages())
    autres = [
        passage
        for racine in racines[1:]
        for passage in Lecteur(
            racine, _PARTIES.get(str(racine.tag).removeprefix(W), "autre partie")
        ).passages()
    ]
    return corps, autres


def _quelque_part(passage: Passage, textes: set[str]) -> bool:
    return passage.facultatif or passage.texte in textes or any(passage.admet(texte) for texte in textes)


def _supprime(passage: Passage, genre: str) -> Constat:
    return Constat(genre=genre, lieu=passage.lieu, avant=_montrer(passage))


def _montrer(passage: Passage) -> str:
    return " ".join(passage.forme.replace(BLANC, " … ").split())


class Alignement:
    """Chaque paragraphe du gabarit et celui du document qui le porte, tel quel, rempli ou changé."""

    def __init__(
        self, avant: Sequence[Passage], apres: Sequence[Passage], invites: Collection[str] = ()
    ) -> None:
        self._avant, self._apres = avant, apres
        self._libres = set(range(len(apres)))
        self._manquants: list[int] = []
        self._changes: dict[int, int] = {}
        self._vis_a_vis: dict[int, int] = {}
        self._invites = sorted(invites, key=len, reverse=True)
        self._remplis = 0
        blocs = SequenceMatcher(None, [p.texte for p in avant], [p.texte for p in apres], autojunk=False)
        for operation, a1, a2, b1, b2 in blocs.get_opcodes():
            if operation == "equal":
                self._libres.difference_update(range(b1, b2))
            else:
                self._apparier(range(a1, a2), range(b1, b2))
        self._retrouver()

    @property
    def saisies(self) -> int:
        """Le nombre de paragraphes remplis ou ajoutés."""
        return self._remplis + sum(1 for rang in self._libres if self._saisi(rang))

    def constats(self) -> Iterator[Constat]:
        """Les textes fixes changés ou supprimés, dans l’ordre du gabarit."""
        for rang in sorted({*self._manquants, *self._changes}):
            passage = self._avant[rang]
            if rang in self._changes:
                apres = self._apres[self._changes[rang]].texte
                yield Constat(genre="texte_change", lieu=passage.lieu, avant=_montrer(passage), apres=apres)
            elif not passage.facultatif:
                yield _supprime(passage, "texte_supprime")

    def _apparier(self, anciens: range, nouveaux: range) -> None:
        """Dans l’ordre : le premier paragraphe encore libre que celui du gabarit admet."""
        place = nouveaux.start
        for rang in anciens:
            if not self._avant[rang].fixe:
                continue
            trouve = self._admis(rang, range(place, min(nouveaux.stop, place + _FENETRE)))
            if trouve is None:
                self._manquants.append(rang)
            else:
                self._remplir(rang, trouve)
                place = trouve + 1
        if len(anciens) == len(nouveaux):
            self._vis_a_vis.update(zip(anciens, nouveaux, strict=True))

    def _retrouver(self) -> None:
        """Ceux qui manquent ont pu être déplacés, ou changés."""
        possible = len(self._manquants) * len(self._libres) <= _ESSAIS
        for rang in list(self._manquants) if possible else ():
            trouve = self._admis(rang, sorted(self._libres))
            if trouve is not None:
                self._manquants.remove(rang)
                self._remplir(rang, trouve)
        for rang in [r for r in self._manquants if not self._avant[r].facultatif]:
            trouve = self._plus_proche(rang) if possible else None
            trouve = self._vis_a_vis.get(rang) if trouve is None else trouve
            if trouve is not None and trouve in self._libres:
                self._libres.discard(trouve)
                self._manquants.remove(rang)
                self._changes[rang] = trouve

    def _admis(self, rang: int, places: Iterable[int]) -> int | None:
        passage = self._avant[rang]
        return next((j for j in places if passage.admet(self._apres[j].texte)), None)

    def _plus_proche(self, rang: int) -> int | None:
        """Le texte libre le plus ressemblant, s’il l’est assez."""
        libres = sorted(self._libres)
        textes = [self._apres[j].texte for j in libres]
        fixe = self._avant[rang].fixe
        proche = process.extractOne(fixe, textes, scorer=fuzz.ratio, score_cutoff=_PROCHE)
        return libres[proche[2]] if proche else None

    def _remplir(self, rang: int, place: int) -> None:
        self._libres.discard(place)
        self._remplis += self._saisi(place) != self._avant[rang].texte

    def _saisi(self, rang: int) -> str:
        """Le texte du document sans les invites que perdre un contrôle change en texte."""
        texte = self._apres[rang].texte
        for invite in self._invites:
            texte = texte.replace(invite, "")
        return " ".join(texte.split())


def _protection(avant: Archive, apres: Archive) -> Iterator[Constat]:
    ancienne, nouvelle = _protection_de(avant), _protection_de(apres)
    if ancienne is None:
        return
    if nouvelle is None:
        yield Constat(genre="document_deprotege", message="la protection du document a été retirée")
    elif ancienne.get(f"{W}edit") != nouvelle.get(f"{W}edit"):
        message = "la protection n’est plus de la même sorte"
        yield Constat(genre="protection_allegee", message=message)
    elif _mot_de_passe(ancienne) and not _mot_de_passe(nouvelle):
        yield Constat(genre="protection_allegee", message="mot de passe retiré")


def _mot_de_passe(protection: Element) -> bool:
    return any(protection.get(f"{W}{nom}") for nom in ("hash", "hashValue"))


def _protection_de(archive: Archive) -> Element | None:
    for nom in archive.noms:
        if nom.lower().endswith("word/settings.xml"):
            protection = analyser_xml(archive.lire(nom), nom).find(f"{W}documentProtection")
            if protection is not None and vrai(protection.get(f"{W}enforcement")):
                return protection
    return None


def _commentaires(avant: Archive, apres: Archive) -> Iterator[Constat]:
    anciens, nouveaux = _nombre_de_commentaires(avant), _nombre_de_commentaires(apres)
    if nouveaux > anciens:
        yield Constat(genre="commentaire_ajoute", gravite="remarque", nombre=nouveaux - anciens)
    elif nouveaux < anciens:
        yield Constat(genre="commentaire_perdu", nombre=anciens - nouveaux)


def _nombre_de_commentaires(archive: Archive) -> int:
    noms = [nom for nom in archive.noms if nom.lower().endswith("word/comments.xml")]
    return sum(1 for nom in noms for _ in analyser_xml(archive.lire(nom), nom).iter(f"{W}comment"))
