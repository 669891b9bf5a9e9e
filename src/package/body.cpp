#include "pipeline/package/body.h"

#include "html_cleaner.h"
#include "markdown.h"

#include <algorithm>
#include <utility>

namespace pipeline::package {
namespace {

// Pictures that the text does not show stand behind it, each in a paragraph of its own.
void append_other_pictures(std::size_t count, HtmlNode& root) {
  const auto placed = write_html(root).pictures;
  for (std::size_t i = 0; i < count; ++i) {
    if (std::ranges::find(placed, i) != placed.end()) continue;
    HtmlNode& paragraph = root.children.emplace_back();
    paragraph.rule = rule_of("p");
    paragraph.children.emplace_back().picture = i;
  }
}

}  // namespace

std::string body_place(const Post& post) {
  return post.body_file.empty() ? "$.body" : post.body_file;
}

Body make_body(const Post& post) {
  CleanHtml clean = post.body_format == BodyFormat::markdown ? clean_html(render_markdown(post.body), post.images)
                                                             : clean_html(post.body, post.images);
  settle(clean.root);
  append_other_pictures(post.images.size(), clean.root);
  HtmlPieces pieces = write_html(clean.root);

  Body body;
  body.html = std::move(pieces.html);
  body.images = std::move(pieces.pictures);
  for (const std::size_t image : body.images) {
    const std::string& of_list = post.images[image].alt;
    body.alts.push_back(of_list.empty() ? clean.alts[image] : of_list);
  }
  body.removed = std::move(clean.removed);
  for (std::string& fault : clean.faults) body.faults.push_back({body_place(post), std::move(fault)});
  return body;
}

}  // namespace pipeline::package
