#pragma once

#include "pipeline/base/sha256.h"
#include "pipeline/catalogue/queue_entry.h"
#include "pipeline/store/post_json.h"
#include "pipeline/store/posts.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>

// How rows become records, told once for each engine: a Row has integer(), text(), bytes(), time() and time_or_none()
// of a column.
namespace pipeline::store {

// Both hashes are 32 bytes; a row somebody else wrote otherwise has none.
[[nodiscard]] inline std::optional<Sha256> hash_in(std::span<const std::uint8_t> bytes) noexcept {
  Sha256 hash{};
  if (bytes.size() != hash.size()) return std::nullopt;
  std::ranges::copy(bytes, hash.begin());
  return hash;
}

// id, source, sku, name, reason, status, attempts, enqueued_at, claimed_at, claimed_by, lease_until, finished_at,
// error, changes.
template <typename Row>
[[nodiscard]] catalogue::QueueEntry queue_entry_of(const Row& row) {
  catalogue::QueueEntry entry;
  entry.id = row.integer(0);
  entry.source = row.text(1);
  entry.sku = row.text(2);
  entry.name = row.text(3);
  entry.reason = row.text(4);
  entry.status = catalogue::parse_queue_status(row.text(5)).value();  // a CHECK of the table admits no other
  entry.attempts = static_cast<int>(row.integer(6));
  entry.enqueued_at = row.time(7);
  entry.claimed_at = row.time_or_none(8);
  entry.claimed_by = row.text(9);
  entry.lease_until = row.time_or_none(10);
  entry.finished_at = row.time_or_none(11);
  entry.error = row.text(12);
  entry.changes = row.text(13);
  return entry;
}

// content_id, folder, title, link, products, state, reasons, not_built_since, outdated, stale, stale_since, kept,
// published, published_at; and of the package digest, built_at.
template <typename Row>
[[nodiscard]] PostRecord post_of(const Row& row) {
  PostRecord post;
  post.content_id = row.text(0);
  post.folder = row.text(1);
  post.title = row.text(2);
  post.link = row.text(3);
  post.products = parse_texts(row.text(4));
  post.state = post_state_named(row.text(5));
  post.reasons = parse_texts(row.text(6));
  post.not_built_since = row.time_or_none(7);
  post.outdated = parse_outdated(row.text(8));
  post.stale = parse_stale(row.text(9));
  post.stale_since = row.time_or_none(10);
  post.kept = parse_texts(row.text(11));
  post.published = hash_in(row.bytes(12));
  post.published_at = row.time_or_none(13);
  post.built = hash_in(row.bytes(14));
  post.built_at = row.time_or_none(15);
  return post;
}

}  // namespace pipeline::store
