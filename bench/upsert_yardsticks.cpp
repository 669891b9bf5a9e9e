#include "upsert_yardsticks.h"

#include "pipeline/base/clock.h"
#include "pipeline/store_sqlite/database.h"
#include "pipeline/upsert/row_diff.h"
#include "pipeline/upsert/row_parser.h"

#include "pipeline_run.h"
#include "product_rows.h"
#include "store/sqlite/statement.h"
#include "store/sqlite/transaction.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace pipeline::bench {
namespace {

constexpr std::size_t kBatch = 1000;  // the executable's own default
// Products in memory at once: a process hands its size on to its children, as the floor of their peak memory.
constexpr std::size_t kSlice = 5 * kBatch;

class Stopwatch {
 public:
  void start() { since_ = std::chrono::steady_clock::now(); }
  void stop() { total_ += std::chrono::steady_clock::now() - since_; }
  [[nodiscard]] double seconds() const { return total_.count(); }

 private:
  std::chrono::steady_clock::time_point since_;
  std::chrono::duration<double> total_{};
};

// Products as the executable would make them of their rows, in key order within each batch.
class Prepared {
 public:
  Prepared(const std::vector<std::int64_t>& numbers, int version) : left_(numbers), version_(version) {}

  // The next so many, at most; none at the end. They are there until the next call.
  std::span<const catalogue::Product> next() {
    products_.resize(std::min(kSlice, left_.size()));
    for (std::size_t i = 0; i < products_.size(); ++i) parse(product_row(left_[i], version_), products_[i]);
    left_ = left_.subspan(products_.size());
    for (std::size_t first = 0; first < products_.size(); first += kBatch)
      std::ranges::sort(std::span(products_).subspan(first, std::min(kBatch, products_.size() - first)), {},
                        &catalogue::Product::sku);
    return products_;
  }

 private:
  void parse(std::string row, catalogue::Product& product) {
    row.reserve(row.size() + simdjson::SIMDJSON_PADDING);
    if (const auto fault = parser_.parse(row, product); !fault.empty()) throw std::runtime_error(fault);
  }

  std::span<const std::int64_t> left_;
  int version_;
  upsert::RowParser parser_{std::string(upsert::kOwnStore)};
  std::vector<catalogue::Product> products_;
};

void write_batch(store::Catalogue& catalogue, std::span<const catalogue::Product> batch, const store::Writing& how) {
  std::vector<store::Delivery> deliveries;
  for (const catalogue::Product& product : batch) deliveries.push_back({&product});
  if (catalogue.write({.products = deliveries}, how).count(store::WriteOutcome::unchanged) > 0)
    throw std::runtime_error("SQL only: nothing to write");
}

}  // namespace

double run_sql_only(const std::filesystem::path& db, const std::vector<std::int64_t>& numbers, int version) {
  Prepared prepared(numbers, version);
  std::span<const catalogue::Product> slice = prepared.next();
  Stopwatch watch;
  watch.start();
  {
    const SystemClock clock;
    const store::Store store = store::sqlite::file_database(db)->open(clock);
    const store::Writing how{.run_id = "sql-only", .body_diff = upsert::make_row_diff()};
    while (!slice.empty()) {
      for (std::size_t first = 0; first < slice.size(); first += kBatch)
        write_batch(*store.catalogue, slice.subspan(first, std::min(kBatch, slice.size() - first)), how);
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
  Prepared prepared(numbers, 0);
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
