"""Free texts by their digest: what a document says, and everything that goes when a text is withdrawn."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection

from app.domain.action import Subject
from app.domain.book import Withdrawal
from app.store.projections import TEXT_FIELDS
from app.store.values import OPEN_STATES


class Texts:
    """The part of the look-ups that reads words."""

    _connection: Connection

    def _one(self, sql: str, *values: Any) -> Any:
        return self._connection.exec_driver_sql(sql, values).one_or_none()

    def search_fields(self, document: int) -> dict[str, str]:
        """The texts of a document as the full-text index holds them."""
        row = self._one(
            "SELECT title, short_title, reference, originator, remarks FROM documents WHERE id = ?", document
        )
        if row is None:
            return {}
        found = {
            name: self.words(value)
            for name, value in zip(
                ("title", "short_title", "originator", "remarks"), (row[0], row[1], row[3], row[4]), strict=True
            )
        }
        return {name: value or "" for name, value in (found | {"reference": row[2]}).items()}

    def words(self, digest: str | None) -> str | None:
        row = self._one("SELECT words FROM texts WHERE digest = ?", digest) if digest else None
        return row[0] if row else None

    def digest_of(self, document: int, field: str) -> str | None:
        """The digest of one of a document's texts."""
        if field not in TEXT_FIELDS[Subject.DOCUMENT]:
            return None
        row = self._one(f'SELECT "{field}" FROM documents WHERE id = ?', document)  # noqa: S608 - own names
        return row[0] if row else None

    def withdrawal_of(self, digest: str) -> Withdrawal:
        """Every text that is the same or quotes it whole; walks all texts, as rarely as something is withdrawn."""
        words = self.words(digest)
        if not words:
            return Withdrawal()
        found = self._connection.exec_driver_sql(
            "SELECT digest FROM texts WHERE (words = ? OR instr(words, ?) > 0)"
            " AND digest NOT IN (SELECT name FROM persons UNION SELECT name FROM places UNION SELECT text FROM regimes)"
            " ORDER BY digest",
            (words, json.dumps(words, ensure_ascii=False)),
        ).scalars()
        digests = tuple(found)
        row = self._one(
            f"SELECT number FROM slips WHERE state IN {OPEN_STATES}"  # noqa: S608 - own names
            " AND answers IN (SELECT value FROM json_each(?)) LIMIT 1",
            json.dumps(digests),
        )
        return Withdrawal(digests, row[0] if row else None)
