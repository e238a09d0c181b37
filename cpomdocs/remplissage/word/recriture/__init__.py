"""Écrire dans les octets d’une partie : les gestes, où ils vont, l’assemblage avec ce qui ne change pas."""
