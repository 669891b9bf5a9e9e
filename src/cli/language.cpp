#include "language.h"

#include "pipeline/base/text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <optional>

// The compiled catalogue (GNU gettext's .mo), as the build made it of po/ko.po.
asm(".pushsection .rodata\n"
    ".balign 16\n"
    "pipeline_ko_mo:\n"
    ".incbin \"" PIPELINE_KO_MO
    "\"\n"
    "pipeline_ko_mo_end:\n"
    ".byte 0\n"
    ".popsection\n");
extern "C" {
extern const char pipeline_ko_mo[];      // NOLINT(modernize-avoid-c-arrays): made by the assembler
extern const char pipeline_ko_mo_end[];  // NOLINT(modernize-avoid-c-arrays)
}

namespace pipeline::cli {
namespace {

constexpr std::string_view kBetweenFigures = " · ";
constexpr std::string_view kBetweenSentences = "; ";
constexpr std::string_view kBetweenWords = ", ";

// GNU gettext manual, "The Format of GNU MO Files". Both ends of a text are known, so nothing is trusted to end.
class MoFile {
 public:
  explicit MoFile(std::string_view bytes) : bytes_(bytes) {}

  void each(const std::function<void(std::string_view, std::string_view)>& use) const {
    constexpr std::uint32_t kMagic = 0x950412de;
    if (number(0) != kMagic) return;
    const std::uint32_t count = number(8);
    for (std::uint32_t i = 0; i < count; ++i) use(text(number(12) + i * 8), text(number(16) + i * 8));
  }

 private:
  [[nodiscard]] std::uint32_t number(std::size_t at) const {
    std::uint32_t value = 0;
    if (at + sizeof value <= bytes_.size()) std::memcpy(&value, bytes_.data() + at, sizeof value);
    return value;
  }
  [[nodiscard]] std::string_view text(std::size_t at) const {
    const std::size_t length = number(at);
    const std::size_t begin = number(at + 4);
    return begin + length <= bytes_.size() ? bytes_.substr(begin, length) : std::string_view();
  }

