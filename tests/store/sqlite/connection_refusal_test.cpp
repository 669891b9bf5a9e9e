#include "pipeline/base/file.h"

#include "schema.h"
#include "store_fixture.h"
#include "support/forked.h"

#include <sqlite3.h>

#include <fstream>

namespace fs = std::filesystem;

namespace pipeline::store::sqlite {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class ConnectionRefusalTest : public StoreTest {
 protected:
  Connection open(Connection::Mode mode = Connection::Mode::read_write) {
    return Connection(path_, mode, clock_, &metrics_);
  }
  template <typename E = Error>
  std::string refusal(Connection::Mode mode = Connection::Mode::read_write) {
    return message_of<E>([&] { open(mode); });
  }
  void write(std::string_view bytes) { std::ofstream(path_, std::ios::binary) << bytes; }
  void make(const char* sql) {
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open(path_.c_str(), &handle), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(handle);
    sqlite3_close(handle);
  }
};

TEST_F(ConnectionRefusalTest, AFileThatIsNoDatabase) {
  write(
      "{\"this\": \"is\", \"a\": \"config file that is longer than a hundred bytes, which is the size of a "
      "header\"}....");
  const std::string before = read_file(path_);
  EXPECT_THAT(refusal<UsageError>(),
              AllOf(StartsWith(path_.string()), HasSubstr("file is not a database"), HasSubstr("--db")));
  EXPECT_THAT(refusal<UsageError>(Connection::Mode::read_only), HasSubstr("file is not a database"));
  EXPECT_EQ(read_file(path_), before);
}

TEST_F(ConnectionRefusalTest, ATruncatedDatabase) {
  open();
  fs::resize_file(path_, fs::file_size(path_) - 4096);
  EXPECT_THAT(refusal(), AllOf(StartsWith(path_.string()), HasSubstr("malformed"), HasSubstr("the file is damaged")));
}

TEST_F(ConnectionRefusalTest, AnotherProgramsDatabaseStaysUntouched) {
  make("CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)");
  const std::string before = read_file(path_);
  EXPECT_THAT(refusal<UsageError>(),
              AllOf(StartsWith(path_.string()), HasSubstr("is a SQLite database of another program")));
  EXPECT_THAT(refusal<UsageError>(Connection::Mode::read_only), HasSubstr("another program"));
  EXPECT_EQ(read_file(path_), before);
}

TEST_F(ConnectionRefusalTest, AnotherProgramsNumberAlone) {
  make("PRAGMA application_id = 77");
  EXPECT_THAT(refusal<UsageError>(), HasSubstr("another program"));
}

TEST_F(ConnectionRefusalTest, AnotherProgramsVersionAlone) {
  make("PRAGMA user_version = 1");
  EXPECT_THAT(refusal<UsageError>(), HasSubstr("another program"));
}

TEST_F(ConnectionRefusalTest, ANewerDatabase) {
  open();
  make("PRAGMA user_version = 7");
  EXPECT_THAT(refusal(), AllOf(StartsWith(path_.string()),
                               HasSubstr("was written by a newer pipeline (schema 7, this program knows " +
                                         std::to_string(kSchemaVersion) + "): update")));
  EXPECT_THAT(refusal(Connection::Mode::read_only), HasSubstr("newer pipeline"));
}

TEST_F(ConnectionRefusalTest, AnEmptyFileReadOnly) {
  write("");
  EXPECT_THAT(refusal(Connection::Mode::read_only),
              AllOf(StartsWith(path_.string()),
                    HasSubstr("has schema 0, this program needs " + std::to_string(kSchemaVersion))));
  EXPECT_EQ(fs::file_size(path_), 0U);
}

TEST_F(ConnectionRefusalTest, AMissingFileReadOnly) {
  EXPECT_THAT(refusal(Connection::Mode::read_only), AllOf(StartsWith(path_.string()), HasSubstr("No such file")));
  EXPECT_FALSE(fs::exists(path_));
}

TEST_F(ConnectionRefusalTest, AMissingFolder) {
  EXPECT_THAT(message_of([&] { Connection(dir_ / "no/pipeline.db", Connection::Mode::read_write, clock_, &metrics_); }),
              AllOf(HasSubstr("no/pipeline.db: open the database"), HasSubstr("No such file or directory")));
}

TEST_F(ConnectionRefusalTest, AReadOnlyFile) {
  open();
  fs::permissions(dir_.path(), fs::perms(0777));
  fs::permissions(path_, fs::perms(0444));
  EXPECT_THAT(test::with_permissions([&] { return refusal(); }),
              AllOf(StartsWith(path_.string()), HasSubstr("can't be written")));
}

TEST_F(ConnectionRefusalTest, AReadOnlyFolder) {
  open();
  fs::permissions(path_, fs::perms(0666));
  fs::permissions(dir_.path(), fs::perms(0555));
  EXPECT_THAT(test::with_permissions([&] { return refusal(); }),
              AllOf(StartsWith(path_.string()), HasSubstr("can't be written"), HasSubstr(dir_.path().string())));
  fs::remove(path_);
  EXPECT_THAT(test::with_permissions([&] { return refusal(); }),
              AllOf(StartsWith(path_.string()), HasSubstr("can't be written")));
}

TEST_F(ConnectionRefusalTest, AFailedMigrationLeavesNothing) {
  // Our number on a database that has a table of ours already: the step fails in its middle.
  make("PRAGMA application_id = 1346981957; CREATE TABLE runs (a)");
  EXPECT_THAT(refusal(), HasSubstr("bring the schema up to date: table runs already exists"));
  sqlite3* handle = nullptr;
  ASSERT_EQ(sqlite3_open(path_.c_str(), &handle), SQLITE_OK);
  int tables = 0;
  const auto count = [](void* sum, int, char**, char**) { return ++*static_cast<int*>(sum), 0; };
  sqlite3_exec(handle, "SELECT name FROM sqlite_schema", count, &tables, nullptr);
  sqlite3_close(handle);
  EXPECT_EQ(tables, 1);
}

}  // namespace
}  // namespace pipeline::store::sqlite
