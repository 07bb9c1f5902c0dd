# The image of every component: Airflow's own image, the locked requirements, the project. No test tool and no
# embedded database is in it. `--target embedded` adds the stand-in for AWS that Compose's profile `embedded` starts;
# `--target lambda` is the function of include/infra/lambda.yaml.
# The version of Airflow must be that of requirements.txt (a test compares the two). A tag can move: BASE takes the same
# image by its digest, and with PINNED=yes nothing else is built (docs/platforms.md).
ARG BASE=apache/airflow:3.3.2-python3.12
ARG LAMBDA_BASE=public.ecr.aws/lambda/python:3.12
FROM ${BASE} AS project
ARG BASE
ARG PINNED=no
RUN case "$PINNED $BASE" in no\ *|yes\ *@sha256:*) ;; *) echo "BASE must name a digest: $BASE" >&2; exit 1 ;; esac

WORKDIR /opt/executive-suite

# Requirements first, so that a change of code builds in seconds. A wrong hash ends the build; a file of a library
# that Python cannot compile does not.
COPY --chown=airflow:root requirements.txt requirements-kubernetes.txt ./
RUN python -m pip install --no-cache-dir --no-deps --require-hashes --requirement requirements.txt --requirement requirements-kubernetes.txt
RUN python -m compileall -q /home/airflow/.local || echo "some files were left uncompiled"

# The code belongs to root and runs as airflow, who therefore cannot change it; so it is compiled here.
COPY --chown=root:root dags ./dags
COPY --chown=root:root plugins ./plugins
COPY --chown=root:root include ./include
USER root
# A checkout made under a strict umask is readable by its owner alone.
RUN chmod -R a+rX . && python -m compileall -q dags plugins include
# Where the Helm chart's probes look for the entry point, and a person within a container.
RUN ln -sf /opt/executive-suite/include/setup/container.sh /entrypoint
USER airflow

ENV PYTHONPATH=/opt/executive-suite/include \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/executive-suite/dags \
    AIRFLOW__CORE__PLUGINS_FOLDER=/opt/executive-suite/plugins \
    AIRFLOW__CORE__LOAD_EXAMPLES=False

# Secrets are files; the script exports them under the names that Airflow reads, then starts the component.
ENTRYPOINT ["/usr/bin/dumb-init", "--", "/entrypoint"]
CMD ["api-server"]

FROM project AS embedded
COPY --chown=airflow:root requirements-embedded.txt ./
RUN python -m pip install --no-cache-dir --no-deps --require-hashes --requirement requirements-embedded.txt
# A new volume takes its owner from the folder that it covers.
USER root
RUN install --directory --owner=airflow --group=root --mode=0700 /var/lib/aws
USER airflow

# AWS's own base has Lambda's runtime client; everybody may read what is in it, because Lambda chooses the user.
FROM ${LAMBDA_BASE} AS lambda
ARG LAMBDA_BASE
ARG PINNED=no
RUN case "$PINNED $LAMBDA_BASE" in no\ *|yes\ *@sha256:*) ;; *) echo "LAMBDA_BASE must name a digest: $LAMBDA_BASE" >&2; exit 1 ;; esac
WORKDIR /opt/executive-suite
COPY requirements.txt ./
RUN python -m pip install --no-cache-dir --no-deps --require-hashes --requirement requirements.txt
COPY include ./include
RUN chmod -R a+rX . && python -m compileall -q include
ENV PYTHONPATH=/opt/executive-suite/include
CMD ["executive_suite.aws_lambda.handler"]

# The last stage is what `docker build .` makes.
FROM project AS suite
