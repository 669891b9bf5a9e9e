#include "pipeline/store/post_json.h"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>

namespace pipeline::store {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

// Texts of files may be no UTF-8.
std::string text_of(const ordered_json& list) {
  return list.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

template <typename T, typename Read>
std::vector<T> parse_list(std::string_view text, Read read) {
  std::vector<T> list;
  const json parsed = json::parse(text, nullptr, false);
  if (!parsed.is_array()) return list;
  try {
    for (const json& item : parsed) list.push_back(read(item));
  } catch (const json::exception&) {
    list.clear();
  }
  return list;
}

}  // namespace

std::string to_json(const std::vector<std::string>& texts) {
  return text_of(texts);
}

std::string to_json(const std::vector<OutdatedValue>& values) {
  auto list = ordered_json::array();
  for (const auto& value : values)
    list.push_back({{"product", value.product},
                    {"field", value.field},
                    {"old", value.before},
                    {"new", value.after},
                    {"since", value.since.time_since_epoch().count()}});
  return text_of(list);
}

std::string to_json(const std::vector<StaleWords>& words) {
  auto list = ordered_json::array();
  for (const auto& word : words)
    list.push_back({{"place", word.place},
                    {"sentence", word.sentence},
                    {"product", word.product},
                    {"field", word.field},
                    {"old", word.before},
                    {"new", word.after}});
  return text_of(list);
}

std::vector<std::string> parse_texts(std::string_view text) {
  return parse_list<std::string>(text, [](const json& item) { return item.get<std::string>(); });
}

std::vector<OutdatedValue> parse_outdated(std::string_view text) {
  return parse_list<OutdatedValue>(text, [](const json& item) {
    return OutdatedValue{item.at("product").get<std::string>(), item.at("field").get<std::string>(),
                         item.at("old").get<std::string>(), item.at("new").get<std::string>(),
                         WallTime(WallTime::duration(item.at("since").get<std::int64_t>()))};
  });
}

std::vector<StaleWords> parse_stale(std::string_view text) {
  return parse_list<StaleWords>(text, [](const json& item) {
    return StaleWords{item.at("place").get<std::string>(),   item.at("sentence").get<std::string>(),
                      item.at("product").get<std::string>(), item.at("field").get<std::string>(),
                      item.at("old").get<std::string>(),     item.at("new").get<std::string>()};
  });
}

std::string_view kept_need(const PostRecord& post) noexcept {
  return post.state != PostState::built ? "mend" : post.stale.empty() ? "" : "write";
}

catalogue::ProductKey key_of_product(std::string_view product) noexcept {
  const std::size_t colon = product.find(':');
  if (colon == product.npos) return {{}, product};
  return {product.substr(0, colon), product.substr(colon + 1)};
}

}  // namespace pipeline::store
