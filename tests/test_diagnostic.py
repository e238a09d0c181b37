"""Le diagnostic et les rôles : ratios d’un tableur fait à la main, lectures, documents qu’on en tire."""

from __future__ import annotations

import datetime
import io
import shutil
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx as python_docx
import openpyxl
import pytest
from fabriques import RACINE, convertir, exige_libreoffice, poser_classeur

from cpomdocs import generer
from cpomdocs.certificat.word import certifier_balises
from cpomdocs.modeles import Dossier
from cpomdocs.modeles.chemins import Contexte
from cpomdocs.nomenclatures import details
from cpomdocs.remplissage.balises import preparer, remplir

D = Decimal
JOUR = datetime.date(2026, 3, 31)
BUDGET = {
    "60": 100_000,
    "64": 300_000,
    "613": 40_000,
    "6811": 20_000,
    "731": 450_000,
    "75": 18_000,
    "777": 7_000,
}
BILAN = {
    "apports": 500_000,
    "emprunts": 200_000,
    "constructions_brut": 800_000,
    "constructions_amortissements": 300_000,
    "materiel_brut": 50_000,
    "materiel_amortissements": 20_000,
    "reserve_tresorerie": 30_000,
    "creances": 60_000,
    "fournisseurs": 40_000,
}


def un_dossier(**autres: Any) -> Dossier:
    """Un établissement, deux exercices clos, un bilan, un début de démarche."""
    comptes = [
        {
            "etablissement": "A",
            "annee": annee,
            "version": version,
            "compte": compte,
            "montant": montant + surcout,
        }
        for annee, version, personnel in (
            (2024, "reel", 40_000),
            (2025, "reel", 0),
            (2026, "previsionnel", 5_000),
        )
        for compte, montant in BUDGET.items()
        for surcout in [personnel if compte == "64" else 0]
    ]
    cle = {"etablissement": "A", "annee": 2025}
    donnees: dict[str, Any] = {
        "parametres": {"annee_n": 2026, "date_reference": JOUR},
        "gestionnaire": {"raison_sociale": "Les Aulnes", "commune": "Exempleville"},
        "etablissements": [
            {"code": "A", "nom": "EHPAD Les Aulnes", "nom_court": "Les Aulnes", "type": "EHPAD"}
        ],
        "autorisations": [
            {"etablissement": "A", "modalite": "HP", "capacite_autorisee": 20, "capacite_financee": 20}
        ],
        "comptes": comptes,
        "bilan": [{"annee": 2025, "poste": poste, "montant": montant} for poste, montant in BILAN.items()],
        "activite": [
            {
                **cle,
                "modalite": "HP",
                "version": "reel",
                "jours_ouverture": 365,
                "capacite_autorisee": 20,
                "capacite_financee": 20,
                "journees_financees": 7_000,
                "journees_realisees": 6_800,
                "absences_lt72h": 90,
                "effectif_3112": 19,
                "sorties_definitives": 5,
                "somme_durees_sortis": 4_000,
                "liste_attente": 7,
            }
        ],
        "effectifs": [
            {
                **cle,
                "version": "reel",
                "categorie": "ide",
                "fonction": "IDE",
                "etp_budgetes": "30",
                "etp_realises": "28.5",
            }
        ],
        "rh_indicateurs": [
            {
                **cle,
                "recrutements": 6,
                "departs": 4,
                "effectif_3112_n1": 40,
                "jours_absence_courte": 100,
                "jours_absence_moyenne": 0,
                "jours_absence_longue": 200,
                "jours_absence_maternite": 0,
                "jours_absence_atmp": 0,
                "jours_absence_speciaux": 0,
                "etp_reels": "25.5",
            }
        ],
    }
    return Dossier.model_validate({**donnees, **autres})


