"""Les règles sur les comptes de résultat (FI-01, FI-03, FI-07, FI-10)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from cpomdocs.formats import euros, pourcent
from cpomdocs.modeles.arithmetique import somme
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.modeles.entites.budget import Compte
from cpomdocs.modeles.regles.redaction import justifiee
from cpomdocs.modeles.regles.registre import Manquement, lignes_de, regle
from cpomdocs.modeles.regles.seuils import Seuils
from cpomdocs.modeles.vues.budget import ComptesGestionnaire, ComptesSynthese
from cpomdocs.modeles.vues.regroupement import BUDGETS, regrouper

_CLES = ("etablissement", "annee", "version")
_GROUPES = {
    f"{sens}_groupe_{rang}": f"{mot} du groupe {romain}"
    for sens, mot in (("charges", "charges"), ("produits", "produits"))
    for rang, romain in ((1, "I"), (2, "II"), (3, "III"))
}


@regle(
    "FI-01",
    "bloquante",
    "Les comptes font les groupes, et le résultat est la différence des produits et des charges",
    source="cadres normalisés EPRD et ERRD ; vérifié sur données publiques",
)
def totaux(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les résultats qui ne sont pas produits − charges, les sections et les détails qui ne font pas
    le compte."""
    reels = {
        (c.etablissement, c.annee): c for c in lignes_de(dossier, ComptesSynthese) if c.version == "reel"
    }
    for resultat in dossier.resultats:
        synthese = reels.get((resultat.etablissement, resultat.annee))
        if synthese is None or synthese.resultat is None or resultat.resultat_comptable is None:
            continue
        if abs(synthese.resultat - resultat.resultat_comptable) > seuils.tolerance_arrondi:
            yield Manquement(
                resultat,
                ("resultat_comptable",),
                f"résultat saisi {euros(resultat.resultat_comptable)}, mais produits − charges ="
                f" {euros(synthese.total_produits or 0)} − {euros(synthese.total_charges or 0)} ="
                f" {euros(synthese.resultat)}.",
                "Corriger le résultat, ou compléter les comptes de l’année.",
            )
    for groupe in regrouper(dossier.comptes, (*_CLES, "compte")).values():
        yield from _sections(groupe, seuils)
    for ligne in dossier.comptes:
        yield from _mesures(ligne, seuils)
    for groupe in regrouper(dossier.comptes, _CLES).values():
        yield from _totaux_comptes_deux_fois(groupe, seuils)


def _sections(groupe: list[Compte], seuils: Seuils) -> Iterator[Manquement]:
    globales = [c for c in groupe if c.section in (None, "", "global")]
    detail = [c for c in groupe if c.section not in (None, "", "global")]
    total, reparti = somme(globales, "montant"), somme(detail, "montant")
    if total is not None and reparti is not None and abs(total - reparti) > seuils.tolerance_arrondi:
        yield Manquement(
            globales[0],
            ("montant",),
            f"les sections du compte font {euros(reparti)}, le compte entier {euros(total)}.",
            "Corriger la répartition ou le montant du compte.",
            autres=tuple((ligne, "montant") for ligne in detail),
        )


def _mesures(ligne: Compte, seuils: Seuils) -> Iterator[Manquement]:
    if ligne.montant is None or ligne.reconduction is None or ligne.mesures_nouvelles is None:
        return
    totaux_admis = (
        ligne.reconduction + ligne.mesures_nouvelles,
        ligne.reconduction + ligne.mesures_nouvelles + (ligne.cnr or 0),
    )
    if all(abs(total - ligne.montant) > seuils.tolerance_arrondi for total in totaux_admis):
        yield Manquement(
            ligne,
            ("montant", "reconduction", "mesures_nouvelles"),
            f"montant de {euros(ligne.montant)}, mais reconduction et mesures nouvelles font"
            f" {euros(totaux_admis[0])}.",
            "Corriger le montant ou sa décomposition.",
        )


def _totaux_comptes_deux_fois(groupe: list[Compte], seuils: Seuils) -> Iterator[Manquement]:
    """Un compte dont le montant est la somme de ses sous-comptes est un total : il compterait double."""
    for comptes in _par_section(groupe):
        for rang, ligne in enumerate(comptes):
            numero = ligne.compte or ""
            suite = takewhile(lambda c, n=numero: (c.compte or "").startswith(n), comptes[rang + 1 :])  # type: ignore[misc]
            detail = [c for c in suite if c.compte != numero]
            total = somme(detail, "montant")
            if ligne.montant and total is not None and abs(total - ligne.montant) <= seuils.tolerance_montant:
                yield _compte_deux_fois(ligne, detail)


def _par_section(groupe: list[Compte]) -> Iterator[list[Compte]]:
    """Les comptes de chaque section, triés par numéro : un compte y précède ses sous-comptes."""
    sections: dict[str, list[Compte]] = {}
    for ligne in groupe:
        sections.setdefault(ligne.section or "", []).append(ligne)
    for comptes in sections.values():
        yield sorted(comptes, key=lambda c: c.compte or "")


