#include "pipeline/base/text.h"

#include "copies_stand.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <map>
#include <optional>

namespace fs = std::filesystem;

namespace pipeline::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class PruneRun : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(stand.store.sync({"--no-samples"}).exit_code, 0); }

  // So many days ago, in the form of each place.
  [[nodiscard]] WallTime ago(int days) const { return now_ - std::chrono::days(days); }
  [[nodiscard]] std::int64_t ms(int days) const { return ago(days).time_since_epoch().count(); }
  [[nodiscard]] std::string run_id(int days) const {
    std::string stamp = format_utc(ago(days)).substr(0, 19);
    std::erase_if(stamp, [](char c) { return c == '-' || c == ':'; });
    return stamp + "-0123abcd";
  }

  void add_run(int days, const std::string& command = "sync", const std::string& status = "OK") const {
    stand.store.execute(fmt::format("INSERT INTO runs VALUES ('{}-{}', 't', '{}', '{{}}', {}, {}, '{}', 0, '{{}}')",
                                    run_id(days), command, command, ms(days), ms(days), status));
  }
  void add_report(int days, const std::string& command = "sync") const {
    for (const char* end : {"", "-samples"})
      stand.put(stand.store.metrics() / fmt::format("{}-{}{}.csv", command, run_id(days), end), "0123456789");
    const std::string row = fmt::format("{},{},t,{},timer,{}_total_seconds,,seconds,1,{},1,1,1,1,1,1,0\r\n",
                                        format_utc(ago(days)), run_id(days), command, command, days);
    std::ofstream(stand.store.metrics() / "history.csv", std::ios::binary | std::ios::app) << row;
  }
  // The product of an entry need not be known.
  void add_entry(int days, const std::string& status) const {
    stand.store.execute(
        fmt::format("INSERT INTO refresh_queue (sku, source, reason, status, enqueued_at, finished_at, "
                    "changes) VALUES ('old {} {}', 'S', 'PRICE', '{}', {}, {}, '[]')",
                    status, days, status, ms(days), status == "PENDING" ? "NULL" : std::to_string(ms(days))));
  }
  // A post that was built and published, so many days after which its folder is known to be gone; its packages.
  void add_post(const std::string& id, bool published, std::optional<int> gone_since,
                const std::string& sku = "none") const {
    const fs::path folder = stand.path("posts") / id;
    fs::create_directories(folder);
    stand.store.execute(
        fmt::format("INSERT INTO posts VALUES ('{0}', '{1}', 't', '', '[]', 'BUILT', '', '[]', NULL, '[]', '[]', NULL, "
                    "'[]', {2}, 0);"
                    "INSERT INTO packages VALUES ('{0}', x'00', 1, 1, 1, 0, 'r', 0, zeroblob(32));"
                    "INSERT INTO images VALUES (x'01', '{0}', 1, NULL);"
                    "INSERT INTO post_products VALUES ('{0}', 'MY_STORE', '{3}')",
                    id, folder.string(), published ? "zeroblob(32)" : "NULL", sku));
    for (const char* kind : {"naver", "unique"}) stand.put(out() / fmt::format("{}_{}.zip", kind, id), "zip");
    if (!gone_since) return;
    fs::remove(folder);
    stand.store.execute(
        fmt::format("INSERT INTO state VALUES ('post_folder_missing_since/{}', {})", id, ms(*gone_since)));
  }
  [[nodiscard]] fs::path out() const { return stand.path("packages"); }
  [[nodiscard]] std::vector<std::string> arguments(std::vector<std::string> more = {"--yes"}) const {
    more.insert(more.begin(), {"prune", "--out", out().string()});
    return more;
  }
  [[nodiscard]] std::string value(const std::string& sql) const { return stand.store.value(sql); }
  [[nodiscard]] std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> all;
    for (const auto& entry : fs::recursive_directory_iterator(stand.store.folder().path()))
      if (entry.is_regular_file() && entry.path().filename().string().find("store.db-") == std::string::npos)
        all[entry.path().string()] = entry.path().extension() == ".db" ? "" : read_file(entry.path());
    return all;
  }

  const WallTime now_ = SystemClock().wall();
  CopiesStand stand{20};
};

