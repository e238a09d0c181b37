"""La somme d’un assemblage se calcule sans relire les morceaux ; zlib est le témoin."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpomdocs.office.sommes import avancer, joindre, tableau


@given(st.binary(), st.binary())
def test_la_somme_de_deux_textes_se_tire_des_leurs(un: bytes, autre: bytes) -> None:
    entiere = zlib.crc32(un + autre)
    assert joindre(zlib.crc32(un), zlib.crc32(autre), tableau(len(autre))) == entiere
    assert avancer(zlib.crc32(un), len(autre)) ^ zlib.crc32(autre) == entiere


@pytest.mark.parametrize("taille", [0, 1, 255, 256, 65_535, 65_536, 1_000_003])
def test_un_long_texte_n_y_change_rien(taille: int) -> None:
    suite = b"x" * taille
    assert joindre(zlib.crc32(b"debut"), zlib.crc32(suite), tableau(taille)) == zlib.crc32(b"debut" + suite)
