"""Les cas des règles du rétroplanning : jours ouvrés, marges, dates tenables, étapes en boucle."""

from __future__ import annotations

import datetime
from typing import Any

from regles_aide import Cas

JOUR = datetime.date(2026, 6, 1)


def _le(mois: int, jour: int) -> datetime.date:
    return datetime.date(2026, mois, jour)


def _jalons(*jalons: dict[str, Any], **contrat: Any) -> dict[str, Any]:
    return {
        "parametres": {"annee_n": 2026, "date_reference": JOUR},
        "jalons": list(jalons),
        "contrat": contrat,
    }


def _etape(nom: str, debut: datetime.date, fin: datetime.date, **champs: Any) -> dict[str, Any]:
    return {"etape": nom, "date_debut": debut, "date_fin_prevue": fin, **champs}


# Du lundi 6 au vendredi 10 juillet : cinq jours ouvrés ; du lundi 13 au vendredi 17 : quatre, à cause du 14.
SUITE = _etape("B", _le(7, 13), _le(7, 17), precedent="A")

CAS = [
    Cas(
        "ME-08",
        _jalons(
            _etape("A", _le(7, 6), _le(7, 7), precedent="B"),
            _etape("B", _le(7, 8), _le(7, 9), precedent="A"),
        ),
        _jalons(_etape("A", _le(7, 6), _le(7, 7)), _etape("B", _le(7, 8), _le(7, 9), precedent="A")),
        "en boucle",
        nombre=2,
    ),
    Cas(
        "ME-08",
        _jalons(_etape("A", _le(7, 6), _le(7, 7)), _etape("B", _le(7, 8), _le(7, 9), precedent="A ; C")),
        _jalons(
            _etape("A", _le(7, 6), _le(7, 7)),
            _etape("C", _le(7, 6), _le(7, 7)),
            _etape("B", _le(7, 8), _le(7, 9), precedent="A ; C"),
        ),
        "« C », qui n’est pas une étape",
    ),
    Cas(
        "ME-11",
        _jalons(_etape("A", _le(7, 6), _le(7, 14))),
        _jalons(_etape("A", _le(7, 6), _le(7, 15))),
        "14/07/2026 n’est pas un jour ouvré (Fête nationale)",
    ),
    Cas(
        "ME-11",
        _jalons({"etape": "A", "date_fin_prevue": _le(7, 10), "date_proposee": _le(7, 12)}),
        _jalons({"etape": "A", "date_fin_prevue": _le(7, 12), "date_fin_reelle": _le(7, 12)}),
        "(dimanche)",
    ),
    Cas(
        "ME-12",
        _jalons(_etape("A", _le(7, 6), _le(7, 16)), SUITE, date_signature_visee=_le(7, 17)),
        _jalons(_etape("A", _le(7, 6), _le(7, 10)), SUITE, date_signature_visee=_le(7, 17)),
        "décale la suite de 3 jours ouvrés ; il faudrait finir le 10/07/2026",
    ),
    Cas(
        "ME-13",
        _jalons(_etape("A", _le(7, 6), _le(7, 10)), {**SUITE, "date_imposee": _le(6, 10)}),
        _jalons(_etape("A", _le(7, 6), _le(7, 10)), {**SUITE, "date_imposee": _le(6, 11)}),
        "la date imposée, le 10/06/2026, ne peut pas être tenue",
    ),
    Cas(
        "ME-13",
        _jalons(
            _etape("A", _le(6, 1), _le(6, 5)),
            _etape(
                "B", _le(6, 8), _le(6, 12), precedent="A", date_imposee=_le(6, 3), date_proposee=_le(6, 11)
            ),
        ),
        _jalons(
            _etape("A", _le(6, 1), _le(6, 5)),
            _etape(
                "B", _le(6, 8), _le(6, 12), precedent="A", date_imposee=_le(6, 3), date_proposee=_le(6, 12)
            ),
        ),
        "notre contre-proposition, le 11/06/2026",
    ),
]
