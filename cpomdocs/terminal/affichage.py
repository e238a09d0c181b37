"""Ce que les commandes montrent à l’écran, dans les mots de la personne."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from cpomdocs.controle.rapport_excel import trier
from cpomdocs.formulaires.cases import CasesDuFormulaire
from cpomdocs.formulaires.verification import Verdict
from cpomdocs.rapport import INCHANGE_A_BLANC, Anomalie, DocumentProduit, Rapport

MOTS = {
    "cree": "créé",
    "remplace": "mis à jour",
    "inchange": "inchangé",
    "garde": "gardé",
    "conflit": "modifié à la main",
    "verrouille": "ouvert ailleurs",
    "orphelin": "plus demandé",
    "erreur": "non produit",
    "a_blanc": "à blanc",
}
_PLURIELS = {
    "cree": "créés",
    "remplace": "mis à jour",
    "inchange": "inchangés",
    "garde": "gardés",
    "conflit": "modifiés à la main",
    "verrouille": "ouverts ailleurs",
    "orphelin": "plus demandés",
    "erreur": "non produits",
    "a_blanc": "à blanc",
}
_COULEURS = {
    "cree": "green",
    "remplace": "green",
    "inchange": "dim",
    "garde": "dim",
    "conflit": "yellow",
    "verrouille": "yellow",
    "orphelin": "dim",
    "erreur": "red",
    "a_blanc": "cyan",
}
_CELLULES_MONTREES = 3
_DOCUMENTS_MONTRES = 60
"""Au-delà, les documents inchangés sont comptés sans être nommés."""
_RETOUCHES_MONTREES = 5
_INSECABLE = re.compile(r" (?=[:;?!»])|(?<=«) ")
_GRAVITES = {
    "bloquante": ("à corriger", "red"),
    "avertissement": ("à vérifier", "yellow"),
    "information": ("pour information", "dim"),
}


def montrer_documents(console: Console, rapport: Rapport) -> None:
    """Le tableau des documents, puis leurs comptes."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("État")
    table.add_column("Établissement")
    table.add_column("Document", overflow="fold")
    for document in _a_montrer(rapport):
        couleur, mot = _COULEURS[document.statut], MOTS[document.statut]
        table.add_row(
            f"[{couleur}]{mot}[/]", escape(document.etablissement or "—"), _chemin_et_message(document)
        )
    if table.row_count:
        console.print(table)
    comptes = (
        f"{nombre} {(_PLURIELS if nombre > 1 else MOTS)[statut]}"
        for statut, nombre in rapport.resume.documents.items()
    )
    total = len(rapport.documents)
    console.print(f"\n{_pluriel(total, 'document')} : {', '.join(comptes) or 'aucun'}.")


def _a_montrer(rapport: Rapport) -> list[DocumentProduit]:
    """Tous les documents d’un petit dossier ; d’un grand, ceux à qui il est arrivé quelque chose."""
    if len(rapport.documents) <= _DOCUMENTS_MONTRES:
        return rapport.documents
    return [d for d in rapport.documents if d.statut != "inchange" and d.message != INCHANGE_A_BLANC]


def _chemin_et_message(document: DocumentProduit) -> str:
    """Le chemin, ce qu’il y a à en dire, et ce qu’une personne y a changé."""
    suite = [document.message] if document.message else []
    suite += [f"• {retouche}" for retouche in document.retouches[:_RETOUCHES_MONTREES]]
    reste = len(document.retouches) - _RETOUCHES_MONTREES
    autres = "autres changements" if reste > 1 else "autre changement"
    suite += [f"… et {reste} {autres} (--json les donne tous)"] if reste > 0 else []
    return "\n".join([escape(document.chemin), *(f"  [dim]{escape(ligne)}[/]" for ligne in suite)])


def montrer_anomalies(console: Console, rapport: Rapport, limite: int = 12) -> None:
    """Les comptes d’anomalies et les premières à corriger, une ligne par donnée."""
    if not rapport.anomalies:
        console.print("[green]Contrôle : aucune anomalie.[/]")
        return
    comptes = (
        f"[{couleur}]{rapport.resume.anomalies.get(gravite, 0)} {mot}[/]"
        for gravite, (mot, couleur) in _GRAVITES.items()
    )
    console.print(f"Contrôle : {', '.join(comptes)}.")
    regroupees = _regrouper(trier(rapport.anomalies))
    for anomalie in regroupees[:limite]:
        _montrer_anomalie(console, anomalie)
    if len(regroupees) > limite:
        console.print(f"  … et {_pluriel(len(regroupees) - limite, 'autre')}, dans sorties/controle.xlsx.")


