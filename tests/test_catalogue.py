"""The catalogue says everything the program says, in every language, as it was compiled."""

import importlib.util
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from app import i18n

TOP = Path(__file__).resolve().parent.parent
spec = importlib.util.spec_from_file_location("catalogue", TOP / "tools" / "catalogue.py")
catalogue = importlib.util.module_from_spec(spec)
spec.loader.exec_module(catalogue)

TRANSLATED = [language for language in i18n.LANGUAGES if language != i18n.ENGLISH]


@pytest.fixture(scope="module")
def source():
    return catalogue.in_source()


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_of_the_program_is_translated(source, language):
    kept = catalogue.kept(language)
    ids = lambda each: {message.id for message in catalogue.messages(each)}
    assert ids(source) - ids(kept) == set(), "run `make strings`"
    assert ids(kept) - ids(source) == set(), "run `make strings`"
    assert catalogue.untranslated(kept) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_name_the_same_places(language):
    assert catalogue.disagreeing(catalogue.kept(language)) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_is_compiled_is_what_is_kept(language):
    kept = catalogue.kept(language)
    assert catalogue.po_file(language).with_suffix(".mo").read_bytes() == catalogue.compiled(kept), "run `make strings`"


def test_no_text_hides_from_the_extractor(tmp_path, monkeypatch):
    assert catalogue.out_of_sight() == []
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "page.py").write_text(
        "a = f\"{_('hidden')} {_(name)}\"\nb = f'{name}' + _('seen')\nc = says_n(N_('one'), 'many', 2)\n"
    )
    monkeypatch.setattr(catalogue, "TOP", tmp_path)
    assert catalogue.out_of_sight() == ["app/page.py:1", "app/page.py:3"]


def test_a_missing_a_guessed_and_a_wrong_translation_are_found():
    kept = Catalog(locale="zh_CN")
    kept.add("sound {name}", "好 {name}")
    kept.add(("{n} copy", "{n} copies"), ("{n} 份",))
    assert catalogue.untranslated(kept) == []
    assert catalogue.disagreeing(kept) == []
    kept.add("missing", "")
    kept.add("guessed", "猜", flags=["fuzzy"])
    kept.add("to {name}", "给 {names}")
    assert catalogue.untranslated(kept) == ["missing", "guessed"]
    assert catalogue.disagreeing(kept) == ["to {name}"]


def test_every_way_to_say_something_is_extracted(tmp_path, monkeypatch):
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "page.py").write_text(
        '_("a"); N_("b"); says("c {x}", x=says("d")); Says(N_("e"), {}); says_n("{n} f", "{n} fs", 2)\n'
        'ask(Kind.DATE, N_("g"), default=N_("h")); ngettext("i", "is", n)\n',
    )
    monkeypatch.setattr(catalogue, "TOP", tmp_path)
    found = {message.id for message in catalogue.messages(catalogue.in_source())}
    assert found == {"a", "b", "c {x}", "d", "e", ("{n} f", "{n} fs"), "g", "h", ("i", "is")}


@pytest.mark.parametrize("name", ["clerks", "administrators", "import"])
def test_the_manuals_name_the_acts_as_the_window_does(name):
    """The Chinese manual sent clerks to a “新建文件…” that no menu had."""
    messages = list(catalogue.messages(catalogue.kept("zh_CN")))
    ids = {each.id for each in messages if isinstance(each.id, str)}
    translations = {each.string for each in messages if isinstance(each.string, str)}
    manual = TOP / "docs" / "manual"
    english = re.sub(r"\s+", " ", (manual / f"{name}.md").read_text(encoding="utf-8"))
    chinese = (manual / f"{name}.zh_CN.md").read_text(encoding="utf-8")
    named, written = set(re.findall(r"\*([A-Z][^*]*…)\*", english)), set(re.findall(r"“([^“”]*…)”", chinese))
    assert named
    assert written
    assert named - ids == set()
    assert written - translations == set()
