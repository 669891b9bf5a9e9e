#include "round_pictures.h"

#include "pipeline/store/record_rows.h"

#include "picture_values.h"

#include <bit>
#include <utility>

namespace pipeline::store::postgres {
namespace {

// Of a post that was decided on in this round: what it had before its first place that is not before this one, or what
// it was given at its last one that is. Of another post what is recorded.
constexpr std::string_view kImages =
    "WITH given AS (SELECT DISTINCT ON (content_id) content_id, place FROM @package_posts "
    "WHERE decided AND content_id IS NOT NULL AND place < $1 ORDER BY content_id, place DESC), "
    "had AS (SELECT DISTINCT ON (content_id) content_id, place FROM @package_posts AS p "
    "WHERE decided AND content_id IS NOT NULL AND place >= $1 "
    "AND NOT EXISTS (SELECT 1 FROM given AS g WHERE g.content_id = p.content_id) ORDER BY content_id, place) "
    "SELECT i.content_id, i.sha256, i.perceptual_hash FROM @images AS i "
    "WHERE NOT EXISTS (SELECT 1 FROM given AS g WHERE g.content_id = i.content_id) "
    "AND NOT EXISTS (SELECT 1 FROM had AS h WHERE h.content_id = i.content_id) "
    "UNION ALL SELECT g.content_id, p.sha256, p.perceptual_hash FROM given AS g "
    "JOIN @package_pictures AS p ON p.place = g.place AND NOT p.before "
    "UNION ALL SELECT h.content_id, p.sha256, p.perceptual_hash FROM had AS h "
    "JOIN @package_pictures AS p ON p.place = h.place AND p.before";

// A post without pictures has one row.
constexpr std::string_view kDecisions =
    "SELECT p.place, p.content_id, i.sha256, i.perceptual_hash FROM @package_posts AS p "
    "LEFT JOIN @package_pictures AS i ON i.place = p.place AND NOT i.before "
    "WHERE p.place >= $1 AND p.place < $2 AND p.decided AND p.content_id IS NOT NULL ORDER BY p.place";

// For the statements of a decision: that it is this worker's to make, and not made yet.
constexpr std::string_view kNoteHad =
    "INSERT INTO @package_pictures (place, before, sha256, perceptual_hash, look) "
    "SELECT $1, true, i.sha256, i.perceptual_hash, i.look FROM @images AS i WHERE i.content_id = $2 AND EXISTS "
    "(SELECT 1 FROM @package_posts AS p WHERE p.place = $1 AND p.worker = $3 AND NOT p.decided)";
constexpr std::string_view kNoteGiven =
    "INSERT INTO @package_pictures (place, before, sha256, perceptual_hash, look) SELECT $1, false, n.* "
    "FROM unnest($3::bytea[], $4::bigint[], $5::bytea[]) AS n WHERE EXISTS "
    "(SELECT 1 FROM @package_posts AS p WHERE p.place = $1 AND p.worker = $2 AND NOT p.decided)";

}  // namespace

RoundTurn RoundPictures::turn(std::int64_t place) {
  const Result first =
      connection_.ask("look whose turn it is",
                      "SELECT p.place, coalesce(p.worker = $2, false), p.worker IS NULL OR NOT EXISTS "
                      "(SELECT 1 FROM @run_lock AS l WHERE l.name = p.worker AND l.lease_until >= now()) "
                      "FROM @package_posts AS p WHERE NOT p.decided AND p.place < $1 ORDER BY p.place LIMIT 1",
                      Values::of(place, worker_));
  if (first.rows() == 0) return {.come = true};
  const Row row(first, 0);
  return {.first = row.integer(0), .is_own = row.integer(1) != 0, .is_left = row.integer(2) != 0};
}

std::vector<Decision> RoundPictures::decisions(std::int64_t since, std::int64_t place) {
  const Result rows = connection_.ask("read what was decided on other posts", kDecisions, Values::of(since, place));
  std::vector<Decision> all;
  std::int64_t last = 0;
  for (int i = 0; i < rows.rows(); ++i) {
    const Row row(rows, i);
    if (std::exchange(last, row.integer(0)) != row.integer(0)) all.push_back({std::string(row.text(1)), {}});
    if (!row.is_null(2))
      all.back().images.push_back(
          {hash_in(row.bytes(2)).value_or(Sha256{}), std::bit_cast<std::uint64_t>(row.integer(3))});
  }
  return all;
}

void RoundPictures::decide(std::int64_t place, const Decision& decision) {
  const PictureColumns pictures(decision.images);
  connection_.write([&](Transaction& transaction) {
    (void)transaction.commit(
        {{"note what a post had", kNoteHad, Values::of(place, decision.content_id, worker_)},
         {"note what a post was given", kNoteGiven,
          Values::of(place, worker_, pictures.digests, pictures.hashes, pictures.looks)},
         {"decide on a post",
          "UPDATE @package_posts SET decided = true, content_id = $3 WHERE place = $1 AND worker = $2 AND NOT decided",
          Values::of(place, worker_, decision.content_id)}});
  });
}

void RoundPictures::each_image(std::int64_t place,
                               const std::function<void(std::string_view, const PackedImage&)>& sink) {
  connection_.each_row("read the packed images", kImages, Values::of(place), [&](const Row& row) {
    sink(row.text(0), {hash_in(row.bytes(1)).value_or(Sha256{}), std::bit_cast<std::uint64_t>(row.integer(2))});
  });
}

// Equal files look alike, whosever they are.
std::string RoundPictures::look_of(std::string_view content_id, const Sha256& sha256) {
  const Result found =
      connection_.ask("read a packed image's look",
                      "SELECT look FROM @images WHERE sha256 = $1 AND content_id = $2 AND look IS NOT NULL UNION ALL "
                      "SELECT look FROM @package_pictures WHERE sha256 = $1 AND look IS NOT NULL LIMIT 1",
                      Values::of(sha256, content_id));
  return found.rows() > 0 ? std::string(found.text(0, 0)) : std::string();
}

}  // namespace pipeline::store::postgres
