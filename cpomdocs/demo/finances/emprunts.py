"""Les emprunts de la démonstration : annuités constantes, payées le 31 décembre."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from cpomdocs.demo.outils import ANNEE_N, CENTIME, arrondi, lire
from cpomdocs.modeles import Emprunt


@dataclass(frozen=True)
class Pret:
    """Un emprunt et son échéancier, en euros."""

    numero: str
    etablissement: str
    organisme: str
    objet: str
    capital: Decimal
    taux: Decimal
    duree: int
    premiere: int

    @property
    def annuite(self) -> Decimal:
        """Capital et intérêts d’une année, arrondis au centime."""
        return arrondi(self.capital * self.taux / (1 - (1 + self.taux) ** -self.duree))

    def reste(self, annee: int) -> Decimal:
        """Le capital restant dû au 31 décembre ; zéro avant le versement de l’emprunt."""
        if annee < self.premiere - 1:
            return CENTIME * 0
        du = self.capital
        for _ in range(self.premiere, min(annee, self.premiere + self.duree - 1) + 1):
            du -= min(du, self.annuite - arrondi(du * self.taux))
        return arrondi(du) if annee < self.premiere + self.duree - 1 else CENTIME * 0

    def interets(self, annee: int) -> Decimal:
        """Les intérêts payés dans l’année."""
        if not self.premiere <= annee < self.premiere + self.duree:
            return CENTIME * 0
        return arrondi(self.reste(annee - 1) * self.taux)

    def rembourse(self, annee: int) -> Decimal:
        """Le capital remboursé dans l’année."""
        return self.reste(annee - 1) - self.reste(annee) if annee >= self.premiere else CENTIME * 0

    def verse(self, annee: int) -> Decimal:
        """Le capital reçu dans l’année : celle d’avant le premier remboursement."""
        return self.capital if annee == self.premiere - 1 else CENTIME * 0


def prets() -> list[Pret]:
    """Les emprunts de la table, en cours et projetés."""
    return [
        Pret(numero, code, organisme, objet, Decimal(capital), Decimal(taux), duree, premiere)
        for numero, code, organisme, objet, capital, taux, duree, premiere in lire("patrimoine")["emprunts"]
    ]


def interets(etablissement: str, annee: int) -> Decimal:
    """Les intérêts d’un établissement dans l’année, en euros."""
    return sum((p.interets(annee) for p in prets() if p.etablissement == etablissement), CENTIME * 0)


def emprunts() -> list[Emprunt]:
    """Une ligne par emprunt ; le capital restant dû est celui du dernier exercice clos."""
    return [
        Emprunt(
            numero=pret.numero,
            etablissement=pret.etablissement,
            organisme=pret.organisme,
            objet=pret.objet,
            capital_initial=pret.capital,
            capital_restant_du=pret.reste(ANNEE_N - 1),
            taux=pret.taux,
            type_taux="fixe",
            duree=pret.duree,
            annuite=pret.annuite,
            remboursement_capital=pret.rembourse(ANNEE_N),
            renegocie=False,
            date_debut=datetime.date(pret.premiere - 1, 12, 31),
            date_echeance=datetime.date(pret.premiere + pret.duree - 1, 12, 31),
            source="Tableau d’amortissement" if pret.premiere <= ANNEE_N else "Proposition de financement",
        )
        for pret in prets()
    ]
