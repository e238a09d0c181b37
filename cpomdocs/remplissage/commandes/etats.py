"""L’état gardé d’un contrôle de formulaire : dans son dessin VML et, s’il en a une, sa partie `ctrlProps`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cpomdocs.remplissage.commandes.lecture import FORME

_ETATS = {nom: re.compile(rb"\s*<x:%b>[^<]*</x:%b>" % (nom, nom)) for nom in (b"Checked", b"Sel")}
_FIN = b"</x:ClientData>"
_ATTRIBUTS = {nom: re.compile(rb"\s%b\s*=\s*\"[^\"]*\"" % nom) for nom in (b"checked", b"sel")}
_RACINE = re.compile(rb"<(?:\w+:)?formControlPr(?=[\s/>])")


def changer_dessin(vml: bytes, etats: Mapping[bytes, tuple[bool, int]]) -> bytes:
    """Le dessin où chaque forme montre son état : (liste, rang choisi) ou (autre, 1 si elle est cochée)."""

    def changer(forme: re.Match[bytes]) -> bytes:
        if forme[1] not in etats:
            return forme[0]
        liste, etat = etats[forme[1]]
        nom = b"Sel" if liste else b"Checked"
        element = b"<x:%b>%d</x:%b>" % (nom, etat, nom) if etat or liste else b""
        nu, remplaces = _ETATS[nom].subn(element, forme[0], count=1)
        return nu if remplaces or not element else nu.replace(_FIN, element + _FIN, 1)

    return FORME.sub(changer, vml)


def changer_partie(partie: bytes, liste: bool, etat: int) -> bytes:
    """La partie `ctrlProps` avec cet état."""
    nom = b"sel" if liste else b"checked"
    attribut = b' sel="%d"' % etat if liste else b' checked="Checked"' if etat else b""
    nue = _ATTRIBUTS[nom].sub(b"", partie)
    return _RACINE.sub(lambda racine: racine[0] + attribut, nue, count=1)
