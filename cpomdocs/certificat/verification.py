"""La vérification de conformité de chaque genre de document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from cpomdocs.certificat import Ecart, excel, word
from cpomdocs.certificat.word.balises import certifier_balises
from cpomdocs.saisies import Saisie


def certifier(
    genre: Literal["excel", "word", "balises"],
    gabarit: bytes,
    document: bytes,
    ecrites: Sequence[Saisie],
    annexes: Sequence[bytes] = (),
) -> list[Ecart]:
    """Ce qui a bougé dans le document en dehors des saisies écrites ; une liste vide si tout est conforme.

    `annexes` : les documents qu’un document balisé insère.
    """
    if genre == "excel":
        return excel.certifier(gabarit, document, ecrites)
    if genre == "word":
        return word.certifier(gabarit, document, ecrites)
    return certifier_balises(gabarit, document, annexes)
