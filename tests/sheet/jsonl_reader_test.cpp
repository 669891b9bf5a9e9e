#include "jsonl_reader.h"

#include "inputs.h"
#include "support/korean.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::sheet {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using GotObjects = RowReader::Got;

std::vector<Answer> objects_in_blocks(std::string_view bytes, std::size_t block) {
  const InputFile file(bytes);
  ByteSource source(file.path());
  LineReader lines(source, block);
  JsonlReader rows(lines, FileEncoding(source.name()), kNoOverlong);
  return all_rows(rows);
}

TEST(Jsonl, ALineIsARow) {
  EXPECT_THAT(rows_of("{\"sku\":1}\n{\"sku\":2}\r\n{\"sku\":3}", Format::jsonl),
              ElementsAre(Answer{GotObjects::row, "{\"sku\":1}", "{\"sku\":1}", 1, ""},
                          Answer{GotObjects::row, "{\"sku\":2}", "{\"sku\":2}", 2, ""},
                          Answer{GotObjects::row, "{\"sku\":3}", "{\"sku\":3}", 3, ""}));
}

TEST(Jsonl, EmptyLinesAreSkippedButCounted) {
  EXPECT_THAT(rows_of("\n \t\r\n{}\n\n\n[1]\n\n", Format::jsonl),
              ElementsAre(Answer{GotObjects::row, "{}", "{}", 3, ""}, Answer{GotObjects::row, "[1]", "[1]", 6, ""}));
}

TEST(Jsonl, WhiteSpaceAroundTheObjectIsTrimmedAndALoneCrEndsNoLine) {
  EXPECT_THAT(rows_of(" \t{\"a\":\r1} \r\r\n\r{}\r", Format::jsonl),
              ElementsAre(Answer{GotObjects::row, "{\"a\":\r1}", " \t{\"a\":\r1} \r", 1, ""},
                          Answer{GotObjects::row, "{}", "\r{}\r", 2, ""}));
}

TEST(Jsonl, WhatIsNoJsonIsLeftToTheParser) {
  EXPECT_THAT(rows_of("{broken\n\xFF\n가\n", Format::jsonl),
              ElementsAre(Answer{GotObjects::row, "{broken", "{broken", 1, ""},
                          Answer{GotObjects::row, "\xFF", "\xFF", 2, ""}, Answer{GotObjects::row, "가", "가", 3, ""}));
}

TEST(Jsonl, TheBlockMakesNoDifference) {
  const std::string text = "{\"name\":\"한글\"}\r\n\n  {\"name\":\"" + std::string(90, 'x') + "\"}\n{\"a\":1}\n{}";
  for (const std::string& bytes : {text, test::to_cp949(text)}) {
    const auto expected = objects_in_blocks(bytes, LineReader::kBlock);
    EXPECT_EQ(expected.size(), 4U);
    EXPECT_EQ(expected.front().json, "{\"name\":\"한글\"}");
    for (std::size_t block = 1; block <= 64; ++block) EXPECT_EQ(objects_in_blocks(bytes, block), expected) << block;
  }
}

TEST(Jsonl, Cp949IsConvertedAndTheOriginalIsKept) {
  const std::string row = test::to_cp949(R"({"name":"똠방각하 펲시 쓩 뷁"})");
  const auto rows = rows_of("{\"sku\":1}\n " + row + "\n", Format::jsonl);
  EXPECT_THAT(rows, ElementsAre(Answer{GotObjects::row, "{\"sku\":1}", "{\"sku\":1}", 1, ""},
                                Answer{GotObjects::row, R"({"name":"똠방각하 펲시 쓩 뷁"})", " " + row, 2, ""}));
}

TEST(Jsonl, ARowThatIsNotCp949InACp949FileIsRejected) {
  const std::string good = test::to_cp949(R"({"name":"상품"})");
  const auto rows = rows_of(good + "\n{\"\xFF\"}\n" + good, Format::jsonl);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[1].got, GotObjects::rejected);
  EXPECT_EQ(rows[1].original, "{\"\xFF\"}");
  EXPECT_THAT(rows[1].error, HasSubstr("byte 3 of line 2 (0xFF) is not CP949"));
  EXPECT_THAT(rows[1].json, IsEmpty());
  EXPECT_EQ(rows[2].json, R"({"name":"상품"})");
  EXPECT_THAT(rows[2].error, IsEmpty());
}

TEST(Jsonl, ARowLongerThanTheLongestGoesToTheSinkAndTheRestGoesOn) {
  const std::string longest = "{" + std::string(kLongestRow - 2, ' ') + "}";
  const InputFile file(longest + "\n" + longest + "x\r\n{}\n");
  ByteSource source(file.path());
  std::string poured;
  int lasts = 0;
  const Reader rows(source, {}, [&](std::string_view piece, bool last) {
    poured += piece;
    lasts += last ? 1 : 0;
  });
  Row row;
  ASSERT_EQ(rows->next(row), GotObjects::row);
  EXPECT_EQ(row.original.size(), kLongestRow);
  EXPECT_THAT(poured, IsEmpty());
  ASSERT_EQ(rows->next(row), GotObjects::rejected);
  EXPECT_EQ(row.line, 2);
  EXPECT_THAT(row.original, IsEmpty());
  EXPECT_THAT(row.error, HasSubstr("longer than 16 MiB"));
  EXPECT_TRUE(poured == longest + "x");
  EXPECT_EQ(lasts, 1);
  ASSERT_EQ(rows->next(row), GotObjects::row);
  EXPECT_EQ(row.json, "{}");
  EXPECT_EQ(row.line, 3);
  EXPECT_EQ(rows->next(row), GotObjects::end);
}

}  // namespace
}  // namespace pipeline::sheet
