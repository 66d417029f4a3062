# Everything that the project needs is installed by its own files; see scripts/install-tools.
# The build goes to a folder outside the clone, so that nothing is compiled twice.
export CARGO_TARGET_DIR ?= $(HOME)/.cache/aiut/target
# The Python that tests/format_reader.rs runs; made by scripts/install-tools.
export AIUT_PYTHON ?= $(CARGO_TARGET_DIR)/python/bin/python3

.PHONY: all tools test-tools build test soak fuzz lint demo clean

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
	cargo test --locked --features failpoints --test faults

# The campaigns of docs/reliability.md in full: hours. AIUT_SEED=N repeats a run.
soak: export AIUT_SEED ?= $(shell date +%s)
soak: export AIUT_CAMPAIGN ?= 20000
soak: export AIUT_DAMAGE ?= 200000
soak: export AIUT_CACHES ?= 10000
soak: export AIUT_WRITERS ?= 16
soak: export AIUT_READERS ?= 8
soak: export AIUT_COMMITS ?= 100
soak: export AIUT_FULL ?= 250
soak: export AIUT_STRIDE ?= 1
soak: export AIUT_READS ?= 1
soak: export AIUT_EVERY ?= 100
soak: export AIUT_EDITS ?= 10
soak: export AIUT_STATES ?= 200000
soak: export AIUT_SWAP_SECONDS ?= 60
soak: export AIUT_CUTS ?= 2000
soak: export AIUT_KILLS ?= 200
soak: tools
	@echo "AIUT_SEED=$(AIUT_SEED)"
	cargo test --release --locked -p aiut-repository store::tests::campaign -- --nocapture
	cargo test --release --locked --test exactness
	cargo test --release --locked -p aiut-remote -- --nocapture
	cargo test --release --locked -p aiut-server killed -- --nocapture
	cargo test --locked --test campaigns -- --nocapture --test-threads 1
	cargo test --locked --test repository_commands swap -- --nocapture
	cargo test --release --locked --features failpoints --test faults -- --nocapture --test-threads 1

# Each fuzz target for AIUT_FUZZ_SECONDS, led by what code it reaches. Needs `cargo install cargo-fuzz`; on a stable
# compiler, RUSTC_BOOTSTRAP=1 lets it have the sanitizer.
FUZZ_TARGETS = object tree_name ref_name pack pack_recovery fountain shot_list config picture film
AIUT_FUZZ_SECONDS ?= 60
fuzz:
	@for target in $(FUZZ_TARGETS); do mkdir -p $(CARGO_TARGET_DIR)/fuzz/found/$$target; \
		RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=$(CARGO_TARGET_DIR)/fuzz cargo fuzz run --fuzz-dir tests/fuzz $$target \
			$(CARGO_TARGET_DIR)/fuzz/found/$$target tests/fuzz/corpus/$$target -- \
			-max_total_time=$(AIUT_FUZZ_SECONDS) -max_len=65536 -timeout=20 -rss_limit_mb=2048 || exit 1; \
	done

lint:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	cargo clippy --locked --features failpoints --test faults -- -D warnings

# From nothing to a watchable film, an edit, and what it made stale.
demo: tools build
	@scripts/demo

clean:
	cargo clean
