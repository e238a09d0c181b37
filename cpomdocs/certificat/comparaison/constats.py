"""Ce que la comparaison de deux fichiers rend : les constats, leurs comptes et la phrase qui les résume."""

from __future__ import annotations

from collections import Counter
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, computed_field

_ABIMES, _PART = 20, 0.2
"""Nombre et part d’éléments fixes changés à partir desquels le gabarit n’est sans doute pas le bon."""
Gravite = Literal["atteinte", "remarque"]

MOTS: dict[str, tuple[str, str]] = {
    "feuille_perdue": ("feuille perdue", "feuilles perdues"),
    "feuille_renommee": ("feuille renommée", "feuilles renommées"),
    "feuille_deplacee": ("ordre des feuilles changé", "ordres des feuilles changés"),
    "feuille_ajoutee": ("feuille ajoutée", "feuilles ajoutées"),
    "feuille_masquee": ("feuille masquée", "feuilles masquées"),
    "feuille_montree": ("feuille masquée rendue visible", "feuilles masquées rendues visibles"),
    "feuille_deprotegee": ("feuille déprotégée", "feuilles déprotégées"),
    "protection_allegee": ("protection allégée", "protections allégées"),
    "cellule_deverrouillee": ("cellule déverrouillée", "cellules déverrouillées"),
    "lignes_inserees": ("ligne insérée", "lignes insérées"),
    "lignes_supprimees": ("ligne supprimée", "lignes supprimées"),
    "formule_ecrasee": ("formule écrasée", "formules écrasées"),
    "formule_perdue": ("formule effacée", "formules effacées"),
    "formule_changee": ("formule changée", "formules changées"),
    "cellule_verrouillee": ("cellule verrouillée changée", "cellules verrouillées changées"),
    "libelle_change": ("libellé changé", "libellés changés"),
    "liste_perdue": ("liste déroulante perdue", "listes déroulantes perdues"),
    "liste_changee": ("liste déroulante changée", "listes déroulantes changées"),
    "controle_perdu": ("contrôle de saisie perdu", "contrôles de saisie perdus"),
    "controle_change": ("contrôle de saisie changé", "contrôles de saisie changés"),
    "format_perdu": ("mise en forme conditionnelle perdue", "mises en forme conditionnelles perdues"),
    "fusion_changee": ("fusion de cellules changée", "fusions de cellules changées"),
    "masque_revele": ("plage masquée rendue visible", "plages masquées rendues visibles"),
    "nom_perdu": ("nom défini perdu", "noms définis perdus"),
    "nom_change": ("nom défini changé", "noms définis changés"),
    "objet_perdu": ("objet perdu", "objets perdus"),
    "commentaire_perdu": ("commentaire perdu", "commentaires perdus"),
    "tableau_perdu": ("tableau perdu", "tableaux perdus"),
    "tableau_change": ("tableau changé", "tableaux changés"),
    "macros_perdues": ("macros perdues", "macros perdues"),
    "donnees_xml_perdues": ("partie de données XML perdue", "parties de données XML perdues"),
    "dates_changees": ("système de dates changé", "systèmes de dates changés"),
    "controle_contenu_perdu": ("contrôle de contenu perdu", "contrôles de contenu perdus"),
    "champ_perdu": ("champ de formulaire perdu", "champs de formulaire perdus"),
    "signet_perdu": ("signet perdu", "signets perdus"),
    "document_deprotege": ("document déprotégé", "documents déprotégés"),
    "texte_change": ("texte changé", "textes changés"),
    "texte_supprime": ("texte supprimé", "textes supprimés"),
    "entete_change": ("en-tête ou pied de page changé", "en-têtes ou pieds de page changés"),
    "autre_version": ("autre version du formulaire", "autres versions du formulaire"),
    "erreur_affichee": ("formule en erreur", "formules en erreur"),
    "a_completer": ("mention « à compléter » restée", "mentions « à compléter » restées"),
    "valeur_remplacee": ("valeur du gabarit remplacée", "valeurs du gabarit remplacées"),
    "macros_changees": ("macros différentes", "macros différentes"),
    "revisions": ("modification suivie non acceptée", "modifications suivies non acceptées"),
    "commentaire_ajoute": ("commentaire ajouté", "commentaires ajoutés"),
    "tableau_agrandi": ("tableau agrandi", "tableaux agrandis"),
    "lien_externe": ("lien vers un autre fichier", "liens vers d’autres fichiers"),
}
"""Chaque genre de constat, au singulier et au pluriel."""


class Constat(BaseModel):
    """Une différence : son genre, l’endroit (feuille et cellule, ou passage du texte), avant et après.

    `atteinte` : le fichier de l’autorité est abîmé ; `remarque` : à regarder avant de remettre. `nombre` : ce
    que le constat compte (cellules, révisions…).
    """

    model_config = ConfigDict(frozen=True)

    genre: str
    gravite: Gravite = "atteinte"
    feuille: str | None = None
    lieu: str = ""
    message: str = ""
    avant: str | None = None
    apres: str | None = None
    nombre: int = Field(default=1, ge=1)


class Comparaison(BaseModel):
    """Le résultat de la comparaison d’un document avec son gabarit."""

    gabarit: str
    document: str
    nature: Literal["excel", "word"]
    saisies: int = Field(ge=0)
    """Nombre de cases remplies ou de textes saisis, ce qui est permis."""
    constats: list[Constat]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def resume(self) -> str:
        """Une ligne : les atteintes comptées par genre, puis les saisies."""
        saisies = f"{self.saisies} saisie{'s' if self.saisies > 1 else ''}"
        atteintes = [c for c in self.constats if c.gravite == "atteinte"]
        if not atteintes:
            return f"Le document est conforme au gabarit : {saisies}, rien d’abîmé."
        return f"{compter(atteintes)} ({saisies} par ailleurs)."

    @property
    def code_sortie(self) -> int:
        """0 : rien d’abîmé ; 1 : au moins une atteinte."""
        return int(any(c.gravite == "atteinte" for c in self.constats))


def autre_version(abimes: int, fixes: int) -> list[Constat]:
    """Une remarque quand trop de cellules (ou de paragraphes) ont changé pour venir du même fichier."""
    if abimes < _ABIMES or abimes < fixes * _PART:
        return []
    message = "le document semble venir d’une autre version du formulaire que ce gabarit"
    return [Constat(genre="autre_version", gravite="remarque", message=message)]


def compter(constats: list[Constat]) -> str:
    """« 3 formules écrasées, 1 liste déroulante perdue, feuille « Ratios » déprotégée »."""
    comptes: Counter[str] = Counter()
    feuilles: dict[str, str | None] = {}
    for constat in constats:
        comptes[constat.genre] += constat.nombre
        feuilles[constat.genre] = constat.feuille
    ordre = {genre: rang for rang, genre in enumerate(MOTS)}
    phrases = []
    for genre in sorted(comptes, key=lambda g: (g.startswith("feuille_"), ordre[g])):
        nombre, feuille = comptes[genre], feuilles[genre]
        if genre.startswith("feuille_") and nombre == 1 and feuille:
            phrases.append(f"feuille « {feuille} » {MOTS[genre][0].removeprefix('feuille ')}")
        elif genre in ("macros_perdues", "feuille_deplacee", "dates_changees", "document_deprotege"):
            phrases.append(MOTS[genre][0])
        else:
            phrases.append(f"{nombre} {MOTS[genre][nombre > 1]}")
    return ", ".join(phrases)
