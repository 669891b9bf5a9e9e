#pragma once

#include "pipeline/base/task_pool.h"
#include "pipeline/store/rounds.h"

#include "packed_pictures.h"

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>

namespace pipeline::package {

// The signal came: what was begun is dropped.
struct Interrupted {};

// A post before this one was left by its worker, and nobody else would build it: this one was given back for it.
struct TakenInstead {
  store::RoundPost post;
};

// The store failed: no fault of the post's.
struct BrokenStore {
  std::exception_ptr why;
};

// Posts are decided in the order of their places, however they run side by side, here and on other machines: which of
// two posts may pack a picture that both have must not depend on which thread was quicker.
class Turns {
 public:
  // All are borrowed; the store is asked under its mutex.
  Turns(TaskPool& pool, store::Rounds& rounds, std::mutex& store, std::function<int()> interrupted)
      : pool_(pool), rounds_(rounds), store_(store), interrupted_(std::move(interrupted)) {}

 private:
  friend class Turn;
  void begin(const store::RoundPost& post);
  void end(std::int64_t place);
  void forget(std::int64_t place);
  [[nodiscard]] bool is_open(std::int64_t place);
  void wait(std::int64_t place);
  void wait_for_others(std::int64_t place);
  void read_pictures(std::int64_t place);
  [[nodiscard]] PackedPictures pictures_at(std::int64_t place);
  template <typename Work>
  auto ask(Work work);

  TaskPool& pool_;
  store::Rounds& rounds_;
  std::mutex& store_;
  const std::function<int()> interrupted_;

  std::mutex mutex_;                       // for the two below
  std::multiset<std::int64_t> open_;       // places that were begun here, and not forgotten
  std::multiset<std::int64_t> undecided_;  // of those
  std::optional<PackedPictures>
      packed_;  // those of all posts, as place read_to_ sees them; of the post whose turn it is
  std::int64_t read_to_ = 0;
  std::atomic<int> waiting_ = 0;  // threads that need to hear of it
};

// One post's turn, which ends with it. Of a round with one worker, begun in the order of the places.
class Turn {
 public:
  Turn(Turns& turns, store::RoundPost post);
  ~Turn();
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  [[nodiscard]] std::int64_t place() const noexcept { return post_.place; }
  [[nodiscard]] bool is_shared() const noexcept { return turns_.rounds_.is_shared(); }

  // Helps other posts until all before this one are decided. Throws Interrupted, TakenInstead, BrokenStore.
  void wait();
  // In its turn: the picture of another post that this one repeats.
  [[nodiscard]] std::optional<Duplicate> find(const store::PackedImage& image, std::string_view content_id) const;
  // In its turn, which ends: what the post has from now on.
  void decide(const std::string& content_id, std::span<const store::PackedImage> images);
  void end();

  // Throws Error when the post is no longer this worker's: before what others would see.
  void confirm();
  // What became of it, empty: it is built; or that it is another's to build. The caller holds the store's mutex.
  void finish(const std::string& why);
  void give_back();

 private:
  [[nodiscard]] PackedPictures& pictures() const { return own_ ? *own_ : *turns_.packed_; }

  Turns& turns_;
  const store::RoundPost post_;
  bool has_come_ = false;
  bool ended_ = false;
  // Of a post that was decided before: the others' pictures as it saw them then.
  mutable std::optional<PackedPictures> own_;
};

}  // namespace pipeline::package
