"""`sorties/controle.xlsx` : une ligne par anomalie, avec un lien vers la cellule à corriger, et la matrice
de complétude établissements × formulaires."""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import ceil
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pydantic import TypeAdapter

from cpomdocs import __version__
from cpomdocs.controle.completude import Completude
from cpomdocs.ecriture.depot import poser
from cpomdocs.ecriture.etat import Etat
from cpomdocs.erreurs import motif
from cpomdocs.rapport import Anomalie, Rapport

CHEMIN = "sorties/controle.xlsx"
_CLE = "contrôle"
_ANOMALIES = TypeAdapter(list[Anomalie])
_ORDRE = {"bloquante": 0, "avertissement": 1, "information": 2}
_COLONNES = (
    ("Gravité", 15),
    ("Établissement", 16),
    ("Formulaire", 22),
    ("Donnée", 34),
    ("À corriger", 30),
    ("Ce qui ne va pas", 78),
    ("Que faire", 60),
    ("Code", 9),
)
_FONDS = {"bloquante": "#F8CBAD", "avertissement": "#FFE699", "information": "#DDEBF7"}
_HAUTEUR_TITRE = 24
_HAUTEUR_LIGNE = 15.5
_CREATION = datetime.datetime(2000, 1, 1)
"""Une date fixe : mêmes données, mêmes octets."""


@dataclass(frozen=True)
class Feuilles:
    """Ce que le contrôle montre : le nom du classeur maître, les anomalies, la complétude par établissement
    et formulaire, le libellé de chaque formulaire."""

    classeur: str
    anomalies: Sequence[Anomalie]
    mesures: Mapping[tuple[str, str], Completude]
    libelles: Mapping[str, str]

    def empreinte(self) -> str:
        """L’empreinte de tout ce qui s’y écrit."""
        anomalies = _ANOMALIES.dump_json(list(self.anomalies))
        reste = repr(
            (__version__, self.classeur, sorted(self.mesures.items()), sorted(self.libelles.items()))
        )
        return sha256(anomalies + reste.encode("utf-8", "surrogatepass")).hexdigest()


def tenir_controle(racine: Path, feuilles: Feuilles, rapport: Rapport, etat: Etat) -> Rapport:
    """Écrit le contrôle s’il a changé ; rend le rapport, complété si le fichier est ouvert ailleurs."""
    cible, voulue = racine / CHEMIN, feuilles.empreinte()
    try:
        if etat.souvenir(_CLE) == f"{voulue} {_empreinte_du_fichier(cible)}".encode():
            return rapport
        octets = _composer(feuilles)
        if not (cible.is_file() and cible.read_bytes() == octets):
            poser(cible, octets)
        etat.memoriser([(_CLE, f"{voulue} {_empreinte_du_fichier(cible)}".encode())])
    except OSError as erreur:
        refus = Anomalie(
            code="EC-02",
            gravite="avertissement",
            message=f"« {CHEMIN} » n’a pas pu être mis à jour : {motif(erreur)}.",
            remede="Fermer ce fichier s’il est ouvert, puis relancer.",
        )
        return rapport.model_copy(update={"anomalies": [*rapport.anomalies, refus]}).conclure()
    return rapport


def _empreinte_du_fichier(fichier: Path) -> str:
    return sha256(fichier.read_bytes()).hexdigest() if fichier.is_file() else ""


def trier(anomalies: Sequence[Anomalie]) -> list[Anomalie]:
    """Les plus graves d’abord, puis par établissement et par formulaire."""
    return sorted(
        anomalies, key=lambda a: (_ORDRE[a.gravite], a.etablissement or "", a.formulaire or "", a.code)
    )


