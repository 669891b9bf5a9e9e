#pragma once

#include "pipeline/base/clock.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::store {

// The schema that a database has, and the one that this program brings it to.
struct SchemaVersion {
  std::int64_t found = 0;  // 0: it is empty
  std::int64_t known = 0;
};

// What a look through all of a database found.
struct Damage {
  std::vector<std::string> faults;  // the first few
  bool is_whole = true;             // false: there was no time for all of it
};

// In bytes.
struct Room {
  std::uintmax_t database = 0;
  std::uintmax_t log = 0;   // written, and not moved into the database yet
  std::uintmax_t free = 0;  // where it lies, for this user
};

// Whether what a database needs of its file system was tried there. `untried`: that takes writing.
enum class PlaceTrial { fit, untried };

// What there is to know of a database's server.
struct ServerFacts {
  std::string version;  // as it calls itself: PostgreSQL 15.8
  bool is_encrypted = false;
  std::int64_t free_connections = 0;        // for this user
  std::chrono::milliseconds clock_ahead{};  // of this machine's
};

// Another database beside one that holds the products of the same store.
struct Twin {
  std::string name;
  std::optional<WallTime> last_run;  // when it began
};

// Looks at a database and its place, and changes nothing: also at one of an older version. Each call fails by itself;
// those that open it throw what Database::open() throws, but for an older version. One thread at a time.
class Inspection {
 public:
  virtual ~Inspection() = default;

  [[nodiscard]] virtual SchemaVersion version() = 0;
  // Reads the whole database, but ends at `until`.
  [[nodiscard]] virtual Damage look_through(SteadyTime until) = 0;
  [[nodiscard]] virtual Room room() = 0;
  // Throws Error when it could not be written to.
  virtual void check_writable() = 0;
  // Throws UsageError when the file system lacks what a database needs; there may be none yet.
  [[nodiscard]] virtual PlaceTrial try_place() = 0;
  // The run that has it now, as Database::lock() noted it: who waits for nothing and gets in nobody's way may ask.
  [[nodiscard]] virtual std::optional<std::string> holder() = 0;

  // Of a database that is on a server (Database::is_on_server).
  [[nodiscard]] virtual ServerFacts server() { return {}; }

  // --- what hands do wrong ---

  // Whether there is a log beside it that makes it a damaged one: without it, it is whole. Such a log is another
  // database's, left where that one was replaced by a copy. False also when there was no time to tell.
  [[nodiscard]] virtual bool has_foreign_log(SteadyTime until) = 0;
  // What a restore that was broken off has left.
  [[nodiscard]] virtual std::vector<std::filesystem::path> litter() = 0;
  [[nodiscard]] virtual std::vector<Twin> twins(std::string_view source) = 0;
};

}  // namespace pipeline::store
