"""The walls of the house, as functions from source text to complaints; test_architecture.py runs and attacks them."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

TOP = Path(__file__).resolve().parent.parent
LONGEST = 400  # lines; past 300 look for the second subject
BROAD_ALLOWED = {"app/main.py", "app/ui/background.py"}  # the excepthook and the worker, once each

# What may be imported of the program itself. `app.domain.words` is open to everybody.
OUTERMOST = (
    *("app/__main__.py", "app/cli.py", "app/jobs.py", "app/main.py"),
    *("app/sample.py", "app/stage.py", "app/terminal.py", "app/tour.py"),
)
OURS = {
    "app/domain": ("app.domain",),
    "app/actions": ("app.actions", "app.domain"),
    "app/store": ("app.store", "app.domain", "app.paths"),
    "app/forms": ("app.forms", "app.domain", "app.store.reads", "app.i18n", "app.paths"),
    "app/services": ("app.services", "app.actions", "app.domain", "app.store", "app.forms", "app.i18n", "app.paths"),
    "app/ui": (
        *("app.ui", "app.services", "app.actions", "app.domain"),
        # Reads are named to be passed on, failures to be shown; everything else of the store stays behind the desk.
        # The fault report shows the log's own trace without words.
        *("app.store.reads", "app.store.failures", "app.i18n", "app.log", "app.paths", "app.settings"),
    ),
    "app/i18n.py": ("app.paths",),
    "app/log.py": ("app.paths",),
    "app/paths.py": (),
    "app/settings.py": ("app.i18n", "app.paths"),
    "app/__init__.py": (),
}

# What may be imported of other people's. The outermost files put everything together and may name the window's parts.
THEIRS = {
    "app/domain": ("msgspec", "stdnum"),
    "app/actions": (),
    "app/store": ("alembic", "argon2", "cryptography", "msgspec", "sqlalchemy", "sqlcipher3"),
    "app/forms": ("barcode", "reportlab", "segno"),
    "app/services": ("cryptography", "msgspec", "python_calamine", "sqlalchemy", "xlsxwriter"),
    "app/ui": ("PySide6", "pyqtgraph", "qtawesome", "shiboken6"),
    "app/i18n.py": (),
    "app/log.py": (),
    "app/paths.py": ("platformdirs",),
    "app/settings.py": ("msgspec",),
    "app/__init__.py": (),
    "app/__main__.py": (),
    "app/cli.py": ("msgspec", "typer"),
    "app/jobs.py": ("msgspec",),
    "app/main.py": ("PySide6",),
    "app/sample.py": ("msgspec",),
    "app/stage.py": (),
    "app/terminal.py": ("typer",),
    "app/tour.py": (),
}

NETWORK = (
    *("socket", "ssl", "http", "urllib.request", "urllib.error", "ftplib", "smtplib", "poplib", "imaplib", "telnetlib"),
    *("nntplib", "xmlrpc", "socketserver", "asyncio", "webbrowser", "wsgiref"),
    *("PySide6.QtNetwork", "PySide6.QtWebEngine", "PySide6.QtWebSockets", "PySide6.QtHttpServer"),
    *("PySide6.QtWebChannel", "PySide6.QtBluetooth", "PySide6.QtNfc"),
)
# What a pure file would need for the clock, the machine or chance.
IMPURE = (
    *("os", "pathlib", "time", "random", "secrets", "subprocess", "threading", "multiprocessing", "shutil"),
    *("tempfile", "sqlite3", "gettext", "locale", "logging"),
)
CLOCK = {"now", "today", "utcnow"}
FILE_NAMES = {
    *("util", "utils", "helper", "helpers", "common", "misc"),
    *("constants", "exceptions", "types", "manager", "managers"),
}
CLASS_NAMES = ("Manager", "Helper", "Handler", "Processor", "Util", "Utils", "Data", "Info", "Impl")


@dataclass(frozen=True)
class Source:
    """One file: its path below the top, with slashes, and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @property
    def home(self) -> str:
        """The folder below app/, or the file itself when it lies directly there."""
        return "/".join(self.path.split("/")[:2])

    def nodes(self, *kinds: type[ast.AST]) -> list[ast.AST]:
        return [node for node in ast.walk(self.tree) if isinstance(node, kinds)]

    def imports(self) -> list[tuple[int, str]]:
        """Each imported thing by its full name, with its line; `from a import b` is `a.b`."""
        found = []
        for node in self.nodes(ast.Import, ast.ImportFrom):
            stem = "" if isinstance(node, ast.Import) else f"{self._from(node)}."
            found += [(node.lineno, stem + alias.name) for alias in node.names]
        return found

    def _from(self, node: ast.ImportFrom) -> str:
        package = self.path.removesuffix(".py").split("/")
        above = package[: len(package) - node.level] if node.level else []
        return ".".join([*above, *([node.module] if node.module else [])])

    def at(self, line: int, complaint: str) -> str:
        return f"{self.path}:{line} {complaint}"


def under(name: str, allowed: tuple[str, ...]) -> bool:
    """Is a dotted name one of these, or inside one of them?"""
    return any(name == each or name.startswith(f"{each}.") for each in allowed)


# one function a rule --------------------------------------------------------------------------------------------------


