# `make` alone prints the targets. What they need is installed by `make setup` (.ci/setup).
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup run dev build sim gallery test fmt lint bench clean

ENV := . .ci/env.sh;
TARGET_DIR := $${CARGO_TARGET_DIR:-target}
SIM := $(TARGET_DIR)/sim/moxxie-sim
# For the simulator, as in: make run ARGS="--scenario fleet --vms 2000"
ARGS ?= --scenario guide

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install what is missing (run again it takes seconds)
	@.ci/setup

run: build sim ## build all, serve the console with a simulated Moxxie on http://localhost:8080
	@$(ENV) exec "$(SIM)" --listen 127.0.0.1:8080 --dist dist $(ARGS)

dev: sim ## the console with live reload on http://localhost:8080, the simulator behind it
	@$(ENV) "$(SIM)" --listen 127.0.0.1:8090 $(ARGS) & trap "kill $$!" EXIT; trunk serve --features gallery

build: tools ## the release in dist/: split by area, optimised, precompressed
	@$(ENV) RUSTFLAGS="--cfg=erase_components -Clink-args=--emit-relocs" trunk build --release --locked --features split
	@rm -f dist/.trunk-lock

test: ## format, lints, all tests, the release build, its size; ends with the sums
	@.ci/setup
	@.ci/test

fmt: ## format the Rust code
	@cargo fmt

lint: ## format check, clippy for both targets, types of the browser tests
	@.ci/lint

bench: build sim ## measure first load and the list with 10,000 VMs
	@$(ENV) node tests/bench/bench.mjs

clean: ## remove what was built (the installed tools stay)
	rm -rf dist tests/.out
	cargo clean

.PHONY: tools
tools:
	@.ci/setup --no-browser

# The native simulator.
sim: tools
	@$(ENV) cargo build --locked --profile sim --no-default-features --features sim-server --bin moxxie-sim

# A development build with /dev/components, for the browser tests of the kit.
gallery: tools
	@$(ENV) trunk build --locked --features gallery --dist tests/.out/gallery
