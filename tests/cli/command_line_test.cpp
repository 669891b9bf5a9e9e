#include "pipeline/cli/picture_words.h"

#include "option_kit.h"
#include "parse.h"
#include "support/temp_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace pipeline::cli {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using test::parse;
using test::parse_as;
using test::parse_sync;
using test::ScopedEnvironment;
using test::usage_error;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kTrace = "4bf92f3577b34da6a3ce929d0e0e4736";

std::string text_of(const std::vector<std::string>& arguments) {
  return parse(arguments).text;
}

TEST(CommandLine, HasTheDocumentedDefaults) {
  const auto sync = parse_sync();
  EXPECT_EQ(sync.api.base_url, "https://api.commerce.naver.com/external");
  EXPECT_EQ(sync.options.page_size, 500);
  EXPECT_EQ(sync.options.workers, 10);
  EXPECT_EQ(sync.options.batch_size, 500);
  EXPECT_EQ(sync.api.max_rate, std::nullopt);
  EXPECT_FALSE(sync.options.full);
  EXPECT_EQ(sync.options.modified_since, "");
  EXPECT_THAT(sync.options.statuses, IsEmpty());
  EXPECT_EQ(sync.options.max_detail_age_days, 7);
  EXPECT_EQ(sync.options.max_removals.percent, 10);
  EXPECT_FALSE(sync.options.rebind);
  EXPECT_EQ(sync.options.max_removals.products, 10);
  EXPECT_EQ(sync.options.limit, std::nullopt);
  EXPECT_FALSE(sync.common.dry_run);
  EXPECT_EQ(sync.api.timeout, seconds(30));
  EXPECT_EQ(sync.client.max_retries, 5);
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
                                "--retry-for",
                                "45m",
                                "--deadline",
                                "8h"});
  EXPECT_EQ(sync.api.base_url, "http://127.0.0.1:8080");
  EXPECT_EQ(sync.options.page_size, 50);
  EXPECT_EQ(sync.options.workers, 3);
  EXPECT_EQ(sync.options.batch_size, 100);
  EXPECT_EQ(sync.api.max_rate, 1.5);
  EXPECT_TRUE(sync.options.full);
  EXPECT_EQ(sync.options.modified_since, "2026-04-01");
  EXPECT_THAT(sync.options.statuses, ElementsAre("SALE", "CLOSE"));
  EXPECT_EQ(sync.options.max_detail_age_days, 0);
  EXPECT_EQ(sync.options.limit, 20);
  EXPECT_TRUE(sync.common.dry_run);
  EXPECT_EQ(sync.api.timeout, milliseconds(500));
  EXPECT_EQ(sync.client.max_retries, 0);
  EXPECT_EQ(sync.retry_for, std::chrono::minutes(45));
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
  EXPECT_TRUE(parse_sync({"--no-incremental"}).options.full);
  EXPECT_EQ(parse_sync({"--rate", "auto"}).api.max_rate, std::nullopt);
  for (const char* zero : {"0", "0s"}) EXPECT_EQ(parse_sync({"--retry-for", zero}).retry_for, hours(0)) << zero;
  EXPECT_EQ(parse_sync({"--max-removals", "7"}).options.max_removals.allowed(1000), 7);
  EXPECT_EQ(parse_sync({"--max-removals=12.5%"}).options.max_removals.allowed(1000), 125);
  EXPECT_THAT(parse_sync({"--status", "SALE", "--status", "WAIT"}).options.statuses, ElementsAre("SALE", "WAIT"));
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
      {"--max-removals", {"-1", "1.5", "101%", "-5%", "%", "some", "", "10 %"}},
      {"--timeout", {"0", "-1s", "1w", "soon", "1 s"}},
      {"--max-retries", {"-1", "101", "x"}},
      {"--retry-for", {"-1", "1w", "soon", ""}},
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
  EXPECT_THAT(usage_error({}),
              testing::StartsWith("a command is missing: sync, upsert, package, post, check, status, night, "));
  for (const std::vector<std::string>& wrong : {std::vector<std::string>{}, {"snyc"}})
    EXPECT_THAT(usage_error(wrong), HasSubstr("`pipeline --help` shows the usage"));
  EXPECT_THAT(usage_error({"sync", "--workers"}), HasSubstr("`pipeline sync --help` shows the usage"));
  EXPECT_THAT(usage_error({"queue", "list", "--limit"}), HasSubstr("`pipeline queue list --help` shows the usage"));
}

