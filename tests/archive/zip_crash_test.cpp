#include "pipeline/archive/zip_writer.h"

#include "base/child_process.h"
#include "support/temp_dir.h"
#include "zip_reading.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <random>

namespace pipeline::archive {
namespace {

using test::ChildProcess;
using test::TempDir;
using testing::Each;
using testing::ElementsAre;

constexpr int kEntries = 5;

// Writes one archive after the other under the same name, each with content of its own, and tells of each.
[[noreturn]] void write_for_ever(const std::filesystem::path& target) {
  for (int round = 0;; ++round) {
    ZipWriter zip(target, Compression::fast);
    for (int i = 0; i < kEntries; ++i) {
      const std::string bytes(100'000, static_cast<char>('a' + round % 26));
      zip.store(fmt::format("{}", i), bytes, crc32_of(bytes));
    }
    zip.commit();
    fmt::print(stderr, "{}\n", round);
  }
}

TEST(ZipCrash, AKilledWriterLeavesTheOldFileOrTheNewOneAndItsLitterCanBeCleared) {
  const TempDir dir;
  const auto target = dir / "a.zip";
  std::mt19937 random(11);
  int littered = 0;
  for (int round = 0; round < 40; ++round) {
    ChildProcess child([&]() -> int { write_for_ever(target); });
    (void)child.read_line();  // the first is there
    ::usleep(static_cast<useconds_t>(random() % 4000));
    child.kill(SIGKILL);
    EXPECT_EQ(child.exit_code(), std::nullopt);

    const Entries entries = read_zip(target);
    ASSERT_EQ(entries.size(), static_cast<std::size_t>(kEntries));
    for (const auto& [name, bytes] : entries) EXPECT_EQ(bytes, entries.front().second);
    if (names_in(dir.path()).size() > 1) ++littered;
    remove_litter(dir.path());
    EXPECT_THAT(names_in(dir.path()), ElementsAre("a.zip"));
  }
  EXPECT_GT(littered, 0);  // or the moments were not random enough to show anything
}

}  // namespace
}  // namespace pipeline::archive