TEST_F(PruneRun, WhatIsOldGoesAndTheRestStays) {
  for (const int days : {1, 89, 91, 200}) {
    add_run(days);
    add_report(days);
    add_entry(days, "DONE");
  }
  add_run(300, "package");
  add_report(300, "package");
  const auto waiting = stand.store.query("SELECT * FROM refresh_queue WHERE status = 'PENDING'");
  const json summary = stand.json(arguments());
  EXPECT_EQ(summary["exit_code"], 0);
  EXPECT_EQ(summary["removed"], true);
  EXPECT_EQ(summary["reports"]["files"], 4);
  EXPECT_EQ(summary["reports"]["bytes"], 40);
  EXPECT_EQ(summary["entries"]["rows"], 2);
  EXPECT_EQ(summary["runs"]["rows"], 2);
  EXPECT_EQ(value("SELECT count(*) FROM refresh_queue WHERE status = 'DONE'"), "2");
  EXPECT_EQ(stand.store.query("SELECT * FROM refresh_queue WHERE status = 'PENDING'"), waiting);
  EXPECT_EQ(value("SELECT count(*) FROM runs WHERE command = 'sync'"), "3") << "two young ones, and the first night";
  EXPECT_EQ(value("SELECT count(*) FROM runs WHERE command = 'package'"), "1") << "the last of each stays";
  const auto names = CopiesStand::names_in(stand.store.metrics());
  EXPECT_THAT(names, testing::Contains(fmt::format("package-{}.csv", run_id(300))));
  EXPECT_THAT(names, testing::Contains(fmt::format("sync-{}.csv", run_id(89))));
  EXPECT_THAT(names, Not(testing::Contains(fmt::format("sync-{}-samples.csv", run_id(91)))));
  EXPECT_EQ(stand.integrity(stand.store.db()), "ok\n");
  const json again = stand.json(arguments());
  for (const char* kind : {"reports", "packages"}) EXPECT_EQ(again[kind]["files"], 0) << kind;
  for (const char* kind : {"entries", "runs"}) EXPECT_EQ(again[kind]["rows"], 0) << kind;
  EXPECT_EQ(again["history"]["runs"], 0);
}

TEST_F(PruneRun, WhatWaitsForAHandNeverGoes) {
  for (const char* status : {"PENDING", "CLAIMED", "FAILED"}) add_entry(300, status);
  add_post("upload", false, 300);
  add_post("written", true, 300);
  stand.store.execute(
      "UPDATE posts SET stale = '[{\"place\":\"a\",\"sentence\":\"b\",\"product\":\"c\",\"field\":\"d\","
      "\"old\":\"1\",\"new\":\"2\"}]', need = 'write' WHERE content_id = 'written'");
  add_post("rejected", true, 300);
  stand.store.execute("UPDATE posts SET state = 'REJECTED', need = 'mend' WHERE content_id = 'rejected'");
  const std::string sku = value("SELECT min(sku) FROM products");
  stand.store.execute("UPDATE products SET removed_at = 1 WHERE sku = '" + sku + "'");
  add_post("down", true, 300, sku);
  const json before = stand.json({"status"});
  const json summary = stand.json(arguments());
  EXPECT_EQ(summary["exit_code"], 0);
  EXPECT_EQ(summary["entries"]["rows"], 0);
  EXPECT_EQ(summary["packages"]["files"], 0);
  EXPECT_EQ(summary["kept_posts"], 4);
  EXPECT_THAT(CopiesStand::names_in(out()), testing::SizeIs(8));
  EXPECT_EQ(value("SELECT count(*) FROM refresh_queue WHERE status IN ('CLAIMED', 'FAILED')"), "2");
  const json after = stand.json({"status"});
  EXPECT_EQ(after["todo"], before["todo"]);
  EXPECT_EQ(after["queue"]["pending"], before["queue"]["pending"]);
}

