#include "gunzip.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <libdeflate.h>

#include <memory>
#include <string>

namespace pipeline::http {
namespace {

std::string gzip(const std::string& text) {
  const std::unique_ptr<libdeflate_compressor, void (*)(libdeflate_compressor*)> compressor(
      libdeflate_alloc_compressor(6), libdeflate_free_compressor);
  std::string packed(libdeflate_gzip_compress_bound(compressor.get(), text.size()), '\0');
  packed.resize(libdeflate_gzip_compress(compressor.get(), text.data(), text.size(), packed.data(), packed.size()));
  return packed;
}

constexpr std::size_t kMost = std::size_t{1} << 20;

std::string unpacked(const std::string& packed) {
  std::string out;
  EXPECT_EQ(gunzip(packed, kMost, out), Gunzipped::whole);
  return out;
}

Gunzipped outcome(const std::string& packed, std::size_t most = kMost) {
  std::string out;
  return gunzip(packed, most, out);
}

TEST(Gunzip, GivesBackWhatWasPacked) {
  for (const std::size_t size : {0U, 1U, 1000U, 100'000U})
    EXPECT_TRUE(unpacked(gzip(std::string(size, 'x'))) == std::string(size, 'x')) << size;
}

TEST(Gunzip, JoinsSeveralMembers) {
  EXPECT_TRUE(unpacked(gzip(std::string(50'000, 'a')) + gzip("b") + gzip("")) ==
              fmt::format("{}b", std::string(50'000, 'a')));
  EXPECT_TRUE(unpacked(gzip("a") + gzip(std::string(50'000, 'b'))) == fmt::format("a{}", std::string(50'000, 'b')));
}

TEST(Gunzip, TakesAsMuchAsIsAllowedAndNoMore) {
  const std::string text(10'000, 'x');
  EXPECT_EQ(outcome(gzip(text), text.size()), Gunzipped::whole);
  EXPECT_EQ(outcome(gzip(text), text.size() - 1), Gunzipped::too_long);
  EXPECT_EQ(outcome(gzip("a") + gzip(text), text.size()), Gunzipped::too_long);
}

TEST(Gunzip, RefusesWhatIsCutOffOrNone) {
  const std::string packed = gzip("a text that is long enough to be cut anywhere");
  for (std::size_t size = 1; size < packed.size(); ++size)
    EXPECT_NE(outcome(packed.substr(0, size)), Gunzipped::whole) << size;
  EXPECT_EQ(outcome("no gzip at all"), Gunzipped::broken);
  EXPECT_EQ(outcome(packed + "more"), Gunzipped::broken);
  std::string broken = packed;
  broken[broken.size() - 6] ^= 1;  // the checksum
  EXPECT_EQ(outcome(broken), Gunzipped::broken);
}

}  // namespace
}  // namespace pipeline::http
