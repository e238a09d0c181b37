"""Les financements de la démonstration : quotes-parts de dotation commune, forfaits et tarifs de l’EHPAD."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from cpomdocs.demo.activite import activites, gmp
from cpomdocs.demo.outils import ANNEES, CENTIME, CLOSES, arrondi, lire
from cpomdocs.modeles import Dotation


@dataclass(frozen=True)
class Financement:
    """Un financement et le compte 73 qui le reçoit : montants pérennes de 2022 à 2026, CNR de 2023 à 2026."""

    etablissement: str
    nature: str
    financeur: str
    compte: str
    perennes: Sequence[Decimal]
    taux: Sequence[Decimal]
    cnr: Sequence[Decimal]
    commentaire: str | None = None
    tarifs: Sequence[Decimal] | None = None

    def total(self, rang: int) -> Decimal:
        """Le montant notifié de l’année de ce rang (0 : 2023), en euros."""
        return arrondi(self.perennes[rang + 1] + self.cnr[rang])


@cache
def financements() -> tuple[Financement, ...]:
    """Tous les financements, EHPAD compris."""
    taux = lire("comptes")["taux"]
    communs = [
        Financement(
            d["etablissement"],
            d["nature"],
            d["financeur"],
            d["compte"],
            [Decimal(m) for m in d["perennes"]],
            taux[d["taux"]],
            [Decimal(m) for m in d["cnr"]],
        )
        for d in lire("comptes")["dotations"]
    ]
    return (*_forfaits(), *_tarifs(), *communs)


def _forfaits() -> list[Financement]:
    """Forfaits soins (GMPS × places × point + accueils) et dépendance (GMP × places × point − usagers)."""
    table, points, taux = lire("comptes")["ehpad"], lire("activite")["dependance"], lire("comptes")["taux"]
    places, accueils = table["places"], table["accueil_temporaire"]
    soins, dependance = [], []
    for rang in range(len(ANNEES)):
        gmps = gmp(rang) + table["pmp_ponderation"] * points["pmp"][rang]
        soins.append(arrondi(gmps * places * points["valeur_point_soins"][rang] + accueils[rang]))
        brut = gmp(rang) * places * points["valeur_point_gir"][rang]
        dependance.append(arrondi(brut - _journees("HP", rang) * table["tarif_gir_5_6"][rang]))
    aucun = [CENTIME * 0] * len(ANNEES)
    return [
        Financement(
            "EHPAD",
            "forfait_soins",
            "assurance_maladie",
            "735113",
            [Decimal(table["forfait_soins_2022"]), *soins],
            taux["ars"],
            [Decimal(m) for m in table["cnr_soins"]],
            "Équation tarifaire : GMPS × 80 places × valeur du point, plus accueil temporaire et de jour.",
        ),
        Financement(
            "EHPAD",
            "forfait_dependance",
            "departement",
            "735212",
            [Decimal(table["forfait_dependance_2022"]), *dependance],
            taux["cd"],
            aucun,
            "GMP × 80 places × valeur du point GIR, moins la participation des usagers.",
        ),
    ]


def _tarifs() -> list[Financement]:
    """Tarifs journaliers de l’EHPAD : dépendance et hébergement des usagers, aide sociale."""
    table = lire("comptes")["ehpad"]
    part, tarifs, aj = table["part_aide_sociale"], table["tarif_hebergement"], table["tarif_accueil_de_jour"]
    montants: dict[str, list[Decimal]] = {"73532": [], "735211": [], "73531": []}
    for rang in range(len(ANNEES)):
        hebergement = _journees("HP", rang) * tarifs[rang]
        aide = arrondi(hebergement * part)
        accueils = _journees("HT", rang) * tarifs[rang] + _journees("AJ", rang) * aj[rang]
        montants["73532"].append(arrondi(_journees("HP", rang) * table["tarif_gir_5_6"][rang]))
        montants["735211"].append(aide)
        montants["73531"].append(arrondi(hebergement - aide + accueils))
    natures = {
        "73532": ("forfait_dependance", "usagers", table["tarif_gir_5_6"]),
        "735211": ("tarif_hebergement", "aide_sociale", tarifs),
        "73531": ("tarif_hebergement", "usagers", tarifs),
    }
    aucun = [CENTIME * 0] * len(ANNEES)
    return [
        Financement(
            "EHPAD",
            nature,
            financeur,
            compte,
            [CENTIME * 0, *montants[compte]],
            aucun,
            aucun,
            "Tarif journalier × journées facturées.",
            journaliers,
        )
        for compte, (nature, financeur, journaliers) in natures.items()
    ]


def _journees(modalite: str, rang: int) -> int:
    """Les journées de l’EHPAD dans une modalité : réalisées, ou prévues l’année N."""
    ligne = next(a for a in activites() if a.modalite == modalite and a.annee == ANNEES[rang])
    return (ligne.journees_realisees if ligne.annee in CLOSES else ligne.journees_prevues) or 0


def dotations() -> list[Dotation]:
    """Une ligne par établissement, année, nature et financeur, de 2023 à 2026."""
    return [_dotation(f, rang, annee) for f in financements() for rang, annee in enumerate(ANNEES)]


def _dotation(f: Financement, rang: int, annee: int) -> Dotation:
    """Base = montant pérenne de l’année d’avant ; les mesures nouvelles complètent l’actualisation."""
    total, cnr = f.total(rang), arrondi(f.cnr[rang])
    base = arrondi(f.perennes[rang] if f.tarifs is None else total)
    actualisation = base * f.taux[rang]
    return Dotation(
        etablissement=f.etablissement,
        annee=annee,
        nature=f.nature,
        financeur=f.financeur,
        base_reconductible=base,
        taux_actualisation=f.taux[rang],
        mesures_nouvelles=arrondi(total - cnr - base - actualisation),
        cnr=cnr,
        total_notifie=total,
        date_notification=datetime.date(annee, 6, 30) if annee in CLOSES else datetime.date(annee, 3, 20),
        reference_decision=f"DEMO-{annee}-{f.etablissement}-{f.compte}",
        versement_mensuel=arrondi(total / 12),
        tarif_journalier=None if f.tarifs is None else f.tarifs[rang],
        source="Décision tarifaire" if f.tarifs is None else "Facturation",
        commentaire=f.commentaire,
        sans_objet=frozenset({"tarif_journalier"} if f.tarifs is None else ()),
    )
