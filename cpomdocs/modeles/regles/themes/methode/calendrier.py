"""Les règles sur le calendrier et sur ce que l’autorité impose (ME-07 à ME-13)."""

from __future__ import annotations

from collections.abc import Iterator

from cpomdocs.modeles.dossier import Dossier
from cpomdocs.modeles.entites.contrat import Jalon
from cpomdocs.modeles.planification.jours import plausible
from cpomdocs.modeles.regles.redaction import enumerer, le
from cpomdocs.modeles.regles.registre import Manquement, lignes_de, regle
from cpomdocs.modeles.regles.seuils import Seuils
from cpomdocs.modeles.vues.methode.retroplanning import SUIVI, EtapeRetroplanning, jours_du


@regle(
    "ME-07",
    "avertissement",
    "Chaque étape se termine à temps",
    source="rétroplanning (domaine.md § 4.1)",
)
def etapes_en_retard(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les étapes dont la fin prévue est passée, à la date de référence, sans fin réelle."""
    jour = dossier.parametres.date_reference
    for jalon in dossier.jalons if jour else ():
        if jalon.date_fin_prevue and jour and jalon.date_fin_prevue < jour and not jalon.finie:
            yield Manquement(
                jalon,
                ("date_fin_reelle", "date_fin_prevue"),
                f"l’étape devait finir le {le(jalon.date_fin_prevue)}.",
                "Saisir sa fin réelle, ou une nouvelle fin prévue.",
            )


@regle(
    "ME-08",
    "bloquante",
    "Aucune étape n’est impossible",
    source="rétroplanning (domaine.md § 4.1)",
)
def etapes_impossibles(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les étapes finies avant de commencer ou après la signature, qui suivent une étape inconnue, ou
    qui se suivent en rond."""
    visee = dossier.contrat.date_signature_visee
    connues = {jalon.etape for jalon in dossier.jalons}
    for jalon in dossier.jalons:
        debut, fin = jalon.date_debut, jalon.date_fin_prevue
        if debut and fin and fin < debut:
            message = f"l’étape finit le {le(fin)}, avant de commencer le {le(debut)}."
            yield Manquement(
                jalon, ("date_fin_prevue", "date_debut"), message, "Corriger l’une des deux dates."
            )
        if visee and fin and fin > visee and jalon.phase != SUIVI:
            message = f"l’étape finit le {le(fin)}, après la signature visée ({le(visee)})."
            yield Manquement(
                jalon,
                ("date_fin_prevue",),
                message,
                "Raccourcir les étapes, ou viser une autre date de signature.",
                autres=((dossier.contrat, "date_signature_visee"),),
            )
        for nom in (nom for nom in jalon.precedents if nom not in connues):
            message = f"elle suit « {nom} », qui n’est pas une étape."
            yield Manquement(jalon, ("precedent",), message, "Recopier le nom de l’étape précédente.")
    for etape in lignes_de(dossier, EtapeRetroplanning):
        if etape.en_boucle:
            message = "elle attend une étape qui l’attend elle-même, ou qui attend une étape en boucle."
            yield Manquement(_jalon(etape), ("precedent",), message, "Ôter l’un des liens « Après l’étape ».")


@regle(
    "ME-09",
    "avertissement",
    "Une étape commence quand la précédente est finie, et tient la date imposée",
    source="rétroplanning (domaine.md § 4.1)",
)
def enchainement(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les chevauchements avec l’étape précédente, et les dates imposées qui ne sont pas tenues."""
    par_nom = {jalon.etape: jalon for jalon in dossier.jalons}
    for jalon in (j for j in dossier.jalons if not j.finie):
        precedents = (par_nom[nom] for nom in jalon.precedents if nom in par_nom)
        for precedent in (p for p in precedents if _chevauche(p, jalon)):
            yield Manquement(
                jalon,
                ("date_debut",),
                f"elle commence avant la fin de « {precedent.etape} ».",
                "Décaler l’une des deux.",
                autres=((precedent, "date_fin_prevue"),),
            )
        imposee, fin = jalon.date_imposee, jalon.date_fin_prevue
        if imposee and fin and fin > imposee and jalon.etat("date_proposee") == "vide":
            yield Manquement(
                jalon,
                ("date_imposee", "date_fin_prevue"),
                f"l’autorité attend cette étape pour le {le(imposee)}, elle est prévue le {le(fin)}.",
                "Avancer l’étape, ou saisir une contre-proposition.",
            )


def _chevauche(precedent: Jalon, jalon: Jalon) -> bool:
    fin = precedent.date_fin_reelle or precedent.date_fin_prevue
    return fin is not None and jalon.date_debut is not None and jalon.date_debut < fin


@regle(
    "ME-10",
    "information",
    "Chaque contrainte de l’autorité a une réponse préparée",
    source="conseils aux gestionnaires (domaine.md § 4.1)",
)
def contraintes(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les contraintes dont la conséquence ou la réponse n’est pas écrite."""
    for contrainte in (c for c in dossier.contraintes if c.intitule):
        vides = [
            mots
            for champ, mots in (("consequence", "la conséquence"), ("reponse", "la réponse"))
            if contrainte.etat(champ) == "vide"
        ]
        if vides:
            message = (
                f"{enumerer(vides)} {'ne sont pas préparées' if len(vides) > 1 else 'n’est pas préparée'}."
            )
            yield Manquement(contrainte, ("reponse",), message, "L’écrire avant la réunion de lancement.")


@regle(
    "ME-11",
    "information",
    "Une étape finit un jour ouvré",
    source="jours fériés légaux (code du travail, L. 3133-1)",
)
def jours_ouvres(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les étapes à venir qui finissent, ou dont la contre-proposition tombe, un jour chômé."""
    jours = jours_du(dossier)
    for jalon in (j for j in dossier.jalons if not j.finie):
        for champ in ("date_fin_prevue", "date_proposee"):
            date = plausible(getattr(jalon, champ))
            if date is not None and not jours.est_ouvre(date):
                yield Manquement(
                    jalon,
                    (champ,),
                    f"le {le(date)} n’est pas un jour ouvré ({jours.nom(date)}).",
                    f"Prévoir le {le(jours.precedent(date))} ou le {le(jours.suivant(date))}.",
                )


@regle(
    "ME-12",
    "avertissement",
    "Le retard d’une étape ne décale pas celles qui la suivent",
    source="rétroplanning (domaine.md § 4.1)",
)
def marges(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les étapes à la marge négative, quand ni la signature ni la date à tenir ne le disent déjà."""
    visee = dossier.contrat.date_signature_visee
    for etape in lignes_de(dossier, EtapeRetroplanning):
        fin, tard, marge = etape.date_fin_prevue, etape.fin_au_plus_tard, etape.marge
        limites = [date for date in (visee, etape.date_a_tenir) if date]
        if fin is None or tard is None or marge is None or marge >= 0 or any(fin > li for li in limites):
            continue
        trop = "un jour ouvré" if marge == -1 else f"{-marge} jours ouvrés"
        yield Manquement(
            _jalon(etape),
            ("date_fin_prevue",),
            f"finie le {le(fin)}, elle décale la suite de {trop} ; il faudrait finir le {le(tard)}.",
            "L’avancer, ou raccourcir celles qui la suivent.",
        )


@regle(
    "ME-13",
    "avertissement",
    "Les dates imposées ou proposées peuvent être tenues",
    source="rétroplanning (domaine.md § 4.1)",
)
def dates_tenables(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les dates à tenir qui tombent avant la fin au plus tôt de leur étape."""
    for etape in lignes_de(dossier, EtapeRetroplanning):
        tot, proposee = etape.fin_au_plus_tot, etape.date_proposee
        if not etape.intenable or tot is None or etape.date_a_tenir is None:
            continue
        quoi = "notre contre-proposition" if proposee else "la date imposée"
        champ = "date_proposee" if proposee else "date_imposee"
        yield Manquement(
            _jalon(etape),
            (champ, "date_fin_prevue"),
            f"{quoi}, le {le(etape.date_a_tenir)}, ne peut pas être tenue : d’après ce qui la précède et les "
            f"durées prévues, l’étape finit le {le(tot)} au plus tôt.",
            f"Proposer à l’autorité le {le(tot)} ou plus tard, ou raccourcir des étapes.",
        )


def _jalon(etape: EtapeRetroplanning) -> Jalon:
    """La ligne saisie de cette étape."""
    (jalon,) = (ligne for ligne in etape.lignes if isinstance(ligne, Jalon))
    return jalon
