#include "pipeline/base/run_lock.h"

#include "pipeline/base/error.h"

#include "child_process.h"
#include "support/temp_dir.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <utility>

namespace pipeline {
namespace {

using test::ChildProcess;
using test::TempDir;
using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr WallTime kNow(std::chrono::seconds(1'775'000'000));  // 2026-03-31T23:33:20Z

auto is_held() {
  return testing::Throws<TryLaterError>();
}

TEST(RunLock, TheSecondIsToldWhoHoldsIt) {
  const TempDir dir;
  const RunLock held(dir / "a.db", "sync run 7", kNow);
  EXPECT_THAT([&] { RunLock(dir / "a.db", "upsert", kNow); },
              ThrowsMessage<TryLaterError>(
                  AllOf(HasSubstr((dir / "a.db").string()),
                        HasSubstr(fmt::format("pid {}, sync run 7, since 2026-03-31T23:33:20.000Z", ::getpid())))));
}

TEST(RunLock, TryLaterIsItsExitCode) {
  const TempDir dir;
  const RunLock held(dir / "a.db", "sync", kNow);
  try {
    const RunLock second(dir / "a.db", "sync", kNow);
    FAIL() << "was given twice";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::try_later);
  }
}

TEST(RunLock, WhoHoldsItCanBeAskedWithoutTakingIt) {
  const TempDir dir;
  EXPECT_EQ(holder_of_run_lock(dir / "a.db"), std::nullopt);
  std::ofstream(dir / "a.db.lock") << "pid 1, left by a run that has ended\n";
  EXPECT_EQ(holder_of_run_lock(dir / "a.db"), std::nullopt);
  {
    const RunLock held(dir / "a.db", "sync run 7", kNow);
    EXPECT_THAT(holder_of_run_lock(dir / "a.db").value_or(""), HasSubstr("sync run 7, since 2026-03-31"));
  }
  EXPECT_EQ(holder_of_run_lock(dir / "a.db"), std::nullopt);
}

TEST(RunLock, EndsWithItsScope) {
  const TempDir dir;
  { const RunLock first(dir / "a.db", "first, which has a long name", kNow); }
  const RunLock second(dir / "a.db", "second", kNow);
  EXPECT_THAT([&] { RunLock(dir / "a.db", "third", kNow); },
              ThrowsMessage<TryLaterError>(AllOf(HasSubstr("second"), testing::Not(HasSubstr("long name")))));
}

TEST(RunLock, OfAnotherFileIsAnotherLock) {
  const TempDir dir;
  const RunLock first(dir / "a.db", "sync", kNow);
  EXPECT_NO_THROW(RunLock(dir / "b.db", "sync", kNow));
}

TEST(RunLock, EndsWithItsProcessHoweverThatEnds) {
  const TempDir dir;
  ChildProcess holder([&] {
    const RunLock lock(dir / "a.db", "sync", kNow);
    fmt::print(stderr, "held\n");
    for (;;) ::pause();
    return 0;
  });
  ASSERT_EQ(holder.read_line(), "held");
  EXPECT_THAT([&] { RunLock(dir / "a.db", "sync", kNow); },
              ThrowsMessage<TryLaterError>(HasSubstr(fmt::format("pid {}, sync", holder.pid()))));
  holder.kill(SIGKILL);
  EXPECT_EQ(holder.exit_code(), std::nullopt);
  EXPECT_NO_THROW(RunLock(dir / "a.db", "sync", kNow));
}

TEST(RunLock, ThroughALinkIsTheSameLock) {
  const TempDir dir;
  std::ofstream(dir / "a.db") << "";
  std::filesystem::create_symlink("a.db", dir / "link.db");
  std::filesystem::create_directory_symlink(dir.path(), dir / "folder");
  const RunLock held(dir / "a.db", "sync", kNow);
  EXPECT_THAT([&] { RunLock(dir / "link.db", "sync", kNow); }, is_held());
  EXPECT_THAT([&] { RunLock(dir.path() / "folder" / "a.db", "sync", kNow); }, is_held());
}

// The run that holds the lock makes the database, and with it the link's target.
TEST(RunLock, ThroughALinkToNothingYetIsTheSameLock) {
  const TempDir dir;
  std::filesystem::create_symlink("a.db", dir / "one.db");
  std::filesystem::create_symlink("one.db", dir / "two.db");
  const RunLock held(dir / "two.db", "sync", kNow);
  EXPECT_THAT([&] { RunLock(dir / "a.db", "sync", kNow); }, is_held());
  std::ofstream(dir / "a.db") << "";
  EXPECT_THAT([&] { RunLock(dir / "two.db", "sync", kNow); }, is_held());
}

TEST(RunLock, NamesTheLockFileItCannotMake) {
  const TempDir dir;
  const auto path = dir.path() / "missing" / "a.db";
  EXPECT_THAT([&] { RunLock(path, "sync", kNow); },
              ThrowsMessage<Error>(AllOf(HasSubstr(path.string() + ".lock"), HasSubstr("No such file"))));
}

TEST(RunLock, AFileItMadeGoesWithItUnlessItIsKept) {
  const TempDir dir;
  const auto file = dir / "a.db.lock";
  { const RunLock refused(dir / "a.db", "sync", kNow); }
  EXPECT_FALSE(std::filesystem::exists(file));
  {
    RunLock used(dir / "a.db", "sync", kNow);
    RunLock moved(std::move(used));
    moved.keep_file();
  }
  EXPECT_TRUE(std::filesystem::exists(file));
  { const RunLock refused(dir / "a.db", "sync", kNow); }
  EXPECT_TRUE(std::filesystem::exists(file)) << "it was there before";
}

}  // namespace
}  // namespace pipeline