def _composer(feuilles: Feuilles) -> bytes:
    import xlsxwriter  # lent à charger, et le contrôle change rarement

    tampon = io.BytesIO()
    with xlsxwriter.Workbook(
        tampon, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as livre:
        livre.set_properties({"created": _CREATION, "title": "Contrôle"})
        _feuille_anomalies(livre, feuilles.classeur, trier(feuilles.anomalies))
        _feuille_completude(livre, feuilles.mesures, feuilles.libelles)
    return tampon.getvalue()


def _feuille_anomalies(livre: Any, classeur: str, anomalies: Sequence[Anomalie]) -> None:
    feuille = livre.add_worksheet("Anomalies")
    feuille.hide_gridlines(2)
    titre = livre.add_format({"bold": True, "font_size": 15, "font_color": "#1F3864"})
    aide = livre.add_format({"italic": True, "font_color": "#595959"})
    entete = livre.add_format(
        {"bold": True, "bg_color": "#1F3864", "font_color": "white", "border": 1, "valign": "vcenter"}
    )
    feuille.set_row(0, _HAUTEUR_TITRE)
    feuille.write(0, 0, "Contrôle du dossier", titre)
    feuille.write(1, 0, _resume(anomalies), aide)
    for rang, (nom, largeur) in enumerate(_COLONNES):
        feuille.set_column(rang, rang, largeur)
        feuille.write(3, rang, nom, entete)
    formats = {g: _formats(livre, fond) for g, fond in _FONDS.items()}
    for rang, anomalie in enumerate(anomalies, start=4):
        _ligne(feuille, rang, anomalie, classeur, formats[anomalie.gravite])
    feuille.freeze_panes(4, 0)
    if anomalies:
        feuille.autofilter(3, 0, 3 + len(anomalies), len(_COLONNES) - 1)
    feuille.set_landscape()
    feuille.fit_to_pages(1, 0)
    feuille.repeat_rows(3)


def _formats(livre: Any, fond: str) -> tuple[Any, Any, Any]:
    base = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#D9D9D9"}
    return (
        livre.add_format({**base, "bg_color": fond, "bold": True}),
        livre.add_format(base),
        livre.add_format({**base, "font_color": "#0563C1", "underline": 1}),
    )


def _ligne(feuille: Any, rang: int, anomalie: Anomalie, classeur: str, formats: tuple[Any, Any, Any]) -> None:
    gravite, texte, lien = formats
    feuille.set_row(rang, _HAUTEUR_LIGNE * _nombre_de_lignes(anomalie))
    feuille.write_string(rang, 0, anomalie.gravite.capitalize(), gravite)
    feuille.write_string(rang, 1, anomalie.etablissement or "—", texte)
    feuille.write_string(rang, 2, anomalie.formulaire or "—", texte)
    feuille.write_string(rang, 3, anomalie.libelle or "—", texte)
    if anomalie.sources:
        source = anomalie.sources[0]
        nom = source.feuille.replace("'", "''")
        cible = f"external:../{quote(classeur)}#'{nom}'!{source.cellule}"
        suite = f" (+ {len(anomalie.sources) - 1})" if len(anomalie.sources) > 1 else ""
        feuille.write_url(rang, 4, cible, lien, f"{source.feuille} ! {source.cellule}{suite}")
    else:
        feuille.write_string(rang, 4, "—", texte)
    feuille.write_string(rang, 5, anomalie.message, texte)
    feuille.write_string(rang, 6, anomalie.remede or "—", texte)
    feuille.write_string(rang, 7, anomalie.code, texte)


def _nombre_de_lignes(anomalie: Anomalie) -> int:
    """Le nombre de lignes de texte que demandent le message et le remède dans leur colonne."""
    longueurs = ((anomalie.message, 78), (anomalie.remede or "", 60), (anomalie.libelle or "", 34))
    return max(1, *(ceil(len(texte) / largeur) for texte, largeur in longueurs))


def _resume(anomalies: Sequence[Anomalie]) -> str:
    if not anomalies:
        return "Aucune anomalie : tout ce qui est demandé est là."
    comptes = [
        f"{sum(a.gravite == gravite for a in anomalies)} {nom}"
        for gravite, nom in (
            ("bloquante", "à corriger avant de remettre"),
            ("avertissement", "à vérifier"),
            ("information", "pour information"),
        )
    ]
    return " · ".join(comptes) + ". Un clic sur « À corriger » ouvre le classeur maître à la bonne cellule."


def _feuille_completude(
    livre: Any, mesures: Mapping[tuple[str, str], Completude], libelles: Mapping[str, str]
) -> None:
    feuille = livre.add_worksheet("Complétude")
    feuille.hide_gridlines(2)
    titre = livre.add_format({"bold": True, "font_size": 15, "font_color": "#1F3864"})
    entete = livre.add_format(
        {
            "bold": True,
            "bg_color": "#1F3864",
            "font_color": "white",
            "border": 1,
            "text_wrap": True,
            "align": "center",
            "valign": "vcenter",
        }
    )
    nom = livre.add_format({"bold": True, "border": 1})
    taux = livre.add_format({"num_format": "0 %", "border": 1, "align": "center"})
    absent = livre.add_format(
        {"bg_color": "#F2F2F2", "border": 1, "align": "center", "font_color": "#7F7F7F"}
    )
    feuille.set_row(0, _HAUTEUR_TITRE)
    feuille.write(0, 0, "Part des données renseignées, par établissement et par formulaire", titre)
    lignes = list(dict.fromkeys(etablissement for etablissement, _ in mesures))
    feuille.set_column(0, 0, 22)
    feuille.set_column(1, max(len(libelles), 1), 18)
    feuille.set_row(2, 48)
    feuille.write(2, 0, "Établissement", entete)
    for colonne, libelle in enumerate(libelles.values(), start=1):
        feuille.write_string(2, colonne, libelle, entete)
    for rang, etablissement in enumerate(lignes, start=3):
        feuille.write_string(rang, 0, etablissement, nom)
        for colonne, formulaire in enumerate(libelles, start=1):
            mesure = mesures.get((etablissement, formulaire))
            if mesure is None:
                feuille.write_string(rang, colonne, "non demandé", absent)
            else:
                feuille.write_number(rang, colonne, mesure.taux, taux)
    _colorer(feuille, livre, len(lignes), len(libelles))
    feuille.freeze_panes(3, 1)


def _colorer(feuille: Any, livre: Any, lignes: int, colonnes: int) -> None:
    if not (lignes and colonnes):
        return
    plage = (3, 1, 2 + lignes, colonnes)
    for condition, fond in ((">=1", "#C6E0B4"), (">=0.9", "#FFE699"), ("<0.9", "#F8CBAD")):
        regle = {"type": "formula", "criteria": f"=AND(ISNUMBER(B4),B4{condition})", "stop_if_true": True}
        feuille.conditional_format(*plage, {**regle, "format": livre.add_format({"bg_color": fond})})
