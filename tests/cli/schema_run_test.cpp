#include "config_stand.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace fs = std::filesystem;

// What the commands say with --json, against docs/schema/, by a validator that is not ours.
namespace pipeline::test {
namespace {

class SchemaRun : public testing::Test {
 protected:
  SchemaRun() {
    fs::create_directories(stand_.path("posts"));
    stand_.write_config(stand_.places() + "[package]\n" + stand_.line("posts", "posts") +
                        stand_.line("out", "packages"));
  }

  void expect_valid(const std::string& schema, std::vector<std::string> arguments) const {
    arguments.emplace_back("--json");
    const Outcome outcome = stand_.run(arguments);
    expect_valid_text(schema, outcome.out, outcome.err);
  }
  void expect_valid_text(const std::string& schema, const std::string& text, const std::string& err) const {
    const fs::path document = stand_.path("document.json");
    std::ofstream(document) << text;
    const fs::path file = fs::path(PIPELINE_SOURCE_DIR) / "docs/schema" / (schema + ".json");
    const Outcome judged =
        Process({"/usr/bin/env", "python3", "-m", "jsonschema", "-i", document.string(), file.string()}, {},
                stand_.store.folder().path())
            .wait();
    EXPECT_EQ(judged.exit_code, 0) << schema << "\n" << judged.out << judged.err << "\n" << text << err;
  }
  [[nodiscard]] std::string sku() const { return std::to_string(stand_.store.store().channel_nos().front()); }

  mutable ConfigStand stand_;
};

TEST_F(SchemaRun, WhatCouldNotBegin) {
  expect_valid("refusal", {"sync", "--wokers", "3"});
  expect_valid("refusal", {"status"});
}

TEST_F(SchemaRun, ANightAndWhatFollows) {
  expect_valid("sync", {"sync", "--dry-run", "--limit", "5"});
  expect_valid("sync", {"sync"});
  expect_valid("package", {"package", "--from-queue"});
  expect_valid("status", {"status"});
  stand_.store.store().edit({.kind = emulator::Edit::Kind::set_price,
                             .channel_no = stand_.store.store().channel_nos().front(),
                             .value = 55'500});
  expect_valid("night", {"night"});
  expect_valid("status", {"status"});
}

TEST_F(SchemaRun, ACheck) {
  expect_valid("check", {"check"});
  expect_valid("check", {"check", "--repair", "--base-url", "http://127.0.0.1:1"});
}

TEST_F(SchemaRun, Files) {
  std::ofstream(stand_.path("products.csv")) << "sku,sale_price,memo\nA-1,12900,x\nA-2,12.90,y\n";
  expect_valid("upsert", {"upsert", stand_.path("products.csv").string(), "--source", "SHOP", "--dry-run"});
  expect_valid("upsert", {"upsert", stand_.path("products.csv").string(), "--source", "SHOP"});
  expect_valid("queue-entries", {"queue", "list"});
  expect_valid("queue-entries", {"queue", "claim", "--worker", "w"});
  expect_valid("queue-moves", {"queue", "done", "1"});
  expect_valid("queue-moves", {"queue", "done", "77"});
}

TEST_F(SchemaRun, Posts) {
  ASSERT_EQ(stand_.run({"sync"}).exit_code, 0);
  ASSERT_EQ(stand_.run({"post", "new", stand_.path("posts/A").string(), "--sku", sku()}).exit_code, 0);
  expect_valid("post-check", {"post", "check", stand_.path("posts/A").string()});
  expect_valid("package", {"package", "--from-queue"});  // rejected: it has no pictures
  expect_valid("post-list", {"post", "list"});
  expect_valid("status", {"status"});
}

TEST_F(SchemaRun, Stores) {
  std::ofstream(stand_.path("secret")) << stand_.store.environment.at("NAVER_COMMERCE_CLIENT_SECRET");
  stand_.write_config("[store.a]\nclient-id = \"" + stand_.store.environment.at("NAVER_COMMERCE_CLIENT_ID") + "\"\n" +
                      stand_.line("client-secret-file", "secret") + stand_.line("db", "a.db") +
                      stand_.line("metrics-dir", "a-metrics"));
  expect_valid("store-list", {"store", "list"});
  expect_valid("stores", {"sync", "--all"});
}

TEST_F(SchemaRun, ANotification) {
  const fs::path tell = stand_.path("tell");
  std::ofstream(tell) << "#!/bin/sh\ncat > " << stand_.path("told").string() << "\n";
  fs::permissions(tell, fs::perms::owner_all);
  ASSERT_EQ(stand_.run({"sync", "--notify-always", "--notify", "exec:" + tell.string()}).exit_code, 0);
  expect_valid_text("notification", read_file(stand_.path("told")), "");
}

}  // namespace
}  // namespace pipeline::test
