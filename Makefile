# Eight verbs. Each does what it needs first, and does nothing twice.
.PHONY: setup demo test check bench docs up down
RUN = .venv/bin/
WORKERS ?= 3  # of the tests: they wait as much as they work, and each has servers of its own (0.5 GB)

setup: .venv/installed  ## .venv with everything that the other verbs need

.venv/installed: pyproject.toml constraints.txt .ci/setup
	.ci/setup
	@touch $@

demo: setup  ## the whole system with four cameras that need no camera; Ctrl-C stops it
	$(RUN)sightlog demo

test: setup  ## every test, with the real servers
	$(RUN)pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m "not alone"
	$(RUN)pytest -m alone

check: setup  ## style, types, imports
	$(RUN)ruff check .
	$(RUN)mypy
	$(RUN)lint-imports

bench: setup  ## every measurement of bench/, into docs/ref/benchmarks.md
	$$(command -v uv || echo $(RUN)uv) pip install --quiet --python $(RUN)python --constraints constraints.txt --group bench
	set -e; for file in $$(grep -l __main__ bench/*.py); do $(RUN)python -m "bench.$$(basename "$$file" .py)" --record; done

docs: setup  ## the generated part of docs/ref
	$(RUN)python docs/generate.py

.env:  # secrets of the Docker stack, made once
	@umask 077; for name in CLICKHOUSE_PASSWORD S3_SECRET API_KEY; do \
	  echo "SIGHTLOG_$$name=$$(od -An -N20 -tx1 /dev/urandom | tr -d ' \n')"; done > $@

up: .env  ## the same with Docker, in the background: http://127.0.0.1:8080
	docker compose up --detach --build --wait

down:  ## stop that again; its data stay in named volumes
	docker compose down
