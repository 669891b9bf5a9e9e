#pragma once

#include "pipeline/base/clock.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What the page says before the measurements, for people: what there is to do, what changed, how the nights went, and
// what waits. Plain values, which cli/ fills.
namespace pipeline::report {

// The same in both languages of the page.
struct Words {
  std::string ko, en;
};

// A sentence of a post that the catalogue no longer bears out.
struct Outdated {
  std::string place;     // body.md:12
  std::string sentence;  // as it stands there
  Words field;           // 판매가
  std::string product;   // its name or number
  Words before, after;   // after is empty: it is gone
};

// One thing to do.
struct Task {
  std::string id;      // content_id, SOURCE:SKU or a command: what the reader looks for
  std::string reason;  // the kind of its reason in `status --json`
  std::string title;   // may be empty
  std::string folder;
  std::string link;  // of the post's call to action
  std::string product;
  Words why;  // a sentence
  std::vector<Outdated> outdated{};
  std::vector<Words> details{};  // a line each
  std::string command{};         // that helps, as it is typed
  std::optional<WallTime> since{};
  std::string picture{};  // a JPEG; empty: none
  int picture_width = 0;
  int picture_height = 0;
};

// The things of a kind; those that are left out are counted.
struct TaskList {
  std::vector<Task> tasks;
  std::size_t more = 0;

  [[nodiscard]] std::size_t size() const noexcept { return tasks.size() + more; }
};

enum class Direction { none, up, down };

struct Changed {
  std::string product;  // its number
  std::string name;     // may be empty
  Words field;          // 판매가; of a new or removed product empty
  Words before, after;
  Direction direction = Direction::none;
};

struct ChangedList {
  std::int64_t count = 0;
  std::vector<Changed> latest;
};

struct Changes {
  WallTime since{};
  bool since_page = false;  // that is when the page before was made
  ChangedList price, stock, state, fresh, removed;
  ChangedList words;  // whose words that differ are marked
  std::int64_t others = 0;
};

enum class NightState { none, ran, ran_again, partly, failed, stopped, put_off, unfinished, missing };

struct Night {
  std::chrono::sys_days day{};
  NightState state = NightState::none;
  std::vector<std::pair<WallTime, NightState>> runs;  // when each began, and how it ended
  std::size_t more_runs = 0;
};

struct CommandNights {
  std::string command;
  std::vector<Night> nights;  // whole weeks from a Monday on, but for the last
};

struct Backlog {
  std::int64_t today = 0, this_week = 0, longer = 0;  // entries by how long they have waited
  std::int64_t failed = 0;
  std::optional<WallTime> oldest{};
  std::vector<std::pair<std::chrono::sys_days, std::int64_t>> queued;  // entries, each night
};

struct Morning {
  std::string store;  // whose database it is; may be empty
  TaskList write, upload, take_down, mend, look;
  Changes changes;
  std::vector<CommandNights> nights;
  Backlog backlog;
  std::int64_t products = 0;

  [[nodiscard]] std::size_t todo() const noexcept {
    return write.size() + upload.size() + take_down.size() + mend.size() + look.size();
  }
};

}  // namespace pipeline::report