def mesure(dossier: Dossier, indicateur: str, code: str | None = None) -> Any:
    """La ligne de cet indicateur, d’un établissement ou du gestionnaire."""
    lignes = dossier.lignes("mesures", code) if code else dossier.lignes("mesures_gestionnaire")
    return next(ligne for ligne in lignes if ligne.indicateur == indicateur)  # type: ignore[attr-defined]


# Les formules sont celles des définitions du diagnostic (domaine § 1.6 bis et § 1.14), écrites à la main.
TABLEUR = {
    "charges": "=100000+300000+40000+20000",
    "produits": "=450000+18000+7000",
    "resultat": "=B2-B1",
    "caf": "=B3+20000-7000",
    "par_jour": "=(B1-20000)/365",
    "taux_resultat": "=B3/B2",
    "taux_caf": "=B4/(450000+18000)",
    "part_groupe_2": "=300000/B1",
    "cout_place": "=(B1-18000-7000)/20",
    "frng": "=(500000+200000+300000+20000)-(800000+50000)+30000",
    "frng_jours": "=B10/B5",
    "bfr_jours": "=(60000-40000)/B5",
    "tresorerie_jours": "=(B10-(60000-40000))/B5",
    "taux_endettement": "=200000/(500000+200000)",
    "duree_apparente_dette": "=200000/B4",
    "apurement_dette": "=((800000+50000)-(300000+20000))/200000",
    "taux_vetuste": "=300000/800000",
    "taux_occupation": "=(6800+90)/(20*365)",
    "taux_realisation": "=6800/7000",
    "file_active": "=19+5",
    "duree_moyenne": "=4000/5",
    "liste_attente": "=7",
    "taux_absenteisme": "=(100+200)/(25.5*365)",
    "taux_rotation": "=(6/40+4/40)/2",
    "taux_etp_vacants": "=(30-28.5)/30",
    "ratio_encadrement": "=30/20",
}


@exige_libreoffice
def test_les_indicateurs_sont_ceux_d_un_tableur_recalcule(tmp_path: Path) -> None:
    livre = openpyxl.Workbook()
    for rang, (nom, formule) in enumerate(TABLEUR.items(), start=1):
        livre.active[f"A{rang}"], livre.active[f"B{rang}"] = nom, formule
    (tmp_path / "source").mkdir()
    livre.save(tmp_path / "source" / "main.xlsx")
    calcule = openpyxl.load_workbook(
        convertir(tmp_path / "source" / "main.xlsx", "xlsx", tmp_path), data_only=True
    )
    attendus = {nom: calcule.active[f"B{rang}"].value for rang, nom in enumerate(TABLEUR, start=1)}
    dossier = un_dossier()
    lus = {
        ligne.indicateur: ligne.valeur_n1  # type: ignore[attr-defined]
        for vue in ("mesures", "mesures_gestionnaire")
        for ligne in dossier.lignes(vue)
    }
    assert set(lus) == set(TABLEUR) - {"charges", "produits", "resultat", "caf", "par_jour"} | {
        "taux_prestations_externes"
    }
    for nom, valeur in lus.items():
        if nom in attendus:
            assert float(valeur) == pytest.approx(attendus[nom], rel=1e-9), nom


@pytest.mark.parametrize(
    ("jours", "lecture"),
    [("31", "bon"), ("30", "bon"), ("29", "a_surveiller"), ("15", "a_surveiller"), ("14", "fragile")],
)
def test_un_ratio_se_lit_devant_ses_reperes(jours: str, lecture: str) -> None:
    """Charges décaissables de 365 000 € : un jour vaut 1 000 €, repères d’usage 30 et 15 jours."""
    comptes = [{"etablissement": "A", "annee": 2025, "version": "reel", "compte": "60", "montant": 365_000}]
    bilan = [{"annee": 2025, "poste": "reserve_tresorerie", "montant": D(jours) * 1000}]
    ligne = mesure(un_dossier(comptes=comptes, bilan=bilan), "tresorerie_jours")
    assert (ligne.texte_n1, ligne.lecture) == (f"{jours}\u00a0jours", lecture)