TEST_F(PruneRun, PackagesOfPublishedPostsGoWhenTheirFolderWasGoneForTheTerm) {
  add_post("here", true, std::nullopt);
  add_post("new", true, std::nullopt);
  add_post("young", true, 80);
  add_post("old", true, 100);
  fs::remove(stand.path("posts") / "new");
  const json summary = stand.json(arguments());
  EXPECT_EQ(summary["packages"]["posts"], json::array({"old"}));
  EXPECT_EQ(summary["packages"]["files"], 2);
  EXPECT_THAT(CopiesStand::names_in(out()), ElementsAre("naver_here.zip", "naver_new.zip", "naver_young.zip",
                                                        "unique_here.zip", "unique_new.zip", "unique_young.zip"));
  EXPECT_EQ(value("SELECT count(*) FROM posts"), "4") << "what is known of it stays: it is still on the blog";
  EXPECT_EQ(value("SELECT count(*) FROM images WHERE content_id = 'old'"), "1") << "its pictures are its own";
  EXPECT_EQ(value("SELECT group_concat(key) FROM (SELECT substr(key, 27) AS key FROM state WHERE key LIKE "
                  "'post_folder_missing_since/%' ORDER BY key)"),
            "new,old,young");
  fs::create_directory(stand.path("posts") / "young");  // it is back: the term begins anew
  (void)stand.json(arguments());
  EXPECT_EQ(value("SELECT count(*) FROM state WHERE key = 'post_folder_missing_since/young'"), "0");
}

// A disk that is not there today says nothing of the posts on it.
TEST_F(PruneRun, AFolderOfAllPostsThatIsMissingIsNoReason) {
  add_post("old", true, 100);
  add_post("new", true, std::nullopt);
  fs::rename(stand.path("posts"), stand.path("unmounted"));
  const json summary = stand.json(arguments());
  EXPECT_EQ(summary["packages"]["files"], 0);
  EXPECT_THAT(CopiesStand::names_in(out()), testing::SizeIs(4));
  EXPECT_EQ(value("SELECT count(*) FROM state WHERE key LIKE 'post_folder_missing_since/%'"), "1");
}

TEST_F(PruneRun, HistoryKeepsARunAWeekAndReadsAsBefore) {
  for (int days = 200; days > 0; --days) add_report(days);
  const auto runs_in = [&] { return stand.json({"report", "history", "--weeks", "40"})["runs"].get<int>(); };
  const int before = runs_in();
  const json summary = stand.json(arguments());
  const int gone = summary["history"]["runs"].get<int>();
  EXPECT_EQ(summary["history"]["of"], before);
  EXPECT_GT(summary["history"]["bytes"].get<int>(), gone * 60);
  EXPECT_EQ(runs_in(), before - gone);
  // Of the 110 old days, those of whole weeks; some 15 weeks keep one.
  EXPECT_GE(gone, (110 - 13) * 6 / 7 - 6);
  EXPECT_LE(gone, 110 - 14);
}

TEST_F(PruneRun, WithoutYesNothingGoesAndWhatWouldIsShown) {
  for (const int days : {1, 100, 200}) {
    add_run(days);
    add_report(days);
    add_entry(days, "DONE");
  }
  add_post("old", true, 100);
  const auto before = files();
  const auto rows = stand.store.query("SELECT * FROM refresh_queue");
  const Outcome unasked = stand.run(arguments({}));
  EXPECT_EQ(unasked.exit_code, 2);
  EXPECT_THAT(unasked.err, HasSubstr("say that it is meant with --yes"));
  for (const char* words :
       {"reports of runs", "4 files", "DONE entries", "2 rows", "packages", "2 files", "nothing was changed"})
    EXPECT_THAT(unasked.out, HasSubstr(words));
  EXPECT_EQ(stand.run(arguments({"--dry-run"})).exit_code, 0);
  const json dry = stand.json(arguments({"--dry-run", "--yes"}));
  EXPECT_EQ(dry["removed"], false);
  EXPECT_EQ(dry["entries"]["rows"], 2);
  EXPECT_EQ(files(), before);
  EXPECT_EQ(stand.store.query("SELECT * FROM refresh_queue"), rows);
}

TEST_F(PruneRun, TheTermIsAnOptionLikeAnyOther) {
  add_entry(50, "DONE");
  stand.put(stand.path("p.toml"),
            fmt::format("[prune]\nkeep = \"30d\"\nkeep-runs = 5\nout = \"{}\"\n", out().string()));
  EXPECT_EQ(stand.json({"prune", "--dry-run"})["entries"]["rows"], 0) << "90d";
  EXPECT_EQ(stand.json({"prune", "--dry-run", "--config", stand.path("p.toml").string()})["entries"]["rows"], 1);
  for (const auto& [text, words] : std::vector<std::pair<std::string, std::string>>{
           {"90", "say 90s, 90m, 90h or 90d"}, {"23h", "say 1d or more"}, {"90w", "not a time"}}) {
    const Outcome outcome = stand.run({"prune", "--dry-run", "--keep", text});
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_THAT(outcome.err, HasSubstr(words));
  }
}

