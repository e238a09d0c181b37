"""Comparer un classeur rendu avec son gabarit, à travers les réenregistrements d’Excel et de LibreOffice."""
