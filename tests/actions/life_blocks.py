"""How each "blocked when" of life.csv comes about: one scenario for each sentence, by the row it stands in."""

from dataclasses import replace
from datetime import timedelta

from app.domain.action import Ref, Subject
from app.domain.regime import Demand
from tests.actions.life_acts import born, code_of, document, envelope, labelled, on, received

SCENARIOS = {}
"""(T-number, sentence) → the rules of which one must refuse, and what provokes it."""

CANNOT_ARISE = {}
"""Sentences that no answer can bring about; the check shows that the state of things is never reached."""

NOT_BUILT = {
    ("T18", "recall pending"): "recalls (T27) come with the whole life",
    ("T18", "receiver without agreement"): "agreements with receivers come with the office",
}


def blocked(t, sentence, *rules):
    """Registers a scenario under its sentence."""

    def keep(scenario):
        SCENARIOS[t, sentence] = (rules, scenario)
        return scenario

    return keep


def cannot_arise(t, sentence):
    """Registers the proof that a sentence cannot come true."""

    def keep(check):
        CANNOT_ARISE[t, sentence] = check
        return check

    return keep


def tried(life, ready, **changed):
    """Approved as far as it goes, and tried."""
    return life.why_not(life.approved(ready), **changed)


def at(life, level, regime="cn-state"):
    """The same unit at another level."""
    life.regime, life.level = regime, level
    return life


@blocked("5.2b", "decided by who proposed it", "nobody_approves_their_own")
def decided_by_the_proposer(life):
    ready = life.ready("propose_classification", drafter=life.person("authority"))
    slip = life.do(ready, by="authority").slip
    return life.unit.why_not(life.act("approve", by=life.person("authority")), slip, by="authority")


@blocked("T01", "number already used in the year book", "number_is_free")
def number_used(life):
    taken = life.row(life.do(life.ready("take_number")).subjects[0].id)
    return life.why_not(life.ready("take_number", number=taken["number"], of=taken["document"]))


@blocked("T02a", "collector not on the authorised list", "actor_has_the_duty")
def collector_unknown(life):
    return life.why_not(life.ready("sign_for_envelope"), by="reader")


@blocked("T02b", "wrapping broken", "wrapping_is_intact", "envelope_is_opened")
def wrapping_broken(life):
    number = envelope(life, intact=False)
    refused = life.why_not(life.ready("open_envelope", number=number))
    assert "envelope_is_opened" in life.why_not(life.ready("reconcile_envelope", number=number))
    return refused


@blocked("T02b", "count mismatch", "counted_is_listed")
def count_differs(life):
    return life.why_not(life.ready("reconcile_envelope", counted=2, unnumbered=2))


@blocked("T02b", "addressee mismatch", "envelope_is_opened")
def addressee_differs(life):
    """What is not for us is reported, and from then on not reconciled."""
    number = envelope(life, "opened")
    life.do(life.ready("report_discrepancy", number=number, found=1, condition="addressed to another unit"))
    return life.why_not(life.ready("reconcile_envelope", number=number))


@blocked("T51", "it was opened", "envelope_lies_unopened")
def given_back_after_it_was_opened(life):
    return life.why_not(life.ready("give_back_unopened", number=envelope(life, "opened")))


@blocked("T51", "no receipt", "every_question_is_answered")
def given_back_against_nothing(life):
    return life.why_not(life.ready("give_back_unopened", receipt=""))


@blocked("T03", "no level", "document_is_classified")
def no_level(life):
    proposed = document(life, "proposed")[0]
    return tried(life, life.ready("print_copies", of=proposed))


@blocked("T03", "no period", "period_is_given")
def no_period(life):
    return life.why_not(life.ready("propose_classification", period=""))


@blocked("T03", "no scope", "scope_is_given")
def no_scope(life):
    return life.why_not(life.ready("propose_classification", scope_units=()))


@blocked("5.4", "label not printed", "label_is_printed")
def label_not_printed(life):
    carrier = life.carrier("in_prep")
    return life.why_not(life.ready("affix_label", carrier=carrier))


