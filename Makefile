# Liheng on one machine. What happens is in deploy/local; `make help` says what there is.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
SYSTEM := $(PYTHON) -m deploy.local
LOCAL := .venv/bin/python -m deploy.local
ifdef SPLIT
export LIHENG_SPLIT := $(SPLIT)
endif

.DEFAULT_GOAL := help
.PHONY: help setup run status logs stop clean test check bench faults clock operate proto migration

help: ## Show what there is to make
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install what is missing: Debian packages and .venv
	@$(SYSTEM) setup

run: setup ## Start everything, serve one client from lead to holding, stay up (SPLIT=1: a process per service and command)
	@$(LOCAL) run

status: setup ## What runs, since when, on which ports
	@$(LOCAL) status

logs: ## Follow what died and how, and the ends of all logs
	@$(SYSTEM) logs

stop: ## Stop every process; data stay
	@$(SYSTEM) stop

clean: ## Stop, then remove the data (LIHENG_HOME) and .venv
	@$(SYSTEM) clean

test: setup ## All tests, on servers of our own (ARGS="-k name" chooses)
	@$(LOCAL) test $(ARGS)

check: setup ## Style, types, import rules, contracts and unit tests, in under a minute
	@$(LOCAL) check

bench: setup ## How far from the floor: each benchmark as a ratio
	@$(LOCAL) bench $(ARGS)

faults: setup ## Break one thing after the other while events flow, and count (ARGS="broker network")
	@.venv/bin/python -W ignore -m tests.faults $(ARGS)

clock: setup ## The time of the local stack (FORWARD=24h moves it on; also 3d, 90m)
	@$(LOCAL) clock $(FORWARD)

operate: setup ## A command of an operator on the local stack (DO="chassis.replay list customer")
	@$(LOCAL) operate $(DO)

proto: setup ## Compile proto/ into contracts/, and write what is announced (docs/events.md)
	@.venv/bin/python proto/generate.py
	@.venv/bin/python proto/documents.py

migration: setup ## A new migration from the tables (SERVICE=customer NAME="add nationality")
	@$(LOCAL) migration "$(SERVICE)" "$(NAME)"
