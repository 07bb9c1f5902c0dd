from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from executive_suite import config
from executive_suite.config import Config, ConfigError, Schedule
from executive_suite.folders import INCLUDE
from executive_suite.run import due, plan
from executive_suite.run.plan import Plan, Request, RequestError
from executive_suite.settings import Settings

SETTINGS = Settings(
    aws_ses_from_address="reports@example.com",
    aws_ses_from_name="Reports",
    aws_recipient_email="founder@example.com",
    aws_bcc_email="audit@example.com",
    reports_bucket="some-reports",
    records_bucket="some-records",
    recipient_hash_key="k" * 32,
)


@pytest.fixture(scope="module")
def configured() -> Config:
    return config.load(INCLUDE / "config")


def request(**changes: object) -> Request:
    values: dict[str, object] = {
        "run_id": "r",
        "backfill": False,
        "params": {},
        "conf": {},
        "interval_end": None,
        # 2026-05-01 03:00 UTC is still April 30 in Los Angeles (UTC-7 in summer, IANA database).
        "run_after": datetime(2026, 5, 1, 3, tzinfo=UTC),
    }
    return Request(**{**values, **changes})  # type: ignore[arg-type]


def test_a_manual_run_reports_at_the_date_it_names(configured: Config) -> None:
    found = plan.of(request(params={"report_date": "2026-05-01"}), configured, SETTINGS)
    assert found.report_date == "2026-05-01"
    assert found.dated


def test_without_a_date_the_local_day_counts_not_the_one_in_utc(configured: Config) -> None:
    found = plan.of(request(), configured, SETTINGS)
    assert found.report_date == "2026-04-30"
    assert not found.dated


def test_a_scheduled_run_is_for_the_end_of_its_interval(configured: Config) -> None:
    # 06:00 in Los Angeles on 2026-05-01 is 13:00 UTC.
    end = datetime(2026, 5, 1, 13, tzinfo=UTC)
    found = plan.of(request(interval_end=end, run_after=datetime(2026, 5, 9, tzinfo=UTC)), configured, SETTINGS)
    assert found.report_date == "2026-05-01"


def test_all_reports_are_made_unless_some_are_chosen_and_in_the_order_of_the_configuration(configured: Config) -> None:
    names = tuple(report.report for report in configured.reports)
    assert plan.of(request(), configured, SETTINGS).reports == names
    assert plan.of(request(params={"reports": list(reversed(names))}), configured, SETTINGS).reports == names
    assert plan.of(request(params={"reports": [names[3]]}), configured, SETTINGS).reports == (names[3],)


def test_an_empty_choice_and_an_unknown_report_are_refused(configured: Config) -> None:
    with pytest.raises(ValueError, match="no report is chosen"):
        plan.of(request(params={"reports": []}), configured, SETTINGS)
    with pytest.raises(ConfigError, match="'nonesuch' is not configured"):
        plan.of(request(params={"reports": ["nonesuch"]}), configured, SETTINGS)


@pytest.mark.parametrize(
    ("conf", "sends"),
    [({}, False), ({"send": True}, False), ({"arm_backfill_send": False}, False), ({"arm_backfill_send": True}, True)],
)
def test_a_backfill_mails_only_when_it_is_armed(configured: Config, conf: dict[str, bool], sends: bool) -> None:
    found = plan.of(request(backfill=True, conf=conf, params={"send": True}), configured, SETTINGS)
    assert found.send is sends
    assert bool(found.why_not) is not sends


def test_an_armed_backfill_with_send_switched_off_mails_nobody(configured: Config) -> None:
    found = plan.of(
        request(backfill=True, conf={"arm_backfill_send": True}, params={"send": False}), configured, SETTINGS
    )
    assert not found.send


@pytest.mark.parametrize("value", ["true", "false", 1, 0, None, "yes"])
def test_a_switch_is_true_or_false_and_no_text_that_looks_like_it(configured: Config, value: object) -> None:
    with pytest.raises(ValueError, match="expected true or false"):
        plan.of(request(backfill=True, conf={"arm_backfill_send": value}), configured, SETTINGS)


@pytest.mark.parametrize(
    ("key", "meant"),
    [("sned", "send"), ("Send", "send"), ("report-date", "report_date"), ("aprove", "approve"), ("report", "reports")],
)
def test_a_misspelled_setting_is_refused_with_the_nearest_right_one(configured: Config, key: str, meant: str) -> None:
    with pytest.raises(ValueError, match=rf"'{key}' is not a setting of a run; did you mean {meant}"):
        plan.of(request(conf={key: False}), configured, SETTINGS)


def test_an_unknown_setting_is_refused_with_those_there_are(configured: Config) -> None:
    with pytest.raises(ValueError, match="expected report_date, reports, send"):
        plan.of(request(conf={"zzz": 1}), configured, SETTINGS)


