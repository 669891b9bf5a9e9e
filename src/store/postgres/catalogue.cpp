#include "catalogue.h"

#include "pipeline/store/judgement.h"

#include "detail_age.h"
#include "product_lookup.h"
#include "product_remover.h"
#include "product_writer.h"
#include "source_identity.h"
#include "stored_products.h"

#include <utility>

namespace pipeline::store::postgres {
namespace {

constexpr std::string_view kCountPresent = "SELECT count(*) FROM @products WHERE source = $1 AND removed_at IS NULL";

// By the index of the products that are present, but for the few that are unreadable.
constexpr std::string_view kTotals =
    "SELECT count(*), count(*) FILTER (WHERE parse_status = 'PARSE_FAIL') FROM @products WHERE removed_at IS NULL";
constexpr std::string_view kUnreadable =
    "SELECT source, sku, name, parse_error FROM @products WHERE removed_at IS NULL AND parse_status = 'PARSE_FAIL' "
    "ORDER BY source, sku LIMIT $1";

// Of what is unreadable or removed no row has been made. A condition behind WHERE would say the same, but as long as
// the server has no statistics of a new table it takes that for the best place to begin, and reads the whole of it.
constexpr std::string_view kRows =
    "SELECT r.place, CASE WHEN p.parse_status = 'OK' AND p.removed_at IS NULL THEN p.list_hash END "
    "FROM unnest($1, $2) WITH ORDINALITY AS r (sku, source, place) "
    "JOIN @products AS p ON p.sku = r.sku AND p.source = r.source";

bool has_changes(const Written& written) noexcept {
  return written.count(WriteOutcome::inserted) + written.count(WriteOutcome::updated) > 0;
}

}  // namespace

Catalogue::Catalogue(std::shared_ptr<Connection> connection, Runs& runs, RunListMaker run_lists)
    : connection_(std::move(connection)), runs_(runs), run_lists_(std::move(run_lists)) {}

bool Catalogue::is_empty() {
  return connection_->ask("look for products", "SELECT 1 FROM @products LIMIT 1").rows() == 0;
}

std::int64_t Catalogue::count_present(std::string_view source) {
  return connection_->ask("count the products that are present", kCountPresent, Values::of(source)).integer(0, 0);
}

CatalogueTotals Catalogue::totals(int most_unreadable) {
  const Statement statements[] = {
      {"count the products", kTotals},
      {"read the products that could not be read", kUnreadable, Values::of(most_unreadable)}};
  const auto answers = connection_->ask(statements);
  CatalogueTotals totals;
  totals.present = answers[0].integer(0, 0);
  totals.unreadable_count = answers[0].integer(0, 1);
  for (int i = 0; i < answers[1].rows(); ++i) {
    const Row row(answers[1], i);
    totals.unreadable.push_back(
        {catalogue::full_name({row.text(0), row.text(1)}), std::string(row.text(2)), std::string(row.text(3))});
  }
  return totals;
}

std::vector<FoundProduct> Catalogue::find(std::string_view name) {
  return find_product(*connection_, name);
}

std::vector<FoundProduct> Catalogue::find_by_sku(std::string_view name) {
  return find_product_by_sku(*connection_, name);
}

std::optional<catalogue::SourceIdentity> Catalogue::owner_of(std::string_view source) {
  return read_identity(*connection_, source);
}

void Catalogue::remember(const catalogue::SourceIdentity& owner) {
  connection_->write([&](Transaction& transaction) { transaction.commit({remembering(owner)}); });
}

void Catalogue::begin_list(std::string_view source) {
  listing_.emplace(*connection_, std::string(source), run_lists_());
}

std::vector<Standing> Catalogue::compare(std::span<const ListedProduct> page, bool keep_all, int pass) {
  return listing_.value().add(page, keep_all, pass);
}

void Catalogue::note_listed(std::span<const std::string_view> skus) {
  listing_.value().list().note(skus);
}

void Catalogue::note_gone(std::string_view sku) {
  listing_.value().list().note_gone(sku);
}

std::optional<ListRow> Catalogue::take(std::string_view sku) {
  return listing_.value().list().take(sku);
}

std::optional<ListRow> Catalogue::stored_row(std::string_view sku) {
  return listing_.value().stored(sku);
}

std::int64_t Catalogue::count_listed() {
  return listing_.value().list().size();
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
  DetailAge ages(*connection_, listing_.value().source(), listing_->list());
  auto due = ages.due(connection_->clock().wall(), max_age);
  if (give) connection_->write([&](Transaction& transaction) { transaction.commit({ages.giving(due)}); });
  return std::move(due.skus);
}

std::vector<bool> Catalogue::are_made_of(std::span<const RowProof> rows, const Writing& how) {
  const auto timed = connection_->time_rows();
  Column skus(Column::Type::text);
  Column sources(Column::Type::text);
  for (const RowProof& row : rows) {
    skus.add(row.product.sku);
    sources.add(row.product.source);
  }
  const Result known =
      connection_->ask_batch({"look rows of products up", kRows, Values::of(std::move(skus), std::move(sources))});
  std::vector<bool> made(rows.size(), false);
  for (int i = 0; i < known.rows(); ++i) {
    const auto place = static_cast<std::size_t>(known.integer(i, 0) - 1);
    made.at(place) = has_led_to(rows[place].row_hash, known.bytes(i, 1), how);
  }
  return made;
}

// A product that comes a second time is compared with what became of it the first time, so it has to wait for that.
Written Catalogue::write(const Batch& batch, const Writing& how) {
  Written written;
  connection_->write_alone([&](Transaction& transaction) {
    const auto timed = connection_->time_rows();
    written = {};
    if (batch.owner != nullptr) transaction.send({remembering(*batch.owner)});
    for (auto rest = batch.products; !rest.empty();) {
      const auto products = rest.first(count_distinct(rest));
      rest = rest.subspan(products.size());
      ProductWriter writer(*connection_, products, how, batch.verified);
      writer.take(transaction.ask(writer.reading()));
      while (!writer.is_done()) transaction.send(writer.decide_some(written));
    }
    std::vector<Statement> last;
    note_run(written, last);
    transaction.commit(std::move(last));
  });
  noted(written);
  return written;
}

std::vector<WritePreview> Catalogue::preview(std::span<const Delivery> products, const Writing& how) {
  const Result read = connection_->ask_batch(StoredProducts::reading(products, how));
  StoredProducts stored(read, products.size());
  std::vector<WritePreview> previews;
  previews.reserve(products.size());
  for (std::size_t place = 0; place < products.size(); ++place) {
    auto [outcome, after, changes, list_moved] = stored.judge(products[place], place, how);
    previews.push_back({outcome, after->name.value_or(""), std::move(changes)});
  }
  return previews;
}

Written Catalogue::remove(std::string_view source, std::span<const RemovalCandidate> products,
                          std::string_view run_id) {
  Written written;
  connection_->write_alone([&](Transaction& transaction) {
    written = {};
    ProductRemover remover(*connection_, source, products);
    remover.queue(transaction.ask(remover.marking(run_id)), written);
    std::vector<Statement> statements;
    remover.write(statements);
    note_run(written, statements);
    transaction.commit(std::move(statements));
  });
  noted(written);
  return written;
}

void Catalogue::note_run(const Written& written, std::vector<Statement>& statements) const {
  if (has_changes(written)) runs_.note_waiting(statements);
}

void Catalogue::noted(const Written& written) noexcept {
  if (has_changes(written)) runs_.noted();
}

}  // namespace pipeline::store::postgres
