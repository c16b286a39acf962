# Symétrie. `make` alone lists what can be done; every target sets up what it needs by itself.

.DEFAULT_GOAL := help
.NOTPARALLEL:

# Where the demo, the default warehouse and Airflow's own files live; ignored by git.
SYMETRIE_HOME ?= .symetrie
house := $(if $(filter /%,$(SYMETRIE_HOME)),,$(CURDIR)/)$(SYMETRIE_HOME)

# What Airflow and the command line find in their environment, the same for both.
run airflow: override export SYMETRIE_HOME := $(house)
run airflow: export AIRFLOW_HOME := $(house)/airflow
run airflow: export AIRFLOW__CORE__DAGS_FOLDER := $(CURDIR)/dags
run airflow: export AIRFLOW__CORE__LOAD_EXAMPLES := False
run airflow: export AIRFLOW__DATABASE__SQL_ALCHEMY_CONN := sqlite:///$(house)/airflow/airflow.db

# `make airflow`: its page answers on this machine only; tasks that write to DuckDB wait in a pool of one slot.
port ?= 8080
pool := symetrie_warehouse

# uv installs what requirements.lock says and nothing else: the uv on the PATH, or else a private one.
uv := $(shell command -v uv || echo .uv/bin/uv)
export UV_PYTHON_DOWNLOADS := never
# What is imported is compiled once, also where the environment forbids that: every process would do it anew for seconds.
export PYTHONDONTWRITEBYTECODE :=
quiet := $(if $(MAKE_TERMERR),,--quiet)

find_python := for name in python3 python3.13 python3.12 python3.11 python; do \
    $$name -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14)); ' 2>/dev/null && \
    exec $$name -c 'import sys; print(sys.executable)'; done; \
    echo "No Python 3.11 to 3.13 found: install one that python3 or python3.13 starts, then call make again." >&2; exit 1

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: export SYMETRIE_CONFIG := $(house)/demo/symetrie.yaml
run: export AIRFLOW__LOGGING__LOGGING_LEVEL := WARNING
run: tables ## the demo company up to yesterday, yesterday itself through Airflow, and its answer
	@.venv/bin/symetrie demo --history --api
	@echo "Yesterday through Airflow: client_feedback_daily, then morning_summary"
	@.venv/bin/symetrie demo serve .venv/bin/python dags > "$(house)/airflow/run.log" 2>&1 || \
	    { tail -n 80 "$(house)/airflow/run.log"; echo "The whole log: $(house)/airflow/run.log" >&2; exit 1; }
	@.venv/bin/symetrie summary

# Thousands of commits would wait for the disk: tests write to memory, where it has 8 GiB for files.
memory := $(shell df -Pk /dev/shm 2> /dev/null | awk '$$6 == "/dev/shm" && $$4 > 8388608 { print $$6 }')
ifneq ($(memory),)
test: export TMPDIR := $(memory)
endif
test: lint ## everything that CI checks: lint, types, direction of imports, tests on DuckDB and PostgreSQL
	@.venv/bin/pytest --numprocesses=auto --dist=loadfile --no-loadscope-reorder

torture: export SYMETRIE_TORTURE_KILLS ?= 100
torture: export SYMETRIE_TORTURE_STORIES ?= 25
torture: export SYMETRIE_TORTURE_DAYS ?= 30
torture: .venv/.ready ## what CI does a little of, at length: kills, stories, a month of Airflow (hours)
	@.venv/bin/pytest --numprocesses=0 --capture=no --verbose tests/torture tests/dags/test_scheduler.py

lint: .venv/.ready ## ruff, mypy and the direction of imports
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

format: .venv/.ready ## lay out the code and order its imports
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .

docs: .venv/.ready ## write the generated pages of docs/ again
	@for generator in docs/generate_*.py; do .venv/bin/python $$generator || exit; done

bench: .venv/.ready ## measure; prints a table and writes benchmarks/results.json
	@.venv/bin/python benchmarks

bench-alerts: .venv/.ready ## simulate years with known truth: how often alerts are false, how soon falls are found
	@.venv/bin/python benchmarks/alerts

