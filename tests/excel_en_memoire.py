"""Un Excel en mémoire pour xlwings : le strict nécessaire de ses classes de base, sur un classeur openpyxl.

Le vrai code d’xlwings (`Book.caller`, `Range.value`, convertisseurs, noms, notes) passe par ici.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl
import xlwings
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.workbook.defined_name import DefinedName
from xlwings import base_classes


class Moteur:
    name, type = "memoire", "desktop"

    def __init__(self, chemin: Path) -> None:
        self.apps = Apps(chemin)

    @staticmethod
    def prepare_xl_data_element(valeur: Any, options: Any) -> Any:
        return valeur

    @staticmethod
    def clean_value_data(data: Any, *_: Any) -> Any:
        return data


class Apps(base_classes.Apps):
    def __init__(self, chemin: Path) -> None:
        self.app = App(chemin)

    def __iter__(self) -> Iterator[App]:
        return iter([self.app])

    def __len__(self) -> int:
        return 1

    def keys(self) -> list[int]:
        return [1]

    def __getitem__(self, pid: int) -> App:
        return self.app


class App(base_classes.App):
    engine = books = None
    pid, xl, version = 1, True, "16.0"
    screen_updating, calculation, status_bar, display_alerts = True, "automatic", False, True

    def __init__(self, chemin: Path) -> None:
        self.books = Books(self, chemin)
        self.choisie: Range | None = None
        self.alertes: list[str] = []

    @property
    def selection(self) -> Any:
        return self.choisie

    def activate(self, steal_focus: bool = False) -> None:
        pass

    def alert(self, prompt: str, *_: Any) -> str:
        self.alertes.append(prompt)
        return "ok"


class Books(base_classes.Books):
    active: Any = None

    def __init__(self, app: App, chemin: Path) -> None:
        self.livre = Book(app, chemin)
        self.app = app
        self.active = self.livre

    def __call__(self, nom: Any) -> Book:
        return self.livre

    def __len__(self) -> int:
        return 1

    def __iter__(self) -> Iterator[Book]:
        return iter([self.livre])


class Book(base_classes.Book):
    api = app = sheets = names = None  # ces propriétés de la classe de base deviennent des attributs

    def __init__(self, app: App, chemin: Path) -> None:
        self.app, self.chemin = app, chemin
        self.interne = openpyxl.load_workbook(chemin)
        self.sheets = Sheets(self)
        self.names = Names(self)

    @property
    def name(self) -> str:
        return self.chemin.name

    @property
    def fullname(self) -> str:
        return str(self.chemin)

    def activate(self) -> None:
        pass

    def save(self, path: Any = None, password: Any = None) -> None:
        self.interne.save(self.chemin)


class Sheets(base_classes.Sheets):
    def __init__(self, livre: Book) -> None:
        self.livre = livre

    @property
    def active(self) -> Sheet:
        return Sheet(self.livre, self.livre.interne.active)

    def __call__(self, cle: Any) -> Sheet:
        noms = self.livre.interne.sheetnames
        return Sheet(self.livre, self.livre.interne[noms[cle - 1] if isinstance(cle, int) else cle])

    def __len__(self) -> int:
        return len(self.livre.interne.sheetnames)

    def __iter__(self) -> Iterator[Sheet]:
        return (Sheet(self.livre, page) for page in self.livre.interne)

    def add(self, before: Any = None, after: Any = None, name: str | None = None) -> Sheet:
        rang = None if after is None else self.livre.interne.index(after.page) + 1
        return Sheet(self.livre, self.livre.interne.create_sheet(name, rang))


class Sheet(base_classes.Sheet):
    api = book = None

    def __init__(self, livre: Book, page: Any) -> None:
        self.book, self.page = livre, page

    @property
    def name(self) -> str:
        return self.page.title

    @name.setter
    def name(self, nom: str) -> None:
        self.page.title = nom

    @property
    def index(self) -> int:
        return self.book.interne.index(self.page) + 1

    def activate(self) -> None:
        self.book.interne.active = self.book.interne.index(self.page)

    def range(self, un: Any, deux: Any = None) -> Range:
        def coin(x: Any) -> tuple[int, int, int, int]:
            if isinstance(x, Range):
                return x.bornes
            if isinstance(x, str):
                gauche, haut, droite, bas = range_boundaries(x.replace("$", ""))
                return haut, gauche, bas, droite
            return (*x, *x)

        a, b = coin(un), coin(un if deux is None else deux)
        return Range(self, min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3]))

    @property
    def cells(self) -> Range:
        return Range(self, 1, 1, 1_048_576, 16_384)

    @property
    def used_range(self) -> Range:
        return Range(self, 1, 1, self.page.max_row, self.page.max_column)

    def clear_contents(self) -> None:
        for cellule in self.used_range.cellules():
            cellule.value = None


class Range(base_classes.Range):
    api, has_array, sheet = True, False, None

    def __init__(self, feuille: Sheet, haut: int, gauche: int, bas: int, droite: int) -> None:
        self.sheet, self.bornes = feuille, (haut, gauche, bas, droite)

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    @property
    def shape(self) -> tuple[int, int]:
        haut, gauche, bas, droite = self.bornes
        return bas - haut + 1, droite - gauche + 1

    @property
    def row(self) -> int:
        return self.bornes[0]

    @property
    def column(self) -> int:
        return self.bornes[1]

    @property
    def coords(self) -> tuple[str, int, int, int, int]:
        return self.sheet.name, self.row, self.column, *self.shape

    def __call__(self, un: Any, deux: Any = None) -> Range:
        ligne, colonne = (un, deux) if deux is not None else divmod(un - 1, self.shape[1])
        depart = (0, 0) if deux is None else (1, 1)
        li, co = self.row + ligne - depart[0], self.column + colonne - depart[1]
        return Range(self.sheet, li, co, li, co)

    def cellules(self) -> Iterator[Any]:
        haut, gauche, bas, droite = self.bornes
        for ligne in range(haut, bas + 1):
            for colonne in range(gauche, droite + 1):
                yield self.sheet.page.cell(ligne, colonne)

    @property
    def raw_value(self) -> Any:
        valeurs = [cellule.value for cellule in self.cellules()]
        largeur = self.shape[1]
        return (
            valeurs[0]
            if len(valeurs) == 1
            else [valeurs[i : i + largeur] for i in range(0, len(valeurs), largeur)]
        )

    @raw_value.setter
    def raw_value(self, donnees: Any) -> None:
        grille = donnees if isinstance(donnees, list | tuple) else [[donnees] * self.shape[1]] * self.shape[0]
        for rang, ligne in enumerate(grille):
            for colonne, valeur in enumerate(ligne):
                cellule = self.sheet.page.cell(self.row + rang, self.column + colonne)
                # Comme Excel : une apostrophe devant dit « ceci est un texte ».
                texte = isinstance(valeur, str) and valeur.startswith("'")
                cellule.value = valeur[1:] if texte else valeur
                if texte:
                    cellule.data_type = "s"

    @property
    def formula(self) -> Any:
        return self.raw_value

    @formula.setter
    def formula(self, texte: str) -> None:
        for cellule in self.cellules():
            cellule.value = texte

    @property
    def color(self) -> Any:
        fond = next(self.cellules()).fill
        rgb = fond.fgColor.rgb if fond.fill_type == "solid" and fond.fgColor.type == "rgb" else None
        return None if rgb is None else tuple(int(rgb[i : i + 2], 16) for i in (2, 4, 6))

    @color.setter
    def color(self, rgb: Any) -> None:
        fond = PatternFill() if rgb is None else PatternFill("solid", fgColor="FF" + bytes(rgb).hex().upper())
        for cellule in self.cellules():
            cellule.fill = fond

    @property
    def number_format(self) -> str:
        return next(self.cellules()).number_format

    @number_format.setter
    def number_format(self, texte: str) -> None:
        for cellule in self.cellules():
            cellule.number_format = texte

    @property
    def note(self) -> Note | None:
        cellule = next(self.cellules())
        return None if cellule.comment is None else Note(cellule)

    def add_note(self, texte: str) -> Note:
        cellule = next(self.cellules())
        cellule.comment = Comment(texte, "Excel")
        return Note(cellule)

    @property
    def address(self) -> str:
        return self.get_address(True, True, False)

    def get_address(self, ligne: bool, colonne: bool, externe: bool) -> str:
        haut, gauche, bas, droite = self.bornes
        coins = [f"${get_column_letter(c)}${li}" for li, c in ((haut, gauche), (bas, droite))]
        plage = coins[0] if coins[0] == coins[1] else ":".join(coins)
        titre = self.sheet.name.replace("'", "''")
        return f"'[{self.sheet.book.name}]{titre}'!{plage}" if externe else plage

    def select(self) -> None:
        self.sheet.book.app.choisie = self


class Note(base_classes.Note):
    def __init__(self, cellule: Any) -> None:
        self.cellule = cellule

    @property
    def text(self) -> str:
        return self.cellule.comment.text

    def delete(self) -> None:
        self.cellule.comment = None


class Names(base_classes.Names):
    def __init__(self, livre: Book) -> None:
        self.livre = livre

    def snapshot(self) -> list[tuple[str, Name]]:
        return [(nom, Name(self.livre, nom)) for nom in self.livre.interne.defined_names]

    def add(self, nom: str, refers_to: str) -> Name:
        self.livre.interne.defined_names[nom] = DefinedName(nom, attr_text=refers_to.removeprefix("="))
        return Name(self.livre, nom)


class Name(base_classes.Name):
    name = None

    def __init__(self, livre: Book, nom: str) -> None:
        self.livre, self.name = livre, nom

    @property
    def refers_to(self) -> str:
        return "=" + self.livre.interne.defined_names[self.name].attr_text

    @property
    def refers_to_range(self) -> Range:
        feuille, plage = self.refers_to.removeprefix("=").rsplit("!", 1)
        return self.livre.sheets(feuille.strip("'").replace("''", "'")).range(plage)

    def delete(self) -> None:
        del self.livre.interne.defined_names[self.name]


@contextmanager
def excel(chemin: Path) -> Iterator[xlwings.Book]:
    """Ce classeur, ouvert dans un Excel en mémoire, appelant de `Book.caller()`."""
    moteur = xlwings.main.Engine(impl=Moteur(chemin))
    App.engine = moteur.impl
    avant = xlwings.engines.active
    xlwings.engines.add(moteur)
    xlwings.engines.active = moteur
    livre = moteur.apps[1].books[0]
    livre.set_mock_caller()
    try:
        yield livre
    finally:
        xlwings.engines.active = avant
        xlwings.engines.engines.remove(moteur)
        del xlwings.Book._mock_caller
