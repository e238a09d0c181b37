"""Le couloir de bout en bout, sur de petits dossiers : ce qui est produit, gardé, signalé."""

import io
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from fabriques import des_donnees, poser_classeur, poser_formulaire, un_gabarit_excel
from openpyxl.workbook.defined_name import DefinedName

from cpomdocs import controler, generer
from cpomdocs.dossiers import creer_dossier
from cpomdocs.erreurs import ErreurClasseur, ErreurDossier
from cpomdocs.modeles.entites.activite import AnneeExercice
from cpomdocs.modeles.entites.budget import Compte
from cpomdocs.modeles.entites.identite import Etablissement
from cpomdocs.modeles.entites.rh import Effectif
from cpomdocs.reglages import lire_reglages

CASES = """
[cases]
"Fiche!B1" = "etablissement.finess_et"
"Fiche!B2" = "etablissement.nom"
"Fiche!B3" = { champ = "etablissement.commune", obligatoire = true }
"""
TILLEULS = Etablissement(code="TILLEULS", nom="Les Tilleuls", finess_et="010001436", commune="Ici")
CHENES = Etablissement(code="CHENES", nom="Les Chênes", finess_et="010001444", commune="Là")


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    poser_classeur(tmp_path, des_donnees(TILLEULS, CHENES))
    poser_formulaire(tmp_path, "fiche", CASES)
    return tmp_path


def statuts(rapport: object) -> dict[str, str]:
    return {d.cle: d.statut for d in rapport.documents}


def retoucher(dossier: Path, feuille: str, adresse: str, valeur: object) -> None:
    """Change une cellule du classeur maître avec openpyxl, comme une personne le ferait."""
    chemin = dossier / "classeur-maitre.xlsx"
    livre = openpyxl.load_workbook(chemin)
    livre[feuille][adresse] = valeur
    livre.save(chemin)


def adresse_de(dossier: Path, feuille: str, ligne_de: str, colonne: str) -> str:
    """L’adresse de la cellule de cette colonne, sur la ligne qui porte ce code."""
    page = openpyxl.load_workbook(dossier / "classeur-maitre.xlsx")[feuille]
    entetes = {c.value: c.column_letter for rangee in page.iter_rows(max_row=12) for c in rangee if c.value}
    for rangee in page.iter_rows():
        if any(c.value == ligne_de for c in rangee):
            return f"{entetes[colonne]}{rangee[0].row}"
    raise AssertionError(f"{ligne_de} introuvable dans {feuille}")


def test_un_document_par_etablissement_avec_ses_valeurs(dossier: Path) -> None:
    rapport = generer(dossier)
    assert statuts(rapport) == {"fiche/TILLEULS": "cree", "fiche/CHENES": "cree"}
    page = openpyxl.load_workbook(dossier / "sorties/TILLEULS/TILLEULS_fiche.xlsx")["Fiche"]
    assert [page[a].value for a in ("B1", "B2", "B3")] == ["010001436", "Les Tilleuls", "Ici"]


def test_relance_tout_est_inchange_et_rien_ne_bouge(dossier: Path) -> None:
    generer(dossier)
    avant = {
        p: (p.stat().st_mtime_ns, p.read_bytes()) for p in (dossier / "sorties").rglob("*") if p.is_file()
    }
    assert set(statuts(generer(dossier)).values()) == {"inchange"}
    assert avant == {
        p: (p.stat().st_mtime_ns, p.read_bytes()) for p in (dossier / "sorties").rglob("*") if p.is_file()
    }


def test_une_cellule_changee_ne_change_que_ses_documents(dossier: Path) -> None:
    generer(dossier)
    retoucher(dossier, "Établissements", adresse_de(dossier, "Établissements", "CHENES", "Nom"), "Le Chêne")
    assert statuts(generer(dossier)) == {"fiche/TILLEULS": "inchange", "fiche/CHENES": "remplace"}


