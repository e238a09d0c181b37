"""Les graphiques : mêmes données, mêmes octets ; en PNG pour Word, en SVG pour une page."""

from cpomdocs.graphiques.calendrier import Barre, gantt
from cpomdocs.graphiques.courbes import Serie, barres, courbes
from cpomdocs.graphiques.quartiles import Place, quartiles

__all__ = ["Barre", "Place", "Serie", "barres", "courbes", "gantt", "quartiles"]
