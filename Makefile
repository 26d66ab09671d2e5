# Terugblik: `make run` shows it, `make test` checks it, `make help` lists the rest.

PYTHON ?= python3
PORT ?= 8000
OCR ?= yes
SHELL := /bin/bash
.DEFAULT_GOAL := help

INSTALL = .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-compile
# By all processors, where pip would use one. Packages may hold files for other versions of Python, which fail.
COMPILE = .venv/bin/python -m compileall -qq -j 0 .venv/lib || true

.PHONY: run test tests check quick-tests lint attack bench bench-search bench-extraction bench-stems bench-quote bench-relevance bench-text bench-alignment bench-editions bench-counts bench-documents bench-pages bench-layouts bench-server lock demonstration system-packages ocr clean help

run:  ## start Terugblik (make run PORT=8000 OCR=no); the first start takes a minute or two
	@$(MAKE) --no-print-directory --jobs=2 .venv/installed ocr
	@.venv/bin/terugblik demonstrate
	@.venv/bin/terugblik serve --port $(PORT)

test:  ## run every check and test
	@$(MAKE) --no-print-directory --jobs=2 .venv/installed-for-tests system-packages
	@$(MAKE) --no-print-directory --jobs=2 --keep-going lint tests

# One process more than there are processors, because tests wait for browsers and servers. Tests start hundreds of
# processes, which would all compile the program anew if they were forbidden to keep what they compiled.
tests: .venv/installed-for-tests
	PYTHONDONTWRITEBYTECODE= .venv/bin/python -m pytest --numprocesses $$(($$(nproc) + 1)) --dist loadfile --no-loadscope-reorder

check: .venv/installed-for-tests  ## formatting, style, types and the quick tests, in about a minute
	@$(MAKE) --no-print-directory --jobs=2 --keep-going lint quick-tests

QUICK_TESTS = tests/test_import_rule.py $(wildcard tests/archive/test_*.py) tests/archive/preservation \
	tests/index/engine tests/index/query tests/index/quotation tests/index/text \
	tests/ingest/description tests/ingest/language tests/ingest/layout tests/ingest/running tests/ingest/tables

quick-tests: .venv/installed-for-tests
	PYTHONDONTWRITEBYTECODE= .venv/bin/python -m pytest $(QUICK_TESTS) --numprocesses $$(nproc) --dist loadfile

lint: .venv/installed-for-tests  ## formatting, style and types
	@report=$$({ .venv/bin/ruff format --check . && .venv/bin/ruff check . && .venv/bin/mypy; } 2>&1); \
	  code=$$?; echo "$$report"; exit $$code  # in one piece, as the tests run beside it

attack: .venv/installed-for-tests system-packages  ## attack copies of an archive for ten minutes: kills, full disk, damage, floods, fuzzing
	.venv/bin/python -m tests.attack $(ATTACK)

bench: bench-extraction bench-search bench-stems bench-quote bench-relevance bench-text bench-alignment bench-editions bench-counts bench-documents bench-pages bench-layouts bench-server  ## speed and memory, as ratios against references in the same run

bench-extraction: .venv/installed-for-tests
	.venv/bin/python tests/benchmarks/bench_extraction.py

bench-search: .venv/installed-for-tests
	.venv/bin/python tests/benchmarks/bench_search.py

bench-stems: .venv/installed-for-tests
	.venv/bin/python tests/benchmarks/bench_stems.py

bench-quote: .venv/installed-for-tests
	.venv/bin/python tests/benchmarks/bench_quote.py

bench-relevance: .venv/installed-for-tests
	.venv/bin/python tests/benchmarks/bench_relevance.py

bench-text: .venv/installed-for-tests
	.venv/bin/python tests/benchmarks/bench_text.py

bench-alignment: .venv/installed-for-tests
	.venv/bin/python tests/benchmarks/bench_alignment.py
	.venv/bin/python tests/benchmarks/bench_counterparts.py

bench-editions: .venv/installed-for-tests
	.venv/bin/python tests/benchmarks/bench_editions.py

bench-counts: .venv/installed-for-tests  ## concordances and trends beside an independent count
	.venv/bin/python tests/benchmarks/bench_counts.py

bench-documents: .venv/installed-for-tests  ## dates, last labels and editions of the corpus, judged by eye
	.venv/bin/python tests/benchmarks/bench_documents.py

bench-pages: .venv/installed-for-tests
	.venv/bin/python tests/benchmarks/bench_pages.py

bench-layouts: .venv/installed-for-tests  ## known text in layouts drawn at random: what is read wrongly
	.venv/bin/python tests/benchmarks/bench_layouts.py

bench-server: .venv/installed-for-tests  ## readers at once, floods and slow clients, beside other servers
	.venv/bin/python tests/benchmarks/bench_server.py

demonstration: .venv/installed-for-tests  ## make the PDFs of the demonstration collection anew
	.venv/bin/python -m archive.demonstration.generate

LOCK = .venv/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links

lock: .venv/installed-for-tests  ## pin the newest allowed versions, with hashes
	$(LOCK) --upgrade --extra postgres --all-build-deps --output-file requirements.txt pyproject.toml
	$(LOCK) --upgrade --output-file requirements-dev.txt requirements-dev.in

system-packages:
	@bash system-packages.sh tests

ocr:
	@[ "$(OCR)" = no ] || bash system-packages.sh run

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Terugblik needs Python 3.11 or newer; name one with make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv .venv \
	  || { echo "Could not make .venv. On Debian or Ubuntu: apt-get install python3-venv"; rm -rf .venv; exit 1; }

.venv/installed: .venv/bin/python requirements.txt setup.cfg pyproject.toml $(wildcard search_app/messages/*/LC_MESSAGES/*.po)
	@echo "Installing Terugblik into .venv …"
	@$(INSTALL) --require-hashes --requirement requirements.txt
	@$(INSTALL) --no-build-isolation --no-deps --no-index --editable .
	@$(COMPILE)
	@touch $@

.venv/installed-for-tests: .venv/installed requirements-dev.txt
	@$(INSTALL) --require-hashes --requirement requirements-dev.txt
	@$(COMPILE)
	@touch $@

clean:  ## remove what was built; the archive in var/ stays
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find search_app/messages -name '*.mo' -delete

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22
