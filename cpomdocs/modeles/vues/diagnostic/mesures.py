"""Les indicateurs du diagnostic sur N-2, N-1 et N, par établissement et pour le gestionnaire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from cpomdocs.modeles.base import Entite, calcul, champ
from cpomdocs.modeles.entites.identite import Etablissement
from cpomdocs.modeles.entites.reperes import cle_etablissement
from cpomdocs.modeles.types import Nature, Texte
from cpomdocs.modeles.vues.diagnostic.lecture import Reperes, decrire, ecrire, evolution, fiche, reperes
from cpomdocs.modeles.vues.regroupement import Vue, la_plus_sure
from cpomdocs.nomenclatures import details

if TYPE_CHECKING:
    from cpomdocs.modeles.dossier import Dossier

_TEXTE, _NOMBRE = Nature("texte"), Nature("decimal")
_PREVISIONS = ("executoire", "previsionnel", "anticipe")
"""Les versions d’une année qui n’est pas close, la plus sûre d’abord."""
_RECULS = {"valeur_n2": (2,), "valeur_n1": (1,), "valeur_n": (0,)}


def _lus(portee: str) -> dict[str, str]:
    """Indicateur → « vue.champ », pour une portée (« etablissement », « gestionnaire »)."""
    connus = details("indicateurs_diagnostic")
    return {code: f"{connu[portee]}.{connu['champ']}" for code, connu in connus.items() if portee in connu}


_PAR_ETABLISSEMENT, _DU_GESTIONNAIRE = _lus("etablissement"), _lus("gestionnaire")


class _Mesure(Vue):
    """Un indicateur : trois valeurs, leur lecture devant les repères, leur évolution."""

    lus: ClassVar[dict[str, str]] = {}
    """Indicateur → « vue.champ » qui le calcule."""

    indicateur: Texte = champ("Indicateur", cle=True, liste="indicateurs_diagnostic", exemple="taux_caf")

    def _trouver(self, recul: int) -> tuple[Entite, str] | None:
        """La ligne et le champ qui donnent l’indicateur de l’année N − recul."""
        vue, _, nom = self.lus[self.indicateur or ""].partition(".")
        n = self.dossier.parametres.annee_n
        if n is None:
            return None
        lignes = self.dossier.lignes(vue, getattr(self, "etablissement", None), n - recul)
        trouvees = la_plus_sure(lignes, ("reel",) if recul else _PREVISIONS)
        return (trouvees[0], nom) if trouvees else None

    def _valeur(self, recul: int) -> Decimal | None:
        trouvee = self._trouver(recul)
        valeur = None if trouvee is None else getattr(*trouvee)
        return None if valeur is None else Decimal(valeur)

    def _entrees(self, nom: str) -> list[tuple[Entite, str]]:
        """Les seuls champs dont vient cet indicateur, parmi ceux que tous peuvent lire."""
        reculs = _RECULS.get(nom, (2, 1, 0))
        return [trouvee for recul in reculs if (trouvee := self._trouver(recul)) is not None]

    def _entierement_lie(self, nom: str) -> bool:
        return bool(self._entrees(nom))

    @property
    def _reperes(self) -> Reperes:
        return reperes(self.dossier, self.indicateur)

    @property
    def _valeurs(self) -> list[Decimal | None]:
        return [self._valeur(2), self._valeur(1), self._valeur(0)]

    @property
    @calcul("Thème", _TEXTE, entrees=("indicateur",), liste="themes_diagnostic")
    def theme(self) -> str | None:
        """La partie du diagnostic où l’indicateur se lit."""
        return fiche(self.indicateur).get("theme")

    @property
    @calcul("Rang de l’indicateur", Nature("entier"), entrees=("indicateur",))
    def rang(self) -> int:
        """Son rang parmi les indicateurs du diagnostic."""
        return list(details("indicateurs_diagnostic")).index(self.indicateur or "")

    @property
    @calcul("Unité", _TEXTE, entrees=("indicateur",))
    def unite(self) -> str | None:
        """L’unité de l’indicateur."""
        return fiche(self.indicateur).get("unite")

    @property
    @calcul("Repères", _TEXTE, entrees=("indicateur",))
    def repere(self) -> str | None:
        """Les repères retenus, en mots."""
        return decrire(self.indicateur, self._reperes)

    @property
    @calcul("Valeur N-2 écrite", _TEXTE, entrees=("valeur_n2",))
    def texte_n2(self) -> str | None:
        """La valeur de N-2 dans son unité."""
        return ecrire(self.indicateur, self._valeur(2))

    @property
    @calcul("Valeur N-1 écrite", _TEXTE, entrees=("valeur_n1",))
    def texte_n1(self) -> str | None:
        """La valeur de N-1 dans son unité."""
        return ecrire(self.indicateur, self._valeur(1))

    @property
    @calcul("Valeur N écrite", _TEXTE, entrees=("valeur_n",))
    def texte_n(self) -> str | None:
        """La valeur de N, prévue, dans son unité."""
        return ecrire(self.indicateur, self._valeur(0))

    @property
    @calcul("Dernière valeur close", _TEXTE, entrees=("valeur_n1", "valeur_n2"))
    def derniere(self) -> str | None:
        """La dernière valeur d’un exercice clos, écrite : N-1, à défaut N-2."""
        valeur = self._valeur(1)
        return ecrire(self.indicateur, self._valeur(2) if valeur is None else valeur)

    @property
    @calcul("Lecture", _TEXTE, entrees=("valeur_n1", "valeur_n2"), liste="lectures")
    def lecture(self) -> str | None:
        """La lecture du dernier exercice clos (N-1, à défaut N-2) devant les repères."""
        valeur = self._valeur(1)
        return self._reperes.lire(self._valeur(2) if valeur is None else valeur)

    @property
    @calcul("Évolution", _TEXTE, entrees=("valeur_n2", "valeur_n1"), liste="tendances")
    def tendance(self) -> str | None:
        """De N-2 à N-1, exercices clos ; un budget prévu, toujours prudent, ne dit pas de tendance."""
        return evolution(self.indicateur, self._valeur(2), self._valeur(1))

    @property
    @calcul("Renseigné", Nature("booleen"), entrees=("valeur_n2", "valeur_n1", "valeur_n"))
    def renseigne(self) -> bool:
        """Vrai si une valeur au moins est connue."""
        return any(valeur is not None for valeur in self._valeurs)


def _annuelle(lus: Mapping[str, str], recul: int) -> property:
    """Le champ calculé de l’année N − recul ; `lus` : ce que tous les indicateurs peuvent lire."""
    annee = f"N-{recul}" if recul else "N"

    def lire(mesure: _Mesure) -> Decimal | None:
        return mesure._valeur(recul)

    lire.__name__ = f"valeur_n{recul or ''}"
    lire.__doc__ = f"La valeur {'réelle de' if recul else 'prévue pour'} {annee}."
    return property(calcul(f"Valeur {annee}", _NOMBRE, entrees=tuple(lus.values()))(lire))


class Mesure(_Mesure):
    """Un indicateur d’un établissement."""

    lus: ClassVar[dict[str, str]] = _PAR_ETABLISSEMENT
    liens: ClassVar[dict[str, str]] = {li.partition(".")[0]: li.partition(".")[0] for li in lus.values()}

    etablissement: Texte = cle_etablissement()

    @property
    @calcul("Nom de l’établissement", _TEXTE, entrees=())
    def nom(self) -> str | None:
        """Le nom court de l’établissement ; à défaut, son nom ou son code."""
        trouve = self.dossier.etablissement(self.etablissement)
        return self.etablissement if trouve is None else trouve.nom_usuel

    valeur_n2, valeur_n1, valeur_n = (_annuelle(_PAR_ETABLISSEMENT, recul) for recul in (2, 1, 0))


class MesureGestionnaire(_Mesure):
    """Un indicateur du gestionnaire, tout le périmètre réuni."""

    lus: ClassVar[dict[str, str]] = _DU_GESTIONNAIRE
    liens: ClassVar[dict[str, str]] = {li.partition(".")[0]: li.partition(".")[0] for li in lus.values()}

    valeur_n2, valeur_n1, valeur_n = (_annuelle(_DU_GESTIONNAIRE, recul) for recul in (2, 1, 0))


def mesures(dossier: Dossier, lignes: Sequence[Entite]) -> list[Mesure]:
    """Une ligne par établissement du périmètre et par indicateur, même sans valeur."""
    vues = []
    for etablissement in lignes:
        if not isinstance(etablissement, Etablissement) or not etablissement.dans_le_perimetre:
            continue
        for indicateur in _PAR_ETABLISSEMENT if etablissement.code else ():
            vue = Mesure(indicateur=indicateur, etablissement=etablissement.code)
            vue.resumer([etablissement])
            vues.append(vue)
    return vues


def mesures_gestionnaire(dossier: Dossier, lignes: Sequence[Entite]) -> list[MesureGestionnaire]:
    """Une ligne par indicateur du gestionnaire, même sans valeur, dès qu’un établissement est connu."""
    vues = []
    for indicateur in _DU_GESTIONNAIRE if any(getattr(e, "code", None) for e in lignes) else ():
        vue = MesureGestionnaire(indicateur=indicateur)
        vue.resumer(lignes)
        vues.append(vue)
    return vues
