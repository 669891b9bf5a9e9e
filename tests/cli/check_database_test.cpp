#include "check_database.h"

#include "pipeline/base/error.h"

#include "support/fake_clock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>

// What `check` says of states of a disk that a test can't make.
namespace pipeline::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;

struct Facts {
  store::SchemaVersion version{5, 5};
  store::Damage damage{};
  store::Room room{.database = 10'000'000, .log = 0, .free = 100'000'000'000};
  store::PlaceTrial trial = store::PlaceTrial::fit;
  std::string trouble{};  // of the place
};

class FakeInspection final : public store::Inspection {
 public:
  explicit FakeInspection(const Facts& facts) : facts_(facts) {}
  store::SchemaVersion version() override { return facts_.version; }
  store::Damage look_through(SteadyTime) override { return facts_.damage; }
  store::Room room() override { return facts_.room; }
  void check_writable() override {}
  store::PlaceTrial try_place() override {
    if (!facts_.trouble.empty()) throw UsageError(facts_.trouble);
    return facts_.trial;
  }
  std::optional<std::string> holder() override { return std::nullopt; }
  bool has_foreign_log(SteadyTime) override { return false; }
  std::vector<std::filesystem::path> litter() override { return {}; }
  std::vector<store::Twin> twins(std::string_view) override { return {}; }

 private:
  const Facts& facts_;
};

class FakeDatabase final : public store::Database {
 public:
  const std::string& name() const noexcept override { return name_; }
  bool is_there() const override { return true; }
  void check_place() const override {}
  bool is_in(const std::filesystem::path&) const override { return false; }
  Lock lock(std::string_view, WallTime) override { throw std::logic_error("a check locks nothing"); }
  store::Store open(const Clock&, const store::Opening&) override { throw std::logic_error("not asked for"); }
  std::filesystem::path put_log_away(WallTime) override { throw std::logic_error("a check moves nothing"); }
  std::unique_ptr<store::Inspection> inspect(const Clock&) const override {
    return std::make_unique<FakeInspection>(facts);
  }

  Facts facts;

 private:
  const std::string name_ = "/somewhere/store.db";
};

class CheckDatabaseTest : public ::testing::Test {
 protected:
  Finding file(const std::string& check) {
    for (Finding& finding : check_database_file(database, clock, clock.now()))
      if (finding.check == check) return finding;
    return {};
  }
  Finding room(std::optional<std::int64_t> products = {}) { return check_room(database, clock, products).back(); }

  test::FakeClock clock;
  FakeDatabase database;
};

TEST_F(CheckDatabaseTest, OneThatIsTooLargeForTheTime) {
  database.facts.damage.is_whole = false;
  EXPECT_EQ(file("integrity").state, Finding::State::warning);
  EXPECT_THAT(file("integrity").advice, HasSubstr("PRAGMA quick_check"));
}

TEST_F(CheckDatabaseTest, AFileSystemThatLacksWhatIsNeeded) {
  database.facts.trouble = "its file system lacks the locks";
  EXPECT_EQ(file("file-system").state, Finding::State::failed);
  database.facts = {.trial = store::PlaceTrial::untried};
  EXPECT_EQ(file("file-system").state, Finding::State::warning);
  EXPECT_THAT(file("file-system").advice, HasSubstr("local disk"));
}

TEST_F(CheckDatabaseTest, RoomForTheLogAndForGrowth) {
  EXPECT_EQ(room().state, Finding::State::ok);
  database.facts.room.free = 1'000'000;
  EXPECT_EQ(room().state, Finding::State::failed);
  EXPECT_THAT(room().advice, HasSubstr("make room"));
  database.facts.room.free = 100'000'000;
  EXPECT_EQ(room().state, Finding::State::warning);
}

TEST_F(CheckDatabaseTest, RoomForAllProductsOfTheShop) {
  database.facts.room.free = 500'000'000;
  EXPECT_EQ(room(100).state, Finding::State::ok);
  EXPECT_EQ(room(100'000).state, Finding::State::failed);
}

TEST_F(CheckDatabaseTest, RoomForBringingAnOldOneUpToDate) {
  database.facts.room = {.database = 1'000'000'000, .log = 0, .free = 1'000'000'000};
  EXPECT_EQ(room().state, Finding::State::ok);
  database.facts.version.found = 3;
  EXPECT_EQ(room().state, Finding::State::failed);
}

TEST_F(CheckDatabaseTest, ALogThatGrows) {
  database.facts.room.log = 1'000'000'000;
  const auto findings = check_room(database, clock, {});
  EXPECT_EQ(findings.front().state, Finding::State::warning);
  EXPECT_THAT(findings.front().text, HasSubstr("the log has grown"));
}

}  // namespace
}  // namespace pipeline::cli
