"""L’atelier : fabriquer les documents, ici ou ailleurs. Mêmes octets, quel que soit le nombre de bras."""
