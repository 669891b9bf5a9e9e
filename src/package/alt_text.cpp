#include "pipeline/package/alt_text.h"

#include "pipeline/base/characters.h"
#include "pipeline/package/body.h"

#include "text_rules.h"
#include "words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

namespace pipeline::package {
namespace {

// A word has its place in a sentence twice at most: the thing, and what is said of it.
constexpr std::ptrdiff_t kMostOfAWord = 2;
// A sentence names up to five things one after the other: the colours, what is in the box. Six are a list for search
// engines.
constexpr std::ptrdiff_t kLongestList = 5;
constexpr std::u32string_view kListMarks = U",;|#、，";
// Words that a sentence needs more often. Words of one character are all taken for such: 및, 수, 더, a.
constexpr auto kFunctionWords = std::to_array<std::u32string_view>(
    {U"the", U"of", U"in", U"on", U"and", U"with", U"to", U"for", U"an", U"is", U"are"});

// Characters of a product's name in a text: leaves room for the rest, and is as much as one listens to.
constexpr std::size_t kLongestAltName = 60;
// Stands where neither the product nor the post has a name.
constexpr std::string_view kNameless = "소개하는";

bool may_repeat(const std::u32string& word) noexcept {
  return word.size() < 2 || std::ranges::find(kFunctionWords, word) != kFunctionWords.end();
}

bool is_stuffed(std::string_view alt) {
  const auto words = words_of(alt);
  std::map<std::u32string, std::ptrdiff_t> times;
  for (const auto& word : words) ++times[word];
  if (std::ranges::any_of(times,
                          [](const auto& each) { return each.second > kMostOfAWord && !may_repeat(each.first); }))
    return true;
  const auto items = std::ranges::count_if(to_characters(alt),
                                           [](char32_t c) { return kListMarks.find(c) != std::u32string_view::npos; }) +
                     1;
  // Also of words that may be repeated most have to be new.
  return items > kLongestList || (words.size() - times.size()) * 2 > words.size();
}

// What two texts have in common when a reader takes them for the same.
std::u32string sense_of(std::string_view alt) {
  std::u32string sense;
  for (const auto& word : words_of(alt)) sense += word + U' ';
  return sense;
}

std::string time_in_words(double seconds) {
  const auto whole = static_cast<long>(std::floor(seconds));
  return whole < 60 ? fmt::format("{}초", whole) : fmt::format("{}분 {}초", whole / 60, whole % 60);
}

std::string text_for(const Picture& picture, std::size_t position, std::string_view name) {
  if (picture.kind == Picture::Kind::keyframe)
    return fmt::format("{} 영상 {} 장면", name, time_in_words(picture.at_seconds));
  return fmt::format("{} 제품 사진 {}", name, position);
}

const PostImage* image_of(const Picture& picture, const Post& post) {
  const auto found = std::ranges::find(post.images, picture.source, &PostImage::file);
  return picture.kind == Picture::Kind::keyframe || found == post.images.end() ? nullptr : &*found;
}

std::string alt_place(const Picture& picture, const Post& post) {
  const PostImage* const image = image_of(picture, post);
  return image != nullptr && !image->alt_place.empty() ? image->alt_place : body_place(post);
}

class AltTexts {
 public:
  std::vector<Fault> judge(std::span<const Picture> pictures, const Post& post) {
    std::vector<Fault> faults;
    for (const Picture& picture : pictures) {
      if (picture.alt.empty()) continue;
      const auto object = [&](std::string_view what) {
        faults.push_back({alt_place(picture, post), fmt::format("the alt text of {} {}", picture.source, what)});
      };
      if (const std::string objection = alt_objection(picture.alt); !objection.empty()) object(objection);
      const auto [known, fresh] = taken_.try_emplace(sense_of(picture.alt), picture.source);
      if (!fresh) object(fmt::format("is that of {} too; say what is different", known->second));
    }
    return faults;
  }

  std::string make(const Picture& picture, std::size_t position, std::string_view name) {
    const std::string text = text_for(picture, position, name);
    std::string candidate = text;
    for (int n = 2; !alt_objection(candidate).empty() || taken_.contains(sense_of(candidate)); ++n)
      candidate = fmt::format("{} ({})", text, n);
    taken_.emplace(sense_of(candidate), picture.source);
    return candidate;
  }

 private:
  std::map<std::u32string, std::string> taken_;  // by sense: the picture's source
};

}  // namespace

std::string alt_objection(std::string_view alt) {
  const std::size_t characters = count_characters(alt);
  if (characters < kAltShortest || characters > kAltLongest)
    return fmt::format("has {} character{}; it needs {} to {}", characters, characters == 1 ? "" : "s", kAltShortest,
                       kAltLongest);
  if (is_stuffed(alt)) return "is a list of keywords; describe in a sentence what the picture shows";
  return {};
}

bool say_the_same(std::string_view alt, std::string_view other) {
  return sense_of(alt) == sense_of(other);
}

std::vector<Fault> complete_alt_texts(std::span<Picture> pictures, const Post& post, std::string_view product_name) {
  AltTexts texts;
  auto faults = texts.judge(pictures, post);
  std::string name = plain_name(product_name, kLongestAltName);
  if (name.empty()) name = plain_name(post.title, kLongestAltName);
  if (name.empty()) name = kNameless;
  std::size_t images = 0;
  for (Picture& picture : pictures) {
    if (picture.kind == Picture::Kind::image) ++images;
    if (picture.alt.empty()) picture.alt = texts.make(picture, images, name);
  }
  return faults;
}

}  // namespace pipeline::package
