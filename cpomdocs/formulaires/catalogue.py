"""Trouver les formulaires d’un dossier et les charger, l’empreinte de chaque gabarit vérifiée."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path

from cpomdocs.erreurs import (
    ErreurChemin,
    ErreurCpomdocs,
    ErreurDossier,
    ErreurFichier,
    ErreurFormulaire,
    motif,
)
from cpomdocs.formulaires.attributions import Attribution, croiser
from cpomdocs.formulaires.correspondance import (
    Correspondance,
    FeuilleRepetee,
    Placement,
    lire_correspondance,
)
from cpomdocs.formulaires.feuilles import feuilles_possibles
from cpomdocs.modeles.chemins import lire_chemin
from cpomdocs.rapport import Anomalie
from cpomdocs.remplissage.moteurs import Gabarit, Genre, preparer, reference_du_nom
from cpomdocs.saisies import Case, CaseExcel, lire_case

CORRESPONDANCE = "correspondance.toml"
_ENREGISTRER = "enregistrer"
_CONVERTI = "La copie est alors un gabarit « converti » : écrire converti = true dans la correspondance."


@dataclass(frozen=True)
class Formulaire:
    """Un formulaire chargé : sa correspondance et les octets, vérifiés, de son gabarit."""

    correspondance: Correspondance
    repertoire: Path
    octets: bytes
    prepare: bool = False
    """Vrai si le gabarit est une copie qu’une personne a préparée pour ce dossier (macro du cadre)."""
    _feuilles: dict[tuple[int, str], tuple[Attribution, ...]] = field(
        default_factory=dict, repr=False, compare=False
    )

    @property
    def nom(self) -> str:
        """Le nom court, qui est aussi celui que la personne choisit."""
        return self.correspondance.formulaire.nom

    @cached_property
    def empreinte(self) -> str:
        """L’empreinte de la correspondance et du gabarit."""
        empreinte = hashlib.sha256(self.correspondance.model_dump_json().encode())
        if self.prepare:  # la correspondance ne porte alors que l’empreinte du fichier de l’autorité
            empreinte.update(self.octets)
        return empreinte.hexdigest()

    @cached_property
    def gabarit(self) -> Gabarit:
        """Le gabarit préparé, une fois pour tous les documents."""
        return gabarit_prepare(self.correspondance.genre, self.octets, self.correspondance.formulaire.gabarit)

    @cached_property
    def attributions(self) -> tuple[Attribution, ...]:
        """Les cases fixes : celles des `cases` et celles, croisées, des `grilles`.

        Lève `ErreurFormulaire` en disant toutes les `cases` mal écrites.
        """
        return (*self._placer(self.correspondance.cases), *self._grilles(comparer=False))

    @cached_property
    def comparaisons(self) -> tuple[Attribution, ...]:
        """Les formules du cadre et le champ que chacune doit retrouver. Lève comme `attributions`."""
        return (*self._placer(self.correspondance.comparaisons), *self._grilles(comparer=True))

    def _placer(self, cases: Mapping[str, str | Placement]) -> Iterator[Attribution]:
        fautes = []
        for adresse, champ in cases.items():
            placement = champ if isinstance(champ, Placement) else Placement(champ=champ)
            try:
                case = self._case(adresse)
                if isinstance(case, CaseExcel):
                    case = case._replace(malgre_verrou=placement.malgre_verrou)
                yield Attribution(case, lire_chemin(placement.champ), placement)
            except ErreurChemin as faute:
                fautes.append(f"case « {adresse} » : {faute}")
            except ErreurFormulaire as faute:
                fautes.append(str(faute))
        if fautes:
            raise ErreurFormulaire(" ; ".join(fautes), "Corriger ces cases dans la correspondance.")

    def _case(self, adresse: str) -> Case:
        excel = self.correspondance.genre == "excel"
        return lire_case(adresse, excel, lambda nom: reference_du_nom(self.gabarit, nom))

    def _grilles(self, comparer: bool) -> Iterator[Attribution]:
        for grille in (g for g in self.correspondance.grilles if g.comparer is comparer):
            yield from croiser(grille, grille.feuille, grille.tableau, self.gabarit)

    @cached_property
    def feuilles(self) -> tuple[tuple[FeuilleRepetee, str], ...]:
        """Chaque bloc à une feuille par établissement, et chaque feuille qu’il peut remplir."""
        blocs = self.correspondance.feuilles
        return tuple((bloc, feuille) for bloc in blocs for feuille in feuilles_possibles(self.gabarit, bloc))

    def de_la_feuille(self, bloc: FeuilleRepetee, feuille: str) -> tuple[Attribution, ...]:
        """Les cases fixes de la feuille d’un établissement."""
        cle = self.correspondance.feuilles.index(bloc), feuille
        if cle not in self._feuilles:
            cases = {f"{feuille}!{cellule}": champ for cellule, champ in bloc.cases.items()}
            croisees = (a for g in bloc.grilles for a in croiser(g, feuille, None, self.gabarit))
            self._feuilles[cle] = (*self._placer(cases), *croisees)
        return self._feuilles[cle]


@lru_cache(maxsize=32)
def gabarit_prepare(genre: Genre, octets: bytes, nom: str) -> Gabarit:
    """Le gabarit préparé, gardé d’un document et d’une génération à l’autre. Lève comme `preparer`."""
    return preparer(genre, octets, nom)


def repertoire_livre() -> Path:
    """Le répertoire des formulaires livrés avec cpomdocs."""
    livre = Path(str(files("cpomdocs") / "_gabarits"))
    return livre if livre.is_dir() else Path(__file__).parents[2] / "gabarits"


def repertoire_des_formulaires(dossier: Path) -> Path:
    """Le répertoire `gabarits` du dossier, ou celui des formulaires livrés quand il n’y en a pas."""
    propre = dossier / "gabarits"
    return propre if propre.is_dir() else repertoire_livre()


def sous_repertoires(repertoire: Path) -> list[Path]:
    """Les répertoires de formulaires, par nom. Lève `ErreurDossier` si le système refuse de les lister."""
    try:
        return sorted(
            r for r in repertoire.iterdir() if r.is_dir() and not r.name.startswith((".", "_", "~"))
        )
    except OSError as erreur:
        raise ErreurDossier(
            f"« {repertoire} » ne peut pas être lu : {motif(erreur)}.", "Vérifier les droits du dossier."
        ) from None


def charger_formulaires(
    repertoire: Path, eprouves: Collection[str] = ()
) -> tuple[list[Formulaire], list[Anomalie]]:
    """Les formulaires utilisables, par nom, et une anomalie par formulaire qui ne l’est pas.

    `eprouves` : les empreintes de ceux qui se sont déjà chargés ; leur gabarit ne se prépare qu’au besoin.
    """
    formulaires: dict[str, Formulaire] = {}
    anomalies: list[Anomalie] = []
    for sous_repertoire in sous_repertoires(repertoire):
        if not (sous_repertoire / CORRESPONDANCE).is_file():
            anomalies.append(_inacheve(sous_repertoire.name))
            continue
        try:
            formulaire = charger_formulaire(sous_repertoire, eprouves)
            _refuser_homonyme(formulaire, formulaires)
            formulaires[formulaire.nom] = formulaire
        except ErreurCpomdocs as erreur:
            anomalies.append(_anomalie(sous_repertoire.name, erreur))
    return [formulaires[nom] for nom in sorted(formulaires)], anomalies


def charger_formulaire(repertoire: Path, eprouves: Collection[str] = ()) -> Formulaire:
    """Charge un formulaire. Lève `ErreurFormulaire` (ou `ErreurFichier`) s’il ne peut pas servir."""
    try:
        correspondance = lire_correspondance(repertoire / CORRESPONDANCE)
        octets, prepare = _lire_gabarit(repertoire, correspondance)
        formulaire = Formulaire(correspondance, repertoire, octets, prepare)
        if formulaire.empreinte not in eprouves:
            _ = formulaire.gabarit, formulaire.attributions, formulaire.comparaisons
            _ = [formulaire.de_la_feuille(*repetee) for repetee in formulaire.feuilles]
    except OSError as erreur:
        raise ErreurFormulaire(
            f"« {repertoire.name} » ne peut pas être lu : {motif(erreur)}.", "Vérifier les droits du dossier."
        ) from None
    except ErreurFichier as erreur:
        if _ENREGISTRER not in erreur.remede:
            raise
        raise ErreurFichier(erreur.message, f"{erreur.remede} {_CONVERTI}") from erreur
    return formulaire


def _lire_gabarit(repertoire: Path, correspondance: Correspondance) -> tuple[bytes, bool]:
    """Les octets du gabarit ; vrai si c’est une copie préparée pour ce dossier, et non le fichier déclaré."""
    nom = correspondance.formulaire.gabarit
    if Path(nom).name != nom:
        raise ErreurFormulaire(
            f"{repertoire.name} : le gabarit « {nom} » doit être dans le répertoire du formulaire.",
            "N’indiquer que le nom du fichier.",
        )
    fichier = repertoire / nom
    if not fichier.is_file():
        raise ErreurFormulaire(
            f"{repertoire.name} : le gabarit « {nom} » est absent.", "Y remettre le fichier de l’autorité."
        )
    octets = fichier.read_bytes()
    trouvee = f"sha256:{hashlib.sha256(octets).hexdigest()}"
    if trouvee == correspondance.formulaire.empreinte:
        return octets, False
    if correspondance.formulaire.a_preparer and repertoire.parent != repertoire_livre():
        return octets, True
    raise ErreurFormulaire(
        f"{repertoire.name} : le gabarit « {nom} » n’est plus celui de la correspondance.",
        "Remettre le fichier d’origine ; ou, si l’autorité en a publié un nouveau, revoir la "
        f'correspondance puis y écrire empreinte = "{trouvee}".',
    )


def _refuser_homonyme(formulaire: Formulaire, connus: dict[str, Formulaire]) -> None:
    if formulaire.nom in connus:
        raise ErreurFormulaire(
            f"Deux formulaires s’appellent « {formulaire.nom} » : "
            f"{connus[formulaire.nom].repertoire.name} et {formulaire.repertoire.name}.",
            "Changer le nom de l’un des deux.",
        )


def _inacheve(nom: str) -> Anomalie:
    return Anomalie(
        code="FO-03",
        gravite="avertissement",
        formulaire=nom,
        message=f"gabarits/{nom} n’est pas encore un formulaire : il y manque {CORRESPONDANCE}.",
        remede="L’y écrire, ou retirer ce répertoire.",
    )


def _anomalie(nom: str, erreur: ErreurCpomdocs) -> Anomalie:
    return Anomalie(
        code="FO-01",
        gravite="bloquante",
        formulaire=nom,
        message=erreur.message,
        remede=erreur.remede or None,
    )


def choisir(formulaires: Iterable[Formulaire], noms: Iterable[str]) -> list[Formulaire]:
    """Les formulaires de ces noms (tous si aucun n’est donné)."""
    voulus = set(noms)
    return [f for f in formulaires if not voulus or f.nom in voulus]