@blocked("5.4", "label not affixed", "label_is_affixed")
def label_not_affixed(life):
    carrier = labelled(life, life.carrier("in_prep"), "printed")
    return life.why_not(life.ready("verify_label", carrier=carrier))


@blocked("5.4", "another label scanned", "scan_is_of_this_carrier")
def another_label(life):
    carrier = labelled(life, life.carrier("in_prep"), "affixed")
    return life.why_not(life.ready("verify_label", carrier=carrier, scanned=code_of(carrier + 1)))


@blocked("T04", "made > approved", "made_with_these_no_more_than_approved")
def more_than_approved(life):
    ready = life.approved(life.ready("print_copies", copies=2))
    life.do(ready)
    return life.why_not(replace(ready, action=replace(ready.action, now=1)))


@blocked("T04", "waste not recorded", "sheets_add_up", "waste_is_destroyed")
def waste_not_recorded(life):
    carrier = labelled(life, life.carrier("in_prep"))
    refused = life.why_not(life.ready("finish_making", carrier=carrier, sheets=15))
    assert "waste_is_destroyed" in life.why_not(life.ready("finish_making", carrier=carrier, sheets=15, spoiled=3))
    return refused


@blocked("T04", "label not verified", "label_is_verified")
def label_not_verified(life):
    return life.why_not(life.ready("finish_making", carrier=labelled(life, life.carrier("in_prep"), "affixed")))


@blocked("T05", "already distributed", "arc_is_open")
def already_distributed(life):
    return life.why_not(life.ready("void_draft", carrier=life.carrier("issued")))


@blocked("T09", "overdue items already open for this person", "reader_has_nothing_overdue")
def overdue_elsewhere(life):
    life.carrier("loan")
    life.unit.later(days=2)
    return tried(life, life.ready("lend"))


@blocked("T09", "绝密 outside its designated room", "may_leave_the_room")
def taken_out_of_the_room(life):
    return tried(at(life, "juemi"), life.ready("lend", how="out", room=None))


@blocked("T09", "not cleared", "reader_is_cleared")
def not_cleared(life):
    return tried(life, life.ready("lend", borrower="uncleared"))


@blocked("T09", "not in scope", "reader_is_in_scope")
def not_in_scope(life):
    return tried(life, life.ready("lend", borrower="stranger"))


@blocked("T09", "no due date", "every_question_is_answered")
def no_due_date(life):
    return life.why_not(life.ready("lend", due=None))


@blocked("T10", "more than allowed renewals", "renewals_are_left")
def renewed_too_often(life):
    carrier = life.carrier("loan")
    regime = next(regime for regime in life.unit.desk().regimes() if regime.code == life.regime)
    for _ in range(regime.renewals().value):
        life.perform(life.ready("renew_loan", carrier=carrier))
    return tried(life, life.ready("renew_loan", carrier=carrier))


@blocked("T10", "new due date beyond the maximum", "due_date_is_allowed")
def due_too_late(life):
    return tried(life, life.ready("renew_loan", due=life.today + timedelta(days=4000)))


@blocked("T11", "page mismatch", "pages_agree")
def page_missing(life):
    return life.why_not(life.ready("return_loan", pages=11))


@blocked("T15", "issuer forbids", "issuer_lets_it_be_copied")
def issuer_forbids(life):
    return tried(life, life.ready("copy_carrier", original=received(life, may_copy=False)))


@blocked("T15", "level above unit's right", "needs_approval", "is_approved")
def above_our_right(life):
    """At the highest level our own leaders do not suffice: without the originator's consent nothing is copied."""
    ready = life.submitted(at(life, "juemi").ready("copy_carrier"))
    assert life.unit.slip(ready.slip).next_step.role == "originator"
    refused = life.unit.why_not(life.act("approve", by=life.person("chief")), ready.slip, by="chief")
    assert set(refused) == {"consent_is_written", "paper_is_entered_by_the_registry"}
    return life.why_not(ready)


