"""L’archive : ce qui est refusé l’est en une phrase, ce qui n’est pas remplacé est recopié tel quel."""

from __future__ import annotations

import io
import struct
import time
import zipfile
import zlib

import pytest
from fabrique_excel import CLASSEUR, ENTETE, FEUILLE, REELS, brut, formulaire, parties
from hypothesis import given, settings
from hypothesis import strategies as st

from cpomdocs.erreurs import ErreurFichier
from cpomdocs.office import gardes
from cpomdocs.office.archive import lire_archive

SIMPLE = brut(ENTETE + "<sheetData/></worksheet>")
ATTENDUS = {
    "54764.xlsx": "DTD",
    "59746_NoRowNums.xlsx": None,
    "ExternalEntityInText.docx": "DTD",
    "Zip-Windows-Directory-Separator.xlsx": None,
    "encrypted.xlsx": "chiffré par un mot de passe",
    "invalid.xlsx": "zip vide",
    "issue252.xlsx": "abîmé",
    "nonstandard-xml-ns-prefix.xlsx": None,
    "poc-xmlbomb-empty.xlsx": "est vide",
    "poc-xmlbomb.xlsx": "DTD",
    "~$LoadPivotTables.xlsx": "verrou",
}


@pytest.mark.skipif(not REELS.exists(), reason="les fichiers réels ne sont pas là")
@pytest.mark.parametrize("nom", ATTENDUS)
def test_chaque_fichier_hostile_est_lu_ou_refuse_en_une_phrase(nom: str) -> None:
    debut = time.perf_counter()
    if ATTENDUS[nom] is None:
        archive = lire_archive(REELS / "hostiles" / nom)
        assert archive.recomposer({}) == archive.octets
    else:
        with pytest.raises(ErreurFichier, match=ATTENDUS[nom]) as refus:
            lire_archive(REELS / "hostiles" / nom)
        assert nom in refus.value.message
        assert refus.value.remede
    assert time.perf_counter() - debut < 1


@pytest.mark.skipif(not REELS.exists(), reason="les fichiers réels ne sont pas là")
@pytest.mark.parametrize(
    "chemin", sorted(p for p in REELS.rglob("*/*") if p.parent.name in ("excel", "word"))
)
def test_une_partie_remplacee_laisse_les_autres_identiques(chemin: object) -> None:
    archive = lire_archive(chemin)  # type: ignore[arg-type]
    nom = archive.noms[-1]
    nouveau = archive.recomposer({nom: archive.lire(nom) + b" "})
    relue = lire_archive(nouveau)
    assert relue.noms == archive.noms
    assert [n for n in archive.noms if relue.brut(n) != archive.brut(n)] == [nom]
    assert relue.lire(nom) == archive.lire(nom) + b" "
    dates = [
        [i.date_time for i in zipfile.ZipFile(io.BytesIO(o)).infolist()] for o in (archive.octets, nouveau)
    ]
    assert dates[0] == dates[1]


def test_les_descripteurs_de_donnees_sont_recopies() -> None:
    class SansRetour(io.RawIOBase):
        """Un flux où l’on ne revient pas en arrière : le zip y met ses sommes après les données."""

        def __init__(self) -> None:
            self.tampon = b""

        def writable(self) -> bool:
            return True

        def write(self, octets: object) -> int:
            self.tampon += bytes(octets)  # type: ignore[call-overload]
            return len(bytes(octets))  # type: ignore[call-overload]

    flux = SansRetour()
    with zipfile.ZipFile(flux, "w", zipfile.ZIP_DEFLATED) as zip_:  # type: ignore[arg-type]
        for nom, contenu in parties(SIMPLE).items():
            zip_.writestr(nom, contenu)
    archive = lire_archive(flux.tampon)
    assert archive.recomposer({}) == flux.tampon
    relue = lire_archive(archive.recomposer({FEUILLE: b"<a/>"}, {"xl/média.bin": b"\0" * 9}))
    assert relue.lire(FEUILLE) == b"<a/>"
    assert relue.lire("xl/média.bin") == b"\0" * 9
    assert relue.noms[:-1] == archive.noms
    assert parties(relue.octets)["xl/workbook.xml"] == CLASSEUR.encode()


def test_meme_entree_memes_octets() -> None:
    un, deux = (lire_archive(SIMPLE).recomposer({FEUILLE: b"<a>neuf</a>"}) for _ in range(2))
    assert un == deux != SIMPLE


@pytest.mark.parametrize("ecrit", ["/xl/workbook.xml", "xl\\workbook.xml", "XL/Workbook.xml"])
def test_les_noms_se_cherchent_sans_egard_a_leur_ecriture(ecrit: str) -> None:
    contenus = parties(SIMPLE)
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w") as zip_:
        for nom, contenu in contenus.items():
            notice = zipfile.ZipInfo("x")
            notice.filename = ecrit if nom == "xl/workbook.xml" else nom
            zip_.writestr(notice, contenu)
    archive = lire_archive(tampon.getvalue())
    assert archive.lire("xl/workbook.xml") == CLASSEUR.encode()
    assert ecrit.encode() in archive.recomposer({FEUILLE: b"<a/>"})


def _avec(nom: str, contenu: bytes, base: bytes = SIMPLE) -> bytes:
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as zip_:
        for autre, ancien in {**parties(base), nom: contenu}.items():
            zip_.writestr(autre, ancien)
    return tampon.getvalue()


CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
REFUSES = {
    "vide": (b"", "est vide"),
    "un texte": (b"Bonjour", "n’est pas un fichier Office"),
    "un zip qui n’est pas Office": (b"PK\x03\x04", "abîmé"),
    "chiffré": (CFB + "EncryptedPackage".encode("utf-16le"), "mot de passe"),
    "ancien .doc": (CFB + "WordDocument".encode("utf-16le"), r"ancien \.doc"),
    "ancien .xls": (CFB + "Workbook".encode("utf-16le"), r"ancien \.xls"),
    "signé": (_avec("_xmlsignatures/origin.sigs", b""), "signature"),
    "strict": (
        _avec(
            "_rels/.rels",
            parties(SIMPLE)["_rels/.rels"].replace(
                b"schemas.openxmlformats.org/officeDocument", b"purl.oclc.org/ooxml/officeDocument"
            ),
        ),
        "strict",
    ),
    "xlsb": (
        _avec(
            "[Content_Types].xml", b"<Types>application/vnd.ms-excel.sheet.binary.macroEnabled.main</Types>"
        ),
        "xlsb",
    ),
    "dtd": (_avec("xl/a.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "DTD"),
    "dtd en UTF-16": (_avec("xl/a.xml", '<?xml version="1.0"?><!DOCTYPE a><a/>'.encode("utf-16")), "DTD"),
    "dtd en UTF-16 sans marque": (_avec("xl/a.xml", "<!DOCTYPE a><a/>".encode("utf-16be")), "DTD"),
    "encodage rare": (
        _avec("xl/a.xml", b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE'),
        "encodage",
    ),
    "bombe": (_avec("xl/media/a.bin", b"\0" * 30_000_000), "démesuré"),
    "trop de parties": (
        b"PK\x03\x04" + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 20_000, 20_000, 0, 4, 0),
        "20000 parties",
    ),
}


@pytest.mark.parametrize("cas", REFUSES)
def test_ce_qui_est_refuse_l_est_en_une_phrase(cas: str) -> None:
    octets, phrase = REFUSES[cas]
    with pytest.raises(ErreurFichier, match=phrase) as refus:
        lire_archive(octets, "gabarit.xlsx")
    assert "gabarit.xlsx" in refus.value.message
    assert refus.value.message.endswith(".")
    assert refus.value.remede.endswith(".")


def test_un_fichier_absent_est_dit(tmp_path: object) -> None:
    with pytest.raises(ErreurFichier, match="introuvable"):
        lire_archive(tmp_path / "absent.xlsx")  # type: ignore[operator]


def test_deux_parties_de_meme_nom_sont_refusees() -> None:
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w") as zip_:
        for nom, contenu in parties(SIMPLE).items():
            zip_.writestr(nom, contenu)
        zip_.writestr("XL/workbook.xml", "<autre/>")
    with pytest.raises(ErreurFichier, match="même nom"):
        lire_archive(tampon.getvalue())


def test_une_taille_annoncee_trop_petite_arrete_la_decompression() -> None:
    """Le zip annonce 10 octets pour une partie qui en contient 60 millions."""
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as zip_:
        for nom, contenu in parties(SIMPLE).items():
            zip_.writestr(nom, contenu)
        zip_.writestr("xl/a.bin", b"\0" * 60_000_000)
    octets = bytearray(tampon.getvalue())
    vraie = struct.pack("<L", 60_000_000)
    for _ in range(2):
        place = octets.index(vraie)
        octets[place : place + 4] = struct.pack("<L", 10)
    debut = time.perf_counter()
    with pytest.raises(ErreurFichier, match="abîmé"):
        lire_archive(bytes(octets))
    assert time.perf_counter() - debut < 1


def test_des_parties_qui_se_chevauchent_sont_refusees() -> None:
    """La bombe sans récursion : plusieurs notices pour les mêmes octets."""
    octets = bytearray(SIMPLE)
    notices = [i for i in range(len(octets)) if octets[i : i + 4] == b"PK\x01\x02"]
    octets[notices[1] + 42 : notices[1] + 46] = octets[notices[0] + 42 : notices[0] + 46]
    with pytest.raises(ErreurFichier, match="abîmé"):
        lire_archive(bytes(octets))


@given(coupe=st.integers(min_value=0, max_value=len(SIMPLE) - 1))
def test_un_fichier_coupe_n_importe_ou_est_refuse(coupe: int) -> None:
    with pytest.raises(ErreurFichier):
        lire_archive(SIMPLE[:coupe])


@settings(max_examples=300, deadline=None)
@given(place=st.integers(min_value=0, max_value=len(SIMPLE) - 1), valeur=st.integers(0, 255))
def test_un_octet_abime_est_refuse_ou_sans_effet(place: int, valeur: int) -> None:
    octets = bytearray(SIMPLE)
    octets[place] = valeur
    try:
        archive = lire_archive(bytes(octets))
    except ErreurFichier:
        return
    attendues = {zlib.crc32(contenu) for contenu in parties(SIMPLE).values()}
    assert {zlib.crc32(archive.lire(nom)) for nom in archive.noms} <= attendues
    assert archive.recomposer({}) == bytes(octets)


def test_un_formulaire_riche_se_recompose_a_l_identique() -> None:
    archive = lire_archive(formulaire())
    assert archive.recomposer({}) == archive.octets


@pytest.mark.parametrize(("comprimee", "admise"), [(4 << 20, True), (1 << 20, False)])
def test_une_grande_feuille_est_admise_si_elle_pese_en_proportion(comprimee: int, admise: bool) -> None:
    """Cinquante mégaoctets de XML : le classeur d’un millier d’établissements, ou une bombe."""
    feuille = [("xl/worksheets/sheet1.xml", comprimee, 50 << 20)]
    if admise:
        gardes.verifier_tailles(feuille, "classeur.xlsx")
    else:
        with pytest.raises(ErreurFichier, match="démesuré"):
            gardes.verifier_tailles(feuille, "classeur.xlsx")
