"""Les règles de protection des personnes : ni nom de personne accompagnée, ni groupe trop petit (DO-10,
RG-01).

Le message ne recopie jamais ce qu’il a trouvé : le rapport circule plus que le classeur maître.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cpomdocs.modeles.base import Entite, infos
from cpomdocs.modeles.dossier import SAISIES, Dossier
from cpomdocs.modeles.entites.activite import Public
from cpomdocs.modeles.regles.redaction import enumerer
from cpomdocs.modeles.regles.registre import Manquement, regle
from cpomdocs.modeles.regles.seuils import Seuils
from cpomdocs.nomenclatures import libelle

_NOMINATIVES = frozenset({"formulaires", "etablissements", "signataires", "membres", "instances"})
"""Feuilles où des noms de responsables et de signataires sont légitimes."""
_TEXTES_COURTS = frozenset({"libelle", "fonction", "intitule", "public_concerne"})
_NOM = r"(?:[A-ZÀ-ÖØ-Þ][\w’'-]*|[A-Z]\.)"
_CIVILITE = re.compile(rf"\b(?:M\.|Mr|Mme|Mlle|Monsieur|Madame|Mademoiselle)\s+(?P<nom>{_NOM}(?:\s+{_NOM})*)")
_PERSONNE = re.compile(
    r"\b(?i:résidente?|usag(?:er|ère)|patiente?|bénéficiaire|enfant|jeune|travailleu(?:r|se)|adulte)\s+"
    rf"(?P<nom>[A-ZÀ-ÖØ-Þ][\w’'-]+\s+{_NOM})"
)
_NAISSANCE = re.compile(r"\bnée?\s+le\s+\d", re.IGNORECASE)
_NIR = re.compile(r"(?<!\d)([12])\s?(\d{2})\s?(\d{2})\s?(\d[\dAB])\s?(\d{3})\s?(\d{3})\s?(\d{2})(?!\d)")
_FONCTIONS = re.compile(
    r"directeur|directrice|président|chef|cadre|responsable|médecin|docteur|maire|préfet|ministre|conseill|"
    r"inspect|délégué|administrat|infirmi|éducat|psycholog|coordon|référent|secrétaire|comptable|"
    r"architecte|notaire|commissaire|expert|formateur|formatrice",
    re.IGNORECASE,
)
_PORTEE_DE_LA_FONCTION = 40
"""Nombre de caractères, avant et après le nom, où une fonction dit qu’il s’agit d’un professionnel."""


@regle(
    "DO-10",
    "avertissement",
    "Aucune personne accompagnée n’est nommée",
    source="RGPD : minimisation des données",
)
def personnes_nommees(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les textes libres qui semblent nommer une personne accompagnée, sans recopier son nom."""
    connus, lus = _professionnels(dossier), dict[str, str | None]()
    for collection, modele in SAISIES.items():
        if collection in _NOMINATIVES:
            continue
        champs = [
            i.nom for i in infos(modele).values() if i.nature.nom == "texte_long" or i.nom in _TEXTES_COURTS
        ]
        for ligne in dossier.lignes(collection):
            for champ in champs:
                texte = ligne.__dict__[champ]
                if not texte:
                    continue
                if texte not in lus:  # fonctions et libellés reviennent d’une ligne à l’autre
                    lus[texte] = _indice(texte, connus)
                if indice := lus[texte]:
                    yield _nominatif(ligne, champ, indice)


def _nominatif(ligne: Entite, champ: str, indice: str) -> Manquement:
    return Manquement(
        ligne,
        (champ,),
        f"ce texte contient {indice} : il semble désigner une personne accompagnée.",
        "Retirer tout ce qui permet de reconnaître la personne.",
    )


def _indice(texte: str, connus: frozenset[str]) -> str | None:
    """Ce qui fait penser à une personne accompagnée, en mots ; `None` si rien."""
    for nir in _NIR.finditer(texte):
        if _nir_juste("".join(nir.groups())):
            return "un numéro de sécurité sociale"
    if _NAISSANCE.search(texte):
        return "une date de naissance"
    for trouve in (*_CIVILITE.finditer(texte), *_PERSONNE.finditer(texte)):
        autour = texte[
            max(0, trouve.start() - _PORTEE_DE_LA_FONCTION) : trouve.end() + _PORTEE_DE_LA_FONCTION
        ]
        mots = {mot.casefold() for mot in trouve["nom"].split()}
        if not _FONCTIONS.search(autour) and not mots & connus:
            return "le nom d’une personne"
    return None


def _nir_juste(numero: str) -> bool:
    """Vrai si la clé du numéro de sécurité sociale est juste (97 moins le reste par 97 ; 2A vaut 19, 2B
    18)."""
    chiffres = numero[:-2].replace("2A", "19").replace("2B", "18")
    return chiffres.isdigit() and 97 - int(chiffres) % 97 == int(numero[-2:])


def _professionnels(dossier: Dossier) -> frozenset[str]:
    """Les noms déjà saisis à leur place : direction, signataires, membres, pilotes, référent."""
    gestionnaire = dossier.gestionnaire
    noms = [
        gestionnaire.president,
        gestionnaire.directeur_general,
        gestionnaire.representant_signataire,
        gestionnaire.referent_cpom_nom,
        *(e.directeur for e in dossier.etablissements),
        *(s.nom for s in dossier.signataires),
        *(m.nom for m in dossier.membres),
        *(o.pilote for o in dossier.objectifs),
        *(a.responsable for a in dossier.actions),
    ]
    return frozenset(mot.casefold() for nom in noms if nom for mot in nom.split() if len(mot) > 2)


@regle(
    "RG-01",
    "avertissement",
    "Aucun groupe n’est assez petit pour reconnaître une personne",
    source="RGPD : anonymisation des petits effectifs",
)
def petits_effectifs(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les effectifs de 1 au seuil (exclu), réunis par répartition, en personnes."""
    groupes: dict[tuple[str | None, int | None, str | None], list[Public]] = {}
    for ligne in dossier.publics:
        if ligne.effectif is not None and 0 < ligne.effectif < seuils.effectif_minimal_diffusable:
            groupes.setdefault((ligne.etablissement, ligne.annee, ligne.dimension), []).append(ligne)
    for lignes in groupes.values():
        reponses = enumerer(
            f"« {libelle('modalites_publics', li.modalite)} » ({li.effectif})" for li in lignes
        )
        yield Manquement(
            lignes[0],
            ("effectif",),
            f"moins de {seuils.effectif_minimal_diffusable} personnes : {reponses}.",
            "Regrouper des réponses avant de diffuser un document où cette répartition paraît.",
            autres=tuple((ligne, "effectif") for ligne in lignes[1:]),
        )
