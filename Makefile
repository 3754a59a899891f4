# What a person or CI types. Each command sets up what it needs under .local (virtual environments, builds, state).
# The interpreter is Lambda's own, where the machine has all of it (pyenv's too); else python3, 3.11 or later.
RUNTIME := 3.13
HAS_ALL := import ensurepip, sqlite3, ssl, sys, venv; sys.exit("%d.%d" % sys.version_info[:2] != "$(RUNTIME)")
ifndef PYTHON
PYTHON := $(shell for python in python$(RUNTIME) "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/$(RUNTIME).*/bin/python3 python3; do \
	"$$python" -c '$(HAS_ALL)' 2>/dev/null && break; done; echo "$$python")
endif
LOCAL := .local
BIN := $(LOCAL)/environments/project/bin
SAM := $(LOCAL)/environments/sam/bin
export SAM_CLI_TELEMETRY := 0
# Each process would compile again what it imports: half of the start of a stack.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: chromium run demo order audit trace status redrive restore maintenance smoke test quick check bench soak prove deploy validate lint fmt screenshots openapi licences clean help setup say-python check-python check-settings

run: check-settings setup  ## Build, deploy into the embedded cloud, serve until Ctrl-C (DEMO=1 for schools to look at; PORT SMTP_PORT AWS_PORT STATE_DIR DELIVERY_WINDOW_SECONDS)
	@exec $(BIN)/python -m $(if $(DEMO),local.demo.prepared,local.stack)

demo: setup  ## The main job, narrated and checked, on a stack of its own
	@exec $(BIN)/python -m local.demo

# `make order PACKS="P1000=2 P500=1" SCHOOL=0751202Z PORT=3001 SMTP_PORT=2526`
order: setup  ## Sign and mail an order form to the running stack (PACKS="P1000=1" SCHOOL=0750655E)
	@PACKS="$(PACKS)" SCHOOL="$(SCHOOL)" exec $(BIN)/python -m local.demo.order

# `make audit SCHOOL=ALL REGION=eu-west-3 STACK=skolengo-sms` looks at a stack on AWS.
audit: setup  ## What does not add up in the accounts: SCHOOL=0750655E, or SCHOOL=ALL (exit 1); on AWS with REGION and STACK
	@SCHOOL="$(SCHOOL)" REGION="$(REGION)" STACK="$(STACK)" exec $(BIN)/python -m local.operation.audit

trace: setup  ## The whole life of REQUEST=… (a request's id, or a message's) or ORDER=…, from tables and logs; ids only
	@REQUEST="$(REQUEST)" ORDER="$(ORDER)" REGION="$(REGION)" STACK="$(STACK)" exec $(BIN)/python -m local.operation.trace

status: setup  ## What waits, is not read or failed, how providers did, which alarms ring, what to type then; on AWS with REGION and STACK
	@REGION="$(REGION)" STACK="$(STACK)" exec $(BIN)/python -m local.operation.status

redrive: setup  ## Put the dead letters of QUEUE=AcceptedOrders back into their queue, once the cause is repaired (LIST=1 only lists them)
	@QUEUE="$(QUEUE)" LIST="$(LIST)" REGION="$(REGION)" STACK="$(STACK)" exec $(BIN)/python -m local.operation.redrive

restore: setup  ## Put back into the accounts table what it lacks and FROM=<table restored beside it> has (ONLY=LEDGER#…, DRY=1 writes nothing); Error 1 if an item differs, Error 2 if it could not be done
	@FROM="$(FROM)" ONLY="$(ONLY)" DRY="$(DRY)" REGION="$(REGION)" STACK="$(STACK)" exec $(BIN)/python -m local.operation.restore

maintenance: setup  ## STATE=ON lets what arrives wait and refuses sends for a while, STATE=OFF goes on; on AWS with REGION and STACK
	@STATE="$(STATE)" REGION="$(REGION)" STACK="$(STACK)" exec $(BIN)/python -m local.operation.maintenance

# `TOKEN=… make smoke URL=https://sms.example.org PHONE=+336…`: from the environment, so that no token is in a shell's history.
smoke: setup  ## After a deployment: page, sign-in, estimate, one SMS to PHONE=… and its receipt, at URL=… (TOKEN=…, WAIT=300; locally SCHOOL=…)
	@URL="$(URL)" PHONE="$(PHONE)" WAIT="$(WAIT)" SCHOOL="$(SCHOOL)" exec $(BIN)/python -m local.operation.smoke

test: say-python setup chromium  ## Lint, types, template, every test: what CI runs
	@$(MAKE) --no-print-directory -j2 lint validate
	$(BIN)/python -m tests

chromium: setup
	@$(BIN)/python -m tests.support.browser.chromium

quick: lint  ## Lint, types, and the unit tests that take no time: within a minute
	$(BIN)/python -m pytest -q -m "not slow" tests/unit

check: setup  ## One test, with what it needs: TEST=tests/unit/test_architecture.py, or TEST=file::test
	@test -n "$(TEST)" || { echo "error: say which test: make check TEST=tests/…"; exit 1; }
	$(BIN)/python -m pytest $(TEST)

# The peers stay apart from the service's own environment.
bench: setup $(LOCAL)/peers/stamp  ## The benchmarks, as tables and BENCHMARKS.md (with valgrind: instructions too); some minutes (QUICK=1: one)
	@QUICK="$(QUICK)" PYTHONPATH=$(LOCAL)/peers $(BIN)/python -m tests.benchmarks

$(LOCAL)/peers/stamp: tests/benchmarks/requirements.txt | setup
	rm -rf $(@D)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --target $(@D) -r $<
	touch $@

soak: setup  ## A stack of its own under load and faults for MINUTES=30 (SEED=1): nothing lost, doubled or growing, or exit 1
	@MINUTES="$(MINUTES)" SEED="$(SEED)" exec $(BIN)/python -m tests.soak

prove: setup $(LOCAL)/provers/stamp  ## What takes long: each alarm provoked, thousands of calls made up from openapi.json (EXAMPLES=12 SEED=1)
	@EXAMPLES="$(EXAMPLES)" SEED="$(SEED)" PYTHONPATH=$(CURDIR)/$(LOCAL)/provers $(BIN)/python -m tests.proof

$(LOCAL)/provers/stamp: tests/proof/requirements.txt | setup
	rm -rf $(@D)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --target $(@D) -r $<
	touch $@

lint: setup  ## Style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/python -m local.console --check

fmt: setup  ## Put the code in shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

screenshots: setup  ## A picture of every page, phone and desktop, light and dark, into .local/screenshots (URL=… of a running stack)
	@exec $(BIN)/python -m tests.support.browser.screenshots $(URL)

openapi: setup  ## Write the description of the HTTP API again, after routes, bodies or answers changed
	$(BIN)/python -m local.openapi

licences: setup  ## What the deployed stack is made of, and its licences: a bill of materials (CycloneDX) and notices
	@$(BIN)/python -m local.console
	@$(BIN)/python -m local.machine.licences

validate: setup  ## The template, by sam and cfn-lint
	AWS_DEFAULT_REGION=eu-west-3 $(SAM)/sam validate --template template.yaml
	$(SAM)/cfn-lint --region eu-west-3 -- template.yaml

# Layers fit python3.13 on arm64 (settings in layers/*/Makefile); bytecode goes along where python3.13 is at hand.
deploy: setup  ## Build and deploy to AWS: STACK=… REGION=… JWT_ISSUER=… [PARAMETERS="Name=value …"]
	@test -n "$(JWT_ISSUER)" || { echo "error: say which OpenID issuer the API trusts: make deploy JWT_ISSUER=https://…"; exit 1; }
	@$(BIN)/python -m local.machine.deploy_parameters $(or $(REGION),eu-west-3) $(or $(STACK),skolengo-sms) "$$PARAMETERS"
	find functions -name __pycache__ -prune -exec rm -rf {} +
	$(BIN)/python -m local.console
	LAYER_PYTHON="$(CURDIR)/$(BIN)/python" $(SAM)/sam build --cached --cache-dir $(LOCAL)/aws/cache --build-dir $(LOCAL)/aws/build
	$(SAM)/sam deploy --template-file $(LOCAL)/aws/build/template.yaml --stack-name $(or $(STACK),skolengo-sms) \
		--region $(or $(REGION),eu-west-3) --resolve-s3 --capabilities CAPABILITY_IAM --no-fail-on-empty-changeset \
		--parameter-overrides "JwtIssuer=$(JWT_ISSUER) Release=$$(date +%s) $$PARAMETERS"
	$(BIN)/python -m local.machine.activate_inbox $(or $(REGION),eu-west-3) $(or $(STACK),skolengo-sms)-inbox

clean:  ## Remove what was built and installed; STATE_DIR under .local goes too
	rm -rf $(LOCAL) .aws-sam .mypy_cache .ruff_cache .pytest_cache .hypothesis

help:  ## This list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F '|' '{printf "%-16s %s\n", $$1, $$2}'

setup: check-python
	@"$(PYTHON)" -m local.machine.environments

check-settings: check-python
	@"$(PYTHON)" -m local.machine.environments --check-settings-only

say-python: check-python
	@"$(PYTHON)" -c 'import sys; print("tested with Python %s (%s); Lambda runs $(RUNTIME)" % (sys.version.split()[0], sys.executable))'

check-python:
	@command -v "$(PYTHON)" >/dev/null || { echo "error: $(PYTHON) not found: install Python 3.11 or later, or name one with PYTHON=…"; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "error: $(PYTHON) is too old: Python 3.11 or later is needed, name one with PYTHON=…"; exit 1; }
