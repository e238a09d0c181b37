"""Les règles sur les objectifs, les actions et les indicateurs (CT-04 à CT-06)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from cpomdocs.modeles.base import infos, unir
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.modeles.entites.objectifs import Action, Indicateur, Objectif, ValeurIndicateur
from cpomdocs.modeles.regles.redaction import enumerer, le, nombre
from cpomdocs.modeles.regles.registre import Manquement, regle
from cpomdocs.modeles.regles.seuils import Seuils

_CIBLE = "cible"
_REALISE = "reel"
_TRAITS_D_UN_INDICATEUR = ("unite", "valeur_initiale", "cible_finale", "source")
_THEMES_EHPAD = {
    "activité": ("activité",),
    "qualité": ("qualité",),
    "hospitalisation à domicile": ("hospitalisation à domicile", "had"),
    "soins palliatifs": ("palliatif",),
}
_AXES = {"activite": "activité", "qualite": "qualité"}


@regle(
    "CT-04",
    "bloquante",
    "Chaque objectif a une action, un indicateur complet, un pilote et une échéance dans le contrat",
    source="usage des fiches objectif",
)
def objectifs_complets(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les objectifs sans action, sans indicateur, sans pilote, ou hors des dates du contrat."""
    actions = {a.objectif for a in dossier.actions}
    indicateurs: dict[str | None, list[Indicateur]] = {}
    for indicateur in dossier.indicateurs:
        indicateurs.setdefault(indicateur.objectif, []).append(indicateur)
    for objectif in dossier.objectifs:
        manques = [
            mot
            for mot, present in (
                ("action", objectif.numero in actions),
                ("indicateur", objectif.numero in indicateurs),
                ("pilote", objectif.etat("pilote") != "vide"),
            )
            if not present
        ]
        if manques:
            yield Manquement(
                objectif,
                ("pilote" if manques == ["pilote"] else "numero",),
                f"l’objectif n’a pas de : {enumerer(manques)}.",
                "Compléter les feuilles « Objectifs », « Actions » et « Indicateurs ».",
                emplacements=unir(
                    dossier.emplacement(f"{mot}s", "objectif")
                    for mot in ("action", "indicateur")
                    if mot in manques
                ),
            )
        yield from _echeance(dossier, objectif)
    for action in dossier.actions:
        yield from _echeance(dossier, action)
    for indicateur in dossier.indicateurs:
        yield from _traits(indicateur)


def _traits(indicateur: Indicateur) -> Iterator[Manquement]:
    vides = [champ for champ in _TRAITS_D_UN_INDICATEUR if indicateur.etat(champ) == "vide"]
    if vides:
        libelles = enumerer(f"« {infos(Indicateur)[champ].libelle} »" for champ in vides)
        yield Manquement(
            indicateur,
            tuple(vides),
            f"l’indicateur n’a pas de {libelles}.",
            "Compléter la ligne de l’indicateur.",
        )


def _echeance(dossier: Dossier, ligne: Objectif | Action) -> Iterator[Manquement]:
    debut = dossier.contrat.date_debut
    fin = max(filter(None, (dossier.contrat.date_fin, dossier.contrat.prorogation_date_fin)), default=None)
    echeance = ligne.date_fin
    if echeance is None or debut is None or fin is None or debut <= echeance <= fin:
        return
    yield Manquement(
        ligne,
        ("date_fin",),
        f"échéance le {le(echeance)}, hors du contrat (du {le(debut)} au {le(fin)}).",
        "Corriger l’échéance, ou les dates du contrat.",
        autres=((dossier.contrat, "date_debut"), (dossier.contrat, "date_fin")),
    )


@regle(
    "CT-05",
    "avertissement",
    "Le contrat porte un objectif d’activité",
    source="L.313-12 IV ter CASF : activité, qualité, hospitalisation à domicile, soins palliatifs",
)
def objectifs_attendus(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les thèmes qu’aucun objectif ne traite : l’activité, et pour un CPOM EHPAD les quatre de la
    loi."""
    if not dossier.objectifs:
        return
    attendus = list(_THEMES_EHPAD) if dossier.contrat.type == "L313-12-IV-ter" else ["activité"]
    traites = {_AXES.get(objectif.axe or "") for objectif in dossier.objectifs}
    textes = " ".join(
        f"{o.objectif_general or ''} {o.objectif_operationnel or ''}" for o in dossier.objectifs
    ).casefold()
    mots = set(textes.replace("’", " ").replace("'", " ").replace(",", " ").replace(".", " ").split())
    absents = [
        theme
        for theme in attendus
        if theme not in traites
        and not any(m in textes if len(m) > 3 else m in mots for m in _THEMES_EHPAD[theme])
    ]
    if absents:
        yield Manquement(
            dossier.objectifs[0],
            ("axe",),
            f"aucun objectif ne traite : {enumerer(absents)}.",
            "Ajouter un objectif, ou choisir l’axe qui convient dans la feuille « Objectifs ».",
        )


@regle(
    "CT-06",
    "bloquante",
    "Chaque indicateur échu a sa valeur réalisée, et elle se recalcule",
    source="usage de la revue annuelle des objectifs",
)
def revue(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les cibles d’années closes sans valeur réalisée, et les valeurs loin de numérateur ÷
    dénominateur."""
    realisees = {
        _cle(v) for v in dossier.valeurs_indicateurs if v.version == _REALISE and v.etat("valeur") != "vide"
    }
    jour = dossier.parametres.date_reference
    for valeur in dossier.valeurs_indicateurs:
        yield from _recalcul(valeur, seuils)
        echue = jour is not None and valeur.annee is not None and valeur.annee < jour.year
        if valeur.version == _CIBLE and echue and valeur.valeur is not None and _cle(valeur) not in realisees:
            yield Manquement(
                valeur,
                ("valeur",),
                f"la cible de {valeur.annee} ({nombre(valeur.valeur)}) est échue et n’a pas de valeur"
                " réalisée.",
                "Ajouter la ligne « réalisé » de la même année.",
                emplacements=dossier.emplacement("valeurs_indicateurs", "valeur"),
            )


def _cle(valeur: ValeurIndicateur) -> tuple[object, ...]:
    return (valeur.objectif, valeur.indicateur, valeur.etablissement or "", valeur.annee)


def _recalcul(valeur: ValeurIndicateur, seuils: Seuils) -> Iterator[Manquement]:
    if valeur.valeur is None or valeur.numerateur is None or not valeur.denominateur:
        return
    rapport = valeur.numerateur / valeur.denominateur
    admis = {rapport: seuils.tolerance_taux, rapport * 100: seuils.tolerance_taux * 100}
    if any(abs(valeur.valeur - attendue) <= tolerance for attendue, tolerance in admis.items()):
        return
    attendue = rapport * 100 if abs(valeur.valeur) > Decimal("1.5") else rapport
    yield Manquement(
        valeur,
        ("valeur", "numerateur", "denominateur"),
        f"valeur saisie {nombre(valeur.valeur)}, mais {nombre(valeur.numerateur)} ÷"
        f" {nombre(valeur.denominateur)}"
        f" donne {nombre(round(attendue, 2))}.",
        "Corriger la valeur, le numérateur ou le dénominateur.",
    )
