"""Le contrat à balises du banc : quinze pages, trois cents balises, dix tableaux de vingt lignes."""

from __future__ import annotations

import datetime
import io
import random
from collections.abc import Iterator
from decimal import Decimal
from itertools import cycle

import docx
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from cpomdocs.formats import formater
from cpomdocs.modeles.base import Entite, InfoChamp, infos
from cpomdocs.modeles.chemins import Contexte
from cpomdocs.modeles.dossier import FICHES, SAISIES, Dossier

TABLEAUX = {
    "activite": ("annee", "modalite", "journees_prevues", "journees_realisees", "nb_heures"),
    "effectifs": ("categorie", "fonction", "annee", "etp_budgetes", "remuneration_brute"),
    "comptes": ("annee", "compte", "intitule", "montant", "cnr"),
    "dotations": ("annee", "nature", "financeur", "base_reconductible", "date_notification"),
    "publics": ("annee", "dimension", "modalite", "effectif", "date_coupe"),
}
"""Les collections des tableaux, montrées deux fois chacune, et leurs colonnes."""
LIGNES, ETABLISSEMENTS = 20, 200
_BALISES = 300
_FIXES = ("etablissement", "gestionnaire", "contrat")
_DEBUT = "Les parties conviennent que les moyens alloués au titre du présent contrat concourent à ("
_FIN = "), dans le respect de l’annualité budgétaire et des orientations régionales qui leur sont opposables."
_W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
_MOTS = ("accueil & soins", "« hébergement »", "aide à domicile", "service éducatif", "pôle médical <1er>")


def gabarit() -> bytes:
    """Le contrat : articles coupés de balises (une sur trois en plusieurs passages), tableaux à boucle."""
    document = docx.Document()
    style = document.styles["Normal"]
    style.font.size, style.paragraph_format.space_after = Pt(9), Pt(3)
    champs = cycle(_champs_simples())
    balises = _BALISES - len(TABLEAUX) * 2 * (2 + len(next(iter(TABLEAUX.values()))))
    par_section, rang = balises // (2 * len(TABLEAUX)), 0
    for collection, colonnes in [*TABLEAUX.items()] * 2:
        document.add_heading(f"Titre relatif à : {collection}", 1)
        for _ in range(par_section):
            rang += 1
            _article(document.add_paragraph(), next(champs), coupe=rang % 3 == 0)
        _tableau(document, collection, colonnes)
    for _ in range(balises - par_section * 2 * len(TABLEAUX)):
        _article(document.add_paragraph(), next(champs), coupe=False)
    document.sections[0].header.paragraphs[0].text = "Contrat {{ contrat.numero }}"
    _a_la_facon_de_word(document)
    tampon = io.BytesIO()
    document.save(tampon)
    return tampon.getvalue()


def _champs_simples() -> list[str]:
    """Les champs courts des trois lignes que tout document voit."""
    courts = ("texte", "entier", "montant", "date", "annee")
    return [
        f"{racine}.{info.nom}"
        for racine in _FIXES
        for info in infos(_modele(racine)).values()
        if info.nature.nom in courts and not info.calcule
    ]


def _article(paragraphe: Paragraph, champ: str, *, coupe: bool) -> None:
    paragraphe.add_run(_DEBUT)
    morceaux = ("{", "{ " + champ[:6], champ[6:] + " }}") if coupe else ("{{ " + champ + " }}",)
    for rang, morceau in enumerate(morceaux):
        paragraphe.add_run(morceau).bold = rang == 0
    paragraphe.add_run(_FIN)


def _tableau(document: Document, collection: str, colonnes: tuple[str, ...]) -> None:
    lignes = document.add_table(4, len(colonnes), "Table Grid").rows
    for case, colonne in zip(lignes[0].cells, colonnes, strict=True):
        case.text = colonne.capitalize()
    lignes[1].cells[0].text = f"{{%tr for x in {collection} %}}"
    for case, colonne in zip(lignes[2].cells, colonnes, strict=True):
        case.text = f"{{{{ x.{colonne} }}}}"
    lignes[3].cells[0].text = "{%tr endfor %}"


