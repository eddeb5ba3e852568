.PHONY: demo release test test-hostile check bench bench-quick fuzz setup-test lock clean
.DEFAULT_GOAL := demo

demo: ## install what is needed and build the sample edition into dist/
	@tools/set-up.sh run
	.venv/bin/publisher build manuscripts/sample-brief

release: setup-test ## a release of the sample edition in dist/, seen by every checker
	PATH="$(CURDIR)/tests/reading/node_modules/.bin:$$PATH" .venv/bin/publisher release manuscripts/sample-brief

test: setup-test ## install what the tests need and run them all
	.venv/bin/ruff check src tests tools bench
	.venv/bin/mypy
	.venv/bin/python -m pytest -q -n auto

test-hostile: setup-test ## what strangers may try, alone: paths, addresses, markup, drawings (also a part of make test)
	.venv/bin/python -m pytest -q -n auto tests/test_hostile_*.py tests/test_named_files.py tests/test_addresses.py tests/test_fetcher.py

check: setup-test ## the fast loop: lint, types, unit tests
	.venv/bin/ruff check src tests tools bench
	.venv/bin/mypy
	.venv/bin/python -m pytest -q -n auto -m "not slow"

bench: setup-test ## measure ours and the neighbors in turn; table and plot in bench/results, a line for bench/history.jsonl
	@tools/set-up.sh bench
	.venv/bin/python bench/bench.py $(BENCH)
	.venv/bin/python -m pytest -q bench

bench-quick: setup-test ## is the sample built slower than before? make bench-quick BASE=COMMIT
	.venv/bin/python bench/quick.py $(if $(BASE),--base $(BASE)) $(BENCH)

fuzz: setup-test ## look for input that readers cannot take: make fuzz MINUTES=30
	.venv/bin/python -m tests.fuzz --minutes $(or $(MINUTES),30)

setup-test:
	@tools/set-up.sh test

lock: setup-test ## pin every dependency anew, with hashes and without addresses
	.venv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -q -o requirements/run.txt pyproject.toml requirements/build.in
	.venv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -q --extra check --extra citations --extra languages --extra sign -c requirements/run.txt -o requirements/release.txt pyproject.toml requirements/build.in
	.venv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -q --extra test -c requirements/run.txt -o requirements/test.txt pyproject.toml requirements/build.in
	.venv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -q --extra bench -c requirements/test.txt -o requirements/bench.txt pyproject.toml requirements/build.in

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache dist/*
