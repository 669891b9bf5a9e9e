#pragma once

#include "pipeline/package/body.h"

#include "html_node.h"
#include "image_finder.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::package {

// What is left of a body when everything that is not on the list of the harmless (html_rules.h) was taken out.
struct CleanHtml {
  HtmlNode root;
  std::vector<std::string> alts;  // of Post::images, by index: what the first <img> of it says
  std::vector<Removed> removed;
  std::vector<std::string> faults;  // predicates of the body
};

// The fault of a body that has more than kMostLevels.
[[nodiscard]] std::string too_deep();

[[nodiscard]] CleanHtml clean_html(std::string_view html, std::span<const PostImage> images);

}  // namespace pipeline::package
