#include "pipeline/base/file.h"

#include "budget_stand.h"
#include "command_line.h"
#include "installed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

namespace pipeline::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;
using Words = std::vector<std::string>;

// The scripts that the executable writes, read by the shells that they are for.
class CompletionsRun : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TempDir>();
    const Outcome outcome =
        Process({pipeline_binary(), "generate", "--completions", folder_->path().string()}, {}, folder_->path()).wait();
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  }
  static void TearDownTestSuite() { folder_.reset(); }

  static std::string script(const std::string& name) { return (*folder_ / name).string(); }
  static Outcome shell(Words command) {
    command.insert(command.begin(), "/usr/bin/env");  // looks for it
    return Process(command, {}, folder_->path()).wait();
  }

  // What bash offers for the last of the words, which are parted as bash parts them.
  static Words bash(const Words& words) {
    std::string line = "source " + script("pipeline") + "\nCOMP_WORDS=(";
    for (const std::string& word : words) line += "'" + word + "' ";
    line += ")\nCOMP_CWORD=" + std::to_string(words.size() - 1) +
            "\ncomplete -p pipeline >/dev/null || exit 9\n_pipeline\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n";
    const Outcome outcome = shell({"bash", "-c", line});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "");
    return lines_of(outcome.out);
  }
  // What fish offers, without the descriptions.
  static Words fish(const std::string& line) {
    const Outcome outcome =
        shell({"fish", "--no-config", "-c", "source " + script("pipeline.fish") + "; complete -C " + "'" + line + "'"});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "");
    return lines_of(outcome.out);
  }
  static Words lines_of(const std::string& text) {
    Words lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);)
      if (!line.empty()) lines.push_back(line.substr(0, line.find('\t')));
    return lines;
  }

  inline static std::unique_ptr<TempDir> folder_;
};

TEST_F(CompletionsRun, BashOffersEachCommandAndEachOptionOfTheTable) {
  const auto program = cli::program_text();
  for (const auto& command : program.commands) {
    Words line{"pipeline"};
    std::istringstream names(command.name);
    for (std::string name; names >> name;) line.push_back(name);
    EXPECT_THAT(bash(line), Contains(line.back())) << command.name;
    line.push_back("-");
    const Words offered = bash(line);
    std::size_t options = 0;
    for (const auto& option : command.options)
      for (const std::string& name : option.names) {
        EXPECT_THAT(offered, Contains(name)) << command.name;
        ++options;
      }
    EXPECT_EQ(offered.size(), options) << command.name;
  }
}

TEST_F(CompletionsRun, BashOffersTheCommandsOfAGroup) {
  EXPECT_THAT(bash({"pipeline", "queue", ""}), ElementsAre("list", "claim", "done", "fail", "retry"));
  EXPECT_THAT(bash({"pipeline", "queue", "--db", "list", "cl"}), ElementsAre("claim"));
  EXPECT_THAT(bash({"pipeline", ""}), AllOf(Contains("sync"), Contains("queue"), Not(Contains("list"))));
}

TEST_F(CompletionsRun, BashOffersTheWordsOfAChoice) {
  EXPECT_THAT(bash({"pipeline", "queue", "list", "--format", ""}), ElementsAre("csv", "json", "table"));
  EXPECT_THAT(bash({"pipeline", "queue", "list", "--format", "="}), ElementsAre("csv", "json", "table"));
  EXPECT_THAT(bash({"pipeline", "queue", "list", "--format", "=", "j"}), ElementsAre("json"));
  EXPECT_THAT(bash({"pipeline", "queue", "list", "--status", "F"}), ElementsAre("FAILED"));
  EXPECT_THAT(bash({"pipeline", "queue", "list", "--status", "DONE,P"}), ElementsAre("DONE,PENDING"));
  EXPECT_THAT(bash({"pipeline", "queue", "list", "--format", "json", ""}), IsEmpty());
  EXPECT_THAT(bash({"pipeline", "sync", "--workers", ""}), IsEmpty());
}

