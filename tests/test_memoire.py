"""La mémoire : ce qui n’est pas refait est exactement ce qui n’aurait pas changé."""

from __future__ import annotations

import shutil
import sqlite3
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from retouches_dossier import Donnees, donnees_de_demonstration, ecrire, retouches

from cpomdocs import generer
from cpomdocs.formulaires import catalogue
from cpomdocs.formulaires.catalogue import charger_formulaires, repertoire_livre
from cpomdocs.lecture import lire_classeur
from cpomdocs.memoire.empreintes import Empreintes
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.modeles.observation import TOUTES, Repere, Reperes
from cpomdocs.modeles.regles import REGLES, Seuils
from cpomdocs.plan import DocumentPrevu, Projet, lister, prevoir
from cpomdocs.plan.lectures import lectures
from cpomdocs.rapport import Rapport, Source

LENT = {"deadline": None, "suppress_health_check": list(HealthCheck)}
DONNEES = donnees_de_demonstration()
CODES = [etablissement["code"] for etablissement in DONNEES["etablissements"]]
FORMULAIRES, _ = charger_formulaires(repertoire_livre())


def planifier(projet: Projet, dossier: Dossier) -> tuple[DocumentPrevu, Reperes]:
    prevu, lues = dossier.observer(partial(prevoir, projet))
    code = projet.etablissement
    return prevu, lues | ({Repere("etablissements", code)} if code else set()) | {Repere("objectifs", TOUTES)}


def lire(donnees: Donnees, ou: Path) -> Dossier:
    ecrire(donnees, ou)
    return lire_classeur(ou)[0]


class Avant:
    """Le dossier avant retouche : ce que chaque document et chaque règle y lit et y trouve."""

    def __init__(self, dossier: Dossier) -> None:
        self.empreintes = Empreintes(dossier)
        self.plans = {p.cle: planifier(p, dossier) for p in lister(dossier, FORMULAIRES)}
        self.regles = {r: dossier.observer(partial(r.manquements, dossier, Seuils())) for r in REGLES}


@pytest.fixture(scope="module")
def avant(tmp_path_factory: pytest.TempPathFactory) -> Avant:
    return Avant(lire(DONNEES, tmp_path_factory.mktemp("memoire") / "avant.xlsx"))


@settings(max_examples=10, **LENT)
@given(st.data())
def test_memes_parts_lues_memes_resultats(
    tmp_path_factory: pytest.TempPathFactory, avant: Avant, data: st.DataObject
) -> None:
    """Un document, ou une règle, dont les parts lues n’ont pas changé donnerait exactement la même chose."""
    _, donnees = data.draw(retouches(DONNEES))
    apres = lire(donnees, tmp_path_factory.getbasetemp() / "apres.xlsx")
    anciennes, nouvelles = avant.empreintes, Empreintes(apres)
    for projet in lister(apres, FORMULAIRES):
        prevu, lues = avant.plans.get(projet.cle, (None, frozenset()))
        if prevu is None or anciennes.valeurs(lues) != nouvelles.valeurs(lues):
            continue
        refait, _ = planifier(projet, apres)
        assert [lue[:4] for lue in lectures(refait)] == [lue[:4] for lue in lectures(prevu)], projet.cle
        if anciennes.lieux(lues) == nouvelles.lieux(lues):
            assert refait.anomalies == prevu.anomalies, projet.cle
    for regle, (trouvees, lues) in avant.regles.items():
        memes = anciennes.valeurs(lues) == nouvelles.valeurs(lues)
        if memes and anciennes.lieux(lues) == nouvelles.lieux(lues):
            assert regle.manquements(apres, Seuils()) == trouvees, regle.code


def test_une_cellule_ne_concerne_que_ceux_qui_peuvent_la_lire(tmp_path: Path, avant: Avant) -> None:
    """Une cellule d’activité d’un établissement : les documents de l’autre ne sont même pas planifiés."""
    lignes = [dict(ligne) for ligne in DONNEES["activite"]]
    voulue = next(li for li in lignes if li["etablissement"] == CODES[1])
    voulue["journees_realisees"] = (voulue["journees_realisees"] or 0) + 1
    nouvelles = Empreintes(lire(DONNEES | {"activite": lignes}, tmp_path / "apres.xlsx"))
    a_revoir = {
        cle
        for cle, (_, lues) in avant.plans.items()
        if avant.empreintes.valeurs(lues) != nouvelles.valeurs(lues)
    }
    assert any(CODES[1] in cle for cle in a_revoir)
    assert not any(CODES[0] in cle for cle in a_revoir)


