"""La vérification d’un document Word : il ne diffère du gabarit qu’aux cases prévues, qui disent la valeur.

Les endroits prévus sont retrouvés des deux côtés, comparés à la valeur, puis effacés ; tout le reste des
parties touchées doit alors être le même XML canonique, et les autres parties les mêmes octets.
"""

from __future__ import annotations

from collections.abc import Sequence

from cpomdocs.certificat import PARTIES_LIEES, Ecart
from cpomdocs.certificat.paquet import comparer_paquets
from cpomdocs.certificat.word.effacement import (
    coche_prevue,
    controle_dit,
    donnee_dit,
    effacer_controle,
    effacer_signet,
    lire_signet,
)
from cpomdocs.certificat.word.endroits import (
    Endroits,
    endroits_de_la_cellule,
    endroits_de_la_coche,
    endroits_du_libelle,
)
from cpomdocs.certificat.word.examen import Examen, attendu, comparer, entre_barres, meme_place
from cpomdocs.certificat.word.genres.champs import (
    champ_dit,
    debuts_de_champ,
    effacer_champ,
    effacer_fusion,
    fusions,
    longueur,
    nom_de_fusion,
    valeur_fusionnee,
)
from cpomdocs.certificat.word.genres.images import (
    donnee_dite,
    effacer_image,
    image_dite,
    recoit_une_image,
    verifier_declarations,
)
from cpomdocs.certificat.word.genres.liaisons import Donnee, donnee_liee, texte_a_plat
from cpomdocs.certificat.word.lecture import (
    Element,
    W,
    cellule_du_tableau,
    lire,
    occurrences,
    parties_de_texte,
    signes_avant,
)
from cpomdocs.certificat.word.lignes import detacher_les_ajouts
from cpomdocs.certificat.word.portions import Ajout, effacer_paragraphe, effacer_symbole
from cpomdocs.certificat.word.sections import examiner_les_sections
from cpomdocs.office.archive import lire_archive
from cpomdocs.saisies import CaseWord, Saisie


def certifier(gabarit: bytes, document: bytes, saisies: Sequence[Saisie]) -> list[Ecart]:
    """Ce qui a bougé hors des saisies, ou ne dit pas leur valeur ; une liste vide si tout est conforme."""
    examen = Examen(lire_archive(gabarit, "gabarit"), lire_archive(document, "document"))
    parties = [nom for nom in parties_de_texte(examen.gabarit) if nom in examen.document]
    prevues = [(s, s.case) for s in saisies if isinstance(s.case, CaseWord)]
    libelles = [(s, c, _situer(examen, parties, c)) for s, c in prevues if c.genre == "libelle"]
    tableaux = [
        (s, c, _cellules(examen, parties, c))
        for s, c in prevues
        if c.genre == "tableau" and "+" not in c.cellule
    ]
    lignes = [(p, examen.lignes_de(p)) for p in parties]
    coches = [
        (s, c, endroits_de_la_coche(lignes, c.nom, max(c.rang, 1))) for s, c in prevues if c.genre == "coche"
    ]
    champs = [(s, c, _fusions(examen, parties, c)) for s, c in prevues if c.genre == "champ"]
    publipostes = [(s, c, endroits) for s, c, endroits in champs if endroits]
    situes = [*libelles, *tableaux, *coches, *publipostes]
    for _, element, _ in (e for _, _, endroits in situes for e in endroits):
        paragraphe = element if element.tag == f"{W}p" else next(element.iterancestors(f"{W}p"), None)
        if paragraphe is not None:
            examen.reperer(paragraphe)
    for saisie, case in prevues:
        if case.genre == "signet":
            _examiner_signets(examen, parties, saisie, case.nom)
    presents, elements = examiner_les_sections(examen, parties, prevues)
    ajoutees = detacher_les_ajouts(examen, parties[0], prevues)
    for partie, ancien, nouveau, saisie in presents:
        _examiner_controle(examen, partie, ancien, nouveau, saisie)
    for saisie, case in prevues:
        if case.genre == "controle":
            _examiner_controles(examen, parties, saisie, case)
        elif case.genre == "champ" and not any(case == c for _, c, _ in publipostes):
            _examiner_champ(examen, parties, saisie, case)
    _examiner_endroits(examen, situes)
    for ligne in (*ajoutees, *elements):
        (partie,) = ligne.examen.avant
        examen.touchees.add(partie)
        _examiner_endroits(ligne.examen, ligne.prevues)
        comparer(ligne.examen, partie)
        examen.ecarts += ligne.examen.ecarts
    for nom in sorted(examen.touchees):
        comparer(examen, nom)
    images = any(saisie.image is not None for saisie, _ in prevues)
    if images:
        verifier_declarations(examen)
    return examen.ecarts + comparer_paquets(
        examen.gabarit, examen.document, lambda nom: nom in examen.touchees, images
    )