def test_une_donnee_obligatoire_vide_nomme_sa_cellule_et_le_reste_est_produit(dossier: Path) -> None:
    adresse = adresse_de(dossier, "Établissements", "CHENES", "Commune")
    retoucher(dossier, "Établissements", adresse, None)
    rapport = controler(dossier)
    manque = next(a for a in rapport.anomalies if a.code == "DM-01" and a.etablissement == "CHENES")
    assert [(s.feuille, s.cellule) for s in manque.sources] == [("Établissements", adresse)]
    assert (manque.gravite, rapport.code_sortie) == ("bloquante", 1)
    produits = generer(dossier)
    assert set(statuts(produits).values()) == {"cree"}
    assert openpyxl.load_workbook(dossier / "sorties/CHENES/CHENES_fiche.xlsx")["Fiche"]["B3"].value is None


def test_controler_n_ecrit_que_le_controle(dossier: Path) -> None:
    controler(dossier)
    assert [p.name for p in (dossier / "sorties").rglob("*")] == ["controle.xlsx"]


def test_a_blanc_dit_et_n_ecrit_rien(dossier: Path) -> None:
    rapport = generer(dossier, a_blanc=True)
    assert {d.message for d in rapport.documents} == {"serait créé"}
    assert not (dossier / "sorties").exists()


def test_le_controle_a_un_lien_vers_la_cellule(dossier: Path) -> None:
    adresse = adresse_de(dossier, "Établissements", "CHENES", "Commune")
    retoucher(dossier, "Établissements", adresse, None)
    controler(dossier)
    page = openpyxl.load_workbook(dossier / "sorties/controle.xlsx")["Anomalies"]
    liens = [c.hyperlink for rangee in page.iter_rows() for c in rangee if c.hyperlink]
    assert any(
        lien.target.replace("\\", "/") == "../classeur-maitre.xlsx"
        and lien.location == f"'Établissements'!{adresse}"
        for lien in liens
    )


def test_un_document_retouche_est_garde(dossier: Path) -> None:
    generer(dossier)
    document = dossier / "sorties/CHENES/CHENES_fiche.xlsx"
    document.write_bytes(document.read_bytes() + b"\0")
    retoucher(dossier, "Établissements", adresse_de(dossier, "Établissements", "CHENES", "Nom"), "Le Chêne")
    rapport = generer(dossier)
    conflit = next(d for d in rapport.documents if d.statut == "conflit")
    assert conflit.chemin_conflit == "sorties/CHENES/CHENES_fiche.nouveau.xlsx"
    assert rapport.code_sortie == 1


def test_un_etablissement_retire_laisse_un_orphelin_jamais_supprime(dossier: Path) -> None:
    generer(dossier)
    poser_classeur(dossier, des_donnees(TILLEULS))
    assert statuts(generer(dossier))["fiche/CHENES"] == "orphelin"
    assert (dossier / "sorties/CHENES/CHENES_fiche.xlsx").is_file()


def test_restreindre_a_un_etablissement(dossier: Path) -> None:
    assert statuts(generer(dossier, etablissements=["CHENES"])) == {"fiche/CHENES": "cree"}
    with pytest.raises(ErreurDossier, match="CHENE"):
        generer(dossier, etablissements=["CHENE"])


def test_un_formulaire_inutilisable_n_arrete_pas_les_autres(dossier: Path) -> None:
    poser_formulaire(dossier, "change", CASES, empreinte='"sha256:' + "0" * 64 + '"')
    rapport = generer(dossier)
    assert set(statuts(rapport).values()) == {"cree"}
    refus = next(a for a in rapport.anomalies if a.formulaire == "change")
    assert "n’est plus celui de la correspondance" in refus.message
    assert rapport.code_sortie == 1


def test_pour_choisit_qui_remet_le_formulaire(dossier: Path) -> None:
    poser_formulaire(dossier, "choix", CASES, pour='{ "etablissement.commune" = ["Là"] }')
    assert "choix/CHENES" in statuts(generer(dossier))
    assert "choix/TILLEULS" not in statuts(generer(dossier))


