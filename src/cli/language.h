#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::cli {

// The language in which the program speaks to people.
//
// All text is made in English, where its reason is known: an error, a reason that is stored with a post, a summary. So
// it is logged, stored and handed to scripts. What a person reads is put into their language on its way out: the
// catalogue (po/ko.po) has the templates of which texts are made, as they stand in the code (`{} rows, {} of them
// new`), and the template that fits a line tells which of its words are not the program's own. In a translation `{0}`
// is the template's first such place as it stands, and `{0~}` the same, translated where the catalogue has it. A place
// `{:d}` of a template is a number. A line may tell first what it is about: `body.md:12: is empty`, of which the
// catalogue needs to have no more than the second half. A line of which nothing is known stays English.
class Language {
 public:
  Language() = default;  // English
  // `ko`, or `en`; another one is English.
  explicit Language(std::string_view tag);

  [[nodiscard]] bool is_english() const noexcept { return templates_.empty() && exact_.empty(); }

  // Each line of the text, with its indent; a text of several lines that the catalogue has whole is one.
  [[nodiscard]] std::string text(std::string_view english) const;

 private:
  struct Template {
    std::vector<std::string> parts;  // what stands around the places: one more than those
    std::vector<bool> numbers;       // of the places: that it is a number
    std::size_t letters = 0;         // in the parts: the more, the more is known of a line that fits
    std::string translation;
  };

  // The template that a text was made from, and what stands in its places.
  struct Match {
    const Template* made;
    std::vector<std::string_view> places;
  };

  void add(std::string_view english, std::string_view translation);
  [[nodiscard]] std::string line(std::string_view english) const;
  [[nodiscard]] const std::string* known(std::string_view english) const;
  [[nodiscard]] bool translate(std::string_view english, std::string& out) const;
  [[nodiscard]] std::optional<Match> match(std::string_view english) const;
  [[nodiscard]] std::optional<std::string> sentence(std::string_view english) const;
  [[nodiscard]] std::optional<std::string> list(std::string_view english) const;
  [[nodiscard]] std::string filled(const std::string& translation, const std::vector<std::string_view>& places) const;

  std::map<std::string, std::string, std::less<>> exact_;
  std::vector<Template> templates_;  // those that say most first
};

// `auto` is what the locale says: LC_ALL, LC_MESSAGES or LANG.
[[nodiscard]] std::string_view language_of(std::string_view option) noexcept;

}  // namespace pipeline::cli
