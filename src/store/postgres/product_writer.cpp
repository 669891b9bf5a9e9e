#include "product_writer.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace pipeline::store::postgres {
namespace {

using catalogue::ParseStatus;
using catalogue::Product;

// While the server writes so many products, the next ones are decided on here.
constexpr std::size_t kPiece = 250;

constexpr std::string_view kFollowList =
    "UPDATE @products AS p SET list_hash = f.list_hash, list_json = f.list_json, modified_at = f.modified_at "
    "FROM unnest($1, $2, $3, $4, $5) AS f (sku, source, list_hash, list_json, modified_at) "
    "WHERE p.sku = f.sku AND p.source = f.source";

constexpr std::string_view kMarkFailed =
    "UPDATE @products AS p SET parse_status = 'PARSE_FAIL', parse_error = f.parse_error, raw_json = f.raw_json, "
    "raw_bytes = f.raw_bytes, list_hash = NULL, updated_at = $6, last_seen_run = $7 "
    "FROM unnest($1, $2, $3, $4, $5) AS f (sku, source, parse_error, raw_json, raw_bytes) "
    "WHERE p.sku = f.sku AND p.source = f.source";

constexpr std::string_view kVerify =
    "INSERT INTO @detail_checks (source, sku, verified_at) SELECT v.source, v.sku, $3 "
    "FROM unnest($1, $2) AS v (source, sku) "
    "ON CONFLICT (source, sku) DO UPDATE SET verified_at = excluded.verified_at";

// The keys of some products.
struct Keys {
  Column skus{Column::Type::text};
  Column sources{Column::Type::text};

  void add(const Product& product) {
    skus.add(product.sku);
    sources.add(product.source);
  }
  [[nodiscard]] bool empty() const noexcept { return skus.size() == 0; }
};

}  // namespace

struct ProductWriter::Piece {
  ProductRows inserted;
  ProductRows rewritten;
  Keys verified;

  struct Followed {
    Keys keys;
    Column list_hashes{Column::Type::bytes};
    Column list_jsons{Column::Type::text};
    Column modified{Column::Type::text};

    void add(const Product& product) {
      keys.add(product);
      add_hash_of_row(list_hashes, product);
      list_jsons.add(product.list_json);
      modified.add(product.modified_at);
    }
  } followed;

  struct Failed {
    Keys keys;
    Column errors{Column::Type::text};
    Column texts{Column::Type::text};
    Column bytes{Column::Type::bytes};

    void add(const Product& product) {
      keys.add(product);
      errors.add(product.parse_error);
      add_body(texts, bytes, product);
    }
  } failed;
};

std::size_t count_distinct(std::span<const Delivery> products) {
  std::set<std::pair<std::string_view, std::string_view>> keys;
  const auto is_new = [&](const Delivery& delivery) {
    return keys.emplace(delivery.product->sku, delivery.product->source).second;
  };
  return static_cast<std::size_t>(std::ranges::find_if_not(products, is_new) - products.begin());
}

ProductWriter::ProductWriter(const Connection& connection, std::span<const Delivery> products, const Writing& how,
                             bool verified)
    : products_(products),
      how_(how),
      verified_(verified),
      now_(connection.clock().wall()),
      queue_(connection.name(), now_) {}

std::vector<Statement> ProductWriter::reading() const {
  Keys keys;
  for (const Delivery& delivery : products_) keys.add(*delivery.product);
  return {StoredProducts::reading(products_, how_), RefreshQueue::reading(keys.skus, keys.sources)};
}

void ProductWriter::take(std::vector<Result> answers) {
  answers_ = std::move(answers);
  stored_.emplace(answers_[0], products_.size());
  queue_.take(answers_[1]);
}

std::vector<Statement> ProductWriter::decide_some(Written& written) {
  Piece piece;
  for (const std::size_t end = std::min(next_ + kPiece, products_.size()); next_ < end; ++next_) {
    const Product& product = *products_[next_].product;
    written.outcomes.push_back(decide(piece, written.enqueued));
    if (verified_ && product.parse_status == ParseStatus::ok) piece.verified.add(product);
  }
  std::vector<Statement> statements;
  write(std::move(piece), statements);
  queue_.write(statements);
  return statements;
}

WriteOutcome ProductWriter::decide(Piece& piece, std::int64_t& enqueued) {
  const Delivery& delivery = products_[next_];
  if (delivery.product->parse_status == ParseStatus::fail) return decide_failure(piece);
  auto [outcome, after, changes, list_moved] = stored_->judge(delivery, next_, how_);
  if (outcome == WriteOutcome::inserted) piece.inserted.add(*after);
  if (outcome == WriteOutcome::updated) piece.rewritten.add(*after);
  if (list_moved) piece.followed.add(*after);
  if (!changes.empty() && queue_.add(after->key(), std::move(changes))) ++enqueued;
  return outcome;
}

// Nothing is queued of what can't be read.
WriteOutcome ProductWriter::decide_failure(Piece& piece) const {
  const Product& product = *products_[next_].product;
  const auto stored = stored_->find(next_);
  if (!stored) {
    piece.inserted.add(product);
    return WriteOutcome::inserted;
  }
  const Product before = read_stored(*stored);
  if (before.parse_status == ParseStatus::fail && before.parse_error == product.parse_error &&
      before.raw_json == product.raw_json)
    return WriteOutcome::unchanged;
  piece.failed.add(product);
  return WriteOutcome::updated;
}

void ProductWriter::write(Piece piece, std::vector<Statement>& statements) const {
  if (!piece.inserted.empty()) statements.push_back(std::move(piece.inserted).insertion(how_.run_id, now_));
  if (!piece.rewritten.empty()) statements.push_back(std::move(piece.rewritten).rewriting(how_.run_id, now_));
  if (auto& [keys, list_hashes, list_jsons, modified] = piece.followed; !keys.empty())
    statements.push_back({"update products' list hashes", kFollowList,
                          Values::of(std::move(keys.skus), std::move(keys.sources), std::move(list_hashes),
                                     std::move(list_jsons), std::move(modified))});
  if (auto& [keys, errors, texts, bytes] = piece.failed; !keys.empty())
    statements.push_back({"mark products that can't be parsed", kMarkFailed,
                          Values::of(std::move(keys.skus), std::move(keys.sources), std::move(errors), std::move(texts),
                                     std::move(bytes), now_, how_.run_id)});
  if (auto& [skus, sources] = piece.verified; skus.size() > 0)
    statements.push_back({"note verified details", kVerify, Values::of(std::move(sources), std::move(skus), now_)});
}

}  // namespace pipeline::store::postgres
