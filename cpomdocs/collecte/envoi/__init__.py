"""Ce qui part : les parts, leur identité, le classeur que reçoit chaque personne."""
