#pragma once

#include <deque>
#include <functional>
#include <mutex>

namespace pipeline::sync {

// Results on their way from the worker's thread to the loop, as closures that the loop runs.
class Inbox {
 public:
  void push(std::function<void()> result) {
    const std::lock_guard lock(mutex_);
    results_.push_back(std::move(result));
  }
  void run_all() {
    for (;;) {
      std::deque<std::function<void()>> results;
      {
        const std::lock_guard lock(mutex_);
        results.swap(results_);
      }
      if (results.empty()) return;
      for (const auto& result : results) result();
    }
  }

 private:
  std::mutex mutex_;
  std::deque<std::function<void()>> results_;
};

}  // namespace pipeline::sync
