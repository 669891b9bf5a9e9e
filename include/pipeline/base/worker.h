#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

namespace pipeline {

// Runs tasks one after another, in the order they were given, on a thread of its own: the one that owns the database,
// say. The destructor drops what is still queued and joins.
class Worker {
 public:
  using Task = std::function<void()>;

  // `capacity`: how many tasks may wait. With 0 there is no thread, and each task is done before post() returns: for
  // runs under a clock that is turned by hand.
  explicit Worker(std::size_t capacity);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Hands over a task. Waits while the queue is full. Rethrows what an earlier task threw; later tasks are then
  // dropped.
  void post(Task task);
  // Waits until all tasks given so far are done. Rethrows what a task threw.
  void drain();
  // Rethrows what a task threw, without waiting.
  void check();
  // Drops the tasks that wait and lets the present one end: after it nothing of the caller is in use.
  void cancel() noexcept;
  // Whether post() would wait: the caller can do something better meanwhile.
  [[nodiscard]] bool full() const;

 private:
  void run();
  void rethrow();  // under mutex_

  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> tasks_;  // under mutex_, as are the three below
  bool busy_ = false;
  bool stop_ = false;
  std::exception_ptr failure_;
  std::thread thread_;
};

}  // namespace pipeline
