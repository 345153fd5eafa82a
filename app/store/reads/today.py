"""What is due: every list that Today shows, oldest first, each read by its own index and cut at a limit."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from app.domain.action import Ref, Subject
from app.domain.carrier import STATE_NAMES, State
from app.domain.regime import Regime
from app.domain.slip import SLIP_KINDS
from app.domain.words import N_, Says, Value, says, says_n
from app.store.reads.paging import rows
from app.store.reads.visible import TITLE, UNTITLED, Viewer, seen_carriers, seen_documents, seen_slips, title_joins

NEXT_ROLE = """(SELECT json_extract(p.value, '$.role') FROM parts p WHERE p.subject_kind = 'S' AND p.subject = s.id
 AND p.part = 'step' AND coalesce(json_extract(p.value, '$.decision'), '') <> 'approved'
 ORDER BY CAST(p.key AS INTEGER) LIMIT 1)"""
ENDING = "d.lifts IS NOT NULL AND d.state IN ('classified', 'registered')"
"""Said as the partial index on the day of lifting says it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How far Today looks ahead, as the regimes in force say, and how much of each it shows."""

    unopened_hours: int = 24
    due_ahead: int = 3
    lifts_ahead: int = 30
    tracer_days: tuple[int, ...] = ()
    recall_ahead: int = 15
    draft_days: tuple[tuple[str, int], ...] = ()
    """After how many days a working paper is made final or destroyed, where a regime says so."""
    each: int = 50


def limits_of(regimes: Iterable[Regime], each: int = 50) -> Limits:
    """The strictest of what the regimes say."""
    known = tuple(regimes)
    if not known:
        return Limits(each=each)
    return Limits(
        unopened_hours=min(regime.unopened_hours().value for regime in known),
        due_ahead=max((day for regime in known for day in regime.reminder_days().value), default=0),
        lifts_ahead=max(regime.expiry_notice_days().value for regime in known),
        recall_ahead=max(regime.recall_notice_days().value for regime in known),
        draft_days=tuple((each.code, days) for each in known if (days := each.draft_days().value) is not None),
        tracer_days=min((regime.tracer_days().value for regime in known if regime.tracer_days().value), default=()),
        each=each,
    )


@dataclass(frozen=True, slots=True)
class DueItem:
    """One thing to do: what kind, since when, about what, and the act that is its next step."""

    kind: str
    due: date
    late_days: int
    """Negative when it is still to come."""
    subject: Ref
    title: Says
    detail: Says
    action: str | None = None
    role: str | None = None
    """Whose decision it waits for."""


KINDS: dict[str, str] = {
    "unopened": N_("Signed for, not opened"),
    "approval": N_("Waiting for approval"),
    "receipt": N_("Receipts outstanding"),
    "loan": N_("Loans"),
    "out": N_("Out of the registry"),
    "recall": N_("To go back to the issuer"),
    "working": N_("Working papers to be finished"),
    "lift": N_("Periods that end"),
    "remark": N_("To be marked anew"),
    "paper": N_("Signed paper not back"),
    "handover": N_("Handovers running"),
    "label": N_("Labels not affixed"),
    "draft": N_("Drafts"),
}


def today_items(connection: Connection, today: date, limits: Limits | None = None, *, viewer: Viewer) -> list[DueItem]:
    """Everything due that the viewer may know of, oldest first; at most `limits.each` of every kind."""
    ask = _Asked(connection, today, limits or Limits(), viewer)
    items = [
        *_unopened(ask), *_approvals(ask), *_receipts(ask), *_out(ask), *_recalls(ask), *_working(ask), *_lifts(ask),
        *_remarks(ask), *_papers(ask), *_handovers(ask), *_labels(ask), *_drafts(ask),
    ]  # fmt: skip
    return sorted(items, key=lambda item: (item.due, item.kind, item.subject))


def today_counts(items: Sequence[DueItem]) -> Mapping[str, int]:
    """How many of each kind; a kind that reaches the limit may have more."""
    return Counter(item.kind for item in items)


@dataclass(frozen=True, slots=True)
class _Asked:
    connection: Connection
    today: date
    limits: Limits
    viewer: Viewer

    def rows(self, sql: str, seen: str | None = None, order: str = "", **values: Any) -> Sequence[Any]:
        """The rows of one list, as far as the viewer may know of them."""
        narrowed = f"{sql} AND {seen}" if seen else sql
        given = {**self.viewer.values, **values, "limit": self.limits.each}
        return rows(self.connection, f"{narrowed} ORDER BY {order} LIMIT :limit", given)

    def item(
        self, kind: str, due: date, subject: Ref, title: Says, detail: Says, action: str | None = None, **more: Any
    ) -> DueItem:
        """One line with how late it is."""
        return DueItem(kind, due, (self.today - due).days, subject, title, detail, action, **more)


def _unopened(ask: _Asked) -> list[DueItem]:
    if not ask.viewer.sees_book:
        return []
    found = ask.rows(
        "SELECT e.id, e.number, e.signed_at, t.words, k.words, s.party IS NOT e.signed_by FROM envelopes e"
        " LEFT JOIN persons p ON p.id = e.signed_by LEFT JOIN texts t ON t.digest = p.name"
        " LEFT JOIN slips s ON s.id = e.slip LEFT JOIN persons q ON q.id = s.party"
        " LEFT JOIN texts k ON k.digest = q.name WHERE e.state = 'signed_for'",
        order="e.id",
    )
    items = []
    for number, name, signed_at, signer, keeper, handed_over in found:
        signed = datetime.fromisoformat(signed_at)
        due = signed + timedelta(hours=ask.limits.unopened_hours)
        items.append(
            ask.item(
                "unopened",
                due.date(),
                Ref(Subject.ENVELOPE, number),
                says(N_("Envelope {number} is not opened"), number=name),
                says(
                    N_("signed for on {when} by {name}, handed over to {keeper}")
                    if handed_over and keeper
                    else N_("signed for on {when} by {name}"),
                    when=signed,
                    name=signer or UNTITLED,
                    keeper=keeper or UNTITLED,
                ),
                "open_envelope",
            )
        )
    return items


def _slip_name(kind: str, number: str) -> Says:
    label: Value = says(SLIP_KINDS[kind].label) if kind in SLIP_KINDS else kind
    return says(N_("{kind} {number}"), kind=label, number=number)


def _submitted(name: str, listed: int) -> Says:
    """Who applied, and for how many carriers; a slip about a document lists none."""
    if not listed:
        return says(N_("submitted by {name}"), name=name)
    return says_n("submitted by {name}, {n} line", "submitted by {name}, {n} lines", listed, name=name)


def _approvals(ask: _Asked) -> list[DueItem]:
    found = ask.rows(
        f"SELECT s.id, s.kind, s.number, s.opened_at, s.listed, t.words, {NEXT_ROLE} FROM slips s"
        " LEFT JOIN persons p ON p.id = s.opened_by LEFT JOIN texts t ON t.digest = p.name WHERE s.state = 'submitted'",
        seen_slips(ask.viewer),
        order="s.id",
    )
    return [
        ask.item(
            "approval", date.fromisoformat(row[3][:10]), Ref(Subject.SLIP, row[0]), _slip_name(row[1], row[2]),
            _submitted(row[5] or UNTITLED, row[4] or 0),
            "approve" if row[6] in ask.viewer.roles else None, role=row[6],
        )
        for row in found
    ]  # fmt: skip


_FACT = "SELECT value FROM parts WHERE subject_kind = 'S' AND subject = s.id AND part = 'fact' AND key ="


def _receipts(ask: _Asked) -> list[DueItem]:
    found = ask.rows(
        "SELECT s.id, s.kind, s.number, s.due, s.listed, s.done,"
        f" ({_FACT} 'reminders'), ({_FACT} 'answer_by') FROM slips s"
        " WHERE s.due <= :horizon AND +s.kind = 'parcel' AND +s.state = 'executing'",
        seen_slips(ask.viewer),
        order="s.due, s.id",
        horizon=(ask.today + timedelta(days=ask.limits.due_ahead)).isoformat(),
    )
    return [_receipt(ask, row) for row in found]


def _receipt(ask: _Asked, row: Any) -> DueItem:
    due, reminders = date.fromisoformat(row[3]), json.loads(row[6] or "[]")
    again, sent = due, len(reminders)
    if sent:
        steps, answer_by = ask.limits.tracer_days, json.loads(row[7] or "null")
        after = timedelta(days=steps[min(sent, len(steps) - 1)] - steps[0] if steps else 0)
        # Who was asked has until the day that was named, or at least a day.
        again = max(due + after, date.fromisoformat(answer_by or reminders[-1]))
    missing = (row[4] or 0) - (row[5] or 0)
    is_late = ask.today > again
    return ask.item(
        "receipt", again, Ref(Subject.SLIP, row[0]), _slip_name(row[1], row[2]),
        says(N_("{missing} receipts outstanding, reminders sent: {sent}"), missing=missing, sent=sent),
        "send_tracer" if is_late else "acknowledge_receipt",
    )  # fmt: skip


def _out(ask: _Asked) -> list[DueItem]:
    found = ask.rows(
        "SELECT c.id, c.number, c.state, c.due, t.words, p.department FROM carriers c"
        " LEFT JOIN persons p ON p.id = c.hands"
        " LEFT JOIN texts t ON t.digest = p.name WHERE c.due <= :horizon AND c.state <> 'in_transit'"
        " AND c.hands IS NOT NULL",
        seen_carriers(ask.viewer),
        order="c.due, c.id",
        horizon=(ask.today + timedelta(days=ask.limits.due_ahead)).isoformat(),
    )
    return [
        ask.item(
            "loan" if row[2] == State.LOAN else "out", date.fromisoformat(row[3]), Ref(Subject.CARRIER, row[0]),
            says(N_("{number} is {state}"), number=row[1], state=says(STATE_NAMES[State(row[2])])),
            says(N_("{name}, {department}"), name=row[4] or UNTITLED, department=row[5] or UNTITLED),
            "return_loan" if row[2] == State.LOAN else None,
        )
        for row in found
    ]  # fmt: skip


def _recalls(ask: _Asked) -> list[DueItem]:
    """What its issuer wants back by a day: it lies here, in nobody's hands."""
    found = ask.rows(
        "SELECT c.id, c.number, c.due, t.words, k.words FROM carriers c LEFT JOIN places p ON p.id = c.place"
        " LEFT JOIN texts t ON t.digest = p.name LEFT JOIN persons q ON q.id = c.custodian"
        " LEFT JOIN texts k ON k.digest = q.name"
        " WHERE c.due <= :horizon AND c.state <> 'in_transit' AND c.hands IS NULL",
        seen_carriers(ask.viewer),
        order="c.due, c.id",
        horizon=(ask.today + timedelta(days=ask.limits.recall_ahead)).isoformat(),
    )
    return [
        ask.item(
            "recall", date.fromisoformat(row[2]), Ref(Subject.CARRIER, row[0]),
            says(N_("{number} goes back to its issuer"), number=row[1]),
            says(N_("kept in {place} by {name}"), place=row[3] or UNTITLED, name=row[4] or UNTITLED),
        )
        for row in found
    ]  # fmt: skip


