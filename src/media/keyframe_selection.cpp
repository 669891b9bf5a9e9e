#include "keyframe_selection.h"

#include "pipeline/media/perceptual_hash.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace pipeline::media {
namespace {

// A look is a decode, the dear part: a video that is dark throughout costs at most four times one that is not.
constexpr int kLooksPerWalk = 4;
constexpr int kLooksPerFrame = 3;
constexpr int kMostSteps = 64;  // keyframes passed by on each side that were looked at already: a seek each

constexpr int kHopsPerPlace = 4;  // neighbours lie a quarter of the distance of two places apart, or more

}  // namespace

KeyframeSelection::KeyframeSelection(int count)
    : count_(static_cast<std::size_t>(count)), looks_left_(kLooksPerFrame * count) {}

bool KeyframeSelection::offer(Sighting sighting) {
  if (!seen_.insert(sighting.time).second) return false;
  switch (sighting.kind) {
    case Sighting::Kind::dark:
      ++dark_;
      return false;
    case Sighting::Kind::bright:
      ++bright_;
      return false;
    case Sighting::Kind::damaged:
      ++damaged_;
      return false;
    case Sighting::Kind::good:
      break;
  }
  const auto alike = [&](const Sighting& other) {
    return nearly_equal(other.frame.perceptual_hash, sighting.frame.perceptual_hash);
  };
  if (std::ranges::any_of(taken_, alike)) {
    ++alike_;
    return false;
  }
  taken_.push_back(std::move(sighting));
  return true;
}

void KeyframeSelection::complete(KeyframeSource& source, std::span<const Ticks> places, const Deadline& deadline) {
  const VideoFile& video = source.video();
  const Ticks hop = (video.time_at(1) - video.time_at(0)) / static_cast<Ticks>(kHopsPerPlace * count_);
  std::vector<Walk> walks;
  for (const Ticks place : places) walks.push_back({place, hop});
  for (const Sighting& good : taken_) walks.push_back({good.time, hop});  // what is near a good frame may be good too
  for (const Ticks place : places) walks.push_back({place, 0});
  for (const Walk& next : walks)
    if (!complete() && !exhausted_ && !deadline.reached()) walk(source, next, deadline);
}

// To both sides in turns, outwards, until a frame is taken.
void KeyframeSelection::walk(KeyframeSource& source, Walk walk, const Deadline& deadline) {
  VideoFile& video = source.video();
  std::optional<Ticks> later = walk.from;
  std::optional<Ticks> earlier = walk.from;
  int looks = kLooksPerWalk;
  for (int step = 0; step < kMostSteps && (later || earlier); ++step) {
    if (later) later = video.find_after(*later + walk.hop);
    if (later && visit(source, *later, looks) != Step::passed) return;
    if (earlier) earlier = video.find_before(*earlier - walk.hop);
    if (earlier && visit(source, *earlier, looks) != Step::passed) return;
    if (deadline.reached()) return;
  }
  exhausted_ = walk.hop == 0 && !later && !earlier;
}

KeyframeSelection::Step KeyframeSelection::visit(KeyframeSource& source, Ticks time, int& looks) {
  if (seen_.contains(time)) return Step::passed;
  if (looks == 0 || looks_left_ == 0) return Step::out_of_looks;
  --looks;
  --looks_left_;
  return offer(source.look(time)) ? Step::taken : Step::passed;
}

std::string KeyframeSelection::shortfall() const {
  std::vector<std::string> left_out;
  const auto add = [&](int n, const char* what) {
    if (n > 0) left_out.push_back(fmt::format("{} {}", n, what));
  };
  add(dark_, "near-black");
  add(bright_, "near-white");
  add(alike_, "nearly equal to another");
  add(damaged_, "damaged");
  const std::string gave = fmt::format("gave {} of {} keyframes: ", taken_.size(), count_);
  if (left_out.empty()) return gave + "it has no more";
  return gave + fmt::format("of the {} looked at, {}", seen_.size(), fmt::join(left_out, ", "));
}

std::vector<Keyframe> KeyframeSelection::frames() && {
  std::ranges::sort(taken_, {}, &Sighting::time);
  std::vector<Keyframe> frames;
  for (Sighting& sighting : taken_) frames.push_back(std::move(sighting.frame));
  return frames;
}

}  // namespace pipeline::media
