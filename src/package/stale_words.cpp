#include "pipeline/package/stale_words.h"

#include "pipeline/base/characters.h"
#include "pipeline/catalogue/columns.h"
#include "pipeline/catalogue/wording.h"
#include "pipeline/package/body.h"

#include "facts.h"
#include "price_words.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

namespace pipeline::package {
namespace {

using catalogue::Column;
using store::OutdatedValue;
using store::StaleWords;
using Text = std::u32string_view;

constexpr std::size_t kShortestName = 2;  // characters; a shorter one stands in other words

// One spelling of a sentence: composed, in half width and small letters, with single spaces.
std::string plain_sentence(std::string_view text) {
  std::string plain;
  bool space = false;
  for (const char32_t c : to_characters(fold_case(to_half_width(to_nfc(text))))) {
    if (is_blank(c)) {
      space = !plain.empty();
    } else {
      if (space) plain += ' ';
      space = false;
      append_utf8(c, plain);
    }
  }
  return plain;
}

// --- what a reader of the post sees, sentence by sentence ---

struct Sentence {
  std::string place;
  std::string text;      // as it is shown
  std::u32string plain;  // plain_sentence()
};

// The text with what is not shown taken out, line breaks kept: comments, tags, addresses, signs of Markdown.
std::string shown_text(std::string_view text, BodyFormat format) {
  if (format == BodyFormat::text) return std::string(text);
  const bool markdown = format == BodyFormat::markdown;
  std::string out;
  const auto skip_to = [&](std::size_t from, std::size_t end) {
    out.append(static_cast<std::size_t>(std::ranges::count(text.substr(from, end - from), '\n')), '\n');
    return end;
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    if (rest.starts_with("<!--")) {
      const std::size_t end = text.find("-->", at);
      at = skip_to(at, end == text.npos ? text.size() : end + 3);
    } else if (rest.size() > 1 && rest[0] == '<' &&
               (rest[1] == '/' || ((rest[1] | 0x20) >= 'a' && (rest[1] | 0x20) <= 'z'))) {
      const std::size_t end = text.find('>', at);
      at = skip_to(at, end == text.npos ? text.size() : end + 1);
    } else if (markdown && rest.starts_with("](")) {
      const std::size_t end = text.find_first_of(")\n", at);
      at = end == text.npos ? text.size() : text[end] == ')' ? end + 1 : end;
      out += ' ';
    } else if (rest.starts_with("http://") || rest.starts_with("https://")) {
      at = std::min(text.find_first_of(" \t\n)>\"", at), text.size());
    } else if (rest.starts_with("&nbsp;")) {
      out += ' ';
      at += 6;
    } else if (rest.starts_with("&amp;")) {
      out += '&';
      at += 5;
    } else if (markdown && (rest[0] == '*' || rest[0] == '`')) {
      ++at;
    } else {
      out += text[at++];
    }
  }
  return out;
}

// Without the signs that a line of Markdown may begin with.
std::string_view without_list_sign(std::string_view line) {
  const auto strip = [&](std::string_view signs) {
    line.remove_prefix(std::min(line.find_first_not_of(signs), line.size()));
  };
  strip(" \t>-+|");
  const std::string_view heading = line;
  strip("#");
  if (!line.starts_with(' ')) line = heading;  // #12900 is none
  strip(" \t");
  return line;
}

void add_sentence(const std::string& place, std::string_view text, std::vector<Sentence>& sentences) {
  text = trim_blanks(text);
  if (!text.empty()) sentences.push_back({place, std::string(text), to_characters(plain_sentence(text))});
}

// A full stop between digits ends nothing.
void add_sentences(const std::string& place, std::string_view text, std::vector<Sentence>& sentences) {
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool stop = text[at] == '.' || text[at] == '!' || text[at] == '?';
    const bool ends = stop && (at + 1 == text.size() || text[at + 1] == ' ' || text[at + 1] == '\t');
    if (!ends && text[at] != '\n') continue;
    add_sentence(place, text.substr(begin, at + 1 - begin), sentences);
    begin = at + 1;
  }
  add_sentence(place, text.substr(begin), sentences);
}

std::vector<Sentence> sentences_of(const Post& post) {
  std::vector<Sentence> sentences;
  add_sentences("$.title", post.title, sentences);
  std::size_t line_number = post.body_line;
  const std::string body = shown_text(post.body, post.body_format);
  for (std::string_view rest = body; !rest.empty(); ++line_number) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string place =
        post.body_file.empty() ? std::string("$.body") : post.body_file + ":" + std::to_string(line_number);
    const std::string_view line = rest.substr(0, end);
    add_sentences(place, post.body_format == BodyFormat::markdown ? without_list_sign(line) : line, sentences);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  add_sentences("$.disclosure.text", post.disclosure.text, sentences);
  for (const PostImage& image : post.images) add_sentences(image.alt_place, image.alt, sentences);
  if (post.cta) add_sentences("$.cta.text", post.cta->text, sentences);
  for (std::size_t i = 0; i < post.faq.size(); ++i) {
    add_sentences("$.faq[" + std::to_string(i) + "].question", post.faq[i].question, sentences);
    add_sentences("$.faq[" + std::to_string(i) + "].answer", post.faq[i].answer, sentences);
  }
  return sentences;
}

// --- a name in a sentence ---

bool is_in_word(char32_t c) noexcept {
  return c >= 0x80 ? !is_blank(c) && !is_punctuation(c) && !is_symbol(c)
                   : (c >= U'0' && c <= U'9') || (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
}

// What may stand behind a noun of Korean and belongs to its sentence; the longer before the shorter.
constexpr std::array<Text, 74> kParticles{
    U"이라고는", U"이라는", U"이에요", U"입니다",   U"이지만",     U"이라고", U"이라도", U"이라면", U"에서는",
    U"에서도",   U"으로는", U"으로도", U"이었는데", U"이었습니다", U"이네요", U"이고요", U"인데요", U"이죠",
    U"라는",     U"에서",   U"에게",   U"으로",     U"까지",       U"부터",   U"처럼",   U"보다",   U"이나",
    U"이며",     U"이고",   U"이라",   U"라고",     U"이란",       U"라도",   U"예요",   U"이다",   U"이랑",
    U"하고",     U"조차",   U"마저",   U"밖에",     U"한테",       U"만큼",   U"인데",   U"이야",   U"네요",
    U"지만",     U"은",     U"는",     U"이",       U"가",         U"을",     U"를",     U"과",     U"와",
    U"의",       U"에",     U"로",     U"도",       U"만",         U"나",     U"며",     U"라",     U"랑",
    U"란",       U"들",     U"요",     U"였습니다", U"였어요",     U"였는데", U"였던",   U"였죠",   U"이었어요",
    U"이었던",   U"이었죠"};

bool ends_as_noun(Text behind) {
  if (behind.empty() || !is_in_word(behind.front())) return true;
  return std::ranges::any_of(kParticles, [&](Text particle) {
    return behind.starts_with(particle) && ends_as_noun(behind.substr(particle.size()));
  });
}

// Places of a name, as a word of its own.
std::vector<std::size_t> places_of(Text name, Text sentence) {
  std::vector<std::size_t> places;
  if (name.size() < kShortestName) return places;
  for (std::size_t at = sentence.find(name); at != sentence.npos; at = sentence.find(name, at + 1)) {
    const bool begins = at == 0 || !is_in_word(sentence[at - 1]) || !is_in_word(name.front());
    if (begins && ends_as_noun(sentence.substr(at + name.size()))) places.push_back(at);
  }
  return places;
}

bool says_name(Text name, Text new_name, Text sentence) {
  const auto places = places_of(name, sentence);
  const std::size_t inside = new_name.size() > name.size() ? new_name.find(name) : new_name.npos;
  return std::ranges::any_of(places, [&](std::size_t at) {
    return inside == new_name.npos || at < inside || sentence.substr(at - inside, new_name.size()) != new_name;
  });
}

// --- what else may be outdated ---

bool says_price(std::int64_t won, Text sentence) {
  return std::ranges::any_of(prices_in(sentence), [&](const Price& price) { return price.won == won; });
}

bool says_pieces(std::int64_t pieces, Text sentence) {
  constexpr std::array<Text, 10> kOfStock{U"재고", U"수량", U"남은", U"남았",   U"남아",
                                          U"한정", U"잔여", U"남음", U"마지막", U"품절"};
  if (std::ranges::none_of(kOfStock, [&](Text word) { return sentence.find(word) != sentence.npos; })) return false;
  return std::ranges::any_of(pieces_in(sentence), [&](const Price& found) { return found.won == pieces; });
}

// `품절`, but not `품절되기 전에`.
bool says_sold_out(Text sentence) {
  constexpr std::array<Text, 4> kWords{U"품절", U"매진", U"솔드아웃", U"sold out"};
  constexpr std::array<Text, 9> kNotYet{U"되기", U"될", U" 임박", U"임박", U" 시", U" 주의", U"되면", U" 전", U" 대란"};
  for (const Text word : kWords)
    for (std::size_t at = sentence.find(word); at != sentence.npos; at = sentence.find(word, at + 1)) {
      const Text behind = sentence.substr(at + word.size());
      if (std::ranges::none_of(kNotYet, [&](Text not_yet) { return behind.starts_with(not_yet); })) return true;
    }
  return false;
}

// A value of a change: a whole number, a text, or neither.
std::optional<std::int64_t> number_of(const std::string& json) {
  const Json value = Json::parse(json, nullptr, false);
  return value.is_number_integer() ? std::optional(value.get<std::int64_t>()) : std::nullopt;
}
std::u32string name_in(const std::string& json) {
  const Json value = Json::parse(json, nullptr, false);
  return value.is_string() ? to_characters(plain_sentence(value.get<std::string>())) : std::u32string();
}

bool is_price(std::string_view field) noexcept {
  return field == name_of(Column::sale_price) || field == name_of(Column::discounted_price);
}

// Of options and of the columns that are names.
bool is_name(std::string_view field) noexcept {
  constexpr std::array kNames{Column::name, Column::brand, Column::manufacturer, Column::seller_management_code};
  if (std::ranges::any_of(kNames, [&](Column column) { return name_of(column) == field; })) return true;
  return field.find("ptionInfo.option") != field.npos || field.find("optionName") != field.npos;
}

// Whether a product of the post has the value today: then the words may be about that.
bool is_still_true(const OutdatedValue& value, std::span<const catalogue::Product> products) {
  if (is_price(value.field)) {
    const auto won = number_of(value.before);
    return won && std::ranges::any_of(products, [&](const catalogue::Product& product) {
             return product.sale_price == won || product.discounted_price == won;
           });
  }
  if (value.field != name_of(Column::name)) return false;
  const std::u32string name = name_in(value.before);
  return std::ranges::any_of(products, [&](const catalogue::Product& product) {
    return product.name && to_characters(plain_sentence(*product.name)) == name;
  });
}

bool says_outdated(const OutdatedValue& value, Text sentence) {
  if (is_price(value.field)) {
    const auto won = number_of(value.before);
    return won && *won > 0 && says_price(*won, sentence);
  }
  if (value.field == name_of(Column::stock_quantity)) {
    const auto pieces = number_of(value.before);
    return pieces && (*pieces > 0 ? says_pieces(*pieces, sentence) : says_sold_out(sentence));
  }
  if (value.field == name_of(Column::status)) return value.before == "\"OUTOFSTOCK\"" && says_sold_out(sentence);
  return is_name(value.field) && says_name(name_in(value.before), name_in(value.after), sentence);
}

bool is_kept(std::string_view sentence, std::span<const std::string> kept) {
  return std::ranges::any_of(kept, [&](const std::string& text) { return says(sentence, text); });
}

// A fact of the author's that none of the products bears out.
std::optional<StaleWords> contradicted(const Post::Fact& fact, std::span<const catalogue::Product> products) {
  const std::string_view column = column_meant(fact.name);
  if (column.empty()) return std::nullopt;
  const Json value = Json::parse(fact.value);
  std::optional<StaleWords> found;
  for (const auto& product : products)
    for (const CatalogueFact& known : facts_of(product)) {
      if (known.column != column) continue;
      if (say_the_same(value, known.value)) return std::nullopt;
      if (!found)
        found = StaleWords{fact.place,
                           value.is_string() ? value.get<std::string>() : fact.value,
                           full_name(product.key()),
                           known.column,
                           catalogue::change_in_words(known.column, fact.value),
                           catalogue::change_in_words(known.column, known.value.dump())};
    }
  return found;
}

}  // namespace

bool says(std::string_view sentence, std::string_view text) {
  const std::string plain = plain_sentence(text);
  return !plain.empty() && plain_sentence(sentence).find(plain) != std::string::npos;
}

std::vector<StaleWords> find_stale_words(const Post& post, std::span<const OutdatedValue> outdated,
                                         std::span<const catalogue::Product> products,
                                         std::span<const std::string> kept) {
  std::vector<StaleWords> found;
  const auto add = [&](StaleWords words) {
    const bool known = std::ranges::any_of(found, [&](const StaleWords& other) {
      return other.place == words.place && other.sentence == words.sentence && other.before == words.before;
    });
    if (!known) found.push_back(std::move(words));
  };
  for (const Sentence& sentence : sentences_of(post)) {
    if (is_kept(sentence.text, kept)) continue;
    for (const OutdatedValue& value : outdated)
      if (!is_still_true(value, products) && says_outdated(value, sentence.plain))
        add({sentence.place, sentence.text, value.product, value.field,
             catalogue::change_in_words(value.field, value.before),
             catalogue::change_in_words(value.field, value.after)});
  }
  return found;
}

std::vector<StaleWords> contradicted_facts(const Post& post, std::span<const catalogue::Product> products,
                                           std::span<const std::string> kept) {
  std::vector<StaleWords> found;
  for (const Post::Fact& fact : post.facts) {
    auto words = contradicted(fact, products);
    if (words && !is_kept(words->sentence, kept)) found.push_back(std::move(*words));
  }
  return found;
}

}  // namespace pipeline::package
