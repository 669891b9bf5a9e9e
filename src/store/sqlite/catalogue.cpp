#include "catalogue.h"

#include "source_identity.h"

#include <utility>

namespace pipeline::store::sqlite {

Catalogue::Catalogue(std::shared_ptr<Connection> connection, Runs& runs)
    : connection_(std::move(connection)), runs_(runs) {}

bool Catalogue::is_empty() {
  Statement any(*connection_, "look for products", "SELECT 1 FROM products LIMIT 1");
  return !any.step();
}

std::int64_t Catalogue::count_present(std::string_view source) {
  Statement count(*connection_, "count the products that are present",
                  "SELECT count(*) FROM products WHERE source = ?1 AND removed_at IS NULL");
  count.bind(1, source).step();
  return count.integer(0);
}

// All by the index of the products that are present, but for the few that are unreadable.
CatalogueTotals Catalogue::totals(int most_unreadable) {
  CatalogueTotals totals;
  Statement count(*connection_, "count the products",
                  "SELECT count(*), count(*) FILTER (WHERE parse_status = 'PARSE_FAIL') FROM products INDEXED BY "
                  "products_present WHERE removed_at IS NULL");
  count.step();
  totals.present = count.integer(0);
  totals.unreadable_count = count.integer(1);
  if (totals.unreadable_count == 0) return totals;
  Statement list(*connection_, "read the products that could not be read",
                 "SELECT source, sku, name, parse_error FROM products INDEXED BY products_present "
                 "WHERE removed_at IS NULL AND parse_status = 'PARSE_FAIL' ORDER BY source, sku LIMIT ?1");
  list.bind(1, std::int64_t{most_unreadable});
  while (list.step())
    totals.unreadable.push_back(
        {catalogue::full_name({list.text(0), list.text(1)}), std::string(list.text(2)), std::string(list.text(3))});
  return totals;
}

std::vector<FoundProduct> Catalogue::find(std::string_view name) {
  return lookup().find(name);
}

std::vector<FoundProduct> Catalogue::find_by_sku(std::string_view name) {
  return lookup().find_by_sku(name);
}

std::optional<catalogue::SourceIdentity> Catalogue::owner_of(std::string_view source) {
  return read_identity(*connection_, source);
}

void Catalogue::remember(const catalogue::SourceIdentity& owner) {
  Transaction transaction(*connection_);
  remember_identity(*connection_, owner);
  transaction.commit();
}

void Catalogue::begin_list(std::string_view source) {
  listing_.emplace(*connection_, std::string(source));
}

std::vector<Standing> Catalogue::compare(std::span<const ListedProduct> page, bool keep_all, int pass) {
  return listing_.value().add(page, keep_all, pass);
}

void Catalogue::note_listed(std::span<const std::string_view> skus) {
  listing_.value().note(skus);
}

void Catalogue::note_gone(std::string_view sku) {
  listing_.value().note_gone(sku);
}

std::optional<ListRow> Catalogue::take(std::string_view sku) {
  return listing_.value().take(sku);
}

std::optional<ListRow> Catalogue::stored_row(std::string_view sku) {
  return listing_.value().stored(sku);
}

std::int64_t Catalogue::count_listed() {
  return listing_.value().size();
}

Overlap Catalogue::overlap() {
  return listing_.value().overlap();
}

std::int64_t Catalogue::count_absent(bool list_is_whole) {
  return listing_.value().count_absent(list_is_whole);
}

std::vector<RemovalCandidate> Catalogue::absent(bool list_is_whole, std::string_view after, int limit) {
  return listing_.value().absent(list_is_whole, after, limit);
}

std::vector<std::string> Catalogue::due_for_check(std::chrono::seconds max_age, bool give) {
  DetailAge ages(*connection_, listing_.value().source());
  auto due = ages.due(connection_->clock().wall(), max_age);
  if (!give) return std::move(due.skus);
  Transaction transaction(*connection_);
  ages.given(due);
  transaction.commit();
  return std::move(due.skus);
}

std::vector<bool> Catalogue::are_made_of(std::span<const RowProof> rows, const Writing& how) {
  std::vector<bool> made;
  made.reserve(rows.size());
  Scope scope(*connection_);
  const auto timed = connection_->time_rows();
  for (const RowProof& row : rows) made.push_back(writer().is_made_of(row, how));
  scope.commit();
  return made;
}

Written Catalogue::write(const Batch& batch, const Writing& how) {
  Written written;
  written.outcomes.reserve(batch.products.size());
  bool changed = false;
  Transaction transaction(*connection_);
  if (batch.owner != nullptr) remember_identity(*connection_, *batch.owner);
  {
    const auto timed = connection_->time_rows();
    for (const Delivery& delivery : batch.products) {
      const auto outcome = writer().write(delivery, how, written.enqueued);
      changed |= outcome == WriteOutcome::inserted || outcome == WriteOutcome::updated;
      if (batch.verified && delivery.product->parse_status == catalogue::ParseStatus::ok)
        writer().note_verified(delivery.product->key());
      written.outcomes.push_back(outcome);
    }
  }
  commit(transaction, changed);
  return written;
}

std::vector<WritePreview> Catalogue::preview(std::span<const Delivery> products, const Writing& how) {
  std::vector<WritePreview> previews;
  previews.reserve(products.size());
  Scope scope(*connection_);
  for (const Delivery& delivery : products) previews.push_back(writer().preview(delivery, how));
  scope.commit();
  return previews;
}

Written Catalogue::remove(std::string_view source, std::span<const RemovalCandidate> products,
                          std::string_view run_id) {
  Written written;
  written.outcomes.reserve(products.size());
  bool changed = false;
  Transaction transaction(*connection_);
  for (const RemovalCandidate& product : products) {
    const bool removed = writer().remove({source, product.sku}, run_id, written.enqueued);
    written.outcomes.push_back(removed ? WriteOutcome::updated : WriteOutcome::unknown);
    changed |= removed;
  }
  commit(transaction, changed);
  return written;
}

// A run that waits for its first change is noted with it.
void Catalogue::commit(Transaction& transaction, bool changed) {
  const bool notes_run = changed && runs_.note_waiting();
  transaction.commit();
  if (notes_run) runs_.noted();
}

ProductWriter& Catalogue::writer() {
  if (!writer_) writer_.emplace(*connection_);
  return *writer_;
}

ProductLookup& Catalogue::lookup() {
  if (!lookup_) lookup_.emplace(*connection_);
  return *lookup_;
}

}  // namespace pipeline::store::sqlite
