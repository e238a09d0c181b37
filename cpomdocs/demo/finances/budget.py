"""Les comptes de la démonstration, les frais de siège, les résultats et leur affectation."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import cache

from cpomdocs.demo.effectifs import effectifs
from cpomdocs.demo.finances.dotations import financements
from cpomdocs.demo.finances.emprunts import interets
from cpomdocs.demo.finances.montants import montant
from cpomdocs.demo.outils import ANNEES, CENTIME, CLOSES, arrondi, lire, version
from cpomdocs.modeles import Affectation, Compte, Effectif, QuotePartSiege, Resultat
from cpomdocs.nomenclatures import imputation

_TAUX_SIEGE = Decimal("0.035")
_CONTRATS = {"remplacement": "64151", "apprenti": "6417"}
_COTISATIONS = {"64511": Decimal("0.70"), "64513": Decimal("0.19"), "64512": Decimal("0.07")}
_TAXE_SUR_SALAIRES = Decimal("0.81")
_ETP_SIEGE = Decimal("8.0")
_PREVISION = ("reconduction", "mesures_nouvelles", "cnr")
"""Ce qui décompose une prévision, sans objet pour un montant réalisé."""


def _charges_de_personnel(lignes: Iterable[Effectif]) -> dict[str, Decimal]:
    """Les comptes 64, 631 et 633 d’un établissement, une année, tirés de ses effectifs."""
    comptes: dict[str, Decimal] = {}
    sociales = fiscales = CENTIME * 0
    for ligne in lignes:
        compte = "6421" if ligne.categorie == "medical" else _CONTRATS.get(ligne.type_contrat or "", "64111")
        comptes[compte] = comptes.get(compte, CENTIME * 0) + (ligne.remuneration_brute or 0)
        sociales += ligne.charges_sociales or 0
        fiscales += ligne.charges_fiscales or 0
    comptes |= {compte: arrondi(sociales * part) for compte, part in _COTISATIONS.items()}
    comptes["64518"] = sociales - sum(comptes[compte] for compte in _COTISATIONS)
    comptes["6311"] = arrondi(fiscales * _TAXE_SUR_SALAIRES)
    comptes["6333"] = fiscales - comptes["6311"]
    return comptes


@cache
def _masses_salariales() -> dict[tuple[str | None, int | None], dict[str, Decimal]]:
    """Les comptes de personnel de chaque établissement et de chaque année."""
    emplois: dict[tuple[str | None, int | None], list[Effectif]] = {}
    for ligne in effectifs():
        emplois.setdefault((ligne.etablissement, ligne.annee), []).append(ligne)
    return {cle: _charges_de_personnel(lignes) for cle, lignes in emplois.items()}


def _montants(code: str, annee: int) -> dict[str, Decimal]:
    """Les montants de tous les comptes d’un établissement, une année, hors frais de siège et tarification."""
    comptes = {compte: montant(code, compte, annee) for compte in lire("comptes")["montants"][code]}
    comptes |= {c: m for c, m in _masses_salariales()[code, annee].items() if m}
    comptes |= {"6611": interets(code, annee)} if interets(code, annee) else {}
    return comptes


def sieges() -> list[QuotePartSiege]:
    """Les quotes-parts de frais de siège : 3,5 % des charges brutes de l’exercice précédent."""
    lignes = []
    for code in lire("comptes")["montants"]:
        base = arrondi(Decimal(lire("comptes")["charges_2022"][code]))
        for annee in ANNEES:
            quote_part = arrondi(base * _TAUX_SIEGE)
            lignes.append(
                QuotePartSiege(
                    etablissement=code,
                    annee=annee,
                    base_charges_brutes=base,
                    taux=_TAUX_SIEGE,
                    quote_part=quote_part,
                    source="Autorisation de frais de siège du 28 novembre 2022",
                )
            )
            base = _charges(_montants(code, annee)) + quote_part
    for annee in ANNEES:
        exercice = [ligne for ligne in lignes if ligne.annee == annee]
        total = sum((ligne.quote_part or 0 for ligne in exercice), CENTIME * 0)
        for ligne in exercice:
            ligne.etp_siege = arrondi((ligne.quote_part or CENTIME * 0) / total * _ETP_SIEGE)
    return lignes


def _charges(comptes: dict[str, Decimal]) -> Decimal:
    return sum((m for c, m in comptes.items() if (imputation(c) or ("",))[0] == "charge"), CENTIME * 0)


def comptes() -> list[Compte]:
    """Les comptes de chaque établissement : réels de 2023 à 2025, prévisionnels en 2026."""
    quotes_parts = {(li.etablissement, li.annee): li.quote_part or CENTIME * 0 for li in sieges()}
    lignes: list[Compte] = []
    for code in lire("comptes")["montants"]:
        for rang, annee in enumerate(ANNEES):
            montants = _montants(code, annee) | {"6556": quotes_parts[code, annee]}
            lignes += [_compte(code, annee, c, m) for c, m in sorted(montants.items())]
            lignes += _tarification(code, annee, rang)
    return lignes


def _compte(code: str, annee: int, compte: str, valeur: Decimal, financeur: str | None = None) -> Compte:
    previsionnel = annee not in CLOSES
    return Compte(
        etablissement=code,
        annee=annee,
        version=version(annee),
        compte=compte,
        section="global",
        intitule=lire("comptes")["intitules"][compte],
        montant=valeur,
        financeur=financeur,
        reconduction=valeur if previsionnel else None,
        mesures_nouvelles=CENTIME * 0 if previsionnel else None,
        cnr=CENTIME * 0 if previsionnel else None,
        source="EPRD 2026" if previsionnel else f"ERRD {annee}",
        sans_objet=frozenset((() if financeur else ("financeur",)) + (() if previsionnel else _PREVISION)),
    )


def _tarification(code: str, annee: int, rang: int) -> list[Compte]:
    """Les produits de la tarification : les montants notifiés, financeur par financeur."""
    lignes = []
    for f in financements():
        if f.etablissement != code:
            continue
        ligne = _compte(code, annee, f.compte, f.total(rang), f.financeur)
        if annee not in CLOSES:
            ligne.cnr = arrondi(f.cnr[rang])
            base = f.perennes[rang] if f.tarifs is None else f.total(rang)
            ligne.reconduction = arrondi(base * (1 + f.taux[rang]))
            ligne.mesures_nouvelles = f.total(rang) - ligne.cnr - ligne.reconduction
        lignes.append(ligne)
    return lignes


def resultat(lignes: Iterable[Compte], code: str | None, annee: int) -> Decimal:
    """Produits − charges d’un établissement (ou de tous), une année, en euros."""
    total = CENTIME * 0
    for ligne in lignes:
        if ligne.annee == annee and code in (None, ligne.etablissement):
            sens, _ = imputation(ligne.compte or "") or ("", "")
            total += (ligne.montant or 0) * (1 if sens == "produit" else -1)
    return total


def resultats(lignes: list[Compte]) -> list[Resultat]:
    """Une ligne par établissement et par exercice clos."""
    return [
        Resultat(
            etablissement=code,
            annee=annee,
            resultat_comptable=resultat(lignes, code, annee),
            reprise_anterieurs=CENTIME * 0,
            retraitements=CENTIME * 0,
            resultat_a_affecter=resultat(lignes, code, annee),
            source=f"ERRD {annee}",
        )
        for code in lire("comptes")["montants"]
        for annee in CLOSES
    ]


def affectations(lignes: list[Resultat]) -> list[Affectation]:
    """L’affectation de chaque résultat ; un déficit va tout entier au premier compte de l’établissement."""
    table = lire("patrimoine")
    affectees = []
    for ligne in lignes:
        reste = ligne.resultat_a_affecter or CENTIME * 0
        parts = table["affectations"][ligne.etablissement]
        retenues = list(parts.items()) if reste > 0 else [next(iter(parts.items()))]
        for rang, (compte, part) in enumerate(retenues):
            dernier = rang == len(retenues) - 1
            valeur = reste if dernier else arrondi((ligne.resultat_a_affecter or 0) * Decimal(part))
            reste -= valeur
            affectees.append(
                Affectation(
                    etablissement=ligne.etablissement,
                    annee=ligne.annee,
                    compte=compte,
                    montant=valeur,
                    justification=table["justifications"][compte],
                    source="Délibération du conseil d’administration (proposition pour 2025)",
                )
            )
    return affectees
