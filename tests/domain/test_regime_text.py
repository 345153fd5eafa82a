"""A mistake in a regime's file names the file, the path inside it and what was expected."""

from pathlib import Path

import pytest

from app.domain.regime import RegimeError, load_regime

TEXT = (Path(__file__).parents[2] / "resources" / "regimes" / "cn-state.toml").read_text("utf-8")

MISTAKES = [
    # what is wrong, old text, new text, path, expectation
    ("unknown key", "[loan] #", "[loan]\ncolour = 1 #", "loan.colour", "keys that are known"),
    (
        "unknown key in a row",
        "needs_seal = true",
        "needs_seal = true\nfast = true",
        "channels[0].fast",
        "keys that are known",
    ),
    ("missing key", "[clearance] #", "[clearances] #", "clearances", "keys that are known"),
    ("missing value", 'abbrev = "机"\n', "", "levels[1].abbrev", "missing"),
    ("missing citation", ', source = "实施条例(2024) §61"', "", "incident.report_hours.source", "missing"),
    (
        "empty citation",
        'source = "实施条例(2024) §61", v',
        'source = "", v',
        "incident.report_hours.source",
        "not empty",
    ),
    (
        "no word on verification",
        ', source = "实施条例(2024) §61", verified = true',
        ', source = "x"',
        "incident.report_hours.verified",
        "missing",
    ),
    ("wrong type", "rank = 2", 'rank = "2"', "levels[1].rank", "expected int, found str"),
    (
        "wrong type of a rule",
        "unopened_hours = { value = 24",
        'unopened_hours = { value = "day"',
        "keeping.unopened_hours.value",
        "expected int, found str",
    ),
    ("negative number", "renewals = { value = 1", "renewals = { value = -1", "loan.renewals.value", ">= 0"),
    ("no colour", 'colour = "#1D5FA8"', 'colour = "blue"', "levels[2].colour", "shape"),
    ("wrong word", 'start = { value = "issue_date"', 'start = { value = "today"', "periods.start.value", "words"),
    (
        "unknown role",
        'route = ["unit_leader"]\nsource = "实施条例(2024) §29(3)"',
        'route = ["boss"]\nsource = "x"',
        "approvals[#].route[0]",
        "words",
    ),
    (
        "role without a name",
        '[[roles]]\nrole = "archivist"\nshort = "AR"\nname = { zh = "档案管理员", en = "archivist" }\n',
        "",
        "approvals[#].route[0]",
        "[[roles]]",
    ),
    (
        "unknown level in a rule",
        '{ levels = ["jimi", "mimi"], value = 90',
        '{ levels = ["jimi", "mimmi"], value = 90',
        "loan.max_days[1].levels[1]",
        "one of juemi, jimi, mimi; found mimmi",
    ),
    (
        "missing level in a rule",
        '{ levels = ["jimi", "mimi"], value = 90',
        '{ levels = ["jimi"], value = 90',
        "loan.max_days",
        "mimi has none",
    ),
    (
        "level twice in a rule",
        '{ levels = ["jimi", "mimi"], value = 90',
        '{ levels = ["jimi", "mimi", "juemi"], value = 90',
        "loan.max_days[1].levels[2]",
        "stands twice",
    ),
    (
        "no levels in a rule",
        "ceiling_years = [\n",
        "ceiling_years = []\nunused = [\n",
        "periods.unused",
        "keys that are known",
    ),
    (
        "unknown level of a channel",
        'allowed = ["jimi", "mimi"]',
        'allowed = ["jimi", "secret"]',
        "channels[3].allowed[1]",
        "one of juemi, jimi, mimi; found secret",
    ),
    (
        "a channel that does not say how many",
        '{ levels = ["juemi"], value = 2, source = "实施条例(2024) §29(2)", verified = true },\n  ',
        "",
        "channels[0].persons",
        "juemi has none",
    ),
    (
        "unknown level of a cover sheet",
        '[[keeping.cover_sheets]]\nlevels = ["mimi"]',
        '[[keeping.cover_sheets]]\nlevels = ["x"]',
        "keeping.cover_sheets[2].levels[0]",
        "found x",
    ),
    (
        "level without wrapping",
        '[[wrapping]] # opaque sewn envelope, sealing strips on flap and seams\nlevels = ["juemi"]',
        "[[wrapping]]\nlevels = []",
        "wrapping",
        "juemi has none",
    ),
    (
        "unknown level of a category",
        'levels = ["jimi", "mimi"]\nrevetting',
        'levels = ["jimi", "x"]\nrevetting',
        "persons[1].levels[1]",
        "found x",
    ),
    ("level code twice", 'code = "mimi"\nrank', 'code = "jimi"\nrank', "levels[2].code", "stands twice"),
    ("rank twice", "rank = 2", "rank = 3", "levels[1].rank", "stands twice"),
    ("act that does not exist", 'actions = ["destroy"]', 'actions = ["burn"]', "approvals[#].actions[0]", "found burn"),
    ("act without a route", 'actions = ["release"]', "actions = []", "approvals", "release at level juemi"),
    (
        "act with two routes",
        'actions = ["release"]',
        'actions = ["release", "lift"]',
        "approvals[#]",
        "lift stands twice",
    ),
    (
        "route of what is forbidden",
        "route = []\nallowed = false",
        'route = ["unit_leader"]\nallowed = false',
        "approvals[#].route",
        "not allowed",
    ),
    (
        "act of a caveat",
        'consent_for = ["copy", ',
        'consent_for = ["photograph", ',
        "caveats[0].consent_for[0]",
        "photograph",
    ),
    ("unknown demand", 'demands = ["no_copying", ', 'demands = ["secrecy", ', "caveats[0].demands[0]", "words"),
    ("act at the seat misspelt", '"withdraw_text"]', '"withdraw_txt"]', "witness.seat_signatures.value[10]", "words"),
    ("field of a label misspelt", '"custodian", "recall"]', '"keeper"]', "keeping.label_fields.value[6]", "words"),
    ("cover nobody draws", 'template = "cn_cover"', 'template = "cover"', "keeping.cover_sheets[0].template", "words"),
    ("trigger nobody pulls", '"custodian_change", ', '"new_moon", ', "inventory.triggers.value[0]", "words"),
    (
        "default period",
        'value = "none", source = "承办人',
        'value = "10", source = "承办人',
        "periods.default[0].value",
        "found 10",
    ),
    (
        "default of an unknown kind",
        'value = "none", source = "承办人',
        'value = "short", source = "承办人',
        "periods.default[0].value",
        "periods.kinds",
    ),
    ("word without its number", 'years = ["{n}年"]', 'years = ["年"]', "periods.words.years[0]", "once"),
    ("kind without a word", 'long = ["长期", "長期"]\n', "", "periods.words.long", "written"),
    ("mark", 'mark = "绝密[★{period}]"', 'mark = "绝密[★{years}]"', "levels[0].mark", "brackets"),
    (
        "other mark",
        'also_marked = ["绝密[{period}]"',
        'also_marked = ["绝密[{period}"',
        "levels[0].also_marked[0]",
        "brackets",
    ),
    ("copy line", 'copy_line = "{n:06}"', 'copy_line = "copy"', "marks.copy_line", "{n}"),
    ("number template", "{unit}-{level}-{year}-{0001}", "{unit}{level}", "numbering.control_number.value", ""),
    (
        "grade no place has",
        'levels = ["juemi"], value = 3,',
        'levels = ["juemi"], value = 7,',
        "keeping.place_grade[0].value",
        "found 7",
    ),
    ("tracer that goes back", "days = 45", "days = 15", "receipts.tracer.value", "grow"),
    ("year that starts on no day", 'value = "01-01"', 'value = "02-31"', "numbering.year_starts.value", "every year"),
    (
        "year that starts on 29 February",
        'value = "01-01"',
        'value = "02-29"',
        "numbering.year_starts.value",
        "every year",
    ),
    ("width of a copy number", 'copy_line = "{n:06}"', 'copy_line = "{n:x}"', "marks.copy_line", "width"),
    ("brace without partner", 'copy_line = "{n:06}"', 'copy_line = "{n:06} {"', "marks.copy_line", "width"),
    ("bracket that closes first", 'mark = "绝密[★{period}]"', 'mark = "绝密]★{period}["', "levels[0].mark", "before"),
    ("mark of two levels", 'mark = "机密[★{period}]"', 'mark = "绝密[★{period}]"', "levels[1].mark", "juemi too"),
    ("word of two caveats", '"亲启", ', '"严禁复制", ', "caveats[1]", "NO_COPY too"),
    ("consent to nothing", 'consent_for = ["widen_scope", "loan_outside"]', "", "caveats[1].consent_for", "demanded"),
    ("category twice", 'code = "important"', 'code = "core"', "persons[1].code", "stands twice"),
    ("grade twice", "{ grade = 1, name", "{ grade = 2, name", "keeping.grades[2].grade", "stands twice"),
    ("months out of order", "[24, 36, 60]", "[60, 36, 24]", "persons[0].release_months", "in order"),
    ("months left out", "[24, 36, 60]", "[24, 36]", "persons[0].release_months", "expected 3 values, found 2"),
    ("no kind of period", '["years", "months", "date", "condition", "long"]', "[]", "periods.kinds.value", "at least"),
    (
        "basis of an unknown kind",
        'only_with_basis = { value = ["long"]',
        'only_with_basis = { value = ["short"]',
        "periods.only_with_basis.value[0]",
        "found short",
    ),
    (
        "default over the ceiling",
        'value = "none", source = "承办人',
        'value = "11y", source = "承办人',
        "periods.default[0].value",
        "at most 10 years",
    ),
    ("no TOML", "version = 1", "version = ", "", "no TOML"),
]


@pytest.mark.parametrize(("old", "new", "path", "expected"), [m[1:] for m in MISTAKES], ids=[m[0] for m in MISTAKES])
def test_a_mistake_is_named(old, new, path, expected):
    assert old in TEXT
    # The row that the mistake is in, or for a role that lost its name the first row that asks for it.
    before = TEXT[: TEXT.index('route = ["archivist"]' if "[[roles]]" in old else old)]
    path = path.replace("#", str(before.count("[[approvals]]") - 1))
    with pytest.raises(RegimeError) as caught:
        load_regime(TEXT.replace(old, new, 1), "house.toml")
    error = caught.value
    assert (error.file, error.path) == ("house.toml", path)
    assert str(error).startswith(f"house.toml: {path}: ")
    assert expected in str(error)
    assert error.says.values["expected"] is error.expected


def test_a_level_rule_that_is_left_empty_is_a_mistake():
    start, end = TEXT.index("ceiling_years = ["), TEXT.index("default = [")
    with pytest.raises(RegimeError, match=r"periods\.ceiling_years: expected a rule for every level"):
        load_regime(TEXT[:start] + "ceiling_years = []\n" + TEXT[end:], "house.toml")
