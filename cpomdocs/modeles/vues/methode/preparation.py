"""Prêts pour la réunion de lancement : la collecte de chaque établissement."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from cpomdocs.modeles.base import Entite, champ
from cpomdocs.modeles.entites.identite import Etablissement
from cpomdocs.modeles.entites.reperes import cle_etablissement
from cpomdocs.modeles.types import Date, Entier, OuiNon, Taux, Texte
from cpomdocs.modeles.vues.regroupement import Vue
from cpomdocs.nomenclatures import details

if TYPE_CHECKING:
    from cpomdocs.modeles.dossier import Dossier

_CENTIEME = Decimal("0.01")
_THEMES_MONTRES = 4
_ROLES = ("equipe_projet", "direction_etablissement")


class Preparation(Vue):
    """Où en est un établissement : ses données du diagnostic, qui les réunit, ce qui est en retard."""

    liens: ClassVar[dict[str, str]] = {"lignes": "etablissements"}

    etablissement: Texte = cle_etablissement()
    nom: Texte = champ("Nom de l’établissement")
    responsable: Texte = champ("Qui collecte")
    attendues: Entier = champ("Données attendues")
    renseignees: Entier = champ("Données renseignées")
    part_collectee: Taux = champ("Part collectée")
    etat_collecte: Texte = champ("État de la collecte", liste="etats_preparation")
    manque: Texte = champ("Ce qui manque")
    echeance: Date = champ("Échéance de la collecte")
    en_retard: OuiNon = champ("Collecte en retard")
    documents_en_retard: Texte = champ("Documents en retard")


class Mesure(NamedTuple):
    """Les données d’un thème : attendues, renseignées."""

    theme: str
    attendues: int
    renseignees: int


def preparations(dossier: Dossier, lignes: Sequence[Entite]) -> list[Preparation]:
    """Une ligne par établissement du périmètre."""
    vues = []
    for etablissement in lignes:
        if isinstance(etablissement, Etablissement) and etablissement.dans_le_perimetre:
            vue = _preparation(dossier, etablissement)
            vue.resumer([etablissement])
            vues.append(vue)
    return vues


def _preparation(dossier: Dossier, etablissement: Etablissement) -> Preparation:
    mesures = list(_mesures(dossier, etablissement.code or ""))
    attendues, renseignees = sum(m.attendues for m in mesures), sum(m.renseignees for m in mesures)
    jour, echeance = dossier.parametres.date_reference, echeance_de_collecte(dossier)
    complete = renseignees == attendues
    return Preparation(
        etablissement=etablissement.code,
        nom=etablissement.nom_usuel,
        responsable=_responsable(dossier, etablissement),
        attendues=attendues,
        renseignees=renseignees,
        part_collectee=part(renseignees, attendues),
        etat_collecte="fait" if complete else "en_cours" if renseignees else "a_faire",
        manque=_manque(mesures),
        echeance=echeance,
        en_retard=not complete and jour is not None and echeance is not None and echeance < jour,
        documents_en_retard=_documents(dossier, etablissement.code or "", jour),
    )


def part(renseignees: int, attendues: int) -> Decimal | None:
    """La part renseignée, jamais arrondie vers le haut : 100 % veut dire complet."""
    if not attendues:
        return None
    return (Decimal(renseignees) / attendues).quantize(_CENTIEME, rounding=ROUND_FLOOR)


def _mesures(dossier: Dossier, code: str) -> Iterator[Mesure]:
    """Les données de chaque thème : celles des lignes présentes et celles des lignes attendues."""
    n = dossier.parametres.annee_n
    for collection, regle in details("donnees_diagnostic").items():
        champs: list[str] = regle["champs"]
        presentes = [li for li in dossier.lignes(collection, code) if _close(getattr(li, "annee", None), n)]
        if regle.get("une"):
            yield Mesure(str(regle["libelle"]), 1, min(len(presentes), 1))
            continue
        absentes = [
            cles for cles in dossier.lignes_absentes(collection, code) if _close(cles.get("annee"), n)
        ]
        remplis = sum(ligne.etat(nom) != "vide" for ligne in presentes for nom in champs)
        attendues = len(champs) * (len(presentes) + len(absentes))
        yield Mesure(str(regle["libelle"]), attendues, remplis)


def _close(annee: object, n: int | None) -> bool:
    """Vrai pour un exercice clos avant N, ou une ligne sans année."""
    return not isinstance(annee, int) or n is None or annee < n


def _manque(mesures: Sequence[Mesure]) -> str | None:
    """« activité (2), comptes (14) » : les thèmes auxquels il manque le plus, puis combien d’autres."""
    manques = sorted(
        ((m.attendues - m.renseignees, m.theme) for m in mesures if m.attendues > m.renseignees),
        key=lambda manque: -manque[0],
    )
    mots = [f"{theme} ({combien})" for combien, theme in manques[:_THEMES_MONTRES]]
    autres = len(manques) - len(mots)
    if autres > 0:
        mots.append("un autre thème" if autres == 1 else f"{autres} autres thèmes")
    return ", ".join(mots) or None


def _responsable(dossier: Dossier, etablissement: Etablissement) -> str | None:
    """Celui qui tient un rôle pour l’établissement, à défaut sa direction."""
    for voulu in _ROLES:
        for role in dossier.roles:
            if role.role == voulu and role.etablissement and role.etablissement == etablissement.code:
                return role.nom
    return etablissement.directeur


def echeance_de_collecte(dossier: Dossier) -> datetime.date | None:
    """La fin prévue de la première étape du diagnostic : c’est celle de la collecte."""
    fins = [j.date_fin_prevue for j in dossier.jalons if j.phase == "diagnostic" and j.date_fin_prevue]
    return min(fins, default=None)


def _documents(dossier: Dossier, code: str, jour: datetime.date | None) -> str | None:
    """Les documents de l’établissement dont la date limite est passée sans dépôt."""
    if jour is None:
        return None
    retards = [
        document.libelle or document.code_document or ""
        for document in dossier.documents
        if document.etablissement in (None, "", code)
        and document.portee in (None, "etablissement")
        and document.date_limite is not None
        and document.date_limite < jour
        and not document.remis
    ]
    return ", ".join(retards) or None
