#include "post_fields.h"

#include "post_stand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pipeline::package {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

// What is wrong when the value at a JSON pointer is this one.
std::vector<std::string> faults_with(const std::string& pointer, const Json& value) {
  PostStand stand;
  stand.json[Json::json_pointer(pointer)] = value;
  return stand.faults();
}

std::vector<std::string> faults_without(const std::string& parent, const std::string& name) {
  PostStand stand;
  stand.json[Json::json_pointer(parent)].erase(name);
  return stand.faults();
}

TEST(PostFields, WhatMustBeThere) {
  EXPECT_THAT(faults_without("", "sku"), ElementsAre("$.sku: is missing"));
  EXPECT_THAT(faults_without("", "title"), ElementsAre("$.title: is missing"));
  EXPECT_THAT(faults_without("", "body"), ElementsAre("$.body: is missing"));
  EXPECT_THAT(faults_without("/cta", "text"), ElementsAre("$.cta.text: is missing"));
  EXPECT_THAT(faults_without("/cta", "url"), ElementsAre("$.cta.url: is missing"));
  EXPECT_THAT(faults_without("/faq/0", "question"), ElementsAre("$.faq[0].question: is missing"));
  EXPECT_THAT(faults_without("/faq/0", "answer"), ElementsAre("$.faq[0].answer: is missing"));
  EXPECT_THAT(faults_without("/images/0", "file"), ElementsAre("$.images[0].file: is missing"));
  EXPECT_THAT(faults_without("/disclosure", "text"),
              ElementsAre("$.disclosure.text: is missing, and the disclosure is required"));
}

TEST(PostFields, WhatNeedNotBeThere) {
  for (const std::string name : {"content_id", "tags", "disclosure", "cta", "faq", "facts", "images"})
    EXPECT_THAT(faults_without("", name), IsEmpty()) << name;
  EXPECT_THAT(faults_without("/images/0", "alt"), IsEmpty());
  EXPECT_THAT(faults_without("/disclosure", "required"), IsEmpty());
  EXPECT_THAT(faults_with("/disclosure", {{"required", false}}), IsEmpty());
  EXPECT_THAT(faults_with("/disclosure", {{"required", false}, {"text", ""}}), IsEmpty());
  EXPECT_THAT(faults_with("/images/0/alt", ""), IsEmpty());
}

TEST(PostFields, AWrongTypeIsNamedEverywhere) {
  const std::vector<std::pair<std::string, std::string>> places = {{"/content_id", "$.content_id"},
                                                                   {"/sku", "$.sku"},
                                                                   {"/title", "$.title"},
                                                                   {"/body", "$.body"},
                                                                   {"/tags", "$.tags"},
                                                                   {"/tags/1", "$.tags[1]"},
                                                                   {"/disclosure", "$.disclosure"},
                                                                   {"/disclosure/required", "$.disclosure.required"},
                                                                   {"/disclosure/text", "$.disclosure.text"},
                                                                   {"/cta", "$.cta"},
                                                                   {"/cta/text", "$.cta.text"},
                                                                   {"/cta/url", "$.cta.url"},
                                                                   {"/faq", "$.faq"},
                                                                   {"/faq/0", "$.faq[0]"},
                                                                   {"/faq/0/question", "$.faq[0].question"},
                                                                   {"/facts", "$.facts"},
                                                                   {"/images", "$.images"},
                                                                   {"/images/0", "$.images[0]"},
                                                                   {"/images/0/file", "$.images[0].file"},
                                                                   {"/images/0/alt", "$.images[0].alt"}};
  for (const auto& [pointer, place] : places)
    for (const Json& value : {Json(7), Json(1.5), Json(nullptr)})
      EXPECT_THAT(faults_with(pointer, value), ElementsAre(StartsWith(place + ": must be ")))
          << pointer << ' ' << value;
  EXPECT_THAT(faults_with("/disclosure/required", "yes"),
              ElementsAre("$.disclosure.required: must be true or false, not a text"));
}

TEST(PostFields, AnEmptyTextIsNamedEverywhere) {
  for (const std::string pointer : {"/sku", "/title", "/body", "/tags/0", "/disclosure/text", "/cta/text", "/cta/url",
                                    "/faq/0/question", "/faq/0/answer", "/facts/무게", "/images/0/file"})
    for (const std::string text : {"", "  \t"})
      EXPECT_THAT(faults_with(pointer, text), ElementsAre(testing::EndsWith(": is empty"))) << pointer;
}

TEST(PostFields, ControlCharactersAreNamed) {
  for (const std::string pointer : {"/sku", "/title", "/body", "/tags/0", "/disclosure/text", "/cta/text", "/cta/url",
                                    "/faq/0/question", "/faq/0/answer", "/facts/무게", "/images/0/file"})
    EXPECT_THAT(faults_with(pointer, std::string("a\0b", 3)),
                ElementsAre(testing::EndsWith(": has a control character, U+0000")))
        << pointer;
  EXPECT_THAT(faults_with("/title", "a\nb"), ElementsAre("$.title: has a line break"));
  EXPECT_THAT(faults_with("/body", "a\r\n\tb"), IsEmpty());
}

