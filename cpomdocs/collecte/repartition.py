"""Répartir : un classeur sans macro par établissement, ou par domaine, tiré du classeur maître."""

from __future__ import annotations

import datetime
import secrets
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cpomdocs.classeur.besoins import FormulaireResume, modele_de
from cpomdocs.classeur.feuilles.elements import ACCUEIL
from cpomdocs.collecte.echange.conservation import Tables, ecrire_tables
from cpomdocs.collecte.echange.maitre import Maitre
from cpomdocs.collecte.echange.releve import Ligne, Table, relever
from cpomdocs.collecte.envoi.consignes import Consignes
from cpomdocs.collecte.envoi.identite import Identite
from cpomdocs.collecte.envoi.parts import ETABLISSEMENT, Genre, Part, champ_etablissement, decouper
from cpomdocs.collecte.envoi.redaction import ecrire_part
from cpomdocs.collecte.lieux import ENVOIS, RETOURS, nom_de_fichier
from cpomdocs.collecte.registre import Envoi, Registre, ouvrir_registre
from cpomdocs.collecte.retour.ouverture import textes_de
from cpomdocs.collecte.tableau import ecrire_tableau
from cpomdocs.ecriture.depot import poser
from cpomdocs.ecriture.empreintes import empreinte
from cpomdocs.ecriture.noms import cle_de_collision
from cpomdocs.ecriture.occupation import occuper
from cpomdocs.ecriture.verrous import verrou_office
from cpomdocs.erreurs import ErreurDossier, ErreurEcriture, motif, vouliez_vous_dire
from cpomdocs.formulaires.besoins import resumer
from cpomdocs.formulaires.catalogue import charger_formulaires, choisir, repertoire_des_formulaires
from cpomdocs.formulaires.verification import ecarter_les_fautifs
from cpomdocs.journal import journaliser
from cpomdocs.lecture import lire_classeur
from cpomdocs.lecture.fabrique import construire
from cpomdocs.lecture.grilles import ouvrir_classeur
from cpomdocs.modeles.base import Entite
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.modeles.types import ValeurSimple
from cpomdocs.reglages import PRIVE, lire_reglages, trouver_classeur


@dataclass(frozen=True)
class DemandeDeCollecte:
    """Ce que la personne demande : à qui, pour quand, qui joindre, pour quels formulaires (sinon, tous)."""

    par: Genre = ETABLISSEMENT
    parts: Sequence[str] = ()
    echeance: datetime.date | None = None
    contact: str = ""
    formulaires: Sequence[str] = ()
    aujourd_hui: datetime.date = field(default_factory=datetime.date.today)


@dataclass(frozen=True)
class _Atelier:
    """Ce que toutes les parts d’une répartition partagent."""

    dossier: Dossier
    maitre: Maitre
    formulaires: Sequence[FormulaireResume]
    attendues: dict[str, list[dict[str, ValeurSimple]]]
    demande: DemandeDeCollecte


def repartir(racine: Path, demande: DemandeDeCollecte) -> list[Envoi]:
    """Écrit dans `collecte/a-envoyer` un classeur par part, et retient ce qui est parti ; rend les envois.

    Le classeur maître n’est pas touché : il peut rester ouvert. Lève `ErreurDossier`, `ErreurClasseur` ou
    `ErreurEcriture` quand rien ne peut être fait.
    """
    reglages = lire_reglages(racine)
    classeur = trouver_classeur(racine, reglages)
    prive = racine / PRIVE
    with occuper(prive, reglages.attente_verrou), journaliser(prive, "répartition"):
        dossier, _ = lire_classeur(classeur)
        formulaires = _formulaires(racine, dossier, demande.formulaires)
        parts = _parts(dossier, demande, formulaires)
        atelier = _Atelier(dossier, Maitre(classeur), formulaires, dossier.lignes_attendues(), demande)
        with ouvrir_registre(prive) as registre:
            envois = [_envoyer(racine, part, atelier, registre) for part in parts]
            ecrire_tableau(racine, registre, demande.aujourd_hui)
        (racine / RETOURS).mkdir(parents=True, exist_ok=True)
        return envois


def _formulaires(racine: Path, dossier: Dossier, noms: Iterable[str]) -> list[FormulaireResume]:
    """Les formulaires nommés, ou tous ceux qui sont à remettre."""
    charges, _ = charger_formulaires(repertoire_des_formulaires(racine))
    charges, _ = ecarter_les_fautifs(charges)
    _verifier("formulaire", noms, [f.nom for f in charges])
    resumes = resumer(choisir(charges, noms), dossier)
    if noms:
        return [FormulaireResume(f.nom, f.libelle, True, f.champs) for f in resumes]
    return [f for f in resumes if f.a_remettre]


def _parts(
    dossier: Dossier, demande: DemandeDeCollecte, formulaires: Sequence[FormulaireResume]
) -> list[Part]:
    parts = decouper(dossier, demande.par, formulaires)
    quoi = "établissement" if demande.par == ETABLISSEMENT else "domaine"
    _verifier(quoi, demande.parts, [part.code for part in parts])
    choisies = [part for part in parts if not demande.parts or part.code in demande.parts]
    if not choisies:
        raise ErreurDossier(
            f"Aucun {quoi} à qui demander quelque chose.",
            "Saisir les établissements du périmètre dans le classeur maître, et les formulaires à remettre.",
        )
    return choisies


def _verifier(quoi: str, voulus: Iterable[str], connus: Sequence[str]) -> None:
    for nom in voulus:
        if nom not in connus:
            proche = vouliez_vous_dire(nom, connus) or f"Connus : {', '.join(connus) or 'aucun'}."
            raise ErreurDossier(f"Aucun {quoi} ne s’appelle « {nom} ».", proche)


