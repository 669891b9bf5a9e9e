#include "libav.h"

#include <cstddef>
#include <mutex>
#include <new>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/frame.h>
#include <libavutil/log.h>
#include <libavutil/mem.h>
#include <libswscale/swscale.h>
}

namespace pipeline::media {
namespace {

// One piece of memory: an 8K plane of 16 bits is 71 MB, and no index or packet that is worth reading is larger.
constexpr std::size_t kLargestPiece = std::size_t{256} << 20U;

}  // namespace

void FormatClose::operator()(AVFormatContext* format) const noexcept {
  avformat_close_input(&format);
}

void CodecFree::operator()(AVCodecContext* codec) const noexcept {
  avcodec_free_context(&codec);
}

void PacketFree::operator()(AVPacket* packet) const noexcept {
  av_packet_free(&packet);
}

void FrameFree::operator()(AVFrame* frame) const noexcept {
  av_frame_free(&frame);
}

void ScalerFree::operator()(SwsContext* scaler) const noexcept {
  sws_freeContext(scaler);
}

PacketHandle make_packet() {
  PacketHandle packet(av_packet_alloc());
  if (!packet) throw std::bad_alloc();
  return packet;
}

FrameHandle make_frame() {
  FrameHandle frame(av_frame_alloc());
  if (!frame) throw std::bad_alloc();
  return frame;
}

FrameHandle make_frame(int format, int width, int height) {
  FrameHandle frame = make_frame();
  frame->format = format;
  frame->width = width;
  frame->height = height;
  if (av_frame_get_buffer(frame.get(), 0) < 0) throw std::bad_alloc();
  return frame;
}

FrameHandle make_jpeg_frame(int width, int height) {
  FrameHandle frame = make_frame(AV_PIX_FMT_YUVJ420P, width, height);
  frame->color_range = AVCOL_RANGE_JPEG;
  return frame;
}

void set_up_libav() {
  static std::once_flag once;
  std::call_once(once, [] {
    av_log_set_level(AV_LOG_QUIET);
    av_max_alloc(kLargestPiece);
  });
}

}  // namespace pipeline::media
