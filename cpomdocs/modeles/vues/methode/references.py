"""Situer un établissement parmi ses comparables : médiane, quartiles, lecture selon le sens."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from cpomdocs import formats
from cpomdocs.modeles.arithmetique import arrondir, difference, quotient
from cpomdocs.modeles.base import Entite, calcul, champ
from cpomdocs.modeles.entites.identite import Etablissement
from cpomdocs.modeles.entites.methode.cadrage import Reference
from cpomdocs.modeles.entites.reperes import cle_annee, cle_etablissement
from cpomdocs.modeles.types import Annee, Nature, Texte
from cpomdocs.modeles.vues.regroupement import Vue, la_plus_sure
from cpomdocs.nomenclatures import details, nomenclature

if TYPE_CHECKING:
    from cpomdocs.modeles.dossier import Dossier

_TEXTE, _NOMBRE, _OUI_NON = Nature("texte"), Nature("decimal"), Nature("booleen")
_ENTIER, _TAUX = Nature("entier"), Nature("taux", "%")
_CENT, _PAS = Decimal(100), {"%": Decimal("0.001"), "€": Decimal(1)}
_CENTIEME = Decimal("0.01")


def arrondir_dans(unite: str, valeur: Decimal) -> Decimal:
    """La valeur aux décimales qu’on montre : un dixième de point, un euro, un centième."""
    return arrondir(valeur, _PAS.get(unite, _CENTIEME))


def ecrire(valeur: Decimal, unite: str) -> str:
    """« 96,5 % », « 47 500 € », « 0,64 ETP » : une mesure dans l’unité de son indicateur."""
    ronde = arrondir_dans(unite, valeur)
    if unite == "%":
        return formats.pourcent(ronde)
    if unite == "€":
        return formats.presentation("entier", unite)(int(ronde))
    return f"{formats.presentation('decimal', 'ETP')(ronde)}\N{NO-BREAK SPACE}{unite}".rstrip()


def ecrire_ecart(ecart: Decimal, unite: str) -> str:
    """« 1,5 point », « 2 500 € » : la distance, sans son signe ; celle de deux taux est en points."""
    if unite != "%":
        return ecrire(abs(ecart), unite)
    points = arrondir(abs(ecart) * _CENT, Decimal("0.1"))
    mot = "points" if points >= 2 else "point"
    return f"{formats.presentation('decimal', None)(points)}\N{NO-BREAK SPACE}{mot}"


class ComparaisonReference(Vue):
    """Un indicateur d’un établissement, face aux valeurs d’un groupe comparable, la même année."""

    liens: ClassVar[dict[str, str]] = {"lignes": "etablissements", "references": "references"}

    etablissement: Texte = cle_etablissement()
    indicateur: Texte = champ(
        "Indicateur", cle=True, liste="indicateurs_reference", exemple="taux_occupation"
    )
    territoire: Texte = champ("Territoire", cle=True, exemple="Région")
    annee: Annee = cle_annee()

    @property
    def references(self) -> list[Entite]:
        """Les valeurs du groupe comparable : même catégorie, même indicateur, même territoire, même année."""
        categorie = getattr(self.lignes[0], "categorie_code", None)
        trouvees: list[Entite] = [
            r
            for r in self.dossier.lignes("references", annee=self.annee)
            if isinstance(r, Reference)
            and (r.categorie, r.indicateur, r.territoire) == (categorie, self.indicateur, self.territoire)
        ]
        return trouvees[:1]

    @property
    def mesures(self) -> list[Entite]:
        """La ligne qui porte la valeur de l’établissement, dans la version la plus sûre."""
        lignes = self.dossier.lignes(self._fait("collection"), self.etablissement, self.annee)
        return la_plus_sure(lignes)

    def _fait(self, nom: str) -> str:
        return str(details("indicateurs_reference")[self.indicateur or ""][nom])

    def _entrees(self, nom: str) -> list[tuple[Entite, str]]:
        """La valeur vient d’un champ que l’indicateur désigne."""
        if nom == "valeur":
            return [(ligne, self._fait("champ")) for ligne in self.mesures]
        return super()._entrees(nom)

    def _du_groupe(self, nom: str) -> Any:
        return next((getattr(reference, nom) for reference in self.references), None)

    @property
    @calcul("Établissement comparé", _TEXTE, entrees=("lignes.nom",))
    def nom(self) -> str | None:
        """Le nom court de l’établissement, à défaut son nom."""
        trouve = self.dossier.etablissement(self.etablissement)
        return self.etablissement if trouve is None else trouve.nom_usuel

    @property
    @calcul("Unité", _TEXTE, entrees=())
    def unite(self) -> str:
        """L’unité de l’indicateur."""
        return self._fait("unite")

    @property
    @calcul("Mode de calcul", _TEXTE, entrees=())
    def mode_calcul(self) -> str:
        """Comment la valeur se calcule, pour vérifier que la référence l’est de même."""
        return self._fait("calcul")

    @property
    @calcul("Valeur de l’établissement", _NOMBRE, entrees=())
    def valeur(self) -> Decimal | None:
        """Le champ que l’indicateur désigne (nomenclature « indicateurs_reference ») ; un taux est une
        fraction."""
        return next((getattr(ligne, self._fait("champ")) for ligne in self.mesures), None)

    @property
    @calcul("Premier quartile", _NOMBRE, entrees=("references.q1",))
    def q1(self) -> Decimal | None:
        """Saisi dans les références."""
        valeur: Decimal | None = self._du_groupe("q1")
        return valeur

    @property
    @calcul("Médiane", _NOMBRE, entrees=("references.mediane",))
    def mediane(self) -> Decimal | None:
        """Saisie dans les références."""
        valeur: Decimal | None = self._du_groupe("mediane")
        return valeur

    @property
    @calcul("Troisième quartile", _NOMBRE, entrees=("references.q3",))
    def q3(self) -> Decimal | None:
        """Saisi dans les références."""
        valeur: Decimal | None = self._du_groupe("q3")
        return valeur

    @property
    @calcul("Établissements comparés", _ENTIER, entrees=("references.effectif",))
    def effectif(self) -> int | None:
        """Saisi dans les références."""
        valeur: int | None = self._du_groupe("effectif")
        return valeur

    @property
    @calcul("Source de la référence", _TEXTE, entrees=("references.source",))
    def source(self) -> str | None:
        """Saisie dans les références."""
        valeur: str | None = self._du_groupe("source")
        return valeur

    @property
    @calcul("Écart à la médiane", _NOMBRE, entrees=("valeur", "mediane"))
    def ecart(self) -> Decimal | None:
        """Valeur − médiane, dans l’unité de l’indicateur."""
        return difference(self.valeur, self.mediane)

    @property
    @calcul("Écart relatif", _TAUX, entrees=("ecart", "mediane"))
    def ecart_relatif(self) -> Decimal | None:
        """(Valeur − médiane) ÷ médiane, en fraction."""
        return quotient(self.ecart, self.mediane)

    def _ronde(self, valeur: Decimal | None) -> Decimal | None:
        return None if valeur is None else arrondir_dans(self.unite, valeur)

    def _place(self) -> str | None:
        """Le code de la position entre les quartiles, aux décimales qu’on montre."""
        valeur, mediane, q1, q3 = map(self._ronde, (self.valeur, self.mediane, self.q1, self.q3))
        if valeur is None or mediane is None:
            return None
        if q1 is not None and valeur < q1:
            return "sous_q1"
        if q3 is not None and valeur > q3:
            return "sur_q3"
        if valeur == mediane:
            return "mediane"
        if valeur < mediane:
            return "sous_mediane" if q1 is None else "q1_mediane"
        return "sur_mediane" if q3 is None else "mediane_q3"

    @property
    @calcul("Position", _TEXTE, entrees=("valeur", "mediane", "q1", "q3"))
    def position(self) -> str | None:
        """Où tombe la valeur : sous le premier quartile, entre lui et la médiane…"""
        place = self._place()
        return None if place is None else nomenclature("positions_quartile")[place]

    @property
    @calcul("Écart notable", _OUI_NON, entrees=("valeur", "mediane", "q1", "q3"))
    def notable(self) -> bool | None:
        """Vrai hors des quartiles : la moitié centrale du groupe n’a pas cette valeur."""
        place = self._place()
        return None if place is None else place in ("sous_q1", "sur_q3")

    @property
    @calcul("Lecture", _TEXTE, entrees=("valeur", "mediane", "q1", "q3"))
    def lecture(self) -> str | None:
        """Favorable ou non, hors des quartiles seulement, selon le sens de l’indicateur."""
        place = self._place()
        if place is None:
            return None
        if place not in ("sous_q1", "sur_q3"):
            entiere = self.q1 is not None and self.q3 is not None
            return nomenclature("lectures_comparaison")["comparable" if entiere else "indetermine"]
        sens = self._fait("sens")
        codes = {"haut": ("defavorable", "favorable"), "bas": ("favorable", "defavorable")}
        code = codes.get(sens, ("a_interpreter", "a_interpreter"))[place == "sur_q3"]
        return nomenclature("lectures_comparaison")[code]

    def _ecrit(self, valeur: Decimal | None) -> str | None:
        return None if valeur is None else ecrire(valeur, self.unite)

    @property
    @calcul("Valeur écrite", _TEXTE, entrees=("valeur",))
    def valeur_texte(self) -> str | None:
        """La valeur dans l’unité de l’indicateur."""
        return self._ecrit(self.valeur)

    @property
    @calcul("Valeur arrondie", _NOMBRE, entrees=("valeur",))
    def valeur_arrondie(self) -> Decimal | None:
        """La valeur aux décimales qu’on montre."""
        return self._ronde(self.valeur)

    @property
    @calcul("Écart signé", _TEXTE, entrees=("ecart",))
    def ecart_signe(self) -> str | None:
        """« +1,5 point », « −2 500 € »."""
        if self.ecart is None:
            return None
        signe = "" if self._ronde(self.ecart) == 0 else "+" if self.ecart > 0 else "\N{MINUS SIGN}"
        return signe + ecrire_ecart(self.ecart, self.unite)

    @property
    @calcul("Premier quartile écrit", _TEXTE, entrees=("q1",))
    def q1_texte(self) -> str | None:
        """Le premier quartile dans l’unité de l’indicateur."""
        return self._ecrit(self.q1)

    @property
    @calcul("Médiane écrite", _TEXTE, entrees=("mediane",))
    def mediane_texte(self) -> str | None:
        """La médiane dans l’unité de l’indicateur."""
        return self._ecrit(self.mediane)

    @property
    @calcul("Troisième quartile écrit", _TEXTE, entrees=("q3",))
    def q3_texte(self) -> str | None:
        """Le troisième quartile dans l’unité de l’indicateur."""
        return self._ecrit(self.q3)

    @property
    @calcul("Écart écrit", _TEXTE, entrees=("ecart",))
    def ecart_texte(self) -> str | None:
        """« 1,5 point au-dessus de la médiane », « à la médiane » : un constat, sans jugement."""
        if self.ecart is None:
            return None
        distance = ecrire_ecart(self.ecart, self.unite)
        if distance == ecrire_ecart(Decimal(0), self.unite):
            return "à la médiane"
        return f"{distance} {'au-dessus' if self.ecart > 0 else 'au-dessous'} de la médiane"


def comparaisons(dossier: Dossier, lignes: Sequence[Entite]) -> list[ComparaisonReference]:
    """Une ligne par établissement du périmètre et par référence de sa catégorie."""
    connus = details("indicateurs_reference")
    vues = []
    for fiche in lignes:
        if not isinstance(fiche, Etablissement) or not fiche.code or not fiche.dans_le_perimetre:
            continue
        cles = dict.fromkeys(
            (r.indicateur, r.territoire, r.annee)
            for r in dossier.references
            if r.categorie == fiche.categorie_code and r.indicateur in connus and r.territoire and r.annee
        )
        for indicateur, territoire, annee in cles:
            vue = ComparaisonReference(
                etablissement=fiche.code, indicateur=indicateur, territoire=territoire, annee=annee
            )
            vue.resumer([fiche])
            vues.append(vue)
    return vues
