#include "pipeline/base/canonical_json.h"

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <random>

namespace pipeline {
namespace {

using nlohmann::json;

std::string canonical(const std::string& text) {
  simdjson::dom::parser parser;
  std::string out;
  append_canonical(parser.parse(text), out);
  return out;
}

TEST(CanonicalJson, OneFormForAllSpellings) {
  struct Case {
    std::string form;
    std::vector<std::string> spellings;
  };
  const Case cases[] = {
      {R"({"a":1,"b":{"c":2,"d":3}})", {R"({"b":{"d":3,"c":2},"a":1})", "{ \"a\" :\n1,\t\"b\":{\"c\":2,\"d\":3}}\r\n"}},
      {R"({"":0,"A":0,"a":0,"aa":0,"é":0,"한":0})", {R"({"한":0,"é":0,"aa":0,"a":0,"A":0,"":0})"}},
      {R"({"a":2})", {R"({"a":1,"a":2})", R"({"\u0061":2})"}},
      {R"(["한글/😀","a\"\\\n\u0001"])", {R"(["\ud55c\uae00\/\ud83d\ude00","a\"\\\u000a\u0001"])"}},
      {"[1,-1,0]", {"[1.0,-1.0,0.0]", "[1e0,-10e-1,0e5]", "[1,-1,-0]", "[1,-1,-0.0]"}},
      {"[100000,1000000000000000000]", {"[1e5,1e18]", "[100000.0,1000000000000000000.0]"}},
      {"[0.1,1.5,1e+300]", {"[0.10,15e-1,1e300]", "[1e-1,1.50,10E+299]"}},
      {"[9223372036854775807,-9223372036854775808,18446744073709551615]", {}},
      {"[9223372036854775808,-9223372036854775808]", {"[9223372036854775808.0,-9223372036854775808.0]"}},
      {"[true,false,null,{},[]]", {" [ true , false , null , { } , [ ] ] "}},
  };
  for (const auto& [form, spellings] : cases) {
    EXPECT_EQ(canonical(form), form);
    for (const auto& spelling : spellings) EXPECT_EQ(canonical(spelling), form) << spelling;
  }
}

TEST(CanonicalJson, DifferentValuesDiffer) {
  const std::pair<const char*, const char*> cases[] = {
      {"[1]", "[2]"},
      {"[1]", R"(["1"])"},
      {"[]", "{}"},
      {"[null]", "[false]"},
      {"[null]", "[]"},
      {"[1,2]", "[2,1]"},
      {"[[1],2]", "[[1,2]]"},
      {"[1.5]", "[1]"},
      {R"(["a"])", R"(["A"])"},
      {R"(["é"])", R"(["e\u0301"])"},  // not normalised: other characters
      {R"({"a":1})", R"({"a":1,"b":null})"},
      {R"({"a":1})", R"({"b":1})"},
      {R"({"a":{"b":1}})", R"({"a":{},"b":1})"},
      {"[9223372036854775807]", "[9223372036854775806]"},
      {"[18446744073709551615]", "[18446744073709551614]"},
      {"[9007199254740993]", "[9007199254740992]"},
      {"[0.1]", "[0.10000000000000002]"},
  };
  for (const auto& [a, b] : cases) EXPECT_NE(canonical(a), canonical(b)) << a << " " << b;
}

// Random values and random spellings of them: member order, white space, escapes, number forms.
class Speller {
 public:
  explicit Speller(unsigned seed) : random_(seed) {}

  json value(int depth) {
    switch (below(depth > 0 ? 7 : 5)) {
      case 0:
        return nullptr;
      case 1:
        return below(2) == 0;
      case 2:
        return static_cast<std::int64_t>(random_()) >> below(64);
      case 3:
        return static_cast<double>(below(2'000'001) - 1'000'000) / 64;
      case 4:
        return text();
      case 5: {
        json array = json::array();
        for (int i = below(5); i > 0; --i) array.push_back(value(depth - 1));
        return array;
      }
      default: {
        json object = json::object();
        for (int i = below(6); i > 0; --i) object[text()] = value(depth - 1);
        return object;
      }
    }
  }

  std::string spell(const json& value) { return space() + spell_bare(value) + space(); }

 private:
  int below(int bound) { return static_cast<int>(random_() % static_cast<unsigned>(bound)); }
  std::string space() { return std::string(static_cast<std::size_t>(below(3)), " \t\n"[below(3)]); }

  std::string text() {
    static const std::vector<std::string> kPieces{"a", "b", "가", "\"", "\\", "\n", "/", "\x01", "\U0001F600", "é"};
    std::string out;
    for (int i = below(5); i > 0; --i)
      out += kPieces.at(static_cast<std::size_t>(below(static_cast<int>(kPieces.size()))));
    return out;
  }

  // nlohmann writes all but ASCII as \u escapes when told so.
  std::string spell_text(const std::string& text) { return json(text).dump(-1, ' ', below(2) == 0); }

  std::string spell_bare(const json& value) {
    if (value.is_string()) return spell_text(value.get<std::string>());
    if (value.is_number_integer() && std::abs(value.get<double>()) < 1e15 && below(2) == 0)
      return value.dump() + (below(2) == 0 ? ".0" : "e0");
    if (value.is_array()) {
      std::string out = "[";
      for (const auto& entry : value) out += (out.size() > 1 ? "," : "") + spell(entry);
      return out + "]";
    }
    if (value.is_object()) {
      std::vector<std::string> members;
      for (const auto& [key, member] : value.items())
        members.push_back(space() + spell_text(key) + space() + ":" + spell(member));
      std::shuffle(members.begin(), members.end(), random_);
      std::string out = "{";
      for (const auto& member : members) out += (out.size() > 1 ? "," : "") + member;
      return out + "}";
    }
    return value.dump();
  }

  std::mt19937_64 random_;
};

TEST(CanonicalJson, RandomValuesKeepTheirFormAndMeaningInAnySpelling) {
  for (unsigned seed = 0; seed < 500; ++seed) {
    Speller speller(seed);
    const json value = speller.value(4);
    const auto form = canonical(speller.spell(value));
    EXPECT_EQ(canonical(speller.spell(value)), form) << "seed " << seed;
    EXPECT_EQ(canonical(form), form) << "seed " << seed;
    EXPECT_EQ(json::parse(form), value) << "seed " << seed;
    const json other = speller.value(4);
    EXPECT_EQ(canonical(speller.spell(other)) == form, other == value) << "seed " << seed;
  }
}

}  // namespace
}  // namespace pipeline
