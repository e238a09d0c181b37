"""Les lignes attendues : ce que « classeur preparer » ajoute, ce dont l’absence est un manque."""

from __future__ import annotations

from typing import Any

import pytest

from cpomdocs.modeles import (
    SAISIES,
    Activite,
    Autorisation,
    Compte,
    Dossier,
    Dotation,
    Effectif,
    Etablissement,
    Gestionnaire,
    Parametres,
    PosteBilan,
    Public,
    cles,
    infos,
)

N = 2026


def faire(**collections: Any) -> Dossier:
    defaut: dict[str, Any] = {
        "parametres": Parametres(annee_n=N),
        "etablissements": [
            Etablissement(
                code="EHPAD",
                categorie_code="500",
                regime_tarifaire="ternaire",
                autorite_tarification="ARS+CD",
            ),
            Etablissement(
                code="SAVS",
                categorie_code="446",
                regime_tarifaire="dotation_globale",
                autorite_tarification="CD",
            ),
            Etablissement(code="HORS", categorie_code="500", dans_perimetre_cpom=False),
        ],
        "autorisations": [
            Autorisation(etablissement="EHPAD", modalite="HP"),
            Autorisation(etablissement="EHPAD", modalite="AJ"),
            Autorisation(etablissement="SAVS", modalite="milieu_ordinaire"),
            Autorisation(etablissement="HORS", modalite="HP"),
        ],
    }
    return Dossier(**(defaut | collections))


def triplets(dossier: Dossier, collection: str, *noms: str) -> set[tuple[object, ...]]:
    lignes = dossier.lignes_attendues().get(collection, [])
    return {tuple(ligne.get(nom) for nom in noms) for ligne in lignes}


def test_activite_attendue_par_modalite_et_par_annee() -> None:
    attendues = triplets(faire(), "activite", "etablissement", "annee", "modalite", "version")
    assert attendues == {
        (code, annee, modalite, "reel" if annee < N else "previsionnel")
        for code, modalite in (("EHPAD", "HP"), ("EHPAD", "AJ"), ("SAVS", "milieu_ordinaire"))
        for annee in (2023, 2024, 2025, 2026)
    }


def test_les_autres_collections_attendues() -> None:
    dossier = faire()
    assert triplets(dossier, "dependance", "etablissement", "annee") == {
        ("EHPAD", annee) for annee in (2024, 2025, 2026)
    }
    assert triplets(dossier, "annees", "annee") == {(annee,) for annee in range(2023, 2032)}
    assert triplets(dossier, "qualite", "etablissement") == {("EHPAD",), ("SAVS",)}
    assert triplets(dossier, "rh_indicateurs", "annee") == {(2023,), (2024,), (2025,)}
    assert triplets(dossier, "bilan", "annee") == {(2024,), (2025,)}
    assert triplets(dossier, "pgfp", "annee") == {(annee,) for annee in range(2026, 2032)}
    assert triplets(dossier, "financements", "annee", "version") == {(2026, "previsionnel")}
    dotations = triplets(dossier, "dotations", "etablissement", "nature", "financeur")
    assert dotations == {
        ("EHPAD", "forfait_soins", "assurance_maladie"),
        ("EHPAD", "forfait_dependance", "departement"),
        ("SAVS", "dotation_globale", "departement"),
    }
    assert "siege" not in dossier.lignes_attendues()
    avec_siege = faire(gestionnaire=Gestionnaire(siege_autorise=True))
    assert triplets(avec_siege, "siege", "etablissement", "annee") == {("EHPAD", N), ("SAVS", N)}


def test_les_publics_dependent_du_secteur() -> None:
    dimensions = triplets(faire(), "publics", "etablissement", "dimension")
    assert ("EHPAD", "gir") in dimensions and ("SAVS", "gir") not in dimensions
    ages = triplets(faire(), "publics", "etablissement", "dimension", "modalite")
    assert ("EHPAD", "age", "85_94") in ages and ("SAVS", "age", "85_94") not in ages


def test_les_effectifs_reprennent_les_emplois_de_l_annee_precedente() -> None:
    emploi = Effectif(
        etablissement="SAVS", annee=2025, version="reel", categorie="chef_service", fonction="Cheffe"
    )
    attendus = faire(effectifs=[emploi]).lignes_attendues()["effectifs"]
    assert [a for a in attendus if a["etablissement"] == "SAVS"] == [
        {
            "etablissement": "SAVS",
            "annee": N,
            "version": "previsionnel",
            "categorie": "chef_service",
            "fonction": "Cheffe",
        }
    ]
    categories = {a["categorie"] for a in attendus if a["etablissement"] == "EHPAD"}
    assert "ash" in categories and "enseignant" not in categories


def test_le_budget_n_reprend_les_comptes_de_n_1() -> None:
    reels = [
        Compte(etablissement="SAVS", annee=2025, version="reel", compte="6411"),
        Compte(etablissement="SAVS", annee=2025, version="reel", compte="606", section="soins"),
        Compte(etablissement="SAVS", annee=N, version="previsionnel", compte="6411"),
    ]
    assert faire(comptes=reels).lignes_attendues()["comptes"] == [
        {
            "etablissement": "SAVS",
            "compte": "606",
            "section": "soins",
            "annee": N,
            "version": "previsionnel",
        }
    ]


