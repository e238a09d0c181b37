"""La vérification d’un document Word : il ne diffère du gabarit qu’aux cases prévues, qui disent la valeur.

Les endroits prévus sont retrouvés des deux côtés, comparés à la valeur, puis effacés ; tout le reste des
parties touchées doit alors être le même XML canonique, et les autres parties les mêmes octets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import etree

from cpomdocs.certificat import PARTIES_LIEES, Ecart
from cpomdocs.certificat.paquet import comparer_paquets
from cpomdocs.certificat.word_balises import certifier_balises
from cpomdocs.certificat.word_champs import champ_dit, debuts_de_champ, effacer_champ
from cpomdocs.certificat.word_effacement import (
    controle_dit,
    donnee_dit,
    effacer_controle,
    effacer_paragraphe,
    effacer_signet,
    lire_signet,
)
from cpomdocs.certificat.word_endroits import Endroits, endroits_de_la_cellule, endroits_du_libelle
from cpomdocs.certificat.word_lecture import (
    Element,
    Ligne,
    W,
    cellule_du_tableau,
    lignes_de_texte,
    occurrences,
    parties_de_texte,
)
from cpomdocs.certificat.word_liaisons import Donnee, donnee_liee
from cpomdocs.formats import formater
from cpomdocs.office.analyse import analyser_xml
from cpomdocs.office.archive import Archive, lire_archive
from cpomdocs.saisies import CaseWord, Saisie

__all__ = ["certifier", "certifier_balises"]


@dataclass
class _Examen:
    """Les deux fichiers, leurs parties mises en arbre, et ce qui a été prévu dans chacune."""

    gabarit: Archive
    document: Archive
    avant: dict[str, Element] = field(default_factory=dict)
    apres: dict[str, Element] = field(default_factory=dict)
    touchees: set[str] = field(default_factory=set)
    ecarts: list[Ecart] = field(default_factory=list)
    lignes: dict[str, list[Ligne]] = field(default_factory=dict)

    def lignes_de(self, nom: str) -> list[Ligne]:
        """Les paragraphes de la partie du gabarit."""
        if nom not in self.lignes:
            self.lignes[nom] = lignes_de_texte(self.ouvrir(nom)[0])
        return self.lignes[nom]

    def ouvrir(self, nom: str) -> tuple[Element, Element]:
        """La partie du gabarit et celle du document."""
        if nom not in self.avant:
            self.avant[nom] = analyser_xml(self.gabarit.lire(nom), nom)
            self.apres[nom] = analyser_xml(self.document.lire(nom), nom)
        return self.avant[nom], self.apres[nom]

    def noter(self, nom: str, lieu: object, message: str) -> None:
        self.ecarts.append(Ecart(nom, str(lieu), message))


def certifier(gabarit: bytes, document: bytes, saisies: Sequence[Saisie]) -> list[Ecart]:
    """Ce qui a bougé hors des saisies, ou ne dit pas leur valeur ; une liste vide si tout est conforme."""
    examen = _Examen(lire_archive(gabarit, "gabarit"), lire_archive(document, "document"))
    parties = [nom for nom in parties_de_texte(examen.gabarit) if nom in examen.document]
    prevues = [(s, s.case) for s in saisies if isinstance(s.case, CaseWord)]
    libelles = [(s, c, _situer(examen, parties, c)) for s, c in prevues if c.genre == "libelle"]
    tableaux = [(s, c, _cellules(examen, parties, c)) for s, c in prevues if c.genre == "tableau"]
    for saisie, case in prevues:
        if case.genre == "controle":
            _examiner_controles(examen, parties, saisie, case.nom)
        elif case.genre == "signet":
            _examiner_signets(examen, parties, saisie, case.nom)
        elif case.genre == "champ":
            _examiner_champ(examen, parties, saisie, case)
    _examiner_portions(examen, [*libelles, *tableaux])
    for nom in sorted(examen.touchees):
        _comparer(examen, nom)
    return examen.ecarts + comparer_paquets(
        examen.gabarit, examen.document, lambda nom: nom in examen.touchees
    )


def attendu(saisie: Saisie) -> str:
    """Le texte que la case doit montrer."""
    texte = saisie.texte
    if texte is None:
        texte = formater(saisie.valeur.valeur, saisie.valeur.nature, saisie.valeur.unite)
    return texte.replace("\r\n", "\n").replace("\r", "\n")


def _nommes(racine: Element, nom: str, propriete: str) -> list[Element]:
    return [
        sdt
        for sdt in racine.iter(f"{W}sdt")
        if (marque := sdt.find(f"{W}sdtPr/{W}{propriete}")) is not None and marque.get(f"{W}val") == nom
    ]


def _examiner_controles(examen: _Examen, parties: list[str], saisie: Saisie, nom: str) -> None:
    for propriete in ("tag", "alias"):
        trouves = 0
        for partie in parties:
            avant, apres = examen.ouvrir(partie)
            paires = list(zip(_nommes(avant, nom, propriete), _nommes(apres, nom, propriete), strict=False))
            trouves += len(paires)
            for ancien, nouveau in paires:
                if ancien.get("efface") is None:
                    _examiner_controle(examen, partie, ancien, nouveau, saisie)
        if trouves:
            return
    examen.noter("", saisie.case, "la case prévue n’est pas dans le gabarit")


def _examiner_controle(
    examen: _Examen, partie: str, ancien: Element, nouveau: Element, saisie: Saisie, suivre: bool = True
) -> None:
    if not controle_dit(nouveau, saisie, attendu(saisie)):
        examen.noter(partie, saisie.case, "le contrôle ne dit pas la valeur prévue")
    donnee = donnee_liee(examen.gabarit, ancien) if suivre else None
    effacer_controle(ancien)
    effacer_controle(nouveau)
    examen.touchees.add(partie)
    if donnee is not None:
        _examiner_donnee(examen, donnee, ancien, saisie)


def _examiner_donnee(examen: _Examen, donnee: Donnee, sdt: Element, saisie: Saisie) -> None:
    """La donnée XML liée, et les autres contrôles qui la montrent."""
    nom = donnee.partie
    if not PARTIES_LIEES.match(nom) or nom not in examen.document:
        examen.noter(nom, saisie.case, "la donnée liée n’est pas dans une partie prévue")
        return
    examen.touchees.add(nom)
    _, lu = [donnee.prendre(racine) for racine in examen.ouvrir(nom)]
    if lu is None or not donnee_dit(sdt, lu, saisie, attendu(saisie)):
        examen.noter(nom, saisie.case, "la donnée liée ne dit pas la valeur prévue")
    for partie in parties_de_texte(examen.gabarit):
        avant, apres = examen.ouvrir(partie)
        couples = zip(avant.iter(f"{W}sdt"), apres.iter(f"{W}sdt"), strict=False)
        for ancien, nouveau in list(couples):
            if ancien.get("efface") is None and donnee_liee(examen.gabarit, ancien) == donnee:
                _examiner_controle(examen, partie, ancien, nouveau, saisie, suivre=False)


def _examiner_signets(examen: _Examen, parties: list[str], saisie: Saisie, nom: str) -> None:
    trouve = False
    for partie in parties:
        debuts = [
            [d for d in racine.iter(f"{W}bookmarkStart") if d.get(f"{W}name") == nom]
            for racine in examen.ouvrir(partie)
        ]
        for ancien, nouveau in zip(*debuts, strict=False):
            trouve = True
            if lire_signet(nouveau) != attendu(saisie):
                examen.noter(partie, saisie.case, "le signet ne dit pas la valeur prévue")
            effacer_signet(ancien)
            effacer_signet(nouveau)
            examen.touchees.add(partie)
    if not trouve:
        examen.noter("", saisie.case, "la case prévue n’est pas dans le gabarit")


def _examiner_champ(examen: _Examen, parties: list[str], saisie: Saisie, case: CaseWord) -> None:
    avant, apres = (
        [(p, debut) for p in parties for debut in debuts_de_champ(examen.ouvrir(p)[cote], case.nom)]
        for cote in (0, 1)
    )
    rang = max(case.rang, 1) - 1
    if rang >= min(len(avant), len(apres)):
        examen.noter("", case, "la case prévue n’est pas dans le gabarit")
        return
    _comparer_champs(examen, avant[rang][0], avant[rang][1], apres[rang][1], saisie)


def _comparer_champs(examen: _Examen, partie: str, ancien: Element, nouveau: Element, saisie: Saisie) -> None:
    if not champ_dit(nouveau, saisie, attendu(saisie)):
        examen.noter(partie, saisie.case, "le champ ne dit pas la valeur prévue")
    effacer_champ(ancien)
    effacer_champ(nouveau)
    examen.touchees.add(partie)


def _cellules(examen: _Examen, parties: list[str], case: CaseWord) -> Endroits:
    racine, _ = examen.ouvrir(parties[0])
    cellule = cellule_du_tableau(racine, int(case.nom), case.cellule)
    return [] if cellule is None else endroits_de_la_cellule(parties[0], cellule)


def _situer(examen: _Examen, parties: list[str], case: CaseWord) -> Endroits:
    """Où va la valeur d’un libellé, dans le gabarit."""
    trouvees = [(p, o) for p in parties for o in occurrences(examen.lignes_de(p), case.nom)]
    if max(case.rang, 1) > len(trouvees):
        return []
    partie, occurrence = trouvees[max(case.rang, 1) - 1]
    return endroits_du_libelle(partie, occurrence)


def _examiner_portions(examen: _Examen, prevues: list[tuple[Saisie, CaseWord, Endroits]]) -> None:
    """Les valeurs écrites au fil des paragraphes, réunies paragraphe par paragraphe."""
    par_paragraphe: dict[tuple[str, Element], list[tuple[int, Saisie]]] = {}
    for saisie, case, endroits in prevues:
        if not endroits:
            examen.noter("", case, "la case prévue n’est pas dans le gabarit")
        for partie, element, fin in endroits:
            if element.tag == f"{W}p":
                par_paragraphe.setdefault((partie, element), []).append((fin, saisie))
                continue
            nouveau = _meme_place(examen, partie, element)
            if nouveau is not None:
                comparer = _examiner_controle if element.tag == f"{W}sdt" else _comparer_champs
                comparer(examen, partie, element, nouveau, saisie)
    for (partie, paragraphe), valeurs in par_paragraphe.items():
        nouveau = _meme_place(examen, partie, paragraphe)
        ajouts = [(fin, attendu(saisie)) for fin, saisie in sorted(valeurs, key=lambda v: v[0])]
        if nouveau is not None and not effacer_paragraphe(paragraphe, nouveau, ajouts):
            lieux = ", ".join(str(saisie.case) for _, saisie in valeurs)
            examen.noter(partie, lieux, "la ligne ne dit pas la valeur prévue, ou autre chose y a changé")
        examen.touchees.add(partie)


def _meme_place(examen: _Examen, partie: str, element: Element) -> Element | None:
    """L’élément du document au même endroit de l’arbre que celui du gabarit."""
    rangs: list[int] = []
    courant = element
    parent = courant.getparent()
    while parent is not None:
        rangs.append(parent.index(courant))
        courant, parent = parent, parent.getparent()
    trouve = examen.ouvrir(partie)[1]
    for rang in reversed(rangs):
        if rang >= len(trouve):
            examen.noter(partie, element.tag, "l’endroit prévu n’est plus à sa place")
            return None
        trouve = trouve[rang]
    return trouve


def _comparer(examen: _Examen, nom: str) -> None:
    avant, apres = examen.ouvrir(nom)
    if _canonique(avant) == _canonique(apres):
        return
    for ancien, nouveau in zip(avant.iter(), apres.iter(), strict=False):
        if _resume(ancien) != _resume(nouveau):
            lieu = avant.getroottree().getpath(ancien)
            examen.noter(nom, lieu, "autre chose que les cases prévues a changé")
            return
    examen.noter(nom, nom, "autre chose que les cases prévues a changé")


def _resume(element: Element) -> tuple[object, ...]:
    return element.tag, sorted(element.attrib.items()), element.text


def _canonique(racine: Element) -> bytes:
    return bytes(etree.tostring(racine, method="c14n"))