TEST_F(PruneRun, TheLastRunsStayAsManyAsAreAskedFor) {
  for (const int days : {100, 200, 300}) {
    add_run(days, "package");
    add_report(days, "package");
  }
  const json summary = stand.json(arguments({"--yes", "--keep-runs", "2"}));
  EXPECT_EQ(summary["runs"]["rows"], 1);
  EXPECT_EQ(summary["reports"]["files"], 2);
}

TEST_F(PruneRun, WhatCannotBeRemovedIsNamedAndTheRestGoes) {
  add_report(100);
  add_entry(100, "DONE");
  stand.put(stand.store.metrics() / "history.csv", "PK\x03\x04");
  const Outcome outcome = stand.run(arguments());
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("history.csv"), HasSubstr("workbook")));
  EXPECT_EQ(value("SELECT count(*) FROM refresh_queue WHERE status = 'DONE'"), "0");
  EXPECT_THAT(CopiesStand::names_in(stand.store.metrics()),
              Not(testing::Contains(fmt::format("sync-{}.csv", run_id(100)))));
}

// A writer with little patience, as many times as it can, while 40,000 entries go.
TEST_F(PruneRun, AWriterIsNotHeldUp) {
  stand.store.execute(
      fmt::format("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000) "
                  "INSERT INTO refresh_queue (sku, source, reason, status, enqueued_at, finished_at, changes) "
                  "SELECT i, 'S', 'PRICE', 'DONE', 0, {}, hex(zeroblob(100)) FROM n",
                  ms(100)));
  const SqlConnection writer(stand.store.db());
  (void)writer.run("PRAGMA busy_timeout = 1000");
  Process prune = stand.start(arguments({"--yes", "--json"}));
  int writes = 0;
  while (prune.running()) {
    EXPECT_NO_THROW(
        (void)writer.run(fmt::format("BEGIN IMMEDIATE; INSERT INTO state VALUES ('write {}', 1); COMMIT", ++writes)));
    std::this_thread::sleep_for(1ms);
  }
  const Outcome outcome = prune.wait();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_GT(writes, 10);
  EXPECT_EQ(value("SELECT count(*) FROM refresh_queue WHERE status = 'DONE'"), "0");
  EXPECT_EQ(value("SELECT count(*) FROM state WHERE key LIKE 'write %'"), std::to_string(writes));
}

TEST_F(PruneRun, ARunThatWritesGoesOnBesideIt) {
  for (int i = 0; i < 5; ++i) add_entry(100 + i, "DONE");
  stand.store.store().set_latency(5ms, 0ms);
  Process sync = stand.store.start({"--full", "--workers", "1", "--batch-size", "1"});
  while (sync.running() && value("SELECT count(*) FROM runs WHERE status = 'RUNNING'") == "0")
    std::this_thread::sleep_for(2ms);
  EXPECT_EQ(stand.json(arguments())["entries"]["rows"], 5);
  EXPECT_EQ(sync.wait().exit_code, 0);
  EXPECT_EQ(value("SELECT count(*) FROM runs WHERE status = 'OK'"), "2");
}

TEST_F(PruneRun, ASignalEndsItInOrder) {
  stand.store.execute(
      fmt::format("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000) "
                  "INSERT INTO refresh_queue (sku, source, reason, status, enqueued_at, finished_at, changes) "
                  "SELECT i, 'S', 'PRICE', 'DONE', 0, {}, '[]' FROM n",
                  ms(100)));
  Process prune = stand.start(arguments());
  while (prune.running() && value("SELECT count(*) FROM refresh_queue WHERE status = 'DONE'") == "40000")
    std::this_thread::sleep_for(1ms);
  prune.signal(SIGTERM);
  EXPECT_EQ(prune.wait().exit_code, 143);
  EXPECT_NE(value("SELECT count(*) FROM refresh_queue WHERE status = 'DONE'"), "0");
  EXPECT_EQ(stand.integrity(stand.store.db()), "ok\n");
}

}  // namespace
}  // namespace pipeline::test
