"""Les commandes du terminal, un module par groupe : chacune traduit, appelle le couloir, montre."""