def wrong_direction(source: Source) -> Iterator[str]:
    """Imports against the arrows of the design."""
    if source.path in OUTERMOST:
        return
    allowed = (*OURS[source.home], "app.domain.words")
    for line, name in source.imports():
        if under(name, ("app",)) and not under(name, allowed):
            yield source.at(line, f"may not import {name}")


def wrong_library(source: Source) -> Iterator[str]:
    """Imports of other people's code that this part of the program has no use for."""
    for line, name in source.imports():
        ours = name.split(".")[0] in {"app", "__future__"} or name.split(".")[0] in sys.stdlib_module_names
        if not ours and not under(name, THEIRS[source.home]):
            yield source.at(line, f"may not import {name}")


def network(source: Source) -> Iterator[str]:
    """Anything that could speak to another machine."""
    for line, name in source.imports():
        # QtWebEngineWidgets, QtWebEngineCore … begin alike; `import urllib` reaches its submodules.
        if under(name, NETWORK) or name == "urllib" or name.startswith("PySide6.QtWebEngine"):
            yield source.at(line, f"{name} speaks to a network")


def impure(source: Source) -> Iterator[str]:
    """Clock, machine and chance in the pure parts."""
    if source.home not in {"app/domain", "app/actions"}:
        return
    for line, name in source.imports():
        if under(name, IMPURE):
            yield source.at(line, f"{name} is not pure")
    for node in source.nodes(ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr in CLOCK:
            yield source.at(node.lineno, f"asks the clock: {node.func.attr}()")


def broad_handlers(source: Source) -> Iterator[str]:
    """Handlers, and suppressions, that would swallow a defect; one that tidies up and raises it again does not."""
    for node in source.nodes(ast.ExceptHandler):
        last = node.body[-1]
        raised_again = isinstance(last, ast.Raise) and last.exc is None
        if not raised_again and (node.type is None or _names(node.type) & {"Exception", "BaseException"}):
            yield source.at(node.lineno, "catches everything")
    for node in source.nodes(ast.Call):
        if _names(node.func) & {"suppress"} and _names(*node.args) & {"Exception", "BaseException"}:
            yield source.at(node.lineno, "suppresses everything")


def star_imports(source: Source) -> Iterator[str]:
    """Imports of whatever another file happens to hold."""
    for line, name in source.imports():
        if name.endswith(".*"):
            yield source.at(line, f"imports {name}")


def late_imports(source: Source) -> Iterator[str]:
    """Imports inside functions that do not say what they save at start-up."""
    inside = {
        node: None
        for function in source.nodes(ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    for node in inside:
        _code, _mark, reason = source.lines[node.lineno - 1].partition("# start-up:")
        if not reason.strip():
            yield source.at(node.lineno, "imports inside a function without `# start-up: …` on the line")


def file_names(source: Source) -> Iterator[str]:
    """Files named after nothing in particular."""
    if PurePosixPath(source.path).stem in FILE_NAMES:
        yield source.at(1, "is a name that says nothing")


def class_names(source: Source) -> Iterator[str]:
    """Classes named after a pattern instead of a thing of the registry."""
    for node in source.nodes(ast.ClassDef):
        if node.name.endswith(CLASS_NAMES):
            yield source.at(node.lineno, f"class {node.name}: look for the word a clerk would use")


def too_long(source: Source) -> Iterator[str]:
    """Files with a second subject."""
    if len(source.lines) > LONGEST:
        yield source.at(LONGEST, f"has {len(source.lines)} lines; look for the second subject")


def ledger_rebuilt(source: Source) -> Iterator[str]:
    """Batch operations on the ledger: they copy the table and drop its triggers."""
    for node in source.nodes(ast.Call):
        if "batch_alter_table" not in _names(node.func):
            continue
        named = [*node.args[:1], *(each.value for each in node.keywords if each.arg == "table_name")]
        # A name that is computed could be the ledger's.
        if not all(isinstance(each, ast.Constant) and each.value != "ledger" for each in named):
            yield source.at(node.lineno, "rebuilds the ledger, which drops its triggers")


def schema_in_migration(source: Source) -> Iterator[str]:
    """Migrations that would change their meaning when the schema moves on."""
    for line, name in source.imports():
        if under(name, ("app.store.schema",)) or name in {"app", "app.store", "app.store.*", "app.*"}:
            yield source.at(line, "a migration stands on its own text, not on the schema of today")


EVERYWHERE = (
    wrong_direction,
    wrong_library,
    network,
    impure,
    star_imports,
    late_imports,
    file_names,
    class_names,
    too_long,
)
IN_MIGRATIONS = (ledger_rebuilt, schema_in_migration)


def sources(pattern: str) -> list[Source]:
    """The files of the checkout that match, oldest name first."""
    return [
        Source(path.relative_to(TOP).as_posix(), path.read_text(encoding="utf-8")) for path in sorted(TOP.glob(pattern))
    ]


def _names(*nodes: ast.AST) -> set[str]:
    """Every bare name and last attribute in these expressions."""
    found = [each for node in nodes for each in ast.walk(node)]
    return {each.id for each in found if isinstance(each, ast.Name)} | {
        each.attr for each in found if isinstance(each, ast.Attribute)
    }
