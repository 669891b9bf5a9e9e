#include "pipeline/base/file.h"

#include "installed.h"
#include "parse.h"
#include "support/sync_stand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

namespace pipeline::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using PackagedWords = std::vector<std::string>;

const std::filesystem::path kPackaging = std::filesystem::path(PIPELINE_SOURCE_DIR) / "packaging";
const std::filesystem::path kUnits = PIPELINE_UNITS;

// What is shipped as /etc/pipeline/pipeline.toml.
class SampleConfig : public testing::Test {
 protected:
  [[nodiscard]] std::string write(const std::string& text) const {
    std::ofstream(dir_ / "pipeline.toml") << text;
    return (dir_ / "pipeline.toml").string();
  }
  const std::string text_ = read_file(kPackaging / "pipeline.toml");
  TempDir dir_;
};

TEST_F(SampleConfig, IsRead) {
  const auto config = write(text_);
  EXPECT_EQ(parse_sync({"--config", config}).common.db, "/var/lib/pipeline/store.db");
  EXPECT_EQ(parse_as<cli::PackageCommand>({"package", "--from-queue", "--config", config}).posts_dir,
            "/var/lib/pipeline/posts");
}

// A key that is not set has only to lose its `#`.
TEST_F(SampleConfig, IsReadWithEachOfItsKeysSet) {
  const std::regex unset("#([a-z][a-z-]* = )");
  EXPECT_GT(std::distance(std::sregex_iterator(text_.begin(), text_.end(), unset), std::sregex_iterator()), 5);
  const auto config = write(std::regex_replace(text_, unset, "$1"));
  const auto sync = parse_sync({"--config", config});
  EXPECT_EQ(sync.options.statuses.size(), 3U);
  EXPECT_EQ(sync.common.budget, "/usr/share/pipeline/budget.json");
}

// The units of the nights.
class UnitsRun : public testing::Test {
 protected:
  // Laid beside each other as they are installed, but that they call the executable of this build; and the store mugs.
  void SetUp() override {
    for (const auto& folder : {kUnits, kPackaging / "systemd"})
      for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        if (!name.ends_with(".service") && !name.ends_with(".timer")) continue;
        const std::string text =
            std::regex_replace(read_file(entry.path()), std::regex("ExecStart=\\S+"), "ExecStart=" + pipeline_binary());
        std::ofstream(dir_ / name) << text;
        if (const auto at = name.find('@'); at != name.npos)
          std::ofstream(dir_ / (name.substr(0, at) + "@mugs" + name.substr(at + 1))) << text;
      }
  }
  [[nodiscard]] Outcome analyze(PackagedWords arguments) const {
    arguments.insert(arguments.begin(), {"/usr/bin/env", "systemd-analyze"});
    return Process(arguments, {}, dir_.path()).wait();
  }
  [[nodiscard]] std::string unit(const std::string& name) const { return (dir_ / name).string(); }

  TempDir dir_;
};

TEST_F(UnitsRun, HaveNoFaults) {
  if (!is_installed("systemd-analyze")) GTEST_SKIP() << "systemd is not installed";
  const Outcome outcome = analyze({"verify", "--man=no", unit("pipeline-night.service"), unit("pipeline-night.timer"),
                                   unit("pipeline-night@mugs.service"), unit("pipeline-night@mugs.timer")});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out + outcome.err, IsEmpty());
}

TEST_F(UnitsRun, ExposeLittle) {
  if (!is_installed("systemd-analyze")) GTEST_SKIP() << "systemd is not installed";
  for (const char* name : {"pipeline-night.service", "pipeline-night@mugs.service"}) {
    const Outcome outcome = analyze({"security", "--offline=true", "--threshold=19", "--no-pager", unit(name)});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  }
}

// What they call is a call that the program understands.
TEST_F(UnitsRun, CallTheProgramAsItIs) {
  const std::string config = (dir_ / "pipeline.toml").string();
  std::ofstream(config) << "[store.mugs]\ndb = \"mugs.db\"\n";
  for (const char* name : {"pipeline-night.service", "pipeline-night@mugs.service"}) {
    const std::string text = read_file(unit(name));
    std::smatch call;
    ASSERT_TRUE(std::regex_search(text, call, std::regex("ExecStart=\\S+ (.*)"))) << name;
    std::istringstream words(call[1].str());
    PackagedWords arguments;
    for (std::string word; words >> word;)
      arguments.push_back(word == "%i" ? "mugs" : word.ends_with("/pipeline.toml") ? config : word);
    EXPECT_EQ(usage_error(arguments), "") << name;
    EXPECT_STREQ(parse(arguments).entry->name, "night");
  }
}

// Each store has an id and a secret of its own.
TEST_F(UnitsRun, AreGivenTheSecretAsACredential) {
  EXPECT_THAT(read_file(unit("pipeline-night.service")), HasSubstr("/pipeline/client-secret\n"));
  EXPECT_THAT(read_file(unit("pipeline-night@mugs.service")), HasSubstr("/pipeline/%i.client-secret\n"));
  for (const char* name : {"pipeline-night.service", "pipeline-night@mugs.service"})
    EXPECT_THAT(read_file(unit(name)), HasSubstr("Environment=NAVER_COMMERCE_CLIENT_SECRET_FILE=%d/client-secret\n"));
}

}  // namespace
}  // namespace pipeline::test
