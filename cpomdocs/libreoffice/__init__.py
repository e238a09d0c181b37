"""LibreOffice, quand il est installé : convertir par lots, sans macro ni accès au réseau ; faire les PDF."""

from cpomdocs.libreoffice.conversion import convertir, programme

__all__ = ["convertir", "programme"]