def _a_la_facon_de_word(document: Document) -> None:
    """Ce que Word laisse dans tout document retouché : numéros de révision, repères, langue, orthographe."""
    for rang, paragraphe in enumerate(document.element.body.iter(qn("w:p"))):
        for nom in ("rsidR", "rsidRPr", "rsidRDefault"):
            paragraphe.set(qn(f"w:{nom}"), f"00{rang * 7919 % 0xFFFFFF:06X}")
        paragraphe.set(f"{{{_W14}}}paraId", f"{rang + 1:08X}")
        for passage in list(paragraphe.iter(qn("w:r"))):
            passage.set(qn("w:rsidRPr"), f"00{rang * 104729 % 0xFFFFFF:06X}")
            proprietes = passage.get_or_add_rPr()
            proprietes.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="fr-FR" w:eastAsia="fr-FR"/>'))
            if rang % 4 == 0:
                passage.addprevious(parse_xml(f'<w:proofErr {nsdecls("w")} w:type="spellStart"/>'))


def donnees() -> Dossier:
    """Deux cents établissements, chacun avec ses vingt lignes par tableau ; toujours les mêmes."""
    hasard = random.Random(26)
    fiches = {nom: _ligne(FICHES[nom], hasard) for nom in FICHES}
    codes = [f"E{rang:02}" for rang in range(1, ETABLISSEMENTS + 1)]
    lignes = {
        collection: [
            _ligne(SAISIES[collection], hasard) | {"etablissement": code}
            for code in codes
            for _ in range(LIGNES)
        ]
        for collection in TABLEAUX
    }
    etablissements = [_ligne(SAISIES["etablissements"], hasard) | {"code": code} for code in codes]
    fiches["parametres"]["annee_n"] = 2026
    return Dossier.model_validate({**fiches, **lignes, "etablissements": etablissements})


def _ligne(modele: type[Entite], hasard: random.Random) -> dict[str, object]:
    saisis = (info for info in infos(modele).values() if not info.calcule)
    return {info.nom: _valeur(info, hasard) for info in saisis}


def _valeur(info: InfoChamp, hasard: random.Random) -> object:
    numero = hasard.randrange(1, 10_000_000)
    valeurs: dict[str, object] = {
        "entier": numero % 5_000,
        "annee": 2020 + numero % 10,
        "montant": Decimal(numero) / 100,
        "decimal": Decimal(numero % 10_000) / 100,
        "taux": Decimal(numero % 1_000) / 1_000,
        "date": datetime.date(2020, 1, 1) + datetime.timedelta(days=numero % 3_000),
        "booleen": numero % 2 == 0,
    }
    return valeurs.get(info.nature.nom, f"{hasard.choice(_MOTS)} n° {numero}")


def en_textes(contexte: Contexte) -> dict[str, object]:
    """Les mêmes données pour docxtpl, déjà mises en français : il ne lui reste qu’à rendre."""
    dossier, etablissement = contexte.dossier, contexte.etablissement
    if etablissement is None:
        raise ValueError("le contrat du banc est celui d’un établissement")
    noms: dict[str, object] = {
        "etablissement": _textes(etablissement),
        "gestionnaire": _textes(dossier.gestionnaire),
        "contrat": _textes(dossier.contrat),
    }
    return noms | {nom: [*map(_textes, dossier.lignes(nom, etablissement.code))] for nom in TABLEAUX}


def _textes(ligne: Entite) -> dict[str, str]:
    saisis: Iterator[InfoChamp] = (info for info in infos(type(ligne)).values() if not info.calcule)
    return {i.nom: formater(getattr(ligne, i.nom), i.nature, i.unite) for i in saisis}


def _modele(racine: str) -> type[Entite]:
    return FICHES.get(racine) or SAISIES[f"{racine}s"]


def contextes(dossier: Dossier) -> Iterator[Contexte]:
    """Un contexte par établissement."""
    return (Contexte(dossier, etablissement) for etablissement in dossier.etablissements)
