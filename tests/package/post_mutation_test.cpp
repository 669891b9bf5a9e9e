#include "pipeline/base/text.h"

#include "post_stand.h"

#include <gtest/gtest.h>

#include <array>
#include <random>

// Whatever stands in post.json, the answer is a post or faults that can be printed.
namespace pipeline::package {
namespace {

class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}

  std::string operator()(std::string text) {
    const std::size_t changes = 1 + below(4);
    for (std::size_t i = 0; i < changes && !text.empty(); ++i) change(text);
    return text;
  }

 private:
  void change(std::string& text) {
    static constexpr std::array<std::string_view, 16> kPieces = {
        "{",    "}",    "[",      "]",           ",",           ":",    "\"", "\\",
        "null", "true", "-1e308", "\"\\u0000\"", "\"\\uD800\"", "\xFF", "가", "{\"a\":"};
    const std::size_t at = below(text.size());
    const std::size_t length = std::min(1 + below(20), text.size() - at);
    switch (below(5)) {
      case 0:
        text[at] = static_cast<char>(random_());
        break;
      case 1:
        text.erase(at, length);
        break;
      case 2:
        text.insert(at, kPieces[below(kPieces.size())]);
        break;
      case 3:
        text.insert(below(text.size()), text.substr(at, length));
        break;
      default:
        text.resize(at);
        break;
    }
  }

  std::size_t below(std::size_t limit) { return random_() % limit; }

  std::mt19937 random_;
};

void expect_sound(const PostReading& reading) {
  EXPECT_TRUE(reading.post || !reading.faults.empty());
  EXPECT_FALSE(reading.content_id.empty());
  for (const Fault& fault : reading.faults) {
    EXPECT_TRUE(is_utf8(fault.place + fault.what));
    EXPECT_FALSE(fault.place.empty());
    EXPECT_FALSE(fault.what.empty());
  }
}

TEST(PostMutation, OfBytes) {
  const PostStand stand;
  const std::string sound = stand.json.dump(1);
  int refused = 0;
  for (unsigned seed = 0; seed < 1500; ++seed) {
    const std::string text = Mutator(seed)(sound);
    const PostReading reading = stand.read_text(text);
    expect_sound(reading);
    refused += reading.post ? 0 : 1;
    ASSERT_FALSE(testing::Test::HasFailure()) << "seed " << seed << ":\n" << text;
  }
  EXPECT_GT(refused, 700);
}

// Every value of the post in turn becomes each of these.
TEST(PostMutation, OfValues) {
  const PostStand stand;
  const std::array<Json, 9> values = {Json(nullptr),
                                      Json(true),
                                      Json(-7),
                                      Json(1e300),
                                      Json(""),
                                      Json("../../etc/passwd.jpg"),
                                      Json("가"),
                                      Json(Json::array()),
                                      Json(Json::object())};
  int changed = 0;
  const Json leaves = stand.json.flatten();
  for (const auto& [pointer, value] : leaves.items()) {
    Json::json_pointer at(pointer);
    for (; !at.empty(); at = at.parent_pointer())
      for (const Json& other : values) {
        Json json = stand.json;
        json[at] = other;
        expect_sound(stand.read_text(json.dump()));
        ++changed;
        ASSERT_FALSE(testing::Test::HasFailure()) << at.to_string() << " = " << other;
      }
  }
  EXPECT_GT(changed, 300);
}

}  // namespace
}  // namespace pipeline::package
