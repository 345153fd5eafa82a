"""Bring the catalogue up to date with the texts of the source, compile it, and name what has no translation yet."""

import ast
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

TOP = Path(__file__).resolve().parent.parent
LOCALE = TOP / "resources" / "locale"
BEGUN = datetime(2026, 11, 23, tzinfo=UTC)
KEYWORDS = {
    "N_": None,
    "_": None,
    "Says": None,
    "ngettext": (1, 2),
    "says": None,
    "says_n": (1, 2),
    "translate": None,
}

Text = str | list[str] | tuple[str, ...]


def in_source() -> Catalog:
    """Every message of the program, as it is declared now."""
    found = Catalog(charset="utf-8")
    calls = extract_from_dir(TOP / "app", [("**.py", "python")], keywords=KEYWORDS, comment_tags=("for translators:",))
    for name, _line, message, comments, _context in calls:
        found.add(message, locations=[(f"app/{name}", 0)], auto_comments=comments)
    for words in command_helps():
        found.add(words, locations=[("app/cli.py", 0)])
    return found


def command_helps() -> list[str]:
    """What the help of the command line says about each command: its docstring."""
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in sorted((TOP / "app").glob("*.py"))]
    functions = [node for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)]
    commands = [each for each in functions if any("app.command(" in ast.unparse(on) for on in each.decorator_list)]
    return [words for command in commands if (words := ast.get_docstring(command))]


def out_of_sight() -> list[str]:
    """Where a text is marked inside an f-string, or once more inside a call that counts: the extractor misses both."""
    return [
        f"app/{path.relative_to(TOP / 'app')}:{line}"
        for path in sorted((TOP / "app").rglob("*.py"))
        for line in _hidden(ast.parse(path.read_text(encoding="utf-8")))
    ]


def kept(language: str) -> Catalog:
    """The catalogue of a language as it is kept."""
    with po_file(language).open("rb") as file:
        return read_po(file, locale=language)


def po_file(language: str) -> Path:
    """The text that translators edit."""
    return LOCALE / language / "LC_MESSAGES" / "custos.po"


def brought_up_to_date(catalogue: Catalog, source: Catalog) -> Catalog:
    """The catalogue with exactly the messages of the source; nothing is guessed from a similar one."""
    catalogue.update(source, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    # Everything in the header that changes with the day or the hand would be a change in every commit.
    catalogue.project, catalogue.version = "Custos", "1"
    catalogue.creation_date = catalogue.revision_date = BEGUN
    catalogue.last_translator, catalogue.msgid_bugs_address = "", ""
    return catalogue


def compiled(catalogue: Catalog) -> bytes:
    """The bytes that the program reads."""
    out = BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def messages(catalogue: Catalog) -> list[Message]:
    """The messages without the header."""
    return [message for message in catalogue if message.id]


def untranslated(catalogue: Catalog) -> list[str]:
    """Messages without a translation, or with one that is only a guess."""
    return [_first(message.id) for message in messages(catalogue) if message.fuzzy or not all(_forms(message.string))]


def disagreeing(catalogue: Catalog) -> list[str]:
    """Messages whose translation names other places than the original."""
    return [
        _first(message.id)
        for message in messages(catalogue)
        for form in _forms(message.string)
        if form and places(form) != places(_forms(message.id)[-1])
    ]


def places(text: str) -> set[str]:
    """The names in braces."""
    return {name for _literal, name, _spec, _conversion in Formatter().parse(text) if name is not None}


def main() -> int:
    """Write both files of every language; ends with 1 while a translation is missing or wrong."""
    source, hidden = in_source(), out_of_sight()
    wrong = len(hidden)
    print("".join(f"{place}: the extractor does not see this text\n" for place in hidden), end="")
    for folder in sorted(each for each in LOCALE.iterdir() if each.is_dir()):
        language = folder.name
        catalogue = brought_up_to_date(kept(language), source)
        with po_file(language).open("wb") as file:
            # Without line numbers and dates the file changes only where a text does.
            write_po(file, catalogue, width=0, include_lineno=False, ignore_obsolete=True, sort_by_file=True)
        po_file(language).with_suffix(".mo").write_bytes(compiled(catalogue))
        missing, other = untranslated(catalogue), disagreeing(catalogue)
        wrong += len(missing) + len(other)
        print(f"{language}: {len(messages(catalogue))} messages, {len(missing)} untranslated, {len(other)} disagreeing")
        print("".join(f"  {text!r}\n" for text in missing + other), end="")
    return 1 if wrong else 0


def _hidden(tree: ast.AST) -> Iterator[int]:
    for outer in ast.walk(tree):
        if isinstance(outer, ast.JoinedStr):
            marks = set(KEYWORDS)
        elif isinstance(outer, ast.Call) and _called(outer) in {"says_n", "ngettext"}:
            marks = {"N_"}
        else:
            continue
        for call in ast.walk(outer):
            if isinstance(call, ast.Call) and call is not outer and _called(call) in marks:
                yield from (call.lineno for text in call.args[:1] if isinstance(text, ast.Constant))


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _forms(text: Text | None) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, list | tuple) else (text or "",)


def _first(text: Text) -> str:
    return _forms(text)[0]


if __name__ == "__main__":
    sys.exit(main())
