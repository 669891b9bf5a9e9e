#include "bare_keyframes.h"

#include <fmt/core.h>

#include <future>
#include <memory>
#include <stdexcept>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswscale/swscale.h>
}

namespace pipeline::bench {
namespace {

constexpr int kLongSide = 1280;
constexpr int kQuality = 3;

struct Free {
  void operator()(AVFormatContext* p) const noexcept { avformat_close_input(&p); }
  void operator()(AVCodecContext* p) const noexcept { avcodec_free_context(&p); }
  void operator()(AVPacket* p) const noexcept { av_packet_free(&p); }
  void operator()(AVFrame* p) const noexcept { av_frame_free(&p); }
  void operator()(SwsContext* p) const noexcept { sws_freeContext(p); }
};
template <typename T>
using Handle = std::unique_ptr<T, Free>;

void check(bool good, const char* what) {
  if (!good) throw std::runtime_error(fmt::format("bare keyframes: {} failed", what));
}

Handle<AVFormatContext> open_file(const std::filesystem::path& video) {
  AVFormatContext* format = nullptr;
  check(avformat_open_input(&format, video.c_str(), nullptr, nullptr) >= 0, "avformat_open_input");
  return Handle<AVFormatContext>(format);
}

Handle<AVCodecContext> open_decoder(const AVStream& stream) {
  const AVCodec* codec = avcodec_find_decoder(stream.codecpar->codec_id);
  Handle<AVCodecContext> decoder(avcodec_alloc_context3(codec));
  check(avcodec_parameters_to_context(decoder.get(), stream.codecpar) >= 0, "avcodec_parameters_to_context");
  decoder->thread_count = 1;
  check(avcodec_open2(decoder.get(), codec, nullptr) >= 0, "avcodec_open2");
  return decoder;
}

Handle<AVCodecContext> open_encoder(int width, int height) {
  const AVCodec* codec = avcodec_find_encoder(AV_CODEC_ID_MJPEG);
  Handle<AVCodecContext> encoder(avcodec_alloc_context3(codec));
  encoder->width = width;
  encoder->height = height;
  encoder->pix_fmt = AV_PIX_FMT_YUVJ420P;
  encoder->time_base = {1, 1};
  encoder->thread_count = 1;
  encoder->flags |= AV_CODEC_FLAG_QSCALE;
  encoder->global_quality = kQuality * FF_QP2LAMBDA;
  check(avcodec_open2(encoder.get(), codec, nullptr) >= 0, "avcodec_open2");
  return encoder;
}

std::size_t run_share(const std::filesystem::path& video, int first, int last, int count, int scaling) {
  const auto format = open_file(video);
  const int index = av_find_best_stream(format.get(), AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
  check(index >= 0, "av_find_best_stream");
  AVStream& stream = *format->streams[index];
  const auto decoder = open_decoder(stream);
  const int width = kLongSide;
  const int height = stream.codecpar->height * kLongSide / stream.codecpar->width;
  const auto encoder = open_encoder(width, height);
  const Handle<AVPacket> packet(av_packet_alloc());
  const Handle<AVPacket> jpeg(av_packet_alloc());
  const Handle<AVFrame> frame(av_frame_alloc());
  const Handle<AVFrame> scaled(av_frame_alloc());
  scaled->format = AV_PIX_FMT_YUVJ420P;
  scaled->width = width;
  scaled->height = height;
  scaled->quality = encoder->global_quality;
  check(av_frame_get_buffer(scaled.get(), 0) >= 0, "av_frame_get_buffer");
  Handle<SwsContext> scaler;
  std::size_t bytes = 0;
  for (int place = first; place < last; ++place) {
    check(
        av_seek_frame(format.get(), index, stream.duration * (2 * place + 1) / (2 * count), AVSEEK_FLAG_BACKWARD) >= 0,
        "av_seek_frame");
    do {
      av_packet_unref(packet.get());
      check(av_read_frame(format.get(), packet.get()) >= 0, "av_read_frame");
    } while (packet->stream_index != index || (packet->flags & AV_PKT_FLAG_KEY) == 0);
    check(avcodec_send_packet(decoder.get(), packet.get()) >= 0, "avcodec_send_packet");
    avcodec_send_packet(decoder.get(), nullptr);
    check(avcodec_receive_frame(decoder.get(), frame.get()) >= 0, "avcodec_receive_frame");
    avcodec_flush_buffers(decoder.get());
    if (!scaler)
      scaler.reset(sws_getContext(frame->width, frame->height, static_cast<AVPixelFormat>(frame->format), width, height,
                                  AV_PIX_FMT_YUVJ420P, scaling, nullptr, nullptr, nullptr));
    sws_scale(scaler.get(), frame->data, frame->linesize, 0, frame->height, scaled->data, scaled->linesize);
    check(avcodec_send_frame(encoder.get(), scaled.get()) >= 0, "avcodec_send_frame");
    check(avcodec_receive_packet(encoder.get(), jpeg.get()) >= 0, "avcodec_receive_packet");
    bytes += static_cast<std::size_t>(jpeg->size);
    av_packet_unref(jpeg.get());
  }
  return bytes;
}

}  // namespace

std::size_t run_bare_keyframes(const std::filesystem::path& video, int count, Scaling scaling) {
  const int flags = scaling == Scaling::by_default ? SWS_BICUBIC : SWS_BILINEAR | SWS_ACCURATE_RND | SWS_BITEXACT;
  auto half = std::async(std::launch::async, run_share, video, 0, count / 2, count, flags);
  const std::size_t bytes = run_share(video, count / 2, count, count, flags);
  return bytes + half.get();
}

}  // namespace pipeline::bench
