#include "pipeline/package/post_schema.h"

#include "post_fields.h"
#include "post_stand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>
#include <string>
#include <vector>

// The schema says of post.json what the reader says.
namespace pipeline::package {
namespace {

using testing::IsEmpty;

// As much of JSON Schema as ours uses; a keyword that this does not know fails the test.
class Validator {
 public:
  static bool is_valid(const Json& value, const Json& schema) {
    for (const auto& [keyword, rule] : schema.items())
      if (!holds(keyword, rule, value, schema)) return false;
    return true;
  }

 private:
  static bool holds(const std::string& keyword, const Json& rule, const Json& value, const Json& schema) {
    const auto valid = [&](const Json& other) { return is_valid(value, other); };
    if (keyword == "type") return is_a(rule, value);
    if (keyword == "const") return value == rule;
    if (keyword == "allOf") return std::ranges::all_of(rule, valid);
    if (keyword == "anyOf") return std::ranges::any_of(rule, valid);
    if (keyword == "oneOf") return std::ranges::count_if(rule, valid) == 1;
    if (keyword == "if") {
      const char* next = valid(rule) ? "then" : "else";
      return !schema.contains(next) || valid(schema[next]);
    }
    if (value.is_object()) {
      if (keyword == "required")
        return std::ranges::all_of(rule, [&](const Json& name) { return value.contains(name.get<std::string>()); });
      if (keyword == "properties")
        return std::ranges::all_of(rule.items(), [&](const auto& field) {
          return !value.contains(field.key()) || is_valid(value[field.key()], field.value());
        });
      if (keyword == "additionalProperties")
        return std::ranges::all_of(value, [&](const Json& field) { return is_valid(field, rule); });
      if (keyword == "propertyNames")
        return std::ranges::all_of(value.items(), [&](const auto& field) { return is_valid(Json(field.key()), rule); });
    }
    if (value.is_array()) {
      if (keyword == "items") return std::ranges::all_of(value, [&](const Json& item) { return is_valid(item, rule); });
      if (keyword == "minItems") return value.size() >= rule.get<std::size_t>();
      if (keyword == "maxItems") return value.size() <= rule.get<std::size_t>();
      if (keyword == "uniqueItems") return std::set<Json>(value.begin(), value.end()).size() == value.size();
    }
    if (value.is_string()) {
      if (keyword == "pattern") return matches(value.get<std::string>(), rule.get<std::string>());
      if (keyword == "maxLength") return characters(value.get<std::string>()) <= rule.get<std::size_t>();
    }
    static const std::set<std::string> kKnown = {"required",      "properties",  "additionalProperties",
                                                 "propertyNames", "items",       "minItems",
                                                 "maxItems",      "uniqueItems", "pattern",
                                                 "maxLength",     "then",        "else",
                                                 "title",         "description", "$schema"};
    EXPECT_TRUE(kKnown.contains(keyword)) << keyword;
    return true;
  }

  static bool is_a(const std::string& type, const Json& value) {
    return type == "object"   ? value.is_object()
           : type == "array"  ? value.is_array()
           : type == "string" ? value.is_string()
           : type == "number" ? value.is_number()
                              : type == "boolean" && value.is_boolean();
  }

  // \uNNNN is of ECMAScript's patterns, and std::regex has it; it looks at bytes, of which those of our classes are
  // ASCII.
  static bool matches(const std::string& text, const std::string& pattern) {
    return std::regex_search(text, std::regex(pattern));
  }
  static std::size_t characters(const std::string& text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
  }
};

std::vector<std::string> faults_of(const Json& json) {
  Post post;
  std::vector<NamedImage> images;
  std::vector<Fault> faults;
  read_fields(json, post, images, faults);
  std::vector<std::string> lines;
  for (const Fault& fault : faults) lines.push_back(fault.place + ": " + fault.what);
  return lines;
}

// Every place of the document, as a path.
void collect(const Json& json, const Json::json_pointer& at, std::vector<Json::json_pointer>& places) {
  places.push_back(at);
  if (!json.is_structured()) return;
  for (const auto& [name, value] : json.items())
    collect(value, json.is_array() ? at / std::stoul(name) : at / name, places);
}

TEST(PostSchema, AgreesWithTheReader) {
  const Json schema = Json::parse(post_schema());
  Json whole = PostStand().json;
  ASSERT_THAT(faults_of(whole), IsEmpty());
  ASSERT_TRUE(Validator::is_valid(whole, schema));
  std::vector<Json::json_pointer> places;
  collect(whole, Json::json_pointer(), places);
  const Json values[] = {nullptr,
                         true,
                         7,
                         "",
                         " ",
                         "글",
                         "두\n줄",
                         "#",
                         "##태그",
                         "나쁜\u0001글",
                         "https://x.example/a",
                         "https://x.example/a b",
                         std::string(200, 'a'),
                         std::string(201, 'a'),
                         std::string(65, 'a'),
                         Json::array(),
                         Json::object(),
                         Json::array({"a", "b"}),
                         Json::array({"a", "a"}),
                         Json::array({1, true, "x"}),
                         Json::array({nullptr}),
                         Json{{"가", "나"}},
                         Json{{"", 1}},
                         Json{{"required", true}},
                         Json{{"required", false}, {"text", ""}},
                         Json{{"required", true}, {"text", ""}},
                         Json{{"text", "x"}, {"url", "ftp://x"}}};
  std::size_t refused = 0;
  for (const auto& place : places) {
    std::vector<Json> changed;
    for (const Json& value : values) {
      changed.push_back(whole);
      changed.back()[place] = value;
    }
    if (!place.empty() && whole.at(place.parent_pointer()).is_object()) {
      changed.push_back(whole);
      changed.back().at(place.parent_pointer()).erase(place.back());
    }
    for (const Json& json : changed) {
      const auto faults = faults_of(json);
      const bool valid = Validator::is_valid(json, schema);
      EXPECT_EQ(valid, faults.empty()) << place << " of " << json << "\n" << testing::PrintToString(faults);
      refused += valid ? 0 : 1;
    }
  }
  EXPECT_GT(refused, 300U);
  EXPECT_LT(refused, places.size() * std::size(values));
}

TEST(PostSchema, KnowsAndDescribesEveryField) {
  const Json schema = Json::parse(post_schema());
  const auto rules_of = [&](const std::string& name) -> const Json& {
    const auto dot = name.find('.');
    const Json& outer = schema["properties"][name.substr(0, dot)];
    if (dot == name.npos) return outer;
    return (outer.contains("items") ? outer["items"] : outer)["properties"][name.substr(dot + 1)];
  };
  for (const PostField& field : post_fields())
    EXPECT_EQ(rules_of(field.name)["description"], field.meaning) << field.name;
  // A name nearly that of a field is a fault, so the reader knows it.
  for (const auto& [name, rules] : schema["properties"].items()) {
    Json json = PostStand().json;
    json[name + "s_"] = 1;
    EXPECT_FALSE(faults_of(json).empty()) << name;
  }
}

}  // namespace
}  // namespace pipeline::package
