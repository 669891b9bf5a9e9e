#include "pipeline/base/fingerprint.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

namespace pipeline {
namespace {

std::string hex(const Fingerprint& fingerprint) {
  return fmt::format("{:02x}", fmt::join(fingerprint.bytes, ""));
}

// The first half is XXH3's own, without a seed; its test vectors are in the library's documentation.
TEST(Fingerprint, IsXxh3) {
  EXPECT_EQ(hex(fingerprint_of("")).substr(0, 32), "99aa06d3014798d86001c324468d497f");
}

TEST(Fingerprint, IsTheSameForTheSameBytesOnly) {
  std::set<decltype(Fingerprint::bytes)> seen;
  std::string text(3000, 'x');
  for (std::size_t i = 0; i < text.size(); ++i) {
    text[i] = 'y';
    EXPECT_TRUE(seen.insert(fingerprint_of(text).bytes).second) << i;
    EXPECT_EQ(fingerprint_of(std::string(text)), fingerprint_of(text));
    text[i] = 'x';
    EXPECT_TRUE(seen.insert(fingerprint_of(std::string_view(text).substr(0, i)).bytes).second) << i;
  }
}

TEST(Fingerprint, ItsHalvesDiffer) {
  const std::string text = hex(fingerprint_of("a row"));
  EXPECT_NE(text.substr(0, 32), text.substr(32));
}

}  // namespace
}  // namespace pipeline
