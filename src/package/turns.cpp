#include "turns.h"

#include <utility>

namespace pipeline::package {

void Turns::decided(std::size_t post) {
  {
    const std::lock_guard lock(mutex_);
    decided_[post] = true;
    std::size_t first = first_undecided_;
    while (first < decided_.size() && decided_[first]) ++first;
    first_undecided_ = first;
  }
  if (waiting_ > 0) pool_.wake();
}

void Turn::wait() {
  ++turns_.waiting_;
  turns_.pool_.help_until([this] { return turns_.first_undecided_ == post_; });
  --turns_.waiting_;
}

void Turn::end() {
  if (!std::exchange(ended_, true)) turns_.decided(post_);
}

}  // namespace pipeline::package
