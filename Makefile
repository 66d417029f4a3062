# Everything that the project needs is installed by its own files; see scripts/install-tools.
# The build goes to a folder outside the clone, so that nothing is compiled twice.
export CARGO_TARGET_DIR ?= $(HOME)/.cache/aiut/target
# The Python that tests/format_reader.rs runs; made by scripts/install-tools.
export AIUT_PYTHON ?= $(CARGO_TARGET_DIR)/python/bin/python3

.PHONY: all tools test-tools build test lint demo docs clean

all: build

tools:
	@scripts/install-tools

test-tools:
	@scripts/install-tools tests

build:
	cargo build --release --locked

# Format, lints, then every test, on what a fresh clone has.
test: test-tools lint
	cargo test --workspace --locked

lint:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings

# From nothing to a watchable film, an edit, and what it made stale.
demo: tools build
	@scripts/demo

clean:
	cargo clean
