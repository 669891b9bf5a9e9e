#pragma once

#include "pipeline/base/task_pool.h"

#include <atomic>
#include <cstddef>
#include <mutex>
#include <vector>

namespace pipeline::package {

// Posts are decided in their order, however they run side by side: which of two posts may pack a picture that both have
// must not depend on which thread was quicker.
class Turns {
 public:
  Turns(TaskPool& pool, std::size_t posts) : pool_(pool), decided_(posts) {}

 private:
  friend class Turn;
  void decided(std::size_t post);

  TaskPool& pool_;
  std::mutex mutex_;
  std::vector<bool> decided_;  // under mutex_
  std::atomic<std::size_t> first_undecided_ = 0;
  std::atomic<int> waiting_ = 0;  // threads that need to hear of it
};

// One post's turn, which ends with it.
class Turn {
 public:
  Turn(Turns& turns, std::size_t post) noexcept : turns_(turns), post_(post) {}
  ~Turn() { end(); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  // Helps other posts until all before this one are decided.
  void wait();
  void end();

 private:
  Turns& turns_;
  const std::size_t post_;
  bool ended_ = false;
};

}  // namespace pipeline::package
