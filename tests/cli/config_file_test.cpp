#include "parse.h"
#include "support/temp_dir.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace pipeline::cli {
namespace {

using std::chrono::hours;
using test::ScopedEnvironment;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using namespace std::string_view_literals;

class ConfigFileTest : public testing::Test {
 protected:
  SyncCommand parse_with(const std::string& toml, std::vector<std::string> arguments = {}) {
    std::ofstream(path_) << toml;
    arguments.insert(arguments.end(), {"--config", path_});
    return test::parse_sync(std::move(arguments));
  }
  std::string error_of(const std::string& toml) {
    std::ofstream(path_) << toml;
    return test::usage_error({"sync", "--config", path_});
  }

  const test::TempDir dir_;
  const std::string path_ = (dir_ / "pipeline.toml").string();
};

TEST_F(ConfigFileTest, GivesCommonOptionsAtItsTopAndOwnOnesInTheCommandsTable) {
  const auto sync = parse_with(R"(
db = "toml.db"
json = true
log-level = "error"
[sync]
base-url = "http://127.0.0.1:1"
workers = 6
rate = 1.5
full = true
modified-since = 2026-04-01
status = ["SALE", "CLOSE"]
limit = 7
deadline = "8h"
)");
  EXPECT_EQ(sync.common.db, "toml.db");
  EXPECT_TRUE(sync.common.json);
  EXPECT_EQ(sync.common.log_level, log::Level::error);
  EXPECT_EQ(sync.api.base_url, "http://127.0.0.1:1");
  EXPECT_EQ(sync.options.workers, 6);
  EXPECT_EQ(sync.api.max_rate, 1.5);
  EXPECT_TRUE(sync.options.full);
  EXPECT_EQ(sync.options.modified_since, "2026-04-01");
  EXPECT_THAT(sync.options.statuses, ElementsAre("SALE", "CLOSE"));
  EXPECT_EQ(sync.options.limit, 7);
  EXPECT_EQ(sync.deadline, hours(8));
  EXPECT_EQ(sync.options.page_size, 500) << "what is not named keeps its default";
}

TEST_F(ConfigFileTest, ListsMayBeTextsToo) {
  EXPECT_THAT(parse_with("[sync]\nstatus = \"SALE,CLOSE\"\n").options.statuses, ElementsAre("SALE", "CLOSE"));
  EXPECT_THAT(parse_with("[sync]\nstatus = [\"SALE\"]\n").options.statuses, ElementsAre("SALE"));
}

TEST_F(ConfigFileTest, CommonOptionsMayStandInTheCommandsTable) {
  EXPECT_EQ(parse_with("db = \"top.db\"\n[sync]\ndb = \"own.db\"\n").common.db, "own.db");
}

TEST_F(ConfigFileTest, IsNamedByTheEnvironmentOrEitherFormOfTheOption) {
  std::ofstream(path_) << "[sync]\nworkers = 6\n";
  EXPECT_EQ(test::parse_sync({"--config=" + path_}).options.workers, 6);
  const ScopedEnvironment set({{"PIPELINE_CONFIG", path_}});
  EXPECT_EQ(test::parse_sync().options.workers, 6);
}

TEST_F(ConfigFileTest, AVariableThatIsEmptyNamesNone) {
  const ScopedEnvironment set(std::map<std::string, std::string>{{"PIPELINE_CONFIG", ""}});
  EXPECT_EQ(test::parse_sync().options.workers, 10);
}

TEST_F(ConfigFileTest, TheEnvironmentGoesBeforeIt) {
  const ScopedEnvironment set({{"PIPELINE_SYNC_WORKERS", "4"},
                               {"PIPELINE_SYNC_STATUS", "WAIT"},
                               {"PIPELINE_SYNC_RATE", "auto"},
                               {"PIPELINE_SYNC_FULL", "false"},
                               {"PIPELINE_DB", "env.db"}});
  const auto sync =
      parse_with("db = \"toml.db\"\n[sync]\nworkers = 6\nstatus = [\"SALE\"]\nrate = 2\nfull = true\nbatch-size = 9\n");
  EXPECT_EQ(sync.options.workers, 4);
  EXPECT_THAT(sync.options.statuses, ElementsAre("WAIT"));
  EXPECT_EQ(sync.api.max_rate, std::nullopt);
  EXPECT_FALSE(sync.options.full);
  EXPECT_EQ(sync.common.db, "env.db");
  EXPECT_EQ(sync.options.batch_size, 9);
}

TEST_F(ConfigFileTest, TheCommandLineGoesBeforeIt) {
  const auto sync = parse_with(
      "db = \"toml.db\"\nlog-format = \"json\"\n[sync]\nworkers = 6\nstatus = [\"SALE\"]\nrate = 2\nfull = "
      "true\ntimeout = \"5s\"\n",
      {"--workers", "5", "--status", "CLOSE,WAIT", "--rate", "auto", "--full=false", "--db", "line.db", "--log-format",
       "text"});
  EXPECT_EQ(sync.options.workers, 5);
  EXPECT_THAT(sync.options.statuses, ElementsAre("CLOSE", "WAIT"));
  EXPECT_EQ(sync.api.max_rate, std::nullopt);
  EXPECT_FALSE(sync.options.full);
  EXPECT_EQ(sync.common.db, "line.db");
  EXPECT_EQ(sync.common.log_format, log::Format::text);
  EXPECT_EQ(sync.api.timeout, std::chrono::seconds(5));
}

struct WrongFile {
  const char* toml;
  int line;
  const char* what;
};

TEST_F(ConfigFileTest, AnErrorNamesFileLineAndKey) {
  const WrongFile cases[] = {
      {"db = \"a\"\n[sync]\nworker = 3\n", 3, "worker"},
      {"[sync]\nworkers = \"many\"\n", 2, "workers"},
      {"[sync]\nworkers = 0\n", 2, "workers"},
      {"[sync]\nworkers = true\n", 2, "workers"},
      {"[sync]\nworkers = 2.5\n", 2, "workers"},
      {"[sync]\nworkers = [1, 2]\n", 2, "workers"},
      {"[sync]\nfull = \"perhaps\"\n", 2, "full"},
      {"[sync]\nrate = \"fast\"\n", 2, "rate"},
      {"[sync]\nmodified-since = 2026-04-01T00:00:00\n", 2, "modified-since"},
      {"[sync]\nstatus = [\"SALE\", \"SOLD\"]\n", 2, "status"},
      {"[sync]\nstatus = [\"SALE\",\n {a = 1}]\n", 3, "status"},
      {"[sync]\n\ntimeout = \"soon\"\n", 3, "timeout"},
      {"[sync]\nclient-secret = \"x\"\n", 2, "client-secret"},
      {"[sync]\nconfig = \"other.toml\"\n", 2, "config"},
      {"[sync]\nhelp = true\n", 2, "help"},
      {"[sync.deep]\nworkers = 1\n", 1, "deep"},
      {"\nlog-level = \"loud\"\n", 2, "log-level"},
      {"workers = 3\n", 1, "workers"},
      {"version = true\n", 1, "version"},
      {"sync = 3\n", 1, "sync"},
      {"\n[snyc]\nworkers = 3\n", 2, "snyc"},
      {"[sync]\nworkers = = 3\n", 2, ""},
      {"[sync]\nworkers = 3\nworkers = 4\n", 3, "workers"},
  };
  for (const auto& [toml, line, what] : cases)
    EXPECT_THAT(error_of(toml), AllOf(HasSubstr(fmt::format("{}:{}: ", path_, line)), HasSubstr(what))) << toml;
}

// As Notepad's "Unicode" and Korean editors of old save it.
TEST_F(ConfigFileTest, AnotherEncodingIsNamed) {
  for (const std::string_view toml : {"\xFF\xFE"
                                      "d\0b\0"sv,
                                      "d\0b\0"sv, "# \xB0\xA1\ndb = \"a\"\n"sv})
    EXPECT_THAT(error_of(std::string(toml)), HasSubstr(path_ + ": the config file is not in UTF-8: save it as UTF-8"));
  EXPECT_EQ(parse_with("\xEF\xBB\xBF"
                       "db = \"a\"\n")
                .common.db,
            "a");
}

TEST_F(ConfigFileTest, AFileThatIsNotThereIsNamed) {
  const auto none = (dir_ / "none.toml").string();
  EXPECT_THAT(test::usage_error({"sync", "--config", none}),
              HasSubstr("the config file: cannot read " + none + ": No such file or directory: name another"));
}

TEST_F(ConfigFileTest, ASecretIsRefusedWhereverItStands) {
  for (const char* const toml : {"client-secret = \"x\"\n", "CLIENT_SECRET = \"x\"\n",
                                 "[sync]\nclient-secret = \"x\"\n", "naver_commerce_client_secret = \"x\"\n"})
    EXPECT_THAT(error_of(toml), HasSubstr("a secret does not stand in a config file")) << toml;
  EXPECT_THAT(error_of("client-id = \"x\"\n"), HasSubstr("[store.NAME]"));
  EXPECT_THAT(error_of("client-secret-file = \"x\"\n"), HasSubstr("NAVER_COMMERCE_CLIENT_SECRET_FILE"));
}

TEST_F(ConfigFileTest, WhatIsMistypedIsGuessed) {
  const std::pair<const char*, const char*> cases[] = {
      {"[sync]\nwrokers = 3\n", "sync has no option wrokers: did you mean workers?"},
      {"[snyc]\nworkers = 3\n", "there is no command snyc: did you mean sync?"},
      {"metrics = \"m\"\n", "metrics is no option: did you mean metrics-dir?"},
      {"workers = 3\n", "workers is not an option of every command: it stands in a table, behind the line [sync]"},
      {"lease = \"5m\"\n", "behind the line [queue]"},
      {"wrokers = 3\n", "wrokers is no option: did you mean workers, which stands in a table, behind the line [sync]?"},
      {"[queue]\nlaese = \"5m\"\n", "queue has no option laese: did you mean lease?"},
      {"[sync]\nlog-level = \"wran\"\n", "did you mean warn?"},
      {"[sync]\ndeadline = 6\n", ":2: deadline: 6: has no unit: say 6s, 6m, 6h or 6d"},
      {"[sync]\nfull = \"perhaps\"\n", ":2: full: perhaps: neither true nor false"},
      {"[sync]\nworkers = 0\n", ":2: workers: 0: not a whole number from 1 to 256"}};
  for (const auto& [toml, words] : cases) EXPECT_THAT(error_of(toml), HasSubstr(words)) << toml;
}

TEST_F(ConfigFileTest, QuotesThatAreMissingAreNamed) {
  for (const char* toml : {"db = store.db\n", "db = /var/lib/store.db\n", "[sync]\ndeadline = 6h\n",
                           "metrics-dir = 저장소\n", "log-format = json\n"})
    EXPECT_THAT(error_of(toml), HasSubstr("put the value in quotes")) << toml;
  for (const char* toml : {"[sync]\nworkers = = 3\n", "[sync]\nworkers = 3\nworkers = 4\n", "db = \"store.db\n",
                           "json = true\njson = true\n"})
    EXPECT_THAT(error_of(toml), testing::Not(HasSubstr("in quotes"))) << toml;
}

// A value for another use of the command does not make the call wrong; what stands on the line does.
TEST_F(ConfigFileTest, ValuesForAnotherUseCountForNothing) {
  std::ofstream(path_) << "[package]\nposts = \"all\"\nfrom-queue = true\n";
  const auto package = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "package");
    arguments.insert(arguments.end(), {"--config", path_});
    return test::parse_as<PackageCommand>(arguments);
  };
  const auto named = package({"P1"});
  EXPECT_THAT(named.posts, ElementsAre("P1"));
  EXPECT_FALSE(named.from_queue);
  EXPECT_EQ(named.posts_dir, "");
  EXPECT_TRUE(package({}).from_queue);
  EXPECT_EQ(package({}).posts_dir, "all");
  EXPECT_EQ(package({"--posts", "other"}).posts_dir, "other");
  EXPECT_THAT(test::usage_error({"package", "P1", "--from-queue", "--config", path_}), HasSubstr("--from-queue"));
  EXPECT_THAT(test::usage_error({"package", "P1", "--posts", "x", "--config", path_}), HasSubstr("--posts"));

  std::ofstream(path_) << "[package]\nposts = \"all\"\n";
  EXPECT_EQ(package({"P1"}).posts_dir, "");
  EXPECT_EQ(package({"--from-queue"}).posts_dir, "all");
  EXPECT_THAT(test::usage_error({"package", "--config", path_}), HasSubstr("POST: is required"));

  std::ofstream(path_) << "budget-set = \"plan\"\n";
  EXPECT_THAT(parse_with("budget-set = \"plan\"\n").common.budget_sets, testing::IsEmpty());
  EXPECT_THAT(parse_with("budget-set = \"plan\"\nbudget = \"b.json\"\n").common.budget_sets, ElementsAre("plan"));
  EXPECT_THAT(parse_with("", {"--budget-set", "plan"}).common.budget_sets, ElementsAre("plan"))
      << "the command refuses it";
}

TEST_F(ConfigFileTest, GivesWhatIsRequired) {
  std::ofstream(path_) << "[report]\nout = \"page.html\"\n";
  EXPECT_EQ(test::parse_as<ReportHtmlCommand>({"report", "html", "--config", path_}).out, "page.html");
}

TEST_F(ConfigFileTest, WhereReportsGoIsForWhoWritesThem) {
  std::ofstream(path_) << "prometheus = \"p.prom\"\nno-samples = true\n";
  EXPECT_EQ(test::parse_sync({"--config", path_}).common.prometheus, "p.prom");
  EXPECT_EQ(test::parse_as<QueueCommand>({"queue", "list", "--config", path_}).common.prometheus, "");
}

TEST_F(ConfigFileTest, AnEmptyFileChangesNothing) {
  EXPECT_EQ(parse_with("").options.workers, 10);
}

}  // namespace
}  // namespace pipeline::cli
