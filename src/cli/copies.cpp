#include "copies.h"

#include "pipeline/base/error.h"
#include "pipeline/base/text.h"

#include <fmt/format.h>

namespace pipeline::cli {

std::unique_ptr<store::Backups> backups_of(Session& session) {
  auto backups = session.database().backups(session.clock());
  if (backups == nullptr)
    throw UsageError(
        fmt::format("{} is copied and put back by its server's own tools, pg_dump and pg_restore: "
                    "docs/postgresql.md has the commands",
                    session.database().name()));
  return backups;
}

std::string stamp_of(WallTime time) {
  std::string stamp = format_utc(time).substr(0, 19);
  std::erase_if(stamp, [](char c) { return c == '-' || c == ':'; });
  return stamp + "Z";
}

void stop_on_signal(const Interrupt& interrupt, const char* what) {
  if (const int signal = interrupt.signal(); signal != 0)
    throw Error(fmt::format("{} by {}: nothing was changed", what, word_of_signal(signal)),
                exit_code_of_signal(signal));
}

}  // namespace pipeline::cli
