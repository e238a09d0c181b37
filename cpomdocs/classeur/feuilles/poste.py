"""La feuille cachée « Poste » : l’interpréteur que la macro lance, et les phrases qu’elle montre.

Deux colonnes, une clé et sa valeur. Les phrases sont ici plutôt que dans la macro, dont la source reste en
ASCII : Windows et macOS n’y liraient pas les accents de la même façon.
"""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter import Workbook

POSTE = "Poste"
INTERPRETEUR, JETON = "interpreteur", "jeton"
PLACES = 6
"""Nombre d’interpréteurs que la feuille retient : un par poste qui se sert du classeur."""
_VERIFIER = "lancer « Tester mon installation » (ou « cpomdocs poste verifier »)"
_PHRASES = {
    "jamais_enregistre": "Ce classeur n’a jamais été enregistré : cpomdocs ne sait pas où est son dossier.\n"
    "L’enregistrer dans le dossier du CPOM, puis cliquer de nouveau.",
    "lecture_seule": "Ce classeur est ouvert en lecture seule : rien n’a été produit.\n"
    "Le fermer, vérifier que personne d’autre ne l’a ouvert, puis le rouvrir. Si un bandeau jaune propose "
    "« Activer la modification », l’accepter.",
    "enregistrement_refuse": "Le classeur n’a pas pu être enregistré : rien n’a été produit.\n"
    "L’enregistrer vous-même (Ctrl+S) : Excel dira pourquoi il refuse.",
    "introuvable": "cpomdocs n’est plus là où ce classeur l’attend : il a été déplacé, ou le dossier vient "
    "d’un autre poste.\nFermer le classeur, lancer « cpomdocs poste reparer » dans son dossier, "
    "puis le rouvrir.",
    "lancement_refuse": "Ce poste a refusé de lancer cpomdocs : rien n’a été produit.\n"
    f"Pour savoir pourquoi, {_VERIFIER}. En attendant, la surveillance (« cpomdocs veiller ») fait la même "
    "chose à chaque enregistrement.",
    "muet": "cpomdocs a été lancé, mais ne répond pas.\n"
    f"Attendre un instant et regarder « sorties ». Si rien n’y a changé, {_VERIFIER}.",
    "imprevu": f"La macro s’est arrêtée ; le classeur est intact.\nPour savoir pourquoi, {_VERIFIER}. "
    "Motif donné :",
    "pose_refusee": "Des cellules n’ont pas pu être écrites dans ce classeur : une feuille a été renommée ou "
    "protégée. Lui rendre son nom, ou ôter sa protection, puis recommencer.",
    "enregistrement": "cpomdocs : enregistrement du classeur…",
    "depart": "cpomdocs : lancement…",
}


def ecrire_poste(classeur: Workbook, interpreteurs: Sequence[str]) -> None:
    """Ajoute la feuille « Poste », invisible même dans la liste des feuilles masquées."""
    feuille = classeur.add_worksheet(POSTE)
    feuille.very_hidden()
    texte = classeur.add_format({"num_format": "@"})
    feuille.set_column(0, 1, 24, texte)
    retenus = [*interpreteurs[:PLACES], *[""] * (PLACES - len(interpreteurs))]
    lignes = [*((INTERPRETEUR, chemin) for chemin in retenus), (JETON, ""), *_PHRASES.items()]
    for rang, (cle, valeur) in enumerate(lignes):
        feuille.write_string(rang, 0, cle, texte)
        feuille.write_string(rang, 1, valeur, texte)
