"""A scheduler of small worlds: workers, publishers, people and SES events in every order, with everything failing.

Each actor is a greenlet that runs production code and gives way at every operation on the store and around the SES
call. The scheduler picks who goes on, who dies, whose answer is lost, whose write lands late and what the clocks say;
one seed is one schedule, and the same seed is the same schedule again. What SES accepted is counted by the world.
"""

from __future__ import annotations

import functools
import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from email.utils import format_datetime
from typing import Any

import greenlet
from botocore import exceptions as botocore_errors

from executive_suite.archive import editions, publication
from executive_suite.archive.documents import ArchiveError
from executive_suite.document import Document
from executive_suite.identity import HashKey
from executive_suite.mailing import message, protocol, resend
from executive_suite.mailing.errors import NotSentError
from executive_suite.mailing.request import Request, Sender
from executive_suite.mailing.resend import Decision, ResendError
from executive_suite.mailing.services import Services
from executive_suite.outbox.outbox import ClaimLostError, Entry, Outbox, Slot
from executive_suite.outbox.state import Evidence
from executive_suite.ses.events import DELIVERY_HEADER
from executive_suite.stores.memory import MemoryStore
from executive_suite.stores.store import StoredObject, StoreError
from executive_suite.trail.chain import Chain, Event, TrailError
from faults.desk import LIMITS, MORNING, REPORT_DATE, document

Deliver = Callable[[Request, Services], object]

DOCUMENTS = (document("the first bytes"), document("other bytes"))
KEY = HashKey("k" * 32)
DELIVERY_ID = KEY.delivery_id(entity="group", report="cfo", report_date=REPORT_DATE, recipient_id="primary")
FAILURES = (
    StoreError,
    publication.ContendedError,
    ClaimLostError,
    NotSentError,
    TrailError,
    ArchiveError,
    ResendError,
    KeyError,
)
"""How a task may end in red; anything else is a defect of the code under search."""


@functools.lru_cache(maxsize=4096)
def carried(mime: bytes) -> tuple[str, int]:
    """Content digest and generation that a mail says it has."""
    headers = message_from_bytes(mime)
    return headers[message.CONTENT_DIGEST_HEADER], int(headers[DELIVERY_HEADER].rsplit("=", 1)[1])


class SilentChain(Chain):
    """Keeps no record: the search is about the ledger, and the trail only slows it down."""

    def __init__(self) -> None:
        super().__init__(MemoryStore(), "runs/2026-05-01/search/cfo", clock=lambda: MORNING)

    def append(self, event: Event) -> str:
        return event.kind