  std::string_view bytes_;
};

// The parts between the places of a format: `{} of {:.1f}` has "", " of ", "". `{{` and `}}` are braces.
void split_at_places(std::string_view format, std::vector<std::string>& parts, std::vector<bool>& numbers) {
  parts.assign(1, {});
  for (std::size_t i = 0; i < format.size(); ++i) {
    const char c = format[i];
    const bool is_double = i + 1 < format.size() && format[i + 1] == c;
    if ((c == '{' || c == '}') && is_double) {
      parts.back() += c;
      ++i;
    } else if (c == '{') {
      const std::size_t end = std::min(format.find('}', i), format.size() - 1);
      numbers.push_back(format.substr(i, end - i) == "{:d");
      i = end;
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
}

bool is_number(std::string_view text) noexcept {
  return !text.empty() && text.find_first_not_of("0123456789,.") == std::string_view::npos;
}

// `body.md:12`, `$.title`, `images/` of `body.md:12: …`: a file, or a place in one. Empty: the text begins otherwise.
std::string_view place_at_front(std::string_view text) noexcept {
  const std::string_view place = text.substr(0, std::min(text.find(": "), text.size()));
  const bool names_file = place.find_first_of("./$[") != place.npos && place.find(' ') == place.npos;
  return names_file && place.size() < text.size() ? place : std::string_view();
}

// `body.md:` of `body.md: shows …`, `post keep: failed: post A` of a sentence about A.
bool is_more_than_a_name(std::string_view text) noexcept {
  return text.ends_with(':') || text.find(": ") != std::string_view::npos;
}

bool has_letters(std::string_view text) noexcept {
  return std::ranges::any_of(text, [](unsigned char c) { return std::isalpha(c) != 0; });
}

// What stands in the places, when the text is made from these parts. The first that fits counts for each place.
std::optional<std::vector<std::string_view>> places_of(std::string_view text, const std::vector<std::string>& parts,
                                                       const std::vector<bool>& numbers) {
  if (!text.starts_with(parts.front())) return std::nullopt;
  text.remove_prefix(parts.front().size());
  if (!text.ends_with(parts.back())) return std::nullopt;
  text.remove_suffix(parts.back().size());
  std::vector<std::string_view> places;
  for (std::size_t i = 1; i + 1 < parts.size(); ++i) {
    const std::size_t at = text.find(parts[i]);
    if (at == std::string_view::npos) return std::nullopt;
    places.push_back(text.substr(0, at));
    text.remove_prefix(at + parts[i].size());
  }
  places.push_back(text);
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (numbers[i] && !is_number(places[i])) return std::nullopt;
    const bool ends_text = i + 1 == places.size() && parts.back().empty();
    if (!ends_text && places[i].find("; ") != std::string_view::npos) return std::nullopt;  // of several sentences
  }
  return places;
}

}  // namespace

Language::Language(std::string_view tag) {
  if (tag != "ko") return;
  MoFile({pipeline_ko_mo, static_cast<std::size_t>(pipeline_ko_mo_end - pipeline_ko_mo)})
      .each([this](std::string_view english, std::string_view translation) { add(english, translation); });
  std::ranges::stable_sort(templates_, std::ranges::greater(), &Template::letters);
}

void Language::add(std::string_view english, std::string_view translation) {
  if (english.empty() || translation.empty()) return;  // the first is the catalogue's head
  if (english.find('\n') == english.size() - 1) {      // text() asks for lines without their end
    english.remove_suffix(1);
    translation.remove_suffix(1);
  }
  Template made{{}, {}, 0, std::string(translation)};
  split_at_places(english, made.parts, made.numbers);
  if (made.parts.size() == 1) {
    exact_.emplace(std::move(made.parts.front()), std::move(made.translation));
    return;
  }
  for (const auto& part : made.parts) made.letters += part.size();
  templates_.push_back(std::move(made));
}

std::string Language::text(std::string_view english) const {
  if (is_english()) return std::string(english);
  if (const auto* whole = known(english)) return *whole;
  std::string out;
  for (std::size_t at = 0; at < english.size();) {
    const std::size_t end = std::min(english.find('\n', at), english.size());
    out += line(english.substr(at, end - at));
    if (end < english.size()) out += '\n';
    at = end + 1;
  }
  return out;
}

std::string Language::line(std::string_view english) const {
  const std::size_t begin = std::min(english.find_first_not_of(' '), english.size());
  std::string out(english.substr(0, begin));
  english.remove_prefix(begin);
  std::string translated;
  const bool is_aside = english.size() > 2 && english.starts_with('(') && english.ends_with(')');
  if (is_aside && translate(english.substr(1, english.size() - 2), translated)) return out + '(' + translated + ')';
  out += translate(english, translated) ? translated : english;
  return out;
}

const std::string* Language::known(std::string_view english) const {
  const auto found = exact_.find(english);
  return found == exact_.end() ? nullptr : &found->second;
}

bool Language::translate(std::string_view english, std::string& out) const {
  if (!has_letters(english)) return false;
  if (const auto* whole = known(english)) {
    out = *whole;
    return true;
  }
  std::optional<std::string> translated;
  if (english.find(kBetweenFigures) != std::string_view::npos) translated = list(english);
  if (!translated) translated = sentence(english);
  if (!translated) translated = list(english);
  if (translated) out = std::move(*translated);
  return translated.has_value();
}

std::optional<Language::Match> Language::match(std::string_view english) const {
  for (const Template& one : templates_) {
    auto places = places_of(english, one.parts, one.numbers);
    if (!places) continue;
    // A name that a sentence goes on from has no half of another sentence in it.
    const bool is_name = one.translation.find("{0~}") == std::string::npos && !one.parts[1].starts_with(": ");
    const bool is_all = places->size() == 1 && one.parts.back().empty();
    if (is_name && !is_all && is_more_than_a_name(places->front())) continue;
    // What goes on behind the last place would stand behind the last of several sentences.
    if (!one.translation.ends_with('}') && places->back().find(kBetweenSentences) != std::string_view::npos) continue;
    return Match{&one, std::move(*places)};
  }
  return std::nullopt;
}

// Where it tells first what it is about, that counts as one of the places of a template, or stands before it: as more
// of the text is known then.
std::optional<std::string> Language::sentence(std::string_view english) const {
  const auto whole = match(english);
  if (const std::string_view place = place_at_front(english); !place.empty()) {
    const std::string_view rest = english.substr(place.size() + 2);
    const std::string before = std::string(place) + ": ";
    if (const auto* known_rest = known(rest); known_rest != nullptr && !whole) return before + *known_rest;
    const auto behind = match(rest);
    if (behind && (!whole || behind->made->letters >= whole->made->letters))
      return before + filled(behind->made->translation, behind->places);
    if (!whole) {
      const std::string joined = std::string(place) + " " + std::string(rest);  // `body.md is empty`
      const auto fitting = match(joined);
      return fitting ? std::optional(filled(fitting->made->translation, fitting->places)) : std::nullopt;
    }
  }
  return whole ? std::optional(filled(whole->made->translation, whole->places)) : std::nullopt;
}

// What stands between such signs, each by itself; of sentences as many together as the catalogue has in one.
std::optional<std::string> Language::list(std::string_view english) const {
  for (const std::string_view between : {kBetweenFigures, kBetweenSentences, kBetweenWords}) {
    if (english.find(between) == std::string_view::npos) continue;
    std::string list;
    bool any = false;
    for (std::size_t at = 0; at <= english.size();) {
      std::size_t end = std::min(english.find(between, at), english.size());
      std::string one;
      bool found = false;
      for (std::size_t last = english.size(); between == kBetweenSentences && !found && last > end;
           last = english.rfind(between, last - 1)) {
        const auto several = at > 0 || last < english.size() ? sentence(english.substr(at, last - at)) : std::nullopt;
        if (!several) continue;
        found = true;
        one = *several;
        end = last;
      }
      found = found || translate(english.substr(at, end - at), one);
      any = any || found;
      if (at > 0) list += between;
      list += found ? one : english.substr(at, end - at);
      at = end + between.size();
    }
    if (any) return list;
  }
  return std::nullopt;
}

std::string Language::filled(const std::string& translation, const std::vector<std::string_view>& places) const {
  std::string out;
  for (std::size_t i = 0; i < translation.size(); ++i) {
    const char c = translation[i];
    if ((c == '{' || c == '}') && i + 1 < translation.size() && translation[i + 1] == c) {
      out += c;
      ++i;
    } else if (c == '{') {
      const std::size_t end = std::min(translation.find('}', i), translation.size() - 1);
      const std::size_t place = static_cast<std::size_t>(translation[i + 1] - '0');
      const bool goes_on = translation[end - 1] == '~';
      i = end;
      if (place >= places.size()) continue;
      std::string one;
      out += goes_on && translate(places[place], one) ? one : places[place];
    } else {
      out += c;
    }
  }
  return out;
}

// What we write is UTF-8: a terminal of another encoding, `ko_KR.EUC-KR`, would show no Korean of it.
std::string_view language_of(std::string_view option) noexcept {
  if (option != "auto") return option;
  for (const char* const variable : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* const value = std::getenv(variable);
    if (value == nullptr || *value == '\0') continue;
    const std::string_view locale(value);
    const std::size_t dot = locale.find('.');
    const bool is_utf8 = dot == locale.npos || equal_ignoring_case(locale.substr(dot + 1, 3), "utf");
    return locale.starts_with("ko") && is_utf8 ? "ko" : "en";
  }
  return "en";
}

}  // namespace pipeline::cli
