#include "pipeline/metrics/metrics.h"

#include "support/fake_clock.h"
#include "support/temp_dir.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>

namespace pipeline::metrics {
namespace {

using namespace std::chrono_literals;

// Files may not grow beyond `bytes` while it lives: what a full disk does, without needing one.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : signal_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, signal_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
  void (*signal_)(int);
};

TEST(SpillFailure, TellsHowManySamplesAreMissing) {
  const test::TempDir scratch;
  const test::FakeClock clock;
  Metrics metrics(clock, scratch.path());
  const Timer before = metrics.timer("before_seconds");
  const Timer during = metrics.timer("during_seconds");
  const Timer after = metrics.timer("after_seconds");
  constexpr std::uint64_t kSamples = 20'000;  // seven blocks of 64 KiB
  const auto record = [&](Timer timer) {
    for (std::uint64_t i = 0; i < kSamples; ++i) metrics.record(timer, clock.now(), 1s);
  };

  record(before);
  {
    const FileSizeLimit limit(610'000);  // in the middle of a block, which is then written in part
    record(during);
  }
  record(after);

  const auto rows = metrics.rows();
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[0].count, kSamples);
  EXPECT_LT(rows[1].count, kSamples);
  EXPECT_GT(rows[1].count, 0U);
  EXPECT_EQ(rows[2].count, kSamples);
  EXPECT_EQ(rows[3].metric, "metrics_samples_lost_total");
  EXPECT_EQ(to_text(rows[3].labels), "reason=File too large");
  EXPECT_EQ(rows[3].sum, static_cast<double>(kSamples - rows[1].count));
}

}  // namespace
}  // namespace pipeline::metrics
