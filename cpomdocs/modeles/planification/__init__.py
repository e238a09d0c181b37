"""Planifier : jours ouvrés, étapes usuelles, échéances légales, marges d’un rétroplanning."""
