#!/bin/sh
# Entry point of a container: secrets from files into the variables that Airflow and the project read, then the program.
# A file that is not mounted is a secret that this component does not get. `docker compose exec SERVICE /entrypoint …`
# and health checks come through here, too: they would not see what was exported for the component itself.
set -eu
secrets=${SECRETS_FOLDER:-/run/secrets}
here=$(dirname "$(readlink -f "$0")")

# from_file NAME FILE: the variable NAME holds the file's content; a file that cannot be read ends the start
from_file() {
    if [ -e "$secrets/$2" ]; then
        content=$(cat "$secrets/$2")
        export "$1=$content"
    fi
}

from_file AIRFLOW__CORE__FERNET_KEY fernet_key
from_file AIRFLOW__API__SECRET_KEY api_secret_key
from_file AIRFLOW__API_AUTH__JWT_SECRET jwt_secret
from_file AIRFLOW__DATABASE__SQL_ALCHEMY_CONN database_url
from_file AIRFLOW__CELERY__RESULT_BACKEND result_backend_url
from_file AIRFLOW__CELERY__BROKER_URL broker_url
from_file RECIPIENT_HASH_KEY recipient_hash_key
from_file EXECUTIVE_SUITE_READER_KEY reader_key
from_file ADMIN_PASSWORD admin_password

# docker-compose.yaml can blank what .env gives every component, but not take it away.
for name in RECIPIENT_HASH_KEY AWS_RECIPIENT_EMAIL AWS_BCC_EMAIL; do
    if eval "[ -z \"\${$name:-}\" ]"; then unset "$name"; fi
done

# Airflow asks its database through asyncpg as well, which has another word for libpq's sslmode.
case "${AIRFLOW__DATABASE__SQL_ALCHEMY_CONN:-}" in
*[?\&]sslmode=*)
    asynchronous=$(printf %s "$AIRFLOW__DATABASE__SQL_ALCHEMY_CONN" |
        sed 's/^[a-z0-9+]*:/postgresql+asyncpg:/; s/\([?&]\)sslmode=/\1ssl=/')
    export AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC="$asynchronous"
    ;;
esac

case "${1:-}" in
set-up)
    # Once, before anything else: the database of Celery's results, the schema, the pool of the sends by the account's
    # rate, and the first administrator.
    python "$here/results.py"
    airflow db migrate
    slots=$(python -m executive_suite account --slots)
    airflow pools set "${EXECUTIVE_SUITE_SEND_POOL:-executive_suite_send}" "$slots" "SES sends at once"
    exec airflow users create --role Admin --username admin --firstname Suite --lastname Admin \
        --email "${ADMIN_EMAIL:-admin@example.com}" --password "$ADMIN_PASSWORD"
    ;;
aws)
    # The stand-in for AWS of the profile "embedded"; its journal keeps buckets and mails over restarts.
    exec python -m executive_suite.embedded.endpoint --host 0.0.0.0 --port 4566 --journal "${JOURNAL:-/var/lib/aws/journal.jsonl}" --provision
    ;;
well)
    shift
    exec python "$here/well.py" "$@"
    ;;
airflow | bash | sh | python | python3)
    # As the Helm chart and KubernetesExecutor call it.
    exec "$@"
    ;;
celery)
    # `celery worker` is Airflow's; Celery's own command line needs its application first.
    case "${2:-}" in
    -*) exec "$@" ;;
    *) exec airflow "$@" ;;
    esac
    ;;
*)
    exec airflow "$@"
    ;;
esac
