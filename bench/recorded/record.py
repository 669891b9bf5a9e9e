#!/usr/bin/env python3
"""Makes many real runs of one program and keeps the figures of the stages that compare_rates resamples.

    bench/recorded/record.py BIN_DIR ROUNDS > bench/recorded/runs.csv

Each round makes, in turn: a first sync of a store that answers in 20 ms (side `a`), the same again (`a2`), the same of a
store whose answers take longer by what makes detail_fetch 15 % and 30 % slower (`b15`, `b30`), and an upsert of 20,000 rows
into a new database (`u`). The order is drawn anew each round, so that what else the machine does falls on all sides.
"""
import csv
import json
import os
import platform
import random
import subprocess
import sys
import tempfile

PRODUCTS = 400
ROWS = 20_000
LATENCY = {"a": 20.0, "a2": 20.0, "b15": 23.1, "b30": 26.1}  # milliseconds, found by trial
STAGES = {
    "sync": ["sync_total_seconds", "detail_fetch_seconds", "detail_parse_seconds", "db_txn_seconds"],
    "upsert": ["upsert_total_seconds", "db_txn_seconds", "db_upsert_seconds", "rows_parse_seconds"],
}
CREDENTIALS = {"NAVER_COMMERCE_CLIENT_ID": "aaaabbbbcccc", "NAVER_COMMERCE_CLIENT_SECRET": "$2a$04$abcdefghijklmnopqrstuv"}


def processor():
    with open("/proc/cpuinfo", encoding="ascii") as lines:
        return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown")


def load():
    return os.getloadavg()[0]


def start_store(binary, latency):
    store = subprocess.Popen([binary, "--products", str(PRODUCTS), "--latency-ms", str(latency), "--jitter-ms", "4",
                              "--exit-with-stdin"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    return store, store.stdout.readline().split()[-1]


def write_rows(path):
    draw = random.Random(1)
    with open(path, "w", encoding="utf-8") as out:
        for i in range(ROWS):
            row = {"sku": str(10_000_000 + i), "name": f"상품 {i}", "sale_price": draw.randrange(1000, 90_000),
                   "stock_quantity": draw.randrange(100), "text": "x" * draw.randrange(200, 600)}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


def rows_of(pipeline, command, arguments):
    with tempfile.TemporaryDirectory(prefix="record-") as folder:
        subprocess.run([pipeline, command, "--db", f"{folder}/store.db", "--metrics-dir", folder, "--no-samples", "--quiet",
                        *arguments], check=True, env={**os.environ, **CREDENTIALS})
        name = next(f for f in os.listdir(folder) if f.startswith(command + "-"))
        with open(f"{folder}/{name}", newline="", encoding="utf-8") as lines:
            return [row for row in csv.DictReader(lines) if row["metric"] in STAGES[command]]


def short(text):
    return f"{float(text):.7f}".rstrip("0").rstrip(".")


def main():
    binaries, rounds = sys.argv[1], int(sys.argv[2])
    stores = {side: start_store(f"{binaries}/my_store_emulator", latency) for side, latency in LATENCY.items()}
    loads = []
    lines = []
    with tempfile.TemporaryDirectory(prefix="record-") as folder:
        write_rows(f"{folder}/rows.jsonl")
        for turn in range(-1, rounds):  # the first warms up
            loads.append(load())
            sides = [*LATENCY, "u"]
            random.Random(turn).shuffle(sides)
            for side in sides:
                if side == "u":
                    command, arguments = "upsert", ["--batch-size", "100", f"{folder}/rows.jsonl"]
                else:
                    command, arguments = "sync", ["--base-url", stores[side][1]]
                for row in rows_of(f"{binaries}/pipeline", command, arguments):
                    if turn >= 0:
                        lines.append([side, turn, row["metric"], row["count"],
                                      *(short(row[x]) for x in ("sum", "p50", "p95", "p99"))])
            print(f"round {turn + 1} of {rounds}, load {loads[-1]:.2f}", file=sys.stderr)
    for store, _ in stores.values():
        store.stdin.close()
        store.wait()
    uname = platform.uname()
    print(f"# recorded by bench/recorded/record.py: {rounds} rounds, a run a side each, in drawn order")
    print(f"# processor: {processor()}; cores: {os.cpu_count()}; kernel: {uname.system} {uname.release}")
    print(f"# load over one minute while it ran: {min(loads):.1f} to {max(loads):.1f}, mean {sum(loads) / len(loads):.1f}")
    print("side,round,metric,count,sum,p50,p95,p99")
    for line in lines:
        print(*line, sep=",")


main()
