#include "pipeline/package/documents.h"

#include "json_output.h"

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

}  // namespace

std::string alt_texts_json(const Content& content) {
  Json texts = Json::array();
  append_selected(content.images, texts);
  append_selected(content.keyframes, texts);
  return document_of({{"content_id", content.post.content_id}, {"alt_texts", std::move(texts)}});
}

}  // namespace pipeline::package
