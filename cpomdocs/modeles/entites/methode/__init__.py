"""La démarche du CPOM, de la première réunion à la signature : qui, quand, quels scénarios, quels accords."""
