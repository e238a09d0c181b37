#!/bin/bash
# Retire cpomdocs et ses raccourcis ; les dossiers CPOM ne sont pas touchés.
ou="$HOME/Library/Application Support/cpomdocs"
[ -d "$ou/env" ] || { echo "cpomdocs n’est pas installé pour cette personne."; exit 0; }
"$ou/env/bin/cpomdocs" veiller --retirer >/dev/null 2>&1
rm -f "$HOME/Desktop/cpomdocs - "*.command
rm -rf "$ou/env" "$ou"/*.command
echo "cpomdocs est retiré. Vos dossiers et vos documents sont toujours là."
