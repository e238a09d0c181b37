"""Les données de démonstration : justes, cohérentes entre elles, et fausses là où c’est voulu seulement.

Les attendus sont recalculés ici, sans les propriétés calculées des modèles : clé de Luhn, sommes, résultats.
"""

from __future__ import annotations

import calendar
import datetime
import re
import tomllib
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from cpomdocs.classeur.redaction import ecrire_classeur
from cpomdocs.demo import ANOMALIES_VOULUES, dossier_de_demonstration
from cpomdocs.formulaires.catalogue import charger_formulaires
from cpomdocs.lecture import lire_classeur
from cpomdocs.modeles import FICHES, SAISIES, Dossier, Entite, infos
from cpomdocs.modeles.regles import Seuils, appliquer
from cpomdocs.nomenclatures import nomenclature
from cpomdocs.plan import planifier

CODES = ["EHPAD", "IME", "ESAT", "MAS", "SAVS"]
CLOS = (2023, 2024, 2025)
UN_CENTIME = Decimal("0.01")
# Les comptes de charges et de produits de la démonstration qui ne suivent pas la classe 6 ou 7.
PRODUITS_EN_CLASSE_6 = ("6419",)


@pytest.fixture(scope="module")
def dossier() -> Dossier:
    return dossier_de_demonstration()


def toutes_les_lignes(dossier: Dossier) -> list[tuple[str, Entite]]:
    fiches = [(nom, getattr(dossier, nom)) for nom in FICHES]
    return fiches + [(nom, ligne) for nom in SAISIES for ligne in dossier.lignes(nom)]


