"""Les graphiques : mêmes données, mêmes octets ; lisibles, à la française, sans donnée perdue."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal
from xml.etree import ElementTree

import matplotlib.image
import pytest

from cpomdocs.graphiques import Barre, Place, Serie, barres, courbes, gantt, quartiles

SERIES = [Serie("Charges", [Decimal(1_200_000), Decimal(1_250_000)]), Serie("Produits", [1_190_000, None])]
ETAPES = [
    Barre("Diagnostic partagé", datetime.date(2026, 1, 5), datetime.date(2026, 10, 30), "Diagnostic", True),
    Barre(
        "Signature",
        datetime.date(2027, 6, 30),
        datetime.date(2027, 6, 30),
        "Contrat",
        imposee=datetime.date(2027, 6, 1),
        proposee=datetime.date(2027, 7, 15),
    ),
]
PLACES = [Place("EHPAD", Decimal("0.97"), Decimal("0.95"), Decimal("0.92"), Decimal("0.98"))]
JOUR = datetime.date(2026, 11, 22)
DESSINS = {
    "barres": lambda forme: barres("Titre", ["2025", "2026"], SERIES, "€", forme=forme),
    "empilées": lambda forme: barres("Titre", ["2025", "2026"], SERIES, "€", empilees=True, forme=forme),
    "courbes": lambda forme: courbes("Titre", ["2025", "2026"], SERIES, "€", forme=forme),
    "gantt": lambda forme: gantt("Titre", ETAPES, JOUR, forme=forme),
    "quartiles": lambda forme: quartiles("Titre", PLACES, "%", forme=forme),
}


def textes(svg: bytes) -> str:
    return " ".join(
        "".join(e.itertext()) for e in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    )


@pytest.mark.parametrize("nom", DESSINS)
def test_memes_donnees_memes_octets(nom: str) -> None:
    assert DESSINS[nom]("png") == DESSINS[nom]("png")
    assert DESSINS[nom]("svg") == DESSINS[nom]("svg")


@pytest.mark.parametrize("nom", DESSINS)
def test_l_image_porte_de_l_encre_jusqu_a_ses_bords_sans_en_deborder(nom: str) -> None:
    image = matplotlib.image.imread(io.BytesIO(DESSINS[nom]("png")))
    clair = image[..., :3].min(axis=2)
    assert clair.min() < 0.5
    assert clair[0].min() == clair[-1].min() == clair[:, 0].min() == clair[:, -1].min() == 1


def test_les_nombres_sont_a_la_francaise() -> None:
    vu = textes(DESSINS["barres"]("svg"))
    assert "1,2\N{NO-BREAK SPACE}M€" in vu and "1,25\N{NO-BREAK SPACE}M€" in vu
    assert "97\N{NO-BREAK SPACE}%" in textes(DESSINS["quartiles"]("svg"))


def test_le_calendrier_montre_dates_imposees_proposees_et_le_jour() -> None:
    vu = textes(DESSINS["gantt"]("svg"))
    assert "Diagnostic partagé" in vu and "Signature" in vu
    assert "date imposée" in vu and "contre-proposition" in vu and "au 22/11/2026" in vu
    assert "2026" in vu and "2027" in vu


def test_sans_aucune_donnee_le_dessin_reste_possible() -> None:
    assert barres("Vide", [], [], "€").startswith(b"\x89PNG")
    assert gantt("Vide", []).startswith(b"\x89PNG")
    assert courbes("Vide", ["2025"], [Serie("CAF", [None])], "€").startswith(b"\x89PNG")


def test_cent_series_se_dessinent_sans_legende_et_le_disent() -> None:
    cent = [Serie(f"E{rang}", [rang, 2 * rang]) for rang in range(100)]
    vu = textes(courbes("Titre", ["2025", "2026"], cent, "€", forme="svg"))
    assert "100 séries : voir le tableau" in vu and "E99" not in vu


@pytest.mark.parametrize("nombre", [1, 13, 300])
def test_beaucoup_de_lignes_tiennent_dans_une_page(nombre: int) -> None:
    codes = [f"E{rang}" for rang in range(nombre)]
    places = [Place(code, Decimal(1), Decimal(2)) for code in codes]
    etapes = [Barre(code, JOUR, JOUR) for code in codes]
    une = [Serie("x", [1] * nombre)]
    for dessin in (quartiles("T", places, "€"), gantt("T", etapes), barres("T", codes, une, "€")):
        assert matplotlib.image.imread(io.BytesIO(dessin)).shape[0] <= 12 * 150


@pytest.mark.parametrize("fin", [datetime.date(9999, 12, 31), datetime.date(9999, 11, 2)])
def test_une_etape_sans_fin_se_dessine(fin: datetime.date) -> None:
    """On écrit parfois 31/12/9999 pour « sans fin »."""
    vu = textes(gantt("Titre", [Barre("Suivi", datetime.date(2026, 1, 5), fin)], JOUR, forme="svg"))
    assert "Suivi" in vu and "janv." in vu
