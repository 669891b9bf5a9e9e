#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// Which elements and attributes of HTML a body may have, and where: what means something in a blog post and can do
// nothing. The content models are those of the HTML standard (4.3 to 4.9), without what needs a look at the content.
namespace pipeline::package {

struct ElementRule {
  enum class Stands { block, inline_, part };  // a part stands only in the element `within`
  enum class Holds { flow, phrasing, same_as_parent, items, definitions, table_parts, nothing };

  std::string_view found;    // in the body
  std::string_view written;  // what it becomes: the same, or the present name of what was meant
  Stands stands;
  Holds holds;
  std::string_view within = {};  // of a part: the written name of its parent; table parts are where gumbo put them
};

// nullptr: the element is not kept.
[[nodiscard]] const ElementRule* rule_of(std::string_view element) noexcept;
[[nodiscard]] const ElementRule& div_rule() noexcept;
[[nodiscard]] const ElementRule& item_rule() noexcept;        // li
[[nodiscard]] const ElementRule& definition_rule() noexcept;  // dd

// Whether an element that is not kept goes with all it holds: code, other documents, form fields, drawings.
[[nodiscard]] bool goes_with_content(std::string_view element) noexcept;

struct Attribute {
  std::string name;
  std::string value;
};

// Whether the element may keep the attribute as it is. Links and alignment are judged elsewhere.
[[nodiscard]] bool is_kept(const ElementRule& rule, std::string_view name, std::string_view value) noexcept;

// `left`, `right`, `center` or `justify` of an align attribute or of a style; empty: none. Such an element keeps it as
// its style, the only one that a post has.
[[nodiscard]] std::string alignment(std::string_view value);
[[nodiscard]] bool is_alignable(const ElementRule& rule) noexcept;

}  // namespace pipeline::package
