#include "box_scaler.h"
#include "colour_profile.h"
#include "reader.h"

#include <fmt/core.h>
#include <webp/decode.h>
#include <webp/demux.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace pipeline::media {
namespace {

// libwebp scales while it decodes; what is left to BoxScaler is small.
constexpr int kScaledSide = 2 * kThumbnailSide;
// A lossless picture is held whole while it is decoded, at four bytes a pixel.
constexpr std::uint64_t kMostLosslessPixels = 64'000'000;

struct DemuxDelete {
  void operator()(WebPDemuxer* demuxer) const noexcept { WebPDemuxDelete(demuxer); }
};

struct FrameRelease {
  void operator()(WebPIterator* frame) const noexcept { WebPDemuxReleaseIterator(frame); }
};

struct ChunkRelease {
  void operator()(WebPChunkIterator* chunk) const noexcept { WebPDemuxReleaseChunkIterator(chunk); }
};

struct BufferFree {
  void operator()(WebPDecBuffer* buffer) const noexcept { WebPFreeDecBuffer(buffer); }
};

void check(VP8StatusCode status, std::string_view bytes) {
  switch (status) {
    case VP8_STATUS_OK:
      return;
    case VP8_STATUS_NOT_ENOUGH_DATA:
    case VP8_STATUS_SUSPENDED:
      throw_cut_short(bytes);
    case VP8_STATUS_OUT_OF_MEMORY:
      throw std::bad_alloc();
    default:
      throw_damaged("libwebp can't decode it");
  }
}

// One frame, scaled down, before white.
struct Frame {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;

  [[nodiscard]] std::span<const std::uint8_t> row(std::size_t y) const {
    const std::size_t size = 3 * static_cast<std::size_t>(width);
    return std::span(rgb).subspan(y * size, size);
  }
};

Frame decode_frame(std::string_view file, const WebPData& data) {
  WebPDecoderConfig config;
  if (WebPInitDecoderConfig(&config) == 0)
    throw Error("libwebp is of another version than its headers: install both anew");
  check(WebPGetFeatures(data.bytes, data.size, &config.input), file);
  constexpr int kLossless = 2;
  const auto pixels = static_cast<std::uint64_t>(config.input.width) * static_cast<std::uint64_t>(config.input.height);
  if (config.input.format == kLossless && pixels > kMostLosslessPixels)
    throw ImageError("is too large for a lossless WebP (64 megapixels are the most): scale it down or save it as JPEG");

  Frame frame{std::min(config.input.width, kScaledSide), std::min(config.input.height, kScaledSide), {}};
  config.options.use_scaling = 1;
  config.options.scaled_width = frame.width;
  config.options.scaled_height = frame.height;
  config.output.colorspace = MODE_RGBA;
  const std::unique_ptr<WebPDecBuffer, BufferFree> buffer(&config.output);
  check(WebPDecode(data.bytes, data.size, &config), file);

  const WebPRGBABuffer& rgba = config.output.u.RGBA;
  for (int y = 0; y < frame.height; ++y)
    for (int x = 0; x < frame.width; ++x) {
      const std::uint8_t* const pixel = rgba.rgba + y * std::ptrdiff_t{rgba.stride} + 4 * std::ptrdiff_t{x};
      for (int c = 0; c < 3; ++c) frame.rgb.push_back(before_white(pixel[c], pixel[3]));
    }
  return frame;
}

// The row of the canvas, with white where the frame does not reach.
void draw_row(const Frame& frame, const WebPIterator& place, int y, std::span<std::uint8_t> row) {
  std::ranges::fill(row, std::uint8_t{255});
  const int frame_y = y - place.y_offset;
  if (frame_y < 0 || frame_y >= place.height) return;
  const auto line = frame.row(static_cast<std::size_t>(frame_y * static_cast<long>(frame.height) / place.height));
  for (int x = 0; x < place.width; ++x) {
    const auto pixel = line.subspan(3 * static_cast<std::size_t>(x * static_cast<long>(frame.width) / place.width), 3);
    std::ranges::copy(pixel, row.subspan(3 * static_cast<std::size_t>(place.x_offset + x), 3).begin());
  }
}

std::vector<std::uint8_t> thumbnail_of(const Frame& frame) {
  BoxScaler scaler(frame.width, frame.height, kThumbnailSide, 3);
  for (int y = 0; y < frame.height; ++y) scaler.add_row(y, frame.row(static_cast<std::size_t>(y)));
  return scaler.pixels();
}

// An animation's first frame need not fill its canvas.
std::vector<std::uint8_t> thumbnail_of(const Frame& frame, const WebPIterator& place, int width, int height) {
  if (place.width == width && place.height == height) return thumbnail_of(frame);
  BoxScaler scaler(width, height, kThumbnailSide, 3);
  std::vector<std::uint8_t> row(3 * static_cast<std::size_t>(width));
  for (int y = 0; y < height; ++y) {
    draw_row(frame, place, y, row);
    scaler.add_row(y, row);
  }
  return scaler.pixels();
}

}  // namespace

Decoded read_webp(std::string_view bytes) {
  const WebPData file{data_of(bytes), bytes.size()};
  WebPDemuxState state = WEBP_DEMUX_PARSE_ERROR;
  const std::unique_ptr<WebPDemuxer, DemuxDelete> demuxer(WebPDemuxPartial(&file, &state));
  if (state == WEBP_DEMUX_PARSING_HEADER || state == WEBP_DEMUX_PARSED_HEADER) throw_cut_short(bytes);
  if (!demuxer || state != WEBP_DEMUX_DONE) throw_damaged("its parts do not fit together");

  const std::uint32_t width = WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_WIDTH);
  const std::uint32_t height = WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_HEIGHT);
  check_dimensions(width, height);
  WebPIterator first{};
  const std::unique_ptr<WebPIterator, FrameRelease> release(&first);
  if (WebPDemuxGetFrame(demuxer.get(), 1, &first) == 0) throw_damaged("it has no frame");
  const Frame frame = decode_frame(bytes, first.fragment);
  const int shown_width = static_cast<int>(width);
  const int shown_height = static_cast<int>(height);
  std::vector<std::uint8_t> thumbnail = thumbnail_of(frame, first, shown_width, shown_height);
  WebPChunkIterator icc{};
  const std::unique_ptr<WebPChunkIterator, ChunkRelease> release_icc(&icc);
  if (WebPDemuxGetChunk(demuxer.get(), "ICCP", 1, &icc) != 0)
    ToSrgb::of_profile({reinterpret_cast<const char*>(icc.chunk.bytes), icc.chunk.size})
        .apply(thumbnail, thumbnail, thumbnail.size() / 3);
  return {shown_width, shown_height, std::move(thumbnail)};
}

}  // namespace pipeline::media
