"""How each act of the life is done at a real desk: on what, with what answers, what it rests on, who signs."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from app.actions import CATALOGUE
from app.actions.deciding import Approve
from app.domain.action import Action, Case, Changes, Kind, Line, Move, Ref, Subject, ask
from app.domain.carrier import State
from app.domain.numbering import Letter, payload
from app.domain.people import ON_PAPER
from app.services.desk import Refused
from tests.services.simple import Bring
from tests.unit import Unit

HELD_STARTS = ("issued", "reading", "circul", "carried", "repair", "recall", "sealed")
"""States into which no act of this issue leads; a test puts a carrier there."""


class Put(Action):
    """Put a carrier into a state that no chapter reaches yet."""

    code = "put"
    label = "Put"
    subject = Subject.CARRIER
    told = "put"
    move = Move({State.IN_STOCK}, State.ISSUED)
    state: str = ask(Kind.CODE, "State")
    hands: int | None = ask(Kind.PERSON, "Hands", default=None)

    def changes(self, case: Case) -> Changes:
        back = {"state": "in_stock", "place": case.the_carrier.place}
        return {"state": State(self.state), "back": back} | ({"hands": self.hands, "place": None} if self.hands else {})


@dataclass(frozen=True)
class Ready:
    """An act with everything it needs, one piece of which a test may take away."""

    action: Action
    lines: tuple[Line, ...] = ()
    by: str = "clerk"
    signed: dict[str, str] = field(default_factory=dict)
    apply: Callable[[], int] | None = None
    """Submits what it rests on; the slip's id."""
    slip: int | None = None
    """What it rests on when no approval of its own is asked for."""
    corrects: int | None = None
    watch: Ref | None = None
    """Whose state tells what came of it, when not the first line's subject."""

    @property
    def subject(self) -> Ref | None:
        """Whose state tells what came of it; None when it is born."""
        return self.watch or (self.lines[0].subject if self.lines else None)


class Life:
    """A unit, and the acts that are possible in it."""

    def __init__(self, unit: Unit, regime: str = "cn-state", level: str = "mimi") -> None:
        self.unit = unit
        self.regime = regime
        self.level = level
        self.serial = 0

    # --- doing ---

    def submitted(self, ready: Ready) -> Ready:
        """With the slip it rests on applied for, nothing decided."""
        return replace(ready, slip=ready.apply()) if ready.apply else ready

    def approved(self, ready: Ready) -> Ready:
        """With the slip it rests on approved."""
        ready = self.submitted(ready)
        if ready.apply and ready.slip is not None:
            self.unit.decide(ready.slip)
        return ready

    def decide_once(self, slip: int) -> None:
        """The next step approved."""
        step = self.unit.slip(slip).next_step
        paper = step.role in ON_PAPER
        name = "clerk" if paper else self.unit._who_may_decide(step.role)
        consent = {"consent": "no. 1", "consented": self.today} if paper else {}
        self.unit.do(Approve(by=self.unit.people[name], **consent), slip, by=name)

    def do(self, ready: Ready, **changed):
        """Perform it as it is ready."""
        given = {"by": ready.by, "slip": ready.slip, "signed": ready.signed, "corrects": ready.corrects} | changed
        return self.unit.do(ready.action, *ready.lines, **given)

    def perform(self, ready: Ready):
        """Approve what it rests on, and perform it."""
        return self.do(self.approved(ready))

    def why_not(self, ready: Ready, **changed):
        """The rules that refuse it; nothing may have been written."""
        before = self.unit.length()
        try:
            self.do(ready, **changed)
        except Refused as refused:
            assert self.unit.length() == before
            return {refusal.rule: refusal for refusal in refused.refusals}
        return {}

    # --- subjects ---

    def next(self, what: str) -> str:
        """A number nobody used."""
        self.serial += 1
        return f"{what}{self.serial}"

    def brought(self, copies: int = 1, **more) -> list[int]:
        """Copies in the safe."""
        bring = Bring(title="the plan", copies=copies, level=self.level, regime=self.regime, **more)
        return [ref.id for ref in self.unit.do(bring).subjects]

    def carrier(self, state: str = "in_stock") -> int:
        """A carrier in that state, brought there by acts."""
        if state == "in_stock":
            return self.brought()[0]
        if state in HELD_STARTS:
            carrier = self.brought()[0]
            hands = self.unit.people["reader"] if state in ("issued", "reading", "circul", "carried") else None
            self.unit.do(Put(state=state, hands=hands), carrier)
            return carrier
        return _INTO[state](self)

    def ready(self, act: str, start: str = "in_stock", **changed) -> Ready:
        """That act, on something in that state."""
        return RECIPES[act](self, start, **changed)

    def people(self, *names: str) -> tuple[int, ...]:
        """People by id."""
        return tuple(self.unit.people[name] for name in names)

    def person(self, name: str) -> int:
        """A person by id."""
        return self.unit.people[name]

    def place(self, name: str) -> int:
        """A place by id."""
        return self.unit.places[name]

    def state(self, ref: Ref) -> str:
        """What became of it."""
        table = {"C": "carriers", "D": "documents", "S": "slips", "E": "envelopes"}[str(ref.kind)]
        return self.unit.row(table, ref.id)["state"]

    def row(self, carrier: int) -> dict:
        """The carrier's row."""
        return self.unit.row("carriers", carrier)

    def act(self, code: str, **answers) -> Action:
        """An action of the catalogue."""
        return CATALOGUE[code](**answers)

    def applied(self, action: Action, *carriers: int, **more) -> Callable[[], int]:
        """How it is applied for by somebody of the unit."""
        return lambda: self.unit.submitted(action, *carriers, **more)

    @property
    def today(self):
        return self.unit.today


