#include "pipeline/base/file.h"

#include "command.h"
#include "installed.h"
#include "support/sync_stand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace pipeline::test {
namespace {

using testing::HasSubstr;

// The pages, judged by who shows them.
TEST(ManualRun, IsReadWithoutAWarning) {
  const TempDir dir;
  const Outcome outcome = Process({pipeline_binary(), "generate", "--man", dir.path().string()},
                                  {{"SOURCE_DATE_EPOCH", "1795737600"}}, dir.path())
                              .wait();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(read_file(dir / "pipeline-sync.1"), HasSubstr(" 2026-11-27 "));
  if (!is_installed("mandoc")) GTEST_SKIP() << "mandoc is not installed";
  std::size_t pages = 0;
  for (const auto& entry : std::filesystem::directory_iterator(dir.path())) {
    const std::string section = entry.path().extension().string();
    if (section != ".1" && section != ".5") continue;
    const Outcome judged =
        Process({"/usr/bin/env", "mandoc", "-T", "lint", "-W", "warning", entry.path().string()}, {}, dir.path())
            .wait();
    EXPECT_EQ(judged.exit_code, 0) << judged.out;
    EXPECT_EQ(judged.out, "");
    ++pages;
  }
  EXPECT_EQ(pages, cli::commands().size() + 2);
}

TEST(GenerateRun, SaysWhatIsMissing) {
  const TempDir dir;
  const Outcome outcome = Process({pipeline_binary(), "generate"}, {}, dir.path()).wait();
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("say what: --man DIR, --completions DIR, or --values KIND"));
}

}  // namespace
}  // namespace pipeline::test
