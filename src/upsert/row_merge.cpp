#include "pipeline/upsert/row_merge.h"

#include "pipeline/base/text.h"
#include "pipeline/catalogue/columns.h"
#include "pipeline/upsert/row_parser.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace pipeline::upsert {

bool RowMerge::Object::read(std::string_view json) {
  members_.clear();
  json_.reserve(json.size() + simdjson::SIMDJSON_PADDING);
  json_ = json;
  simdjson::ondemand::document document;
  simdjson::ondemand::object object;
  const simdjson::padded_string_view padded(json_.data(), json_.size(), json_.capacity());
  if (parser_.iterate(padded).get(document) != simdjson::SUCCESS || document.get_object().get(object)) return false;
  for (auto member : object) {
    simdjson::ondemand::value value;
    Member read{};
    if (member.unescaped_key().get(read.key) != simdjson::SUCCESS || member.value().get(value) != simdjson::SUCCESS ||
        simdjson::to_json_string(value).get(read.value) != simdjson::SUCCESS) {
      members_.clear();
      return false;
    }
    read.column = catalogue::column_of(read.key);
    read.null = read.value == "null";
    members_.push_back(read);
  }
  return true;
}

bool RowMerge::Object::has(catalogue::Column column) const noexcept {
  return std::ranges::any_of(members_, [column](const Member& member) { return member.column == column; });
}

// From the last row to the first, so that each is read once.
std::optional<std::string_view> RowMerge::join(std::span<const std::string_view> rows) {
  std::vector<std::string> kept;
  if (!read_row(rows.back())) return finished();  // has no sku: refused when it is parsed
  for (auto row = rows.rbegin() + 1; row != rows.rend(); ++row) {
    text_.clear();
    if (!base_.read(*row)) return finished();  // as above
    for (const Member& member : base_.members())
      if (!names(member)) append(member);
    for (const Member& member : base_.members()) {
      if (member.column)
        columns_.set(index(*member.column));
      else
        joined_keys_.emplace(member.key);
    }
    if (!text_.empty()) kept.push_back(text_);
  }
  if (kept.empty()) return std::nullopt;
  text_.clear();
  for (auto members = kept.rbegin(); members != kept.rend(); ++members) text_ += *members;
  for (const Member& member : row_.members()) append(member);
  return finished();
}

std::optional<std::string_view> RowMerge::complete(const catalogue::Product& stored, std::string_view row) {
  if (!read_row(row)) return finished();  // as above
  append_columns(stored);
  if (base_.read(stored.raw_json)) {
    for (const Member& member : base_.members())
      if (!member.column && !member.null && !names(member)) append(member);
  }
  if (text_.empty()) return std::nullopt;
  for (const Member& member : row_.members())
    if (!member.null) append(member);
  return finished();
}

bool RowMerge::read_row(std::string_view row) {
  columns_.reset();
  keys_.clear();
  joined_keys_.clear();
  text_.clear();
  if (!row_.read(row)) return false;
  for (const Member& member : row_.members()) {
    if (member.column)
      columns_.set(index(*member.column));
    else
      keys_.push_back(member.key);
  }
  std::ranges::sort(keys_);
  return true;
}

bool RowMerge::names(const Member& member) const {
  if (member.column) return columns_.test(index(*member.column));
  return std::ranges::binary_search(keys_, member.key) || joined_keys_.contains(member.key);
}

// Those that the row does not name.
void RowMerge::append_columns(const catalogue::Product& stored) {
  for (std::size_t i = 0; i < catalogue::kColumns.size(); ++i) {
    if (columns_.test(i)) continue;
    const auto& column = catalogue::kColumns[i];
    if (column.number && stored.*column.number) {
      append_key(column.name);
      text_ += std::to_string(*(stored.*column.number));
    } else if (column.text && stored.*column.text) {
      append_key(column.name);
      append_json_string(*(stored.*column.text), text_);
    }
  }
}

void RowMerge::append(const Member& member) {
  append_key(member.key);
  text_ += member.value;
}

// With a comma before it: finished() makes the first one a brace.
void RowMerge::append_key(std::string_view key) {
  text_ += ',';
  append_json_string(key, text_);
  text_ += ':';
}

std::string_view RowMerge::finished() {
  text_.empty() ? text_ = '{' : text_.replace(0, 1, "{");
  text_ += '}';
  text_.reserve(text_.size() + simdjson::SIMDJSON_PADDING);
  return text_;
}

namespace {

class Completer {
 public:
  explicit Completer(std::string source) : parser_(std::move(source), RowParser::Says::part) {}

  store::Completed complete(const catalogue::Product& stored, const catalogue::Product& delivered) {
    const auto whole = merge_.complete(stored, delivered.raw_json);
    const bool was_row = merge_.body_was_row();
    const catalogue::Product* product = &delivered;
    if (whole) {
      if (!parser_.parse(*whole, completed_).empty()) return {nullptr, false};
      completed_.row_hash = store::part_of(delivered.row_hash.value());
      product = &completed_;
    }
    const auto before = was_row ? stored.content_hash : content_of(stored);
    return {product, before != product->content_hash};
  }

 private:
  // The content of a product that was no row: what a row that says the same has. Absent: no row can say it.
  std::optional<Sha256> content_of(const catalogue::Product& stored) {
    std::string row = R"({"sku":)";
    append_json_string(stored.sku, row);
    row += R"(,"source":)";
    append_json_string(stored.source, row);
    row += '}';
    const auto whole = merge_.complete(stored, row);
    if (!whole || !parser_.parse(*whole, scratch_).empty()) return std::nullopt;
    return scratch_.content_hash;
  }

  RowMerge merge_;
  RowParser parser_;
  catalogue::Product completed_;
  catalogue::Product scratch_;
};

}  // namespace

store::Completion make_completion(std::string source) {
  const auto completer = std::make_shared<Completer>(std::move(source));
  return [completer](const catalogue::Product& stored, const catalogue::Product& delivered) {
    return completer->complete(stored, delivered);
  };
}

}  // namespace pipeline::upsert
