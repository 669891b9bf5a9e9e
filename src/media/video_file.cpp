#include "video_file.h"

#include "file_fault.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <new>
#include <span>
#include <string_view>
#include <utility>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avstring.h>
#include <libavutil/display.h>
#include <libavutil/mem.h>
}

namespace pipeline::media {
namespace {

// The formats of the trade, and what phones and recorders name .mp4 as well. Play lists and scripts, which would open
// other files, are not among them.
constexpr const char* kFormats = "mov,matroska,avi,mpegts,mpeg,flv,asf";
constexpr const char* kProtocols = "file";

// How libav's names of these begin; each stands for all of its kin.
constexpr std::string_view kMp4 = "mov,";
constexpr std::string_view kMatroska = "matroska,";

// What may be read to learn what the header does not tell: the codec's parameters stand in the first packets.
constexpr std::int64_t kProbeBytes = std::int64_t{4} << 20U;
constexpr std::int64_t kProbeTime = 3 * std::int64_t{AV_TIME_BASE};

// 8K (8192 x 4320) is the largest that cameras make; a damaged header may ask for anything.
constexpr std::int64_t kMostFilmPixels = std::int64_t{8192} * 4320;

// What the file says of the stream beside its codec; empty when it says nothing of this type.
std::span<const std::uint8_t> side_data(const AVStream& stream, AVPacketSideDataType type) {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 30, 100)  // FFmpeg 6.1
  const AVCodecParameters& codec = *stream.codecpar;
  const AVPacketSideData* data = av_packet_side_data_get(codec.coded_side_data, codec.nb_coded_side_data, type);
  return data == nullptr ? std::span<const std::uint8_t>() : std::span<const std::uint8_t>(data->data, data->size);
#else
  std::size_t size = 0;
  const std::uint8_t* data = av_stream_get_side_data(&stream, type, &size);
  return {data, size};
#endif
}

FormatHandle open_format(const std::filesystem::path& path, const Deadline& deadline) {
  AVFormatContext* format = avformat_alloc_context();
  if (format == nullptr) throw std::bad_alloc();
  format->interrupt_callback.callback = [](void* opaque) {
    return static_cast<const Deadline*>(opaque)->reached() ? 1 : 0;
  };
  format->interrupt_callback.opaque = const_cast<Deadline*>(&deadline);
  format->format_whitelist = av_strdup(kFormats);
  format->protocol_whitelist = av_strdup(kProtocols);
  format->probesize = kProbeBytes;
  format->max_analyze_duration = kProbeTime;
  // `file:` in front, so that no part of the name is taken for a protocol. On failure the context is freed.
  const int result = avformat_open_input(&format, ("file:" + path.string()).c_str(), nullptr, nullptr);
  if (result == AVERROR(ENOMEM)) throw VideoFault("is damaged: its header asks for more memory than a video needs");
  if (result < 0) throw VideoFault(opening_fault(path));
  return FormatHandle(format);
}

bool is(const AVFormatContext& format, std::string_view name) {
  return std::string_view(format.iformat->name).starts_with(name);
}

// mp4, mov, webm and mkv carry what the decoder needs in their header; reading packets for it would cost as much as
// decoding a keyframe.
bool header_suffices(const AVFormatContext& format, const AVCodecParameters& codec) {
  if (!is(format, kMp4) && !is(format, kMatroska)) return false;
  if (codec.width <= 0 || codec.height <= 0) return false;
  switch (codec.codec_id) {
    case AV_CODEC_ID_VP8:
    case AV_CODEC_ID_VP9:
      return true;
    case AV_CODEC_ID_H264:
    case AV_CODEC_ID_HEVC:
    case AV_CODEC_ID_AV1:
      return codec.extradata_size > 0;
    default:
      return false;
  }
}

bool is_video(const AVStream& stream) {
  constexpr int kStill = AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS;
  return stream.codecpar->codec_type == AVMEDIA_TYPE_VIDEO && (stream.disposition & kStill) == 0;
}

// The largest picture; of equals the first.
AVStream* find_video(std::span<AVStream*> streams) {
  AVStream* found = nullptr;
  const auto area = [](const AVStream& s) { return std::int64_t{s.codecpar->width} * s.codecpar->height; };
  for (AVStream* stream : streams)
    if (is_video(*stream) && (found == nullptr || area(*stream) > area(*found))) found = stream;
  return found;
}

std::string why_no_video(std::span<AVStream*> streams) {
  const auto any = [&](AVMediaType type) {
    return std::ranges::any_of(streams, [&](const AVStream* s) { return s->codecpar->codec_type == type; });
  };
  if (any(AVMEDIA_TYPE_VIDEO)) return "has no video stream, only a cover picture";
  if (any(AVMEDIA_TYPE_AUDIO)) return "has no video stream, only audio";
  return "has no video stream";
}

std::span<AVStream*> streams_of(const AVFormatContext& format) {
  return {format.streams, format.nb_streams};
}

bool is_encrypted(const AVPacket& packet) {
  return av_packet_get_side_data(&packet, AV_PKT_DATA_ENCRYPTION_INFO, nullptr) != nullptr;
}

bool is_keyframe(const AVFrame& frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 7, 100)  // FFmpeg 6.1
  return (frame.flags & AV_FRAME_FLAG_KEY) != 0;
#else
  return frame.key_frame != 0;
#endif
}

