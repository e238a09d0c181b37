"""Poser un document : atomique, et jamais par-dessus le travail d’une personne."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpomdocs.ecriture.depot import deposer, prevoir_depot
from cpomdocs.ecriture.empreintes import empreinte
from cpomdocs.ecriture.etat import FICHIER, ouvrir_etat
from cpomdocs.ecriture.noms import cle_de_collision, defaut_du_nom

RELATIF = "sorties/EHPAD1/fiche.xlsx"


@pytest.fixture
def racine(tmp_path: Path) -> Path:
    (tmp_path / ".cpomdocs").mkdir()
    return tmp_path


def poser_une_version(racine: Path, octets: bytes, **options: bool) -> object:
    with ouvrir_etat(racine / ".cpomdocs") as etat:
        return deposer(racine, "fiche/EHPAD1", RELATIF, octets, etat, **options)


def test_creer_puis_rien_puis_remplacer(racine: Path) -> None:
    assert poser_une_version(racine, b"un").statut == "cree"
    date = (racine / RELATIF).stat().st_mtime_ns
    assert poser_une_version(racine, b"un").statut == "inchange"
    assert (racine / RELATIF).stat().st_mtime_ns == date
    assert poser_une_version(racine, b"deux").statut == "remplace"
    assert (racine / RELATIF).read_bytes() == b"deux"


def test_un_document_change_a_la_main_reste_en_place(racine: Path) -> None:
    poser_une_version(racine, b"un")
    (racine / RELATIF).write_bytes(b"une main est passee")
    depot = poser_une_version(racine, b"deux")
    assert depot.statut == "conflit"
    assert (racine / RELATIF).read_bytes() == b"une main est passee"
    assert depot.chemin_conflit.name == "fiche.nouveau.xlsx"
    assert depot.chemin_conflit.read_bytes() == b"deux"


def test_forcer_garde_une_copie(racine: Path) -> None:
    poser_une_version(racine, b"un")
    (racine / RELATIF).write_bytes(b"une main est passee")
    assert poser_une_version(racine, b"deux", forcer=True).statut == "remplace"
    copies = list((racine / ".cpomdocs" / "sauvegardes").iterdir())
    assert [c.read_bytes() for c in copies] == [b"une main est passee"]


def test_etat_perdu_les_documents_identiques_sont_adoptes_les_autres_gardes(racine: Path) -> None:
    poser_une_version(racine, b"un")
    (racine / ".cpomdocs" / FICHIER).unlink()
    assert poser_une_version(racine, b"un").statut == "inchange"
    (racine / ".cpomdocs" / FICHIER).unlink()
    assert poser_une_version(racine, b"deux").statut == "conflit"


def test_etat_abime_repart_de_zero(racine: Path) -> None:
    poser_une_version(racine, b"un")
    (racine / ".cpomdocs" / FICHIER).write_bytes(b"ceci n'est pas une base" * 100)
    assert poser_une_version(racine, b"un").statut == "inchange"


def test_coupure_entre_l_ecriture_et_la_confirmation(racine: Path) -> None:
    """L’empreinte prévue est notée d’abord : le fichier écrit n’est pas pris pour un travail à la main."""
    with ouvrir_etat(racine / ".cpomdocs") as etat:
        etat.prevoir("fiche/EHPAD1", RELATIF, empreinte(b"un"))
    (racine / RELATIF).parent.mkdir(parents=True)
    (racine / RELATIF).write_bytes(b"un")
    assert poser_une_version(racine, b"deux").statut == "remplace"


def test_document_ouvert_dans_excel(racine: Path) -> None:
    poser_une_version(racine, b"un")
    (racine / "sorties/EHPAD1/~$fiche.xlsx").write_bytes(b"")
    depot = poser_une_version(racine, b"deux")
    assert (depot.statut, (racine / RELATIF).read_bytes()) == ("verrouille", b"un")


def test_aucun_fichier_provisoire_ne_reste(racine: Path) -> None:
    poser_une_version(racine, b"un")
    assert [p.name for p in (racine / "sorties/EHPAD1").iterdir()] == ["fiche.xlsx"]


def test_l_etat_n_est_lisible_que_de_son_proprietaire(racine: Path) -> None:
    poser_une_version(racine, b"un")
    assert (racine / ".cpomdocs" / FICHIER).stat().st_mode & 0o077 == 0


def test_prevoir_n_ecrit_rien(racine: Path) -> None:
    with ouvrir_etat(racine / ".cpomdocs") as etat:
        assert prevoir_depot(racine, "c", RELATIF, b"un", etat) == "serait créé"
    assert not (racine / "sorties").exists()


@pytest.mark.parametrize(
    "nom",
    [
        "",
        "  ",
        "../../x",
        "a/b",
        "a\\b",
        "CON",
        "con.xlsx",
        "LPT1",
        "a:b",
        "fin.",
        "fin ",
        "a\x00b",
        "x" * 130,
        "a\u202eb",
    ],
)
def test_noms_refuses(nom: str) -> None:
    assert defaut_du_nom(nom) is not None


@pytest.mark.parametrize("nom", ["EHPAD1", "Résidence de l’Étang", "2026_990000014_fiche.xlsx", "Conseil"])
def test_noms_admis(nom: str) -> None:
    assert defaut_du_nom(nom) is None


def test_collision_de_casse_et_d_accents() -> None:
    assert cle_de_collision("sorties/ÉTANG/a.xlsx") == cle_de_collision("sorties/etang/A.xlsx")


@given(st.text(max_size=30))
def test_un_nom_admis_reste_dans_son_repertoire(nom: str) -> None:
    if defaut_du_nom(nom) is None:
        base = Path("/racine/sorties")
        assert (base / nom).parent == base and (base / nom).name == nom


def test_le_voisin_change_a_la_main_n_est_jamais_ecrase(racine: Path) -> None:
    poser_une_version(racine, b"un")
    (racine / RELATIF).write_bytes(b"une main")
    premier = poser_une_version(racine, b"deux").chemin_conflit
    premier.write_bytes(b"une main dans le voisin")
    second = poser_une_version(racine, b"trois").chemin_conflit
    assert premier.read_bytes() == b"une main dans le voisin"
    assert (second.name, second.read_bytes()) == ("fiche.nouveau-2.xlsx", b"trois")
    assert poser_une_version(racine, b"quatre").chemin_conflit == second
    assert second.read_bytes() == b"quatre"


def test_le_conflit_leve_la_version_posee_a_cote_s_en_va(racine: Path) -> None:
    poser_une_version(racine, b"un")
    (racine / RELATIF).write_bytes(b"une main")
    voisin = poser_une_version(racine, b"deux").chemin_conflit
    assert poser_une_version(racine, b"deux", forcer=True).statut == "remplace"
    assert not voisin.exists()
    assert (racine / RELATIF).read_bytes() == b"deux"
