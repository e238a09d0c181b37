"""Les formules des cadres Excel : leurs résultats enregistrés, et leur accord avec les calculs des modèles.

LibreOffice recalcule des copies dont les résultats ont été retirés. Les montants sont ceux d’un service réel
(compte de résultat publié, FINESS 010001436, 2019) ; les autres valeurs attendues sont calculées à la main.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import warnings
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from cpomdocs.modeles import Activite, Autorisation, Compte, Dossier, Etablissement, Parametres

GABARITS = Path(__file__).parents[1] / "gabarits"
EXCEL = ("annexe-activite", "eprd-simplifie", "tableau-effectifs")

pytestmark = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice absent")

_ACTIVITE = {"HP": (80, 365, 27915, 175), "HT": (4, 365, 1291, None), "seances": (10, 200, 500, None)}
_COMPTES = {
    "606": "60409.18",
    "6111": "30000.00",
    "64111": "742692.26",
    "6611": "4000.00",
    "675": "5444.41",
    "6811": "30000.00",
    "73": "850229.68",
    "7088": "30000.00",
    "6419": "8364.60",
    "768": "75.28",
    "775": "100.00",
    "777": "700.00",
    "7815": "300.00",
}
"""Groupes : charges 90 409,18 / 742 692,26 / 39 444,41 ; produits 850 229,68 / 38 364,60 / 1 175,28."""

_CASES = {
    "annexe-activite": {
        "Page de garde": {"C9": 2026, "C23": "Service", "C24": "010001436"},
        "Activité": {
            "P8": 80, "Q8": 365, "S8": 27915, "T8": 175,
            "P9": 4, "Q9": 365, "S9": 1291,
            "P24": 10, "Q24": 200, "S24": 500,
        },
        "File active": {"P8": 78, "Q8": 20, "R8": 18, "S8": 18, "T8": 80},
    },
    "eprd-simplifie": {
        "Page de garde": {"C9": 2026, "C31": "010001436", "C34": 40, "C41": 872545.85, "C42": 889769.56,
                          "C43": 17223.71, "C44": 51568.12},
        "CRP": {
            "F10": 60409.18, "F11": 30000, "F19": 742692.26, "F26": 4000, "F27": 5444.41, "F28": 30000,
            "F33": 850229.68, "F39": 8364.60, "F40": 30000, "F47": 75.28, "F48": 800, "F49": 300,
            "F57": 5444.41, "F58": 100, "F59": 700,
        },
    },
    "tableau-effectifs": {
        "Page de garde": {"C9": 2026, "C24": 80, "C29": 7.5, "C30": 350000},
        "Réalisé N-1": {"C8": "Infirmier", "D8": "IDE", "E8": "CDI", "F8": 5.5, "G8": 4.8,
                        "C9": "Autres", "D9": "Animateur", "E9": "CDD", "F9": 1, "G9": 1},
        "TPER N": {"C8": "Infirmier", "D8": "IDE", "E8": "CDI", "G8": 5.5,
                   "I8": 169243.20, "J8": 71082.14, "K8": 17770.54,
                   "C9": "Restauration", "D9": "Cuisinier", "E9": "CDI", "G9": 2,
                   "I9": 52122, "J9": 21891.24, "K9": 5472.81, "N9": 1, "O9": 0, "P9": 0},
    },
}  # fmt: skip


def gabarit(nom: str) -> Path:
    return next((GABARITS / nom).glob("*.xlsx"))


def lire(chemin: Path, valeurs: bool) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # openpyxl annonce les extensions qu’il ne lit pas
        return openpyxl.load_workbook(chemin, data_only=valeurs)


@pytest.fixture(scope="module")
def recalcules(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Workbook]:
    """Les cadres vides (« vide ») et remplis (« rempli »), recalculés par LibreOffice en une fois."""
    racine = tmp_path_factory.mktemp("formules")
    sources = []
    for nom in EXCEL:
        sources.append(_sans_resultats(gabarit(nom), racine / f"vide_{nom}.xlsx"))
        classeur = lire(gabarit(nom), valeurs=False)
        for feuille, cases in _CASES[nom].items():
            for cellule, valeur in cases.items():
                classeur[feuille][cellule] = valeur
        classeur.save(racine / f"rempli_{nom}.xlsx")
        sources.append(racine / f"rempli_{nom}.xlsx")
    profil = f"-env:UserInstallation={(racine / 'profil').as_uri()}"
    commande = ["soffice", profil, "--headless", "--convert-to", "xlsx", "--outdir", str(racine / "lo")]
    subprocess.run([*commande, *map(str, sources)], check=True, capture_output=True, timeout=200)
    return {source.stem: lire(racine / "lo" / source.name, valeurs=True) for source in sources}


def _sans_resultats(source: Path, copie: Path) -> Path:
    with zipfile.ZipFile(source) as lu, zipfile.ZipFile(copie, "w", zipfile.ZIP_DEFLATED) as ecrit:
        for membre in lu.namelist():
            octets = lu.read(membre)
            if membre.startswith("xl/worksheets/sheet"):
                octets = re.sub(rb'(?: t="str")?(><f>[^<]*</f>)<v>[^<]*</v>', rb"\1", octets)
            ecrit.writestr(membre, octets)
    return copie


@pytest.mark.parametrize("nom", EXCEL)
def test_les_resultats_enregistres_sont_ceux_du_cadre_vide(nom: str, recalcules: dict[str, Workbook]) -> None:
    formules, enregistres = lire(gabarit(nom), valeurs=False), lire(gabarit(nom), valeurs=True)
    ecarts, vues = [], 0
    for feuille in formules:
        for ligne in feuille.iter_rows():
            for cellule in (c for c in ligne if c.data_type == "f"):
                vues += 1
                avant = enregistres[feuille.title][cellule.coordinate].value or 0
                apres = recalcules[f"vide_{nom}"][feuille.title][cellule.coordinate].value or 0
                if avant != apres:
                    ecarts.append((feuille.title, cellule.coordinate, avant, apres))
    assert ecarts == []
    assert vues > 150


def test_annexe_activite_calcule_comme_les_modeles(recalcules: dict[str, Workbook]) -> None:
    dossier = _dossier()
    lignes = {li.modalite: li for li in dossier.activite}
    total = dossier.lignes("activite_totale", "S")[0]
    activite = recalcules["rempli_annexe-activite"]["Activité"]
    assert activite["R8"].value == lignes["HP"].journees_theoriques == 29200
    assert activite["U8"].value == pytest.approx(28090 / 29200)
    assert activite["U8"].value == pytest.approx(float(lignes["HP"].taux_occupation or 0))
    assert activite["U9"].value == pytest.approx(float(lignes["HT"].taux_occupation or 0))
    assert activite["P26"].value == total.capacite_financee == 94  # type: ignore[attr-defined]
    # Les séances ne s’ajoutent pas aux journées.
    assert activite["S26"].value == total.journees_realisees == 29206  # type: ignore[attr-defined]
    assert activite["U26"].value == pytest.approx(29381 / 30660)
    assert activite["U26"].value == pytest.approx(float(total.taux_occupation))  # type: ignore[attr-defined]
    assert activite["P5"].value == "2025 — réalisé"
    assert recalcules["rempli_annexe-activite"]["File active"]["U8"].value == 98


def test_eprd_calcule_comme_les_modeles(recalcules: dict[str, Workbook]) -> None:
    synthese = _dossier().lignes("comptes_synthese", "S")[0]
    crp, ratios = recalcules["rempli_eprd-simplifie"]["CRP"], recalcules["rempli_eprd-simplifie"]["Ratios"]
    attendus = {
        "charges_groupe_1": (crp["F15"].value, 90409.18),
        "charges_groupe_2": (crp["F20"].value, 742692.26),
        "charges_groupe_3": (crp["F29"].value, 39444.41),
        "produits_groupe_1": (crp["F34"].value, 850229.68),
        "produits_groupe_2": (crp["F45"].value, 38364.60),
        "produits_groupe_3": (crp["F51"].value, 1175.28),
        "resultat": (crp["F54"].value, 17223.71),
        # 17 223,71 + 30 000 + 5 444,41 − 300 − 100 − 700
        "caf": (ratios["F13"].value, 51568.12),
        # classe 7 : 850 229,68 + 30 000 + 75,28, sans 775, 777 ni 78
        "taux_caf": (ratios["F15"].value, 51568.12 / 880304.96),
        # (872 545,85 − 38 364,60 − 1 175,28) / 40
        "cout_place": (ratios["F20"].value, 20825.14925),
    }
    for champ, (calcule, attendu) in attendus.items():
        assert calcule == pytest.approx(attendu, abs=1e-6), champ
        assert calcule == pytest.approx(float(getattr(synthese, champ)), abs=1e-6), champ


def test_les_controles_de_l_eprd_se_declenchent(recalcules: dict[str, Workbook]) -> None:
    resultats = [c.value for c in recalcules["rempli_eprd-simplifie"]["Contrôles"]["C"][4:]]
    assert resultats == ["OK"] * 10
    effectifs = recalcules["rempli_tableau-effectifs"]["Contrôles"]
    lus = {effectifs[f"B{i}"].value[:20]: effectifs[f"C{i}"].value for i in range(5, 11)}
    assert lus["Le total des ETP bud"] == "OK"
    assert lus["Chaque emploi budgét"] == "OK"


def test_tper_reprend_les_etp_realises_et_les_sous_totaux(recalcules: dict[str, Workbook]) -> None:
    classeur = recalcules["rempli_tableau-effectifs"]
    tper, synthese = classeur["TPER N"], classeur["Synthèse"]
    assert tper["F8"].value == pytest.approx(4.8)
    assert tper["H8"].value == pytest.approx(0.7)
    assert tper["L8"].value == pytest.approx(258095.88)
    assert tper["M8"].value == pytest.approx(258095.88 / 5.5)
    assert tper["F9"].value == 0
    assert tper["F39"].value == 1  # l’animateur de N-1 n’est plus au TPER
    assert classeur["Réalisé N-1"]["H8"].value == pytest.approx(0.7)
    lignes = {synthese[f"B{i}"].value: synthese[f"D{i}"].value for i in range(6, 23)}
    assert (lignes["Infirmier"], lignes["Restauration"], lignes["TOTAL"]) == (5.5, 2, 7.5)
    assert synthese["C36"].value == pytest.approx(7.5 / 80)


def _dossier() -> Dossier:
    cles = {"etablissement": "S", "version": "previsionnel", "annee": 2026}
    return Dossier(
        parametres=Parametres(annee_n=2026),
        etablissements=[Etablissement(code="S", type="SAVS")],
        autorisations=[Autorisation(etablissement="S", modalite="milieu_ordinaire", capacite_financee=40)],
        activite=[
            Activite(
                etablissement="S",
                annee=2025,
                version="reel",
                modalite=modalite,
                capacite_financee=places,
                jours_ouverture=jours,
                journees_realisees=journees,
                absences_lt72h=absences,
                sans_objet=frozenset() if absences else frozenset({"absences_lt72h"}),
            )
            for modalite, (places, jours, journees, absences) in _ACTIVITE.items()
        ],
        comptes=[
            Compte(**cles, compte=compte, montant=Decimal(montant)) for compte, montant in _COMPTES.items()
        ],
    )
