"""Ce que le recalcul d’un document apprend à la personne, en anomalies du rapport.

RC-01 le calcul n’a pas abouti ; RC-02 des cellules sont laissées à Excel ;
RC-03 le formulaire signale un défaut
"""

from __future__ import annotations

from cpomdocs.rapport import Anomalie
from cpomdocs.recalcul.controles import Controle
from cpomdocs.recalcul.document import RapportRecalcul

_MONTREES = 5
_LONGUEUR = 80
_REMEDE = "Ouvrir le document dans Excel et l’enregistrer avant de le déposer."


def anomalies_du_recalcul(
    rapport: RapportRecalcul, formulaire: str, etablissement: str | None = None
) -> list[Anomalie]:
    """Les anomalies du document ; aucune quand tous ses totaux sont posés et que rien n’y proteste.

    L’absence de moteur n’en est pas une : elle se dit une fois pour toute la commande.
    """
    commun = {"formulaire": formulaire, "etablissement": etablissement}
    anomalies: list[Anomalie] = []
    if rapport.etat in ("echec", "non_qualifie"):
        anomalies.append(
            Anomalie(code="RC-01", gravite="avertissement", message=rapport.message, remede=_REMEDE, **commun)
        )
    for raison, lieux in _grouper([(r.raison, f"{r.feuille}!{r.cellule}") for r in rapport.retraits]):
        message = f"Cellules laissées à Excel, car {raison} : {lieux}."
        anomalies.append(
            Anomalie(code="RC-02", gravite="information", message=message, remede=_REMEDE, **commun)
        )
    for texte, lieux in _grouper([(c.texte, _situer(c)) for c in rapport.controles]):
        message = f"Le formulaire affiche « {texte} » : {lieux}."
        remede = "Vérifier les données dont ces cellules dépendent."
        anomalies.append(
            Anomalie(code="RC-03", gravite="avertissement", message=message, remede=remede, **commun)
        )
    return anomalies


def _situer(controle: Controle) -> str:
    libelle = controle.libelle if len(controle.libelle) <= _LONGUEUR else f"{controle.libelle[:_LONGUEUR]}…"
    return f"{controle.feuille}!{controle.cellule}" + (f" ({libelle})" if libelle else "")


def _grouper(couples: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Les lieux de chaque motif, les premiers nommés et les autres comptés."""
    groupes: dict[str, list[str]] = {}
    for motif, lieu in couples:
        groupes.setdefault(motif, []).append(lieu)
    return [(motif, _enumerer(lieux)) for motif, lieux in groupes.items()]


def _enumerer(lieux: list[str]) -> str:
    reste = len(lieux) - _MONTREES
    return ", ".join(lieux[:_MONTREES]) + (f" et {reste} autres" if reste > 0 else "")
