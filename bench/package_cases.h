#pragma once

#include "cases.h"

#include <string_view>

namespace pipeline::bench {

// Times are those of the run's own report where a post is meant, and of the whole process where that is said. What they
// are compared with runs in turns with it, on the same disk and with as many threads; each ratio is of one round.

// package_pictures.cpp: posts of 3, 10 and 30 pictures, against the least that has to be done for them.
void package_pictures(const Trial& trial);
void package_mixed(const Trial& trial);  // ten pictures and a video, also in the predecessor's way

// package_heic.cpp: a post of ten HEICs of 12 megapixels, against libheif and libjpeg-turbo alone.
void package_heic(const Trial& trial);

// package_video.cpp: six keyframes of a 1080p H.264 video of 10, 60 and 300 s, a keyframe every 250 frames: against a
// bare libav loop, against the command that people take for it, and against each other: the length must not matter.
void package_keyframes(const Trial& trial);

// package_posts.cpp: 100 posts again, unchanged; and built by two threads against one.
void package_unchanged(const Trial& trial);
void package_jobs(const Trial& trial);

// package_night.cpp: ten thousand posts by the queue, when 20 products changed and when none did.
void package_night(const Trial& trial);

// package_memory.cpp: 30 pictures of 48 megapixels and a 4K video.
void package_memory(const Trial& trial);

// package_guard.cpp: the short form's, in processor time against the bare loops and the baseline.
void guard_pictures(const Trial& trial);
void guard_keyframes(const Trial& trial);
void guard_unchanged_posts(const Trial& trial);

// package_matrix.cpp: pictures, video and compression against each other, and what deflating pictures would be worth,
// into <out>/package-matrix.csv and .md.
void package_matrix(const Settings& settings, std::string_view machine, Report& report);

}  // namespace pipeline::bench
