#pragma once

#include "pipeline/package/body.h"

#include "html_node.h"

#include <string>
#include <vector>

namespace pipeline::package {

// Takes the marks of editors (editor_marks.h) out of a body's text, but for code, and adds to what was removed and to
// the notes, which are predicates of the body. False: there were none. What is left may make up new ones.
bool remove_editor_marks(HtmlNode& root, std::vector<Removed>& removed, std::vector<std::string>& notes);

}  // namespace pipeline::package
