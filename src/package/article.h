#pragma once

#include "pipeline/package/documents.h"

#include <cstddef>
#include <functional>
#include <string>

namespace pipeline::package {

// What stands at the place of a picture: an inline element.
using PictureHtml = std::function<std::string(const Picture& picture, const std::string& number)>;

// The post as the children of an element that takes blocks: disclosure, body with its pictures, call to action,
// questions, tags. The disclosure stands before all else.
[[nodiscard]] std::string article_html(const Content& content, const PictureHtml& picture_html);

// `01`, as the picture's file is named.
[[nodiscard]] std::string picture_number(std::size_t index);

}  // namespace pipeline::package
