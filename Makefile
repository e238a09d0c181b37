# Tout s’installe dans .venv, versions figées ; rien n’est demandé à la machine que Python ≥ 3.11.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PRET   := $(VENV)/pret

.PHONY: demo test lint bench endurance schemas gabarits macros nettoyer

demo: $(PRET)
	$(BIN)/cpomdocs demo cpom-demo

test: $(PRET)
	$(BIN)/python -m pytest -n auto

lint: $(PRET)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# wolfxl ne sert que de point de comparaison : sans lui, le banc le dit et continue.
bench: $(PRET)
	-$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[banc]"
	$(BIN)/python -m outils.banc

endurance: $(PRET)
	$(BIN)/python -m outils.coupures
	$(BIN)/python -m outils.endurance
	$(BIN)/python -m outils.banc -n 1 --etablissements 1000 -- echelle

# À refaire quand la source des macros change, ou quand le classeur gagne ou perd une feuille.
macros: $(PRET)
	$(BIN)/python -m outils.macros

schemas: $(PRET)
	$(BIN)/cpomdocs schemas schemas

gabarits: $(PRET)
	$(BIN)/python -m outils.gabarits
	$(BIN)/python -m outils.qualifications

# Les zips à donner, dans dist/ : cpomdocs, toutes ses roues, un installateur à double-cliquer.
distribution: $(PRET)
	$(BIN)/python -m outils.distribution

nettoyer:
	rm -rf $(VENV) cpom-demo dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(PRET): pyproject.toml constraints.txt
	$(PYTHON) -c "import sys; sys.exit(0 if sys.version_info >= (3, 11) else 'Il faut Python 3.11 ou plus récent.')"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	touch $(PRET)