def _nommes(racine: Element, nom: str, propriete: str) -> list[Element]:
    return [
        sdt
        for sdt in racine.iter(f"{W}sdt")
        if not nom
        or ((marque := sdt.find(f"{W}sdtPr/{W}{propriete}")) is not None and marque.get(f"{W}val") == nom)
    ]


def _examiner_controles(examen: Examen, parties: list[str], saisie: Saisie, case: CaseWord) -> None:
    for propriete in ("tag", "alias"):
        trouves = [
            (partie, ancien, nouveau)
            for partie in parties
            for ancien, nouveau in zip(
                *(_nommes(racine, case.nom, propriete) for racine in examen.ouvrir(partie)), strict=False
            )
        ]
        vises = trouves[case.rang - 1 : case.rang] if case.rang else trouves
        for partie, ancien, nouveau in vises:
            if ancien.get("efface") is None:
                _examiner_controle(examen, partie, ancien, nouveau, saisie)
        if vises:
            return
    examen.noter("", saisie.case, "la case prévue n’est pas dans le gabarit")


def _examiner_controle(
    examen: Examen, partie: str, ancien: Element, nouveau: Element, saisie: Saisie, suivre: bool = True
) -> None:
    illustre = saisie.image is not None and recoit_une_image(ancien)
    dit = (
        image_dite(examen.document, partie, ancien, nouveau, saisie)
        if illustre
        else controle_dit(nouveau, saisie, attendu(saisie))
    )
    if not dit:
        examen.noter(partie, saisie.case, "le contrôle ne dit pas la valeur prévue")
    donnee = donnee_liee(examen.gabarit, ancien) if suivre else None
    for sdt in (ancien, nouveau):
        (effacer_image if illustre else effacer_controle)(sdt)
    examen.toucher(partie, ancien, nouveau)
    if donnee is not None:
        _examiner_donnee(examen, donnee, ancien, saisie)


def _examiner_donnee(examen: Examen, donnee: Donnee, sdt: Element, saisie: Saisie) -> None:
    """La donnée XML liée, et les autres contrôles qui la montrent."""
    nom = donnee.partie
    if not PARTIES_LIEES.match(nom) or nom not in examen.document:
        examen.noter(nom, saisie.case, "la donnée liée n’est pas dans une partie prévue")
        return
    examen.touchees.add(nom)
    _, lu = [donnee.prendre(racine) for racine in examen.ouvrir(nom)]
    illustre = saisie.image is not None and recoit_une_image(sdt)
    dit = lu is not None and (
        donnee_dite(lu, saisie) if illustre else donnee_dit(sdt, texte_a_plat(lu), saisie, attendu(saisie))
    )
    if not dit:
        examen.noter(nom, saisie.case, "la donnée liée ne dit pas la valeur prévue")
    for partie in parties_de_texte(examen.gabarit):
        avant, apres = examen.ouvrir(partie)
        couples = zip(avant.iter(f"{W}sdt"), apres.iter(f"{W}sdt"), strict=False)
        for ancien, nouveau in list(couples):
            if ancien.get("efface") is None and donnee_liee(examen.gabarit, ancien) == donnee:
                _examiner_controle(examen, partie, ancien, nouveau, saisie, suivre=False)


def _examiner_signets(examen: Examen, parties: list[str], saisie: Saisie, nom: str) -> None:
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
            examen.toucher(partie, ancien, nouveau)
    if not trouve:
        examen.noter("", saisie.case, "la case prévue n’est pas dans le gabarit")


def _examiner_champ(examen: Examen, parties: list[str], saisie: Saisie, case: CaseWord) -> None:
    avant, apres = (
        [(p, debut) for p in parties for debut in debuts_de_champ(examen.ouvrir(p)[cote], case.nom or None)]
        for cote in (0, 1)
    )
    rang = max(case.rang, 1) - 1
    if rang >= min(len(avant), len(apres)):
        examen.noter("", case, "la case prévue n’est pas dans le gabarit")
        return
    _comparer_champs(examen, avant[rang][0], avant[rang][1], apres[rang][1], saisie)


def _comparer_champs(examen: Examen, partie: str, ancien: Element, nouveau: Element, saisie: Saisie) -> None:
    if not champ_dit(nouveau, saisie, attendu(saisie)):
        examen.noter(partie, saisie.case, "le champ ne dit pas la valeur prévue")
    effacer_champ(ancien)
    effacer_champ(nouveau)
    examen.toucher(partie, ancien, nouveau)


