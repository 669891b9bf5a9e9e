#include "pipeline/naver/contract.h"

#include <fmt/core.h>

namespace pipeline::naver {
namespace {

// The element, or nothing when it is absent or null.
std::optional<simdjson::dom::element> present(simdjson::dom::object object, std::string_view key) {
  simdjson::dom::element value;
  if (object.at_key(key).get(value) != simdjson::SUCCESS || value.is_null()) return std::nullopt;
  return value;
}

template <typename T>
std::optional<T> typed(simdjson::dom::object object, std::string_view key, std::string_view type) {
  const auto element = present(object, key);
  if (!element) return std::nullopt;
  T value;
  if (element->get(value) != simdjson::SUCCESS) throw ContractError(fmt::format("{} is not {}", key, type));
  return value;
}

template <typename T>
T required(std::optional<T> value, std::string_view key) {
  if (!value) throw ContractError(fmt::format("{} is missing", key));
  return *value;
}

simdjson::dom::object object_of(simdjson::simdjson_result<simdjson::dom::element> parsed) {
  simdjson::dom::element root;
  if (const auto error = parsed.get(root); error != simdjson::SUCCESS)
    throw ContractError(fmt::format("not valid JSON: {}", simdjson::error_message(error)));
  simdjson::dom::object object;
  if (root.get(object) != simdjson::SUCCESS) throw ContractError("not a JSON object");
  return object;
}

}  // namespace

std::optional<std::int64_t> integer_at(simdjson::dom::object object, std::string_view key) {
  return typed<std::int64_t>(object, key, "a 64-bit integer");
}
std::optional<std::string_view> string_at(simdjson::dom::object object, std::string_view key) {
  return typed<std::string_view>(object, key, "a string");
}
std::optional<simdjson::dom::object> object_at(simdjson::dom::object object, std::string_view key) {
  return typed<simdjson::dom::object>(object, key, "an object");
}
std::optional<simdjson::dom::array> array_at(simdjson::dom::object object, std::string_view key) {
  return typed<simdjson::dom::array>(object, key, "an array");
}

std::int64_t required_integer(simdjson::dom::object object, std::string_view key) {
  return required(integer_at(object, key), key);
}
std::string_view required_string(simdjson::dom::object object, std::string_view key) {
  return required(string_at(object, key), key);
}

std::optional<std::int64_t> price_at(simdjson::dom::object object, std::string_view key) {
  const auto price = integer_at(object, key);
  if (price && *price < 0) throw ContractError(fmt::format("{} is {}, below zero", key, *price));
  return price;
}
std::int64_t required_price(simdjson::dom::object object, std::string_view key) {
  return required(price_at(object, key), key);
}

simdjson::dom::object parse_object(simdjson::dom::parser& parser, std::string_view body) {
  return object_of(parser.parse(body.data(), body.size()));
}
simdjson::dom::object parse_object(simdjson::dom::parser& parser, std::string_view body,
                                   simdjson::dom::document& document) {
  return object_of(parser.parse_into_document(document, body.data(), body.size()));
}

}  // namespace pipeline::naver
