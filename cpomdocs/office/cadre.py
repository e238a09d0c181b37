"""Ce qui entoure les cellules d’une feuille : fusions, saisies contrôlées, protection, colonnes, tableaux."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from cpomdocs.erreurs import ErreurFichier
from cpomdocs.office.adresses import Plage, lire_plage, lire_plages
from cpomdocs.office.analyse import analyser_xml
from cpomdocs.office.classeur import Classeur, FeuilleClasseur, lire_liens
from cpomdocs.office.feuille import FeuilleOctets
from cpomdocs.office.gardes import REENREGISTRER
from cpomdocs.office.styles import NS, entier, vrai

FUSIONS = 50_000
"""Fusions au-delà desquelles une feuille est refusée ; les gros formulaires en ont un millier."""
_X14 = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
_XM = "{http://schemas.microsoft.com/office/excel/2006/main}"


@dataclass(frozen=True)
class Controle:
    """Un contrôle de saisie (validation de données), ordinaire ou x14 : genre, plages, formules.

    `strict` : faux si le formulaire se contente d’avertir (style avertissement ou information).
    """

    genre: str
    plages: tuple[Plage, ...]
    operateur: str
    formule1: str
    formule2: str
    strict: bool
    x14: bool = False


@dataclass(frozen=True)
class Tableau:
    """Un tableau Excel ou un tableau croisé posé sur la feuille ; `entete` : ses lignes d’en-tête."""

    nom: str
    plage: Plage
    entete: int
    croise: bool = False


@dataclass(frozen=True)
class Cadre:
    """La structure d’une feuille, sans ses cellules."""

    fusions: tuple[Plage, ...]
    controles: tuple[Controle, ...]
    protegee: bool
    plages_permises: tuple[Plage, ...]
    """Les plages modifiables d’une feuille protégée (`protectedRanges`)."""
    styles_colonnes: tuple[tuple[int, int, int], ...]
    """(première colonne, dernière, style)."""
    tableaux: tuple[Tableau, ...]

    def fusion(self, ligne: int, colonne: int) -> Plage | None:
        """La plage fusionnée qui contient la cellule."""
        for plage in self.fusions:
            if plage.contient(ligne, colonne):
                return plage
        return None

    def controle(self, ligne: int, colonne: int) -> Controle | None:
        """Le contrôle de saisie de la cellule ; celui qui n’exige rien ne compte pas."""
        for controle in self.controles:
            for plage in controle.plages:
                if plage.contient(ligne, colonne):
                    return controle
        return None

    def style_colonne(self, colonne: int) -> int:
        """Le style des cellules non écrites de cette colonne, 0 par défaut."""
        return next((s for debut, fin, s in self.styles_colonnes if debut <= colonne <= fin), 0)


def lire_cadre(classeur: Classeur, feuille: FeuilleClasseur, octets: FeuilleOctets) -> Cadre:
    """La structure de la feuille. Lève `ErreurFichier` si elle est mal formée."""
    donnees = octets.donnees
    if octets.octets.count(b"mergeCell", donnees.fin) > FUSIONS:
        raise ErreurFichier(f"La feuille « {feuille.nom} » a plus de {FUSIONS} fusions.", REENREGISTRER)
    vide = b"<" + octets.prefixe + b"sheetData/>"
    racine = analyser_xml(
        octets.octets[: donnees.debut] + vide + octets.octets[donnees.fin :], f"feuille {feuille.nom}"
    )
    if racine.tag != f"{NS}worksheet":
        raise ErreurFichier(f"La feuille « {feuille.nom} » n’est pas une feuille d’Excel.", REENREGISTRER)
    protection = racine.find(f"{NS}sheetProtection")
    return Cadre(
        fusions=_plages(racine.iterfind(f"{NS}mergeCells/{NS}mergeCell"), "ref"),
        controles=tuple(_controles(racine)),
        protegee=protection is not None and vrai(protection.get("sheet")),
        plages_permises=_plages(racine.iterfind(f"{NS}protectedRanges/{NS}protectedRange"), "sqref"),
        styles_colonnes=tuple(
            (entier(c.get("min"), 1), entier(c.get("max"), 1), entier(c.get("style")))
            for c in racine.iterfind(f"{NS}cols/{NS}col")
        ),
        tableaux=tuple(_tableaux(classeur, feuille)),
    )


def _plages(elements: object, attribut: str) -> tuple[Plage, ...]:
    return tuple(plage for e in elements for plage in lire_plages(e.get(attribut, "")))  # type: ignore[attr-defined]


def _controles(racine: etree._Element) -> list[Controle]:
    ordinaires = [
        _controle(e, e.get("sqref", ""), e.findtext(f"{NS}formula1"), e.findtext(f"{NS}formula2"), False)
        for e in racine.iterfind(f"{NS}dataValidations/{NS}dataValidation")
    ]
    etendus = [
        _controle(
            e,
            e.findtext(f"{_XM}sqref") or "",
            e.findtext(f"{_X14}formula1/{_XM}f"),
            e.findtext(f"{_X14}formula2/{_XM}f"),
            True,
        )
        for e in racine.iter(f"{_X14}dataValidation")
    ]
    return [controle for controle in (*ordinaires, *etendus) if controle.genre != "none"]


def _controle(
    element: etree._Element, sqref: str, formule1: str | None, formule2: str | None, x14: bool
) -> Controle:
    return Controle(
        genre=element.get("type", "none"),
        plages=lire_plages(sqref),
        operateur=element.get("operator", "between"),
        formule1=(formule1 or "").strip(),
        formule2=(formule2 or "").strip(),
        strict=element.get("errorStyle", "stop") == "stop",
        x14=x14,
    )


def _tableaux(classeur: Classeur, feuille: FeuilleClasseur) -> list[Tableau]:
    archive = classeur.archive
    tableaux = []
    for lien in lire_liens(archive, feuille.partie).values():
        if lien.genre not in ("table", "pivotTable") or lien.cible not in archive:
            continue
        racine = analyser_xml(archive.lire(lien.cible), lien.cible)
        croise = lien.genre == "pivotTable"
        lieu = racine.find(f"{NS}location") if croise else racine
        plage = lire_plage(lieu.get("ref", "")) if lieu is not None else None
        if plage is not None:
            nom = racine.get("displayName") or racine.get("name") or ""
            tableaux.append(Tableau(nom, plage, entier(racine.get("headerRowCount"), 1), croise))
    return tableaux
