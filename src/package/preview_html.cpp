#include "pipeline/base/html_text.h"

#include "article.h"
#include "preview_style.h"

#include <fmt/format.h>

namespace pipeline::package {
namespace {

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
