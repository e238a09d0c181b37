"""Une correspondance par formulaire réel : des montants dans ses cases chiffrées, l’identité dans d’autres.

Les plages ont été relevées à la main sur chaque fichier ; rien des fichiers n’est recopié ici.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from cpomdocs.modeles.dossier import Dossier
from cpomdocs.modeles.entites.budget import Compte
from cpomdocs.modeles.entites.identite import Etablissement
from cpomdocs.office.adresses import ecrire_cellule, lire_plage

COMPTES = 150
NOM, FINESS, COMMUNE = "etablissement.nom", "etablissement.finess_et", "etablissement.commune"


@dataclass(frozen=True)
class Forme:
    """Un formulaire réel : plages à chiffrer, cases d’identité, listes (case → mot de la liste)."""

    fichier: str
    plages: dict[str, str]
    """Feuille → plages, séparées par des blancs."""
    cases: dict[str, str] = field(default_factory=dict)
    listes: dict[str, str] = field(default_factory=dict)
    langue: str = "fr-FR"
    minimum: int = 50
    totaux: int = 0
    """Combien de résultats d’Excel le remplissage change au moins."""

    @property
    def nom(self) -> str:
        """Le nom court du formulaire."""
        return "".join(c if c.isascii() and c.isalnum() else "-" for c in self.fichier.lower())[:40].strip(
            "-"
        )

    def correspondance(self) -> str:
        """Les traductions et les cases, en TOML."""
        adresses = [
            f"{feuille}!{ecrire_cellule(ligne, colonne)}"
            for feuille, texte in self.plages.items()
            for plage in map(lire_plage, texte.split())
            if plage
            for ligne in range(plage.haut, plage.bas + 1)
            for colonne in range(plage.gauche, plage.droite + 1)
        ]
        assert len(adresses) <= COMPTES
        champs = {a: f'"comptes[compte={rang:04}].montant"' for rang, a in enumerate(adresses)}
        champs |= {case: f'"{champ}"' for case, champ in self.cases.items()}
        traductions = []
        for rang, (case, mot) in enumerate(self.listes.items()):
            traductions.append(f'[formulaire.valeurs.mot{rang}]\nESSAI = "{mot}"\n')
            champs[case] = f'{{ champ = "etablissement.code", valeurs = "mot{rang}" }}'
        cases = "".join(f'"{case}" = {champ}\n' for case, champ in champs.items())
        return "\n".join(traductions) + "\n[cases]\n" + cases


def des_montants() -> Dossier:
    """Un établissement et assez de montants, tous différents : 0,25 à 75,25 par pas d’un demi."""
    comptes = [
        Compte(
            etablissement="ESSAI",
            annee=2026,
            version="previsionnel",
            compte=f"{rang:04}",
            montant=Decimal(rang * 2 + 1) / 4,
        )
        for rang in range(COMPTES)
    ]
    essai = Etablissement(code="ESSAI", nom="EHPAD d’essai", finess_et="990000022", commune="Val-d’Exemple")
    return Dossier(etablissements=[essai], comptes=comptes)


_EFRAG = {
    "Environmental Disclosures": "G80:G119 J80:K101 J22:J24 G12:G13 J12:J13 G23:G24 D161:D164 J190:K203",
    "Social Disclosures": "D10 D18:D21",
}
FORMES = (
    Forme(
        "07-Fiche_de_parametrage_OFII-transformation_parc.xlsx",
        {"Feuil1": "F9 I9 F11:F13 I11:I13 J26:J43 I26:I36 F39:F43 G39:G43 H39:H43"},
        {"Feuil1!F4": FINESS, "Feuil1!F6": NOM, "Feuil1!I6": NOM, "Feuil1!F8": FINESS, "Feuil1!F10": COMMUNE},
    ),
    Forme(
        "Calculatrice_de_ventilation_du_temps_par_activité_A-JUST_MAG_et_GRF.xlsx",
        {
            "Magistrats": "C3 C9 C14 C16",
            "Fonctionnaires": "C3 C9 C14 C16",
            "Reconvertir un % d'ETP en temps": "D6 D8",
            "Convertir des ETPT en audiences": "F6:F8 F10",
        },
        {"Fonctionnaires!J5": NOM},
        {"Magistrats!F9": "jours", "Magistrats!G9": "par semaine"},
        minimum=17,
        totaux=25,
    ),
    Forme(
        "Feuille_de_temps_Modèle_CA.xlsx",
        {
            "Feuille de temps": "E9:E12 E14:E22 E24:E27 E29:E35 E37:E46 E48:E56 E58:E59 E61:E69",
            "Magistrats": "C9 C14 C16",
        },
        {"Feuille de temps!C3": NOM},
        {"Feuille de temps!C2": "MAGISTRAT", "Feuille de temps!C5": "Temps plein"},
        totaux=9,
    ),
    Forme(
        "VSME-Digital-Template-1.0.0.xlsx", _EFRAG, {"General Information!D3": NOM}, totaux=40, langue="en-US"
    ),
    Forme(
        "VSME-Digital-Template-1.1.0.xlsx", _EFRAG, {"General Information!D3": NOM}, totaux=40, langue="en-US"
    ),
    Forme(
        "VSME-Digital-Template-Sample-1.1.0.xlsx",
        _EFRAG,
        {"General Information!D3": NOM},
        totaux=70,
        langue="en-US",
    ),
    Forme(
        "formscomments.xlsx",
        {"M2M Work Request Form": "D15:D64"},
        {"M2M Work Request Form!B15": NOM, "M2M Work Request Form!C15": FINESS},
    ),
    Forme("template_comparaison_MS.xlsx", {"Comparaison": "B2:F12"}, {"Comparaison!A1": NOM}),
    Forme(
        "uk-quarterly-return.xlsm",
        {"9 - Costs": "E27:G50", "10 - Benefits": "E25:G48"},
        {"1 - Project Info!E6": NOM},
        langue="en-US",
    ),
)
