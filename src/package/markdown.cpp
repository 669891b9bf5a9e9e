#include "markdown.h"

#include "pipeline/base/error.h"

#include <md4c-html.h>
#include <md4c.h>

namespace pipeline::package {
namespace {

constexpr unsigned kDialect = MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_PERMISSIVEURLAUTOLINKS;

void append(const MD_CHAR* text, MD_SIZE size, void* out) {
  static_cast<std::string*>(out)->append(text, size);
}

}  // namespace

std::string render_markdown(std::string_view markdown) {
  std::string html;
  const int result = md_html(markdown.data(), static_cast<MD_SIZE>(markdown.size()), append, &html, kDialect,
                             MD_HTML_FLAG_SKIP_UTF8_BOM);
  if (result != 0) throw Error("The Markdown of a post was not rendered: md4c had no memory for it");
  return html;
}

}  // namespace pipeline::package