@blocked("T15", "approver is the applicant", "nobody_approves_their_own")
def approves_own_request(life):
    ready = life.ready("copy_carrier")
    slip = life.unit.submitted(ready.action, by="chief")
    return life.unit.why_not(life.act("approve", by=life.person("chief")), slip, by="chief")


@blocked("T16", "count exceeded", "made_with_these_no_more_than_approved")
def copied_too_often(life):
    ready = life.approved(life.ready("copy_carrier"))
    life.do(ready)
    return life.why_not(replace(ready, action=replace(ready.action, now=1)))


@cannot_arise("T16", "same level period and scope not copied")
def copies_are_of_the_same_document(life):
    original = life.carrier()
    done = life.perform(life.ready("copy_carrier", original=original))
    for copy in done.subjects:
        row = life.row(copy.id)
        assert row["document"] == life.row(original)["document"]
        assert row["level"] == life.row(original)["level"]


@blocked("T16", "waste not recorded", "sheets_add_up")
def waste_of_copying(life):
    copies = [ref.id for ref in life.perform(life.ready("copy_carrier")).subjects]
    lines = [line for copy in copies for line in on(labelled(life, copy), pages=12)]
    ready = life.ready("finish_making", carrier=copies[0], sheets=30, stamped=True)
    return life.why_not(replace(ready, lines=tuple(lines)))


@blocked("T17", "lower mark chosen", "no_lower_than_its_sources")
def lower_than_its_source(life):
    secret = life.row(at(life, "jimi").brought()[0])["document"]
    return life.why_not(at(life, "mimi").ready("extract", of=secret))


@blocked("T17", "issuer forbids", "sources_may_be_used")
def extract_forbidden(life):
    forbidden = document(at(life, "company_jimi", "cn-company"), caveats=("NO_COPY",))[0]
    return life.why_not(life.ready("extract", of=forbidden))


@blocked("T18", "channel not allowed for the level", "channel_allows_the_level")
def forbidden_channel(life):
    regime = next(regime for regime in life.unit.desk().regimes() if regime.code == "cn-state")
    other = next(c.value.code for c in regime.channels() if "juemi" not in c.value.allowed)
    ready = life.approved(at(life, "juemi").ready("dispatch"))
    return life.why_not(replace(ready, action=replace(ready.action, channel=other)))


@blocked("T18", "one person for 绝密", "enough_couriers_are_named")
def one_courier(life):
    return tried(at(life, "juemi"), life.ready("dispatch", couriers=life.people("courier")))


@blocked("T20", "not yet due", "tracer_day_has_come")
def tracer_too_early(life):
    return life.why_not(life.ready("send_tracer", days=1))


@blocked("T21", "seal broken", "seal_is_intact")
def seal_broken(life):
    return life.why_not(life.ready("return_undelivered", seal_intact=False))


@blocked("T21", "page mismatch", "pages_agree")
def page_missing_in_the_parcel(life):
    return life.why_not(life.ready("return_undelivered", pages=11))


@blocked("T29", "giver is the receiver", "three_are_different")
def giver_is_receiver(life):
    return life.why_not(life.ready("open_handover", receiver=life.person("clerk")))


@blocked("T29", "supervisor is one of the two", "three_are_different")
def supervisor_is_receiver(life):
    return life.why_not(life.ready("open_handover", supervisor=life.person("clerk2")))


@blocked("T29", "absent giver without a commission of two", "absent_giver_has_a_commission")
def nobody_gives(life):
    return life.why_not(life.ready("open_handover", absent=True, commission=life.people("witness")))


@blocked("T29", "supervisor not named by a leader", "supervisor_is_named_by_a_leader")
def nobody_names_the_supervisor(life):
    life.carrier()
    assert life.why_not(life.ready("open_handover", named_by=life.person("officer")))
    return life.why_not(life.ready("open_handover", named_by=None))


@blocked("T29", "giver is not the custodian", "carrier_is_on_the_charge")
def not_the_givers(life):
    carrier = life.carrier()
    slip = life.do(life.ready("open_handover", giver=life.person("witness"))).slip
    return life.why_not(life.ready("offer_handover", carrier=carrier, slip=slip))


