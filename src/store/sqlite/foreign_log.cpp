#include "foreign_log.h"

#include "pipeline/base/error.h"
#include "pipeline/base/file.h"
#include "pipeline/base/text.h"

#include "connection.h"
#include "damage.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <memory>
#include <string>
#include <system_error>

namespace fs = std::filesystem;

namespace pipeline::store::sqlite {
namespace {

struct CloseDatabase {
  void operator()(sqlite3* handle) const noexcept { sqlite3_close_v2(handle); }
};

// `20261128T001500Z`
std::string stamp(WallTime now) {
  std::string text = format_utc(now).substr(0, 19) + "Z";
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

}  // namespace

bool is_whole_without_log(const fs::path& path, Nanoseconds time) {
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(immutable_uri(path).c_str(), &opened,
                                   SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, nullptr);
  const std::unique_ptr<sqlite3, CloseDatabase> handle(opened);
  if (code != SQLITE_OK) return false;
  const auto damage = look_through(handle.get(), time);
  return damage && damage->is_whole && damage->faults.empty();
}

fs::path put_log_away(const fs::path& path, WallTime now) {
  const fs::path log = path.string() + "-wal";
  const fs::path away = fmt::format("{}.away-{}", log.string(), stamp(now));
  std::error_code error;
  fs::rename(log, away, error);
  if (error) throw Error(fmt::format("cannot rename {}: {}: move it away by hand", log.string(), error.message()));
  fs::remove(path.string() + "-shm", error);
  if (error) throw Error(fmt::format("cannot remove {}-shm: {}: remove it by hand", path.string(), error.message()));
  sync_folder(path.parent_path());
  return away;
}

}  // namespace pipeline::store::sqlite
