"""Les règles sur les numéros et les codes : FINESS, SIREN, SIRET, catégorie, triplet d’autorisation
(ID-01 à ID-09)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from cpomdocs.modeles import numeros
from cpomdocs.modeles.base import Entite
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.modeles.entites.identite import Etablissement
from cpomdocs.modeles.regles.registre import Manquement, regle
from cpomdocs.modeles.regles.seuils import Seuils
from cpomdocs.nomenclatures import nomenclature

_VERIFIER = "Recopier le numéro depuis le répertoire FINESS (finess.esante.gouv.fr)."


def _finess(dossier: Dossier) -> Iterator[tuple[Entite, str, str]]:
    """Chaque numéro FINESS saisi, avec sa ligne et son champ."""
    champs = {"finess_ej": [dossier.gestionnaire, *dossier.etablissements]}
    champs |= {nom: list(dossier.etablissements) for nom in ("finess_et", "finess_principal")}
    for champ, lignes in champs.items():
        for ligne in lignes:
            numero = getattr(ligne, champ)
            if numero is not None:
                yield ligne, champ, numero


@regle(
    "ID-01", "bloquante", "Un numéro FINESS a neuf caractères", source="répertoire FINESS, schéma officiel"
)
def forme_du_finess(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les FINESS qui n’ont pas neuf caractères, ou d’autres lettres que 2A et 2B en tête."""
    for ligne, champ, numero in _finess(dossier):
        if not numeros.finess_bien_forme(numero):
            yield Manquement(
                ligne,
                (champ,),
                f"« {numero} » n’a pas la forme d’un numéro FINESS : neuf chiffres (2A ou 2B en tête en"
                " Corse).",
                _VERIFIER,
            )


