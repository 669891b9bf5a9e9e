#include "inspection.h"

#include "pipeline/base/file.h"
#include "pipeline/base/run_lock.h"

#include "schema.h"
#include "store_fixture.h"

#include <filesystem>
#include <fstream>
#include <map>

namespace fs = std::filesystem;

namespace pipeline::store::sqlite {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class InspectionTest : public StoreTest {
 protected:
  void make(int rows = 0) {
    Connection database(path_, Connection::Mode::read_write, clock_);
    for (int i = 0; i < rows; ++i)
      database.execute("fill it", "INSERT INTO state (key, value) VALUES (hex(randomblob(16)), randomblob(4000))");
  }
  // What lies in the folder, with its bytes.
  [[nodiscard]] std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> found;
    for (const auto& entry : fs::directory_iterator(dir_.path()))
      found[entry.path().filename().string()] = read_file(entry.path());
    return found;
  }
  [[nodiscard]] SteadyTime in(std::chrono::seconds time) const { return clock_.now() + time; }

  const std::unique_ptr<Inspection> inspection_ = inspect_file(path_, clock_);
};

TEST_F(InspectionTest, TellsAnOlderVersionAndChangesNothing) {
  make();
  EXPECT_EQ(inspection_->version().found, kSchemaVersion);
  Connection(path_, Connection::Mode::read_write, clock_).execute("make it old", "PRAGMA user_version = 1");
  const auto before = files();
  EXPECT_EQ(inspection_->version().found, 1);
  EXPECT_EQ(inspection_->version().known, kSchemaVersion);
  EXPECT_THAT(inspection_->look_through(in(std::chrono::seconds(60))).faults, IsEmpty());
  EXPECT_EQ(files(), before);
}

TEST_F(InspectionTest, RefusesANewerVersion) {
  make();
  Connection(path_, Connection::Mode::read_write, clock_).execute("make it new", "PRAGMA user_version = 99");
  EXPECT_THAT(message_of([&] { (void)inspection_->version(); }), HasSubstr("update the program"));
}

TEST_F(InspectionTest, RefusesAnotherProgramsFile) {
  std::ofstream(path_) << std::string(5000, 'x');
  EXPECT_THAT(message_of<UsageError>([&] { (void)inspection_->version(); }), HasSubstr("file is not a database"));
}

TEST_F(InspectionTest, FindsDamageInside) {
  make(50);
  EXPECT_THAT(inspection_->look_through(in(std::chrono::seconds(60))).faults, IsEmpty());
  {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(-4096 * 3, std::ios::end);
    file << std::string(4096, 'x');
  }
  const Damage damage = inspection_->look_through(in(std::chrono::seconds(60)));
  EXPECT_THAT(damage.faults, Not(IsEmpty()));
  EXPECT_TRUE(damage.is_whole);
}

TEST_F(InspectionTest, EndsInTimeAndCallsNothingDamagedThatItHasNotSeen) {
  make(6000);
  const Damage damage = inspection_->look_through(clock_.now());
  EXPECT_FALSE(damage.is_whole);
  EXPECT_THAT(damage.faults, IsEmpty());
}

TEST_F(InspectionTest, TriesThePlaceWithoutATrace) {
  EXPECT_EQ(inspection_->try_place(), PlaceTrial::fit);
  EXPECT_THAT(files(), IsEmpty());
}

TEST_F(InspectionTest, TellsSizesOfWhatIsThereAndOfWhatIsNot) {
  EXPECT_EQ(inspection_->room().database, 0U);
  EXPECT_GT(inspection_->room().free, 0U);
  make();
  std::ofstream(path_.string() + "-wal") << "four";
  EXPECT_EQ(inspection_->room().database, fs::file_size(path_));
  EXPECT_EQ(inspection_->room().log, 4U);
}

TEST_F(InspectionTest, NamesTheRunAtWork) {
  make();
  EXPECT_EQ(inspection_->holder(), std::nullopt);
  const RunLock lock(path_, "pipeline sync", clock_.wall());
  EXPECT_THAT(inspection_->holder().value_or(""), HasSubstr("pipeline sync"));
}

}  // namespace
}  // namespace pipeline::store::sqlite
