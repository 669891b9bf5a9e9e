#include "damage.h"

#include "connection.h"
#include "time_limit.h"

#include <sqlite3.h>

#include <string>
#include <vector>

namespace pipeline::store::sqlite {
namespace {

int note_fault(void* faults, int, char** values, char**) noexcept try {
  const std::string text = values[0] == nullptr ? "" : values[0];
  if (text != "ok") static_cast<std::vector<std::string>*>(faults)->push_back(text);
  return 0;
} catch (...) {
  return 1;
}

}  // namespace

std::optional<Damage> look_through(sqlite3* handle, Nanoseconds time) {
  Damage damage;
  const TimeLimit limit(handle, time);
  const int code = sqlite3_exec(handle, "PRAGMA quick_check(5)", &note_fault, &damage.faults, nullptr);
  if (code == SQLITE_OK) return damage;
  // One that was broken off takes the pages that it has not seen for lost ones.
  if (code == SQLITE_INTERRUPT) return Damage{.faults = {}, .is_whole = false};
  if ((code & 0xff) != SQLITE_CORRUPT) return std::nullopt;
  damage.faults.emplace_back(sqlite3_errmsg(handle));  // the look itself may fail of it
  return damage;
}

Damage look_through(const Connection& connection, Nanoseconds time) {
  auto damage = look_through(connection.handle(), time);
  if (!damage) connection.fail("look through the database");
  return std::move(*damage);
}

}  // namespace pipeline::store::sqlite
