#pragma once

#include "pipeline/package/post.h"

#include <cstddef>
#include <string>
#include <vector>

namespace pipeline::package {

// What was taken out of a body: `<script>`, `onclick of <p>`, `javascript: link`, `comment`.
struct Removed {
  std::string what;
  std::size_t count = 0;
};
// One more of these. Whether it is the first.
bool count_removed(std::string what, std::vector<Removed>& removed);

// The body as safe HTML5, cut where pictures stand: html[0], picture images[0], html[1], … html.back(). A picture's
// place may be within a paragraph or a link: what stands there has to be an inline element.
struct Body {
  std::vector<std::string> html;    // one more than images
  std::vector<std::size_t> images;  // Post::images, by index; each picture of the post once: so they are numbered
  std::vector<std::string> alts;    // of `images`: the author's alt text, of post.json, else of the <img>; empty: none
  std::vector<Removed> removed;     // each once, in the order it was met
  std::vector<std::string>
      notes;                  // what is not shown as it was written, and markup that stands in the text: predicates
  std::vector<Fault> faults;  // a picture the post does not have, a link that leads nowhere, nesting without end
};

// Whether a line break within a paragraph of Markdown is one, as blog editors have it, or a space, as CommonMark has
// it.
enum class LineBreaks { kept, strict };

// Markdown is rendered first (cmark-gfm). Then elements and attributes that are not on the list of the harmless are
// taken out of the parsed tree (gumbo), and what is left is written anew. A picture the body shows twice stays where it
// is shown first; pictures it does not show stand behind it. `values` fill what the author leaves to the catalogue, but
// in code; without, such marks are left out as those of other editors are. Any thread.
class LiveValues;
[[nodiscard]] Body make_body(const Post& post, LineBreaks breaks = LineBreaks::kept,
                             const LiveValues* values = nullptr);

// Where the body is written, to name a fault: `$.body`, or its file; and that place with the line that a byte of it is
// on.
[[nodiscard]] std::string body_place(const Post& post);
[[nodiscard]] std::string body_place(const Post& post, std::size_t byte);

}  // namespace pipeline::package