@blocked("T29", "open slips not listed", "nothing_came_on_charge_since")
def came_since(life):
    ready = life.ready("take_over")
    life.carrier("loan")
    return life.why_not(ready)


@blocked("T29", "differences unexplained", "every_line_is_settled")
def not_counted(life):
    life.carrier()
    return life.why_not(life.ready("take_over"))


@blocked("T30", "level not re-appraised", "level_was_appraised_truly", "every_question_is_answered")
def not_appraised(life):
    carrier = life.carrier()
    assert life.why_not(life.ready("file_to_archive", carrier=carrier, appraisal=None))
    return tried(life, life.ready("file_to_archive", carrier=carrier, appraisal="lifted"))


@blocked("T30", "no archive number", "every_question_is_answered")
def no_archive_number(life):
    return tried(life, life.ready("file_to_archive", archive_no=""))


@blocked("T32", "unresolved declassification review", "declassification_review_is_settled")
def review_open(life):
    return tried(life, life.ready("transfer_to_archives", review="open"))


@blocked("T33", "recall pending", "nobody_recalls_it", "every_question_is_answered")
def recall_pending(life):
    return life.why_not(life.ready("propose_destruction", no_recall=False))


@blocked("T33", "issuer wants it back", "may_be_destroyed_here")
def issuer_wants_it_back(life):
    """A caveat that says it is returned to its originator."""
    for regime in life.unit.desk().regimes():
        for answer in regime.caveats():
            caveat = answer.value
            if "destroy" in caveat.forbids or Demand.RETURN_TO_ORIGINATOR in caveat.demands:
                at(life, regime.levels()[-1].value.code, regime.code)
                carrier = received(life, caveats=(caveat.code,), period="")
                return life.why_not(life.ready("propose_destruction", carrier=carrier))
    raise AssertionError("no regime has a caveat that says so")


@blocked("T33", "record copy not filed", "record_copy_is_kept")
def record_copy_not_filed(life):
    return life.why_not(life.ready("propose_destruction", record_kept=False))


@blocked("T33", "on loan", "arc_is_open")
def on_loan(life):
    return life.why_not(life.ready("propose_destruction", carrier=life.carrier("loan")))


@blocked("T33", "in circulation", "arc_is_open")
def in_circulation(life):
    return life.why_not(life.ready("propose_destruction", carrier=life.carrier("circul")))


@blocked("T33", "under incident", "arc_is_open")
def under_incident(life):
    assert life.why_not(life.ready("propose_destruction", carrier=life.carrier("missing")))
    return life.why_not(life.ready("propose_destruction", carrier=life.carrier("sealed")))


@blocked("T34", "approver = proposer", "nobody_approves_their_own")
def approver_is_proposer(life):
    slip = life.do(life.ready("propose_destruction", by="officer")).slip
    return life.unit.why_not(life.act("approve", by=life.person("officer")), slip, by="officer")


@blocked("T35", "not on the approved list", "stands_on_the_list", "is_approved", "no_other_slip_holds_it")
def not_on_the_list(life):
    return tried(life, life.ready("bag_and_seal", carrier=life.carrier(), listed=life.carrier()))


@blocked("T35", "count ≠ list", "count_is_what_was_scanned")
def bag_count_differs(life):
    return tried(life, life.ready("bag_and_seal", count=2))


@blocked("T36", "one escort", "escorts_are_enough")
def one_escort(life):
    return life.why_not(life.ready("send_to_destruction", "pend_dest", escorts=life.people("courier")))


@cannot_arise("T36", "unsealed")
def what_waits_for_destruction_is_sealed(life):
    """A bag is closed with its seal or not at all."""
    assert "every_question_is_answered" in tried(life, life.ready("bag_and_seal", seal=" "))
    bag = life.row(life.carrier("pend_dest"))["container"]
    assert life.unit.envelope(bag).seal