def on(carrier: int, **answers) -> tuple[Line, ...]:
    """One line of an act."""
    return (Line(Ref(Subject.CARRIER, carrier), answers),)


def _lend(life, start, carrier=None, borrower="reader", **more):
    carrier = carrier or life.carrier(start)
    answers = {
        "borrower": life.person(borrower), "due": life.today, "how": "room", "room": life.place("room"),
        "beside": life.person("witness"),
    } | more  # fmt: skip
    action = life.act("lend", **answers)
    return Ready(action, on(carrier), apply=life.applied(action, carrier))


def _renew_loan(life, start, carrier=None, **more):
    carrier = carrier or life.carrier("loan")
    action = life.act("renew_loan", **({"due": life.today} | more))
    return Ready(action, on(carrier), apply=life.applied(action, carrier) if type(action).route else None)


def _return_loan(life, start, carrier=None, pages=None):
    carrier = carrier or life.carrier("loan")
    return Ready(life.act("return_loan"), on(carrier, pages=pages or life.row(carrier)["pages"]))


def _move_to(life, start, carrier=None, place="room"):
    carrier = carrier or life.carrier(start)
    return Ready(life.act("move_to", place=life.place(place)), on(carrier))


def document(life, state="classified", **more):
    """A document of ours in that state, and the slip it was proposed on."""
    answers = {
        "regime": life.regime, "level": life.level, "title": "the plan", "short_title": "paper", "period": "2y",
        "scope_units": ("plans", "registry"), "basis": "item 3", "exception": "as the plan runs",
        "drafter": life.person("drafter"),
    } | more  # fmt: skip
    done = life.unit.do(life.act("propose_classification", **answers), by="drafter")
    number, slip = done.subjects[0].id, done.slip
    if state == "classified":
        life.unit.decide(slip)
        life.unit.do(life.act("classify", issued=life.today), Ref(Subject.DOCUMENT, number), slip=slip)
    return number, slip


def _propose_classification(life, start, **more):
    answers = {
        "regime": life.regime, "level": life.level, "title": "the plan", "short_title": "paper", "period": "2y",
        "scope_units": ("plans",), "basis": "item 3", "exception": "as the plan runs",
        "drafter": life.person("drafter"),
    } | more  # fmt: skip
    return Ready(life.act("propose_classification", **answers), by="drafter")


def _extract(life, start, of=None, **more):
    of = of or document(life)[0]
    return _propose_classification(life, start, sources=(of,), **more)


def _classify(life, start, **more):
    number, slip = document(life, "proposed", **more)
    action = life.act("classify", issued=life.today)
    return Ready(action, (Line(Ref(Subject.DOCUMENT, number)),), apply=lambda: slip)


def _take_number(life, start, number="", of=None):
    of = of or document(life)[0]
    return Ready(life.act("take_number", document=of, number=number))