@pytest.mark.parametrize(("nombre", "attendu"), [(2, ["IDE", "ASH"]), (3, [None, None])])
def test_un_tableau_trop_petit_n_est_jamais_tronque(
    tmp_path: Path, nombre: int, attendu: list[str | None]
) -> None:
    metiers = ["IDE", "ASH", "Médecin"][:nombre]
    effectifs = [
        Effectif(etablissement="TILLEULS", annee=2026, version="previsionnel", categorie="ash", fonction=m)
        for m in metiers
    ]
    poser_classeur(tmp_path, des_donnees(TILLEULS, effectifs=effectifs))
    suite = """
[[tableaux]]
feuille = "Fiche"
source = "effectifs[annee=N]"
premiere_ligne = 5
lignes = 2
colonnes = { A = "fonction" }
"""
    poser_formulaire(tmp_path, "tper", suite)
    rapport = generer(tmp_path)
    page = openpyxl.load_workbook(tmp_path / "sorties/TILLEULS/TILLEULS_tper.xlsx")["Fiche"]
    assert [page["A5"].value, page["A6"].value] == attendu
    debordements = [a for a in rapport.anomalies if a.code == "DM-03"]
    assert len(debordements) == (nombre == 3)
    assert all("3 lignes" in a.message and a.gravite == "bloquante" for a in debordements)


def test_sans_objet_vide_et_zero_sont_trois_etats(tmp_path: Path) -> None:
    etablissement = TILLEULS.model_copy(update={"commune": None, "sans_objet": frozenset({"commune"})})
    poser_classeur(tmp_path, des_donnees(etablissement))
    poser_formulaire(tmp_path, "fiche", CASES, sans_objet='"Sans objet"')
    rapport = generer(tmp_path)
    assert not [a for a in rapport.anomalies if a.code == "DM-01"]
    page = openpyxl.load_workbook(tmp_path / "sorties/TILLEULS/TILLEULS_fiche.xlsx")["Fiche"]
    assert page["B3"].value == "Sans objet"


def test_les_mots_du_formulaire_et_les_coches(tmp_path: Path) -> None:
    poser_classeur(
        tmp_path,
        des_donnees(TILLEULS.model_copy(update={"autorite_competente": "CD", "tarif_soins": "global"})),
    )
    suite = """
[cases]
"Fiche!B1" = { champ = "etablissement.tarif_soins", valeurs = "tarif" }
"Fiche!B2" = { champ = "etablissement.tarif_soins", vaut = "partiel" }
"Fiche!B3" = { champ = "etablissement.autorite_competente", valeurs = "libelle" }
[formulaire.valeurs.tarif]
global = "Tarif global"
"""
    poser_formulaire(tmp_path, "mots", suite)
    generer(tmp_path)
    page = openpyxl.load_workbook(tmp_path / "sorties/TILLEULS/TILLEULS_mots.xlsx")["Fiche"]
    assert [page[a].value for a in ("B1", "B2", "B3")] == ["Tarif global", "Non", "Conseil départemental"]


def test_codes_hostiles_rien_n_est_ecrit_hors_de_sorties(tmp_path: Path) -> None:
    dossier = tmp_path / "dossier"
    mechants = [Etablissement(code=c, nom="x") for c in ("../../x", "CON", "a/b", "Été", "ETE")]
    poser_classeur(dossier, des_donnees(TILLEULS, *mechants))
    poser_formulaire(dossier, "fiche", CASES)
    rapport = generer(dossier)
    etats = statuts(rapport)
    assert etats["fiche/TILLEULS"] == "cree"
    assert {etats[f"fiche/{c}"] for c in ("../../x", "CON", "a/b", "ETE")} == {"erreur"}
    assert {p.name for p in tmp_path.iterdir()} == {"dossier"}
    assert {p.name for p in (dossier / "sorties").iterdir()} == {"TILLEULS", "Été", "controle.xlsx"}


def test_dossier_sans_classeur_ou_avec_deux(tmp_path: Path) -> None:
    with pytest.raises(ErreurDossier, match="ne contient pas de classeur"):
        generer(tmp_path)
    poser_classeur(tmp_path, des_donnees(TILLEULS))
    (tmp_path / "classeur-maitre.xlsm").write_bytes(b"x")
    with pytest.raises(ErreurDossier, match="deux classeurs"):
        generer(tmp_path)


@pytest.mark.parametrize(
    "octets", [b"", b"PK\x03\x04 coupe", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600]
)
def test_classeur_illisible(tmp_path: Path, octets: bytes) -> None:
    (tmp_path / "classeur-maitre.xlsx").write_bytes(octets)
    with pytest.raises(ErreurClasseur):
        generer(tmp_path)


def test_reglages_fautifs(dossier: Path) -> None:
    (dossier / "cpomdocs.toml").write_text("attente_verrou = 'longtemps'", encoding="utf-8")
    with pytest.raises(ErreurDossier, match="attente_verrou"):
        generer(dossier)


