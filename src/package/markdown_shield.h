#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::package {

// What authors write into Markdown that CommonMark does not know, and would tear apart.
struct Shielded {
  enum class Kind {
    picture,  // ![[front.jpg|300]], ![alt](images/mug (1).jpg)
    embed,    // ![[another note]]
    link,     // [[another note|words]]
    comment,  // %%for myself%%
    mark,     // of an editor (editor_marks.h)
  } kind;
  std::string written;  // as the author wrote it
  std::string name;     // of the picture, of the note, or as the mark is named
  std::string words;    // to be shown: a picture's alt text, a link's text
};

// A Markdown text in which each of these is one word that no text has; so they pass through the parser whole, and in
// code they are put back.
struct Shield {
  std::string markdown;
  std::vector<Shielded> pieces;

  // A text of the parsed document with what was written in place of the words.
  [[nodiscard]] std::string restored(std::string_view text) const;

  // The first such word of a text: where it stands, and its piece.
  struct Word {
    std::size_t at;
    std::size_t size;
    std::size_t piece;
  };
  [[nodiscard]] std::optional<Word> find(std::string_view text) const;
};

[[nodiscard]] Shield shield(std::string_view markdown);

}  // namespace pipeline::package
