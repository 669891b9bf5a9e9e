#pragma once

#include "pipeline/base/clock.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

struct sqlite3;

namespace pipeline::store::sqlite {

// Ends what the connection is doing when its time has come, by a thread of its own: a look through all pages is one
// step of SQLite's, which asks nothing in between but whether it was interrupted.
class TimeLimit {
 public:
  TimeLimit(sqlite3* handle, Nanoseconds time);
  ~TimeLimit();
  TimeLimit(const TimeLimit&) = delete;
  TimeLimit& operator=(const TimeLimit&) = delete;

 private:
  void wait(std::chrono::steady_clock::time_point end);

  sqlite3* const handle_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopped_ = false;  // under mutex_
  std::thread thread_;
};

}  // namespace pipeline::store::sqlite