TEST_F(CompletionsRun, BashOffersFilesAndFolders) {
  std::filesystem::create_directory(*folder_ / "posts of spring");
  std::ofstream(*folder_ / "posts.csv") << "sku\n";
  const std::string begun = (*folder_ / "posts").string();
  EXPECT_THAT(bash({"pipeline", "package", begun}), ElementsAre(begun + " of spring"));
  EXPECT_THAT(bash({"pipeline", "upsert", begun}), UnorderedElementsAre(begun + " of spring", begun + ".csv"));
}

TEST_F(CompletionsRun, FishOffersTheSame) {
  if (!is_installed("fish")) GTEST_SKIP() << "fish is not installed";
  const auto program = cli::program_text();
  for (const auto& command : program.commands) {
    const Words offered = fish("pipeline " + command.name + " --");
    for (const auto& option : command.options)
      for (const std::string& name : option.names)
        if (name.starts_with("--")) {
          EXPECT_THAT(offered, Contains(name)) << command.name;
        }
    EXPECT_THAT(fish("pipeline " + command.name), Contains(command.name.substr(command.name.find(' ') + 1)));
  }
  EXPECT_THAT(fish("pipeline queue "), UnorderedElementsAre("list", "claim", "done", "fail", "retry"));
  EXPECT_THAT(fish("pipeline queue list --format j"), ElementsAre("json"));
  EXPECT_THAT(fish("pipeline queue list --status DONE,P"), ElementsAre("DONE,PENDING"));
}

TEST_F(CompletionsRun, ZshReadsItsOwnAndKnowsEachOption) {
  const std::string text = read_file(script("_pipeline"));
  const auto program = cli::program_text();
  for (const auto& command : program.commands)
    for (const auto& option : command.options)
      for (const std::string& name : option.names) EXPECT_THAT(text, HasSubstr(name)) << command.name;
  if (!is_installed("zsh")) GTEST_SKIP() << "zsh is not installed";
  const Outcome outcome = shell({"zsh", "-n", script("_pipeline")});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
}

// What the database knows is asked of the executable that is typed, with the database that stands on the line.
TEST_F(CompletionsRun, ContentIdsComeFromTheDatabaseOfTheLine) {
  BudgetStand stand;
  ASSERT_EQ(stand.sync({"--quiet"}).exit_code, 0);
  ASSERT_EQ(stand.package({"--quiet"}).exit_code, 0);
  const std::string binary = pipeline_binary();
  EXPECT_THAT(bash({binary, "post", "published", "--db", stand.db(), ""}), ElementsAre("P1"));
  EXPECT_THAT(bash({binary, "post", "forget", "--db", "=", stand.db(), "P"}), ElementsAre("P1"));
  EXPECT_THAT(bash({binary, "post", "published", "--db", stand.path("none.db"), ""}), IsEmpty());
  if (!is_installed("fish")) GTEST_SKIP() << "fish is not installed";
  const std::string path = "set PATH " + std::filesystem::path(binary).parent_path().string() + " $PATH; ";
  const std::string line = "pipeline post published --db " + stand.db().string() + " ";
  EXPECT_EQ(lines_of(shell({"fish", "--no-config", "-c",
                            path + "source " + script("pipeline.fish") + "; complete -C '" + line + "'"})
                         .out),
            Words{"P1"});
}

TEST_F(CompletionsRun, StoresComeFromTheConfigFileOfTheLine) {
  const std::string config = (*folder_ / "stores.toml").string();
  std::ofstream(config) << "[store.mugs]\ndb = \"mugs.db\"\n[store.tea]\ndb = \"tea.db\"\n";
  EXPECT_THAT(bash({pipeline_binary(), "sync", "--config", config, "--store", ""}), ElementsAre("mugs", "tea"));
  EXPECT_THAT(bash({pipeline_binary(), "sync", "--config", config, "--store", "t"}), ElementsAre("tea"));
  EXPECT_THAT(bash({pipeline_binary(), "sync", "--store", ""}), IsEmpty());
}

}  // namespace
}  // namespace pipeline::test
