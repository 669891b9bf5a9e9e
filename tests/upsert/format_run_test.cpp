#include "support/korean.h"
#include "upsert_stand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

namespace pipeline::test {
namespace {

// What a CSV file and JSON Lines of the same data have in common: all but the body's spelling.
constexpr const char* kColumns =
    "SELECT sku, hex(content_hash), source, origin_product_no, channel_product_no, seller_management_code, name, "
    "status, "
    "display_status, sale_price, discounted_price, stock_quantity, category_id, category_name, brand, manufacturer, "
    "image_url, modified_at FROM products ORDER BY sku";

constexpr const char* kJson =
    R"({"sku":"1","name":"린넨 \"셔츠\"","sale_price":12000,"stock_quantity":3,"brand":"모어, 모어","color":"빨강\n파랑"}
{"sku":"2","name":"바지","sale_price":0,"stock_quantity":null,"brand":null,"color":"검정"}
)";
constexpr const char* kCsv =
    "sku,name,sale_price,stock_quantity,brand,color\n"
    "1,\"린넨 \"\"셔츠\"\"\",12000,3,\"모어, 모어\",\"빨강\n파랑\"\n"
    "2,바지,0,,,검정\n";

std::string with_crlf(const std::string& text) {
  std::string out;
  bool quoted = false;
  for (const char c : text) {
    quoted ^= c == '"';
    if (c == '\n' && !quoted) out += '\r';
    out += c;
  }
  return out;
}

struct Spelling {
  const char* name;
  std::string bytes;
};

std::ostream& operator<<(std::ostream& out, const Spelling& spelling) {
  return out << spelling.name;
}

class FormatRun : public ::testing::TestWithParam<Spelling> {};

TEST_P(FormatRun, EndsInTheColumnsAndTheHashOfTheSameJsonLines) {
  UpsertStand json;
  (void)json.feed(kJson);
  UpsertStand stand;
  const auto summary = stand.feed(GetParam().bytes);
  EXPECT_EQ(summary["exit_code"], 0) << summary;
  EXPECT_EQ(summary["inserted"], 2);
  EXPECT_EQ(stand.query(kColumns), json.query(kColumns));
  EXPECT_EQ(stand.value("SELECT json_extract(raw_json, '$.color') FROM products"), "빨강\n파랑") << "has no column";

  // So either may follow the other.
  EXPECT_EQ(stand.feed(kJson)["unchanged"], 2);
}

INSTANTIATE_TEST_SUITE_P(Spellings, FormatRun,
                         ::testing::Values(Spelling{"Csv", kCsv}, Spelling{"CsvWithCrLf", with_crlf(kCsv)},
                                           Spelling{"CsvWithMark", std::string("\xEF\xBB\xBF") + kCsv},
                                           Spelling{"CsvInCp949", to_cp949(kCsv)},
                                           Spelling{"CsvInAnyOrderAndCase",
                                                    "color,BRANDNAME,\"Name\",StockQuantity, SKU ,sale_Price\n"
                                                    "\"빨강\n파랑\",\"모어, 모어\",\"린넨 \"\"셔츠\"\"\",3,1,12000.00\n"
                                                    "검정,,바지,,2,0\n"},
                                           Spelling{"JsonLinesWithCrLf", with_crlf(kJson)},
                                           Spelling{"JsonLinesWithMark", std::string("\xEF\xBB\xBF") + kJson},
                                           Spelling{"JsonLinesInCp949", to_cp949(kJson)}),
                         [](const auto& one) { return one.param.name; });

TEST(InputRun, SeveralFilesOfBothKindsAndStandardInputAreReadInTheirOrder) {
  UpsertStand stand;
  const auto json = stand.file("a", lines({row("1", 1), row("2", 1)}));
  const auto csv = stand.file("b", "sku,sale_price\n2,2\n3,2\n");
  const auto summary = stand.summary({json, "-", csv}, input_of(lines({row("2", 3), row("4", 3)})));
  EXPECT_EQ(summary["exit_code"], 0);
  EXPECT_EQ(summary["rows_read"], 6);
  EXPECT_EQ(summary["inserted"], 4);
  EXPECT_EQ(stand.query("SELECT sku, sale_price FROM products ORDER BY sku"),
            (SqlRows{{"1", "1"}, {"2", "2"}, {"3", "2"}, {"4", "3"}}));
}

TEST(InputRun, StandardInputIsNamedInMessages) {
  UpsertStand stand;
  const auto summary = stand.summary({"-"}, input_of(row("1", 1) + "\n{}\n"));
  EXPECT_EQ(summary["exit_code"], 3);
  EXPECT_EQ(summary["failures"].at(0)["file"], "standard input");
  EXPECT_EQ(summary["failures"].at(0)["line"], 2);
}

TEST(InputRun, AnEmptyFileIsNoFailure) {
  UpsertStand stand;
  const auto summary = stand.feed("");
  EXPECT_EQ(summary["exit_code"], 0);
  EXPECT_EQ(summary["rows_read"], 0);
}

TEST(InputRun, UnknownKeysStayInTheBody) {
  UpsertStand stand;
  (void)stand.feed(row("1", 1, R"(,"memo":{"a":[1,null]},"손글씨":"x")") + "\n");
  EXPECT_EQ(stand.value("SELECT raw_json FROM products"),
            R"({"sku":"1","name":"product 1","sale_price":1,"memo":{"a":[1,null]},"손글씨":"x"})");
}

}  // namespace
}  // namespace pipeline::test
