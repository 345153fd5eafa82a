"""Periods, marks and what is derived: from shipped regimes, so that a rule changed there is noticed here."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.classification import (
    Classification,
    DatedPeriod,
    Mark,
    Objection,
    Period,
    PeriodKind,
    as_received,
    copy_line,
    derive,
    ends_after,
    lifts,
    objection_to,
    read_mark,
    read_period,
    write_mark,
)
from app.domain.regime import load_regime

REGIMES = Path(__file__).parents[2] / "resources" / "regimes"
STATE, WORK, COMPANY, US = (
    load_regime((REGIMES / f"{code}.toml").read_text("utf-8"), code)
    for code in ("cn-state", "cn-work", "cn-company", "us-dod")
)

MAY = date(2026, 5, 1)
years, months, until, when = Period.years, Period.months, Period.until, Period.when
PERMANENT, LONG, SHORT = (Period(kind) for kind in (PeriodKind.PERMANENT, PeriodKind.LONG, PeriodKind.SHORT))

conditions = st.text(min_size=1).map(str.strip).filter(lambda text: text.strip("； "))
periods = st.one_of(
    st.integers(1, 999).map(years),
    st.integers(1, 999).map(months),
    st.dates().map(until),
    conditions.map(when),
    st.sampled_from([PERMANENT, LONG, SHORT]),
)


# --- stored text -------------------------------------------------------------------------------------------------


@given(periods)
def test_a_stored_period_reads_back_as_itself(period):
    assert Period.parse(str(period)) == period


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("10y", years(10)), ("6m", months(6)), ("2036-05-01", until(date(2036, 5, 1))),
        ("cond:会议开始前", when("会议开始前")), ("permanent", PERMANENT), ("long", LONG), ("short", SHORT),
    ],
)  # fmt: skip
def test_stored_texts_are_final(text, period):
    assert Period.parse(text) == period
    assert str(period) == text


@pytest.mark.parametrize(
    "text",
    ["", "0y", "-1y", "1000y", "10Y", "10", "years", "date", "cond:", "cond: x", "cond:；", "2036-02-30", "2036-W18-4"],
)
def test_what_was_never_stored_is_no_period(text):
    with pytest.raises(ValueError, match="period"):
        Period.parse(text)


@pytest.mark.parametrize("count", [years, months])
def test_a_period_that_could_not_be_read_back_is_none(count):
    assert Period.parse(str(count(999))) == count(999)
    with pytest.raises(ValueError, match="period"):
        count(1000)


# --- the day it ends ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("period", "issued", "lift"),
    [
        (years(10), date(2026, 5, 1), date(2036, 5, 1)),
        (months(6), date(2026, 5, 1), date(2026, 11, 1)),
        (months(6), date(2026, 8, 31), date(2027, 3, 1)),  # no 31 February: never a day too soon
        (months(1), date(2026, 1, 31), date(2026, 3, 1)),
        (months(1), date(2028, 1, 29), date(2028, 2, 29)),
        (years(1), date(2028, 2, 29), date(2029, 3, 1)),
        (years(1), date(9998, 5, 1), date(9999, 5, 1)),  # the last year a date can have
        (years(2), date(9998, 5, 1), date.max),
        (years(4), date(2028, 2, 29), date(2032, 2, 29)),
        (months(12), date(2026, 12, 31), date(2027, 12, 31)),
        (years(999), date(9500, 1, 1), date.max),
        (until(date(2036, 5, 1)), None, date(2036, 5, 1)),
        (years(10), None, None),
        (when("会议开始前"), MAY, None),
        (PERMANENT, MAY, None),
        (None, MAY, None),
    ],
)
def test_secrecy_ends_on_the_day_counted_from_the_marked_issue_date(period, issued, lift):
    assert lifts(Classification("jimi", period, issued), STATE) == lift


def test_a_period_that_counts_from_the_notice_ends_on_no_day_known_from_the_issue():
    """A notice comes after the issue: counted from the issue it would end too soon (domain.md 2.1, R24 §19)."""
    rule = 'start = { value = "issue_date"'
    assert STATE.text.count(rule) == 1
    notice = load_regime(STATE.text.replace(rule, 'start = { value = "notice_date"'), "notice")
    secret = Classification("jimi", years(5), MAY)
    assert lifts(secret, STATE) == date(2031, 5, 1)
    assert lifts(secret, notice) is None
    assert lifts(derive([secret], notice, MAY), notice) is None
    day = Classification("jimi", until(date(2030, 5, 1)), MAY)
    assert lifts(day, notice) == date(2030, 5, 1), "a day is a day, from wherever one counts"


@pytest.mark.parametrize(("period", "lift"), [(LONG, date(2036, 5, 1)), (SHORT, date(2029, 5, 1)), (PERMANENT, None)])
def test_long_and_short_last_as_many_years_as_the_company_says(period, lift):
    assert lifts(Classification("company_jimi", period, MAY), COMPANY) == lift


def test_long_has_no_day_where_no_number_of_years_was_set():
    assert lifts(Classification("jimi", LONG, MAY), STATE) is None


@given(st.integers(1, 400), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_a_period_is_never_a_day_short(count, issued):
    lift = lifts(Classification("jimi", months(count), issued), STATE)
    apart = (lift.year - issued.year) * 12 + lift.month - issued.month
    assert (apart, lift.day) == (count, issued.day) or (apart, lift.day) == (count + 1, 1)


# --- which outlasts which ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("longer", "shorter"),
    [
        (DatedPeriod(years(5), date(2030, 1, 1)), DatedPeriod(years(10), date(2020, 1, 1))),  # the issue date decides
        (DatedPeriod(years(1), MAY), DatedPeriod(months(11), MAY)),
        (DatedPeriod(until(date(2040, 1, 1))), DatedPeriod(years(10), MAY)),
        (DatedPeriod(when("会议开始前")), DatedPeriod(until(date(2099, 1, 1)))),
        (DatedPeriod(LONG, MAY), DatedPeriod(when("会议开始前"))),
        (DatedPeriod(None), DatedPeriod(when("会议开始前"))),
        (DatedPeriod(PERMANENT), DatedPeriod(LONG, MAY)),
        (DatedPeriod(PERMANENT), DatedPeriod(None)),
    ],
)
def test_the_order_of_periods(longer, shorter):
    named = STATE.named_years().value
    assert ends_after(longer, shorter, named)
    assert not ends_after(shorter, longer, named)


def test_what_cannot_be_told_apart_outlasts_neither():
    named = STATE.named_years().value
    one, other = DatedPeriod(when("会议开始前")), DatedPeriod(when("公布前"))
    assert not ends_after(one, other, named)
    assert not ends_after(other, one, named)


# --- marks -------------------------------------------------------------------------------------------------------

WRITTEN = [
    (STATE, "机密★10年", Mark("jimi", years(10))),
    (STATE, "秘密★6个月", Mark("mimi", months(6))),
    (STATE, "机密★2036-05-01", Mark("jimi", until(date(2036, 5, 1)))),
    (STATE, "机密★会议开始前", Mark("jimi", when("会议开始前"))),
    (STATE, "机密★长期", Mark("jimi", LONG)),
    (STATE, "绝密★30年", Mark("juemi", years(30))),
    (STATE, "绝密", Mark("juemi")),
    (WORK, "内部", Mark("neibu")),
    (COMPANY, "机密(企业) 10年", Mark("company_jimi", years(10))),
    (COMPANY, "绝密(企业) 永久", Mark("company_juemi", PERMANENT)),
    (COMPANY, "秘密(企业) 短期", Mark("company_mimi", SHORT)),
    (US, "SECRET//NOFORN", Mark("s", None, ("NOFORN",))),
    (US, "TOP SECRET//RD//ORCON/NOFORN//NODIS", Mark("ts", None, ("NODIS", "NOFORN", "ORCON", "RD"))),
    (US, "SECRET//ATOMAL", Mark("s", None, ("ATOMAL",))),
    (US, "CONFIDENTIAL", Mark("c")),
]


@pytest.mark.parametrize(("regime", "text", "mark"), WRITTEN)
def test_a_mark_is_written_as_the_regime_says_and_read_back(regime, text, mark):
    assert write_mark(mark, regime) == text
    assert read_mark(text, regime) == mark


FOUND = [
    (STATE, "机密★１０年", "机密★10年"),
    (STATE, "　秘密★５年 ", "秘密★5年"),
    (STATE, "秘密☆5年", "秘密★5年"),
    (STATE, "秘密＊5 年", "秘密★5年"),
    (STATE, "机  密 ★ 10年", "机密★10年"),
    (STATE, "机密★十二年", "机密★12年"),
    (STATE, "绝密★二十年", "绝密★20年"),
    (STATE, "秘密★6月", "秘密★6个月"),
    (STATE, "机密10年", "机密★10年"),
    (STATE, "机密（10年）", "机密★10年"),
    (STATE, "机密★2036年5月1日", "机密★2036-05-01"),
    (STATE, "机密★20360501", "机密★2036-05-01"),
    (STATE, "机密★２０３６．５．１", "机密★2036-05-01"),
    (STATE, "绝密★", "绝密"),
    (STATE, "機密★十年", "机密★10年"),
    (STATE, "絕密級★長期", "绝密★长期"),
    (STATE, "秘密級☆6個月", "秘密★6个月"),
    (STATE, "机密级", "机密"),
    (WORK, "內部", "内部"),
    (COMPANY, "機密（企業） 長期", "机密(企业) 长期"),
    (US, "ＳＥＣＲＥＴ／／ＮＯＦＯＲＮ", "SECRET//NOFORN"),
    (WORK, "工作秘密", "内部"),
    (COMPANY, "机密（企业）　10年", "机密(企业) 10年"),
    (COMPANY, "公司机密 长期", "机密(企业) 长期"),
    (US, "Secret // Noforn", "SECRET//NOFORN"),
    (US, "TS//NF", "TOP SECRET//NOFORN"),
    (US, "SECRET//NOFORN/ORCON", "SECRET//ORCON/NOFORN"),
]


@pytest.mark.parametrize(("regime", "text", "written"), FOUND)
def test_marks_found_in_registers_are_understood(regime, text, written):
    mark = read_mark(text, regime)
    assert isinstance(mark, Mark), mark
    assert write_mark(mark, regime) == written


@pytest.mark.parametrize(
    "words", ["三年规划公布前", "2030年度预算公布前", "十月会议前", "两会结束", "第十五届年会开始前"]
)
def test_a_condition_may_speak_of_years(words):
    assert read_mark(f"机密★{words}", STATE).period == when(words)


def test_a_condition_keeps_its_own_signs():
    assert read_mark("机密★会议开始前，且已公布", STATE).period == when("会议开始前，且已公布")


@pytest.mark.parametrize(
    ("regime", "text", "copy", "copies"),
    [
        (US, "SECRET//NOFORN Copy 1 of 5", 1, 5),
        (US, "SECRET//NOFORN\nCOPY  12 OF 30", 12, 30),
        (US, "SECRET//NOFORN", None, None),
        (STATE, "机密★10年 000012", 12, None),
        (STATE, "机密★2036-05-01", None, None),
    ],
)
def test_the_copy_number_beside_the_mark_is_read(regime, text, copy, copies):
    mark = read_mark(text, regime)
    assert (mark.copy, mark.copies) == (copy, copies)


def test_the_copy_number_is_written_as_the_regime_says():
    assert copy_line(1, 5, US) == "Copy 1 of 5"
    assert copy_line(1, None, US) == "Copy 1"
    assert copy_line(12, 30, STATE) == "000012"


REFUSED = [
    (WORK, "内部★10年", "the sign of state secrets", "§22"),
    (WORK, "机密★10年", "the sign of state secrets", "§22"),
    (COMPANY, "机密(企业)★10年", "the sign of state secrets", "§22"),
    (COMPANY, "机密(企业)☆10年", "the sign of state secrets", "§22"),
    (STATE, "内部", "is no mark of", ""),
    (STATE, "机密文件", "is no mark of", ""),
    (STATE, "机密(企业) 10年", "is no mark of", ""),
    (STATE, "", "is no mark of", ""),
    (STATE, "机密★永久", "knows no period", "§20"),
    (WORK, "内部 永久", "knows no period", ""),
    (COMPANY, "机密(企业) 会议开始前", "knows no period", "2.4"),
    (STATE, "秘密★11年", "is kept for at most", "§20"),
    (STATE, "机密★21年", "is kept for at most", "§20"),
    (STATE, "绝密★31年", "is kept for at most", "§20"),
    (STATE, "秘密★121个月", "is kept for at most", "§20"),
    (STATE, "机密★2036-02-30", "no day of the calendar", ""),
    (STATE, "机密★0年", "no day of the calendar", ""),
    (STATE, "机密★10", "no day of the calendar", ""),
    # Taken for a condition, each of these would never end and pass under every ceiling.
    (STATE, "绝密★百年", "no day of the calendar", ""),
    (STATE, "秘密★半年", "no day of the calendar", ""),
    (STATE, "秘密★壹拾年", "no day of the calendar", ""),
    (STATE, "机密★1年6个月", "no day of the calendar", ""),
    (STATE, "机密★40年内", "no day of the calendar", ""),
    (STATE, "机密★★40年", "no day of the calendar", ""),
    (STATE, "机密★40年\u200b", "no day of the calendar", ""),
    (STATE, "机密★至2036年5月", "no day of the calendar", ""),
    (STATE, "机密级文件", "is no mark of", ""),
    (US, "SECRET//NOFORM", "is no caveat of", ""),
    (US, "UNCLASSIFIED", "is no mark of", ""),
    (US, "SECRET Copy 6 of 5", "there is no copy", ""),
    (US, "SECRET Copy 0 of 5", "there is no copy", ""),
]


@pytest.mark.parametrize(("regime", "text", "why", "written_in"), REFUSED)
def test_a_mark_that_is_none_says_why(regime, text, why, written_in):
    objection = read_mark(text, regime)
    assert isinstance(objection, Objection), objection
    assert why in objection.reason.msgid
    assert written_in in objection.citation
    assert objection.reason.msgid.format_map(objection.reason.values)


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text):
    for regime in (STATE, WORK, COMPANY, US):
        assert isinstance(read_mark(text, regime), Mark | Objection)
        assert isinstance(read_period(text, regime), Period | Objection)


# --- ceilings ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("level", "most"), [("juemi", 30), ("jimi", 20), ("mimi", 10)])
def test_the_ceilings_of_state_secrets(level, most):
    assert objection_to(level, years(most), MAY, STATE) is None
    assert objection_to(level, years(most + 1), MAY, STATE).citation == STATE.ceiling(level).citation
    assert objection_to(level, months(most * 12 + 1), MAY, STATE)
    last = MAY.replace(year=MAY.year + most)
    assert objection_to(level, until(last), MAY, STATE) is None
    assert objection_to(level, until(last.replace(day=2)), MAY, STATE)
    assert objection_to(level, until(last.replace(day=2)), None, STATE) is None  # cannot be told without its date


def test_a_period_does_not_end_before_it_begins():
    assert objection_to("jimi", until(MAY), MAY, STATE)


@pytest.mark.parametrize(
    ("regime", "level", "taken"),
    [(STATE, "juemi", years(30)), (STATE, "mimi", years(10)), (COMPANY, "company_jimi", LONG), (WORK, "neibu", None)],
)
def test_a_missing_period_is_the_one_the_regime_takes(regime, level, taken):
    assert as_received(Mark(level), MAY, regime) == Classification(level, taken, MAY)


# --- derivation --------------------------------------------------------------------------------------------------

ISSUED = date(2026, 11, 23)
days = st.dates(date(1990, 1, 1), date(2026, 1, 1))
state_sources = st.lists(
    st.builds(
        Classification,
        st.sampled_from(["juemi", "jimi", "mimi"]),
        st.one_of(
            st.none(), st.integers(1, 10).map(years), st.integers(1, 11).map(months), days.map(until),
            st.sampled_from(["会议开始前", "公布前", "甲；乙"]).map(when), st.just(LONG),
        ),
        st.one_of(st.none(), days),
        st.lists(st.sampled_from(["NO_COPY", "NAMED_READERS", "RETURN"]), unique=True).map(tuple),
    ),
    min_size=1,
    max_size=5,
)  # fmt: skip


def end_of(source):
    term = DatedPeriod(source.period or STATE.period_if_missing(source.level).value, source.issued or ISSUED)
    return term.rank(STATE.named_years().value)


@given(state_sources)
def test_what_is_derived_is_as_secret_as_its_sources(sources):
    derived = derive(sources, STATE, ISSUED)
    ranks = [STATE.level(source.level).value.rank for source in sources]
    assert STATE.level(derived.level).value.rank == max(ranks)
    assert set(derived.caveats) == {caveat for source in sources for caveat in source.caveats}
    assert end_of(derived) == max(end_of(source) for source in sources)


@given(state_sources, st.randoms())
def test_the_order_of_the_sources_does_not_matter(sources, random):
    shuffled = random.sample(sources, len(sources))
    assert derive(shuffled, STATE, ISSUED) == derive(sources, STATE, ISSUED)


@given(state_sources)
def test_deriving_again_changes_nothing(sources):
    derived = derive(sources, STATE, ISSUED)
    assert derive([derived], STATE, ISSUED) == derived
    assert derive([derived, *sources], STATE, ISSUED) == derived


def test_a_compilation_takes_the_latest_day_not_the_largest_number():
    old, new = Classification("jimi", years(20), date(2010, 1, 1)), Classification("mimi", years(10), date(2025, 1, 1))
    assert derive([old, new], STATE, ISSUED) == Classification("jimi", until(date(2035, 1, 1)), ISSUED)


def test_conditions_and_days_bind_together():
    day = Classification("mimi", years(10), date(2025, 1, 1))
    meeting, release = (Classification("mimi", when(text), MAY) for text in ("会议开始前", "公布前"))
    assert derive([day, meeting], STATE, ISSUED).period == when("会议开始前；2035-01-01")
    assert derive([meeting, release], STATE, ISSUED).period == derive([release, meeting], STATE, ISSUED).period
    assert lifts(derive([day, meeting], STATE, ISSUED), STATE) is None


def test_a_permanent_company_secret_makes_its_extract_permanent():
    sources = [Classification("company_mimi", SHORT, MAY), Classification("company_juemi", PERMANENT, MAY)]
    assert derive(sources, COMPANY, ISSUED) == Classification("company_juemi", PERMANENT, MAY)


def test_caveats_of_all_sources_are_kept():
    sources = [
        Classification("c", years(10), MAY, ("NOFORN",)),
        Classification("s", years(5), MAY, ("EXDIS", "NOFORN")),
    ]
    derived = derive(sources, US, ISSUED)
    assert write_mark(derived.mark, US) == "SECRET//NOFORN//EXDIS"