def test_une_formule_du_gabarit_n_est_jamais_remplacee(dossier: Path) -> None:
    poser_formulaire(dossier, "formule", CASES, gabarit=un_gabarit_excel({"B1": "=1+1"}))
    rapport = generer(dossier, formulaires=["formule"])
    assert all("RX" in a.code for a in rapport.anomalies if a.formulaire == "formule")
    page = openpyxl.load_workbook(dossier / "sorties/CHENES/CHENES_formule.xlsx")["Fiche"]
    assert page["B1"].value == "=1+1"


def test_un_champ_inconnu_ecarte_le_formulaire_et_lui_seul(dossier: Path) -> None:
    poser_formulaire(dossier, "fautif", '[cases]\n"Fiche!B1" = "etablissement.adrese"\n')
    rapport = generer(dossier)
    assert set(statuts(rapport)) == {"fiche/TILLEULS", "fiche/CHENES"}
    refus = next(a for a in rapport.anomalies if a.formulaire == "fautif")
    assert (refus.code, refus.gravite) == ("FO-02", "bloquante")
    assert "etablissement.adrese" in refus.message


def test_l_unite_et_le_signe_du_formulaire(tmp_path: Path) -> None:
    comptes = [
        Compte(
            etablissement="TILLEULS", annee=2025, version="reel", compte="606", montant=Decimal("12345.60")
        )
    ]
    annees = [AnneeExercice(annee=2025, taux_inflation=Decimal("0.015"))]
    poser_classeur(tmp_path, des_donnees(TILLEULS, comptes=comptes, annees=annees))
    suite = """
[cases]
"Fiche!B1" = { champ = "comptes_synthese[annee=N-1].charges_groupe_1", unite = "k€", oppose = true }
"Fiche!B2" = { champ = "annees[annee=N-1].taux_inflation", unite = "pourcent" }
"""
    poser_formulaire(tmp_path, "unites", suite)
    generer(tmp_path)
    page = openpyxl.load_workbook(tmp_path / "sorties/TILLEULS/TILLEULS_unites.xlsx")["Fiche"]
    assert [page["B1"].value, page["B2"].value] == [-12.3456, 1.5]


def test_une_case_designee_par_un_nom_defini(tmp_path: Path) -> None:
    livre = openpyxl.Workbook()
    livre.active.title = "Page de garde"
    livre.defined_names["FINESS_ET"] = DefinedName("FINESS_ET", attr_text="'Page de garde'!$C$4")
    livre.defined_names["PLAGE"] = DefinedName("PLAGE", attr_text="'Page de garde'!$C$4:$D$9")
    tampon = io.BytesIO()
    livre.save(tampon)
    poser_classeur(tmp_path, des_donnees(TILLEULS))
    poser_formulaire(
        tmp_path, "nomme", '[cases]\n"nom:FINESS_ET" = "etablissement.finess_et"\n', tampon.getvalue()
    )
    poser_formulaire(tmp_path, "plage", '[cases]\n"nom:PLAGE" = "etablissement.nom"\n', tampon.getvalue())
    poser_formulaire(tmp_path, "absent", '[cases]\n"nom:RIEN" = "etablissement.nom"\n', tampon.getvalue())
    rapport = generer(tmp_path)
    page = openpyxl.load_workbook(tmp_path / "sorties/TILLEULS/TILLEULS_nomme.xlsx")["Page de garde"]
    assert page["C4"].value == "010001436"
    refus = {a.formulaire: a.message for a in rapport.anomalies if a.code == "FO-01"}
    assert "ne désigne pas une cellule" in refus["plage"]
    assert "pas de nom défini « RIEN »" in refus["absent"]


def test_un_code_sans_traduction_est_signale_et_sa_case_reste_vide(tmp_path: Path) -> None:
    poser_classeur(tmp_path, des_donnees(TILLEULS.model_copy(update={"tarif_soins": "global"})))
    suite = """
[cases]
"Fiche!B1" = { champ = "etablissement.tarif_soins", valeurs = "tarif" }
[formulaire.valeurs.tarif]
partiel = "Tarif partiel"
"""
    poser_formulaire(tmp_path, "mots", suite)
    rapport = generer(tmp_path)
    signale = next(a for a in rapport.anomalies if a.code == "DM-04")
    assert "global" in signale.message and signale.sources[0].feuille == "Établissements"
    page = openpyxl.load_workbook(tmp_path / "sorties/TILLEULS/TILLEULS_mots.xlsx")["Fiche"]
    assert page["B1"].value is None


