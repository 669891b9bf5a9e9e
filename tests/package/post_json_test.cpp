#include "json_document.h"
#include "post_stand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// What can be wrong with post.json as JSON.
namespace pipeline::package {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

TEST(PostJson, AParseErrorNamesLineAndColumn) {
  const PostStand stand;
  EXPECT_THAT(stand.faults_of("{\n  \"title\": \"사과\" \"body\"\n}"),
              ElementsAre(StartsWith("post.json: is no JSON at line 2, column 22: unexpected string literal")));
  EXPECT_THAT(stand.faults_of("{\"title\": "), ElementsAre(StartsWith("post.json: is no JSON at line 1, column 11: "
                                                                      "unexpected end of input")));
  EXPECT_THAT(stand.faults_of(""), ElementsAre(StartsWith("post.json: is no JSON at line 1, column 1: ")));
  EXPECT_THAT(stand.faults_of("{} {}"), ElementsAre(StartsWith("post.json: is no JSON at line 1, column 4: ")));
  EXPECT_THAT(stand.faults_of("{\"a\": \"x\ty\"}"), ElementsAre(HasSubstr("control character")));
  EXPECT_THAT(stand.faults_of(R"({"a": "\uD83D"})"), ElementsAre(HasSubstr("surrogate")));
  EXPECT_THAT(stand.faults_of("{\"a\": 1e999}"), ElementsAre(HasSubstr("number overflow")));
}

TEST(PostJson, FaultsOfFilesAreNamedBesideAParseError) {
  const PostStand stand;
  stand.put("images/\xFF.jpg", "x");
  EXPECT_THAT(stand.faults_of("{"),
              ElementsAre(StartsWith("post.json: is no JSON"), HasSubstr("has a name that is not UTF-8")));
}

TEST(PostJson, AnotherEncodingIsNamed) {
  const PostStand stand;
  EXPECT_THAT(
      stand.faults_of("{\"title\": \"\xBB\xE7\xB0\xFA\"}"),
      ElementsAre("post.json: is not UTF-8 at line 1, column 12; it is CP949, which Windows calls ANSI: save it as "
                  "UTF-8 (in Notepad: Save As, Encoding: UTF-8)"));
  EXPECT_THAT(stand.faults_of(std::string("\xFF\xFE{\0}\0", 6)), ElementsAre(HasSubstr("it is UTF-16")));
  EXPECT_THAT(stand.faults_of("{\"title\": \"\xFF\"}"),
              ElementsAre("post.json: is not UTF-8 at line 1, column 12; save it as "
                          "UTF-8 (in Notepad: Save As, Encoding: UTF-8)"));
}

TEST(PostJson, ACommaTooManyIsPassedOverWithANote) {
  const PostStand stand;
  std::string text = stand.json.dump(1);
  text.insert(text.rfind('}'), ",");
  text.insert(text.find("\"sku\""), " , ");
  text.insert(text.find('[') + 1, ",");
  const PostReading reading = stand.read_text(text);
  EXPECT_THAT(PostStand::lines_of(reading), IsEmpty());
  EXPECT_THAT(reading.notes, ElementsAre("post.json has a comma too many at line 2, column 25: it was passed over",
                                         testing::HasSubstr("line 6"), testing::HasSubstr("a comma too many at line")));
  EXPECT_EQ(stand.read().post->tags, reading.post->tags);
  EXPECT_THAT(stand.faults_of("{\"a\": \",}\" \"b\": 1}"), ElementsAre(HasSubstr("a comma is missing before it")));
}

TEST(PostJson, WhatAWordProcessorDidIsNamedWithTheCure) {
  const PostStand stand;
  const std::pair<const char*, const char*> cases[] = {
      {"{“title”: \"a\"}", "the quotation mark “ at line 1, column 2 has to be a straight \""},
      {"{\"title\": “a”}", "the quotation mark “ at line 1, column 11"},
      {"{\n\"title”: \"a\"}", "the quotation mark ” at line 2, column 7"},
      {"{'title': 'a'}", "names and texts stand between \", not '"},
      {"{\"a\": 1, // note\n}", "JSON has no comments"},
      {"{\"a\": \"b\nc\"}", "a line break in it is written \\n"},
      {"{\"a\": \"b\\c\"}", "a \\ in a text is written \\\\"}};
  for (const auto& [text, cure] : cases) EXPECT_THAT(stand.faults_of(text), ElementsAre(HasSubstr(cure))) << text;
  EXPECT_THAT(stand.faults_of("{\"a\": \"“인용”\", \"b\" 1}"), ElementsAre(testing::Not(HasSubstr("straight"))));
}

TEST(PostJson, AByteOrderMarkIsTolerated) {
  const PostStand stand;
  EXPECT_THAT(stand.faults_of("\xEF\xBB\xBF" + stand.json.dump()), IsEmpty());
}

TEST(PostJson, MustBeAnObject) {
  const PostStand stand;
  EXPECT_THAT(stand.faults_of("[]"), ElementsAre("$: must be an object, not a list"));
  EXPECT_THAT(stand.faults_of("null"), ElementsAre("$: must be an object, not null"));
}

TEST(PostJson, AFieldThatIsGivenTwiceIsNamed) {
  const PostStand stand;
  std::string text = stand.json.dump();
  text.insert(1, R"("title": "another", "faq_note": [{"a": 1, "a": 2}],)");
  EXPECT_THAT(stand.faults_of(text), ElementsAre("$.faq_note[0].a: is given twice", "$.title: is given twice"));
}

TEST(PostJson, IsBounded) {
  const PostStand stand;
  EXPECT_THAT(stand.faults_of(std::string((4U << 20U) + 1, ' ')),
              ElementsAre("post.json: is too large, 4,194,305 bytes; at most 4,194,304 are taken"));
  EXPECT_THAT(stand.faults_of("{\"a\": " + std::string(1'000'000, '[')), ElementsAre(HasSubstr("nested too deeply")));
  std::string many = "{\"a\": {";
  for (int i = 0; i < 100'000; ++i) many += "\"" + std::to_string(i) + "\": 1,";
  EXPECT_THAT(stand.faults_of(many), ElementsAre("$.a: has more than 500 fields"));
}

TEST(PostJson, ANumberThatWouldBeChangedIsNamed) {
  PostStand stand;
  std::string text = stand.json.dump();
  const auto at = text.find("20,");
  for (const std::string number : {"123456789012345678901234", "0.1234567890123456789"})
    EXPECT_THAT(stand.faults_of(std::string(text).replace(at, 2, number)),
                ElementsAre("$.facts.개수: is a number of more digits than can be kept; write it as a text"));
  for (const std::string number : {"9223372036854775807", "-5", "0.000000000000012345", "1.5e300"})
    EXPECT_THAT(stand.faults_of(std::string(text).replace(at, 2, number)), IsEmpty()) << number;
}

TEST(PostJson, PlacesOfOddNamesAreQuoted) {
  EXPECT_EQ(field_place("$", "title"), "$.title");
  EXPECT_EQ(field_place("$.facts", "무게"), "$.facts.무게");
  EXPECT_EQ(field_place("$.facts", "a b"), "$.facts[\"a b\"]");
  EXPECT_EQ(field_place("$.facts", "\"\n"), "$.facts[\"\\\"\\n\"]");
  EXPECT_EQ(field_place("$.facts", ""), "$.facts[\"\"]");
  EXPECT_EQ(item_place("$.faq", 3), "$.faq[3]");
}

}  // namespace
}  // namespace pipeline::package
