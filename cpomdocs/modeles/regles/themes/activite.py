"""Les règles sur les capacités et l’activité (AC-01 à AC-08, AC-10)."""

from __future__ import annotations

import calendar
from collections.abc import Iterator

from cpomdocs.formats import pourcent
from cpomdocs.modeles.arithmetique import somme_entiere
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.modeles.entites.activite import Activite
from cpomdocs.modeles.entites.identite import Autorisation
from cpomdocs.modeles.regles.redaction import attenuee, justifiee, nombre
from cpomdocs.modeles.regles.registre import Manquement, regle
from cpomdocs.modeles.regles.seuils import Seuils

_CAPACITES = {
    "capacite_installee": "installée",
    "capacite_financee": "financée",
    "capacite_habilitee_as": "habilitée à l’aide sociale",
}


@regle(
    "AC-01",
    "avertissement",
    "Aucune capacité ne dépasse la capacité autorisée",
    source="usage : l’autorisation borne l’installation, le financement et l’habilitation",
)
def capacites_bornees(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les capacités (places) installées, financées ou habilitées au-dessus de l’autorisée."""
    lignes: list[Autorisation | Activite] = [*dossier.autorisations, *dossier.activite]
    for ligne in lignes:
        autorisee = ligne.capacite_autorisee
        for champ, adjectif in _CAPACITES.items():
            capacite = getattr(ligne, champ, None)
            if autorisee is not None and capacite is not None and capacite > autorisee:
                yield Manquement(
                    ligne,
                    (champ, "capacite_autorisee"),
                    f"la capacité {adjectif} ({capacite}) dépasse la capacité autorisée ({autorisee}).",
                    "Corriger l’une des deux capacités.",
                )


@regle(
    "AC-02",
    "avertissement",
    "Les capacités par modalité font le total de l’établissement",
    source="répertoire FINESS ; tableau de bord de la performance",
)
def capacites_totales(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les places habilitées, et celles de PASA, UHR et UVP, qui ne sont pas celles des autorisations."""
    for etablissement in dossier.etablissements:
        lignes = [a for a in dossier.autorisations if a.etablissement == etablissement.code]
        somme = somme_entiere(lignes, "capacite_habilitee_as")
        if None not in (somme, etablissement.places_habilitees) and somme != etablissement.places_habilitees:
            yield Manquement(
                etablissement,
                ("places_habilitees",),
                f"{etablissement.places_habilitees} places habilitées, mais {somme} dans les autorisations.",
                "Faire concorder les deux feuilles, d’après l’arrêté d’habilitation.",
                autres=tuple((ligne, "capacite_habilitee_as") for ligne in lignes),
            )
    yield from _unites_specifiques(dossier)


def _unites_specifiques(dossier: Dossier) -> Iterator[Manquement]:
    autorisees = {(a.etablissement, a.modalite): a for a in dossier.autorisations}
    for ligne in dossier.dependance:
        if ligne.annee != dossier.parametres.annee_n:
            continue
        for modalite in ("PASA", "UHR", "UVP"):
            champ = f"nb_{modalite.lower()}"
            places, autorisation = getattr(ligne, champ), autorisees.get((ligne.etablissement, modalite))
            if places is None or autorisation is None or autorisation.capacite_autorisee in (None, places):
                continue
            yield Manquement(
                ligne,
                (champ,),
                f"{places} places de {modalite}, mais {autorisation.capacite_autorisee} autorisées.",
                "Faire concorder les deux feuilles, d’après l’arrêté d’autorisation.",
                autres=((autorisation, "capacite_autorisee"),),
            )


@regle(
    "AC-03",
    "bloquante",
    "Les jours d’ouverture tiennent dans l’année",
    source="calendrier ; l’hébergement permanent ouvre toute l’année",
)
def jours_d_ouverture(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les jours d’ouverture hors de 1 à 365 (366), et l’hébergement permanent fermé une partie de
    l’année."""
    ouvertures = {e.code: e.date_ouverture for e in dossier.etablissements}
    for ligne in dossier.activite:
        if ligne.jours_ouverture is None or ligne.annee is None:
            continue
        jours = 366 if calendar.isleap(ligne.annee) else 365
        ouverture = ouvertures.get(ligne.etablissement)
        entiere = ouverture is None or ouverture.year < ligne.annee
        if not 1 <= ligne.jours_ouverture <= jours:
            attendu = f"entre 1 et {jours} jours sont attendus"
        elif ligne.modalite == "HP" and entiere and ligne.jours_ouverture != jours:
            attendu = f"l’hébergement permanent ouvre {jours} jours en {ligne.annee}"
        else:
            continue
        yield Manquement(
            ligne,
            ("jours_ouverture",),
            f"{ligne.jours_ouverture} jours d’ouverture : {attendu}.",
            "Corriger le nombre de jours d’ouverture.",
        )


@regle(
    "AC-04",
    "bloquante",
    "Les journées théoriques reposent sur la capacité autorisée et financée",
    source="R.314-160 et R.314-43-2 CASF",
)
def capacite_de_l_annee(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend, pour l’année N, la capacité financée de l’activité qui n’est pas celle de l’autorisation."""
    autorisees = {(a.etablissement, a.modalite): a for a in dossier.autorisations}
    for ligne in dossier.activite:
        autorisation = autorisees.get((ligne.etablissement, ligne.modalite))
        if autorisation is None or ligne.annee != dossier.parametres.annee_n:
            continue
        if None in (ligne.capacite_financee, autorisation.capacite_financee):
            continue
        if ligne.capacite_financee != autorisation.capacite_financee:
            yield Manquement(
                ligne,
                ("capacite_financee",),
                f"la capacité financée ({ligne.capacite_financee}) n’est pas celle de l’autorisation"
                f" ({autorisation.capacite_financee}) : les journées théoriques seraient fausses.",
                "Faire concorder les deux feuilles, ou expliquer l’écart en commentaire (extension en"
                " cours d’année).",
                attenuee(ligne),
                autres=((autorisation, "capacite_financee"),),
            )


@regle(
    "AC-05",
    "bloquante",
    "Le taux d’occupation saisi est celui que l’activité donne",
    source="R.314-160 CASF ; définition du tableau de bord de la performance",
)
def taux_d_occupation(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les taux d’occupation retenus loin du taux calculé, et les journées réalisées sans capacité."""
    for ligne in dossier.activite:
        if ligne.journees_realisees and 0 in (ligne.capacite_financee, ligne.jours_ouverture):
            yield Manquement(
                ligne,
                ("journees_realisees", "capacite_financee", "jours_ouverture"),
                "des journées sont réalisées sans capacité financée ou sans jour d’ouverture :"
                " le taux d’occupation ne peut pas se calculer.",
                "Corriger la capacité financée ou les jours d’ouverture.",
            )
    calcules = {
        (a.etablissement, a.annee): a
        for a in dossier.activite
        if a.modalite == "HP" and a.version == "reel" and a.taux_occupation is not None
    }
    for dependance in dossier.dependance:
        activite = calcules.get((dependance.etablissement, dependance.annee))
        if activite is None or activite.taux_occupation is None or dependance.to_retenu is None:
            continue
        if abs(dependance.to_retenu - activite.taux_occupation) > seuils.tolerance_taux:
            yield Manquement(
                dependance,
                ("to_retenu",),
                f"taux d’occupation retenu {pourcent(dependance.to_retenu)}, mais l’activité de l’hébergement"
                f" permanent donne {pourcent(activite.taux_occupation)}.",
                "Vérifier les journées réalisées et le taux, ou expliquer l’écart en commentaire.",
                attenuee(dependance),
                autres=((activite, "taux_occupation"),),
            )


@regle(
    "AC-06",
    "avertissement",
    "Un taux d’occupation au-delà de 100 % s’explique",
    source="seuil de valeur atypique de la plateforme d’État",
)
def occupation_atypique(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les taux au-dessus de 100 % sans commentaire, et tous ceux au-dessus de la valeur atypique."""
    for ligne in dossier.activite:
        taux = ligne.taux_occupation
        if taux is None:
            continue
        if taux > seuils.taux_occupation_atypique:
            suite = f"au-delà de {pourcent(seuils.taux_occupation_atypique)}, la valeur est atypique"
            remede = "Vérifier les journées, la capacité financée et les jours d’ouverture."
        elif taux > seuils.taux_occupation_a_justifier and not justifiee(ligne):
            suite = f"au-delà de {pourcent(seuils.taux_occupation_a_justifier)}, une explication est attendue"
            remede = "Vérifier les chiffres, ou expliquer en commentaire."
        else:
            continue
        yield Manquement(
            ligne, ("taux_occupation",), f"taux d’occupation {pourcent(taux)} : {suite}.", remede
        )


@regle(
    "AC-07",
    "bloquante",
    "Les journées financées ne sont pas les journées théoriques",
    source="définition du taux de réalisation, tableau de bord de la performance",
)
def journees_financees(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les journées financées qui dépassent ce que la capacité permet."""
    for ligne in dossier.activite:
        financees, theoriques = ligne.journees_financees, ligne.journees_theoriques
        if financees is None or theoriques is None or financees <= theoriques + seuils.tolerance_journees:
            continue
        yield Manquement(
            ligne,
            ("journees_financees", "journees_theoriques"),
            f"{nombre(financees)} journées financées, plus que les {nombre(theoriques)} journées théoriques.",
            "Vérifier les journées financées, la capacité financée et les jours d’ouverture.",
            attenuee(ligne),
        )


@regle(
    "AC-08",
    "avertissement",
    "Les effectifs s’enchaînent avec les entrées et les sorties",
    source="définition de la file active, tableau de bord de la performance",
)
def mouvements(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les effectifs au 31/12 que les mouvements de l’année, ou l’année d’avant, n’expliquent pas."""
    precedentes = {(a.etablissement, a.annee, a.modalite, a.version): a for a in dossier.activite}
    for ligne in dossier.activite:
        yield from _mouvements_de_l_annee(ligne)
        avant = precedentes.get((ligne.etablissement, (ligne.annee or 0) - 1, ligne.modalite, ligne.version))
        if avant is None or None in (avant.effectif_3112, ligne.effectif_debut):
            continue
        if avant.effectif_3112 != ligne.effectif_debut:
            yield Manquement(
                ligne,
                ("effectif_debut",),
                f"{ligne.effectif_debut} personnes au 1er janvier, mais {avant.effectif_3112} au"
                f" 31/12/{avant.annee}.",
                "Faire concorder les deux années.",
                autres=((avant, "effectif_3112"),),
            )


def _mouvements_de_l_annee(ligne: Activite) -> Iterator[Manquement]:
    debut, entrees, sorties, fin = ligne.effectif_debut, ligne.entrees, ligne.sorties, ligne.effectif_3112
    if debut is not None and entrees is not None and sorties is not None and fin is not None:
        attendu = debut + entrees - sorties
        if attendu != fin:
            yield Manquement(
                ligne,
                ("effectif_3112", "effectif_debut", "entrees", "sorties"),
                f"{fin} personnes au 31/12, mais {debut} + {entrees} entrées − {sorties} sorties font"
                f" {attendu}.",
                "Corriger l’effectif, les entrées ou les sorties.",
            )
    if None not in (sorties, ligne.sorties_definitives) and (ligne.sorties_definitives or 0) > (sorties or 0):
        yield Manquement(
            ligne,
            ("sorties_definitives", "sorties"),
            f"{ligne.sorties_definitives} sorties définitives pour {sorties} sorties en tout.",
            "Corriger l’un des deux nombres.",
        )


@regle(
    "AC-10",
    "avertissement",
    "L’activité annoncée à l’EPRD est celle que l’ERRD constate",
    source="usage : la même année ne porte pas deux activités",
)
def activite_anticipee(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les années dont l’activité anticipée et l’activité réelle diffèrent, en journées."""
    reelles = {(a.etablissement, a.annee, a.modalite): a for a in dossier.activite if a.version == "reel"}
    for ligne in dossier.activite:
        reelle = reelles.get((ligne.etablissement, ligne.annee, ligne.modalite))
        if (
            ligne.version != "anticipe"
            or reelle is None
            or None in (reelle.journees_realisees, ligne.journees_realisees)
        ):
            continue
        anticipees, realisees = ligne.journees_realisees or 0, reelle.journees_realisees or 0
        if abs(anticipees - realisees) > seuils.tolerance_journees:
            yield Manquement(
                ligne,
                ("journees_realisees",),
                f"{nombre(anticipees)} journées en version anticipée, {nombre(realisees)} en version réelle.",
                "Mettre à jour la version anticipée, ou expliquer l’écart à l’autorité.",
                autres=((reelle, "journees_realisees"),),
            )
