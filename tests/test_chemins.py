"""Les chemins : écriture, vérification sans donnée, résolution, cellules à remplir."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpomdocs.erreurs import ErreurChemin
from cpomdocs.modeles import (
    COLLECTIONS,
    Activite,
    Autorisation,
    Complement,
    Compte,
    Constat,
    Dossier,
    Etablissement,
    Gestionnaire,
    Indicateur,
    Objectif,
    Parametres,
    Source,
    infos,
)
from cpomdocs.modeles.chemins import Contexte, Valeur, lignes, lire_chemin, resoudre, verifier


def cellule(feuille: str, adresse: str) -> Source:
    return Source(feuille=feuille, cellule=adresse)


@pytest.fixture
def dossier() -> Dossier:
    dossier = Dossier(
        parametres=Parametres(annee_n=2026),
        gestionnaire=Gestionnaire(raison_sociale="Association Exemple"),
        etablissements=[
            Etablissement(code="EHPAD", nom="EHPAD Exemple", categorie_code="500"),
            Etablissement(code="SAVS", categorie_code="446", sans_objet=frozenset({"pui"})),
        ],
        autorisations=[Autorisation(etablissement="EHPAD", modalite="HP", capacite_autorisee=80)],
        activite=[
            Activite(
                etablissement="EHPAD",
                annee=2025,
                modalite="HP",
                version="reel",
                capacite_financee=80,
                journees_realisees=28000,
                sans_objet=frozenset({"journees_creton"}),
            ),
            Activite(
                etablissement="EHPAD",
                annee=2025,
                modalite="HP",
                version="anticipe",
                journees_realisees=27000,
            ),
        ],
        comptes=[
            Compte(etablissement="EHPAD", annee=2025, version="reel", compte="60", montant=Decimal("10.50")),
            Compte(etablissement="SAVS", annee=2025, version="reel", compte="60", montant=Decimal("4")),
        ],
        constats=[
            Constat(axe="rh", portee="commun", type="force", texte="Commun"),
            Constat(axe="rh", portee="specifique", etablissement="SAVS", type="force", texte="Propre"),
        ],
        objectifs=[Objectif(numero="1.1", axe="rh"), Objectif(numero="1.2", axe="activite")],
        indicateurs=[Indicateur(objectif="1.2", code="I1", valeur_initiale=Decimal("94.50"))],
        complements=[Complement(code="Q1", etablissement="EHPAD", annee=2025, valeur="oui")],
    )
    dossier.activite[0].situer(
        {
            "capacite_financee": cellule("Activité", "G5"),
            "jours_ouverture": cellule("Activité", "F5"),
            "journees_realisees": cellule("Activité", "K5"),
        }
    )
    dossier.gestionnaire.situer({"sigle": cellule("Gestionnaire", "B3")})
    for collection in ("activite", "comptes", "autorisations"):
        feuille = COLLECTIONS[collection].feuille
        assert feuille is not None
        dossier.situer_collection(
            collection, {nom: cellule(feuille.nom, nom) for nom in infos(COLLECTIONS[collection])}
        )
    return dossier


def lire(dossier: Dossier, chemin: str, code: str | None = "EHPAD", numero: str | None = None) -> Valeur:
    objectif = next((o for o in dossier.objectifs if o.numero == numero), None)
    return resoudre(lire_chemin(chemin), Contexte(dossier, dossier.etablissement(code), objectif))


# --- Écriture et vérification


@pytest.mark.parametrize(
    ("texte", "ecrit"),
    [
        ("etablissement.finess_et", "etablissement.finess_et"),
        (" activite[annee=N-1,modalite=HP].entrees ", "activite[annee=N-1, modalite=HP].entrees"),
        ('complements[code="Q1"].valeur', "complements[code=Q1].valeur"),
        ("objectifs", "objectifs"),
    ],
)
def test_un_chemin_se_lit_et_se_reecrit(texte: str, ecrit: str) -> None:
    assert str(lire_chemin(texte)) == ecrit


@pytest.mark.parametrize(
    "texte",
    ["", "=1+1", "a.b.c", "Etablissement.nom", "activite[annee].x", "activite[=2].x", "activite[annee=].x",
     "{{ 7*7 }}", "../../x", "etablissement . nom", "a[b=1", "1a"],
)  # fmt: skip
def test_ce_qui_n_est_pas_un_chemin_est_refuse(texte: str) -> None:
    with pytest.raises(ErreurChemin):
        lire_chemin(texte)


@given(st.text(max_size=60))
def test_un_texte_quelconque_est_lu_ou_refuse_sans_autre_erreur(texte: str) -> None:
    try:
        chemin = lire_chemin(texte)
        assert lire_chemin(str(chemin)) == chemin
        verifier(chemin, "etablissement")
    except ErreurChemin:
        pass


@pytest.mark.parametrize(
    ("chemin", "conseil"),
    [
        ("etablisement.nom", "etablissement"),
        ("etablissement.finess", "finess_e"),
        ("activite[modalites=HP].entrees", "modalite"),
        ("activite[annee=N].journees_realise", "journees_realisees"),
        ("comptes_synthese.caff", "caf"),
    ],
)
def test_un_champ_inconnu_suggere_le_plus_proche(chemin: str, conseil: str) -> None:
    with pytest.raises(ErreurChemin) as erreur:
        verifier(lire_chemin(chemin), "etablissement")
    assert "Vouliez-vous dire" in erreur.value.remede and conseil in erreur.value.remede


def test_un_champ_sans_voisin_ne_suggere_rien() -> None:
    with pytest.raises(ErreurChemin) as erreur:
        verifier(lire_chemin("zzzzzz.qqqq"), "etablissement")
    assert erreur.value.remede == ""


def test_l_element_courant_depend_de_la_portee() -> None:
    assert verifier(lire_chemin("etablissement.nom"), "etablissement") is not None
    assert verifier(lire_chemin("objectif.axe"), "objectif") is not None
    for chemin, portee in (("etablissement.nom", "gestionnaire"), ("objectif.axe", "etablissement")):
        with pytest.raises(ErreurChemin, match="Employer la collection"):
            verifier(lire_chemin(chemin), portee)  # type: ignore[arg-type]


def test_verifier_dit_ce_qu_on_sait_du_champ() -> None:
    info = verifier(lire_chemin("activite[annee=N].taux_occupation"), "etablissement")
    assert info is not None and info.libelle == "Taux d’occupation" and info.nature.nom == "taux"
    assert verifier(lire_chemin("activite"), "gestionnaire") is None


def test_tous_les_champs_de_tous_les_modeles_se_verifient() -> None:
    for racine, modele in COLLECTIONS.items():
        for nom in infos(modele):
            assert verifier(lire_chemin(f"{racine}.{nom}"), "gestionnaire") is infos(modele)[nom]


# --- Résolution


def test_une_annee_relative_et_la_version_par_defaut(dossier: Dossier) -> None:
    valeur = lire(dossier, "activite[annee=N-1, modalite=HP].journees_realisees")
    assert (valeur.valeur, valeur.etat) == (28000, "renseigne")
    assert valeur.champ == "activite[annee=2025, modalite=HP].journees_realisees"
    assert (valeur.libelle, valeur.unite) == ("Journées réalisées", "journées")
    assert valeur.sources == (cellule("Activité", "K5"),)
    assert (
        lire(dossier, "activite[annee=2025, modalite=HP, version=anticipe].journees_realisees").valeur
        == 27000
    )


def test_la_version_d_une_annee_a_venir_est_previsionnelle(dossier: Dossier) -> None:
    valeur = lire(dossier, "activite[annee=N, modalite=HP].journees_prevues")
    assert (valeur.etat, valeur.sources) == ("vide", (cellule("Activité", "journees_prevues"),))
    assert (
        lire(dossier, "activite[annee=N, modalite=HP, version=reel].journees_prevues").etat == "non_attendu"
    )


def test_une_ligne_inattendue_n_est_pas_un_manque(dossier: Dossier) -> None:
    for chemin in ("activite[annee=N-1, modalite=HT].entrees", "activite[annee=N-5, modalite=HP].entrees"):
        valeur = lire(dossier, chemin)
        assert (valeur.etat, valeur.valeur, valeur.sources) == ("non_attendu", None, ())


def test_sans_objet_n_est_ni_vide_ni_une_valeur(dossier: Dossier) -> None:
    assert lire(dossier, "activite[annee=N-1, modalite=HP].journees_creton").etat == "sans_objet"
    assert lire(dossier, "etablissement.pui", "SAVS").etat == "sans_objet"
    assert lire(dossier, "etablissement.pui", "EHPAD").etat == "vide"


def test_un_calcul_vide_dit_les_cellules_a_remplir(dossier: Dossier) -> None:
    valeur = lire(dossier, "activite[annee=N-1, modalite=HP].journees_theoriques")
    assert (valeur.etat, valeur.sources) == ("vide", (cellule("Activité", "F5"),))


def test_un_calcul_sans_aucune_ligne_dit_la_feuille(dossier: Dossier) -> None:
    valeur = lire(dossier, "etablissement.capacite_autorisee", "SAVS")
    assert (valeur.etat, valeur.sources) == ("vide", (cellule("Autorisations", "capacite_autorisee"),))
    valeur = lire(dossier, "comptes_synthese[annee=N-2].resultat")
    assert (valeur.etat, valeur.sources) == ("vide", (cellule("Comptes", "montant"),))


def test_les_fiches_et_l_element_courant(dossier: Dossier) -> None:
    assert lire(dossier, "gestionnaire.raison_sociale").valeur == "Association Exemple"
    sigle = lire(dossier, "gestionnaire.sigle")
    assert (sigle.etat, sigle.sources) == ("vide", (cellule("Gestionnaire", "B3"),))
    assert lire(dossier, "parametres.annee_n", None).valeur == 2026
    assert lire(dossier, "etablissement.nom").valeur == "EHPAD Exemple"
    assert lire(dossier, "etablissement.capacite_autorisee").valeur == 80
    assert lire(dossier, "objectif.axe", None, "1.2").valeur == "activite"
    assert lire(dossier, "etablissement.nom", None).etat == "vide"


def test_les_lignes_se_limitent_a_l_etablissement_et_a_l_objectif_courants(dossier: Dossier) -> None:
    def textes(chemin: str, code: str | None) -> list[str]:
        contexte = Contexte(dossier, dossier.etablissement(code))
        return [str(getattr(li, "texte", None)) for li in lignes(lire_chemin(chemin), contexte)]

    assert textes("constats", "SAVS") == ["Propre"]
    assert textes("constats[etablissement=*]", "SAVS") == ["Commun", "Propre"]
    assert textes("constats[etablissement=-]", "SAVS") == ["Commun"]
    assert textes("constats", None) == ["Commun", "Propre"]
    assert textes("constats[etablissement=-]", None) == ["Commun"]
    assert lire(dossier, "indicateurs[code=I1].valeur_initiale", None, "1.2").valeur == Decimal("94.50")
    assert lire(dossier, "indicateurs[code=I1].valeur_initiale", None, "1.1").valeur is None


def test_un_nombre_se_compare_a_sa_valeur_et_non_a_son_ecriture(dossier: Dossier) -> None:
    for ecrit in ("10.5", "10.50", "10.500"):
        assert lire(dossier, f"comptes[montant={ecrit}].compte").valeur == "60"
    assert lignes(lire_chemin("comptes[montant=dix]"), Contexte(dossier)) == []


def test_plusieurs_lignes_pour_un_champ_sont_une_erreur_qui_dit_que_faire(dossier: Dossier) -> None:
    with pytest.raises(ErreurChemin, match="désigne 2 lignes") as erreur:
        lire(dossier, "comptes[annee=N-1, compte=60].montant", None)
    assert "clé" in erreur.value.remede


def test_une_collection_n_est_pas_une_valeur(dossier: Dossier) -> None:
    with pytest.raises(ErreurChemin, match="il manque le champ"):
        lire(dossier, "activite[annee=N]")


def test_un_complement_se_lit_par_son_code(dossier: Dossier) -> None:
    assert lire(dossier, "complements[code=Q1, annee=N-1].valeur").valeur == "oui"
    assert lire(dossier, "complements[code=Q2].valeur").etat == "vide"


def test_sans_annee_n_une_annee_relative_ne_designe_rien(dossier: Dossier) -> None:
    sans_n = Dossier(etablissements=dossier.etablissements, activite=dossier.activite)
    assert lire(sans_n, "activite[annee=N-1, modalite=HP].journees_realisees").etat == "vide"
    assert lire(sans_n, "activite[annee=2025, modalite=HP, version=reel].journees_realisees").valeur == 28000


def test_chaque_champ_de_chaque_modele_se_resout_ou_se_refuse_proprement(dossier: Dossier) -> None:
    for racine, modele in COLLECTIONS.items():
        for nom in infos(modele):
            try:
                valeur = lire(dossier, f"{racine}.{nom}")
            except ErreurChemin as erreur:
                assert "lignes au lieu d’une" in erreur.message
            else:
                assert (valeur.valeur is None) == (valeur.etat != "renseigne")
