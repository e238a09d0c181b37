"""Le bilan, le tableau de financement et le PGFP de la démonstration, déroulés d’année en année.

Chaque bilan est celui de l’année d’avant augmenté des flux : investissements, emprunts, amortissements,
affectation du résultat. Les disponibilités l’équilibrent ; le tableau de financement porte les mêmes flux.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from cpomdocs.demo.finances.budget import resultat
from cpomdocs.demo.finances.emprunts import prets
from cpomdocs.demo.outils import ANNEE_N, CENTIME, CLOSES, arrondi, entier, lire, version
from cpomdocs.modeles import Affectation, Compte, Entite, Financement, Investissement, LignePgfp, PosteBilan
from cpomdocs.modeles.vues.scenarios.pgfp import LIGNES_SAISIES, PgfpScenario
from cpomdocs.nomenclatures import details, imputation, nomenclature

_ZERO = CENTIME * 0
_RESERVES = {
    "10682": "reserve_investissement",
    "10685": "reserve_tresorerie",
    "10686": "reserve_compensation",
    "10687": "reserve_amortissements",
    "110": "report_a_nouveau",
    "119": "report_a_nouveau",
}


def investissements() -> list[Investissement]:
    """Le plan pluriannuel d’investissement, de 2023 à 2031."""
    return [_investissement(ligne) for ligne in lire("patrimoine")["investissements"]]


def _investissement(ligne: list[object]) -> Investissement:
    operation, code, nature, duree, annee = ligne[:5]
    montant, emprunt, subvention, reserves = (arrondi(Decimal(str(valeur))) for valeur in ligne[5:])
    date = f"{entier(Decimal(str(annee))) - 1}-12-11"
    return Investissement.model_validate(
        {
            "operation": operation,
            "annee": annee,
            "etablissement": code or None,
            "nature": nature,
            "montant": montant,
            "autofinancement": montant - emprunt - subvention - reserves,
            "emprunt": emprunt,
            "subvention": subvention,
            "reserves": reserves,
            "cession": _ZERO,
            "emprunt_duree": (12 if annee == ANNEE_N else 20) if emprunt else None,
            "emprunt_taux": (Decimal("0.033") if annee == ANNEE_N else Decimal("0.034")) if emprunt else None,
            "duree_amortissement": duree,
            "surcout": arrondi(montant / Decimal(str(duree)) + emprunt * Decimal("0.034")),
            "date_approbation": date if int(str(annee)) <= ANNEE_N else None,
            "reference_approbation": f"CA-{date[:7]} (DEMO)" if int(str(annee)) <= ANNEE_N else None,
            "sans_objet": frozenset(() if emprunt else ("emprunt_duree", "emprunt_taux")),
        }
    )


@dataclass
class Flux:
    """Les mouvements d’une année, en euros : ce que le tableau de financement résume."""

    annee: int
    resultat: Decimal
    amortissements: Decimal
    provisions: Decimal
    quote_part: Decimal
    acquisitions: dict[str, Decimal] = field(default_factory=dict)
    subventions: Decimal = _ZERO

    @property
    def caf(self) -> Decimal:
        """Résultat + dotations − reprises − quote-part de subventions."""
        return self.resultat + self.amortissements + self.provisions - self.quote_part

    @property
    def emplois(self) -> Decimal:
        """Acquisitions et remboursements de capital."""
        return sum(self.acquisitions.values(), _ZERO) + rembourse(self.annee)

    @property
    def ressources(self) -> Decimal:
        """CAF, subventions et emprunts nouveaux."""
        return self.caf + self.subventions + verse(self.annee)


def rembourse(annee: int) -> Decimal:
    """Le capital remboursé dans l’année, tous emprunts."""
    return sum((p.rembourse(annee) for p in prets()), _ZERO)


def verse(annee: int) -> Decimal:
    """Les emprunts reçus dans l’année."""
    return sum((p.verse(annee) for p in prets()), _ZERO)


def encours(annee: int) -> Decimal:
    """Le capital restant dû au 31 décembre, tous emprunts."""
    return sum((p.reste(annee) for p in prets()), _ZERO)


def somme(comptes: Iterable[Compte], annee: int, *debuts: str) -> Decimal:
    """La somme des comptes d’une année qui commencent par l’un de ces débuts."""
    lignes = [c for c in comptes if c.annee == annee and (c.compte or "").startswith(debuts)]
    return sum((c.montant or _ZERO for c in lignes), _ZERO)


def flux(comptes: list[Compte], annee: int) -> Flux:
    """Les flux d’une année dont le compte de résultat est connu."""
    trouve = Flux(
        annee,
        resultat(comptes, None, annee),
        somme(comptes, annee, "6811"),
        somme(comptes, annee, "6815") - somme(comptes, annee, "7815"),
        somme(comptes, annee, "777"),
    )
    return _avec_investissements(trouve)


def _avec_investissements(trouve: Flux) -> Flux:
    postes = lire("patrimoine")["postes"]
    for ligne in investissements():
        if ligne.annee == trouve.annee:
            poste = postes[ligne.nature]
            trouve.acquisitions[poste] = trouve.acquisitions.get(poste, _ZERO) + (ligne.montant or _ZERO)
            trouve.subventions += ligne.subvention or _ZERO
    return trouve


def bilans(comptes: list[Compte], affectations: list[Affectation]) -> dict[int, dict[str, Decimal]]:
    """Le bilan de chaque exercice clos : poste → montant, en euros."""
    table = lire("patrimoine")
    courant = {poste: arrondi(Decimal(montant)) for poste, montant in table["ouverture"].items()}
    trouves: dict[int, dict[str, Decimal]] = {}
    for annee in CLOSES:
        courant = dict(courant)
        _affecter(courant, affectations, annee - 1)
        _derouler(courant, flux(comptes, annee), comptes)
        charges = _total(comptes, annee, "charge")
        courant |= {poste: arrondi(charges * part) for poste, part in table["exploitation"].items()}
        courant["disponibilites"] = bloc(courant, "fri") + bloc(courant, "fre") - bloc(courant, "bfr")
        trouves[annee] = courant
    return trouves


def _affecter(bilan: dict[str, Decimal], affectations: list[Affectation], annee: int) -> None:
    """Le résultat de l’année d’avant rejoint les réserves et les reports à nouveau."""
    lignes = [a for a in affectations if a.annee == annee]
    if not lignes:
        bilan["report_a_nouveau"] += bilan["resultat_exercice"]
    for ligne in lignes:
        bilan[_RESERVES[ligne.compte or ""]] += ligne.montant or _ZERO
    bilan["resultat_exercice"] = _ZERO


def _derouler(bilan: dict[str, Decimal], f: Flux, comptes: list[Compte]) -> None:
    bilan["resultat_exercice"] = f.resultat
    bilan["subventions_investissement"] += f.subventions - f.quote_part
    bilan["emprunts"] = encours(f.annee)
    bilan["provisions"] += f.provisions
    for poste, montant in f.acquisitions.items():
        bilan[poste] += montant
    corporels = somme(comptes, f.annee, "68112")
    bilan["incorporelles_amortissements"] += somme(comptes, f.annee, "68111")
    parts = lire("patrimoine")["amortissements"]
    reste = corporels
    for rang, (poste, part) in enumerate(parts.items(), 1):
        valeur = reste if rang == len(parts) else arrondi(corporels * part)
        bilan[poste] += valeur
        reste -= valeur


def bloc(bilan: dict[str, Decimal], nom: str) -> Decimal:
    """« fri » et « fre » : ressources − emplois ; « bfr » : emplois − ressources."""
    postes = details("postes_bilan")
    signe = {"fri_ressources": 1, "fri_emplois": -1, "fre_ressources": 1, "fre_emplois": -1}
    signe |= {"bfr_emplois": 1, "bfr_ressources": -1}
    return sum(
        (
            montant * signe[str(postes[poste]["bloc"])]
            for poste, montant in bilan.items()
            if str(postes[poste]["bloc"]).startswith(nom)
        ),
        _ZERO,
    )


def postes(bilan_par_annee: dict[int, dict[str, Decimal]]) -> list[PosteBilan]:
    """Les lignes de la feuille « Bilan », dans l’ordre de la nomenclature."""
    return [
        PosteBilan(annee=annee, poste=poste, montant=bilan[poste], source=f"Comptes annuels {annee}")
        for annee, bilan in bilan_par_annee.items()
        for poste in details("postes_bilan")
    ]


def financements(comptes: list[Compte]) -> list[Financement]:
    """Le tableau de financement de chaque exercice, réel puis prévisionnel."""
    lignes = []
    for annee in (*CLOSES, ANNEE_N):
        f = flux(comptes, annee)
        montants = {
            "remboursement_dettes": rembourse(annee),
            "acquisitions": sum(f.acquisitions.values(), _ZERO),
            "autres_emplois": _ZERO,
            "caf": f.caf,
            "capitaux_propres": f.subventions,
            "emprunts_nouveaux": verse(annee),
            "cessions": _ZERO,
            "autres_ressources": _ZERO,
        }
        lignes += [
            Financement(
                annee=annee, version=version(annee), ligne=ligne, montant=montant, source="EPRD et ERRD"
            )
            for ligne, montant in montants.items()
        ]
    return lignes


def pgfp(
    plan: Sequence[Entite],
    comptes: list[Compte],
    dernier: dict[str, Decimal],
    affectations: list[Affectation],
) -> list[LignePgfp]:
    """Le PGFP de 2026 à 2031 : le plan de financement du scénario retenu, son FRNG réparti en FRI et FRE."""
    # Une affectation à l’investissement passe du FRE au FRI.
    investies = sum(
        (a.montant or _ZERO for a in affectations if (a.annee, a.compte) == (CLOSES[-1], "10682")), _ZERO
    )
    fre, provisions = bloc(dernier, "fre") - investies, flux(comptes, ANNEE_N).provisions
    lignes: list[LignePgfp] = []
    for annee in plan:
        if isinstance(annee, PgfpScenario):
            fre += (annee.resultat or _ZERO) + provisions
            montants = {ligne: getattr(annee, champ) for ligne, champ in LIGNES_SAISIES.items()}
            montants |= {"fri": montants["frng"] - fre, "fre": fre}
            lignes += [
                LignePgfp(annee=annee.annee, ligne=ligne, montant=montants[ligne])
                for ligne in nomenclature("lignes_pgfp")
            ]
    return lignes


def _total(comptes: Iterable[Compte], annee: int, sens: str) -> Decimal:
    """Le total des charges ou des produits d’une année."""
    lignes = [c for c in comptes if c.annee == annee and (imputation(c.compte or "") or ("",))[0] == sens]
    return sum((c.montant or _ZERO for c in lignes), _ZERO)
