#!/bin/bash
# Surveille le dossier que l’on glisse ici.
printf "Dossier à surveiller (le glisser ici, puis Entrée) : "
IFS= read -r dossier
dossier="${dossier//\\ / }"
dossier="${dossier%"${dossier##*[![:space:]]}"}"
[ -n "$dossier" ] || exit 0
[ -d "$dossier" ] || dossier="$(dirname "$dossier")"
exec "$HOME/Library/Application Support/cpomdocs/env/bin/cpomdocs" veiller "$dossier"
