#include "support/sync_stand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// Lists that are longer than the server shows in one query.
namespace pipeline::test {
namespace {

using emulator::Endpoint;
using emulator::FaultKind;
using emulator::Target;
using testing::AllOf;
using testing::EndsWith;
using testing::StartsWith;

constexpr std::size_t kCeiling = 160;  // above the 132 products that the emulator registers in a day

class LongList : public ::testing::Test {
 protected:
  static emulator::Options options() {
    emulator::Options options;
    options.products = 400;
    options.list_ceiling = kCeiling;
    return options;
  }
  [[nodiscard]] std::string count(const std::string& where) const {
    return stand.value("SELECT count(*) FROM products WHERE " + where);
  }

  const std::vector<std::string> pages{"--page-size", "20"};
  SyncStand stand{options()};
};

TEST_F(LongList, IsReadWholeInSlices) {
  const auto outcome = stand.sync(pages);
  const auto summary = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(summary["listed"], stand.store().size());
  EXPECT_EQ(summary["new"], stand.store().size());
  EXPECT_EQ(summary["removals"], "checked");
  EXPECT_EQ(stand.store().stats().duplicate_details, 0U);
  EXPECT_EQ(count("removed_at IS NULL"), std::to_string(stand.store().size()));
}

TEST_F(LongList, ShowsWhatWasRemovedAddedAndChanged) {
  (void)stand.summary(pages);
  const auto numbers = stand.store().channel_nos();
  stand.store().remove(numbers[7]);
  stand.store().edit({.kind = emulator::Edit::Kind::set_price, .channel_no = numbers[100], .value = 4321});
  (void)stand.store().add_products(2);  // registered today
  const auto summary = stand.summary(pages);
  EXPECT_EQ(summary["removed"], 1);
  EXPECT_EQ(summary["changed"], 1);
  EXPECT_EQ(summary["new"], 2);
  EXPECT_EQ(count("removed_at IS NOT NULL AND sku = '" + std::to_string(numbers[7]) + "'"), "1");
}

TEST_F(LongList, ASliceThatFailsForbidsRemovals) {
  (void)stand.summary(pages);
  stand.store().remove(stand.store().channel_nos()[7]);
  // Page 2 of the first slice that has one fails twice, while other pages are answered: it fails by itself, the server
  // is not down. The whole list comes before, and its page 2 is answered.
  stand.store().add_fault(
      {.target = Target::list, .page = 2, .kind = FaultKind::status, .status = 500, .skip = 1, .times = 2});
  auto arguments = pages;
  arguments.insert(arguments.end(), {"--max-retries", "0"});
  const auto outcome = stand.sync(arguments);
  EXPECT_EQ(outcome.exit_code, 3) << outcome.err;
  // Which slice that is follows from the day of the run: halves are counted from today.
  EXPECT_THAT(nlohmann::json::parse(outcome.out)["removals"].get<std::string>(),
              AllOf(StartsWith("not checked: page 2 of 2024-01-0"), EndsWith(" of the list failed")));
  EXPECT_EQ(count("removed_at IS NOT NULL"), "0");
  EXPECT_EQ(stand.summary(pages)["removed"], 1);
}

// make_newest gives its rows one date.
TEST_F(LongList, ADayThatDoesNotFitIsSaidAndTheRestIsRead) {
  stand.store().shift_list({.kind = emulator::Shift::Kind::re_sort, .after_page = 1, .count = 200});
  (void)stand.sync({"--page-size", "20", "--limit", "20"});  // serves page 1, after which they move
  const auto outcome = stand.sync(pages);
  const auto summary = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(outcome.exit_code, 3) << outcome.err;
  EXPECT_NE(outcome.err.find("shows only the first 160 of 200 entries registered on"), std::string::npos)
      << outcome.err;
  EXPECT_NE(summary["removals"].get<std::string>().find("not checked"), std::string::npos);
  EXPECT_GE(summary["listed"].get<std::size_t>(), stand.store().size() - 60);
  EXPECT_EQ(summary["failed"], 1);
}

TEST_F(LongList, AFilterByDateCanNotBeSlicedAndSaysSo) {
  const auto outcome = stand.sync({"--page-size", "20", "--modified-since", "2020-01-01"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_NE(outcome.err.find("shows only the first 160 of 400 entries"), std::string::npos) << outcome.err;
}

TEST_F(LongList, TheFirstFewNeedNoSlices) {
  EXPECT_EQ(stand.sync({"--page-size", "20", "--limit", "90"}).exit_code, 0);
  EXPECT_LE(stand.store().stats().requests_to(Endpoint::list), 6U) << "five, and one may be ahead";
}

}  // namespace
}  // namespace pipeline::test