def test_les_reperes_de_la_personne_l_emportent_et_un_taux_bas_peut_etre_bon() -> None:
    usage, propre = (
        un_dossier(),
        un_dossier(reperes=[{"indicateur": "taux_absenteisme", "bon": "0.02", "fragile": "0.03"}]),
    )
    assert [mesure(d, "taux_absenteisme", "A").lecture for d in (usage, propre)] == ["bon", "fragile"]
    assert (
        mesure(propre, "taux_absenteisme", "A").repere == "bon jusqu’à 2\u00a0%, fragile au-delà de 3\u00a0%"
    )
    assert mesure(propre, "file_active", "A").lecture is None


def test_l_evolution_compare_les_exercices_clos_et_jamais_le_budget() -> None:
    """Résultat de −25 000 € en 2024, de 15 000 € en 2025, de 10 000 € prévus en 2026."""
    ligne = mesure(un_dossier(), "taux_resultat")
    assert (ligne.tendance, ligne.lecture) == ("amelioration", "bon")
    assert ligne.texte_n2 == "-5,3\u00a0%"
    assert mesure(un_dossier(), "file_active", "A").tendance is None


def test_ce_qui_manque_est_vide_et_dit_quelle_cellule_remplir() -> None:
    vide = un_dossier(comptes=[], bilan=[], activite=[], effectifs=[], rh_indicateurs=[])
    lignes = vide.lignes("mesures_gestionnaire") + vide.lignes("mesures")
    assert lignes
    assert not any(
        getattr(ligne, nom) for ligne in lignes for nom in ("valeur_n1", "texte_n1", "lecture", "renseigne")
    )


AXES = [
    {"axe": "rh", "intitule": "Soutenir les métiers", "ordre": 1, "retenu": True},
    {"axe": "activite", "intitule": "Adapter l’offre", "ordre": 2, "retenu": True},
]
CONSTATS = [
    {
        "axe": "activite",
        "portee": "commun",
        "type": "force",
        "texte": "Listes d’attente fournies.",
        "priorite": "prioritaire",
    },
    {
        "axe": "rh",
        "portee": "specifique",
        "etablissement": "A",
        "type": "menace",
        "texte": "Usure des équipes.",
    },
    {
        "axe": "droits",
        "portee": "specifique",
        "etablissement": "A",
        "type": "enjeu",
        "texte": "Faire vivre le CVS.",
    },
]


def test_les_axes_sont_dans_les_mots_et_l_ordre_de_l_autorite_sans_en_perdre() -> None:
    dossier = un_dossier(axes_retenus=AXES, constats=CONSTATS)
    dits = [(a.axe_intitule, a.retenu, a.nombre_communs, a.nombre_propres) for a in dossier.lignes("axes")]  # type: ignore[attr-defined]
    assert dits == [
        ("Soutenir les métiers", True, 0, 1),
        ("Adapter l’offre", True, 1, 0),
        ("Droits des usagers", False, 0, 1),
    ]
    assert [c.axe_ordre for c in dossier.constats[:2]] == [2, 1]
    assert dossier.constats[2].axe_intitule == "Droits des usagers"