TEST(CommandLine, WhatIsMistypedIsGuessed) {
  const std::pair<std::vector<std::string>, const char*> cases[] = {
      {{"snyc"}, "there is no command snyc: did you mean sync?"},
      {{"upset", "a.csv"}, "there is no command upset: did you mean upsert?"},
      {{"queue", "lits"}, "there is no command queue lits: did you mean list?"},
      {{"report", "compre", "a", "b"}, "there is no command report compre: did you mean compare?"},
      {{"sync", "--wokers", "3"}, "sync has no option --wokers: did you mean --workers?"},
      {{"sync", "--wokers=3"}, "sync has no option --wokers: did you mean --workers?"},
      {{"sync", "-workers", "3"}, "sync has no option -workers: did you mean --workers?"},
      {{"sync", "--metrics", "m"}, "sync has no option --metrics: did you mean --metrics-dir?"},
      {{"queue", "list", "--quite"}, "queue list has no option --quite: did you mean --quiet?"},
      {{"report", "html", "--uot", "p.html"}, "report html has no option --uot: did you mean --out?"},
      {{"sync", "--keyframes", "3"}, "sync has no option --keyframes: package has, as in pipeline package --keyframes"},
      {{"sync", "--zzzzzzzz"}, "sync has no option --zzzzzzzz\n"},
      {{"--db", "a.db", "sync"}, "--db stands behind the command: pipeline sync --db"},
      {{"--db", "a.db"}, "pipeline has no option --db: sync has, as in pipeline sync --db"},
      {{"--verison"}, "pipeline has no option --verison: did you mean --version?"},
      {{"sync", "extra"}, "sync: extra is one argument too many"},
      {{"zzzzzzzz"}, "there is no command zzzzzzzz\n"},
      {{"upsert", "a", "--format", "jsno"}, "--format: jsno: none of auto, csv, jsonl"},
      {{"package", "a", "--compression", "defualt"}, "did you mean default?"},
      {{"sync", "--status", "SALE,sal"}, "did you mean SALE?"},
      {{"sync", "--log-level", "wran"}, "did you mean warn?"},
      {{"sync", "--log-format", "jsno"}, "did you mean json?"},
      {{"queue", "list", "--status", "PEDNING"}, "did you mean PENDING?"},
      {{"queue", "list", "--reason", "prise"}, "did you mean PRICE?"},
      {{"queue", "list", "--format", "tabel"}, "did you mean table?"},
      {{"report", "history", "--statistic", "meen"}, "did you mean mean?"},
      {{"report", "history", "--command", "snyc"}, "did you mean sync?"},
      {{"report", "html", "--out", "o", "--language", "kr"}, "none of auto, en, ko"}};
  for (const auto& [arguments, words] : cases) EXPECT_THAT(usage_error(arguments), HasSubstr(words)) << words;
}

TEST(CommandLine, ATimeHasAUnit) {
  const std::vector<std::vector<std::string>> cases[] = {
      {{"sync"}, {"--deadline", "--timeout", "--retry-for"}},
      {{"upsert", "a"}, {"--lock-wait"}},
      {{"package", "a"}, {"--lock-wait", "--video-timeout"}},
      {{"queue", "claim", "--worker", "w"}, {"--lease", "--lock-wait"}}};
  for (const auto& command_and_options : cases)
    for (const auto& option : command_and_options[1]) {
      auto arguments = command_and_options[0];
      arguments.insert(arguments.end(), {option, "6"});
      EXPECT_THAT(usage_error(arguments), HasSubstr(option + ": 6: has no unit: say 6s, 6m, 6h or 6d"));
      arguments.back() = "0.5";
      EXPECT_THAT(usage_error(arguments), HasSubstr("say 0.5s, 0.5m, 0.5h or 0.5d"));
    }
}

