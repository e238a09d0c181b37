"""Le classeur « Comparaison des scénarios » : hypothèses, comptes, équilibres, offre, actions."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from outils.gabarits.excel.methode.interne import OuvrageInterne, si_connus
from outils.gabarits.excel.methode.projections import scenarios_annees as annees
from outils.gabarits.excel.methode.projections import scenarios_offre as offre
from outils.gabarits.excel.styles import ROUGE, ROUGE_PALE, VERT, VERT_PALE

FICHIER = "Comparaison des scénarios.xlsx"
COLONNES = ("C", "D", "E", "F")
"""Une colonne par scénario, dans l’ordre de la feuille « Scénarios »."""
_PREMIERE, MOTIFS = 6, 33

_LIGNES: tuple[tuple[str, str, str], ...] = (
    ("section", "Le scénario", ""),
    ("texte", "Code", "saisie"),
    ("texte", "Scénario", "saisie"),
    ("texte", "Retenu", "saisie"),
    ("multiligne", "Ce qu’il suppose et fait", "saisie"),
    ("entier", "Actions retenues", "saisie"),
    ("section", "La dotation et les moyens constants", ""),
    ("euros", "Dotation de l’année N", "={f}!D{dotation}"),
    ("euros", "Dotation de N+5", "={f}!I{dotation}"),
    ("euros", "Évolution de N à N+5", "{c}14-{c}13"),
    ("variation", "Évolution de N à N+5, en %", "{c}15/{c}13"),
    ("annee", "Première année de baisse sous N", "saisie"),
    ("euros", "Crédits demandés, hors moyens constants", "=SUM({f}!E{demandes}:I{demandes})"),
    ("texte", "Tient à moyens constants", '=IF({c}18=0,"oui","non")'),
    ("euros", "Charges couvertes par redéploiement", "=SUM({f}!E{redeploiement}:I{redeploiement})"),
    ("euros", "Charges couvertes par autofinancement", "=SUM({f}!E{autofinancement}:I{autofinancement})"),
    ("section", "L’équilibre", ""),
    ("euros", "Résultat cumulé de N+1 à N+5", "=SUM({f}!E{resultat}:I{resultat})"),
    ("euros", "Plus bas résultat", "=MIN({f}!E{resultat}:I{resultat})"),
    ("euros", "Résultat de N+5", "={f}!I{resultat}"),
    ("annee", "Retour durable à l’équilibre", "saisie"),
    ("euros", "CAF moyenne de N+1 à N+5", "=AVERAGE({f}!E{caf}:I{caf})"),
    ("taux", "Taux de CAF de N+5", "={f}!I{taux_caf}"),
    ("euros", "FRNG de N+5", "={f}!I{frng}"),
    ("euros", "Trésorerie de N+5", "={f}!I{tresorerie}"),
)
"""Style, libellé, et « saisie » ou formule ; l’ordre fixe les lignes, à partir de la sixième."""


def construire() -> bytes:
    """Le classeur entier."""
    ouvrage = OuvrageInterne("Comparaison des scénarios")
    feuille = ouvrage.page("Synthèse", "COMPARAISON DES SCÉNARIOS", {"B:B": 46, "C:F": 27, "G:G": 12}, "F")
    _entete(ouvrage, feuille)
    for ligne, (style, libelle, contenu) in enumerate(_LIGNES, start=_PREMIERE):
        _ligne(ouvrage, feuille, ligne, style, libelle, contenu)
    _motifs(ouvrage, feuille)
    _alertes(ouvrage, feuille)
    annees.feuilles(ouvrage)
    offre.feuilles(ouvrage)
    return ouvrage.octets()


def _entete(ouvrage: OuvrageInterne, feuille: Worksheet) -> None:
    feuille.write("B4", "Année N du dossier", ouvrage.style("libelle"))
    feuille.write_blank("C4", None, ouvrage.style("saisie", "annee", "gauche"))
    feuille.write("D4", "La dernière feuille dit comment lire et compléter.", ouvrage.style("aide", "gauche"))
    ouvrage.classeur.define_name("ANNEE_N", "=Synthèse!$C$4")
    feuille.freeze_panes(6, 2)
    feuille.fit_to_pages(1, 1)
    feuille.print_area(f"A1:F{MOTIFS + len(COLONNES)}")


def _ligne(
    ouvrage: OuvrageInterne, feuille: Worksheet, ligne: int, style: str, libelle: str, contenu: str
) -> None:
    if style == "section":
        feuille.merge_range(f"B{ligne}:F{ligne}", libelle, ouvrage.style("section"))
        return
    feuille.set_row(ligne - 1, 62 if style == "multiligne" else 19)
    feuille.write(f"B{ligne}", libelle, ouvrage.style("libelle"))
    pose = {"texte": ("entoure",), "multiligne": ("petit", "multiligne")}.get(style, (style, "centre"))
    for rang, colonne in enumerate(COLONNES):
        cellule = f"{colonne}{ligne}"
        if contenu == "saisie":
            feuille.write_blank(cellule, None, ouvrage.style("saisie", *pose))
        else:
            ouvrage.calculer(feuille, cellule, _formule(contenu, colonne, rang), "calcul", *pose)


def _formule(contenu: str, colonne: str, rang: int) -> str:
    """La formule d’un scénario : vide tant que ce qu’elle lit n’est pas entièrement connu."""
    lignes = {nom: premiere + rang for nom, (_, premiere) in annees.BLOCS.items()}
    if not contenu.startswith("="):
        expression = contenu.format(c=colonne)
        return si_connus(",".join(f"{colonne}{n}" for n in (13, 14)), 2, expression)
    nom = next((n for n in lignes if "{" + n + "}" in contenu), None)
    if nom is None:
        return si_connus(f"{colonne}18", 1, contenu[1:].format(c=colonne))
    feuille, ligne = f"'{annees.BLOCS[nom][0]}'", lignes[nom]
    expression = contenu[1:].replace("{f}", feuille).replace("{" + nom + "}", str(ligne))
    plage = f"{feuille}!E{ligne}:I{ligne}"
    if "(" not in expression:
        return si_connus(expression, 1, expression)
    return si_connus(plage, 5, expression)


def _motifs(ouvrage: OuvrageInterne, feuille: Worksheet) -> None:
    """Sous la synthèse : pourquoi chaque scénario est retenu ou écarté."""
    style = ouvrage.style
    feuille.merge_range(f"B{MOTIFS - 1}:F{MOTIFS - 1}", "Pourquoi il est retenu, ou écarté", style("section"))
    for ligne in range(MOTIFS, MOTIFS + len(COLONNES)):
        feuille.set_row(ligne - 1, 32)
        feuille.write_blank(f"B{ligne}", None, style("saisie", "deux_lignes"))
        feuille.merge_range(f"C{ligne}:F{ligne}", "", style("saisie", "petit", "deux_lignes"))


def _alertes(ouvrage: OuvrageInterne, feuille: Worksheet) -> None:
    """Le scénario retenu en vert ; déficits et baisses en rouge."""
    ouvrage.surligner(feuille, "C7:F10", 'C$9="oui"')
    for plage in ("C15:F16", "C23:F25", "C27:F30"):
        ouvrage.deficits_en_rouge(feuille, plage)
    rouge, vert = (
        ouvrage.alerte(*couleurs, gras=True) for couleurs in ((ROUGE_PALE, ROUGE), (VERT_PALE, VERT))
    )
    for plage, condition, fond in (
        ("C17:F17", "ISNUMBER(C17)", rouge),
        ("C19:F19", 'C19="non"', rouge),
        ("C19:F19", 'C19="oui"', vert),
        ("C26:F26", "ISNUMBER(C26)", vert),
    ):
        feuille.conditional_format(plage, {"type": "formula", "criteria": f"={condition}", "format": fond})
