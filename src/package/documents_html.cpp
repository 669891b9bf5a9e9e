#include "pipeline/base/html_text.h"
#include "pipeline/package/documents.h"

#include "link.h"
#include "preview_style.h"

#include <fmt/format.h>

#include <functional>

namespace pipeline::package {
namespace {

// What stands at the place of a picture: an inline element. `number`: `01`, as the picture's file is named.
using PictureHtml = std::function<std::string(const Picture& picture, const std::string& number)>;

std::string disclosure_html(const Post::Disclosure& disclosure) {
  if (disclosure.text.empty()) return {};
  return fmt::format("<p class=\"disclosure{}\">{}</p>\n", disclosure.required ? " sponsored" : "",
                     html_lines(disclosure.text));
}

std::string body_html(const Content& content, const PictureHtml& picture_html) {
  std::string html = "<div class=\"body\">\n" + content.body.html.front();
  for (std::size_t i = 0; i < content.images.size(); ++i)
    html += picture_html(content.images[i], fmt::format("{:02}", i + 1)) + content.body.html[i + 1];
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

// The post as the children of an element that takes blocks. The disclosure stands before all else.
std::string article_html(const Content& content, const PictureHtml& picture_html) {
  const Post& post = content.post;
  return disclosure_html(post.disclosure) + body_html(content, picture_html) + cta_html(post.cta) + faq_html(post.faq) +
         tags_html(post.tags);
}

std::string place_html(const Picture& picture, const std::string& number) {
  return fmt::format("<span class=\"image-place\" data-image=\"{}\">[사진 {}: {}]</span>", html_of(picture.name),
                     number, html_of(picture.alt));
}

// The number stays visible, so that the hand that pastes finds the file.
std::string image_html(const Picture& picture, const std::string& number) {
  return fmt::format(
      "<span class=\"photo\" data-number=\"{}\"><img src=\"{}\" alt=\"{}\" width=\"{}\" height=\"{}\"></span>", number,
      html_of(picture.name), html_of(picture.alt), picture.width, picture.height);
}

std::string pictures_in_words(std::size_t count) {
  return count == 0 ? std::string("사진 없음") : fmt::format("사진 {}장", count);
}

}  // namespace

std::string content_html(const Content& content) {
  const std::string title = html_of(content.post.title);
  return fmt::format(
      "<!DOCTYPE html>\n"
      "<html lang=\"ko\">\n"
      "<head>\n"
      "<meta charset=\"utf-8\">\n"
      "<title>{}</title>\n"
      "</head>\n"
      "<body>\n"
      "<h1>{}</h1>\n"
      "<div class=\"post\">\n"
      "{}"
      "</div>\n"
      "</body>\n"
      "</html>\n",
      title, title, article_html(content, place_html));
}

std::string preview_html(const Content& content) {
  const std::string title = html_of(content.post.title);
  return fmt::format(
      "<!DOCTYPE html>\n"
      "<html lang=\"ko\">\n"
      "<head>\n"
      "<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n"
      "<title>{}</title>\n"
      "<style>\n{}</style>\n"
      "</head>\n"
      "<body>\n"
      "<p class=\"bar\"><b>미리보기</b> <span>{}</span> <span>{}</span></p>\n"
      "<main>\n"
      "<h1>{}</h1>\n"
      "<div class=\"post\">\n"
      "{}"
      "</div>\n"
      "</main>\n"
      "</body>\n"
      "</html>\n",
      kPreviewPolicy, title, kPreviewStyle, html_of(content.post.content_id), pictures_in_words(content.images.size()),
      title, article_html(content, image_html));
}

}  // namespace pipeline::package
