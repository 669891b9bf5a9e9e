#pragma once

#include "pipeline/base/text.h"
#include "pipeline/package/body.h"

#include "target.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>

// What holds of the body of every post.
namespace pipeline::fuzz {

[[nodiscard]] inline package::Post post_with(std::string_view body, package::BodyFormat format) {
  package::Post post;
  post.body = body;
  post.body_format = format;
  post.images = {{"images/a.jpg", "/nowhere/a.jpg", "", ""}, {"images/b.png", "/nowhere/b.png", "", ""}};
  return post;
}

// As its author could have written it.
[[nodiscard]] inline std::string html_of(const package::Body& body, const package::Post& post) {
  std::string html = body.html.front();
  for (std::size_t i = 0; i < body.images.size(); ++i)
    html += "<img src=\"" + post.images[body.images[i]].file + "\">" + body.html[i + 1];
  return html;
}

inline void try_body(std::string_view text, package::BodyFormat format) {
  if (!is_utf8(text) || text.find('\0') != std::string_view::npos) return;  // refused before
  const package::Post post = post_with(text, format);
  const package::Body body = package::make_body(post);
  require(body.html.size() == body.images.size() + 1, "one more text than pictures");
  require(body.images.size() == post.images.size(), "each picture once");
  for (const std::string& note : body.notes) require(is_utf8(note), "a note can be printed");
  if (!body.faults.empty()) return;

  const std::string html = html_of(body, post);
  require(is_utf8(html), "it is UTF-8");
  std::string small = html;
  std::ranges::transform(small, small.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  // What is text has no `<`.
  for (const std::string_view tag :
       {"<script", "<style", "<iframe", "<object", "<embed", "<svg", "<math", "<form", "<input", "<!--", "<meta",
        "<link", "<base", "href=\"javascript", "href=\"data", "href=\"vbscript"})
    require(small.find(tag) == std::string::npos, "it holds no " + std::string(tag));

  const package::Post again = post_with(html, package::BodyFormat::html);
  const package::Body second = package::make_body(again);
  require(second.faults.empty(), "what was cleaned has no fault");
  require(html_of(second, again) == html, "what was cleaned is clean:\n" + html + "\n" + html_of(second, again));
}

}  // namespace pipeline::fuzz
