#include "pipeline/base/log.h"

#include "child_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sstream>
#include <thread>

namespace pipeline::log {
namespace {

using nlohmann::json;
using test::ChildProcess;
using testing::ElementsAre;
using testing::MatchesRegex;

constexpr const char* kTrace = "4bf92f3577b34da6a3ce929d0e0e4736";

// The lines a program with these options writes to standard error. In a child: the log is the one global.
std::vector<std::string> lines_of(const Options& options, const std::function<void()>& body) {
  ChildProcess child([&] {
    init(options);
    body();
    return 0;
  });
  std::istringstream text(child.read_all());
  EXPECT_EQ(child.exit_code(), 0);
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

std::vector<json> objects_of(Level level, const std::function<void()>& body) {
  std::vector<json> objects;
  for (const auto& line : lines_of({level, Format::json, kTrace}, body)) objects.push_back(json::parse(line));
  return objects;
}

TEST(Log, TextLinesCarryTimeLevelTraceAndSku) {
  const auto lines = lines_of({Level::info, Format::text, kTrace}, [] {
    info("listed {} products", 12);
    const SkuScope scope("1001");
    warn("again");
  });
  const std::string time = "[0-9]+-[0-9]+-[0-9]+T[0-9]+:[0-9]+:[0-9]+\\.[0-9]+Z ";
  EXPECT_THAT(lines, ElementsAre(MatchesRegex(time + "info +trace_id=" + kTrace + " listed 12 products"),
                                 MatchesRegex(time + "warn[a-z]* +trace_id=" + kTrace + " sku=1001 again")));
}

TEST(Log, JsonLinesCarryTimeLevelTraceAndSku) {
  const auto lines = objects_of(Level::info, [] {
    info("one");
    const SkuScope scope("1001");
    error("two");
  });
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].at("trace_id"), kTrace);
  EXPECT_EQ(lines[0].at("level"), "info");
  EXPECT_EQ(lines[0].at("message"), "one");
  EXPECT_FALSE(lines[0].contains("sku"));
  EXPECT_THAT(lines[0].at("time").get<std::string>(),
              MatchesRegex("[0-9]+-[0-9]+-[0-9]+T[0-9]+:[0-9]+:[0-9]+\\.[0-9]+Z"));
  EXPECT_EQ(lines[1].at("trace_id"), kTrace);
  EXPECT_EQ(lines[1].at("level"), "error");
  EXPECT_EQ(lines[1].at("sku"), "1001");
}

TEST(Log, AJsonLineStaysValidWhateverTheMessage) {
  const std::string message = "said \"no\"\nand {} \\ \t\x01 한글 {0}";
  const auto lines = objects_of(Level::info, [&] {
    const SkuScope scope("a\"b");
    info("{}", message);
  });
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].at("message"), message);
  EXPECT_EQ(lines[0].at("sku"), "a\"b");
}

TEST(Log, SkuScopesNestAndBelongToTheirThread) {
  const auto lines = objects_of(Level::info, [] {
    const SkuScope outer("1");
    {
      const SkuScope inner("2");
      info("");
      std::thread([] { info(""); }).join();
    }
    info("");
  });
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0].at("sku"), "2");
  EXPECT_FALSE(lines[1].contains("sku"));
  EXPECT_EQ(lines[2].at("sku"), "1");
}

TEST(Log, LinesBelowTheLevelAreNotWritten) {
  const auto write_all_levels = [] {
    debug("debug");
    info("info");
    warn("warn");
    error("error");
  };
  const std::pair<Level, std::size_t> cases[] = {{Level::trace, 4}, {Level::debug, 4}, {Level::info, 3},
                                                 {Level::warn, 2},  {Level::error, 1}, {Level::off, 0}};
  for (const auto& [level, lines] : cases)
    EXPECT_EQ(lines_of({level, Format::text, kTrace}, write_all_levels).size(), lines) << static_cast<int>(level);
}

TEST(Log, TheGuardIsCalledAroundEachLine) {
  const auto lines = lines_of({Level::info, Format::text, kTrace}, [] {
    set_line_guard([](bool before) { fmt::print(stderr, "{}\n", before ? "before" : "after"); });
    info("line");
    debug("not written");
    set_line_guard(nullptr);
    info("line");
  });
  EXPECT_THAT(lines, ElementsAre("before", testing::EndsWith(" line"), "after", testing::EndsWith(" line")));
}

}  // namespace
}  // namespace pipeline::log
