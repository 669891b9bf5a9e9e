#include "turns.h"

#include "pipeline/base/error.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace pipeline::package {
namespace {

constexpr std::chrono::milliseconds kFirstTurnPause{5};
constexpr std::chrono::milliseconds kLongestTurnPause{100};

}  // namespace

template <typename Work>
auto Turns::ask(Work work) {
  const std::lock_guard lock(store_);
  try {
    return work();
  } catch (const Error&) {
    throw BrokenStore{std::current_exception()};
  }
}

void Turns::begin(const store::RoundPost& post) {
  const std::lock_guard lock(mutex_);
  open_.insert(post.place);
  if (!post.decided) undecided_.insert(post.place);
}

void Turns::end(std::int64_t place) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = undecided_.find(place); found != undecided_.end()) undecided_.erase(found);
  }
  if (waiting_ > 0) pool_.wake();
}

void Turns::forget(std::int64_t place) {
  const std::lock_guard lock(mutex_);
  if (const auto found = open_.find(place); found != open_.end()) open_.erase(found);
}

bool Turns::is_open(std::int64_t place) {
  const std::lock_guard lock(mutex_);
  return open_.contains(place);
}

void Turns::wait(std::int64_t place) {
  ++waiting_;
  pool_.help_until([&] {
    const std::lock_guard lock(mutex_);
    return undecided_.empty() || *undecided_.begin() >= place;
  });
  --waiting_;
  if (rounds_.is_shared()) wait_for_others(place);
  read_pictures(place);
}

// One thread of a worker asks; the others wait for those before them.
void Turns::wait_for_others(std::int64_t place) {
  std::int64_t first = 0;
  for (auto pause = kFirstTurnPause;; pause = std::min(2 * pause, kLongestTurnPause)) {
    if (interrupted_() != 0) throw Interrupted();
    const store::RoundTurn turn = ask([&] { return rounds_.turn(place); });
    if (turn.come) return;
    // The answer to its taking was lost.
    const bool is_lost = turn.is_own && !is_open(turn.first);
    if (is_lost || (turn.is_left && !turn.is_own)) {
      const auto lost = is_lost ? std::optional(turn.first) : std::nullopt;
      if (const auto other = ask([&] { return rounds_.take_before(place, lost); })) throw TakenInstead{*other};
    }
    if (std::exchange(first, turn.first) != turn.first) pause = kFirstTurnPause;
    std::this_thread::sleep_for(pause);
  }
}

// The first time all; from then on what was decided since.
void Turns::read_pictures(std::int64_t place) {
  if (!packed_) {
    packed_ = pictures_at(place);
  } else {
    for (const store::Decision& decision : ask([&] { return rounds_.decisions(read_to_, place); }))
      packed_->replace(decision.content_id, decision.images);
  }
  read_to_ = place;
}

PackedPictures Turns::pictures_at(std::int64_t place) {
  PackedPictures pictures([this](std::string_view content_id, const Sha256& sha256) {
    return ask([&] { return rounds_.look_of(content_id, sha256); });
  });
  ask([&] {
    rounds_.each_image(place, [&](std::string_view content_id, const store::PackedImage& image) {
      pictures.add(std::string(content_id), image);
    });
    return true;
  });
  return pictures;
}

Turn::Turn(Turns& turns, store::RoundPost post) : turns_(turns), post_(std::move(post)) {
  turns_.begin(post_);
}

Turn::~Turn() {
  end();
  turns_.forget(post_.place);
}

void Turn::wait() {
  if (has_come_) return;
  if (post_.decided)
    own_ = turns_.pictures_at(post_.place);
  else
    turns_.wait(post_.place);
  has_come_ = true;
}

std::optional<Duplicate> Turn::find(const store::PackedImage& image, std::string_view content_id) const {
  return pictures().find(image, content_id);
}

void Turn::decide(const std::string& content_id, std::span<const store::PackedImage> images) {
  if (!post_.decided) {
    turns_.ask([&] {
      turns_.rounds_.decide(post_.place, {content_id, {images.begin(), images.end()}});
      return true;
    });
    pictures().replace(content_id, images);
  }
  end();
}

void Turn::end() {
  if (!std::exchange(ended_, true) && !post_.decided) turns_.end(post_.place);
}

void Turn::confirm() {
  const std::lock_guard lock(turns_.store_);
  turns_.rounds_.confirm();
}

void Turn::finish(const std::string& why) {
  turns_.rounds_.finish(post_.place, why);
}

void Turn::give_back() {
  turns_.rounds_.give_back(post_.place);
}

}  // namespace pipeline::package
