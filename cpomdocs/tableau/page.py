"""La page du tableau de bord : ce qu’elle montre, et son écriture."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment
from markupsafe import Markup
from pydantic import BaseModel

from cpomdocs import __version__
from cpomdocs.controle.completude import GESTIONNAIRE, matrice
from cpomdocs.controle.rapport_excel import trier
from cpomdocs.ecriture.depot import poser_ou_refuser
from cpomdocs.erreurs import ErreurCpomdocs
from cpomdocs.formats import euros, formater
from cpomdocs.modeles.arithmetique import arrondir
from cpomdocs.modeles.base import infos
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.modeles.entites.objectifs import Indicateur
from cpomdocs.modeles.vues.scenarios.synthese import ScenarioSynthese
from cpomdocs.nomenclatures import libelle, nomenclature
from cpomdocs.rapport import Anomalie, Rapport
from cpomdocs.tableau import dessins

_ANOMALIES = 20
_PROCHAINES = 6


class Tableau(BaseModel):
    """Où la page a été écrite, et le contrôle qu’elle montre."""

    chemin: str
    rapport: Rapport


class Avancee(NamedTuple):
    """Une phase : son nom, le nombre de ses étapes, combien sont finies."""

    phase: str
    etapes: int
    finies: int


def ecrire_tableau(dossier: Dossier, rapport: Rapport, sortie: Path) -> Tableau:
    """Écrit la page. Lève `ErreurEcriture` si le disque refuse."""
    poser_ou_refuser(sortie, en_page(dossier, rapport))
    return Tableau(chemin=sortie.as_posix(), rapport=rapport)


def en_page(dossier: Dossier, rapport: Rapport) -> bytes:
    """La page, sans appel au réseau ni script : mêmes données, mêmes octets."""
    source = resources.files(__package__).joinpath("page.html").read_text(encoding="utf-8")
    gabarit = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(source)
    rendu = gabarit.render(
        version=__version__,
        gestionnaire=dossier.gestionnaire,
        parametres=dossier.parametres,
        contrat=dossier.contrat,
        jour=_date(dossier.parametres.date_reference),
        visee=_date(dossier.contrat.date_signature_visee),
        avancees=_avancees(dossier),
        prochaines=_prochaines(dossier),
        matrice=_matrice(dossier, rapport),
        comptes=rapport.resume.anomalies,
        anomalies=[_anomalie(a) for a in trier(rapport.anomalies)[:_ANOMALIES]],
        reste=max(len(rapport.anomalies) - _ANOMALIES, 0),
        objectifs=_objectifs(dossier),
        scenarios=_scenarios(dossier),
        **_dessins(dossier),
    )
    return rendu.encode("utf-8", "replace")


def _dessins(dossier: Dossier) -> dict[str, Any]:
    """Les dessins, ou la phrase qui dit pourquoi ils manquent."""
    try:
        calendrier, activite = dessins.calendrier(dossier), dessins.activite(dossier)
        return {
            "calendrier": Markup(calendrier) if calendrier else None,
            "activite": Markup(activite) if activite else None,
            "finances": [(titre, Markup(dessin)) for titre, dessin in dessins.finances(dossier)],
            "sans_dessin": None,
        }
    except ErreurCpomdocs as erreur:
        phrase = f"{erreur.message} {erreur.remede}"
        return {"calendrier": None, "activite": None, "finances": [], "sans_dessin": phrase}


def _avancees(dossier: Dossier) -> list[Avancee]:
    avancees = []
    for code, nom in nomenclature("phases").items():
        etapes = [jalon for jalon in dossier.jalons if jalon.phase == code]
        finies = [jalon for jalon in etapes if jalon.date_fin_reelle or jalon.statut == "fait"]
        if etapes:
            avancees.append(Avancee(nom, len(etapes), len(finies)))
    return avancees


def _prochaines(dossier: Dossier) -> list[tuple[str, str, str]]:
    """Les étapes et documents à venir les plus proches : date, quoi, qui."""
    jour = dossier.parametres.date_reference
    etapes = [
        (jalon.date_fin_prevue, jalon.etape or "", jalon.responsable or "")
        for jalon in dossier.jalons
        if jalon.date_fin_prevue and not (jalon.date_fin_reelle or jalon.statut == "fait")
    ]
    documents = [
        (d.date_limite, f"{d.libelle or d.code_document}, à remettre", "")
        for d in dossier.documents
        if d.date_limite and not d.remis
    ]
    a_venir = sorted(x for x in etapes + documents if jour is None or x[0] >= jour)
    return [(_date(date) or "", quoi, qui) for date, quoi, qui in a_venir[:_PROCHAINES]]


def _matrice(dossier: Dossier, rapport: Rapport) -> dict[str, Any]:
    """La complétude : une ligne par établissement, une colonne par formulaire, en centièmes."""
    noms = {demande.nom: demande.libelle or demande.nom for demande in dossier.formulaires}
    formulaires, rangees = matrice(rapport, [e.code for e in dossier.etablissements if e.code])
    return {
        "formulaires": [noms.get(f, f) for f in formulaires],
        "rangees": [
            (code or GESTIONNAIRE, [None if m is None else m.centiemes for m in mesures])
            for code, mesures in rangees
        ],
    }


def _anomalie(anomalie: Anomalie) -> dict[str, str]:
    cellules = ", ".join(f"{s.feuille}!{s.cellule}" for s in anomalie.sources[:2])
    return {
        "gravite": anomalie.gravite,
        "message": anomalie.message,
        "remede": anomalie.remede or "",
        "cellules": cellules,
        "code": anomalie.code,
    }


def _objectifs(dossier: Dossier) -> list[dict[str, Any]]:
    lignes = []
    for objectif in dossier.objectifs:
        indicateurs = [i for i in dossier.indicateurs if i.objectif == objectif.numero]
        lignes.append(
            {
                "numero": objectif.numero,
                "intitule": objectif.objectif_general,
                "axe": libelle("axes", objectif.axe),
                "avancement": libelle("avancements", objectif.avancement) or "—",
                "provisoire": objectif.provisoire,
                "indicateurs": [_mesure(i) for i in indicateurs],
            }
        )
    return lignes


def _mesure(indicateur: Indicateur) -> str:
    champs = infos(Indicateur)
    valeurs = [
        formater(valeur, champs[nom].nature) if (valeur := getattr(indicateur, nom)) is not None else "?"
        for nom in ("valeur_initiale", "cible_finale")
    ]
    return f"{indicateur.libelle} : {valeurs[0]} → {valeurs[1]} {indicateur.unite or ''}".rstrip()


def _scenarios(dossier: Dossier) -> list[dict[str, Any]]:
    return [
        {
            "intitule": s.intitule,
            "retenu": s.retenu,
            "resultat": _euros(s.resultat_final),
            "caf": _euros(s.caf_moyenne),
            "frng": _euros(s.frng_final),
            "constants": s.moyens_constants or "—",
            "hors": _euros(s.hors_moyens_constants),
            "equilibre": s.annee_equilibre or "non atteint",
        }
        for s in _de(dossier.lignes("scenarios_synthese"))
    ]


def _de(lignes: Sequence[object]) -> list[ScenarioSynthese]:
    return [ligne for ligne in lignes if isinstance(ligne, ScenarioSynthese)]


def _euros(montant: Any) -> str:
    return "—" if montant is None else euros(arrondir(montant, Decimal(1))).replace(",00", "")


def _date(date: datetime.date | None) -> str | None:
    return None if date is None else f"{date:%d/%m/%Y}"
