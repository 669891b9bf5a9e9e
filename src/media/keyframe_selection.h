#pragma once

#include "keyframe_source.h"

#include <set>
#include <span>
#include <string>
#include <vector>

namespace pipeline::media {

// Picks the frames that are worth packing: of a keyframe that shows nothing, or the same as another, a neighbour takes
// the place. Depends on what it is given alone, so that the same video gives the same frames whoever looked at them.
class KeyframeSelection {
 public:
  explicit KeyframeSelection(int count);

  // Takes a frame when it is good and unlike those taken before.
  bool offer(Sighting sighting);
  // Looks for more near `places`, where nothing could be taken, then near the frames that were.
  void complete(KeyframeSource& source, std::span<const Ticks> places, const Deadline& deadline);

  [[nodiscard]] bool complete() const noexcept { return taken_.size() >= count_; }
  [[nodiscard]] std::string shortfall() const;      // why it is not complete, as far as the frames tell
  [[nodiscard]] std::vector<Keyframe> frames() &&;  // in the order of time

 private:
  // How a neighbour is looked for: from where, and how far from each other those looked at lie at least.
  struct Walk {
    Ticks from = 0;
    Ticks hop = 0;
  };
  void walk(KeyframeSource& source, Walk walk, const Deadline& deadline);
  enum class Step { taken, passed, out_of_looks };
  Step visit(KeyframeSource& source, Ticks time, int& looks);

  const std::size_t count_;
  int looks_left_;
  bool exhausted_ = false;  // the video has no keyframe that was not looked at
  std::vector<Sighting> taken_;
  std::set<Ticks> seen_;
  int dark_ = 0;
  int bright_ = 0;
  int alike_ = 0;
  int damaged_ = 0;
};

}  // namespace pipeline::media