def _void_number(life, start, carrier=None, **more):
    carrier = carrier or life.carrier(start)
    answers = {"reason": "a slip of the pen", "second": life.person("clerk2")} | more
    action = life.act("void_number", **answers)
    return Ready(action, on(carrier), signed={"second": "clerk2"}, apply=life.applied(action, carrier))


def _print_copies(life, start, of=None, **more):
    of = of or document(life)[0]
    answers = {"document": of, "copies": 1, "pages": 12, "place": life.place("safe")}
    answers |= {"beside": life.person("witness")} | more
    action = life.act("print_copies", **answers)
    return Ready(action, apply=life.applied(action))


def _use_number(life, start, carrier=None, **more):
    carrier = carrier or life.carrier("new_number")
    answers = {"pages": 12, "place": life.place("safe"), "beside": life.person("witness")} | more
    action = life.act("use_number", **answers)
    return Ready(action, on(carrier), apply=life.applied(action, carrier))


def code_of(carrier):
    """The barcode of a carrier of the unit's register."""
    return payload(Letter.CARRIER, 107, carrier)


def labelled(life, carrier, until="verified"):
    """Its label printed, affixed and verified, as far as asked."""
    for step, act in (("printed", "print_labels"), ("affixed", "affix_label"), ("verified", "verify_label")):
        answers = {"scanned": code_of(carrier)} if act == "verify_label" else {}
        life.unit.do(life.act(act), *on(carrier, **answers))
        if step == until:
            break
    return carrier


def _label(act, before):
    def recipe(life, start, carrier=None, **answers):
        if carrier is None:
            carrier = life.carrier(start)
            if life.row(carrier)["label"] != "reserved":
                life.unit.do(life.act("destroy_label", reason="a new one"), carrier)
            if before != "reserved":
                labelled(life, carrier, before)
        given = {"scanned": code_of(carrier)} if act == "verify_label" else {}
        return Ready(life.act(act), on(carrier, **(given | answers)))

    return recipe


def _finish_making(life, start, carrier=None, **more):
    carrier = carrier or labelled(life, life.carrier("in_prep"))
    answers = {"place": life.place("safe"), "sheets": 12, "spoiled": 0} | more
    return Ready(life.act("finish_making", **answers), on(carrier, pages=life.row(carrier)["pages"]))


def _void_draft(life, start, carrier=None, **more):
    carrier = carrier or life.carrier("in_prep")
    answers = {"reason": "smeared", "second": life.person("clerk2"), "waste_by": life.person("clerk")} | more
    action = life.act("void_draft", **answers)
    return Ready(action, on(carrier), signed={"second": "clerk2"}, apply=life.applied(action, carrier))


def _copy_carrier(life, start, original=None, **more):
    original = original or life.carrier("in_stock")
    answers = {
        "original": original, "copies": 2, "pages": 12, "reason": "for the meeting", "place": life.place("safe"),
        "recipients": life.people("reader"), "beside": life.person("witness"),
    } | more  # fmt: skip
    action = life.act("copy_carrier", **answers)
    return Ready(action, apply=life.applied(action))


def channel(life):
    """A way out that the regime allows."""
    regime = next(regime for regime in life.unit.desk().regimes() if regime.code == life.regime)
    return regime.channels_for(life.level)[0].value.code


def _dispatch(life, start, carrier=None, **more):
    carrier = carrier or life.carrier(start)
    answers = {
        "addressee": "the ministry", "channel": channel(life), "envelope": life.next("E"), "seal": life.next("S"),
        "couriers": life.people("courier", "courier2"), "receipt_due": life.today + timedelta(days=30),
    } | more  # fmt: skip
    action = life.act("dispatch", **answers)
    return Ready(action, on(carrier), apply=life.applied(action, carrier))


def _acknowledge_receipt(life, start, carrier=None, **more):
    carrier = carrier or life.carrier("in_transit")
    action = life.act("acknowledge_receipt", **({"receiver": "Zhao", "received": life.today} | more))
    return Ready(action, on(carrier))


def _send_tracer(life, start, days=40):
    carrier = life.carrier("in_transit")
    life.unit.later(days=days)
    return Ready(life.act("send_tracer"), (Line(Ref(Subject.SLIP, life.row(carrier)["slip"])),))


def _return_undelivered(life, start, carrier=None, pages=None, **more):
    carrier = carrier or life.carrier("in_transit")
    action = life.act("return_undelivered", **({"seal_intact": True} | more))
    return Ready(action, on(carrier, pages=pages or life.row(carrier)["pages"]))


