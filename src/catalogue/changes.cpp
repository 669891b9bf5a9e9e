#include "change_list.h"

#include "pipeline/base/canonical_json.h"
#include "pipeline/base/error.h"
#include "pipeline/base/text.h"

#include <fmt/core.h>
#include <simdjson.h>

#include <algorithm>
#include <array>

namespace pipeline::store {
namespace {

constexpr std::size_t kLongestValue = 256;
constexpr std::array kReasons = {Reason::new_product, Reason::price,  Reason::stock,  Reason::option,
                                 Reason::content,     Reason::status, Reason::removed};

void append_value(std::string_view json, Sha256Hasher& hasher, std::string& out) {
  if (json.size() <= kLongestValue) {
    out += json;
    return;
  }
  simdjson::dom::parser parser;
  const simdjson::dom::element value = parser.parse(json.data(), json.size());
  std::string text;
  if (value.is_string()) {
    text = value.get_string().value();
  } else {
    append_canonical(value, text);
  }
  if (text.size() <= kLongestValue) {
    out += json;
  } else {
    out += fmt::format(R"({{"bytes":{},"sha256":"{}"}})", text.size(), to_hex(hasher.hash(text)));
  }
}

Reason reason_of(std::string_view name) {
  const auto found = std::find_if(kReasons.begin(), kReasons.end(), [&](Reason r) { return to_string(r) == name; });
  if (found == kReasons.end()) throw Error(fmt::format("no such reason: {}", name));
  return *found;
}

}  // namespace

std::string join_reasons(const std::vector<Change>& changes) {
  std::string joined;
  for (const Reason reason : kReasons) {
    if (std::none_of(changes.begin(), changes.end(), [&](const Change& c) { return c.reason == reason; })) continue;
    if (!joined.empty()) joined += ',';
    joined += to_string(reason);
  }
  return joined;
}

std::string to_json(const std::vector<Change>& changes, Sha256Hasher& hasher) {
  std::string json = "[";
  for (const Change& change : changes) {
    if (json.size() > 1) json += ',';
    json += R"({"field":)";
    append_json_string(change.field, json);
    json += R"(,"old":)";
    append_value(change.before, hasher, json);
    json += R"(,"new":)";
    append_value(change.after, hasher, json);
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

}  // namespace pipeline::store
