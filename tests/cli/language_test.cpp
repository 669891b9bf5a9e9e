#include "language.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace pipeline::cli {
namespace {

using testing::IsEmpty;

const Language& korean() {
  static const Language language("ko");
  return language;
}

TEST(Language, AnotherThanKoreanIsEnglish) {
  for (const char* tag : {"en", "", "fr"}) {
    EXPECT_TRUE(Language(tag).is_english());
    EXPECT_EQ(Language(tag).text("sync: all done"), "sync: all done");
  }
}

TEST(Language, ATextIsPutIntoKoreanByTheTemplateItWasMadeFrom) {
  EXPECT_EQ(korean().text("sync: all done"), "sync: 모두 끝났습니다");
  EXPECT_EQ(korean().text("  posts 5: 1 built, 2 unchanged, 1 rejected, 1 failed\n"),
            "  글 5건: 만듦 1, 그대로 2, 거절 1, 실패 1\n");
}

TEST(Language, WhatStandsInAPlaceIsTranslatedOnlyWhereItIsAText) {
  EXPECT_EQ(korean().text("sync: failed: the deadline passed before there was a token"),
            "sync: 실패했습니다: 토큰을 받기 전에 --deadline이 지났습니다");
  EXPECT_EQ(korean().text("all done was removed from the store"), "all done: 스토어에서 삭제된 상품입니다")
      << "a product's name is nobody's to translate";
}

TEST(Language, WhatALineIsAboutMayStandBeforeIt) {
  EXPECT_EQ(
      korean().text("images/: 0 pictures of its own, and at least 2 are needed: add pictures no other post has, or "
                    "lower --min-images"),
      "images/: 이 글만의 사진이 모자랍니다(사진 0장). 적어도 2장이 있어야 합니다: 다른 글에 없는 사진을 더하거나 "
      "--min-images를 "
      "낮추세요");
  EXPECT_EQ(korean().text("body.md: shows \"1.jpg\", which is no picture of the post"),
            "body.md: 글에 없는 사진 \"1.jpg\"을(를) 보여 주려 합니다");
  EXPECT_EQ(korean().text("post keep: failed: post A has no stale sentence \"x\"; the post has none"),
            "post keep: 실패했습니다: 글 A에 그런 문장이 없습니다: \"x\". 이 글에는 낡은 문장이 없습니다");
}

TEST(Language, OfSeveralSentencesEachIsTranslated) {
  EXPECT_EQ(korean().text("sync: all done; package: all done"), "sync: 모두 끝났습니다; package: 모두 끝났습니다");
  EXPECT_EQ(korean().text("write 1, upload 3; 12 queued"), "고쳐 쓸 글 1, 올릴 글 3; 대기 12건");
  EXPECT_EQ(
      korean().text("sync: all done; package: done in part: posts that were not built: 1; mend what is named above"),
      "sync: 모두 끝났습니다; package: 일부만 끝났습니다: 만들지 못한 글: 1건. 위에 적은 것을 바로잡으세요");
  EXPECT_EQ(korean().text("upsert rows 1,200 · 300/s · 2 MB · rejected 3 · 4 s left"),
            "상품 파일 1,200행 · 초당 300건 · 2 MB · 거절 3행 · 4초 남음");
}

// What goes on behind a sentence's last place must not come behind those that follow it.
TEST(Language, TheEndOfASentenceStaysWithIt) {
  EXPECT_EQ(
      korean().text("would be rejected: $.disclosure: must be an object, not a text; $.images[0].file: "
                    "front.jpg does not exist: did you mean images/front.jpg?; images/: 1 picture of its own, and at "
                    "least 2 are needed: add pictures no other post has, or lower --min-images"),
      "만들지 못합니다(거절): $.disclosure: 객체이어야 하는데 글자입니다; $.images[0].file: front.jpg: "
      "없습니다. images/front.jpg을(를) 쓰려던 것입니까?; images/: 이 글만의 사진이 모자랍니다(사진 1장). 적어도 "
      "2장이 있어야 합니다: 다른 글에 없는 사진을 더하거나 --min-images를 낮추세요");
}

TEST(Language, AnAsideIsTranslatedInItsBrackets) {
  EXPECT_EQ(korean().text("  (videos/a.mp4 gave 1 of 6 keyframes: it has no more)"),
            "  (videos/a.mp4: 장면 6장 가운데 1장을 얻었습니다: 더 없습니다)");
}

TEST(Language, APlaceForANumberTakesNoOther) {
  EXPECT_EQ(korean().text("upload 3"), "올릴 글 3");
  EXPECT_EQ(korean().text("upload what is built"), "upload what is built");
}

TEST(Language, WhatIsNotKnownStaysEnglish) {
  EXPECT_EQ(korean().text("no such words\n\n  nor these"), "no such words\n\n  nor these");
  EXPECT_EQ(korean().text("판매가 12,900원"), "판매가 12,900원");
}

TEST(Language, TheLocaleSaysWhichWhenNoneIsNamed) {
  EXPECT_EQ(language_of("ko"), "ko");
  EXPECT_EQ(language_of("en"), "en");
  ::setenv("LC_ALL", "ko_KR.UTF-8", 1);
  EXPECT_EQ(language_of("auto"), "ko");
  ::setenv("LC_ALL", "ko", 1);
  EXPECT_EQ(language_of("auto"), "ko");
  ::setenv("LC_ALL", "C", 1);
  EXPECT_EQ(language_of("auto"), "en");
  ::setenv("LC_ALL", "ko_KR.EUC-KR", 1);
  EXPECT_EQ(language_of("auto"), "en") << "a terminal that can't show what we write";
  ::unsetenv("LC_ALL");
}

// --- the catalogue against the code ---

// What stands between quotes, those side by side joined, of all sources.
std::string all_literals() {
  std::string all;
  const std::regex joined(R"re("\s*\n?\s*")re");
  std::vector<fs::path> files;
  for (const char* folder : {"src", "include"})
    for (const auto& file : fs::recursive_directory_iterator(fs::path(PIPELINE_SOURCE_DIR) / folder))
      if (file.path().extension() == ".cpp" || file.path().extension() == ".h") files.push_back(file.path());
  for (const fs::path& file : files) {
    std::ifstream in(file);
    std::stringstream text;
    text << in.rdbuf();
    std::string source = text.str();
    for (std::size_t at = 0; (at = source.find('"', at)) != std::string::npos;) {  // "a" "b" is one text
      std::size_t next = source.find_first_not_of(" \n\t", at + 1);
      if (next != std::string::npos && source[next] == '"' && at > 0 && next > at + 1)
        source.erase(at, next - at + 1);
      else
        ++at;
    }
    all += source;
  }
  return all;
}

// The parts of a msgid between its places, as they stand in a source.
std::vector<std::string> parts_of(const std::string& msgid) {
  std::vector<std::string> parts(1);
  for (std::size_t i = 0; i < msgid.size(); ++i) {
    if (msgid[i] == '{' && i + 1 < msgid.size() && msgid[i + 1] != '{') {
      i = msgid.find('}', i);
      parts.emplace_back();
    } else if (msgid[i] == '\n') {
      parts.back() += "\\n";
    } else if (msgid[i] == '"') {
      parts.back() += "\\\"";
    } else {
      parts.back() += msgid[i];
    }
  }
  return parts;
}

std::string unquoted(const std::string& line) {
  std::string text;
  for (std::size_t i = line.find('"') + 1; i + 1 < line.size(); ++i) {
    if (line[i] == '\\') {
      ++i;
      text += line[i] == 'n' ? '\n' : line[i];
    } else {
      text += line[i];
    }
  }
  return text;
}

std::vector<std::pair<std::string, std::string>> catalogue() {
  std::vector<std::pair<std::string, std::string>> entries;
  std::ifstream in(fs::path(PIPELINE_SOURCE_DIR) / "src/cli/po/ko.po");
  std::string* into = nullptr;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("msgid")) into = &entries.emplace_back().first;
    if (line.starts_with("msgstr")) into = &entries.back().second;
    if (into != nullptr && line.find('"') != std::string::npos && !line.starts_with('#')) *into += unquoted(line);
  }
  return entries;
}