def _cellules(examen: Examen, parties: list[str], case: CaseWord) -> Endroits:
    racine, _ = examen.ouvrir(parties[0])
    cellule = cellule_du_tableau(racine, int(case.nom), case.cellule)
    return [] if cellule is None else endroits_de_la_cellule(parties[0], cellule)


def _situer(examen: Examen, parties: list[str], case: CaseWord) -> Endroits:
    """Où va la valeur d’un libellé, dans le gabarit."""
    trouvees = [(p, o) for p in parties for o in occurrences(examen.lignes_de(p), case.nom)]
    if max(case.rang, 1) > len(trouvees):
        return []
    partie, occurrence = trouvees[max(case.rang, 1) - 1]
    return endroits_du_libelle(partie, occurrence)


def _fusions(examen: Examen, parties: list[str], case: CaseWord) -> Endroits:
    """Les champs de publipostage de ce nom, s’il n’y a pas de champ de formulaire qui le porte."""
    if not case.nom or any(debuts_de_champ(examen.ouvrir(p)[0], case.nom) for p in parties):
        return []
    trouves = [(p, e, longueur(e)) for p in parties for e in fusions(examen.ouvrir(p)[0], case.nom)]
    return trouves[case.rang - 1 : case.rang] if case.rang else trouves


def _examiner_endroits(examen: Examen, prevues: list[tuple[Saisie, CaseWord, Endroits]]) -> None:
    """D’abord ce qui tient dans un élément, puis les valeurs au fil des paragraphes, par paragraphe."""
    par_paragraphe: dict[tuple[str, Element], list[tuple[Ajout, Saisie]]] = {}
    for saisie, case, endroits in prevues:
        if not endroits:
            examen.noter("", case, "la case prévue n’est pas dans le gabarit")
        for partie, element, fin in endroits:
            ajout = _ajout(examen, element, fin, saisie)
            if ajout is None:
                _examiner_place(examen, partie, element, saisie)
            else:
                paragraphe = next(element.iterancestors(f"{W}p")) if element.tag != f"{W}p" else element
                par_paragraphe.setdefault((partie, paragraphe), []).append((ajout, saisie))
    for (partie, paragraphe), valeurs in par_paragraphe.items():
        nouveau = meme_place(examen, partie, paragraphe)
        ajouts = [a._replace(fin=examen.position(paragraphe, a.fin)) for a, _ in valeurs]
        for element in [e for _, _, endroits in prevues for _, e, _ in endroits if _est_fusion(e)]:
            if paragraphe in element.iterancestors():
                effacer_fusion(element)
        ajouts.sort(key=lambda ajout: ajout.fin)
        if nouveau is not None and not effacer_paragraphe(paragraphe, nouveau, ajouts):
            lieux = ", ".join(str(saisie.case) for _, saisie in valeurs)
            examen.noter(partie, lieux, "la ligne ne dit pas la valeur prévue, ou autre chose y a changé")
        examen.toucher(partie, paragraphe, nouveau)


def _est_fusion(element: Element) -> bool:
    """Vrai pour ce qui ouvre un champ de publipostage."""
    return element.tag == f"{W}fldSimple" or (element.tag == f"{W}fldChar" and nom_de_fusion(element) != "")


def _ajout(examen: Examen, element: Element, fin: int, saisie: Saisie) -> Ajout | None:
    """Ce qu’une ligne reçoit : une valeur, un carré coché, un champ remplacé ; `None` pour autre chose."""
    if element.tag == f"{W}p":
        return Ajout(fin, entre_barres(lire(element)[fin:], saisie, attendu(saisie)))
    if element.tag == f"{W}t":
        return Ajout(fin, "", coche_prevue(saisie))
    if _est_fusion(element):
        paragraphe = next(element.iterancestors(f"{W}p"))
        return Ajout(
            signes_avant(paragraphe, element), valeur_fusionnee(element, saisie, attendu(saisie)), saut=fin
        )
    return None


def _examiner_place(examen: Examen, partie: str, element: Element, saisie: Saisie) -> None:
    """Un symbole à cocher, un contrôle ou un champ, au même endroit des deux documents."""
    examen.touchees.add(partie)
    if element.tag == f"{W}sym":
        paragraphe = next(element.iterancestors(f"{W}p"))
        nouveau = meme_place(examen, partie, paragraphe)
        if nouveau is not None and not effacer_symbole(paragraphe, nouveau, element, coche_prevue(saisie)):
            examen.noter(partie, saisie.case, "la case n’est pas cochée comme prévu")
        return
    nouveau = meme_place(examen, partie, element)
    if nouveau is not None:
        comparer_place = _examiner_controle if element.tag == f"{W}sdt" else _comparer_champs
        comparer_place(examen, partie, element, nouveau, saisie)
