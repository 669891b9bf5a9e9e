#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace pipeline::package {

// What blog editors and site generators write into a text for themselves: Tistory's `[##_Image|…_##]`, shortcodes of
// WordPress (`[gallery ids="1,2"]`) and Hugo (`{{< figure >}}`), templates (`{% raw %}`), BBCode (`[b]…[/b]`), lists of
// attributes (`{: .wide}`, `{#id}`), velog's `@[youtube](id)`. No reader is to see them.
struct EditorMark {
  std::size_t size = 0;  // bytes, from its place
  std::string name;      // as it is shown: `[##_Image|…_##]`
};

// A predicate of the body that has one of this name.
[[nodiscard]] std::string note_of_mark(const std::string& name);

// Finds them in one text, from its begin to its end: where a mark was looked for and does not end is remembered, so
// that the whole costs no more than the text is long. Borrows the text.
class EditorMarks {
 public:
  explicit EditorMarks(std::string_view text) : text_(text) {}

  // The mark that begins at this byte. Places are asked for in ascending order.
  [[nodiscard]] std::optional<EditorMark> at(std::size_t place);

 private:
  [[nodiscard]] std::optional<EditorMark> bracket(std::size_t place);
  [[nodiscard]] std::optional<EditorMark> brace(std::size_t place);
  [[nodiscard]] std::optional<EditorMark> embed(std::size_t place);
  [[nodiscard]] std::optional<EditorMark> until(std::size_t place, std::string_view end, std::size_t longest);
  [[nodiscard]] std::size_t next(std::string_view what, std::size_t from);

  std::string_view text_;
  std::map<std::string, std::size_t, std::less<>> found_;  // where each was found last, npos: nowhere behind
};

}  // namespace pipeline::package
