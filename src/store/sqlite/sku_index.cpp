#include "sku_index.h"

#include "pipeline/base/error.h"

#include "statement.h"
#include "transaction.h"

#include <fmt/core.h>

#include <string>
#include <string_view>

namespace pipeline::store::sqlite {
namespace {

bool gives_a_row(Connection& connection, std::string_view sql) {
  Statement statement(connection, "look at the table of products", sql);
  const Statement::Use use(statement);
  return statement.step();
}

// The statements that made the table and its indexes, the table's first.
std::string schema_of_products(Connection& connection) {
  std::string sql;
  Statement statement(connection, "read the schema",
                      "SELECT sql FROM sqlite_schema WHERE tbl_name = 'products' AND sql IS NOT NULL ORDER BY rowid");
  while (statement.step()) sql += std::string(statement.text(0)) + ";\n";
  return sql;
}

}  // namespace

bool has_sku_index(Connection& connection) {
  return gives_a_row(connection, "SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_autoindex_products_1'");
}

void drop_sku_index(Connection& connection) {
  if (gives_a_row(connection, "SELECT 1 FROM products LIMIT 1"))
    throw UsageError(
        fmt::format("{} holds products: an experiment without the index of the key needs a new database, "
                    "named with --db",
                    connection.path().string()));
  constexpr std::string_view kKey = ",\n  PRIMARY KEY (sku, source)";
  std::string sql = schema_of_products(connection);
  sql.erase(sql.find(kKey), kKey.size());
  Transaction transaction(connection);
  connection.execute("drop the index on sku", ("DROP TABLE products;\n" + sql).c_str());
  transaction.commit();
}

}  // namespace pipeline::store::sqlite
