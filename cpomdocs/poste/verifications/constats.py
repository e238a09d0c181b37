"""Un point vérifié : ce qui a été trouvé, et que faire si cela ne va pas."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

Etat = Literal["bon", "attention", "mauvais"]


class Constat(BaseModel):
    """Un point de l’installation. `attention` : les boutons marchent, avec une précaution ou une gêne."""

    point: str
    etat: Etat
    constat: str
    remede: str | None = None


def bon(point: str, constat: str) -> Constat:
    """Rien à faire."""
    return Constat(point=point, etat="bon", constat=constat)


def attention(point: str, constat: str, remede: str) -> Constat:
    """Utilisable, avec une précaution."""
    return Constat(point=point, etat="attention", constat=constat, remede=remede)


def mauvais(point: str, constat: str, remede: str) -> Constat:
    """Les boutons ne marcheront pas."""
    return Constat(point=point, etat="mauvais", constat=constat, remede=remede)
