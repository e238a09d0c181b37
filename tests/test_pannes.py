"""Les pannes, pour de vrai : coupure, disque plein, droits retirés, fichier ouvert, horloge, état perdu.

Après chacune, fichier par fichier : rien d’abîmé, rien de perdu, et la passe suivante finit le travail.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import openpyxl
import pytest

from cpomdocs import generer
from cpomdocs.cli import executer
from cpomdocs.ecriture.etat import FICHIER
from cpomdocs.erreurs import ErreurClasseur, ErreurCpomdocs
from cpomdocs.rapport import Rapport
from cpomdocs.veille.attentes import Delais
from cpomdocs.veille.veilleur import Veilleur
from outils.coupures import classeurs, dossier_d_epreuve, releve

COUPURES = 20
"""« make endurance » en fait deux cents."""
ALPHA = "sorties/E1/010001436_alpha.xlsx"
POSIX = os.name == "posix"


@pytest.fixture(scope="module")
def versions() -> list[bytes]:
    return classeurs()


@pytest.fixture(scope="module")
def produit(tmp_path_factory: pytest.TempPathFactory, versions: list[bytes]) -> Path:
    """Un dossier de trois documents déjà produits, que personne ne touche."""
    return preparer(tmp_path_factory.mktemp("produit") / "dossier", versions[0])


@pytest.fixture(scope="module")
def voulus(tmp_path_factory: pytest.TempPathFactory, versions: list[bytes]) -> dict[str, str]:
    """Ce que la dernière version des données donne dans un dossier sans histoire."""
    return releve(preparer(tmp_path_factory.mktemp("temoin") / "dossier", versions[2]))


@pytest.fixture
def dossier(tmp_path: Path, produit: Path) -> Path:
    return copier(produit, tmp_path / "dossier")


def copier(produit: Path, ou: Path) -> Path:
    return Path(shutil.copytree(produit, ou))


def preparer(dossier: Path, classeur: bytes) -> Path:
    dossier_d_epreuve(dossier)
    donner(dossier, classeur)
    assert statuts(generer(dossier)) == {"cree"}
    return dossier


def donner(dossier: Path, classeur: bytes) -> None:
    (dossier / "classeur-maitre.xlsx").write_bytes(classeur)


def statuts(rapport: Rapport) -> set[str]:
    return {d.statut for d in rapport.documents}


def nom_dans(document: Path) -> object:
    return openpyxl.load_workbook(document)["Fiche"]["B2"].value


@pytest.mark.skipif(not hasattr(os, "fork"), reason="il faut « fork » pour tuer une génération")
def test_une_generation_tuee_n_abime_et_ne_perd_rien() -> None:
    programme = [sys.executable, "-m", "outils.coupures", str(COUPURES), str(time.time_ns() % 1000)]
    fini = subprocess.run(programme, capture_output=True, text=True, encoding="utf-8", check=False)
    assert fini.returncode == 0, fini.stdout + fini.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="les enfants d’un processus se lisent dans /proc")
def test_un_programme_tue_ne_laisse_pas_de_travailleurs(dossier: Path) -> None:
    programme = [sys.executable, "-m", "cpomdocs", "generer", str(dossier), "--forcer", "--travailleurs", "2"]
    with subprocess.Popen(programme, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as principal:
        enfants: list[str] = []
        while principal.poll() is None and len(enfants) < 2:
            enfants = Path(f"/proc/{principal.pid}/task/{principal.pid}/children").read_text().split()
        principal.kill()
    assert enfants
    attendre(lambda: not any(vivant(enfant) for enfant in enfants))
    assert statuts(generer(dossier)) <= {"inchange", "remplace"}


def vivant(processus: str) -> bool:
    """Vrai si ce processus tourne encore ; fini, il peut attendre qu’on relève son code de sortie."""
    try:
        etat = Path(f"/proc/{processus}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return etat not in "ZX"


@contextmanager
def petit_disque(point: Path, taille: str) -> Iterator[Path]:
    """Un système de fichiers de cette taille, en mémoire ; sans lui, l’essai est passé."""
    point.mkdir()
    monter = ["mount", "-t", "tmpfs", "-o", f"size={taille}", "tmpfs", str(point)]
    prefixe = [] if POSIX and os.geteuid() == 0 else ["sudo", "-n"]
    if sys.platform != "linux" or shutil.which((prefixe or monter)[0]) is None:
        pytest.skip("pas de petit disque sur ce système")
    if subprocess.run([*prefixe, *monter], capture_output=True, check=False).returncode:
        pytest.skip("monter un petit disque demande des droits d’administration")
    try:
        subprocess.run([*prefixe, "chmod", "777", str(point)], check=True)
        yield point
    finally:
        subprocess.run([*prefixe, "umount", "-l", str(point)], check=True)


@pytest.mark.parametrize("libre", [0, 16_384, 98_304], ids=lambda libre: f"{libre // 1024} Ko libres")
def test_disque_plein(
    tmp_path: Path, produit: Path, versions: list[bytes], voulus: dict[str, str], libre: int
) -> None:
    with petit_disque(tmp_path / "disque", "4m") as disque:
        dossier = copier(produit, disque / "dossier")
        avant = releve(dossier)
        donner(dossier, versions[2])
        lest = remplir(disque, libre)
        try:
            rapport = generer(dossier)
        except ErreurCpomdocs as erreur:
            assert "place" in str(erreur)
        else:
            assert "erreur" in statuts(rapport)
            dits = [a.message + str(a.remede) for a in rapport.anomalies if a.code in ("EC-01", "EC-02")]
            assert dits and all("place" in dit for dit in dits)
        apres = releve(dossier)
        assert apres.keys() == avant.keys()
        assert all(apres[c] in (avant[c], voulus[c]) for c in apres if not c.endswith("controle.xlsx"))
        lest.unlink()
        assert statuts(generer(dossier)) <= {"remplace", "inchange"}
        assert releve(dossier) == voulus


def test_la_veille_finit_quand_la_place_revient(
    tmp_path: Path, produit: Path, versions: list[bytes], voulus: dict[str, str]
) -> None:
    with petit_disque(tmp_path / "disque", "4m") as disque:
        dossier = copier(produit, disque / "dossier")
        donner(dossier, versions[2])
        lest = remplir(disque, 16_384)
        lignes: list[str] = []
        delais = Delais(calme=0.1, pas=0.03, ronde=0.3, reprise=0.3, reprise_maximale=0.5)
        veilleur = Veilleur(dossier, lignes.append, avertir=lambda texte: None, delais=delais)
        fil = threading.Thread(target=veilleur.veiller)
        fil.start()
        try:
            attendre(lambda: any("non produit" in ligne or "place" in ligne for ligne in lignes))
            lest.unlink()
            attendre(lambda: releve(dossier) == voulus)
        finally:
            veilleur.arreter()
            fil.join(30)


def attendre(condition: Callable[[], bool]) -> None:
    limite = time.monotonic() + 40
    while not condition():
        assert time.monotonic() < limite
        time.sleep(0.05)


def remplir(disque: Path, libre: int) -> Path:
    """Remplit le disque, à `libre` octets près."""
    lest = disque / "lest"
    with lest.open("wb") as flux:
        flux.truncate(0)
        place = shutil.disk_usage(disque).free - libre
        flux.write(b"\0" * max(place, 0))
    return lest


def test_un_disque_en_lecture_seule(tmp_path: Path, produit: Path, versions: list[bytes]) -> None:
    with petit_disque(tmp_path / "disque", "4m") as disque:
        if os.geteuid() != 0:
            pytest.skip("remonter un disque en lecture seule demande des droits d’administration")
        dossier = copier(produit, disque / "dossier")
        donner(dossier, versions[2])
        avant = releve(dossier)
        subprocess.run(["mount", "-o", "remount,ro", str(disque)], check=True)
        with pytest.raises(ErreurCpomdocs, match="lecture seule"):
            generer(dossier)
        assert executer(["generer", str(dossier)]) == 2
        assert releve(dossier) == avant


@contextmanager
def interdit(repertoire: Path) -> Iterator[None]:
    """Un répertoire où rien ne peut être écrit, même par l’administrateur."""
    if not POSIX:
        pytest.skip("droits de Windows")
    if os.geteuid() != 0:
        repertoire.chmod(0o555)
        yield
        repertoire.chmod(0o755)
        return
    if (
        shutil.which("chattr") is None
        or subprocess.run(["chattr", "+i", str(repertoire)], check=False).returncode
    ):
        pytest.skip("l’administrateur écrit partout, et ce disque ne connaît pas « chattr +i »")
    try:
        yield
    finally:
        subprocess.run(["chattr", "-i", str(repertoire)], check=True)


def test_un_repertoire_protege_n_arrete_que_ses_documents(
    dossier: Path, versions: list[bytes], voulus: dict[str, str]
) -> None:
    avant = releve(dossier)
    donner(dossier, versions[2])
    with interdit(dossier / "sorties" / "E1"):
        rapport = generer(dossier)
        assert statuts(rapport) == {"verrouille"}
        assert all("protégé" in str(d.message) for d in rapport.documents)
        presents = releve(dossier)
        assert {c: e for c, e in presents.items() if c != "sorties/controle.xlsx"} == {
            c: e for c, e in avant.items() if c != "sorties/controle.xlsx"
        }
    assert statuts(generer(dossier)) == {"remplace"}
    assert releve(dossier) == voulus


OFFICE = b"\x0eMarie Dupont-L" + b" " * 40 + "Marie Dupont-Lé".encode("utf-16-le") + b" " * 20


@pytest.mark.parametrize(
    ("verrou", "contenu", "qui"),
    [
        ("~$010001436_alpha.xlsx", OFFICE, "ouvert par Marie Dupont-L"),
        ("~$0001436_alpha.xlsx", b"", "est ouvert :"),
        (".~lock.010001436_alpha.xlsx#", "Zoé P,zoe,poste,22.11.2026 09:12;".encode(), "ouvert par Zoé P"),
        (".~lock.010001436_alpha.xlsx#", b",zoe,poste,22.11.2026 09:12,profil;", "ouvert par zoe"),
    ],
)  # fmt: skip
def test_un_document_ouvert_est_nomme_puis_refait(
    dossier: Path, versions: list[bytes], voulus: dict[str, str], verrou: str, contenu: bytes, qui: str
) -> None:
    donner(dossier, versions[2])
    ferme = dossier / "sorties" / "E1" / verrou
    ferme.write_bytes(contenu)
    rapport = generer(dossier)
    ouvert = next(d for d in rapport.documents if d.chemin == ALPHA)
    assert (ouvert.statut, rapport.code_sortie) == ("verrouille", 1)
    assert qui in str(ouvert.message)
    assert nom_dans(dossier / ALPHA) == "Les Lilas"
    assert statuts(rapport) == {"verrouille", "remplace"}
    ferme.unlink()
    assert statuts(generer(dossier)) == {"remplace", "inchange"}
    assert releve(dossier) == voulus


def test_deux_generations_en_meme_temps(dossier: Path, versions: list[bytes], voulus: dict[str, str]) -> None:
    donner(dossier, versions[2])
    commande = [sys.executable, "-m", "cpomdocs", "generer", str(dossier)]
    milieu = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    lances = [
        subprocess.Popen(commande, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=milieu)
        for _ in range(2)
    ]
    dits = [processus.communicate(timeout=120)[0] for processus in lances]
    assert all("non produit" not in dit and "modifié à la main" not in dit for dit in dits)
    assert sorted("mis à jour" in dit for dit in dits) == [False, True]
    assert releve(dossier) == voulus


@pytest.mark.parametrize("sens", [-1, 1], ids=["recule", "avance"])
def test_une_horloge_fausse(dossier: Path, versions: list[bytes], voulus: dict[str, str], sens: int) -> None:
    """Le classeur est enregistré des années avant, ou après, les documents qu’il change."""
    ans = 20 * 365 * 86_400
    for fichier in [*(dossier / "sorties").rglob("*"), *(dossier / ".cpomdocs").iterdir()]:
        os.utime(fichier, (time.time() - sens * ans,) * 2)
    assert statuts(generer(dossier)) == {"inchange"}
    donner(dossier, versions[2])
    os.utime(dossier / "classeur-maitre.xlsx", (time.time() + sens * ans,) * 2)
    assert statuts(generer(dossier)) == {"remplace"}
    assert releve(dossier) == voulus


LONG = "dossier " + "très long " * 19 + "fin"
NOMS = [
    "Dossier d’été & co",
    unicodedata.normalize("NFD", "Établissements réunis"),
    "l'apostrophe",
    "# 100 % ; $x",
    LONG,
]


@pytest.mark.parametrize("nom", NOMS, ids=["espaces", "NFD", "apostrophe", "signes", "200"])
def test_des_chemins_de_toutes_sortes(tmp_path: Path, versions: list[bytes], nom: str) -> None:
    dossier = tmp_path / nom
    dossier_d_epreuve(dossier)
    donner(dossier, versions[0])
    assert executer(["generer", str(dossier), "--json"]) in (0, 1)
    assert nom_dans(dossier / ALPHA) == "Les Lilas"
    donner(dossier, versions[2])
    assert statuts(generer(dossier)) == {"remplace"}
    assert statuts(generer(dossier)) == {"inchange"}


@pytest.mark.parametrize("formes", [("NFC", "NFD"), ("NFD", "NFC")], ids="-".join)
def test_un_nom_de_classeur_accentue_autrement(dossier: Path, formes: tuple[str, str]) -> None:
    """Le nom tapé dans les réglages, et celui du fichier venu d’un autre système."""
    tape, ecrit = (unicodedata.normalize(forme, "données d’été.xlsx") for forme in formes)
    (dossier / "classeur-maitre.xlsx").rename(dossier / ecrit)
    (dossier / "cpomdocs.toml").write_text(f'classeur = "{tape}"\n', encoding="utf-8")
    assert statuts(generer(dossier)) == {"inchange"}


def test_un_classeur_a_moitie_ecrit_ne_touche_a_rien(dossier: Path, versions: list[bytes]) -> None:
    avant = releve(dossier)
    for part in (1, len(versions[2]) // 2, len(versions[2]) - 1):
        donner(dossier, versions[2][:part])
        with pytest.raises(ErreurClasseur):
            generer(dossier)
        assert releve(dossier) == avant
    donner(dossier, versions[2])
    assert statuts(generer(dossier)) == {"remplace"}


def abimer(etat: Path, debut: int) -> None:
    with etat.open("r+b") as flux:
        flux.seek(debut)
        flux.write(os.urandom(etat.stat().st_size - debut))


@pytest.mark.parametrize("degat", ["efface", "vide", "texte", "milieu", "coupe"])
def test_un_etat_perdu_ou_abime(
    dossier: Path, versions: list[bytes], voulus: dict[str, str], degat: str
) -> None:
    etat, avant = dossier / ".cpomdocs" / FICHIER, releve(dossier)
    if degat == "efface":
        etat.unlink()
    elif degat == "vide":
        etat.write_bytes(b"")
    elif degat == "texte":
        etat.write_bytes(b"ceci n'est pas une base" * 400)
    elif degat == "milieu":
        abimer(etat, 4096 * 5)
    else:
        os.truncate(etat, etat.stat().st_size // 2)
    assert statuts(generer(dossier)) == {"inchange"}
    assert releve(dossier) == avant
    donner(dossier, versions[2])
    suite = statuts(generer(dossier))
    if degat == "milieu":  # ce qui est abîmé n’est parfois lu qu’à cette passe : elle compare, sans écraser
        suite = statuts(generer(dossier, forcer=True))
    assert suite <= {"remplace", "inchange"}
    assert releve(dossier) == voulus


def test_un_etat_perdu_ne_fait_rien_ecraser(dossier: Path, versions: list[bytes]) -> None:
    """Sans état, un document qui diffère est peut-être un travail à la main : il reste."""
    avant = releve(dossier)
    (dossier / ".cpomdocs" / FICHIER).unlink()
    donner(dossier, versions[2])
    assert statuts(generer(dossier)) == {"conflit"}
    presents = releve(dossier)
    assert {c: presents[c] for c in avant if c != "sorties/controle.xlsx"}.items() <= avant.items()
    assert sum(".nouveau." in c for c in presents) == 3
    assert statuts(generer(dossier, forcer=True)) == {"remplace"}
    assert not any(".nouveau." in c for c in releve(dossier))
