#include "parse.h"
#include "support/temp_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace pipeline::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using test::parse;
using test::parse_as;
using test::ScopedEnvironment;
using test::usage_error;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Action = QueueCommand::Action;

QueueCommand parse_queue(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "queue");
  return parse_as<QueueCommand>(arguments);
}

std::string queue_error(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "queue");
  return usage_error(arguments);
}

std::string help(const std::vector<std::string>& arguments) {
  return parse(arguments).text;
}

TEST(QueueOptions, HaveTheDocumentedDefaults) {
  const auto list = parse_queue({"list"});
  EXPECT_EQ(list.action, Action::list);
  EXPECT_EQ(list.format, Format::table);
  EXPECT_THAT(list.statuses, ElementsAre("PENDING", "CLAIMED", "FAILED"));
  EXPECT_THAT(list.reasons, IsEmpty());
  EXPECT_EQ(list.sku, "");
  EXPECT_EQ(list.claimed_by, "");
  EXPECT_EQ(list.list_limit, std::nullopt);
  EXPECT_EQ(list.common.lock_wait, seconds(30));
  EXPECT_EQ(list.common.db, "pipeline.db");

  const auto claim = parse_queue({"claim", "--worker", "A"});
  EXPECT_EQ(claim.action, Action::claim);
  EXPECT_EQ(claim.worker, "A");
  EXPECT_EQ(claim.claim_limit, 1);
  EXPECT_EQ(claim.lease, minutes(15));
  EXPECT_EQ(claim.max_attempts, 3);
  EXPECT_EQ(claim.format, Format::table);

  const auto done = parse_queue({"done", "5"});
  EXPECT_EQ(done.action, Action::done);
  EXPECT_THAT(done.ids, ElementsAre(5));
  EXPECT_FALSE(done.ids_from_input);
  EXPECT_EQ(done.worker, "");
}

TEST(QueueOptions, EachReachesItsField) {
  const auto list = parse_queue({"list", "--status", "DONE,FAILED", "--sku", "7", "--reason", "PRICE,NEW", "--worker",
                                 "A", "--limit", "9", "--format", "csv", "--lock-wait", "5s"});
  EXPECT_THAT(list.statuses, ElementsAre("DONE", "FAILED"));
  EXPECT_EQ(list.sku, "7");
  EXPECT_THAT(list.reasons, ElementsAre("PRICE", "NEW"));
  EXPECT_EQ(list.claimed_by, "A");
  EXPECT_EQ(list.list_limit, 9);
  EXPECT_EQ(list.format, Format::csv);
  EXPECT_EQ(list.common.lock_wait, seconds(5));

  const auto claim =
      parse_queue({"claim", "--limit", "7", "--worker", "A", "--lease", "90s", "--max-attempts", "5", "--json"});
  EXPECT_EQ(claim.claim_limit, 7);
  EXPECT_EQ(claim.lease, seconds(90));
  EXPECT_EQ(claim.max_attempts, 5);

  const auto fail = parse_queue({"fail", "3", "4", "--reason", "no picture", "--worker", "A", "--max-attempts", "1"});
  EXPECT_EQ(fail.action, Action::fail);
  EXPECT_THAT(fail.ids, ElementsAre(3, 4));
  EXPECT_EQ(fail.failure, "no picture");
  EXPECT_EQ(fail.worker, "A");
  EXPECT_EQ(fail.max_attempts, 1);

  EXPECT_TRUE(parse_queue({"retry", "--all"}).retry_all);
  EXPECT_THAT(parse_queue({"retry", "1", "2"}).ids, ElementsAre(1, 2));
  const auto done = parse_queue({"done", "-", "8"});
  EXPECT_TRUE(done.ids_from_input);
  EXPECT_THAT(done.ids, ElementsAre(8));
}

TEST(QueueOptions, CommonOnesStandBeforeOrBehindTheInnerName) {
  EXPECT_EQ(parse_queue({"--db", "a.db", "--lock-wait", "1ms", "list"}).common.db, "a.db");
  const auto behind = parse_queue({"list", "--db", "a.db", "--lock-wait", "1ms", "--log-level", "debug"});
  EXPECT_EQ(behind.common.db, "a.db");
  EXPECT_EQ(behind.common.lock_wait, milliseconds(1));
  EXPECT_EQ(behind.common.log_level, log::Level::debug);
}

TEST(QueueOptions, JsonIsAFormatOfListAndClaim) {
  EXPECT_EQ(parse_queue({"list", "--json"}).format, Format::json);
  EXPECT_TRUE(parse_queue({"claim", "--worker", "A", "--format", "json"}).common.json);
  EXPECT_FALSE(parse_queue({"list", "--format", "csv"}).common.json);
}

TEST(QueueOptions, AWrongValueNamesItsOption) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"list", "--status", "OPEN"}, "--status"},
      {{"list", "--status", "pending"}, "--status"},
      {{"list", "--reason", "PRICES"}, "--reason"},
      {{"list", "--sku="}, "--sku"},
      {{"list", "--limit", "0"}, "--limit"},
      {{"list", "--format", "xml"}, "--format"},
      {{"list", "--lock-wait", "soon"}, "--lock-wait"},
      {{"claim", "--worker="}, "--worker"},
      {{"claim", "--worker", "A", "--limit", "0"}, "--limit"},
      {{"claim", "--worker", "A", "--limit", "10001"}, "--limit"},
      {{"claim", "--worker", "A", "--lease", "1w"}, "--lease"},
      {{"claim", "--worker", "A", "--max-attempts", "0"}, "--max-attempts"},
      {{"done", "x"}, "x: no id of a queue entry"},
      {{"done", "0"}, "0: no id of a queue entry"},
      {{"done", "-5"}, "-5"},
      {{"done", "5", "1.5"}, "1.5: no id of a queue entry"},
      {{"done", "99999999999999999999"}, "no id of a queue entry"},
      {{"fail", "5", "--reason="}, "--reason"},
  };
  for (const auto& [arguments, naming] : cases)
    EXPECT_THAT(queue_error(arguments), HasSubstr(naming)) << testing::PrintToString(arguments);
}

