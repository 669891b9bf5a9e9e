#include "pipeline/package/post_schema.h"

#include "json.h"
#include "post_limits.h"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace pipeline::package {
namespace {

// In the order of a post.
constexpr auto kFields = std::to_array<PostField>(
    {{"content_id",
      "글의 이름. 영문·숫자·-·_·. 64자까지이고 -와 .으로 시작하지 않습니다. 패키지 이름이 됩니다. 없으면 폴더 "
      "이름으로 짓습니다"},
     {"sku", "글이 다루는 상품: 데이터베이스의 SKU나, 한 상품만 가진 판매자 상품코드"},
     {"skus", "상품이 여럿일 때 sku 대신 쓰는 목록, 100개까지"},
     {"title", "제목. 한 줄, 200자까지. 없으면 본문 머리말(front matter)의 title"},
     {"body", "본문: HTML이나, 옆에 있는 .html·.md·.txt 파일의 이름"},
     {"tags", "태그, 30개까지. #은 붙여도 되고 안 붙여도 됩니다"},
     {"disclosure", "광고·협찬 표시. 글 맨 앞에 나옵니다"},
     {"disclosure.required", "true면 text가 꼭 있어야 합니다"},
     {"disclosure.text", "표시 문구"},
     {"cta", "구매로 이끄는 단추"},
     {"cta.text", "단추의 글"},
     {"cta.url", "단추가 여는 주소: http://나 https://로 시작합니다"},
     {"faq", "자주 묻는 질문"},
     {"faq.question", "질문, 한 줄"},
     {"faq.answer", "대답"},
     {"facts", "글쓴이가 아는 상품의 사실: 글자, 숫자, true/false, 또는 그 목록. 아무것도 지어내지 않습니다"},
     {"images", "대체 텍스트를 직접 쓸 사진. images 폴더의 다른 사진은 적지 않아도 됩니다"},
     {"images.file", "사진 파일: images/01.jpg"},
     {"images.alt", "대체 텍스트, 8~140자"}});

// The rules of a field, with its meaning.
Json described(std::string_view name, Json rules) {
  for (const PostField& known : kFields)
    if (name == known.name) rules["description"] = known.meaning;
  return rules;
}

constexpr const char* kOneLine = R"(^[^\u0000-\u001F\u007F]*[^\u0000-\u001F\u007F ][^\u0000-\u001F\u007F]*$)";
constexpr const char* kText = R"(^[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]*$)";

Json line() {
  return {{"type", "string"}, {"pattern", kOneLine}};
}
Json text() {
  return {{"type", "string"}, {"allOf", {{{"pattern", kText}}, {{"pattern", R"([^ \t\r\n])"}}}}};
}

Json object(std::string_view of, const std::vector<std::pair<std::string, Json>>& fields, Json required) {
  Json properties = Json::object();
  for (const auto& [name, rules] : fields)
    properties[name] = described(of.empty() ? name : fmt::format("{}.{}", of, name), rules);
  Json out = {{"type", "object"}, {"properties", std::move(properties)}};
  if (!required.empty()) out["required"] = std::move(required);
  return out;
}

Json list(Json items) {
  return {{"type", "array"}, {"items", std::move(items)}};
}

Json disclosure() {
  Json rules =
      object("disclosure", {{"required", {{"type", "boolean"}}}, {"text", {{"type", "string"}, {"pattern", kText}}}},
             Json::array());
  // An empty text that nothing demands is a form not filled in.
  rules["if"] = {{"properties", {{"required", {{"const", true}}}}}, {"required", {"required"}}};
  rules["then"] = {{"properties", {{"text", text()}}}, {"required", {"text"}}};
  rules["else"] = {{"properties", {{"text", {{"anyOf", {{{"const", ""}}, text()}}}}}}};
  return rules;
}

Json facts() {
  const Json plain = {{"anyOf", {text(), {{"type", "number"}}, {{"type", "boolean"}}}}};
  Json many = list(plain);
  many["minItems"] = 1;
  return {{"type", "object"},
          {"propertyNames", {{"pattern", kOneLine}}},
          {"additionalProperties", {{"anyOf", {plain, many}}}}};
}

Json skus() {
  Json rules = list(line());
  rules.update({{"minItems", 1}, {"maxItems", kMostSkus}, {"uniqueItems", true}});
  return rules;
}

Json tags() {
  Json rules = list(line());
  rules["items"]["allOf"] = {{{"pattern", "^#*[ \t]*[^# \t]|^#*[ \t]+#"}}};
  rules.update({{"maxItems", kMostTags}, {"uniqueItems", true}});
  return rules;
}

Json title() {
  Json rules = line();
  rules["maxLength"] = kLongestTitle;
  return rules;
}

Json url() {
  return {{"type", "string"}, {"pattern", R"(^[hH][tT][tT][pP][sS]?://[^\u0000-\u0020\u007F"<>\\]+$)"}};
}

Json alt() {
  return {{"anyOf", {{{"const", ""}}, line()}}};
}

}  // namespace

std::string post_schema() {
  Json id = {{"type", "string"},
             {"pattern", fmt::format("^[A-Za-z0-9_][A-Za-z0-9_.-]{{0,{}}}$", kLongestContentId - 1)}};
  Json schema = {
      {"$schema", "http://json-schema.org/draft-07/schema#"},
      {"title", "post.json"},
      {"description", "pipeline package가 읽는 글. 여기 없는 이름은 글쓴이의 메모로 두고 건드리지 않습니다"}};
  schema.update(
      object("",
             {{"content_id", std::move(id)},
              {"sku", line()},
              {"skus", skus()},
              {"title", title()},
              {"body", text()},
              {"tags", tags()},
              {"disclosure", disclosure()},
              {"cta", object("cta", {{"text", line()}, {"url", url()}}, {"text", "url"})},
              {"faq", list(object("faq", {{"question", line()}, {"answer", text()}}, {"question", "answer"}))},
              {"facts", facts()},
              {"images", list(object("images", {{"file", line()}, {"alt", alt()}}, Json::array({"file"})))}},
             Json::array({"body"})));
  schema["oneOf"] = {{{"required", {"sku"}}}, {{"required", {"skus"}}}};
  return schema.dump(2) + "\n";
}

std::span<const PostField> post_fields() noexcept {
  return kFields;
}

}  // namespace pipeline::package
