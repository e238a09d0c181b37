#!/bin/bash
# Crée un dossier CPOM dans « Documents ».
printf "Nom du nouveau dossier CPOM : "
read -r nom
[ -n "$nom" ] || exit 0
"$HOME/Library/Application Support/cpomdocs/env/bin/cpomdocs" nouveau "$HOME/Documents/$nom" && open "$HOME/Documents/$nom"
