"""The environment variables of a deployment, checked before anything else runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from executive_suite.period import time_zones

_ATOM, _LABEL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+", "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
ADDRESS = rf"^{_ATOM}(\.{_ATOM})*@({_LABEL}\.)+[A-Za-z]([A-Za-z0-9-]{{0,61}}[A-Za-z0-9])?$"
"""A plain address: dot-atom and host name (RFC 5321, 4.1.2), whose last label is no number."""
LONGEST_ADDRESS = 254
WEB_PAGE = r"^https://[A-Za-z0-9._~:/?@!$&'*+=%-]+$"
BUCKET = r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"
IN_BUCKET = r"^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9!_.*'()/-]*)?$"

_Plain = Annotated[str, StringConstraints(pattern=ADDRESS, max_length=LONGEST_ADDRESS)]
Address = Annotated[_Plain, Field(repr=False)]
Bucket = Annotated[str, StringConstraints(pattern=BUCKET)]


class SettingsError(ValueError):
    """Variables are missing, blank or malformed; the message names each and never shows a value."""


class Settings(BaseModel):
    """The documented variables; fields have their names in lower case."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    aws_ses_region: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")] = "us-east-1"
    aws_ses_from_address: Address
    aws_ses_from_name: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    aws_recipient_email: Address
    aws_bcc_email: Address
    aws_ses_configuration_set: str | None = None
    reports_bucket: Bucket
    records_bucket: Bucket
    recipient_hash_key: Annotated[str, Field(repr=False), StringConstraints(min_length=32)]
    executive_suite_aws: Literal["embedded", "real"] = "embedded"
    executive_suite_schedule: str | None = None
    executive_suite_timezone: str = "America/Los_Angeles"
    executive_suite_group: str | None = None
    executive_suite_prefix: Annotated[str, StringConstraints(pattern=r"^groups/[a-z0-9-]+/$")] | None = None
    executive_suite_audit_file: str | None = None
    executive_suite_seal_key: str | None = None
    executive_suite_timestamps: Literal["off", "best-effort", "required"] = "off"
    executive_suite_timestamp_url: (
        Annotated[str, StringConstraints(pattern=r"^https?://\S+$", max_length=300)] | None
    ) = None
    executive_suite_anchors: str | None = None
    executive_suite_out: str | None = None
    executive_suite_reports_url: str | None = None
    executive_suite_access_logs: Annotated[str, StringConstraints(pattern=IN_BUCKET, max_length=300)] | None = None
    executive_suite_reader_key_id: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,64}$")] | None = None
    executive_suite_reader_key: Annotated[str | None, Field(repr=False)] = None
    executive_suite_notify: Annotated[str | None, Field(repr=False)] = None
    executive_suite_room_url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$", max_length=300)] | None = None
    executive_suite_unsubscribe_address: Annotated[_Plain | None, Field(repr=False)] = None
    executive_suite_unsubscribe_url: Annotated[str, StringConstraints(pattern=WEB_PAGE, max_length=300)] | None = None

    @field_validator("executive_suite_timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name not in time_zones():
            msg = "is not a time zone of the IANA database"
            raise ValueError(msg)
        return name

    @field_validator("records_bucket")
    @classmethod
    def _not_the_reports_bucket(cls, name: str, info: object) -> str:
        if name == getattr(info, "data", {}).get("reports_bucket"):
            msg = "must differ from REPORTS_BUCKET: records hold addresses, and people read the reports bucket"
            raise ValueError(msg)
        return name

    @property
    def signs_links(self) -> bool:
        """Whether mails link to archived pages: on a real account, with a key that its distribution knows."""
        return self.executive_suite_aws == "real" and bool(
            self.executive_suite_reader_key_id or self.executive_suite_reader_key
        )

    @property
    def zone(self) -> ZoneInfo:
        """The group's time zone."""
        return ZoneInfo(self.executive_suite_timezone)


_OPTIONAL = {name for name, field in Settings.model_fields.items() if field.default is None}


def from_environment(environment: Mapping[str, str]) -> Settings:
    """The settings of an environment.

    Raises:
        SettingsError: naming every variable that is missing, blank or malformed.
    """
    given = {name: environment[name.upper()] for name in Settings.model_fields if name.upper() in environment}
    blank = [name for name, value in given.items() if not value.strip()]
    faults = [f"{name.upper()}: is blank" for name in blank if name not in _OPTIONAL]
    values = {name: value for name, value in given.items() if name not in blank}
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        named = {line.split(":")[0] for line in faults}
        for fault in error.errors():
            name = str(fault["loc"][0]).upper()
            if name not in named:
                faults.append(f"{name}: {'is missing' if fault['type'] == 'missing' else fault['msg']}")
        raise SettingsError("; ".join(sorted(faults))) from None
    if faults:
        raise SettingsError("; ".join(sorted(faults)))
    return settings


MAIL_FIELDS = (
    "aws_ses_from_address",
    "aws_ses_from_name",
    "aws_recipient_email",
    "aws_bcc_email",
    "recipient_hash_key",
)


def without_mail(environment: Mapping[str, str]) -> Settings:
    """The settings of a step that sends no mail; its mail fields are empty.

    Raises:
        SettingsError: naming every other variable that is missing, blank or malformed.
    """
    stand_in = {
        "AWS_SES_FROM_ADDRESS": "nobody@example.com",
        "AWS_SES_FROM_NAME": "nobody",
        "AWS_RECIPIENT_EMAIL": "nobody@example.com",
        "AWS_BCC_EMAIL": "nobody@example.com",
        "RECIPIENT_HASH_KEY": "0" * 32,
    }
    checked = from_environment({**stand_in, **environment})
    return checked.model_copy(update={name: "" for name in MAIL_FIELDS if name.upper() not in environment})
