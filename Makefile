# Kura's commands, in front of the presets and scripts/. `make demo` and `make test` are all the
# set-up there is.
SHELL := /bin/sh
.DEFAULT_GOAL := build
.PHONY: build release check test demo demo-check asan tsan fuzz fmt lint golden bench bench-sync web fresh soak setup

setup:          ; @scripts/setup
build: setup    ; @scripts/build dev
release: setup web ; @scripts/build release kura
check: setup    ; @scripts/check
test: setup     ; @scripts/test
demo: setup     ; @scripts/demo
demo-check: setup ; @scripts/demo --check
asan: setup     ; @scripts/check asan
tsan: setup     ; @scripts/check tsan
fuzz: setup     ; @scripts/fuzz 30
soak: setup     ; @scripts/fuzz 60 && scripts/test --soak
golden: setup   ; @scripts/build dev golden && build/dev/golden --update && git diff --stat -- tests/golden
bench: setup    ; @scripts/bench
bench-sync: setup ; @scripts/bench-sync
web: setup      ; @scripts/web
fmt: setup      ; @scripts/format
lint: setup     ; @scripts/lint
fresh:          ; @scripts/fresh
