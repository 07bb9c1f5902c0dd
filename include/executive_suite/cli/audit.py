"""``audit verify | export | replay | seal | variants``: the trail checked, exported, copied; experiments read."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from executive_suite.cli import show
from executive_suite.cli.options import First, Form, Last, commands, examples, in_order
from executive_suite.config import ConfigError
from executive_suite.mailing import variants_plan, variants_results
from executive_suite.run import clock, deployment, signing
from executive_suite.trail import export as trail_export
from executive_suite.trail import sealing, search_copy, verification
from executive_suite.trail.sealing import Anchor

app = commands("Verify, export, copy and seal the audit trail.")


def _anchor(text: str) -> Anchor:
    try:
        return Anchor.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


AnchorOption = Annotated[
    Any, typer.Option("--anchor", parser=_anchor, metavar="NUMBER:HASH", help="Of a manifest that was kept elsewhere.")
]
Mirror = Annotated[
    Path | None,
    typer.Option("--mirror", metavar="FILE", help="A local file of the trail: the bucket must hold it all."),
]


@app.command(epilog=examples("audit verify --anchor 12:9f…", "audit verify --from 2026-05-01 --to 2026-05-31"))
def verify(
    first: First = None,
    last: Last = None,
    anchor: AnchorOption = None,
    file: Annotated[Path | None, typer.Option("--file", metavar="FILE", help="Verify this export instead.")] = None,
    mirror: Mirror = None,
    public_key: Annotated[
        Path | None, typer.Option("--public-key", metavar="FILE", help="Check every manifest's signature with it.")
    ] = None,
    *,
    strict: Annotated[bool, typer.Option("--strict", help="Unsealed events are faults, too.")] = False,
    form: Form = "table",
) -> int:
    """Find edits, gaps, cut tails and rewrites of the audit trail; exit code 1 if there are any.

    Unsealed events, which no manifest holds yet (with --anchor: none up to that one), are shown apart.
    """
    in_order(first, last)
    opened = deployment.from_environment() if mirror or public_key or not file else None
    events = (
        verification.exported(file.read_bytes().splitlines()) if file else verification.stored(opened.records)  # type: ignore[union-attr]
    )
    verdict = verification.verify(events, first=first, last=last, anchor=anchor)
    faults = list(verdict.faults)
    if mirror and opened:
        faults += verification.against_file(opened.records, mirror.read_bytes().splitlines())
    if public_key and opened:
        faults += verification.against_key(opened.records, public_key.read_bytes(), anchor=anchor, strict=strict)
    if anchor is None:
        show.note("note: without --anchor a rewrite of the whole trail, manifests included, goes undetected")
    sealed = str(verdict.anchor) if verdict.anchor else ""
    record = {"faults": [asdict(fault) for fault in faults], "events": verdict.events, "chains": verdict.chains}
    result = f"{len(faults)} fault{'s'[: len(faults) != 1]}" if faults else "unchanged"
    lines = [*map(str, faults), f"{verdict.events} events in {verdict.chains} chains: {result}"]
    unsealed = sum(verdict.unsealed.values())
    by = "by a manifest yet" if anchor is None else "by the anchor"
    lines += [f"not sealed {by}, so nothing proves them: {unsealed} events"] if unsealed else []
    lines += [f"  {chain}: {count}" for chain, count in verdict.unsealed.items()]
    lines += [f"anchor {sealed}"] if sealed else []
    show.result(form, {**record, "unsealed": verdict.unsealed, "anchor": sealed}, *lines)
    return int(bool(faults) or (strict and bool(unsealed)))


@app.command(epilog=examples("audit export --out audit.jsonl", "audit export --from 2026-05-01 > may.jsonl"))
def export(
    first: First = None,
    last: Last = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write FILE, and how to check it.")] = None,
    form: Annotated[Literal["jsonl", "json"], typer.Option("--format", help="Lines, or one array.")] = "jsonl",
) -> int:
    """Print the events of the audit trail as JSON lines; exit code 1 if something there is no event.

    What is no event of the trail, or is not written as the trail writes it, is named on standard error and left out.
    """
    in_order(first, last)
    extras: list[str] = []
    records = deployment.from_environment().records
    lines = trail_export.lines(records, first=first, last=last, left_out=extras.append)
    if form == "json":
        events = [json.loads(line) for line in lines]
        lines = iter([json.dumps(events, ensure_ascii=False).encode() + b"\n"])
    if out is None:
        sys.stdout.buffer.writelines(lines)
        sys.stdout.buffer.flush()
    else:
        trail_export.write(records, out, lines)
    for where in extras:
        show.note(f"left out, because it is no event of the trail: {where!r}")
    return int(bool(extras))


@app.command(epilog=examples("audit replay"))
def replay(form: Form = "table") -> int:
    """Put every event that the search copy lacks there; exit code 1 if CloudWatch refuses some."""
    opened = deployment.from_environment()
    copy = search_copy.CloudWatchCopy(opened.logs, clock.now, opened.log_group)
    put = search_copy.replay(opened.records, copy) - copy.refused
    record = {"log_group": opened.log_group, "put": put, "refused": copy.refused}
    show.result(form, record, f"{put} events put into {opened.log_group}, {copy.refused} refused")
    return int(bool(copy.refused))


@app.command(epilog=examples("audit seal"))
def seal(form: Form = "table") -> None:
    """Seal the audit trail now, as the end of a run does, and print the anchor to keep elsewhere."""
    anchor = sealing.seal(deployment.from_environment().records, clock=clock.now)
    show.result(form, {"anchor": str(anchor)}, f"anchor {anchor}")


@app.command(epilog=examples("audit sign"))
def sign(form: Form = "table") -> None:
    """Sign every manifest that has no signature (EXECUTIVE_SUITE_SEAL_KEY), and keep the anchor elsewhere."""
    done = signing.sign(deployment.from_environment())
    record = {"anchor": str(done.anchor or ""), "signed": done.signed, "public_key": done.public_key}
    many = f"{done.signed} manifest{'s'[: done.signed != 1]} signed"
    show.result(
        form, record, many, f"anchor {done.anchor}" if done.anchor else "no manifest yet", done.public_key.strip()
    )


@app.command(epilog=examples("audit variants", "audit variants --experiment shorter --format json"))
def variants(
    experiment: Annotated[str, typer.Option("--experiment", metavar="ID", help="Only this experiment.")] = "",
    form: Form = "table",
) -> None:
    """Show the results of A/B experiments, from the outbox."""
    opened = deployment.from_environment()
    known = variants_plan.load(opened.config_folder, opened.config)
    chosen = [one for one in known if experiment in {"", one.experiment}]
    if experiment and not chosen:
        names = ", ".join(one.experiment for one in known) or "none"
        msg = f"experiment {experiment!r} is not configured; experiments.yaml has {names}"
        raise ConfigError(msg)
    results = [(one.experiment, variants_results.collect(opened.records, one)) for one in chosen]
    if form == "json":
        show.as_json(
            [
                {"experiment": name, "sent": found.sent, "comparisons": [asdict(one) for one in found.comparisons]}
                for name, found in results
            ]
        )
        return
    for name, found in results:
        sent = ", ".join(f"{arm} {count}" for arm, count in found.sent.items())
        show.line(f"{name}: mails accepted: {sent}")
        for one in found.comparisons:
            rates = ", ".join(
                f"{arm} {successes} of {mails} ({rate:.1%}, {interval.low:.1%} to {interval.high:.1%})"
                for arm, (successes, mails, rate, interval) in one.rates.items()
            )
            weak = " [weak evidence]" if one.weak else ""
            show.line(f"  {one.event}{weak}: {rates or 'no mails'}: {one.verdict}: {one.reason}")
