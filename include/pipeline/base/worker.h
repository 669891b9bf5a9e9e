#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

namespace pipeline {

// Runs tasks one after another, in the order they were given: the one thread that owns the database, say.
class Worker {
 public:
  using Task = std::function<void()>;

  virtual ~Worker() = default;
  // Hands over a task. Waits while the queue is full. Rethrows what an earlier task threw; later tasks are then
  // dropped.
  virtual void post(Task task) = 0;
  // Waits until all tasks given so far are done. Rethrows what a task threw.
  virtual void drain() = 0;
  // Rethrows what a task threw, without waiting.
  virtual void check() = 0;
  // Drops the tasks that wait and lets the present one end: after it nothing of the caller is in use.
  virtual void cancel() noexcept = 0;
  // Whether post() would wait: the caller can do something better meanwhile.
  [[nodiscard]] virtual bool full() const = 0;
};

// A worker with a thread of its own and a bounded queue. The destructor drops what is still queued and joins.
class ThreadWorker final : public Worker {
 public:
  explicit ThreadWorker(std::size_t capacity);
  ~ThreadWorker() override;

  void post(Task task) override;
  void drain() override;
  void check() override;
  void cancel() noexcept override;
  [[nodiscard]] bool full() const override;

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

// A worker without a thread: each task is done before post() returns. For runs under a clock that is turned by hand.
class InlineWorker final : public Worker {
 public:
  void post(Task task) override { task(); }
  void drain() override {}
  void check() override {}
  void cancel() noexcept override {}
  [[nodiscard]] bool full() const override { return false; }
};

}  // namespace pipeline
