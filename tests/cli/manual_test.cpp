#include "manual.h"

#include "pipeline/base/error.h"

#include "command_line.h"
#include "defaults.h"
#include "parse.h"
#include "roff.h"
#include "support/temp_dir.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <regex>

namespace pipeline::cli {
namespace {

using testing::HasSubstr;

class Manual : public testing::Test {
 protected:
  [[nodiscard]] const std::string& page(const std::string& file) const {
    const auto found = std::ranges::find(pages_, file, &Page::file);
    static const std::string kNone;
    return found == pages_.end() ? kNone : found->text;
  }
  // `queue list`: pipeline-queue-list.1.
  [[nodiscard]] const std::string& page_of(std::string command) const {
    std::ranges::replace(command, ' ', '-');
    return page("pipeline-" + command + ".1");
  }
  const ProgramText program_ = program_text();
  const std::vector<Page> pages_ = manual_pages(program_, {"1.2.3", "2026-11-27"});
};

TEST_F(Manual, HasAPageForEachCommandOfTheTable) {
  EXPECT_EQ(pages_.size(), commands().size() + 2);  // the program's, and the config file's
  for (const Entry& entry : commands()) {
    EXPECT_THAT(page_of(entry.name), HasSubstr(roff::plain(entry.help))) << entry.name;
    EXPECT_THAT(page("pipeline.1"),
                HasSubstr(roff::plain("pipeline-" + std::regex_replace(entry.name, std::regex(" "), "-"))));
  }
}

TEST_F(Manual, HasEachOptionWithTypeDefaultAndDescription) {
  std::size_t options = 0;
  for (const CommandText& command : program_.commands)
    for (const OptionText& option : command.options) {
      const std::string& text = page_of(command.name);
      for (const std::string& name : option.names)
        EXPECT_THAT(text, HasSubstr(roff::bold(name))) << command.name << " " << name;
      if (!option.type.empty()) {
        EXPECT_THAT(text, HasSubstr(roff::italic(option.type))) << command.name;
      }
      std::string said = roff::filled(option.description);
      said.pop_back();  // its line goes on
      EXPECT_THAT(text, HasSubstr(said)) << command.name;
      if (!option.standard.empty()) {
        EXPECT_THAT(text, HasSubstr(roff::plain(fmt::format("Default: {}.", option.standard)))) << command.name;
      }
      if (!option.variable.empty()) {
        EXPECT_THAT(text, HasSubstr(roff::bold(option.variable))) << command.name;
      }
      ++options;
    }
  EXPECT_GT(options, 200U);
}

TEST_F(Manual, HasEachExitCode) {
  for (const char* code : {"0", "1", "2", "3", "4", "75", "130/143"})
    EXPECT_THAT(page_of("sync"), HasSubstr(fmt::format(".TP\n{}\n", roff::bold(code))));
}

TEST_F(Manual, HasTheExamplesAsTheyAre) {
  EXPECT_THAT(page_of("queue fail"), HasSubstr("pipeline queue fail 17 \\-\\-reason \\(aqno picture\\(aq\n"));
}

// Each key with the table it stands in.
TEST_F(Manual, OfTheConfigFileHasEachKeyInItsTable) {
  const std::string& text = page("pipeline.toml.5");
  const auto section = [&](const std::string& title) {
    const std::size_t begin = text.find(".SH " + title + "\n");
    if (begin == text.npos) return std::string();
    return text.substr(begin, text.find("\n.SH ", begin) - begin);
  };
  std::size_t keys = 0;
  for (const CommandText& command : program_.commands) {
    if (command.is_group) continue;
    const std::string table = command.name.substr(0, command.name.find(' '));
    for (const OptionText& option : command.options) {
      const std::string where = section(option.common ? "AT THE TOP" : fmt::format("[{}]", table));
      if (option.key.empty()) continue;
      EXPECT_THAT(where, HasSubstr(".TP\n" + roff::bold(option.key) + " = ")) << command.name;
      ++keys;
    }
  }
  EXPECT_GT(keys, 100U);
  for (const std::string& key : own_store_keys())
    EXPECT_THAT(section("[store.NAME]"), HasSubstr(".TP\n" + roff::bold(key) + " = ")) << key;
}

TEST_F(Manual, OfTheConfigFileHasAnExampleThatIsRead) {
  const std::string& text = page("pipeline.toml.5");
  const std::size_t begin = text.find(".nf\n") + 4;
  std::string example = text.substr(begin, text.find(".fi\n") - begin);
  for (const auto& [escape, sign] : {std::pair{"\\\\\\(dq", "\""}, {"\\\\-", "-"}})
    example = std::regex_replace(example, std::regex(escape), sign);
  const test::TempDir dir;
  std::ofstream(dir / "example.toml") << example;
  const auto sync = test::parse_sync({"--config", (dir / "example.toml").string()});
  EXPECT_EQ(sync.common.db, "/var/lib/pipeline/store.db");
  EXPECT_EQ(sync.options.statuses.size(), 3U);
}

TEST(Roff, KeepsWhatWouldBeACommandOrAnEscape) {
  EXPECT_EQ(roff::filled(".SH NAME"), "\\&.SH NAME\n");
  EXPECT_EQ(roff::filled("'twas \\n --db"), "\\(aqtwas \\en \\-\\-db\n");
  EXPECT_EQ(roff::filled("see `queue list`, not `this"), "see \\fBqueue list\\fR, not \\(gathis\n");
  EXPECT_EQ(roff::example(".x\n y\n"), ".RS 4\n.nf\n\\&.x\n y\n.fi\n.RE\n");
}

TEST(Roff, JoinsTheLinesOfAParagraph) {
  EXPECT_EQ(roff::paragraphs("One\nline.\n\nAnother.\n  as it is\nEnd.\n"),
            "One line.\n.PP\nAnother.\n.RS 4\n.nf\nas it is\n.fi\n.RE\n.PP\nEnd.\n");
}

}  // namespace
}  // namespace pipeline::cli
