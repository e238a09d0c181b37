"""Ce que la porte du terminal montre : l’aide en français, les documents, les anomalies, la progression."""
