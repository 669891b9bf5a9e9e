#include "pipeline/package/alt_text.h"
#include "pipeline/package/documents.h"

#include "facts.h"
#include "json_output.h"

#include <fmt/format.h>

#include <algorithm>

namespace pipeline::package {
namespace {

void append_selected(std::span<const Picture> pictures, Json& texts) {
  for (const Picture& picture : pictures)
    if (!picture.selected_name.empty())
      texts.push_back({{"file", picture.selected_name},
                       {"source", picture.source},
                       {"alt", picture.alt},
                       {"by", picture.alt_by_author ? "author" : "generated"}});
}

Json products_of(const Content& content) {
  Json products = Json::array();
  for (const auto& product : content.products)
    products.push_back(
        {{"sku", product.sku}, {"source", product.source}, {"name", or_null(product.name.value_or(""))}});
  return products;
}

Json images_of(const Content& content) {
  Json images = Json::array();
  for (const Picture& picture : content.images)
    images.push_back({{"number", images.size() + 1},
                      {"file", picture.name},
                      {"source", picture.source},
                      {"alt", picture.alt},
                      {"width", picture.width},
                      {"height", picture.height}});
  return images;
}

Json cta_of(const Post& post) {
  if (!post.cta) return nullptr;
  return {{"text", post.cta->text}, {"url", post.cta->url}};
}

std::string origin_of(const Post::Fact& fact) {
  return "post.json " + fact.place;
}
std::string origin_of(const CatalogueFact& fact) {
  return "products." + fact.column;
}

Json author_fact(const Post::Fact& fact) {
  return {{"name", fact.name}, {"value", Json::parse(fact.value)}, {"origin", origin_of(fact)}};
}

Json catalogue_fact(const CatalogueFact& fact, const catalogue::Product& product) {
  return {{"name", fact.column},       {"value", fact.value},
          {"origin", origin_of(fact)}, {"sku", product.sku},
          {"source", product.source},  {"modified_at", or_null(product.modified_at.value_or(""))}};
}

// What the catalogue says of the thing an author's fact names, when no product of the post agrees with the author.
Json contradictions(const Post::Fact& fact, const Content& content) {
  const Json value = Json::parse(fact.value);
  const std::string_view column = column_meant(fact.name);
  Json others = Json::array();
  for (const auto& product : content.products)
    for (const CatalogueFact& known : facts_of(product)) {
      if (known.column != column) continue;
      if (say_the_same(value, known.value)) return Json::array();
      others.push_back(catalogue_fact(known, product));
    }
  return others;
}

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

std::string alt_texts_json(const Content& content) {
  Json texts = Json::array();
  append_selected(content.images, texts);
  append_selected(content.keyframes, texts);
  return document_of({{"content_id", content.post.content_id}, {"alt_texts", std::move(texts)}});
}

std::string manifest_json(const std::string& content_id, std::span<const ManifestFile> files) {
  Json list = Json::array();
  for (const ManifestFile& file : files)
    list.push_back({{"name", file.name}, {"size", file.size}, {"sha256", to_hex(file.sha256)}});
  return document_of({{"content_id", content_id}, {"files", std::move(list)}});
}

std::string meta_json(const Content& content) {
  const Post& post = content.post;
  return document_of({{"content_id", post.content_id},
                      {"title", post.title},
                      {"products", products_of(content)},
                      {"tags", post.tags},
                      {"disclosure", {{"required", post.disclosure.required}, {"text", or_null(post.disclosure.text)}}},
                      {"cta", cta_of(post)},
                      {"counts",
                       {{"images", content.images.size()},
                        {"videos", content.videos.size()},
                        {"questions", post.faq.size()},
                        {"tags", post.tags.size()}}},
                      {"images", images_of(content)}});
}

std::string unique_facts_json(const Content& content) {
  Json facts = Json::array();
  Json conflicts = Json::array();
  for (const Post::Fact& fact : content.post.facts) {
    facts.push_back(author_fact(fact));
    if (Json others = contradictions(fact, content); !others.empty())
      conflicts.push_back({{"author", author_fact(fact)}, {"catalogue", std::move(others)}});
  }
  for (const auto& product : content.products)
    for (const CatalogueFact& fact : facts_of(product)) facts.push_back(catalogue_fact(fact, product));
  return document_of(
      {{"content_id", content.post.content_id}, {"facts", std::move(facts)}, {"conflicts", std::move(conflicts)}});
}

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
