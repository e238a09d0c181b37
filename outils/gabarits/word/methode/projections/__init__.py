"""Les scénarios, racontés."""
