"""Le format Office : zip vérifié, XML sûr, structure des classeurs. Ne sait rien du métier."""