def _open_handover(life, start, **more):
    with life.unit.database.reading() as connection:
        held = connection.exec_driver_sql("SELECT 1 FROM carriers WHERE custodian IS NOT NULL LIMIT 1").scalar()
    if not more and not held:
        life.brought()  # who names the supervisor follows from the level of what is handed over
    answers = {
        "giver": life.person("clerk"), "receiver": life.person("clerk2"), "supervisor": life.person("leader"),
        "named_by": life.person("chief"),
    } | more  # fmt: skip
    return Ready(life.act("open_handover", **answers), signed={"namer": "chief"})


def _offer_handover(life, start, carrier=None, slip=None):
    carrier = carrier or life.carrier(start)
    slip = slip or life.do(life.ready("open_handover")).slip
    return Ready(life.act("offer_handover"), on(carrier), slip=slip)


def _withdraw_from_handover(life, start, carrier=None):
    carrier = carrier or life.carrier("handover")
    return Ready(life.act("withdraw_from_handover"), on(carrier), slip=life.row(carrier)["slip"])


def _take_over(life, start, carrier=None):
    carrier = carrier or life.carrier("handover")
    signed = {"giver": "clerk", "receiver": "clerk2", "supervisor": "leader"}
    return Ready(life.act("take_over"), on(carrier), by="officer", signed=signed, slip=life.row(carrier)["slip"])


def _file_to_archive(life, start, carrier=None, appraisal="kept", archive_no=None, **more):
    carrier = carrier or life.carrier(start)
    archive_no = f"A-{carrier}" if archive_no is None else archive_no
    action = life.act("file_to_archive", **({"place": life.place("safe")} | more))
    line = on(carrier, archive_no=archive_no, retention="permanent", appraisal=appraisal)
    return Ready(action, line, apply=life.applied(action, carrier))


def _transfer_to_archives(life, start, carrier=None, review="secret", **more):
    carrier = carrier or life.carrier("archived")
    answers = {"receiver": "the archives", "received_by": "Qian", "deed": life.next("Deed")} | more
    action = life.act("transfer_to_archives", **answers)
    return Ready(action, on(carrier, review=review), by="archivist", apply=life.applied(action, carrier))


def _propose_destruction(life, start, carrier=None, by="clerk2", **ticks):
    carrier = carrier or life.carrier(start)
    line = on(carrier, **({"no_recall": True, "record_kept": True} | ticks))
    return Ready(life.act("propose_destruction", reason="no longer needed"), line, by=by)


def _bag_and_seal(life, start, carrier=None, listed=None, **more):
    carrier = carrier or life.carrier(start)
    listed = listed or carrier
    answers = {"bag": life.next("B"), "seal": life.next("S"), "count": 1, "witness": life.person("witness")} | more
    return Ready(
        life.act("bag_and_seal", **answers), on(carrier), signed={"witness": "witness"},
        apply=lambda: life.do(life.ready("propose_destruction", carrier=listed)).slip,
    )  # fmt: skip


def _destroy(life, start, carrier=None, **more):
    carrier = carrier or life.carrier(start)
    row = life.row(carrier)
    seals = life.unit.envelope(row["container"]).seal if row["container"] else "none"
    answers = {
        "reason": "no longer needed", "method": "burning", "destroyer": life.person("clerk2"),
        "witnesses": life.people("witness", "officer"), "seals": seals,
        "certificate": "Cert 7" if start == "to_dest" else "",
    } | more  # fmt: skip
    signed = {"destroyer": "clerk2", "witness": "witness officer"}
    return Ready(life.act("destroy", **answers), on(carrier), signed=signed, slip=row["slip"])


def _unbag(life, start, carrier=None):
    carrier = carrier or life.carrier("pend_dest")
    action = life.act("unbag", reason="kept after all")
    return Ready(action, on(carrier), apply=life.applied(action, carrier))


def _strike_from_list(life, start, carrier=None):
    carrier = carrier or life.carrier(start)
    return Ready(
        life.act("strike_from_list", reason="kept after all"), on(carrier),
        apply=lambda: life.do(life.ready("propose_destruction", carrier=carrier)).slip,
    )  # fmt: skip


