"""The walls stand, and each of them would be noticed if it fell."""

import pytest

from tests import architecture as walls
from tests.architecture import Source

PROGRAM = walls.sources("app/**/*.py")
MIGRATIONS = walls.sources("db/migrations/versions/*.py")


@pytest.mark.parametrize("rule", walls.EVERYWHERE, ids=lambda rule: rule.__name__)
def test_the_program_keeps(rule):
    assert len(PROGRAM) > 10
    assert [complaint for source in PROGRAM for complaint in rule(source)] == []


@pytest.mark.parametrize("rule", walls.IN_MIGRATIONS, ids=lambda rule: rule.__name__)
def test_the_migrations_keep(rule):
    assert [complaint for source in MIGRATIONS for complaint in rule(source)] == []


def test_everything_is_caught_in_two_places_only():
    broad = [complaint for source in PROGRAM for complaint in walls.broad_handlers(source)]
    places = [complaint.split(":")[0] for complaint in broad]
    assert set(places) <= walls.BROAD_ALLOWED, broad
    assert len(places) == len(set(places)), broad


def test_every_part_of_the_program_has_its_walls():
    homes = {source.home for source in PROGRAM}
    assert homes <= {*walls.OURS, *walls.OUTERMOST}
    assert homes <= {*walls.THEIRS}


PLANTED = [
    (walls.wrong_direction, "app/domain/slip.py", "from app.actions import CATALOGUE"),
    (walls.wrong_direction, "app/domain/slip.py", "import app.store.schema"),
    (walls.wrong_direction, "app/domain/slip.py", "from ..store import reads"),
    (walls.wrong_direction, "app/domain/slip.py", "from app import i18n"),
    (walls.wrong_direction, "app/actions/custody.py", "from app.services.desk import Desk"),
    (walls.wrong_direction, "app/store/reads.py", "from app.services.desk import Desk"),
    (walls.wrong_direction, "app/forms/slips.py", "from app.store import database"),
    (walls.wrong_direction, "app/services/desk.py", "from app.ui.notices import Notices"),
    (walls.wrong_direction, "app/services/desk.py", "from app.main import run"),
    (walls.wrong_direction, "app/ui/pages/today.py", "from app.store.schema import LedgerRow"),
    (walls.wrong_direction, "app/ui/pages/today.py", "from app import store"),
    (walls.wrong_direction, "app/ui/pages/today.py", "from app.forms import layout"),
    (walls.wrong_direction, "app/ui/pages/today.py", "def f():\n    import app.cli"),
    (walls.wrong_direction, "app/paths.py", "from app.settings import Settings"),
    (walls.wrong_library, "app/domain/slip.py", "from PySide6.QtCore import QDate"),
    (walls.wrong_library, "app/domain/slip.py", "import sqlalchemy as sa"),
    (walls.wrong_library, "app/actions/custody.py", "import msgspec"),
    (walls.wrong_library, "app/ui/table.py", "from sqlalchemy.orm import Session"),
    (walls.wrong_library, "app/services/printing.py", "from reportlab.pdfgen import canvas"),
    (walls.wrong_library, "app/forms/labels.py", "if TYPE_CHECKING:\n    import PySide6"),
    (walls.wrong_library, "app/jobs.py", "import requests"),
    (walls.network, "app/services/desk.py", "import socket"),
    (walls.network, "app/services/desk.py", "import urllib"),
    (walls.network, "app/services/desk.py", "from urllib import request"),
    (walls.network, "app/services/desk.py", "from http.client import HTTPConnection"),
    (walls.network, "app/store/vault.py", "import ssl"),
    (walls.network, "app/ui/preview.py", "from PySide6 import QtNetwork"),
    (walls.network, "app/ui/preview.py", "from PySide6.QtNetwork import QTcpSocket"),
    (walls.network, "app/ui/preview.py", "from PySide6.QtWebEngineWidgets import QWebEngineView"),
    (walls.impure, "app/domain/slip.py", "import time"),
    (walls.impure, "app/domain/slip.py", "from pathlib import Path"),
    (walls.impure, "app/domain/slip.py", "late = due < date.today()"),
    (walls.impure, "app/actions/custody.py", "at = datetime.now(tz=UTC)"),
    (walls.broad_handlers, "app/cli.py", "try:\n    f()\nexcept Exception:\n    pass"),
    (walls.broad_handlers, "app/cli.py", "try:\n    f()\nexcept:\n    pass"),
    (walls.broad_handlers, "app/cli.py", "try:\n    f()\nexcept (OSError, BaseException) as error:\n    pass"),
    (walls.broad_handlers, "app/cli.py", "try:\n    f()\nexcept Exception:\n    if odd:\n        raise"),
    (walls.broad_handlers, "app/cli.py", "with contextlib.suppress(Exception):\n    f()"),
    (walls.star_imports, "app/cli.py", "from app.domain.carrier import *"),
    (walls.late_imports, "app/cli.py", "def f():\n    import reportlab"),
    (walls.late_imports, "app/cli.py", "def f():\n    import reportlab  # slow"),
    (walls.late_imports, "app/cli.py", "def f():\n    import reportlab  # start-up:"),
    (walls.late_imports, "app/cli.py", "class A:\n    async def f(self):\n        from reportlab import lib"),
    (walls.file_names, "app/ui/utils.py", ""),
    (walls.file_names, "app/domain/exceptions.py", ""),
    (walls.class_names, "app/ui/table.py", "class TableManager:\n    pass"),
    (walls.too_long, "app/ui/table.py", "x = 1\n" * 401),
    (walls.ledger_rebuilt, "db/migrations/versions/1.py", 'with op.batch_alter_table("ledger") as batch:\n    pass'),
    (walls.ledger_rebuilt, "db/migrations/versions/1.py", 'op.batch_alter_table(table_name="ledger")'),
    (walls.ledger_rebuilt, "db/migrations/versions/1.py", "for t in tables:\n    op.batch_alter_table(t)"),
    (walls.schema_in_migration, "db/migrations/versions/1.py", "from app.store.schema import LEDGER"),
    (walls.schema_in_migration, "db/migrations/versions/1.py", "from app.store import schema"),
    (walls.schema_in_migration, "db/migrations/versions/1.py", "import app.store.schema as s"),
]

