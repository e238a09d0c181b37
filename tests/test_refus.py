"""Fichiers abîmés, chiffrés, démesurés ou mal écrits : une phrase en français, et le reste est produit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fabriques import REELS, des_donnees, exige_les_reels, poser_classeur, poser_formulaire, un_gabarit_excel

from cpomdocs import ErreurCpomdocs, Rapport, generer
from cpomdocs.formulaires.verification import verifier_formulaires
from cpomdocs.modeles.entites.identite import Etablissement

CASES = '[cases]\n"Fiche!B1" = "etablissement.nom"\n'
HOSTILES = sorted((REELS / "hostiles").iterdir()) if REELS.is_dir() else []
ANGLAIS = re.compile(
    r"\b(input|should|valid|expected|invalid|error|denied|not|file|field|required|line)\b", re.I
)


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    racine = tmp_path / "dossier"
    poser_classeur(racine, des_donnees(Etablissement(code="BON", nom="Les Tilleuls")))
    poser_formulaire(racine, "bon", CASES)
    return racine


def phrase(message: str) -> None:
    """Une phrase pour une personne : en français, finie par un point, sans trace de programme."""
    assert message.endswith((".", "?")) and "Traceback" not in message
    assert not ANGLAIS.search(re.sub(r"« .*? »", "", message)), message


def refus_de(rapport: Rapport, nom: str) -> str:
    (refus,) = (a for a in rapport.anomalies if a.formulaire == nom and a.code.startswith("FO"))
    assert refus.gravite == "bloquante" and refus.remede and rapport.code_sortie == 1
    assert {d.statut for d in rapport.documents if d.formulaire == "bon"} == {"cree"}
    phrase(refus.message)
    return refus.message


@exige_les_reels
@pytest.mark.parametrize("fichier", HOSTILES, ids=lambda f: f.name)
def test_fichier_hostile_donne_comme_classeur(tmp_path: Path, fichier: Path) -> None:
    (tmp_path / "classeur-maitre.xlsx").write_bytes(fichier.read_bytes())
    with pytest.raises(ErreurCpomdocs) as refus:
        generer(tmp_path)
    phrase(refus.value.message)
    assert "classeur-maitre.xlsx" in refus.value.message and refus.value.remede


@exige_les_reels
@pytest.mark.parametrize("fichier", HOSTILES, ids=lambda f: f.name)
def test_fichier_hostile_donne_comme_gabarit(dossier: Path, fichier: Path) -> None:
    suffixe = fichier.suffix
    case = '"libelle:Nom"' if suffixe == ".docx" else '"Sheet1!B1"'
    suite = f'[cases]\n{case} = "etablissement.nom"\n'
    poser_formulaire(
        dossier, "louche", suite, gabarit=fichier.read_bytes(), fichier=f"gabarit-louche{suffixe}"
    )
    rapport = generer(dossier)
    assert "bon/BON" in {d.cle for d in rapport.documents if d.statut == "cree"}
    for anomalie in (a for a in rapport.anomalies if a.formulaire == "louche"):
        assert anomalie.code != "EC-99"
        phrase(anomalie.message)
        if anomalie.code == "FO-01":
            assert f"gabarit-louche{suffixe}" in anomalie.message


def test_un_gabarit_coupe_en_deux_est_nomme(dossier: Path) -> None:
    octets = un_gabarit_excel()
    poser_formulaire(dossier, "coupe", CASES, gabarit=octets[: len(octets) // 2], fichier="Annexe 2026.xlsx")
    assert "Annexe 2026.xlsx" in refus_de(generer(dossier), "coupe")


@pytest.mark.parametrize(
    ("suite", "attendu"),
    [
        ('[cases]\n"Fiche!B1" = etablissement.nom\n', "guillemets"),
        ('[cases]\n"Fiche!B1" = "a"\n"Fiche!B1" = "b"\n', "deux fois"),
        ('[cases]\n"Fiche!B1" = 12\n', "un texte entre guillemets"),
        (
            '[cases]\n"Fiche!ZZZZ1" = "etablissement.nom"\n"Fiche!B2" = "etablissement..nom"\n',
            "etablissement..nom",
        ),
        (
            '[[tableaux]]\nfeuille = "Fiche"\nsource = "effectifs"\npremiere_ligne = 1\nlignes = 100000000\n'
            'colonnes = { A = "fonction" }\n',
            "au plus 10000",
        ),
        ('[[tableaux]]\nfeuille = "Fiche"\nlignes = "douze"\n', "nombre entier"),
        ("\0", "n’est pas admis"),
    ],
)
def test_une_correspondance_fautive_est_dite_en_francais(dossier: Path, suite: str, attendu: str) -> None:
    poser_formulaire(dossier, "fautif", suite)
    assert attendu in refus_de(generer(dossier), "fautif")


@pytest.mark.parametrize(
    ("entete", "attendu"),
    [
        ({"gabarit": '"../bon/bon.xlsx"'}, "dans le répertoire du formulaire"),
        ({"gabarit": '"/etc/hosts"'}, "dans le répertoire du formulaire"),
        ({"sortie": '"../../{code}.xlsx"'}, "ne peut pas nommer un fichier"),
        ({"sortie": '"{code.__class__}.xlsx"'}, "est inconnu"),
        ({"sortie": '"{code}.docx"'}, "doit finir par « .xlsx »"),
        ({"nom": '"bon"'}, "Deux formulaires"),
    ],
)
def test_un_entete_hostile_ou_faux_est_refuse(dossier: Path, entete: dict[str, str], attendu: str) -> None:
    correspondance = poser_formulaire(dossier, "zfautif", CASES) / "correspondance.toml"
    texte = correspondance.read_text(encoding="utf-8")
    for cle, valeur in entete.items():
        texte = re.sub(rf"(?m)^{cle} = .*$", f"{cle} = {valeur}", texte)
    correspondance.write_text(texte, encoding="utf-8")
    rapport = generer(dossier)
    assert any(attendu in a.message for a in rapport.anomalies if a.code.startswith("FO"))
    verdicts = {v.nom: v for v in verifier_formulaires(dossier / "gabarits")}
    assert any(v.defauts for v in verdicts.values())
    assert [p.name for p in dossier.parent.iterdir()] == ["dossier"]


def test_une_marque_en_tete_de_fichier_ne_gene_pas(dossier: Path) -> None:
    correspondance = dossier / "gabarits/bon/correspondance.toml"
    correspondance.write_bytes(b"\xef\xbb\xbf" + correspondance.read_bytes())
    assert [d.statut for d in generer(dossier).documents] == ["cree"]


def test_gabarits_vide_ou_inacheve_ne_passe_pas_pour_complet(tmp_path: Path) -> None:
    poser_classeur(tmp_path, des_donnees(Etablissement(code="BON", nom="x")))
    (tmp_path / "gabarits" / "en-cours").mkdir(parents=True)
    rapport = generer(tmp_path)
    assert rapport.code_sortie == 1
    assert {"FO-03", "FO-04"} <= {a.code for a in rapport.anomalies}


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("attente_verrou = 'longtemps'", "un nombre est attendu"),
        ("attente_verrou = ,", "ligne 1"),
        ("inconnu = 1", "n’est pas prévu ici"),
        ("[seuils]\npetit_effectif = -1", "petit_effectif"),
    ],
)
def test_des_reglages_fautifs_sont_dits_en_francais(dossier: Path, texte: str, attendu: str) -> None:
    (dossier / "cpomdocs.toml").write_text(texte, encoding="utf-8")
    with pytest.raises(ErreurCpomdocs, match=attendu) as refus:
        generer(dossier)
    phrase(refus.value.message)
