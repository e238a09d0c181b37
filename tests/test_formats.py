"""Le texte français des valeurs ; attendus écrits à la main."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpomdocs.formats import date_longue, formater
from cpomdocs.modeles.types import Nature

FINE, INSECABLE = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("valeur", "nature", "unite", "attendu"),
    [
        (Decimal("1234.56"), "montant", None, f"1{FINE}234,56{INSECABLE}€"),
        (Decimal("1234.565"), "montant", "€", f"1{FINE}234,57{INSECABLE}€"),
        (Decimal("-12"), "montant", "€", f"-12,00{INSECABLE}€"),
        (Decimal("-0.001"), "montant", "€", f"0,00{INSECABLE}€"),
        (Decimal("0.452"), "taux", "%", f"45,2{INSECABLE}%"),
        (Decimal("0.95"), "taux", "%", f"95{INSECABLE}%"),
        (Decimal("0.951234"), "taux", "%", f"95,12{INSECABLE}%"),
        (Decimal("12.5"), "decimal", "ETP", "12,50"),
        (Decimal("1.0345"), "decimal", None, "1,0345"),
        (Decimal(2137) / 3, "decimal", None, "712,33"),
        (1234567, "entier", "places", f"1{FINE}234{FINE}567"),
        (0, "entier", "journées", "0"),
        (2026, "annee", None, "2026"),
        (True, "booleen", None, "oui"),
        (False, "booleen", None, "non"),
        (datetime.date(2026, 12, 31), "date", None, "31 décembre 2026"),
        (datetime.date(2026, 8, 1), "date", None, "1er août 2026"),
        ("010001436", "texte", None, "010001436"),
        ("sans objet", "montant", "€", "sans objet"),
        (None, "montant", "€", ""),
    ],
)
def test_texte_francais(valeur, nature, unite, attendu):
    assert formater(valeur, Nature(nature), unite) == attendu


def test_l_unite_du_champ_prime_sur_celle_de_sa_nature():
    assert formater(Decimal("7.5"), Nature("montant", "€"), "k€") == f"7,50{INSECABLE}k€"


@given(st.decimals(Decimal("-1e60"), Decimal("1e60"), allow_nan=False, allow_infinity=False))
def test_un_montant_se_relit_au_centime(valeur):
    texte = formater(valeur, Nature("montant"), "€")
    lu = Decimal(texte.removesuffix(f"{INSECABLE}€").replace(FINE, "").replace(",", "."))
    assert abs(lu - valeur) <= Decimal("0.005")


@given(st.dates())
def test_une_date_porte_son_jour_et_son_annee(jour):
    texte = date_longue(jour).split(" ")
    assert texte[0].removesuffix("er") == str(jour.day)
    assert int(texte[-1]) == jour.year
