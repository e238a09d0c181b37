"""cpomdocs : un classeur maître rempli une fois, chaque formulaire imposé du CPOM rempli partout."""

__version__ = "0.1.0"
