"""Interroge un LibreOffice ouvert, pour un essai : lancé par le Python du système, celui qui a `uno`.

Une demande JSON par ligne sur l’entrée, une réponse JSON par ligne sur la sortie.
"""

import json
import sys
import time

import uno
from com.sun.star.accessibility import AccessibleRole as Role
from com.sun.star.accessibility.AccessibleStateType import SHOWING

SANS_BOUTON = (Role.TABLE, Role.MENU_BAR, Role.TOOL_BAR, Role.STATUS_BAR, Role.SCROLL_BAR, Role.PAGE_TAB_LIST)
"""Ce où l’on ne cherche pas de bouton : ce serait long."""
VISIBLE = SHOWING if isinstance(SHOWING, int) else SHOWING.value


def relier(tuyau):
    """Le contexte du LibreOffice qui écoute sur ce tuyau."""
    local = uno.getComponentContext()
    resolveur = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    limite = time.monotonic() + 60
    while True:
        try:
            return resolveur.resolve(f"uno:pipe,name={tuyau};urp;StarOffice.ComponentContext")
        except Exception:
            if time.monotonic() > limite:
                raise
            time.sleep(0.2)


def parcourir(accessible, profondeur=0):
    """Tous les éléments d’une fenêtre, sans descendre dans les cellules ni les barres."""
    contexte = accessible.getAccessibleContext()
    if contexte is None or profondeur > 14:
        return
    yield contexte
    if contexte.getAccessibleRole() in SANS_BOUTON:
        return
    for rang in range(min(contexte.getAccessibleChildCount(), 400)):
        try:
            enfant = contexte.getAccessibleChild(rang)
        except Exception:
            continue
        if enfant is not None:
            yield from parcourir(enfant, profondeur + 1)


class Bureau:
    """Ce qu’un essai demande au LibreOffice ouvert."""

    def __init__(self, tuyau):
        contexte = relier(tuyau)
        fabrique = contexte.ServiceManager
        self.bureau = fabrique.createInstanceWithContext("com.sun.star.frame.Desktop", contexte)
        self.outils = fabrique.createInstanceWithContext("com.sun.star.awt.Toolkit", contexte)

    def document(self):
        limite = time.monotonic() + 60
        while time.monotonic() < limite:
            ouvert = self.bureau.getCurrentComponent()
            if ouvert is not None and hasattr(ouvert, "Sheets"):
                return ouvert
            time.sleep(0.2)
        raise RuntimeError("aucun classeur ouvert")

    def document_pret(self):
        """Attend que le classeur soit ouvert et dessiné."""
        return bool(self.document().CurrentController)

    def montrer(self, feuille):
        document = self.document()
        document.CurrentController.setActiveSheet(document.Sheets.getByName(feuille))

    def cellule(self, feuille, adresse):
        return self.document().Sheets.getByName(feuille).getCellRangeByName(adresse).String

    def taper(self, feuille, adresse, texte):
        self.document().Sheets.getByName(feuille).getCellRangeByName(adresse).String = texte

    def bouton(self, legende):
        """Le centre d’un bouton, dans le repère de la fenêtre du classeur."""
        fenetre = self.document().CurrentController.Frame.ContainerWindow
        places = []
        for element in parcourir(fenetre):
            if element.getAccessibleRole() == Role.PUSH_BUTTON and element.getAccessibleName() == legende:
                place, taille = element.getLocationOnScreen(), element.getSize()
                if taille.Width and taille.Height and element.getAccessibleStateSet().contains(VISIBLE):
                    places.append([place.X + taille.Width // 2, place.Y + taille.Height // 2])
        return places[0] if places else None

    def dialogue(self):
        """Les textes de la boîte de message ouverte, ou rien."""
        for rang in range(self.outils.getTopWindowCount()):
            contexte = self.outils.getTopWindow(rang).getAccessibleContext()
            if contexte is not None and contexte.getAccessibleRole() in (
                Role.DIALOG,
                Role.ALERT,
                Role.OPTION_PANE,
            ):
                fenetre = self.outils.getTopWindow(rang)
                return [c.getAccessibleName() for c in parcourir(fenetre) if c.getAccessibleName()]
        return None

    def fermer(self):
        self.document().close(True)
        self.bureau.terminate()


def principal():
    bureau = Bureau(sys.argv[1])
    for ligne in sys.stdin:
        demande = json.loads(ligne)
        try:
            reponse = {"rendu": getattr(bureau, demande[0])(*demande[1:])}
        except Exception as erreur:
            reponse = {"erreur": f"{type(erreur).__name__} {erreur}"}
        print(json.dumps(reponse), flush=True)


if __name__ == "__main__":
    principal()
