"""Publier `schemas/` à partir des modèles : schémas JSON et classeur maître vierge."""

from __future__ import annotations

import io
import json
from pathlib import Path

from pydantic import BaseModel

from cpomdocs.classeur.redaction import ecrire_classeur
from cpomdocs.ecriture.depot import poser
from cpomdocs.formulaires.besoins import resumer
from cpomdocs.formulaires.catalogue import charger_formulaires, repertoire_livre
from cpomdocs.formulaires.correspondance import Correspondance
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.rapport import Rapport
from cpomdocs.reglages import Reglages

SCHEMAS: dict[str, type[BaseModel]] = {
    "dossier": Dossier,
    "correspondance": Correspondance,
    "rapport": Rapport,
    "reglages": Reglages,
}


def produire() -> dict[str, bytes]:
    """Le contenu de chaque fichier publié, par nom."""
    fichiers = {f"{nom}.schema.json": _schema(modele) for nom, modele in SCHEMAS.items()}
    formulaires, _ = charger_formulaires(repertoire_livre())
    tampon = io.BytesIO()
    ecrire_classeur(tampon, None, resumer(formulaires, None))
    return fichiers | {"classeur-maitre.xlsx": tampon.getvalue()}


def _schema(modele: type[BaseModel]) -> bytes:
    schema = modele.model_json_schema(mode="serialization" if modele is Rapport else "validation")
    entete = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return (json.dumps(entete | schema, ensure_ascii=False, indent=2) + "\n").encode()


def publier(repertoire: Path) -> list[Path]:
    """Écrit les fichiers publiés dans `repertoire` ; rend leurs chemins."""
    chemins = []
    for nom, octets in produire().items():
        poser(repertoire / nom, octets)
        chemins.append(repertoire / nom)
    return chemins