def cle_de_luhn_juste(numero: str) -> bool:
    """Doubler un chiffre sur deux depuis la droite, additionner les chiffres, diviser par dix."""
    doubles = [int(c) * (1 + rang % 2) for rang, c in enumerate(reversed(numero))]
    return sum(n // 10 + n % 10 for n in doubles) % 10 == 0


def est_charge(compte: str) -> bool:
    return compte.startswith("6") and not compte.startswith(PRODUITS_EN_CLASSE_6)


def total(dossier: Dossier, code: str | None, annee: int, *debuts: str) -> Decimal:
    return sum(
        (
            c.montant or 0
            for c in dossier.comptes
            if c.annee == annee and code in (None, c.etablissement) and (c.compte or "").startswith(debuts)
        ),
        Decimal(0),
    )


def resultat(dossier: Dossier, code: str | None, annee: int) -> Decimal:
    """Produits − charges, compte par compte."""
    lignes = [c for c in dossier.comptes if c.annee == annee and code in (None, c.etablissement)]
    return sum(((c.montant or 0) * (-1 if est_charge(c.compte or "") else 1) for c in lignes), Decimal(0))


def caf(dossier: Dossier, annee: int) -> Decimal:
    return (
        resultat(dossier, None, annee)
        + total(dossier, None, annee, "68")
        - total(dossier, None, annee, "78", "777")
    )


def test_deux_dossiers_sont_identiques(dossier: Dossier) -> None:
    assert dossier_de_demonstration().model_dump_json() == dossier.model_dump_json()


def test_modifier_un_dossier_ne_change_pas_le_suivant() -> None:
    premier = dossier_de_demonstration()
    premier.comptes[0].montant = Decimal(0)
    premier.etablissements[0].nom = "changé"
    suivant = dossier_de_demonstration()
    assert suivant.comptes[0].montant != 0
    assert suivant.etablissements[0].nom != "changé"


def test_cinq_etablissements_et_leurs_modalites(dossier: Dossier) -> None:
    assert [(e.code, e.categorie_code) for e in dossier.etablissements] == list(
        zip(CODES, ["500", "183", "246", "255", "446"], strict=True)
    )
    modalites = defaultdict(list)
    for autorisation in dossier.autorisations:
        modalites[autorisation.etablissement].append(autorisation.modalite)
    assert modalites == {
        "EHPAD": ["HP", "HT", "AJ"],
        "IME": ["internat", "semi_internat"],
        "ESAT": ["externat"],
        "MAS": ["internat", "externat"],
        "SAVS": ["milieu_ordinaire"],
    }
    assert (dossier.parametres.annee_n, dossier.parametres.date_reference) == (
        2026,
        datetime.date(2026, 3, 31),
    )


def test_aucune_collection_n_est_vide_ni_a_completer(dossier: Dossier) -> None:
    assert [nom for nom in SAISIES if not dossier.lignes(nom)] == []
    assert dossier.lignes_attendues() == {}


def test_les_numeros_sont_fictifs_et_leur_cle_est_juste(dossier: Dossier) -> None:
    finess = [dossier.gestionnaire.finess_ej, *(e.finess_et for e in dossier.etablissements)]
    assert all(n and re.fullmatch(r"99\d{7}", n) and cle_de_luhn_juste(n) for n in finess)
    assert len(set(finess)) == 6
    siren = dossier.gestionnaire.siren or ""
    assert siren.startswith("999") and cle_de_luhn_juste(siren)
    sirets = {e.code: e.siret or "" for e in dossier.etablissements}
    assert all(len(siret) == 14 and siret.startswith(siren) for siret in sirets.values())
    assert [code for code, siret in sirets.items() if not cle_de_luhn_juste(siret)] == ["SAVS"]
    assert cle_de_luhn_juste(dossier.gestionnaire.siret_siege or "")


def test_rien_ne_ressemble_a_une_vraie_organisation(dossier: Dossier) -> None:
    noms = [dossier.gestionnaire.raison_sociale, *(e.nom for e in dossier.etablissements)]
    noms += [dossier.parametres.autorite, dossier.parametres.autorite_departement]
    assert all("DEMO" in (nom or "") for nom in noms)
    courriels = [dossier.gestionnaire.courriel, *(e.courriel for e in dossier.etablissements)]
    courriels += [m.courriel for m in dossier.membres]
    assert all((c or "").endswith("@brumelles.example") for c in courriels)
    # 05 36 49 : tranche que l’Arcep réserve aux œuvres de fiction.
    telephones = [e.tel for e in dossier.etablissements] + [m.telephone for m in dossier.membres]
    assert all((t or "").startswith("05 36 49 ") for t in telephones)


def test_chaque_valeur_a_choisir_est_dans_sa_liste(dossier: Dossier) -> None:
    hors_liste = [
        (nom, info.nom, valeur)
        for nom, ligne in toutes_les_lignes(dossier)
        for info in infos(type(ligne)).values()
        if info.liste and not info.calcule
        for valeur in [getattr(ligne, info.nom)]
        if valeur is not None and valeur not in nomenclature(info.liste)
    ]
    assert hors_liste == []


def test_seuls_les_manques_voulus_touchent_un_champ_obligatoire(dossier: Dossier) -> None:
    manques = [
        (nom, info.nom)
        for nom, ligne in toutes_les_lignes(dossier)
        for info in infos(type(ligne)).values()
        if info.obligatoire and not info.calcule and ligne.etat(info.nom) == "vide"
    ]
    assert manques == [("activite", "jours_ouverture")]


def test_aucune_cle_en_double(dossier: Dossier) -> None:
    for nom in SAISIES:
        cles = [i.nom for i in infos(SAISIES[nom]).values() if i.cle]
        lignes = [tuple(getattr(ligne, cle) for cle in cles) for ligne in dossier.lignes(nom)]
        assert not cles or len(set(lignes)) == len(lignes), nom


def test_activite_jours_et_journees(dossier: Dossier) -> None:
    for ligne in dossier.activite:
        jours_de_l_annee = 366 if calendar.isleap(ligne.annee or 0) else 365
        if ligne.jours_ouverture is None:
            assert (ligne.etablissement, ligne.annee, ligne.modalite) == ("MAS", 2025, "internat")
            continue
        assert ligne.jours_ouverture <= jours_de_l_annee
        if ligne.modalite == "HP":
            assert ligne.jours_ouverture == jours_de_l_annee
        journees = ligne.journees_realisees if ligne.annee in CLOS else ligne.journees_prevues
        absences = (ligne.absences_lt72h or 0) if ligne.modalite == "HP" else 0
        taux = ((journees or 0) + absences) / ((ligne.capacite_financee or 0) * ligne.jours_ouverture)
        if (ligne.etablissement, ligne.annee) == ("ESAT", 2025):
            assert taux == pytest.approx(1.03)
        else:
            assert 0.85 <= taux <= 0.99
    hp = next(a for a in dossier.activite if (a.annee, a.modalite) == (2024, "HP"))
    assert hp.jours_ouverture == 366


def test_les_effectifs_presents_s_enchainent(dossier: Dossier) -> None:
    fins: dict[tuple[str | None, str | None], int | None] = {}
    for ligne in sorted(dossier.activite, key=lambda a: a.annee or 0):
        cle = (ligne.etablissement, ligne.modalite)
        assert ligne.effectif_debut == fins.get(cle, ligne.effectif_debut)
        assert ligne.effectif_3112 == (ligne.effectif_debut or 0) + (ligne.entrees or 0) - (
            ligne.sorties or 0
        )
        fins[cle] = ligne.effectif_3112


def test_les_journees_par_gir_font_les_journees_realisees(dossier: Dossier) -> None:
    lignes = [a for a in dossier.activite if a.etablissement == "EHPAD" and a.annee in CLOS]
    for ligne in lignes:
        parts = (ligne.journees_gir12, ligne.journees_gir34, ligne.journees_gir56)
        assert sum(part or 0 for part in parts) == ligne.journees_realisees


def test_chaque_repartition_fait_l_effectif(dossier: Dossier) -> None:
    sommes: dict[tuple[str, int, str], int] = defaultdict(int)
    for public in dossier.publics:
        sommes[public.etablissement or "", public.annee or 0, public.dimension or ""] += public.effectif or 0
    for (code, annee, dimension), somme in sommes.items():
        exercice = min(annee, 2025)
        siennes = [a for a in dossier.activite if (a.etablissement, a.annee) == (code, exercice)]
        durables = [a for a in siennes if a.modalite not in ("HT", "AJ")]
        if dimension == "destination_sortie":
            assert somme == sum(a.sorties_definitives or 0 for a in durables)
        elif dimension == "gir":
            assert somme == sum(a.effectif_3112 or 0 for a in durables)
        else:
            assert somme == sum(a.effectif_3112 or 0 for a in siennes), (code, annee, dimension)


def test_gmp_et_forfait_soins_de_l_ehpad(dossier: Dossier) -> None:
    """GMP 2025 calculé à la main : (18×1000 + 28×840 + 14×660 + 13×420 + 5×250) ÷ 78 = 57 470 ÷ 78."""
    dependance = next(d for d in dossier.dependance if d.annee == 2025)
    assert dependance.gmp == Decimal("736.79")
    hp = next(a for a in dossier.activite if (a.annee, a.modalite) == (2025, "HP"))
    girs = [getattr(dependance, f"gir{n}") for n in range(1, 7)]
    assert sum(girs) == hp.effectif_3112 == 78
    soins = next(d for d in dossier.dotations if (d.annee, d.nature) == (2025, "forfait_soins"))
    # GMPS = 736,79 + 2,59 × 221 = 1 309,18 ; × 80 places × 11,26 € + 117 900 € d’accueils + 15 000 € de CNR.
    assert soins.total_notifie == Decimal("1312209.34")
    assert soins.cnr == 15000


def test_resultat_egale_produits_moins_charges(dossier: Dossier) -> None:
    for ligne in dossier.resultats:
        attendu = resultat(dossier, ligne.etablissement, ligne.annee or 0)
        assert ligne.resultat_comptable == attendu
        charges = sum(
            c.montant or 0
            for c in dossier.comptes
            if (c.etablissement, c.annee) == (ligne.etablissement, ligne.annee) and est_charge(c.compte or "")
        )
        assert abs(attendu) < charges * Decimal("0.03")


def test_les_affectations_font_le_resultat(dossier: Dossier) -> None:
    for ligne in dossier.resultats:
        parts = [
            a.montant or 0
            for a in dossier.affectations
            if (a.etablissement, a.annee) == (ligne.etablissement, ligne.annee)
        ]
        assert sum(parts) == ligne.resultat_a_affecter


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("annee", [*CLOS, 2026])
def test_parts_des_groupes_et_masse_salariale(dossier: Dossier, code: str, annee: int) -> None:
    charges = [
        c
        for c in dossier.comptes
        if (c.etablissement, c.annee) == (code, annee) and est_charge(c.compte or "")
    ]
    total_charges = sum(c.montant or 0 for c in charges)
    personnel = sum(
        c.montant or 0 for c in charges if (c.compte or "").startswith(("621", "622", "631", "633", "64"))
    )
    assert Decimal("0.60") < personnel / total_charges < Decimal("0.78")
    assert 40 <= len({c.compte for c in dossier.comptes if (c.etablissement, c.annee) == (code, annee)}) <= 65
    cout = sum(
        (e.remuneration_brute or 0) + (e.charges_sociales or 0) + (e.charges_fiscales or 0)
        for e in dossier.effectifs
        if (e.etablissement, e.annee) == (code, annee)
    )
    salaires = sum(
        c.montant or 0
        for c in charges
        if (c.compte or "").startswith(("64", "631", "633")) and c.compte not in ("6475", "6488")
    )
    assert cout == salaires


def test_les_produits_de_la_tarification_sont_les_dotations(dossier: Dossier) -> None:
    """À l’euro près partout, sauf à l’ESAT en 2026 où l’écart est voulu."""
    for code in CODES:
        for annee in (*CLOS, 2026):
            notifie = sum(
                d.total_notifie or 0 for d in dossier.dotations if (d.etablissement, d.annee) == (code, annee)
            )
            ecart = notifie - total(dossier, code, annee, "73")
            assert ecart == (6000 if (code, annee) == ("ESAT", 2026) else 0)


def test_dotations_base_actualisation_mesures_et_cnr(dossier: Dossier) -> None:
    for d in dossier.dotations:
        base, taux = d.base_reconductible or Decimal(0), d.taux_actualisation or Decimal(0)
        compose = base * (1 + taux) + (d.mesures_nouvelles or 0) + (d.cnr or 0)
        assert abs(compose - (d.total_notifie or 0)) <= UN_CENTIME
        assert (d.mesures_nouvelles or 0) >= 0


def test_frais_de_siege(dossier: Dossier) -> None:
    for ligne in dossier.siege:
        assert (
            abs((ligne.base_charges_brutes or 0) * Decimal("0.035") - (ligne.quote_part or 0)) <= UN_CENTIME
        )
        assert ligne.quote_part == total(dossier, ligne.etablissement or "", ligne.annee or 0, "6556")
    base_2026 = next(s for s in dossier.siege if (s.etablissement, s.annee) == ("MAS", 2026))
    charges_2025 = sum(
        c.montant or 0
        for c in dossier.comptes
        if (c.etablissement, c.annee) == ("MAS", 2025) and est_charge(c.compte or "")
    )
    assert base_2026.base_charges_brutes == charges_2025


def test_etp_des_effectifs_et_des_indicateurs(dossier: Dossier) -> None:
    for ligne in dossier.rh_indicateurs:
        emplois = [
            e for e in dossier.effectifs if (e.etablissement, e.annee) == (ligne.etablissement, ligne.annee)
        ]
        assert ligne.etp_reels == sum(e.etp_realises or 0 for e in emplois)
        assert ligne.cout_interim == total(dossier, ligne.etablissement or "", ligne.annee or 0, "6211")
    depassements = [
        (e.etablissement, e.annee, e.fonction)
        for e in dossier.effectifs
        if e.etp_realises is not None and e.etp_realises > (e.etp_budgetes or 0)
    ]
    assert depassements == [("IME", 2025, "Accompagnant éducatif et social")]
    parts = [e for e in dossier.effectifs if e.etablissement == "EHPAD"]
    assert {(e.pct_hebergement or 0) + (e.pct_dependance or 0) + (e.pct_soins or 0) for e in parts} == {1}


def test_nombre_de_salaries(dossier: Dossier) -> None:
    """Personnes rémunérées au 31/12/2025, plus neuf personnes au siège."""
    personnes = sum(
        e.nb_personnes_3112 or 0
        for e in dossier.effectifs
        if e.annee == 2025 and e.type_contrat != "mis_a_disposition"
    )
    assert dossier.gestionnaire.nb_salaries == personnes + 9


def test_le_bilan_est_equilibre_et_explique_par_le_tableau_de_financement(dossier: Dossier) -> None:
    frngs: dict[int, Decimal] = {}
    actifs = {"fri_emplois", "fre_emplois", "bfr_emplois", "tresorerie_emplois"}
    table = tomllib.loads(
        (Path(__file__).parents[1] / "cpomdocs/nomenclatures/patrimoine.toml").read_text(encoding="utf-8")
    )
    blocs = {code: poste["bloc"] for code, poste in table["postes_bilan"]["codes"].items()}
    for annee in CLOS:
        postes = {p.poste or "": p.montant or Decimal(0) for p in dossier.bilan if p.annee == annee}
        assert postes.keys() == blocs.keys()
        actif = sum(m for poste, m in postes.items() if blocs[poste] in actifs)
        assert actif == sum(m for poste, m in postes.items() if blocs[poste] not in actifs)
        frngs[annee] = sum(
            m * (1 if blocs[p].endswith("ressources") else -1)
            for p, m in postes.items()
            if blocs[p][:2] == "fr"
        )
        assert postes["resultat_exercice"] == resultat(dossier, None, annee)
    for annee in CLOS[1:]:
        lignes = {f.ligne: f.montant or Decimal(0) for f in dossier.financements if f.annee == annee}
        assert lignes["caf"] == caf(dossier, annee)
        emplois = lignes["remboursement_dettes"] + lignes["acquisitions"] + lignes["autres_emplois"]
        ressources = sum(lignes.values()) - emplois
        assert frngs[annee] - frngs[annee - 1] == ressources - emplois


def test_emprunts(dossier: Dossier) -> None:
    """E1 : 2 400 000 € à 2,10 % sur 20 ans ; actualisées, ses vingt annuités valent le capital."""
    premier = next(e for e in dossier.emprunts if e.numero == "E1")
    annuite = float(premier.annuite or 0)
    assert sum(annuite / 1.021**rang for rang in range(1, 21)) == pytest.approx(2_400_000, abs=0.1)
    encours = sum(e.capital_restant_du or 0 for e in dossier.emprunts)
    assert encours == next(p.montant for p in dossier.bilan if (p.annee, p.poste) == (2025, "emprunts"))
    rembourse = sum(e.remboursement_capital or 0 for e in dossier.emprunts)
    tfp = {f.ligne: f.montant for f in dossier.financements if f.annee == 2026}
    assert tfp["remboursement_dettes"] == rembourse
    assert (tfp["caf"] or 0) > rembourse


def test_investissements_finances_en_entier(dossier: Dossier) -> None:
    for i in dossier.investissements:
        parts = (i.autofinancement, i.emprunt, i.subvention, i.reserves, i.cession)
        assert sum(part or 0 for part in parts) == i.montant
        assert (i.autofinancement or 0) >= 0


def test_pgfp_six_annees_qui_s_enchainent(dossier: Dossier) -> None:
    annees: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for ligne in dossier.pgfp:
        annees[ligne.annee or 0][ligne.ligne or ""] = ligne.montant or Decimal(0)
    assert list(annees) == list(range(2026, 2032))
    assert annees[2026]["resultat"] == resultat(dossier, None, 2026)
    for annee, valeurs in annees.items():
        assert valeurs["resultat"] == valeurs["produits"] - valeurs["charges"]
        assert valeurs["frng"] == valeurs["fri"] + valeurs["fre"]
        assert valeurs["tresorerie"] == valeurs["frng"] - valeurs["bfr"]
        if annee > 2026:
            apport = valeurs["ressources"] - valeurs["emplois"]
            assert valeurs["frng"] == annees[annee - 1]["frng"] + apport


def test_contrat_objectifs_et_indicateurs(dossier: Dossier) -> None:
    contrat = dossier.contrat
    assert (contrat.date_debut, contrat.date_fin) == (datetime.date(2027, 1, 1), datetime.date(2031, 12, 31))
    quotes_parts = [
        d.total_notifie for d in dossier.dotations if (d.annee, d.nature) == (2026, "dgc_quote_part")
    ]
    assert contrat.dgc_montant == sum(q or 0 for q in quotes_parts)
    for objectif in dossier.objectifs:
        assert [a for a in dossier.actions if a.objectif == objectif.numero]
        codes = {c.strip() for c in (objectif.etablissements or "").split(",")}
        assert codes <= set(CODES)
    for indicateur in dossier.indicateurs:
        valeurs = [
            v
            for v in dossier.valeurs_indicateurs
            if (v.objectif, v.indicateur) == (indicateur.objectif, indicateur.code)
        ]
        cibles = [v.valeur for v in valeurs if v.version == "cible"]
        assert [v.annee for v in valeurs] == [2025, *range(2027, 2032)]
        assert (valeurs[0].valeur, cibles[-1]) == (indicateur.valeur_initiale, indicateur.cible_finale)
    assert sum(a.moyens_perennes or 0 for a in dossier.actions) == 0


def test_le_calendrier_dure_dix_huit_mois(dossier: Dossier) -> None:
    debuts = [j.date_debut for j in dossier.jalons if j.date_debut]
    fins = [j.date_fin_prevue for j in dossier.jalons if j.date_fin_prevue]
    assert debuts == sorted(debuts)
    assert 17 * 30 < (max(fins) - min(debuts)).days < 19 * 31
    assert {j.statut for j in dossier.jalons} == {"fait", "en_cours", "a_venir"}


def test_le_controle_ne_trouve_que_les_anomalies_voulues(dossier: Dossier) -> None:
    """Outre les anomalies voulues, un seul avertissement : les FINESS sont fictifs (ID-03)."""
    trouvees = sorted((a.code, a.etablissement or "") for a in appliquer(dossier, Seuils()))
    voulues = [(a.code, a.etablissement) for a in ANOMALIES_VOULUES if a.code != "DM-01"]
    assert trouvees == sorted([*voulues, ("ID-03", "")])


def test_chaque_anomalie_voulue_est_dans_les_donnees(dossier: Dossier) -> None:
    assert 6 <= len(ANOMALIES_VOULUES) <= 10
    for anomalie in ANOMALIES_VOULUES:
        assert anomalie.phrase.endswith(".")
        for changement in anomalie.changements:
            trouvees = [
                ligne
                for ligne in dossier.lignes(changement.collection)
                if all(getattr(ligne, nom) == valeur for nom, valeur in changement.cles)
            ]
            assert [getattr(ligne, changement.champ) for ligne in trouvees] == [changement.valeur]


def test_les_formulaires_livres_ne_manquent_que_des_donnees_voulues(dossier: Dossier) -> None:
    formulaires, anomalies = charger_formulaires(Path(__file__).parents[1] / "gabarits")
    assert anomalies == []
    assert {f.nom for f in formulaires} == {f.nom for f in dossier.formulaires}
    manques = {
        (prevu.etablissement, valeur.champ.rsplit(".", 1)[-1])
        for prevu in planifier(dossier, formulaires)
        for valeur in prevu.manquantes
    }
    voulus = {a.etablissement for a in ANOMALIES_VOULUES if a.code == "DM-01"}
    assert {etablissement for etablissement, _ in manques} == voulus
    assert {("MAS", "jours_ouverture"), ("SAVS", "evaluation_date"), ("ESAT", "duerp_date")} <= manques


def test_le_classeur_maitre_relu_rend_le_meme_dossier(dossier: Dossier, tmp_path: Path) -> None:
    ecrire_classeur(tmp_path / "classeur.xlsx", dossier, [])
    relu, anomalies = lire_classeur(tmp_path / "classeur.xlsx")
    assert anomalies == []
    for nom in (*FICHES, *SAISIES):
        assert getattr(relu, nom) == getattr(dossier, nom), nom


def test_les_jeunes_adultes_creton_ont_plus_de_vingt_ans(dossier: Dossier) -> None:
    for annee in CLOS:
        creton = sum(
            a.effectif_creton or 0 for a in dossier.activite if (a.etablissement, a.annee) == ("IME", annee)
        )
        majeurs = [
            p for p in dossier.publics if (p.annee, p.dimension, p.modalite) == (annee, "age", "20_plus")
        ]
        assert creton == 7 <= sum(p.effectif or 0 for p in majeurs)


def test_la_typographie_des_textes(dossier: Dossier) -> None:
    """Apostrophes et guillemets français, espaces avant la ponctuation double, pas de gabarit oublié."""
    for nom, ligne in toutes_les_lignes(dossier):
        for info in infos(type(ligne)).values():
            valeur = getattr(ligne, info.nom) if not info.calcule else None
            if not isinstance(valeur, str) or info.nom in ("site", "courriel", "regle_nommage"):
                continue
            assert not re.search(r"['\"]|\S[;!?»]|«\S|\bXX|\{\{|  ", valeur), (nom, info.nom, valeur)
