"""What is missing in a reader's words: "channels are not recorded in table channel", not "table channel is absent".

Metrics name the table, column or parameter that they lack, which is what whoever keeps the records must know. A reader
needs the words for it first; the name follows.
"""

from __future__ import annotations

import re
from dataclasses import replace
from operator import is_

from executive_suite.facts.fact import Fact
from executive_suite.facts.figures import Figures
from executive_suite.reports.phrases import words_of
from executive_suite.wording import noted, say

_ROWS = {
    "account": noted("accounts of the books"),
    "asset": noted("assets"),
    "availability": noted("days that can be sold"),
    "bank_line": noted("bank statements"),
    "booking": noted("bookings"),
    "budget": noted("targets"),
    "campaign": noted("campaigns"),
    "campaign_scenario": noted("assumptions of the mailing"),
    "campaign_spend": noted("marketing costs"),
    "channel": noted("sales channels"),
    "client_contract": noted("client contracts"),
    "compliance_doc": noted("licenses and certificates"),
    "contact": noted("mailing list contacts"),
    "control_rule": noted("control rules"),
    "cost_recommendation": noted("savings proposals"),
    "counterparty": noted("customers and vendors"),
    "crew_availability": noted("days of the crew"),
    "decision": noted("answers to decisions"),
    "delivery": noted("delivery jobs"),
    "delivery_crew": noted("crews of the jobs"),
    "deployment": noted("releases"),
    "deployment_option": noted("uses of capital"),
    "email_event": noted("mail events"),
    "eng_action": noted("engineering actions"),
    "entity": noted("companies of the group"),
    "equity_holder": noted("equity holders"),
    "expense_doc": noted("receipts"),
    "finding": noted("security and quality findings"),
    "focus_cost": noted("cloud bills"),
    "funnel_event": noted("steps of the sales funnel"),
    "incident": noted("outages"),
    "invoice": noted("invoices"),
    "key_role": noted("key roles"),
    "kpi_definition": noted("KPI definitions"),
    "lease": noted("leases"),
    "ledger": noted("books"),
    "maintenance": noted("repairs and upkeep"),
    "milestone": noted("milestones"),
    "opportunity": noted("sales opportunities"),
    "param": noted("parameters"),
    "payment": noted("payments"),
    "rev_schedule": noted("performance obligations"),
    "review": noted("customer reviews"),
    "seo_rank": noted("search rankings"),
    "system": noted("systems in use"),
    "touchpoint": noted("tagged visits"),
    "work_log": noted("hours worked"),
}
"""What the rows of a table are to whoever reads about them; a table of another name is its name in words."""
_LACK = re.compile(
    r"table (?P<table>\w+) is (?:absent|empty)"
    r"|column (?P<of>\w+)\.(?P<column>\w+) is absent"
    r"|param (?P<param>\w+) has no value"
)
_RULE = re.compile(r"\b[a-z]+(?:_[a-z]+)+(?=: )")
"""A rule before what it lacks, in a list of several."""


def figures(made: Figures) -> Figures:
    """The figures with what they lack in a reader's words; the same if nothing is missing."""
    facts, previous = tuple(map(_fact, made.facts)), tuple(map(_fact, made.previous))
    same = all(map(is_, facts, made.facts)) and all(map(is_, previous, made.previous))
    return made if same else replace(made, facts=facts, previous=previous)


def _fact(fact: Fact) -> Fact:
    if not _LACK.search(fact.reason):
        return fact
    listed = _RULE.sub(lambda rule: words_of(rule[0]), fact.reason)
    return replace(fact, reason=_LACK.sub(_said, listed))


def _said(lack: re.Match[str]) -> str:
    """What is missing, in words and by its name.

    >>> _said(_LACK.match("table focus_cost is absent")), _said(_LACK.match("param hourly_rate has no value"))
    ('cloud bills are not recorded in table focus_cost', 'parameter hourly_rate is not set')
    >>> _said(_LACK.match("column ledger.counterparty_id is absent"))
    'books lack the counterparty in column ledger.counterparty_id'
    """
    if name := lack["table"]:
        return say("{records} are not recorded in table {table}", records=_rows(name), table=name)
    if name := lack["param"]:
        return say("parameter {name} is not set", name=name)
    table, column = lack["of"], lack["column"]
    part, name = words_of(column.removesuffix("_id")), f"{table}.{column}"
    return say("{records} lack the {part} in column {name}", records=_rows(table), part=part, name=name)


def _rows(table: str) -> str:
    return say(_ROWS[table]) if table in _ROWS else words_of(table)
