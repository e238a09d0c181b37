-- Appelé par les boutons du classeur maître : Excel pour Mac ne lance rien lui-même.
-- Ce script ne lance que cpomdocs, par l'interpréteur ci-dessous, et ne lit que ses réponses.

property interpreteur : "INTERPRETEUR"

on lancer(demande)
	set lignes to paragraphs of demande
	set reponse to do shell script "mktemp -t cpomdocs"
	set commande to quoted form of interpreteur & " -P -m cpomdocs bouton " & quoted form of (item 1 of lignes)
	set commande to commande & " " & quoted form of (item 2 of lignes) & " --jeton " & quoted form of (item 3 of lignes)
	do shell script "test -x " & quoted form of interpreteur
	do shell script commande & " --reponse " & quoted form of reponse & " >/dev/null 2>&1 &"
	return reponse
end lancer

on lire(chemin)
	if chemin does not contain "/cpomdocs." then return ""
	try
		return do shell script "cat " & quoted form of chemin
	on error
		return ""
	end try
end lire

on effacer(chemin)
	if chemin contains "/cpomdocs." then do shell script "rm -f " & quoted form of chemin
	return ""
end effacer
