#pragma once

#include "pipeline/package/body.h"

#include <string>
#include <string_view>
#include <vector>

namespace pipeline::package {

struct RenderedMarkdown {
  std::string html;
  std::vector<std::string> notes;  // predicates of the body: what is not in the HTML, or not as it was written
  std::vector<Removed> removed;    // marks of editors
};

// CommonMark with GitHub's tables, ~~strikethrough~~, bare addresses as links and footnotes; and what note-taking
// programs add:
// ![[picture.jpg]], [[links]], ==marks==, task lists, callouts, %%comments%%. HTML in it passes unchanged: the result
// has to be cleaned. By cmark-gfm. Any thread.
[[nodiscard]] RenderedMarkdown render_markdown(std::string_view markdown, LineBreaks breaks);

}  // namespace pipeline::package