@dataclass
class World:
    """One schedule.

    Attributes:
        seed: Makes it.
        deliver: What the send task does.
        accepted: How many mails SES accepted, by generation.
        digests: Which documents they carried.
        words: How often a person asked for another mail.
    """

    seed: int
    deliver: Deliver = protocol.deliver
    accepted: Counter[int] = field(default_factory=Counter)
    digests: set[str] = field(default_factory=set)
    words: int = 0
    published: set[str] = field(default_factory=set)
    now: datetime = MORNING
    late: list[Callable[[], None]] = field(default_factory=list)
    finished: list[str] = field(default_factory=list)
    calm: bool = False

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.records, self.reports = MemoryStore(), MemoryStore()
        self.nonces = itertools.count()
        self.hub = greenlet.getcurrent()
        self.actors: list[greenlet.greenlet] = []
        self.dead: list[greenlet.greenlet] = []
        self.trouble = self.dice.choice([0.0, 0.02, 0.1, 0.3])
        # Of its own: where the store fails at every third operation hardly anybody gets as far as the call.
        self.ses_trouble = self.dice.choice([0.0, 0.1, 0.5])

    # --- what actors do ---------------------------------------------------------------------------------------

    def spawn(self, act: Callable[[], object]) -> None:
        def run() -> None:
            try:
                act()
            except FAILURES as error:
                self.finished.append(type(error).__name__)

        self.actors.append(greenlet.greenlet(run, parent=self.hub))

    def give_way(self) -> None:
        """Where another actor may go on, or this one may die."""
        self.hub.switch()

    def fails(self) -> bool:
        return not self.calm and self.dice.random() < self.trouble

    def call_fails(self) -> bool:
        return not self.calm and self.dice.random() < self.ses_trouble

    def lane(self, made: Document) -> Callable[[], object]:
        """Archive and send, as a lane of a run does."""

        def act() -> None:
            revision = editions.open_revision(Store(self, self.records), REPORT_DATE, made.file_name)
            publication.publish(
                Store(self, self.reports),
                Store(self, self.records),
                made,
                generated_at=self.now,
                revision=revision,
            )
            self.published.add(made.content_digest)
            self.send(made)()

        return act

    def send(self, made: Document) -> Callable[[], object]:
        """Send from the archive, as a retry or a cleared task does."""
        skew = timedelta(seconds=self.dice.choice([0, 0, 0, -300, -8, 8, 300]))

        def act() -> None:
            request = Request("group", "cfo", "cfo-report", REPORT_DATE, 1, made.content_digest, "primary")
            services = Services(
                Store(self, self.records),
                Ses(self),  # type: ignore[arg-type]  # the one call that the protocol makes
                Sender("Executive Suite", "reports@example.com", ("audit@example.com",)),
                KEY,
                LIMITS,
                SilentChain(),
                lambda _: "cfo@example.com",
                lambda: self.now + skew,
                nonce=lambda: f"nonce {next(self.nonces)}",
                freeze=_freeze,
            )
            self.deliver(request, services)
            self.finished.append("sent")

        return act

    def person(self) -> None:
        """Somebody looks at the delivery and asks for another mail."""
        store = Store(self, self.records)
        named = Entry(Slot("group", "cfo", REPORT_DATE, "primary", 1), DELIVERY_ID)
        self.words += 1
        resend.open_next(store, named, Decision("founder", "asked for it"), clock=lambda: self.now, chain=SilentChain())

    def event(self) -> None:
        """An SES event arrives, late, twice or out of order; only of mails that were accepted."""
        if self.accepted:
            generation = self.dice.choice(sorted(self.accepted))
            kind = self.dice.choice(["delivered", "bounced"])
            proof = Evidence(f"event-{generation}-{kind}", kind, self.now, f"mail-{generation}")  # type: ignore[arg-type]
            Outbox(Store(self, self.records)).add_evidence(DELIVERY_ID, generation, proof)

    # --- the scheduler ----------------------------------------------------------------------------------------

    def run(self, steps: int = 120) -> None:
        """Play the schedule, then let everything settle and one last retry come."""
        dice = self.dice
        self.spawn(self.lane(DOCUMENTS[0]))
        for _ in range(steps):
            roll = dice.random()
            if roll < 0.85 and self.actors:
                self.go_on(dice.choice(self.actors), dice.choice((1, 1, 2, 12)))
            elif roll < 0.90:
                self.now += timedelta(seconds=dice.choice([0.1, 1, 3, 11, 400]))
            elif roll < 0.92 and self.actors:
                self.dead.append(self.actors.pop(dice.randrange(len(self.actors))))
            elif roll < 0.93 and self.late:
                self.late.pop(dice.randrange(len(self.late)))()
            elif roll < 0.96 and DOCUMENTS[0].content_digest in self.published:
                self.spawn(self.send(DOCUMENTS[0]))
            elif roll < 0.98:
                self.spawn(self.lane(dice.choice(DOCUMENTS)))
            elif roll < 0.985:
                self.spawn(self.person)
            else:
                self.spawn(self.event)
        self.settle()

    def settle(self) -> None:
        """No more faults: whoever is still at work ends, late writes land, leases run out, a last retry looks."""
        self.calm = True
        while self.actors:
            self.step(self.actors[0])
        for land in self.late:
            land()
        self.now += timedelta(hours=1)
        self.spawn(self.lane(DOCUMENTS[0]))
        while self.actors:
            self.step(self.actors[0])

    def go_on(self, actor: greenlet.greenlet, steps: int) -> None:
        """Some steps of one actor with nobody in between: most workers are quick, and get as far as the call."""
        for _ in range(steps):
            if not actor.dead:
                self.step(actor)

    def step(self, actor: greenlet.greenlet) -> None:
        actor.switch()
        if actor.dead:
            self.actors.remove(actor)

    # --- what must hold ---------------------------------------------------------------------------------------

    def violations(self) -> Iterator[str]:
        """What the protocol promised and did not keep."""
        record = Outbox(self.records).read(DELIVERY_ID)
        for generation, mails in self.accepted.items():
            if mails > 1:
                yield f"{mails} mails accepted in generation {generation}"
            if generation > 1 + self.words:
                yield f"generation {generation} was sent, but only {self.words} times somebody asked for another mail"
        for generation in record.generations:
            state = generation.state(self.now)
            mails = self.accepted[generation.number]
            if mails and state not in {"sent", "uncertain"}:
                yield f"generation {generation.number}: accepted, but the ledger says {state}"
            if state == "sent" and not mails:
                yield f"generation {generation.number}: the ledger says sent, but SES accepted nothing"
        if self.finished[-1] == "sent" and record.latest.state(self.now) != "sent":
            yield f"the last try ended as sent, the ledger says {record.latest.state(self.now)}"
        yield from self._archive_violations()

    def _archive_violations(self) -> Iterator[str]:
        """What is archived and what is in the mails are the same bytes."""
        if len(self.digests) > 1:
            yield "two different documents were sent of one revision"
        edition = editions.current_edition(self.records, REPORT_DATE, "cfo-report", 1)
        if self.digests and (edition is None or edition.content_digest not in self.digests):
            yield "what was sent is not what the archive says is current"
        for made in DOCUMENTS:
            if made.content_digest in self.digests and self.standing() != made.files:
                yield "what was sent is not what is in the archive"

    def standing(self) -> dict[str, bytes]:
        """The files that stand at the report's keys."""
        keys = list(self.reports.keys(REPORT_DATE.isoformat()))
        return {key.rsplit(".", 1)[1]: self.reports.get(key).body for key in keys}


