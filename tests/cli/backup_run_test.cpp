#include "copies_stand.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

namespace fs = std::filesystem;

namespace pipeline::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kByTime = R"(store-[0-9]{8}T[0-9]{6}Z\.db\.zst)";

TEST(BackupRun, ABackupIsNamedByTimeAndReadByOtherTools) {
  const CopiesStand stand;
  ASSERT_EQ(stand.store.sync().exit_code, 0);
  const auto before = stand.names_of_db();
  const auto json = stand.json({"backup", stand.path("backups/").string()});
  EXPECT_EQ(json["exit_code"], 0);
  EXPECT_EQ(json["command"], "backup");
  const fs::path file = json["backup"].get<std::string>();
  EXPECT_THAT(stand.names_in(stand.path("backups")), ElementsAre(testing::ContainsRegex(kByTime)));
  EXPECT_EQ(json["bytes"], fs::file_size(file));
  EXPECT_LT(json["bytes"].get<int>(), json["database_bytes"].get<int>() / 2);
  EXPECT_EQ(json["products"].get<int>(), std::stoi(stand.store.value("SELECT count(*) FROM products")));
  EXPECT_EQ(stand.names_of_db(), before) << "nothing is left beside the database";

  EXPECT_EQ(stand.tool({"zstd", "-q", "-t", file.string()}).exit_code, 0);
  const fs::path unpacked = stand.path("unpacked.db");
  ASSERT_EQ(stand.tool({"zstd", "-q", "-d", "-o", unpacked.string(), file.string()}).exit_code, 0);
  EXPECT_EQ(stand.integrity(unpacked), "ok\n");
  EXPECT_EQ(run_sql(unpacked, kCopiedRows), stand.store.query(kCopiedRows));
  EXPECT_EQ(run_sql(unpacked, "SELECT * FROM refresh_queue"), stand.store.query("SELECT * FROM refresh_queue"));
}

TEST(BackupRun, OneMadeInMidSyncIsRestoredAndTheNextSyncGoesOnWithNothingLost) {
  CopiesStand stand(150);
  stand.store.store().set_latency(4ms, 0ms);
  Process sync = stand.store.start({"--batch-size", "10", "--workers", "2"});
  while (sync.running() &&
         (!fs::exists(stand.store.db()) || stand.store.db().string().empty() ||
          stand.run({"queue", "list", "--json", "--limit", "1"}).out.find("sku") == std::string::npos))
    std::this_thread::sleep_for(5ms);
  const auto json = stand.json({"backup", stand.path("mid.db.zst").string()});
  EXPECT_TRUE(sync.running()) << "it was to be in mid-sync";
  EXPECT_EQ(json["exit_code"], 0);
  ASSERT_EQ(sync.wait().exit_code, 0);
  const auto all = stand.store.query(kCopiedRows);
  const auto copied = json["products"].get<std::size_t>();
  EXPECT_GT(copied, 0U);
  EXPECT_LT(copied, all.size());

  const auto restored = stand.json({"restore", stand.path("mid.db.zst").string(), "--force"});
  EXPECT_EQ(restored["exit_code"], 0);
  EXPECT_EQ(restored["products"], copied);
  EXPECT_EQ(stand.store.value("SELECT count(*) FROM products"), std::to_string(copied));
  EXPECT_EQ(stand.store.value("SELECT count(*) FROM refresh_queue WHERE status = 'PENDING'"), std::to_string(copied));
  EXPECT_EQ(stand.integrity(stand.store.db()), "ok\n");
  EXPECT_EQ(stand.store.value("SELECT status FROM runs"), "RUNNING") << "as it was";
  const auto next = stand.store.summary();
  EXPECT_EQ(next["exit_code"], 0);
  EXPECT_EQ(next["new"], all.size() - copied);
  EXPECT_EQ(stand.store.query(kCopiedRows), all);
  EXPECT_EQ(stand.store.value("SELECT group_concat(status) FROM (SELECT status FROM runs ORDER BY started_at)"),
            "KILLED,OK");
}

TEST(BackupRun, TheOldestBackupsOfThisDatabaseGoBeyondKeep) {
  const CopiesStand stand;
  ASSERT_EQ(stand.store.sync().exit_code, 0);
  const fs::path folder = stand.path("backups");
  const std::vector<std::string> others{"other-20200101T000000Z.db.zst", "store-20200101T000000Z.db.zst.bak",
                                        "store-2020.db.zst", "store-a-20200101T000000Z.db.zst"};
  for (const auto& name : others) stand.put(folder / name, "x");
  for (const char* day : {"20200101", "20200102", "20200103"})
    stand.put(folder / fmt::format("store-{}T000000Z.db.zst", day), "x");
  stand.put(folder / "store-20200104T000000Z.db.zst.tmp-0123456789abcdef", "of a kill");
  const auto json = stand.json({"backup", folder.string(), "--keep", "2"});
  EXPECT_THAT(json["removed"], SizeIs(2));
  EXPECT_EQ(json["removed"][0], (folder / "store-20200101T000000Z.db.zst").string());
  auto names = stand.names_in(folder);
  for (const auto& name : others) EXPECT_EQ(std::erase(names, name), 1U) << name;
  ASSERT_THAT(names, SizeIs(2));
  EXPECT_EQ(names[0], "store-20200103T000000Z.db.zst");
  EXPECT_EQ(names[1], fs::path(json["backup"].get<std::string>()).filename());
}

