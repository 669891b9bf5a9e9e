#include "engine.h"

#include "pipeline/base/error.h"

#include "support/process.h"
#include "support/sync_stand.h"
#include "support/temp_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

namespace pipeline::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Engine, APathIsAFileOfSqlite) {
  const test::TempDir folder;
  for (const std::string name : {"store.db", "a:b.db", "file:x", "with space.db"}) {
    const auto path = (folder / name).string();
    const auto database = choose_database(path);
    EXPECT_EQ(database->name(), path);
    EXPECT_FALSE(database->is_there());
  }
  EXPECT_EQ(choose_database("pipeline.db")->name(), "pipeline.db");
}

TEST(Engine, AnAddressIsAStoreOnAServer) {
  for (const std::string db : {"postgresql://u@h/d?schema=a", "postgres://u@h/d?schema=a"})
    EXPECT_EQ(choose_database(db)->name(), "postgresql://u@h/d?schema=a");
  EXPECT_EQ(choose_database("service=nightly schema=a")->name(), "service=nightly schema=a");
}

TEST(Engine, AnotherEngineIsRefusedWithoutItsPassword) {
  for (const std::string db : {"mysql://hunter2", "http+x://?password=hunter2"}) {
    try {
      (void)choose_database(db);
      FAIL() << db;
    } catch (const UsageError& error) {
      EXPECT_THAT(error.what(), AllOf(HasSubstr("--db " + db.substr(0, db.find("://"))), HasSubstr("SQLite"),
                                      HasSubstr("PostgreSQL"), Not(HasSubstr("hunter2"))));
    }
  }
}

TEST(Engine, EachStoreOfAConfigFileHasASchemaOfItsOwn) {
  EXPECT_EQ(database_of_store("postgresql://h/d", "Mugs-1"), "postgresql://h/d?schema=mugs_1");
  EXPECT_EQ(database_of_store("postgresql://h/d?sslmode=require", "mugs"),
            "postgresql://h/d?sslmode=require&schema=mugs");
  EXPECT_EQ(database_of_store("postgresql://h/d?schema=own", "mugs"), "postgresql://h/d?schema=own");
  EXPECT_EQ(database_of_store("service=nightly", "1st"), "service=nightly schema=store_1st");
  EXPECT_EQ(database_of_store("/var/lib/store.db", "mugs"), "/var/lib/store.db");
}

TEST(Engine, APasswordIsRefusedByEveryCommand) {
  const test::TempDir folder;
  const auto file = (folder / "x.jsonl").string();
  std::ofstream(file) << "{}\n";
  const std::vector<std::vector<std::string>> commands = {{"upsert", file},
                                                          {"package", folder.path().string()},
                                                          {"queue", "list"},
                                                          {"queue", "claim", "--worker", "A"},
                                                          {"report", "html", "--out", (folder / "p.html").string()}};
  for (auto command : commands) {
    command.insert(command.begin(), test::pipeline_binary());
    command.insert(command.end(), {"--log-level", "debug", "--db", "postgresql://seller:hunter2@host/store"});
    const auto outcome = test::Process(command, {}, folder.path()).wait();
    EXPECT_EQ(outcome.exit_code, 2) << command[1];
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("~/.pgpass"), Not(HasSubstr("hunter2")))) << command[1];
    EXPECT_THAT(outcome.out, Not(HasSubstr("hunter2")));
  }
}

}  // namespace
}  // namespace pipeline::cli