TEST(PostFields, TheContentIdNamesFiles) {
  const std::vector<std::string> sound = {"a", "POST-1_b.c", "_x", "7", std::string(64, 'a')};
  for (const auto& id : sound) EXPECT_THAT(faults_with("/content_id", id), IsEmpty()) << id;
  const std::vector<std::string> refused = {"",    ".hidden", "-option", "a/b", "..",
                                            "a b", "게시물",  "a\\b",    "a\n", std::string(65, 'a')};
  for (const auto& id : refused)
    EXPECT_THAT(faults_with("/content_id", id), ElementsAre(StartsWith("$.content_id: must be 1 to 64"))) << id;
}

TEST(PostFields, OneOfSkuAndSkus) {
  EXPECT_THAT(faults_with("/skus", {"1"}), ElementsAre("$.skus: stands beside sku; give one of the two"));
  PostStand stand;
  stand.json.erase("sku");
  stand.json["skus"] = {"1", "2", "1"};
  EXPECT_THAT(stand.faults(), ElementsAre("$.skus[2]: is given twice"));
  stand.json["skus"] = {"1", 2, ""};
  EXPECT_THAT(stand.faults(),
              ElementsAre("$.skus[1]: must be a text, not a number; write it in quotes", "$.skus[2]: is empty"));
  stand.json["skus"] = Json::array();
  EXPECT_THAT(stand.faults(), ElementsAre("$.skus: is empty; a post needs a product"));
  stand.json["skus"] = std::vector<int>(101, 1);
  EXPECT_THAT(stand.faults(), ElementsAre("$.skus: has 101 products; at most 100 are taken"));
}

TEST(PostFields, ATitleIsCountedInCharacters) {
  std::string title;
  for (int i = 0; i < 200; ++i) title += "가";
  EXPECT_THAT(faults_with("/title", title), IsEmpty());
  EXPECT_THAT(faults_with("/title", title + "나"), ElementsAre("$.title: has 201 characters; at most 200 are taken"));
}

TEST(PostFields, Tags) {
  EXPECT_THAT(faults_with("/tags", {"a", "#a"}), ElementsAre("$.tags[1]: is given twice"));
  EXPECT_THAT(faults_with("/tags", {"##"}), ElementsAre("$.tags[0]: is empty"));
  Json tags = Json::array();
  for (int i = 0; i < 30; ++i) tags.push_back("tag" + std::to_string(i));
  EXPECT_THAT(faults_with("/tags", tags), IsEmpty());
  tags.push_back("more");
  EXPECT_THAT(faults_with("/tags", tags), ElementsAre("$.tags: has 31 tags; at most 30 are taken"));
}

TEST(PostFields, TheCallToActionLeadsToTheWeb) {
  for (const std::string url : {"http://example.com", "HTTPS://example.com/a?b=c#d", "https://예시.한국/사과"})
    EXPECT_THAT(faults_with("/cta/url", url), IsEmpty()) << url;
  for (const std::string url : {"javascript:alert(1)", "ftp://example.com", "//example.com", "example.com", "https://",
                                "https://a b", "https://a/\"onclick=", "mailto:a@example.com", " https://a"})
    EXPECT_THAT(faults_with("/cta/url", url), ElementsAre(StartsWith("$.cta.url: must be a whole http:// or https://")))
        << url;
}

TEST(PostFields, FactsAreFlat) {
  EXPECT_THAT(faults_with("/facts/a", Json::object()),
              ElementsAre("$.facts.a: must be a text, a number, true or false, or a list of these"));
  EXPECT_THAT(faults_with("/facts/a", nullptr), ElementsAre(StartsWith("$.facts.a: must be a text")));
  EXPECT_THAT(faults_with("/facts/a", {1, {{"b", 2}}, {3, 4}}),
              ElementsAre(StartsWith("$.facts.a[1]: must be a text"), StartsWith("$.facts.a[2]: must be a text")));
  EXPECT_THAT(faults_with("/facts/a", Json::array()), ElementsAre("$.facts.a: is an empty list"));
  EXPECT_THAT(faults_with("/facts/ ", 1), ElementsAre("$.facts[\" \"]: has a name that is empty"));
}

TEST(PostFields, AMisspeltFieldIsNamedAndANoteIsLeftAlone) {
  EXPECT_THAT(faults_with("/titel", "x"), ElementsAre("$.titel: is no field of a post; did you mean title?"));
  EXPECT_THAT(faults_with("/contentId", "x"),
              ElementsAre("$.contentId: is no field of a post; did you mean content_id?"));
  EXPECT_THAT(faults_with("/TAG", "x"), ElementsAre("$.TAG: is no field of a post; did you mean tags?"));
  EXPECT_THAT(faults_with("/disclosure/requird", true),
              ElementsAre("$.disclosure.requird: is no field of a post; did you mean required?"));
  EXPECT_THAT(faults_with("/images/0/alts", "x"),
              ElementsAre("$.images[0].alts: is no field of a post; did you mean alt?"));
  for (const std::string note : {"/_note", "/memo", "/file", "/author", "/메모", "/cta/note", "/facts/titel"})
    EXPECT_THAT(faults_with(note, "x"), IsEmpty()) << note;
}

}  // namespace
}  // namespace pipeline::package
