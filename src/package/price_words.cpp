#include "price_words.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

namespace pipeline::package {
namespace {

using Text = std::u32string_view;

bool is_digit(char32_t c) noexcept {
  return c >= U'0' && c <= U'9';
}
bool is_latin(char32_t c) noexcept {
  return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
}

char32_t at(Text text, std::size_t place) noexcept {
  return place < text.size() ? text[place] : U'\0';
}
char32_t before(Text text, std::size_t place) noexcept {
  return place > 0 ? text[place - 1] : U'\0';
}
std::size_t skip_space(Text text, std::size_t place) noexcept {
  return at(text, place) == U' ' ? place + 1 : place;
}
bool begins(Text text, std::size_t place, Text word) noexcept {
  return place <= text.size() && text.substr(place).starts_with(word);
}
bool begins_with_any(Text text, std::size_t place, std::span<const Text> words) noexcept {
  return std::ranges::any_of(words, [&](Text word) { return begins(text, place, word); });
}

std::optional<std::int64_t> hangul_digit(char32_t c) noexcept {
  constexpr Text kDigits = U"영일이삼사오육칠팔구";
  const auto found = kDigits.find(c);
  return found == kDigits.npos ? std::nullopt : std::optional(static_cast<std::int64_t>(found));
}

std::int64_t small_unit(char32_t c) noexcept {
  return c == U'십' ? 10 : c == U'백' ? 100 : c == U'천' ? 1000 : 0;
}
std::int64_t large_unit(char32_t c) noexcept {
  return c == U'만' ? 10'000 : c == U'억' ? 100'000'000 : 0;
}

// What a number is of when it is no price, right behind it or behind a space.
constexpr std::array<Text, 88> kCounters{
    U"개",   U"명",   U"년",     U"월",     U"일",   U"시",     U"분",   U"초",   U"회",   U"장",   U"권",
    U"번",   U"호",   U"층",     U"평",     U"쪽",   U"페이지", U"인치", U"미터", U"센티", U"밀리", U"그램",
    U"킬로", U"리터", U"병",     U"봉",     U"팩",   U"세트",   U"박스", U"매",   U"대",   U"벌",   U"켤레",
    U"자",   U"줄",   U"점",     U"위",     U"배",   U"차",     U"세",   U"살",   U"마리", U"송이", U"인",
    U"등",   U"가지", U"칼로리", U"포인트", U"도",   U"퍼센트", U"달러", U"유로", U"엔",   U"위안", U"건",
    U"곳",   U"걸음", U"보를",   U"보라",   U"피트", U"마일",   U"야드", U"톤",   U"볼트", U"와트", U"바퀴",
    U"그루", U"상자", U"묶음",   U"쌍",     U"mm",   U"cm",     U"km",   U"kg",   U"mg",   U"ml",   U"mah",
    U"kcal", U"rpm",  U"hz",     U"gb",     U"mb",   U"tb",     U"px",   U"lm",   U"pa",   U"w",    U"%"};

// What stands before a number that names something, or counts something else.
constexpr std::array<Text, 41> kLabels{
    U"번호",   U"코드",   U"모델", U"품번",   U"전화",   U"문의",   U"우편",   U"주문",   U"송장",   U"계좌",   U"버전",
    U"조회",   U"리뷰",   U"후기", U"팔로워", U"좋아요", U"방문",   U"누적",   U"배송비", U"택배비", U"배송료", U"운임",
    U"적립금", U"포인트", U"쿠폰", U"no",     U"tel",    U"도수",   U"택시비", U"교통비", U"버스비", U"주차비", U"식비",
    U"밥값",   U"술값",   U"요금", U"월세",   U"관리비", U"수리비", U"설치비", U"반품비"};

// What makes an amount of won something else than what the product costs.
constexpr std::array<Text, 10> kOtherAmounts{U"이상", U"미만",     U"이하",      U"초과", U"적립",
                                             U"쿠폰", U"할인쿠폰", U"할인 쿠폰", U"차이", U"인상"};

// What makes it the least that is bought for a delivery that costs nothing, in a sentence that speaks of deliveries.
constexpr std::array<Text, 5> kThresholds{U"부터", U"넘", U"기준", U"채우", U"맞추"};
constexpr std::array<Text, 3> kDeliveries{U"무료배송", U"무료 배송", U"배송비"};

// A number as it is written, without what stands round it.
struct Numeral {
  std::size_t end;
  std::int64_t value;
  bool has_digits;     // 0 to 9
  bool has_separator;  // 12,900, or 만
  bool leads_with_zero;
};

// `12,900`, `12900`, `12.9`, as thousandths; absent when commas stand where no thousands end.
struct Digits {
  std::size_t end;
  std::int64_t thousandths;
  bool has_comma;
  bool has_point;
};
std::optional<Digits> digits_at(Text text, std::size_t begin) {
  constexpr std::size_t kMost = 12;
  Digits read{begin, 0, false, false};
  std::size_t count = 0;
  std::size_t group = 0;
  while (true) {
    if (is_digit(at(text, read.end))) {
      if (++count > kMost) return std::nullopt;
      read.thousandths = read.thousandths * 10 + (text[read.end] - U'0');
      ++group;
      ++read.end;
    } else if (at(text, read.end) == U',' && is_digit(at(text, read.end + 1))) {
      if (read.has_comma ? group != 3 : group > 3) return std::nullopt;
      read.has_comma = true;
      group = 0;
      ++read.end;
    } else {
      break;
    }
  }
  if (count == 0 || (read.has_comma && group != 3)) return std::nullopt;
  read.thousandths *= 1000;
  if (at(text, read.end) == U'.' && is_digit(at(text, read.end + 1))) {
    read.has_point = true;
    ++read.end;
    for (std::int64_t worth = 100; is_digit(at(text, read.end)); ++read.end, worth /= 10) {
      if (worth == 0 && text[read.end] != U'0') return std::nullopt;
      read.thousandths += worth * (text[read.end] - U'0');
    }
  }
  return read;
}

constexpr std::int64_t kMostThousandths = 1'000'000'000'000'000;  // no price is; sums and products stay in range

// Digits and Korean numerals as one number: 1만 2,900, 만 이천구백, 12.9천.
std::optional<Numeral> numeral_at(Text text, std::size_t begin) {
  Numeral numeral{begin, 0, false, false, false};
  std::int64_t total = 0;    // of what a 만 or 억 has ended, thousandths
  std::int64_t section = 0;  // of what a 천, 백 or 십 has ended
  std::int64_t current = 0;  // what is waiting for its unit, if anything is
  bool is_open = false;
  std::size_t place = begin;
  bool after_unit = false;
  while (true) {
    const std::size_t next = after_unit ? skip_space(text, place) : place;
    const char32_t c = at(text, next);
    if (is_digit(c) && !is_open) {
      const auto digits = digits_at(text, next);
      if (!digits) return std::nullopt;
      if (next == begin) numeral.leads_with_zero = c == U'0' && digits->end > next + 1 && !digits->has_point;
      current = digits->thousandths;
      is_open = true;
      numeral.has_digits = true;
      numeral.has_separator = numeral.has_separator || digits->has_comma;
      place = digits->end;
      after_unit = false;
    } else if (const auto digit = hangul_digit(c); digit && !is_open) {
      // `이` and `일` are words as well: they count with a unit behind them, or at the end of a number with units.
      const bool has_unit = small_unit(at(text, next + 1)) != 0 || large_unit(at(text, next + 1)) != 0;
      if (!has_unit && !(after_unit && next == place && at(text, next + 1) == U'원')) break;
      current = *digit * 1000;
      is_open = true;
      place = next + 1;
      after_unit = false;
    } else if (const auto unit = small_unit(c); unit != 0 && next == place) {
      if (!is_open && place != begin && !after_unit) break;
      if (current > kMostThousandths / unit) return std::nullopt;
      section += (is_open ? current : 1000) * unit;
      is_open = false;
      place = next + 1;
      after_unit = true;
    } else if (const auto large = large_unit(c); large != 0 && next == place) {
      section += is_open ? current : section == 0 ? 1000 : 0;
      if (section > kMostThousandths / large) return std::nullopt;
      total += section * large;
      section = 0;
      is_open = false;
      numeral.has_separator = true;
      place = next + 1;
      after_unit = true;
    } else {
      break;
    }
    if (total > kMostThousandths || section > kMostThousandths) return std::nullopt;
  }
  if (place == begin) return std::nullopt;
  const std::int64_t thousandths = total + section + (is_open ? current : 0);
  if (thousandths % 1000 != 0) return std::nullopt;
  numeral.value = thousandths / 1000;
  numeral.end = place;
  return numeral;
}

// Where the currency behind a number ends; 0: there is none.
std::size_t currency_end(Text text, std::size_t end) noexcept {
  const std::size_t next = skip_space(text, end);
  if (begins(text, next, U"krw") || begins(text, next, U"won")) return is_latin(at(text, next + 3)) ? 0 : next + 3;
  if (at(text, next) != U'원') return 0;
  constexpr Text kBehindApart = U"은이을의에으과만도짜대정부까밖입이쯤씩.,)!?~ ";  // 12,900 원입니다, but 12,900 원두
  const char32_t behind = at(text, next + 1);
  if (next > end && is_hangul(behind) && kBehindApart.find(behind) == kBehindApart.npos) return 0;
  return next + 1;
}

bool has_currency_before(Text text, std::size_t begin) noexcept {
  if (begin == 0) return false;
  const std::size_t last = text[begin - 1] == U' ' ? begin - 1 : begin;
  const char32_t sign = before(text, last);
  return sign == U'₩' || sign == U'￦' || (last >= 3 && text.substr(last - 3, 3) == U"krw");
}

// The word that a number is labelled with: `모델 12900`, `배송비는 3,000원`, `제12900호`.
bool is_labelled(Text text, std::size_t begin, std::span<const Text> labels) noexcept {
  constexpr std::size_t kReach = 6;
  const std::size_t from = begin > kReach ? begin - kReach : 0;
  const Text label = text.substr(from, begin - from);
  return std::ranges::any_of(labels, [&](Text word) {
    const auto found = label.rfind(word);
    if (found == label.npos) return false;
    // Only a particle and signs stand between: `번호: `, `배송비는 `.
    const Text between = label.substr(found + word.size());
    return std::ranges::count_if(between, is_hangul) <= 1 && std::ranges::none_of(between, is_digit) &&
           between.find(U'.') == between.npos;
  });
}

// `금액:` labels, `1:12900` is a scale.
bool is_within_a_word(Text text, std::size_t begin, Text signs) noexcept {
  const char32_t c = before(text, begin);
  return is_latin(c) || is_digit(c) || (c != U'\0' && signs.find(c) != signs.npos) ||
         ((c == U',' || c == U':') && is_digit(before(text, begin - 1)));
}
constexpr Text kSignsOfWords = U".-/#@_+=&?×*";
constexpr Text kSignsBeforeWon = U".-@_+=&?×*";  // #12,900원 is a tag that tells the price

bool is_threshold(Text text, std::size_t behind) noexcept {
  return begins_with_any(text, behind, kThresholds) &&
         std::ranges::any_of(kDeliveries, [&](Text word) { return text.find(word) != text.npos; });
}

bool goes_on_as_a_word(Text text, std::size_t end) noexcept {
  constexpr Text kSigns = U"%_/:×℃°㎝㎜㎖㎏#";
  const char32_t c = at(text, end);
  if (is_latin(c) || (c != U'\0' && kSigns.find(c) != kSigns.npos)) return true;
  return (c == U'-' || c == U'.' || c == U',' || c == U'~') && is_digit(at(text, end + 1));
}

bool looks_like_a_year(const Numeral& number) noexcept {
  return !number.has_separator && number.value >= 1900 && number.value < 2100;
}

std::optional<Price> price_at(Text text, std::size_t begin) {
  const auto number = numeral_at(text, begin);
  if (!number || number->leads_with_zero) return std::nullopt;
  const bool before_it = has_currency_before(text, begin);
  const std::size_t behind = currency_end(text, number->end);
  const Price price{begin, behind != 0 ? behind : number->end, number->value};
  if (before_it || behind != 0) {
    const std::size_t next = skip_space(text, price.end);
    const bool other = begins_with_any(text, next, kOtherAmounts) || is_threshold(text, next) ||
                       is_labelled(text, begin, kLabels) ||
                       (!before_it && is_within_a_word(text, begin, kSignsBeforeWon));
    return other ? std::nullopt : std::optional(price);
  }
  constexpr std::int64_t kLeastBare = 1000;
  if (!number->has_digits || number->value < kLeastBare || looks_like_a_year(*number)) return std::nullopt;
  if (is_within_a_word(text, begin, kSignsOfWords) || goes_on_as_a_word(text, number->end) ||
      is_labelled(text, begin, kLabels) || before(text, begin) == U'제')
    return std::nullopt;
  if (begins_with_any(text, skip_space(text, number->end), kCounters)) return std::nullopt;
  return price;
}

constexpr std::array<Text, 14> kPieces{U"개", U"점", U"세트", U"장", U"벌",   U"켤레", U"병",
                                       U"대", U"권", U"박스", U"매", U"피스", U"봉",   U"팩"};
constexpr std::array<Text, 3> kStock{U"재고", U"수량", U"잔여"};

// `재고: 13`, with nothing that it would be of.
bool ends_there(Text text, std::size_t end) noexcept {
  const char32_t c = at(text, end);
  return c != U' ' && !is_hangul(c) && !is_latin(c) && !is_digit(c) && !goes_on_as_a_word(text, end);
}

// `열세 개`: things are counted in words of their own.
std::optional<Price> counted_at(Text text, std::size_t begin) {
  constexpr std::array<Text, 10> kTens{U"",   U"열",   U"스물", U"서른", U"마흔",
                                       U"쉰", U"예순", U"일흔", U"여든", U"아흔"};
  constexpr std::array<Text, 10> kOnes{U"", U"한", U"두", U"세", U"네", U"다섯", U"여섯", U"일곱", U"여덟", U"아홉"};
  if (is_hangul(before(text, begin))) return std::nullopt;
  std::size_t end = begin;
  const auto take = [&](std::span<const Text> words) {
    for (std::size_t number = words.size(); number-- > 1;)
      if (begins(text, end, words[number])) {
        end += words[number].size();
        return static_cast<std::int64_t>(number);
      }
    return std::int64_t{0};
  };
  std::int64_t count = 10 * take(kTens);
  if (count == 0 && begins(text, begin, U"스무")) {
    count = 20;
    end = begin + 2;
  } else {
    count += take(kOnes);
  }
  if (count == 0 || !begins_with_any(text, skip_space(text, end), kPieces)) return std::nullopt;
  return Price{begin, end, count};
}

bool may_begin(Text text, std::size_t place) noexcept {
  const char32_t c = text[place];
  if (is_digit(c)) return !is_digit(before(text, place));
  if (is_hangul(before(text, place))) return false;
  return hangul_digit(c) || small_unit(c) != 0 || large_unit(c) != 0;
}

}  // namespace

bool is_hangul(char32_t c) noexcept {
  return c >= 0xAC00 && c <= 0xD7A3;
}

std::vector<Price> prices_in(Text text) {
  std::vector<Price> prices;
  for (std::size_t place = 0; place < text.size();) {
    if (!may_begin(text, place)) {
      ++place;
      continue;
    }
    if (const auto price = price_at(text, place)) prices.push_back(*price);
    const auto number = numeral_at(text, place);
    place = number ? number->end : place + 1;
    while (!number && place < text.size() && (is_digit(text[place]) || text[place] == U',')) ++place;
  }
  return prices;
}

std::vector<Price> pieces_in(Text text) {
  std::vector<Price> pieces;
  for (std::size_t place = 0; place < text.size(); ++place) {
    if (const auto counted = counted_at(text, place)) pieces.push_back(*counted);
    if (!is_digit(text[place]) || is_within_a_word(text, place, kSignsOfWords)) continue;
    const auto digits = digits_at(text, place);
    if (!digits) continue;
    const bool counts = begins_with_any(text, skip_space(text, digits->end), kPieces) ||
                        (is_labelled(text, place, kStock) && ends_there(text, digits->end));
    if (counts && !digits->has_point) pieces.push_back({place, digits->end, digits->thousandths / 1000});
    place = digits->end - 1;
  }
  return pieces;
}

}  // namespace pipeline::package
