#include "pipeline/base/worker.h"

#include <pthread.h>

#include <utility>

namespace pipeline {

Worker::Worker(std::size_t capacity) : capacity_(capacity) {
  if (capacity_ > 0) thread_ = std::thread([this] { run(); });
}

Worker::~Worker() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    tasks_.clear();
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Worker::post(Task task) {
  if (capacity_ == 0) return task();
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return tasks_.size() < capacity_ || failure_; });
  rethrow();
  tasks_.push_back(std::move(task));
  lock.unlock();
  changed_.notify_all();
}

void Worker::drain() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return (tasks_.empty() && !busy_) || failure_; });
  rethrow();
}

void Worker::check() {
  const std::lock_guard lock(mutex_);
  rethrow();
}

void Worker::cancel() noexcept {
  std::unique_lock lock(mutex_);
  tasks_.clear();
  changed_.wait(lock, [this] { return !busy_; });
}

bool Worker::full() const {
  const std::lock_guard lock(mutex_);
  return capacity_ > 0 && tasks_.size() >= capacity_ && !failure_;
}

void Worker::rethrow() {
  if (failure_) std::rethrow_exception(failure_);
}

void Worker::run() {
  ::pthread_setname_np(::pthread_self(), "worker");  // so that perf and top tell it from the others
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stop_ || (!tasks_.empty() && !failure_); });
    if (stop_) return;
    Task task = std::move(tasks_.front());
    tasks_.pop_front();
    busy_ = true;
    lock.unlock();
    changed_.notify_all();
    std::exception_ptr failure;
    try {
      task();
    } catch (...) {
      failure = std::current_exception();
    }
    task = nullptr;  // what it holds goes before the lock is taken again
    lock.lock();
    busy_ = false;
    if (failure) {
      failure_ = failure;
      tasks_.clear();
    }
    changed_.notify_all();
  }
}

}  // namespace pipeline
