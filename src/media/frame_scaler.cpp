#include "frame_scaler.h"

#include "colour_matrix.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>

extern "C" {
#include <libavutil/frame.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
}

namespace pipeline::media {
namespace {

// Bit-exact: the vector code of one processor rounds otherwise than that of another.
constexpr int kFlags = SWS_BILINEAR | SWS_ACCURATE_RND | SWS_BITEXACT;

// Full-range formats have names of their own besides the range that is given apart.
AVPixelFormat without_range(AVPixelFormat format) {
  switch (format) {
    case AV_PIX_FMT_YUVJ420P:
      return AV_PIX_FMT_YUV420P;
    case AV_PIX_FMT_YUVJ422P:
      return AV_PIX_FMT_YUV422P;
    case AV_PIX_FMT_YUVJ444P:
      return AV_PIX_FMT_YUV444P;
    case AV_PIX_FMT_YUVJ440P:
      return AV_PIX_FMT_YUV440P;
    case AV_PIX_FMT_YUVJ411P:
      return AV_PIX_FMT_YUV411P;
    default:
      return format;
  }
}

bool full_range(const AVFrame& frame) {
  const auto format = static_cast<AVPixelFormat>(frame.format);
  return frame.color_range == AVCOL_RANGE_JPEG || without_range(format) != format;
}

}  // namespace

Size packed_size(Size decoded, double sample_aspect, int long_side) noexcept {
  const double width = std::max(1.0, decoded.width * sample_aspect);
  const double height = decoded.height;
  const double factor = std::min(1.0, long_side / std::max(width, height));
  const auto side = [&](double length) {
    return std::clamp(static_cast<int>(std::lround(length * factor)), 1, long_side);
  };
  return {side(width), side(height)};
}

bool FrameConverter::prepare(const Conversion& conversion) {
  if (scaler_ && conversion == prepared_) return true;
  scaler_.reset(sws_alloc_context());
  if (!scaler_) throw std::bad_alloc();
  const auto set = [&](const char* option, int value) { av_opt_set_int(scaler_.get(), option, value, 0); };
  set("srcw", conversion.from.width);
  set("srch", conversion.from.height);
  set("src_format", conversion.format);
  set("src_range", conversion.full_range ? 1 : 0);
  set("dstw", conversion.to.width);
  set("dsth", conversion.to.height);
  set("dst_format", conversion.target);
  set("dst_range", conversion.to_full_range ? 1 : 0);
  set("sws_flags", kFlags);
  prepared_ = conversion;
  if (sws_init_context(scaler_.get(), nullptr, nullptr) < 0) scaler_.reset();
  return scaler_ != nullptr;
}

FrameHandle FrameConverter::convert(const AVFrame& frame, const Conversion& conversion) {
  if (!prepare(conversion)) return nullptr;
  const auto& [width, height] = conversion.to;
  FrameHandle picture = conversion.target == AV_PIX_FMT_YUV420P ? make_jpeg_frame(width, height)
                                                                : make_frame(conversion.target, width, height);
  if (sws_scale(scaler_.get(), frame.data, frame.linesize, 0, frame.height, picture->data, picture->linesize) <= 0)
    return nullptr;
  return picture;
}

// Scaled in its own colours and range, for what is rounded there is seen; then mapped pixel by pixel.
FrameHandle FrameScaler::scale_wide(const AVFrame& frame, FrameConverter::Conversion conversion, WideColours colours) {
  conversion.target = AV_PIX_FMT_YUV420P10;
  conversion.to_full_range = conversion.full_range;
  colours.full_range = conversion.full_range;
  const FrameHandle coded = converter_.convert(frame, conversion);
  if (!coded) return nullptr;
  if (!mapper_ || mapper_->colours() != colours) mapper_.emplace(colours);
  FrameHandle picture = make_jpeg_frame(conversion.to.width, conversion.to.height);
  mapper_->map(*coded, *picture);
  return picture;
}

FrameHandle FrameScaler::scale(const AVFrame& frame, double sample_aspect, Orientation orientation) {
  const AVPixelFormat format = without_range(static_cast<AVPixelFormat>(frame.format));
  const Size decoded{frame.width, frame.height};
  if (sws_isSupportedInput(format) == 0) return nullptr;
  const FrameConverter::Conversion conversion{decoded, format, full_range(frame),
                                              packed_size(decoded, sample_aspect, long_side_), AV_PIX_FMT_YUV420P};
  FrameHandle picture;
  if (const WideColours colours = colours_of(frame); !colours.is_ordinary()) {
    picture = scale_wide(frame, conversion, colours);
  } else {
    picture = converter_.convert(frame, conversion);
    if (picture) to_jpeg_colours(*picture, frame);
  }
  return !picture || orientation == Orientation{} ? std::move(picture) : turned(*picture, orientation);
}

}  // namespace pipeline::media
