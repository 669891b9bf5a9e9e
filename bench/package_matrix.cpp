#include "pipeline/metrics/quantile.h"

#include "package_cases.h"
#include "package_place.h"
#include "package_samples.h"
#include "picture_costs.h"
#include "support/temp_dir.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// One post per cell, built again and again by two threads.
namespace pipeline::bench {
namespace {

namespace fs = std::filesystem;

constexpr int kTypical = 10;  // pictures of the post that the findings speak of
constexpr std::array<std::string_view, 3> kCompressions{"none", "default", "best"};

struct Cell {
  std::size_t pictures = 0;
  bool video = false;
  std::size_t compression = 0;  // of kCompressions
  auto operator<=>(const Cell&) const = default;
};

enum Stage : std::size_t { build, read, hash, copy, keyframes, zip, kStages };
constexpr std::array<std::string_view, kStages> kMetrics{"package_build_seconds",    "image_read_seconds",
                                                         "image_hash_seconds",       "image_copy_seconds",
                                                         "keyframe_extract_seconds", "zip_seconds"};
constexpr std::array<std::string_view, kStages> kTitles{"post", "read", "hash", "copy", "keyframes", "zip"};

// Of all runs of a cell: how long each sample took.
using Samples = std::array<std::vector<double>, kStages>;
using Results = std::map<Cell, Samples>;

double quantile_ms(std::vector<double> values, double q) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  return 1000 * metrics::nearest_rank(values, q);
}

double sum_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum;
}

class Matrix {
 public:
  explicit Matrix(bool smoke)
      : counts_(smoke ? std::vector<std::size_t>{3, 10} : std::vector<std::size_t>{3, 10, 30}),
        rounds_(smoke ? 1 : 5),
        pool_(make_pictures(folder_ / "pool", static_cast<int>(counts_.back()), smoke ? k3Megapixels : k12Megapixels)) {
    const fs::path clip = folder_ / "clip.mp4";
    make_clip(clip, smoke ? kSmallClip : Clip{});
    for (const std::size_t count : counts_)
      for (const bool video : {false, true})
        places_[{count, video}].add_post("POST001", {pool_.begin(), pool_.begin() + static_cast<std::ptrdiff_t>(count)},
                                         video ? std::vector{clip} : std::vector<fs::path>{});
    for (const auto& [post, place] : places_) (void)place.package({"--jobs", "2"});  // warm-up
  }

  // All cells, one after the other, so that a slow moment of the machine hits all alike.
  void run_all(Results& results) const {
    for (int round = 0; round < rounds_; ++round)
      for (const auto& [post, place] : places_)
        for (std::size_t compression = 0; compression < kCompressions.size(); ++compression) {
          const Run run =
              place.package({"--force", "--jobs", "2", "--compression", std::string(kCompressions[compression])});
          Samples& samples = results[{post.first, post.second, compression}];
          for (std::size_t stage = 0; stage < kStages; ++stage)
            std::ranges::copy(run.samples(std::string(kMetrics[stage])), std::back_inserter(samples[stage]));
        }
  }

  [[nodiscard]] const std::vector<fs::path>& pool() const noexcept { return pool_; }

 private:
  test::TempDir folder_;
  std::vector<std::size_t> counts_;
  int rounds_;
  std::vector<fs::path> pool_;
  std::map<std::pair<std::size_t, bool>, PackagePlace> places_;
};

std::string to_csv(const Results& results) {
  std::string csv = "pictures,video,compression,stage,samples,p50_ms,p95_ms,p99_ms,mean_ms\n";
  for (const auto& [cell, samples] : results)
    for (std::size_t stage = 0; stage < kStages; ++stage) {
      const auto& values = samples[stage];
      if (values.empty()) continue;
      csv += fmt::format("{},{},{},{},{},{:.3f},{:.3f},{:.3f},{:.3f}\n", cell.pictures, yes_or_no(cell.video),
                         kCompressions[cell.compression], kMetrics[stage], values.size(), quantile_ms(values, 0.5),
                         quantile_ms(values, 0.95), quantile_ms(values, 0.99),
                         1000 * sum_of(values) / static_cast<double>(values.size()));
    }
  return csv;
}

std::string to_markdown(const Results& results) {
  std::string text = "| pictures | video | compression |";
  for (const std::string_view title : kTitles) text += fmt::format(" {} p50 / p95 / p99 ms |", title);
  text += "\n|--:|:--|:--|";
  for (std::size_t i = 0; i < kStages; ++i) text += "--:|";
  text += "\n";
  for (const auto& [cell, samples] : results) {
    text += fmt::format("| {} | {} | {} |", cell.pictures, yes_or_no(cell.video), kCompressions[cell.compression]);
    for (const auto& values : samples)
      text += values.empty() ? " |"
                             : fmt::format(" {:.1f} / {:.1f} / {:.1f} |", quantile_ms(values, 0.5),
                                           quantile_ms(values, 0.95), quantile_ms(values, 0.99));
    text += "\n";
  }
  return text;
}

