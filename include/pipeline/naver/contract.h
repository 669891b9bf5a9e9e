#pragma once

#include "pipeline/base/error.h"

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Reading documented fields out of JSON: absent and null are the same, a value of another type breaks the contract.
namespace pipeline::naver {

class ContractError : public Error {
 public:
  using Error::Error;
};

// Each throws ContractError naming the field when the value has another type than asked.
[[nodiscard]] std::optional<std::int64_t> integer_at(simdjson::dom::object object, std::string_view key);
[[nodiscard]] std::optional<std::string_view> string_at(simdjson::dom::object object, std::string_view key);
[[nodiscard]] std::optional<simdjson::dom::object> object_at(simdjson::dom::object object, std::string_view key);
[[nodiscard]] std::optional<simdjson::dom::array> array_at(simdjson::dom::object object, std::string_view key);

// The same for fields that must be there.
[[nodiscard]] std::int64_t required_integer(simdjson::dom::object object, std::string_view key);
[[nodiscard]] std::string_view required_string(simdjson::dom::object object, std::string_view key);

// A price, which no store asks less than nothing for; absent as above.
[[nodiscard]] std::optional<std::int64_t> price_at(simdjson::dom::object object, std::string_view key);
[[nodiscard]] std::int64_t required_price(simdjson::dom::object object, std::string_view key);

// Parses a body whose top is an object, which lives in the document, or in the parser until it parses again.
// ContractError says that it is no JSON, and why.
[[nodiscard]] simdjson::dom::object parse_object(simdjson::dom::parser& parser, std::string_view body,
                                                 simdjson::dom::document& document);
[[nodiscard]] simdjson::dom::object parse_object(simdjson::dom::parser& parser, std::string_view body);

}  // namespace pipeline::naver
