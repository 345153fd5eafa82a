"""Random lives: whatever is tried in whatever order, the register does what life.csv says and stays provable."""

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.domain.action import Line, Ref, Subject
from app.domain.carrier import HELD
from app.services.desk import Refused
from app.store.proof import verify_full, verify_subject
from tests.actions.life_acts import Life, Put
from tests.actions.life_csv import BEYOND, CARRIER_ROWS, NOT_BUILT
from tests.unit import Unit

DRAWN = {}
"""Act → state it may start from → where it may lead, as the file draws it."""
for row in CARRIER_ROWS:
    for start in row.starts:
        DRAWN.setdefault(row.act, {}).setdefault(start, set()).update(row.end)

for act, start in BEYOND:
    DRAWN[act][start] = next(iter(DRAWN[act].values()))
for _, act, state in NOT_BUILT:
    DRAWN[act].pop(state, None)
    DRAWN[act] = {start: ends - {state} for start, ends in DRAWN[act].items()}

BORN = sorted(act for act, arcs in DRAWN.items() if "new" in arcs)
ON_ONE = sorted(act for act, arcs in DRAWN.items() if "new" not in arcs)
MOST = 6
"""Carriers in one walk; more would meet each other less often."""
WITH_A_CHOICE = {"found": "in_stock", "void_number": "void"}

POSITIONS = "(place IS NOT NULL) + (hands IS NOT NULL) + (container IS NOT NULL) + (way IS NOT NULL)"


