#include "pipeline/cli/command_line.h"

#include "parse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::cli {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using test::parse;
using test::parse_sync;
using test::ScopedEnvironment;
using test::usage_error;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kTrace = "4bf92f3577b34da6a3ce929d0e0e4736";

std::string text_of(const std::vector<std::string>& arguments) {
  return std::get<TextAnswer>(parse(arguments)).text;
}

TEST(CommandLine, HasTheDocumentedDefaults) {
  const auto sync = parse_sync();
  EXPECT_EQ(sync.base_url, "https://api.commerce.naver.com/external");
  EXPECT_EQ(sync.page_size, 500);
  EXPECT_EQ(sync.workers, 10);
  EXPECT_EQ(sync.batch_size, 500);
  EXPECT_EQ(sync.rate, std::nullopt);
  EXPECT_FALSE(sync.full);
  EXPECT_EQ(sync.modified_since, "");
  EXPECT_THAT(sync.statuses, IsEmpty());
  EXPECT_EQ(sync.max_detail_age_days, 7);
  EXPECT_EQ(sync.limit, std::nullopt);
  EXPECT_FALSE(sync.dry_run);
  EXPECT_EQ(sync.timeout, seconds(30));
  EXPECT_EQ(sync.max_retries, 5);
  EXPECT_EQ(sync.deadline, std::nullopt);
  EXPECT_EQ(sync.common.db, "pipeline.db");
  EXPECT_EQ(sync.common.metrics_dir, "metrics");
  EXPECT_EQ(sync.common.prometheus, "");
  EXPECT_FALSE(sync.common.no_samples);
  EXPECT_FALSE(sync.common.json);
  EXPECT_FALSE(sync.common.quiet);
  EXPECT_FALSE(sync.common.no_progress);
  EXPECT_EQ(sync.common.log_level, log::Level::info);
  EXPECT_EQ(sync.common.log_format, log::Format::text);
  EXPECT_EQ(sync.common.trace_id, "");
}

TEST(CommandLine, EachOptionReachesItsField) {
  const auto sync = parse_sync({"--base-url",
                                "http://127.0.0.1:8080",
                                "--page-size=50",
                                "--workers",
                                "3",
                                "--batch-size",
                                "100",
                                "--rate",
                                "1.5",
                                "--full",
                                "--modified-since",
                                "2026-04-01",
                                "--status",
                                "SALE,CLOSE",
                                "--max-detail-age",
                                "0",
                                "--limit",
                                "20",
                                "--dry-run",
                                "--timeout",
                                "500ms",
                                "--max-retries",
                                "0",
                                "--deadline",
                                "8h"});
  EXPECT_EQ(sync.base_url, "http://127.0.0.1:8080");
  EXPECT_EQ(sync.page_size, 50);
  EXPECT_EQ(sync.workers, 3);
  EXPECT_EQ(sync.batch_size, 100);
  EXPECT_EQ(sync.rate, 1.5);
  EXPECT_TRUE(sync.full);
  EXPECT_EQ(sync.modified_since, "2026-04-01");
  EXPECT_THAT(sync.statuses, ElementsAre("SALE", "CLOSE"));
  EXPECT_EQ(sync.max_detail_age_days, 0);
  EXPECT_EQ(sync.limit, 20);
  EXPECT_TRUE(sync.dry_run);
  EXPECT_EQ(sync.timeout, milliseconds(500));
  EXPECT_EQ(sync.max_retries, 0);
  EXPECT_EQ(sync.deadline, hours(8));
}

TEST(CommandLine, EachCommonOptionReachesItsField) {
  const auto common =
      parse_sync({"--db", "a.db", "--metrics-dir", "m", "--prometheus", "p.prom", "--no-samples", "--json", "--quiet",
                  "--no-progress", "--log-level", "debug", "--log-format", "json", "--trace-id", kTrace})
          .common;
  EXPECT_EQ(common.db, "a.db");
  EXPECT_EQ(common.metrics_dir, "m");
  EXPECT_EQ(common.prometheus, "p.prom");
  EXPECT_TRUE(common.no_samples);
  EXPECT_TRUE(common.json);
  EXPECT_TRUE(common.quiet);
  EXPECT_TRUE(common.no_progress);
  EXPECT_EQ(common.log_level, log::Level::debug);
  EXPECT_EQ(common.log_format, log::Format::json);
  EXPECT_EQ(common.trace_id, kTrace);
}

