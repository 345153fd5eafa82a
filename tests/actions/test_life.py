"""Every row of life.csv is performed on a real register, and every way it is blocked is provoked."""

import pytest

from app.actions import CATALOGUE
from app.domain.action import BACK, NEW, SAME, Subject
from app.domain.carrier import HELD, State
from tests.actions import life_blocks
from tests.actions.life_acts import RECIPES, Life
from tests.actions.life_csv import BEYOND, CARRIER_ROWS, LEVELS, NOT_BUILT, ROWS, agrees

CASES = [(row, start) for row in ROWS for start in (row.starts if row.start != ("new",) else ("new",))]
COLUMNS = [(row, column, regime, level) for row in ROWS for column in LEVELS for regime, level in LEVELS[column]
           if row.approves(column, level) is not None]  # fmt: skip


def first_built(row):
    """A state the row may start from and an act really does."""
    return next(start for start in row.starts if (row.t, row.act, start) not in NOT_BUILT)


def ids(value):
    return str(value)


# --- the rows ---


@pytest.mark.parametrize(("row", "start"), [c for c in CASES if (c[0].t, c[0].act, c[1]) not in NOT_BUILT], ids=ids)
def test_the_row_leads_from_state_to_state(unit, row, start):
    life = Life(unit)
    ready = life.approved(life.ready(row.act, start))
    before = life.state(ready.subject) if ready.subject else None
    if row.start != ("new",):
        assert before == start
    done = life.do(ready)
    after = life.state(ready.subject or done.subjects[0])
    if row.end == ("same",):
        assert after == before
    elif row.end == ("back",):
        assert after in came_from(start)
    else:
        assert after in row.end


def came_from(state):
    """The states from which some row leads to this one."""
    return {start for row in ROWS if state in row.end for start in row.starts}


@pytest.mark.parametrize("debt", NOT_BUILT, ids=ids)
def test_what_is_not_built_is_not_built_yet(debt):
    t, act, state = debt
    row = next(row for row in ROWS if (row.t, row.act) == (t, act))
    move = CATALOGUE[act].move
    assert state in row.start + row.end
    assert state != move.end
    assert isinstance(move.start, str) or state not in move.start


# --- who ---


@pytest.mark.parametrize("row", [row for row in ROWS if row.who != "-"], ids=ids)
def test_who_has_not_the_duty_is_refused(unit, row):
    life = Life(unit)
    ready = life.approved(life.ready(row.act, first_built(row)))
    assert "actor_has_the_duty" in life.why_not(ready, by="stranger")
    assert not life.why_not(ready)


@pytest.mark.parametrize("row", [row for row in ROWS if row.who != "-"], ids=ids)
def test_the_duty_is_one_that_the_row_names(row):
    assert row.who in CATALOGUE[row.act].duties


@pytest.mark.parametrize("row", [row for row in ROWS if row.who == "-"], ids=ids)
def test_anybody_may_ask_for_what_no_duty_is_named_for(row):
    assert CATALOGUE[row.act].duties == ()


# --- signers ---

SIGNED = [(row, role) for row in ROWS for role in dict.fromkeys(row.signers)]
WITNESS = {"witness": ("witness", "second"), "second clerk": ("second_clerk", "second")}


@pytest.mark.parametrize(("row", "role"), SIGNED, ids=ids)
def test_who_must_sign_signs_or_it_is_refused(unit, row, role):
    life = Life(unit, level="juemi" if "open_envelope" in row.act else "mimi")
    ready = life.approved(life.ready(row.act, first_built(row)))
    roles = [name for name in ready.signed if name in WITNESS.get(role, (role,))]
    assert roles, f"nobody signs as {role}"
    for name in roles:
        without = {other: people for other, people in ready.signed.items() if other != name}
        refused = life.why_not(ready, signed=without)
        assert [rule for rule in refused if rule.startswith("signature:")], refused
    if row.signers.count(role) > 1:
        one_less = ready.signed[roles[0]].split()[:-1]
        refused = life.why_not(ready, signed=ready.signed | {roles[0]: " ".join(one_less)})
        assert f"signature:{roles[0]}" in refused
    assert not life.why_not(ready)


def test_a_signature_of_another_role_is_none(unit):
    life = Life(unit)
    ready = life.ready("take_over")
    swapped = {"giver": "clerk2", "receiver": "clerk", "supervisor": "leader"}
    assert [rule for rule in life.why_not(ready, signed=swapped) if rule.startswith("signature:")]


# --- approvals ---