def _working(ask: _Asked) -> list[DueItem]:
    """Copies still being made after the days a regime gives working papers."""
    if not ask.limits.draft_days:
        return []
    found = ask.rows(
        "SELECT c.id, c.number, s.opened_at, w.value FROM carriers c JOIN documents d ON d.id = c.document"
        " JOIN slips s ON s.id = c.slip JOIN json_each(:days) w ON w.key = d.regime WHERE c.state = 'in_prep'"
        " AND date(s.opened_at, '-1 day') <= date(:horizon, '-' || w.value || ' days')",
        seen_carriers(ask.viewer),
        order="c.id",
        horizon=(ask.today + timedelta(days=ask.limits.due_ahead)).isoformat(),
        days=json.dumps(dict(ask.limits.draft_days)),
    )
    # The moment is kept as of Greenwich; the days are those of the desk.
    begun = [(*row, datetime.fromisoformat(row[2]).astimezone().date()) for row in found]
    last = ask.today + timedelta(days=ask.limits.due_ahead)
    return [
        ask.item(
            "working", day + timedelta(days=days), Ref(Subject.CARRIER, carrier),
            says(N_("{number} is to be made final or destroyed"), number=number),
            says(N_("being made since {day}; {n} days are allowed"), day=day, n=days),
            "finish_making",
        )
        for carrier, number, _opened, days, day in begun
        if day + timedelta(days=days) <= last
    ]  # fmt: skip