TEST(CommandLine, FormatAndJsonAreOneAndTheLineCounts) {
  const ScopedEnvironment set(std::map<std::string, std::string>{{"PIPELINE_JSON", "true"}});
  EXPECT_TRUE(parse_as<QueueCommand>({"queue", "list"}).common.json);
  const auto list = parse_as<QueueCommand>({"queue", "list", "--format", "csv"});
  EXPECT_FALSE(list.common.json);
  EXPECT_EQ(list.format, Format::csv);
  const auto history = parse_as<ReportHistoryCommand>({"report", "history", "--format", "table"});
  EXPECT_FALSE(history.common.json);
  EXPECT_EQ(history.format, Format::table);
  EXPECT_TRUE(parse_as<ReportHistoryCommand>({"report", "history", "--format", "json"}).common.json);
}

TEST(CommandLine, SecretsAreNoOptions) {
  for (const auto* option : {"--client-id", "--client-secret", "--account-id"})
    EXPECT_THAT(usage_error({"sync", option, "x"}), HasSubstr(option));
}

// --- help and version ---

TEST(CommandLine, WhatLooksAtPicturesIsKnownByItsLastWord) {
  for (const Entry& entry : commands()) {
    if ((entry.traits & kPictures) == 0) continue;
    const std::string name = entry.name;
    EXPECT_THAT(kPictureWords, testing::Contains(testing::StrEq(name.substr(name.rfind(' ') + 1))));
  }
}

TEST(CommandLine, TheVersionIsAskedForByItself) {
  EXPECT_THAT(text_of({"--version"}), testing::MatchesRegex("pipeline [0-9]+\\.[0-9]+\\.[0-9]+(-[a-z0-9]+)?\n"));
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
        "--max-retries",    "--retry-for",  "--deadline",       "--max-removals"})
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
  EXPECT_EQ(sync.options.workers, 4);
  EXPECT_EQ(sync.options.page_size, 25);
  EXPECT_THAT(sync.options.statuses, ElementsAre("SALE", "WAIT"));
  EXPECT_TRUE(sync.options.full);
  EXPECT_EQ(sync.deadline, minutes(10));
  EXPECT_EQ(sync.common.db, "env.db");
  EXPECT_EQ(sync.common.log_level, log::Level::warn);
}

TEST(Environment, TheCommandLineGoesBeforeIt) {
  const ScopedEnvironment set(
      {{"PIPELINE_SYNC_WORKERS", "4"}, {"PIPELINE_SYNC_RATE", "2"}, {"PIPELINE_SYNC_STATUS", "WAIT"}});
  const auto sync = parse_sync({"--workers", "5", "--rate", "auto", "--status", "SALE"});
  EXPECT_EQ(sync.options.workers, 5);
  EXPECT_EQ(sync.api.max_rate, std::nullopt);
  EXPECT_THAT(sync.options.statuses, ElementsAre("SALE"));
}

TEST(Environment, AWrongValueNamesItself) {
  for (const char* variable : {"PIPELINE_SYNC_WORKERS", "PIPELINE_SYNC_RATE", "PIPELINE_LOG_LEVEL",
                               "PIPELINE_QUEUE_LEASE", "PIPELINE_REPORT_WEEKS"}) {
    const ScopedEnvironment set(std::map<std::string, std::string>{{variable, "much"}});
    EXPECT_THAT(usage_error({"sync"}), HasSubstr(std::string(variable) + ": much: "));
  }
}

TEST(Environment, AnEmptyValueIsNone) {
  const ScopedEnvironment set(std::map<std::string, std::string>{{"PIPELINE_SYNC_WORKERS", ""}});
  EXPECT_EQ(parse_sync().options.workers, 10);
}