@pytest.mark.parametrize(("row", "column", "regime", "level"), COLUMNS, ids=ids)
def test_it_takes_the_approvals_the_row_names_no_more_and_no_fewer(unit, row, column, regime, level):
    life = Life(unit, regime, level)
    wanted = row.approves(column, level)
    if row.t in OF_THE_SLIP or row.act in ("classify", "propose_destruction"):
        ready = life.ready(OF_THE_SLIP.get(row.t, row.act))
        slip = ready.apply() if ready.apply else life.do(ready).slip
        assert agrees(route(unit, slip), wanted, at_least=column == "us"), route(unit, slip)
        return
    ready = life.ready(row.act, row.starts[0])
    if wanted == ((),):
        if ready.apply is not None:
            ready = life.submitted(ready)
            assert route(unit, ready.slip) == ()
        assert not life.why_not(ready)
        return
    assert set(life.why_not(ready)) & {"needs_approval", "parcel_is_approved", "list_is_approved"}
    ready = life.submitted(ready)
    assert agrees(route(unit, ready.slip), wanted, at_least=column == "us"), route(unit, ready.slip)
    while unit.slip(ready.slip).next_step is not None:
        assert set(life.why_not(ready)) & {"is_approved", "parcel_is_approved"}, "done before all have approved"
        life.decide_once(ready.slip)
    assert not life.why_not(ready)


OF_THE_SLIP = {"T15": "copy_carrier", "T17": "extract", "T34": "bag_and_seal"}


def route(unit, slip):
    """The roles of a slip's steps, in order."""
    return tuple(step.role for step in unit.slip(slip).steps)


# The copies that are finished exist only because their slip was approved (T03, T16).
RESTING = [row for row in ROWS if "slip" in row.approvers.values() and row.act != "finish_making"]


@pytest.mark.parametrize("row", RESTING, ids=ids)
def test_what_rests_on_an_approved_slip_is_refused_without_it(unit, row):
    life = Life(unit)
    ready = life.ready(row.act, first_built(row))
    ready = life.submitted(ready)
    if ready.apply is not None:
        assert set(life.why_not(ready)) & {"list_is_approved", "list_took_the_whole_route"}
        unit.decide(ready.slip)
    assert "list_is_approved" in life.why_not(ready, slip=None)
    assert not life.why_not(ready)


# --- blocked when ---

BLOCKS = [(row, sentence) for row in ROWS for sentence in row.blocked]


@pytest.mark.parametrize(("row", "sentence"), BLOCKS, ids=ids)
def test_it_is_blocked_when(unit, row, sentence):
    key = (row.t, sentence)
    assert key in life_blocks.SCENARIOS or key in life_blocks.CANNOT_ARISE or key in life_blocks.NOT_BUILT
    if key in life_blocks.NOT_BUILT:
        pytest.xfail(life_blocks.NOT_BUILT[key])
    if key in life_blocks.CANNOT_ARISE:
        life_blocks.CANNOT_ARISE[key](Life(unit))
        return
    rules, scenario = life_blocks.SCENARIOS[key]
    refused = scenario(Life(unit))
    assert refused, "it was done"
    assert set(refused) & set(rules), f"refused for another reason: {set(refused)}"
    assert all(refusal.reason.msgid for refusal in refused.values())


def test_no_scenario_is_left_over():
    written = {(row.t, sentence) for row, sentence in BLOCKS}
    known = set(life_blocks.SCENARIOS) | set(life_blocks.CANNOT_ARISE) | set(life_blocks.NOT_BUILT)
    assert known == written


# --- the file against the catalogue ---


def test_every_act_that_moves_a_carrier_is_a_row():
    moving = {code for code, action in CATALOGUE.items() if action.subject is Subject.CARRIER and action.move}
    rows = {row.act for row in ROWS}
    assert moving <= rows


def test_every_act_of_the_file_is_in_the_catalogue():
    assert {row.act for row in ROWS} <= set(CATALOGUE)
    assert {row.act for row in ROWS} <= set(RECIPES)


MOVING = [row.act for row in CARRIER_ROWS if CATALOGUE[row.act].move is not None]


@pytest.mark.parametrize("act", dict.fromkeys(MOVING))
def test_the_arcs_of_the_code_are_arcs_of_the_file(act):
    rows = [row for row in CARRIER_ROWS if row.act == act]
    move = CATALOGUE[act].move
    drawn = {start for row in rows for start in row.starts}
    starts = {NEW} if isinstance(move.start, str) else {str(state) for state in move.start}
    beyond = {start for start in starts - drawn if (act, start) not in BEYOND}
    assert not beyond
    ends = {end for row in rows for end in row.end}
    if move.end == SAME:
        assert ends == {"same"}
    elif move.end == BACK:
        assert ends == {"back"} or ends >= came_from(next(iter(starts)))
    else:
        assert str(move.end) in ends


def test_every_departure_is_still_one():
    for act, start in BEYOND:
        assert State(start) in CATALOGUE[act].move.start
        assert not any(start in row.starts for row in ROWS if row.act == act)


def test_nothing_of_the_file_leaves_an_ended_state():
    for row in CARRIER_ROWS:
        if row.end == ("same",):
            continue
        assert {State(start) for start in row.starts if start != NEW} <= HELD | {State.NEW_NUMBER}