TEST(CommandLine, OptionsHaveTheirOtherForms) {
  EXPECT_TRUE(parse_sync({"--no-incremental"}).full);
  EXPECT_EQ(parse_sync({"--rate", "auto"}).rate, std::nullopt);
  EXPECT_THAT(parse_sync({"--status", "SALE", "--status", "WAIT"}).statuses, ElementsAre("SALE", "WAIT"));
}

TEST(CommandLine, AWrongValueNamesItsOption) {
  const std::pair<const char*, std::vector<const char*>> cases[] = {
      {"--page-size", {"0", "501", "-1", "x", "5.5", "5x", "", "99999999999999999999"}},
      {"--workers", {"0", "257", "many"}},
      {"--batch-size", {"0", "100001"}},
      {"--rate", {"0", "-1", "fast", "1x", "inf", "nan", ""}},
      {"--modified-since", {"2026-02-29", "yesterday", "2026-4-1", "20260401"}},
      {"--status", {"SOLD", "sale", "SALE,SOLD", "SALE;CLOSE"}},
      {"--max-detail-age", {"-1", "3651", "1d"}},
      {"--limit", {"0", "-5", "x"}},
      {"--timeout", {"0", "-1s", "1d", "soon", "1 s"}},
      {"--max-retries", {"-1", "101", "x"}},
      {"--deadline", {"0s", "later"}},
      {"--log-level", {"loud", "INFO", ""}},
      {"--log-format", {"xml"}},
      {"--trace-id", {"1234", "00000000000000000000000000000000", "4BF92F3577B34DA6A3CE929D0E0E4736"}},
  };
  for (const auto& [option, values] : cases)
    for (const std::string value : values)
      EXPECT_THAT(usage_error({"sync", std::string(option) + "=" + value}), HasSubstr(option))
          << option << " " << value;
}

TEST(CommandLine, WhatItDoesNotKnowIsNamed) {
  EXPECT_THAT(usage_error({"sync", "--pagesize", "5"}), HasSubstr("--pagesize"));
  EXPECT_THAT(usage_error({"sync", "extra"}), HasSubstr("extra"));
  EXPECT_THAT(usage_error({"snyc"}), HasSubstr("snyc"));
  EXPECT_THAT(usage_error({"sync", "--workers"}), HasSubstr("--workers"));
  EXPECT_THAT(usage_error({}), HasSubstr("subcommand"));
  for (const std::vector<std::string>& wrong : {std::vector<std::string>{}, {"snyc"}, {"sync", "--workers"}})
    EXPECT_THAT(usage_error(wrong), HasSubstr("`pipeline --help` shows the usage"));
}

TEST(CommandLine, SecretsAreNoOptions) {
  for (const auto* option : {"--client-id", "--client-secret", "--account-id"})
    EXPECT_THAT(usage_error({"sync", option, "x"}), HasSubstr(option));
}

// --- help and version ---

