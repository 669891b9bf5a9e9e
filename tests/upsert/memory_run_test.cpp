#include "upsert_stand.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace pipeline::test {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr long kMostKilobytes = 600'000;  // with what a sanitizer keeps
#else
constexpr long kMostKilobytes = 100'000;
#endif

// Twice as much as may be held at once.
TEST(MemoryRun, DoesNotGrowWithTheInput) {
  constexpr int kRows = 200'000;
  const std::string text(950, 'x');
  UpsertStand stand;
  Pipe pipe;
  Process run = stand.start({"--no-samples", "-"}, pipe.read);
  for (int i = 0; i < kRows; ++i)
    write_all(pipe.write.get(), fmt::format(R"({{"sku":"{}","sale_price":{},"text":"{}"}})", i, i, text) + "\n",
              "the pipe");
  const long peak = run.peak_kilobytes_so_far();
  pipe.write.reset();
  const Outcome outcome = run.wait();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(summary_of(outcome)["inserted"], kRows);
  EXPECT_GT(peak, 0);
  EXPECT_LT(peak, kMostKilobytes);
}

}  // namespace
}  // namespace pipeline::test
