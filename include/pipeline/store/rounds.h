#pragma once

#include "pipeline/base/sha256.h"
#include "pipeline/store/packages.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// How workers on several machines build the posts of one store, and come to what one of them alone would come to.
namespace pipeline::store {

// What a stage of a round is about: entries of the queue; posts that no entry speaks of; entries whose posts were
// mended. none: nothing was laid out yet.
enum class StageKind { none, queue, others, mended };

struct Stage {
  StageKind kind = StageKind::none;
  std::int64_t number = 0;            // from 1
  std::vector<std::int64_t> entries;  // of the queue, which it is for
  std::int64_t posts = 0;             // that are not done
};

// A post that a worker has taken.
struct RoundPost {
  std::int64_t place = 0;  // in the order of the round: from 1
  std::string folder;      // as it was laid out
  bool decided = false;    // by a worker that is gone, whose pictures it has: it is built as of its place once more
  int lost = 0;            // how many workers were gone before it was done
};

// What has become of a post, or of none yet.
struct RoundOutcome {
  std::int64_t stage = 0;
  std::string folder;
  bool done = false;
  std::string why;  // it is not built; empty: it is
};

// What keeps a post from its turn: a post before it that is not decided.
struct RoundTurn {
  bool come = false;
  std::int64_t first = 0;  // that is not decided, where it has not come
  bool is_own = false;     // that one is this worker's
  bool is_left = false;    // nobody has it: its worker is gone, or gave it back
};

// The pictures that a post has from its place on.
struct Decision {
  std::string content_id;
  std::vector<PackedImage> images;  // without their looks
};

// What a worker does next.
enum class Step { build, wait, lay_out, over };

// A round: from the first worker's beginning until nothing is left to do. It goes in stages: a list of posts in the
// order in which one worker alone would build them. Who finds a stage done lays out the next one, while the others
// wait.
//
// Each post of a stage is taken by one worker. Whose a picture is, is decided in the order of their places, whoever has
// them: a post sees the pictures that the posts before it were given in this round, and those that the posts behind it
// had when it began; so the outcome is that of one worker. What was decided stays, also when its worker dies before the
// package is there: another builds it with what it saw.
//
// A worker that is gone, or silent for longer than the lease of Database::join(), loses what it has taken: nothing that
// it writes from then on is written. Errors and threads as of Catalogue.
class Rounds {
 public:
  virtual ~Rounds() = default;

  // Whether others may be at it. Where not, decisions are made in their order by the caller, and nothing is waited for.
  [[nodiscard]] virtual bool is_shared() const noexcept = 0;

  // --- the round ---

  struct Begun {
    std::string name;    // of the round
    bool alone = false;  // nobody else is in it
  };
  // Joins the round that is under way, also one that all workers have left before its end; or begins one with this
  // name. One that was left, and another run had the store since, is begun anew, with the name that it had.
  [[nodiscard]] virtual Begun begin(const std::string& name) = 0;
  // The worker has nothing under way. lay_out: until it calls lay_out() or close(), the others wait for it.
  [[nodiscard]] virtual Step next() = 0;
  [[nodiscard]] virtual Stage stage() = 0;
  // All posts of the round, in their order.
  [[nodiscard]] virtual std::vector<RoundOutcome> outcomes() = 0;
  // The next stage; its number and posts are counted here.
  virtual void lay_out(const Stage& stage, std::span<const std::string> folders) = 0;
  // Ends the round, for the others as well.
  virtual void close() = 0;
  // Ends early: what this worker has taken is the others'. True: there are none, and the round is its own to close, as
  // after lay_out of next().
  [[nodiscard]] virtual bool leave() = 0;

  // --- its posts ---

  // The first that nobody has.
  [[nodiscard]] virtual std::optional<RoundPost> take() = 0;
  virtual void give_back(std::int64_t place) = 0;
  // Gives one back for one before it, which nobody has; absent: there is none, and nothing was given back. `lost`: a
  // place that is said to be this worker's, who knows nothing of it.
  [[nodiscard]] virtual std::optional<RoundPost> take_before(std::int64_t place, std::optional<std::int64_t> lost) = 0;
  // Empty: it is built. One that was not decided keeps the pictures that it had.
  virtual void finish(std::int64_t place, const std::string& why) = 0;
  // Throws Error when what this worker has taken is no longer its own.
  virtual void confirm() = 0;

  // --- their pictures ---

  [[nodiscard]] virtual RoundTurn turn(std::int64_t place) = 0;
  // Those behind `since` (that place and later) that were made before `place`, whose turn has come.
  [[nodiscard]] virtual std::vector<Decision> decisions(std::int64_t since, std::int64_t place) = 0;
  // In its turn. Of one that was decided before nothing changes.
  virtual void decide(std::int64_t place, const Decision& decision) = 0;
  // All pictures of all posts as a place sees them, before which all are decided; without their looks.
  virtual void each_image(std::int64_t place,
                          const std::function<void(std::string_view content_id, const PackedImage&)>& sink) = 0;
  // Of a picture that was among them; empty when none was kept.
  [[nodiscard]] virtual std::string look_of(std::string_view content_id, const Sha256& sha256) = 0;
};

}  // namespace pipeline::store
