"""Le moteur de chaque genre de gabarit. Un genre de plus = un module de plus et une ligne ici."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from cpomdocs.modeles.chemins import Contexte, Portee
from cpomdocs.remplissage import balises, excel, excel_places, word
from cpomdocs.remplissage.balises import Lectures
from cpomdocs.remplissage.places import Place
from cpomdocs.remplissage.word import places as word_places
from cpomdocs.saisies import Annexe, Case, CaseExcel, CaseWord, Image, Remplissage, Saisie

Genre = Literal["excel", "word", "balises"]
Gabarit = excel.GabaritExcel | word.GabaritWord | balises.GabaritBalise


def preparer(genre: Genre, octets: bytes, nom: str) -> Gabarit:
    """Le gabarit lu une fois pour être rempli plusieurs ; `nom`, celui du fichier, sert aux messages.

    Lève `ErreurFichier` s’il ne peut pas servir.
    """
    if genre == "excel":
        return excel.preparer(octets, nom)
    return word.preparer(octets, nom) if genre == "word" else balises.preparer(octets, nom)


def remplir(
    gabarit: Gabarit,
    saisies: Sequence[Saisie],
    contexte: Contexte,
    images: Mapping[str, Image | Annexe] | None = None,
) -> Remplissage:
    """Le document rempli. Un document balisé lit lui-même ses champs dans le contexte.

    `images` : celles que cite un document balisé, et les documents qu’il insère, par nom de fichier.
    """
    if isinstance(gabarit, excel.GabaritExcel):
        return excel.remplir(gabarit, saisies)
    if isinstance(gabarit, word.GabaritWord):
        return word.remplir(gabarit, saisies)
    return Remplissage(balises.remplir(gabarit, contexte, images), (), ())


def lectures_du_document(gabarit: Gabarit, contexte: Contexte) -> Lectures:
    """Les données qu’un document balisé lit pour ce contexte ; aucune pour les autres genres."""
    if isinstance(gabarit, balises.GabaritBalise):
        return balises.lectures_du_document(gabarit, contexte)
    return Lectures([], [], [])


def champs_cites(gabarit: Gabarit) -> frozenset[tuple[str, str]]:
    """Les (collection, champ) qu’un document balisé cite, sans donnée ; aucun pour les autres genres."""
    return balises.champs_cites(gabarit) if isinstance(gabarit, balises.GabaritBalise) else frozenset()


def defaut_de_case(gabarit: Gabarit, case: Case) -> str | None:
    """Pourquoi cette case ne peut pas être remplie, sans connaître la valeur ; `None` si elle le peut."""
    if isinstance(gabarit, excel.GabaritExcel) and isinstance(case, CaseExcel):
        trouve = excel.obstacle(gabarit, case)
        return trouve[1] if trouve else None
    if isinstance(gabarit, word.GabaritWord) and isinstance(case, CaseWord):
        return gabarit.verifier(case)
    return "un document balisé ne se remplit que par ses balises."


def attend_une_image(gabarit: Gabarit, case: Case) -> bool:
    """Vrai si la case reçoit une image, dont la valeur nomme le fichier."""
    word_ = isinstance(gabarit, word.GabaritWord) and isinstance(case, CaseWord)
    return word_ and gabarit.attend_une_image(case)  # type: ignore[union-attr, arg-type]


def places_du_gabarit(gabarit: Gabarit) -> list[Place]:
    """Toutes les places à remplir, dans l’ordre du gabarit ; aucune pour un document balisé."""
    if isinstance(gabarit, excel.GabaritExcel):
        return list(excel_places.places(gabarit))
    return word_places.places(gabarit) if isinstance(gabarit, word.GabaritWord) else []


def endroit_de_case(gabarit: Gabarit, case: Case) -> object:
    """Ce qui identifie l’endroit d’une case : deux adresses du même endroit donnent la même chose."""
    if isinstance(gabarit, word.GabaritWord) and isinstance(case, CaseWord):
        return word_places.endroit_de_case(gabarit, case) or case
    if isinstance(gabarit, excel.GabaritExcel) and isinstance(case, CaseExcel):
        fiche = gabarit.classeur.feuille(case.feuille)
        return (fiche.nom if fiche else case.feuille), case.cellule, case.commande
    return case


def defauts_des_balises(gabarit: Gabarit, portee: Portee) -> list[str]:
    """Les noms inconnus et les balises refusées d’un document balisé ; aucun pour les autres genres."""
    return balises.verifier(gabarit, portee) if isinstance(gabarit, balises.GabaritBalise) else []


def remarques_des_balises(gabarit: Gabarit, portee: Portee) -> list[str]:
    """Ce qu’un document balisé ne prévoit pas (une donnée absente) ; rien pour les autres genres."""
    return balises.remarques(gabarit, portee) if isinstance(gabarit, balises.GabaritBalise) else []


def reference_du_nom(gabarit: Gabarit, nom: str) -> str | None:
    """Ce qu’un nom défini du classeur désigne (« 'Page de garde'!$C$4 ») ; `None` s’il n’existe pas.

    Pour `controle:…`, la cellule liée au contrôle ; lève `ErreurFormulaire` s’il n’y en a pas.
    """
    if not isinstance(gabarit, excel.GabaritExcel):
        return None
    return gabarit.commandes.reference(nom) if "controle:" in nom else gabarit.classeur.nom_defini(nom)


def feuilles_du_gabarit(gabarit: Gabarit) -> list[str]:
    """Les noms des feuilles d’un classeur, dans l’ordre des onglets ; aucun pour un document Word."""
    return list(gabarit.feuilles) if isinstance(gabarit, excel.GabaritExcel) else []


def contenu_de_case(gabarit: Gabarit, case: Case) -> object:
    """Ce que le gabarit vierge montre dans une cellule : texte, nombre, date ; `None` si elle est vide."""
    if isinstance(gabarit, excel.GabaritExcel) and isinstance(case, CaseExcel):
        return excel_places.contenu(gabarit, case)
    return None


def est_une_formule(gabarit: Gabarit, case: Case) -> bool:
    """Vrai si la case est une cellule à formule d’un classeur."""
    if not (isinstance(gabarit, excel.GabaritExcel) and isinstance(case, CaseExcel)):
        return False
    trouve = excel.obstacle(gabarit, case)
    return trouve is not None and trouve[0] == "RX-03"
