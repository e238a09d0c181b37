"""La collecte : répartir le classeur maître entre collègues, rassembler leurs réponses, relancer."""
