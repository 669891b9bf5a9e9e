#pragma once

#include "html_node.h"

#include <string>
#include <vector>

namespace pipeline::package {

// What stands in the text of a cleaned body and looks like markup that nothing understood: `**`, `![…](…)`, `##제목`,
// the line below a table's head. A predicate a kind, with the words around the first of it; code is not looked at.
[[nodiscard]] std::vector<std::string> leftover_marks(const HtmlNode& root);

}  // namespace pipeline::package
