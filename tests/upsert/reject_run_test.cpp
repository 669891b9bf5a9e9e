#include "pipeline/base/file.h"

#include "support/korean.h"
#include "upsert_stand.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace fs = std::filesystem;

namespace pipeline::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAreArray;

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> all;
  for (std::string line; std::getline(stream, line);) all.push_back(line);
  return all;
}

std::string replaced(std::string text, const std::string& wrong, const std::string& right) {
  const auto at = text.find(wrong);
  return at == std::string::npos ? text : text.replace(at, wrong.size(), right);
}

class RejectRun : public ::testing::Test {
 protected:
  struct Bad {
    std::string line;
    std::string reason;
  };
  // Feeds the lines and checks that each bad one is told by its place and reason, everywhere.
  void expect_rejected(const std::string& file, const std::vector<std::pair<int, Bad>>& bad, int good) {
    const Outcome outcome = stand_.run({"--reject-file", rejects_.string(), file});
    const auto summary = summary_of(outcome);
    EXPECT_EQ(outcome.exit_code, 3);
    EXPECT_EQ(summary["status"], "partial");
    EXPECT_EQ(summary["rejected"], bad.size());
    EXPECT_EQ(summary["rows_read"], bad.size() + static_cast<std::size_t>(good));
    EXPECT_EQ(stand_.metric(summary, "rows_rejected_total").sum, static_cast<double>(bad.size()));
    ASSERT_EQ(summary["failures"].size(), bad.size());
    for (const auto& [number, row] : bad) {
      const auto failure = std::ranges::find_if(
          summary["failures"], [&number = number](const auto& told) { return told["line"] == number; });
      ASSERT_NE(failure, summary["failures"].end()) << "line " << number;
      EXPECT_EQ((*failure)["file"], file);
      EXPECT_THAT((*failure)["error"].get<std::string>(), HasSubstr(row.reason)) << "line " << number;
      EXPECT_THAT(outcome.err,
                  HasSubstr(fmt::format("{}:{}: rejected: {}", file, number, (*failure)["error"].get<std::string>())));
    }
    EXPECT_EQ(stand_.value("SELECT count(*) FROM products"), std::to_string(good));
    EXPECT_EQ(stand_.value("SELECT status || exit_code FROM runs ORDER BY started_at DESC"), "PARTIAL3");
  }

  UpsertStand stand_;
  const fs::path rejects_ = stand_.folder() / "rejects";
};

TEST_F(RejectRun, EachBadLineIsToldAndKeptAsItCameAndTheRestIsStored) {
  const std::string huge = R"({"sku":"12","sale_price":1,"text":")" + std::string(16 << 20, 'x') + "\"}";
  const std::vector<Bad> bad = {
      {R"({"name":"no sku","sale_price":1})", "has no sku"},
      {R"({"sku":"","sale_price":1})", "sku is empty"},
      {R"({"sku":7.5,"sale_price":1})", "sku is 7.5, neither a text nor a whole number"},
      {R"({"sku":"4","sale_price":1)", "is no valid JSON, at byte "},
      {R"(["sku"])", "is no JSON object"},
      {R"({"sku":"6","sale_price":"10.00.0"})", "sale_price is no whole number such as 12000: `10.00.0`"},
      {R"({"sku":"7","sale_price":10.5})", "sale_price is 10.5, not a whole number"},
      {R"({"sku":"8","sale_price":1,"stock_quantity":9223372036854775808})", "stock_quantity is 9223372036854775808"},
      {R"({"sku":"9","sale_price":18446744073709551616})", "beyond 64 bits"},
      {R"({"sku":"10","sale_price":-1,"name":[]})", "sale_price is -1, below zero; name is [], not a text"},
      {"{\"sku\":\"11\",\"sale_price\":1,\"name\":\"\xFF\"}", "is not UTF-8"},
      {huge, "longer than 16 MiB"},
  };
  std::string text = row("A", 1, R"(,"brand":"한글")") + "\n";
  std::vector<std::pair<int, Bad>> told;
  std::vector<std::string> kept;
  for (const auto& one : bad) {
    told.emplace_back(static_cast<int>(told.size()) + 2, one);
    kept.push_back(one.line);
    text += one.line + "\n";
  }
  text += row("B", 2) + "\n";
  expect_rejected(stand_.file("new.jsonl", text), told, 2);
  EXPECT_TRUE(std::ranges::is_permutation(lines_of(read_file(rejects_)), kept)) << "they differ, by up to 16 MiB";

  // When most rows are known, they are parsed elsewhere.
  expect_rejected(stand_.file("new.jsonl", text), told, 2);
  EXPECT_TRUE(std::ranges::is_permutation(lines_of(read_file(rejects_)), kept));
}

