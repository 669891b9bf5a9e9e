#include "copies_stand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace pipeline::test {
namespace {

using testing::HasSubstr;

// A store that moves into another file. That it may be another engine, tests/store/conformance tells.
class CopyRun : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(stand.store.sync().exit_code, 0); }
  [[nodiscard]] Outcome copy(const std::string& one, const std::string& other) const {
    return Process({pipeline_binary(), "copy", one, other}, {}, stand.store.folder().path()).wait();
  }

  CopiesStand stand;
  std::string from = stand.store.db().string();
  std::string to = stand.path("other.db").string();
};

TEST_F(CopyRun, AllOfAStoreIsInTheOtherFile) {
  const Outcome outcome = copy(from, to);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("compared: they are equal"));
  for (const char* rows : {"SELECT * FROM products ORDER BY sku", "SELECT * FROM refresh_queue ORDER BY id",
                           "SELECT * FROM runs ORDER BY run_id", "SELECT * FROM state ORDER BY key",
                           "SELECT * FROM detail_checks ORDER BY sku"})
    EXPECT_EQ(run_sql(to, rows), run_sql(from, rows)) << rows;
}

TEST_F(CopyRun, TheSameCallAgainFindsAllThere) {
  ASSERT_EQ(copy(from, to).exit_code, 0);
  const auto before = run_sql(to, "SELECT * FROM products");
  EXPECT_EQ(copy(from, to).exit_code, 0);
  EXPECT_EQ(run_sql(to, "SELECT * FROM products"), before);
}

TEST_F(CopyRun, AnotherStoreIsNotWrittenOver) {
  ASSERT_EQ(copy(from, to).exit_code, 0);
  (void)run_sql(to, "UPDATE products SET name = 'mine' WHERE sku = (SELECT max(sku) FROM products)");
  const auto before = run_sql(to, "SELECT * FROM products");
  const Outcome outcome = copy(from, to);
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("other.db has rows that"));
  EXPECT_EQ(run_sql(to, "SELECT * FROM products"), before);
}

TEST_F(CopyRun, ADatabaseThatIsNotThereIsNotMade) {
  EXPECT_EQ(copy(stand.path("none.db").string(), to).exit_code, 2);
  EXPECT_FALSE(std::filesystem::exists(stand.path("none.db")));
  EXPECT_FALSE(std::filesystem::exists(to));
}

}  // namespace
}  // namespace pipeline::test
