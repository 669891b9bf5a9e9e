#include "upsert_yardsticks.h"

#include "pipeline/base/clock.h"
#include "pipeline/store_sqlite/database.h"
#include "pipeline/upsert/row_diff.h"

#include "pipeline_run.h"
#include "prepared_products.h"
#include "store/sqlite/statement.h"
#include "store/sqlite/transaction.h"
#include "timing.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace pipeline::bench {
namespace {

void write_batch(store::Catalogue& catalogue, std::span<const catalogue::Product> batch, const store::Writing& how) {
  std::vector<store::Delivery> deliveries;
  for (const catalogue::Product& product : batch) deliveries.push_back({&product});
  if (catalogue.write({.products = deliveries}, how).count(store::WriteOutcome::unchanged) > 0)
    throw std::runtime_error("SQL only: nothing to write");
}

}  // namespace

double run_sql_only(const std::filesystem::path& db, const std::vector<std::int64_t>& numbers, int version) {
  PreparedProducts prepared(numbers, version);
  std::span<const catalogue::Product> slice = prepared.next();
  Stopwatch watch;
  watch.start();
  {
    const SystemClock clock;
    const store::Store store = store::sqlite::file_database(db)->open(clock);
    const store::Writing how{.run_id = "sql-only", .body_diff = upsert::make_row_diff()};
    while (!slice.empty()) {
      while (!slice.empty()) write_batch(*store.catalogue, take_batch(slice), how);
      watch.stop();
      slice = prepared.next();
      watch.start();
    }
  }
  watch.stop();
  return static_cast<double>(numbers.size()) / watch.seconds();
}

double run_look_ups(const std::filesystem::path& db, const std::vector<std::int64_t>& numbers) {
  std::vector<std::pair<std::string, Sha256>> known;
  PreparedProducts prepared(numbers, 0);
  for (auto slice = prepared.next(); !slice.empty(); slice = prepared.next())
    for (const catalogue::Product& product : slice) known.emplace_back(product.sku, product.content_hash.value());

  std::size_t equal = 0;
  Stopwatch watch;
  watch.start();
  {
    using namespace store::sqlite;
    const SystemClock clock;
    Connection connection(db, Connection::Mode::read_write, clock);
    Statement look_up(connection, "look up a hash",
                      "SELECT content_hash FROM products WHERE sku = ?1 AND source = 'MY_STORE'");
    Scope scope(connection);  // without, two thirds of the time go into locking the file
    for (const auto& [sku, hash] : known) {
      look_up.bind(1, sku);
      const Statement::Use use(look_up);
      if (look_up.step() && std::ranges::equal(look_up.blob(0), hash)) ++equal;
    }
    scope.commit();
  }
  watch.stop();
  if (equal != known.size()) throw std::runtime_error(fmt::format("look-ups: {} of {} are equal", equal, known.size()));
  return static_cast<double>(known.size()) / watch.seconds();
}

double run_predecessor(Predecessor way, const std::filesystem::path& file, const std::filesystem::path& db) {
  std::vector<std::string> command{PREDECESSOR_SCRIPT, file.string(), db.string()};
  if (way == Predecessor::with_queue) command.emplace_back("--queue");
  return run_script(command, db.parent_path());
}

}  // namespace pipeline::bench
