#include "pipeline/catalogue/columns.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

// docs/database.md tells of the columns what the table has.
namespace pipeline::catalogue {
namespace {

// The rows of the page's table of products, `| `name`, … | type | meaning |`.
std::vector<std::string> rows_of_products() {
  std::ifstream page(DATABASE_PAGE);
  std::vector<std::string> rows;
  bool inside = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("### ")) inside = line == "### products";
    if (inside && line.starts_with("| `")) rows.push_back(line);
  }
  return rows;
}

TEST(Documentation, TellsOfEachColumnItsTypeAndUnit) {
  const auto rows = rows_of_products();
  ASSERT_GT(rows.size(), 10U);
  for (const ColumnInfo& column : kColumns) {
    const auto row = std::ranges::find_if(
        rows, [&](const std::string& line) { return line.find(fmt::format("`{}`", column.name)) != line.npos; });
    ASSERT_NE(row, rows.end()) << column.name << " is not in the table";
    EXPECT_NE(row->find(column.kind == Kind::number ? "| INTEGER |" : "| TEXT"), row->npos) << *row;
    EXPECT_NE(row->find(column.unit), row->npos) << column.name << " is in " << column.unit;
  }
}

}  // namespace
}  // namespace pipeline::catalogue
