#include "picture_line.h"

#include "pipeline/archive/zip_writer.h"
#include "pipeline/base/file.h"

#include <utility>

namespace pipeline::package {
namespace {

// Enough to keep every core at work past the largest picture of a phone, a small part of what a job may use.
constexpr std::uintmax_t kBytesAhead = std::uintmax_t{64} << 20U;

}  // namespace

PictureLine::PictureLine(TaskPool& pool, metrics::Metrics& metrics, Timers timers, metrics::Tags tags,
                         const std::vector<PostImage>& images, std::span<const std::size_t> order, bool keep_gps)
    : metrics_(metrics), timers_(timers), tags_(tags), keep_gps_(keep_gps), slots_(order.size()), tasks_(pool) {
  for (std::size_t i = 0; i < order.size(); ++i) {
    slots_[i].file = &images[order[i]];
    std::error_code unknown;  // the reading will tell
    const auto size = std::filesystem::file_size(slots_[i].file->path, unknown);
    slots_[i].size = unknown ? 0 : size;
  }
  start_more();
}

ExaminedPicture PictureLine::next() {
  Slot& slot = slots_[next_++];
  tasks_.work_until([&] { return slot.done.load(std::memory_order_acquire); });
  ExaminedPicture picture = std::exchange(slot.picture, {});
  bytes_ahead_ -= slot.size;
  start_more();
  return picture;
}

void PictureLine::work_ahead() {
  tasks_.finish();
}

void PictureLine::start_more() {
  while (started_ < slots_.size() && (bytes_ahead_ == 0 || bytes_ahead_ + slots_[started_].size <= kBytesAhead)) {
    Slot& slot = slots_[started_++];
    bytes_ahead_ += slot.size;
    tasks_.add([this, &slot] { examine(slot); });
  }
}

void PictureLine::examine(Slot& slot) const {
  try {
    read_and_hash(*slot.file, slot.picture);
  } catch (const media::ImageError& e) {
    slot.picture.fault = e.what();
  } catch (const Error& e) {
    slot.picture.fault = e.what();
  }
  slot.done.store(true, std::memory_order_release);
}

void PictureLine::read_and_hash(const PostImage& file, ExaminedPicture& picture) const {
  {
    const auto timed = metrics_.time(timers_.read, tags_);
    picture.bytes = read_file(file.path);
  }
  const auto timed = metrics_.time(timers_.hash, tags_);
  auto converted = media::convert_image(picture.bytes);
  if (converted) {
    picture.original_sha256 = Sha256Hasher().hash(picture.bytes);
    picture.bytes = std::move(converted->jpeg);
  }
  picture.image = media::examine_image(picture.bytes);
  if (converted) {
    picture.image.note = std::move(converted->note);
    picture.position_removed = converted->had_position;
  }
  if (picture.image.has_position && !keep_gps_) {
    if (auto without = media::without_position(picture.bytes)) {
      picture.bytes = std::move(*without);
      picture.position_removed = true;
    }
  }
  picture.sha256 = Sha256Hasher().hash(picture.bytes);
  picture.crc = archive::crc32_of(picture.bytes);
}

}  // namespace pipeline::package
