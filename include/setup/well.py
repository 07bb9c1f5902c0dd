"""Whether a component is alive, for its health check, without importing Airflow: that takes seconds, this a tenth.

``well.py job JOB_TYPE`` reads the last heartbeat of this host's job from Airflow's database; ``well.py worker`` asks this
host's Celery worker through the broker. The URLs are where the entry point puts them.
"""

from __future__ import annotations

import os
import socket
import sys

SILENT_SECONDS = 60
"""How old a heartbeat may be: components send one every five seconds, busy ones a little later."""
ANSWER_SECONDS = 5


def beats(job_type: str) -> bool:
    """Whether a job of this type on this host has sent a heartbeat of late."""
    import psycopg2

    url = os.environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].replace("+psycopg2", "", 1)
    connection = psycopg2.connect(url, connect_timeout=ANSWER_SECONDS)
    with connection.cursor() as cursor:
        cursor.execute(
            "select 1 from job where job_type = %s and hostname in (%s, %s) and state = 'running'"
            " and latest_heartbeat > now() - %s * interval '1 second' limit 1",
            (job_type, socket.gethostname(), socket.getfqdn(), SILENT_SECONDS),
        )
        return cursor.fetchone() is not None


def answers() -> bool:
    """Whether the Celery worker of this host answers a ping."""
    from celery import Celery

    with Celery(broker=os.environ["AIRFLOW__CELERY__BROKER_URL"]) as application:
        return bool(application.control.ping([f"celery@{socket.gethostname()}"], timeout=ANSWER_SECONDS, limit=1))


if __name__ == "__main__":
    what, *arguments = sys.argv[1:]
    sys.exit(0 if {"job": beats, "worker": answers}[what](*arguments) else 1)
