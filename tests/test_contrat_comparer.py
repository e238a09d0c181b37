"""« contrat comparer » : rien de ce que l’autorité a changé n’est tu, les clauses sensibles d’abord."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cpomdocs.cli import executer
from cpomdocs.contrats import ComparaisonDeContrats, comparer_contrats
from cpomdocs.contrats.rapports import en_html, en_word

BASE = [
    "Préambule",
    "Les parties veulent améliorer les parcours.",
    "Article 1 – Objet",
    "Le contrat fixe les engagements des parties.",
    "Article 2 – Modulation",
    "Un abattement s’applique au-delà de 5 points d’écart pendant deux exercices.",
    "Article 3 – Résultats",
    "Le gestionnaire affecte librement ses résultats.",
    "Il en rend compte chaque année.",
]


def un_contrat(chemin: Path, lignes: list[str]) -> Path:
    document = docx.Document()
    for ligne in lignes:
        document.add_paragraph(ligne)
    document.save(str(chemin))
    return chemin


def comparer(tmp_path: Path, avant: list[str], apres: list[str]) -> ComparaisonDeContrats:
    return comparer_contrats(un_contrat(tmp_path / "v1.docx", avant), un_contrat(tmp_path / "v2.docx", apres))


def changes(lignes: list[str], **remplacements: str) -> list[str]:
    return [remplacements.get(f"l{rang}", ligne) for rang, ligne in enumerate(lignes)]


def test_un_texte_identique_ou_recompose_ne_change_rien(tmp_path: Path) -> None:
    autrement = [ligne.replace("’", "'").replace("–", "-").upper() for ligne in BASE]
    comparaison = comparer(tmp_path, BASE, autrement)
    assert comparaison.changements == []
    assert comparaison.articles_inchanges == 4


def test_un_chiffre_change_est_montre_d_abord(tmp_path: Path) -> None:
    apres = changes(
        BASE,
        l1="Les parties veulent fluidifier les parcours.",
        l5="Un abattement s’applique au-delà de 3 points d’écart pendant deux exercices.",
    )
    comparaison = comparer(tmp_path, BASE, apres)
    (sensible,) = comparaison.sensibles
    assert (sensible.genre, sensible.article) == ("reformulation", "Article 2 – Modulation")
    assert sensible.chiffres == ["5 points → 3 points"]
    assert "modulation" in sensible.clauses
    assert [m.texte for m in sensible.mots if m.signe == "-"] == ["5"]
    assert [c.article for c in comparaison.autres] == ["Préambule"]


def test_clauses_ajoutees_retirees_deplacees_et_renumerotees(tmp_path: Path) -> None:
    apres = [
        *BASE[:4],
        "Article 2 – Résiliation",
        "L’autorité peut résilier le contrat après mise en demeure.",
        "Article 3 – Modulation",
        BASE[5],
        BASE[8],
        "Article 4 – Résultats",
    ]
    comparaison = comparer(tmp_path, BASE, apres)
    genres = {(c.genre, c.apres or c.avant) for c in comparaison.changements}
    assert ("ajout", "L’autorité peut résilier le contrat après mise en demeure.") in genres
    assert ("retrait", BASE[7]) in genres
    assert ("deplacement", BASE[8]) in genres
    assert ("titre", "Article 3 – Modulation") in genres
    assert not any(BASE[5] in (c.avant, c.apres) for c in comparaison.changements)


def test_les_modifications_suivies_sont_lues_acceptees(tmp_path: Path) -> None:
    chemin = un_contrat(tmp_path / "suivi.docx", BASE)
    document = docx.Document(str(chemin))
    paragraphe = document.paragraphs[7]._p
    auteur = 'w:id="9" w:author="ARS" w:date="2026-01-01T00:00:00Z"'
    paragraphe.append(
        parse_xml(f"<w:ins {nsdecls('w')} {auteur}><w:r><w:t> Sous réserve d’accord.</w:t></w:r></w:ins>")
    )
    paragraphe.append(
        parse_xml(f"<w:del {nsdecls('w')} {auteur}><w:r><w:delText> Jamais dit.</w:delText></w:r></w:del>")
    )
    document.save(str(chemin))
    (changement,) = comparer_contrats(un_contrat(tmp_path / "v1.docx", BASE), chemin).changements
    assert changement.apres == "Le gestionnaire affecte librement ses résultats. Sous réserve d’accord."


def test_le_rapport_word_et_la_page_disent_les_memes_choses(tmp_path: Path) -> None:
    comparaison = comparer(tmp_path, BASE, [*BASE, "Clause <script>alert(1)</script> & résiliation."])
    page = en_html(comparaison).decode()
    assert "<script>" not in page and "&lt;script&gt;" in page
    assert re.findall(r"(?:src|href)=", page) == []
    (tmp_path / "r.docx").write_bytes(en_word(comparaison))
    word = "\n".join(p.text for p in docx.Document(str(tmp_path / "r.docx")).paragraphs)
    assert "Clause <script>alert(1)</script> & résiliation." in word
    assert "Résiliation et dénonciation" in word and "Résiliation et dénonciation" in page


def test_la_commande_ecrit_le_rapport_demande(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    avant = un_contrat(tmp_path / "v1.docx", BASE)
    apres = un_contrat(tmp_path / "v2.docx", changes(BASE, l7="Les résultats sont repris par l’autorité."))
    for nom in ("r.html", "r.docx"):
        assert executer(["contrat", "comparer", str(avant), str(apres), "-s", str(tmp_path / nom)]) == 0
        assert (tmp_path / nom).stat().st_size > 500
    assert "à relire en premier" in capsys.readouterr().out
    assert executer(["contrat", "comparer", str(avant), str(apres), "-s", str(tmp_path / "r.odt")]) == 2
    (tmp_path / "faux.docx").write_bytes(b"rien")
    assert executer(["contrat", "comparer", str(avant), str(tmp_path / "faux.docx")]) == 2
    assert "Traceback" not in capsys.readouterr().err


class Texte(HTMLParser):
    """Le texte visible d’une page."""

    def __init__(self) -> None:
        super().__init__()
        self.morceaux: list[str] = []

    def handle_data(self, data: str) -> None:
        self.morceaux.append(data)


ALINEA = st.lists(
    st.sampled_from(
        [
            "la",
            "dotation",
            "places",
            "objectif",
            "gestionnaire",
            "autorité",
            "12",
            "500",
            "€",
            "le",
            "terme",
            "3,5",
            "%",
            "accord",
        ]
    ),
    min_size=4,
    max_size=14,
).map(" ".join)


@given(
    st.lists(st.tuples(st.sampled_from(["garder", "retirer", "changer"]), ALINEA), min_size=1, max_size=12),
    st.lists(ALINEA, max_size=3),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_tout_alinea_qui_n_est_pas_dans_l_autre_version_est_montre(
    tmp_path_factory: pytest.TempPathFactory, gestes: list[tuple[str, str]], ajouts: list[str]
) -> None:
    avant = ["Article 1", *(texte for _, texte in gestes)]
    apres = [
        "Article 1",
        *(t + " désormais" * (g == "changer") for g, t in gestes if g != "retirer"),
        *ajouts,
    ]
    comparaison = comparer(tmp_path_factory.mktemp("contrats"), avant, apres)
    lecteur = Texte()
    lecteur.feed(en_html(comparaison).decode())
    vu = " ".join("".join(lecteur.morceaux).split())
    montres = {c.avant for c in comparaison.changements} | {c.apres for c in comparaison.changements}
    for texte in [*(t for t in avant if t not in apres), *(t for t in apres if t not in avant)]:
        assert texte in montres
        assert all(mot in vu for mot in texte.split())
