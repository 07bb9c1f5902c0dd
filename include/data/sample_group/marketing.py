"""Channels, the hauling funnel, local search, opportunities and the confirmations sent by mail."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

from executive_suite.period import Month
from sample_group.days import EVENING, at, days, last_day, months
from sample_group.dice import Dice
from sample_group.hauling import WebJobs
from sample_group.headline import DIRECT, NAMES
from sample_group.world import World

CHANNELS = (  # channel, entity, type, name
    (DIRECT, "jada", "direct", NAMES[DIRECT]),
    ("concierge", "jada", "referral", "Hotel concierges"),
    ("dockside", "jada", "offline", "Dockside sign"),
    ("qos-site", "qos", "direct", "QueenofSanDiego site"),
    ("qos-list", "qos", "email", "Mailing list"),
    ("qdn-site", "qdn", "organic", "QuickDumpNow site"),
    ("qdn-phone", "qdn", "offline", "Telephone"),
    ("dc-referral", "dc", "referral", "Client referrals"),
    ("rental-direct", "rental", "direct", "Rental, direct"),
    ("delivery-referral", "delivery", "referral", "Brokers and marinas"),
)
NEVER_USED = "qos-list"

STEPS = ("visit", "quote_form_open", "quote_submitted", "job_booked")
VISITS_A_JOB, OPENED_BP, SUBMITTED_A_JOB = (36, 46), (2150, 2550), (1.7, 2.5)

KEYWORDS = (  # keyword, position when the books opened, change a month, impressions a month
    ("dumpster rental san diego", 18, -0.22, 900),
    ("junk removal city heights", 11, -0.18, 260),
    ("roll off dumpster la mesa", 14, -0.20, 170),
    ("junk hauling chula vista", 22, -0.15, 210),
    ("construction debris removal", 27, -0.10, 340),
    ("dumpster rental el cajon", 16, -0.24, 190),
)
CLICK_SHARE_AT_TOP = 0.22

OPPORTUNITIES = {"jada": (1.6, (180_000, 420_000)), "qos": (0.8, (300_000, 700_000)), "dc": (0.5, (150_000, 700_000))}
STAGES = (("lead", 1000), ("qualified", 3000), ("quoted", 5000))
OPEN = tuple(stage for stage, _ in STAGES)
LOST_REASONS = ("price", "date taken", "no answer", "went elsewhere")
CERTAIN_BP = 10_000


def add(world: World, web_jobs: WebJobs) -> None:
    """Add everything that marketing keeps."""
    for channel, entity, kind, name in CHANNELS:
        world.tables.add(
            "channel",
            at(world.assumptions.first_day),
            channel_id=channel,
            name=name,
            valid_from=world.assumptions.first_day,
            entity_id=entity,
            type=kind,
            status="not_listed" if channel == NEVER_USED else "live",
            requires_coi=False,
            setup_days=0,
            exp_monthly_net_cents=0,
        )
    _funnel(world, web_jobs)
    _search(world)
    _opportunities(world)
    _confirmations(world)


def _funnel(world: World, web_jobs: WebJobs) -> None:
    """Step counts by month; since the relaunch of November 2025 no quote arrives, and so no job is booked."""
    dice = world.dice("funnel")
    first = world.assumptions.first_day
    usual = sum(web_jobs.values()) / max(1, len(web_jobs))
    for month in months(first, world.assumptions.report_date - timedelta(days=31)):
        works = month.first <= world.last_day
        jobs = web_jobs[month] if works else 0
        visits = round((jobs or usual) * dice.between(*VISITS_A_JOB))
        opened = round(visits * dice.whole(*OPENED_BP) / CERTAIN_BP)
        quotes = min(opened, round(jobs * dice.between(*SUBMITTED_A_JOB)))
        for number, (step, count) in enumerate(zip(STEPS, (visits, opened, quotes, jobs), strict=True), 1):
            day = last_day(month)
            world.tables.add(
                "funnel_event", at(day, EVENING), entity_id="qdn", step_no=number, step=step, date=day, count=count
            )


def _search(world: World) -> None:
    dice = world.dice("search")
    first = world.assumptions.first_day
    for month in months(first, world.assumptions.report_date - timedelta(days=1)):
        age = world.years_since(month) * 12
        for keyword, position, change, impressions in KEYWORDS:
            rank = max(3, round(position + change * age + dice.between(-1.5, 1.5)))
            seen = round(impressions * (1 + age / 60) * dice.between(0.85, 1.15))
            clicks = round(seen * CLICK_SHARE_AT_TOP / rank * dice.between(0.7, 1.2))
            world.tables.add(
                "seo_rank",
                at(last_day(month), EVENING),
                entity_id="qdn",
                keyword=keyword,
                date=last_day(month),
                position=rank,
                impressions=seen,
                clicks=clicks,
            )


def _opportunities(world: World) -> None:
    """Leads that were won or lost within the history; nobody has entered one since."""
    dice = world.dice("opportunities")
    number = 0
    for month in months(world.assumptions.first_day, world.last_day):
        for entity, (expected, amounts) in OPPORTUNITIES.items():
            for _ in range(dice.count(expected)):
                number += 1
                _opportunity(world, dice, f"P{number:04d}", entity, (month, amounts))


def _opportunity(world: World, dice: Dice, opp: str, entity: str, what: tuple[Month, tuple[int, int]]) -> None:
    month, amounts = what
    created = dice.pick(list(days(month.first, last_day(month))))
    closes = created + timedelta(days=dice.whole(9, 48))
    amount = dice.round_cents(*amounts, step=5_000)
    won = dice.happens(3800)
    stages: list[tuple[date, str, int]] = []
    when = created
    for stage, probability in STAGES[: 3 if won else dice.whole(1, 3)]:
        stages.append((when, stage, probability))
        when += timedelta(days=dice.whole(2, 7))
    decided = max(when, closes + timedelta(days=dice.whole(-4, 12)))
    stages.append((decided, "won" if won else "lost", CERTAIN_BP if won else 0))
    reason = None if won else dice.pick(LOST_REASONS)
    if stages[-1][0] > world.last_day:  # the lead is given up when the season closes
        stages = [*[s for s in stages[:-1] if s[0] < world.last_day], (world.last_day, "lost", 0)]
        reason = "season closed"
    for day, stage, probability in stages:
        world.tables.add(
            "opportunity",
            at(day, EVENING),
            opp_id=opp,
            valid_from=at(day),
            entity_id=entity,
            stage=stage,
            amount_cents=amount,
            probability_bp=probability,
            expected_close=closes if stage in OPEN else day,
            created_at=at(created),
            lost_reason=reason if stage == "lost" else None,
        )


def _confirmations(world: World) -> None:
    """One mail a confirmed booking of guests; some bounce."""
    dice = world.dice("mail")
    for row in world.tables.rows("booking"):
        booking = row["booking_id"]
        if not booking.startswith(("CH", "EV", "ST0")) or row["status"] != "confirmed":
            continue
        sent = at(date.fromisoformat(row["confirmed_at"][:10]))
        outcome = ("bounce", "Permanent") if dice.happens(120) else ("delivery", None)
        for minute, (event, bounce) in enumerate((("send", None), outcome)):
            world.tables.add(
                "email_event",
                sent + timedelta(hours=8),
                message_id=f"m-{booking}",
                event=event,
                at=sent + timedelta(minutes=minute),
                recipient_hash=hashlib.sha256(f"sample {row['customer_id']}".encode()).hexdigest()[:16],
                bounce_type=bounce,
            )