airflow: export PATH := $(CURDIR)/.venv/bin:$(PATH)
airflow: export SYMETRIE_WAREHOUSE_POOL := $(pool)
airflow: export AIRFLOW__CORE__PARALLELISM := 4
airflow: export AIRFLOW__API__HOST := 127.0.0.1
airflow: export AIRFLOW__API__PORT := $(port)
airflow: export AIRFLOW__API__BASE_URL := http://localhost:$(port)
airflow: tables ## Airflow on the DAGs of this folder, until Ctrl-C (port=8081 for another port)
	@airflow pools set $(pool) 1 "one writer at a time" > /dev/null
	@echo "Airflow will be at $$AIRFLOW__API__BASE_URL, user admin;"
	@echo "its password is in $(house)/airflow/simple_auth_manager_passwords.json.generated"
	@symetrie demo serve airflow standalone

lock: $(uv) ## choose the versions of the dependencies again and write requirements.lock
	@$(uv) pip compile --quiet --universal --generate-hashes --all-extras --group dev pyproject.toml \
	    -o requirements.lock --python-version 3.11
	@$(uv) pip compile --quiet --universal --generate-hashes --extra server --extra s3 --extra gcs --extra sftp \
	    --constraints requirements.lock pyproject.toml -o requirements-server.lock --python-version 3.11

secrets: ## random passwords for docker-compose.yml, one file each in secrets/; what is there stays
	@mkdir -p -m 700 secrets
	@new() { [ -e "secrets/$$1" ] || cat > "secrets/$$1"; }; random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }; \
	    for each in postgres_password redis_password admin_password api_secret_key jwt_secret; do random | new $$each; done; \
	    head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '\n' | new fernet_key; \
	    postgres="symetrie:$$(cat secrets/postgres_password)@postgres"; \
	    printf 'postgresql+psycopg2://%s/airflow' "$$postgres" | new airflow_database_url; \
	    printf 'db+postgresql+psycopg2://%s/airflow' "$$postgres" | new celery_result_url; \
	    printf 'postgresql+psycopg://%s/symetrie' "$$postgres" | new warehouse_url; \
	    printf 'redis://:%s@redis:6379/0' "$$(cat secrets/redis_password)" | new celery_broker_url; \
	    printf '# One connection per id that symetrie.yaml names, see docs/operations.md.\n{}\n' | new connections.yaml
	@chmod 644 secrets/*  # the folder keeps people out; the containers' users may read
	@echo "secrets/ is ready; the password of Airflow's user admin is in secrets/admin_password"

.venv/.ready: requirements.lock pyproject.toml | $(uv)
	@echo "Installing the locked dependencies into .venv"
	@[ -x .venv/bin/python ] || { python=$$($(find_python)) && $(uv) venv --quiet --clear --python "$$python" .venv; }
	@$(uv) pip sync $(quiet) --python .venv/bin/python --require-hashes requirements.lock
	@$(uv) pip install $(quiet) --python .venv/bin/python --no-deps --editable .
	@touch $@

# Without ensurepip there is no venv with pip in it, but a pip can still fill a folder.
.uv/bin/uv:
	@echo "Installing uv into .uv"
	@python=$$($(find_python)) && export PIP_DISABLE_PIP_VERSION_CHECK=1 && { \
	    { "$$python" -m venv .uv > /dev/null && .uv/bin/python -m pip install --quiet uv; } || \
	    "$$python" -m pip install --quiet --target .uv uv || \
	    { echo "uv could not be installed: install uv, or Python's venv module, then call make again." >&2; exit 1; }; }
	@echo '*' > .uv/.gitignore

# Airflow's own tables, brought up to date when its version may have changed.
tables: .venv/.ready
	@[ "$(house)/airflow/.migrated" -nt requirements.lock ] || { \
	    echo "Preparing Airflow in $(house)/airflow" && mkdir -p "$(house)/airflow" && \
	    { .venv/bin/airflow db migrate > "$(house)/airflow/migrate.log" 2>&1 || \
	    { cat "$(house)/airflow/migrate.log" >&2; exit 1; }; } && touch "$(house)/airflow/.migrated"; }

.PHONY: help run test torture lint format docs bench bench-alerts airflow lock secrets tables