def _montrer_anomalie(console: Console, anomalie: Anomalie) -> None:
    _, couleur = _GRAVITES[anomalie.gravite]
    ou = anomalie.etablissement or ""
    debut = f"{ou} : " if ou and ou not in anomalie.message else ""
    cellules = _cellules(anomalie)
    _paragraphe(console, f"[{couleur}]●[/]", f"{debut}{anomalie.message} ({anomalie.code})")
    for suite in filter(None, (cellules, anomalie.remede)):
        _paragraphe(console, " ", suite, "dim")


def _cellules(anomalie: Anomalie) -> str:
    """« Activité, cellule E32 », quand le message ne le dit pas déjà."""
    if not anomalie.sources or f"cellule {anomalie.sources[0].cellule}" in anomalie.message:
        return ""
    montrees = " ; ".join(f"{s.feuille}, cellule {s.cellule}" for s in anomalie.sources[:_CELLULES_MONTREES])
    autres = len(anomalie.sources) - _CELLULES_MONTREES
    return f"Où : {montrees}{f' … et {autres} de plus' if autres > 0 else ''}."


def _paragraphe(console: Console, puce: str, texte: str, style: str = "") -> None:
    """Un texte en retrait, jamais coupé dans un nombre ni avant « : » ou « » »."""
    largeur = max(console.width - 4, 30)
    lie = _INSECABLE.sub("\u00a0", texte)
    lignes = textwrap.wrap(lie, largeur, break_long_words=False, break_on_hyphens=False)
    for rang, ligne in enumerate(lignes):
        console.print(f"  {puce if rang == 0 else ' '} ", end="", soft_wrap=True, highlight=False)
        console.print(Text(ligne, style), soft_wrap=True, highlight=False)


def montrer_cases(console: Console, relevees: CasesDuFormulaire) -> None:
    """Une place par ligne : son adresse, son libellé, ce qui y va ; puis leur compte."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for titre in ("Genre", "Case", "Libellé", "Champ", "Contenu actuel"):
        table.add_column(titre, overflow="fold")
    for case in relevees.cases:
        choix = f" [dim]({escape(' · '.join(case.choix[:6]))}{' …' if len(case.choix) > 6 else ''})[/]"
        champ = f"[green]{escape(', '.join(case.champs))}[/]" if case.champs else "[dim]—[/]"
        empechee = f"\n[red]{escape(case.obstacle)}[/]" if case.obstacle else ""
        contenu = escape(case.contenu) + (choix if case.choix else "") + empechee
        table.add_row(
            escape(case.genre), f"[bold]{escape(case.case)}[/]", escape(case.libelle), champ, contenu
        )
    console.print(table)
    for remarque in relevees.remarques:
        console.print(f"\n[yellow]●[/] {escape(remarque)}")
    remplies = sum(1 for case in relevees.cases if case.champs)
    accord = "s" if remplies > 1 else ""
    total = f"{_pluriel(len(relevees.cases), 'place')} dans « {escape(relevees.gabarit)} »"
    console.print(f"\n{total}, dont {remplies} prévue{accord} par la correspondance.")


def _regrouper(anomalies: Sequence[Anomalie]) -> list[Anomalie]:
    """Une donnée manquante dans plusieurs formulaires ne se montre qu’une fois."""
    vues: dict[object, Anomalie] = {}
    for a in anomalies:
        meme_cellule = a.code == "DM-01" and a.sources
        vues.setdefault((a.code, a.sources) if meme_cellule else (a.etablissement, a.code, a.message), a)
    return list(vues.values())


def _pluriel(nombre: int, mot: str) -> str:
    return f"{nombre} {mot}{'s' if nombre > 1 else ''}"


def montrer_verdicts(console: Console, verdicts: Sequence[Verdict], *, detail: bool) -> None:
    """Les formulaires, un par ligne ; avec `detail`, leurs totaux et leurs défauts."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for titre in ("Nom", "Formulaire", "Un par", "Cases", "État"):
        table.add_column(titre, no_wrap=titre != "Formulaire", overflow="fold")
    for v in verdicts:
        defauts = f"[red]{_pluriel(len(v.defauts), 'défaut')}[/]" if v.defauts else "[green]utilisable[/]"
        nature = f" · gabarit {v.nature}" if v.nature else ""
        intitule = f"{escape(v.libelle)}\n[dim]{escape(v.autorite)}{escape(nature)}[/]"
        portee = v.portee.replace("etab", "étab")
        cases = "balises" if not (v.cases or v.defauts) else str(v.cases)
        table.add_row(escape(v.nom), intitule, portee, cases, defauts)
    console.print(table)
    for v in verdicts if detail else ():
        if v.totaux is not None:
            _paragraphe(console, " ", f"{v.nom}, totaux : {v.totaux}")
        for defaut in v.defauts:
            _paragraphe(console, "[red]●[/]", f"{v.nom} : {defaut}")
        for remarque in v.remarques:
            _paragraphe(console, "[yellow]●[/]", f"{v.nom} : {remarque}")