@pytest.mark.parametrize("day", ["0001-01-01", "1969-12-31", "2027-06-01", "2099-01-01", "9999-12-31"])
def test_an_impossible_date_is_refused_before_anything_runs(configured: Config, day: str) -> None:
    with pytest.raises(ValueError, match="correct the date"):
        plan.of(request(params={"report_date": day, "future_date": True}), configured, SETTINGS)


def test_a_future_date_needs_its_flag(configured: Config) -> None:
    with pytest.raises(ValueError, match="in the future"):
        plan.of(request(params={"report_date": "2026-06-01"}), configured, SETTINGS)
    assert plan.of(request(params={"report_date": "2026-06-01", "future_date": True}), configured, SETTINGS).dated


@pytest.mark.parametrize("given", ["", " ", 20260501, ["2026-05-01"], {"date": "2026-05-01"}, True])
def test_a_date_that_somebody_forgot_to_fill_in_is_not_today(configured: Config, given: object) -> None:
    """A script's empty variable would mail the reports of the day."""
    with pytest.raises(ValueError, match=r"report[_ ]date .*2026-05-01"):
        plan.of(request(params={"report_date": given}), configured, SETTINGS)


@pytest.mark.parametrize("given", ["ceo", {"ceo": 1}, 1])
def test_reports_are_a_list(configured: Config, given: object) -> None:
    with pytest.raises(ValueError, match="expected a list"):
        plan.of(request(params={"reports": given}), configured, SETTINGS)


def test_a_date_that_is_none_is_named(configured: Config) -> None:
    with pytest.raises(ValueError, match="'2026-02-30' is not a date"):
        plan.of(request(params={"report_date": "2026-02-30"}), configured, SETTINGS)


@given(
    st.builds(
        Plan,
        run_id=st.text(),
        report_date=st.dates().map(str),
        reports=st.lists(st.text(), unique=True).map(tuple),
        send=st.booleans(),
        why_not=st.text(),
        dated=st.booleans(),
        backfill=st.booleans(),
    )
)
def test_a_plan_survives_being_handed_on(given_plan: Plan) -> None:
    assert Plan.from_json(given_plan.to_json()) == given_plan


def test_the_embedded_run_has_no_schedule_unless_one_is_set() -> None:
    schedule = Schedule(cron="0 6 1,15 * *")
    assert not due.schedule_of(schedule, {}).cron
    assert not due.schedule_of(schedule, {"EXECUTIVE_SUITE_AWS": "embedded", "EXECUTIVE_SUITE_SCHEDULE": " "}).cron
    assert due.schedule_of(schedule, {"EXECUTIVE_SUITE_AWS": "real"}).cron == "0 6 1,15 * *"
    assert due.schedule_of(schedule, {"EXECUTIVE_SUITE_SCHEDULE": "5 4 * * *"}).cron == "5 4 * * *"


def test_the_schedule_is_read_in_the_configured_zone() -> None:
    assert due.schedule_of(Schedule(), {"EXECUTIVE_SUITE_TIMEZONE": "Europe/Berlin"}).zone == ZoneInfo("Europe/Berlin")
    assert due.schedule_of(Schedule(), {}).zone == ZoneInfo("America/Los_Angeles")


@pytest.mark.parametrize(
    ("conf", "refused"),
    [
        ({}, False),  # a configuration written by hand: who spells an old date out means it (docs/operations.md)
        ({"old_date": False}, True),  # the form, which always says what its switches say
        ({"old_date": True}, False),
        ({"old_date": False, "send": False}, False),
    ],
)
def test_the_form_asks_again_before_it_mails_reports_older_than_the_limit(
    configured: Config, conf: dict[str, object], *, refused: bool
) -> None:
    limit = configured.limits.age_limit_days
    day = date(2026, 4, 30)  # the local day of the request
    for age, asks in ((limit, False), (limit + 1, refused)):
        params = {"report_date": (day - timedelta(days=age)).isoformat(), **conf}
        asked = request(params=params, conf=params)
        if asks:
            with pytest.raises(RequestError, match=f"{limit + 1} days ago.*old_date"):
                plan.of(asked, configured, SETTINGS)
        else:
            assert plan.of(asked, configured, SETTINGS).report_date == params["report_date"]


def test_a_backfill_of_old_dates_is_not_asked(configured: Config) -> None:
    end, conf = datetime(2020, 5, 1, 13, tzinfo=UTC), {"old_date": False, "arm_backfill_send": True}
    assert plan.of(request(backfill=True, interval_end=end, params=conf, conf=conf), configured, SETTINGS).send


@given(names=st.lists(st.text(st.characters(codec="ascii", categories=["Ll"]), min_size=1), min_size=1, unique=True))
def test_what_each_lane_carries_does_not_grow_with_the_number_of_lanes(names: list[str]) -> None:
    whole = Plan("r", "2026-05-01", tuple(names), send=True, why_not="", dated=False, left_out=tuple(names))
    alone = replace(whole, reports=(names[0],), left_out=())
    assert whole.of_lane(names[0]) == Plan.from_json(whole.of_lane(names[0]).to_json()) == alone
