"""Les macros du classeur maître : leur source (`Cpomdocs.bas`), leur projet construit, leurs boutons."""
