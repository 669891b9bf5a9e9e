#include "pipeline/base/clock.h"
#include "pipeline/media/keyframes.h"

#include "bare_keyframes.h"
#include "package_cases.h"
#include "package_samples.h"
#include "support/temp_dir.h"
#include "support/videos.h"
#include "timing.h"

#include <fmt/core.h>

#include <array>
#include <filesystem>
#include <functional>
#include <future>
#include <string>
#include <vector>

namespace pipeline::bench {
namespace {

constexpr int kCount = 6;

// The video of 60 s is encoded once; the others are cut and repeated without encoding anew.
class Clips {
 public:
  explicit Clips(const Clip& clip) {
    make_clip(of(60), clip);
    test::run_ffmpeg({"-i", of(60).string(), "-t", "10", "-c", "copy", of(10).string()});
    test::run_ffmpeg({"-stream_loop", "4", "-i", of(60).string(), "-c", "copy", of(300).string()});
  }

  [[nodiscard]] std::filesystem::path of(int seconds) const { return folder_ / fmt::format("{}.mp4", seconds); }
  [[nodiscard]] std::filesystem::path frames() const { return folder_ / "%d.jpg"; }

 private:
  test::TempDir folder_;
};

// Each task on a thread of its own: the package builder has them running already, which is a little cheaper.
void on_threads(std::size_t n, const std::function<void(std::size_t)>& task) {
  std::vector<std::future<void>> others;
  for (std::size_t i = 1; i < n; ++i) others.push_back(std::async(std::launch::async, task, i));
  task(0);
  for (auto& other : others) other.get();
}

media::Keyframes extract(const std::filesystem::path& video) {
  media::KeyframeOptions options;
  options.count = kCount;
  options.workers = 2;
  return media::extract_keyframes(video, options, SystemClock(), on_threads, {});
}

// What the predecessor ran: every frame is decoded, and the first intra frames are what comes out.
void select_by_ffmpeg(const Clips& clips) {
  test::run_ffmpeg({"-i", clips.of(60).string(), "-vf", "select='eq(pict_type,I)'", "-vsync", "vfr", "-frames:v",
                    std::to_string(kCount), "-q:v", "3", clips.frames().string()});
}

}  // namespace

void package_keyframes(const Trial& trial) {
  const Clips clips(trial.smoke ? kSmallClip : Clip{});
  const int rounds = (trial.smoke ? 3 : 7) * trial.rounds;
  constexpr std::array kLengths{10, 60, 300};
  // At 10 s there are but two keyframes.
  for (const int length : kLengths)
    trial.add(fmt::format("keyframes of {} s", length), static_cast<double>(extract(clips.of(length)).frames.size()),
              "", exactly(length == 10 ? 2 : kCount));
  for (int round = 0; round < rounds; ++round) {
    std::array<double, kLengths.size()> ours{};
    for (std::size_t i = 0; i < kLengths.size(); ++i) {
      const std::filesystem::path video = clips.of(kLengths[i]);
      const auto bare_loop = [&](Scaling scaling) {
        return seconds_of([&] { (void)run_bare_keyframes(video, kCount, scaling); });
      };
      const auto [pipeline, bare, bit_exact] = measure_in_turns(
          trial, round, "s",
          {{fmt::format("pipeline, {} s", kLengths[i]), [&] { return seconds_of([&] { (void)extract(video); }); }},
           {fmt::format("bare loop, {} s", kLengths[i]), [&] { return bare_loop(Scaling::by_default); }},
           {fmt::format("bit-exact loop, {} s", kLengths[i]), [&] { return bare_loop(Scaling::bit_exact); }}});
      ours[i] = pipeline;
      trial.add(fmt::format("pipeline to bare loop, {} s", kLengths[i]), ours[i] / bare, "",
                at_most(trial.smoke ? 2 : 1.15));
      trial.add(fmt::format("to bit-exact loop, {} s", kLengths[i]), ours[i] / bit_exact, "");
    }
    trial.add("300 s to 60 s", ours[2] / ours[1], "", at_most(trial.smoke ? 1.5 : 1.15));
  }
  for (int round = 0; round < (trial.smoke ? 1 : 3); ++round) {
    double ours = 0;
    double ffmpeg = 0;
    in_turns(round, {[&] { ours = seconds_of([&] { (void)extract(clips.of(60)); }); },
                     [&] { ffmpeg = seconds_of([&] { select_by_ffmpeg(clips); }); }});
    trial.add("ffmpeg select, 60 s", ffmpeg, "s");
    trial.add("ffmpeg select to pipeline", ffmpeg / ours, "times", at_least(trial.smoke ? 2 : 8));
  }
}

}  // namespace pipeline::bench
