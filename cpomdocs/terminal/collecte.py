"""La collecte à l’écran : les parts envoyées, les retours rassemblés, où en est chacun."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cpomdocs.collecte.avancement import EtatDePart
from cpomdocs.collecte.rassemblement import Bilan, RetourRassemble
from cpomdocs.collecte.registre import Envoi
from cpomdocs.collecte.relances import Relance

_MOTS = {
    "rassemble": ("green", "rassemblé"),
    "a_decider": ("yellow", "à décider"),
    "laisse": ("dim", "laissé"),
    "ecarte": ("red", "écarté"),
}
_COULEURS = {
    "complet": "green",
    "reçu, incomplet": "yellow",
    "à décider": "yellow",
    "attendu": "cyan",
    "en retard": "red",
}
_CONSTATS_MONTRES = 12


def montrer_envois(console: Console, envois: Sequence[Envoi]) -> None:
    """Une ligne par part : le fichier à envoyer, et à qui."""
    table = _table("Part", "Fichier à envoyer", "À qui", "Courriel")
    for envoi in envois:
        ligne = (envoi.part.nom, envoi.fichier, envoi.destinataire, envoi.courriel or "—")
        table.add_row(*map(escape, ligne))
    console.print(table)


def montrer_bilan(console: Console, bilan: Bilan) -> None:
    """Le sort de chaque fichier reçu, ce qu’il faut savoir, ce qu’il reste à faire."""
    if bilan.retours:
        table = _table("État", "Fichier", "Part", "Pris", "À décider")
        for retour in bilan.retours:
            table.add_row(*_cellules(retour))
        console.print(table)
    for qui, quoi in bilan.constats[:_CONSTATS_MONTRES]:
        console.print(f"  [yellow]●[/] {escape(qui)} : {escape(quoi)}", soft_wrap=True, highlight=False)
    reste = len(bilan.constats) - _CONSTATS_MONTRES
    if reste > 0:
        console.print(f"  … et {reste} autres, dans la feuille « À savoir » du rassemblement.")
    console.print(_conclusion(bilan), soft_wrap=True, highlight=False)


def _cellules(retour: RetourRassemble) -> list[str]:
    couleur, mot = _MOTS[retour.statut]
    nombres = [str(n) if retour.part else "—" for n in (retour.prises, retour.a_decider)]
    message = escape(retour.part or " ".join(filter(None, (retour.message, retour.remede))))
    return [f"[{couleur}]{mot}[/]", escape(retour.fichier), message, *nombres]


def _conclusion(bilan: Bilan) -> str:
    ecrites = f"{bilan.ecrites} cellule{'s' if bilan.ecrites > 1 else ''}"
    phrases = [f"[green]{ecrites} du classeur maître mise{'s' if bilan.ecrites > 1 else ''} à jour.[/]"]
    if not bilan.ecrites:
        phrases = ["Le classeur maître n’a pas changé."]
    if bilan.a_ecrire:
        phrases.append(f"{bilan.a_ecrire} à écrire.")
    if bilan.a_decider:
        ou = f" dans {bilan.rassemblement}" if bilan.rassemblement else ""
        phrases.append(
            f"[yellow]{bilan.a_decider} à décider{ou}[/] : choisir, enregistrer, fermer, puis relancer."
        )
    return " ".join(phrases)


def montrer_etats(console: Console, etats: Sequence[EtatDePart]) -> None:
    """Où en est chaque part."""
    table = _table("État", "Part", "Demandé à", "Échéance", "Reçu le", "Manquent")
    for etat in etats:
        dates = [f"{jour:%d/%m/%Y}" if jour else "—" for jour in (etat.envoi.echeance, etat.recu_le)]
        manquent = f"{len(etat.manques)} sur {etat.completude.attendues}"
        couleur = _COULEURS[etat.statut]
        noms = (escape(etat.envoi.part.nom), escape(etat.envoi.destinataire))
        table.add_row(f"[{couleur}]{etat.statut}[/]", *noms, *dates, manquent)
    console.print(table)


def envois_en_json(envois: Sequence[Envoi]) -> str:
    """Les parts envoyées, pour un autre programme."""
    lignes = [
        {
            "part": envoi.part.code,
            "genre": envoi.part.genre,
            "numero": envoi.numero,
            "fichier": envoi.fichier,
            "destinataire": envoi.destinataire,
            "courriel": envoi.courriel or None,
            "echeance": _iso(envoi.echeance),
            "formulaires": envoi.formulaires,
        }
        for envoi in envois
    ]
    return json.dumps({"envois": lignes}, ensure_ascii=False, indent=2)


def etats_en_json(etats: Sequence[EtatDePart], relances: Sequence[Relance]) -> str:
    """Où en est chaque part, et les relances préparées, pour un autre programme."""
    parts = [
        {
            "part": etat.envoi.part.code,
            "genre": etat.envoi.part.genre,
            "statut": etat.statut,
            "echeance": _iso(etat.envoi.echeance),
            "recu_le": _iso(etat.recu_le),
            "attendues": etat.completude.attendues,
            "manquent": len(etat.manques),
        }
        for etat in etats
    ]
    return json.dumps({"parts": parts, "relances": [vars(r) for r in relances]}, ensure_ascii=False, indent=2)


def _iso(jour: datetime.date | None) -> str | None:
    return jour.isoformat() if jour else None


def _table(*titres: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for titre in titres:
        table.add_column(titre, overflow="fold")
    return table
