#include "article.h"

#include "pipeline/base/html_text.h"

#include "link.h"

#include <fmt/format.h>

#include <algorithm>

namespace pipeline::package {
namespace {

std::string disclosure_html(const Post::Disclosure& disclosure) {
  if (disclosure.text.empty()) return {};
  return fmt::format("<p class=\"disclosure{}\">{}</p>\n", disclosure.required ? " sponsored" : "",
                     html_lines(disclosure.text));
}

std::string body_html(const Content& content, const PictureHtml& picture_html) {
  std::string html = "<div class=\"body\">\n" + content.body.html.front();
  for (std::size_t i = 0; i < content.images.size(); ++i)
    html += picture_html(content.images[i], picture_number(i)) + content.body.html[i + 1];
  return html + "\n</div>\n";
}

std::string cta_html(const std::optional<Post::CallToAction>& cta) {
  if (!cta) return {};
  const Link link = read_link(cta->url);
  const std::string text = html_of(cta->text);
  if (link.kind != Link::Kind::good) return fmt::format("<p class=\"cta\">{}</p>\n", text);
  return fmt::format("<p class=\"cta\"><a href=\"{}\">{}</a></p>\n", html_of(link.address), text);
}

std::string faq_html(const std::vector<Post::Question>& faq) {
  if (faq.empty()) return {};
  std::string html = "<div class=\"faq\">\n<h2>자주 묻는 질문</h2>\n";
  for (const auto& [question, answer] : faq)
    html += fmt::format("<h3>Q. {}</h3>\n<p>{}</p>\n", html_lines(question), html_lines(answer));
  return html + "</div>\n";
}

// A hashtag ends at white space, and brings its own mark.
std::string hashtag(std::string_view tag) {
  std::string out = "#";
  for (const char c : tag)
    if (c != '#' && static_cast<unsigned char>(c) > ' ') out += c;
  return out;
}

std::string tags_html(const std::vector<std::string>& tags) {
  if (tags.empty()) return {};
  std::string html;
  for (const std::string& tag : tags) html += (html.empty() ? "" : " ") + html_of(hashtag(tag));
  return fmt::format("<p class=\"tags\">{}</p>\n", html);
}

}  // namespace

std::string picture_number(std::size_t index) {
  return fmt::format("{:02}", index + 1);
}

std::string article_html(const Content& content, const PictureHtml& picture_html) {
  const Post& post = content.post;
  return disclosure_html(post.disclosure) + body_html(content, picture_html) + cta_html(post.cta) + faq_html(post.faq) +
         tags_html(post.tags);
}

}  // namespace pipeline::package
