#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>

namespace pipeline {

// A fixed number of threads for jobs that are made of tasks. Each thread takes a job and does its tasks; a thread that
// finds no job left to start helps with the tasks of the others. So many jobs run side by side, each on a core of its
// own, and a job that is alone has all cores. No more threads work than the pool has.
class TaskPool {
 public:
  using Task = std::function<void()>;
  using Job = std::function<void(std::size_t)>;
  using JobWithTail = std::function<Task(std::size_t)>;
  using Condition = std::function<bool()>;

  explicit TaskPool(std::size_t threads) noexcept : threads_(threads) {}
  TaskPool(const TaskPool&) = delete;
  TaskPool& operator=(const TaskPool&) = delete;

  // Calls job(0) … job(count - 1), started in this order; the calling thread is one of the pool's. Returns when all
  // have ended. When one throws no further job is started, and the first exception is rethrown.
  void run(std::size_t count, const Job& job);
  // The same for jobs that end with waiting (for the disk, say): what a job returns is done on its thread, while
  // another thread takes its place and begins the next job.
  void run_with_tails(std::size_t count, const JobWithTail& job);

  // Within a job or task: calls task(0) … task(count - 1), several at a time where threads are free, and returns when
  // all are done. Rethrows the first exception; tasks that were not started by then are dropped.
  void for_each(std::size_t count, const std::function<void(std::size_t)>& task);

  // Within a job: does any job's tasks until the condition holds. It is asked under the pool's lock, after each task
  // that ends and each wake().
  void help_until(const Condition& condition);
  void wake();

  // Within a job: how many threads can do its tasks now: its own, and those without work.
  [[nodiscard]] std::size_t available() const;

 private:
  friend class TaskGroup;
  struct Waiting {
    class TaskGroup* group;
    Task task;
  };
  using Lock = std::unique_lock<std::mutex>;
  void work(std::size_t count, const JobWithTail& job);
  void run_job(Lock& lock, const JobWithTail& job);
  void run_task(Lock& lock, std::deque<Waiting>::iterator waiting);
  void note_failure(const Lock& lock, std::exception_ptr thrown);

  const std::size_t threads_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Waiting> waiting_;  // tasks; under mutex_, as are the four below
  std::size_t next_job_ = 0;
  std::size_t running_jobs_ = 0;  // with their tails
  std::size_t working_ = 0;       // threads with a job or task; at most threads_
  std::exception_ptr failure_;
};

// The tasks of one job. Used by the job's thread alone; the destructor drops what was not started and waits for the
// rest, so tasks may refer to what lives longer than the group.
class TaskGroup {
 public:
  explicit TaskGroup(TaskPool& pool) noexcept : pool_(pool) {}
  ~TaskGroup();
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  void add(TaskPool::Task task);
  // Does tasks of this group, oldest first, until the condition holds; it is asked under the pool's lock, after each
  // task that ends, and sees what that task wrote. Rethrows what a task threw.
  void work_until(const TaskPool::Condition& condition);
  void finish();  // all of them

 private:
  friend class TaskPool;

  TaskPool& pool_;
  std::size_t unfinished_ = 0;  // under the pool's lock, as is the one below
  std::exception_ptr failure_;
};

}  // namespace pipeline