// These code interlaced pictures field by field.
bool may_be_field(const AVCodecParameters& codec) {
  switch (codec.codec_id) {
    case AV_CODEC_ID_MPEG2VIDEO:
    case AV_CODEC_ID_H264:
    case AV_CODEC_ID_HEVC:
    case AV_CODEC_ID_VC1:
      return codec.field_order != AV_FIELD_PROGRESSIVE;
    default:
      return false;
  }
}

// A damaged file may say any time; of those that are left no sum is too large for a number.
Ticks bounded(Ticks time) {
  constexpr Ticks kLongest = Ticks{1} << 60U;
  return std::clamp(time, -kLongest, kLongest);
}

// AVI has no presentation times, and some streams no times at all.
Ticks time_of(const AVPacket& packet) {
  if (packet.pts != AV_NOPTS_VALUE) return bounded(packet.pts);
  return bounded(packet.dts != AV_NOPTS_VALUE ? packet.dts : packet.pos);
}

}  // namespace

VideoFile::VideoFile(const std::filesystem::path& path, const Deadline& deadline)
    : deadline_(deadline), decoder_(deadline), packet_(make_packet()) {
  if (const std::string fault = reading_fault(path); !fault.empty()) throw VideoFault(fault);
  format_ = open_format(path, deadline);
  select_stream();
  open_decoder();
  find_extent();
}

void VideoFile::select_stream() {
  stream_ = find_video(streams_of(*format_));
  if (stream_ == nullptr || !header_suffices(*format_, *stream_->codecpar)) {
    if (avformat_find_stream_info(format_.get(), nullptr) < 0)
      throw VideoFault("is damaged: its first packets can't be read");
    stream_ = find_video(streams_of(*format_));
  }
  if (stream_ == nullptr) throw VideoFault(why_no_video(streams_of(*format_)));
  for (AVStream* stream : streams_of(*format_)) stream->discard = stream == stream_ ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
}

void VideoFile::open_decoder() {
  const AVCodecParameters& parameters = *stream_->codecpar;
  codec_name_ = avcodec_get_name(parameters.codec_id);
  if (std::int64_t{parameters.width} * parameters.height > kMostFilmPixels)
    throw VideoFault(
        fmt::format("is too large: {} x {} pixels, 8192 x 4320 at most", parameters.width, parameters.height));
  const AVCodec* codec = avcodec_find_decoder(parameters.codec_id);
  if (codec == nullptr) throw VideoFault(fmt::format("can't be decoded: there is no decoder for {}", codec_name_));
  CodecHandle decoder(avcodec_alloc_context3(codec));
  if (!decoder) throw std::bad_alloc();
  if (avcodec_parameters_to_context(decoder.get(), &parameters) < 0) throw std::bad_alloc();
  decoder->thread_count = 1;  // threads do not help a single frame
  decoder->max_pixels = kMostFilmPixels;
  decoder->pkt_timebase = stream_->time_base;
  // The same picture on every machine; and a keyframe is whole even where the decoder expects one of another kind
  // (H.264: an intra picture with no recovery point).
  decoder->flags |= AV_CODEC_FLAG_BITEXACT | AV_CODEC_FLAG_OUTPUT_CORRUPT;
  if (avcodec_open2(decoder.get(), codec, nullptr) < 0)
    throw VideoFault(fmt::format("is damaged: the parameters of its {} stream can't be used", codec_name_));
  decoder_.set(std::move(decoder));
}

void VideoFile::find_extent() {
  const auto first = read_keyframe();
  if (!first) throw VideoFault("has a video stream without a single keyframe");
  if (is_encrypted(*packet_)) throw VideoFault("is encrypted");
  start_ = stream_->start_time != AV_NOPTS_VALUE ? bounded(stream_->start_time) : *first;
  duration_ = bounded(stream_->duration);
  const bool guessed = format_->duration_estimation_method == AVFMT_DURATION_FROM_BITRATE;
  if (duration_ <= 0 && format_->duration > 0 && !guessed)
    duration_ = bounded(av_rescale_q(format_->duration, AVRational{1, AV_TIME_BASE}, stream_->time_base));
  if (is(*format_, kMatroska) && start_ > 0) duration_ -= start_;  // there it is counted from 0, not from the start
  if (duration_ <= 0 || guessed || index_ends_early()) read_to_the_end();
}

// A fragmented mp4 tells of its fragments one by one, and what was not read can't be sought.
bool VideoFile::index_ends_early() const {
  if (!is(*format_, kMp4)) return false;
  const int n = avformat_index_get_entries_count(stream_);
  const AVIndexEntry* last = n > 0 ? avformat_index_get_entry(stream_, n - 1) : nullptr;
  return last == nullptr || last->timestamp < start_ + duration_ - duration_ / 10;
}

