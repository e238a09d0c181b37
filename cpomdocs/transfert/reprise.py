"""Écrire dans le classeur neuf ce que l’ancien portait en plus des données lues."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from openpyxl.cell.cell import Cell
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from cpomdocs.lecture.grilles import ClasseurLu
from cpomdocs.transfert.ancien import Ancien, Lieu
from cpomdocs.transfert.ecriture import Plume
from cpomdocs.transfert.feuilles import allure, pertes, recopier_feuille
from cpomdocs.transfert.formules import deplacer
from cpomdocs.transfert.itineraire import Itineraire

REPRIS = "Repris de l’ancien"
_AUTEUR = "cpomdocs"


class Reprise:
    """Complète le classeur neuf (`completer`) et retient ce qu’il faut en dire (`constats`).

    `neuf` : le même classeur neuf, encore sans complément : ce qu’il porte n’a pas à être repris.
    """

    def __init__(self, ancien: Ancien, itineraire: Itineraire, neuf: ClasseurLu) -> None:
        self.constats: list[str] = []
        self._ancien, self._itineraire, self._neuf = ancien, itineraire, neuf
        self._noms = _noms_des_ajoutees(ancien, neuf)

    def completer(self, classeur: Workbook) -> None:
        """Écrit valeurs refusées, colonnes, rubriques, notes, formules et feuilles de la personne."""
        plume = Plume(classeur)
        for ici, la in self._itineraire.trajets.items():
            self._poser(classeur, plume, ici, la)
        for nom, neuf in self._noms.items():
            source = self._ancien.livre[nom]
            recopier_feuille(source, classeur.add_worksheet(neuf), plume, self._ecrire)
            perdus = pertes(source)
            suite = f" ; restent dans l’ancien fichier : {', '.join(perdus)}" if perdus else ""
            self.constats.append(f"La feuille « {neuf} » a été recopiée{suite}.")
        self._poser_le_reste(classeur, plume)

    def _poser(self, classeur: Workbook, plume: Plume, ici: Lieu, la: Lieu) -> None:
        """Une cellule saisie, si le neuf ne la porte pas déjà, et sa note."""
        cellule, feuille = self._ancien.cellule(ici), classeur.get_worksheet_by_name(la.feuille)
        if not self._ancien.est_vide(ici) and (cellule.data_type == "f" or self._neuve(la) == ""):
            self._ecrire(cellule, feuille, la.ligne, la.colonne, plume.style(allure(cellule)))
        else:
            self._noter(cellule, feuille, la.ligne, la.colonne)

    def _ecrire(self, cellule: Cell, feuille: Worksheet, ligne: int, colonne: int, style: Format) -> None:
        """Une cellule de l’ancien classeur : sa formule si elle tient encore, sinon sa valeur."""
        ici = Lieu(cellule.parent.title, cellule.row - 1, cellule.column - 1)
        resultat, formule = self._ancien.valeur(ici), _formule(cellule)
        suivie = formule and deplacer(formule, ici.feuille, self._itineraire.trajets, self._noms)
        if suivie:
            Plume.formule(feuille, ligne, colonne, suivie, resultat, style)
        else:
            self._dire_la_formule(ici, formule, resultat)
            Plume.valeur(feuille, ligne, colonne, resultat if resultat != "" else formule, style)
        self._noter(cellule, feuille, ligne, colonne)

    def _dire_la_formule(self, ici: Lieu, formule: str | None, resultat: object) -> None:
        """Une formule dont les cellules n’ont pas de place connue ne se garde pas."""
        if formule is not None:
            par = "son résultat" if resultat != "" else "son texte : elle n’avait jamais été calculée"
            self.constats.append(f"« {ici.feuille} », {ici.adresse} : la formule est remplacée par {par}.")

    @staticmethod
    def _noter(cellule: Cell, feuille: Worksheet, ligne: int, colonne: int) -> None:
        if cellule.comment is not None and cellule.comment.author != _AUTEUR:
            Plume.note(feuille, ligne, colonne, cellule.comment.text, cellule.comment.author or "")

    def _neuve(self, la: Lieu) -> object:
        lignes = self._neuf.grille(la.feuille).lignes
        ligne: Sequence[object] = lignes[la.ligne] if la.ligne < len(lignes) else ()
        return ligne[la.colonne] if la.colonne < len(ligne) else ""

    def _poser_le_reste(self, classeur: Workbook, plume: Plume) -> None:
        """Ce qui était écrit hors des tableaux et des fiches, dans une feuille à part."""
        reste = list(self._reste())
        if not reste:
            return
        feuille = classeur.add_worksheet(_libre(REPRIS, [f.get_name() for f in classeur.worksheets()]))
        feuille.set_column(0, 1, 16)
        feuille.set_column(2, 2, 80)
        gras = plume.style({"bold": True, "font_name": "Calibri"})
        for colonne, titre in enumerate(("Feuille", "Cellule", "Contenu")):
            feuille.write_string(0, colonne, titre, gras)
        texte = plume.style({"font_name": "Calibri", "text_wrap": True, "valign": "top"})
        for rang, ici in enumerate(reste, start=1):
            feuille.write_string(rang, 0, ici.feuille, texte)
            feuille.write_string(rang, 1, ici.adresse, texte)
            Plume.valeur(feuille, rang, 2, self._ancien.valeur(ici), texte)
        self.constats.append(
            f"{len(reste)} cellule{'s' if len(reste) > 1 else ''} hors des tableaux : "
            f"dans la feuille « {feuille.get_name()} »."
        )

    def _reste(self) -> Iterator[Lieu]:
        """Les cellules des feuilles connues que rien ne reprend, et que le neuf n’écrit pas lui-même."""
        for feuille in sorted(self._ancien.feuilles_connues):
            textes = self._textes_du_neuf(feuille)
            entetes = min(r.entetes for r in self._ancien.regions if r.feuille == feuille)
            for ici in self._ancien.lieux(feuille):
                titre = ici.ligne < entetes and ici.colonne == 0
                repris = ici in self._itineraire.trajets or ici in self._itineraire.retires
                if not (titre or repris or str(self._ancien.valeur(ici)) in textes):
                    yield ici

    def _textes_du_neuf(self, feuille: str) -> set[str]:
        if feuille not in self._neuf.feuilles:
            return set()
        return {
            str(brut)
            for ligne in self._neuf.grille(feuille).lignes
            for brut in ligne
            if isinstance(brut, str)
        }


def _formule(cellule: Cell) -> str | None:
    if cellule.data_type != "f":
        return None
    return cellule.value if isinstance(cellule.value, str) else getattr(cellule.value, "text", None)


def _noms_des_ajoutees(ancien: Ancien, neuf: ClasseurLu) -> dict[str, str]:
    """Les feuilles de la personne, et le nom qu’elles prennent dans le neuf."""
    pris = [*neuf.feuilles, REPRIS]
    noms: dict[str, str] = {}
    for nom in ancien.lu.feuilles:
        if nom in ancien.feuilles_connues or nom in neuf.feuilles:
            continue
        noms[nom] = _libre(nom, [*pris, *noms.values()])
    return noms


def _libre(nom: str, pris: Sequence[str]) -> str:
    """Ce nom de feuille, numéroté s’il est déjà pris ; 31 caractères au plus, sans égard à la casse."""
    vus, rang, essai = {p.casefold() for p in pris}, 1, nom
    while essai.casefold() in vus:
        rang += 1
        suffixe = f" ({rang})"
        essai = nom[: 31 - len(suffixe)] + suffixe
    return essai
