# Symétrie and its Airflow, from the lock file, for docker-compose.yml.
ARG PYTHON=3.12-slim-bookworm

FROM python:${PYTHON} AS build
WORKDIR /build
COPY requirements-server.lock .
RUN python -m venv /opt/venv && /opt/venv/bin/pip install --no-cache-dir --require-hashes --requirement requirements-server.lock
COPY pyproject.toml README.md LICENSE ./
COPY symetrie symetrie
COPY expectations expectations
COPY pipelines pipelines
RUN /opt/venv/bin/pip install --no-cache-dir --no-deps .

FROM python:${PYTHON}
RUN useradd --uid 50000 --gid 0 --home-dir /opt/airflow --create-home airflow \
    && mkdir --parents /opt/airflow/logs /var/lib/symetrie /opt/symetrie/company \
    && chown --recursive airflow:0 /opt/airflow /var/lib/symetrie \
    && chmod 700 /var/lib/symetrie
COPY --from=build /opt/venv /opt/venv
COPY dags /opt/symetrie/dags
ENV PATH=/opt/venv/bin:$PATH \
    AIRFLOW_HOME=/opt/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/symetrie/dags \
    PYTHONUNBUFFERED=1
USER 50000:0
WORKDIR /opt/airflow
CMD ["airflow", "version"]
