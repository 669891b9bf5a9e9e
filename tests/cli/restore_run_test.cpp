#include "copies_stand.h"
#include "support/kills.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <random>

namespace fs = std::filesystem;

namespace pipeline::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class RestoreRun : public ::testing::Test {
 protected:
  // A database, its backup, and a night that came after.
  void SetUp() override {
    ASSERT_EQ(stand.store.sync().exit_code, 0);
    ASSERT_EQ(stand.run({"backup", backup.string()}).exit_code, 0);
    before = stand.store.query(kCopiedRows);
    for (const std::int64_t no : stand.store.store().channel_nos())
      stand.store.store().edit(
          {.kind = emulator::Edit::Kind::set_name, .channel_no = no, .text = fmt::format("2nd {}", no)});
    ASSERT_EQ(stand.store.sync().exit_code, 0);
    after = stand.store.query(kCopiedRows);
  }
  // The file refused, the database as it was.
  void expect_refusal(const fs::path& file, int exit_code, const std::string& words) {
    const auto names = stand.names_of_db();
    const Outcome outcome = stand.run({"restore", file.string(), "--force"});
    EXPECT_EQ(outcome.exit_code, exit_code) << outcome.err;
    EXPECT_THAT(outcome.err, AllOf(HasSubstr(file.string()), HasSubstr(words)));
    EXPECT_EQ(stand.names_of_db(), names);
    EXPECT_EQ(stand.store.query(kCopiedRows), after);
  }

  CopiesStand stand;
  const fs::path backup = stand.path("b.db.zst");
  SqlRows before;
  SqlRows after;
};

TEST_F(RestoreRun, ADatabaseThatIsThereIsNotReplacedUnasked) {
  const Outcome outcome = stand.run({"restore", backup.string()});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr(stand.store.db().string()), HasSubstr("--force")));
  EXPECT_EQ(stand.store.query(kCopiedRows), after);
}

