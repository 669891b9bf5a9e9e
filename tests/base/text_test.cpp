#include "pipeline/base/text.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <limits>

namespace pipeline {
namespace {

using std::chrono::milliseconds;

TEST(Utf8, TellsWellFormedFromNot) {
  for (const std::string_view good : {"", "a", "\x7F", "한글", "\xF0\x9F\x98\x80", "\xEF\xBF\xBF", "\xF4\x8F\xBF\xBF"})
    EXPECT_TRUE(is_utf8(good)) << good;
  const std::pair<std::string_view, std::string_view> bad[] = {
      {"\x80", "a continuation alone"},     {"\xED\xA0\x80", "a surrogate"}, {"\xC0\xAF", "an overlong form"},
      {"\xE0\x80\xAF", "an overlong form"}, {"\xED\x95", "cut short"},       {"\xF5\x80\x80\x80", "above U+10FFFF"},
      {"\xF4\x90\x80\x80", "U+110000"},     {"caf\xE9", "Latin-1"},          {"\xB0\xA1", "EUC-KR"}};
  for (const auto& [text, what] : bad) EXPECT_FALSE(is_utf8(text)) << what;
}

TEST(DisplayWidth, CountsTerminalColumns) {
  const std::pair<std::string_view, std::size_t> cases[] = {
      {"", 0},           {"abc", 3}, {"한글", 4},    {"한글 a", 6}, {"漢字カナ", 8},
      {"\U0001F600", 2}, {"é", 1},   {"e\u0301", 1}, {"…", 1},      {"\u1112\u1161\u11AB", 2}};
  for (const auto& [text, width] : cases) EXPECT_EQ(display_width(text), width) << text;
}

TEST(DisplayWidth, ReadsNoByteBehindATextThatIsCutShort) {
  const std::string cut = "a\xED\x95";
  EXPECT_GE(display_width(cut), 1U);
}

TEST(Shorten, CutsAtACharacter) {
  EXPECT_EQ(shorten("abc", 3), "abc");
  EXPECT_EQ(shorten("abcd", 3), "ab…");
  EXPECT_EQ(shorten("한글날", 6), "한글날");
  EXPECT_EQ(shorten("한글날", 5), "한글…");
  EXPECT_EQ(shorten("한글날", 4), "한…");
  EXPECT_EQ(shorten("한글날", 1), "…");
  EXPECT_EQ(shorten("한글날", 0), "");
  EXPECT_EQ(shorten("e\u0301e\u0301e\u0301", 2), "e\u0301…");
}

TEST(FormatCount, GroupsThousands) {
  EXPECT_EQ(format_count(0), "0");
  EXPECT_EQ(format_count(999), "999");
  EXPECT_EQ(format_count(1000), "1,000");
  EXPECT_EQ(format_count(12'345), "12,345");
  EXPECT_EQ(format_count(999'999), "999,999");
  EXPECT_EQ(format_count(1'000'000), "1,000,000");
  EXPECT_EQ(format_count(std::numeric_limits<std::uint64_t>::max()), "18,446,744,073,709,551,615");
}

TEST(FormatDuration, ChangesItsUnitWhereRoundingWouldFillTheLower) {
  const std::pair<double, std::string_view> cases[] = {
      {0, "0 µs"},          {0.000087, "87 µs"},  {0.0009994, "999 µs"}, {0.0009996, "1.0 ms"}, {0.0123, "12.3 ms"},
      {0.09994, "99.9 ms"}, {0.09996, "100 ms"},  {0.9994, "999 ms"},    {0.9996, "1.00 s"},    {4.56, "4.56 s"},
      {59.994, "59.99 s"},  {59.996, "1 m 00 s"}, {125, "2 m 05 s"},     {119.6, "2 m 00 s"},   {3599.4, "59 m 59 s"},
      {3599.6, "1 h 00 m"}, {4320, "1 h 12 m"},   {86'400, "24 h 00 m"}};
  for (const auto& [seconds, text] : cases) EXPECT_EQ(format_duration(seconds), text) << seconds;
}

TEST(FormatTimeLeft, IsInWholeSecondsRoundedUp) {
  const std::pair<double, const char*> cases[] = {{0.2, "1 s"},       {34, "34 s"},      {33.01, "34 s"},
                                                  {59.2, "1 m 00 s"}, {125, "2 m 05 s"}, {4320, "1 h 12 m"}};
  for (const auto& [seconds, text] : cases) EXPECT_EQ(format_time_left(seconds), text) << seconds;
}

TEST(FormatTime, InUtcAndKst) {
  const WallTime time(milliseconds(1'795'385'780'064));
  EXPECT_EQ(format_utc(time), "2026-11-22T22:16:20.064Z");
  EXPECT_EQ(format_kst_date(time), "2026-11-23");
}

TEST(FormatTime, TheKoreanDayBeginsAtThreeInTheAfternoonUtc) {
  const WallTime midnight = std::chrono::sys_days(std::chrono::year(2024) / 2 / 28) + std::chrono::hours(15);
  EXPECT_EQ(format_kst_date(midnight - milliseconds(1)), "2024-02-28");
  EXPECT_EQ(format_kst_date(midnight), "2024-02-29");
}

TEST(FormatTime, Before1970) {
  EXPECT_EQ(format_utc(WallTime(milliseconds(-1))), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(format_utc(WallTime(milliseconds(-86'400'001))), "1969-12-30T23:59:59.999Z");
}

TEST(ParseUtc, ReadsBackWhatIsWritten) {
  const WallTime time = WallTime(std::chrono::milliseconds(1'795'385'780'064));
  EXPECT_EQ(parse_utc(format_utc(time)), time);
  EXPECT_EQ(parse_utc("1969-12-31T23:59:59.999Z"), WallTime(std::chrono::milliseconds(-1)));
  EXPECT_EQ(parse_utc("2026-11-22T22:16:20Z"), parse_utc("2026-11-22T22:16:20.000Z"));
}

TEST(ParseUtc, TakesNothingElse) {
  for (const char* text :
       {"", "2026-11-22", "2026-11-22T22:16:20", "2026-11-22 22:16:20Z", "2026-02-30T00:00:00Z", "2026-11-22T24:00:00Z",
        "2026-11-22T22:60:00Z", "2026-11-22T22:16:20,064Z", "2026-11-22T22:16:20.06xZ", "2026-11-22T22:16:20.064+"})
    EXPECT_EQ(parse_utc(text), std::nullopt) << text;
}

TEST(HttpDate, IsReadInItsThreeForms) {
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), WallTime(milliseconds(784'111'777'000)));
  EXPECT_EQ(parse_http_date("Thu, 29 Feb 2024 00:00:00 GMT"),
            WallTime(std::chrono::sys_days(std::chrono::year(2024) / 2 / 29)));
  for (const std::string_view old : {"Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"})
    EXPECT_EQ(parse_http_date(old), WallTime(milliseconds(784'111'777'000))) << old;
  EXPECT_EQ(parse_http_date("Sunday, 22-Nov-26 22:16:20 GMT"), parse_http_date("Sun, 22 Nov 2026 22:16:20 GMT"));
  for (const std::string_view bad :
       {"", "Sunday, 06-Nov-94 08:49:37", "Sun Nov  6 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nox 1994 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 08:4x:37 GMT", "Sun, -6 Nov 1994 08:49:37 GMT",
        "Sun, 06 anF 1994 08:49:37 GMT"})
    EXPECT_EQ(parse_http_date(bad), std::nullopt) << bad;
}

TEST(IsDate, KnowsTheCalendar) {
  for (const std::string_view day : {"2026-04-01", "2024-02-29", "2000-02-29", "1999-12-31"})
    EXPECT_TRUE(is_date(day)) << day;
  for (const std::string_view day :
       {"2026-02-29", "2100-02-29", "2026-04-31", "2026-13-01", "2026-00-10", "2026-01-00", "2026-1-1", "26-01-01",
        "2026/01/01", "2026-01-01 ", "-026-01-01", "+026-01-01", ""})
    EXPECT_FALSE(is_date(day)) << day;
}

TEST(JsonString, ReadsBackAsWritten) {
  std::string every_byte_of_ascii;
  for (char c = 0; c < 0x7F; ++c) every_byte_of_ascii.push_back(c);
  for (const std::string& text : {std::string(), every_byte_of_ascii, std::string("\x7F 한글 \U0001F600 \u2028")}) {
    std::string literal = "[";
    append_json_string(text, literal);
    literal += "]";
    EXPECT_EQ(nlohmann::json::parse(literal).at(0).get<std::string>(), text) << literal;
  }
}

TEST(JsonString, EscapesNoMoreThanItMust) {
  std::string out;
  append_json_string("/'한\n\"\\\x01", out);
  EXPECT_EQ(out, R"("/'한\n\"\\\u0001")");
}

TEST(EqualIgnoringCase, IsAsciiOnly) {
  EXPECT_TRUE(equal_ignoring_case("GNCP-GW-Trace-ID", "gncp-gw-trace-id"));
  EXPECT_TRUE(equal_ignoring_case("", ""));
  EXPECT_FALSE(equal_ignoring_case("seconds", "second"));
  EXPECT_FALSE(equal_ignoring_case("[", "{"));
  EXPECT_FALSE(equal_ignoring_case("É", "é"));
}

TEST(AlignColumns, GoesByWhatATerminalShows) {
  EXPECT_EQ(align_columns({{"post", "size"}, {"가습기", "9"}, {"a", "1,234"}}, "lr"),
            "post     size\n"
            "가습기      9\n"
            "a       1,234\n");
  EXPECT_EQ(align_columns({{"1", "a"}, {"22", ""}}, "rl"), " 1  a\n22\n");
}

TEST(Utf8Length, IsThatOfTheFirstCharacter) {
  EXPECT_EQ(utf8_length(""), 0U);
  EXPECT_EQ(utf8_length("a한"), 1U);
  EXPECT_EQ(utf8_length("é"), 2U);
  EXPECT_EQ(utf8_length("한a"), 3U);
  EXPECT_EQ(utf8_length("\U0001F600"), 4U);
  for (const std::string_view bad : {"\x80", "\xFF", "\xED\x95", "\xC0\xAF", "\xED\xA0\x80", "\xB0\xA1"})
    EXPECT_EQ(utf8_length(bad), 0U);
}

TEST(IsAscii, SeesAHighByteWhereverItIs) {
  for (std::size_t size = 0; size < 100; ++size) {
    std::string text(size, '\x7F');
    EXPECT_TRUE(is_ascii(text));
    for (std::size_t at = 0; at < size; ++at) {
      text[at] = '\x80';
      EXPECT_FALSE(is_ascii(text)) << at << " of " << size;
      text[at] = 'a';
    }
  }
}

}  // namespace
}  // namespace pipeline
