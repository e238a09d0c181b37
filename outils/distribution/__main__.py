"""`make distribution` : un zip par système, cpomdocs et toutes ses roues, à installer sans réseau."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

ICI = Path(__file__).parent
RACINE = ICI.parents[1]
VERSIONS = ("3.11", "3.12", "3.13")
SYSTEMES: dict[str, tuple[str, ...]] = {
    "windows": ("win_amd64",),
    "macos": ("macosx_11_0_arm64", "macosx_12_0_arm64", "macosx_14_0_arm64"),
}
"""Les étiquettes de plateforme de chaque système, telles que pip les nomme."""
EXTRAS = "recalcul,graphiques"
_EXECUTABLE = 0o755 << 16
_ORDINAIRE = 0o644 << 16
_DATE = (2026, 1, 1, 0, 0, 0)


def main(systemes: Sequence[str]) -> None:
    """Fabrique les zips demandés dans `dist/`. Lève `SystemExit` si une roue manque pour un système."""
    destination = RACINE / "dist"
    destination.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as provisoire:
        roue = _construire(Path(provisoire) / "roue")
        for systeme in systemes or tuple(SYSTEMES):
            roues = Path(provisoire) / systeme
            _telecharger(roue, systeme, roues)
            zip_ = destination / f"cpomdocs-{systeme}.zip"
            _assembler(systeme, roues, zip_)
            print(f"{zip_.relative_to(RACINE)} : {zip_.stat().st_size / 1e6:.0f} Mo")


def _construire(repertoire: Path) -> Path:
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", str(repertoire), str(RACINE)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return next(repertoire.glob("cpomdocs-*.whl"))


def _telecharger(roue: Path, systeme: str, roues: Path) -> None:
    """Les roues de cpomdocs et de ses dépendances, pour chaque version de Python, aux versions figées."""
    for version in VERSIONS:
        commande = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        commande += ["--only-binary=:all:", "--implementation", "cp", "--python-version", version]
        commande += [mot for etiquette in SYSTEMES[systeme] for mot in ("--platform", etiquette)]
        commande += [
            "--constraint",
            str(RACINE / "constraints.txt"),
            "--dest",
            str(roues),
            f"{roue}[{EXTRAS}]",
        ]
        if subprocess.run(commande, check=False).returncode:
            raise SystemExit(f"Une roue manque pour {systeme}, Python {version}.")


def _assembler(systeme: str, roues: Path, cible: Path) -> None:
    """Le zip : scripts à la racine, lanceurs, roues. Mêmes fichiers, mêmes octets."""
    with zipfile.ZipFile(cible, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom, octets in [*_scripts(systeme), *_fichiers(roues, "roues")]:
            notice = zipfile.ZipInfo(f"cpomdocs/{nom}", _DATE)
            notice.external_attr = _EXECUTABLE if nom.endswith(".command") else _ORDINAIRE
            notice.compress_type = zipfile.ZIP_STORED if nom.endswith(".whl") else zipfile.ZIP_DEFLATED
            archive.writestr(notice, octets)


def _scripts(systeme: str) -> Iterator[tuple[str, bytes]]:
    """Les scripts d’un système ; ceux de Windows avec ses fins de ligne."""
    for nom, octets in _fichiers(ICI / systeme, ""):
        yield nom, octets.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") if systeme == "windows" else octets
    yield "LISEZMOI.txt", (ICI / f"{systeme}.txt").read_bytes()


def _fichiers(repertoire: Path, sous: str) -> Iterator[tuple[str, bytes]]:
    for fichier in sorted(repertoire.rglob("*")):
        if fichier.is_file():
            relatif = fichier.relative_to(repertoire).as_posix()
            yield (f"{sous}/{relatif}" if sous else relatif), fichier.read_bytes()


if __name__ == "__main__":
    main(sys.argv[1:])