// What it writes to a terminal.
TEST_F(RestoreRun, TellsHowItGetsOn) {
  const Fd master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  ASSERT_TRUE(master && ::grantpt(master.get()) == 0 && ::unlockpt(master.get()) == 0);
  const std::string name = ::ptsname(master.get());
  Fd terminal(::open(name.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
  const auto shown = [&](const std::string& option) {
    const Outcome outcome =
        stand.shell("TERM=xterm exec \"$@\" 2>'" + name + "'", {"restore", backup.string(), "--force", option});
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(::write(terminal.get(), "#", 1), 1);  // so that reading comes to an end
    std::string text;
    for (char c = 0; !text.ends_with('#') && ::read(master.get(), &c, 1) == 1;) text += c;
    return text;
  };
  EXPECT_THAT(shown("--log-level=info"),
              AllOf(HasSubstr("restore reading the backup"), HasSubstr("restore checking the backup"),
                    HasSubstr("restore checking the database")));
  EXPECT_THAT(shown("--no-progress"), Not(HasSubstr("restore checking")));
}

TEST_F(RestoreRun, WhatWasThereIsKept) {
  const auto json = stand.json({"restore", backup.string(), "--force"});
  EXPECT_EQ(json["exit_code"], 0);
  EXPECT_EQ(json["products"].get<std::size_t>(), before.size());
  const fs::path kept = json["kept_as"].get<std::string>();
  EXPECT_THAT(kept.string(), StartsWith(stand.store.db().string() + ".before-restore-20"));
  EXPECT_EQ(stand.store.query(kCopiedRows), before);
  EXPECT_EQ(run_sql(kept, kCopiedRows), after);
  for (const fs::path& db : {stand.store.db(), kept}) EXPECT_EQ(stand.integrity(db), "ok\n");
  // And back again, from the plain file.
  const Outcome back = stand.run({"restore", kept.string(), "--force"});
  EXPECT_EQ(back.exit_code, 0) << back.err;
  EXPECT_THAT(back.out, AllOf(HasSubstr("is restored from " + kept.string()), HasSubstr("what was there is kept as")));
  EXPECT_EQ(stand.store.query(kCopiedRows), after);
  const auto next = stand.store.summary();
  EXPECT_EQ(next["exit_code"], 0);
  EXPECT_EQ(next["unchanged"].get<std::size_t>(), after.size());
}

TEST_F(RestoreRun, OnAnotherMachineNothingIsKept) {
  const fs::path other = stand.path("other/store.db");
  fs::create_directory(other.parent_path());
  const Outcome plain =
      Process({pipeline_binary(), "restore", backup.string(), "--db", other.string()}, {}, other.parent_path()).wait();
  EXPECT_EQ(plain.exit_code, 0) << plain.err;
  EXPECT_EQ(run_sql(other, kCopiedRows), before);
  EXPECT_THAT(plain.out, Not(HasSubstr("kept as")));
}

TEST_F(RestoreRun, WhatIsDamagedCutForeignOrNewerIsRefused) {
  const std::string packed = read_file(backup);
  const fs::path file = stand.path("bad.db.zst");
  stand.put(file, packed.substr(0, packed.size() / 2));
  expect_refusal(file, 1, "is cut short");
  std::string damaged = packed;
  damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 0x40);
  stand.put(file, damaged);
  expect_refusal(file, 1, "damaged");
  stand.put(file, "notes");
  expect_refusal(file, 2, "is neither a backup");
  expect_refusal(stand.path("none.zst"), 2, "there is no backup");
  expect_refusal(stand.store.folder().path(), 2, "is no file");
  expect_refusal(stand.store.db(), 2, "is the database itself");

  const auto pack = [&](const fs::path& db) {
    fs::remove(file);
    ASSERT_EQ(stand.tool({"zstd", "-q", "-o", file.string(), db.string()}).exit_code, 0);
  };
  const fs::path foreign = stand.path("foreign.db");
  stand.put(foreign, "");
  (void)run_sql(foreign, "CREATE TABLE products (a)");
  pack(foreign);
  expect_refusal(file, 2, "another program's");
  expect_refusal(foreign, 2, "of another program");
  const fs::path newer = stand.path("newer.db");
  ASSERT_EQ(stand.tool({"zstd", "-q", "-d", "-o", newer.string(), backup.string()}).exit_code, 0);
  (void)run_sql(newer, "PRAGMA user_version = 99");
  pack(newer);
  expect_refusal(file, 1, "of a newer pipeline (schema 99");
  expect_refusal(newer, 1, "newer pipeline (schema 99");
}

// The way down: what an older program says of a newer database, and what it does.
TEST_F(RestoreRun, TheWayBackFromANewerVersionIsABackup) {
  stand.store.execute("PRAGMA user_version = 99");
  const Outcome refused = stand.store.sync();
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("was written by a newer pipeline"), HasSubstr("pipeline restore")));
  EXPECT_EQ(stand.run({"backup", stand.path("n.zst").string()}).exit_code, 1);
  EXPECT_EQ(stand.run({"restore", backup.string(), "--force"}).exit_code, 0);
  EXPECT_EQ(stand.store.query(kCopiedRows), before);
  EXPECT_EQ(stand.store.summary()["exit_code"], 0);
}

