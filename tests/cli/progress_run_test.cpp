#include "budget_stand.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace pipeline::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// What the command writes to a terminal of the kind as its standard error.
std::string shown_on(const BudgetStand& stand, const char* kind) {
  const Fd master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!master || ::grantpt(master.get()) != 0 || ::unlockpt(master.get()) != 0) return "no terminal";
  const Fd terminal(::open(::ptsname(master.get()), O_RDWR | O_NOCTTY | O_CLOEXEC));
  auto environment = stand.environment();
  environment["TERM"] = kind;
  std::vector<std::string> all{"/bin/sh", "-c", R"(exec "$@" 2>&0)", "sh"};
  const auto command = stand.command({"upsert", stand.path("rows.jsonl"), "--dry-run"});
  all.insert(all.end(), command.begin(), command.end());
  if (Process(all, environment, stand.db().parent_path(), terminal).wait().exit_code != 0) return "failed";
  std::array<char, 4096> text{};
  ::fcntl(master.get(), F_SETFL, O_NONBLOCK);
  const ssize_t size = ::read(master.get(), text.data(), text.size());
  return {text.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

TEST(ProgressRun, ATerminalThatCantEraseALineIsNotAskedTo) {
  const BudgetStand stand;
  EXPECT_THAT(shown_on(stand, "xterm"), HasSubstr("\033[K"));
  const std::string dumb = shown_on(stand, "dumb");
  EXPECT_THAT(dumb, HasSubstr("upsert"));
  EXPECT_THAT(dumb, Not(HasSubstr("\033")));
}

}  // namespace
}  // namespace pipeline::test
