#include "pipeline/base/run_lock.h"

#include "check_stand.h"
#include "support/pictures.h"
#include "support/sql.h"

#include <gmock/gmock.h>

#include <chrono>

// `check --repair`: what hands do wrong is mended, or said.
namespace pipeline::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

class RepairRun : public ::testing::Test {
 protected:
  RepairRun() { EXPECT_EQ(stand.sync().sync().exit_code, 0); }

  // What it says of its mending, a line each: `ok SUBJECT: text`.
  std::vector<std::string> repair(std::vector<std::string> arguments = {}, int code = 0) {
    arguments.insert(arguments.end(), {"--repair", "--json"});
    const Outcome outcome = stand.run(arguments);
    EXPECT_EQ(outcome.exit_code, code) << outcome.out << outcome.err;
    std::vector<std::string> lines;
    document = nlohmann::json::parse(outcome.out, nullptr, false);
    for (const auto& one : document["checks"])
      if (one["check"] == "repair")
        lines.push_back(one["state"].get<std::string>() + " " +
                        (one["subject"].is_null() ? std::string() : one["subject"].get<std::string>()) + ": " +
                        one["text"].get<std::string>());
    return lines;
  }
  void expect_nothing_more(const std::vector<std::string>& arguments = {}) {
    EXPECT_THAT(repair(arguments), ElementsAre("ok : there is nothing to mend"));
  }
  [[nodiscard]] std::string db() { return stand.sync().db().string(); }
  // A post in this folder below the stand's, built.
  void build_post(const std::string& folder) {
    const nlohmann::json json = {{"content_id", "P1"},
                                 {"sku", std::to_string(stand.store().channel_nos().front())},
                                 {"title", "겨울 아침"},
                                 {"body", "<p>따뜻해요.</p>"}};
    stand.write(folder + "/post.json", json.dump());
    for (int i = 1; i <= 3; ++i)
      stand.write(folder + "/images/" + std::to_string(i) + ".jpg",
                  photo({.seed = static_cast<std::uint64_t>(i)}, 320, 240));
    const Outcome outcome = Process({pipeline_binary(), "package", stand.path(folder), "--db", db(), "--metrics-dir",
                                     stand.sync().metrics().string(), "--out", stand.path("packages"), "--quiet"},
                                    stand.sync().environment, stand.sync().folder().path())
                                .wait();
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  }

  CheckStand stand;
  nlohmann::json document;
};

TEST_F(RepairRun, LeavesAloneWhatIsWell) {
  const auto rows = stand.sync().query("SELECT * FROM products ORDER BY sku");
  expect_nothing_more();
  EXPECT_EQ(stand.sync().query("SELECT * FROM products ORDER BY sku"), rows);
  for (const auto& one : document["checks"]) EXPECT_EQ(one["state"], "ok") << one.dump(1);
}

// A copy was put in the place of a database whose log stayed: its pages point into what the copy does not have.
TEST_F(RepairRun, ALogOfAnotherDatabaseIsPutAway) {
  const std::string copy = stand.path("copy");
  const std::string log = stand.path("log");
  fs::copy_file(db(), copy);
  {
    const SqlConnection later(db());
    later.run(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600) "
        "INSERT INTO state SELECT 'filler/' || i, zeroblob(3000) FROM n; PRAGMA wal_checkpoint(TRUNCATE); "
        "DELETE FROM state WHERE key LIKE 'filler/%' AND CAST(substr(key, 8) AS INTEGER) % 7 = 0");
    fs::copy_file(db() + "-wal", log);
  }
  fs::rename(copy, db());
  fs::rename(log, db() + "-wal");
  fs::remove(db() + "-shm");
  const auto before = stand.look();
  EXPECT_EQ(before["exit_code"], 2);
  EXPECT_THAT(before.dump(), HasSubstr("check --repair"));
  EXPECT_THAT(repair(), ElementsAre(AllOf(HasSubstr("was another database's"), HasSubstr("store.db-wal.away-"))));
  EXPECT_EQ(stand.sync().value("SELECT count(*) FROM products WHERE removed_at IS NULL"),
            std::to_string(stand.store().size()));
  expect_nothing_more();
}

