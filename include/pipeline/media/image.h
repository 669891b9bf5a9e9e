#pragma once

#include "pipeline/base/error.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pipeline::media {

enum class ImageType { jpeg, png, webp, gif };
[[nodiscard]] std::string_view to_string(ImageType type) noexcept;     // jpeg png webp gif
[[nodiscard]] std::string_view extension_of(ImageType type) noexcept;  // .jpg .png .webp .gif

// What is known of a picture after all of its bytes were looked at.
struct Image {
  ImageType type = ImageType::jpeg;
  int width = 0;  // pixels as shown: the EXIF orientation is applied
  int height = 0;
  std::uint64_t perceptual_hash = 0;  // perceptual_hash.h
  std::string look{};                 // likeness.h
  bool has_position = false;          // metadata tell where it was taken
  std::string note{};                 // a predicate: what is odd, but does no harm; empty: nothing
};

// The file is no picture that can be packed. The message is a predicate to put behind the file's name: "is empty", "is
// cut short after 12,345 bytes", "is no picture: it begins like a PDF".
class ImageError : public Error {
 public:
  using Error::Error;
};

// Tells the type by the content, decodes the whole picture once (scaled down on the way where the format allows it),
// and hashes what it shows. Memory stays far below the size of the decoded picture. Any thread. Throws ImageError.
[[nodiscard]] Image examine_image(std::string_view bytes);

// A picture of a kind that blog editors do not take, made one that they do.
struct ConvertedImage {
  std::string jpeg;           // upright, in sRGB, of quality 92, without metadata
  bool had_position = false;  // the metadata of the original told where it was taken
  std::string note;           // a predicate, to put behind the file's name
};

// HEIC, HEIF and AVIF as JPEG; absent: it is none of these. The picture is held whole meanwhile: 64 megapixels at most.
// The same bytes for the same file. Any thread. Throws ImageError.
[[nodiscard]] std::optional<ConvertedImage> convert_image(std::string_view bytes);

// The same picture without the place it was taken at (EXIF GPS, and XMP that repeats it); every pixel and all other
// metadata stay. It is overwritten where it stands: the size stays, and with it every offset that leads to maker notes,
// further pictures or an appended film. Metadata that can't be read but may hold a place are emptied. Absent when there
// is no place in it. Any thread. Throws ImageError when it is no picture.
[[nodiscard]] std::optional<std::string> without_position(std::string_view bytes);

}  // namespace pipeline::media
