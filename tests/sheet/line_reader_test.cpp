#include "line_reader.h"

#include "inputs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::sheet {
namespace {

using testing::ElementsAre;
using GotLines = LineReader::Got;

struct Options {
  std::size_t block = LineReader::kBlock;
  std::size_t longest = kLongestRow;
  bool cr = false;
};

// A line as `number:text$` with its end as n, rn, r or nothing behind the $; an overlong one as its pieces, joined.
std::vector<std::string> lines_of(std::string_view bytes, Options options = {}) {
  const InputFile file(bytes);
  ByteSource source(file.path());
  LineReader lines(source, options.block, options.longest);
  if (options.cr) lines.end_lines_at_cr();
  std::vector<std::string> out;
  std::string poured;
  int last = 0;
  const auto sink = [&](std::string_view piece, bool is_last) {
    EXPECT_EQ(last, 0);
    EXPECT_TRUE(is_last || !piece.empty());
    poured += piece;
    last += is_last ? 1 : 0;
  };
  for (;;) {
    lines.release();
    const auto got = lines.next(sink);
    if (got == GotLines::end) return out;
    out.push_back(std::to_string(lines.number()) + ":");
    if (got == GotLines::overlong) {
      EXPECT_EQ(last, 1);
      out.back() += "overlong " + poured;
      poured.clear();
      last = 0;
      continue;
    }
    EXPECT_EQ(got, GotLines::line);
    EXPECT_EQ(lines.held(), lines.line());
    out.back() += std::string(lines.line()) + "$";
    for (const char c : lines.line_end()) out.back() += c == '\n' ? 'n' : 'r';
  }
}

TEST(LineReader, EndsLinesAtNewlinesWithOrWithoutCr) {
  EXPECT_THAT(lines_of(""), ElementsAre());
  EXPECT_THAT(lines_of("a"), ElementsAre("1:a$"));
  EXPECT_THAT(lines_of("a\n"), ElementsAre("1:a$n"));
  EXPECT_THAT(lines_of("a\r\n\r\n\nb\rc\nd\r"), ElementsAre("1:a$rn", "2:$rn", "3:$n", "4:b\rc$n", "5:d\r$"));
  EXPECT_THAT(lines_of("a\r\r\nb"), ElementsAre("1:a\r$rn", "2:b$"));
}

TEST(LineReader, EndsLinesAtALoneCrWhenAsked) {
  EXPECT_THAT(lines_of("a\rb\r\nc\n\rd\r\re\r", {.cr = true}),
              ElementsAre("1:a$r", "2:b$rn", "3:c$n", "4:$r", "5:d$r", "6:$r", "7:e$r"));
  EXPECT_THAT(lines_of("\r\n", {.cr = true}), ElementsAre("1:$rn"));
}

TEST(LineReader, TheBlockMakesNoDifference) {
  const std::string text =
      "one\r\ntwo\rthree\n\n\r\n" + std::string(70, 'x') + "\r\n" + std::string(33, 'y') + "\n\r\rend\r";
  for (const bool cr : {false, true})
    for (const std::size_t longest : {kLongestRow, std::size_t{40}, std::size_t{3}, std::size_t{1}}) {
      const auto expected = lines_of(text, {.longest = longest, .cr = cr});
      for (std::size_t block = 1; block <= 64; ++block)
        EXPECT_EQ(lines_of(text, {block, longest, cr}), expected) << "block " << block << " longest " << longest;
    }
}

TEST(LineReader, ALineOfTheLongestLengthIsALineAndOneByteMoreIsNot) {
  for (const std::string_view end : {"\n", "\r\n", ""}) {
    const std::string text = "12345" + std::string(end);
    EXPECT_EQ(lines_of(text, {.longest = 5}).front().substr(0, 8), "1:12345$") << end.size();
    EXPECT_THAT(lines_of(text, {.longest = 4}), ElementsAre("1:overlong 12345")) << end.size();
  }
}

TEST(LineReader, GoesOnAfterAnOverlongLine) {
  EXPECT_THAT(lines_of("a\n123456\nb\n123456", {.longest = 5}),
              ElementsAre("1:a$n", "2:overlong 123456", "3:b$n", "4:overlong 123456"));
}

TEST(LineReader, AnOverlongLineIsHandedOnInPiecesThatDoNotGrowWithIt) {
  const std::string line(1'000'000, 'x');
  const InputFile file(line + "\n");
  ByteSource source(file.path());
  LineReader lines(source, 64, 100);
  std::string poured;
  std::size_t longest_piece = 0;
  const auto sink = [&](std::string_view piece, bool) {
    poured += piece;
    longest_piece = std::max(longest_piece, piece.size());
  };
  EXPECT_EQ(lines.next(sink), GotLines::overlong);
  EXPECT_TRUE(poured == line);
  EXPECT_LE(longest_piece, 400U);
}

TEST(LineReader, HoldsLinesUntilTheyAreReleasedAndGivesBackAllButTheFirst) {
  for (std::size_t block = 1; block <= 64; ++block) {
    const InputFile file("skipped\nfirst\r\nsecond\nthird\nfourth");
    ByteSource source(file.path());
    LineReader lines(source, block);
    ASSERT_EQ(lines.next(kNoOverlong), GotLines::line);
    lines.release();
    for (int i = 0; i < 3; ++i) ASSERT_EQ(lines.next(kNoOverlong), GotLines::line);
    EXPECT_EQ(lines.held(), "first\r\nsecond\nthird");
    EXPECT_EQ(lines.first_number(), 2);
    EXPECT_EQ(lines.keep_first(), "first");
    EXPECT_EQ(lines.held(), "first");
    EXPECT_EQ(lines.number(), 2);
    lines.release();
    ASSERT_EQ(lines.next(kNoOverlong), GotLines::line);
    EXPECT_EQ(lines.line(), "second");
    EXPECT_EQ(lines.number(), 3);
    ASSERT_EQ(lines.next(kNoOverlong), GotLines::line);
    ASSERT_EQ(lines.next(kNoOverlong), GotLines::line);
    EXPECT_EQ(lines.held(), "second\nthird\nfourth");
    EXPECT_EQ(lines.next(kNoOverlong), GotLines::end);
  }
}

TEST(LineReader, IsFullWhenTheHeldLinesAreALongestRow) {
  for (std::size_t block = 1; block <= 16; ++block) {
    const InputFile file("123\n456\n789\n");
    ByteSource source(file.path());
    LineReader lines(source, block, 8);
    ASSERT_EQ(lines.next(kNoOverlong), GotLines::line);
    ASSERT_EQ(lines.next(kNoOverlong), GotLines::line);
    EXPECT_EQ(lines.next(kNoOverlong), GotLines::full);
    EXPECT_EQ(lines.next(kNoOverlong), GotLines::full);
    EXPECT_EQ(lines.keep_first(), "123");
    lines.release();
    ASSERT_EQ(lines.next(kNoOverlong), GotLines::line);
    ASSERT_EQ(lines.next(kNoOverlong), GotLines::line);
    EXPECT_EQ(lines.held(), "456\n789");
    EXPECT_EQ(lines.next(kNoOverlong), GotLines::end);
  }
}

TEST(LineReader, PeeksWithoutTakingAndSkips) {
  const InputFile file("BOMone\ntwo\n");
  ByteSource source(file.path());
  LineReader lines(source, 2);
  EXPECT_TRUE(lines.peek(3).starts_with("BOM"));
  EXPECT_FALSE(lines.at_end());
  lines.skip(3);
  ASSERT_EQ(lines.next(kNoOverlong), GotLines::line);
  EXPECT_EQ(lines.peek(100), "one\ntwo\n");
  EXPECT_TRUE(lines.at_end());
  EXPECT_EQ(lines.line(), "one");
  EXPECT_EQ(lines.number(), 1);
  ASSERT_EQ(lines.next(kNoOverlong), GotLines::line);
  EXPECT_EQ(lines.line(), "two");
}

TEST(LineReader, CanBeLeftAndResumedAfterAnyByteOfAPipe) {
  InputPipe pipe;
  ByteSource source = pipe.source();
  LineReader lines(source, 4, 5);
  lines.end_lines_at_cr();
  std::string poured;
  const auto sink = [&](std::string_view piece, bool) { poured += piece; };
  EXPECT_EQ(lines.next(sink), GotLines::nothing_yet);
  pipe.write("ab\r");
  EXPECT_EQ(lines.next(sink), GotLines::nothing_yet);  // is it \r or \r\n?
  pipe.write("\n1234");
  ASSERT_EQ(lines.next(sink), GotLines::line);
  EXPECT_EQ(lines.line(), "ab");
  lines.release();
  EXPECT_EQ(lines.next(sink), GotLines::nothing_yet);
  pipe.write("56789\r");
  EXPECT_EQ(lines.next(sink), GotLines::nothing_yet);
  pipe.write("x");
  EXPECT_EQ(lines.next(sink), GotLines::overlong);
  EXPECT_EQ(poured, "123456789");
  lines.release();
  pipe.close();
  ASSERT_EQ(lines.next(sink), GotLines::line);
  EXPECT_EQ(lines.line(), "x");
  EXPECT_EQ(lines.number(), 3);
}

}  // namespace
}  // namespace pipeline::sheet
