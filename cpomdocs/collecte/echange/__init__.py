"""De classeur à classeur : lire des lignes avec leurs cellules, les apparier, écrire en place."""

from cpomdocs.collecte.echange.appariement import apparier
from cpomdocs.collecte.echange.donnees import Donnee
from cpomdocs.collecte.echange.maitre import Inscription, Maitre
from cpomdocs.collecte.echange.releve import Ligne, Releve, Table, relever

__all__ = ["Donnee", "Inscription", "Ligne", "Maitre", "Releve", "Table", "apparier", "relever"]