bool has_words(const std::string& text) {
  return std::ranges::count_if(text, [](unsigned char c) { return std::isalpha(c) != 0; }) >= 4;
}

// How many pieces of the sources it takes to make the text: some sentences are put together.
int pieces_of(std::string_view text, const std::string& sources) {
  int pieces = 0;
  while (!text.empty()) {
    std::size_t length = 0;  // the longest beginning that is found: what is longer is not
    for (std::size_t beyond = text.size() + 1; beyond - length > 1;) {
      const std::size_t middle = (length + beyond) / 2;
      (sources.find(text.substr(0, middle)) == std::string::npos ? beyond : length) = middle;
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
    ++pieces;
  }
  return pieces;
}

TEST(KoreanCatalogue, EachTextOfItStandsInTheCode) {
  constexpr int kMostPieces = 4;
  const std::set<std::string> others{"Subcommands:",
                                     "Common options:",
                                     "Positionals:",
                                     "Print this help message and exit",
                                     "Display program version information and exit",
                                     "No such file or directory",
                                     "Permission denied",
                                     "Is a directory",
                                     "Not a directory",
                                     "Read-only file system",
                                     ": Error while parsing ",
                                     "No space left on device"};  // CLI11's, toml++'s and the system's
  const std::string sources = all_literals();
  std::vector<std::string> gone;
  for (const auto& [english, translation] : catalogue())
    for (const std::string& part : parts_of(english))
      if (has_words(part) && !others.contains(part) && pieces_of(part, sources) > kMostPieces)
        gone.push_back(english + "  ←  " + part);
  EXPECT_THAT(gone, IsEmpty()) << "a text of the code was changed: change it in src/cli/po/ko.po, too";
}

TEST(KoreanCatalogue, ATranslationNamesOnlyPlacesThatThereAre) {
  const std::regex place(R"re(\{([0-9])~?\})re");
  for (const auto& [english, translation] : catalogue()) {
    const std::size_t places = parts_of(english).size() - 1;
    for (auto at = std::sregex_iterator(translation.begin(), translation.end(), place); at != std::sregex_iterator();
         ++at)
      EXPECT_LT(static_cast<std::size_t>((*at)[1].str()[0] - '0'), places) << english;
  }
}

}  // namespace
}  // namespace pipeline::cli
