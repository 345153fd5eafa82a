"""Strict reading of a regime's TOML: every mistake names the file, the path inside it and what was expected."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Final, get_args, get_origin

import msgspec

from app.domain import numbering
from app.domain.period import WORDED, Period, PeriodKind
from app.domain.regime_agreement import disagreements, unique
from app.domain.regime_rules import ACTIONS, Approval, CoverSheet, LevelRule, Role, Rules, Wrapping
from app.domain.words import N_, Says, says

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Finding = tuple[str, Says]
"""Where in the file, and what was expected there."""


class RegimeError(ValueError):
    """A regime file that cannot be put in force; `says` tells its author where it is wrong."""

    def __init__(self, file: str, path: str, expected: Says) -> None:
        self.file, self.path, self.expected = file, path, expected
        self.says = says(N_("{file}: {path}: {expected}"), file=file, path=path or "-", expected=expected)
        super().__init__(file, path, expected)

    def __str__(self) -> str:
        return f"{self.file}: {self.path}: {self.expected.msgid.format_map(self.expected.values)}"


def read_rules(text: str, file: str) -> Rules:
    """The rules that the TOML text declares; RegimeError names the first thing that is wrong."""
    try:
        rules = msgspec.convert(tomllib.loads(text), Rules)
    except tomllib.TOMLDecodeError as error:
        raise RegimeError(file, "", says(N_("no TOML: {detail}"), detail=str(error))) from error
    except msgspec.ValidationError as error:
        raise RegimeError(file, *_explain(str(error))) from error
    for path, expected in _findings(rules):
        raise RegimeError(file, path, expected)
    return rules


# --- what the shape of the file must be --------------------------------------------------------------------------

_WHERE = re.compile(r"(?P<what>.*?)(?: - at `\$\.?(?P<path>.*)`)?", re.DOTALL)
_MISTAKES: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Says]], ...]] = (
    (
        re.compile(r"Object missing required field `(?P<key>.+)`"),
        lambda _: says(N_("expected a value, but it is missing")),
    ),
    (
        re.compile(r"Object contains unknown field `(?P<key>.+)`"),
        lambda _: says(N_("expected only keys that are known; this one is not")),
    ),
    (
        re.compile(r"Expected `str` matching regex '(.+)'"),
        lambda found: says(N_("expected a text of the shape {shape}"), shape=found[1]),
    ),
    (re.compile(r"Expected `str` of length >= 1"), lambda _: says(N_("expected a text that is not empty"))),
    (
        re.compile(r"Expected `(.+?)`, got `(.+?)`"),
        lambda found: says(N_("expected {wanted}, found {found}"), wanted=found[1], found=found[2]),
    ),
    (
        re.compile(r"Expected `(.+)`"),
        lambda found: says(N_("expected {wanted}"), wanted=found[1]),
    ),
    (
        re.compile(r"Expected `int` (>=|<=) ([0-9]+)"),
        lambda found: says(N_("expected a number {limit}"), limit=f"{found[1]} {found[2]}"),
    ),
    (
        re.compile(r"Expected `array` of length ([0-9]+), got ([0-9]+)"),
        lambda found: says(N_("expected {wanted} values, found {found}"), wanted=found[1], found=found[2]),
    ),
    (
        re.compile(r"Invalid enum value (.+)"),
        lambda found: says(N_("expected one of the words that are known here, found {found}"), found=found[1]),
    ),
)


def _explain(message: str) -> Finding:
    """The path and expectation in a message of msgspec, which speaks only English."""
    where = _WHERE.fullmatch(message)
    what, path = (where["what"], where["path"] or "") if where else (message, "")
    for pattern, explain in _MISTAKES:
        if found := pattern.fullmatch(what):
            key = found.groupdict().get("key")
            return ".".join(filter(None, (path, key))), explain(found)
    return path, says(N_("expected something else: {detail}"), detail=what)


# --- what its parts must agree on --------------------------------------------------------------------------------


def _findings(rules: Rules) -> Iterator[Finding]:
    yield from unique("levels", "code", [level.code for level in rules.levels])
    yield from unique("levels", "rank", [level.rank for level in rules.levels])
    yield from unique("caveats", "code", [caveat.code for caveat in rules.caveats])
    yield from unique("channels", "code", [channel.code for channel in rules.channels])
    yield from unique("roles", "role", [role.role for role in rules.roles])
    codes = [level.code for level in rules.levels]
    if not codes:
        yield "levels", says(N_("expected at least one level"))
    yield from _tables(rules, "", codes)
    for index, category in enumerate(rules.persons):
        for place, level in enumerate(category.levels):
            if level not in codes:
                yield f"persons[{index}].levels[{place}]", _one_of(codes, level)
    yield from _channels(rules, codes)
    yield from _approvals(rules, codes)
    yield from _caveats(rules)
    yield from _periods(rules)
    yield from _marks(rules)
    yield from _numbers(rules)
    yield from _grades(rules)
    yield from disagreements(rules)


def _tables(table: msgspec.Struct, path: str, codes: list[str]) -> Iterator[Finding]:
    """Every list of rules by level must name every level once and no other, wherever it stands."""
    for field in msgspec.structs.fields(table):
        value, here = getattr(table, field.name), f"{path}.{field.name}".lstrip(".")
        row = get_args(field.type)[0] if get_origin(field.type) is tuple else None
        if isinstance(value, msgspec.Struct):
            yield from _tables(value, here, codes)
        elif row in (Wrapping, CoverSheet) or get_origin(row) is LevelRule:
            yield from _covered(here, [each.levels for each in value], codes)


def _covered(path: str, rows: list[tuple[str, ...]], codes: list[str]) -> Iterator[Finding]:
    named: set[str] = set()
    for row, levels in enumerate(rows):
        for index, level in enumerate(levels):
            here = f"{path}[{row}].levels[{index}]"
            if level not in codes:
                yield here, _one_of(codes, level)
            if level in named:
                yield here, says(N_("expected each level only once; {value} stands twice"), value=level)
            named.add(level)
    for level in codes:
        if level not in named:
            yield path, says(N_("expected a rule for every level; {level} has none"), level=level)


def _one_of(words: Iterable[str], found: str) -> Says:
    return says(N_("expected one of {words}; found {found}"), words=", ".join(words), found=found)


def _channels(rules: Rules, codes: list[str]) -> Iterator[Finding]:
    for index, channel in enumerate(rules.channels):
        for place, level in enumerate(channel.allowed):
            if level not in codes:
                yield f"channels[{index}].allowed[{place}]", _one_of(codes, level)
        yield from _covered(
            f"channels[{index}].persons", [row.levels for row in channel.persons], list(channel.allowed)
        )


def _approvals(rules: Rules, codes: list[str]) -> Iterator[Finding]:
    known = {role.role for role in rules.roles}
    seen: set[tuple[str, str]] = set()
    for index, row in enumerate(rules.approvals):
        here = f"approvals[{index}]"
        yield from _approval(row, here, codes, known)
        for pair in ((action, level) for action in row.actions for level in row.levels):
            if pair in seen:
                yield here, says(N_("expected each act only once at a level; {action} stands twice"), action=pair[0])
            seen.add(pair)
    for action in ACTIONS:
        for level in codes:
            if (action, level) not in seen:
                yield (
                    "approvals",
                    says(N_("expected a route for {action} at level {level}"), action=action, level=level),
                )


def _approval(row: Approval, here: str, codes: list[str], known: set[Role]) -> Iterator[Finding]:
    for index, action in enumerate(row.actions):
        if action not in ACTIONS:
            yield f"{here}.actions[{index}]", _one_of(ACTIONS, action)
    for index, level in enumerate(row.levels):
        if level not in codes:
            yield f"{here}.levels[{index}]", _one_of(codes, level)
    for name, route in (("route", row.route), ("received", row.received or ())):
        for index, role in enumerate(route):
            if role not in known:
                yield f"{here}.{name}[{index}]", _named_role(role)
    if not row.allowed and row.route:
        yield f"{here}.route", says(N_("expected no route where the act is not allowed"))


def _caveats(rules: Rules) -> Iterator[Finding]:
    for index, caveat in enumerate(rules.caveats):
        for name, actions in (("consent_for", caveat.consent_for), ("forbids", caveat.forbids)):
            for place, action in enumerate(actions):
                if action not in ACTIONS:
                    yield f"caveats[{index}].{name}[{place}]", _one_of(ACTIONS, action)
    if any(caveat.consent_for for caveat in rules.caveats) and all(r.role is not Role.ORIGINATOR for r in rules.roles):
        yield "roles", _named_role(Role.ORIGINATOR)


def _named_role(role: Role) -> Says:
    return says(N_("expected a role that [[roles]] names; found {role}"), role=role.value)


def _periods(rules: Rules) -> Iterator[Finding]:
    kinds = rules.periods.kinds.value
    for kind in (*WORDED, PeriodKind.YEARS, PeriodKind.MONTHS):
        if kind in kinds and not getattr(rules.periods.words, kind):
            yield f"periods.words.{kind}", says(N_("expected how a period of this kind is written"))
    for kind in (PeriodKind.YEARS, PeriodKind.MONTHS):
        for index, word in enumerate(getattr(rules.periods.words, kind)):
            if word.count("{n}") != 1:
                yield f"periods.words.{kind}[{index}]", says(N_("expected {{n}} once, where the number stands"))
    for index, row in enumerate(rules.periods.default):
        if row.value != "none" and _kind(row.value) not in kinds:
            yield (
                f"periods.default[{index}].value",
                says(N_("expected a period of a kind that periods.kinds names; found {found}"), found=row.value),
            )


def _kind(stored: str) -> PeriodKind | None:
    try:
        return Period.parse(stored).kind
    except ValueError:
        return None


_PLACES = re.compile(r"\{([^}]*)\}")


def _marks(rules: Rules) -> Iterator[Finding]:
    for index, level in enumerate(rules.levels):
        also = [(f"also_marked[{place}]", template) for place, template in enumerate(level.also_marked)]
        for name, template in [("mark", level.mark), *also]:
            wrong = set(_PLACES.findall(template)) - {"period", "caveats"}
            if wrong or template.count("[") != template.count("]") or template.count("[") > 1:
                yield (
                    f"levels[{index}].{name}",
                    says(N_("expected a mark with {{period}}, {{caveats}} and at most one part in brackets")),
                )
    if not {"n"} <= {place.split(":")[0] for place in _PLACES.findall(rules.marks.copy_line)} <= {"n", "total"}:
        yield "marks.copy_line", says(N_("expected {{n}} and, if wanted, {{total}}"))


def _numbers(rules: Rules) -> Iterator[Finding]:
    for name in ("control_number", "copy_number", "child_copy"):
        try:
            numbering.parse(getattr(rules.numbering, name).value)
        except numbering.TemplateError as error:
            yield f"numbering.{name}.value", error.why


def _grades(rules: Rules) -> Iterator[Finding]:
    grades = {grade.grade for grade in rules.keeping.grades}
    for index, row in enumerate(rules.keeping.place_grade):
        if row.value not in grades:
            yield f"keeping.place_grade[{index}].value", _one_of(map(str, sorted(grades)), str(row.value))
    steps = [step.days for step in rules.receipts.tracer.value]
    if steps != sorted(set(steps)):
        yield "receipts.tracer.value", says(N_("expected days that grow from step to step"))
