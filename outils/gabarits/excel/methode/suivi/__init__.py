"""Le suivi des objectifs."""
