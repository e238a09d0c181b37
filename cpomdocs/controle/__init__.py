"""Le contrôle : ce qui manque ou ne va pas, rangé pour la personne qui corrige."""
