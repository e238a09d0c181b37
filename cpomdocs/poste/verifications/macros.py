"""Ce que Windows et Excel permettent aux macros : réglage, emplacement, marque du web, antivirus.

Règles de Microsoft : « VBAWarnings » (1 tout, 2 demander, 3 signées, 4 rien), « Trusted Locations » et la
règle de réduction de la surface d’attaque D4F940AB-401B-4EFC-AADC-AD5F3C50688A.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PureWindowsPath

from cpomdocs.poste.registre import Registre
from cpomdocs.poste.verifications.constats import Constat, attention, bon, mauvais

_OFFICE = r"Microsoft\Office\16.0\Excel\Security"
_REGLAGE, _STRATEGIE = rf"HKCU\Software\{_OFFICE}", rf"HKCU\Software\Policies\{_OFFICE}"
_ASR = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
_ENFANTS = "D4F940AB-401B-4EFC-AADC-AD5F3C50688A"
_TOUTES, _DEMANDER, _SIGNEES, _AUCUNE = 1, 2, 3, 4
_BLOQUER = 1
_INTERNET = 3
_SURVEILLANCE = "En attendant, la surveillance (« cpomdocs veiller ») fait de même à chaque enregistrement."


def reglage(registre: Registre) -> Constat:
    """Le réglage des macros d’Excel ; une stratégie de l’organisme l’emporte."""
    imposee = registre.valeur(_STRATEGIE, "VBAWarnings")
    valeur = imposee if imposee is not None else registre.valeur(_REGLAGE, "VBAWarnings")
    if valeur in (_SIGNEES, _AUCUNE):
        quoi = "les macros non signées" if valeur == _SIGNEES else "toutes les macros"
        if imposee is not None:
            remede = f"Demander un emplacement approuvé à l’informatique (docs/bouton.md). {_SURVEILLANCE}"
            return mauvais("Macros", f"Votre organisme interdit {quoi}.", remede)
        remede = (
            "Excel, Fichier, Options, Centre de gestion de la confidentialité, Paramètres des macros : "
            "« Désactiver les macros VBA avec notification »."
        )
        return mauvais("Macros", f"Excel est réglé pour interdire {quoi}.", remede)
    if valeur == _TOUTES:
        remede = "Choisir « Désactiver les macros VBA avec notification » : c’est plus sûr, et cela suffit."
        return attention("Macros", "Excel est réglé pour tout autoriser, d’où que vienne le fichier.", remede)
    return bon("Macros", "Excel demande : cliquer une fois sur « Activer le contenu ».")


def emplacement(registre: Registre, dossier: Path) -> Constat:
    """Le dossier est-il un emplacement approuvé d’Excel."""
    for racine, profond in _approuves(registre):
        ici = PureWindowsPath(dossier)
        if ici == racine or (profond and racine in ici.parents):
            return bon("Emplacement approuvé", str(racine))
    return attention(
        "Emplacement approuvé",
        "Ce dossier n’en est pas un : Excel demandera « Activer le contenu ».",
        "Pour ne plus être interrogé : Excel, Fichier, Options, Centre de gestion de la confidentialité, "
        f"Emplacements approuvés, Ajouter « {dossier} ».",
    )


def marque_du_web(classeur: Path) -> Constat:
    """Le classeur est-il marqué comme venant d’Internet : Excel en bloque alors les macros."""
    try:
        texte = Path(f"{classeur}:Zone.Identifier").read_text(encoding="ascii", errors="replace")
    except OSError:
        return bon("Provenance", "Le classeur n’est pas marqué comme venant d’Internet.")
    zones = [ligne.partition("=")[2].strip() for ligne in texte.splitlines() if ligne.startswith("ZoneId")]
    if not any(zone.isdigit() and int(zone) >= _INTERNET for zone in zones):
        return bon("Provenance", "Le classeur n’est pas marqué comme venant d’Internet.")
    return mauvais(
        "Provenance",
        "Le classeur est marqué comme venant d’Internet : Excel bloque ses macros.",
        "Dans l’Explorateur : clic droit sur le classeur, Propriétés, cocher « Débloquer », OK.",
    )


def processus_enfants(registre: Registre) -> Constat:
    """La règle de Defender qui interdit à Office de lancer un programme."""
    point = "Lancement depuis Excel"
    if str(registre.valeur(_ASR, _ENFANTS) or "") == str(_BLOQUER):
        remede = f"Demander une exception à l’informatique (lettre dans docs/bouton.md). {_SURVEILLANCE}"
        return mauvais(point, "Votre organisme interdit à Excel de lancer un programme.", remede)
    return bon(point, "aucune règle connue ne l’interdit.")


def _approuves(registre: Registre) -> Iterator[tuple[PureWindowsPath, bool]]:
    """Les emplacements approuvés d’Excel, et s’ils comprennent leurs sous-dossiers."""
    for racine in (_STRATEGIE, _REGLAGE):
        ensemble = rf"{racine}\Trusted Locations"
        for nom in registre.sous_cles(ensemble):
            chemin = registre.valeur(rf"{ensemble}\{nom}", "Path")
            if isinstance(chemin, str) and chemin.strip("\\ "):
                profond = registre.valeur(rf"{ensemble}\{nom}", "AllowSubfolders") == 1
                yield PureWindowsPath(chemin), profond
