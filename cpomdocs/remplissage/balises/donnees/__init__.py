"""Ce qu’un document balisé voit du dossier : des lignes, leurs champs, et rien d’autre."""