def _send_to_destruction(life, start, carrier=None, **more):
    carrier = carrier or life.carrier("pend_dest")
    action = life.act("send_to_destruction", **({"escorts": life.people("courier", "courier2")} | more))
    return Ready(action, on(carrier), slip=life.row(carrier)["slip"])


def _report_missing(life, start, carrier=None):
    carrier = carrier or life.carrier(start)
    return Ready(life.act("report_missing", how="not on the shelf"), on(carrier))


def _found(life, start, carrier=None, pages=None, **more):
    carrier = carrier or life.carrier("missing")
    action = life.act("found", **({"place": life.place("safe"), "how": "behind the shelf"} | more))
    line = on(carrier, pages=pages or life.row(carrier)["pages"])
    return Ready(action, line, apply=life.applied(action, carrier))


def _change_level(life, start, of=None, **more):
    of = of or (document(life)[0] if start != "registered" else life.row(received(life))["document"])
    answers = {"document": of, "level": life.level, "period": "3y", "notice": "No. 5", "reason": "as ordered"} | more
    action = life.act("change_level", **answers)
    return Ready(action, (Line(Ref(Subject.DOCUMENT, of)),), apply=life.applied(action))


def _lift(life, start, of=None):
    if of is None:
        of = life.row(received(life, period="1y", issued=life.today))["document"] if start == "registered" else None
        of = of or document(life, period="1y")[0]
        life.unit.later(days=366)
    action = life.act("lift")
    apply = life.applied(action) if needs(life, "lift") else None
    return Ready(action, (Line(Ref(Subject.DOCUMENT, of)),), apply=apply)


def needs(life, route):
    """Whether anybody approves it at this level."""
    regime = next(regime for regime in life.unit.desk().regimes() if regime.code == life.regime)
    return bool(regime.route(route, life.level).value)


def _remark(life, start, carrier=None):
    if carrier is None:
        carrier = life.carrier(start)
        of = life.row(carrier)["document"]
        life.perform(life.ready("change_level", of=of, period="4y"))
    return Ready(life.act("remark"), on(carrier))


def born(life, ref):
    """The entry by which it came into the book."""
    with life.unit.database.reading() as connection:
        return connection.exec_driver_sql(
            "SELECT min(seq) FROM ledger WHERE subject_kind = ? AND subject = ?", (str(ref.kind), ref.id)
        ).scalar()


def _correct(life, start, carrier=None, **more):
    carrier = carrier or life.carrier(start)
    answers = {
        "what": "pages", "old": str(life.row(carrier)["pages"]), "new": "14", "reason": "miscounted",
        "second": life.person("clerk2"),
    } | more  # fmt: skip
    return Ready(
        life.act("correct", **answers), on(carrier), signed={"second_clerk": "clerk2"},
        corrects=born(life, Ref(Subject.CARRIER, carrier)),
    )  # fmt: skip


def _sign_for_envelope(life, start, **more):
    answers = {
        "number": life.next("In"), "regime": life.regime, "sender": "the ministry", "channel": channel(life),
        "items": 1, "level": life.level, "seal": "S9",
    } | more  # fmt: skip
    return Ready(life.act("sign_for_envelope", **answers))


def envelope(life, state="signed_for", **more):
    """An envelope that came in, in that state."""
    number = life.do(life.ready("sign_for_envelope", **more)).subjects[0].id
    if state == "opened":
        life.do(_open_envelope(life, "", number))
    return number


def _open_envelope(life, start, number=None, **more):
    number = number or envelope(life)
    action = life.act("open_envelope", **({"seal": "S9", "second": life.person("clerk2")} | more))
    return Ready(action, (Line(Ref(Subject.ENVELOPE, number)),), signed={"second": "clerk2"})


def _reconcile_envelope(life, start, number=None, **more):
    number = number or envelope(life, "opened")
    action = life.act("reconcile_envelope", **({"counted": 1, "unnumbered": 1} | more))
    return Ready(action, (Line(Ref(Subject.ENVELOPE, number)),))


def _report_discrepancy(life, start, number=None, **more):
    number = number or envelope(life, start if start in ("signed_for", "opened") else "opened")
    action = life.act("report_discrepancy", **({"expected": 1, "found": 0, "second": life.person("clerk2")} | more))
    return Ready(action, (Line(Ref(Subject.ENVELOPE, number)),), signed={"second": "clerk2"})