ROLES = [
    {"nom": "Ada", "role": "referent_strategique", "fonction": "Directrice"},
    {"nom": "Bob", "role": "appui_technique"},
    {"nom": "Cléo", "role": "referent_technique", "missions": "Réunir les données\nTenir le calendrier"},
]
TACHES = [
    {"phase": "diagnostic", "tache": "Valider", "acteur": "copil", "part": "A"},
    {"phase": "lancement", "tache": "Relire les trames", "acteur": "referent_technique", "part": "R"},
    {"phase": "diagnostic", "tache": "Valider", "acteur": "referent_technique", "part": "R"},
]
INSTANCES = [{"code": "copil", "libelle": "Comité de pilotage interne", "type": "copil_interne"}]
VALIDATIONS = [
    {"objet": "diagnostic", "rang": 2, "instance": "copil", "circuit": "interne", "date_prevue": JOUR},
    {
        "objet": "diagnostic",
        "rang": 1,
        "instance": "copil",
        "circuit": "interne",
        "date_prevue": JOUR,
        "date_avis": JOUR,
        "avis": "reserves",
        "reserves": "Compléter la MAS.",
    },
]
COMPLET = {
    "roles": ROLES,
    "taches": TACHES,
    "instances": INSTANCES,
    "membres": [{"instance": "copil", "nom": "Ada"}],
    "validations": VALIDATIONS,
    "axes_retenus": AXES,
    "constats": CONSTATS,
    "orientations": [
        {"code": "O1", "origine": "prs", "intitule": "Parcours"},
        {"code": "O2", "origine": "nationale", "intitule": "Inclusion"},
    ],
    "objectifs": [
        {"numero": "1", "axe": "rh", "objectif_general": "Fidéliser", "orientation": "O1"},
        {"numero": "2", "axe": "rh", "objectif_general": "Former"},
    ],
    "qualite": [{"etablissement": "A", "nb_eig": 2}],
    "immobilier": [{"etablissement": "A", "annee_construction": 1990}],
    "problematiques": [{"code": "P1", "axe": "rh", "intitule": "Recruter."}],
}


def rendu(nom: str, dossier: Dossier) -> Any:
    """Le document rendu, certifié, relu par python-docx."""
    gabarit = next((RACINE / "gabarits" / nom).glob("*.docx")).read_bytes()
    octets = remplir(preparer(gabarit), Contexte(dossier))
    assert certifier_balises(gabarit, octets) == []
    return python_docx.Document(io.BytesIO(octets))


def textes(document: Any) -> list[str]:
    """Le texte des paragraphes et des cellules, espaces ordinaires."""
    cellules = [case.text for table in document.tables for ligne in table.rows for case in ligne.cells]
    return [texte.replace("\u00a0", " ") for texte in [p.text for p in document.paragraphs] + cellules]


MOTS = (
    "methode-copil",
    "methode-lettre-mission",
    "methode-raci",
    "methode-rapport-diagnostic",
    "methode-synthese-diagnostic",
)


@pytest.mark.parametrize("nom", MOTS)
@pytest.mark.parametrize("donnees", [{}, COMPLET], ids=["presque vide", "complet"])
def test_aucun_document_ne_montre_un_manque(nom: str, donnees: dict[str, Any]) -> None:
    for texte in textes(rendu(nom, un_dossier(**donnees))):
        assert "None" not in texte
        assert "{" not in texte
        assert "  " not in texte
        assert not any(signe in texte for signe in (" ,", " .", ",,", ", .", "()", "« »"))


def test_le_referent_strategique_a_sa_lettre_et_son_appui_technique() -> None:
    lettres = "\n".join(textes(rendu("methode-lettre-mission", un_dossier(roles=ROLES))))
    assert lettres.count("Objet") == 2
    assert "épaulé(e), pour la technique et la coordination des tâches, par Bob et Cléo." in lettres
    assert "La représentation auprès des autorités est tenue par Ada (Directrice)." in lettres
    assert "Réunir les données" in lettres


def test_la_matrice_a_une_ligne_par_tache_et_une_colonne_par_acteur() -> None:
    (_, matrice, *_) = rendu("methode-raci", un_dossier(taches=TACHES)).tables
    lignes = [[case.text for case in ligne.cells] for ligne in matrice.rows]
    assert lignes == [
        ["Étape", "Tâche", "Référent CPOM technique", "Comité de pilotage"],
        ["Lancement", "Relire les trames", "R", ""],
        ["Diagnostic", "Valider", "R", "A"],
    ]
    largeurs = [colonne.width.cm for colonne in matrice.columns]
    assert sum(largeurs) == pytest.approx(26.3, abs=0.1)
    assert largeurs[1] > largeurs[2] == largeurs[3]


