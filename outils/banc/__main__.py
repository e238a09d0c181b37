"""Le banc d’essai : `python -m outils.banc [-n TOURS]`. Les rapports comptent, pas les durées."""

from __future__ import annotations

import argparse
import platform
import tempfile
import time
from pathlib import Path

from outils.banc import classeurs, couloir, documents, echelle, lectures

_TOURS = 9
_PARTIES = {
    "excel": classeurs.mesurer,
    "lecture": lectures.mesurer,
    "word": documents.mesurer,
    "couloir": couloir.mesurer,
    "echelle": echelle.mesurer,
}


def _lire_demande() -> argparse.Namespace:
    lecteur = argparse.ArgumentParser(prog="python -m outils.banc", description=__doc__)
    lecteur.add_argument("-n", "--tours", type=int, default=_TOURS, help="tours de mesure (médiane)")
    lecteur.add_argument(
        "--etablissements", type=int, nargs="+", default=[5, 100], help="tailles des dossiers de « echelle »"
    )
    lecteur.add_argument(
        "--demarche", action="store_true", help="« echelle » : avec les documents internes de la démarche"
    )
    lecteur.add_argument("parties", nargs="*", choices=[*_PARTIES, []], help="toutes par défaut")
    return lecteur.parse_args()


def principal() -> None:
    """Imprime les tableaux, en Markdown."""
    demande = _lire_demande()
    debut = time.perf_counter()
    print(
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()} ; "
        f"wolfxl {classeurs.version_de_wolfxl()} ; médianes de {demande.tours} tours, temps de processeur."
    )
    with tempfile.TemporaryDirectory(prefix="cpomdocs-banc-") as dossier:
        for partie in demande.parties or _PARTIES:
            echelle_voulue = {"tailles": demande.etablissements, "demarche": demande.demarche}
            options = echelle_voulue if partie == "echelle" else {}
            print(_PARTIES[partie](Path(dossier), demande.tours, **options), flush=True)
    print(f"\nBanc terminé en {time.perf_counter() - debut:.0f} s.")


if __name__ == "__main__":
    principal()