TEST_F(RepairRun, ARestoreThatWasBrokenOffIsClearedAway) {
  stand.write("store.db.restoring", "half");
  stand.write("store.db.restoring-wal", "");
  EXPECT_THAT(repair(),
              ElementsAre(HasSubstr("store.db.restoring: what a restore"), HasSubstr("store.db.restoring-wal")));
  EXPECT_FALSE(fs::exists(stand.path("store.db.restoring")));
  expect_nothing_more();
}

TEST_F(RepairRun, ACopyWithoutItsLogIsSaid) {
  stand.sync().execute("UPDATE runs SET status = 'RUNNING', ended_at = NULL");
  EXPECT_THAT(repair(), ElementsAre(AllOf(HasSubstr("warning"), HasSubstr("without its -wal"))));
}

TEST_F(RepairRun, TwoDatabasesOfOneStoreAreSaid) {
  fs::copy_file(db(), stand.path("other.db"));
  fs::copy_file(db(), stand.path("store.db.before-restore-20261127T000000Z"));
  EXPECT_THAT(repair(), ElementsAre(AllOf(HasSubstr("warning " + stand.path("other.db")), HasSubstr("same store"),
                                          HasSubstr("its last run began at"))));
  stand.write("other.db", "no database");
  expect_nothing_more();
}

TEST_F(RepairRun, AnEmptyFileIsNoDamage) {
  for (const char* const end : {"-wal", "-shm"}) fs::remove(db() + end);
  std::ofstream(db(), std::ios::trunc).close();
  expect_nothing_more();
}

TEST_F(RepairRun, DamageIsSaidWithTheWayBack) {
  {
    std::fstream file(db(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096 * 3);
    file << std::string(4096 * 2, 'x');
  }
  (void)repair({}, 2);
  EXPECT_THAT(words_of(document, "integrity"), HasSubstr("restore a backup"));
}

TEST_F(RepairRun, HalfPackagesGo) {
  build_post("posts/P1");
  const std::string zip = stand.path("packages/naver_P1.zip");
  fs::resize_file(zip, fs::file_size(zip) / 2);
  const std::string part = stand.write("packages/.unique_P1.zip.0123456789abcdef.part", "half");
  const std::string kept = stand.write("packages/.notes.part", "not ours");
  EXPECT_THAT(repair(),
              testing::UnorderedElementsAre(HasSubstr(zip + ": is removed"), HasSubstr(part + ": a package")));
  EXPECT_FALSE(fs::exists(zip));
  EXPECT_FALSE(fs::exists(part));
  EXPECT_TRUE(fs::exists(kept));
  EXPECT_TRUE(fs::exists(stand.path("packages/unique_P1.zip")));
  expect_nothing_more();
}

TEST_F(RepairRun, FilesThatWereNeverFinishedGoWhenTheyAreOld) {
  const std::string old = stand.write("metrics/history.csv.tmp-0123456789abcdef", "half");
  const std::string young = stand.write("metrics/history.csv.tmp-00000000000000ff", "half");
  const std::string other = stand.write("metrics/notes.tmp-mine", "not ours");
  for (const auto& file : {old, other})
    fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::hours(3));
  EXPECT_THAT(repair(), ElementsAre(HasSubstr(old)));
  EXPECT_FALSE(fs::exists(old));
  EXPECT_TRUE(fs::exists(young));
  EXPECT_TRUE(fs::exists(other));
}

TEST_F(RepairRun, AFolderOfPostsThatWasMovedIsFollowed) {
  build_post("posts/P1");
  fs::rename(stand.path("posts"), stand.path("moved"));
  EXPECT_THAT(repair(), ElementsAre(AllOf(HasSubstr("warning P1"), HasSubstr("is gone")))) << "no --posts";
  EXPECT_THAT(repair({"--posts", stand.path("moved")}),
              ElementsAre(AllOf(HasSubstr("ok P1"), HasSubstr("its folder is " + stand.path("moved/P1")))));
  EXPECT_EQ(stand.sync().value("SELECT folder FROM posts"), stand.path("moved/P1"));
  expect_nothing_more({"--posts", stand.path("moved")});
}

TEST_F(RepairRun, WaitsForNobodyWhoIsAtWork) {
  const RunLock lock(db(), "pipeline sync", SystemClock().wall());
  const std::string restoring = stand.write("store.db.restoring", "being restored");
  (void)repair({}, 75);
  EXPECT_TRUE(fs::exists(restoring));
}

}  // namespace
}  // namespace pipeline::test
