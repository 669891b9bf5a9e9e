#include "pipeline/base/task_pool.h"

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

namespace pipeline {

void TaskPool::run(std::size_t count, const Job& job) {
  run_with_tails(count, [&](std::size_t number) -> Task {
    job(number);
    return {};
  });
}

void TaskPool::run_with_tails(std::size_t count, const JobWithTail& job) {
  next_job_ = 0;
  failure_ = nullptr;
  {
    // Twice as many as may work: the others are at their tails, or asleep.
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < 2 * threads_; ++i) others.emplace_back([&] { work(count, job); });
    work(count, job);
  }
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void TaskPool::work(std::size_t count, const JobWithTail& job) {
  Lock lock(mutex_);
  for (;;) {
    const bool has_jobs = next_job_ < count && !failure_;
    if (!has_jobs && waiting_.empty() && running_jobs_ == 0) return;
    if (working_ == threads_ || (!has_jobs && waiting_.empty())) {
      changed_.wait(lock);
      continue;
    }
    ++working_;
    if (has_jobs) {
      run_job(lock, job);
    } else {
      run_task(lock, waiting_.begin());
      --working_;
      changed_.notify_all();
    }
  }
}

void TaskPool::run_job(Lock& lock, const JobWithTail& job) {
  const std::size_t number = next_job_++;
  ++running_jobs_;
  lock.unlock();
  Task tail;
  std::exception_ptr thrown;
  try {
    tail = job(number);
  } catch (...) {
    thrown = std::current_exception();
  }
  lock.lock();
  note_failure(lock, thrown);
  --working_;
  changed_.notify_all();
  if (tail) {
    lock.unlock();
    thrown = nullptr;
    try {
      tail();
    } catch (...) {
      thrown = std::current_exception();
    }
    tail = nullptr;  // what it holds goes before the run may end
    lock.lock();
    note_failure(lock, thrown);
  }
  --running_jobs_;
  changed_.notify_all();
}

void TaskPool::note_failure(const Lock&, std::exception_ptr thrown) {
  if (thrown && !failure_) failure_ = std::move(thrown);
}

void TaskPool::run_task(Lock& lock, std::deque<Waiting>::iterator waiting) {
  Waiting taken = std::move(*waiting);
  waiting_.erase(waiting);
  lock.unlock();
  std::exception_ptr thrown;
  try {
    taken.task();
  } catch (...) {
    thrown = std::current_exception();
  }
  taken.task = nullptr;  // what it holds goes before its group may
  lock.lock();
  if (thrown && !taken.group->failure_) taken.group->failure_ = thrown;
  --taken.group->unfinished_;
  changed_.notify_all();
}

void TaskPool::for_each(std::size_t count, const std::function<void(std::size_t)>& task) {
  TaskGroup group(*this);
  for (std::size_t i = 0; i < count; ++i) group.add([&task, i] { task(i); });
  group.finish();
}

void TaskPool::help_until(const Condition& condition) {
  Lock lock(mutex_);
  while (!condition()) {
    if (waiting_.empty())
      changed_.wait(lock);
    else
      run_task(lock, waiting_.begin());
  }
}

void TaskPool::wake() {
  const Lock lock(mutex_);
  changed_.notify_all();
}

std::size_t TaskPool::available() const {
  const Lock lock(mutex_);
  return threads_ - working_ + 1;
}

TaskGroup::~TaskGroup() {
  TaskPool::Lock lock(pool_.mutex_);
  unfinished_ -= std::erase_if(pool_.waiting_, [this](const auto& waiting) { return waiting.group == this; });
  pool_.changed_.wait(lock, [this] { return unfinished_ == 0; });
}

void TaskGroup::add(TaskPool::Task task) {
  const TaskPool::Lock lock(pool_.mutex_);
  pool_.waiting_.push_back({this, std::move(task)});
  ++unfinished_;
  pool_.changed_.notify_all();
}

void TaskGroup::work_until(const TaskPool::Condition& condition) {
  TaskPool::Lock lock(pool_.mutex_);
  for (;;) {
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
    if (condition()) return;
    const auto own = std::ranges::find(pool_.waiting_, this, &TaskPool::Waiting::group);
    if (own != pool_.waiting_.end())
      pool_.run_task(lock, own);
    else
      pool_.changed_.wait(lock);
  }
}

void TaskGroup::finish() {
  work_until([this] { return unfinished_ == 0; });
}

}  // namespace pipeline
