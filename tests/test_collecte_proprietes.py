"""Quels que soient les changements des deux côtés, chaque valeur est dans le classeur maître ou montrée."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
from collectes import MAITRE, decider, envoyer, points, recevoir, repondre, un_dossier
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from cpomdocs.collecte.registre import Envoi

CHAMPS = {
    "Activité": ("Journées réalisées", "Entrées", "Commentaire", "Modalité d’accueil"),
    "Constats": ("Constat", "Source", "Année"),
    "Indicateurs RH": ("Recrutements", "Commentaire"),
}
NOMBRES = {"Journées réalisées", "Entrées", "Recrutements"}
REGLAGES = settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


class Geste(NamedTuple):
    """Un geste sur une feuille : la valeur mise (`None` : effacée), ou une ligne supprimée."""

    feuille: str
    ligne: int
    libelle: str
    quoi: str


def gestes() -> st.SearchStrategy[list[Geste]]:
    cases = [(feuille, nom) for feuille, noms in CHAMPS.items() for nom in noms]
    geste = st.builds(
        lambda case, ligne, quoi: Geste(case[0], ligne, case[1], quoi),
        st.sampled_from(cases),
        st.integers(1, 4),
        st.sampled_from(["mettre", "mettre", "mettre", "effacer", "illisible", "supprimer"]),
    )
    return st.lists(geste, max_size=7)


@cache
def _modele() -> tuple[dict[str, bytes], Envoi]:
    """Un dossier réparti, fabriqué une fois."""
    with tempfile.TemporaryDirectory() as provisoire:
        racine = un_dossier(Path(provisoire))
        envoi = envoyer(racine)["IME"]
        return {str(f.relative_to(racine)): f.read_bytes() for f in racine.rglob("*") if f.is_file()}, envoi


def poser_le_modele(racine: Path) -> Envoi:
    fichiers, envoi = _modele()
    for relatif, octets in fichiers.items():
        (racine / relatif).parent.mkdir(parents=True, exist_ok=True)
        (racine / relatif).write_bytes(octets)
    (racine / "collecte" / "retours").mkdir(exist_ok=True)
    return envoi


def faire(livre: Any, suite: Sequence[Geste], cote: str, siennes: bool) -> set[str]:
    """Fait ces gestes et rend les valeurs mises, toutes différentes. `siennes` : dans le classeur maître."""
    for rang, geste in enumerate(suite):
        page = livre[geste.feuille]
        entetes = {c.value: c.column for c in page[5]}
        lignes = _lignes(page, entetes)
        numero = (
            lignes[geste.ligne - 1]
            if geste.ligne <= len(lignes)
            else page.max_row + 1
            if siennes
            else 6 + len(lignes)
        )
        if geste.quoi == "supprimer":
            if geste.ligne <= len(lignes):
                page.delete_rows(numero)
            continue
        if geste.ligne > len(lignes):
            page.cell(numero, entetes["Établissement"]).value = "IME"
        page.cell(numero, entetes[geste.libelle]).value = _valeur(geste, f"{cote}{rang}")
    return {
        texte
        for page in livre.worksheets
        for rangee in page.iter_rows(min_row=6)
        for c in rangee
        if (texte := _texte(c.value))
    }


def _lignes(page: Worksheet, entetes: dict[Any, int]) -> list[int]:
    """Les lignes remplies de la part, ou celles d’IME dans le classeur maître."""
    return [n for n in range(6, page.max_row + 1) if page.cell(n, entetes["Établissement"]).value == "IME"]


def _valeur(geste: Geste, marque: str) -> object:
    if geste.quoi == "effacer":
        return None
    if geste.quoi == "illisible" or geste.libelle not in NOMBRES:
        return f"mot {marque}"
    return 100_000 + sum(ord(c) * 7**i for i, c in enumerate(marque)) % 800_000


def _texte(valeur: object) -> str:
    """Une valeur mise par un geste, sous une forme qui se cherche ; vide pour les autres."""
    if isinstance(valeur, int | float) and valeur >= 100_000:
        return str(int(valeur))
    return valeur if isinstance(valeur, str) and valeur.startswith("mot ") else ""


def valeurs_du_maitre(racine: Path) -> set[str]:
    livre = openpyxl.load_workbook(racine / MAITRE, data_only=True)
    return {
        texte
        for page in livre.worksheets
        for rangee in page.iter_rows(min_row=6)
        for c in rangee
        if (texte := _texte(c.value))
    }


def textes_montres(racine: Path) -> str:
    return "\n".join(p["Le leur"] + "\n" + p["Le nôtre"] for p in points(racine)).replace("\u202f", "")


@REGLAGES
@given(
    leurs=gestes(),
    notres=gestes(),
    choix=st.lists(st.sampled_from(["prendre", "garder"]), min_size=1, max_size=5),
)
def test_rien_ne_se_perd_et_recommencer_ne_change_rien(
    leurs: list[Geste], notres: list[Geste], choix: list[str]
) -> None:
    with tempfile.TemporaryDirectory() as provisoire:
        racine = Path(provisoire)
        envoi = poser_le_modele(racine)
        mises: set[str] = set()
        repondre(racine, envoi, lambda livre: mises.update(faire(livre, leurs, "eux", siennes=False)))
        maitre = openpyxl.load_workbook(racine / MAITRE)
        mises |= faire(maitre, notres, "nous", siennes=True)
        maitre.save(racine / MAITRE)

        premier = recevoir(racine)
        montre = textes_montres(racine)
        if premier.a_decider:  # rien n’est écrit tant que les points n’ont pas été vus
            assert premier.ecrites == 0
            decider(racine, lambda p: choix[len(p["Ligne"]) % len(choix)])
            assert recevoir(racine).a_decider == 0
        presentes = valeurs_du_maitre(racine)
        assert {m for m in mises if m not in presentes and m not in montre} == set()

        octets = (racine / MAITRE).read_bytes()
        livre = openpyxl.load_workbook(racine / "collecte" / "retours" / "réponse IME.xlsx")
        livre.save(racine / "collecte" / "retours" / "réponse IME.xlsx")
        dernier = recevoir(racine)
        assert (dernier.ecrites, dernier.a_decider) == (0, 0)
        assert (racine / MAITRE).read_bytes() == octets


@REGLAGES
@given(notres=gestes())
def test_sans_changement_de_leur_cote_le_classeur_maitre_ne_bouge_pas(notres: list[Geste]) -> None:
    with tempfile.TemporaryDirectory() as provisoire:
        racine = Path(provisoire)
        envoi = poser_le_modele(racine)
        maitre = openpyxl.load_workbook(racine / MAITRE)
        faire(maitre, notres, "nous", siennes=True)
        maitre.save(racine / MAITRE)
        octets = (racine / MAITRE).read_bytes()
        shutil.copy(racine / envoi.fichier, racine / "collecte" / "retours" / "telle quelle.xlsx")
        bilan = recevoir(racine)
        assert (bilan.ecrites, bilan.a_decider) == (0, 0)
        assert (racine / MAITRE).read_bytes() == octets