TEST(QueueOptions, WhatIsMissingIsNamed) {
  EXPECT_THAT(queue_error({"claim"}), HasSubstr("--worker NAME"));
  EXPECT_THAT(queue_error({"done"}), HasSubstr("ID"));
  EXPECT_THAT(queue_error({"fail", "5"}), HasSubstr("--reason"));
  EXPECT_THAT(queue_error({"retry"}), HasSubstr("--all"));
  EXPECT_THAT(queue_error({"retry", "5", "--all"}), HasSubstr("--all"));
  EXPECT_THAT(queue_error({"retry", "-", "--all"}), HasSubstr("--all"));
  EXPECT_THAT(queue_error({}), HasSubstr("queue: a command is missing: list, claim, done, fail or retry"));
}

TEST(QueueOptions, WhatItDoesNotKnowIsNamed) {
  EXPECT_THAT(queue_error({"lst"}), HasSubstr("there is no command queue lst"));
  EXPECT_THAT(queue_error({"list", "extra"}), HasSubstr("extra"));
  EXPECT_THAT(queue_error({"list", "--lease", "5m"}), HasSubstr("--lease"));
  EXPECT_THAT(queue_error({"list", "claim"}), HasSubstr("claim"));
}

TEST(QueueOptions, AWorkersSettingsMayStandInTheEnvironment) {
  const ScopedEnvironment set({{"PIPELINE_QUEUE_WORKER", "A"},
                               {"PIPELINE_QUEUE_LEASE", "2m"},
                               {"PIPELINE_QUEUE_MAX_ATTEMPTS", "9"},
                               {"PIPELINE_QUEUE_FORMAT", "csv"},
                               {"PIPELINE_QUEUE_LOCK_WAIT", "1s"},
                               {"PIPELINE_QUEUE_LIMIT", "5"},
                               {"PIPELINE_QUEUE_ALL", "true"},
                               {"PIPELINE_DB", "env.db"}});
  const auto claim = parse_queue({"claim"});
  EXPECT_EQ(claim.worker, "A");
  EXPECT_EQ(claim.lease, minutes(2));
  EXPECT_EQ(claim.max_attempts, 9);
  EXPECT_EQ(claim.format, Format::csv);
  EXPECT_EQ(claim.common.lock_wait, seconds(1));
  EXPECT_EQ(claim.common.db, "env.db");
  EXPECT_EQ(claim.claim_limit, 1) << "belongs to one call";
  EXPECT_EQ(parse_queue({"claim", "--worker", "B"}).worker, "B");
  EXPECT_EQ(parse_queue({"done", "1"}).worker, "A");
  EXPECT_EQ(parse_queue({"list"}).claimed_by, "") << "a filter is no setting";
  EXPECT_THAT(queue_error({"retry"}), HasSubstr("--all"));
}

TEST(QueueOptions, TheConfigFileHasATableForThem) {
  const test::TempDir folder;
  const auto path = (folder / "pipeline.toml").string();
  std::ofstream(path) << "db = \"toml.db\"\n[queue]\nlock-wait = \"2s\"\n";
  const auto list = parse_queue({"list", "--config", path});
  EXPECT_EQ(list.common.db, "toml.db");
  EXPECT_EQ(list.common.lock_wait, seconds(2));
  std::ofstream(path) << "[queue]\nall = true\n";
  EXPECT_THAT(queue_error({"list", "--config", path}), HasSubstr(path + ":2: queue has no option all"));
}

TEST(QueueOptions, EachHasAHelpOfItsOwn) {
  EXPECT_THAT(help({"--help"}), HasSubstr("queue"));
  EXPECT_THAT(help({"queue", "--help"}),
              AllOf(HasSubstr("Usage: pipeline queue"), HasSubstr("list"), HasSubstr("claim"), HasSubstr("done"),
                    HasSubstr("fail"), HasSubstr("retry"), HasSubstr("--lock-wait"), HasSubstr("--db"),
                    HasSubstr("PIPELINE_QUEUE_LOCK_WAIT"), HasSubstr("Exit codes:")));
  const std::vector<std::pair<std::string, std::vector<std::string>>> own = {
      {"list", {"--status", "[all but DONE]", "--sku", "--reason", "--worker", "--limit", "--format"}},
      {"claim", {"--limit", "[1]", "--worker", "--lease", "[15m]", "--max-attempts", "[3]", "--format"}},
      {"done", {"ID", "--worker"}},
      {"fail", {"ID", "--reason", "--worker", "--max-attempts"}},
      {"retry", {"ID", "--all"}},
  };
  for (const auto& [name, options] : own) {
    const auto text = help({"queue", name, "--help"});
    EXPECT_THAT(text, AllOf(HasSubstr("Usage: pipeline queue " + name), HasSubstr("Exit codes:"),
                            HasSubstr("`pipeline queue --help`"), Not(HasSubstr("--metrics-dir"))));
    for (const auto& option : options) EXPECT_THAT(text, HasSubstr(option)) << name;
  }
}

}  // namespace
}  // namespace pipeline::cli