def test_ce_qui_est_prepare_n_est_pas_propose_deux_fois() -> None:
    dossier = faire(gestionnaire=Gestionnaire(siege_autorise=True))
    lignes = {
        nom: [*dossier.lignes(nom), *(SAISIES[nom].model_validate(c) for c in attendues)]
        for nom, attendues in dossier.lignes_attendues().items()
    }
    for nom, attendues in dossier.lignes_attendues().items():
        obligatoires = [c for c in cles(SAISIES[nom]) if infos(SAISIES[nom])[c].obligatoire]
        assert all(set(obligatoires) <= attendue.keys() for attendue in attendues)
        assert all(set(attendue) <= set(cles(SAISIES[nom])) for attendue in attendues)
    prepare = Dossier.model_validate({**{n: getattr(dossier, n) for n in Dossier.model_fields}, **lignes})
    encore = prepare.lignes_attendues()
    assert set(encore) <= {"comptes", "effectifs"}
    assert encore == {}


def test_sans_annee_n_rien_n_est_prepare_et_tout_reste_attendu() -> None:
    dossier = faire(parametres=Parametres())
    assert dossier.lignes_attendues() == {}
    assert dossier.attend("activite", {"etablissement": "EHPAD", "annee": 2025})


@pytest.mark.parametrize(
    ("collection", "voulues", "attendu"),
    [
        ("activite", {"etablissement": "EHPAD", "annee": 2025, "modalite": "HP", "version": "reel"}, True),
        ("activite", {"etablissement": "EHPAD", "annee": 2025}, True),
        ("activite", {"etablissement": "EHPAD", "annee": 2025, "modalite": "HT"}, False),
        ("activite", {"etablissement": "EHPAD", "annee": 2022}, False),
        ("activite", {"etablissement": "HORS", "annee": 2025}, False),
        ("activite", {"etablissement": "INCONNU"}, False),
        ("activite", {"etablissement": "EHPAD", "annee": 2025, "version": "anticipe"}, False),
        ("activite_totale", {"etablissement": "SAVS", "annee": 2026, "version": "previsionnel"}, True),
        ("activite_totale", {"etablissement": "SAVS", "annee": 2026, "version": "reel"}, False),
        ("autorisations", {"etablissement": "EHPAD", "modalite": "HT"}, False),
        ("dependance", {"etablissement": "SAVS", "annee": 2025}, False),
        ("dependance", {"etablissement": "EHPAD", "annee": 2025}, True),
        ("comptes_synthese", {"etablissement": "EHPAD", "annee": 2024, "version": "reel"}, True),
        ("comptes", {"etablissement": "EHPAD", "annee": 2024, "version": "reel", "compte": "6411"}, False),
        ("comptes_gestionnaire", {"annee": 2025, "version": "reel"}, True),
        ("effectifs_synthese", {"etablissement": "SAVS", "annee": 2025, "version": "reel"}, True),
        ("effectifs_categories", {"etablissement": "SAVS", "annee": 2025, "categorie": "ash"}, False),
        ("dotations_synthese", {"etablissement": "SAVS", "annee": 2025}, True),
        ("bilan_synthese", {"annee": 2025}, True),
        ("bilan_synthese", {"annee": 2020}, False),
        ("qualite", {"etablissement": "SAVS"}, True),
        ("siege", {"etablissement": "SAVS", "annee": N}, False),
        ("constats", {"etablissement": "SAVS", "axe": "rh"}, True),
        ("complements", {"code": "Q1"}, True),
    ],
)
def test_ce_qui_est_attendu(collection: str, voulues: dict[str, Any], attendu: bool) -> None:
    assert faire().attend(collection, voulues) is attendu


def test_un_groupe_commence_est_tenu_pour_complet() -> None:
    dossier = faire(
        publics=[Public(etablissement="SAVS", annee=2025, dimension="sexe", modalite="femmes", effectif=3)],
        bilan=[PosteBilan(annee=2025, poste="emprunts")],
        dotations=[Dotation(etablissement="EHPAD", annee=2025, nature="fgu", financeur="assurance_maladie")],
    )
    cle = {"etablissement": "SAVS", "annee": 2025, "dimension": "sexe"}
    assert dossier.attend("publics", cle)
    assert not dossier.attend("publics", cle | {"modalite": "hommes"})
    assert dossier.attend("publics", cle | {"annee": 2024, "modalite": "hommes"})
    assert not dossier.attend("bilan", {"annee": 2025, "poste": "stocks"})
    assert not dossier.attend(
        "dotations", {"etablissement": "EHPAD", "annee": 2025, "nature": "forfait_soins"}
    )


def test_une_ligne_presente_est_toujours_attendue() -> None:
    dossier = faire(
        activite=[Activite(etablissement="HORS", annee=2019, modalite="HP", version="executoire")]
    )
    assert dossier.attend("activite", {"etablissement": "HORS", "annee": 2019, "version": "executoire"})
