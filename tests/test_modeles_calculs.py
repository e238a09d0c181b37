"""Les valeurs calculées, comparées à des calculs à la main et à l’exemple publié de `domaine` § 1.14."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpomdocs.modeles import (
    Action,
    Activite,
    AnneeExercice,
    Autorisation,
    Compte,
    Dependance,
    Dossier,
    Dotation,
    Effectif,
    Entite,
    Etablissement,
    Financement,
    Parametres,
    PosteBilan,
    Public,
    Resultat,
    RhIndicateur,
    ValeurIndicateur,
)

SO = frozenset


def d(texte: str) -> Decimal:
    return Decimal(texte)


def vue(dossier: Dossier, nom: str, **cles: object) -> Any:
    """La seule ligne de la vue qui porte ces clés."""
    (ligne,) = [li for li in dossier.lignes(nom) if all(getattr(li, k) == v for k, v in cles.items())]
    return ligne


def compte(numero: str, montant: str | None, **autres: Any) -> Compte:
    cles: dict[str, Any] = {"etablissement": "S", "annee": 2019, "version": "reel"} | autres
    return Compte(compte=numero, montant=None if montant is None else d(montant), **cles)


# --- L’exemple réel de domaine § 1.14 : service de FINESS 010001436, exercice 2019.

EXEMPLE = [
    compte("606", "50409.18"),
    compte("6111", "10000.00"),
    compte("625", "30000.00"),
    compte("621", "12692.26"),
    compte("6411", "600000.00"),
    compte("6451", "130000.00"),
    compte("6132", "29444.41"),
    compte("6811", "10000.00"),
    compte("7312", "850229.68"),
    compte("748", "30000.00"),
    compte("6419", "8364.60"),
    compte("76", "175.28"),
    compte("777", "1000.00"),
]


@pytest.fixture
def exemple() -> Dossier:
    return Dossier(
        parametres=Parametres(annee_n=2020),
        etablissements=[Etablissement(code="S", finess_et="010001436", categorie_code="182")],
        autorisations=[
            Autorisation(etablissement="S", modalite="externat", capacite_autorisee=42, capacite_financee=40)
        ],
        effectifs=[
            Effectif(
                etablissement="S",
                annee=2019,
                version="reel",
                categorie="socio_educatif",
                etp_budgetes=d("11.00"),
                etp_realises=d("10.43"),
            ),
            Effectif(
                etablissement="S",
                annee=2019,
                version="reel",
                categorie="paramedical",
                etp_budgetes=d("6.00"),
                etp_realises=d("6.00"),
            ),
        ],
        comptes=EXEMPLE,
    )


def test_exemple_publie_groupes_et_resultat(exemple: Dossier) -> None:
    synthese = vue(exemple, "comptes_synthese")
    assert synthese.charges_groupe_1 == d("90409.18")
    assert synthese.charges_groupe_2 == d("742692.26")
    assert synthese.charges_groupe_3 == d("39444.41")
    assert synthese.produits_groupe_1 == d("850229.68")
    assert synthese.produits_groupe_2 == d("38364.60")
    assert synthese.produits_groupe_3 == d("1175.28")
    assert synthese.total_charges == d("872545.85")
    assert synthese.total_produits == d("889769.56")
    assert synthese.resultat == d("17223.71")


def test_exemple_publie_etp(exemple: Dossier) -> None:
    assert vue(exemple, "effectifs_synthese").etp_realises == d("16.43")
    assert exemple.gestionnaire.etp_total == d("16.43")
    assert vue(exemple, "effectifs_filieres", filiere="educatif").etp_realises == d("10.43")


def test_exemple_publie_caf_et_ratios(exemple: Dossier) -> None:
    synthese = vue(exemple, "comptes_synthese")
    # 17 223,71 + 10 000 (68) − 1 000 (777)
    assert synthese.caf == d("26223.71")
    # Classe 7 encaissable : 850 229,68 + 30 000 + 175,28, sans le 6419 (classe 6) ni le 777.
    assert synthese.taux_caf == d("26223.71") / d("880404.96")
    # (6111 + 621) ÷ (groupe II + 6111)
    assert synthese.taux_prestations_externes == d("22692.26") / d("752692.26")
    # (872 545,85 − 38 364,60 − 1 175,28) ÷ 40 places financées
    assert synthese.charges_nettes == d("833005.97")
    assert synthese.cout_place == d("833005.97") / 40
    assert synthese.charges_decaissables == d("862545.85")
    assert synthese.frais_siege == 0


def test_exemple_publie_gestionnaire_et_chapitres(exemple: Dossier) -> None:
    assert vue(exemple, "comptes_gestionnaire", annee=2019, version="reel").resultat == d("17223.71")
    personnel = vue(exemple, "comptes_chapitres", sens="charge", groupe="II", chapitre="64")
    assert personnel.montant == d("730000.00")
    assert vue(exemple, "comptes_chapitres", sens="produit", chapitre="64").montant == d("8364.60")


def test_une_racine_reunit_ses_comptes_detailles() -> None:
    dossier = Dossier(comptes=[compte("6751", "30"), compte("6752", "12"), compte("675", "1")])
    assert vue(dossier, "comptes_racines", racine="675").montant == d("43")
    assert vue(dossier, "comptes_racines", racine="6752").montant == d("12")


def test_frais_de_siege_et_cessions() -> None:
    dossier = Dossier(
        comptes=[
            compte("6556", "3000"),
            compte("6558", "200"),
            compte("675", "500"),
            compte("68", "1000"),
            compte("709", "40"),
            compte("73", "9000"),
            compte("775", "700"),
            compte("7781", "50"),
            compte("781", "300"),
        ]
    )
    synthese = vue(dossier, "comptes_synthese")
    assert synthese.frais_siege == 3200
    # résultat = 10 050 − 4 740 = 5 310 ; CAF = 5 310 + 1 000 + 500 − 300 − 700 − 50
    assert synthese.resultat == 5310
    assert synthese.caf == 5760
    assert synthese.taux_caf == d("5760") / d("8960")


def test_un_montant_vide_rend_le_total_inconnu_et_un_sans_objet_non() -> None:
    vide = vue(Dossier(comptes=[compte("60", "10"), compte("64", None)]), "comptes_synthese")
    assert vide.charges_groupe_1 == 10
    assert (vide.charges_groupe_2, vide.total_charges, vide.resultat, vide.caf) == (None,) * 4
    assert vide.etat("resultat") == "vide"
    so = compte("64", None).model_copy(update={"sans_objet": SO({"montant"})})
    synthese = vue(Dossier(comptes=[compte("60", "10"), so]), "comptes_synthese")
    assert synthese.etat("charges_groupe_2") == "sans_objet"
    assert synthese.total_charges == 10
    assert synthese.resultat == -10


def test_une_ligne_toutes_sections_l_emporte_sur_ses_sections() -> None:
    sections = [compte("60", "70", section="hebergement"), compte("60", "30", section="dependance")]
    assert vue(Dossier(comptes=sections), "comptes_synthese").total_charges == 100
    globale = [*sections, compte("60", "101", section="global")]
    assert vue(Dossier(comptes=globale), "comptes_synthese").total_charges == 101


def test_le_gestionnaire_ne_compte_que_le_perimetre() -> None:
    dossier = Dossier(
        etablissements=[Etablissement(code="S"), Etablissement(code="T", dans_perimetre_cpom=False)],
        comptes=[compte("60", "10"), compte("60", "5", etablissement="T")],
    )
    assert vue(dossier, "comptes_gestionnaire").total_charges == 10


def test_un_compte_inconnu_n_entre_dans_aucun_groupe() -> None:
    inconnu = compte("512", "10")
    assert (inconnu.sens, inconnu.groupe) == (None, None)
    assert vue(Dossier(comptes=[inconnu]), "comptes_synthese").total_charges == 0


@given(st.lists(st.decimals("-1e9", "1e9", places=2), min_size=1, max_size=30))
def test_le_resultat_est_exact_au_centime(montants: list[Decimal]) -> None:
    dossier = Dossier(comptes=[compte("60" if i % 2 else "73", str(m)) for i, m in enumerate(montants)])
    centimes = [int(m * 100) * (-1 if i % 2 else 1) for i, m in enumerate(montants)]
    assert vue(dossier, "comptes_synthese").resultat * 100 == sum(centimes)


# --- Activité


def activite(modalite: str, **valeurs: Any) -> Activite:
    cles: dict[str, Any] = {"etablissement": "E", "annee": 2024, "version": "reel"}
    return Activite(modalite=modalite, **cles, **valeurs)


def test_hebergement_permanent_les_absences_courtes_comptent() -> None:
    hp = activite(
        "HP",
        jours_ouverture=366,
        capacite_financee=80,
        journees_realisees=28000,
        absences_lt72h=116,
        journees_financees=29000,
        effectif_3112=78,
        sorties_definitives=20,
        somme_durees_sortis=20500,
        absences_ge72h=84,
        personnes_absentes=25,
    )
    assert hp.journees_theoriques == 29280
    assert hp.journees_occupees == 28116
    assert hp.taux_occupation == d("28116") / d("29280")
    assert hp.taux_realisation == d("28000") / d("29000")
    assert hp.file_active == 98
    assert hp.duree_moyenne == d("1025")
    assert hp.absence_moyenne == 8


def test_hebergement_permanent_sans_absences_connues_le_taux_manque() -> None:
    hp = activite("HP", jours_ouverture=365, capacite_financee=1, journees_realisees=300)
    assert hp.taux_occupation is None and hp.etat("taux_occupation") == "vide"
    so = hp.model_copy(update={"sans_objet": SO({"absences_lt72h"})})
    assert so.taux_occupation == d("300") / 365


def test_hors_hebergement_permanent_les_absences_ne_comptent_pas() -> None:
    # Taux d’occupation publié de l’exemple : 1,0008 en externat (fraction).
    externat = activite(
        "externat", jours_ouverture=210, capacite_financee=40, journees_realisees=8407, absences_lt72h=50
    )
    assert externat.journees_theoriques == 8400
    taux = externat.taux_occupation
    assert taux is not None and round(taux, 4) == d("1.0008")


def test_le_total_ne_compte_ni_deux_fois_une_unite_ni_les_seances_avec_les_journees() -> None:
    dossier = Dossier(
        activite=[
            activite(
                "HP", jours_ouverture=365, capacite_financee=80, journees_realisees=27000, absences_lt72h=100
            ),
            activite("HT", jours_ouverture=365, capacite_financee=4, journees_realisees=1000),
            activite("PASA", jours_ouverture=250, capacite_financee=14, journees_realisees=3000),
            activite(
                "seances", jours_ouverture=200, capacite_financee=3, journees_realisees=900, nb_actes=900
            ),
        ]
    )
    total = vue(dossier, "activite_totale")
    assert total.capacite_financee == 87
    assert total.journees_theoriques == 84 * 365
    assert total.journees_realisees == 28000
    assert total.taux_occupation == d("28100") / d(str(84 * 365))
    assert total.capacite_autorisee is None


def test_capacites_d_un_etablissement() -> None:
    def place(modalite: str, n: int, installee: int | None) -> Autorisation:
        return Autorisation(
            etablissement="E", modalite=modalite, capacite_autorisee=n, capacite_installee=installee
        )

    dossier = Dossier(
        etablissements=[Etablissement(code="E"), Etablissement(code="F")],
        autorisations=[place("HP", 80, 78), place("AJ", 10, None), place("PASA", 14, 14)],
    )
    premier, second = dossier.etablissements
    assert premier.capacite_autorisee == 90
    assert premier.capacite_installee is None
    assert second.capacite_autorisee is None


def test_les_repartitions_en_pourcentage() -> None:
    def public(reponse: str, effectif: int | None, dimension: str = "sexe") -> Public:
        return Public(etablissement="E", annee=2024, dimension=dimension, modalite=reponse, effectif=effectif)

    dossier = Dossier(publics=[public("femmes", 30), public("hommes", 10), public("gir1", 5, "gir")])
    assert [p.pourcentage for p in dossier.publics] == [d("0.75"), d("0.25"), d("1")]
    assert Dossier(publics=[public("femmes", 30), public("hommes", None)]).publics[0].pourcentage is None


# --- Dépendance


def test_gmp_gmps_et_modulation() -> None:
    ligne = Dependance(
        gir1=10, gir2=20, gir3=15, gir4=20, gir5=10, gir6=5, pmp=d("210"), to_retenu=d("0.91"),
        seuil_modulation=d("0.95"),
    )  # fmt: skip
    # (10×1000 + 20×840 + 15×660 + 20×420 + 10×250 + 5×70) ÷ 80 = 47 950 ÷ 80
    assert ligne.effectif_total == 80
    assert ligne.gmp_calcule == d("599.375")
    assert ligne.gmps == d("599.375") + d("543.9")
    assert ligne.taux_modulation == d("0.02")
    valide = ligne.model_copy(update={"gmp": d("700"), "to_retenu": d("0.98")})
    assert valide.gmps == d("1243.9")
    assert valide.taux_modulation == 0


@given(st.lists(st.integers(0, 500), min_size=6, max_size=6))
def test_le_gmp_reste_entre_70_et_1000(effectifs: list[int]) -> None:
    gmp = Dependance.model_validate({f"gir{i}": n for i, n in enumerate(effectifs, start=1)}).gmp_calcule
    assert gmp is None if sum(effectifs) == 0 else gmp is not None and 70 <= gmp <= 1000


def test_un_gir_vide_rend_le_gmp_inconnu() -> None:
    assert Dependance(gir1=1, gir2=1, gir3=1, gir4=1, gir5=1).gmp_calcule is None


# --- Ressources humaines


def test_etp_vacants_cout_et_encadrement() -> None:
    def emploi(etp: str, realise: str | None, categorie: str = "ide") -> Effectif:
        return Effectif(
            etablissement="E", annee=2025, version="reel", categorie=categorie,
            etp_budgetes=d(etp), etp_realises=None if realise is None else d(realise),
            remuneration_brute=d("100.10"), charges_sociales=d("40.05"), charges_fiscales=d("8.01"),
        )  # fmt: skip

    dossier = Dossier(
        etablissements=[Etablissement(code="E")],
        autorisations=[Autorisation(etablissement="E", modalite="HP", capacite_autorisee=20)],
        effectifs=[emploi("6.50", "6.20"), emploi("3.50", "3.00", "ash")],
    )
    assert dossier.effectifs[0].etp_vacants == d("0.30")
    assert dossier.effectifs[0].cout_total == d("148.16")
    synthese = vue(dossier, "effectifs_synthese")
    assert synthese.etp_vacants == d("0.80")
    assert synthese.taux_etp_vacants == d("0.08")
    assert synthese.cout_total == d("296.32")
    assert synthese.ratio_encadrement == d("0.5")
    assert vue(dossier, "effectifs_categories", categorie="ash").etp_budgetes == d("3.50")


def test_rotation_et_absenteisme() -> None:
    ligne = RhIndicateur(
        recrutements=9, departs=7, effectif_3112_n1=64, etp_reels=d("50"),
        jours_absence_courte=100, jours_absence_moyenne=200, jours_absence_longue=365,
        jours_absence_maternite=112, jours_absence_atmp=90, jours_absence_speciaux=45,
    )  # fmt: skip
    # ((9 ÷ 64) + (7 ÷ 64)) ÷ 2
    assert ligne.taux_rotation == d("0.125")
    assert ligne.jours_absence == 912
    assert ligne.taux_absenteisme == d("912") / d("18250")
    assert ligne.taux_absenteisme_longue == d("0.02")
    assert ligne.model_copy(update={"jours_absence_atmp": None}).taux_absenteisme is None


# --- Financement, résultats, patrimoine


def test_dotation_totale_fi_15() -> None:
    ligne = Dotation(
        etablissement="E", annee=2025, nature="forfait_soins", financeur="assurance_maladie",
        base_reconductible=d("1200000"), taux_actualisation=d("0.012"), mesures_nouvelles=d("0"),
        cnr=d("15000"), total_notifie=d("1229400"),
    )  # fmt: skip
    assert ligne.total_calcule == d("1229400")
    autre = ligne.model_copy(update={"nature": "complementaire", "total_notifie": d("600")})
    synthese = vue(Dossier(dotations=[ligne, autre]), "dotations_synthese")
    assert synthese.total == d("1230000")


def test_resultat_a_affecter() -> None:
    ligne = Resultat(resultat_comptable=d("100"), reprise_anterieurs=d("-30"), retraitements=d("5"))
    assert ligne.resultat_a_affecter_calcule == 75


@pytest.fixture
def patrimoine() -> Dossier:
    postes = {
        "constructions_brut": "4000", "materiel_brut": "1000", "terrains_brut": "500",
        "apports": "800", "reserve_investissement": "700", "emprunts": "1500",
        "constructions_amortissements": "1600", "materiel_amortissements": "600",
        "report_a_nouveau": "-50", "resultat_exercice": "150", "reserve_tresorerie": "300",
        "stocks": "20", "creances": "280", "fournisseurs": "150", "dettes_sociales_fiscales": "250",
        "disponibilites": "210", "concours_bancaires": "10",
    }  # fmt: skip
    return Dossier(
        etablissements=[Etablissement(code="S")],
        bilan=[PosteBilan(annee=2019, poste=poste, montant=d(v)) for poste, v in postes.items()],
        comptes=[compte("60", "3550"), compte("68", "100"), compte("73", "3850")],
    )


def test_equilibres_du_bilan(patrimoine: Dossier) -> None:
    bilan = vue(patrimoine, "bilan_synthese")
    # FRI = (800 + 700 + 1 500 + 1 600 + 600) − 5 500 ; FRE = 300 + 150 − 50 ; BFR = 300 − 400
    assert (bilan.fri, bilan.fre, bilan.frng, bilan.bfr) == (-300, 400, 100, -100)
    assert bilan.tresorerie == 200 == bilan.tresorerie_constatee


def test_ratios_du_bilan(patrimoine: Dossier) -> None:
    bilan = vue(patrimoine, "bilan_synthese")
    assert bilan.taux_vetuste_constructions == d("0.4")
    assert bilan.taux_endettement == d("0.5")
    # CAF = 200 + 100 ; nettes amortissables = 5 000 − 2 200 ; charges décaissables = 3 550
    assert bilan.duree_apparente_dette == 5
    assert bilan.apurement_dette == d("2800") / d("1500")
    assert bilan.frng_jours == d("36500") / d("3550")
    assert bilan.tresorerie_jours == d("73000") / d("3550")
    assert bilan.bfr_jours == d("-36500") / d("3550")


def test_un_ratio_sans_compte_de_resultat_manque(patrimoine: Dossier) -> None:
    seul = Dossier(bilan=patrimoine.bilan)
    bilan = vue(seul, "bilan_synthese")
    assert bilan.duree_apparente_dette is None
    assert bilan.etat("duree_apparente_dette") == "vide"


def test_tableau_de_financement() -> None:
    lignes = {"remboursement_dettes": "90", "acquisitions": "200", "caf": "300", "emprunts_nouveaux": "50"}
    dossier = Dossier(
        financements=[
            Financement(annee=2026, version="previsionnel", ligne=nom, montant=d(v))
            for nom, v in lignes.items()
        ]
    )
    synthese = vue(dossier, "financements_synthese")
    assert (synthese.total_emplois, synthese.total_ressources, synthese.apport) == (290, 350, 60)


# --- Années, objectifs


def test_rang_et_jours_d_un_exercice() -> None:
    dossier = Dossier(
        parametres=Parametres(annee_n=2026), annees=[AnneeExercice(annee=a) for a in (2024, 2026, 2029)]
    )
    assert [a.rang for a in dossier.annees] == ["N-2", "N", "N+3"]
    assert [a.jours_calendaires for a in dossier.annees] == [366, 365, 365]


def test_taux_d_atteinte_d_un_indicateur() -> None:
    def valeur(version: str, montant: str, etablissement: str | None = None) -> ValeurIndicateur:
        return ValeurIndicateur(
            objectif="1", indicateur="I1", annee=2026, version=version, valeur=d(montant),
            etablissement=etablissement,
        )  # fmt: skip

    dossier = Dossier(
        valeurs_indicateurs=[valeur("cible", "80"), valeur("reel", "60"), valeur("reel", "10", "E")]
    )
    cible, reel, ailleurs = dossier.valeurs_indicateurs
    assert (cible.taux_atteinte, reel.taux_atteinte, ailleurs.taux_atteinte) == (None, d("0.75"), None)


def test_moyens_d_une_action() -> None:
    action = Action(
        moyens_redeploiement=d("10"), moyens_autofinancement=d("5"), moyens_cnr=d("0"),
        sans_objet=SO({"moyens_perennes"}),
    )  # fmt: skip
    assert action.moyens_total == 15


def test_une_entite_vide_ne_calcule_rien_et_ne_leve_rien() -> None:
    from cpomdocs.modeles import COLLECTIONS, FICHES, SAISIES, infos
    from cpomdocs.modeles.vues import VUES

    lignes = {nom: [modele()] for nom, modele in SAISIES.items()}
    dossier = Dossier.model_validate(lignes)
    for nom, modele in {**FICHES, **COLLECTIONS}.items():
        presentes: list[Entite] = [getattr(dossier, nom)] if nom in FICHES else dossier.lignes(nom)
        for ligne in presentes:
            for info in infos(modele).values():
                if nom in VUES and not info.calcule:
                    continue  # les clés et les constats d’une vue, jamais vides
                assert getattr(ligne, info.nom) is None, (nom, info.nom)
                assert ligne.etat(info.nom) in ("vide", "sans_objet")
                assert ligne.manques(info.nom) == ()
