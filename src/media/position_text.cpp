#include "position_text.h"

#include "pipeline/base/text.h"

#include "bytes.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <string>

namespace pipeline::media {
namespace {

using namespace std::string_view_literals;

bool equal_letters(char a, char b) {
  return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
}

bool contains_ignoring_case(std::string_view text, std::string_view word) {
  return std::search(text.begin(), text.end(), word.begin(), word.end(), equal_letters) != text.end();
}

bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Looks at each number of a text: what names it, what it counts.
class NumberReader {
 public:
  explicit NumberReader(std::string_view text) : text_(text) {}

  [[nodiscard]] bool finds_position() {
    for (std::size_t at = 0; at < text_.size(); at = behind_number(at)) {
      at = text_.find_first_of("0123456789", at);
      if (at == kNone) return false;
      if (is_part_of_word(at)) continue;
      if (is_named_position(at) || is_degrees(at) || is_iso_6709(at)) return true;
    }
    return false;
  }

 private:
  [[nodiscard]] std::size_t behind_number(std::size_t at) const {
    return std::min(text_.find_first_not_of("0123456789", std::min(at, text_.size())), text_.size());
  }
  [[nodiscard]] bool is_part_of_word(std::size_t at) const {
    return at > 0 && (is_letter(text_[at - 1]) || text_[at - 1] == '_' || text_[at - 1] == '.') &&
           !is_direction(at - 1);
  }
  // N, S, E or W by itself.
  [[nodiscard]] bool is_direction(std::size_t at) const {
    return at < text_.size() && "NSEW"sv.find(text_[at]) != kNone && (at == 0 || !is_letter(text_[at - 1]));
  }

  // The word before the number, with what leads from one to the other.
  [[nodiscard]] bool is_named_position(std::size_t number) {
    constexpr std::size_t kLongest = 64;
    std::size_t end = number;
    while (end > 0 && (" \t\r\n\"'+-([{:=>,"sv.find(text_[end - 1]) != kNone || is_direction(end - 1))) --end;
    if (end == number) return false;
    const std::string_view between = text_.substr(end, number - end);
    std::size_t begin = end;
    const auto is_of_word = [](char c) { return is_letter(c) || is_digit(c) || c == '_' || c == ':' || c == '-'; };
    while (begin > 0 && end - begin < kLongest && is_of_word(text_[begin - 1])) --begin;
    const std::string_view word = text_.substr(begin, end - begin);
    if (equal_ignoring_case(word, "geo")) return between.starts_with(':') && between.size() <= 2;  // RFC 5870
    if (!names_position(word)) return false;
    // Any word may stand before a number, but hardly these.
    if (between.find_first_of(":=>") == kNone) return contains_ignoring_case(word, "itude");
    // Short names are words of many languages: both must be there.
    const std::string_view local = word.substr(word.rfind(':') + 1);
    const bool is_latitude = equal_ignoring_case(local, "lat");
    const bool is_longitude = equal_ignoring_case(local, "lon") || equal_ignoring_case(local, "long");
    if (!is_latitude && !is_longitude) return true;
    has_latitude_ |= is_latitude;
    has_longitude_ |= is_longitude;
    return has_latitude_ && has_longitude_;
  }

  // Both of them, each followed by its direction.
  [[nodiscard]] bool is_degrees(std::size_t at) {
    constexpr std::size_t kLongest = 40;
    constexpr auto kSign = "\xC2\xB0"sv;
    const std::size_t end = std::min(text_.find_first_not_of("0123456789.", at), text_.size());
    if (end - at > kLongest || !text_.substr(end).starts_with(kSign)) return false;
    const std::string_view behind = text_.substr(end + kSign.size(), kLongest);
    const std::size_t direction = behind.find_first_of("NSEW");
    const std::size_t other = behind.find_first_not_of("0123456789.,'\" \xE2\x80\xB2\xB3\x99\x9D");
    if (direction == kNone || direction > other) return false;
    has_latitude_ |= behind[direction] == 'N' || behind[direction] == 'S';
    has_longitude_ |= behind[direction] == 'E' || behind[direction] == 'W';
    return has_latitude_ && has_longitude_;
  }

  // ±DD.D±DDD.D, at the first number.
  [[nodiscard]] bool is_iso_6709(std::size_t at) const {
    const std::size_t second = behind_decimal(at, 2);
    return second != kNone && behind_decimal(second + 1, 3) != kNone;
  }
  // A number behind its sign, with so many digits before the point.
  [[nodiscard]] std::size_t behind_decimal(std::size_t at, std::size_t digits) const {
    const auto is_sign = [&](std::size_t i) { return i < text_.size() && (text_[i] == '+' || text_[i] == '-'); };
    if (at == 0 || !is_sign(at - 1)) return kNone;
    const std::size_t point = std::min(text_.find_first_not_of("0123456789", at), text_.size());
    if (point != at + digits || !text_.substr(point).starts_with('.')) return kNone;
    const std::size_t end = std::min(text_.find_first_not_of("0123456789", point + 1), text_.size());
    return end > point + 1 ? end : kNone;
  }

  std::string_view text_;
  bool has_latitude_ = false;
  bool has_longitude_ = false;
};

}  // namespace

bool names_position(std::string_view name) {
  if (name.starts_with("xmlns")) return false;  // what the names mean, not one of them
  // By what the name means, whatever the namespace is called: `dwc:decimalLatitude` as well as `exif:GPSLatitude`.
  constexpr std::array kParts{"gps"sv, "latitude"sv, "longitude"sv, "longtitude"sv, "iso6709"sv};
  constexpr std::array kNames{
      "lat"sv, "long"sv, "lon"sv, "geotag"sv, "geohash"sv, "footprintWKT"sv, "verbatimCoordinates"sv};
  const std::string_view local = name.substr(name.rfind(':') + 1);
  return std::ranges::any_of(kParts, [&](std::string_view part) { return contains_ignoring_case(local, part); }) ||
         std::ranges::any_of(kNames, [&](std::string_view other) { return equal_ignoring_case(local, other); });
}

bool mentions_position(std::string_view text) {
  constexpr std::array kWords{":gps"sv, "latitude"sv, "longitude"sv, "geo:lat"sv, "geo:lon"sv, "iso6709"sv};
  return std::ranges::any_of(kWords, [&](std::string_view word) { return contains_ignoring_case(text, word); });
}

bool mentions_gps(std::string_view bytes) {
  constexpr std::array kWords{"GPSLatitude"sv, "GPSLongitude"sv, "GPSPosition"sv};
  return std::ranges::any_of(kWords, [&](std::string_view word) { return bytes.find(word) != kNone; });
}

bool gives_position(std::string_view text) {
  if (text.find('\0') == kNone) return NumberReader(text).finds_position();
  std::string letters(text);
  std::erase(letters, '\0');
  return NumberReader(letters).finds_position();
}

}  // namespace pipeline::media
