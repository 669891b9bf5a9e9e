#include "command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace pipeline::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class CommandTexts : public testing::Test {
 protected:
  [[nodiscard]] const OptionText& option(const std::string& command, const std::string& name) const {
    const auto& options = std::ranges::find(program_.commands, command, &CommandText::name)->options;
    return *std::ranges::find_if(
        options, [&](const OptionText& one) { return one.type == name || std::ranges::count(one.names, name) > 0; });
  }
  const ProgramText program_ = program_text();
};

TEST_F(CommandTexts, HaveEveryLineOfTheTable) {
  ASSERT_EQ(program_.commands.size(), commands().size());
  for (std::size_t i = 0; i < commands().size(); ++i) {
    EXPECT_EQ(program_.commands[i].name, commands()[i].name);
    EXPECT_EQ(program_.commands[i].is_group, commands()[i].make == nullptr);
  }
}

TEST_F(CommandTexts, KnowTheWordsOfAChoice) {
  EXPECT_THAT(option("queue list", "--format").words, ElementsAre("csv", "json", "table"));
  EXPECT_EQ(option("queue list", "--format").values, Values::words);
  EXPECT_THAT(option("queue list", "--status").words, ElementsAre("PENDING", "CLAIMED", "DONE", "FAILED"));
  EXPECT_EQ(option("queue list", "--status").values, Values::list);
  EXPECT_THAT(option("sync", "--log-level").words, ElementsAre("debug", "error", "info", "off", "trace", "warn"));
  EXPECT_THAT(option("sync", "--workers").words, IsEmpty());
}

TEST_F(CommandTexts, KnowWhatAValueIs) {
  EXPECT_EQ(option("sync", "--full").values, Values::none);
  EXPECT_EQ(option("sync", "--workers").values, Values::any);
  EXPECT_EQ(option("sync", "--db").values, Values::file);
  EXPECT_EQ(option("sync", "--metrics-dir").values, Values::folder);
  EXPECT_EQ(option("package", "POST").values, Values::folder);
  EXPECT_EQ(option("upsert", "FILE").values, Values::file);
  EXPECT_EQ(option("report show", "RUN.csv").values, Values::file);
  EXPECT_EQ(option("report compare", "BASE").values, Values::file);
  EXPECT_EQ(option("post published", "CONTENT_ID").values, Values::content_ids);
}

TEST_F(CommandTexts, KnowWhereElseAnOptionMayStand) {
  EXPECT_EQ(option("sync", "--workers").key, "workers");
  EXPECT_EQ(option("sync", "--workers").variable, "PIPELINE_SYNC_WORKERS");
  EXPECT_EQ(option("queue claim", "--lease").variable, "PIPELINE_QUEUE_LEASE");
  EXPECT_EQ(option("queue claim", "--db").variable, "PIPELINE_DB");
  EXPECT_TRUE(option("queue claim", "--db").common);
  EXPECT_EQ(option("sync", "--rebind").key, "");
  EXPECT_EQ(option("sync", "--rebind").variable, "");
  EXPECT_EQ(option("sync", "--workers").standard, "10");
}

// A group's option that one of its commands does not have is not told of it.
TEST_F(CommandTexts, AreOfTheCommandAlone) {
  const auto has = [&](const std::string& command, const std::string& name) {
    const auto& options = std::ranges::find(program_.commands, command, &CommandText::name)->options;
    return std::ranges::any_of(options, [&](const auto& one) { return std::ranges::count(one.names, name) > 0; });
  };
  EXPECT_TRUE(has("report show", "--budget"));
  EXPECT_FALSE(has("report compare", "--budget"));
}

}  // namespace
}  // namespace pipeline::cli
