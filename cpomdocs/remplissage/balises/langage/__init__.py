"""Le langage des balises : celui de Jinja, réduit à ce qui écrit des données, sans code engendré."""
