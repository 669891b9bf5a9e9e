#include "page_assets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

namespace pipeline::report::page {
namespace {

using Palette = std::map<std::string, unsigned>;

// The colours of each block of the style that sets them: light, dark by system, dark by choice, print.
std::vector<Palette> palettes() {
  std::vector<Palette> all;
  const std::string style(kStyle);
  for (auto at = style.find("--paper:"); at != style.npos; at = style.find("--paper:", at + 1)) {
    Palette& palette = all.emplace_back();
    const auto end = style.find('}', at);
    for (auto name = at; name < end; name = style.find("--", name + 2)) {
      const auto colon = style.find(':', name);
      std::string hex = style.substr(colon + 3, style.find(';', colon) - colon - 3);
      if (hex.size() == 3) hex = {hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]};
      palette[style.substr(name + 2, colon - name - 2)] = static_cast<unsigned>(std::stoul(hex, nullptr, 16));
    }
  }
  return all;
}

// Relative luminance and contrast as WCAG 2.1 has them.
double luminance(unsigned colour) {
  const auto part = [&](int shift) {
    const double value = static_cast<double>(colour >> shift & 0xFF) / 255;
    return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0);
}
double contrast(unsigned a, unsigned b) {
  const auto [low, high] = std::minmax({luminance(a), luminance(b)});
  return (high + 0.05) / (low + 0.05);
}

TEST(PageStyle, HasTextThatIsEasilyRead) {
  const auto all = palettes();
  ASSERT_EQ(all.size(), 4u);
  for (std::size_t i = 0; i < all.size(); ++i)
    for (const char* name : {"ink", "soft", "accent", "limit", "good", "bad"}) {
      EXPECT_GE(contrast(all[i].at(name), all[i].at("paper")), 4.5) << name << " of palette " << i;
      EXPECT_GE(contrast(all[i].at(name), all[i].at("fill")), 4.5) << name << " of palette " << i;
    }
}

// Bands, line and limits differ in lightness, so that no one needs to tell their colours.
TEST(PageStyle, HasBandsThatDifferInLightness) {
  for (const Palette& palette : palettes()) {
    EXPECT_GE(contrast(palette.at("band1"), palette.at("band2")), 1.35);
    EXPECT_GE(contrast(palette.at("band1"), palette.at("accent")), 2);
    EXPECT_GE(contrast(palette.at("band2"), palette.at("paper")), 1.1);
    EXPECT_GE(contrast(palette.at("limit"), palette.at("band1")), 2);
  }
}

TEST(PageStyle, SaysTheDarkColoursTwiceTheSame) {
  const auto all = palettes();
  EXPECT_EQ(all.at(1), all.at(2));
}

TEST(PageStyle, KeepsItsScriptSmall) {
  EXPECT_LT(kScript.size(), 10'000u);
}

}  // namespace
}  // namespace pipeline::report::page
