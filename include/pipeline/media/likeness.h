#pragma once

#include <cstdint>
#include <string>

namespace pipeline::media {

// What is kept of a picture to find those that show the same.
struct Appearance {
  std::uint64_t hash = 0;  // perceptual_hash.h
  // The picture at 128 x 128 pixels, smoothed, as a JPEG file of about 3 KB. Empty: it was packed before looks were
  // kept.
  std::string look{};
};

// Whether the hashes are near enough for the pictures to be compared; most pairs are told apart here.
[[nodiscard]] bool worth_a_look(std::uint64_t hash, std::uint64_t other) noexcept;

// Whether the pictures show the same to a reader: copies that were encoded anew, resized, brightened, toned or cropped
// a little do. Another colour of the same thing, other numbers in the same table, another moment of the same scene do
// not. The hash tells which pairs are looked at closer (the hash alone decides where a look is missing), the looks
// decide: they are laid over each other, and what is left must be what a copy leaves. docs/packages.md has the rates.
// Any thread.
[[nodiscard]] bool nearly_equal(const Appearance& a, const Appearance& b);

}  // namespace pipeline::media
