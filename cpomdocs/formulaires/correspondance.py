"""Le modèle de `correspondance.toml` : elle place des champs dans des cases, elle ne calcule rien.

Trois formes suffisent aux formulaires imposés : `cases` (une case, un champ), `grilles` (lignes fixes ×
colonnes fixes, des clés des deux côtés) et `tableaux` (une ligne par élément, dans les lignes du formulaire).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cpomdocs.erreurs import ErreurFormulaire
from cpomdocs.formulaires.lecture_toml import lire_toml
from cpomdocs.modeles.chemins import Portee

NomCourt = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
LIBELLE = "libelle"
"""La traduction toute faite : le libellé de la nomenclature du champ."""
Unite = Literal["k€", "M€", "pourcent"]
Adresse = Annotated[str, Field(pattern=r"^([A-Z]{1,3}|[1-9][0-9]{0,6})$")]

MOT = re.compile(r"\{([^{}]*)\}")
"""Un mot du nom des documents, entre accolades."""
MOTS_DE_SORTIE = ("N", "code", "finess", "sigle", "objectif")
MOTS_DE_FEUILLE = ("rang", "code", "finess", "type")
LIGNES_MAX = 10_000
"""Capacité maximale d’un tableau de formulaire, en lignes."""


class _Partie(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Entete(_Partie):
    """L’identité du formulaire, et qui doit le remettre."""

    nom: NomCourt = Field(title="Nom court", description="Lettres minuscules, chiffres et tirets.")
    libelle: str = Field(title="Libellé")
    autorite: str = Field(title="Autorité qui l’impose")
    campagne: int | None = Field(None, title="Campagne", description="Année de la campagne du gabarit.")
    portee: Portee = Field("etablissement", title="Portée", description="Un document par…")
    pour: dict[str, list[str | bool | int]] = Field(
        default_factory=dict,
        title="Qui doit le remettre",
        description="Champ → valeurs admises ; toutes les conditions doivent être remplies.",
    )
    exige: list[str] = Field(
        default_factory=list,
        title="N’a lieu d’être que si",
        description="Collections dont chacune a au moins une ligne ; sinon, aucun document n’est demandé.",
    )
    gabarit: str = Field(title="Fichier de l’autorité", description="Nom d’origine, dans le même répertoire.")
    empreinte: Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")] = Field(title="Empreinte du gabarit")
    a_preparer: bool = Field(
        False,
        title="À préparer",
        description="Une macro du cadre crée ses feuilles : chaque dossier met dans son « gabarits » la "
        "copie qu’une personne a préparée ; l’empreinte reste celle du fichier de l’autorité.",
    )
    converti: bool = Field(
        False,
        title="Converti",
        description="Le fichier de l’autorité (.xls, .xlsb, strict, chiffré) enregistré en .xlsx ou .docx.",
    )
    sortie: str = Field(
        title="Nom des documents",
        description="Entre accolades : {N}, {code}, {finess}, {sigle}, {objectif}.",
    )
    langue: Literal["fr-FR", "en-US"] = Field(
        "fr-FR",
        title="Langue du gabarit",
        description="Celle de ses formules qui écrivent ou lisent un texte.",
    )
    balises: bool = Field(False, title="Document balisé", description="Word à balises Jinja du gestionnaire.")
    source: str | None = Field(None, title="D’où vient le gabarit")
    sans_objet: str | None = Field(
        None, title="Texte de « sans objet »", description="Excel : rien par défaut ; Word : « Sans objet »."
    )
    valeurs: dict[str, dict[str, str]] = Field(
        default_factory=dict,
        title="Mots du formulaire",
        description="Traductions nommées : nos codes → les mots des listes du formulaire.",
    )


class Placement(_Partie):
    """Ce qui va dans une case : un champ, et la façon dont le formulaire le veut."""

    champ: str = Field(title="Champ")
    obligatoire: bool | None = Field(
        None,
        title="Obligatoire",
        description="true : vide, elle bloque la remise ; false : facultative ; absent : selon le modèle.",
    )
    vaut: str | bool | int | None = Field(
        None, title="Cochée si le champ vaut", description="Case cochée si le champ vaut ceci."
    )
    valeurs: str | None = Field(
        None, title="Mots du formulaire", description="Nom d’une traduction, ou « libelle »."
    )
    unite: Unite | None = Field(None, title="Unité du formulaire", description="k€, M€, ou pourcent (95).")
    oppose: bool = Field(False, title="Signe opposé", description="Pour un cadre aux charges négatives.")
    malgre_verrou: bool = Field(
        False,
        title="Malgré le verrou (Excel)",
        description="Dans `cases` : écrire la cellule bien que la protection de sa feuille la verrouille.",
    )


class GrilleDeFeuille(_Partie):
    """Lignes fixes × colonnes fixes. Chaque axe donne, par clé, la valeur de chaque ligne ou colonne ;
    la clé `champ` désigne le champ lui-même."""

    champ: str = Field(title="Champ ou collection")
    lignes: dict[str, dict[Adresse, str | int]] = Field(
        default_factory=dict, title="Lignes", description="clé → ligne → valeur"
    )
    colonnes: dict[str, dict[Adresse, str | int]] = Field(
        default_factory=dict, title="Colonnes", description="clé → colonne → valeur"
    )
    annees: (
        Annotated[str, Field(pattern=r"^[A-Z]{1,3}[1-9][0-9]{0,6}(:[A-Z]{1,3}[1-9][0-9]{0,6})?$")] | None
    ) = Field(
        None,
        title="En-têtes qui disent l’année (Excel)",
        description="Une ligne (C6:H6) ou une colonne (A8:A20) du gabarit : année, date, « N-1 ».",
    )
    obligatoire: bool | None = Field(None, title="Obligatoire")
    valeurs: str | None = Field(None, title="Mots du formulaire")
    unite: Unite | None = Field(None, title="Unité du formulaire", description="k€, M€, ou pourcent (95).")
    oppose: bool = Field(False, title="Signe opposé", description="Pour un cadre aux charges négatives.")

    @model_validator(mode="after")
    def _deux_axes(self) -> GrilleDeFeuille:
        if not (self.lignes and self.colonnes) and (
            self.annees is None or not (self.lignes or self.colonnes)
        ):
            raise ValueError("indiquer `lignes` et `colonnes` ; `annees` peut tenir lieu de l’un des deux")
        return self


class Grille(GrilleDeFeuille):
    """Une grille d’une feuille Excel ou d’un tableau Word."""

    feuille: str | None = Field(None, title="Feuille (Excel)")
    tableau: int | None = Field(None, title="Numéro du tableau (Word)", ge=1)
    comparer: bool = Field(
        False,
        title="Comparer",
        description="Des formules du cadre, à comparer aux champs ; rien n’y est écrit.",
    )

    @model_validator(mode="after")
    def _un_seul_support(self) -> Grille:
        if self.annees is not None and self.feuille is None:
            raise ValueError("`annees` ne vaut que pour une feuille Excel")
        return _exiger_un_support(self)


class TableauDeFeuille(_Partie):
    """Une ligne par élément de la source, dans la limite des lignes du formulaire."""

    source: str = Field(title="Collection, avec ses sélecteurs")
    premiere_ligne: int = Field(title="Première ligne", ge=1, le=1_048_576)
    lignes: int = Field(title="Nombre de lignes du formulaire", ge=1, le=LIGNES_MAX)
    ajouter: bool = Field(
        False,
        title="Ajouter des lignes",
        description="Plus d’éléments que de lignes : copier la dernière au lieu de laisser le tableau vide. "
        "Dans Excel, seulement s’il n’y a rien sous le tableau.",
    )
    colonnes: dict[Annotated[str, Field(pattern=r"^[A-Z]{1,3}$")], str | Placement] = Field(title="Colonnes")


class Tableau(TableauDeFeuille):
    """Un tableau d’une feuille Excel ou d’un document Word."""

    feuille: str | None = Field(None, title="Feuille (Excel)")
    tableau: int | None = Field(None, title="Numéro du tableau (Word)", ge=1)
    suite: bool = Field(
        False,
        title="Continuer dans des copies",
        description="Plus d’éléments que de lignes : autant de copies « (suite 2) » du document qu’il faut.",
    )

    @model_validator(mode="after")
    def _un_seul_support(self) -> Tableau:
        if self.ajouter and self.suite:
            raise ValueError("choisir entre `ajouter` (des lignes) et `suite` (des copies)")
        return _exiger_un_support(self)

    def cellule(self, colonne: str, rang: int) -> str:
        """L’adresse de la colonne pour le rang-ième élément (0 pour le premier) ; « B11+2 » : la deuxième
        ligne ajoutée après la ligne 11."""
        derniere = self.premiere_ligne + self.lignes - 1
        trop = rang - self.lignes + 1
        return f"{colonne}{derniere}+{trop}" if trop > 0 else f"{colonne}{self.premiere_ligne + rang}"


class Section(_Partie):
    """Word : un élément de la section répétée par élément de la source ; ceux qui manquent s’ajoutent."""

    section: str = Field(title="Balise ou titre de la section répétée")
    source: str = Field(title="Collection, avec ses sélecteurs")
    controles: dict[str, str | Placement] = Field(
        title="Contrôles", description="Balise ou titre d’un contrôle de l’élément → champ."
    )


class FeuilleRepetee(_Partie):
    """Excel : une feuille par établissement, dans un classeur du gestionnaire ; adresses sans feuille."""

    noms: str | list[str] | None = Field(
        None,
        title="Noms des feuilles",
        description="« CRP {rang} », « {code} », « {finess} », « {type} », ou leur liste, en ordre.",
    )
    finess: Annotated[str, Field(pattern=r"^[A-Z]{1,3}[1-9][0-9]{0,6}$")] | None = Field(
        None, title="Cellule du FINESS", description="Cellule où chaque feuille porte déjà son FINESS."
    )
    pour: dict[str, list[str | bool | int]] = Field(
        default_factory=dict, title="Quels établissements", description="Champ → valeurs admises."
    )
    cases: dict[str, str | Placement] = Field(
        default_factory=dict, title="Cases", description="Cellule (C4) → champ."
    )
    grilles: list[GrilleDeFeuille] = Field(default_factory=list, title="Grilles")
    tableaux: list[TableauDeFeuille] = Field(default_factory=list, title="Tableaux")

    @model_validator(mode="after")
    def _un_seul_reperage(self) -> FeuilleRepetee:
        if (self.noms is None) == (self.finess is None):
            raise ValueError("indiquer soit `noms`, soit `finess`")
        return self


_Bloc = TypeVar("_Bloc", Grille, Tableau)


class Correspondance(_Partie):
    """Le contenu de `correspondance.toml`."""

    formulaire: Entete
    cases: dict[str, str | Placement] = Field(default_factory=dict, title="Cases")
    comparaisons: dict[str, str | Placement] = Field(
        default_factory=dict,
        title="Comparaisons (Excel)",
        description="Formule du cadre → champ que son résultat doit égaler ; rien n’y est écrit.",
    )
    grilles: list[Grille] = Field(default_factory=list, title="Grilles")
    tableaux: list[Tableau] = Field(default_factory=list, title="Tableaux")
    sections: list[Section] = Field(default_factory=list, title="Sections répétées (Word)")
    feuilles: list[FeuilleRepetee] = Field(default_factory=list, title="Feuilles par établissement (Excel)")

    @model_validator(mode="after")
    def _sections_dans_word(self) -> Correspondance:
        if self.sections and self.genre != "word":
            raise ValueError("`sections` ne vaut que pour un formulaire Word, sans balises")
        return self

    @property
    def genre(self) -> Literal["excel", "word", "balises"]:
        """Le moteur de remplissage que le gabarit demande."""
        if Path(self.formulaire.gabarit).suffix.lower() in (".xlsx", ".xlsm"):
            return "excel"
        return "balises" if self.formulaire.balises else "word"


def _exiger_un_support(bloc: _Bloc) -> _Bloc:
    if (bloc.feuille is None) == (bloc.tableau is None):
        raise ValueError("indiquer soit `feuille` (Excel), soit `tableau` (Word)")
    return bloc


def lire_correspondance(chemin: Path) -> Correspondance:
    """Lit et valide une correspondance. Lève `ErreurFormulaire` en nommant chaque rubrique fautive."""
    return lire_toml(chemin, Correspondance, f"{chemin.parent.name}/{chemin.name}", ErreurFormulaire)
