# Everything that the project needs is installed by its own files; see scripts/install-tools.
# The build goes to a folder outside the clone, so that nothing is compiled twice.
export CARGO_TARGET_DIR ?= $(HOME)/.cache/aiut/target

.PHONY: all tools build test lint demo docs clean

all: build

tools:
	@scripts/install-tools

build:
	cargo build --release --locked

# Format, lints, then every test, on what a fresh clone has.
test: tools lint
	cargo test --workspace --locked

lint:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings

# From nothing to a watchable film, an edit, and what it made stale.
demo: tools build
	@scripts/demo

clean:
	cargo clean
