#pragma once

#include "pipeline/base/clock.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace pipeline::store {

// What is old enough to go.
struct Term {
  WallTime before{};           // what ended, or began, before
  std::int64_t keep_runs = 1;  // the last runs of each command stay, however old
};

// How much of it there is; bytes are about those of its texts.
struct Outdated {
  std::int64_t entries = 0;
  std::int64_t entry_bytes = 0;
  std::int64_t runs = 0;
  std::int64_t run_bytes = 0;
};

struct Space {
  std::uint64_t bytes = 0;  // of the database
  std::uint64_t freed = 0;  // of these, what nothing is in
  bool returns = false;     // whether give_back() can make it smaller
};

// What keeps a database from growing with the years. Entries that wait for a hand (PENDING, CLAIMED, FAILED) and runs
// that have not ended are never old. Each call that removes is one transaction of as many rows as it is told; the
// caller leaves time between them for others that write. Errors and threads as of Catalogue.
class Upkeep {
 public:
  virtual ~Upkeep() = default;

  // Works on a store that was opened for reading.
  [[nodiscard]] virtual Outdated outdated(const Term& term) = 0;
  [[nodiscard]] virtual Space space() = 0;

  // DONE entries that ended before, and runs that began before. Returns how many went; 0: there are no more. The rows
  // are looked for before anybody is locked out, each once: those that become old meanwhile are for the next time.
  virtual std::int64_t remove_entries(const Term& term, std::int64_t rows) = 0;
  virtual std::int64_t remove_runs(const Term& term, std::int64_t rows) = 0;

  // Since when a post's folder was found missing, by content_id.
  [[nodiscard]] virtual std::map<std::string, WallTime> missing_posts() = 0;
  // All at once, in the place of what was noted.
  virtual void note_missing_posts(const std::map<std::string, WallTime>& posts) = 0;

  // Makes the database smaller by so many of its freed pages. False: there are none, or it can't.
  virtual bool give_back(std::int64_t pages) = 0;
};

}  // namespace pipeline::store
