"""Les règles sur les effectifs et leur coût (RH-01 à RH-05)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from cpomdocs.formats import euros, pourcent
from cpomdocs.modeles.arithmetique import somme
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.modeles.entites.budget import Compte
from cpomdocs.modeles.entites.rh import Effectif
from cpomdocs.modeles.regles.redaction import attenuee, justifiee, nombre
from cpomdocs.modeles.regles.registre import Manquement, regle
from cpomdocs.modeles.regles.seuils import Seuils

_SECTIONS = ("pct_hebergement", "pct_dependance", "pct_soins")


@regle(
    "RH-01",
    "bloquante",
    "Les lignes d’effectifs font le total des ETP",
    source="usage ; définition des ETP réels du tableau de bord de la performance",
)
def total_des_etp(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les ETP réels des indicateurs RH que les lignes d’effectifs ne totalisent pas."""
    for indicateur in dossier.rh_indicateurs:
        lignes = _lignes(dossier, indicateur.etablissement, indicateur.annee, "reel")
        total = somme(lignes, "etp_realises")
        if total is None or indicateur.etp_reels is None:
            continue
        if abs(total - indicateur.etp_reels) > seuils.tolerance_etp:
            yield Manquement(
                indicateur,
                ("etp_reels",),
                f"{nombre(indicateur.etp_reels)} ETP réels, mais les lignes d’effectifs en totalisent"
                f" {nombre(total)}.",
                "Faire concorder les deux feuilles, ou expliquer l’écart en commentaire.",
                attenuee(indicateur),
                autres=tuple((ligne, "etp_realises") for ligne in lignes),
            )


def _lignes(dossier: Dossier, etablissement: str | None, annee: int | None, version: str) -> list[Effectif]:
    return [
        ligne
        for ligne in dossier.lignes("effectifs", etablissement or "")
        if isinstance(ligne, Effectif) and (ligne.annee, ligne.version) == (annee, version)
    ]