TEST_F(RestoreRun, ADamagedDatabaseIsReplacedAndKeptAsItIs) {
  const std::string rubbish(20'000, 'x');
  for (const char* log : {"-wal", "-shm"}) fs::remove(stand.store.db().string() + log);
  stand.put(stand.store.db(), rubbish);
  const auto json = stand.json({"restore", backup.string(), "--force"});
  EXPECT_EQ(json["exit_code"], 0);
  EXPECT_EQ(read_file(json["kept_as"].get<std::string>()), rubbish);
  EXPECT_EQ(stand.store.query(kCopiedRows), before);
}

TEST_F(RestoreRun, ARunAndAnOpenDatabaseAreNotCutOff) {
  stand.store.store().set_latency(20ms, 0ms);
  Process sync = stand.store.start({"--full", "--workers", "1"});
  while (sync.running() && stand.store.value("SELECT count(*) FROM runs WHERE status = 'RUNNING'") == "0")
    std::this_thread::sleep_for(2ms);
  const Outcome outcome = stand.run({"restore", backup.string(), "--force"});
  EXPECT_EQ(outcome.exit_code, 75) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("is held by another run"));
  EXPECT_EQ(sync.wait().exit_code, 0);
  const SqlConnection reader(stand.store.db());
  (void)reader.run("BEGIN; SELECT count(*) FROM products");
  const Outcome open = stand.run({"restore", backup.string(), "--force"});
  EXPECT_EQ(open.exit_code, 75) << open.err;
  EXPECT_THAT(open.err, HasSubstr("another process has it open"));
  EXPECT_EQ(stand.store.query(kCopiedRows), after);
}

TEST_F(RestoreRun, AFullDiskLeavesTheOldDatabase) {
  const Outcome outcome =
      stand.shell("trap '' XFSZ; ulimit -f 100; exec \"$@\"", {"restore", backup.string(), "--force"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("cannot write"), HasSubstr("File too large")));
  EXPECT_EQ(stand.store.query(kCopiedRows), after);
  EXPECT_THAT(stand.names_of_db(), ElementsAre("store.db"));
}

class RestoreKilled : public ::testing::TestWithParam<unsigned> {};
INSTANTIATE_TEST_SUITE_P(Seeds, RestoreKilled, ::testing::ValuesIn(kill_seeds({11})));

// The times that a restore takes are divided evenly; most kills fall into its work, some before and behind.
TEST_P(RestoreKilled, AtAnyMomentTheOldOrTheNewDatabaseIsThereWhole) {
  const CopiesStand stand;
  ASSERT_EQ(stand.store.sync().exit_code, 0);
  const fs::path backup = stand.path("b.db.zst");
  ASSERT_EQ(stand.run({"backup", backup.string()}).exit_code, 0);
  stand.store.execute("INSERT INTO state VALUES ('new', 'kept')");
  const fs::path old = stand.path("old.db");
  fs::copy_file(stand.store.db(), old);
  const auto began = std::chrono::steady_clock::now();
  ASSERT_EQ(stand.run({"restore", backup.string(), "--force"}).exit_code, 0);
  const auto took = std::chrono::steady_clock::now() - began;
  std::mt19937 random(GetParam());
  std::uniform_real_distribution<double> share(0, 1.1);
  for (int round = 0; round < kill_count(15); ++round) {
    for (const std::string& name : stand.names_of_db()) fs::remove(stand.path(name));
    fs::copy_file(old, stand.store.db());
    Process restore = stand.start({"restore", backup.string(), "--force"});
    std::this_thread::sleep_for(took * share(random));
    restore.signal(SIGKILL);
    (void)restore.wait();
    SCOPED_TRACE(round);
    ASSERT_TRUE(fs::exists(stand.store.db()));
    EXPECT_EQ(stand.integrity(stand.store.db()), "ok\n");
    const std::string rows = stand.store.value("SELECT count(*) FROM state WHERE key = 'new'");
    if (rows == "0") {
      std::size_t kept = 0;
      for (const std::string& name : stand.names_of_db()) kept += name.starts_with("store.db.before-restore-");
      EXPECT_EQ(kept, 1U) << "the new one is there: so is what was there";
    }
    EXPECT_EQ(stand.run({"restore", backup.string(), "--force"}).exit_code, 0) << "the next one goes on";
    EXPECT_FALSE(fs::exists(stand.store.db().string() + ".restoring"));
  }
}

}  // namespace
}  // namespace pipeline::test
