"""La veille, sur de vrais fichiers vraiment enregistrés ; seuls les délais sont raccourcis."""

from __future__ import annotations

import io
import json
import os
import plistlib
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from fabriques import des_donnees, exige_libreoffice, poser_classeur, poser_formulaire
from openpyxl.styles import Font

from cpomdocs.erreurs import ErreurDossier
from cpomdocs.modeles.entites.identite import Etablissement
from cpomdocs.rapport import DocumentProduit, Rapport
from cpomdocs.veille.attentes import Delais
from cpomdocs.veille.demarrage import Session, lanceur
from cpomdocs.veille.empreinte import empreinte_des_donnees
from cpomdocs.veille.montages import genre_de_montage, genre_en_reseau, montages_linux, montages_mac
from cpomdocs.veille.notification import notifier
from cpomdocs.veille.veilleur import Veilleur

CASES = '[cases]\n"Fiche!B1" = "etablissement.finess_et"\n"Fiche!B2" = "etablissement.nom"\n'
VITE = Delais(calme=0.12, pas=0.03, ronde=0.3, sondage=0.1, patience=0.5, reprise=0.3, pouls=0.3)
LENT = 40.0
"""Secondes au-delà desquelles ce qu’on attend n’arrivera plus."""


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Le même classeur, où seul le nom de l’établissement change."""
    octets: dict[str, bytes] = {}
    for nom in ("Les Tilleuls", "Les Érables", "Les Ormes"):
        etablissement = Etablissement(code="E1", nom=nom, finess_et="010001436")
        chemin = poser_classeur(tmp_path_factory.mktemp("version"), des_donnees(etablissement))
        octets[nom] = chemin.read_bytes()
    return octets


class Scene:
    """Un dossier surveillé par un fil : ce que la veille dit, et les rapports de ses passes."""

    def __init__(self, dossier: Path, veilleur: type[Veilleur] = Veilleur, sondage: bool = False) -> None:
        self.dossier, self.classeur = dossier, dossier / "classeur-maitre.xlsx"
        self.lignes: list[str] = []
        self.bulles: list[str] = []
        self.rapports: list[Rapport] = []
        self.veilleur = veilleur(
            dossier,
            self.lignes.append,
            rendre=self.rapports.append,
            avertir=self.bulles.append,
            sondage=sondage,
            delais=VITE,
        )
        self._fil = threading.Thread(target=self.veilleur.veiller)

    def demarrer(self) -> Scene:
        self._fil.start()
        self.attendre(lambda: self.passes >= 0)
        return self

    def arreter(self) -> None:
        self.veilleur.arreter()
        self._fil.join(LENT)
        assert not self._fil.is_alive()

    @property
    def passes(self) -> int:
        """Les passes depuis celle du démarrage."""
        return len(self.rapports) - 1

    def attendre(self, condition: Callable[[], bool]) -> None:
        limite = time.monotonic() + LENT
        while not condition():
            assert time.monotonic() < limite, self.lignes
            time.sleep(0.01)

    def nom_produit(self) -> object:
        page = openpyxl.load_workbook(self.dossier / "sorties" / "E1" / "E1_fiche.xlsx")["Fiche"]
        return page["B2"].value

    def attendre_le_nom(self, nom: str, passes: int) -> None:
        """Attend les passes, vérifie le document, puis qu’aucune autre ne suit."""
        self.attendre(lambda: self.passes >= passes)
        time.sleep(1.7 * VITE.ronde)
        assert (self.nom_produit(), self.passes) == (nom, passes), self.lignes

    def rester_tranquille(self) -> None:
        avant = len(self.rapports)
        time.sleep(2.5 * VITE.ronde)
        assert len(self.rapports) == avant, self.lignes


@pytest.fixture
def dossier(tmp_path: Path, versions: dict[str, bytes]) -> Path:
    (tmp_path / "classeur-maitre.xlsx").write_bytes(versions["Les Tilleuls"])
    poser_formulaire(tmp_path, "fiche", CASES)
    return tmp_path


@pytest.fixture(params=[False, True], ids=["evenements", "sondage"])
def scene(dossier: Path, request: pytest.FixtureRequest) -> Iterator[Scene]:
    scene = Scene(dossier, sondage=request.param).demarrer()
    yield scene
    scene.arreter()


@pytest.fixture
def veille(dossier: Path) -> Iterator[Scene]:
    scene = Scene(dossier).demarrer()
    yield scene
    scene.arreter()


def lentement(chemin: Path, octets: bytes) -> None:
    """Écrit sur place, par morceaux, avec un arrêt plus long que le calme attendu."""
    tiers = len(octets) // 3
    with chemin.open("wb") as flux:
        for debut, pause in ((0, 0.05), (tiers, 2 * VITE.calme), (2 * tiers, 0.05)):
            flux.write(octets[debut : debut + tiers] if debut < 2 * tiers else octets[debut:])
            flux.flush()
            time.sleep(pause)


def comme_excel(chemin: Path, octets: bytes) -> None:
    """Provisoire de huit chiffres sans extension, original supprimé, provisoire renommé."""
    provisoire = chemin.with_name("3F2A9C01")
    provisoire.write_bytes(octets)
    chemin.unlink()
    time.sleep(0.03)
    provisoire.rename(chemin)


def comme_libreoffice(chemin: Path, octets: bytes) -> None:
    verrou = chemin.with_name(f".~lock.{chemin.name}#")
    verrou.write_text("Personne,poste,21.11.2026 14:02;")
    provisoire = chemin.with_name("lu1234abcd.tmp")
    provisoire.write_bytes(octets)
    provisoire.replace(chemin)
    verrou.unlink()


def comme_un_synchroniseur(chemin: Path, octets: bytes) -> None:
    """L’ancien est mis de côté, le nouveau arrive sous un autre nom puis prend sa place."""
    arrivee = chemin.with_name("~classeur-maitre.xlsx.part")
    arrivee.write_bytes(octets)
    chemin.rename(chemin.with_name("classeur-maitre (ancien).xlsx"))
    arrivee.rename(chemin)


def par_remplacement(chemin: Path, octets: bytes) -> None:
    provisoire = chemin.with_name(".provisoire")
    provisoire.write_bytes(octets)
    provisoire.replace(chemin)


FACONS = [lentement, comme_excel, comme_libreoffice, comme_un_synchroniseur, par_remplacement]


@pytest.mark.parametrize("enregistrer", FACONS, ids=lambda f: f.__name__)
def test_chaque_facon_d_enregistrer_donne_une_passe(
    veille: Scene, versions: dict[str, bytes], enregistrer: Callable[[Path, bytes], None]
) -> None:
    enregistrer(veille.classeur, versions["Les Érables"])
    veille.attendre_le_nom("Les Érables", 1)
    assert "1 document mis à jour" in veille.lignes[-1]
    assert veille.bulles[-1] == veille.lignes[-1].split(" — ")[1]
    assert veille.classeur.read_bytes() == versions["Les Érables"]


@pytest.mark.parametrize("enregistrer", [lentement, comme_excel], ids=lambda f: f.__name__)
def test_par_sondage_aussi(
    dossier: Path, versions: dict[str, bytes], enregistrer: Callable[[Path, bytes], None]
) -> None:
    scene = Scene(dossier, sondage=True).demarrer()
    try:
        assert "par sondage" in scene.lignes[0]
        enregistrer(scene.classeur, versions["Les Érables"])
        scene.attendre_le_nom("Les Érables", 1)
    finally:
        scene.arreter()


def test_neuf_enregistrements_en_une_seconde_en_font_peu(veille: Scene, versions: dict[str, bytes]) -> None:
    for rang in range(9):
        nom = "Les Ormes" if rang == 8 else ("Les Érables", "Les Tilleuls")[rang % 2]
        par_remplacement(veille.classeur, versions[nom])
        time.sleep(0.11)
    veille.attendre(lambda: veille.passes >= 1)
    time.sleep(1.7 * VITE.ronde)
    assert veille.nom_produit() == "Les Ormes"
    assert veille.passes <= 2


def test_rien_a_faire_quand_les_donnees_ne_changent_pas(veille: Scene, versions: dict[str, bytes]) -> None:
    os.utime(veille.classeur)
    veille.rester_tranquille()
    livre = openpyxl.load_workbook(io.BytesIO(versions["Les Tilleuls"]))
    livre.save(veille.classeur)  # openpyxl perd le résultat des formules : c’est un changement
    veille.attendre(lambda: veille.passes == 1)
    avant = veille.classeur.read_bytes()
    page = livre["Établissements"]
    page.column_dimensions["A"].width = 40
    page.sheet_view.selection[0].activeCell = "C3"
    page["Z400"].font = Font(bold=True)
    livre.create_sheet("Brouillon")["A1"] = "pour moi"
    livre.save(veille.classeur)
    assert veille.classeur.read_bytes() != avant
    veille.rester_tranquille()


def test_les_verrous_et_provisoires_ne_comptent_pas(veille: Scene, versions: dict[str, bytes]) -> None:
    for nom in ("~$classeur-maitre.xlsx", ".~lock.classeur-maitre.xlsx#", "3F2A9C01", "classeur-maitre.tmp"):
        (veille.dossier / nom).write_bytes(versions["Les Érables"])
    (veille.dossier / "gabarits" / "fiche" / "~$fiche.xlsx").write_bytes(b"verrou")
    (veille.dossier / "gabarits" / "fiche" / "LISEZMOI.md").write_text("note")
    (veille.dossier / "sorties" / "note.txt").write_text("note")
    veille.rester_tranquille()


def test_une_feuille_de_balance_collee_compte(veille: Scene, versions: dict[str, bytes]) -> None:
    livre = openpyxl.load_workbook(io.BytesIO(versions["Les Tilleuls"]))
    page = livre.create_sheet("Balance 2025 réel E1")
    for ligne in (["Compte", "Libellé", "Montant"], ["6411", "Salaires", 1000]):
        page.append(ligne)
    livre.save(veille.classeur)
    veille.attendre(lambda: veille.passes == 1)


def test_le_classeur_supprime_puis_remis(scene: Scene, versions: dict[str, bytes]) -> None:
    scene.classeur.unlink()
    scene.attendre(lambda: "n’est plus là" in scene.lignes[-1])
    scene.rester_tranquille()
    assert sum("n’est plus là" in ligne for ligne in scene.lignes) == 1
    scene.classeur.write_bytes(versions["Les Tilleuls"])
    scene.attendre(lambda: "de nouveau" in scene.lignes[-1])
    assert scene.passes == 0
    scene.classeur.unlink()
    time.sleep(VITE.calme)
    scene.classeur.write_bytes(versions["Les Ormes"])
    scene.attendre_le_nom("Les Ormes", 1)


def test_le_dossier_disparait_puis_revient(scene: Scene, versions: dict[str, bytes]) -> None:
    """Un partage qui clignote : le dossier entier s’en va, et son contenu change pendant ce temps."""
    ailleurs = scene.dossier.with_name("ailleurs")
    scene.dossier.rename(ailleurs)
    scene.attendre(lambda: "pas accessible" in scene.lignes[-1])
    (ailleurs / "classeur-maitre.xlsx").write_bytes(versions["Les Ormes"])
    ailleurs.rename(scene.dossier)
    scene.attendre_le_nom("Les Ormes", 1)
    par_remplacement(scene.classeur, versions["Les Érables"])
    scene.attendre_le_nom("Les Érables", 2)


class Pressee(Veilleur):
    """Une personne enregistre deux fois pendant la première génération qui suit l’ouverture."""

    a_enregistrer: tuple[Path, list[bytes]] | None = None

    def avance(self, document: DocumentProduit) -> None:
        if self.a_enregistrer is not None:
            (chemin, suite), self.a_enregistrer = self.a_enregistrer, None
            for octets in suite:
                par_remplacement(chemin, octets)
        super().avance(document)


def test_enregistrer_pendant_une_generation_donne_une_passe_de_plus(
    dossier: Path, versions: dict[str, bytes]
) -> None:
    scene = Scene(dossier, Pressee).demarrer()
    try:
        assert isinstance(scene.veilleur, Pressee)
        scene.veilleur.a_enregistrer = (scene.classeur, [versions["Les Ormes"], versions["Les Tilleuls"]])
        par_remplacement(scene.classeur, versions["Les Érables"])
        scene.attendre_le_nom("Les Tilleuls", 2)
    finally:
        scene.arreter()


class Impatiente(Veilleur):
    """L’arrêt est demandé pendant le premier document."""

    def avance(self, document: DocumentProduit) -> None:
        self.arreter()
        super().avance(document)


def test_une_generation_s_arrete_entre_deux_documents(dossier: Path) -> None:
    poser_formulaire(dossier, "autre", CASES)
    lignes: list[str] = []
    Impatiente(dossier, lignes.append, delais=VITE).veiller()
    assert [f.name for f in (dossier / "sorties").rglob("*.xlsx")] == ["E1_autre.xlsx"]
    assert "surveillance arrêtée" in lignes[-1]


def test_un_zip_incomplet_puis_entier(veille: Scene, versions: dict[str, bytes]) -> None:
    entier = versions["Les Érables"]
    veille.classeur.write_bytes(entier[: len(entier) // 2])
    veille.attendre(lambda: "incomplet" in veille.lignes[-1])
    veille.rester_tranquille()
    veille.classeur.write_bytes(entier)
    veille.attendre_le_nom("Les Érables", 1)


def test_un_classeur_etranger_est_dit_une_fois(veille: Scene, versions: dict[str, bytes]) -> None:
    livre = openpyxl.Workbook()
    livre.save(veille.classeur)
    veille.attendre(lambda: "n’est pas un classeur maître" in veille.lignes[-1])
    veille.rester_tranquille()
    assert sum("n’est pas un classeur maître" in ligne for ligne in veille.lignes) == 1
    par_remplacement(veille.classeur, versions["Les Ormes"])
    veille.attendre_le_nom("Les Ormes", 1)


def test_une_anomalie_dans_les_donnees_n_arrete_rien(veille: Scene, versions: dict[str, bytes]) -> None:
    livre = openpyxl.load_workbook(io.BytesIO(versions["Les Tilleuls"]))
    for ligne in livre["Établissements"].iter_rows():
        for cellule in ligne:
            if cellule.value == "010001436":
                cellule.value = "0100X"
    livre.save(veille.classeur)
    veille.attendre(lambda: veille.passes == 1)
    assert "à corriger" in veille.lignes[-1]
    par_remplacement(veille.classeur, versions["Les Érables"])
    veille.attendre_le_nom("Les Érables", 2)


def test_une_correspondance_et_un_reglage_changes_donnent_une_passe(veille: Scene) -> None:
    autres = CASES.replace("etablissement.nom", "gestionnaire.raison_sociale")
    poser_formulaire(veille.dossier, "fiche", autres)
    veille.attendre_le_nom("Association fictive", 1)
    poser_formulaire(veille.dossier, "autre", CASES)
    veille.attendre(lambda: (veille.dossier / "sorties" / "E1" / "E1_autre.xlsx").is_file())
    passes = veille.passes
    (veille.dossier / "cpomdocs.toml").write_text("[seuils]\nvariation_groupe = 0.07\n")
    veille.attendre(lambda: veille.passes > passes)


def test_un_autre_nom_de_classeur_accentue(tmp_path: Path, versions: dict[str, bytes]) -> None:
    (tmp_path / "cpomdocs.toml").write_text('classeur = "données d’été.xlsx"\n', encoding="utf-8")
    (tmp_path / "données d’été.xlsx").write_bytes(versions["Les Tilleuls"])
    (tmp_path / "classeur-maitre.xlsx").write_bytes(versions["Les Ormes"])
    poser_formulaire(tmp_path, "fiche", CASES)
    scene = Scene(tmp_path).demarrer()
    try:
        par_remplacement(tmp_path / "classeur-maitre.xlsx", versions["Les Tilleuls"])
        scene.rester_tranquille()
        par_remplacement(tmp_path / "données d’été.xlsx", versions["Les Érables"])
        scene.attendre_le_nom("Les Érables", 1)
    finally:
        scene.arreter()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="le superutilisateur lit tout")
def test_un_classeur_tenu_par_un_autre_programme(veille: Scene, versions: dict[str, bytes]) -> None:
    provisoire = veille.dossier / ".provisoire"
    provisoire.write_bytes(versions["Les Ormes"])
    provisoire.chmod(0)
    provisoire.replace(veille.classeur)
    veille.attendre(lambda: "tenu par un autre programme" in veille.lignes[-1])
    veille.classeur.chmod(0o600)
    veille.attendre_le_nom("Les Ormes", 1)


def test_un_document_ouvert_ailleurs_est_refait_une_fois_ferme(
    veille: Scene, versions: dict[str, bytes]
) -> None:
    verrou = veille.dossier / "sorties" / "E1" / ".~lock.E1_fiche.xlsx#"
    verrou.write_text("Personne,poste,21.11.2026 14:02;")
    par_remplacement(veille.classeur, versions["Les Ormes"])
    veille.attendre(lambda: "ouvert ailleurs" in veille.lignes[-1])
    assert veille.nom_produit() == "Les Tilleuls"
    veille.rester_tranquille()
    verrou.unlink()
    veille.attendre_le_nom("Les Ormes", 2)


def test_deux_veilles_du_meme_dossier(veille: Scene) -> None:
    with pytest.raises(ErreurDossier, match="déjà surveillé"):
        Veilleur(veille.dossier, print, delais=VITE).veiller()


def test_le_journal_bat_sans_valeur_et_sans_lecteur(veille: Scene, versions: dict[str, bytes]) -> None:
    journal = veille.dossier / ".cpomdocs" / "veille.log"
    par_remplacement(veille.classeur, versions["Les Ormes"])
    veille.attendre(lambda: veille.passes == 1 and "en veille" in journal.read_text(encoding="utf-8"))
    texte = journal.read_text(encoding="utf-8")
    assert "1 document mis à jour" in texte
    assert "Ormes" not in texte and "010001436" not in texte
    if os.name == "posix":
        assert stat.S_IMODE(journal.stat().st_mode) == 0o600


def test_la_meme_empreinte_pour_les_memes_donnees(tmp_path: Path, versions: dict[str, bytes]) -> None:
    chemin = tmp_path / "a.xlsx"
    empreintes = []
    for nom in ("Les Tilleuls", "Les Érables", "Les Tilleuls"):
        chemin.write_bytes(versions[nom])
        empreintes.append(empreinte_des_donnees(chemin))
    assert empreintes[0] == empreintes[2] != empreintes[1]


def lancer(*arguments: object, **variables: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-u", "-m", "cpomdocs", "veiller", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8", **variables},
    )


@pytest.mark.skipif(os.name != "posix", reason="un Ctrl+C ne s’envoie pas à un seul programme")
@pytest.mark.parametrize("signe", [signal.SIGINT, signal.SIGTERM])
def test_la_commande_s_arrete_proprement(dossier: Path, signe: signal.Signals) -> None:
    with lancer(dossier, "--json", "--sans-bulle") as processus:
        assert processus.stdout is not None
        rapport = json.loads(processus.stdout.readline())
        processus.send_signal(signe)
        reste, dit = processus.communicate(timeout=LENT)
    assert (processus.returncode, reste) == (0, "")
    assert rapport["resume"]["documents"] == {"cree": 1}
    assert "surveillance arrêtée" in dit and "Traceback" not in dit


@pytest.mark.parametrize(("nom", "dit"), [("rien", "n’existe pas"), ("", "ne contient pas de classeur")])
def test_la_commande_refuse_ce_qui_n_est_pas_un_dossier(tmp_path: Path, nom: str, dit: str) -> None:
    with lancer(tmp_path / nom) as processus:
        _, message = processus.communicate(timeout=LENT)
    assert processus.returncode == 2
    assert dit in message
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="unité systemd")
def test_au_demarrage_pose_puis_retire(dossier: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    reglages = tmp_path_factory.mktemp("reglages")
    for options, poses in (([], 2), (["--retirer"], 0)):
        with lancer(dossier, "--au-demarrage", *options, XDG_CONFIG_HOME=str(reglages)) as processus:
            dit, _ = processus.communicate(timeout=LENT)
        fichiers = [f for f in reglages.rglob("*") if not f.is_dir()]
        assert processus.returncode == 0
        assert len(fichiers) == poses
        assert all(str(f) in dit for f in fichiers)
    assert dit.count("Retiré") == 2


DOSSIER = Path("/srv/Dossier d’été 100 % $x")


def test_l_unite_systemd(tmp_path: Path) -> None:
    prevu = lanceur(DOSSIER, Session("linux", tmp_path, {}, "/opt/py thon/bin/python"))
    texte = prevu.contenu.decode()
    assert '"/opt/py thon/bin/python" -m cpomdocs veiller "/srv/Dossier d’été 100 %% $$x"' in texte
    assert prevu.chemin.parent == tmp_path / ".config" / "systemd" / "user"
    unite, lien = prevu.installer()
    assert lien.resolve() == unite and lien.parent.name == "default.target.wants"
    prevu.installer()
    assert prevu.retirer() == [unite, lien]
    assert prevu.retirer() == []


def test_l_agent_macos(tmp_path: Path) -> None:
    (fichier,) = lanceur(DOSSIER, Session("darwin", tmp_path, {}, "/usr/bin/python3")).installer()
    agent = plistlib.loads(fichier.read_bytes())
    assert fichier == tmp_path / "Library" / "LaunchAgents" / f"{agent['Label']}.plist"
    assert agent["ProgramArguments"] == ["/usr/bin/python3", "-m", "cpomdocs", "veiller", str(DOSSIER)]
    assert agent["RunAtLoad"] is True and agent["KeepAlive"] == {"SuccessfulExit": False}


def test_le_raccourci_windows(tmp_path: Path) -> None:
    session = Session("win32", tmp_path, {"APPDATA": str(tmp_path / "Roaming")}, r"C:\Python\python.exe")
    (fichier,) = lanceur(DOSSIER, session).installer()
    assert fichier.parent.name == "Startup" and fichier.suffix == ".cmd"
    lignes = fichier.read_bytes().decode().split("\r\n")
    assert r'"C:\Python\python.exe" -m cpomdocs veiller "/srv/Dossier d’été 100 %% $x"' in lignes


def test_deux_dossiers_de_meme_nom_ont_deux_lanceurs(tmp_path: Path) -> None:
    session = Session("linux", tmp_path, {}, "python")
    assert lanceur(Path("/a/cpom"), session).chemin != lanceur(Path("/b/cpom"), session).chemin


MONTAGES_LINUX = """\
/dev/sda1 / ext4 rw,relatime 0 0
//serveur/commun /mnt/Dossiers\\040communs cifs rw,vers=3.0 0 0
serveur:/export /srv nfs4 rw 0 0
/dev/sdb1 /srv/local xfs rw 0 0
moi@hote: /home/moi/distant fuse.sshfs rw 0 0
"""
MONTAGES_MAC = """\
/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
//moi@serveur/commun on /Volumes/Dossiers communs (smbfs, nodev, nosuid, mounted by moi)
"""


@pytest.mark.parametrize(
    ("chemin", "attendu"),
    [
        ("/home/moi/cpom", False),
        ("/mnt/Dossiers communs/cpom", True),
        ("/srv/cpom", True),
        ("/srv/local/cpom", False),
        ("/home/moi/distant/cpom", True),
    ],
)
def test_un_chemin_de_linux_est_en_reseau(chemin: str, attendu: bool) -> None:
    assert genre_en_reseau(genre_de_montage(Path(chemin), montages_linux(MONTAGES_LINUX))) is attendu


def test_un_chemin_de_macos_est_en_reseau() -> None:
    montages = montages_mac(MONTAGES_MAC)
    assert genre_de_montage(Path("/Volumes/Dossiers communs/cpom"), montages) == "smbfs"
    assert genre_de_montage(Path("/Users/moi/cpom"), montages) == "apfs"


@pytest.mark.skipif(sys.platform != "linux", reason="notify-send")
def test_la_bulle_recoit_le_texte_tel_quel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recu = tmp_path / "recu"
    programme = tmp_path / "notify-send"
    programme.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{recu}.tmp"\nmv "{recu}.tmp" "{recu}"\n')
    programme.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("DISPLAY", ":0")
    notifier("--$(touch x) ; « 2 documents »")
    limite = time.monotonic() + LENT
    while not recu.is_file() and time.monotonic() < limite:
        time.sleep(0.01)
    assert recu.read_text(encoding="utf-8").splitlines()[-1] == "--$(touch x) ; « 2 documents »"


def test_la_bulle_se_tait_sans_bureau(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    notifier("personne")


@exige_libreoffice
def test_un_vrai_enregistrement_par_libreoffice(
    veille: Scene, versions: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    ailleurs = tmp_path_factory.mktemp("ailleurs")
    (ailleurs / veille.classeur.name).write_bytes(versions["Les Érables"])
    profil = f"-env:UserInstallation={(ailleurs / 'profil').as_uri()}"
    commande = ["soffice", profil, "--headless", "--convert-to", "xlsx", "--outdir", str(veille.dossier)]
    subprocess.run(
        [*commande, str(ailleurs / veille.classeur.name)], check=True, capture_output=True, timeout=180
    )
    veille.attendre_le_nom("Les Érables", 1)
    assert veille.classeur.read_bytes() != versions["Les Érables"]


def test_une_horloge_qui_recule(veille: Scene, versions: dict[str, bytes]) -> None:
    """Enregistrés des années avant le précédent, puis à la même date que lui et sans changer de taille."""
    ans = 20 * 365 * 86_400
    par_remplacement(veille.classeur, versions["Les Érables"])
    os.utime(veille.classeur, (time.time() - ans,) * 2)
    veille.attendre_le_nom("Les Érables", 1)
    date = veille.classeur.stat().st_mtime_ns
    veille.classeur.write_bytes(versions["Les Ormes"])
    os.utime(veille.classeur, ns=(date, date))
    veille.attendre_le_nom("Les Ormes", 2)


def test_un_document_modifie_a_la_main_est_laisse_a_chaque_passe(
    veille: Scene, versions: dict[str, bytes]
) -> None:
    document = veille.dossier / "sorties" / "E1" / "E1_fiche.xlsx"
    livre = openpyxl.load_workbook(document)
    livre["Fiche"]["C4"] = "à la main"
    livre.save(document)
    for passe, nom in enumerate(("Les Érables", "Les Ormes"), 1):
        par_remplacement(veille.classeur, versions[nom])
        veille.attendre(lambda attendues=passe: veille.passes >= attendues)  # type: ignore[misc]
        assert "1 modifié à la main" in veille.lignes[-1]
        (produit,) = veille.rapports[-1].documents
        assert produit.retouches == ("Fiche!C4 : (vide) → à la main",)
        voisin = openpyxl.load_workbook(veille.dossier / str(produit.chemin_conflit))["Fiche"]
        assert voisin["B2"].value == nom
    assert openpyxl.load_workbook(document)["Fiche"]["C4"].value == "à la main"


@pytest.mark.parametrize("nom", ["logo.png", "projet.docx"])
def test_une_image_ou_un_document_remplace_compte(veille: Scene, nom: str) -> None:
    (veille.dossier / f"~{nom}").write_bytes(b"provisoire")
    veille.rester_tranquille()
    (veille.dossier / nom).write_bytes(b"\x89PNG")
    veille.attendre(lambda: veille.passes == 1)
