#include "pipeline/upsert/row_diff.h"

#include "pipeline/base/canonical_json.h"
#include "pipeline/catalogue/columns.h"
#include "pipeline/catalogue/leaf_diff.h"

#include <simdjson.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pipeline::upsert {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

// Members without a column, by key; of doubled keys the last.
using Members = std::map<std::string_view, element>;

catalogue::Reason reason_of(std::string_view path) {
  const auto key = path.substr(0, path.find_first_of(".["));
  const bool options = key.find("option") != key.npos || key.find("Option") != key.npos;
  return options ? catalogue::Reason::option : catalogue::Reason::content;
}

enum class Body { row, other, unreadable };

Body read(simdjson::dom::parser& parser, std::string_view json, Members& members) {
  object body;
  if (parser.parse(json.data(), json.size()).get(body) != simdjson::SUCCESS) return Body::unreadable;
  bool is_row = false;
  for (const auto [key, value] : body) {
    const auto column = catalogue::column_of(key);
    is_row |= column == catalogue::Column::sku;
    if (!column && catalogue::is_content(key)) members.insert_or_assign(key, value);
  }
  return is_row ? Body::row : Body::other;
}

class RowDiff {
 public:
  std::vector<catalogue::Change> find(std::string_view before, std::string_view after) {
    Members old_members;
    Members new_members;
    const Body old_body = read(before_parser_, before, old_members);
    if (old_body == Body::unreadable || read(after_parser_, after, new_members) != Body::row) return {};
    // A row that replaces a detail of the Commerce API has no part of it; that is told by the columns.
    if (old_body == Body::other)
      std::erase_if(old_members, [&](const auto& m) { return !new_members.contains(m.first); });
    // Most members are the same; only what differs is taken apart.
    catalogue::Leaves old_leaves;
    catalogue::Leaves new_leaves;
    for (const auto& [key, value] : old_members) {
      const auto now = new_members.find(key);
      if (now != new_members.end() && equal(value, now->second))
        new_members.erase(now);
      else
        catalogue::collect_leaves(value, std::string(key), old_leaves);
    }
    for (const auto& [key, value] : new_members) catalogue::collect_leaves(value, std::string(key), new_leaves);
    return catalogue::diff_leaves(std::move(old_leaves), std::move(new_leaves), reason_of);
  }

 private:
  bool equal(element before, element after) {
    std::string_view old_text;
    std::string_view new_text;
    if (before.get(old_text) == simdjson::SUCCESS && after.get(new_text) == simdjson::SUCCESS)
      return old_text == new_text;
    before_text_.clear();
    after_text_.clear();
    append_canonical(before, before_text_);
    append_canonical(after, after_text_);
    return before_text_ == after_text_;
  }

  simdjson::dom::parser before_parser_;
  simdjson::dom::parser after_parser_;
  std::string before_text_;
  std::string after_text_;
};

}  // namespace

catalogue::BodyDiff make_row_diff() {
  const auto diff = std::make_shared<RowDiff>();
  return
      [diff](std::string_view before, const catalogue::Product& after) { return diff->find(before, after.raw_json); };
}

}  // namespace pipeline::upsert
