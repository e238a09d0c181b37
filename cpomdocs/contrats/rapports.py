"""Le rapport d’une comparaison de contrats : une page HTML ou un document Word."""

from __future__ import annotations

import io
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from docx import Document
from docx.shared import Pt, RGBColor
from jinja2 import Environment
from rich.console import Console
from rich.markup import escape
from rich.text import Text

from cpomdocs.contrats.comparaison import Changement, ComparaisonDeContrats
from cpomdocs.ecriture.depot import poser_ou_refuser
from cpomdocs.erreurs import ErreurEcriture
from cpomdocs.nomenclatures import details

GENRES = {
    "ajout": "Ajouté",
    "retrait": "Retiré",
    "reformulation": "Reformulé",
    "deplacement": "Déplacé",
    "titre": "Titre changé",
}
_ROUGE, _VERT = RGBColor(0xA6, 0x1C, 0x00), RGBColor(0x1B, 0x5E, 0x20)


def resumer(comparaison: ComparaisonDeContrats) -> str:
    """« 12 changements, dont 5 à relire en premier ; 7 articles inchangés. »"""
    nombre, sensibles = len(comparaison.changements), len(comparaison.sensibles)
    if nombre == 0:
        return "Rien n’a changé, à la typographie près."
    changements = "1 changement" if nombre == 1 else f"{nombre} changements"
    articles = comparaison.articles_inchanges
    inchanges = f"{articles} article{'s' if articles > 1 else ''} inchangé{'s' if articles > 1 else ''}"
    return f"{changements}, dont {sensibles} à relire en premier ; {inchanges}."


def en_html(comparaison: ComparaisonDeContrats) -> bytes:
    """Une page qui se suffit, sans appel au réseau."""
    source = resources.files(__package__).joinpath("rapport.html").read_text(encoding="utf-8")
    page = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(source)
    rendu = page.render(
        c=comparaison,
        resume=resumer(comparaison),
        genres=GENRES,
        clauses=details("clauses_sensibles"),
        parties=_parties(comparaison),
    )
    return rendu.encode("utf-8", "replace")


def en_word(comparaison: ComparaisonDeContrats) -> bytes:
    """Un document Word : retiré en rouge barré, ajouté en vert souligné."""
    document = Document()
    document.styles["Normal"].font.name = "Calibri"
    document.styles["Normal"].font.size = Pt(11)
    document.core_properties.author = "cpomdocs"
    document.core_properties.title = "Ce que le nouveau projet change"
    document.add_heading("Ce que le nouveau projet change", 0)
    document.add_paragraph(f"De « {comparaison.ancien} » à « {comparaison.nouveau} »")
    document.add_paragraph(resumer(comparaison))
    for titre, changements in _parties(comparaison):
        if changements:
            document.add_heading(titre, 1)
        for changement in changements:
            _ecrire(document, changement)
    tampon = io.BytesIO()
    document.save(tampon)
    return tampon.getvalue()


def _parties(comparaison: ComparaisonDeContrats) -> list[tuple[str, Sequence[Changement]]]:
    return [("À relire en premier", comparaison.sensibles), ("Autres changements", comparaison.autres)]


def _ecrire(document: Any, changement: Changement) -> None:
    clauses = details("clauses_sensibles")
    document.add_heading(changement.article, 2)
    tete = document.add_paragraph()
    tete.add_run(GENRES[changement.genre]).bold = True
    if changement.clauses:
        tete.add_run(" — " + ", ".join(clauses[code]["libelle"] for code in changement.clauses))
    if changement.chiffres:
        document.add_paragraph().add_run(" · ".join(changement.chiffres)).bold = True
    corps = document.add_paragraph()
    for signe, texte in _mots(changement):
        passage = corps.add_run(texte)
        if signe == "-":
            passage.font.strike, passage.font.color.rgb = True, _ROUGE
        elif signe == "+":
            passage.font.underline, passage.font.color.rgb = True, _VERT


def _mots(changement: Changement) -> Sequence[tuple[str, str]]:
    if changement.mots:
        return changement.mots
    if changement.genre == "deplacement":
        return [("=", f"Était dans {changement.avant} : {changement.apres}")]
    return [("-", changement.avant)] if changement.genre == "retrait" else [("+", changement.apres)]


def ecrire_rapport(comparaison: ComparaisonDeContrats, sortie: Path) -> None:
    """Écrit le rapport : Word si le fichier finit par .docx, HTML s’il finit par .html.

    Lève `ErreurEcriture` pour une autre fin de nom, ou si le disque refuse.
    """
    formes = {".html": en_html, ".htm": en_html, ".docx": en_word}
    forme = formes.get(sortie.suffix.lower())
    if forme is None:
        raise ErreurEcriture(f"« {sortie.name} » n’est ni .html ni .docx.", "Changer la fin de ce nom.")
    poser_ou_refuser(sortie, forme(comparaison))


def montrer(console: Console, comparaison: ComparaisonDeContrats) -> None:
    """Les changements sur un terminal, les sensibles d’abord."""
    for titre, changements in _parties(comparaison):
        if changements:
            console.print(f"\n[bold]{titre}[/]")
        for changement in changements:
            _montrer(console, changement)


def _montrer(console: Console, changement: Changement) -> None:
    clauses = details("clauses_sensibles")
    touche = ", ".join(str(clauses[code]["libelle"]) for code in changement.clauses)
    entete = f"[bold]{GENRES[changement.genre]}[/] · {escape(changement.article)}"
    console.print(entete + (f" · [yellow]{touche}[/]" if touche else ""), highlight=False)
    if changement.chiffres:
        console.print(f"  [bold red]{escape(' · '.join(changement.chiffres))}[/]", highlight=False)
    couleurs = {"-": "red strike", "+": "green underline"}
    reperes = {"-": "[-{}-]", "+": "{{+{}+}}"} if not console.is_terminal else {}
    corps = Text("  ")
    for signe, texte in _mots(changement):
        corps.append(reperes.get(signe, "{}").format(texte), couleurs.get(signe, ""))
    console.print(corps)
