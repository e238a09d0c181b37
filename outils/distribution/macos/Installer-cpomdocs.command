#!/bin/bash
# Installe cpomdocs pour la personne connectée : ni mot de passe d’administrateur, ni réseau.
ici="$(cd "$(dirname "$0")" && pwd)"
ou="$HOME/Library/Application Support/cpomdocs"
trouver() {
  for python in python3.13 python3.12 python3.11 python3; do
    command -v "$python" >/dev/null || continue
    "$python" -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] <= (3, 13) else 1)' && { echo "$python"; return 0; }
  done
  return 1
}
refuser() { echo "L’installation s’est arrêtée : $1"; exit 1; }

python="$(trouver)" || refuser "il manque Python 3.11, 3.12 ou 3.13. L’installer depuis python.org, puis recommencer."
mkdir -p "$ou" || refuser "« $ou » ne peut pas être créé."
"$python" -m venv --clear "$ou/env" || refuser "vérifier la place libre."
"$ou/env/bin/python" -m pip install --quiet --disable-pip-version-check --no-index \
  --find-links "$ici/roues" "cpomdocs[recalcul,graphiques]" || refuser "les paquets fournis ne vont pas avec ce Mac."
cp "$ici"/lanceurs/*.command "$ici/Desinstaller-cpomdocs.command" "$ou/" || refuser "vérifier la place libre."
for lanceur in nouveau-dossier:"Nouveau dossier CPOM" surveiller:"Surveiller mon dossier" tester:"Tester mon installation"; do
  ln -sf "$ou/${lanceur%%:*}.command" "$HOME/Desktop/cpomdocs - ${lanceur#*:}.command"
done
"$ou/env/bin/cpomdocs" --version || refuser "cpomdocs ne démarre pas."
echo "cpomdocs est installé. Les raccourcis sont sur le bureau."
