#pragma once

#include <memory>
#include <string>
#include <string_view>

struct GumboInternalNode;

namespace pipeline::package {

// A body as gumbo parses it: what a browser would make of it inside a <div>. Time, memory and depth of the stack stay
// bounded whatever the text is. One thread at a time.
class HtmlTree {
 public:
  explicit HtmlTree(std::string_view html);
  ~HtmlTree();
  HtmlTree(const HtmlTree&) = delete;
  HtmlTree& operator=(const HtmlTree&) = delete;

  // The element that holds the body's nodes; nullptr when the text was too much, which objection() then says.
  [[nodiscard]] const GumboInternalNode* root() const noexcept { return root_; }
  [[nodiscard]] const std::string& objection() const noexcept { return objection_; }

 private:
  struct Arena;
  std::string html_;  // the tree points into it
  std::unique_ptr<Arena> arena_;
  const GumboInternalNode* root_ = nullptr;
  std::string objection_;
};

}  // namespace pipeline::package