TEST(BackupRun, TheNewBackupStaysThoughOthersAreDatedLater) {
  const CopiesStand stand;
  ASSERT_EQ(stand.store.sync().exit_code, 0);
  const fs::path folder = stand.path("backups");
  for (const char* year : {"2098", "2099"}) stand.put(folder / fmt::format("store-{}0101T000000Z.db.zst", year), "x");
  const Outcome outcome = stand.run({"backup", folder.string(), "--keep", "2", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_TRUE(fs::exists(json["backup"].get<std::string>()));
  EXPECT_THAT(stand.names_in(folder), SizeIs(2));
  EXPECT_THAT(outcome.err, HasSubstr("store-20990101T000000Z.db.zst is dated later than the new backup"));
}

TEST(BackupRun, KeepStandsInTheConfigAndIsForFoldersAlone) {
  const CopiesStand stand;
  ASSERT_EQ(stand.store.sync().exit_code, 0);
  stand.put(stand.path("p.toml"), "[backup]\nkeep = 1\n");
  const fs::path folder = stand.path("backups");
  stand.put(folder / "store-20200101T000000Z.db.zst", "x");
  const std::string config = stand.path("p.toml").string();
  EXPECT_THAT(stand.json({"backup", folder.string(), "--config", config})["removed"], SizeIs(1));
  EXPECT_EQ(stand.run({"backup", stand.path("one.zst").string(), "--config", config}).exit_code, 0);
  const Outcome outcome = stand.run({"backup", stand.path("one.zst").string(), "--keep", "3"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("--keep counts the backups in a folder"));
}

TEST(BackupRun, WhatCannotBeIsToldBeforeItIsBegun) {
  const CopiesStand stand;
  const Outcome none = stand.run({"backup", stand.path("b.zst").string()});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_THAT(none.err, HasSubstr("there is no database"));
  ASSERT_EQ(stand.store.sync().exit_code, 0);
  const std::pair<std::string, std::string> refusals[] = {
      {stand.path("b.db").string(), "b.db.zst"},
      {stand.path("none/b.zst").string(), "there is no folder"},
      {(stand.store.db().string() + "/x.zst"), "is no folder"},
  };
  for (const auto& [target, words] : refusals) {
    const Outcome outcome = stand.run({"backup", target});
    EXPECT_EQ(outcome.exit_code, 2) << target;
    EXPECT_THAT(outcome.err, AllOf(HasSubstr(target), HasSubstr(words)));
  }
}

TEST(BackupRun, AFullDiskIsNamedAndLeavesNothing) {
  const CopiesStand stand(200);
  ASSERT_EQ(stand.store.sync().exit_code, 0);
  const fs::path folder = stand.path("backups");
  stand.put(folder / "store-20200101T000000Z.db.zst", "x");
  const std::vector<std::string> arguments{"backup", folder.string(), "--keep", "1"};
  const Outcome outcome = stand.shell("trap '' XFSZ; ulimit -f 400; exec \"$@\"", arguments);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr(folder.string()), HasSubstr("make room")));
  EXPECT_THAT(stand.names_in(folder), ElementsAre("store-20200101T000000Z.db.zst")) << "the old one stays";
}

TEST(BackupRun, ADamagedDatabaseIsNoBackup) {
  const CopiesStand stand;
  ASSERT_EQ(stand.store.sync().exit_code, 0);
  {
    std::fstream bytes(stand.store.db(), std::ios::binary | std::ios::in | std::ios::out);
    for (std::streamoff at = 4096 * 30; at < 4096 * 60; at += 4096) bytes.seekp(at) << std::string(64, '\xA5');
  }
  const Outcome outcome = stand.run({"backup", stand.path("b.zst").string()});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr(stand.store.db().string()), HasSubstr("damaged")));
  EXPECT_FALSE(fs::exists(stand.path("b.zst")));
}

TEST(BackupRun, TwoInOneFolderAtOnceAreOne) {
  const CopiesStand stand;
  ASSERT_EQ(stand.store.sync().exit_code, 0);
  const fs::path folder = stand.path("backups");
  fs::create_directory(folder);
  const fs::path lock = folder / "store.copying.lock";
  Process other({"/usr/bin/env", "flock", lock.string(), "sleep", "60"}, {}, stand.path(""));
  while (!fs::exists(lock)) std::this_thread::sleep_for(2ms);
  std::this_thread::sleep_for(50ms);
  const Outcome outcome = stand.run({"backup", folder.string()});
  EXPECT_EQ(outcome.exit_code, 75) << outcome.err;
  EXPECT_THAT(stand.names_in(folder), ElementsAre("store.copying.lock"));
}

TEST(BackupRun, ASignalEndsItAndLeavesNothing) {
  const CopiesStand stand(20);
  ASSERT_EQ(stand.store.sync().exit_code, 0);
  stand.store.execute(
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 15000) "
      "INSERT INTO state SELECT 'filler ' || i, hex(randomblob(2000)) FROM n");
  const fs::path folder = stand.path("backups");
  fs::create_directory(folder);
  Process backup = stand.start({"backup", folder.string()});
  while (backup.running() && !fs::exists(folder / "store.copying")) std::this_thread::sleep_for(1ms);
  backup.signal(SIGTERM);
  EXPECT_EQ(backup.wait().exit_code, 143);
  EXPECT_THAT(stand.names_in(folder), IsEmpty());
}

}  // namespace
}  // namespace pipeline::test
