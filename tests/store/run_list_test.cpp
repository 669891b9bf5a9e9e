#include "pipeline/store/run_list.h"

#include "pipeline/store_sqlite/database.h"

#include "products.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pipeline::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using enum Standing;

class RunListTest : public ::testing::Test {
 protected:
  static ListedProduct row(std::string sku, std::string_view content = "row") {
    return {std::move(sku), hash_of(content), R"({"row":")" + std::string(content) + "\"}"};
  }
  std::vector<Standing> add(const std::vector<ListedProduct>& page, const std::vector<Standing>& standings,
                            bool keep_all = false, int pass = 0) {
    return list_->add(page, standings, keep_all, pass);
  }
  // `standing gone` of each.
  std::vector<std::string> words(const std::vector<std::string_view>& skus) {
    std::vector<std::string> told;
    for (const auto& [standing, gone] : list_->words_of(skus))
      told.push_back((standing ? std::to_string(static_cast<int>(*standing)) : "-") + (gone ? " gone" : ""));
    return told;
  }

  std::unique_ptr<RunList> list_ = sqlite::run_list();
};

TEST_F(RunListTest, ARowKeepsTheStandingThatItWasToldFirst) {
  EXPECT_THAT(add({row("a"), row("b"), row("a")}, {unseen, unchanged, changed}),
              ElementsAre(unseen, unchanged, doubled));
  EXPECT_THAT(add({row("a"), row("c"), row("c")}, {changed, changed, changed}, false, 1),
              ElementsAre(again, changed, doubled));
  EXPECT_EQ(list_->size(), 3);
  EXPECT_THAT(words({"a", "b", "c", "d"}), ElementsAre("0", "2", "1", "-"));
  EXPECT_THAT(words({}), IsEmpty());
}

TEST_F(RunListTest, WhatIsNewOrChangedIsKeptUntilItIsTaken) {
  (void)add({row("a", "first"), row("b")}, {changed, unchanged});
  (void)add({row("a", "second"), row("c")}, {changed, unchanged}, true);
  EXPECT_FALSE(list_->take("b"));
  EXPECT_EQ(list_->take("a")->json, R"({"row":"first"})");
  EXPECT_FALSE(list_->take("a"));
  EXPECT_EQ(list_->take("c")->list_hash, hash_of("row"));
}

TEST_F(RunListTest, WhatIsNotedIsInTheListAndWhatIsGoneIsGone) {
  list_->note(std::vector<std::string_view>{"a", "b", "a"});
  list_->note_gone("b");
  list_->note_gone("b");
  list_->note_gone("c");
  EXPECT_EQ(list_->size(), 2);
  EXPECT_THAT(words({"a", "b", "c"}), ElementsAre("2", "2 gone", "- gone"));
}

TEST_F(RunListTest, EachListIsItsOwn) {
  (void)add({row("a")}, {unseen});
  EXPECT_EQ(sqlite::run_list()->size(), 0);
  EXPECT_EQ(list_->size(), 1);
}

// More than SQLite holds in memory: it goes through the file.
TEST_F(RunListTest, ALongListIsReadBack) {
  constexpr int kPages = 40;
  constexpr int kRows = 1'000;
  for (int page = 0; page < kPages; ++page) {
    std::vector<ListedProduct> rows;
    for (int i = 0; i < kRows; ++i) rows.push_back(row(fmt::format("{:06}", page * kRows + i), std::string(200, 'x')));
    (void)add(rows, std::vector<Standing>(rows.size(), unseen));
  }
  EXPECT_EQ(list_->size(), kPages * kRows);
  EXPECT_THAT(words({"000000", "039999", "040000"}), ElementsAre("0", "0", "-"));
  EXPECT_EQ(list_->take("020000")->list_hash, hash_of(std::string(200, 'x')));
}

}  // namespace
}  // namespace pipeline::store
