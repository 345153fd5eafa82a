"""Whatever is answered, an act is done or refused: it never breaks, and what it leaves behind is provable."""

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from app.domain.action import Asked, Kind, Line, questions
from app.domain.carrier import CarrierKind
from app.domain.people import DUTIES
from app.services.desk import Refused
from app.store.proof import verify_full
from tests.actions.life_acts import Life
from tests.actions.life_csv import ROWS
from tests.unit import Unit

TRIES = 16
ACTS = sorted({row.act for row in ROWS})
POOLS: dict[Kind, tuple[Any, ...]] = {
    Kind.TEXT: ("", "x", "会议𠮷", '"; --', "x\ny"),
    Kind.LONG_TEXT: ("", "x", "a" * 3_000),
    Kind.CODE: ("", "A-1", "CU-秘-2026-0001", "S/1", "7"),
    Kind.NUMBER: (-1, 0, 1, 2, 3, 12, 99, 10_000),
    Kind.FLAG: (True, False),
    Kind.LEVEL: ("mimi", "juemi", "ts", "none such", ""),
    Kind.PERIOD: ("", "10年", "6个月", "2036-05-01", "长期", "?"),
    Kind.CAVEATS: ((), ("NO_COPY",), ("none such",)),
    Kind.CHANNEL: ("exchange_station", "courier", "confidential_mail", "none such", ""),
    Kind.CARRIER_KIND: tuple(CarrierKind),
    Kind.DUTY: tuple(DUTIES),
    Kind.UNITS: ((), ("*",), ("plans",)),
}
TABLES = {
    Kind.PERSON: "persons", Kind.PEOPLE: "persons", Kind.PLACE: "places", Kind.DOCUMENT: "documents",
    Kind.SLIP: "slips", Kind.ENVELOPE: "envelopes", Kind.DOCUMENTS: "documents",
}  # fmt: skip


class Answers:
    """Random answers of the right type, by chance also of the right thing."""

    def __init__(self, unit: Unit, chance: Random) -> None:
        self._unit, self._chance = unit, chance

    def ids(self, table: str) -> list[int]:
        """Everything there is of a kind."""
        with self._unit.database.reading() as connection:
            return list(connection.exec_driver_sql(f"SELECT id FROM {table}").scalars())

    def to(self, name: str, asked: Asked) -> Any:
        """One answer."""
        chance = self._chance
        if asked.kind in TABLES or name == "original":
            found = self.ids(TABLES.get(asked.kind, "carriers"))
            if asked.kind in (Kind.PEOPLE, Kind.DOCUMENTS):
                return tuple(chance.sample(found, min(len(found), chance.randrange(4))))
            return chance.choice(found) if found else 1
        if asked.kind in (Kind.DATE, Kind.MOMENT):
            day = self._unit.today + timedelta(days=chance.choice((-400, -1, 0, 1, 30, 400)))
            return (
                day if asked.kind is Kind.DATE else self._unit.desk().now() + timedelta(hours=chance.randrange(-3, 3))
            )
        pool = tuple(code for code, _ in asked.choices) or POOLS.get(asked.kind, (None,))
        return chance.choice(pool)


@pytest.mark.parametrize("act", ACTS)
def test_an_act_with_other_answers_is_done_or_refused(unit: Unit, act: str) -> None:
    chance, life, starts = (
        Random(act),
        Life(unit),
        sorted({start for row in ROWS if row.act == act for start in row.starts}),
    )
    answers, tried = Answers(unit, chance), 0
    for turn in range(TRIES):
        try:
            ready = life.ready(act, chance.choice(starts or ["in_stock"]))
            ready = life.approved(ready) if turn % 2 else ready
        except Refused:  # what an earlier turn left behind forbids the way there
            continue
        asked = {name: each for name, each in questions(type(ready.action)).items() if each.kind is not Kind.STRUCTURE}
        chosen = chance.sample(sorted(asked), min(len(asked), chance.randint(1, 3)))
        given = {name: answers.to(name, asked[name]) for name in chosen}
        whole = {name: value for name, value in given.items() if not asked[name].each}
        each = {name: value for name, value in given.items() if asked[name].each}
        lines = [Line(line.subject, {**line.answers, **each}) for line in ready.lines]
        tried += 1
        act_now = replace(ready.action, **whole)
        assert "" not in unit.why_not(act_now, *lines, by=ready.by, slip=ready.slip, signed=ready.signed)
    assert tried
    with unit.database.reading() as connection:
        assert verify_full(connection).holds
