#pragma once

#include "look.h"

namespace pipeline::media {

// How one picture lies on another that may be a copy of it: which part of it is shown, and how its levels have changed.
// Places run from -1 to 1 across and down.
struct Overlay {
  double x_scale = 1;
  double x_shift = 0;
  double y_scale = 1;
  double y_shift = 0;
  double gain = 1;  // level there = gain * level here + offset
  double offset = 0;
};

// The overlay, within what a copy may have, that leaves the least difference (Lucas and Kanade's method, from coarse to
// fine).
[[nodiscard]] Overlay overlay_of(const Plane& here, const Plane& there);

// `there` as seen from here. What lies outside of it is not valid.
struct Seen {
  Plane plane;
  std::vector<float> valid;  // 1 or 0
};
[[nodiscard]] Seen seen_through(const Overlay& overlay, const Plane& there);

// What is left between the two, the most of any part of them.
struct Difference {
  double detail = 0;  // share of what a part shows that the other does not have there: 0 the same, 1 all
  double level = 0;   // mean levels of luma, beyond what the whole picture was changed by
  double colour = 0;  // the same of the colour differences, beyond a slight white balance
};
// Black on white, as tables and papers are.
[[nodiscard]] bool is_print(const Looked& looked);
[[nodiscard]] Difference difference_of(const Looked& here, const Looked& there);

}  // namespace pipeline::media
