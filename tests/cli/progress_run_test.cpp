#include "budget_stand.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace pipeline::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// What the command writes to a terminal of the kind as its standard error; `script` starts "$@", which reads `input`.
std::string shown_on(const BudgetStand& stand, const char* kind, const std::string& script, const std::string& input) {
  const Fd master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!master || ::grantpt(master.get()) != 0 || ::unlockpt(master.get()) != 0) return "no terminal";
  Fd terminal(::open(::ptsname(master.get()), O_RDWR | O_NOCTTY | O_CLOEXEC));
  auto environment = stand.environment();
  environment["TERM"] = kind;
  std::vector<std::string> all{"/bin/sh", "-c", script, "sh"};
  const auto command = stand.command({"upsert", input, "--dry-run"});
  all.insert(all.end(), command.begin(), command.end());
  if (Process(all, environment, stand.db().parent_path(), terminal).wait().exit_code != 0) return "failed";
  terminal.reset();  // so that reading comes to an end
  std::string shown;
  std::array<char, 4096> piece{};
  for (ssize_t size = 0; (size = ::read(master.get(), piece.data(), piece.size())) > 0;)
    shown.append(piece.data(), static_cast<std::size_t>(size));
  return shown;
}

std::string shown_on(const BudgetStand& stand, const char* kind) {
  return shown_on(stand, kind, R"(exec "$@" 2>&0)", stand.path("rows.jsonl"));
}

TEST(ProgressRun, ATerminalThatCantEraseALineIsNotAskedTo) {
  const BudgetStand stand;
  EXPECT_THAT(shown_on(stand, "xterm"), HasSubstr("\033[K"));
  const std::string dumb = shown_on(stand, "dumb");
  EXPECT_THAT(dumb, HasSubstr("upsert"));
  EXPECT_THAT(dumb, Not(HasSubstr("\033")));
}

// Nobody knows how much is still to come.
TEST(ProgressRun, APipesProgressIsItsRowsAndTheirRate) {
  const BudgetStand stand;
  const std::string rows = stand.path("rows.jsonl");
  const std::string shown =
      shown_on(stand, "xterm", "exec 3>&0; (cat '" + rows + "'; sleep 1.3; cat '" + rows + R"(') | "$@" 2>&3)", "-");
  EXPECT_THAT(shown, AllOf(HasSubstr("upsert rows "), HasSubstr("/s · "), HasSubstr(" MB")));
  EXPECT_THAT(shown, AllOf(Not(HasSubstr(" left")), Not(HasSubstr("%"))));
}

TEST(ProgressRun, TheLineIsInTheOperatorsLanguage) {
  const BudgetStand stand;
  const std::string rows = stand.path("rows.jsonl");
  const std::string shown =
      shown_on(stand, "xterm",
               "exec 3>&0; (cat '" + rows + "'; sleep 1.3; cat '" + rows + R"(') | LANG=ko_KR.UTF-8 "$@" 2>&3)", "-");
  EXPECT_THAT(shown, AllOf(HasSubstr("상품 파일 "), HasSubstr("초당 "), Not(HasSubstr("rows"))));
}

}  // namespace
}  // namespace pipeline::test
