#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/catalogue/product.h"
#include "pipeline/store/database.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What there is to do for a hand, and how it stands; read from the database alone.
namespace pipeline::status {

// One thing to do. The words that say it are the reader's: `why` is a kind, with what belongs to it.
struct Todo {
  enum class Why {
    stale_words,         // write: a word of the post is outdated
    built,               // upload: never published
    built_anew,          // upload: published, and built with other content since
    not_to_be_had,       // take_down: the product's state in `detail`
    not_built,           // mend: the reasons in `details`
    unreadable,          // look: a product whose detail could not be read, why in `details`
    entries_failed,      // look: `count` entries of the queue
    night_failed,        // look: the last run of a command, its status in `detail`
    night_missing,       // look: no run of a command since
    removals_held_back,  // look: `count` products
    folder_gone          // look: a post without its folder
  };
  Why why;
  std::string content_id{};  // of a post
  std::string folder{};
  std::string title{};
  std::string link{};
  std::string product{};  // SOURCE:SKU
  std::string product_name{};
  std::string command{};  // of a night
  std::string detail{};
  std::vector<std::string> details{};
  std::vector<store::StaleWords> stale{};
  std::int64_t count = 0;
  std::optional<WallTime> since{};
};

// The last run of a command.
struct Night {
  std::string command;
  std::string status;  // as in `runs`
  std::optional<int> exit_code;
  WallTime started_at{};
  std::optional<WallTime> ended_at{};
};

// A product that changed.
struct ProductChange {
  std::string product;       // SOURCE:SKU
  std::string name;          // as the queue calls it
  std::string product_name;  // may be empty
  catalogue::Change change;
};

// Of the last day.
struct DayChanges {
  std::int64_t fresh = 0;
  std::int64_t removed = 0;
  std::int64_t price_up = 0;
  std::int64_t price_down = 0;
  std::int64_t sold_out = 0;
  std::vector<ProductChange> examples;  // prices and stock; at most kExamples
};

struct Status {
  std::vector<Todo> write;
  std::vector<Todo> upload;
  std::vector<Todo> take_down;
  std::vector<Todo> mend;
  std::vector<Todo> look;
  std::vector<Night> nights;  // by command
  DayChanges changes;
  store::QueueTotals queue;
  std::int64_t products = 0;

  [[nodiscard]] std::size_t todo() const noexcept {
    return write.size() + upload.size() + take_down.size() + mend.size() + look.size();
  }
};

inline constexpr std::size_t kExamples = 20;
// A command that ran every night and has not for so long has missed one.
inline constexpr std::chrono::hours kNightMissing{36};

// Works on a store of this database that was opened for reading.
[[nodiscard]] Status read_status(const store::Database& database, store::Store& store, const Clock& clock);

}  // namespace pipeline::status