class Store:
    """The store as one actor sees it: every operation gives way, may fail, and may land although it failed."""

    def __init__(self, world: World, store: MemoryStore) -> None:
        self._world = world
        self._store = store

    def create(self, item: StoredObject) -> bool:
        self._world.give_way()
        if self._world.fails():
            return self._create_badly(item)
        return self._store.create(item)

    def put(self, item: StoredObject) -> None:
        self._world.give_way()
        if self._world.fails():
            msg = "put failed"
            raise StoreError(msg)
        self._store.put(item)

    def remove(self, key: str) -> None:
        self._world.give_way()
        if self._world.fails():
            msg = "remove failed"
            raise StoreError(msg)
        self._store.remove(key)

    def get(self, key: str) -> StoredObject:
        self._world.give_way()
        if self._world.fails() and self._world.fails():
            msg = "get failed"
            raise StoreError(msg)
        return self._store.get(key)

    def keys(self, prefix: str) -> Iterator[str]:
        self._world.give_way()
        return self._store.keys(prefix)

    def _create_badly(self, item: StoredObject) -> bool:
        how = self._world.dice.choice(["lost answer", "own write met", "not written", "written late"])
        if how == "lost answer":
            self._store.create(item)
        elif how == "own write met":  # the SDK repeats a write whose answer was lost, and meets its own
            self._store.create(item)
            return False
        elif how == "written late":
            self._world.late.append(lambda: self._store.create(item))
        msg = how
        raise StoreError(msg)


class Ses:
    """The one call, ending in every way it can."""

    def __init__(self, world: World) -> None:
        self._world = world

    def send_email(self, *, Content: dict[str, Any], **_: object) -> dict[str, str]:  # noqa: N803 - boto3's name
        world = self._world
        world.give_way()
        how = (
            world.dice.choice(["refuse", "throttle", "unreached", "lost", "500", "500 after"])
            if world.call_fails()
            else ""
        )
        if how in {"refuse", "throttle", "500"}:
            raise _error(how)
        if how == "unreached":
            raise botocore_errors.ConnectTimeoutError(endpoint_url="loopback")
        digest, generation = carried(Content["Raw"]["Data"])
        world.accepted[generation] += 1
        world.digests.add(digest)
        world.give_way()
        if how == "lost":
            raise botocore_errors.ReadTimeoutError(endpoint_url="loopback")
        if how == "500 after":
            raise _error(how.split()[0])
        return {"MessageId": f"mail-{generation}"}


def _error(how: str) -> Exception:
    status, code = {
        "refuse": (400, "MessageRejected"),
        "throttle": (429, "TooManyRequestsException"),
        "500": (500, "InternalFailure"),
    }[how]
    answer: Any = {"Error": {"Code": code, "Message": how}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return botocore_errors.ClientError(answer, "SendEmail")


def _freeze(made: Document, _name: str, _sender: str, recipient: str, labels: message.Labels, **_: object) -> bytes:
    """A mail with no more than what the protocol looks at: making a whole one is a pure function, and dear."""
    return (
        f"To: {recipient}\r\n"
        f"Date: {format_datetime(labels.date)}\r\n"
        f"{message.CONTENT_DIGEST_HEADER}: {made.content_digest}\r\n"
        f"{DELIVERY_HEADER}: {labels.delivery_id}; generation={labels.generation}\r\n\r\n"
    ).encode()


def search(schedules: range, deliver: Deliver = protocol.deliver) -> Iterator[tuple[int, str]]:
    """Play every schedule; each violation with the seed that shows it."""
    for seed in schedules:
        world = World(seed, deliver)
        world.run()
        for violation in world.violations():
            yield seed, violation
