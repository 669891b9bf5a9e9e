#include "heif_file.h"

#include <libheif/heif.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <stdexcept>

namespace pipeline::test {
namespace {

void check(const heif_error& error) {
  if (error.code != heif_error_Ok) throw std::runtime_error(std::string("libheif: ") + error.message);
}

}  // namespace

std::string heif(const Pixels& picture, const HeifForm& form) {
  const Pixels stored = stored_for_orientation(picture, form.orientation);
  const std::unique_ptr<heif_context, decltype(&heif_context_free)> context(heif_context_alloc(), heif_context_free);

  heif_encoder* found = nullptr;
  check(heif_context_get_encoder_for_format(context.get(), form.avif ? heif_compression_AV1 : heif_compression_HEVC,
                                            &found));
  const std::unique_ptr<heif_encoder, decltype(&heif_encoder_release)> encoder(found, heif_encoder_release);
  check(heif_encoder_set_lossy_quality(found, form.quickly ? 60 : 90));
  if (form.quickly) check(heif_encoder_set_parameter(found, "preset", "ultrafast"));

  heif_image* made = nullptr;
  check(heif_image_create(stored.width, stored.height, heif_colorspace_RGB, heif_chroma_interleaved_RGB, &made));
  const std::unique_ptr<heif_image, decltype(&heif_image_release)> image(made, heif_image_release);
  check(heif_image_add_plane(made, heif_channel_interleaved, stored.width, stored.height, 24));
  int stride = 0;
  std::uint8_t* const pixels = heif_image_get_plane(made, heif_channel_interleaved, &stride);
  const auto row = 3 * static_cast<std::ptrdiff_t>(stored.width);
  for (int y = 0; y < stored.height; ++y)
    std::copy_n(stored.rgb.data() + y * row, row, pixels + std::ptrdiff_t{y} * stride);

  const std::unique_ptr<heif_encoding_options, decltype(&heif_encoding_options_free)> options(
      heif_encoding_options_alloc(), heif_encoding_options_free);
  options->image_orientation = static_cast<heif_orientation>(form.orientation);
  heif_image_handle* encoded = nullptr;
  check(heif_context_encode_image(context.get(), made, found, options.get(), &encoded));
  const std::unique_ptr<heif_image_handle, decltype(&heif_image_handle_release)> handle(encoded,
                                                                                        heif_image_handle_release);
  if (!form.exif.empty())
    check(heif_context_add_exif_metadata(context.get(), encoded, form.exif.data(), static_cast<int>(form.exif.size())));

  std::string file;
  heif_writer writer{1, [](heif_context*, const void* data, std::size_t size, void* target) {
                       static_cast<std::string*>(target)->append(static_cast<const char*>(data), size);
                       return heif_error{heif_error_Ok, heif_suberror_Unspecified, ""};
                     }};
  check(heif_context_write(context.get(), &writer, &file));
  return file;
}

}  // namespace pipeline::test
