"""Les cas des règles ID, CT et DO."""

from __future__ import annotations

from regles_aide import Cas, Donnees

from cpomdocs.modeles.regles import Seuils

# Numéros FINESS réels de domaine.md : 010001436 (Ain), 2A0000014 et 2B0000012 (Corse). SIREN de La Poste.
AIN, CORSE = "010001436", "2A0000014"


def _etablissement(**champs: object) -> Donnees:
    return {"etablissements": [{"code": "A", **champs}]}


def _contrat(**champs: object) -> Donnees:
    return {"contrat": {"date_debut": "2026-01-01", **champs}}


_OBJECTIF = {"numero": "1", "pilote": "Camille Exemple", "date_fin": "2028-12-31"}
_INDICATEUR = {
    "objectif": "1",
    "code": "I1",
    "unite": "%",
    "valeur_initiale": "90",
    "cible_finale": "95",
    "source": "TDB",
}
_PERIODE = {"date_debut": "2026-01-01", "date_fin": "2030-12-31"}


def _objectifs(**remplace: object) -> Donnees:
    return {
        "contrat": _PERIODE,
        "objectifs": [_OBJECTIF],
        "actions": [{"objectif": "1", "numero": "1.1"}],
        "indicateurs": [_INDICATEUR],
        **remplace,
    }


def _revue(*valeurs: Donnees) -> Donnees:
    return {
        "parametres": {"date_reference": "2026-03-31"},
        "valeurs_indicateurs": [{"objectif": "1", "indicateur": "I1", **valeur} for valeur in valeurs],
    }


def _document(jour: str, **champs: object) -> Donnees:
    return {
        "parametres": {"date_reference": jour, "campagne": "2026"},
        "documents": [{"code_document": "eprd", **champs}],
    }


def _perimetre(*, complet: bool) -> Donnees:
    autre = [{"etablissement": "B", "modalite": "externat"}] if complet else []
    return {
        "etablissements": [{"code": "A", "finess_et": AIN}, {"code": "B", "finess_et": CORSE}],
        "autorisations": [{"etablissement": "A", "modalite": "HP"}, *autre],
    }


