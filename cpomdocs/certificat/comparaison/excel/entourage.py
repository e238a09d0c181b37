"""Ce qui entoure les cellules d’une feuille : protection, fusions, masques, tableaux, objets posés dessus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from cpomdocs.certificat.comparaison.constats import Constat
from cpomdocs.certificat.comparaison.excel.decalages import suites
from cpomdocs.certificat.comparaison.excel.feuille import Feuille
from cpomdocs.certificat.comparaison.excel.regles import soustraire
from cpomdocs.office.adresses import LIGNES, Plage, ecrire_cellule, lettres_colonne, lire_cellule, lire_plages
from cpomdocs.office.analyse import analyser_xml
from cpomdocs.office.archive import Archive
from cpomdocs.office.classeur import lire_liens
from cpomdocs.office.styles import NS, entier, vrai

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_XDR = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_X14 = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
_INTERDITS = {
    "formatCells": "mettre en forme les cellules",
    "formatColumns": "mettre en forme les colonnes",
    "formatRows": "mettre en forme les lignes",
    "insertColumns": "insérer des colonnes",
    "insertRows": "insérer des lignes",
    "insertHyperlinks": "insérer des liens",
    "deleteColumns": "supprimer des colonnes",
    "deleteRows": "supprimer des lignes",
}
"""Ce que la protection interdit sauf mention contraire (ECMA-376, § 18.3.1.85)."""
_PERMIS = {
    "objects": "modifier les objets",
    "selectLockedCells": "choisir les cellules verrouillées",
    "selectUnlockedCells": "choisir les cellules déverrouillées",
}
"""Ce que la protection permet sauf mention contraire."""
_MOTS_OBJETS = {
    "chart": "graphique",
    "pic": "image",
    "sp": "forme ou zone de texte",
    "controle": "contrôle (bouton, case, liste)",
    "sparkline": "graphique dans une cellule",
    "oleObject": "objet incorporé",
    "slicer": "segment",
}


def comparer_entourage(avant: Feuille, apres: Feuille) -> Iterator[Constat]:
    """Les constats sur la protection, les fusions, les masques, les tableaux et les objets."""
    yield from _protection(avant, apres)
    yield from _verrous(avant, apres)
    yield from _fusions(avant, apres)
    yield from _masques(avant, apres)
    yield from _tableaux(avant, apres)
    yield from _commentaires(avant, apres)
    objets = compter_objets(avant), compter_objets(apres)
    for genre, nombre in (objets[0] - objets[1]).items():
        mot = _MOTS_OBJETS[genre]
        message = f"{mot} : {objets[0][genre]} au gabarit, {objets[1][genre]} dans le document"
        yield Constat(genre="objet_perdu", feuille=avant.nom, message=message, nombre=nombre)


def _protection(avant: Feuille, apres: Feuille) -> Iterator[Constat]:
    if not avant.cadre.protegee:
        return
    if not apres.cadre.protegee:
        yield Constat(genre="feuille_deprotegee", feuille=avant.nom)
        return
    ancienne, nouvelle = (f.racine.find(f"{NS}sheetProtection") for f in (avant, apres))
    if ancienne is None or nouvelle is None:
        return
    permis = [
        mot
        for defaut, table in (("1", _INTERDITS), ("0", _PERMIS))
        for nom, mot in table.items()
        if vrai(ancienne.get(nom, defaut)) and not vrai(nouvelle.get(nom, defaut))
    ]
    if permis:
        message = "il est devenu possible de " + ", ".join(permis)
        yield Constat(genre="protection_allegee", feuille=avant.nom, message=message)
    if _mot_de_passe(ancienne) and not _mot_de_passe(nouvelle):
        yield Constat(genre="protection_allegee", feuille=avant.nom, message="mot de passe retiré")
    plages = soustraire(apres.cadre.plages_permises, avant.cadre.plages_permises)
    if plages:
        message = "des plages sont devenues modifiables"
        lieu = " ".join(map(str, plages))
        yield Constat(genre="protection_allegee", feuille=avant.nom, lieu=lieu, message=message)


def _mot_de_passe(protection: etree._Element) -> bool:
    return bool(protection.get("password") or protection.get("hashValue"))


def _verrous(avant: Feuille, apres: Feuille) -> Iterator[Constat]:
    if not avant.cadre.protegee:
        return
    ouvertes = [
        place
        for place in avant.cases
        if avant.verrou(place) and not apres.verrou(place) and place in apres.cases
    ]
    for place in ouvertes:
        yield Constat(genre="cellule_deverrouillee", feuille=avant.nom, lieu=ecrire_cellule(*place))


def _fusions(avant: Feuille, apres: Feuille) -> Iterator[Constat]:
    anciennes, nouvelles = set(avant.cadre.fusions), set(apres.cadre.fusions)
    for plage in sorted(anciennes - nouvelles):
        if plage.haut != plage.bas or plage.gauche != plage.droite:
            yield _fusion(avant, plage, "défaite")
    for plage in sorted(nouvelles - anciennes):
        yield _fusion(avant, plage, "ajoutée")


def _fusion(feuille: Feuille, plage: Plage, quoi: str) -> Constat:
    return Constat(genre="fusion_changee", feuille=feuille.nom, lieu=str(plage), message=quoi)


def _masques(avant: Feuille, apres: Feuille) -> Iterator[Constat]:
    derniere = max((ligne for ligne, _ in apres.cases), default=0)
    montrees = avant.lignes_masquees - avant.lignes_groupees - apres.lignes_masquees
    lignes = sorted(n for n in montrees if n <= derniere)
    for debut, fin in suites(lignes):
        lieu = f"ligne {debut}" if debut == fin else f"lignes {debut} à {fin}"
        yield Constat(genre="masque_revele", feuille=avant.nom, lieu=lieu)
    for plage in soustraire(_colonnes_masquees(avant, False), _colonnes_masquees(apres, True)):
        bornes = lettres_colonne(plage.gauche), lettres_colonne(plage.droite)
        lieu = f"colonne {bornes[0]}" if bornes[0] == bornes[1] else f"colonnes {bornes[0]} à {bornes[1]}"
        yield Constat(genre="masque_revele", feuille=avant.nom, lieu=lieu)


def _colonnes_masquees(feuille: Feuille, groupees: bool) -> list[Plage]:
    """Les colonnes masquées qui portent quelque chose ; `groupees` : avec celles d’un plan."""
    derniere = max((colonne for _, colonne in feuille.cases), default=0)
    toutes = feuille.racine.iterfind(f"{NS}cols/{NS}col")
    colonnes = (
        c for c in toutes if vrai(c.get("hidden")) and (groupees or not entier(c.get("outlineLevel")))
    )
    bornes = ((entier(c.get("min"), 1), entier(c.get("max"), 1)) for c in colonnes)
    return [Plage(1, debut, LIGNES, min(fin, derniere)) for debut, fin in bornes if debut <= derniere]


def _tableaux(avant: Feuille, apres: Feuille) -> Iterator[Constat]:
    nouveaux = {t.nom.casefold(): t for t in apres.cadre.tableaux}
    for tableau in avant.cadre.tableaux:
        autre = nouveaux.get(tableau.nom.casefold())
        if autre is None:
            yield Constat(
                genre="tableau_perdu", feuille=avant.nom, lieu=str(tableau.plage), message=tableau.nom
            )
        elif soustraire([tableau.plage], [autre.plage]):
            message = f"{tableau.nom} : {tableau.plage} au gabarit, {autre.plage} dans le document"
            yield Constat(genre="tableau_change", feuille=avant.nom, lieu=str(autre.plage), message=message)


def _commentaires(avant: Feuille, apres: Feuille) -> Iterator[Constat]:
    anciens, nouveaux = _lieux_commentes(avant), _lieux_commentes(apres)
    for lieu in sorted(anciens - nouveaux, key=lambda lieu: lire_cellule(lieu) or (0, 0)):
        yield Constat(genre="commentaire_perdu", feuille=avant.nom, lieu=lieu)
    for lieu in sorted(nouveaux - anciens, key=lambda lieu: lire_cellule(lieu) or (0, 0)):
        yield Constat(genre="commentaire_ajoute", gravite="remarque", feuille=avant.nom, lieu=lieu)


def _lieux_commentes(feuille: Feuille) -> set[str]:
    return {
        " ".join(str(feuille.situer(plage)) for plage in lire_plages(commentaire.get("ref", "")))
        for racine in _parties(feuille, "comments")
        for commentaire in racine.iter(f"{NS}comment")
    }


def compter_objets(feuille: Feuille) -> Counter[str]:
    """Le nombre de graphiques, d’images, de formes et de contrôles de la feuille."""
    archive = feuille.classeur.archive
    objets: Counter[str] = Counter()
    for dessin in _parties(feuille, "drawing"):
        for element in dessin.iter(f"{_XDR}graphicFrame", f"{_XDR}pic", f"{_XDR}sp", f"{_XDR}cxnSp"):
            if not _de_repli(element):
                nom = etree.QName(element).localname
                objets[{"graphicFrame": "chart", "cxnSp": "sp"}.get(nom, nom)] += 1
    genres = Counter(lien.genre for lien in lire_liens(archive, feuille.fiche.partie).values())
    objets["controle"] = genres["ctrlProp"] + genres["control"]
    objets["slicer"] = genres["slicer"]
    objets["oleObject"] = sum(
        not _de_repli(e) for e in feuille.racine.iter(f"{NS}oleObject") if e.get("progId") is not None
    )
    objets["sparkline"] = sum(1 for _ in feuille.racine.iter(f"{_X14}sparkline"))
    return objets


def _de_repli(element: etree._Element) -> bool:
    """Vrai pour le rendu de repli d’un objet, et pour la forme qui double un contrôle."""
    for parent in element.iterancestors(f"{_MC}Fallback", f"{_MC}Choice"):
        if parent.tag == f"{_MC}Fallback":
            return True
        if parent.get("Requires") == "a14" and etree.QName(element).localname == "sp":
            return True
    return False


def _parties(feuille: Feuille, genre: str) -> Iterator[etree._Element]:
    archive: Archive = feuille.classeur.archive
    for lien in lire_liens(archive, feuille.fiche.partie).values():
        if lien.genre == genre and lien.cible in archive:
            yield analyser_xml(archive.lire(lien.cible), lien.cible)
