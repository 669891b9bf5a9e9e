"""A year of nights and mornings; scripts/year tells how to call it."""

import argparse
import collections
import glob
import json
import os
import random
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

# The program itself, not one that starts it, is what a fault has to kill.
TURNED_CLOCK = next(glob.iglob("/usr/lib/*/faketime/libfaketimeMT.so.1"))
DAY = 86_400
FIRST_NIGHT = 1_798_736_400  # 2027-01-01 02:00 KST


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("bin")
    parser.add_argument("place")
    parser.add_argument("--nights", type=int, default=365)
    parser.add_argument("--products", type=int, default=1000)
    parser.add_argument("--posts", type=int, default=20)
    parser.add_argument("--keep", default="90d")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


class Shop:
    """The emulator, and what is edited in it."""

    def __init__(self, program, products):
        self.process = subprocess.Popen(
            [program, "--products", str(products)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self.url = self.process.stdout.readline().split()[-1]
        products = [self.control("product", {"channel_no": sku}) for sku in self.control("products")["channel_nos"]]
        shared = collections.Counter(product["origin_no"] for product in products)

        def is_fit(product):  # for a post: it can be had, and no other product's price is its own
            is_on_sale = product["status"] == "SALE" and product["stock"] > 0 and product["display_status"] == "ON"
            return is_on_sale and shared[product["origin_no"]] == 1

        self.skus = [product["channel_no"] for product in sorted(products, key=is_fit, reverse=True)]

    def control(self, path, body=None):
        request = urllib.request.Request(
            f"{self.url}/__control__/{path}",
            data=json.dumps(body or {}).encode(),
            headers={"Content-Type": "application/json"},
            method="POST",
        )
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def turn_clock(self, now):
        self.control("clock", {"skew_ms": int((now - time.time()) * 1000)})

    def end(self):
        self.process.terminate()
        self.process.wait()


class Operator:
    """Who calls the program, at a time of the turned clock."""

    def __init__(self, arguments, shop, folder):
        self.program = f"{arguments.bin}/pipeline"
        self.folder = folder
        self.environment = {
            **os.environ,
            "NAVER_COMMERCE_CLIENT_ID": "aaaabbbbcccc",
            "NAVER_COMMERCE_CLIENT_SECRET": "$2a$04$abcdefghijklmnopqrstuv",
        }
        (folder / "pipeline.toml").write_text(
            f"""db = "{folder}/store.db"
metrics-dir = "{folder}/metrics"
log-level = "error"
[sync]
base-url = "{shop.url}"
retry-for = "2s"
[package]
posts = "{folder}/posts"
out = "{folder}/packages"
[night]
page = "{folder}/page.html"
"""
        )

    def start(self, now, *words):
        clock = time.strftime("@%Y-%m-%d %H:%M:%S", time.gmtime(now))
        return subprocess.Popen(
            [self.program, *words, "--config", str(self.folder / "pipeline.toml")],
            env={**self.environment, "TZ": "UTC", "LD_PRELOAD": TURNED_CLOCK, "FAKETIME": clock,
                 "FAKETIME_DONT_FAKE_MONOTONIC": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def call(self, now, *words):
        process = self.start(now, *words)
        out, err = process.communicate(timeout=300)
        return process.returncode, out, err

    def status(self, now):
        return json.loads(self.call(now, "status", "--json")[1])


class Posts:
    """Posts about products: the even ones name the price as a live value, the odd ones as the author typed it."""

    def __init__(self, folder, skus):
        self.folder = folder / "posts"
        self.sku_of = {f"P{i:03}": sku for i, sku in enumerate(skus)}

    def is_typed(self, post):
        return int(post[1:]) % 2 == 1

    def make(self, post, price):
        images = self.folder / post / "images"
        images.mkdir(parents=True)
        for i in range(2):
            seed = f"{int(post[1:]) * 2 + i + 1}"
            subprocess.run(
                ["ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i",
                 f"gradients=size=600x400:seed={seed}:nb_colors=8:type=spiral", "-frames:v", "1", str(images / f"{i}.jpg")],
                check=True,
            )
        (self.folder / post / "post.json").write_text(
            json.dumps({"content_id": post, "sku": str(self.sku_of[post]), "title": f"후기 {post}", "body": "body.md"})
        )
        self.write(post, price)

    def write(self, post, price):
        words = f"{price:,}원" if self.is_typed(post) else "{{판매가}}"
        (self.folder / post / "body.md").write_text(f"써 보고 쓴 글입니다. 값은 {words} 그대로입니다.\n")


def size_of(path):
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) if path.is_dir() else path.stat().st_size


def ids(todo, kind):
    return sorted(one.get("content_id", one.get("kind")) for one in todo[kind])


class Year:
    def __init__(self, arguments):
        self.arguments = arguments
        self.folder = Path(arguments.place)
        self.random = random.Random(arguments.seed)
        self.shop = Shop(f"{arguments.bin}/my_store_emulator", arguments.products)
        self.operator = Operator(arguments, self.shop, self.folder)
        self.posts = Posts(self.folder, self.shop.skus[: arguments.posts])
        self.prices = {}
        self.typed = {}  # what the author typed last, by post
        self.pending = set()  # typed posts whose product has another price since
        self.wrong = []
        self.sizes = []
        self.lost = 0

    def edit(self, sku, price):
        self.shop.control("edit", {"kind": "set_price", "channel_no": sku, "value": price})
        self.prices[sku] = price

    def begin(self):
        for post, sku in self.posts.sku_of.items():
            self.edit(sku, 10_000 + 100 * int(post[1:]))
            self.posts.make(post, self.prices[sku])
            self.typed[post] = self.prices[sku]

    def change(self):
        """Some products of posts, and some of none."""
        for post in self.random.sample(sorted(self.posts.sku_of), 2):
            price = self.random.randrange(20_000, 90_000) // 10 * 10
            self.edit(self.posts.sku_of[post], price)
            if self.posts.is_typed(post):
                self.pending.add(post)
        for sku in self.random.sample(self.shop.skus[self.arguments.posts :], 5):
            self.shop.control("edit", {"kind": "set_stock", "channel_no": sku, "value": self.random.randrange(1, 500)})

    def night(self, number, now):
        """One night, which may go wrong; a wrong one is made up for by the next."""
        if number % 40 == 17:  # the server is down
            self.shop.control("fault", {"kind": "status", "status": 503, "target": "any"})
            code, _, _ = self.operator.call(now, "night", "--quiet")
            self.shop.control("faults/clear")
            return code == 75
        if number % 40 == 33:  # the machine loses its power
            process = self.operator.start(now, "night", "--quiet")
            time.sleep(self.random.uniform(0.02, 0.3))
            process.kill()
            process.wait()
            return True
        code, out, err = self.operator.call(now, "night", "--quiet")
        if code != 0:
            print(f"night {number} ended with {code}:\n{out}{err}")
        return code == 0

    def is_whole(self, number):
        return number % 40 not in (17, 33)

    def morning(self, number, now):
        todo = self.operator.status(now)["todo"]
        expected = sorted(self.pending)
        found = ids(todo, "write")
        bad = found != expected or todo["mend"] or todo["take_down"] or todo["look"]
        if bad:
            self.wrong.append(number)
            print(f"morning {number}: to write {found}, expected {expected}; mend {ids(todo, 'mend')}, "
                  f"take down {ids(todo, 'take_down')}, look {ids(todo, 'look')}")
        return todo

    def work(self, number, now, todo):
        """What the operator does: uploads each day, writes each week."""
        uploads = ids(todo, "upload")
        if uploads:
            self.operator.call(now, "post", "published", *uploads)
        if number % 7 == 0:
            for post in sorted(self.pending):
                self.posts.write(post, self.prices[self.posts.sku_of[post]])
            self.pending.clear()
            self.operator.call(now, "package", "--from-queue", "--quiet")

    def measure(self, number):
        sizes = {"night": number, "database": size_of(self.folder / "store.db"), "metrics": size_of(self.folder / "metrics"),
                 "packages": size_of(self.folder / "packages")}
        self.sizes.append(sizes)
        print("night {night:4}: database {database:>11,} B, metrics {metrics:>10,} B, packages {packages:>10,} B".format(**sizes),
              flush=True)

    def live(self):
        self.begin()
        samples = set(self.random.sample([n for n in range(1, self.arguments.nights) if self.is_whole(n)],
                                         min(10, self.arguments.nights - 1)))
        for number in range(self.arguments.nights):
            now = FIRST_NIGHT + number * DAY
            self.shop.turn_clock(now)
            if number > 0:
                self.change()
            if not self.night(number, now):
                self.lost += 1
            if self.is_whole(number):
                morning = now + 6 * 3600
                todo = self.morning(number, morning) if number in samples else self.operator.status(morning)["todo"]
                self.work(number, morning + 600, todo)
            if number % 7 == 6:
                self.operator.call(now + 12 * 3600, "prune", "--keep", self.arguments.keep, "--yes", "--quiet")
            if number % 30 == 29:
                self.measure(number + 1)

    def verdict(self):
        kept = [sizes for sizes in self.sizes if sizes["night"] > 150]
        grown = [kind for kind in ("database", "metrics", "packages")
                 if len(kept) > 1 and kept[-1][kind] > 1.15 * kept[0][kind]]
        print(f"nights lost: {self.lost}; mornings that were wrong: {len(self.wrong)} of 10; "
              f"what grows after the term: {', '.join(grown) or 'nothing'}")
        return 1 if self.lost or self.wrong or grown else 0


def main():
    year = Year(options())
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        year.live()
        return year.verdict()
    finally:
        year.shop.end()


sys.exit(main())
