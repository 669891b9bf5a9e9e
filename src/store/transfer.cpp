#include "pipeline/store/transfer.h"

#include "pipeline/catalogue/columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace pipeline::store {
namespace {

constexpr std::int64_t kBatch = 500;

constexpr ValueType kNumber = ValueType::number;
constexpr ValueType kBytes = ValueType::bytes;
constexpr ValueType kAny = ValueType::any;

Table products() {
  Table table{"products",
              {{"sku"},
               {"source"},
               {"content_hash", kBytes},
               {"list_hash", kBytes},
               {"parse_status"},
               {"removed_at", kNumber},
               {"created_at", kNumber},
               {"updated_at", kNumber},
               {"last_seen_run"},
               {"parse_error"},
               {"list_json"},
               {"raw_json", kAny}},
              2};
  for (const auto& column : catalogue::kColumns)
    if (column.text || column.number) table.columns.push_back({column.name, column.number ? kNumber : ValueType::text});
  return table;
}

TableRow key_of(const Table& table, const TableRow& row) {
  return {row.begin(), row.begin() + static_cast<std::ptrdiff_t>(table.key)};
}

void add_number(Sha256Hasher& hasher, std::uint64_t number) {
  std::array<char, sizeof number> bytes{};
  std::memcpy(bytes.data(), &number, bytes.size());
  hasher.update({bytes.data(), bytes.size()});
}

// Kind, length and bytes, so that no two rows give the same.
struct Hashed {
  Sha256Hasher& hasher;

  void operator()(std::monostate) const { hasher.update("-"); }
  void operator()(std::int64_t number) const {
    hasher.update("n");
    add_number(hasher, static_cast<std::uint64_t>(number));
  }
  void operator()(const std::string& text) const {
    std::string kept;
    for (const char c : text) c == '\0' ? kept.append("\xEF\xBF\xBD") : kept.append(1, c);
    add_bytes("t", kept);
  }
  void operator()(const Bytes& bytes) const {
    add_bytes("b", {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }

 private:
  void add_bytes(std::string_view kind, std::string_view bytes) const {
    hasher.update(kind);
    add_number(hasher, bytes.size());
    hasher.update(bytes);
  }
};

// Calls the sink with each batch behind the key.
template <typename Sink>
void each_batch(Transfer& store, const Table& table, std::optional<TableRow> after, const Sink& sink) {
  for (;;) {
    const auto rows = store.read(table, after ? &*after : nullptr, kBatch);
    if (!rows.empty()) sink(rows);
    if (static_cast<std::int64_t>(rows.size()) < kBatch) return;
    after = key_of(table, rows.back());
  }
}

struct Digest {
  Sha256 sha256{};
  std::int64_t rows = 0;
  bool operator==(const Digest&) const = default;
};

// `until`: of the rows up to this key alone.
Digest digest_of(Transfer& store, const Table& table, const std::optional<TableRow>& until = std::nullopt) {
  Sha256Hasher hasher;
  Digest digest;
  each_batch(store, table, std::nullopt, [&](const std::vector<TableRow>& rows) {
    for (const TableRow& row : rows) {
      if (until && key_of(table, row) > *until) return;
      for (const Value& value : row) std::visit(Hashed{hasher}, value);
      ++digest.rows;
    }
  });
  digest.sha256 = hasher.finish();
  return digest;
}

// The key of a table's last row; absent: it is empty.
std::optional<TableRow> end_of(Transfer& store, const Table& table) {
  const auto row = store.last(table);
  return row ? std::optional(key_of(table, *row)) : std::nullopt;
}

}  // namespace

const std::vector<Table>& tables() {
  static const std::vector<Table> all{
      products(),
      {"refresh_queue",
       {{"id", kNumber},
        {"sku"},
        {"source"},
        {"reason"},
        {"status"},
        {"attempts", kNumber},
        {"enqueued_at", kNumber},
        {"claimed_at", kNumber},
        {"claimed_by"},
        {"lease_until", kNumber},
        {"finished_at", kNumber},
        {"error"},
        {"changes"}},
       1,
       "id"},
      {"detail_checks", {{"source"}, {"sku"}, {"verified_at", kNumber}}, 2},
      {"images", {{"sha256", kBytes}, {"content_id"}, {"perceptual_hash", kNumber}, {"look", kBytes}}, 2},
      {"packages",
       {{"content_id"},
        {"fingerprint", kBytes},
        {"naver_bytes", kNumber},
        {"unique_bytes", kNumber},
        {"images", kNumber},
        {"keyframes", kNumber},
        {"run_id"},
        {"built_at", kNumber},
        {"digest", kBytes}}},
      {"posts",
       {{"content_id"},
        {"folder"},
        {"title"},
        {"link"},
        {"products"},
        {"state"},
        {"need"},
        {"reasons"},
        {"not_built_since", kNumber},
        {"outdated"},
        {"stale"},
        {"stale_since", kNumber},
        {"kept"},
        {"published", kBytes},
        {"published_at", kNumber}}},
      {"post_products", {{"content_id"}, {"source"}, {"sku"}}, 3},
      {"runs",
       {{"run_id"},
        {"trace_id"},
        {"command"},
        {"options"},
        {"started_at", kNumber},
        {"ended_at", kNumber},
        {"status"},
        {"exit_code", kNumber},
        {"counts"}}},
      {"state", {{"key"}, {"value", kAny}}}};
  return all;
}

bool is_beginning_of_copy(Transfer& from, Transfer& to) {
  return std::ranges::all_of(tables(), [&](const Table& table) {
    const auto end = end_of(to, table);
    return !end || digest_of(to, table) == digest_of(from, table, end);
  });
}

// A table is whole before the next is begun, and its rows come in the order of their keys: what is there already says
// where a copy was broken off.
std::vector<Copied> copy_store(Transfer& from, Transfer& to, const CopyProgress& told) {
  std::vector<Copied> all;
  for (const Table& table : tables()) {
    Copied copied{table.name};
    each_batch(from, table, end_of(to, table), [&](const std::vector<TableRow>& rows) {
      to.write(table, rows);
      copied.rows += static_cast<std::int64_t>(rows.size());
      told(table.name, copied.rows);
    });
    to.settle(table);
    const Digest there = digest_of(to, table);
    copied.before = there.rows - copied.rows;
    copied.rows = there.rows;
    copied.is_equal = there == digest_of(from, table);
    told(table.name, copied.rows);
    all.push_back(copied);
  }
  return all;
}

}  // namespace pipeline::store
