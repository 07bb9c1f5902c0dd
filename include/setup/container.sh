#!/bin/sh
# Entry point of a container: secrets from files into the variables that Airflow and the project read, then Airflow.
# A file that is not mounted is a secret that this component does not get.
set -eu
secrets=${SECRETS_FOLDER:-/run/secrets}

# from_file NAME FILE [BEFORE [AFTER]]: the variable NAME holds BEFORE, the file's content, AFTER
from_file() {
    if [ -r "$secrets/$2" ]; then
        export "$1=${3:-}$(cat "$secrets/$2")${4:-}"
    fi
}

from_file AIRFLOW__CORE__FERNET_KEY fernet_key
from_file AIRFLOW__API__SECRET_KEY api_secret_key
from_file AIRFLOW__API_AUTH__JWT_SECRET jwt_secret
from_file AIRFLOW__DATABASE__SQL_ALCHEMY_CONN postgres_password \
    "postgresql+psycopg2://airflow:" "@${POSTGRES_ADDRESS:-postgres:5432}/airflow"
from_file AIRFLOW__CELERY__RESULT_BACKEND postgres_password \
    "db+postgresql://airflow:" "@${POSTGRES_ADDRESS:-postgres:5432}/airflow"
from_file AIRFLOW__CELERY__BROKER_URL redis_password "redis://:" "@${REDIS_ADDRESS:-redis:6379}/0"
from_file RECIPIENT_HASH_KEY recipient_hash_key
from_file EXECUTIVE_SUITE_READER_KEY reader_key

case "${1:-}" in
set-up)
    # Once, before anything else: the schema, the pool of the sends by the account's rate, and the first administrator.
    airflow db migrate
    airflow pools set "${EXECUTIVE_SUITE_SEND_POOL:-executive_suite_send}" \
        "$(python -m executive_suite account --slots)" "SES sends at once"
    exec airflow users create --role Admin --username admin --firstname Suite --lastname Admin \
        --email "${ADMIN_EMAIL:-admin@example.com}" --password "$(cat "$secrets/admin_password")"
    ;;
aws)
    # The stand-in for AWS of the profile "embedded"; its journal keeps buckets and mails over restarts.
    exec python -m executive_suite.embedded.endpoint --host 0.0.0.0 --port 4566 --journal "${JOURNAL:-/var/lib/aws/journal.jsonl}" --provision
    ;;
*)
    exec airflow "$@"
    ;;
esac