def _compte_deux_fois(ligne: Compte, detail: list[Compte]) -> Manquement:
    return Manquement(
        ligne,
        ("montant",),
        f"le compte {ligne.compte} ({euros(ligne.montant or 0)}) est le total de ses {len(detail)}"
        " sous-comptes :"
        " il serait compté deux fois.",
        "Supprimer la ligne de total, ou celles du détail.",
        autres=tuple((compte, "montant") for compte in detail),
    )


@regle(
    "FI-03",
    "avertissement",
    "Une forte variation d’un groupe s’explique",
    source="CASF : sincérité de l’EPRD ; seuil réglable",
)
def variations(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les groupes de N qui varient de plus du seuil, ou tombent à zéro, sans commentaire sur leurs
    comptes."""
    n = dossier.parametres.annee_n
    syntheses = {(s.etablissement, s.annee, s.version): s for s in lignes_de(dossier, ComptesSynthese)}
    for (etablissement, annee, version), synthese in syntheses.items():
        executoire = version == "previsionnel" and (etablissement, annee, "executoire") in syntheses
        if n is None or annee != n or version not in BUDGETS or executoire:
            continue
        versions = ("executoire", "anticipe", "reel")
        avant = next((s for v in versions if (s := syntheses.get((etablissement, n - 1, v)))), None)
        for champ, mots in _GROUPES.items() if avant is not None else ():
            yield from _variation(synthese, avant, champ, mots, seuils)


def _variation(
    synthese: ComptesSynthese, avant: ComptesSynthese | None, champ: str, mots: str, seuils: Seuils
) -> Iterator[Manquement]:
    montant, precedent = getattr(synthese, champ), getattr(avant, champ, None)
    lignes = getattr(synthese, champ.replace("_groupe", ""))
    if avant is None or montant is None or not precedent or any(map(justifiee, lignes)):
        return
    ecart = (montant - precedent) / precedent
    if abs(ecart) > seuils.variation_groupe:
        yield Manquement(
            synthese,
            (champ,),
            f"{mots} : {euros(montant)} après {euros(precedent)}, soit"
            f" {'+' if ecart > 0 else ''}{pourcent(ecart)}.",
            "Expliquer la variation en commentaire d’un compte du groupe, ou corriger les montants.",
            autres=((avant, champ),),
        )


@regle(
    "FI-07",
    "bloquante",
    "Un déficit n’est permis que dans le périmètre du contrat, et se résorbe",
    source="R.314-222 II CASF",
)
def deficits(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les déficits prévus hors périmètre, et ceux du périmètre quand le PGFP ne revient pas à
    l’équilibre."""
    n = dossier.parametres.annee_n
    perimetre = {e.code: e.dans_perimetre_cpom for e in dossier.etablissements}
    finaux = sorted(
        (p for p in dossier.pgfp if p.ligne == "resultat" and p.annee), key=lambda p: p.annee or 0
    )
    final = finaux[-1] if finaux else None
    for synthese in lignes_de(dossier, ComptesSynthese):
        if synthese.annee != n or synthese.version not in BUDGETS:
            continue
        if synthese.resultat is None or synthese.resultat >= -seuils.tolerance_arrondi:
            continue
        deficit = f"déficit prévu de {euros(-synthese.resultat)}"
        if perimetre.get(synthese.etablissement) is False:
            yield Manquement(
                synthese,
                ("resultat",),
                f"{deficit}, alors que l’établissement est hors du périmètre du contrat : l’équilibre"
                " est attendu.",
                "Équilibrer les produits et les charges.",
            )
        elif final is not None and final.montant is not None and final.montant < 0:
            yield Manquement(
                synthese,
                ("resultat",),
                f"{deficit}, et le PGFP est encore en déficit en {final.annee}.",
                "Prévoir le retour à l’équilibre dans le PGFP.",
                autres=((final, "montant"),),
            )


@regle(
    "FI-10",
    "avertissement",
    "Un taux de CAF faible est un critère de déséquilibre",
    source="seuil de la plateforme d’État",
)
def taux_de_caf(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les années et versions dont le taux de CAF du périmètre est sous le seuil."""
    for synthese in lignes_de(dossier, ComptesGestionnaire):
        taux = synthese.taux_caf
        if seuils.taux_caf_minimal is not None and taux is not None and taux < seuils.taux_caf_minimal:
            yield Manquement(
                synthese,
                ("taux_caf",),
                f"taux de CAF de {pourcent(taux)}, sous le critère de déséquilibre de"
                f" {pourcent(seuils.taux_caf_minimal)}.",
                "Vérifier les comptes ; préparer l’explication et les mesures de redressement.",
            )
