#include "editor_marks.h"
#include "html_node.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace pipeline::package {
namespace {

bool is_text(const HtmlNode& node) noexcept {
  return !node.is_element() && !node.picture;
}

// What was one text to its author: without the elements that stood in it.
void join_texts(std::vector<HtmlNode>& nodes) {
  std::vector<HtmlNode> joined;
  for (HtmlNode& node : nodes)
    if (is_text(node) && !joined.empty() && is_text(joined.back()))
      joined.back().text += node.text;
    else
      joined.push_back(std::move(node));
  nodes = std::move(joined);
}

class Remover {
 public:
  Remover(std::vector<Removed>& removed, std::vector<std::string>& notes) : removed_(removed), notes_(notes) {}

  void look_through(HtmlNode& node) {
    if (node.is_code()) return;
    join_texts(node.children);
    for (HtmlNode& child : node.children)
      if (is_text(child))
        child.text = without_marks(child.text);
      else
        look_through(child);
  }
  [[nodiscard]] bool found() const noexcept { return found_; }

 private:
  std::string without_marks(std::string_view text) {
    EditorMarks marks(text);
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
      if (const auto mark = marks.at(at)) {
        note(mark->name);
        at += mark->size;
      } else {
        const std::size_t next = std::min(text.find_first_of("[{_", at + 1), text.size());
        out += text.substr(at, next - at);
        at = next;
      }
    }
    return out;
  }

  void note(const std::string& name) {
    found_ = true;
    if (count_removed(name, removed_)) notes_.push_back(note_of_mark(name));
  }

  std::vector<Removed>& removed_;
  std::vector<std::string>& notes_;
  bool found_ = false;
};

}  // namespace

bool remove_editor_marks(HtmlNode& root, std::vector<Removed>& removed, std::vector<std::string>& notes) {
  Remover remover(removed, notes);
  remover.look_through(root);
  return remover.found();
}

}  // namespace pipeline::package
