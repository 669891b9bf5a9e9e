#include "product_remover.h"

#include "pipeline/store/judgement.h"

#include <map>
#include <string>

namespace pipeline::store::postgres {
namespace {

constexpr std::string_view kMark =
    "UPDATE @products AS p SET removed_at = $3, list_hash = NULL, updated_at = $3, last_seen_run = $4 "
    "WHERE p.source = $1 AND p.sku = ANY($2) AND p.removed_at IS NULL RETURNING p.sku, coalesce(p.name, p.sku)";

constexpr std::string_view kForgetChecks = "DELETE FROM @detail_checks WHERE source = $1 AND sku = ANY($2)";

}  // namespace

ProductRemover::ProductRemover(const Connection& connection, std::string_view source,
                               std::span<const RemovalCandidate> products)
    : source_(source), products_(products), now_(connection.clock().wall()), queue_(connection.name(), now_) {}

std::vector<Statement> ProductRemover::marking(std::string_view run_id) const {
  Column skus(Column::Type::text);
  Column sources(Column::Type::text);
  for (const RemovalCandidate& product : products_) {
    skus.add(product.sku);
    sources.add(source_);
  }
  return {{"mark products as removed", kMark, Values::of(source_, skus, now_, run_id)},
          RefreshQueue::reading(skus, sources)};
}

// In the order in which they were named, each once.
void ProductRemover::queue(std::span<const Result> answers, Written& written) {
  const Result& marked = answers[0];
  std::map<std::string_view, std::string_view> names;
  for (int row = 0; row < marked.rows(); ++row) names.emplace(marked.text(row, 0), marked.text(row, 1));
  queue_.take(answers[1]);
  for (const RemovalCandidate& product : products_) {
    const auto name = names.extract(product.sku);
    written.outcomes.push_back(name ? WriteOutcome::updated : WriteOutcome::unknown);
    if (!name) continue;
    removed_.add(product.sku);
    if (queue_.add({source_, product.sku}, {went(name.mapped())})) ++written.enqueued;
  }
}

void ProductRemover::write(std::vector<Statement>& statements) {
  if (removed_.size() == 0) return;
  statements.push_back({"forget the checks of details", kForgetChecks, Values::of(source_, removed_)});
  queue_.write(statements);
}

}  // namespace pipeline::store::postgres
