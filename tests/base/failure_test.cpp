#include "pipeline/base/failure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <new>
#include <stdexcept>

namespace pipeline {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

template <typename Exception>
Failure of(Exception exception) {
  return failure_of(std::make_exception_ptr(std::move(exception)));
}

TEST(Failure, AnErrorSpeaksForItself) {
  const Failure failure = of(TryLaterError("wait for it"));
  EXPECT_EQ(failure.code, ExitCode::try_later);
  EXPECT_EQ(failure.message, "wait for it");
}

TEST(Failure, OneOfTheFileSystemNamesThePath) {
  const Failure failure = of(
      std::filesystem::filesystem_error("exists", "/srv/store.db", std::make_error_code(std::errc::permission_denied)));
  EXPECT_EQ(failure.code, ExitCode::failed);
  EXPECT_THAT(failure.message, AllOf(HasSubstr("cannot use /srv/store.db: Permission denied"), HasSubstr("look at")));
}

TEST(Failure, WantOfMemorySaysWhatToDo) {
  const Failure failure = of(std::bad_alloc());
  EXPECT_EQ(failure.code, ExitCode::failed);
  EXPECT_THAT(failure.message, HasSubstr("no memory left: give it more"));
}

TEST(Failure, AnyOtherIsAFailedRunInItsOwnWords) {
  const Failure failure = of(std::out_of_range("position 7"));
  EXPECT_EQ(failure.code, ExitCode::failed);
  EXPECT_THAT(failure.message, AllOf(HasSubstr("position 7"), HasSubstr("run again")));
  EXPECT_EQ(of(42).code, ExitCode::failed);
  EXPECT_THAT(of(42).message, HasSubstr("not foreseen"));
}

}  // namespace
}  // namespace pipeline