SOUND = [
    ("app/domain/slip.py", "import re\nfrom datetime import date\nimport msgspec\nfrom app.domain.words import says"),
    ("app/actions/custody.py", "from app.domain.action import Action, ask\nfrom app.domain.words import N_"),
    (
        "app/store/reads.py",
        "from sqlalchemy import select\nfrom app.store.schema import CARRIER\nfrom app import paths",
    ),
    ("app/forms/slips.py", "from app.store.reads import LoanLine\nfrom reportlab.lib import pagesizes"),
    ("app/ui/pages/today.py", "from app.store import reads\nfrom app.i18n import _\nfrom PySide6.QtCore import Qt"),
    ("app/cli.py", "def f():\n    from app.services import importing  # start-up: 0.2 s of spreadsheet readers"),
    ("app/services/desk.py", "from urllib.parse import quote\ntry:\n    f()\nexcept OSError:\n    pass"),
    ("app/store/database.py", "try:\n    f()\nexcept BaseException:\n    close()\n    raise"),
    ("app/main.py", "from app.ui.main_window import MainWindow\nfrom app.cli import main"),
]


@pytest.mark.parametrize(("rule", "path", "text"), PLANTED)
def test_a_planted_defect_is_found(rule, path, text):
    assert list(rule(Source(path, text)))


@pytest.mark.parametrize(("path", "text"), SOUND)
def test_sound_code_is_left_alone(path, text):
    source = Source(path, text)
    assert [complaint for rule in (*walls.EVERYWHERE, walls.broad_handlers) for complaint in rule(source)] == []


def test_a_migration_of_another_table_is_left_alone():
    source = Source("db/migrations/versions/1.py", 'with op.batch_alter_table("slip") as batch:\n    pass')
    assert [complaint for rule in walls.IN_MIGRATIONS for complaint in rule(source)] == []


def test_every_rule_has_been_attacked():
    assert {rule for rule, _path, _text in PLANTED} == {*walls.EVERYWHERE, *walls.IN_MIGRATIONS, walls.broad_handlers}
