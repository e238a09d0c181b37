"""Entre les lignes : codes d’établissement inconnus, références perdues, lignes en double."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cpomdocs.lecture.valeurs.textes import montrer, normaliser, plus_proche
from cpomdocs.modeles.base import Entite, InfoChamp, cles, infos
from cpomdocs.modeles.dossier import SAISIES
from cpomdocs.rapport import Anomalie

Lignes = Mapping[str, Sequence[Entite]]


def rapprocher(lignes: Lignes) -> list[Anomalie]:
    """Réécrit chaque référence comme sa cible (« ehpad1 » devient « EHPAD1 ») ; signale les inconnues.

    Une collection sans aucune ligne ne rend aucune référence fausse : son absence est dite ailleurs.
    """
    connus = {collection: _connus(collection, lignes) for collection in SAISIES}
    inconnues: dict[tuple[str, str, bool], list[tuple[str, Entite, InfoChamp]]] = {}
    for collection, modele in SAISIES.items():
        if not lignes.get(collection):
            continue
        for info in infos(modele).values():
            if info.reference and connus.get(info.reference):
                for ecrit, ligne in _inconnues(lignes[collection], info.nom, connus[info.reference]):
                    cle = (info.reference, ecrit, info.cle)
                    inconnues.setdefault(cle, []).append((collection, ligne, info))
    return [
        _anomalie(ecrit, connus[reference], trouvees) for (reference, ecrit, _), trouvees in inconnues.items()
    ]


def _connus(collection: str, lignes: Lignes) -> dict[str, str]:
    """Les codes d’une collection (sa dernière clé), par leur forme normalisée."""
    noms = cles(SAISIES[collection])
    if not noms:
        return {}
    codes = (getattr(ligne, noms[-1]) for ligne in lignes.get(collection, ()))
    return {normaliser(code): code for code in codes if isinstance(code, str)}


def _inconnues(lignes: Sequence[Entite], nom: str, connus: Mapping[str, str]) -> Iterator[tuple[str, Entite]]:
    """Les références que rien ne porte, et leur ligne ; les autres lignes reçoivent le code exact."""
    cibles: dict[str, str | None] = {}
    for ligne in lignes:
        ecrit = getattr(ligne, nom)
        if not isinstance(ecrit, str):
            continue
        if ecrit not in cibles:
            cibles[ecrit] = connus.get(normaliser(ecrit))
        cible = cibles[ecrit]
        if cible is None:
            yield ecrit, ligne
        elif cible != ecrit:
            setattr(ligne, nom, cible)


def _anomalie(
    ecrit: str, connus: Mapping[str, str], trouvees: Sequence[tuple[str, Entite, InfoChamp]]
) -> Anomalie:
    """Une anomalie par code inconnu, si nombreuses que soient les lignes qui l’emploient."""
    collection, _, info = trouvees[0]
    proche = plus_proche(ecrit, tuple(connus.values()))
    feuille = SAISIES[str(info.reference)].feuille
    nombre = f" ({len(trouvees)} lignes l’emploient)" if len(trouvees) > 1 else ""
    return Anomalie(
        code="LC-11",
        gravite="bloquante" if info.cle else "avertissement",
        message=f"{info.libelle} : « {montrer(ecrit)} » n’existe pas dans la feuille "
        f"« {feuille.nom if feuille else info.reference} »{nombre}.",
        remede=f"Vouliez-vous dire « {proche} » ?" if proche else "Choisir un code dans la liste déroulante.",
        champ=f"{collection}.{info.nom}",
        libelle=info.libelle,
        sources=tuple(source for _, ligne, champ in trouvees for source in ligne.sources(champ.nom)),
    )


def doublons(lignes: Lignes) -> list[Anomalie]:
    """Une anomalie par groupe de lignes qui portent la même clé, avec la cellule de chacune."""
    anomalies: list[Anomalie] = []
    for collection, modele in SAISIES.items():
        noms, presentes = cles(modele), lignes.get(collection, ())
        colonnes = [_formes([getattr(ligne, nom) for ligne in presentes]) for nom in noms]
        groupes: dict[tuple[object, ...], list[Entite]] = {}
        for cle, ligne in zip(zip(*colonnes, strict=True), presentes, strict=bool(noms)):
            groupes.setdefault(cle, []).append(ligne)
        anomalies += [_double(collection, modele, noms, g) for g in groupes.values() if len(g) > 1]
    return anomalies


def _formes(valeurs: Sequence[object]) -> list[object]:
    """Ces valeurs comme on les compare : un texte est normalisé, une fois par texte différent."""
    formes = {v: normaliser(v) or v if isinstance(v, str) else v for v in set(valeurs)}
    return [formes[v] for v in valeurs]


def _double(collection: str, modele: type[Entite], noms: Sequence[str], groupe: Sequence[Entite]) -> Anomalie:
    valeurs = [getattr(groupe[0], nom) for nom in noms]
    cle = ", ".join(montrer(valeur) for valeur in valeurs if valeur is not None)
    sources = tuple(source for ligne in groupe for source in ligne.sources(noms[0]))
    cellules = " et ".join(source.cellule for source in sources[:5])
    feuille = sources[0].feuille if sources else collection
    return Anomalie(
        code="LC-10",
        gravite="bloquante",
        message=f"« {feuille} » a plusieurs lignes pour la même clé ({cle}) : {cellules}.",
        remede="N’en garder qu’une, ou corriger la clé de l’autre.",
        etablissement=getattr(groupe[0], "etablissement", None),
        champ=f"{collection}.{noms[0]}",
        libelle=infos(modele)[noms[0]].libelle,
        sources=sources,
    )
