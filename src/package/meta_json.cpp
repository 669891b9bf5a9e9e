#include "pipeline/package/documents.h"

#include "json_output.h"

namespace pipeline::package {
namespace {

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

}  // namespace

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

}  // namespace pipeline::package