CAS = [
    Cas("ID-01", _etablissement(finess_et="10001436"), _etablissement(finess_et=CORSE), "« 10001436 »"),
    Cas(
        "ID-02", _etablissement(finess_et="010001437"), _etablissement(finess_et=AIN), "clé du numéro FINESS"
    ),
    Cas(
        "ID-02",
        {"gestionnaire": {"finess_ej": "2A0000012"}},
        {"gestionnaire": {"finess_ej": CORSE}},
        "« 2A0000012 »",
        gravite="bloquante",
        seuils=Seuils(cle_finess_stricte=True),
    ),
    Cas(
        "ID-03",
        _etablissement(finess_et=AIN, code_postal="69003"),
        _etablissement(finess_et=CORSE, code_postal="20000", departement="2A"),
        "département 01, l’adresse du 69",
    ),
    Cas(
        "ID-03",
        {"etablissements": [{"code": c, "finess_et": f"99000000{c}"} for c in "123"]},
        _etablissement(
            finess_et=AIN, code_postal="38460", departement="01 – Ain"
        ),  # commune desservie d’à côté
        "commencent par 99",
    ),
    Cas(
        "ID-04",
        {"etablissements": [{"code": "A", "finess_et": AIN}, {"code": "B", "finess_et": AIN}]},
        {"etablissements": [{"code": "A", "finess_et": AIN}, {"code": "B", "finess_et": CORSE}]},
        "2 établissements portent",
        nombre=2,
    ),
    Cas(
        "ID-04",
        {"gestionnaire": {"finess_ej": AIN}, **_etablissement(finess_et=AIN, finess_ej=AIN)},
        {"gestionnaire": {"finess_ej": AIN}, **_etablissement(finess_et=CORSE, finess_ej=AIN)},
        "de l’entité juridique",
    ),
    Cas(
        "ID-04",
        {"gestionnaire": {"finess_ej": AIN}, **_etablissement(finess_ej="2B0000012")},
        {"gestionnaire": {"finess_ej": AIN}, **_etablissement()},
        "n’est pas celle du gestionnaire",
    ),
    Cas(
        "ID-06",
        {"gestionnaire": {"siren": "356000001"}, **_etablissement(siret="3560000000004")},
        {"gestionnaire": {"siren": "356000000"}, **_etablissement(siret="35600000049837")},
        "SIREN « 356000001 » est fausse",
        nombre=2,
    ),
    Cas(
        "ID-06",
        {"gestionnaire": {"siren": "732829320", "siret_siege": "35600000000048"}},
        {"gestionnaire": {"siren": "732829320", "siret_siege": "73282932000074"}},
        "ne commence pas par le SIREN",
    ),
    Cas(
        "ID-07",
        {"gestionnaire": {"siren": "732829320"}, **_etablissement(siret="35600000000048")},
        {"gestionnaire": {"siren": "732829320"}, **_etablissement(siret="73282932000074")},
        "ne commence pas par le SIREN du gestionnaire",
    ),
    Cas("ID-08", _etablissement(categorie_code="EHPAD"), _etablissement(categorie_code="500"), "« EHPAD »"),
    Cas(
        "ID-08",
        _etablissement(categorie_code="999"),
        _etablissement(categorie_code="183", categorie_libelle="Institut  médico-éducatif"),
        "connue ici",
        gravite="avertissement",
    ),
    Cas(
        "ID-08",
        _etablissement(categorie_code="500", categorie_libelle="Institut médico-éducatif"),
        _etablissement(categorie_code="500", categorie_libelle="EHPAD public"),
        "autre catégorie",
    ),
    Cas(
        "ID-09",
        {"autorisations": [{"discipline_code": "92", "fonctionnement_code": "011", "clientele_code": "711"}]},
        {"autorisations": [{"discipline_code": "924", "fonctionnement_code": "11", "clientele_code": "711"}]},
        "« 92 » n’a pas 3 caractères",
        nombre=2,
    ),
    Cas(
        "CT-01",
        _contrat(date_fin="2031-01-01"),
        _contrat(date_fin="2030-12-31"),  # début + 5 ans − 1 jour
        "finit le 31/12/2030",
        gravite="bloquante",
    ),
    Cas("CT-01", _contrat(date_fin="2028-12-31"), {}, "finit le 31/12/2030", gravite="information"),
    Cas(
        "CT-01",
        _contrat(date_fin="2030-12-31", prorogation_date_fin="2032-01-01"),
        _contrat(date_fin="2030-12-31", prorogation_date_fin="2031-12-31"),
        "s’arrête au 31/12/2031",
    ),
    Cas(
        "CT-02",
        {"contrat": {"date_fin": "2026-08-31"}, "parametres": {"date_reference": "2026-03-31"}},
        {"contrat": {"date_fin": "2026-09-30"}, "parametres": {"date_reference": "2026-03-30"}},
        "dans moins de 6 mois",
    ),
    Cas("CT-03", _perimetre(complet=False), _perimetre(complet=True), "n’a pas de : autorisation"),
    Cas(
        "CT-03",
        _etablissement(finess_et="010001437"),
        _etablissement(finess_et="010001437", dans_perimetre_cpom=False),
        "numéro FINESS valide",
    ),
    Cas("CT-04", _objectifs(actions=[], indicateurs=[]), _objectifs(), "action et indicateur"),
    Cas("CT-04", _objectifs(indicateurs=[{**_INDICATEUR, "unite": None}]), _objectifs(), "« Unité »"),
    Cas(
        "CT-04",
        _objectifs(objectifs=[{**_OBJECTIF, "date_fin": "2031-06-30"}]),
        _objectifs(contrat={**_PERIODE, "prorogation_date_fin": "2031-12-31"}),
        "échéance le 30/06/2031",
    ),
    Cas(
        "CT-05",
        {"objectifs": [{"numero": "1", "axe": "rh", "objectif_general": "Stabiliser les équipes"}]},
        {"objectifs": [{"numero": "1", "axe": "activite"}]},
        "aucun objectif ne traite : activité",
    ),
    Cas(
        "CT-05",
        {
            "contrat": {"type": "L313-12-IV-ter"},
            "objectifs": [{"numero": "1", "axe": "activite"}, {"numero": "2", "axe": "qualite"}],
        },
        {
            "contrat": {"type": "L313-12-IV-ter"},
            "objectifs": [
                {
                    "numero": "1",
                    "axe": "activite",
                    "objectif_general": "Recourir à l’HAD, quand elle convient",
                },
                {"numero": "2", "axe": "qualite", "objectif_operationnel": "Former aux soins palliatifs"},
            ],
        },
        "hospitalisation à domicile et soins palliatifs",
    ),
    Cas(
        "CT-06",
        _revue({"annee": 2025, "version": "cible", "valeur": "95"}),
        _revue(
            {"annee": 2025, "version": "cible", "valeur": "95"},
            {"annee": 2025, "version": "reel", "valeur": "93"},
            {"annee": 2026, "version": "cible", "valeur": "96"},
        ),
        "la cible de 2025 (95) est échue",
    ),
    Cas(
        "CT-06",
        _revue({"annee": 2025, "version": "reel", "valeur": "95", "numerateur": "9", "denominateur": "10"}),
        _revue(
            {"annee": 2025, "version": "reel", "valeur": "90", "numerateur": "9", "denominateur": "10"},
            {"annee": 2024, "version": "reel", "valeur": "0.9", "numerateur": "9", "denominateur": "10"},
        ),
        "9 ÷ 10 donne 90",
    ),
    Cas("CT-07", _contrat(), _contrat(comite_suivi_an3="2028-06-15"), "n’est pas planifiée"),
    Cas(
        "CT-07",
        _contrat(comite_suivi_an3="2029-01-15"),
        _contrat(sans_objet=["comite_suivi_an3"]),
        "du 01/01/2028 au 31/12/2028",
    ),
    Cas("DO-04", _document("2026-03-31", campagne="2025"), _document("2026-03-31", campagne="2026"), "2025"),
    Cas(
        "DO-08",
        _etablissement(sans_objet=["finess_et"]) | {"comptes": [{"etablissement": "A", "compte": "64"}]},
        _etablissement(sans_objet=["finess_et"], finess_principal=AIN)
        | {"comptes": [{"etablissement": "A", "compte": "64"}]},
        "ne dit pas à quel établissement",
    ),
    Cas(
        "DO-09",
        _document("2026-03-31", date_limite="2026-04-30"),
        _document("2026-03-30", date_limite="2026-04-30"),
        "dans 30 jours",
    ),
    Cas(
        "DO-09",
        _document("2026-05-02", date_limite="2026-04-30"),
        _document("2026-05-02", date_limite="2026-04-30", date_depot="2026-04-28"),
        "passée depuis 2 jours",
    ),
]
