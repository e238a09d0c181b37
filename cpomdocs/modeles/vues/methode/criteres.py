"""Prêts pour la réunion de lancement : les critères du gestionnaire, ce qui est fait et ce qui reste."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from cpomdocs.formats import pourcent
from cpomdocs.modeles.base import Entite, champ
from cpomdocs.modeles.types import Texte
from cpomdocs.modeles.vues.methode.preparation import Preparation, part
from cpomdocs.modeles.vues.regroupement import Vue
from cpomdocs.nomenclatures import details, nomenclature

if TYPE_CHECKING:
    from cpomdocs.modeles.dossier import Dossier

_NEGOCIATEURS = ("negociateur_ars", "negociateur_departement")
_ASSOCIES = {"gouvernance": "gouvernance", "cse": "CSE", "cvs": "CVS"}


class Critere(Vue):
    """Un critère : son état, ce qui est constaté, ce qui reste à faire."""

    critere: Texte = champ("Critère", cle=True, liste="criteres_preparation")
    etat_critere: Texte = champ("État", liste="etats_preparation")
    signe: Texte = champ("Signe")
    constat: Texte = champ("Constat")
    reste: Texte = champ("Ce qui reste")


class _Jugement(NamedTuple):
    """`fait` : rien ne reste ; `commence` : une partie est là."""

    fait: bool
    commence: bool
    constat: str
    reste: str = ""


def criteres(dossier: Dossier, lignes: Sequence[Entite]) -> list[Critere]:
    """Une ligne par critère, dans l’ordre de la nomenclature."""
    vues = []
    for code in nomenclature("criteres_preparation"):
        juge = _JUGES[code](dossier)
        etat = "fait" if juge.fait else "en_cours" if juge.commence else "a_faire"
        vues.append(
            Critere(
                critere=code,
                etat_critere=etat,
                signe=str(details("etats_preparation")[etat]["signe"]),
                constat=juge.constat[:1].upper() + juge.constat[1:] or None,
                reste=None if juge.fait else juge.reste or None,
            )
        )
    return vues


def _combien(nombre: int, aucun: str, un: str, plusieurs: str) -> str:
    return f"{nombre} {un if nombre == 1 else plusieurs}" if nombre else aucun


def _noms(dossier: Dossier, *roles: str) -> list[str]:
    """Qui tient l’un de ces rôles, sans doublon."""
    return list(dict.fromkeys(role.nom for role in dossier.roles if role.role in roles and role.nom))


def _contraintes(dossier: Dossier) -> _Jugement:
    connues = [c for c in dossier.contraintes if c.intitule]
    sans = [c.code or "" for c in connues if c.etat("reponse") == "vide"]
    constat = _combien(len(connues), "aucune contrainte", "contrainte", "contraintes")
    reste = (
        f"Préparer une réponse à {', '.join(sans)}."
        if sans
        else "Saisir ce que les autorités ont annoncé (feuille « Contraintes »)."
    )
    return _Jugement(bool(connues) and not sans, bool(connues), constat, reste)


def _referent(dossier: Dossier) -> _Jugement:
    techniques = _noms(dossier, "referent_technique")
    strategiques = _noms(dossier, "referent_strategique")
    appuis = _noms(dossier, "appui_technique")
    nommes = list(dict.fromkeys([*techniques, *strategiques]))
    if not nommes and dossier.gestionnaire.referent_cpom_nom:
        return _Jugement(
            False, True, dossier.gestionnaire.referent_cpom_nom, "Préciser son rôle dans « Rôles »."
        )
    if not nommes:
        return _Jugement(False, False, "", "Nommer un référent et lui donner sa lettre de mission.")
    reste = "Nommer un appui technique : le référent est stratégique."
    return _Jugement(bool(techniques or appuis), True, ", ".join(nommes), reste)


def _copil(dossier: Dossier) -> _Jugement:
    comites = [i.code for i in dossier.instances if i.type == "copil_interne"]
    membres = [m for m in dossier.membres if m.instance in comites]
    constat = _combien(len(membres), "aucun membre", "membre", "membres") if comites else ""
    reste = "Saisir ses membres." if comites else "Créer l’instance et désigner ses membres."
    return _Jugement(bool(membres), bool(comites), constat, reste)


def _acteurs(dossier: Dossier) -> _Jugement:
    tenus = [mots for role, mots in _ASSOCIES.items() if _noms(dossier, role)]
    absents = [mots for role, mots in _ASSOCIES.items() if not _noms(dossier, role)]
    constat = ", ".join(tenus)
    return _Jugement(not absents, bool(tenus), constat, f"Associer : {', '.join(absents)}.")


def _negociateurs(dossier: Dossier) -> _Jugement:
    designes = _noms(dossier, *_NEGOCIATEURS)
    formes = {f.personne for f in dossier.formations if f.date_realisee is not None}
    a_former = [nom for nom in designes if nom not in formes]
    reste = (
        f"Former {', '.join(a_former)}." if designes else "Les désigner, face à l’ARS et face au département."
    )
    return _Jugement(bool(designes) and not a_former, bool(designes), ", ".join(designes), reste)


def _calendrier(dossier: Dossier) -> _Jugement:
    etapes = [j for j in dossier.jalons if j.etape]
    datees = [j for j in etapes if j.date_fin_prevue]
    visee = dossier.contrat.date_signature_visee
    constat = _combien(len(etapes), "aucune étape", "étape", "étapes")
    if visee is None:
        return _Jugement(False, bool(etapes), constat, "Fixer la date de signature visée.")
    constat += f", signature visée le {visee:%d/%m/%Y}"
    reste = "Dater chaque étape." if etapes else "Préparer les lignes : les étapes usuelles sont proposées."
    return _Jugement(bool(etapes) and len(datees) == len(etapes), True, constat, reste)


def _donnees(dossier: Dossier) -> _Jugement:
    vues = [p for p in dossier.lignes("preparation") if isinstance(p, Preparation)]
    attendues, renseignees = sum(p.attendues or 0 for p in vues), sum(p.renseignees or 0 for p in vues)
    collectee = part(renseignees, attendues)
    if collectee is None:
        return _Jugement(False, False, "", "Saisir les établissements, puis préparer les lignes.")
    retards = [p.etablissement or "" for p in vues if p.en_retard]
    reste = _combien(attendues - renseignees, "", "donnée manque", "données manquent")
    reste += f" ; en retard : {', '.join(retards)}." if retards else "."
    return _Jugement(renseignees == attendues, renseignees > 0, f"{pourcent(collectee)} des données", reste)


def _objectifs(dossier: Dossier) -> _Jugement:
    ecrits = [o for o in dossier.objectifs if o.numero and o.objectif_general]
    provisoires = [o for o in ecrits if o.provisoire]
    constat = _combien(len(ecrits), "aucun objectif", "objectif", "objectifs")
    if provisoires:
        constat += f", dont {len(provisoires)} provisoire{'s' if len(provisoires) > 1 else ''}"
    return _Jugement(bool(ecrits), False, constat, "En écrire de provisoires, sans attendre le diagnostic.")


def _budget(dossier: Dossier) -> _Jugement:
    scenarios = [s for s in dossier.scenarios if s.code]
    couts = [c for c in dossier.couts_actions if c.montant is not None]
    retenu = dossier.scenario_retenu()
    constat = _combien(len(scenarios), "aucun scénario", "scénario", "scénarios")
    if retenu is not None:
        constat += f" ; « {retenu.intitule or retenu.code} » retenu"
    manques = [
        mots
        for manque, mots in (
            (not couts, "chiffrer les actions"),
            (not scenarios, "écrire les scénarios"),
            (retenu is None, "en retenir un"),
        )
        if manque
    ]
    reste = f"{', '.join(manques).capitalize()}." if manques else ""
    return _Jugement(not manques, bool(scenarios or couts), constat, reste)


def _actions(dossier: Dossier) -> _Jugement:
    actions = [a for a in dossier.actions if a.numero]
    cadres = nomenclature("cadres_action")
    comptes = {nom: sum(a.cadre == code for a in actions) for code, nom in cadres.items()}
    constat = ", ".join(
        f"{nombre} {nom.lower().replace('cpom', 'CPOM')}" for nom, nombre in comptes.items() if nombre
    )
    sans = [a.numero or "" for a in actions if not a.cadre]
    reste = f"Dire le cadre de {', '.join(sans)}." if sans else "Écrire les actions, et dire leur cadre."
    return _Jugement(bool(actions) and not sans, bool(actions), constat if actions else "", reste)


_JUGES: dict[str, Callable[[Dossier], _Jugement]] = {
    "contraintes": _contraintes,
    "referent": _referent,
    "copil": _copil,
    "acteurs": _acteurs,
    "negociateurs": _negociateurs,
    "calendrier": _calendrier,
    "donnees": _donnees,
    "objectifs": _objectifs,
    "budget": _budget,
    "actions": _actions,
}
