# The image of every component: Airflow's own of our version, the locked requirements, the project.
# Which Airflow: keep in step with requirements.txt (a test compares the two).
FROM apache/airflow:3.3.2-python3.12

WORKDIR /opt/executive-suite

# Requirements first, so that a change of code builds in seconds.
COPY --chown=airflow:root requirements.txt ./
RUN python -m pip install --no-cache-dir --no-deps --require-hashes --requirement requirements.txt \
    && python -m compileall -q /home/airflow/.local || true

COPY --chown=airflow:root dags ./dags
COPY --chown=airflow:root plugins ./plugins
COPY --chown=airflow:root include ./include

ENV PYTHONPATH=/opt/executive-suite/include \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/executive-suite/dags \
    AIRFLOW__CORE__PLUGINS_FOLDER=/opt/executive-suite/plugins \
    AIRFLOW__CORE__LOAD_EXAMPLES=False

# Secrets come as files; this puts them where Airflow looks and goes on with the image's own entry point.
ENTRYPOINT ["/usr/bin/dumb-init", "--", "/opt/executive-suite/include/setup/container.sh"]
CMD ["api-server"]