TEST(Environment, GivesWhatIsRequired) {
  const ScopedEnvironment set(std::map<std::string, std::string>{{"PIPELINE_REPORT_OUT", "page.html"}});
  EXPECT_EQ(parse_as<ReportHtmlCommand>({"report", "html"}).out, "page.html");
}

TEST(Environment, NamesThatNoOptionHasAreTold) {
  EXPECT_THAT(stray_variables({"HOME", "PIPELINE_DB", "PIPELINE_CONFIG", "PIPELINE_SYNC_WORKERS",
                               "PIPELINE_QUEUE_LEASE", "PIPELINE_REPORT_OUT", "PIPELINE_PROMETHEUS"}),
              IsEmpty());
  EXPECT_THAT(stray_variables({"PIPELINE_WORKERS"}), ElementsAre(HasSubstr("did you mean PIPELINE_SYNC_WORKERS?")))
      << "a command's own option";
  EXPECT_THAT(stray_variables({"PIPELINE_SYNC_WORKRES", "PIPELINE_WORKSPACE"}),
              ElementsAre("the variable PIPELINE_SYNC_WORKRES has no effect: no option has that name: did you mean "
                          "PIPELINE_SYNC_WORKERS?",
                          "the variable PIPELINE_WORKSPACE has no effect: no option has that name"));
}

// --- how a wrong call is told ---

Manner manner(const std::vector<std::string>& arguments) {
  std::vector<const char*> argv{"pipeline"};
  for (const auto& argument : arguments) argv.push_back(argument.c_str());
  return manner_of(static_cast<int>(argv.size()), argv.data(), [](const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  });
}

TEST(Manner, IsReadFromTheLine) {
  EXPECT_FALSE(manner({"sync", "--wokers", "3"}).json);
  EXPECT_EQ(manner({"sync"}).command, "sync");
  EXPECT_TRUE(manner({"sync", "--wokers", "3", "--json"}).json);
  EXPECT_FALSE(manner({"sync", "--json=false"}).json);
  EXPECT_FALSE(manner({"upsert", "--", "--json"}).json) << "that is a file";
  EXPECT_TRUE(manner({"queue", "list", "--format", "json", "--x"}).json);
  EXPECT_EQ(manner({"queue", "--db", "x", "list", "--x"}).command, "queue list");
  EXPECT_EQ(manner({"snyc", "--json"}).command, "");
  EXPECT_EQ(manner({"sync", "--log-format=json"}).log_format, log::Format::json);
  EXPECT_EQ(manner({"sync", "--trace-id", kTrace}).trace_id, kTrace);
  EXPECT_EQ(manner({"sync", "--trace-id", "x"}).trace_id, "");
}

TEST(Manner, AndFromTheEnvironment) {
  const ScopedEnvironment set({{"PIPELINE_JSON", "true"}, {"PIPELINE_LOG_FORMAT", "json"}});
  EXPECT_TRUE(manner({"snyc"}).json);
  EXPECT_EQ(manner({"snyc"}).log_format, log::Format::json);
  EXPECT_EQ(manner({"snyc", "--log-format", "text"}).log_format, log::Format::text);
}

// --- help ---

TEST(CommandLine, HelpIsTidy) {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"--help"},
                                                    {"sync", "--help"},
                                                    {"upsert", "--help"},
                                                    {"package", "--help"},
                                                    {"queue", "--help"},
                                                    {"queue", "list", "--help"},
                                                    {"report", "--help"},
                                                    {"report", "html", "--help"}}) {
    const std::string help = text_of(arguments);
    EXPECT_THAT(help, testing::Not(HasSubstr("\n\n\n"))) << arguments.front();
    EXPECT_FALSE(help.ends_with("\n\n")) << arguments.front();
  }
}

TEST(CommandLine, OnlyWhoWritesReportsSaysWhere) {
  for (const char* command : {"sync", "upsert", "package"})
    EXPECT_THAT(text_of({command, "--help"}), AllOf(HasSubstr("--prometheus"), HasSubstr("--no-samples"))) << command;
  for (const char* command : {"queue", "report"})
    EXPECT_THAT(text_of({command, "--help"}),
                testing::Not(testing::AnyOf(HasSubstr("--prometheus"), HasSubstr("--no-samples"))))
        << command;
}