def test_un_gabarit_connu_n_est_ni_prepare_ni_reverifie(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sans changement, aucun gabarit n’est analysé ; une correspondance retouchée l’est de nouveau."""
    dossier = tmp_path / "dossier"
    formulaire = dossier / "gabarits" / "fiche-signaletique"
    shutil.copytree(repertoire_livre() / formulaire.name, formulaire)
    ecrire(DONNEES, dossier / "classeur-maitre.xlsx")
    generer(dossier, recalcul=False)
    prepares: list[str] = []
    monkeypatch.setattr(catalogue, "preparer", lambda genre, octets, nom: prepares.append(nom))
    catalogue.gabarit_prepare.cache_clear()
    assert {d.statut for d in generer(dossier, recalcul=False).documents} == {"inchange"}
    assert prepares == []
    monkeypatch.undo()
    correspondance = formulaire / "correspondance.toml"
    texte = correspondance.read_text(encoding="utf-8")
    correspondance.write_text(texte.replace("etablissement.nom", "etablissement.non", 1), encoding="utf-8")
    assert "FO-02" in {a.code for a in generer(dossier, recalcul=False).anomalies}


def test_une_ligne_inseree_deplace_les_cellules_des_anomalies(tmp_path: Path) -> None:
    """Une ligne insérée plus haut ne change aucun document ; les anomalies nomment les bonnes cellules."""
    dossier = tmp_path / "dossier"
    shutil.copytree(repertoire_livre() / "fiche-signaletique", dossier / "gabarits" / "fiche-signaletique")
    etablissements = [dict(e) for e in DONNEES["etablissements"]]
    etablissements[1]["directeur"] = None
    donnees = DONNEES | {"etablissements": etablissements}
    ecrire(donnees, dossier / "classeur-maitre.xlsx")
    avant = generer(dossier, recalcul=False)
    posees = dates(dossier)
    hors = {**etablissements[0], "code": "HORS", "nom": "Hors contrat", "dans_perimetre_cpom": False}
    ecrire(donnees | {"etablissements": [hors, *etablissements]}, dossier / "classeur-maitre.xlsx")
    apres = generer(dossier, recalcul=False)

    def cellule(rapport: Rapport) -> Source:
        (manque,) = [a for a in rapport.anomalies if a.champ == "etablissement.directeur"]
        assert manque.sources[0].cellule in manque.message
        return manque.sources[0]

    avancee, reculee = cellule(avant).cellule, cellule(apres).cellule
    lettres = avancee.rstrip("0123456789")
    assert reculee == f"{lettres}{int(avancee.removeprefix(lettres)) + 1}"
    documents = {nom: date for nom, date in posees.items() if "controle" not in nom}
    assert documents.items() <= dates(dossier).items()
    assert all(d.statut == "inchange" for d in apres.documents)


def sorties(dossier: Path) -> dict[str, bytes]:
    fichiers = (f for f in (dossier / "sorties").rglob("*") if f.is_file())
    return {f.relative_to(dossier).as_posix(): f.read_bytes() for f in fichiers}


def dates(dossier: Path) -> dict[str, tuple[int, int]]:
    fichiers = (f for f in (dossier / "sorties").rglob("*") if f.is_file())
    return {f.relative_to(dossier).as_posix(): (f.stat().st_mtime_ns, f.stat().st_ino) for f in fichiers}


@settings(max_examples=3, **LENT)
@given(st.data())
def test_incremental_comme_a_neuf(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Après deux retouches, mêmes fichiers et anomalies qu’à neuf ; seuls ceux qui changent sont écrits."""
    dossier = tmp_path_factory.mktemp("incremental")
    for nom in ("fiche-signaletique", "annexe-activite", "contrat-cpom"):
        shutil.copytree(repertoire_livre() / nom, dossier / "gabarits" / nom)
    ecrire(DONNEES, dossier / "classeur-maitre.xlsx")
    generer(dossier, recalcul=False)
    donnees = DONNEES
    for _ in range(2):
        _, donnees = data.draw(retouches(donnees))
        octets, posees = sorties(dossier), dates(dossier)
        ecrire(donnees, dossier / "classeur-maitre.xlsx")
        rapport = generer(dossier, recalcul=False)
        neuf = dossier / "neuf"
        shutil.copytree(dossier / "gabarits", neuf / "gabarits")
        shutil.copy(dossier / "classeur-maitre.xlsx", neuf)
        attendu = generer(neuf, recalcul=False)
        voulues = sorties(neuf)
        presentes = {nom: o for nom, o in sorties(dossier).items() if nom in voulues}
        assert presentes == voulues
        assert rapport.anomalies == attendu.anomalies
        assert rapport.resume.cases_remplies == attendu.resume.cases_remplies
        ecrits = {nom for nom, date in dates(dossier).items() if date != posees.get(nom)}
        assert ecrits == {nom for nom in voulues if octets.get(nom) != voulues[nom]}
        shutil.rmtree(neuf)


@pytest.fixture
def petit(tmp_path: Path) -> Path:
    """Un dossier d’un seul formulaire, généré."""
    dossier = tmp_path / "petit"
    shutil.copytree(repertoire_livre() / "fiche-signaletique", dossier / "gabarits" / "fiche-signaletique")
    ecrire(DONNEES, dossier / "classeur-maitre.xlsx")
    generer(dossier, recalcul=False)
    return dossier


def test_ce_qui_n_est_pas_une_donnee_compte_aussi(petit: Path) -> None:
    """Document effacé, retouché, correspondance changée, seuil changé : la mémoire n’y cache rien."""
    assert set(generer(petit, recalcul=False).resume.documents) == {"inchange"}
    premier, second = sorted(petit.glob("sorties/*/*.docx"))
    intacts = {f.name: f.read_bytes() for f in (premier, second)}
    premier.unlink()
    rapport = generer(petit, recalcul=False)
    assert rapport.resume.documents == {"cree": 1, "inchange": 1}
    assert premier.read_bytes() == intacts[premier.name]

    second.write_bytes(premier.read_bytes())
    assert generer(petit, recalcul=False).resume.documents == {"inchange": 1, "conflit": 1}
    second.write_bytes(intacts[second.name])
    assert generer(petit, recalcul=False).resume.documents == {"inchange": 2}

    codes = [a.code for a in rapport.anomalies]
    (petit / "cpomdocs.toml").write_text("[seuils]\ntaux_occupation_atypique = 0.0\n", encoding="utf-8")
    assert [a.code for a in generer(petit, recalcul=False).anomalies].count("AC-06") > codes.count("AC-06")

    correspondance = petit / "gabarits" / "fiche-signaletique" / "correspondance.toml"
    ecrite = correspondance.read_text(encoding="utf-8")
    correspondance.write_text(
        ecrite.replace('"etablissement.nom"', '"etablissement.commune"'), encoding="utf-8"
    )
    assert generer(petit, recalcul=False).resume.documents == {"remplace": 2}


def test_des_souvenirs_illisibles_se_refont(petit: Path) -> None:
    posees = dates(petit)
    with sqlite3.connect(petit / ".cpomdocs" / "etat.sqlite") as base:
        base.execute("UPDATE souvenirs SET contenu = x'00ff7b'")
    base.close()
    assert generer(petit, recalcul=False).resume.documents == {"inchange": 2}
    assert {nom for nom, date in dates(petit).items() if posees[nom] != date} <= {"sorties/controle.xlsx"}
    assert (petit / ".cpomdocs" / "etat.sqlite").stat().st_mode & 0o077 == 0


def test_a_blanc_ne_retient_rien(petit: Path) -> None:
    etat = petit / ".cpomdocs" / "etat.sqlite"
    ecrire(DONNEES | {"activite": DONNEES["activite"][1:]}, petit / "classeur-maitre.xlsx")
    avant = etat.read_bytes()
    generer(petit, recalcul=False, a_blanc=True)
    assert etat.read_bytes() == avant
