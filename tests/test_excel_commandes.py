"""Cases à cocher, options et listes posées sur une feuille : leur cellule liée, leur dessin d’accord."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from fabrique_excel import ENTETE, REELS, brut, ouvrir, partie, parties, relire, saisir
from fabriques import des_donnees, exige_les_reels, poser_classeur, poser_formulaire

from cpomdocs import generer
from cpomdocs.certificat.excel import certifier
from cpomdocs.erreurs import ErreurFormulaire
from cpomdocs.formulaires.verification import verifier_formulaire
from cpomdocs.modeles.entites.identite import Etablissement
from cpomdocs.remplissage.excel import preparer, remplir
from cpomdocs.remplissage.moteurs import places_du_gabarit, reference_du_nom
from cpomdocs.saisies import CaseExcel, Remplissage, Saisie, lire_case

_NS = "http://schemas.openxmlformats.org"
_MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_COCHEE, _OUI = "<x:Checked>1</x:Checked>", 'checked="Checked"'
_CHOIX = "<x:FmlaRange>$E$1:$E$3</x:FmlaRange><x:Sel>0</x:Sel>"
_LIENS = "http://schemas.openxmlformats.org/package/2006/relationships"
_DESSIN, _ETAT = "xl/drawings/vmlDrawing1.vml", "xl/ctrlProps/ctrlProp{}.xml"


def _forme(numero: int, genre: str, legende: str, ancre: str, contenu: str) -> str:
    return (
        f'<v:shape id="_x0000_s{numero}" type="#_x0000_t201" style="x">\n<v:textbox><div>{legende}<br>\n'
        f'</div></v:textbox>\n<x:ClientData ObjectType="{genre}">\n   <x:Anchor>\n    {ancre}</x:Anchor>\n'
        f"   {contenu}\n  </x:ClientData></v:shape>"
    )


def formulaire() -> bytes:
    """Une case cochée (C1), une case sans lien, deux groupes d’options (C3, C4), une liste (C5 ← E1:E3)."""
    commandes = [
        ("Case 1", "Checkbox", "Habilité <b>ASS</b>", "0,0,0,0,1,0,1,0", _COCHEE, "$C$1", _OUI),
        ("Case 2", "Checkbox", "Sans lien", "0,0,1,0,1,0,2,0", "", "", ""),
        ("Zone 3", "GBox", "Statut", "0,0,4,0,3,0,9,0", "", "", ""),
        ("Option 4", "Radio", "Public", "1,0,5,0,2,0,6,0", _COCHEE, "$C$3", _OUI),
        ("Option 5", "Radio", "Privé", "1,0,6,0,2,0,7,0", "", "", ""),
        ("Option 6", "Radio", "Oui", "1,0,12,0,2,0,13,0", "", "F!$C$4", ""),
        ("Option 7", "Radio", "Non", "1,0,13,0,2,0,14,0", "", "", ""),
        ("Liste 8", "Drop", "", "1,0,15,0,2,0,16,0", _CHOIX, "$C$5", 'sel="0"'),
    ]  # fmt: skip
    genres = {"Checkbox": "CheckBox", "GBox": "GBox", "Radio": "Radio", "Drop": "Drop"}
    formes, controles, liens, etats = [], [], [], {}
    for rang, (nom, genre, legende, ancre, contenu, lien, etat) in enumerate(commandes, 1):
        lie = f"<x:FmlaLink>{lien}</x:FmlaLink>" if lien else ""
        formes.append(_forme(1024 + rang, genre, legende, ancre, lie + contenu))
        controles.append(
            f'<mc:AlternateContent {_MC}><mc:Choice Requires="x14"><control shapeId="{1024 + rang}" '
            f'r:id="rId{rang}" name="{nom}"><controlPr/></control></mc:Choice></mc:AlternateContent>'
        )
        liens.append(
            f'<Relationship Id="rId{rang}" Type="{_NS}/officeDocument/2006/relationships/ctrlProp" '
            f'Target="../ctrlProps/ctrlProp{rang}.xml"/>'
        )
        attribut = f' fmlaLink="{lien}"' if lien else ""
        etats[_ETAT.format(rang)] = (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<formControlPr xmlns="{_X14}" '
            f'objectType="{genres[genre]}"{attribut} {etat} lockText="1"/>'
        )
    liens.append(
        f'<Relationship Id="rId99" Type="{_NS}/officeDocument/2006/relationships/vmlDrawing" '
        'Target="../drawings/vmlDrawing1.vml"/>'
    )
    lignes = "".join(
        f'<row r="{n}"><c r="E{n}" t="inlineStr"><is><t>{t}</t></is></c></row>'
        for n, t in enumerate(("Internat", "Externat", "Accueil de jour"), 1)
    )
    feuille = ENTETE.replace('main">', f'main" xmlns:r="{_NS}/officeDocument/2006/relationships">') + (
        f'<sheetData>{lignes}</sheetData><legacyDrawing r:id="rId99"/>'
        f"<controls>{''.join(controles)}</controls></worksheet>"
    )
    return brut(
        feuille,
        **etats,
        **{
            "xl/worksheets/_rels/sheet1.xml.rels": (
                f'<Relationships xmlns="{_LIENS}">{"".join(liens)}</Relationships>'
            ),
            _DESSIN: f'<xml xmlns:v="urn:schemas-microsoft-com:vml">{"".join(formes)}</xml>',
        },
    )


GABARIT = formulaire()
PREPARE = preparer(GABARIT)


def case(texte: str) -> CaseExcel:
    lue = lire_case(texte, True, lambda nom: reference_du_nom(PREPARE, nom))
    assert isinstance(lue, CaseExcel)
    return lue


def ecrire(*valeurs: tuple[str, object]) -> Remplissage:
    saisies = [
        Saisie(case(texte), saisir("F!A1", valeur, "booleen" if isinstance(valeur, bool) else "texte").valeur)
        for texte, valeur in valeurs
    ]
    rempli = remplir(PREPARE, saisies)
    assert certifier(GABARIT, rempli.octets, rempli.ecrites) == []
    return rempli


def coches(octets: bytes) -> list[int]:
    """Les rangs des contrôles cochés, d’après le dessin ; ceux de `ctrlProps` doivent dire de même."""
    formes = re.findall(r"<v:shape .*?</v:shape>", partie(octets, _DESSIN), re.DOTALL)
    dessines = [rang for rang, forme in enumerate(formes, 1) if "<x:Checked>1</x:Checked>" in forme]
    declares = [n for n in range(1, 9) if 'checked="Checked"' in partie(octets, _ETAT.format(n))]
    assert dessines == declares
    return dessines


def test_une_case_se_coche_et_se_decoche() -> None:
    assert coches(GABARIT) == [1, 4]
    rempli = ecrire(("controle:Case 1", False))
    assert relire(rempli.octets, "F!C1") is False
    assert coches(rempli.octets) == [4]
    rempli = ecrire(("controle:habilité ASS", True))
    assert relire(rempli.octets, "F!C1") is True
    assert coches(rempli.octets) == [1, 4]


@pytest.mark.parametrize(
    ("choix", "cellule", "rang", "cochees"),
    [
        ("Public", "C3", 1, [1, 4]),
        ("Privé", "C3", 2, [1, 5]),
        ("Oui", "C4", 1, [1, 4, 6]),
        ("Option 7", "C4", 2, [1, 4, 7]),
    ],
)
def test_une_option_ecrit_son_rang_dans_son_groupe(
    choix: str, cellule: str, rang: int, cochees: Sequence[int]
) -> None:
    rempli = ecrire((f"controle:{choix}", True))
    assert relire(rempli.octets, f"F!{cellule}") == rang
    assert coches(rempli.octets) == cochees


def test_les_options_non_choisies_n_ecrivent_rien() -> None:
    rempli = ecrire(("controle:Public", False), ("controle:Privé", True), ("controle:Oui", False))
    assert relire(rempli.octets, "F!C3") == 2
    assert relire(rempli.octets, "F!C4") is None
    assert len(rempli.ecrites) == 1


def test_une_liste_ecrit_le_rang_de_son_choix() -> None:
    rempli = ecrire(("controle:Liste 8", "accueil de Jour"))
    assert relire(rempli.octets, "F!C5") == 3
    assert 'sel="3"' in partie(rempli.octets, _ETAT.format(8))
    assert "<x:Sel>3</x:Sel>" in partie(rempli.octets, _DESSIN)


def test_un_choix_absent_de_la_liste_est_refuse() -> None:
    [refus] = ecrire(("controle:Liste 8", "Semi-internat")).refus
    assert refus.code == "RX-07"
    assert "Internat · Externat · Accueil de jour" in refus.remede


def test_une_valeur_sans_oui_ni_non_est_refusee() -> None:
    [refus] = ecrire(("controle:Case 1", "totale")).refus
    assert (refus.code, "vaut" in refus.remede) == ("RX-14", True)


def test_la_cellule_liee_ecrite_directement_garde_le_dessin_d_accord() -> None:
    rempli = remplir(PREPARE, [saisir("F!C1", False, "booleen"), saisir("F!C3", 2, "entier")])
    assert relire(rempli.octets, "F!C1") is False
    assert coches(rempli.octets) == [5]
    assert certifier(GABARIT, rempli.octets, rempli.ecrites) == []


@pytest.mark.parametrize(
    ("texte", "mot"),
    [
        ("controle:Case 2", "n’a pas de cellule liée"),
        ("controle:Absente", "n’a pas de case à cocher"),
        ("controle:Public#2", "n’a que 1"),
        ("Autre!controle:Public", "n’a pas de case à cocher"),
    ],
)
def test_une_designation_sans_suite_est_dite(texte: str, mot: str) -> None:
    with pytest.raises(ErreurFormulaire, match=mot):
        case(texte)


def test_le_releve_les_montre_avec_leurs_choix_et_leur_etat() -> None:
    places = {str(p.case): p for p in places_du_gabarit(PREPARE) if "controle:" in str(p.case)}
    assert {texte: (p.genre, p.libelle, p.contenu) for texte, p in places.items()} == {
        "controle:Case 1": ("case à cocher", "Habilité ASS", "☒"),
        "controle:Case 2": ("case à cocher", "Sans lien", "☐"),
        "controle:Option 4": ("option", "Public", "☒"),
        "controle:Option 5": ("option", "Privé", "☐"),
        "controle:Option 6": ("option", "Oui", "☐"),
        "controle:Option 7": ("option", "Non", "☐"),
        "controle:Liste 8": ("liste posée", "Liste 8", ""),
    }
    assert places["controle:Liste 8"].choix == ("Internat", "Externat", "Accueil de jour")
    assert places["controle:Case 2"].obstacle is not None


@pytest.mark.parametrize(
    ("nom", "avant", "apres"),
    [
        (_DESSIN, "Sans lien", "Avec lien"),
        (_DESSIN, "<x:Checked>1</x:Checked>", ""),
        (_ETAT.format(1), 'lockText="1"', 'lockText="0"'),
        (_ETAT.format(2), "lockText", 'checked="Checked" lockText'),
    ],
)
def test_un_controle_change_autrement_est_denonce(nom: str, avant: str, apres: str) -> None:
    rempli = ecrire(("controle:Case 1", True))
    contenus = {cle: octets.decode() for cle, octets in parties(rempli.octets).items()}
    assert avant in contenus[nom]
    contenus[nom] = contenus[nom].replace(avant, apres, 1)
    assert (
        certifier(GABARIT, brut(contenus.pop("xl/worksheets/sheet1.xml"), **contenus), rempli.ecrites) != []
    )


def test_un_rang_qui_n_est_pas_celui_de_la_valeur_est_denonce() -> None:
    rempli = ecrire(("controle:Liste 8", "Externat"))
    faux = [Saisie(s.case, saisir("F!A1", "Internat").valeur) for s in rempli.ecrites]
    assert certifier(GABARIT, rempli.octets, faux) != []


@exige_les_reels
def test_les_cases_d_un_formulaire_reel_se_cochent_toutes() -> None:
    octets = (REELS / "excel/formscomments.xlsx").read_bytes()
    prepare = preparer(octets)
    liees = [c for c in prepare.commandes.toutes if c.genre == "coche" and prepare.commandes.lieu(c)]
    assert len(liees) >= 20
    saisies = [
        Saisie(
            lire_case(prepare.commandes.adresse(c), True, lambda nom: reference_du_nom(prepare, nom)),
            saisir("F!A1", True, "booleen").valeur,
        )
        for c in liees
    ]
    uniques = list({(s.case.feuille, s.case.cellule): s for s in saisies}.values())  # type: ignore[union-attr]
    rempli = remplir(prepare, uniques)
    assert rempli.refus == ()
    assert certifier(octets, rempli.octets, rempli.ecrites) == []
    classeur = ouvrir(rempli.octets)
    for saisie in uniques:
        assert isinstance(saisie.case, CaseExcel)
        assert classeur[saisie.case.feuille][saisie.case.cellule].value is True
    assert partie(rempli.octets, "xl/drawings/vmlDrawing4.vml").count("<x:Checked>1</x:Checked>") == len(
        liees
    )


# ---------------------------------------------------------------- contrôles ActiveX

_CLASSES = {"coche": "8BD21D40", "option": "8BD21D50", "choix": "8BD21D30"}


def formulaire_activex() -> bytes:
    """Une case (C1), une option (C2) et une liste (C3 ← E1:E3) ActiveX ; la feuille dit leur cellule liée."""
    controles, liens, classes = [], [], {}
    for rang, (nom, classe) in enumerate(_CLASSES.items(), 1):
        source = ' listFillRange="E1:E3"' if nom == "choix" else ""
        controle = f'<control shapeId="{1024 + rang}" r:id="rId{rang}" name="{nom}"'
        controles.append(
            f'<mc:AlternateContent {_MC}><mc:Choice Requires="x14">{controle}>'
            f'<controlPr linkedCell="C{rang}"{source}/></control></mc:Choice>'
            f"<mc:Fallback>{controle}/></mc:Fallback></mc:AlternateContent>"
        )
        liens.append(
            f'<Relationship Id="rId{rang}" Type="{_NS}/officeDocument/2006/relationships/control" '
            f'Target="../activeX/activeX{rang}.xml"/>'
        )
        classes[f"xl/activeX/activeX{rang}.xml"] = (
            '<ax:ocx xmlns:ax="http://schemas.microsoft.com/office/2006/activeX" '
            f'ax:classid="{{{classe}-EC42-11CE-9E0D-00AA006002F3}}" ax:persistence="persistStreamInit"/>'
        )
    lignes = "".join(
        f'<row r="{n}"><c r="E{n}" t="inlineStr"><is><t>{t}</t></is></c></row>'
        for n, t in enumerate(("Internat", "Externat", "Accueil de jour"), 1)
    )
    racine = ENTETE.replace('main">', f'main" xmlns:r="{_NS}/officeDocument/2006/relationships">')
    feuille = f"{racine}<sheetData>{lignes}</sheetData><controls>{''.join(controles)}</controls></worksheet>"
    relations = f'<Relationships xmlns="{_LIENS}">{"".join(liens)}</Relationships>'
    return brut(feuille, **{"xl/worksheets/_rels/sheet1.xml.rels": relations}, **classes)


def test_un_controle_activex_se_remplit_par_sa_cellule_liee() -> None:
    gabarit = formulaire_activex()
    prepare = preparer(gabarit)
    saisies = [
        Saisie(
            lire_case(f"controle:{nom}", True, lambda n: reference_du_nom(prepare, n)),
            saisir("F!A1", v).valeur,
        )
        for nom, v in (("coche", True), ("option", False), ("choix", "externat"))
    ]
    rempli = remplir(prepare, saisies)
    assert rempli.refus == ()
    assert [relire(rempli.octets, f"F!C{n}") for n in (1, 2, 3)] == [True, False, "Externat"]
    assert certifier(gabarit, rempli.octets, rempli.ecrites) == []
    places = {str(p.case): p.genre for p in places_du_gabarit(prepare) if "controle:" in str(p.case)}
    assert places == {
        "controle:coche": "case à cocher",
        "controle:option": "option",
        "controle:choix": "liste posée",
    }


# ---------------------------------------------------------------- par la correspondance

_CASES = """
[cases]
"controle:Case 1" = { champ = "etablissement.type", vaut = "EHPAD" }
"controle:Public" = { champ = "etablissement.type", vaut = "IME" }
"controle:Privé" = { champ = "etablissement.type", vaut = "EHPAD" }
"""


def test_la_correspondance_nomme_les_controles(tmp_path: Path) -> None:
    poser_classeur(tmp_path, des_donnees(Etablissement(code="E", nom="Les Tilleuls", type="EHPAD")))
    repertoire = poser_formulaire(tmp_path, "coches", _CASES, GABARIT)
    assert verifier_formulaire(repertoire).defauts == []
    rapport = generer(tmp_path)
    octets = (tmp_path / "sorties/E/E_coches.xlsx").read_bytes()
    assert (relire(octets, "F!C1"), relire(octets, "F!C3")) == (True, 2)
    assert coches(octets) == [1, 5]
    assert [d.statut for d in rapport.documents] == ["cree"]
    assert not [a for a in rapport.anomalies if a.code.startswith("RX")]
    assert {d.statut for d in generer(tmp_path).documents} == {"inchange"}


def test_un_controle_absent_est_un_defaut_du_formulaire(tmp_path: Path) -> None:
    suite = _CASES.replace("controle:Privé", "controle:Associatif")
    [defaut] = verifier_formulaire(poser_formulaire(tmp_path, "coches", suite, GABARIT)).defauts
    assert "« Associatif »" in defaut
