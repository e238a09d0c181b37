"""Comparer un document Word rendu avec son gabarit, à travers les réenregistrements."""
