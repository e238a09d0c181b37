"""Ce qui va dans un document : une saisie par case, dans l’unité et dans les mots du formulaire."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from cpomdocs.erreurs import ErreurChemin
from cpomdocs.formulaires.attributions import Attribution, case_de_grille
from cpomdocs.formulaires.catalogue import Formulaire
from cpomdocs.formulaires.correspondance import LIBELLE, Entete, Placement, Section, Tableau
from cpomdocs.modeles.base import infos
from cpomdocs.modeles.chemins import (
    Chemin,
    Contexte,
    Valeur,
    lignes,
    lire_chemin,
    modele_de,
    preciser,
    resoudre,
    valeur_du_champ,
)
from cpomdocs.modeles.types import Nature
from cpomdocs.nomenclatures import nomenclature
from cpomdocs.plan.anomalies import anomalie_bloquante
from cpomdocs.rapport import Anomalie
from cpomdocs.remplissage.moteurs import defaut_de_case
from cpomdocs.saisies import Case, CaseWord, Saisie

_FACTEURS = {"k€": Decimal("0.001"), "M€": Decimal("0.000001"), "pourcent": Decimal(100)}


@dataclass(frozen=True)
class Contenu:
    """Les saisies d’un document, et ce qui n’a pas pu en devenir une."""

    saisies: list[Saisie] = field(default_factory=list)
    anomalies: list[Anomalie] = field(default_factory=list)


def ajouter_attribution(
    contenu: Contenu, attribution: Attribution, formulaire: Formulaire, contexte: Contexte
) -> None:
    """Ajoute la saisie d’une case fixe ; plusieurs lignes pour une case : une anomalie."""
    try:
        valeur = resoudre(attribution.chemin, contexte)
    except ErreurChemin as erreur:
        contenu.anomalies.append(
            anomalie_bloquante("DM-02", formulaire, contexte, erreur.message, erreur.remede)
        )
        return
    _ajouter(
        contenu,
        _saisie(attribution.case, valeur, attribution.placement, formulaire),
        attribution.placement,
        formulaire,
        contexte,
    )


def ajouter_tableau(
    contenu: Contenu, tableau: Tableau, formulaire: Formulaire, contexte: Contexte, copie: int = 1
) -> None:
    """Ajoute les saisies d’un tableau ; trop de lignes : une anomalie, et le tableau reste vide.

    `copie` : le rang du document, pour un tableau qui continue dans des copies du formulaire.
    """
    source = lire_chemin(tableau.source)
    nombre = len(lignes(source, contexte))
    obstacle = _obstacle(tableau, nombre, formulaire)
    if obstacle is not None:
        contenu.anomalies.append(_debordement(tableau, nombre, obstacle, formulaire, contexte))
        return
    rangs = slice((copie - 1) * tableau.lignes, copie * tableau.lignes) if tableau.suite else slice(None)

    def situer(colonne: str, rang: int) -> Case:
        return case_de_grille(tableau.feuille, tableau.tableau, tableau.cellule(colonne, rang))

    _ajouter_lignes(contenu, source, tableau.colonnes, situer, formulaire, contexte, rangs)


def nombre_de_copies(tableaux: Iterable[Tableau], contexte: Contexte) -> int:
    """Le nombre de documents que demandent les tableaux qui continuent dans des copies ; au moins un."""
    suivis = ((t, len(lignes(lire_chemin(t.source), contexte))) for t in tableaux if t.suite)
    return max((-(-nombre // tableau.lignes) for tableau, nombre in suivis), default=1) or 1


def _obstacle(tableau: Tableau, nombre: int, formulaire: Formulaire) -> str | None:
    """Pourquoi les lignes en trop ne peuvent pas être écrites ; `None` si tout tient ou peut s’ajouter."""
    if nombre <= tableau.lignes or tableau.suite:
        return None
    if not tableau.ajouter:
        return ""
    suivante = tableau.cellule(next(iter(tableau.colonnes)), tableau.lignes)
    return defaut_de_case(formulaire.gabarit, case_de_grille(tableau.feuille, tableau.tableau, suivante))


def ajouter_section(contenu: Contenu, section: Section, formulaire: Formulaire, contexte: Contexte) -> None:
    """Ajoute les saisies d’une section répétée d’un document Word, une fois par élément de sa source."""

    def situer(controle: str, rang: int) -> Case:
        return CaseWord("section", section.section, controle, rang + 1)

    _ajouter_lignes(contenu, lire_chemin(section.source), section.controles, situer, formulaire, contexte)


def _ajouter_lignes(
    contenu: Contenu,
    source: Chemin,
    colonnes: Mapping[str, str | Placement],
    situer: Callable[[str, int], Case],
    formulaire: Formulaire,
    contexte: Contexte,
    rangs: slice = slice(None),
) -> None:
    """Ajoute les saisies de chaque élément de la source ; `situer` : la case d’une colonne et d’un rang.

    `rangs` : les éléments que ce document porte.
    """
    connus, precise = infos(modele_de(source)), preciser(source, contexte)
    debut = rangs.start or 0
    for rang, ligne in enumerate(lignes(source, contexte)[rangs], debut):
        for colonne, ecrit in colonnes.items():
            placement = ecrit if isinstance(ecrit, Placement) else Placement(champ=ecrit)
            case = situer(colonne, rang - debut)
            chemin = f"{precise}[{rang + 1}].{placement.champ}"
            valeur = valeur_du_champ(ligne, connus[placement.champ], chemin)
            _ajouter(contenu, _saisie(case, valeur, placement, formulaire), placement, formulaire, contexte)


def _ajouter(
    contenu: Contenu, saisie: Saisie, placement: Placement, formulaire: Formulaire, contexte: Contexte
) -> None:
    """Ajoute une saisie ; un code que le formulaire ne sait pas dire est signalé, et sa case reste vide."""
    if placement.valeurs is not None and saisie.valeur.valeur is not None and saisie.texte is None:
        contenu.anomalies.append(_sans_traduction(saisie, placement, formulaire, contexte))
        return
    contenu.saisies.append(saisie)


def _sans_traduction(
    saisie: Saisie, placement: Placement, formulaire: Formulaire, contexte: Contexte
) -> Anomalie:
    code = _code(saisie.valeur.valeur) if saisie.valeur.valeur is not None else ""
    message = (
        f"« {saisie.valeur.libelle} » vaut « {code} », que le formulaire ne sait pas dire "
        f"(case {saisie.case})."
    )
    remede = f"Corriger la donnée, ou ajouter ce code à la traduction « {placement.valeurs} » du formulaire."
    anomalie = anomalie_bloquante("DM-04", formulaire, contexte, message, remede)
    situation = {
        "champ": saisie.valeur.champ,
        "libelle": saisie.valeur.libelle,
        "sources": saisie.valeur.sources,
    }
    return anomalie.model_copy(update=situation)


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
        texte = _traduire(valeur, _code(valeur.valeur), placement.valeurs, entete)
    return Saisie(case, valeur, texte)


def _traduire(valeur: Valeur, code: str, traduction: str, entete: Entete) -> str | None:
    """Le mot du formulaire pour ce code ; la traduction « libelle » emploie le mot de la nomenclature."""
    if traduction == LIBELLE:
        return nomenclature(valeur.liste).get(code) if valeur.liste else None
    return entete.valeurs.get(traduction, {}).get(code)


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


def _debordement(
    tableau: Tableau, nombre: int, obstacle: str, formulaire: Formulaire, contexte: Contexte
) -> Anomalie:
    """L’anomalie d’un tableau trop court ; `obstacle` : pourquoi il ne peut pas grandir, vide sinon."""
    lieu = f"feuille « {tableau.feuille} »" if tableau.feuille else f"tableau {tableau.tableau}"
    trop = nombre - tableau.lignes
    message = (
        f"{nombre} lignes de « {tableau.source} » pour les {tableau.lignes} du formulaire ({lieu}, à partir "
        f"de la ligne {tableau.premiere_ligne}) : {trop} de trop, le tableau est laissé vide."
    )
    if obstacle:
        message = f"{message} {obstacle}"
    return anomalie_bloquante(
        "DM-03", formulaire, contexte, message, "Regrouper des lignes dans le classeur maître."
    )
