"""Le calendrier .ics : relu par une bibliothèque, le même à chaque production."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import icalendar
import openpyxl
from fabriques import des_donnees, poser_classeur

from cpomdocs.agenda.ecriture import en_icalendar
from cpomdocs.agenda.evenements import evenements
from cpomdocs.cli import executer
from cpomdocs.demo import dossier_de_demonstration
from cpomdocs.modeles import Contrat, Dossier, Jalon, Parametres


def relu(dossier: Dossier) -> dict[str, Any]:
    """Les événements du fichier, par titre."""
    calendrier = icalendar.Calendar.from_ical(en_icalendar(dossier, evenements(dossier)))
    return {str(e["SUMMARY"]): e for e in calendrier.walk("VEVENT")}


def une_etape(fin: datetime.date, **champs: Any) -> Dossier:
    jalon = Jalon(etape="Validation", date_fin_prevue=fin, **champs)
    parametres = Parametres(annee_n=2026, date_reference=datetime.date(2026, 3, 31))
    return Dossier(parametres=parametres, jalons=[jalon])


def test_le_calendrier_de_la_demonstration_porte_chaque_sorte_de_date() -> None:
    dates = relu(dossier_de_demonstration())
    attendues = {
        "Fin prévue : Validation du diagnostic partagé": datetime.date(2026, 6, 26),
        "Date imposée : Validation du diagnostic partagé": datetime.date(2026, 6, 12),
        "Notre proposition : Validation du diagnostic partagé": datetime.date(2026, 6, 26),
        "À remettre : Contrat pluriannuel d’objectifs et de moyens": datetime.date(2026, 11, 20),
        "Signature visée du CPOM": datetime.date(2026, 12, 18),
        "Échéance : Prix et capacités des EHPAD": datetime.date(2027, 6, 30),
    }
    assert {titre: dates[titre].decoded("DTSTART") for titre in attendues} == attendues
    assert all(
        e.decoded("DTEND") - e.decoded("DTSTART") == datetime.timedelta(days=1) for e in dates.values()
    )
    assert len({str(e["UID"]) for e in dates.values()}) == len(dates)


def test_un_document_depose_et_une_echeance_passee_n_y_sont_pas() -> None:
    dates = relu(dossier_de_demonstration())
    assert "À remettre : Annexe activité" not in dates
    assert all(
        e.decoded("DTSTART") >= datetime.date(2026, 3, 31)
        for titre, e in dates.items()
        if titre.startswith("Échéance")
    )


def test_memes_donnees_memes_octets_quelle_que_soit_l_horloge() -> None:
    un, autre = dossier_de_demonstration(), dossier_de_demonstration()
    assert en_icalendar(un, evenements(un)) == en_icalendar(autre, evenements(autre))
    (etape,) = relu(une_etape(datetime.date(2026, 6, 26))).values()
    assert etape.decoded("DTSTAMP") == datetime.datetime(2026, 3, 31, tzinfo=datetime.UTC)


def test_une_date_decalee_garde_son_identifiant() -> None:
    (avant,) = relu(une_etape(datetime.date(2026, 6, 26))).values()
    (apres,) = relu(une_etape(datetime.date(2026, 7, 3))).values()
    assert avant["UID"] == apres["UID"]
    assert avant.decoded("DTSTART") != apres.decoded("DTSTART")


def test_un_texte_reste_un_texte() -> None:
    livrable = "Rapport ; annexes, \\n tableau\nEND:VEVENT\nSUMMARY:intrus" + " très long" * 20
    dossier = une_etape(datetime.date(2026, 6, 26), livrable=livrable)
    octets = en_icalendar(dossier, evenements(dossier))
    (etape,) = relu(dossier).values()
    assert livrable in str(etape["DESCRIPTION"])
    assert max(len(ligne) for ligne in octets.split(b"\r\n")) <= 75


def test_la_derniere_date_du_calendrier_ne_casse_rien() -> None:
    (etape,) = relu(une_etape(datetime.date.max)).values()
    assert etape.decoded("DTSTART") == datetime.date.max


def test_la_commande_ecrit_le_fichier_et_son_releve(tmp_path: Path, capsys: Any) -> None:
    poser_classeur(tmp_path, des_donnees(contrat=Contrat(date_signature_visee=datetime.date(2026, 12, 18))))
    assert executer(["calendrier", str(tmp_path), "--json"]) == 0
    releve = json.loads(capsys.readouterr().out)
    assert [(e["genre"], e["date"]) for e in releve["evenements"]] == [("contrat", "2026-12-18")]
    fichier = tmp_path / "sorties" / "echeances.ics"
    assert Path(releve["chemin"]) == fichier
    assert len(icalendar.Calendar.from_ical(fichier.read_bytes()).walk("VEVENT")) == 1


def test_une_date_incomprise_est_dite_et_le_reste_ecrit(tmp_path: Path, capsys: Any) -> None:
    visee = Contrat(date_signature_visee=datetime.date(2026, 12, 18), date_debut=datetime.date(2027, 1, 1))
    classeur = poser_classeur(tmp_path, des_donnees(contrat=visee))
    ouvert = openpyxl.load_workbook(classeur)
    (case,) = (
        c for f in ouvert for r in f.iter_rows() for c in r if c.value == datetime.datetime(2027, 1, 1)
    )
    case.value = "au printemps"
    ouvert.save(classeur)
    assert executer(["calendrier", str(tmp_path)]) == 0
    assert "Remarques à la lecture du classeur" in capsys.readouterr().out
    assert executer(["calendrier", str(tmp_path), "--json"]) == 0
    releve = json.loads(capsys.readouterr().out)
    assert [e["date"] for e in releve["evenements"]] == ["2026-12-18"]
    assert case.coordinate in [s["cellule"] for a in releve["anomalies"] for s in a["sources"]]


def test_sans_classeur_la_commande_le_dit(tmp_path: Path, capsys: Any) -> None:
    assert executer(["calendrier", str(tmp_path), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["anomalies"]
