"""Les contrôles d’un gabarit : les trouver par leur nom, savoir lesquels suivent une cellule."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from cpomdocs.erreurs import ErreurFormulaire
from cpomdocs.office.adresses import ecrire_cellule, lire_cellule, lire_plage
from cpomdocs.office.classeur import Classeur
from cpomdocs.office.feuille import FeuilleOctets
from cpomdocs.office.valeurs import valeur_cellule
from cpomdocs.remplissage.commandes.etats import changer_dessin, changer_partie
from cpomdocs.remplissage.commandes.lecture import Commande, lire_commandes
from cpomdocs.remplissage.excel_cellules import Ecriture, Place
from cpomdocs.remplissage.excel_controles import plier
from cpomdocs.remplissage.excel_listes import Item

_DESIGNATION = re.compile(r"^(?:(.+)!)?controle:(.+?)(?:#([1-9][0-9]*))?$", re.DOTALL)
LieuLie = tuple[str, Place]


@dataclass
class Commandes:
    """Les contrôles d’un classeur. `feuilles` : celles du gabarit, par nom."""

    classeur: Classeur
    feuilles: Mapping[str, FeuilleOctets]

    @cached_property
    def toutes(self) -> list[Commande]:
        """Tous les contrôles, dans l’ordre des feuilles."""
        fiches = [fiche for fiche in self.classeur.feuilles if fiche.donnees]
        return [c for fiche in fiches for c in lire_commandes(self.classeur.archive, fiche)]

    @cached_property
    def liees(self) -> dict[LieuLie, list[Commande]]:
        """Les contrôles qui suivent une cellule, par cellule."""
        liees: dict[LieuLie, list[Commande]] = {}
        for commande in self.toutes:
            lieu = self.lieu(commande)
            if lieu is not None:
                liees.setdefault(lieu, []).append(commande)
        return liees

    def designer(self, texte: str) -> Commande:
        """Le contrôle que désigne `controle:NOM`, `controle:NOM#2` ou `Feuille!controle:NOM`.

        NOM est celui de la forme ou, à défaut, sa légende. Lève `ErreurFormulaire` s’il n’y en a pas un seul.
        """
        forme = _DESIGNATION.match(texte)
        feuille, nom, rang = forme.groups() if forme else (None, texte, None)
        voulu = plier(nom)
        ici = [c for c in self.toutes if feuille is None or c.feuille == feuille.strip("'")]
        trouvees = [c for c in ici if plier(c.nom) == voulu] or [c for c in ici if plier(c.legende) == voulu]
        if not trouvees:
            raise ErreurFormulaire(
                f"Le gabarit n’a pas de case à cocher, d’option ni de liste « {nom} ».",
                "Voir « cpomdocs formulaire lister --cases ».",
            )
        if rang is None and len(trouvees) > 1:
            raise ErreurFormulaire(
                f"{len(trouvees)} contrôles s’appellent « {nom} ».",
                f"Écrire controle:{nom}#2 pour le deuxième.",
            )
        if int(rang or 1) > len(trouvees):
            message = f"Le gabarit n’a que {len(trouvees)} contrôle(s) « {nom} »."
            raise ErreurFormulaire(message, "Corriger le rang après le #.")
        return trouvees[int(rang or 1) - 1]

    def adresse(self, commande: Commande) -> str:
        """La plus courte désignation de ce contrôle qui ne désigne que lui."""
        nom = commande.nom or commande.legende
        memes = [c for c in self.toutes if plier(c.nom or c.legende) == plier(nom)]
        ici = [c for c in memes if c.feuille == commande.feuille]
        prefixe = f"{commande.feuille}!" if len(memes) > len(ici) else ""
        return f"{prefixe}controle:{nom}" + (f"#{ici.index(commande) + 1}" if len(ici) > 1 else "")

    def lieu(self, commande: Commande) -> LieuLie | None:
        """La feuille et la place de la cellule liée ; `None` s’il n’y en a pas."""
        return self._situer(commande.lien, commande.feuille)

    def reference(self, texte: str) -> str:
        """L’adresse (« 'Feuille'!C4 ») de la cellule liée au contrôle désigné. Lève `ErreurFormulaire`."""
        commande = self.designer(texte)
        lieu = self.lieu(commande)
        if lieu is None:
            raise ErreurFormulaire(
                f"Le contrôle « {commande.nom or commande.legende} » n’a pas de cellule liée.",
                "Sans elle, rien ne dit à Excel qu’il est coché : le remplir à la main.",
            )
        if commande.multiple:
            raise ErreurFormulaire(
                f"La liste « {commande.nom} » admet plusieurs choix, que sa cellule liée ne garde pas.",
                "La remplir à la main.",
            )
        return f"'{lieu[0]}'!{ecrire_cellule(*lieu[1])}"

    def coche(self, feuille: str, place: Place) -> bool:
        """Vrai si une case à cocher suit cette cellule : elle attend oui ou non."""
        suivant = self.liees.get((feuille, place))
        if suivant is None:
            return False
        return any(c.genre == "coche" or (c.genre == "option" and c.activex) for c in suivant)

    def items(self, commande: Commande) -> list[Item | None]:
        """Les choix d’une liste, dans l’ordre ; `None` pour une cellule vide."""
        formule = self.classeur.nom_defini(commande.plage, commande.feuille) or commande.plage
        feuille, _, adresse = formule.removeprefix("=").rpartition("!")
        plage = lire_plage(adresse)
        octets = self.feuilles.get(feuille.strip("'").replace("''", "'") or commande.feuille)
        if plage is None or octets is None:
            return []
        valeurs: list[Item | None] = [None] * (plage.bas - plage.haut + 1)
        for cellule in octets.dans(plage._replace(droite=plage.gauche)):
            valeurs[cellule.ligne - plage.haut] = valeur_cellule(octets, cellule, self.classeur.chaines)
        return valeurs

    def etats(self, ecritures: Mapping[str, Mapping[Place, Ecriture]]) -> dict[str, bytes]:
        """Les parties où l’état des contrôles suit les cellules remplies."""
        nouveaux: dict[str, dict[bytes, tuple[bool, int]]] = {}
        parties: dict[str, bytes] = {}
        trouves: list[tuple[Commande, int | None]] = []
        for (feuille, place), suivant in self.liees.items():
            ecriture = ecritures.get(feuille, {}).get(place)
            if ecriture is not None:
                trouves += [(c, _etat(c, ecriture)) for c in suivant if not c.activex]
        for commande, etat in trouves:
            if etat is None:
                continue
            liste = commande.genre == "liste"
            nouveaux.setdefault(commande.dessin, {})[commande.forme] = liste, etat
            if commande.partie in self.classeur.archive:
                octets = self.classeur.archive.lire(commande.partie)
                parties[commande.partie] = changer_partie(octets, liste, etat)
        for dessin, formes in nouveaux.items():
            parties[dessin] = changer_dessin(self.classeur.archive.lire(dessin), formes)
        return {
            partie: octets
            for partie, octets in parties.items()
            if octets != self.classeur.archive.lire(partie)
        }

    def _situer(self, lien: str, feuille: str) -> LieuLie | None:
        designe = self.classeur.nom_defini(lien, feuille) or lien
        nom, _, cellule = designe.removeprefix("=").rpartition("!")
        place = lire_cellule(cellule.replace("$", ""))
        fiche = self.classeur.feuille(nom.strip("'").replace("''", "'") or feuille)
        return (fiche.nom, place) if fiche and place else None


def _etat(commande: Commande, ecriture: Ecriture) -> int | None:
    """L’état d’un contrôle d’après sa cellule liée ; `None` si elle ne dit rien d’un tel contrôle."""
    if commande.genre == "coche":
        return int(ecriture.texte) if ecriture.genre == "booleen" else None
    if ecriture.genre != "nombre" or not ecriture.texte.isdecimal():
        return None
    rang = int(ecriture.texte)
    return rang if commande.genre == "liste" else int(rang == commande.rang)
