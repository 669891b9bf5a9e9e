#include "engines.h"

#include <fmt/format.h>

namespace pipeline::store {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class BackupsConformance : public ConformanceTest {
 protected:
  // So many products that a copy takes several steps.
  void fill(int products = 600, std::string_view content = "first") const {
    std::vector<catalogue::Product> all;
    for (int i = 0; i < products; ++i) {
      all.push_back(make_product(fmt::format("{:04}", i), content));
      all.back().raw_json = fmt::format(R"({{"text":"{}"}})", std::string(5'000, 'x'));
    }
    write(all);
  }
  [[nodiscard]] Store open_at(const fs::path& folder) { return GetParam().make(folder)->open(clock_); }
  // The database of another folder, which is what the copy is when it has its name.
  [[nodiscard]] Store opened(const fs::path& copy) {
    const fs::path folder = dir_ / "opened";
    fs::create_directory(folder);
    fs::copy_file(copy, folder / "pipeline.db", fs::copy_options::overwrite_existing);
    return open_at(folder);
  }
  static std::size_t sixes(const Store& store) {
    std::size_t count = 0;
    for (int i = 0; i < 600; i += 100) count += store.catalogue->find_by_sku(fmt::format("{:04}", i)).size();
    return count;
  }

  std::unique_ptr<Backups> backups_ = database_->backups(clock_);
  const fs::path copy_ = dir_ / "copy";
};
// A server's stores are copied by its own tools.
INSTANTIATE_TEST_SUITE_P(Engines, BackupsConformance, ::testing::Values(kEngines.front()),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST_P(BackupsConformance, ACopyIsADatabaseOfItsOwn) {
  fill();
  std::uint64_t last = 0;
  std::uint64_t all = 0;
  backups_->copy_to(copy_, [&](std::uint64_t done, std::uint64_t of) {
    EXPECT_GE(done, last);
    EXPECT_LE(done, of);
    last = done;
    all = of;
  });
  const CopyFacts facts = backups_->examine(copy_, "copy");
  EXPECT_EQ(facts.products, 600);
  EXPECT_EQ(facts.bytes, fs::file_size(copy_));
  EXPECT_EQ(all, facts.bytes);
  EXPECT_GT(facts.schema, 0);
  EXPECT_EQ(backups_->examine().products, 600);
  EXPECT_EQ(sixes(opened(copy_)), 6U);
}

// Every step finds that another connection has written since.
TEST_P(BackupsConformance, ACopyBesideAWriterIsOfOneMomentAndComesToItsEnd) {
  fill();
  const Store other = open();
  int steps = 0;
  backups_->copy_to(copy_, [&](std::uint64_t, std::uint64_t) {
    catalogue::Product later = make_product(fmt::format("later {}", ++steps));
    const std::vector<Delivery> deliveries{{&later}};
    (void)other.catalogue->write({.products = deliveries}, {.run_id = "run"});
    ASSERT_LT(steps, 100) << "it begins anew for ever";
  });
  EXPECT_GT(steps, 2);
  EXPECT_EQ(backups_->examine(copy_, "copy").products, 600);
  EXPECT_EQ(backups_->examine().products, 600 + steps);
  EXPECT_EQ(sixes(opened(copy_)), 6U);
}

TEST_P(BackupsConformance, WhoListensMayEndIt) {
  fill();
  EXPECT_EQ(message_of([&] { backups_->copy_to(copy_, [](std::uint64_t, std::uint64_t) { throw Error("enough"); }); }),
            "enough");
  write(make_product("after"));  // with no patience: nothing is held any more
}

TEST_P(BackupsConformance, WhatIsPutInPlaceIsTheDatabaseAndTheOldOneIsKept) {
  fill(10);
  const fs::path copy = backups_->beside("copy");
  const fs::path aside = backups_->beside("aside");
  backups_->copy_to(copy, {});
  write(make_product("later"));
  store_ = {};
  backups_->put_in_place(copy, aside, std::chrono::milliseconds(0));
  EXPECT_FALSE(fs::exists(copy));
  EXPECT_EQ(backups_->examine().products, 10);
  EXPECT_EQ(backups_->examine(aside, "aside").products, 11);
  store_ = open();
  EXPECT_TRUE(catalogue().find_by_sku("later").empty());
  write(make_product("new"));
  EXPECT_EQ(backups_->examine().products, 11);
  EXPECT_EQ(backups_->examine(aside, "aside").products, 11) << "what is written now is not in the old one";
}

TEST_P(BackupsConformance, WhereNothingIsNothingIsKept) {
  fill(10);
  const fs::path folder = dir_ / "elsewhere";
  fs::create_directory(folder);
  const auto elsewhere = GetParam().make(folder)->backups(clock_);
  backups_->copy_to(elsewhere->beside("copy"), {});
  elsewhere->put_in_place(elsewhere->beside("copy"), elsewhere->beside("aside"), std::chrono::milliseconds(0));
  EXPECT_EQ(elsewhere->examine().products, 10);
  EXPECT_FALSE(fs::exists(elsewhere->beside("aside")));
}

TEST_P(BackupsConformance, WhileAnotherHasItOpenItStays) {
  fill(10);
  const fs::path copy = backups_->beside("copy");
  backups_->copy_to(copy, {});
  write(make_product("later"));
  const auto message = message_of<TryLaterError>(
      [&] { backups_->put_in_place(copy, backups_->beside("aside"), std::chrono::milliseconds(0)); });
  EXPECT_THAT(message, HasSubstr("another process has it open"));
  EXPECT_FALSE(fs::exists(backups_->beside("aside")));
  write(make_product("and later"));
  EXPECT_EQ(backups_->examine().products, 12);
}

}  // namespace
}  // namespace pipeline::store