class Walk(RuleBasedStateMachine):
    """A model of states only: it knows nothing but the file."""

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="custos-walk-"))
        self.unit = Unit(self.folder / "book")
        self.life = Life(self.unit)
        self.states = {}
        self.came_from = {}
        self.done = 0

    @initialize()
    def a_few_copies(self):
        for carrier in self.life.brought(2):
            self.born_as(carrier, "in_stock")

    def born_as(self, carrier, state):
        self.states[carrier] = state
        self.came_from[carrier] = []

    @precondition(lambda self: len(self.states) < MOST)
    @rule(act=st.sampled_from(BORN))
    def is_born(self, act):
        done = self.life.perform(self.life.ready(act))
        (end,) = DRAWN[act]["new"]
        for ref in done.subjects:
            self.born_as(ref.id, end)
        for carrier in self.in_the_book() - set(self.states):
            self.born_as(carrier, "in_stock")  # the original of a copy, the first of further copies

    def in_the_book(self):
        with self.unit.database.reading() as connection:
            return set(connection.exec_driver_sql("SELECT id FROM carriers").scalars())

    @rule(state=st.sampled_from(["issued", "sealed", "recall"]), at=st.integers(0, MOST))
    def is_put_elsewhere(self, state, at):
        """A state whose chapter is not built yet, so that what is built is tried from there too."""
        carrier = self.chosen(at)
        hands = self.life.person("reader") if state == "issued" else None
        if self.states[carrier] == "in_stock" and self.life.row(carrier)["slip"] is None:
            self.unit.do(Put(state=state, hands=hands), carrier)
            self.moved(carrier, "in_stock", state)

    def chosen(self, at):
        return sorted(self.states)[at % len(self.states)]

    @rule(act=st.sampled_from(ON_ONE), at=st.integers(0, MOST))
    def is_tried(self, act, at):
        carrier = self.chosen(at)
        before = self.states[carrier]
        drawn = DRAWN[act].get(before)
        refused = self.attempt(act, carrier)
        if drawn is None:
            assert refused is not None, f"{act} was done to what is {before}"
        elif refused is None:
            self.done += 1
            self.follow(act, carrier, before, drawn)
        else:
            assert "arc_is_open" not in refused, f"{act} is drawn from {before} and was refused as if it were not"

    @rule(pick=st.integers(0, 99), at=st.integers(0, MOST))
    def goes_on(self, pick, at):
        """One of the acts that the file draws from where a carrier is, so that walks go far."""
        state = self.states[self.chosen(at)]
        drawn = [act for act in ON_ONE if state in DRAWN[act]]
        if drawn:
            self.is_tried(act=drawn[pick % len(drawn)], at=at)

    @rule(pick=st.integers(0, 99), at=st.integers(0, MOST))
    def goes_further(self, pick, at):
        """The same again, so that it is chosen more often than what is forbidden."""
        self.goes_on(pick=pick, at=at)

    @rule(pick=st.integers(0, 99))
    def the_newest_goes_on(self, pick):
        """The carrier born last, so that it does not stay where it began."""
        self.goes_on(pick=pick, at=len(self.states) - 1)

    def follow(self, act, carrier, before, drawn):
        """Move the model as the file says."""
        if drawn == {"same"}:
            return
        if drawn == {"back"}:
            self.states[carrier] = self.came_from[carrier].pop()
            return
        (end,) = drawn if len(drawn) == 1 else (WITH_A_CHOICE[act],)
        self.moved(carrier, before, end)

    def moved(self, carrier, before, end):
        self.came_from[carrier].append(before)
        self.states[carrier] = end

    def attempt(self, act, carrier):
        """The rules that refused it, None when it was done; what was applied for in vain is given up."""
        length, slips = self.unit.length(), self.open_slips()
        try:
            self.perform(act, carrier)
        except Refused as refused:
            self.give_up(slips)
            return {refusal.rule for refusal in refused.refusals}
        assert self.unit.length() > length
        if act == "propose_destruction":
            self.give_up(slips)
        return None

    def perform(self, act, carrier):
        if act == "offer_handover":
            self.life.do(self.life.ready(act, carrier=carrier, slip=self.handover_of(carrier)))
        elif act == "take_over":
            self.take_over(carrier)
        elif act in ("withdraw_from_handover", "send_to_destruction"):
            # Each on the slip that holds it, as from that slip's page.
            self.life.do(self.life.ready(act, self.states[carrier], carrier=carrier))
        else:
            if act == "finish_making" and self.states[carrier] == "in_prep":
                self.label(carrier)
            self.life.perform(self.life.ready(act, self.states[carrier], carrier=carrier))

    def label(self, carrier):
        """As far as it is not labelled yet; a copy is finished with its label or not at all."""
        steps = {"reserved": "print_labels", "printed": "affix_label", "affixed": "verify_label"}
        while (now := self.life.row(carrier)["label"]) in steps:
            self.life.perform(self.life.ready(steps[now], carrier=carrier))

    def handover_of(self, carrier):
        """The running handover of whoever answers for it; a new one when there is none."""
        giver = self.life.row(carrier)["custodian"] or self.life.person("clerk")
        with self.unit.database.reading() as connection:
            running = connection.exec_driver_sql(
                "SELECT id FROM slips WHERE kind = 'handover' AND state = 'executing' AND party = ?", (giver,)
            ).scalar()
        other = "clerk2" if giver == self.life.person("clerk") else "clerk"
        opening = self.life.ready("open_handover", giver=giver, receiver=self.life.person(other))
        return running or self.life.do(opening).slip

    def take_over(self, carrier):
        """What is counted is taken over together, the rest explained."""
        if self.states[carrier] != "handover":
            self.life.do(self.life.ready("take_over", carrier=carrier))
            return
        slip = self.unit.slip(self.life.row(carrier)["slip"])
        lines = self.unit.slip_lines(slip.id).values()
        counted = [line["carrier"] for line in lines if line["status"] == "scanned"]
        for line in lines:
            if line["status"] == "listed":
                self.unit.do(self.life.act("explain_difference", explanation="away"), line["carrier"], slip=slip.id)
        facts = slip.facts
        names = {number: name for name, number in self.unit.people.items()}
        signed = {role: names[facts[role]] for role in ("giver", "receiver", "supervisor")}
        self.unit.do(
            self.life.act("take_over"), *(Line(Ref(Subject.CARRIER, one)) for one in counted), slip=slip.id,
            by="officer", signed=signed,
        )  # fmt: skip
        for one in counted:
            if one != carrier:
                self.states[one] = self.came_from[one].pop()

    def open_slips(self):
        with self.unit.database.reading() as connection:
            return set(
                connection.exec_driver_sql(
                    "SELECT id FROM slips WHERE state IN ('draft', 'submitted', 'approved', 'executing')"
                ).scalars()
            )

    def give_up(self, before):
        """Cancel what this attempt applied for, so that nothing is held by it."""
        for slip in sorted(self.open_slips() - before):
            if self.unit.slip(slip).kind != "handover":
                self.unit.do(self.life.act("cancel_slip", reason="refused"), slip)

    # --- what always holds ---

    @invariant()
    def states_are_the_models(self):
        with self.unit.database.reading() as connection:
            found = dict(connection.exec_driver_sql("SELECT id, state FROM carriers").all())
        assert found == self.states

    @invariant()
    def what_is_held_is_in_one_place_and_somebody_answers(self):
        with self.unit.database.reading() as connection:
            rows = connection.exec_driver_sql(f"SELECT id, state, {POSITIONS}, custodian FROM carriers").all()
        for carrier, state, positions, custodian in rows:
            if state in HELD:
                assert positions == 1, (carrier, state, positions)
                assert custodian is not None
            elif state != "new_number":
                assert (positions, custodian) == (0, None), (carrier, state)

    @invariant()
    def counters_are_what_a_count_gives(self):
        with self.unit.database.reading() as connection:
            kept = connection.exec_driver_sql(
                "SELECT level, state, kind, custodian, n FROM holdings WHERE n <> 0"
            ).all()
            counted = connection.exec_driver_sql(
                "SELECT level, state, kind, coalesce(custodian, 0), count(*) FROM carriers GROUP BY 1, 2, 3, 4"
            ).all()
        assert sorted(kept) == sorted(counted)

    @invariant()
    def what_the_book_says_is_what_the_tables_hold(self):
        with self.unit.database.reading() as connection:
            for carrier in self.states:
                assert verify_subject(connection, Ref(Subject.CARRIER, carrier)) is None

    def teardown(self):
        try:
            with self.unit.database.reading() as connection:
                proof = verify_full(connection)
            assert proof.holds, proof.wrong
            WALKED.append(self.done)
        finally:
            self.unit.close()
            shutil.rmtree(self.folder)


WALKED = []
SHORT = settings(
    max_examples=80,
    stateful_step_count=50,
    deadline=None,
    database=None,
    phases=(Phase.generate,),  # a failing walk is told as it is; the long test makes it short
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def test_random_lives():
    WALKED.clear()
    run_state_machine_as_test(Walk, settings=SHORT)
    assert sum(WALKED) > len(WALKED), "hardly anything was done; the walks prove nothing"


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_many_random_lives():
    long = settings(SHORT, max_examples=300, stateful_step_count=60, phases=(Phase.generate, Phase.shrink))
    run_state_machine_as_test(Walk, settings=long)
