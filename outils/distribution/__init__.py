"""Ce qu’on donne à une personne qui n’a pas de terminal : un zip, un double clic."""