TEST(CommandLine, SharedOptionsStandWhereTheyAct) {
  const std::pair<std::vector<std::string>, const char*> cases[] = {
      {{"report", "compare", "a", "b", "--budget", "b.json"}, "report compare has no option --budget\n"},
      {{"report", "--budget-set", "plan", "compare", "a", "b"}, "report compare has no option --budget-set\n"},
      {{"report", "html", "--out", "p", "--no-progress"}, "report html has no option --no-progress"},
      {{"queue", "list", "--no-progress"}, "queue list has no option --no-progress"},
      {{"queue", "list", "--prometheus", "p"}, "queue list has no option --prometheus"},
      {{"sync", "--lock-wait", "5s"}, "sync has no option --lock-wait"},
      {{"package", "a", "--dry-run"}, "package has no option --dry-run"}};
  for (const auto& [arguments, words] : cases) EXPECT_THAT(usage_error(arguments), HasSubstr(words)) << words;
  EXPECT_EQ(usage_error({"report", "history", "--budget", "b.json"}), "");
  const ScopedEnvironment set({{"PIPELINE_BUDGET", "b.json"}, {"PIPELINE_NO_PROGRESS", "true"}});
  EXPECT_EQ(usage_error({"report", "compare", "a", "b"}), "") << "a default for others counts for nothing";
  EXPECT_EQ(usage_error({"queue", "list"}), "");
}

// Each command of the table, and the groups.
TEST(CommandLine, HelpEndsWithExamplesThatParse) {
  const pipeline::test::TempDir folder;
  const std::string config = (folder / "pipeline.toml").string();
  std::ofstream(config) << "";
  for (const Entry& entry : commands()) {
    std::vector<std::string> words;
    std::istringstream name(entry.name);
    for (std::string word; name >> word;) words.push_back(word);
    words.emplace_back("--help");
    const std::string help = text_of(words);
    const auto at = help.find("\nExamples:\n");
    ASSERT_NE(at, help.npos) << entry.name;
    std::istringstream lines(help.substr(at + std::string_view("\nExamples:\n").size()));
    int examples = 0;
    for (std::string line; std::getline(lines, line); ++examples) {
      const auto program = line.find("pipeline ");
      ASSERT_NE(program, line.npos) << line;
      const bool is_quoted = line.find('\'') != line.npos;
      std::vector<std::string> arguments;
      std::istringstream rest(line.substr(program + std::string_view("pipeline ").size()));
      for (std::string word; rest >> word;) {
        const bool names_config = !arguments.empty() && arguments.back() == "--config";
        arguments.push_back(names_config ? config : word);  // the one that it names is not there
      }
      EXPECT_THAT(line, HasSubstr(entry.name));
      EXPECT_TRUE(is_quoted || usage_error(arguments).empty()) << line;
    }
    EXPECT_GE(examples, 2) << entry.name;
    EXPECT_LE(examples, 3) << entry.name;
  }
}

// --- times ---

TEST(ParseDuration, ReadsANumberAndAUnit) {
  const std::pair<const char*, Nanoseconds> cases[] = {
      {"90s", seconds(90)},        {"1.5m", seconds(90)}, {"8h", hours(8)},       {"500ms", milliseconds(500)},
      {"0.5s", milliseconds(500)}, {"90d", hours(2160)},  {"3660d", hours(87840)}};
  for (const auto& [text, time] : cases) EXPECT_EQ(parse_duration(text), time) << text;
}

TEST(ParseDuration, TakesNothingElse) {
  for (const auto* text : {"", "s", "0", "90", "0ms", "-1s", "+1s", "1w", "1 s", " 1s", "1s ", "1H", "1h30m", "inf",
                           "nan", "1e-12s", "3661d", "1e300h"})
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
}

}  // namespace
}  // namespace pipeline::cli
