"""tests/life.csv read: its rows, and what they say in terms a test can use."""

import csv
from dataclasses import dataclass
from pathlib import Path

from app.domain.carrier import HELD, State

FILE = Path(__file__).parent.parent / "life.csv"
LEVELS = {
    "juemi": (("cn-state", "juemi"),),
    "jimi": (("cn-state", "jimi"),),
    "mimi": (("cn-state", "mimi"),),
    "work": (("cn-work", "neibu"),),
    "company": (("cn-company", "company_juemi"), ("cn-company", "company_jimi"), ("cn-company", "company_mimi")),
    "us": (("us-dod", "ts"), ("us-dod", "s"), ("us-dod", "c")),
}
STATES = frozenset(str(state) for state in State)
REACHED_ENDS = frozenset({State.EXTERNAL, State.TRANSFERRED, State.DESTROYED, State.VOID})
"""Ended states into which an act of this issue leads."""
LEADERS = frozenset({"department_leader", "unit_leader", "general_manager", "classification_authority"})
"""Any leader of ours; the one who signs what goes out is, in a company, who classifies (O:167)."""


@dataclass(frozen=True)
class Row:
    """One line of the file."""

    t: str
    event: str
    act: str
    of: str
    start: tuple[str, ...]
    end: tuple[str, ...]
    who: str
    signers: tuple[str, ...]
    approvers: dict[str, str]
    blocked: tuple[str, ...]

    def __str__(self):
        return f"{self.t}-{self.act}"

    @property
    def starts(self):
        """The states it may start from, written out."""
        if self.start == ("held",):
            return tuple(sorted(HELD - {State(end) for end in self.end if end in STATES}))
        if self.start == ("at_hand",):
            return tuple(sorted(HELD - {State.MISSING, State.IN_TRANSIT, State.TO_DEST}))
        if self.start == ("any",):
            return tuple(sorted(HELD | REACHED_ENDS))
        return self.start

    def approves(self, column, level):
        """The routes of which one must be taken at that level, or None where the file says nothing."""
        said = self.approvers[column]
        if " | " in said:
            said = said.split(" | ")[0 if level == LEVELS[column][0][1] else 1]
        if said in ("?", "slip"):
            return None
        if said == "-":
            return ((),)
        if " / " in said:
            either = said.split(" / ")
            return (*((role,) for role in either), tuple(either))
        return (tuple(said.split(" > ")),)


def agrees(route, wanted, *, at_least=False):
    """Whether a route of roles is one of those wanted; `leader` stands for any leader.

    `at_least`: the reference names who must be asked and not the whole route, so a longer one will do.
    """
    return any(_is(route, one) or (at_least and set(one) <= set(route)) for one in wanted)


def _is(route, one):
    if len(route) != len(one):
        return False
    return all(want == role or (want == "leader" and role in LEADERS) for role, want in zip(route, one, strict=True))


def read():
    """Every row of the file, in order."""
    with FILE.open(encoding="utf-8", newline="") as file:
        lines = [line for line in file if not line.startswith("#")]
    return tuple(_row(found) for found in csv.DictReader(lines))


def _row(found):
    return Row(
        found["t"],
        found["event"],
        found["act"],
        found["of"],
        tuple(found["from"].split()),
        tuple(found["to"].split()),
        found["who"],
        _signers(found["signers"]),
        {column: found[column].strip() for column in LEVELS},
        tuple(sentence.strip() for sentence in found["blocked when"].split(";") if sentence.strip()),
    )


def _signers(said):
    """Roles that must sign at the desk; those on paper may follow, two of a kind are written twice."""
    if said == "-":
        return ()
    if said.startswith("destroyer 2"):
        return ("destroyer", "witness", "witness")
    if "(paper)" in said:
        return ()
    if said == "second clerk":
        return ("second clerk",)
    return ("witness",) if said.startswith("witness") else tuple(said.split())


ROWS = read()
CARRIER_ROWS = tuple(row for row in ROWS if row.of == "carrier")

NOT_BUILT = {
    ("T48", "void_number", "in_stock"): "a wrong entry that is in stock is voided by the chapter of corrections, later",
    ("T40", "found", "sealed"): "what is found goes into stock; sealing as evidence (T42) comes with incidents",
    ("T16", "copy_carrier", "in_stock"): "copies are born in_prep and counted into stock by finish_making (T04)",
}
"""States the reference names and no act reaches yet; a test says so when one does."""

BEYOND = {
    ("offer_handover", "archived"): "4.17: everything on the giver's charge is counted, and an archivist has a charge",
    ("offer_handover", "sealed"): "4.17: what is sealed is on the charge too, and stays sealed",
    (
        "offer_handover",
        "pend_dest",
    ): "4.17: a sealed bag is on the charge until it is destroyed, and its giver may leave",
    ("offer_handover", "in_prep"): "4.17: a copy being made has a custodian, who may leave",
}
"""Arcs of the code that 5.3 does not draw, each with what else in the reference asks for it."""