def _give_back_unopened(life, start, number=None, **more):
    number = number or envelope(life)
    if start == "discrepancy" and life.state(Ref(Subject.ENVELOPE, number)) == "signed_for":
        life.do(_report_discrepancy(life, "", number, condition="torn"))
    answers = {"to": "the courier of the exchange station", "receipt": "No. 88", "seal": "S9"} | more
    return Ready(life.act("give_back_unopened", **answers), (Line(Ref(Subject.ENVELOPE, number)),))


def _register_further(life, start, of=None, number=None, **more):
    answers = {
        "document": of or life.row(received(life))["document"], "envelope": number or envelope(life, "opened"),
        "pages": 12, "place": life.place("safe"),
    } | more  # fmt: skip
    return Ready(life.act("register_further", **answers))


def _register_received(life, start, number=None, **more):
    answers = {
        "envelope": number or envelope(life, "opened"), "regime": life.regime, "level": life.level, "title": "a letter",
        "short_title": "letter", "originator": "the ministry", "period": "2y", "pages": 12,
        "place": life.place("safe"), "scope_units": ("plans",), "issued": life.today,
    } | more  # fmt: skip
    return Ready(life.act("register_received", **answers))


def received(life, **more):
    """A copy that came in."""
    return life.do(life.ready("register_received", **more)).subjects[0].id


def _approve(life, start, ready=None):
    ready = ready or life.ready("copy_carrier")
    slip = ready.apply()
    while len([step for step in life.unit.slip(slip).steps if step.decision != "approved"]) > 1:
        life.decide_once(slip)
    step = life.unit.slip(slip).next_step
    paper = step.role in ON_PAPER
    name = "clerk" if paper else life.unit._who_may_decide(step.role)
    consent = {"consent": "no. 1", "consented": life.today} if paper else {}
    action = life.act("approve", by=life.person(name), **consent)
    return Ready(action, (Line(Ref(Subject.SLIP, slip)),), by=name)


RECIPES = {
    "propose_classification": _propose_classification, "classify": _classify, "take_number": _take_number,
    "void_number": _void_number, "print_copies": _print_copies, "print_labels": _label("print_labels", "reserved"),
    "affix_label": _label("affix_label", "printed"), "verify_label": _label("verify_label", "affixed"),
    "finish_making": _finish_making, "void_draft": _void_draft, "copy_carrier": _copy_carrier, "lend": _lend,
    "renew_loan": _renew_loan, "return_loan": _return_loan, "move_to": _move_to, "dispatch": _dispatch,
    "acknowledge_receipt": _acknowledge_receipt, "send_tracer": _send_tracer,
    "return_undelivered": _return_undelivered, "open_handover": _open_handover, "offer_handover": _offer_handover,
    "take_over": _take_over, "file_to_archive": _file_to_archive, "transfer_to_archives": _transfer_to_archives,
    "propose_destruction": _propose_destruction, "bag_and_seal": _bag_and_seal, "destroy": _destroy, "unbag": _unbag,
    "report_missing": _report_missing, "found": _found, "change_level": _change_level, "lift": _lift,
    "remark": _remark, "correct": _correct, "sign_for_envelope": _sign_for_envelope, "open_envelope": _open_envelope,
    "reconcile_envelope": _reconcile_envelope, "report_discrepancy": _report_discrepancy,
    "give_back_unopened": _give_back_unopened, "register_received": _register_received, "approve": _approve,
    "send_to_destruction": _send_to_destruction, "strike_from_list": _strike_from_list, "use_number": _use_number,
    "extract": _extract, "register_further": _register_further, "withdraw_from_handover": _withdraw_from_handover,
}  # fmt: skip


def _by(act, start="in_stock"):
    def reach(life):
        ready = life.ready(act, start)
        done = life.perform(ready)
        return done.subjects[0].id

    return reach


_INTO = {
    "new_number": _by("take_number"), "in_prep": _by("print_copies"), "loan": _by("lend"),
    "in_transit": _by("dispatch"), "handover": _by("offer_handover"), "archived": _by("file_to_archive"),
    "pend_dest": _by("bag_and_seal"), "to_dest": _by("send_to_destruction", "pend_dest"),
    "missing": _by("report_missing"), "external": _by("acknowledge_receipt"), "destroyed": _by("destroy", "pend_dest"),
    "transferred": _by("transfer_to_archives"), "void": _by("void_draft"),
}  # fmt: skip
