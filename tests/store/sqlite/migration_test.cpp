#include "pipeline/base/file.h"

#include "schema.h"
#include "store_fixture.h"

#include <fmt/core.h>
#include <sqlite3.h>

#include <map>
#include <memory>
#include <set>

namespace pipeline::store::sqlite {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;

// Files as earlier versions of the program left them: released/schema_<version>.sql.
class MigrationTest : public StoreTest {
 protected:
  struct Close {
    void operator()(sqlite3* handle) const noexcept { sqlite3_close(handle); }
  };
  // Past the project's own connection, which would migrate. A row's values, joined.
  std::vector<std::string> execute(const std::string& sql) const {
    sqlite3* raw = nullptr;
    sqlite3_open(path_.c_str(), &raw);
    const std::unique_ptr<sqlite3, Close> handle(raw);
    std::vector<std::string> rows;
    const auto append = [](void* out, int n, char** values, char**) {
      std::string row;
      for (int i = 0; i < n; ++i) row += (i == 0 ? "" : "|") + std::string(values[i] == nullptr ? "NULL" : values[i]);
      static_cast<std::vector<std::string>*>(out)->push_back(std::move(row));
      return 0;
    };
    EXPECT_EQ(sqlite3_exec(handle.get(), sql.c_str(), append, &rows, nullptr), SQLITE_OK)
        << sqlite3_errmsg(handle.get()) << "\n"
        << sql;
    return rows;
  }
  void make_file(int version) const { execute(read_file(fmt::format("{}/schema_{}.sql", RELEASED, version))); }
  void migrate_file() { Connection(path_, Connection::Mode::read_write, clock_, &metrics_); }

  // Each table's rows, of the columns that it has now; with their types, which NULL and X'' are told apart by.
  using Tables = std::map<std::string, std::set<std::string>>;
  [[nodiscard]] Tables tables(const std::map<std::string, std::string>& columns) const {
    Tables all;
    for (const auto& [table, names] : columns)
      for (auto& row : execute(fmt::format("SELECT {} FROM {}", names, table))) all[table].insert(std::move(row));
    return all;
  }
  [[nodiscard]] std::map<std::string, std::string> columns() const {
    std::map<std::string, std::string> all;
    for (const auto& table : execute("SELECT name FROM sqlite_schema WHERE type = 'table'"))
      all[table] =
          execute(fmt::format("SELECT group_concat('quote(' || name || ')') FROM pragma_table_info('{}')", table))
              .at(0);
    return all;
  }
};

class ReleasedSchemaTest : public MigrationTest, public testing::WithParamInterface<int> {};
INSTANTIATE_TEST_SUITE_P(Versions, ReleasedSchemaTest, testing::Range(1, kSchemaVersion));

TEST_P(ReleasedSchemaTest, ComesForwardWithoutALoss) {
  make_file(GetParam());
  ASSERT_THAT(execute("PRAGMA user_version"), ElementsAre(std::to_string(GetParam())));
  const auto old_columns = columns();
  ASSERT_GE(old_columns.size(), 6U);
  auto before = tables(old_columns);
  ASSERT_GE(before["products"].size(), 4U);
  migrate_file();
  auto after = tables(old_columns);
  if (GetParam() == 1) {  // of several claims of one product the last stays
    const auto queue = before.extract("refresh_queue").mapped();
    EXPECT_EQ(after["refresh_queue"].size(), queue.size());
    std::set<std::string> kept;
    std::ranges::set_intersection(queue, after.extract("refresh_queue").mapped(), std::inserter(kept, kept.end()));
    EXPECT_EQ(kept.size(), queue.size() - 1);
  }
  EXPECT_EQ(after, before);
}

TEST_P(ReleasedSchemaTest, EveryRowGetsTheSourceOfItsProduct) {
  make_file(GetParam());
  migrate_file();
  EXPECT_THAT(execute("SELECT source, sku FROM products ORDER BY sku"),
              ElementsAre("MY_STORE|1001", "MY_STORE|1002", "MY_STORE|1003", "AFFILIATE_SHOPPING_CONNECT|A-1"));
  EXPECT_THAT(execute("SELECT id, source, sku FROM refresh_queue ORDER BY id"),
              IsSupersetOf({"3|MY_STORE|1001", "8|AFFILIATE_SHOPPING_CONNECT|A-1", "10|MY_STORE|gone"}));
  EXPECT_THAT(execute("SELECT source, sku FROM detail_checks"), Contains("MY_STORE|1001"));
}

TEST_P(ReleasedSchemaTest, HasTheSchemaOfANewFile) {
  make_file(GetParam());
  Connection old(path_, Connection::Mode::read_write, clock_, &metrics_);
  Connection fresh(dir_ / "new.db", Connection::Mode::read_write, clock_, &metrics_);
  const char* schema = "SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY name";
  EXPECT_EQ(texts(old, schema), texts(fresh, schema));
  EXPECT_EQ(text(old, "PRAGMA integrity_check"), "ok");
}

TEST_P(ReleasedSchemaTest, OneThatFailsStaysWhole) {
  make_file(GetParam());
  execute("CREATE TABLE post_products (sku TEXT)");  // in the way of the last statement
  const auto before = tables(columns());
  EXPECT_THAT(message_of([&] { migrate_file(); }),
              ::testing::AllOf(HasSubstr(path_.string()), HasSubstr("post_products")));
  EXPECT_EQ(tables(columns()), before);
  EXPECT_THAT(execute("PRAGMA user_version"), ElementsAre(std::to_string(GetParam())));
  execute("DROP TABLE post_products");
  migrate_file();
  EXPECT_THAT(execute("PRAGMA user_version"), ElementsAre(std::to_string(kSchemaVersion)));
}

TEST_P(ReleasedSchemaTest, AReaderDoesNotMigrate) {
  make_file(GetParam());
  const auto before = tables(columns());
  EXPECT_THAT(message_of([&] { Connection(path_, Connection::Mode::read_only, clock_, &metrics_); }),
              HasSubstr(fmt::format("has schema {}, this program needs", GetParam())));
  EXPECT_EQ(tables(columns()), before);
}

TEST_F(MigrationTest, OfSeveralClaimsOfAProductTheLastStays) {
  make_file(1);
  migrate_file();
  EXPECT_THAT(execute("SELECT id, status, claimed_by, finished_at, error FROM refresh_queue WHERE sku = '1002'"),
              ElementsAre("11|FAILED|A|61|claimed more than once", "12|CLAIMED|B|NULL|NULL"));
}

TEST_F(MigrationTest, AViewThatSomebodyMadeGoesOn) {
  make_file(3);
  execute("CREATE VIEW prices AS SELECT sku, sale_price FROM products WHERE sale_price > 1000");
  migrate_file();
  EXPECT_THAT(execute("SELECT * FROM prices"), ElementsAre("1001|12900"));
}

}  // namespace
}  // namespace pipeline::store::sqlite
