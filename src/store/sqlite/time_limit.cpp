#include "time_limit.h"

#include <sqlite3.h>

namespace pipeline::store::sqlite {

TimeLimit::TimeLimit(sqlite3* handle, Nanoseconds time)
    : handle_(handle), thread_([this, time] { wait(std::chrono::steady_clock::now() + time); }) {}

TimeLimit::~TimeLimit() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void TimeLimit::wait(std::chrono::steady_clock::time_point end) {
  constexpr std::chrono::milliseconds kAgain{20};  // an interruption that comes before the step begins is lost
  std::unique_lock lock(mutex_);
  while (!changed_.wait_until(lock, end, [this] { return stopped_; })) {
    sqlite3_interrupt(handle_);
    end = std::chrono::steady_clock::now() + kAgain;
  }
}

}  // namespace pipeline::store::sqlite