@regle(
    "ID-02", "avertissement", "La clé d’un numéro FINESS est juste", source="clé de Luhn, répertoire FINESS"
)
def cle_du_finess(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les FINESS bien formés dont la clé est fausse ; bloquant si le seuil le demande."""
    for ligne, champ, numero in _finess(dossier):
        if numeros.finess_bien_forme(numero) and not numeros.cle_finess_juste(numero):
            yield Manquement(
                ligne,
                (champ,),
                f"la clé du numéro FINESS « {numero} » est fausse : un chiffre au moins est erroné.",
                _VERIFIER,
                "bloquante" if seuils.cle_finess_stricte else None,
            )


@regle(
    "ID-03",
    "avertissement",
    "Le numéro FINESS commence par le département",
    source="répertoire FINESS, construction du numéro",
)
def departement_du_finess(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les FINESS d’un autre département que celui de l’adresse, et une fois ceux du préfixe fictif
    99."""
    yield from _finess_fictifs(dossier)
    paires = [(dossier.gestionnaire, "finess_ej"), *((e, "finess_et") for e in dossier.etablissements)]
    for ligne, champ in paires:
        numero = getattr(ligne, champ) or ""
        attendu = numeros.departement_du_finess(numero)
        connus = _departements(ligne)
        if attendu is not None and connus and attendu not in connus:
            yield Manquement(
                ligne,
                (champ, "departement", "code_postal"),
                f"le numéro FINESS « {numero} » est du département {attendu}, l’adresse du"
                f" {sorted(connus)[0]}.",
                "Vérifier le numéro FINESS, le code postal et le département.",
            )


def _departements(ligne: Entite) -> set[str]:
    """Les départements que disent le champ « département » et le code postal ; deux au plus, un suffit."""
    saisis = (
        numeros.code_departement(getattr(ligne, "departement", None) or ""),
        numeros.departement_du_code_postal(getattr(ligne, "code_postal", None) or ""),
    )
    return {code for code in saisis if code is not None}


def _finess_fictifs(dossier: Dossier) -> Iterator[Manquement]:
    fictifs = [
        (ligne, champ)
        for ligne, champ, numero in _finess(dossier)
        if numero.startswith(numeros.PREFIXE_FICTIF)
    ]
    if fictifs:
        (ligne, champ), *autres = fictifs
        yield Manquement(
            ligne,
            (champ,),
            "des numéros FINESS commencent par 99, préfixe d’aucun département : ils sont fictifs.",
            "Saisir les vrais numéros avant tout dépôt.",
            autres=tuple(autres),
        )


@regle(
    "ID-04",
    "bloquante",
    "Chaque établissement a son propre numéro FINESS, rattaché à l’entité juridique du gestionnaire",
    source="répertoire FINESS",
)
def rattachement_finess(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les FINESS en double, égaux à celui de l’entité juridique, ou rattachés à une autre entité."""
    juridique = dossier.gestionnaire.finess_ej
    nombres = Counter(e.finess_et for e in dossier.etablissements if e.finess_et)
    for etablissement in dossier.etablissements:
        yield from _finess_propre(etablissement, juridique, nombres)
        if juridique and etablissement.finess_ej and etablissement.finess_ej != juridique:
            yield Manquement(
                etablissement,
                ("finess_ej",),
                f"l’entité juridique « {etablissement.finess_ej} » n’est pas celle du gestionnaire,"
                f" « {juridique} ».",
                "Corriger l’un des deux numéros.",
                autres=((dossier.gestionnaire, "finess_ej"),),
            )


def _finess_propre(
    etablissement: Etablissement, juridique: str | None, nombres: Counter[str]
) -> Iterator[Manquement]:
    numero = etablissement.finess_et
    if numero is None:
        return
    if numero == juridique:
        yield Manquement(
            etablissement,
            ("finess_et",),
            f"« {numero} » est le numéro de l’entité juridique, pas celui de l’établissement.",
            "Saisir le numéro FINESS géographique (ET) de l’établissement.",
        )
    if nombres[numero] > 1:
        yield Manquement(
            etablissement,
            ("finess_et",),
            f"{nombres[numero]} établissements portent le numéro FINESS « {numero} ».",
            "Donner à chaque établissement son propre numéro.",
        )


@regle("ID-06", "bloquante", "Les numéros SIREN et SIRET sont justes", source="Insee, répertoire Sirene")
def siren_et_siret(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les SIREN et SIRET mal formés, de clé fausse, ou un SIRET du siège étranger au SIREN."""
    gestionnaire = dossier.gestionnaire
    if gestionnaire.siren is not None and not numeros.siren_juste(gestionnaire.siren):
        yield _numero_faux(gestionnaire, "siren", "SIREN", 9)
    if gestionnaire.siret_siege is not None and not numeros.siret_juste(gestionnaire.siret_siege):
        yield _numero_faux(gestionnaire, "siret_siege", "SIRET", 14)
    elif (
        gestionnaire.siren and gestionnaire.siret_siege and gestionnaire.siret_siege[:9] != gestionnaire.siren
    ):
        yield Manquement(
            gestionnaire,
            ("siret_siege", "siren"),
            f"le SIRET du siège « {gestionnaire.siret_siege} » ne commence pas par le SIREN"
            f" « {gestionnaire.siren} ».",
            "Corriger l’un des deux numéros.",
        )
    for etablissement in dossier.etablissements:
        if etablissement.siret is not None and not numeros.siret_juste(etablissement.siret):
            yield _numero_faux(etablissement, "siret", "SIRET", 14)


def _numero_faux(ligne: Entite, champ: str, nom: str, longueur: int) -> Manquement:
    numero = str(getattr(ligne, champ))
    if re.fullmatch(rf"[0-9]{{{longueur}}}", numero):
        probleme = f"la clé du numéro {nom} « {numero} » est fausse : un chiffre au moins est erroné."
    else:
        probleme = f"« {numero} » n’est pas un numéro {nom} : {longueur} chiffres sont attendus."
    return Manquement(ligne, (champ,), probleme, "Recopier le numéro depuis l’avis de situation Sirene.")


@regle(
    "ID-07",
    "avertissement",
    "Le SIRET d’un établissement commence par le SIREN du gestionnaire",
    source="Insee, répertoire Sirene",
)
def siret_du_gestionnaire(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les SIRET d’établissement d’une autre entreprise que le gestionnaire."""
    siren = dossier.gestionnaire.siren
    for etablissement in dossier.etablissements:
        if siren and etablissement.siret and not etablissement.siret.startswith(siren):
            yield Manquement(
                etablissement,
                ("siret",),
                f"le SIRET « {etablissement.siret} » ne commence pas par le SIREN du gestionnaire,"
                f" « {siren} ».",
                "Vérifier les deux numéros.",
                autres=((dossier.gestionnaire, "siren"),),
            )


@regle(
    "ID-08",
    "bloquante",
    "La catégorie FINESS est dans la nomenclature",
    source="nomenclature FINESS des catégories",
)
def categorie_finess(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les catégories inconnues (bloquant si ce n’est pas un code) et les libellés d’une autre
    catégorie."""
    categories = nomenclature("categories_finess")
    codes_du_libelle = {_plat(libelle): code for code, libelle in categories.items()}
    for etablissement in dossier.etablissements:
        code, libelle = etablissement.categorie_code, etablissement.categorie_libelle
        if code is not None and code not in categories:
            yield Manquement(
                etablissement,
                ("categorie_code",),
                f"la catégorie « {code} » n’est pas dans la nomenclature FINESS connue ici.",
                "Choisir la catégorie dans la liste, ou vérifier le code dans le répertoire FINESS.",
                "avertissement" if re.fullmatch("[0-9]{3}", code) else None,
            )
        elif code and libelle and codes_du_libelle.get(_plat(libelle), code) != code:
            yield Manquement(
                etablissement,
                ("categorie_libelle", "categorie_code"),
                f"le libellé « {libelle} » est celui d’une autre catégorie que « {code} –"
                f" {categories[code]} ».",
                "Faire concorder le code et le libellé.",
            )


def _plat(texte: str) -> str:
    return " ".join(texte.casefold().split())


@regle(
    "ID-09",
    "avertissement",
    "Discipline, fonctionnement et clientèle ont 3, 2 et 3 caractères",
    source="répertoire FINESS, schéma officiel",
)
def triplet_finess(dossier: Dossier, seuils: Seuils) -> Iterator[Manquement]:
    """Rend les codes d’autorisation qui n’ont pas la longueur attendue."""
    longueurs = {"discipline_code": 3, "fonctionnement_code": 2, "clientele_code": 3}
    for autorisation in dossier.autorisations:
        for champ, longueur in longueurs.items():
            code = getattr(autorisation, champ)
            if code is not None and re.fullmatch(rf"[0-9A-Z]{{{longueur}}}", code) is None:
                yield Manquement(
                    autorisation,
                    (champ,),
                    f"le code « {code} » n’a pas {longueur} caractères.",
                    "Recopier le code depuis l’arrêté d’autorisation ou le répertoire FINESS.",
                )
