#include "pipeline/base/csv_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pipeline {
namespace {

using State = CsvParser::State;
using testing::ElementsAre;

std::vector<std::string> fields(const CsvParser& parser) {
  std::vector<std::string> fields;
  for (std::size_t i = 0; i < parser.record().size(); ++i) fields.emplace_back(parser.record()[i]);
  return fields;
}

TEST(CsvParser, SplitsALine) {
  CsvParser parser;
  EXPECT_EQ(parser.feed("a,, b ,\"c,\"\"d\"\"\"", "\r\n"), State::complete);
  EXPECT_THAT(fields(parser), ElementsAre("a", "", " b ", "c,\"d\""));
  EXPECT_EQ(parser.feed("last", ""), State::complete);
  EXPECT_THAT(fields(parser), ElementsAre("last"));
}

TEST(CsvParser, AQuotedFieldGoesOnInTheNextLine) {
  CsvParser parser;
  EXPECT_EQ(parser.feed("a,\"two", "\r\n"), State::open);
  EXPECT_TRUE(parser.is_open());
  EXPECT_EQ(parser.feed("lines\",b", "\n"), State::complete);
  EXPECT_FALSE(parser.is_open());
  EXPECT_THAT(fields(parser), ElementsAre("a", "two\r\nlines", "b"));
}

TEST(CsvParser, AQuoteInsideAFieldIsItsText) {
  CsvParser parser;
  EXPECT_EQ(parser.feed("A-1,27\" stand,3\"5\"\",\"", "\n"), State::open);
  EXPECT_EQ(parser.feed("27\"\" stand\"", "\n"), State::complete);
  EXPECT_THAT(fields(parser), ElementsAre("A-1", "27\" stand", "3\"5\"\"", "\n27\" stand"));
}

TEST(CsvParser, SpacesAroundQuotesAreNoPartOfTheField) {
  CsvParser parser;
  EXPECT_EQ(parser.feed("a, \"b, c\" ,\t\"\"\t, d\"", "\n"), State::complete);
  EXPECT_THAT(fields(parser), ElementsAre("a", "b, c", "", " d\""));
}

TEST(CsvParser, EmptyFieldsAreFields) {
  CsvParser parser;
  EXPECT_EQ(parser.feed("", "\n"), State::complete);
  EXPECT_THAT(fields(parser), ElementsAre(""));
  EXPECT_EQ(parser.feed(",", "\n"), State::complete);
  EXPECT_THAT(fields(parser), ElementsAre("", ""));
  EXPECT_EQ(parser.feed("\"\",\"\"", "\n"), State::complete);
  EXPECT_THAT(fields(parser), ElementsAre("", ""));
}

TEST(CsvParser, AfterAFaultTheNextLineBeginsARecord) {
  CsvParser parser;
  EXPECT_EQ(parser.feed("x,\"a\"b,c", "\n"), State::text_behind_quote);
  EXPECT_FALSE(parser.is_open());
  EXPECT_EQ(parser.feed("d,e", "\n"), State::complete);
  EXPECT_THAT(fields(parser), ElementsAre("d", "e"));
}

TEST(CsvParser, ResetForgetsAnOpenRecord) {
  CsvParser parser;
  EXPECT_EQ(parser.feed("a,\"open", "\n"), State::open);
  parser.reset();
  EXPECT_EQ(parser.feed("b", "\n"), State::complete);
  EXPECT_THAT(fields(parser), ElementsAre("b"));
}

}  // namespace
}  // namespace pipeline