@blocked("T37", "destroyer = supervisor", "destroyer_is_no_witness")
def destroyer_watches(life):
    ready = life.ready("destroy", "pend_dest", witnesses=life.people("clerk2", "officer"))
    return life.why_not(ready, signed={"destroyer": "clerk2", "witness": "clerk2 officer"})


@blocked("T37", "witness uncleared", "destroyer_and_witnesses_are_cleared")
def witness_not_cleared(life):
    ready = life.ready("destroy", "pend_dest", witnesses=life.people("uncleared", "officer"))
    return life.why_not(ready, signed={"destroyer": "clerk2", "witness": "uncleared officer"})


@blocked("T37", "certificate missing", "centre_gave_a_certificate")
def no_certificate(life):
    return life.why_not(life.ready("destroy", "to_dest", certificate=""))


@blocked("T38", "already on the way to destruction", "arc_is_open")
def already_on_the_way(life):
    return life.why_not(life.ready("unbag", carrier=life.carrier("to_dest")))


@blocked("T43", "not originator", "received_is_changed_on_a_notice")
def not_the_originator(life):
    return tried(life, life.ready("change_level", "registered", notice=""))


@blocked("T43", "extension dated after the lift date", "extended_before_it_ends")
def extended_too_late(life):
    ready = life.ready("change_level", of=document(life, period="1y")[0], period="5y")
    ready = life.approved(ready)
    life.unit.later(days=400)
    return life.why_not(ready)


@blocked("T44", "extension decided earlier", "period_has_ended")
def was_extended(life):
    of = document(life, period="1y")[0]
    life.perform(life.ready("change_level", of=of, period="5y"))
    life.unit.later(days=366)
    return life.why_not(life.ready("lift", of=of))


@blocked("T44", "period not ended", "period_has_ended")
def not_ended(life):
    return life.why_not(life.ready("lift", of=document(life)[0]))


@blocked("T45", "mark is not due to be changed", "mark_is_to_be_changed")
def mark_is_right(life):
    return life.why_not(life.ready("remark", carrier=life.carrier()))


@blocked("T47", "changing a closed batch", "correction_points_at_its_entry", "slip_is_open", "slip_waits_for_approval")
def closed_batch(life):
    carrier = life.carrier("loan")
    slip = life.row(carrier)["slip"]
    life.do(life.ready("return_loan", carrier=carrier))
    assert life.unit.slip(slip).state == "closed"
    assert life.unit.why_not(life.act("cancel_slip", reason="a mistake"), slip)
    return life.why_not(life.ready("correct", carrier=carrier), corrects=born(life, Ref(Subject.SLIP, slip)))


@blocked("T47", "old value not kept", "old_value_is_what_the_book_says")
def old_value_forgotten(life):
    return life.why_not(life.ready("correct", old="99"))


@blocked("T48", "item physically present", "arc_is_open")
def it_is_there(life):
    """What was made exists: its number is not voided as if nobody bore it."""
    return life.why_not(life.ready("void_number", carrier=life.carrier("in_prep")))


@blocked("T48", "no reason", "every_question_is_answered")
def no_reason(life):
    carrier = life.carrier("new_number")
    return life.why_not(life.ready("void_number", carrier=carrier, reason=""))


@blocked("T56", "target grade < level", "new_place_protects")
def place_too_low(life):
    return life.why_not(life.ready("move_to", place="corridor"))


@blocked("T56", "no room left", "new_place_protects")
def no_room_left(life):
    shelf = life.unit.do(life.act("register_place", name="shelf", grade=9, capacity=1)).subjects[0]
    first, second = life.brought(2)
    life.unit.do(life.act("move_to", place=shelf.id), first)
    refused = life.unit.why_not(life.act("move_to", place=shelf.id), second)
    assert refused["new_place_protects"].reason.values["there"] == 1
    return refused


@blocked("T56", "绝密 into a shared cabinet", "new_place_protects")
def shared_cabinet(life):
    return life.why_not(at(life, "juemi").ready("move_to", place="cabinet"))
