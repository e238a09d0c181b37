"""Les formulaires : un gabarit de l’autorité et la correspondance qui dit quel champ va dans quelle case."""
