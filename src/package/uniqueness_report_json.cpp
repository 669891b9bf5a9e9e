#include "pipeline/package/alt_text.h"
#include "pipeline/package/documents.h"

#include "json_output.h"

#include <fmt/format.h>

#include <algorithm>

namespace pipeline::package {
namespace {

bool is_selected(const Picture& picture) noexcept {
  return !picture.selected_name.empty();
}

Json duplicate_of(const Duplicate& duplicate) {
  const bool here = duplicate.content_id.empty();
  return {{"likeness", duplicate.kind == Duplicate::Kind::equal ? "equal" : "nearly equal"},
          {"of", here ? Json(duplicate.of) : Json(nullptr)},
          {"packed_for", or_null(duplicate.content_id)},
          {"distance", duplicate.distance}};
}

std::string verdict_on(const Picture& picture) {
  if (is_selected(picture)) return "selected";
  if (!picture.duplicate) return "not selected";
  return picture.duplicate->content_id.empty() ? "duplicate in this post" : "packed for another post";
}

Json picture_json(const Picture& picture) {
  Json json = {{"source", picture.source}};
  if (picture.kind == Picture::Kind::keyframe) json["at_seconds"] = rounded(picture.at_seconds);
  json.update({{"file", or_null(picture.selected_name)},
               {"verdict", verdict_on(picture)},
               {"duplicate", picture.duplicate ? duplicate_of(*picture.duplicate) : Json(nullptr)},
               {"width", picture.width},
               {"height", picture.height},
               {"bytes", picture.bytes},
               {"sha256", to_hex(picture.sha256)},
               {"original_sha256", picture.original_sha256 ? Json(to_hex(*picture.original_sha256)) : Json(nullptr)},
               {"perceptual_hash", fmt::format("{:016x}", picture.perceptual_hash)},
               {"position_removed", picture.position_removed}});
  return json;
}

Json pictures_json(std::span<const Picture> pictures) {
  Json list = Json::array();
  for (const Picture& picture : pictures) list.push_back(picture_json(picture));
  return list;
}

Json videos_json(std::span<const VideoResult> videos) {
  Json list = Json::array();
  for (const VideoResult& video : videos)
    list.push_back({{"source", video.file},
                    {"codec", or_null(video.codec)},
                    {"duration_seconds", video.duration_seconds > 0 ? Json(rounded(video.duration_seconds)) : Json()},
                    {"keyframes", video.keyframes},
                    {"shortfall", or_null(video.shortfall)},
                    {"timed_out", video.timed_out}});
  return list;
}

Json rule(std::string_view name, Json limit, Json found, bool kept) {
  return {{"rule", name}, {"limit", std::move(limit)}, {"found", std::move(found)}, {"kept", kept}};
}

Json alt_texts_rule(const Content& content) {
  std::size_t pictures = 0;
  std::size_t good = 0;
  for (const auto part : {content.images, content.keyframes})
    for (const Picture& picture : part) {
      ++pictures;
      if (alt_objection(picture.alt).empty()) ++good;
    }
  return rule("alt_text of every picture, characters", {{"least", kAltShortest}, {"most", kAltLongest}},
              {{"pictures", pictures}, {"with_alt_text", good}}, good == pictures);
}

Json rules_json(const Content& content) {
  const auto& disclosure = content.post.disclosure;
  const bool has_disclosure = !disclosure.text.empty();
  return Json::array({
      rule("min_images", content.min_images, content.counted_images, content.counted_images >= content.min_images),
      rule("max_duplicate_ratio", rounded(content.max_duplicate_ratio), rounded(content.duplicate_ratio),
           content.duplicate_ratio <= content.max_duplicate_ratio),
      alt_texts_rule(content),
      rule("disclosure first in the body", disclosure.required ? "required" : "not required",
           has_disclosure ? "first" : "none", has_disclosure || !disclosure.required),
  });
}

Json removed_json(const Body& body) {
  Json list = Json::array();
  for (const Removed& removed : body.removed) list.push_back({{"what", removed.what}, {"count", removed.count}});
  return list;
}

Json counts_json(const Content& content) {
  return {{"images", content.images.size()},
          {"selected_images", std::ranges::count_if(content.images, is_selected)},
          {"keyframes", content.keyframes.size()},
          {"selected_keyframes", std::ranges::count_if(content.keyframes, is_selected)}};
}

}  // namespace

std::string uniqueness_report_json(const Content& content) {
  return document_of({{"content_id", content.post.content_id},
                      {"rules", rules_json(content)},
                      {"counts", counts_json(content)},
                      {"images", pictures_json(content.images)},
                      {"keyframes", pictures_json(content.keyframes)},
                      {"videos", videos_json(content.videos)},
                      {"removed_from_body", removed_json(content.body)}});
}

}  // namespace pipeline::package
