#include "json_view.h"

#include "pipeline/base/spelling.h"

#include "text_rules.h"

#include <fmt/format.h>

#include <algorithm>

namespace pipeline::package {
namespace {

std::string_view type_of(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null:
      return "null";
    case Json::value_t::boolean:
      return "true or false";
    case Json::value_t::string:
      return "a text";
    case Json::value_t::array:
      return "a list";
    case Json::value_t::object:
      return "an object";
    default:
      return "a number";
  }
}

// A name as people confuse it with others: contentId, Content-ID, content_id.
std::string simplified(std::string_view name) {
  std::string out(name);
  std::erase_if(out, [](char c) { return c == '_' || c == '-' || c == ' '; });
  return out;
}

// Short names resemble each other by chance.
bool is_near(std::string_view name, std::string_view known) {
  constexpr std::size_t kLong = 5;
  const std::string a = simplified(name);
  const std::string b = simplified(known);
  const std::size_t allowed = std::min(a.size(), b.size()) >= kLong ? 2 : 1;
  return spelling_distance(a, b, allowed).has_value();
}

}  // namespace

JsonView JsonView::field(std::string_view name) const {
  const auto found = value_->find(name);
  return {found == value_->end() ? nullptr : &*found, field_place(place_, name), *faults_};
}

std::vector<std::pair<std::string, JsonView>> JsonView::fields() const {
  std::vector<std::pair<std::string, JsonView>> out;
  for (const auto& [name, value] : value_->items())
    out.emplace_back(name, JsonView(&value, field_place(place_, name), *faults_));
  return out;
}

std::vector<JsonView> JsonView::items() const {
  std::vector<JsonView> out;
  for (const Json& item : *value_) out.push_back(JsonView(&item, item_place(place_, out.size()), *faults_));
  return out;
}

bool JsonView::is_object_of(std::initializer_list<std::string_view> known) const {
  if (!is_object()) return false;
  for (const auto& [name, value] : fields()) {
    if (std::ranges::find(known, name) != known.end()) continue;
    const auto near = std::ranges::find_if(known, [&name = name](std::string_view k) { return is_near(name, k); });
    if (near != known.end()) value.fault(fmt::format("is no field of a post; did you mean {}?", *near));
  }
  return true;
}

bool JsonView::is_a(bool right, std::string_view type) const {
  if (!right) fault(fmt::format("must be {}, not {}", type, type_of(*value_)));
  return right;
}

bool JsonView::is_object() const {
  return is_there() && is_a(value_->is_object(), "an object");
}

bool JsonView::is_array() const {
  return is_there() && is_a(value_->is_array(), "a list");
}

bool JsonView::is_required() const {
  if (!is_there()) fault("is missing");
  return is_there();
}

std::optional<bool> JsonView::boolean() const {
  if (!is_there() || !is_a(value_->is_boolean(), "true or false")) return std::nullopt;
  return value_->get<bool>();
}

std::optional<std::string> JsonView::string() const {
  if (!is_there()) return std::nullopt;
  if (value_->is_number()) {
    fault("must be a text, not a number; write it in quotes");
    return std::nullopt;
  }
  if (!is_a(value_->is_string(), "a text")) return std::nullopt;
  return value_->get<std::string>();
}

std::optional<std::string> JsonView::text() const {
  auto found = string();
  return found ? unless(text_objection(*found)) : std::nullopt;
}

std::optional<std::string> JsonView::line() const {
  auto found = string();
  return found ? unless(line_objection(*found)) : std::nullopt;
}

std::optional<std::string> JsonView::unless(std::string objection) const {
  if (objection.empty()) return value_->get<std::string>();
  fault(std::move(objection));
  return std::nullopt;
}

}  // namespace pipeline::package
