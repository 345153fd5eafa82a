"""The sample's accounts with real key slots, a clock that the test moves, and a machine that goes off."""

from datetime import timedelta

import pytest

from app.services import accounts
from app.stage import password_of, set_up
from app.store import vault
from tests.unit import BEGAN

CHEAP = vault.Cost(memory_kib=8, passes=1, lanes=1)
NEW = "another horse, another battery"


class Office:
    """A register with the sample's accounts, and a clock on the wall that the test moves."""

    def __init__(self, folder):
        self.stage = set_up(folder, BEGAN, regimes=("cn-state",), cost=CHEAP)
        self.stage.close()
        self.folder = folder
        self.now = BEGAN + timedelta(minutes=10)
        self._seats = []

    def unlock(self, login="chen", password=None):
        seat = accounts.unlock(self.folder, login, password or password_of(login), lambda: self.now)
        self._seats.append(seat)
        return seat

    def leave(self):
        while self._seats:
            self._seats.pop().close()

    @property
    def slots(self):
        return {(slot.account, slot.generation) for slot in vault.read_vault(self.folder).slots}

    def acts(self, seat):
        with seat.database.reading() as connection:
            return list(connection.exec_driver_sql("SELECT action FROM ledger ORDER BY seq").scalars())


@pytest.fixture
def office(tmp_path):
    made = Office(tmp_path / "book")
    yield made
    made.leave()


class Crash(BaseException):
    """The machine went off: nothing that comes after is done, nothing is tidied."""


def crash(*_args, **_more):
    raise Crash
