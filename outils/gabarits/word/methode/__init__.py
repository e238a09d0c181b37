"""Les documents Word de la démarche : des gabarits à balises, du gestionnaire."""
