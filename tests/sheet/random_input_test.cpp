#include "pipeline/base/error.h"

#include "csv_reader.h"
#include "inputs.h"
#include "jsonl_reader.h"

#include <gtest/gtest.h>

#include <random>

// Whatever the bytes are, each belongs to a row, an empty line or the header, and no row is given another line's
// number.
namespace pipeline::sheet {
namespace {

class RandomText {
 public:
  explicit RandomText(unsigned seed) : random_(seed) {}

  std::string operator()(std::string_view alphabet, std::size_t size) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text += alphabet[random_() % alphabet.size()];
    return text;
  }
  std::size_t below(std::size_t limit) { return random_() % limit; }

 private:
  std::mt19937 random_;
};

// Where `text` behind `from` has the row, with nothing but white space before it.
std::size_t find_row(std::string_view text, std::size_t from, std::string_view row) {
  for (std::size_t at = from; at <= text.size(); ++at) {
    if (text.substr(at).starts_with(row)) return at;
    if (at == text.size() || std::string_view(" \t\r\n").find(text[at]) == std::string_view::npos) break;
  }
  return std::string_view::npos;
}

std::int64_t line_at(std::string_view text, std::size_t offset, bool cr_ends_lines) {
  std::int64_t line = 1;
  for (std::size_t i = 0; i < offset; ++i)
    if (text[i] == '\n' || (cr_ends_lines && text[i] == '\r' && text.substr(i + 1, 1) != "\n")) ++line;
  return line;
}

void expect_all_accounted_for(std::string_view text, const std::vector<Answer>& rows, std::size_t from, bool csv) {
  for (const Answer& row : rows) {
    ASSERT_FALSE(row.original.empty());
    EXPECT_EQ(row.got == RowReader::Got::rejected, !row.error.empty());
    const std::size_t at = find_row(text, from, row.original);
    ASSERT_NE(at, std::string_view::npos) << "behind byte " << from << ": " << row;
    ASSERT_EQ(row.line, line_at(text, at, csv)) << row;
    from = at + row.original.size();
  }
  ASSERT_NE(find_row(text, from, text.substr(text.size())), std::string_view::npos);
  EXPECT_EQ(text.find_first_not_of(" \t\r\n", from), std::string_view::npos) << "behind byte " << from;
}

template <typename Make>
std::vector<Answer> read(std::string_view text, std::size_t block, Make make) {
  const InputFile file(text);
  ByteSource source(file.path());
  LineReader lines(source, block);
  NamedCells columns;
  auto rows = make(lines, columns);
  return all_rows(rows);
}

TEST(RandomInput, NoCsvLosesALine) {
  const std::string header = "sku,이름\n1,컵\n";
  for (const std::string_view alphabet : {"\",\n", "\"\",,\r\na1 ", "\",\n\r\t \xEA\xB0\x80\xFF\\x"})
    for (unsigned seed = 0; seed < 700; ++seed) {
      RandomText random(seed);
      const std::string text = header + random(alphabet, random.below(120));
      const auto make = [](LineReader& lines, Columns& columns) {
        return CsvReader(lines, FileEncoding("f"), "f", {.format = Format::csv}, columns, kNoOverlong);
      };
      const auto rows = read(text, 1 + random.below(64), make);
      ASSERT_FALSE(rows.empty());
      expect_all_accounted_for(text, rows, text.find('\n') + 1, true);
      ASSERT_FALSE(HasFatalFailure() || HasNonfatalFailure()) << "seed " << seed << ":\n" << text;
    }
}

TEST(RandomInput, NoJsonLinesLoseALine) {
  const std::string first = "{\"name\":\"컵\"}\n";
  for (const std::string_view alphabet : {"{}\n", "{}\"\r\n\\ :1", "\xEA\xB0\x80\xFF\n{ \r"})
    for (unsigned seed = 0; seed < 700; ++seed) {
      RandomText random(seed);
      const std::string text = first + random(alphabet, random.below(120));
      const auto make = [](LineReader& lines, Columns&) { return JsonlReader(lines, FileEncoding("f"), kNoOverlong); };
      const auto rows = read(text, 1 + random.below(64), make);
      ASSERT_FALSE(rows.empty());
      expect_all_accounted_for(text, rows, 0, false);
      ASSERT_FALSE(HasFatalFailure() || HasNonfatalFailure()) << "seed " << seed << ":\n" << text;
    }
}

// Through the whole reader, format and encoding found by content: rows or an Error, nothing else.
TEST(RandomInput, AnyBytesGiveRowsOrAnError) {
  int read_whole = 0;
  for (unsigned seed = 0; seed < 2000; ++seed) {
    RandomText random(seed);
    std::string all;
    for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
    const std::string_view start[] = {"", "{", "sku,a\n", "\xEF\xBB\xBF", "\xEF\xBB\xBFsku\n"};
    std::string text(start[random.below(5)]);
    text += random(std::string_view(all).substr(random.below(2)), random.below(200));
    try {
      for (const Answer& row : rows_of(text)) EXPECT_NE(text.find(row.original), std::string::npos);
      ++read_whole;
    } catch (const Error& e) {
      EXPECT_NE(std::string_view(e.what()).find("/input"), std::string_view::npos) << e.what();
    }
  }
  EXPECT_GT(read_whole, 100);
}

}  // namespace
}  // namespace pipeline::sheet
