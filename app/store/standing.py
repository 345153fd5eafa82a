"""What stands in somebody's name: what they hold, the envelopes and places they answer for, their open slips."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

from app.store.texts import Texts
from app.store.values import OPEN_STATES, day


class Standing(Texts):
    """The part of the look-ups that asks who answers for what."""

    def held_by(self, person: int) -> str | None:
        row = self._one(
            "SELECT number FROM carriers WHERE hands = ?"
            " UNION ALL SELECT number FROM carriers WHERE custodian = ? LIMIT 1",
            person, person,
        )  # fmt: skip
        return row[0] if row else None

    def earliest_due(self, slip: int, *, but: Sequence[int]) -> date | None:
        """The first day on which something that is out on a slip is due, leaving some of it aside."""
        row = self._one(
            "SELECT min(due) FROM carriers WHERE slip = ? AND id NOT IN (SELECT value FROM json_each(?))",
            slip, json.dumps(list(but)),
        )  # fmt: skip
        return day(row[0])

    def open_slip_of(self, kind: str, party: int) -> str | None:
        row = self._one(
            f"SELECT number FROM slips WHERE kind = ? AND party = ? AND state IN {OPEN_STATES} LIMIT 1",  # noqa: S608 - own names
            kind, party,
        )  # fmt: skip
        return row[0] if row else None

    def open_slip_asking(self, act: str, carrier: int, *, but: int | None) -> str | None:
        """Another open slip on which an act on a carrier was applied for and is not done yet."""
        row = self._one(
            "SELECT s.number FROM slip_lines l JOIN slips s ON s.id = l.slip"  # noqa: S608 - own names
            " WHERE l.carrier = ? AND l.status = 'listed' AND s.action = ? AND s.id IS NOT ?"
            f" AND +s.state IN {OPEN_STATES} LIMIT 1",
            carrier, act, but,
        )  # fmt: skip
        return row[0] if row else None

    def open_slips_of(self, opener: int, *, but: int) -> Sequence[str]:
        """The open slips somebody opened, but one; found among what is open, however many they ever opened."""
        sql = (
            f"SELECT number FROM slips WHERE state IN {OPEN_STATES}"  # noqa: S608 - own names
            " AND +opened_by = ? AND id <> ? ORDER BY id"
        )
        return list(self._connection.exec_driver_sql(sql, (opener, but)).scalars())

    def unopened_of(self, keeper: int) -> Sequence[str]:
        """The numbers of the envelopes somebody answers for that nobody has opened."""
        sql = (
            "SELECT e.number FROM envelopes e JOIN slips s ON s.id = e.slip"
            " WHERE e.state IN ('signed_for', 'discrepancy') AND e.opened_at IS NULL AND +s.party = ? ORDER BY e.id"
        )
        return list(self._connection.exec_driver_sql(sql, (keeper,)).scalars())

    def receipts_of(self, keeper: int) -> Sequence[int]:
        """The slips of the envelopes somebody answers for that are not settled yet."""
        sql = "SELECT id FROM slips WHERE state = 'executing' AND +kind = 'receipt' AND +party = ? ORDER BY id"
        return list(self._connection.exec_driver_sql(sql, (keeper,)).scalars())

    def places_kept_by(self, person: int) -> Sequence[int]:
        """The places whose named keeper somebody is."""
        sql = "SELECT id FROM places WHERE keeper = ? AND open = 1 ORDER BY id"
        return list(self._connection.exec_driver_sql(sql, (person,)).scalars())

    def count_in(self, place: int) -> int:
        """How many carriers should be in a place."""
        return int(self._one("SELECT count(*) FROM carriers WHERE place = ?", place)[0])

    def lies_in(self, place: int, regime: str, level: str) -> bool:
        """Whether anything of a level should be in a place; read off the index of what lies there."""
        sql = (
            "SELECT 1 FROM carriers c JOIN documents d ON d.id = c.document"
            " WHERE c.place = ? AND c.level = ? AND d.regime = ? LIMIT 1"
        )
        return self._one(sql, place, level, regime) is not None

    def lies_in_care(self, place: int, regime: str, level: str) -> bool:
        """Whether anything of a level lies where a place's keeper answers: there, and within what has no other.

        What lies there is read off the index, where the register has anything of that level at all.
        """
        if self._one("SELECT 1 FROM holdings WHERE level = ? AND n > 0 LIMIT 1", level) is None:
            return False
        found = self._one(
            "WITH RECURSIVE care (id) AS (SELECT ? UNION SELECT p.id FROM care JOIN places p ON p.within = care.id"
            " WHERE p.keeper IS NULL) SELECT 1 FROM care CROSS JOIN carriers c ON c.place = care.id AND c.level = ?"
            " JOIN documents d ON d.id = c.document AND d.regime = ? LIMIT 1",
            place, level, regime,
        )  # fmt: skip
        return found is not None
