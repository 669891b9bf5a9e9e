#include "pipeline/package/body.h"

#include "pipeline/base/ascii.h"
#include "pipeline/base/characters.h"
#include "pipeline/base/html_text.h"

#include "file_names.h"
#include "html_cleaner.h"
#include "live_values.h"
#include "markdown.h"
#include "text_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace pipeline::package {
namespace {

constexpr int kMostPasses = 20;  // of marks within marks

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

// Paragraphs stand apart by empty lines, and their lines are kept.
std::string html_of_text(std::string_view text) {
  std::string html;
  std::string paragraph;
  const auto end_paragraph = [&] {
    if (!paragraph.empty()) html += "<p>" + html_lines(paragraph) + "</p>\n";
    paragraph.clear();
  };
  while (!text.empty()) {
    std::string_view line = take_until(text, '\n');
    line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
    if (line.empty()) {
      end_paragraph();
    } else {
      if (!paragraph.empty()) paragraph += '\n';
      paragraph += line;
    }
  }
  end_paragraph();
  return html;
}

// Whether a reader would find nothing there, neither words nor a picture.
bool says_nothing(const HtmlNode& node) {
  if (!node.is_element()) return !node.picture && trim_blanks(node.text).empty();
  return std::ranges::all_of(node.children, says_nothing);
}

RenderedMarkdown render(const Post& post, LineBreaks breaks) {
  switch (post.body_format) {
    case BodyFormat::html:
      return {post.body, {}, {}};
    case BodyFormat::markdown:
      return render_markdown(post.body, breaks);
    case BodyFormat::text:
      return {html_of_text(post.body), {}, {}};
  }
  return {};
}

// What a link leads to is no text: a value in it would be published with its braces.
void refuse_in_address(std::string_view address, const LiveValues::Tell& tell) {
  const std::string plain = percent_decoded(address);
  if (const std::string_view found = first_live_value(plain); !found.empty()) tell(found, std::string(kNotFilledHere));
}

void fill(HtmlNode& node, const LiveValues& values, const LiveValues::Tell& tell) {
  if (node.is_code()) return;
  for (Attribute& attribute : node.attributes) {
    if (attribute.name == "title") attribute.value = values.fill(attribute.value, tell);
    if (attribute.name == "href") refuse_in_address(attribute.value, tell);
  }
  if (!node.is_element()) node.text = values.fill(node.text, tell);
  for (HtmlNode& child : node.children) fill(child, values, tell);
}

void fill(const Post& post, const LiveValues& values, CleanHtml& clean, std::vector<Fault>& faults) {
  const auto tell = [&](std::string_view written, std::string objection) {
    faults.push_back({body_place(post, post.body.find(written)), fmt::format("{} {}", written, objection)});
  };
  fill(clean.root, values, tell);
  for (std::string& alt : clean.alts) alt = values.fill(alt, tell);
}

}  // namespace

bool count_removed(std::string what, std::vector<Removed>& removed) {
  const auto known = std::ranges::find(removed, what, &Removed::what);
  if (known != removed.end()) {
    ++known->count;
    return false;
  }
  removed.push_back({std::move(what), 1});
  return true;
}

std::string body_place(const Post& post) {
  return post.body_file.empty() ? "$.body" : post.body_file;
}

std::string body_place(const Post& post, std::size_t byte) {
  if (post.body_file.empty() || byte > post.body.size()) return body_place(post);
  return fmt::format("{}:{}", post.body_file, post.body_line + position_of(post.body, byte).line - 1);
}

Body make_body(const Post& post, LineBreaks breaks, const LiveValues* values) {
  Body body;
  RenderedMarkdown rendered = render(post, breaks);
  CleanHtml clean = clean_html(rendered.html, post.images);
  if (values != nullptr) fill(post, *values, clean, body.faults);
  std::vector<Removed> removed = std::move(rendered.removed);
  std::ranges::move(clean.removed, std::back_inserter(removed));
  settle(clean.root);
  for (int pass = 0; pass < kMostPasses && remove_editor_marks(clean.root, removed, rendered.notes); ++pass)
    settle(clean.root);
  // A list in a list has become a list in an item of it.
  if (levels_of(clean.root) > kMostLevels) clean.faults.push_back(too_deep());
  const bool was_read = !trim_blanks(post.body).empty();  // else its reader has said why not
  const bool is_bare = was_read && clean.faults.empty() && std::ranges::all_of(clean.root.children, says_nothing);
  append_other_pictures(post.images.size(), clean.root);
  HtmlPieces pieces = write_html(clean.root);

  body.html = std::move(pieces.html);
  body.images = std::move(pieces.pictures);
  for (const std::size_t image : body.images) {
    const std::string& of_list = post.images[image].alt;
    body.alts.push_back(of_list.empty() ? clean.alts[image] : of_list);
  }
  body.removed = std::move(removed);
  body.notes = std::move(rendered.notes);
  if (is_bare) body.notes.emplace_back("has neither words nor a picture's place in it: write the post");
  std::ranges::move(leftover_marks(clean.root), std::back_inserter(body.notes));
  for (std::string& fault : clean.faults) body.faults.push_back({body_place(post), std::move(fault)});
  return body;
}

}  // namespace pipeline::package
