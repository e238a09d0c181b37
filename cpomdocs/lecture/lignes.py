"""Des lignes d’une feuille aux entités : chaque ligne sait de quelles cellules elle vient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cpomdocs.lecture.fabrique import Endroits, anomalie, champs_saisis, construire, probleme_tu
from cpomdocs.lecture.garde import Place
from cpomdocs.lecture.grilles import Grille
from cpomdocs.lecture.valeurs.conversion import Attente, Lu, Probleme, convertir, rapide
from cpomdocs.modeles.base import Entite, InfoChamp, unir
from cpomdocs.modeles.types import ValeurSimple
from cpomdocs.rapport import Anomalie

_COURT = 60
"""Longueur des textes retenus d’une ligne à l’autre."""
_LIGNES_CITEES = 20
"""Nombre de lignes citées quand une même anomalie en touche beaucoup."""


class Colonne(NamedTuple):
    """Une colonne à lire : son champ, ce qu’on y attend, son rang, les textes courts déjà lus."""

    info: InfoChamp
    attente: Attente
    rang: int
    lus: dict[str, Lu]

    def lire(self, brut: object) -> Lu:
        """La valeur d’une cellule, retenue si c’est un texte court : codes et mots des listes reviennent."""
        lu = convertir(brut, self.attente)
        if isinstance(brut, str) and len(brut) <= _COURT:
            self.lus[brut] = lu
        return lu


@dataclass
class Lecture:
    """Ce qu’une feuille a donné : les lignes, les anomalies, la première ligne libre (numéro d’Excel)."""

    lignes: list[Entite] = field(default_factory=list)
    anomalies: list[Anomalie] = field(default_factory=list)
    libre: int = 1


class LecteurDeLignes:
    """Lit les lignes d’une collection dans une grille, une fois ses colonnes connues.

    `defauts` : ce que valent, sur toute ligne, les champs qu’elle laisse vides.
    """

    def __init__(
        self,
        collection: str,
        modele: type[Entite],
        grille: Grille,
        colonnes: Sequence[Colonne],
        cellules: Mapping[str, str],
        defauts: Mapping[str, ValeurSimple] | None = None,
    ) -> None:
        self._collection = collection
        self._modele = modele
        self._grille = grille
        self._colonnes = colonnes
        self._cellules = cellules
        self._chemin = [(c.info.nom, c.rang, c.lus, rapide(c.attente), c) for c in colonnes]
        self._rien_de_tu = not grille.constats.erreurs and not grille.constats.sans_resultat
        self._defauts = dict(defauts or {})
        self._infos = {info.nom: info for info in champs_saisis(modele)}
        self._cles = frozenset(i.nom for i in self._infos.values() if i.cle and i.obligatoire)
        self._porteur = "code" if collection == "etablissements" else "etablissement"
        self._sans_cle: dict[tuple[str, ...], list[int]] = {}
        self._lecture = Lecture()

    def lire(self, premiere: int) -> Lecture:
        """Lit toutes les lignes à partir de ce rang ; les lignes vides sont sautées."""
        self._lecture.libre = premiere + 1
        for rang in range(premiere, len(self._grille.lignes)):
            if self._lire_ligne(rang, self._grille.lignes[rang]):
                self._lecture.libre = rang + 2
        self._lecture.anomalies += [self._sans_cle_anomalie(*groupe) for groupe in self._sans_cle.items()]
        return self._lecture

    def _lire_ligne(self, rang: int, cellules: Sequence[object]) -> bool:
        """Lit une ligne ; faux si elle est vide."""
        valeurs: dict[str, ValeurSimple] = {}
        sans_objet: list[str] = []
        problemes: list[tuple[str, Probleme]] = []
        for nom, place, lus, raccourci, colonne in self._chemin:
            brut = cellules[place]
            if brut == "":
                if self._rien_de_tu:
                    continue
                lu = self._vide(rang, colonne)
            elif type(brut) is str:
                lu = lus.get(brut) or colonne.lire(brut)
            elif raccourci is not None and type(brut) is float and (valeur := raccourci(brut)) is not None:
                valeurs[nom] = valeur
                continue
            else:
                lu = colonne.lire(brut)
            if lu.valeur is not None:
                valeurs[nom] = lu.valeur
            elif lu.sans_objet:
                sans_objet.append(nom)
            if lu.probleme is not None:
                problemes.append((nom, lu.probleme))
        if not (valeurs or sans_objet or problemes):
            return False
        if self._defauts:
            valeurs = self._defauts | valeurs
        lieu = Endroits(self._grille.nom, self._cellules, rang + 1)
        if self._cles <= valeurs.keys():
            ligne, refus = construire(self._modele, valeurs, sans_objet)
            ligne.situer(lieu)
            self._lecture.lignes.append(ligne)
            problemes += refus
        else:
            self._retenir_sans_cle(rang, valeurs, {nom for nom, _ in problemes})
            problemes = [(nom, self._perdue(nom, probleme)) for nom, probleme in problemes]
        if problemes:
            self._relever(problemes, lieu, valeurs.get(self._porteur))
        return True

    def _relever(
        self, problemes: Sequence[tuple[str, Probleme]], lieu: Endroits, porteur: ValeurSimple | None
    ) -> None:
        """Une anomalie par problème de la ligne."""
        etablissement = porteur if isinstance(porteur, str) else None
        for nom, probleme in problemes:
            trouvee = anomalie(self._collection, self._infos[nom], probleme, lieu[nom], etablissement)
            self._lecture.anomalies.append(trouvee)

    def _perdue(self, nom: str, probleme: Probleme) -> Probleme:
        """Le problème d’une clé, qui fait perdre toute la ligne et le dit."""
        if nom not in self._cles:
            return probleme
        return probleme._replace(constat=f"{probleme.constat} La ligne entière n’est pas lue.")

    def _vide(self, rang: int, colonne: Colonne) -> Lu:
        return Lu(probleme=probleme_tu(self._grille, Place(rang, colonne.rang)))

    def _retenir_sans_cle(self, rang: int, valeurs: Mapping[str, ValeurSimple], fautifs: set[str]) -> None:
        """Retient la ligne et ses clés manquantes, sauf celles dont une anomalie dit déjà le manque."""
        manquantes = tuple(nom for nom in self._infos if nom in self._cles - valeurs.keys() - fautifs)
        if manquantes:
            self._sans_cle.setdefault(manquantes, []).append(rang)

    def _sans_cle_anomalie(self, noms: tuple[str, ...], rangs: list[int]) -> Anomalie:
        """Une anomalie par groupe de clés manquantes : une balance collée sans année n’en donne qu’une."""
        libelles = " et ".join(f"« {self._infos[nom].libelle} »" for nom in noms)
        lieux = [Endroits(self._grille.nom, self._cellules, rang + 1) for rang in rangs[:_LIGNES_CITEES]]
        une = len(rangs) == 1
        sujet = (
            f"La ligne {rangs[0] + 1}"
            if une
            else f"{len(rangs)} lignes (de {rangs[0] + 1} à {rangs[-1] + 1})"
        )
        verbe = "n’a pas" if une else "n’ont pas"
        return Anomalie(
            code="LC-09",
            gravite="bloquante",
            message=f"{sujet} de « {self._grille.nom} » {verbe} de valeur dans {libelles}.",
            remede="Remplir ces cellules (au besoin en recopiant vers le bas), ou effacer ces lignes : "
            "sans cela elles ne sont pas lues.",
            champ=f"{self._collection}.{noms[0]}",
            libelle=self._infos[noms[0]].libelle,
            sources=unir([lieu[nom]] for lieu in lieux for nom in noms),
        )