def _lifts(ask: _Asked) -> list[DueItem]:
    found = ask.rows(
        f"SELECT d.id, d.reference, d.lifts, {TITLE} FROM documents d{title_joins(ask.viewer)}"
        f" WHERE d.lifts <= :horizon AND {ENDING}",
        seen_documents(ask.viewer),
        order="d.lifts, d.id",
        horizon=(ask.today + timedelta(days=ask.limits.lifts_ahead)).isoformat(),
    )
    return [
        ask.item(
            "lift", date.fromisoformat(row[2]), Ref(Subject.DOCUMENT, row[0]),
            says(N_("The period of {reference} ends"), reference=row[1] or f"D{row[0]}"),
            says(N_("{title}"), title=row[3] or UNTITLED), "lift",
        )
        for row in found
    ]  # fmt: skip


def _remarks(ask: _Asked) -> list[DueItem]:
    found = ask.rows(
        "SELECT c.id, c.number, c.state FROM carriers c WHERE c.remark_due = 1", seen_carriers(ask.viewer), order="c.id"
    )
    return [
        ask.item(
            "remark", ask.today, Ref(Subject.CARRIER, row[0]), says(N_("{number} is to be marked anew"), number=row[1]),
            says(STATE_NAMES[State(row[2])]), "remark",
        )
        for row in found
    ]  # fmt: skip


