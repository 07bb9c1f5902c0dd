# Everything starts here. Needs Python 3.11, 3.12 or 3.13 and make; nothing else has to be installed.
#   make run       start the embedded platform, make and send the sample's eight reports, show them
#   make adopt     your own group from exports: FILES="Journal.csv checking.qfx"   (INTO=my-group; the examples without)
#   make preview   render the reports into out/preview, no Airflow, no AWS   (REPORT=cfo, DATE=2026-05-01)
#   make test      all tests, the real scheduler included
# `make help` lists the rest.

.DEFAULT_GOAL := help
.PHONY: help run adopt preview airflow test test-fast test-engine lint infra chart audit look specimens definitions catalog sample lock clean setup
SHELL := /bin/sh

# Set, it keeps Python from caching compiled files, and Airflow then takes twice as long to start, every time.
unexport PYTHONDONTWRITEBYTECODE
# The project's own packages and nobody else's.
unexport PYTHONPATH
unexport PYTHONHOME
unexport VIRTUAL_ENV
# uv says what it did, not every step of it; it uses the environment below, whatever the shell has active.
export UV_NO_PROGRESS = 1
export UV_LINK_MODE = copy
# A company's own certificate authority is known to the machine, not to uv.
export UV_SYSTEM_CERTS = 1

PYTHON := .venv/bin/python
STAMP := .venv/.installed
PROJECT := PYTHONPATH=include $(PYTHON)
OF_GROUP = $(if $(GROUP),EXECUTIVE_SUITE_GROUP="$(GROUP)")

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile

run: $(STAMP) ## eight reports, archived and mailed through the embedded platform; DATE=2026-04-01, GROUP=my-group
	@$(OF_GROUP) $(PROJECT) -m executive_suite run $(if $(DATE),--as-of "$(DATE)")

EXAMPLES = $(wildcard include/examples/quickbooks-*.csv include/examples/harbor-bank-*.qfx)

adopt: $(STAMP) ## a group's folder and its CFO report from exports; FILES="Journal.csv checking.qfx", INTO=my-group, YES=1
	@$(PROJECT) -m executive_suite adopt $(or $(FILES),$(EXAMPLES)) --into "$(or $(INTO),$(if $(FILES),my-group,out/example-group))" --out out/adopted \
	  $(if $(and $(FILES),$(if $(YES),,1)),,--yes)

preview: $(STAMP) ## all reports into out/preview; REPORT=cfo for one, DATE=2026-05-01, GROUP=my-group
	@$(OF_GROUP) $(PROJECT) -m executive_suite preview $(if $(REPORT),--report "$(REPORT)") $(if $(DATE),--as-of "$(DATE)")

airflow: $(STAMP) ## Airflow's own command line on the platform that `make run` keeps running; ARGS="dags list"
	@$(PROJECT) -m executive_suite airflow -- $(ARGS)

test: $(STAMP) ## all tests, end to end with the real scheduler included
	@$(PROJECT) -m pytest --numprocesses 3 $(ARGS)

test-fast: $(STAMP) ## unit tests only
	@$(PROJECT) -m pytest --numprocesses 2 tests/unit $(ARGS)

test-engine: $(STAMP) ## what `make test` has no time for: the Compose file's services as containers, Celery and its faults
	@$(PROJECT) -m pytest -m engine tests $(ARGS)

lint: $(STAMP) infra ## formatting, lint, types, direction of imports, secrets, infrastructure
	@$(PYTHON) -m ruff format --check --quiet . && $(PYTHON) -m ruff check --quiet .
	@$(PYTHON) -m mypy
	@$(PROJECT) -c "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"
	@cp .secrets.baseline .venv/secrets.baseline; git ls-files -z -- ':!.secrets.baseline' | xargs -0 \
	  $(PYTHON) -m detect_secrets.pre_commit_hook --baseline .venv/secrets.baseline >.venv/secrets.log \
	  || [ $$? -eq 123 ] && ! grep -q "Potential secrets" .venv/secrets.log || { cat .venv/secrets.log; exit 1; }

infra: $(STAMP) ## the templates for AWS: what CloudFormation takes, and what is safe
	@$(PYTHON) .venv/bin/cfn-lint include/infra/*.yaml
	@sh include/setup/tool.sh checkov
	@.venv/checkov/bin/python .venv/checkov/bin/checkov --quiet --compact --skip-download --framework cloudformation \
	  --directory include/infra >.venv/checkov.log || { cat .venv/checkov.log; exit 1; }
	@sh include/setup/tool.sh sam
	@SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=us-east-1 .venv/sam/bin/sam validate --lint --template include/infra/lambda.yaml



chart: $(STAMP) ## what the official Helm chart makes of our values; CHART=airflow-1.22.0.tgz, YOURS=values.yaml
	@sh include/setup/tool.sh helm
	@.venv/helm/bin/python include/infra/helm/render.py "$(CHART)" $(if $(YOURS),"$(YOURS)")

audit: $(STAMP) ## bill of materials (CycloneDX), and known vulnerabilities where they can be looked up
	@sh include/setup/bill-of-materials.sh

look: $(STAMP) ## every report in Chromium, into out/look; BASE=<commit> shows what differs; REPORT=cfo for one
	@$(PROJECT) tests/look $(if $(BASE),--base "$(BASE)") $(if $(REPORT),--report "$(REPORT)")

specimens: $(STAMP) ## every macro of a report in every format, into out/specimens
	@$(PROJECT) docs/specimens/make.py out/specimens

definitions: $(STAMP) ## docs/definitions.md, as the code defines every metric
	@$(PROJECT) -m executive_suite definitions >.venv/definitions.md && mv .venv/definitions.md docs/definitions.md

catalog: $(STAMP) ## the words for readers, from the code into include/catalog
	@$(PROJECT) include/catalog/extract.py

sample: $(STAMP) ## the sample data again, from its assumptions; OUT=DIR writes another folder
	@PYTHONPATH=include:include/data $(PYTHON) -m sample_group $(if $(OUT),--out "$(OUT)")

COMPILE = $(PYTHON) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" $(ARGS) --output-file

lock: $(STAMP) ## every requirements*.in, and the checking tools', to their locks, with hashes; ARGS=--upgrade for new versions
	@$(COMPILE) requirements.txt requirements.in
	@$(COMPILE) requirements-kubernetes.txt --constraint requirements.txt requirements-kubernetes.in
	@$(COMPILE) requirements-embedded.txt --constraint requirements.txt requirements-embedded.in
	@$(COMPILE) requirements-signing.txt --constraint requirements.txt requirements-signing.in
	@$(COMPILE) requirements-live.txt --constraint requirements.txt requirements-live.in
	@$(COMPILE) requirements-mcp.txt --constraint requirements.txt requirements-mcp.in
	@$(COMPILE) requirements-dev.txt --constraint requirements.txt --constraint requirements-embedded.txt requirements-dev.in
	@for tool in include/infra/*.in; do $(COMPILE) "$${tool%.in}.txt" "$$tool"; done

clean: ## stop what runs, remove .venv, .local and out
	@if [ -x $(PYTHON) ] && [ -d .local ]; then $(PROJECT) -m executive_suite run --stop || true; fi
	@case "$$(readlink .local/postgres)" in /var/lib/executive-suite/*) rm -rf "$$(dirname "$$(readlink .local/postgres)")" ;; esac
	@rm -rf .venv .local out .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

setup: $(STAMP) ## the virtual environment, from the three locks

$(STAMP): requirements.txt requirements-embedded.txt requirements-dev.txt include/setup/install.sh
	@sh include/setup/install.sh
