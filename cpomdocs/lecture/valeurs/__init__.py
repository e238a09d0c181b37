"""D’une cellule tapée par quelqu’un à une valeur typée : nombres, dates, numéros, listes de codes."""
