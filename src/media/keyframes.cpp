#include "pipeline/media/keyframes.h"

#include "pipeline/base/text.h"

#include "keyframe_selection.h"
#include "keyframe_source.h"

#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

namespace pipeline::media {
namespace {

// A worker's share of the places, and what it saw there.
struct FilmPart {
  std::unique_ptr<KeyframeSource> source;
  std::vector<Sighting> sightings;
  std::vector<Ticks> missed;  // where to look for another: no keyframe, or one that was seen already
  std::string fault;
};

struct PlaceRange {
  int first = 0;
  int last = 0;   // one behind
  int count = 0;  // of all places
};

// The middle of each of `count` equal slices of the video.
Ticks time_of_place(const VideoFile& video, int place, int count) {
  return video.time_at((place + 0.5) / count);
}

void look_at_places(FilmPart& part, const PlaceRange& range, const Deadline& deadline) {
  VideoFile& video = part.source->video();
  std::optional<Ticks> before;
  for (int place = range.first; place < range.last && !deadline.reached(); ++place) {
    const Ticks target = time_of_place(video, place, range.count);
    const auto found = video.find_at_or_before(target);
    if (!found || found == before)
      part.missed.push_back(found.value_or(target));
    else if (!deadline.reached())
      part.sightings.push_back(part.source->look(*found));
    before = found ? found : before;
  }
}

FilmPart look_at_part(const std::filesystem::path& video, int long_side, const PlaceRange& range,
                      const Deadline& deadline) {
  FilmPart part;
  try {
    part.source = std::make_unique<KeyframeSource>(video, long_side, deadline);
    look_at_places(part, range, deadline);
  } catch (const VideoFault& fault) {
    part.fault = fault.what();
  }
  return part;
}

std::vector<FilmPart> look_everywhere(const std::filesystem::path& video, const KeyframeOptions& options,
                                      const Deadline& deadline, const ForEach& for_each) {
  const auto count = static_cast<std::size_t>(options.count);
  std::vector<FilmPart> parts(std::clamp<std::size_t>(options.workers, 1, count));
  for_each(parts.size(), [&](std::size_t i) {
    const auto bound = [&](std::size_t n) { return static_cast<int>(count * n / parts.size()); };
    parts[i] = look_at_part(video, options.long_side, {bound(i), bound(i + 1), options.count}, deadline);
  });
  return parts;
}

// From the sightings of all parts, in the order of the places, so that it does not matter how they were shared.
KeyframeSelection select(std::vector<FilmPart>& parts, KeyframeSource& source, int count, const Deadline& deadline) {
  KeyframeSelection selection(count);
  std::vector<Ticks> missed;
  for (FilmPart& part : parts) {
    for (Sighting& sighting : part.sightings) {
      const Ticks time = sighting.time;
      if (!selection.offer(std::move(sighting))) missed.push_back(time);
    }
    missed.insert(missed.end(), part.missed.begin(), part.missed.end());
  }
  std::ranges::sort(missed);
  selection.complete(source, missed, deadline);
  return selection;
}

std::string shortfall_of(const Deadline& deadline, const KeyframeOptions& options, std::size_t taken,
                         const std::string& otherwise) {
  const std::string gave = fmt::format("gave {} of {} keyframes: ", taken, options.count);
  if (deadline.was_interrupted()) return gave + "the run was interrupted";
  if (deadline.timed_out()) return gave + "its time was up after " + format_duration(to_seconds(options.timeout));
  return otherwise;
}

}  // namespace

Keyframes extract_keyframes(const std::filesystem::path& video, const KeyframeOptions& options, const Clock& clock,
                            const ForEach& for_each, const std::function<bool()>& interrupted) {
  Keyframes result;
  if (options.count <= 0) return result;
  set_up_libav();
  const Deadline deadline(clock, options.timeout, interrupted);
  std::vector<FilmPart> parts = look_everywhere(video, options, deadline, for_each);

  const auto opened = std::ranges::find_if(parts, [](const FilmPart& part) { return part.source != nullptr; });
  std::string why = parts.front().fault;
  if (opened != parts.end()) {
    KeyframeSelection selection = select(parts, *opened->source, options.count, deadline);
    why = selection.shortfall();
    result.codec = opened->source->video().codec();
    result.duration_seconds = opened->source->video().seconds();
    result.frames = std::move(selection).frames();
  }
  if (result.frames.size() < static_cast<std::size_t>(options.count)) {
    result.timed_out = deadline.timed_out();
    result.shortfall = shortfall_of(deadline, options, result.frames.size(), why);
  }
  return result;
}

}  // namespace pipeline::media
