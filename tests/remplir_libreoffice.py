"""Remplir des classeurs dans LibreOffice, comme une personne ; lancé par l’interprète qui a « uno ».

Lit des travaux en JSON : {"source", "cible", "maniere", "valeurs": {feuille: {ligne: {en-tête: valeur}}}}.
Trois manières : « valeurs » tapées une à une, « plages » collées d’une autre feuille, « colonnes » déplacées.
"""

import json
import sys
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

ENTETES = 4
"""Rang de la ligne d’en-têtes des parts."""


def propriete(nom, valeur):
    lue = PropertyValue()
    lue.Name, lue.Value = nom, valeur
    return lue


def colonne_de(feuille, libelle):
    for rang in range(60):
        if feuille.getCellByPosition(rang, ENTETES).Formula == libelle:
            return rang
    raise LookupError(libelle)


def ecrire(cellule, valeur):
    if isinstance(valeur, str):
        cellule.String = valeur
    else:
        cellule.Value = valeur


def taper(classeur, feuille, lignes):
    for ligne, valeurs in lignes.items():
        for libelle, valeur in valeurs.items():
            ecrire(feuille.getCellByPosition(colonne_de(feuille, libelle), ENTETES + int(ligne)), valeur)


def coller(classeur, feuille, lignes):
    """Prépare chaque colonne dans une feuille à part, puis colle la plage d’un coup."""
    classeur.Sheets.insertNewByName("Brouillon", classeur.Sheets.Count)
    brouillon = classeur.Sheets.getByName("Brouillon")
    for libelle in dict.fromkeys(nom for valeurs in lignes.values() for nom in valeurs):
        numeros = sorted(int(ligne) for ligne, valeurs in lignes.items() if libelle in valeurs)
        for numero in numeros:
            ecrire(brouillon.getCellByPosition(0, numero), lignes[str(numero)][libelle])
        for numero in numeros:
            plage = brouillon.getCellRangeByPosition(0, numero, 0, numero)
            cible = feuille.getCellByPosition(colonne_de(feuille, libelle), ENTETES + numero)
            feuille.copyRange(cible.CellAddress, plage.RangeAddress)
    classeur.Sheets.removeByName("Brouillon")


def deplacer(classeur, feuille, lignes):
    """Met la dernière des colonnes visées en tête, puis y tape les valeurs."""
    libelle = list(next(iter(lignes.values())))[-1]
    rang = colonne_de(feuille, libelle)
    feuille.Columns.insertByIndex(0, 1)
    plage = feuille.getCellRangeByPosition(rang + 1, 0, rang + 1, 400)
    feuille.moveRange(feuille.getCellByPosition(0, 0).CellAddress, plage.RangeAddress)
    feuille.Columns.removeByIndex(rang + 1, 1)
    taper(classeur, feuille, lignes)


MANIERES = {"valeurs": taper, "plages": coller, "colonnes": deplacer}


def bureau(canal):
    """Le bureau de LibreOffice, une fois qu’il répond."""
    local = uno.getComponentContext()
    resolveur = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(600):
        try:
            contexte = resolveur.resolve(f"uno:pipe,name={canal};urp;StarOffice.ComponentContext")
            return contexte.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", contexte)
        except NoConnectException:
            time.sleep(0.2)
    raise SystemExit("LibreOffice ne répond pas")


def principal():
    ouvert = bureau(sys.argv[1])
    for travail in json.load(sys.stdin):
        adresse = uno.systemPathToFileUrl(travail["source"])
        classeur = ouvert.loadComponentFromURL(adresse, "_blank", 0, (propriete("Hidden", True),))
        for nom, lignes in travail["valeurs"].items():
            MANIERES[travail["maniere"]](classeur, classeur.Sheets.getByName(nom), lignes)
        filtre = (propriete("FilterName", "Calc MS Excel 2007 XML"),)
        classeur.storeToURL(uno.systemPathToFileUrl(travail["cible"]), filtre)
        classeur.close(True)
    ouvert.terminate()


if __name__ == "__main__":
    principal()
