#include "colour_profile.h"

#include <lcms2.h>

#include <array>

namespace pipeline::media {
namespace {

struct ProfileClose {
  void operator()(void* profile) const noexcept { cmsCloseProfile(profile); }
};
using Profile = std::unique_ptr<void, ProfileClose>;

cmsUInt32Number format_of(ToSrgb::Layout layout) {
  switch (layout) {
    case ToSrgb::Layout::cmyk:
      return TYPE_CMYK_8;
    case ToSrgb::Layout::inverted_cmyk:
      return TYPE_CMYK_8_REV;
    case ToSrgb::Layout::rgb:
      break;
  }
  return TYPE_RGB_8;
}

void* transform_from(const Profile& from, cmsUInt32Number format) {
  const Profile srgb(cmsCreate_sRGBProfile());
  if (!from || !srgb) return nullptr;
  return cmsCreateTransform(from.get(), format, srgb.get(), TYPE_RGB_8, INTENT_RELATIVE_COLORIMETRIC,
                            cmsFLAGS_BLACKPOINTCOMPENSATION);
}

// Whether the profile changes nothing that a byte shows.
bool is_neutral(void* transform) {
  constexpr std::array<std::uint8_t, 15> kProbes{200, 60, 40, 60, 190, 70, 50, 80, 210, 128, 128, 128, 230, 220, 90};
  std::array<std::uint8_t, kProbes.size()> seen{};
  cmsDoTransform(transform, kProbes.data(), seen.data(), kProbes.size() / 3);
  for (std::size_t i = 0; i < kProbes.size(); ++i)
    if (seen[i] > kProbes[i] + 1 || seen[i] + 1 < kProbes[i]) return false;
  return true;
}

}  // namespace

void ToSrgb::Delete::operator()(void* transform) const noexcept {
  cmsDeleteTransform(transform);
}

ToSrgb ToSrgb::of_profile(std::string_view icc, Layout layout) {
  if (icc.empty()) return {};
  const Profile profile(cmsOpenProfileFromMem(icc.data(), static_cast<cmsUInt32Number>(icc.size())));
  const auto wanted = layout == Layout::rgb ? cmsSigRgbData : cmsSigCmykData;
  if (!profile || cmsGetColorSpace(profile.get()) != wanted) return {};
  ToSrgb to_srgb(transform_from(profile, format_of(layout)));
  if (to_srgb && layout == Layout::rgb && is_neutral(to_srgb.transform_.get())) return {};
  return to_srgb;
}

ToSrgb ToSrgb::of_primaries(int primaries) {
  constexpr int kBt2020 = 9;
  constexpr int kDisplayP3 = 12;
  constexpr cmsCIExyY kD65{0.3127, 0.3290, 1};
  constexpr cmsCIExyYTRIPLE kP3{{0.680, 0.320, 1}, {0.265, 0.690, 1}, {0.150, 0.060, 1}};
  constexpr cmsCIExyYTRIPLE kWide{{0.708, 0.292, 1}, {0.170, 0.797, 1}, {0.131, 0.046, 1}};
  if (primaries != kBt2020 && primaries != kDisplayP3) return {};
  constexpr std::array<cmsFloat64Number, 5> kSrgbCurve{2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
  constexpr cmsInt32Number kWithLinearStart = 4;
  cmsToneCurve* const curve = cmsBuildParametricToneCurve(nullptr, kWithLinearStart, kSrgbCurve.data());
  std::array<cmsToneCurve*, 3> curves{curve, curve, curve};
  const Profile profile(cmsCreateRGBProfile(&kD65, primaries == kDisplayP3 ? &kP3 : &kWide, curves.data()));
  cmsFreeToneCurve(curve);
  return ToSrgb(transform_from(profile, TYPE_RGB_8));
}

void ToSrgb::apply(std::span<const std::uint8_t> from, std::span<std::uint8_t> to, std::size_t pixels) const {
  if (transform_) cmsDoTransform(transform_.get(), from.data(), to.data(), static_cast<cmsUInt32Number>(pixels));
}

}  // namespace pipeline::media
