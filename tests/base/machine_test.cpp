#include "pipeline/base/machine.h"

#include "support/temp_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/utsname.h>

#include <filesystem>
#include <thread>

namespace pipeline {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(Machine, IsDescribed) {
  const Machine machine = describe_machine(std::filesystem::temp_directory_path());
  utsname name{};
  ASSERT_EQ(::uname(&name), 0);
  EXPECT_FALSE(machine.processor.empty());
  EXPECT_EQ(machine.cores, std::thread::hardware_concurrency());
  EXPECT_THAT(machine.memory, testing::MatchesRegex("[0-9]+\\.[0-9] GiB"));
  EXPECT_THAT(machine.kernel, AllOf(HasSubstr(name.release), HasSubstr(name.machine)));
}

TEST(Machine, TellsTheFileSystemOfTheFolderAndNotOfOneNamedAlike) {
  EXPECT_EQ(describe_machine("/proc").file_system, "proc");
  EXPECT_EQ(describe_machine("/proc/self/fd").file_system, "proc");
  EXPECT_NE(describe_machine("/processes/of/nobody").file_system, "proc");
}

TEST(Machine, FollowsALinkToWhereTheFolderReallyIs) {
  const test::TempDir folder;
  std::filesystem::create_directory_symlink("/proc/sys", folder / "link");
  EXPECT_EQ(describe_machine(folder / "link").file_system, "proc");
}

}  // namespace
}  // namespace pipeline