def test_le_rapport_range_les_constats_lit_les_ratios_et_montre_l_orientation_orpheline() -> None:
    lus = textes(rendu("methode-rapport-diagnostic", un_dossier(**COMPLET)))
    assert lus.index("Soutenir les métiers") < lus.index("Adapter l’offre")
    assert "• Usure des équipes. (menace)" in lus
    assert "Aucun objectif" in lus
    assert "Objectifs qui ne servent aucune orientation : 2." in lus
    assert "Validé avec réserves le 31 mars 2026 : Compléter la MAS." in lus
    # À surveiller : la dette, 200 000 € pour 28 000 € de CAF, soit plus de sept ans.
    assert "Devant les repères retenus : 7 ratios bons, 1 à surveiller, 0 fragile." in " ".join(lus)


def test_un_avis_sans_son_sens_n_est_pas_une_phrase_coupee() -> None:
    validations = [{"objet": "diagnostic", "rang": 1, "circuit": "interne", "date_avis": JOUR}]
    dossier = un_dossier(**(COMPLET | {"validations": validations}))
    for nom in ("methode-copil", "methode-rapport-diagnostic"):
        assert "Avis rendu le 31 mars 2026" in textes(rendu(nom, dossier))


def test_le_rapport_dessine_ce_qui_a_des_chiffres_et_rien_d_autre() -> None:
    plein, vide = (
        len(rendu("methode-rapport-diagnostic", d).inline_shapes)
        for d in (
            un_dossier(**COMPLET),
            un_dossier(comptes=[], bilan=[], activite=[], effectifs=[], rh_indicateurs=[]),
        )
    )
    assert (plein, vide) == (5, 0)


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
def test_le_livre_des_indicateurs_porte_les_chiffres_et_leur_lecture(tmp_path: Path) -> None:
    poser_classeur(tmp_path, un_dossier(qualite=COMPLET["qualite"]))
    shutil.copytree(
        RACINE / "gabarits" / "methode-indicateurs", tmp_path / "gabarits" / "methode-indicateurs"
    )
    (produit,) = generer(tmp_path).documents
    assert produit.statut == "cree"
    livre = openpyxl.load_workbook(tmp_path / produit.chemin, data_only=True)
    page = livre["Gestionnaire"]
    lus = {page[f"B{ligne}"].value: ligne for ligne in range(8, 20)}
    assert page[f"D{lus['FRNG (€)']}"].value == 200_000
    assert page[f"D{lus['Taux de CAF']}"].value == pytest.approx(28_000 / 468_000)
    assert livre["Activité"]["E8"].value == pytest.approx(6_890 / 7_300)
    assert livre["Repères"]["C8"].value == pytest.approx(0.95)
    assert [livre["Qualité"][f"{c}8"].value for c in "BH"] == ["A", 2]
    assert [len(livre[nom]._charts) for nom in livre.sheetnames].count(0) == 6
    if page[f"F{lus['Taux de CAF']}"].value is not None:
        assert page[f"F{lus['Taux de CAF']}"].value == "Bon"
        assert livre["Fiche établissement"]["D5"].value == "A"


def test_le_livre_montre_tous_les_indicateurs_et_chaque_repere_lu() -> None:
    """Un indicateur ajouté à la nomenclature ne manque pas au livre ; son sens y est le même."""
    correspondance = tomllib.loads(
        (RACINE / "gabarits" / "methode-indicateurs" / "correspondance.toml").read_text(encoding="utf-8")
    )
    montres = {
        t["source"].removeprefix("mesures[indicateur=").rstrip("]") for t in correspondance["tableaux"]
    }
    ratios, reperes = (set(g["lignes"]["indicateur"].values()) for g in correspondance["grilles"])
    connus = details("indicateurs_diagnostic")
    assert montres - {"qualite", "immobilier"} == {c for c, d in connus.items() if "etablissement" in d}
    assert ratios == {c for c, d in connus.items() if "gestionnaire" in d}
    assert reperes == {c for c, d in connus.items() if "sens" in d}
