#include "pipeline/base/html_text.h"

#include "article.h"

#include <fmt/format.h>

namespace pipeline::package {
namespace {

std::string place_html(const Picture& picture, const std::string& number) {
  return fmt::format("<span class=\"image-place\" data-image=\"{}\">[사진 {}: {}]</span>", html_of(picture.name),
                     number, html_of(picture.alt));
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

}  // namespace pipeline::package
