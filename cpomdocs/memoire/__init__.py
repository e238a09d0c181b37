"""La mémoire d’un dossier : ce que les calculs passés ont lu, et ce qu’ils ont rendu.

Un calcul (les règles, un document) qui relirait les mêmes parts du dossier, inchangées, n’est pas refait.
"""