// The plan's hypotheses, each answered with its number; the numbers go into the report with their bounds.
class Findings {
 public:
  Findings(const Results& results, const PictureCosts& costs, Report& report)
      : results_(results), costs_(costs), report_(report) {}

  std::string text() { return bytes_are_the_bottleneck() + deflating_pictures() + video_is_the_tail(); }

 private:
  static constexpr std::size_t kDefault = 1;  // of kCompressions
  static constexpr Cell kPictures{kTypical, false, kDefault};
  static constexpr Cell kWithVideo{kTypical, true, kDefault};

  // Of all runs of a cell, a mean run.
  [[nodiscard]] double mean(const Cell& cell, Stage stage) const {
    const Samples& samples = results_.at(cell);
    return sum_of(samples[stage]) / static_cast<double>(samples[build].size());
  }
  [[nodiscard]] double build_ms(const Cell& cell, double q) const { return quantile_ms(results_.at(cell)[build], q); }
  void add(std::string_view what, double value, std::string_view unit, Bound bound = {}) {
    report_.add("matrix", what, value, unit, bound);
  }

  std::string bytes_are_the_bottleneck() {
    const double decoding = mean(kPictures, hash) - costs_.digest_seconds;
    const double writing = mean(kPictures, copy) + mean(kPictures, zip);
    const double all = mean(kPictures, read) + mean(kPictures, hash) + writing;
    const auto share = [all](double part) { return 100 * part / all; };
    const double bytes = share(all - decoding);
    add("reading, digests, writing", bytes, "%");
    add("decoding for the perceptual hash", share(decoding), "%");
    return fmt::format(
        "- Image hashing, copying and zip I/O are the bottleneck: {}. Of the time that both threads spend on {} "
        "pictures, reading takes {:.0f} %, SHA-256 and CRC-32 {:.0f} %, both archives {:.0f} %; decoding for the "
        "perceptual hash takes {:.0f} %.\n",
        yes_or_no(bytes > 50), kTypical, share(mean(kPictures, read)), share(costs_.digest_seconds), share(writing),
        share(decoding));
  }

  std::string deflating_pictures() {
    const double post = build_ms(kPictures, 0.5) / 1000;
    std::string gains;
    double most = 0;
    for (const auto& [level, deflated] : costs_.deflated) {
      const double saved = 100 * (1 - deflated.bytes / costs_.bytes);
      most = std::max(most, saved);
      add(fmt::format("deflate level {}: saved", level), saved, "%", at_most(2));
      add(fmt::format("deflate level {}: {} pictures", level, kTypical), deflated.seconds, "s");
      gains += fmt::format(" libdeflate at level {} saves {:.2f} % and takes {:.2f} s of a core.", level, saved,
                           deflated.seconds);
    }
    return fmt::format("- Compressing pictures is worth it: {}.{} The whole post of {} takes {:.2f} s without.\n",
                       yes_or_no(most > 5), gains, kTypical, post);
  }

  std::string video_is_the_tail() {
    const double times = build_ms(kWithVideo, 0.95) / build_ms(kPictures, 0.95);
    const double share = 100 * mean(kWithVideo, keyframes) / mean(kWithVideo, build);
    add("p95 with a video to without", times, "times");
    add("keyframes of a post with a video", share, "%");
    return fmt::format(
        "- Video keyframes are the long tail: {}. A post of {} pictures takes {:.2f} s at p95 with a video and {:.2f} "
        "s without; for {:.0f} % of its time the video is under way, on both threads.\n",
        yes_or_no(times > 1.5), kTypical, build_ms(kWithVideo, 0.95) / 1000, build_ms(kPictures, 0.95) / 1000, share);
  }

  const Results& results_;
  const PictureCosts& costs_;
  Report& report_;
};

}  // namespace

void package_matrix(const Settings& settings, std::string_view machine, Report& report) {
  Results results;
  const Matrix matrix(settings.smoke);
  for (int i = 0; i < settings.repeat; ++i) matrix.run_all(results);
  const PictureCosts costs = costs_of({matrix.pool().begin(), matrix.pool().begin() + kTypical});
  const std::string findings = Findings(results, costs, report).text();
  write_matrix(settings, "package", machine, to_csv(results), to_markdown(results) + "\n" + findings);
}

}  // namespace pipeline::bench