def _envoyer(racine: Path, part: Part, atelier: _Atelier, registre: Registre) -> Envoi:
    connues = {c: _lignes(part, c, atelier) for c in part.collections}
    entites = {c: [_entite(c, ligne) for ligne in lignes] for c, lignes in connues.items()}
    preparees = {c: _preparees(part, c, atelier) for c in part.collections}
    etat = empreinte(ecrire_tables(connues))[:16]
    identite = Identite(registre.dossier, secrets.token_hex(8), etat)
    demande, numero = atelier.demande, registre.numero_suivant(part)
    consignes = Consignes(
        f"Collecte du CPOM : {part.libelle}",
        demande.echeance,
        demande.contact or _contact(atelier.dossier),
        [f.libelle for f in atelier.formulaires],
    )
    octets = ecrire_part(
        {c: [*entites[c], *preparees[c]] for c in part.collections},
        atelier.formulaires,
        consignes,
        identite,
        atelier.maitre.annee_n,
    )
    envoyees, fixes = _relire(octets, part, atelier.maitre.annee_n)
    for collection, lignes in envoyees.items():
        for ligne in lignes[len(connues[collection]) :]:
            ligne.preparee = True
    fichier = _poser(racine, part, numero, octets, registre)
    destinataire, courriel = _destinataire(part, atelier.dossier)
    envoi = Envoi(
        reference=identite.envoi,
        part=part,
        numero=numero,
        date=demande.aujourd_hui,
        echeance=demande.echeance,
        contact=consignes.contact,
        destinataire=destinataire,
        courriel=courriel,
        fichier=fichier,
        formulaires=tuple(f.nom for f in atelier.formulaires),
        annee_n=atelier.maitre.annee_n,
        etat=etat,
        fixes=fixes,
    )
    registre.noter_envoi(envoi, envoyees)
    return envoi


def _lignes(part: Part, collection: str, atelier: _Atelier) -> list[Ligne]:
    """Les lignes de la part qui sont dans le classeur maître."""
    table = atelier.maitre.table(collection)
    return part.lignes(collection, table.lignes) if table else []


def _entite(collection: str, ligne: Ligne) -> Entite:
    valeurs = {nom: v for nom, lue in ligne.donnees.items() if (v := lue.valeur()) is not None}
    sans_objet = [nom for nom, lue in ligne.donnees.items() if lue.genre == "sans_objet"]
    return construire(modele_de(collection), valeurs, sans_objet)[0]


def _preparees(part: Part, collection: str, atelier: _Atelier) -> list[Entite]:
    """Les lignes attendues que le classeur maître n’a pas encore, avec leurs seules clés."""
    porteur = champ_etablissement(collection)
    return [
        construire(modele_de(collection), cles, ())[0]
        for cles in atelier.attendues.get(collection, [])
        if part.genre != ETABLISSEMENT or cles.get(porteur or "") == part.code
    ]


def _relire(octets: bytes, part: Part, annee_n: int | None) -> tuple[Tables, dict[str, tuple[str, ...]]]:
    """Ce que la lecture trouve dans le classeur qui part : c’est à cela que le retour sera comparé."""
    with tempfile.TemporaryDirectory() as provisoire:
        copie = Path(provisoire) / "part.xlsx"
        copie.write_bytes(octets)
        lu = ouvrir_classeur(copie)
    tables: dict[str, Table] = relever(lu, part.collections, annee_n).tables
    fixes = {c: tuple(table.etrangeres.values()) for c, table in tables.items()}
    fixes[ACCUEIL] = tuple(textes_de(lu, ACCUEIL))
    return {c: table.lignes for c, table in tables.items()}, fixes


def _poser(racine: Path, part: Part, numero: int, octets: bytes, registre: Registre) -> str:
    """Écrit le classeur sous un nom que nulle autre part ne porte ; rend son chemin dans le dossier."""
    occupes = {
        cle_de_collision(e.fichier)
        for e in registre.derniers()
        if (e.part.genre, e.part.code) != (part.genre, part.code)
    }
    suite = f" - envoi {numero}" if numero > 1 else ""
    nom = f"{ENVOIS}/{nom_de_fichier(f'Collecte {part.nom}{suite}', '.xlsx')}"
    if cle_de_collision(nom) in occupes:
        nom = f"{ENVOIS}/{nom_de_fichier(f'Collecte {part.nom}{suite} {secrets.token_hex(2)}', '.xlsx')}"
    cible = racine / nom
    if verrou_office(cible) is not None:
        raise ErreurEcriture(f"« {cible.name} » est ouvert.", "Le fermer, puis relancer.")
    try:
        poser(cible, octets)
    except OSError as erreur:
        raise ErreurEcriture(
            f"« {nom} » n’a pas pu être écrit : {motif(erreur)}.", "Vérifier la place libre et les droits."
        ) from erreur
    return nom


def _contact(dossier: Dossier) -> str:
    """Le référent CPOM et comment le joindre, d’après la feuille « Gestionnaire »."""
    g = dossier.gestionnaire
    joindre = ", ".join(filter(None, (g.referent_cpom_courriel, g.referent_cpom_tel)))
    nom = g.referent_cpom_nom or "la personne référente du CPOM"
    return f"{nom} ({joindre})" if joindre else nom


def _destinataire(part: Part, dossier: Dossier) -> tuple[str, str]:
    """La direction de l’établissement et son courriel ; rien n’est connu pour un domaine."""
    etablissement = dossier.etablissement(part.code) if part.genre == ETABLISSEMENT else None
    if etablissement is None:
        return part.libelle, ""
    return etablissement.directeur or part.libelle, etablissement.courriel or ""