def test_a_blanc_dit_ce_qui_change_et_ou(dossier: Path) -> None:
    generer(dossier)
    adresse = adresse_de(dossier, "Établissements", "CHENES", "Nom")
    retoucher(dossier, "Établissements", adresse, "Le Chêne")
    messages = {d.cle: d.message for d in generer(dossier, a_blanc=True).documents}
    assert messages["fiche/TILLEULS"] == "resterait inchangé"
    attendu = f"serait remplacé : etablissement.nom : Les Chênes → Le Chêne (Établissements!{adresse})"
    assert messages["fiche/CHENES"] == attendu


def test_un_refus_reste_dit_quand_rien_n_est_refait(dossier: Path) -> None:
    poser_formulaire(dossier, "formule", CASES, gabarit=un_gabarit_excel({"B1": "=1+1"}))
    premiere = [a.message for a in generer(dossier).anomalies if a.code.startswith("RX")]
    seconde = [a.message for a in generer(dossier).anomalies if a.code.startswith("RX")]
    assert premiere and seconde == premiere


def test_un_document_efface_ou_change_est_refait_ou_garde(dossier: Path) -> None:
    generer(dossier)
    (dossier / "sorties/CHENES/CHENES_fiche.xlsx").unlink()
    (dossier / "sorties/TILLEULS/TILLEULS_fiche.xlsx").write_bytes(b"touche")
    assert statuts(generer(dossier)) == {"fiche/TILLEULS": "conflit", "fiche/CHENES": "cree"}


def test_une_correspondance_changee_refait_ses_documents(dossier: Path) -> None:
    generer(dossier)
    poser_formulaire(dossier, "fiche", CASES.replace("etablissement.nom", "etablissement.code"))
    assert set(statuts(generer(dossier)).values()) == {"remplace"}


def test_les_reglages_donnes_en_exemple_sont_admis(tmp_path: Path) -> None:
    creer_dossier(tmp_path / "neuf")
    fichier = tmp_path / "neuf" / "cpomdocs.toml"
    lignes = fichier.read_text(encoding="utf-8").splitlines()
    exemples = [ligne.removeprefix("# ") for ligne in lignes if " = " in ligne or ligne == "# [seuils]"]
    assert len(exemples) >= 4
    fichier.write_text("\n".join(exemples), encoding="utf-8")
    assert lire_reglages(tmp_path / "neuf").seuils.variation_groupe == Decimal("0.05")


def test_un_formulaire_n_est_demande_que_si_ses_listes_ont_des_lignes(dossier: Path) -> None:
    poser_formulaire(dossier, "effectifs", CASES, exige='["etablissements", "effectifs"]')
    emploi = Effectif(
        etablissement="CHENES", annee=2026, version="previsionnel", categorie="ash", fonction="ASH"
    )
    sans = des_donnees(TILLEULS, CHENES)
    avec = des_donnees(TILLEULS, CHENES, effectifs=[emploi])
    poser_classeur(dossier, sans)
    assert statuts(generer(dossier)) == {"fiche/TILLEULS": "cree", "fiche/CHENES": "cree"}
    poser_classeur(dossier, avec)
    demandes = {cle: s for cle, s in statuts(generer(dossier)).items() if cle.startswith("effectifs/")}
    assert demandes == {"effectifs/TILLEULS": "cree", "effectifs/CHENES": "cree"}
    poser_classeur(dossier, sans)
    perdus = {cle: s for cle, s in statuts(generer(dossier)).items() if cle.startswith("effectifs/")}
    assert perdus == {"effectifs/TILLEULS": "orphelin", "effectifs/CHENES": "orphelin"}


def test_exiger_une_liste_inconnue_se_dit(dossier: Path) -> None:
    poser_formulaire(dossier, "fautif", CASES, exige='["effectif"]')
    (anomalie,) = [a for a in generer(dossier).anomalies if a.code == "FO-02"]
    assert "« exige »" in anomalie.message and "Vouliez-vous dire « effectifs » ?" in anomalie.message
