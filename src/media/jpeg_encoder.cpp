#include "jpeg_encoder.h"

#include <new>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/opt.h>
}

namespace pipeline::media {
namespace {

// The quantiser of FFmpeg's scale from 2, the best, to 31: near libjpeg's quality of 90, about 100 KB for a frame.
constexpr int kJpegQuality = 3;

}  // namespace

bool JpegEncoder::open(int width, int height) {
  if (encoder_ && encoder_->width == width && encoder_->height == height) return true;
  const AVCodec* codec = avcodec_find_encoder(AV_CODEC_ID_MJPEG);
  if (codec == nullptr) return false;
  encoder_.reset(avcodec_alloc_context3(codec));
  if (!encoder_) throw std::bad_alloc();
  encoder_->width = width;
  encoder_->height = height;
  encoder_->pix_fmt = AV_PIX_FMT_YUVJ420P;
  encoder_->color_range = AVCOL_RANGE_JPEG;
  encoder_->time_base = {1, 1};
  encoder_->thread_count = 1;
  // Bit-exact: no comment with the library's version either.
  encoder_->flags |= AV_CODEC_FLAG_QSCALE | AV_CODEC_FLAG_BITEXACT;
  encoder_->global_quality = kJpegQuality * FF_QP2LAMBDA;
  if (avcodec_open2(encoder_.get(), codec, nullptr) >= 0) return true;
  encoder_.reset();
  return false;
}

std::string JpegEncoder::encode(AVFrame& picture) {
  if (!open(picture.width, picture.height)) return {};
  picture.quality = encoder_->global_quality;
  picture.pts = AV_NOPTS_VALUE;
  const PacketHandle packet = make_packet();
  if (avcodec_send_frame(encoder_.get(), &picture) < 0 || avcodec_receive_packet(encoder_.get(), packet.get()) < 0) {
    encoder_.reset();
    return {};
  }
  return {reinterpret_cast<const char*>(packet->data), static_cast<std::size_t>(packet->size)};
}

}  // namespace pipeline::media
