"""Les formules du cadre retrouvent-elles les valeurs des modèles ? L’autorité, elle, lira celles du cadre."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from cpomdocs.formats import formater
from cpomdocs.modeles.types import Nature
from cpomdocs.office.adresses import lire_cellule
from cpomdocs.rapport import Anomalie
from cpomdocs.recalcul.moteur import Lieu, Resultat
from cpomdocs.saisies import CaseExcel, Saisie

_TOLERANCES = {"taux": Decimal("0.0005"), "montant": Decimal("0.01"), "decimal": Decimal("0.01")}
"""Écart admis : 0,05 point pour un taux, un centime, un centième d’ETP ; aucun pour un nombre entier."""


def comparer(
    resultats: Mapping[Lieu, Resultat],
    attendues: Sequence[Saisie],
    formulaire: str,
    etablissement: str | None,
) -> Iterator[Anomalie]:
    """Une anomalie par formule du cadre dont le résultat n’est pas la valeur du modèle (RC-04).

    Une valeur absente du modèle, ou un résultat laissé à Excel, ne se compare pas.
    """
    for saisie in attendues:
        case, voulu = saisie.case, saisie.valeur.valeur
        if not isinstance(case, CaseExcel) or isinstance(voulu, bool) or not isinstance(voulu, int | Decimal):
            continue
        obtenu = resultats.get(Lieu(case.feuille, *(lire_cellule(case.cellule) or (0, 0))))
        if isinstance(obtenu, bool) or not isinstance(obtenu, int | float):
            continue
        nature = saisie.valeur.nature
        if abs(Decimal(str(obtenu)) - voulu) > _TOLERANCES.get(nature.nom, Decimal("0.000001")):
            yield _ecart(saisie, Decimal(str(obtenu)), nature, formulaire, etablissement)


def _ecart(
    saisie: Saisie, obtenu: Decimal, nature: Nature, formulaire: str, etablissement: str | None
) -> Anomalie:
    valeur = saisie.valeur
    cadre, modele = (formater(n, nature, valeur.unite) for n in (obtenu, valeur.valeur or 0))
    return Anomalie(
        code="RC-04",
        gravite="avertissement",
        etablissement=etablissement,
        formulaire=formulaire,
        champ=valeur.champ,
        libelle=valeur.libelle,
        sources=valeur.sources,
        message=f"« {valeur.libelle} » : le formulaire calcule {cadre} ({saisie.case}), cpomdocs {modele}.",
        remede="Vérifier les données de ce calcul : l’autorité lira le résultat du formulaire.",
    )