// Neither duration nor index: one pass over the packets, with nothing decoded, gives both.
void VideoFile::read_to_the_end() {
  Ticks end = start_ + 1;
  while (read_packet()) end = std::max(end, time_of(*packet_) + bounded(packet_->duration));
  duration_ = bounded(end - start_);
}

double VideoFile::seconds() const noexcept {
  return static_cast<double>(duration_) * av_q2d(stream_->time_base);
}

double VideoFile::seconds_at(Ticks time) const noexcept {
  return std::max(0.0, (static_cast<double>(time) - static_cast<double>(start_)) * av_q2d(stream_->time_base));
}

Ticks VideoFile::time_at(double part) const noexcept {
  return start_ + static_cast<Ticks>(static_cast<double>(duration_) * part);
}

bool VideoFile::seek(Ticks time, int flags) {
  av_packet_unref(packet_.get());
  return !deadline_.reached() && av_seek_frame(format_.get(), stream_->index, time, flags) >= 0;
}

bool VideoFile::read_packet() {
  do {
    av_packet_unref(packet_.get());
    if (deadline_.reached() || av_read_frame(format_.get(), packet_.get()) < 0) return false;
  } while (packet_->stream_index != stream_->index);
  return true;
}

std::optional<Ticks> VideoFile::read_keyframe() {
  do {
    if (!read_packet()) return std::nullopt;
  } while ((packet_->flags & AV_PKT_FLAG_KEY) == 0);
  return time_of(*packet_);
}

std::optional<Ticks> VideoFile::find_at_or_before(Ticks time) {
  return find_before(time + 1);
}

std::optional<Ticks> VideoFile::find_after(Ticks time) {
  if (!seek(time + 1, 0)) return std::nullopt;
  // Some demuxers seek by decoding times, which run ahead: they may come out at the keyframe itself.
  auto found = read_keyframe();
  while (found && *found <= time) found = read_keyframe();
  return found;
}

std::optional<Ticks> VideoFile::find_before(Ticks time) {
  // A stream without an index is entered anywhere, and the next keyframe may lie behind the time; a file that is cut
  // short has nothing there: then from further back, in the end from before the first decoding time.
  const Ticks second = std::max<Ticks>(1, std::llround(1 / av_q2d(stream_->time_base)));
  const Ticks first = start_ - second;
  for (Ticks back = 1; time > first && !deadline_.reached(); back = std::max(2 * back, second)) {
    const Ticks target = std::max(first, time - back);
    const auto found = seek(target, AVSEEK_FLAG_BACKWARD) ? read_keyframe() : std::nullopt;
    if (found && *found < time) return found;
    if (target == first) break;
  }
  return std::nullopt;
}

FrameHandle VideoFile::decode() {
  if (is_encrypted(*packet_)) return nullptr;  // a film may begin in the clear
  const PacketHandle first = make_packet();
  if (av_packet_ref(first.get(), packet_.get()) < 0) throw std::bad_alloc();
  FrameHandle frame = decode_packet();
  decoder_.restart();
  if (frame || !may_be_field(*stream_->codecpar)) return frame;
  frame = decode_fields(*first);
  decoder_.restart();
  return frame;
}

FrameHandle VideoFile::decode_packet() {
  FrameHandle frame = decoder_.feed(packet_.get());
  // An edit list that begins inside a group of pictures hides the keyframe: the first frame that is shown stands for
  // it.
  while (!frame && (packet_->flags & AV_PKT_FLAG_DISCARD) != 0 && read_packet()) frame = decoder_.feed(packet_.get());
  return frame ? std::move(frame) : decoder_.feed(nullptr);  // no more will come: do not hold it back
}

// A frame that is coded as two fields may be two packets, of which a seek finds either.
FrameHandle VideoFile::decode_fields(const AVPacket& first) {
  constexpr int kMorePackets = 3;
  FrameHandle frame = decoder_.feed(&first);
  for (int more = 0; !frame && more < kMorePackets && read_packet(); ++more) frame = decoder_.feed(packet_.get());
  if (!frame) frame = decoder_.feed(nullptr);
  return frame && is_keyframe(*frame) ? std::move(frame) : nullptr;  // else it is made of one that is damaged
}

std::vector<std::int32_t> VideoFile::display_matrix(const AVFrame& frame) const {
  constexpr std::size_t kNumbers = 9;
  auto bytes = side_data(*stream_, AV_PKT_DATA_DISPLAYMATRIX);
  if (bytes.empty()) {
    const AVFrameSideData* side = av_frame_get_side_data(&frame, AV_FRAME_DATA_DISPLAYMATRIX);
    if (side != nullptr) bytes = {side->data, side->size};
  }
  if (bytes.size() < kNumbers * sizeof(std::int32_t)) return {};
  std::vector<std::int32_t> matrix(kNumbers);
  std::copy_n(bytes.data(), kNumbers * sizeof(std::int32_t), reinterpret_cast<std::uint8_t*>(matrix.data()));
  return matrix;
}

double VideoFile::sample_aspect(AVFrame& frame) const {
  const AVRational aspect = av_guess_sample_aspect_ratio(format_.get(), stream_, &frame);
  return aspect.num > 0 && aspect.den > 0 ? av_q2d(aspect) : 1;
}

}  // namespace pipeline::media