TEST_F(RejectRun, RejectedRowsOfACsvFileComeWithTheirHeaderAndBytesAndCanBeFedAgain) {
  const std::string csv = to_cp949(
      "sku,name,sale_price\r\n"
      "1,좋은 상품,1000\r\n"
      "2,값이 낱말,천원\r\n"
      "3,쉼표가, 남는다,1000\r\n"
      ",이름뿐,1000\r\n"
      "5,\"줄을\n바꾼 값\",12만\r\n"
      "6,\"따옴표\"안,1000\r\n"
      "7,끝,1000\r\n");
  expect_rejected(stand_.file("sheet.csv", csv),
                  {{3, {"", "sale_price is no whole number such as 12000: `천원`"}},
                   {4, {"", "has 4 fields, the header has 3"}},
                   {5, {"", "has no sku"}},
                   {6, {"", "sale_price is no whole number such as 12000: `12만`"}},
                   {8, {"", "field 2 has text behind its closing quote in line 8"}}},
                  2);
  std::string kept = read_file(rejects_);
  EXPECT_EQ(lines_of(kept).front(), "sku,name,sale_price");
  const std::vector<std::string> as_they_came = {"2,값이 낱말,천원", "3,쉼표가, 남는다,1000", ",이름뿐,1000",
                                                 "5,\"줄을\n바꾼 값\",12만", "6,\"따옴표\"안,1000"};
  std::size_t bytes = std::string("sku,name,sale_price\n").size();
  for (const auto& line : as_they_came) {
    EXPECT_THAT(kept, HasSubstr("\n" + to_cp949(line) + "\n"));
    bytes += to_cp949(line).size() + 1;
  }
  EXPECT_EQ(kept.size(), bytes);

  for (const auto& [wrong, right] : std::vector<std::pair<std::string, std::string>>{{"천원", "1000"},
                                                                                     {"쉼표가,", "쉼표가"},
                                                                                     {"\n,이름뿐", "\n4,이름뿐"},
                                                                                     {"12만", "120000"},
                                                                                     {"\"따옴표\"", "따옴표"}})
    kept = replaced(kept, to_cp949(wrong), to_cp949(right));
  const auto mended = stand_.feed(kept);
  EXPECT_EQ(mended["exit_code"], 0) << mended;
  EXPECT_EQ(stand_.query("SELECT sku, name, sale_price FROM products ORDER BY sku"),
            (SqlRows{{"1", "좋은 상품", "1000"},
                     {"2", "값이 낱말", "1000"},
                     {"3", "쉼표가 남는다", "1000"},
                     {"4", "이름뿐", "1000"},
                     {"5", "줄을\n바꾼 값", "120000"},
                     {"6", "따옴표안", "1000"},
                     {"7", "끝", "1000"}}));
}

TEST_F(RejectRun, AnEarlierRunsRejectFileIsReplacedByAnEmptyOne) {
  (void)stand_.feed("no json {\n" + row("1", 1) + "\n", {"--format", "jsonl", "--reject-file", rejects_.string()});
  EXPECT_EQ(read_file(rejects_), "no json {\n");
  (void)stand_.feed(row("1", 1) + "\n", {"--reject-file", rejects_.string()});
  EXPECT_EQ(read_file(rejects_), "");
}

TEST_F(RejectRun, TheSummaryNamesAThousandTheFileHoldsAll) {
  std::string text = row("1", 1) + "\n";
  for (int i = 0; i < 1200; ++i) text += fmt::format("{{\"name\":\"{}\"}}\n", i);
  const auto summary = stand_.feed(text, {"--reject-file", rejects_.string(), "--log-level", "error"});
  EXPECT_EQ(summary["rejected"], 1200);
  EXPECT_EQ(summary["failures"].size(), 1000U);
  EXPECT_EQ(lines_of(read_file(rejects_)).size(), 1200U);
}

TEST_F(RejectRun, EveryRowIsCountedOnce) {
  (void)stand_.feed(lines({row("1", 1), row("2", 2)}));
  const auto summary =
      stand_.feed(lines({row("1", 1), row("2", 3), "{}", row("3", 1), row("3", 2), R"({"sku":"1","sale_price":"x"})"}));
  EXPECT_EQ(summary["rows_read"], 6);
  EXPECT_EQ(summary["unchanged"], 1);
  EXPECT_EQ(summary["updated"], 1);
  EXPECT_EQ(summary["rejected"], 2);
  EXPECT_EQ(summary["inserted"], 1);
  EXPECT_EQ(summary["superseded"], 1);
}

}  // namespace
}  // namespace pipeline::test
