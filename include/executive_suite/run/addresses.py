"""Addresses of recipients: looked up at the last moment, and what is wrong with them, said without showing one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from executive_suite.config import Config
from executive_suite.mailing.gates import in_domains
from executive_suite.settings import ADDRESS, LONGEST_ADDRESS


@dataclass(frozen=True, slots=True)
class AddressFault:
    """Why a delivery would be held.

    Attributes:
        where: The variable, or the configuration file.
        rule: What it should have been; names recipients by id.
    """

    where: str
    rule: str

    def __str__(self) -> str:
        return f"{self.where}: {self.rule}"


def address_of(config: Config, recipient_id: str, environment: Mapping[str, str]) -> str:
    """A recipient's address, from the variable named in the configuration.

    Raises:
        LookupError: the variable is missing, blank, or not one plain address; the message names it and never shows it.
    """
    name = config.recipient(recipient_id).address_from
    address = environment.get(name, "").strip()
    if not address:
        msg = f"{name}: is missing or blank; it must hold the address of recipient {recipient_id}"
        raise LookupError(msg)
    # "=?" begins an encoded word: a mail program could read another address than ours.
    if len(address) > LONGEST_ADDRESS or "=?" in address or re.fullmatch(ADDRESS, address) is None:
        msg = f"{name}: is not one plain mail address like name@example.com (recipient {recipient_id})"
        raise LookupError(msg)
    return address


def faults(config: Config, environment: Mapping[str, str]) -> Iterator[AddressFault]:
    """What is wrong with the address of any recipient; each holds deliveries to that recipient and no others."""
    known: dict[str, str] = {}
    for recipient in config.recipients:
        try:
            address = address_of(config, recipient.recipient_id, environment)
        except LookupError as error:
            where, _, rule = str(error.args[0]).partition(": ")
            yield AddressFault(where, rule)
            continue
        known[recipient.recipient_id] = address.lower()
        if not in_domains(config.limits.allowed_domains, address):
            rule = f"is outside allowed_domains of delivery.yaml (recipient {recipient.recipient_id})"
            yield AddressFault(recipient.address_from, rule)
    for report in config.reports:
        first: dict[str, str] = {}
        for recipient_id in dict.fromkeys(report.recipients):
            twin = first.setdefault(known[recipient_id], recipient_id) if recipient_id in known else recipient_id
            if twin != recipient_id:
                rule = f"{report.report}: recipients {twin} and {recipient_id} have the same address"
                yield AddressFault("reports.yaml", rule)
