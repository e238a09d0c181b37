"""Le livre des indicateurs."""
