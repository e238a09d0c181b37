"""Comparer un classeur rendu avec son gabarit, sans savoir quelles cases devaient être remplies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cpomdocs.certificat.comparaison.constats import Constat, autre_version
from cpomdocs.certificat.comparaison.excel.cellules import ComparaisonDeCases
from cpomdocs.certificat.comparaison.excel.decalages import (
    Decalage,
    chercher_decalage,
    numeroteur,
    ramener,
)
from cpomdocs.certificat.comparaison.excel.entourage import comparer_entourage
from cpomdocs.certificat.comparaison.excel.feuille import Feuille, lire_feuille
from cpomdocs.certificat.comparaison.excel.formules import normaliser, renumeroter
from cpomdocs.certificat.comparaison.excel.regles import comparer_controles, comparer_formats
from cpomdocs.certificat.comparaison.paquet import comparer_paquets
from cpomdocs.office.analyse import analyser_xml
from cpomdocs.office.archive import Archive
from cpomdocs.office.classeur import Classeur, FeuilleClasseur, lire_classeur
from cpomdocs.office.styles import NS, vrai

_RESSEMBLANCE = 0.6
"""Part des textes communs à partir de laquelle une feuille est reconnue sous un autre nom."""
_BEAUCOUP = 3
"""Atteintes d’une feuille à partir desquelles on cherche si des lignes y ont été insérées ou supprimées."""
_NOMS_DES_LOGICIELS = ("_xlnm._filterdatabase", "_xlnm.criteria", "_xlnm.extract")


def comparer_classeurs(avant: Archive, apres: Archive) -> tuple[list[Constat], list[Constat]]:
    """Les constats et les cases remplies, dans l’ordre des feuilles du gabarit."""
    gabarit, document = lire_classeur(avant), lire_classeur(apres)
    couples = _apparier(gabarit, document)
    renommees = {b.nom.casefold(): a.nom.casefold() for a, b in couples if b is not None and a.nom != b.nom}
    paires = [
        (lire_feuille(gabarit, a), lire_feuille(document, b))
        for a, b in couples
        if b is not None and a.donnees and b.donnees
    ]
    comparees, decalages = _comparer_cases(paires, renommees)
    constats = list(_onglets(gabarit, document, couples))
    for (ancienne, nouvelle), cases in comparees:
        feuille = ancienne.nom
        decalage = decalages.get(feuille.casefold())
        trouves = [
            *cases.constats,
            *comparer_controles(ancienne, nouvelle, renommees),
            *comparer_formats(ancienne, nouvelle, renommees),
            *comparer_entourage(ancienne, nouvelle),
        ]
        constats += decalage.constats(feuille) if decalage else []
        constats += [c for c in trouves if decalage is None or not decalage.efface(c)]
    fixes = sum(len(ancienne.cases) for (ancienne, _), _ in comparees)
    abimees = sum(cases.atteintes for _, cases in comparees)
    constats += autre_version(abimees, fixes)
    constats += _reglages(gabarit, document)
    constats += _noms(gabarit, document, renommees, decalages)
    constats += comparer_paquets(avant, apres)
    return constats, [saisie for _, cases in comparees for saisie in cases.saisies]


Paire = tuple[Feuille, Feuille]


def _comparer_cases(
    paires: list[Paire], renommees: Mapping[str, str]
) -> tuple[list[tuple[Paire, ComparaisonDeCases]], dict[str, Decalage]]:
    """Les cellules comparées ; une feuille très abîmée n’a parfois que des lignes en plus ou en moins."""
    comparees = [(paire, ComparaisonDeCases(*paire, renommees)) for paire in paires]
    if all(cases.atteintes < _BEAUCOUP for _, cases in comparees):
        return comparees, {}
    decalages: dict[str, Decalage] = {}
    for (ancienne, nouvelle), cases in comparees:
        trouve = chercher_decalage(ancienne, nouvelle) if cases.atteintes >= _BEAUCOUP else None
        if trouve is not None:
            nom = ancienne.nom.casefold()
            essai = ramener(nouvelle, {nom: trouve}, renommees)
            if ComparaisonDeCases(ancienne, essai, renommees, trouve).atteintes * 2 <= cases.atteintes:
                decalages[nom] = trouve
    if not decalages:
        return comparees, {}
    for rang, ((ancienne, nouvelle), cases) in enumerate(comparees):
        decalage = decalages.get(ancienne.nom.casefold())
        a_refaire = decalage is not None or cases.atteintes > 0
        paire = ancienne, ramener(nouvelle, decalages, renommees, a_refaire)
        refaites = ComparaisonDeCases(*paire, renommees, decalage) if a_refaire else cases
        comparees[rang] = paire, refaites
    return comparees, decalages


Couples = list[tuple[FeuilleClasseur, FeuilleClasseur | None]]


def _apparier(gabarit: Classeur, document: Classeur) -> Couples:
    """Chaque feuille du gabarit et celle du document : par le nom, sinon par les textes."""
    couples: Couples = [(f, document.feuille(f.nom)) for f in gabarit.feuilles]
    prises = {b.partie for _, b in couples if b is not None}
    libres = [f for f in document.feuilles if f.partie not in prises and f.donnees]
    for rang, (ancienne, nouvelle) in enumerate(couples):
        if nouvelle is None and ancienne.donnees and libres:
            textes = lire_feuille(gabarit, ancienne).textes()
            notes = [(_ressemblance(textes, lire_feuille(document, f)), f) for f in libres]
            note, trouvee = max(notes, key=lambda paire: paire[0])
            if note >= _RESSEMBLANCE:
                couples[rang] = ancienne, trouvee
                libres.remove(trouvee)
    return couples


def _ressemblance(textes: set[str], feuille: Feuille) -> float:
    """La part des textes du gabarit que la feuille porte aussi."""
    return len(textes & feuille.textes()) / len(textes) if textes else 0.0


def _onglets(gabarit: Classeur, document: Classeur, couples: Couples) -> Iterator[Constat]:
    for ancienne, nouvelle in couples:
        if nouvelle is None:
            yield Constat(genre="feuille_perdue", feuille=ancienne.nom)
            continue
        if nouvelle.nom != ancienne.nom:
            yield Constat(
                genre="feuille_renommee", feuille=ancienne.nom, avant=ancienne.nom, apres=nouvelle.nom
            )
        if (nouvelle.etat == "visible") != (ancienne.etat == "visible"):
            genre = "feuille_masquee" if ancienne.etat == "visible" else "feuille_montree"
            yield Constat(genre=genre, feuille=ancienne.nom)
    connues = {b.partie for _, b in couples if b is not None}
    for feuille in document.feuilles:
        if feuille.partie not in connues:
            yield Constat(genre="feuille_ajoutee", feuille=feuille.nom)
    rangs = {f.partie: rang for rang, f in enumerate(document.feuilles)}
    ordre = [rangs[b.partie] for _, b in couples if b is not None]
    if ordre != sorted(ordre):
        noms = ", ".join(f"« {f.nom} »" for f in document.feuilles)
        yield Constat(genre="feuille_deplacee", message=f"ordre dans le document : {noms}")


def _reglages(gabarit: Classeur, document: Classeur) -> Iterator[Constat]:
    if gabarit.date1904 != document.date1904:
        yield Constat(
            genre="dates_changees", message="toutes les dates du classeur sont décalées de quatre ans"
        )
    verrous = [_structure_verrouillee(classeur) for classeur in (gabarit, document)]
    if verrous[0] and not verrous[1]:
        yield Constat(genre="protection_allegee", message="la structure du classeur n’est plus protégée")


def _structure_verrouillee(classeur: Classeur) -> bool:
    racine = analyser_xml(classeur.archive.lire(classeur.partie), classeur.partie)
    protection = racine.find(f"{NS}workbookProtection")
    return protection is not None and vrai(protection.get("lockStructure"))


def _noms(
    gabarit: Classeur, document: Classeur, renommees: Mapping[str, str], decalages: Mapping[str, Decalage]
) -> Iterator[Constat]:
    nouveaux = {
        (nom, renommees.get((feuille or "").casefold(), (feuille or "").casefold())): formule
        for (nom, feuille), formule in document.noms.items()
    }
    for (nom, feuille), formule in gabarit.noms.items():
        if nom in _NOMS_DES_LOGICIELS or "#REF!" in formule:
            continue
        autre = nouveaux.get((nom, (feuille or "").casefold()))
        if autre is None:
            yield Constat(genre="nom_perdu", feuille=feuille, lieu=_montrer(nom), avant=formule)
        elif _forme(formule, {}) != _forme(_renumeroter(autre, decalages, renommees), renommees):
            yield Constat(genre="nom_change", feuille=feuille, lieu=_montrer(nom), avant=formule, apres=autre)


def _forme(formule: str, renommees: Mapping[str, str]) -> list[str]:
    """Les plages d’un nom, sans ordre : celui des titres à imprimer change d’un logiciel à l’autre."""
    return sorted(normaliser(formule, "", feuilles=renommees).split(","))


def _renumeroter(formule: str, decalages: Mapping[str, Decalage], renommees: Mapping[str, str]) -> str:
    return renumeroter(formule, "", lambda ou: numeroteur(decalages, renommees, ou))


def _montrer(nom: str) -> str:
    """Le nom en mots : les noms d’Excel pour l’impression n’en sont pas pour une personne."""
    propres = {"_xlnm.print_area": "zone d’impression", "_xlnm.print_titles": "titres à imprimer"}
    return propres.get(nom, nom)
