"""Le banc d’essai : ce que coûtent les rendus, en rapports mesurés dans une même exécution."""
