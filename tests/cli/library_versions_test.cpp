#include "pipeline/cli/library_versions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::cli {
namespace {

TEST(LibraryVersions, NameWhatTheProgramWorksWith) {
  EXPECT_THAT(library_versions(), testing::MatchesRegex("curl [0-9.]+.*, sqlite 3\\.[0-9.]+, simdjson .*, libzip .*"));
}

}  // namespace
}  // namespace pipeline::cli
