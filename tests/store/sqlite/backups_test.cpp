#include "backups.h"

#include "pipeline/base/file.h"

#include "schema.h"
#include "store_fixture.h"
#include "support/forked.h"
#include "support/sql.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>

namespace pipeline::store::sqlite {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

// What only files have: logs beside them, links, older versions, damage.
class BackupsTest : public StoreTest {
 protected:
  void make(int rows = 200) {
    Connection connection(path_, Connection::Mode::read_write, clock_);
    connection.execute("fill",
                       fmt::format("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) "
                                   "INSERT INTO state SELECT 'key ' || i, hex(zeroblob(2000)) FROM n",
                                   rows)
                           .c_str());
  }
  // A file as another program leaves it.
  void make_by(const fs::path& file, const std::string& sql) const {
    std::ofstream(file, std::ios::binary).close();
    (void)test::run_sql(file, sql);
  }
  void damage(const fs::path& file) const {
    std::fstream bytes(file, std::ios::binary | std::ios::in | std::ios::out);
    for (std::streamoff at = 4096 * 20; at < static_cast<std::streamoff>(fs::file_size(file)); at += 4096) {
      bytes.seekp(at);
      bytes << std::string(64, '\xA5');
    }
  }
  std::string refusal(const fs::path& file) {
    return message_of([&] { (void)backups_.examine(file, "the backup"); });
  }
  [[nodiscard]] std::string rows(const fs::path& file) const {
    return test::sql_value(file, "SELECT count(*) FROM state");
  }

  Backups backups_{path_, clock_};
  const fs::path copy_ = backups_.beside("copy");
  const fs::path aside_ = backups_.beside("aside");
};

TEST_F(BackupsTest, AnOlderSchemaIsCopiedAsItIs) {
  for (int version = 1; version < kSchemaVersion; ++version) {
    fs::remove(path_);
    fs::remove(copy_);
    make_by(path_, read_file(fmt::format("{}/schema_{}.sql", RELEASED, version)));
    backups_.copy_to(copy_, {});
    EXPECT_EQ(backups_.examine(copy_, "copy").schema, version);
    EXPECT_EQ(backups_.examine().schema, version);
    EXPECT_EQ(test::sql_value(path_, "PRAGMA user_version"), std::to_string(version));
  }
}

TEST_F(BackupsTest, WhatIsNoWholeDatabaseOfOursIsRefused) {
  const fs::path file = dir_ / "file";
  std::ofstream(file) << "not a database, but long enough to be looked at as one might be: " << std::string(600, 'x');
  EXPECT_THAT(refusal(file), HasSubstr("the backup is no database, and no backup of one"));
  make_by(file, "PRAGMA application_id = 1; CREATE TABLE t (a)");
  EXPECT_THAT(refusal(dir_ / "none"), HasSubstr("the backup can't be read as a database"));
  std::ofstream(file, std::ios::trunc).close();
  EXPECT_THAT(refusal(file), HasSubstr("it is empty, or another program's"));
  make();
  backups_.copy_to(copy_, {});
  (void)test::run_sql(copy_, "PRAGMA user_version = 99");
  EXPECT_THAT(refusal(copy_), AllOf(HasSubstr("of a newer pipeline (schema 99"), HasSubstr("name an older backup")));
}

TEST_F(BackupsTest, ADamagedCopyIsRefused) {
  make();
  backups_.copy_to(copy_, {});
  EXPECT_EQ(refusal(copy_), "");
  damage(copy_);
  EXPECT_THAT(refusal(copy_), AllOf(HasSubstr("the backup"), HasSubstr("take another copy of it")));
}

TEST_F(BackupsTest, TheLogOfAKilledRunIsInTheCopy) {
  make();
  test::in_child([&]() -> std::string {
    auto* connection = new Connection(path_, Connection::Mode::read_write, clock_);
    connection->execute("write", "INSERT INTO state VALUES ('last', 1)");
    ::_exit(0);  // without the end that would fold the log in
  });
  ASSERT_TRUE(fs::exists(path_.string() + "-wal"));
  backups_.copy_to(copy_, {});
  EXPECT_EQ(rows(copy_), "201");
  backups_.put_in_place(copy_, aside_, std::chrono::milliseconds(0));
  EXPECT_FALSE(fs::exists(path_.string() + "-wal"));
  EXPECT_EQ(rows(aside_), "201");
  EXPECT_EQ(rows(path_), "201");
}

// A log that stays beside the new database would be read as its own.
TEST_F(BackupsTest, ADamagedDatabaseGoesAsideWithItsLog) {
  make();
  backups_.copy_to(copy_, {});
  std::ofstream(path_, std::ios::binary | std::ios::trunc) << std::string(8192, 'x');
  std::ofstream(path_.string() + "-wal", std::ios::binary) << "log";
  std::ofstream(path_.string() + "-shm", std::ios::binary) << "index";
  backups_.put_in_place(copy_, aside_, std::chrono::milliseconds(0));
  EXPECT_EQ(rows(path_), "200");
  EXPECT_EQ(read_file(aside_), std::string(8192, 'x'));
  EXPECT_EQ(read_file(aside_.string() + "-wal"), "log");
  EXPECT_FALSE(fs::exists(path_.string() + "-shm"));
}

TEST_F(BackupsTest, ALinkStaysALink) {
  make();
  const fs::path link = dir_ / "link.db";
  fs::create_symlink(path_, link);
  Backups through(link, clock_);
  EXPECT_EQ(through.beside("copy"), copy_);
  through.copy_to(copy_, {});
  through.put_in_place(copy_, aside_, std::chrono::milliseconds(0));
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_FALSE(fs::is_symlink(aside_));
  EXPECT_EQ(rows(link), "200");
}

TEST_F(BackupsTest, TheNewOneHasTheRightsOfTheOld) {
  make();
  backups_.copy_to(copy_, {});
  fs::permissions(path_, fs::perms(0640));
  backups_.put_in_place(copy_, aside_, std::chrono::milliseconds(0));
  EXPECT_EQ(fs::status(path_).permissions(), fs::perms(0640));
}

TEST_F(BackupsTest, AFullDiskIsNamed) {
  make();
  const std::string answer = test::in_child([&]() -> std::string {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{300'000, 300'000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    return message_of([&] { backups_.copy_to(copy_, {}); });
  });
  EXPECT_THAT(answer,
              AllOf(HasSubstr("cannot copy " + path_.string() + " to " + copy_.string()), HasSubstr("make room")));
}

TEST_F(BackupsTest, ACopyLeavesNothingBesideTheDatabase) {
  make();
  backups_.copy_to(copy_, {});
  (void)backups_.examine(copy_, "copy");
  (void)backups_.examine();
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(dir_.path())) names.push_back(entry.path().filename().string());
  EXPECT_THAT(names, ::testing::UnorderedElementsAre("pipeline.db", "pipeline.db.copy"));
}

}  // namespace
}  // namespace pipeline::store::sqlite