TEST(CommandLine, TheVersionIsAskedForByItself) {
  EXPECT_THAT(text_of({"--version"}), testing::MatchesRegex("pipeline [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST(CommandLine, HelpNamesTheCommandsAndTheExitCodes) {
  EXPECT_THAT(text_of({"--help"}),
              AllOf(HasSubstr("sync"), HasSubstr("Exit codes: 0 all done"), HasSubstr("`pipeline COMMAND --help`")));
}

TEST(CommandLine, HelpOfACommandNamesItsOptionsDefaultsAndCredentials) {
  const auto help = text_of({"sync", "--help"});
  for (const auto* option :
       {"--config",         "--db",         "--metrics-dir",    "--no-samples",  "--prometheus", "--json",
        "--log-level",      "--log-format", "--quiet",          "--no-progress", "--trace-id",   "--base-url",
        "--page-size",      "--workers",    "--batch-size",     "--rate",        "--full",       "--no-incremental",
        "--modified-since", "--status",     "--max-detail-age", "--limit",       "--dry-run",    "--timeout",
        "--max-retries",    "--deadline"})
    EXPECT_THAT(help, HasSubstr(option));
  EXPECT_THAT(help, AllOf(HasSubstr("[500]"), HasSubstr("[pipeline.db]"), HasSubstr("[30s]"), HasSubstr("Exit codes:"),
                          HasSubstr("NAVER_COMMERCE_CLIENT_SECRET"), HasSubstr("PIPELINE_SYNC_<OPTION>")));
}

// --- the environment ---

TEST(Environment, GivesOwnAndCommonOptions) {
  const ScopedEnvironment set({{"PIPELINE_SYNC_WORKERS", "4"},
                               {"PIPELINE_SYNC_PAGE_SIZE", "25"},
                               {"PIPELINE_SYNC_STATUS", "SALE,WAIT"},
                               {"PIPELINE_SYNC_FULL", "true"},
                               {"PIPELINE_SYNC_DEADLINE", "10m"},
                               {"PIPELINE_DB", "env.db"},
                               {"PIPELINE_LOG_LEVEL", "warn"}});
  const auto sync = parse_sync();
  EXPECT_EQ(sync.workers, 4);
  EXPECT_EQ(sync.page_size, 25);
  EXPECT_THAT(sync.statuses, ElementsAre("SALE", "WAIT"));
  EXPECT_TRUE(sync.full);
  EXPECT_EQ(sync.deadline, minutes(10));
  EXPECT_EQ(sync.common.db, "env.db");
  EXPECT_EQ(sync.common.log_level, log::Level::warn);
}

TEST(Environment, TheCommandLineGoesBeforeIt) {
  const ScopedEnvironment set(
      {{"PIPELINE_SYNC_WORKERS", "4"}, {"PIPELINE_SYNC_RATE", "2"}, {"PIPELINE_SYNC_STATUS", "WAIT"}});
  const auto sync = parse_sync({"--workers", "5", "--rate", "auto", "--status", "SALE"});
  EXPECT_EQ(sync.workers, 5);
  EXPECT_EQ(sync.rate, std::nullopt);
  EXPECT_THAT(sync.statuses, ElementsAre("SALE"));
}

TEST(Environment, AWrongValueNamesItsOption) {
  const std::pair<const char*, const char*> cases[] = {
      {"PIPELINE_SYNC_WORKERS", "--workers"}, {"PIPELINE_SYNC_RATE", "--rate"}, {"PIPELINE_LOG_LEVEL", "--log-level"}};
  for (const auto& [variable, option] : cases) {
    const ScopedEnvironment set(std::map<std::string, std::string>{{variable, "much"}});
    EXPECT_THAT(usage_error({"sync"}), testing::AnyOf(HasSubstr(variable), HasSubstr(option)));
  }
}

// --- times ---

TEST(ParseDuration, ReadsANumberAndAUnit) {
  const std::pair<const char*, Nanoseconds> cases[] = {
      {"90", seconds(90)},          {"90s", seconds(90)},        {"1.5m", seconds(90)}, {"8h", hours(8)},
      {"500ms", milliseconds(500)}, {"0.5s", milliseconds(500)}, {"8784h", hours(8784)}};
  for (const auto& [text, time] : cases) EXPECT_EQ(parse_duration(text), time) << text;
}

TEST(ParseDuration, TakesNothingElse) {
  for (const auto* text : {"", "s", "0", "0ms", "-1s", "+1s", "1d", "1 s", " 1s", "1s ", "1H", "1h30m", "inf", "nan",
                           "1e-12s", "8785h", "1e300h"})
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
}

}  // namespace
}  // namespace pipeline::cli
