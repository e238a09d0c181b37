"""Vérifier un formulaire sans aucune donnée : empreinte, champs, cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from pydantic import BaseModel, Field

from cpomdocs.ecriture.noms import defaut_du_nom
from cpomdocs.erreurs import ErreurChemin, ErreurCpomdocs, vouliez_vous_dire
from cpomdocs.formulaires.attributions import case_de_grille
from cpomdocs.formulaires.catalogue import (
    CORRESPONDANCE,
    Formulaire,
    charger_formulaire,
    sous_repertoires,
)
from cpomdocs.formulaires.correspondance import (
    LIBELLE,
    MOT,
    MOTS_DE_SORTIE,
    FeuilleRepetee,
    Placement,
    Tableau,
    lire_correspondance,
)
from cpomdocs.formulaires.feuilles import defauts_du_reperage
from cpomdocs.formulaires.remarques import (
    informations_du_gabarit,
    nature_du_gabarit,
    remarques_du_gabarit,
    totaux_du_gabarit,
)
from cpomdocs.modeles.base import infos
from cpomdocs.modeles.chemins import Chemin, Portee, lire_chemin, modele_de, verifier
from cpomdocs.modeles.dossier import COLLECTIONS
from cpomdocs.office.adresses import lire_cellule
from cpomdocs.rapport import Anomalie
from cpomdocs.remplissage.moteurs import (
    defaut_de_case,
    defauts_des_balises,
    est_une_formule,
    remarques_des_balises,
)
from cpomdocs.saisies import Case, CaseExcel, CaseWord


class Verdict(BaseModel):
    """L’état d’un formulaire : ce qu’il est, le nombre de ses cases, ses défauts (aucun : utilisable).

    `nature` : « converti », « préparé », « à préparer », ou rien pour le fichier même de l’autorité ;
    `totaux` : pour un classeur, ce que vaut le recalcul de ses formules ; `remarques` : ce qui n’empêche pas
    de s’en servir (les champs facultatifs qu’un document à balises écrit sans prévoir leur absence).
    """

    nom: str
    libelle: str = ""
    autorite: str = ""
    portee: str = ""
    gabarit: str = ""
    nature: str = ""
    cases: int = 0
    totaux: str | None = None
    defauts: list[str] = Field(default_factory=list)
    remarques: list[str] = Field(default_factory=list)


def verifier_formulaires(repertoire: Path) -> list[Verdict]:
    """Le verdict de chaque formulaire du répertoire, par nom de répertoire."""
    verdicts = [verifier_formulaire(r) for r in sous_repertoires(repertoire)]
    nombres = Counter(v.nom for v in verdicts)
    return [v if nombres[v.nom] == 1 else _homonyme(v) for v in verdicts]


def _homonyme(verdict: Verdict) -> Verdict:
    defaut = f"Un autre formulaire s’appelle aussi « {verdict.nom} » : changer le nom de l’un des deux."
    return verdict.model_copy(update={"defauts": [*verdict.defauts, defaut]})


def verifier_formulaire(repertoire: Path) -> Verdict:
    """Tous les défauts du formulaire, en une passe."""
    verdict = _identite(repertoire)
    try:
        formulaire = charger_formulaire(repertoire)
    except ErreurCpomdocs as erreur:
        return verdict.model_copy(update={"defauts": [str(erreur)]})
    cases = list(_cases(formulaire))
    defauts = [*_defauts_des_champs(formulaire), *_defauts_des_cases(formulaire, cases)]
    defauts += _defauts_des_comparaisons(formulaire)
    defauts += defauts_des_balises(formulaire.gabarit, formulaire.correspondance.formulaire.portee)
    nature = nature_du_gabarit(formulaire)
    trouves = {"defauts": defauts, "remarques": _remarques(formulaire), "nature": nature}
    return verdict.model_copy(
        update={"cases": len(cases), "totaux": totaux_du_gabarit(formulaire), **trouves}
    )


def _remarques(formulaire: Formulaire) -> list[str]:
    balises = remarques_des_balises(formulaire.gabarit, formulaire.correspondance.formulaire.portee)
    return [*remarques_du_gabarit(formulaire), *balises]


def ecarter_les_fautifs(
    formulaires: Iterable[Formulaire], eprouves: Collection[str] = ()
) -> tuple[list[Formulaire], list[Anomalie]]:
    """Les formulaires dont tous les champs existent, et une anomalie par formulaire écarté.

    Un gabarit converti ou préparé est dit aussi, pour information. `eprouves` : les empreintes de ceux qui
    ont déjà passé ces vérifications.
    """
    utilisables: list[Formulaire] = []
    anomalies: list[Anomalie] = []
    for formulaire in formulaires:
        defauts = [] if formulaire.empreinte in eprouves else list(_defauts_des_champs(formulaire))
        if not defauts:
            utilisables.append(formulaire)
            anomalies += informations_du_gabarit(formulaire)
            continue
        anomalies.append(
            Anomalie(
                code="FO-02",
                gravite="bloquante",
                formulaire=formulaire.nom,
                message=f"Le formulaire « {formulaire.nom} » ne peut pas servir : {' ; '.join(defauts)}",
                remede="Corriger sa correspondance, puis lancer « cpomdocs formulaire verifier ».",
            )
        )
    return utilisables, anomalies


def _identite(repertoire: Path) -> Verdict:
    try:
        entete = lire_correspondance(repertoire / CORRESPONDANCE).formulaire
    except ErreurCpomdocs:
        return Verdict(nom=repertoire.name)
    return Verdict(
        nom=entete.nom,
        libelle=entete.libelle,
        autorite=entete.autorite,
        portee=entete.portee,
        gabarit=entete.gabarit,
    )


def _cases(formulaire: Formulaire) -> Iterator[Case]:
    for attribution in formulaire.attributions:
        yield attribution.case
    for tableau in formulaire.correspondance.tableaux:
        yield from _cases_du_tableau(tableau)
    for section in formulaire.correspondance.sections:
        for controle in section.controles:
            yield CaseWord("section", section.section, controle, 1)
    for bloc, feuille in formulaire.feuilles:
        yield from (attribution.case for attribution in formulaire.de_la_feuille(bloc, feuille))
        for repete in bloc.tableaux:
            yield from _cases_du_tableau(Tableau(feuille=feuille, **repete.model_dump()))


def _cases_du_tableau(tableau: Tableau) -> Iterator[Case]:
    """Ses cases et, si des lignes peuvent s’y ajouter, celles de la première (une seule suffit à Excel)."""
    for rang in range(tableau.lignes + tableau.ajouter):
        ajoutee = rang == tableau.lignes and tableau.feuille is not None
        for colonne in [*tableau.colonnes][: 1 if ajoutee else None]:
            yield case_de_grille(tableau.feuille, tableau.tableau, tableau.cellule(colonne, rang))


def _defauts_des_cases(formulaire: Formulaire, cases: list[Case]) -> Iterator[str]:
    fois = Counter(cases)
    yield from (
        f"La case « {case} » est demandée {nombre} fois." for case, nombre in fois.items() if nombre > 1
    )
    for case in fois:
        defaut = defaut_de_case(formulaire.gabarit, case)
        if defaut is not None:
            yield f"La case « {case} » : {defaut}"
    yield from _cases_sous_un_ajout(formulaire, cases)


def _cases_sous_un_ajout(formulaire: Formulaire, cases: list[Case]) -> Iterator[str]:
    """Les cases placées sous un tableau Excel qui peut grandir, sur la même feuille."""
    for tableau in formulaire.correspondance.tableaux:
        if not (tableau.ajouter and tableau.feuille):
            continue
        derniere = tableau.premiere_ligne + tableau.lignes - 1
        dessous = next((c for c in cases if _est_sous(c, tableau.feuille, derniere)), None)
        if dessous is not None:
            yield (
                f"Le tableau « {tableau.feuille} » ne peut pas recevoir de lignes : la case « {dessous} » "
                f"est sous sa ligne {derniere}."
            )


def _est_sous(case: Case, feuille: str, derniere: int) -> bool:
    place = lire_cellule(case.cellule) if isinstance(case, CaseExcel) and case.feuille == feuille else None
    return place is not None and place[0] > derniere


def _defauts_des_comparaisons(formulaire: Formulaire) -> Iterator[str]:
    for attribution in formulaire.comparaisons:
        if not est_une_formule(formulaire.gabarit, attribution.case):
            yield f"La case « {attribution.case} » est à comparer, mais ne contient pas de formule."


def _defauts_des_champs(formulaire: Formulaire) -> Iterator[str]:
    entete = formulaire.correspondance.formulaire
    for attribution in (*formulaire.attributions, *formulaire.comparaisons):
        yield from _defauts_du_champ(attribution.chemin, formulaire, f"case « {attribution.case} »")
        yield from _traduction_absente(attribution.placement, formulaire, f"case « {attribution.case} »")
    yield from _defauts_de_la_sortie(formulaire)
    for champ in entete.pour:
        yield from _defauts_du_champ(lire_chemin(champ), formulaire, "« pour »")
    for collection in entete.exige:
        if collection not in COLLECTIONS:
            proche = vouliez_vous_dire(collection, COLLECTIONS)
            yield f"« exige » : « {collection} » n’est pas une collection. {proche}".rstrip()
    for tableau in formulaire.correspondance.tableaux:
        lieu = f"tableau « {tableau.feuille or tableau.tableau} »"
        yield from _defauts_des_lignes(tableau.source, tableau.colonnes, formulaire, lieu)
    for section in formulaire.correspondance.sections:
        lieu = f"section « {section.section} »"
        yield from _defauts_des_lignes(section.source, section.controles, formulaire, lieu)
    for bloc in formulaire.correspondance.feuilles:
        yield from defauts_du_reperage(formulaire.gabarit, bloc, formulaire.correspondance.formulaire.portee)
        for champ in bloc.pour:
            yield from _defauts_du_champ(lire_chemin(champ), formulaire, "« pour »", "etablissement")
        for feuille in [feuille for autre, feuille in formulaire.feuilles if autre is bloc][:1]:
            yield from _defauts_de_la_feuille(formulaire, bloc, feuille)


def _defauts_de_la_feuille(formulaire: Formulaire, bloc: FeuilleRepetee, feuille: str) -> Iterator[str]:
    """Les champs inconnus d’une feuille par établissement ; toutes ont les mêmes."""
    for attribution in formulaire.de_la_feuille(bloc, feuille):
        lieu = f"case « {attribution.case} »"
        yield from _defauts_du_champ(attribution.chemin, formulaire, lieu, "etablissement")
        yield from _traduction_absente(attribution.placement, formulaire, lieu)
    for tableau in bloc.tableaux:
        lieu = f"tableau « {feuille} »"
        yield from _defauts_des_lignes(tableau.source, tableau.colonnes, formulaire, lieu, "etablissement")


def _defauts_de_la_sortie(formulaire: Formulaire) -> Iterator[str]:
    entete = formulaire.correspondance.formulaire
    lieu = f"« sortie » (« {entete.sortie} »)"
    admis = ", ".join(f"{{{mot}}}" for mot in MOTS_DE_SORTIE)
    for mot in dict.fromkeys(MOT.findall(entete.sortie)):
        if mot not in MOTS_DE_SORTIE:
            yield f"{lieu} : « {{{mot}}} » est inconnu ; n’y employer que {admis}."
    nom = MOT.sub("x", entete.sortie)
    defaut = defaut_du_nom(nom)
    if defaut is not None:
        yield f"{lieu} ne peut pas nommer un fichier : {defaut}."
    suffixe = Path(entete.gabarit).suffix.lower()
    if Path(nom).suffix.lower() != suffixe:
        yield f"{lieu} : le nom doit finir par « {suffixe} », comme le gabarit."


def _defauts_du_champ(
    chemin: Chemin, formulaire: Formulaire, lieu: str, portee: Portee | None = None
) -> Iterator[str]:
    """`portee` : celle d’une feuille par établissement ; absente, celle du formulaire."""
    try:
        if verifier(chemin, portee or formulaire.correspondance.formulaire.portee) is None:
            yield f"{lieu} : « {chemin} » désigne une collection, il manque le champ."
    except ErreurChemin as erreur:
        yield f"{lieu} : {erreur}"


def _defauts_des_lignes(
    collection: str,
    colonnes: Mapping[str, str | Placement],
    formulaire: Formulaire,
    lieu: str,
    portee: Portee | None = None,
) -> Iterator[str]:
    """Les défauts de ce qui se remplit une fois par élément d’une collection."""
    try:
        source = lire_chemin(collection)
        verifier(source, portee or formulaire.correspondance.formulaire.portee)
    except ErreurChemin as erreur:
        yield f"{lieu} : {erreur}"
        return
    connus = infos(modele_de(source))
    for colonne, ecrit in colonnes.items():
        placement = ecrit if isinstance(ecrit, Placement) else Placement(champ=ecrit)
        if placement.champ not in connus:
            cite = source.avec(champ=placement.champ)
            yield from _defauts_du_champ(cite, formulaire, f"{lieu}, {colonne}", portee)
        yield from _traduction_absente(placement, formulaire, f"{lieu}, {colonne}")


def _traduction_absente(placement: Placement, formulaire: Formulaire, lieu: str) -> Iterator[str]:
    connues = formulaire.correspondance.formulaire.valeurs
    if placement.valeurs not in (None, LIBELLE, *connues):
        yield f"{lieu} : la traduction « {placement.valeurs} » n’est pas dans [formulaire.valeurs]."
