"""Les contrôles d’une feuille : ceux de formulaire, dessinés en VML, et les contrôles ActiveX.

Excel écrit un contrôle de formulaire deux fois : dans le dessin VML de la feuille, seul avant 2010, et dans
une partie `ctrlProps` que la feuille relie à sa forme. Le VML d’Excel n’est pas toujours du XML bien formé
(`<br>`) : il se lit à l’octet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import unescape
from typing import Literal

from cpomdocs.office.archive import Archive
from cpomdocs.office.classeur import FeuilleClasseur, Lien, lire_liens

Genre = Literal["coche", "option", "liste"]
FORME = re.compile(rb"<v:shape\s[^>]*?(?:o:sp)?id=\"_x0000_s([0-9]+)\".*?</v:shape>", re.DOTALL)
_GENRE = re.compile(rb"<x:ClientData\s+ObjectType=\"(\w+)\"")
_CHAMP = re.compile(rb"<x:(FmlaLink|FmlaRange|SelType|Anchor|Checked|Sel)>\s*([^<]*?)\s*</x:\1>")
_TEXTE = re.compile(rb"<v:textbox[^>]*>(.*?)</v:textbox>", re.DOTALL)
_BALISE = re.compile(rb"<[^>]*>")
_CONTROLE = re.compile(rb"<(?:\w+:)?control\s([^>]*?)/?>(?:\s*<(?:\w+:)?controlPr\s([^>]*?)/?>)?")
_ATTRIBUT = re.compile(r"([\w:]+)\s*=\s*\"([^\"]*)\"")
_CLASSE = re.compile(rb"classid\s*=\s*\"\{([0-9A-Fa-f-]+)\}\"")
_GENRES: dict[str, Genre] = {"Checkbox": "coche", "Radio": "option", "Drop": "liste", "List": "liste"}
_ACTIVEX: dict[str, Genre] = {
    "8BD21D40": "coche",
    "8BD21D60": "coche",
    "8BD21D50": "option",
    "8BD21D30": "liste",
    "8BD21D20": "liste",
}
"""Le début de l’identifiant des contrôles de Microsoft Forms 2.0 : case, bouton bascule, option, listes."""
Position = tuple[tuple[int, int], tuple[int, int], tuple[int, int], tuple[int, int]]
"""(gauche, haut, droite, bas), chacun : rang de la colonne ou de la ligne, décalage."""


@dataclass(frozen=True)
class Commande:
    """Un contrôle : sa feuille, son nom, sa légende, sa cellule liée (« Feuille!$C$4 » ou « $C$4 »).

    `rang` : celui d’une option dans son groupe. `forme`, `dessin`, `partie` : où son état est gardé.
    """

    feuille: str
    genre: Genre
    nom: str = ""
    legende: str = ""
    lien: str = ""
    plage: str = ""
    multiple: bool = False
    activex: bool = False
    rang: int = 0
    groupe: str = ""
    etat: str = ""
    forme: bytes = b""
    dessin: str = ""
    partie: str = ""


def lire_commandes(archive: Archive, fiche: FeuilleClasseur) -> list[Commande]:
    """Les cases à cocher, options et listes posées sur la feuille, dans l’ordre du fichier."""
    liens = lire_liens(archive, fiche.partie)
    if not any(lien.genre in ("vmlDrawing", "control") for lien in liens.values()):
        return []
    declares = _declares(archive.lire(fiche.partie))
    trouvees = list(_activex(archive, fiche, liens, declares))
    for lien in liens.values():
        if lien.genre == "vmlDrawing" and lien.cible in archive:
            trouvees += _dessinees(archive.lire(lien.cible), lien.cible, fiche, liens, declares)
    return trouvees


def _declares(feuille: bytes) -> dict[bytes, dict[str, str]]:
    """Par forme, les attributs du contrôle et de ses propriétés ; le premier dit l’emporte."""
    declares: dict[bytes, dict[str, str]] = {}
    for controle, proprietes in _CONTROLE.findall(feuille):
        texte = f"{controle.decode('utf-8', 'replace')} {proprietes.decode('utf-8', 'replace')}"
        attributs = {nom: unescape(valeur) for nom, valeur in _ATTRIBUT.findall(texte)}
        declares.setdefault(attributs.get("shapeId", "").encode(), attributs)
    return declares


def _lien(attributs: dict[str, str], liens: dict[str, Lien]) -> Lien:
    cle = next((valeur for nom, valeur in attributs.items() if nom.endswith(":id")), "")
    return liens.get(cle, Lien("", ""))


def _activex(
    archive: Archive, fiche: FeuilleClasseur, liens: dict[str, Lien], declares: dict[bytes, dict[str, str]]
) -> Iterator[Commande]:
    for attributs in declares.values():
        lien = _lien(attributs, liens)
        if lien.genre != "control" or lien.cible not in archive:
            continue
        classe = _CLASSE.search(archive.lire(lien.cible))
        genre = _ACTIVEX.get(classe[1].decode().upper()[:8]) if classe else None
        if genre is not None:
            nom, plage = attributs.get("name", ""), attributs.get("listFillRange", "")
            lie = attributs.get("linkedCell", "")
            yield Commande(fiche.nom, genre, nom=nom, lien=lie, plage=plage, activex=True)


def _dessinees(
    vml: bytes,
    dessin: str,
    fiche: FeuilleClasseur,
    liens: dict[str, Lien],
    declares: dict[bytes, dict[str, str]],
) -> list[Commande]:
    commandes: list[Commande] = []
    cadres: list[tuple[str, Position]] = []
    positions: list[Position | None] = []
    for forme in FORME.finditer(vml):
        genre = _GENRE.search(forme[0])
        champs = {nom.decode(): unescape(v.decode("utf-8", "replace")) for nom, v in _CHAMP.findall(forme[0])}
        position = _position(champs.get("Anchor", ""))
        nature = genre[1].decode() if genre else ""
        if nature == "GBox" and position:
            cadres.append((forme[1].decode(), position))
        if nature not in _GENRES:
            continue
        attributs = declares.get(forme[1], {})
        lien = _lien(attributs, liens)
        commandes.append(
            Commande(
                feuille=fiche.nom,
                genre=_GENRES[nature],
                nom=attributs.get("name", ""),
                legende=_legende(forme[0]),
                lien=champs.get("FmlaLink", ""),
                plage=champs.get("FmlaRange", ""),
                multiple=champs.get("SelType", "Single") != "Single",
                etat=champs.get("Sel" if _GENRES[nature] == "liste" else "Checked", "0"),
                forme=forme[1],
                dessin=dessin,
                partie=lien.cible if lien.genre == "ctrlProp" else "",
            )
        )
        positions.append(position)
    return _grouper(commandes, positions, cadres)


def _legende(forme: bytes) -> str:
    texte = _TEXTE.search(forme)
    nu = _BALISE.sub(b" ", texte[1]).decode("utf-8", "replace") if texte else ""
    return " ".join(unescape(nu).split())


def _position(ancre: str) -> Position | None:
    nombres = [int(n) for n in re.findall(r"-?[0-9]+", ancre)]
    if len(nombres) != 8:
        return None
    gauche, haut, droite, bas = (tuple(nombres[n : n + 2]) for n in (0, 2, 4, 6))
    return gauche, haut, droite, bas  # type: ignore[return-value]


def _grouper(
    commandes: list[Commande], positions: list[Position | None], cadres: list[tuple[str, Position]]
) -> list[Commande]:
    """Numérote les options de chaque groupe (leur zone, ou la feuille) et leur donne la même cellule liée."""
    groupes = [
        _zone(position, cadres) if commande.genre == "option" else ""
        for commande, position in zip(commandes, positions, strict=True)
    ]
    liens: dict[str, str] = {}
    for commande, groupe in zip(commandes, groupes, strict=True):
        if commande.genre == "option" and commande.lien:
            liens.setdefault(groupe, commande.lien)
    rangs: dict[str, int] = {}
    groupees = []
    for commande, groupe in zip(commandes, groupes, strict=True):
        if commande.genre == "option":
            rangs[groupe] = rangs.get(groupe, 0) + 1
            cle = f"{commande.dessin}/{groupe}"
            commande = replace(commande, rang=rangs[groupe], lien=liens.get(groupe, ""), groupe=cle)
        groupees.append(commande)
    return groupees


def _zone(position: Position | None, cadres: list[tuple[str, Position]]) -> str:
    """La zone de groupe, dessinée en dernier, qui contient le coin du contrôle ; vide : la feuille."""
    if position is None:
        return ""
    contenantes = [nom for nom, (g, h, d, b) in cadres if g <= position[0] <= d and h <= position[1] <= b]
    return contenantes[-1] if contenantes else ""
