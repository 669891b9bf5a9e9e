#include "packages.h"

#include "pipeline/store/record_rows.h"

#include "transaction.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <utility>

namespace pipeline::store::sqlite {
namespace {

std::optional<std::span<const std::uint8_t>> bytes_of(const std::string& look) noexcept {
  if (look.empty()) return std::nullopt;
  return std::span(reinterpret_cast<const std::uint8_t*>(look.data()), look.size());
}

}  // namespace

Packages::Packages(std::shared_ptr<Connection> connection)
    : connection_(std::move(connection)),
      find_(*connection_, "look up a package",
            "SELECT fingerprint, naver_bytes, unique_bytes, images, keyframes, run_id, built_at, digest FROM packages "
            "WHERE content_id = ?1"),
      images_(*connection_, "read the packed images", "SELECT content_id, sha256, perceptual_hash FROM images"),
      look_(*connection_, "read a packed image's look",
            "SELECT look FROM images WHERE sha256 = ?1 AND content_id = ?2"),
      put_(*connection_, "note a package",
           "INSERT OR REPLACE INTO packages (content_id, fingerprint, naver_bytes, unique_bytes, images, keyframes, "
           "run_id, built_at, digest) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"),
      put_image_(*connection_, "note a packed image",
                 "INSERT INTO images (content_id, sha256, perceptual_hash, look) VALUES (?1, ?2, ?3, ?4)"),
      remove_(*connection_, "forget a package", "DELETE FROM packages WHERE content_id = ?1"),
      remove_images_(*connection_, "forget a package's images", "DELETE FROM images WHERE content_id = ?1"),
      posts_(*connection_) {}

std::optional<PackageRecord> Packages::find(std::string_view content_id) {
  const Statement::Use use(find_);
  if (!find_.bind(1, content_id).step()) return std::nullopt;
  return PackageRecord{.content_id = std::string(content_id),
                       .fingerprint = {hash_in(find_.bytes(0)).value_or(Sha256{})},
                       .naver_bytes = static_cast<std::uint64_t>(find_.integer(1)),
                       .unique_bytes = static_cast<std::uint64_t>(find_.integer(2)),
                       .images = find_.integer(3),
                       .keyframes = find_.integer(4),
                       .run_id = std::string(find_.text(5)),
                       .built_at = find_.time(6),
                       .digest = hash_in(find_.bytes(7)).value_or(Sha256{})};
}

void Packages::each_image(const std::function<void(std::string_view, const PackedImage&)>& sink) {
  const Statement::Use use(images_);
  while (images_.step())
    sink(images_.text(0),
         {hash_in(images_.bytes(1)).value_or(Sha256{}), std::bit_cast<std::uint64_t>(images_.integer(2))});
}

std::string Packages::look_of(std::string_view content_id, const Sha256& sha256) {
  const Statement::Use use(look_);
  if (!look_.bind(1, sha256).bind(2, content_id).step()) return {};
  const auto look = look_.blob(0);
  return {look.begin(), look.end()};
}

void Packages::put(const PackageRecord& record, std::span<const PackedImage> images) {
  Transaction transaction(*connection_);
  put_.bind(1, record.content_id)
      .bind(2, record.fingerprint.bytes)
      .bind(3, static_cast<std::int64_t>(record.naver_bytes))
      .bind(4, static_cast<std::int64_t>(record.unique_bytes))
      .bind(5, record.images)
      .bind(6, record.keyframes)
      .bind(7, record.run_id)
      .bind(8, record.built_at)
      .bind(9, record.digest)
      .run();
  remove_images_.bind(1, record.content_id).run();
  for (const PackedImage& image : images) {
    const auto look = bytes_of(image.look);
    put_image_.bind(1, record.content_id)
        .bind(2, image.sha256)
        .bind(3, std::bit_cast<std::int64_t>(image.perceptual_hash))
        .bind(4, look)
        .run();
  }
  transaction.commit();
}

void Packages::remove(std::string_view content_id) {
  Transaction transaction(*connection_);
  remove_.bind(1, content_id).run();
  remove_images_.bind(1, content_id).run();
  transaction.commit();
}

std::optional<PostRecord> Packages::find_post(std::string_view content_id) {
  return posts_.find(content_id);
}

void Packages::each_post(const std::function<void(const PostRecord&)>& sink) {
  posts_.each(sink);
}

void Packages::each_post_folder(const std::function<void(std::string_view content_id, std::string_view folder)>& sink) {
  posts_.each_folder(sink);
}

void Packages::each_post_in_need(const std::function<void(const PostRecord&)>& sink) {
  posts_.each_in_need(sink);
}

std::vector<TakeDown> Packages::to_take_down() {
  return posts_.to_take_down();
}

void Packages::put_post(const PostRecord& post) {
  Transaction transaction(*connection_);
  posts_.put(post);
  transaction.commit();
}

void Packages::forget_post(std::string_view content_id) {
  Transaction transaction(*connection_);
  remove_.bind(1, content_id).run();
  remove_images_.bind(1, content_id).run();
  posts_.remove(content_id);
  transaction.commit();
}

}  // namespace pipeline::store::sqlite
