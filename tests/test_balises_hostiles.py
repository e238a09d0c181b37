"""Des gabarits à balises hostiles : refusés en une seconde et 200 Mo, dans un programme à part."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from fabrique_word import docx, p, r, tableau

RACINE = Path(__file__).parents[1]
ESSAI = """
import json, resource, sys, time
from cpomdocs.erreurs import ErreurCpomdocs
from cpomdocs.modeles.chemins import Contexte
from cpomdocs.modeles.dossier import Dossier
from cpomdocs.remplissage.balises import lectures_du_document, preparer, remplir

resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
dossier = Dossier.model_validate(
    {
        "gestionnaire": {"raison_sociale": "x" * 1000},
        "etablissements": [{"code": f"E{i}", "nom": "n" * 200} for i in range(300)],
    }
)
resultats = []
for chemin in sys.argv[1:]:
    octets = open(chemin, "rb").read()
    debut = time.process_time()
    try:
        prepare = preparer(octets)
        remplir(prepare, Contexte(dossier))
        refus = None
    except ErreurCpomdocs as erreur:
        refus = erreur.message
    resultats.append((refus, time.process_time() - debut))
# La pointe de ce programme seul : celle de getrusage compterait celui qui l’a lancé.
lignes = open("/proc/self/status", encoding="ascii").read().splitlines()
pointe = next(int(ligne.split()[1]) for ligne in lignes if ligne.startswith("VmHWM"))
print(json.dumps({"resultats": resultats, "megaoctets": pointe / 1024}))
"""
BOUCLES = "".join(f"{{% for a{i} in etablissements %}}" for i in range(4))
FINS = "{% endfor %}" * 4


def balise(texte):
    return docx(p(r(texte.replace("&", "&amp;").replace("<", "&lt;"))))


def avec_document(xml):
    """Le document de ce XML : hors de la fabrique, qui n’écrit rien de tel."""
    source, tampon = zipfile.ZipFile(io.BytesIO(docx(p(r("x"))))), io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as cible:
        for nom in source.namelist():
            cible.writestr(nom, xml if nom == "word/document.xml" else source.read(nom))
    return tampon.getvalue()


def profond(nombre):
    ouvre, ferme = "<w:r><w:pict><w:p>" * nombre, "</w:p></w:pict></w:r>" * nombre
    return docx(f"<w:p>{ouvre}{r('{{ N }}')}{ferme}</w:p>")


DTD = '<!DOCTYPE d [<!ENTITY a "b"><!ENTITY c "&a;&a;&a;&a;&a;&a;&a;&a;">]><d>&c;{{ N }}</d>'
HOSTILES = {
    "exécution par lipsum": balise("{{ lipsum.__globals__['os'].popen('id').read() }}"),
    "exécution par cycler": balise("{{ cycler.__init__.__globals__.os.system('id') }}"),
    "exécution par self": balise("{{ self._TemplateReference__context.cycler }}"),
    "classe d’une chaîne": balise("{{ ''.__class__.__mro__[1].__subclasses__() }}"),
    "classe par crochets": balise("{{ ''['__class__'] }}"),
    "attr": balise("{{ gestionnaire|attr('__class__') }}"),
    "méthode du modèle": balise("{{ gestionnaire.model_dump_json() }}"),
    "format": balise("{{ '%999999999d'|format(1) }}"),
    "répétition": balise("{{ 'x' * 1000000000 }}"),
    "puissance": balise("{{ 9 ** 9 ** 9 ** 9 }}"),
    "nombre démesuré": balise("{{ 9" + "9" * 6_000 + " }}"),
    "produit démesuré": balise("{{ 1e999999 * 1e999999 }}"),
    "center": balise("{{ 'x'|center(1000000000) }}"),
    "plage": balise("{% for i in range(10 ** 12) %}x{% endfor %}"),
    "boucles emboîtées": balise(BOUCLES + "x" + FINS),
    "boucles emboîtées longues": balise(
        BOUCLES[: BOUCLES.index("a3") - 7] + "y" * 9_000 + "{% endfor %}" * 3
    ),
    "boucles dans un filtre": balise("{% for a in etablissements if a.code %}" * 4 + FINS),
    "texte doublé": balise(
        "{% set a = gestionnaire.raison_sociale %}" + "{% set a = a ~ a %}" * 60 + "{{ a }}"
    ),
    "liste doublée": balise("{% set a = [1, 2] %}" + "{% set a = [a, a] %}" * 60 + "{{ a|join }}"),
    "macro": balise("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"),
    "import": balise("{% import 'os' as os %}"),
    "inclusion": balise("{% include '/etc/passwd' %}"),
    "brut": balise("{% raw %}{{ N }}{% endraw %}"),
    "ouvertes par milliers": docx("".join(p(r("{% x")) for _ in range(20_000))),
    "ouvertes dans un texte": balise("{% x " * 20_000),
    "balises à cheval en chaîne": docx("".join(p(r("}} {{ a")) for _ in range(4_000))),
    "balises sans nombre": docx("".join(p(r("{{ N }}")) for _ in range(6_000))),
    "vm sans fin": docx(tableau(["{% vm %}" + "x" * 50_000 + "{% vm %}"])),
    "colspan par milliers": docx(tableau(["{% colspan " + "1 + " * 20_000 + "1 %}x"])),
    "parenthèses": balise("{{ " + "(" * 20_000 + "1" + ")" * 20_000 + " }}"),
    "négations": balise("{{ " + "not " * 20_000 + "N }}"),
    "points": balise("{{ N" + ".a" * 20_000 + " }}"),
    "filtres": balise("{{ N" + "|upper" * 20_000 + " }}"),
    "concaténations": balise("{{ " + "~".join(["N"] * 50_000) + " }}"),
    "conditions emboîtées": balise("{% if N %}" * 2_000 + "{% endif %}" * 2_000),
    "attribut ouvert": docx(p(r("{{ N }}"), proprietes=f'<w:pStyle w:val="{"{{" * 20_000}"/>')),
    "guillemets": balise('{{ "a }} {{ b" }}'),
    "signe réservé": docx(p(r("\ufdd00\ufdd1 {{ N }}"))),
    "repère contrefait": docx("<?cpomdocs-balise 7?>" + p(r("{{ N }}"))),
    "DTD": avec_document(DTD),
    "entité externe": avec_document(
        '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;{{ N }}</d>'
    ),
    "emboîtement": profond(20_000),
    "bombe": avec_document("<w:document>" + "{{ N }} " * 8_000_000 + "</w:document>"),
}
REFUSABLES_OU_RENDUS = {"repère contrefait", "vm sans fin"}


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory):
    """Ce que devient chaque gabarit, le temps de processeur qu’il prend, et la mémoire la plus haute."""
    repertoire = tmp_path_factory.mktemp("hostiles")
    chemins = []
    for rang, octets in enumerate(HOSTILES.values()):
        chemins.append(repertoire / f"{rang}.docx")
        chemins[-1].write_bytes(octets)
    commande = [sys.executable, "-c", ESSAI, *map(str, chemins)]
    fini = subprocess.run(commande, capture_output=True, text=True, cwd=RACINE, timeout=120, check=False)
    assert fini.returncode == 0, fini.stderr[-2_000:]
    sortie = json.loads(fini.stdout)
    return dict(zip(HOSTILES, sortie["resultats"], strict=True)), sortie["megaoctets"]


@pytest.mark.parametrize("nom", list(HOSTILES))
def test_un_gabarit_hostile_est_refuse_en_une_seconde(verdicts, nom):
    refus, duree = verdicts[0][nom]
    assert duree < 1
    assert refus or nom in REFUSABLES_OU_RENDUS


def test_aucun_ne_prend_plus_de_deux_cents_megaoctets(verdicts):
    assert verdicts[1] < 200
