#pragma once

#include <memory>

struct AVCodecContext;
struct AVFormatContext;
struct AVFrame;
struct AVPacket;
struct SwsContext;

// The handles of FFmpeg's libraries, each freed when it goes out of scope.
namespace pipeline::media {

struct FormatClose {
  void operator()(AVFormatContext* format) const noexcept;
};
struct CodecFree {
  void operator()(AVCodecContext* codec) const noexcept;
};
struct PacketFree {
  void operator()(AVPacket* packet) const noexcept;
};
struct FrameFree {
  void operator()(AVFrame* frame) const noexcept;
};
struct ScalerFree {
  void operator()(SwsContext* scaler) const noexcept;
};
using FormatHandle = std::unique_ptr<AVFormatContext, FormatClose>;
using CodecHandle = std::unique_ptr<AVCodecContext, CodecFree>;
using PacketHandle = std::unique_ptr<AVPacket, PacketFree>;
using FrameHandle = std::unique_ptr<AVFrame, FrameFree>;
using ScalerHandle = std::unique_ptr<SwsContext, ScalerFree>;

[[nodiscard]] PacketHandle make_packet();                                 // throws bad_alloc
[[nodiscard]] FrameHandle make_frame();                                   // empty; throws bad_alloc
[[nodiscard]] FrameHandle make_frame(int format, int width, int height);  // AVPixelFormat, with buffers; the same
[[nodiscard]] FrameHandle make_jpeg_frame(int width, int height);         // yuvj420p with buffers; throws bad_alloc

// What libav keeps once for the whole process: it writes no log of its own to standard error (the reasons that users
// need are told by the callers), and no size in a damaged file makes it ask for more memory than a picture can need.
// Any thread, any number of times.
void set_up_libav();

}  // namespace pipeline::media
