#include "decoder.h"

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/frame.h>
}

namespace pipeline::media {
namespace {

// How long the clock is not looked at meanwhile.
constexpr auto kPatience = std::chrono::milliseconds(100);

// Owned by both threads, and freed by the one that is done last.
struct Work {
  CodecHandle codec;
  PacketHandle packet;  // null: no more will come
  FrameHandle frame;

  std::mutex mutex;
  std::condition_variable done;
  bool is_done = false;

  void run() {
    avcodec_send_packet(codec.get(), packet.get());
    bool is_whole = false;
    while (!is_whole && avcodec_receive_frame(codec.get(), frame.get()) >= 0)
      is_whole = frame->decode_error_flags == 0 && frame->width > 0 && frame->height > 0;
    if (!is_whole) frame.reset();
    const std::lock_guard lock(mutex);
    is_done = true;
    done.notify_one();
  }
};

}  // namespace

FrameHandle Decoder::feed(const AVPacket* packet) {
  if (!codec_) return nullptr;
  const auto work = std::make_shared<Work>();
  if (packet != nullptr) {
    work->packet = make_packet();
    if (av_packet_ref(work->packet.get(), packet) < 0) return nullptr;
  }
  work->frame = make_frame();
  work->codec = std::move(codec_);
  try {
    std::thread([work] { work->run(); }).detach();
  } catch (const std::system_error&) {  // as many threads as there can be
    work->run();
  }
  std::unique_lock lock(work->mutex);
  while (!work->done.wait_for(lock, kPatience, [&] { return work->is_done; }))
    if (deadline_.reached()) return nullptr;
  codec_ = std::move(work->codec);
  return std::move(work->frame);
}

void Decoder::restart() {
  if (codec_) avcodec_flush_buffers(codec_.get());
}

}  // namespace pipeline::media