def _papers(ask: _Asked) -> list[DueItem]:
    seen = seen_slips(ask.viewer)
    found = ask.rows(
        'SELECT f.id, f.form, f.printed_at, f."of", s.number, s.id FROM papers f LEFT JOIN slips s ON s.id = f.slip'
        " WHERE f.returned_at IS NULL",
        seen,
        order="f.id",
    )
    return [
        ask.item(
            "paper", date.fromisoformat(row[2][:10]),
            Ref(Subject.SLIP, row[5]) if row[5] else Ref(Subject.PAPER, row[0]),
            says(N_("Signed paper of {number} is not back"), number=row[4] or row[3]),
            says(N_("printed on {when}, paper {paper}"), when=datetime.fromisoformat(row[2]), paper=row[0]),
            "sign_on_paper" if row[5] else "paper_back",
        )
        for row in found
    ]  # fmt: skip


def _handovers(ask: _Asked) -> list[DueItem]:
    found = ask.rows(
        "SELECT s.id, s.kind, s.number, s.opened_at, s.listed, s.done, t.words FROM slips s"
        " LEFT JOIN persons p ON p.id = s.party LEFT JOIN texts t ON t.digest = p.name"
        " WHERE s.state = 'executing' AND s.kind = 'handover'",
        seen_slips(ask.viewer),
        order="s.id",
    )
    return [
        ask.item(
            "handover", date.fromisoformat(row[3][:10]), Ref(Subject.SLIP, row[0]), _slip_name(row[1], row[2]),
            says(
                N_("{name} hands over: {done} of {listed} counted"), name=row[6] or UNTITLED, done=row[5] or 0,
                listed=row[4] or 0,
            ),
            "take_over",
        )
        for row in found
    ]  # fmt: skip


def _labels(ask: _Asked) -> list[DueItem]:
    found = ask.rows(
        "SELECT c.id, c.number, c.label FROM carriers c"
        " WHERE c.state = 'in_prep' AND c.label IN ('reserved', 'printed')",
        seen_carriers(ask.viewer),
        order="c.id",
    )
    return [
        ask.item(
            "label", ask.today, Ref(Subject.CARRIER, row[0]), says(N_("{number} has no label on it"), number=row[1]),
            says(N_("print the label, affix it, scan it")), "affix_label" if row[2] == "printed" else "print_labels",
        )
        for row in found
    ]  # fmt: skip


def _drafts(ask: _Asked) -> list[DueItem]:
    found = ask.rows(
        "SELECT s.id, s.kind, s.number, s.opened_at, s.listed FROM slips s WHERE s.state = 'draft'",
        seen_slips(ask.viewer),
        order="s.id",
    )
    return [
        ask.item(
            "draft", date.fromisoformat(row[3][:10]), Ref(Subject.SLIP, row[0]), _slip_name(row[1], row[2]),
            says(N_("draft with {listed} lines"), listed=row[4] or 0), "submit_draft",
        )
        for row in found
    ]  # fmt: skip
