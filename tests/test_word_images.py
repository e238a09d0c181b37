"""L’image qu’une case reçoit : le fichier que le classeur maître nomme, et ce qui l’empêche de servir."""

import io
import struct
import zipfile

import pytest
from fabrique_word import controle, docx, p, r
from fabriques import des_donnees, poser_classeur, poser_formulaire
from formulaire_word import dessin, png, section

from cpomdocs import generer
from cpomdocs.atelier.images import charger_image, lire_image
from cpomdocs.erreurs import ErreurFichier, ErreurFormulaire
from cpomdocs.formulaires.catalogue import charger_formulaire
from cpomdocs.formulaires.verification import verifier_formulaire
from cpomdocs.modeles.entites.identite import Etablissement, Gestionnaire

PIXELS = png(40, 10)
JPEG = (
    b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\x01\0\x48\0\x48\0\0"
    b"\xff\xc0\0\x0b\x08\0\x14\0\x28\x01\x01\x11\0\xff\xda\0\x08\x01\x01\0\0\x3f\0\x37\xff\xd9"
)


def test_png_et_jpeg_avec_leur_taille(tmp_path):
    (tmp_path / "logos").mkdir()
    (tmp_path / "logos" / "a.png").write_bytes(PIXELS)
    (tmp_path / "b.jpg").write_bytes(JPEG)
    assert charger_image(tmp_path, "logos/a.png")[1:] == ("png", 40, 10)
    assert charger_image(tmp_path, "logos\\a.png").octets == PIXELS
    assert charger_image(tmp_path, " b.jpg ")[1:] == ("jpeg", 40, 20)


@pytest.mark.parametrize(
    "nom", ["../secret.png", "/etc/hostname", "C:\\a.png", ".", "", "a\0.png", "lien.png"]
)
def test_un_fichier_hors_du_dossier_est_refuse(tmp_path, nom):
    dossier = tmp_path / "dossier"
    dossier.mkdir()
    (tmp_path / "secret.png").write_bytes(PIXELS)
    (dossier / "lien.png").symlink_to(tmp_path / "secret.png")
    with pytest.raises(ErreurFichier) as refus:
        charger_image(dossier, nom)
    assert refus.value.remede


@pytest.mark.parametrize(
    ("octets", "mot"),
    [
        (b"", "PNG ou JPEG"),
        (b"GIF89a", "PNG ou JPEG"),
        (b"<svg/>", "PNG ou JPEG"),
        (PIXELS[:-9], "abîmée"),
        (PIXELS.replace(b"IDAT", b"IDAX"), "abîmée"),
        (PIXELS[:16] + struct.pack(">L", 9) + PIXELS[20:], "abîmée"),
        (JPEG[:-2], "abîmée"),
        (b"\xff\xd8\xff\xd9", "abîmée"),
        (png(1, 10_001), "10001 pixels"),
    ],
)
def test_une_image_qui_ne_peut_pas_servir(octets, mot):
    with pytest.raises(ErreurFichier, match=mot):
        lire_image(octets, "logo.png")


def test_une_image_trop_lourde_ou_absente(tmp_path):
    (tmp_path / "gros.png").write_bytes(b"\0" * (5 * 1024 * 1024 + 1))
    with pytest.raises(ErreurFichier, match="6 Mo"):
        charger_image(tmp_path, "gros.png")
    with pytest.raises(ErreurFichier, match="n’est pas dans le dossier"):
        charger_image(tmp_path, "absent.png")


CORRESPONDANCE = """
[cases]
"controle:logo" = "gestionnaire.logo_fichier"
"libelle:Nom" = "gestionnaire.raison_sociale"

[[sections]]
section = "etablissements"
source = "etablissements"
controles = { nom = "nom", type = { champ = "type", valeurs = "libelle" } }
"""
REPETEE = section(
    "etablissements",
    p(
        r("Établissement : "),
        controle("nom", "<w:text/>", invite=True),
        controle("type", "<w:text/>", invite=True),
    ),
)


def poser(tmp_path, *etablissements):
    gestionnaire = Gestionnaire(raison_sociale="Association", logo_fichier="logo.png")
    donnees = des_donnees(*etablissements)
    donnees.gestionnaire = gestionnaire
    poser_classeur(tmp_path, donnees)
    corps = p(controle("logo", "<w:picture/>", dessin("rIdA"), invite=True)) + p(r("Nom : ………")) + REPETEE
    gabarit = docx(corps, images={"rIdA": png(2, 2)})
    poser_formulaire(
        tmp_path, "fiche", CORRESPONDANCE, gabarit, fichier="fiche.docx", portee='"gestionnaire"'
    )


def lire(chemin):
    with zipfile.ZipFile(io.BytesIO(chemin.read_bytes())) as archive:
        return {nom: archive.read(nom) for nom in archive.namelist()}


def test_les_sections_ne_valent_que_dans_word(tmp_path):
    poser_formulaire(
        tmp_path, "tableau", '[[sections]]\nsection = "s"\nsource = "etablissements"\ncontroles = {}\n'
    )
    with pytest.raises(ErreurFormulaire, match="sections"):
        charger_formulaire(tmp_path / "gabarits" / "tableau")


def test_un_champ_et_un_controle_inconnus_se_disent(tmp_path):
    poser(tmp_path, Etablissement(code="A", nom="A"))
    correspondance = tmp_path / "gabarits" / "fiche" / "correspondance.toml"
    texte = correspondance.read_text(encoding="utf-8")
    correspondance.write_text(
        texte.replace('{ nom = "nom"', '{ noms = "nom", nom = "nomm"'), encoding="utf-8"
    )
    defauts = " ".join(verifier_formulaire(correspondance.parent).defauts)
    assert "nomm" in defauts
    assert "section:etablissements!noms#1" in defauts


def test_du_classeur_au_document(tmp_path):
    poser(tmp_path, *(Etablissement(code=c, nom=f"Maison {c}", type="EHPAD") for c in "ABC"))
    rapport = generer(tmp_path)
    (document,) = rapport.documents
    assert document.statut == "cree"
    (absente,) = [a for a in rapport.anomalies if a.code == "DM-05"]
    assert absente.champ == "gestionnaire.logo_fichier"
    assert "logo.png" in absente.message
    (tmp_path / "logo.png").write_bytes(PIXELS)
    rapport = generer(tmp_path)
    (document,) = rapport.documents
    assert document.statut == "remplace"
    assert not [a for a in rapport.anomalies if a.code == "DM-05"]
    produit = lire(tmp_path / document.chemin)
    assert produit["word/media/image2.png"] == PIXELS
    corps = produit["word/document.xml"].decode()
    assert [corps.count(f"Maison {c}<") for c in "ABC"] == [1, 1, 1]
    assert generer(tmp_path).documents[0].statut == "inchange"
    (tmp_path / "logo.png").write_bytes(png(10, 40))
    assert generer(tmp_path).documents[0].statut == "remplace"
