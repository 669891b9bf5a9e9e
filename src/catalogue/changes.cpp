#include "pipeline/catalogue/changes.h"

#include "pipeline/base/canonical_json.h"
#include "pipeline/base/error.h"
#include "pipeline/base/text.h"
#include "pipeline/catalogue/columns.h"

#include <fmt/core.h>
#include <simdjson.h>

#include <algorithm>
#include <array>

namespace pipeline::catalogue {
namespace {

constexpr std::size_t kLongestValue = 256;
constexpr std::array kReasonsOfColumns = {Reason::price, Reason::stock, Reason::status, Reason::content};
constexpr std::array kReasons = {Reason::new_product, Reason::price,  Reason::stock,  Reason::option,
                                 Reason::content,     Reason::status, Reason::removed};

void condense(std::string& json, Sha256Hasher& hasher) {
  if (json.size() <= kLongestValue) return;
  simdjson::dom::parser parser;
  const simdjson::dom::element value = parser.parse(json.data(), json.size());
  std::string text;
  if (value.is_string()) {
    text = value.get_string().value();
  } else {
    append_canonical(value, text);
  }
  if (text.size() > kLongestValue)
    json = fmt::format(R"({{"bytes":{},"sha256":"{}"}})", text.size(), to_hex(hasher.hash(text)));
}

Reason reason_of(std::string_view name) {
  const auto* const found = std::ranges::find(kReasons, name, [](Reason reason) { return to_string(reason); });
  if (found == kReasons.end()) throw Error(fmt::format("no such reason: {}", name));
  return *found;
}

std::string value_of(const Product& product, const ColumnInfo& column) {
  std::string json;
  if (column.text && product.*column.text)
    append_json_string(*(product.*column.text), json);
  else if (column.number && product.*column.number)
    json = std::to_string(*(product.*column.number));
  return json.empty() ? "null" : json;
}

}  // namespace

std::vector<Change> diff_columns(const Product& before, const Product& after) {
  std::vector<Change> changes;
  for (const Reason reason : kReasonsOfColumns) {
    for (const ColumnInfo& column : kColumns) {
      if (column.reason != reason) continue;
      const bool same =
          column.text ? before.*column.text == after.*column.text : before.*column.number == after.*column.number;
      if (!same)
        changes.push_back({reason, std::string(column.name), value_of(before, column), value_of(after, column)});
    }
  }
  return changes;
}

std::string join_reasons(const std::vector<Change>& changes) {
  std::string joined;
  for (const Reason reason : kReasons) {
    if (std::none_of(changes.begin(), changes.end(), [&](const Change& c) { return c.reason == reason; })) continue;
    if (!joined.empty()) joined += ',';
    joined += to_string(reason);
  }
  return joined;
}

std::vector<Change> condensed(std::vector<Change> changes, Sha256Hasher& hasher) {
  for (Change& change : changes) {
    condense(change.before, hasher);
    condense(change.after, hasher);
  }
  return changes;
}

std::string to_json(const std::vector<Change>& changes) {
  std::string json = "[";
  for (const Change& change : changes) {
    if (json.size() > 1) json += ',';
    json += R"({"field":)";
    append_json_string(change.field, json);
    json += R"(,"old":)";
    json += change.before;
    json += R"(,"new":)";
    json += change.after;
    json += fmt::format(R"(,"reason":"{}"}})", to_string(change.reason));
  }
  return json + ']';
}

std::vector<Change> parse_changes(std::string_view json) {
  simdjson::dom::parser parser;
  std::vector<Change> changes;
  try {
    for (const simdjson::dom::element entry : parser.parse(json.data(), json.size()).get_array()) {
      Change change{reason_of(entry["reason"].get_string()), std::string(entry["field"].get_string().value()), {}, {}};
      append_canonical(entry["old"], change.before);
      append_canonical(entry["new"], change.after);
      changes.push_back(std::move(change));
    }
  } catch (const simdjson::simdjson_error& error) {
    throw Error(fmt::format("its changes can't be read: {}", error.what()));
  }
  return changes;
}

std::vector<Change> merge_changes(std::vector<Change> earlier, std::vector<Change> later, TakenBack taken_back) {
  for (Change& change : later) {
    const auto same =
        std::find_if(earlier.begin(), earlier.end(), [&](const Change& c) { return c.field == change.field; });
    if (same == earlier.end()) {
      earlier.push_back(std::move(change));
    } else {
      same->after = std::move(change.after);
      same->reason = change.reason;
    }
  }
  if (taken_back == TakenBack::kept) return earlier;
  std::erase_if(earlier, [](const Change& change) {
    return change.before == change.after && change.reason != Reason::new_product && change.reason != Reason::removed;
  });
  return earlier;
}

}  // namespace pipeline::catalogue
