"""Le tableau de bord : une page qui se suffit, dont rien ne sort et où rien n’est exécuté."""

from __future__ import annotations

import datetime
import io
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import matplotlib.image
import pytest
from fabriques import des_donnees, poser_classeur, poser_formulaire

from cpomdocs.cli import executer
from cpomdocs.demo import dossier_de_demonstration
from cpomdocs.modeles import Dossier
from cpomdocs.modeles.entites.contrat import Jalon
from cpomdocs.modeles.entites.identite import Etablissement
from cpomdocs.rapport import Anomalie, DocumentProduit, Rapport
from cpomdocs.tableau.page import en_page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Lecteur(HTMLParser):
    """Le texte visible et les balises d’une page."""

    def __init__(self) -> None:
        super().__init__()
        self.textes: list[str] = []
        self.balises: set[str] = set()
        self._style = False

    def handle_starttag(self, balise: str, attributs: list[tuple[str, str | None]]) -> None:
        self.balises.add(balise)
        self._style = balise == "style"

    def handle_data(self, texte: str) -> None:
        if not self._style:
            self.textes.append(texte)


def lire(page: bytes) -> tuple[str, set[str]]:
    lecteur = Lecteur()
    lecteur.feed(page.decode())
    return " ".join(" ".join(lecteur.textes).split()), lecteur.balises


def document(formulaire: str, etablissement: str | None, remplies: int, manquantes: int) -> DocumentProduit:
    return DocumentProduit(
        cle=f"{formulaire}/{etablissement}",
        formulaire=formulaire,
        etablissement=etablissement,
        chemin="x",
        statut="a_blanc",
        cases_remplies=remplies,
        cases_manquantes=manquantes,
    )


def test_la_demonstration_a_toutes_ses_parties() -> None:
    rapport = Rapport(documents=[document("fiche", "EHPAD", 9, 1)]).conclure()
    vu, balises = lire(en_page(dossier_de_demonstration(), rapport))
    for titre in (
        "Où en est la démarche",
        "Rétroplanning",
        "Données prêtes",
        "Contrôle",
        "Scénarios",
        "Objectifs",
    ):
        assert titre in vu
    assert "90 %" in vu and "Diagnostic 2 sur 5" in vu
    assert "Moyens constants (retenu)" in vu
    assert "svg" in balises and "script" not in balises
    assert "None" not in vu


def test_la_page_n_appelle_rien_au_dehors_et_ne_change_pas() -> None:
    page = en_page(dossier_de_demonstration(), Rapport())
    assert page == en_page(dossier_de_demonstration(), Rapport())
    liens = re.findall(rb'(?:src|href|url)\s*[=(]\s*["\']?([^"\')>\s]+)', page)
    assert [lien for lien in liens if not lien.startswith(b"#")] == []


def test_un_texte_hostile_reste_un_texte() -> None:
    dossier = Dossier(
        gestionnaire={"raison_sociale": "<script>alert(1)</script>"},
        jalons=[
            Jalon(
                etape="<img src=x onerror=alert(2)>",
                phase="diagnostic",
                date_debut=datetime.date(2026, 1, 1),
                date_fin_prevue=datetime.date(2026, 2, 1),
            )
        ],
        objectifs=[{"numero": "1", "objectif_general": "<b>gras</b>"}],
        indicateurs=[{"objectif": "1", "code": "I", "libelle": "<i>x</i>"}],
    )
    anomalie = Anomalie(code="X-1", gravite="bloquante", message="</table><script>alert(3)</script>")
    page = en_page(dossier, Rapport(anomalies=[anomalie]).conclure())
    vu, balises = lire(page)
    assert not {"script", "img", "b", "i"} & (balises - {"i"}) and b"<i>x" not in page
    assert "<script>alert(1)</script>" in vu and "<b>gras</b>" in vu and "<i>x</i>" in vu


def test_un_dossier_vide_donne_une_page_sans_partie_vide() -> None:
    vu, balises = lire(en_page(Dossier(), Rapport()))
    assert "Aucune anomalie." in vu and "svg" not in balises
    assert "Scénarios" not in vu and "Rétroplanning" not in vu


def test_la_commande_l_ecrit_dans_les_sorties(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    poser_classeur(tmp_path, des_donnees(Etablissement(code="A", nom="Les Chênes")))
    poser_formulaire(tmp_path, "fiche", '[cases]\n"Fiche!B2" = "etablissement.nom"\n')
    assert executer(["tableau", str(tmp_path)]) == 0
    vu, _ = lire((tmp_path / "sorties" / "tableau.html").read_bytes())
    assert "Association fictive" in vu and "100 %" in vu
    assert "tableau.html" in capsys.readouterr().out


def test_la_commande_rend_aussi_son_controle_en_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    poser_classeur(tmp_path, des_donnees(Etablissement(code="A")))
    poser_formulaire(tmp_path, "fiche", '[cases]\n"Fiche!B2" = "etablissement.nom"\n')
    assert executer(["tableau", str(tmp_path), "--json"]) == 0
    releve = json.loads(capsys.readouterr().out)
    assert Path(releve["chemin"]) == tmp_path / "sorties" / "tableau.html"
    manques = [a for a in releve["rapport"]["anomalies"] if a["champ"] == "etablissement.nom"]
    assert manques and manques[0]["sources"]


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium n’est pas installé")
def test_la_page_s_affiche_dans_un_navigateur(tmp_path: Path) -> None:
    page = tmp_path / "tableau.html"
    page.write_bytes(en_page(dossier_de_demonstration(), Rapport()))
    image = tmp_path / "vue.png"
    commande = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    commande += [f"--user-data-dir={tmp_path / 'profil'}", "--window-size=1200,2600", f"--screenshot={image}"]
    subprocess.run([*commande, page.as_uri()], check=True, capture_output=True, timeout=120)
    pixels = matplotlib.image.imread(io.BytesIO(image.read_bytes()))[..., :3]
    assert pixels.shape[:2] == (2600, 1200)
    encre = (pixels.min(axis=2) < 0.6).mean(axis=1)
    assert (encre > 0.005).mean() > 0.3
    # Rien ne dépasse à droite : les quatre derniers pixels sont ceux du fond, sous l’en-tête.
    assert pixels[200:, -4:].std() < 0.02
