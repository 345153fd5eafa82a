"""The numbers carriers are registered under: the register's own template, its yearly series, children of a number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from app.domain.action import Case
from app.domain.book import RegisterFacts
from app.domain.carrier import Carrier
from app.domain.numbering import Numbered, Template, match, parse, read_number, render
from app.domain.regime import Regime


def control_template(case: Case, regime: Regime) -> str:
    """The template this register chose at set-up, else the regime's."""
    chosen = case.book.register().facts.get(f"numbering:{regime.code}")
    return str(chosen or regime.numbering("control_number").value)


def unit_in_numbers(register: RegisterFacts) -> str:
    """What stands for the unit in numbers: its code, else its name."""
    return str(register.facts.get("unit_code") or register.unit)


def suggested_code(unit: str) -> str:
    """A short code for a unit that gave none: the initials of its words, or the first two signs of one word."""
    words = [word for word in re.split(r"[\W_]+", unit) if word]
    return "".join(word[0] for word in words).upper() if len(words) > 1 else "".join(words)[:2]


def number_year(today: date, year_starts: str) -> int:
    """The year a number is of; a year that does not start in January bears the number of the year it ends in."""
    if year_starts == "01-01":
        return today.year
    return today.year + (today.strftime("%m-%d") >= year_starts)


def number_fields(case: Case, regime: Regime, level: str) -> dict[str, str | int]:
    """What the named fields of a control number say here and now."""
    return {
        "unit": unit_in_numbers(case.book.register()),
        "level": regime.level(level).value.abbrev,
        "year": number_year(case.today, regime.numbering("year_starts").value),
        "book": regime.code,
        "parent": regime.code,
    }


def series_of(template: Template, regime: Regime, fields: dict[str, str | int]) -> str:
    """The series such numbers run in: whatever a number tells apart starts its own at 1."""
    parts = [f"{name}={fields[name]}" for name in ("level", "year") if name in template.fields]
    return ".".join(("number", regime.code, *parts))


def next_number(case: Case, regime: Regime, level: str) -> str:
    """The next control number that nothing in the register bears yet."""
    return next(next_numbers(case, regime, level))


def next_numbers(case: Case, regime: Regime, level: str, at_once: int = 1) -> Iterator[str]:
    """Control numbers that nothing in the register bears yet, so many looked up in one statement."""
    template = parse(control_template(case, regime))
    fields = number_fields(case, regime, level)
    series = series_of(template, regime, fields)
    free: dict[int, str] = {}
    while True:
        running = case.numbers.following(series)
        if running not in free:
            numbers = {each: render(template.text, each, **fields) for each in range(running, running + at_once)}
            children = {number: child_number(regime, number, 1) for number in numbers.values()}
            taken = case.book.numbers_taken((*children, *children.values()))
            free = {each: "" if taken & {number, children[number]} else number for each, number in numbers.items()}
        if number := free[case.numbers.take(series)]:
            yield number


def running_number(case: Case, regime: Regime, level: str, number: str) -> tuple[str, int] | None:
    """The series and running number of one that was written elsewhere; None when it does not follow the template."""
    template = parse(control_template(case, regime))
    fields = number_fields(case, regime, level)
    found = match(template.text, number, **{name: fields[name] for name in template.fields if name in fields})
    return None if found is None else (series_of(template, regime, fields), found)


def highest_running(case: Case, regime: Regime, numbers: Iterable[str]) -> Mapping[str, int]:
    """How far the control numbers of another book, and of copies under one, go in each series of this register."""
    template = parse(control_template(case, regime))
    levels = {level.value.abbrev for level in regime.levels()}
    fields = number_fields(case, regime, regime.levels()[0].value.code)
    known = {name: fields[name] for name in template.fields if name != "level"}
    found: dict[tuple[tuple[str, str], ...], int] = {}
    for number in numbers:
        if (read := _read_under(template, regime, number, known)) is not None:
            found[read.fields] = max(read.number, found.get(read.fields, 0))
    apart = {named: fields | dict(named) for named in found}
    return {series_of(template, regime, own): found[named] for named, own in apart.items() if own["level"] in levels}


def _read_under(template: Template, regime: Regime, number: str, known: Mapping[str, str | int]) -> Numbered | None:
    """A control number taken apart: the number itself, or the one that this is a copy under."""
    while number:
        if (read := read_number(template.text, number, **known)) is not None:
            return read
        child = read_number(regime.numbering("child_copy").value, number)
        number = dict(child.fields).get("parent", "") if child is not None else ""
    return None


def child_number(regime: Regime, parent: str, child: int) -> str:
    """The number of one copy under a control number, or of a copy made from a copy."""
    return render(regime.numbering("child_copy").value, child, parent=parent)


def next_children(case: Case, regime: Regime, parent: str, first: int, count: int) -> list[tuple[int, str]]:
    """So many copies under a number, with theirs: from the first on, those left out that the register has already."""
    found: list[tuple[int, str]] = []
    while len(found) < count:
        numbers = {each: child_number(regime, parent, each) for each in range(first, first + count - len(found))}
        taken = case.book.numbers_taken(tuple(numbers.values()))
        found += [(each, number) for each, number in numbers.items() if number not in taken]
        first += len(numbers)
    return found


def last_copy(copies: Sequence[Carrier]) -> int:
    """The highest copy number used, copies of copies left aside: those are numbered under their original."""
    return max((copy.copy_no or 0 for copy in copies if copy.original is None), default=0)
