"""Le plan : quels documents, et dans chacun quelle valeur va dans quelle case. Aucun fichier n’est touché."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from cpomdocs.ecriture.noms import LONGUEUR_CHEMIN, cle_de_collision, defaut_du_nom
from cpomdocs.erreurs import ErreurChemin
from cpomdocs.formulaires.catalogue import Attribution, Formulaire, case_de_grille
from cpomdocs.formulaires.correspondance import Placement, Tableau
from cpomdocs.modeles.base import infos
from cpomdocs.modeles.chemins import (
    Contexte,
    Valeur,
    lignes,
    lire_chemin,
    modele_de,
    preciser,
    resoudre,
    valeur_du_champ,
)
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.modeles.entites.identite import Etablissement
from cpomdocs.modeles.entites.objectifs import Objectif
from cpomdocs.modeles.types import Nature
from cpomdocs.rapport import Anomalie
from cpomdocs.remplissage.moteurs import champs_lus
from cpomdocs.saisies import Case, Saisie

_FACTEURS = {"k€": Decimal("0.001"), "M€": Decimal("0.000001"), "pourcent": Decimal(100)}
_MOT = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class DocumentPrevu:
    """Un document à produire : où il va, ce qu’on y écrit, ce qui l’en empêche.

    `valeurs` : tout ce que le document montre, saisies comprises ; `empechement` : l’anomalie de chemin de
    sortie qui interdit de le produire.
    """

    cle: str
    formulaire: Formulaire
    contexte: Contexte
    chemin: str
    saisies: tuple[Saisie, ...] = ()
    valeurs: tuple[Valeur, ...] = ()
    anomalies: tuple[Anomalie, ...] = ()
    empechement: Anomalie | None = None

    @property
    def etablissement(self) -> str | None:
        """Le code de l’établissement, ou `None` pour un document du gestionnaire."""
        return self.contexte.etablissement.code if self.contexte.etablissement else None

    @property
    def manquantes(self) -> tuple[Valeur, ...]:
        """Les valeurs attendues et vides."""
        return tuple(v for v in self.valeurs if v.etat == "vide")


@dataclass(frozen=True)
class _Contenu:
    saisies: list[Saisie] = field(default_factory=list)
    anomalies: list[Anomalie] = field(default_factory=list)


def planifier(dossier: Dossier, formulaires: Iterable[Formulaire]) -> list[DocumentPrevu]:
    """Les documents de chaque formulaire, pour chaque établissement concerné, dans un ordre stable."""
    prevus: list[DocumentPrevu] = []
    occupes: dict[str, str] = {}
    for formulaire in formulaires:
        for contexte in _contextes(dossier, formulaire):
            prevu = _document(formulaire, contexte)
            collision = occupes.setdefault(cle_de_collision(prevu.chemin), prevu.cle)
            if collision != prevu.cle and prevu.empechement is None:
                prevu = replace(prevu, empechement=_collision(prevu, collision))
            prevus.append(prevu)
    return prevus


def _contextes(dossier: Dossier, formulaire: Formulaire) -> Iterator[Contexte]:
    portee = formulaire.correspondance.formulaire.portee
    if portee == "gestionnaire":
        candidats = [Contexte(dossier)]
    elif portee == "objectif":
        candidats = [Contexte(dossier, None, o) for o in dossier.objectifs if o.numero]
    else:
        candidats = [
            Contexte(dossier, e)
            for e in dossier.etablissements
            if e.code and e.dans_perimetre_cpom is not False
        ]
    pour = formulaire.correspondance.formulaire.pour
    yield from (c for c in candidats if all(_admis(champ, admises, c) for champ, admises in pour.items()))


def _admis(champ: str, admises: list[str | bool | int], contexte: Contexte) -> bool:
    return resoudre(lire_chemin(champ), contexte).valeur in admises


def _document(formulaire: Formulaire, contexte: Contexte) -> DocumentPrevu:
    contenu = _Contenu()
    for attribution in formulaire.attributions:
        _ajouter_attribution(contenu, attribution, formulaire, contexte)
    for tableau in formulaire.correspondance.tableaux:
        _ajouter_tableau(contenu, tableau, formulaire, contexte)
    valeurs = [s.valeur for s in contenu.saisies]
    if formulaire.correspondance.genre == "balises":
        valeurs += champs_lus(formulaire.gabarit, contexte)
    chemin, empechement = _chemin(formulaire, contexte)
    anomalies = [*contenu.anomalies, *_manques(valeurs, formulaire, contexte)]
    return DocumentPrevu(
        cle=_cle(formulaire, contexte),
        formulaire=formulaire,
        contexte=contexte,
        chemin=chemin,
        saisies=tuple(contenu.saisies),
        valeurs=tuple(valeurs),
        anomalies=tuple(anomalies),
        empechement=empechement,
    )


def _ajouter_attribution(
    contenu: _Contenu, attribution: Attribution, formulaire: Formulaire, contexte: Contexte
) -> None:
    try:
        valeur = resoudre(attribution.chemin, contexte)
    except ErreurChemin as erreur:
        contenu.anomalies.append(_anomalie("DM-02", formulaire, contexte, erreur.message, erreur.remede))
        return
    contenu.saisies.append(_saisie(attribution.case, valeur, attribution.placement, formulaire))


def _ajouter_tableau(contenu: _Contenu, tableau: Tableau, formulaire: Formulaire, contexte: Contexte) -> None:
    source = lire_chemin(tableau.source)
    trouvees = lignes(source, contexte)
    if len(trouvees) > tableau.lignes:
        contenu.anomalies.append(_debordement(tableau, len(trouvees), formulaire, contexte))
        return
    connus, precise = infos(modele_de(source)), preciser(source, contexte)
    for rang, ligne in enumerate(trouvees):
        for colonne, ecrit in tableau.colonnes.items():
            placement = ecrit if isinstance(ecrit, Placement) else Placement(champ=ecrit)
            case = case_de_grille(
                tableau.feuille, tableau.tableau, f"{colonne}{tableau.premiere_ligne + rang}"
            )
            chemin = f"{precise}[{rang + 1}].{placement.champ}"
            valeur = valeur_du_champ(ligne, connus[placement.champ], chemin)
            contenu.saisies.append(_saisie(case, valeur, placement, formulaire))


def _saisie(case: Case, valeur: Valeur, placement: Placement, formulaire: Formulaire) -> Saisie:
    """La saisie, dans les mots du formulaire : case à cocher, traduction, « sans objet »."""
    entete = formulaire.correspondance.formulaire
    if placement.obligatoire is not None:
        valeur = replace(valeur, obligatoire=placement.obligatoire)
    if placement.obligatoire is False and valeur.etat == "vide":
        valeur = replace(valeur, etat="non_attendu")
    valeur = _dans_l_unite(valeur, placement)
    if placement.vaut is not None and valeur.valeur is not None:
        valeur = replace(valeur, valeur=valeur.valeur == placement.vaut)
    texte = None
    if valeur.etat == "sans_objet" and placement.vaut is None:
        texte = _sans_objet(entete.sans_objet, formulaire.correspondance.genre)
    elif placement.valeurs is not None and valeur.valeur is not None:
        texte = entete.valeurs.get(placement.valeurs, {}).get(_code(valeur.valeur))
    return Saisie(case, valeur, texte)


def _dans_l_unite(valeur: Valeur, placement: Placement) -> Valeur:
    """La valeur dans l’unité et avec le signe que le formulaire déclare ; un texte n’a ni l’un ni l’autre."""
    nombre = valeur.valeur
    if isinstance(nombre, bool) or not isinstance(nombre, int | Decimal):
        return valeur
    if placement.unite is not None:
        nombre = Decimal(nombre) * _FACTEURS[placement.unite]
        valeur = replace(valeur, nature=Nature("decimal"), unite=None)
    return replace(valeur, valeur=-nombre if placement.oppose else nombre)


def _sans_objet(voulu: str | None, genre: str) -> str | None:
    defaut = "" if genre == "excel" else "Sans objet"
    return (defaut if voulu is None else voulu) or None


def _code(valeur: str | int | Decimal | datetime.date | bool) -> str:
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    return str(valeur)


def _manques(valeurs: Iterable[Valeur], formulaire: Formulaire, contexte: Contexte) -> Iterator[Anomalie]:
    """Une anomalie par donnée attendue et vide ; deux cases du même champ n’en font qu’une."""
    for valeur in dict.fromkeys(v for v in valeurs if v.etat == "vide"):
        ou = _ou(valeur)
        yield Anomalie(
            code="DM-01",
            gravite="bloquante" if valeur.obligatoire else "avertissement",
            etablissement=contexte.etablissement.code if contexte.etablissement else None,
            formulaire=formulaire.nom,
            champ=valeur.champ,
            libelle=valeur.libelle,
            sources=valeur.sources,
            message=f"« {valeur.libelle} » n’est pas renseigné{ou}.",
            remede=_remede(valeur),
        )


def _ou(valeur: Valeur) -> str:
    if not valeur.sources:
        return ""
    premiere = valeur.sources[0]
    autres = f" (et {len(valeur.sources) - 1} autres)" if len(valeur.sources) > 1 else ""
    return f" : feuille « {premiere.feuille} », cellule {premiere.cellule}{autres}"


def _remede(valeur: Valeur) -> str:
    if valeur.entite is None:
        return "Ajouter la ligne (« cpomdocs classeur preparer » la propose), ou la saisir dans la feuille."
    return "Saisir la valeur, ou « SO » si elle est sans objet."


def _debordement(tableau: Tableau, nombre: int, formulaire: Formulaire, contexte: Contexte) -> Anomalie:
    lieu = f"feuille « {tableau.feuille} »" if tableau.feuille else f"tableau {tableau.tableau}"
    trop = nombre - tableau.lignes
    message = (
        f"{nombre} lignes de « {tableau.source} » pour les {tableau.lignes} du formulaire ({lieu}, à partir "
        f"de la ligne {tableau.premiere_ligne}) : {trop} de trop, le tableau est laissé vide."
    )
    return _anomalie("DM-03", formulaire, contexte, message, "Regrouper des lignes dans le classeur maître.")


def _cle(formulaire: Formulaire, contexte: Contexte) -> str:
    parties = [formulaire.nom, contexte.etablissement.code if contexte.etablissement else "gestionnaire"]
    if isinstance(contexte.objectif, Objectif):
        parties.append(contexte.objectif.numero)
    return "/".join(str(p) for p in parties)


def _chemin(formulaire: Formulaire, contexte: Contexte) -> tuple[str, Anomalie | None]:
    """Le chemin de sortie relatif au dossier, et ce qui interdit de l’employer."""
    entete = formulaire.correspondance.formulaire
    mots = _mots(contexte)
    inconnus = [mot for mot in _MOT.findall(entete.sortie) if mot not in mots]
    if inconnus:
        message = f"Le nom de sortie « {entete.sortie} » emploie « {{{inconnus[0]}}} », inconnu."
        admis = ", ".join(f"{{{mot}}}" for mot in mots)
        return "", _anomalie("CH-02", formulaire, contexte, message, f"N’y employer que {admis}.")
    nom = _MOT.sub(lambda trouve: mots[trouve[1]], entete.sortie)
    repertoire = mots["code"] if contexte.etablissement else "gestionnaire"
    chemin = f"sorties/{repertoire}/{nom}"
    for partie in (repertoire, nom):
        defaut = defaut_du_nom(partie)
        if defaut is not None:
            message = f"« {partie} » ne peut pas nommer un fichier : {defaut}."
            return chemin, _anomalie("CH-01", formulaire, contexte, message, _corriger(contexte))
    if len(chemin) > LONGUEUR_CHEMIN:
        message = f"Le chemin « {chemin} » dépasse {LONGUEUR_CHEMIN} caractères."
        return chemin, _anomalie("CH-01", formulaire, contexte, message, _corriger(contexte))
    return chemin, None


def _mots(contexte: Contexte) -> dict[str, str]:
    """Ce que le nom de sortie peut employer. Un FINESS absent laisse sa place au code de l’établissement."""
    etablissement, gestionnaire = contexte.etablissement, contexte.dossier.gestionnaire
    code = (etablissement.code if etablissement else None) or "gestionnaire"
    finess = etablissement.finess_et if isinstance(etablissement, Etablissement) else gestionnaire.finess_ej
    return {
        "N": str(contexte.dossier.parametres.annee_n or "N"),
        "code": code,
        "finess": finess or code,
        "sigle": gestionnaire.sigle or gestionnaire.finess_ej or "gestionnaire",
        "objectif": str(getattr(contexte.objectif, "numero", "") or ""),
    }


def _corriger(contexte: Contexte) -> str:
    quoi = "le code ou le FINESS de l’établissement" if contexte.etablissement else "le FINESS ou le sigle"
    return f"Corriger {quoi} dans le classeur maître."


def _collision(prevu: DocumentPrevu, autre: str) -> Anomalie:
    message = f"« {prevu.chemin} » est déjà le document de « {autre} », à la casse et aux accents près."
    return _anomalie("CH-03", prevu.formulaire, prevu.contexte, message, _corriger(prevu.contexte))


def _anomalie(code: str, formulaire: Formulaire, contexte: Contexte, message: str, remede: str) -> Anomalie:
    return Anomalie(
        code=code,
        gravite="bloquante",
        etablissement=contexte.etablissement.code if contexte.etablissement else None,
        formulaire=formulaire.nom,
        message=message,
        remede=remede or None,
    )
