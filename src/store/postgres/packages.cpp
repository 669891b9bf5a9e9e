#include "packages.h"

#include "pipeline/base/error.h"
#include "pipeline/store/record_rows.h"

#include "picture_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace pipeline::store::postgres {
namespace {

constexpr std::string_view kPut =
    "INSERT INTO @packages (content_id, fingerprint, naver_bytes, unique_bytes, images, keyframes, run_id, built_at, "
    "digest) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (content_id) DO UPDATE SET "
    "fingerprint = excluded.fingerprint, naver_bytes = excluded.naver_bytes, unique_bytes = excluded.unique_bytes, "
    "images = excluded.images, keyframes = excluded.keyframes, run_id = excluded.run_id, built_at = excluded.built_at, "
    "digest = excluded.digest";

Statement putting(const PackageRecord& record) {
  return {"note a package", kPut,
          Values::of(record.content_id, record.fingerprint.bytes, static_cast<std::int64_t>(record.naver_bytes),
                     static_cast<std::int64_t>(record.unique_bytes), record.images, record.keyframes, record.run_id,
                     record.built_at, record.digest)};
}

Statement putting(const std::string& content_id, std::span<const PackedImage> images) {
  const PictureColumns pictures(images);
  return {"note the packed images",
          "INSERT INTO @images (content_id, sha256, perceptual_hash, look) SELECT $1, n.* "
          "FROM unnest($2::bytea[], $3::bigint[], $4::bytea[]) AS n",
          Values::of(content_id, pictures.digests, pictures.hashes, pictures.looks)};
}

std::vector<Statement> removing(std::string_view content_id) {
  return {{"forget a package", "DELETE FROM @packages WHERE content_id = $1", Values::of(content_id)},
          {"forget a package's images", "DELETE FROM @images WHERE content_id = $1", Values::of(content_id)}};
}

// The server would refuse it as well, but as what another has put in meanwhile, which is tried again.
void refuse_twins(const std::string& database, const std::string& content_id, std::span<const PackedImage> images) {
  std::vector<Sha256> digests;
  for (const PackedImage& image : images) digests.push_back(image.sha256);
  std::ranges::sort(digests);
  if (const auto twin = std::ranges::adjacent_find(digests); twin != digests.end())
    throw Error(
        fmt::format("{}: note the packed images: {} has the picture {} twice", database, content_id, to_hex(*twin)));
}

}  // namespace

std::optional<PackageRecord> Packages::find(std::string_view content_id) {
  const Result found = connection_->ask(
      "look up a package",
      "SELECT fingerprint, naver_bytes, unique_bytes, images, keyframes, run_id, built_at, digest FROM @packages "
      "WHERE content_id = $1",
      Values::of(content_id));
  if (found.rows() == 0) return std::nullopt;
  const Row row(found, 0);
  return PackageRecord{.content_id = std::string(content_id),
                       .fingerprint = {hash_in(row.bytes(0)).value_or(Sha256{})},
                       .naver_bytes = static_cast<std::uint64_t>(row.integer(1)),
                       .unique_bytes = static_cast<std::uint64_t>(row.integer(2)),
                       .images = row.integer(3),
                       .keyframes = row.integer(4),
                       .run_id = std::string(row.text(5)),
                       .built_at = row.time(6),
                       .digest = hash_in(row.bytes(7)).value_or(Sha256{})};
}

void Packages::each_image(const std::function<void(std::string_view, const PackedImage&)>& sink) {
  connection_->each_row(
      "read the packed images", "SELECT content_id, sha256, perceptual_hash FROM @images", {}, [&](const Row& row) {
        sink(row.text(0), {hash_in(row.bytes(1)).value_or(Sha256{}), std::bit_cast<std::uint64_t>(row.integer(2))});
      });
}

std::string Packages::look_of(std::string_view content_id, const Sha256& sha256) {
  const Result found =
      connection_->ask("read a packed image's look", "SELECT look FROM @images WHERE sha256 = $1 AND content_id = $2",
                       Values::of(sha256, content_id));
  return found.rows() > 0 ? std::string(found.text(0, 0)) : std::string();
}

void Packages::put(const PackageRecord& record, std::span<const PackedImage> images) {
  refuse_twins(connection_->name(), record.content_id, images);
  connection_->write([&](Transaction& transaction) {
    auto statements = removing(record.content_id);
    statements.push_back(putting(record));
    statements.push_back(putting(record.content_id, images));
    (void)transaction.commit(std::move(statements));
  });
}

void Packages::remove(std::string_view content_id) {
  connection_->write([&](Transaction& transaction) { (void)transaction.commit(removing(content_id)); });
}

void Packages::put_post(const PostRecord& post) {
  connection_->write([&](Transaction& transaction) { (void)transaction.commit(Posts::putting(post)); });
}

void Packages::forget_post(std::string_view content_id) {
  connection_->write([&](Transaction& transaction) {
    auto statements = removing(content_id);
    std::ranges::move(Posts::removing(content_id), std::back_inserter(statements));
    (void)transaction.commit(std::move(statements));
  });
}

}  // namespace pipeline::store::postgres
