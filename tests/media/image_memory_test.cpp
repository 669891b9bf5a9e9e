#include "pipeline/media/image.h"

#include "support/pictures.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <string>

namespace pipeline::media {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr long kSanitizer = 10;  // what a sanitizer keeps of freed memory
#else
constexpr long kSanitizer = 1;
#endif

long resident_peak_kilobytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stol(line.substr(6));
  return -1;
}

// What looking at the picture adds to the memory of a process that holds the file already.
long growth_of(const std::string& file) {
  int pipe[2];
  if (::pipe(pipe) != 0) return -1;
  const pid_t child = ::fork();
  if (child == 0) {
    std::ofstream("/proc/self/clear_refs") << 5;  // the peak is now what is resident
    const long before = resident_peak_kilobytes();
    const Image image = examine_image(file);
    const long growth = image.width > 0 ? resident_peak_kilobytes() - before : -1;
    if (::write(pipe[1], &growth, sizeof growth) != sizeof growth) ::_exit(1);
    ::_exit(0);
  }
  long growth = -1;
  int status = -1;
  ::waitpid(child, &status, 0);
  if (status != 0 || ::read(pipe[0], &growth, sizeof growth) != sizeof growth) growth = -1;
  ::close(pipe[0]);
  ::close(pipe[1]);
  return growth;
}

void expect_growth_below(long kilobytes, const test::Encoding& encoding, int width = 8000, int height = 6000) {
  const long growth = growth_of(test::photo({}, width, height, encoding));
  testing::Test::RecordProperty("growth_kilobytes", static_cast<int>(growth));
  EXPECT_GE(growth, 0);
  EXPECT_LT(growth, kilobytes * kSanitizer);
}

// The picture has 144 MB of pixels.
TEST(ImageMemory, FortyEightMegapixelsOfJpeg) {
  expect_growth_below(4'000, {});
}
TEST(ImageMemory, FortyEightMegapixelsOfPng) {
  expect_growth_below(4'000, {.type = ImageType::png});
}
TEST(ImageMemory, FortyEightMegapixelsOfGif) {
  expect_growth_below(4'000, {.type = ImageType::gif});
}
// The encoder can't do more of so much grain.
TEST(ImageMemory, TwelveMegapixelsOfWebp) {
  expect_growth_below(20'000, {.type = ImageType::webp}, 4000, 3000);
}
// Its coefficients are kept until the last scan: 3 bytes a pixel.
TEST(ImageMemory, FortyEightMegapixelsOfProgressiveJpeg) {
  expect_growth_below(160'000, {.progressive = true});
}

}  // namespace
}  // namespace pipeline::media