@regle(
    "RH-02",
    "avertissement",
    "Les ETP réalisés ne dépassent pas les ETP budgétés sans explication",
    source="définition des ETP vacants, tableau de bord de la performance",
)
def etp_vacants(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les lignes dont les ETP vacants (budgétés − réalisés) sont négatifs et sans commentaire."""
    for ligne in dossier.effectifs:
        if ligne.etp_budgetes is None or ligne.etp_realises is None or justifiee(ligne):
            continue
        if ligne.etp_realises - ligne.etp_budgetes > seuils.tolerance_etp:
            yield Manquement(
                ligne,
                ("etp_realises", "etp_budgetes"),
                f"{nombre(ligne.etp_realises)} ETP réalisés pour {nombre(ligne.etp_budgetes)} budgétés.",
                "Corriger les ETP, ou expliquer le dépassement en commentaire.",
            )


@regle(
    "RH-03",
    "bloquante",
    "Les parts hébergement, dépendance et soins font 100 %",
    source="CASF, tableau des effectifs : les répartitions d’emplois se justifient",
)
def parts_des_sections(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les lignes dont les parts ne font pas 100 % (toutes connues), ou le dépassent déjà."""
    for ligne in dossier.effectifs:
        connues = [part for part in (getattr(ligne, champ) for champ in _SECTIONS) if part is not None]
        complete = bool(connues) and all(ligne.etat(champ) != "vide" for champ in _SECTIONS)
        total = sum(connues, Decimal(0))
        if total - 1 > seuils.tolerance_taux or (complete and abs(total - 1) > seuils.tolerance_taux):
            yield Manquement(
                ligne,
                _SECTIONS,
                f"les parts des sections font {pourcent(total)} au lieu de 100 %.",
                "Corriger les parts hébergement, dépendance et soins.",
            )


@regle(
    "RH-04",
    "avertissement",
    "Le tableau des effectifs prolonge l’année précédente",
    source="usage ; CASF, tableau des effectifs : créations, suppressions et transformations distinctes",
)
def continuite(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les écarts entre anticipé et réel d’une même année, et les ETP de N qu’aucun mouvement
    n’explique."""
    lignes = {(*_emploi(li), li.annee, li.version): li for li in dossier.effectifs}
    annees_connues = {(li.etablissement, li.annee) for li in dossier.effectifs}
    for ligne in dossier.effectifs:
        reelle = lignes.get((*_emploi(ligne), ligne.annee, "reel"))
        if ligne.version == "anticipe" and reelle is not None:
            yield from _anticipe_et_reel(ligne, reelle, seuils)
        avant = (ligne.annee or 0) - 1
        if ligne.version != "previsionnel" or (ligne.etablissement, avant) not in annees_connues:
            continue
        if ligne.annee != dossier.parametres.annee_n or justifiee(ligne) or ligne.etp_budgetes is None:
            continue
        versions = ("executoire", "anticipe", "reel", "previsionnel")
        precedente = next(filter(None, (lignes.get((*_emploi(ligne), avant, v)) for v in versions)), None)
        yield from _mouvement(ligne, precedente, seuils)


def _emploi(ligne: Effectif) -> tuple[str | None, ...]:
    return (ligne.etablissement, ligne.categorie, ligne.fonction, ligne.type_contrat)


def _anticipe_et_reel(ligne: Effectif, reelle: Effectif, seuils: Seuils) -> Iterator[Manquement]:
    for champ in ("etp_remuneres", "etp_realises"):
        anticipes, reels = getattr(ligne, champ), getattr(reelle, champ)
        if anticipes is not None and reels is not None and abs(anticipes - reels) > seuils.tolerance_etp:
            yield Manquement(
                ligne,
                (champ,),
                f"{nombre(anticipes)} ETP en version anticipée, {nombre(reels)} en version réelle.",
                "Mettre à jour la version anticipée.",
                autres=((reelle, champ),),
            )


def _mouvement(ligne: Effectif, precedente: Effectif | None, seuils: Seuils) -> Iterator[Manquement]:
    """L’évolution des ETP budgétés et le mouvement déclaré disent la même chose."""
    avant = precedente.etp_budgetes if precedente is not None else Decimal(0)
    if avant is None or ligne.etp_budgetes is None:
        return
    ecart = ligne.etp_budgetes - avant
    sens = "" if abs(ecart) <= seuils.tolerance_etp else ("creation" if ecart > 0 else "suppression")
    if (sens and ligne.mouvement not in (sens, "transformation")) or (
        not sens and ligne.mouvement in ("creation", "suppression")
    ):
        yield Manquement(
            ligne,
            ("etp_budgetes", "mouvement"),
            f"{nombre(ligne.etp_budgetes)} ETP budgétés après {nombre(avant)} l’année précédente :"
            " le mouvement déclaré n’explique pas cette évolution.",
            "Choisir création, suppression ou transformation, ou l’expliquer en commentaire.",
            autres=() if precedente is None else ((precedente, "etp_budgetes"),),
        )


@regle(
    "RH-05",
    "avertissement",
    "La masse salariale des effectifs est celle des comptes",
    source="usage : tableau des effectifs et comptes 64, 631 et 633",
)
def masse_salariale(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les coûts d’effectifs (en euros) loin des comptes 64, avec ou sans les taxes sur salaires."""
    comptes: dict[tuple[object, ...], list[Compte]] = {}
    for compte in dossier.comptes:
        if compte.sens == "charge" and (compte.compte or "").startswith(("64", "631", "633")):
            comptes.setdefault((compte.etablissement, compte.annee, compte.version), []).append(compte)
    for cle, groupe in comptes.items():
        effectifs = _lignes(dossier, *cle)  # type: ignore[arg-type]
        cout = somme(effectifs, "cout_total")
        salaires = somme([c for c in groupe if (c.compte or "").startswith("64")], "montant")
        taxes = somme([c for c in groupe if not (c.compte or "").startswith("64")], "montant")
        if not effectifs or cout is None or salaires is None:
            continue
        attendus = (salaires, salaires + (taxes or 0))
        if any(
            abs(cout - attendu) <= abs(attendu) * seuils.tolerance_masse_salariale for attendu in attendus
        ):
            continue
        yield Manquement(
            effectifs[0],
            ("cout_total",),
            f"tous emplois réunis, les effectifs coûtent {euros(cout)} ; les comptes de personnel font"
            f" {euros(attendus[1])}.",
            "Rapprocher les rémunérations et charges des effectifs des comptes 64, 631 et 633.",
            autres=tuple((ligne, "cout_total") for ligne in effectifs[1:])
            + tuple((compte, "montant") for compte in groupe),
        )
