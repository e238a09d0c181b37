"""La forme des modèles : libellés, feuilles, listes, liens, et le dossier qui réunit tout."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from pydantic import ValidationError

from cpomdocs.modeles import (
    COLLECTIONS,
    FICHES,
    ORDRE_DES_FEUILLES,
    SAISIES,
    Activite,
    Autorisation,
    Compte,
    Dossier,
    Entite,
    Etablissement,
    Gestionnaire,
    Parametres,
    Source,
    cles,
    infos,
)
from cpomdocs.nomenclatures import nomenclature

TOUS = {**FICHES, **COLLECTIONS}
NATURES = {"texte", "texte_long", "entier", "decimal", "montant", "taux", "date", "booleen", "annee"}

# Les clés que tout le monde emploie : conception § 7 et domaine § 2.
CLES = {
    "autorisations": ("etablissement", "modalite"),
    "activite": ("etablissement", "annee", "modalite", "version"),
    "publics": ("etablissement", "annee", "dimension", "modalite"),
    "dependance": ("etablissement", "annee"),
    "effectifs": ("etablissement", "annee", "version", "categorie", "fonction", "type_contrat"),
    "rh_indicateurs": ("etablissement", "annee"),
    "comptes": ("etablissement", "annee", "version", "compte", "section"),
    "dotations": ("etablissement", "annee", "nature", "financeur"),
    "resultats": ("etablissement", "annee"),
    "affectations": ("etablissement", "annee", "compte"),
    "bilan": ("annee", "poste"),
    "financements": ("annee", "version", "ligne"),
    "pgfp": ("annee", "ligne"),
    "qualite": ("etablissement",),
    "immobilier": ("etablissement",),
    "objectifs": ("numero",),
    "actions": ("objectif", "numero"),
    "indicateurs": ("objectif", "code"),
    "activite_totale": ("etablissement", "annee", "version"),
    "effectifs_categories": ("etablissement", "annee", "version", "categorie"),
    "comptes_chapitres": ("etablissement", "annee", "version", "sens", "groupe", "chapitre"),
    "comptes_racines": ("etablissement", "annee", "version", "racine"),
    "comptes_gestionnaire": ("annee", "version"),
    "bilan_synthese": ("annee",),
}


@pytest.mark.parametrize("nom", TOUS)
def test_un_libelle_par_champ_unique_dans_son_entite(nom: str) -> None:
    libelles = [info.libelle for info in infos(TOUS[nom]).values()]
    assert len({texte.casefold() for texte in libelles}) == len(libelles)
    assert all(texte and texte[0].isupper() and len(texte) <= 45 and "'" not in texte for texte in libelles)


@pytest.mark.parametrize("nom", TOUS)
def test_chaque_champ_a_une_nature_et_des_references_connues(nom: str) -> None:
    for info in infos(TOUS[nom]).values():
        assert info.nature.nom in NATURES
        assert info.liste is None or nomenclature(info.liste), info.nom
        assert info.reference is None or info.reference in SAISIES, info.nom
        if info.liste and info.exemple:
            assert info.exemple in nomenclature(info.liste), (info.nom, info.exemple)


@pytest.mark.parametrize("nom", TOUS)
def test_les_entrees_d_un_calcul_existent(nom: str) -> None:
    modele = TOUS[nom]
    for info in infos(modele).values():
        for entree in info.entrees:
            prefixe, _, champ = entree.rpartition(".")
            lie = TOUS[modele.liens.get(prefixe, prefixe)] if prefixe else modele
            assert champ in infos(lie), (nom, info.nom, entree)


@pytest.mark.parametrize("nom", TOUS)
def test_tout_est_documente_en_francais(nom: str) -> None:
    modele = TOUS[nom]
    assert modele.__doc__
    for info in infos(modele).values():
        if info.calcule:
            assert getattr(modele, info.nom).__doc__, (nom, info.nom)


@pytest.mark.parametrize(("collection", "attendues"), CLES.items())
def test_les_cles_sont_celles_convenues(collection: str, attendues: tuple[str, ...]) -> None:
    assert cles(COLLECTIONS[collection]) == attendues


def test_une_feuille_par_entite_saisie_et_aucune_pour_une_vue() -> None:
    noms = []
    for nom, modele in TOUS.items():
        if nom in SAISIES or nom in FICHES:
            assert modele.feuille is not None
            assert 0 < len(modele.feuille.nom) <= 31 and not set(modele.feuille.nom) & set("[]:*?/\\")
            assert modele.feuille.aide.endswith(".")
            assert (modele.feuille.disposition == "fiche") == (nom in FICHES)
            noms.append(modele.feuille.nom)
        else:
            assert modele.feuille is None
    assert noms.count("Paramètres") == 2
    assert len(set(noms)) == len(noms) - 1


def test_l_ordre_des_feuilles_les_compte_toutes_une_fois() -> None:
    assert sorted(ORDRE_DES_FEUILLES) == sorted([*SAISIES, *FICHES])
    assert set(SAISIES) | set(FICHES) == set(Dossier.model_fields)


def test_une_entite_se_cree_sans_aucune_donnee_et_refuse_un_champ_inconnu() -> None:
    for modele in TOUS.values():
        assert isinstance(modele(), Entite)
    with pytest.raises(ValidationError):
        Activite.model_validate({"journees": 3})


def test_un_etablissement_se_deduit_de_sa_categorie() -> None:
    ime = Etablissement(code="IME", categorie_code="183")
    assert (ime.type, ime.secteur, ime.categorie_libelle) == ("IME", "PH_enfant", "Institut médico-éducatif")
    assert ime.categorie_complete == "183 – Institut médico-éducatif"
    choisi = Etablissement(code="X", categorie_code="183", type="IEM", sans_objet=frozenset({"secteur"}))
    assert (choisi.type, choisi.secteur) == ("IEM", None)
    assert Etablissement(code="Y", categorie_code="999").type is None


def test_le_dossier_rattache_ses_lignes_et_les_range() -> None:
    lignes = [
        Activite(etablissement="A", annee=2025, modalite="HP", version="reel"),
        Activite(etablissement="B", annee=2025, modalite="HP", version="reel"),
        Activite(etablissement="A", annee=2024, modalite="HP", version="reel"),
        Activite(annee=2024, modalite="HP", version="reel"),
    ]
    dossier = Dossier(parametres=Parametres(annee_n=2026), activite=lignes)
    assert all(ligne.dossier is dossier for ligne in [*lignes, dossier.gestionnaire])
    assert dossier.lignes("activite") == lignes
    assert dossier.lignes("activite", "A") == [lignes[0], lignes[2]]
    assert dossier.lignes("activite", "A", 2024) == [lignes[2]]
    assert dossier.lignes("activite", annee=2025) == lignes[:2]
    assert dossier.lignes("activite", "") == [lignes[3]]
    assert dossier.lignes("activite", "C") == []
    assert dossier.lignes("objectifs", "A", 2025) == []
    with pytest.raises(KeyError):
        dossier.lignes("inconnue")
    with pytest.raises(LookupError):
        _ = Activite().dossier


def test_deux_dossiers_de_memes_donnees_sont_egaux() -> None:
    def faire(nom: str) -> Dossier:
        return Dossier(etablissements=[Etablissement(code="A", nom=nom)], comptes=[Compte(compte="60")])

    premier, second = faire("x"), faire("x")
    premier.lignes("comptes_synthese")
    premier.etablissements[0].situer({"nom": Source(feuille="Établissements", cellule="B2")})
    assert premier == second
    assert premier.etablissements[0] == second.etablissements[0]
    assert premier != faire("y")


def test_le_perimetre_exclut_ce_qui_en_est_declare_hors() -> None:
    dossier = Dossier(
        etablissements=[
            Etablissement(code="A"),
            Etablissement(code="B", dans_perimetre_cpom=False),
            Etablissement(code="C", dans_perimetre_cpom=True),
        ]
    )
    assert [e.code for e in dossier.perimetre()] == ["A", "C"]
    assert dossier.etablissement("B") is dossier.etablissements[1]
    assert dossier.etablissement("Z") is None


def test_vide_zero_et_sans_objet_sont_trois_etats() -> None:
    ligne = Autorisation(
        etablissement="A", capacite_autorisee=0, sans_objet=frozenset({"capacite_habilitee_as"})
    )
    assert ligne.etat("capacite_autorisee") == "renseigne"
    assert ligne.etat("capacite_habilitee_as") == "sans_objet"
    assert ligne.etat("capacite_installee") == "vide"


def test_les_cellules_d_un_calcul_sont_celles_de_ses_entrees() -> None:
    def cellule(adresse: str) -> Source:
        return Source(feuille="Activité", cellule=adresse)

    ligne = Activite(etablissement="A", annee=2025, modalite="internat", capacite_financee=10)
    ligne.situer({"capacite_financee": cellule("F5"), "jours_ouverture": cellule("E5")})
    assert ligne.sources("journees_theoriques") == (cellule("F5"), cellule("E5"))
    assert ligne.manques("journees_theoriques") == (cellule("E5"),)
    assert ligne.etat("journees_theoriques") == "vide"


def test_une_division_par_zero_est_sans_objet_et_non_un_manque() -> None:
    ligne = Activite(
        etablissement="A",
        annee=2025,
        modalite="HT",
        capacite_financee=0,
        jours_ouverture=365,
        journees_realisees=0,
    )
    assert ligne.taux_occupation is None
    assert ligne.etat("taux_occupation") == "sans_objet"
    assert ligne.etat("taux_realisation") == "vide"


def test_l_emplacement_d_un_champ_absent_est_celui_de_sa_feuille() -> None:
    montant = Source(feuille="Comptes", cellule="G1")
    dossier = Dossier()
    dossier.situer_collection("comptes", {"montant": montant})
    assert dossier.emplacement("comptes", "montant") == (montant,)
    assert dossier.emplacement("comptes_synthese", "resultat") == (montant,)
    assert dossier.emplacement("comptes", "financeur") == ()
    assert dossier.emplacement("inconnue", "montant") == ()


def test_l_adresse_complete_se_compose() -> None:
    siege = Gestionnaire(
        adresse="1 rue de l’Exemple", complement="Bâtiment B", code_postal="01000", commune="Bourg"
    )
    assert siege.adresse_complete == "1 rue de l’Exemple, Bâtiment B, 01000 Bourg"
    assert Gestionnaire(adresse="1 rue", commune="Bourg").adresse_complete is None


def test_les_types_lus_sont_ceux_du_metier() -> None:
    compte = Compte.model_validate({"montant": "1234.50", "annee": "2025"})
    assert compte.montant == Decimal("1234.50") and compte.annee == 2025
    assert Parametres.model_validate({"date_reference": "2026-03-31"}).date_reference == datetime.date(
        2026, 3, 31
    )
