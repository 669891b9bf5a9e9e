#include "page_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace pipeline::report::page {
namespace {

bool has_korean(std::string_view text) {
  // Hangul syllables are E3..ED in UTF-8's first byte, as are no letters of English.
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0xE3; });
}

TEST(PageText, SaysEverythingInBothLanguages) {
  std::set<std::string_view> keys;
  for (const Text& one : kTexts) {
    EXPECT_FALSE(one.ko.empty()) << one.key;
    EXPECT_FALSE(one.en.empty()) << one.key;
    EXPECT_FALSE(has_korean(one.en)) << one.key;
    EXPECT_TRUE(has_korean(one.ko) || one.key == "sku") << one.key;
    EXPECT_TRUE(keys.insert(one.key).second) << one.key << " is there twice";
  }
  for (const Text& stage : kStages) {
    EXPECT_TRUE(stage.key.ends_with("_seconds")) << stage.key;
    EXPECT_TRUE(has_korean(stage.ko)) << stage.key;
    EXPECT_FALSE(has_korean(stage.en)) << stage.key;
    EXPECT_TRUE(keys.insert(stage.key).second) << stage.key << " is there twice";
  }
}

// As many places to fill in the one as in the other: a text that lacks one would drop a number.
TEST(PageText, HasTheSamePlacesInBothLanguages) {
  for (const Text& one : kTexts) EXPECT_EQ(std::ranges::count(one.ko, '{'), std::ranges::count(one.en, '{')) << one.key;
}

TEST(PageWords, FillsInNumbersAndWordsOfTheSameLanguage) {
  const Both said = say(text("slower"), 12, duration(125), percent(0.123));
  EXPECT_EQ(said.ko, "일의 양이 비슷한 이전 12회의 건당 중앙값 2분 05초보다 12% 느림");
  EXPECT_EQ(said.en, "12% slower per item than the median of 12 runs before with like work, 2 min 05 s");
}

TEST(PageWords, WritesTimesAsPeopleReadThem) {
  EXPECT_EQ(duration(0.0123).ko, "12.3 ms");
  EXPECT_EQ(duration(4320).ko, "1시간 12분");
  EXPECT_EQ(duration(4320).en, "1 h 12 min");
  EXPECT_EQ(round_duration(0.02).en, "20 ms");
  EXPECT_EQ(round_duration(1.5).en, "1.5 s");
  EXPECT_EQ(round_duration(120).ko, "2분");
  EXPECT_EQ(round_duration(7200).en, "2 h");
  EXPECT_EQ(round_duration(0).en, "0");
  EXPECT_EQ(percent(0.0001), "<0.1%");
  EXPECT_EQ(percent(0.034), "3.4%");
  EXPECT_EQ(percent(1.5), "150%");
}

// 2026-11-22T16:30Z is the next day in Korea.
TEST(PageWords, TellsKoreanTime) {
  const WallTime at{std::chrono::milliseconds(1'795'365'009'000)};
  EXPECT_EQ(to_second(at), "2026-11-23 01:30:09");
  EXPECT_EQ(moment(at), "2026-11-23 01:30");
  EXPECT_EQ(long_date(at).ko, "2026년 11월 23일");
  EXPECT_EQ(long_date(at).en, "23 November 2026");
}

TEST(PageWords, NamesStagesAndLeavesUnknownOnesAsTheyAre) {
  EXPECT_EQ(stage_title("detail_fetch_seconds").ko, "상세 받기");
  EXPECT_EQ(stage_title("new_thing_seconds").ko, "new_thing_seconds");
  EXPECT_EQ(command_title("sync").en, "Store sync");
  EXPECT_EQ(command_title("title").en, "title") << "a command is no key of the texts";
}

TEST(PageWords, MarksLanguagesOnlyWhereTheyDiffer) {
  EXPECT_EQ(html(same("12 ms")), "12 ms");
  EXPECT_EQ(html(Both{"가<", "a>"}), R"(<span lang="ko">가&lt;</span><span lang="en">a&gt;</span>)");
}

}  // namespace
}  // namespace pipeline::report::page
