#include "pipeline/base/file.h"

#include "product_rows.h"
#include "upsert_cases.h"
#include "upsert_place.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

// Each cell begins with a new database: a file is loaded, then loaded again, then loaded with a tenth of its rows
// changed.
namespace pipeline::bench {
namespace {

constexpr int kRow = 0;  // as a batch: one transaction per row

struct Cell {
  int batch = kRow;
  bool sku_index = true;
  bool hash_skip = true;
  auto operator<=>(const Cell&) const = default;
};

enum Step : std::size_t { first_load, same_again, tenth_changed };
constexpr std::array<std::string_view, 3> kSteps{"first load", "same again", "10 % changed"};

// What one run of a cell measured.
struct Measured {
  double seconds = 0;
  double rows_per_s = 0;
  double transactions = 0;
  double txn_p50_ms = 0;
  double txn_p95_ms = 0;
  double written = 0;
  double skipped = 0;
};

using Runs = std::vector<Measured>;
using Results = std::map<Cell, std::array<Runs, kSteps.size()>>;

std::string commit_word(int batch) {
  return batch == kRow ? "row" : std::to_string(batch);
}

std::vector<std::string> arguments_of(const Cell& cell) {
  std::vector<std::string> arguments{"--sku-index", std::string(on_or_off(cell.sku_index)), "--hash-skip",
                                     std::string(on_or_off(cell.hash_skip))};
  if (cell.batch == kRow)
    arguments.insert(arguments.end(), {"--commit", "row"});
  else
    arguments.insert(arguments.end(), {"--batch-size", std::to_string(cell.batch)});
  return arguments;
}

class Matrix {
 public:
  explicit Matrix(bool smoke) : smoke_(smoke), products_(smoke ? 500 : 2'000) {
    const auto numbers = in_order(products_);
    write_rows(before(), numbers);
    AtomicFile changed(after());
    for (const std::int64_t number : numbers) changed.write(product_row(number, number % 10 == 0 ? 1 : 0) + "\n");
    changed.commit();
    Results warm_up;
    run({1000, true, true}, warm_up);
  }

  // All cells once. They alternate between the modes, so that a slow moment of the machine hits both.
  void run_all(Results& results) const {
    for (const int batch : smoke_ ? std::vector{kRow, 1000} : std::vector{kRow, 100, 500, 1000})
      for (const bool sku_index : {true, false})
        for (const bool hash_skip : {true, false}) run({batch, sku_index, hash_skip}, results);
  }

  [[nodiscard]] std::int64_t products() const noexcept { return products_; }

 private:
  void run(const Cell& cell, Results& results) const {
    (void)place_.new_db();
    auto& steps = results[cell];
    steps[first_load].push_back(measure(before(), cell));
    steps[same_again].push_back(measure(before(), cell));
    steps[tenth_changed].push_back(measure(after(), cell));
  }

  [[nodiscard]] Measured measure(const std::filesystem::path& file, const Cell& cell) const {
    const Run run = place_.upsert(file, arguments_of(cell));
    Measured measured;
    measured.seconds = run.seconds;
    measured.rows_per_s = run.rows_per_s();
    measured.transactions = run.metric("db_txn_seconds", "count");
    measured.txn_p50_ms = 1000 * run.metric("db_txn_seconds", "p50");
    measured.txn_p95_ms = 1000 * run.metric("db_txn_seconds", "p95");
    measured.written = run.count("inserted") + run.count("updated");
    measured.skipped = run.count("unchanged");
    return measured;
  }

  [[nodiscard]] std::filesystem::path before() const { return place_ / "before.jsonl"; }
  [[nodiscard]] std::filesystem::path after() const { return place_ / "after.jsonl"; }

  const bool smoke_;
  const std::int64_t products_;
  const UpsertPlace place_;
};

std::string to_csv(const Results& results) {
  std::string csv =
      "repeat,commit,sku_index,hash_skip,step,seconds,rows_per_s,transactions,txn_p50_ms,txn_p95_ms,rows_written,"
      "rows_skipped\n";
  for (const auto& [cell, steps] : results)
    for (std::size_t step = 0; step < steps.size(); ++step)
      for (std::size_t i = 0; i < steps[step].size(); ++i) {
        const Measured& run = steps[step][i];
        csv += fmt::format("{},{},{},{},{},{:.4f},{:.1f},{},{:.3f},{:.3f},{},{}\n", i + 1, commit_word(cell.batch),
                           on_or_off(cell.sku_index), on_or_off(cell.hash_skip), kSteps[step], run.seconds,
                           run.rows_per_s, run.transactions, run.txn_p50_ms, run.txn_p95_ms, run.written, run.skipped);
      }
  return csv;
}

std::string to_markdown(const Results& results) {
  std::string text = "| commit | sku index | hash skip |";
  for (const std::string_view step : kSteps)
    text += fmt::format(" {}: rows/s | txn p50 ms | txn p95 ms | rows written |", step);
  text += "\n|--:|:--|:--|";
  for (std::size_t i = 0; i < kSteps.size(); ++i) text += "--:|--:|--:|--:|";
  text += "\n";
  for (const auto& [cell, steps] : results) {
    text +=
        fmt::format("| {} | {} | {} |", commit_word(cell.batch), on_or_off(cell.sku_index), on_or_off(cell.hash_skip));
    for (const Runs& runs : steps) {
      const auto of = [&runs](double Measured::*value) { return median_of(runs, value); };
      text += fmt::format(" {:.0f} | {:.2f} | {:.2f} | {} |", of(&Measured::rows_per_s), of(&Measured::txn_p50_ms),
                          of(&Measured::txn_p95_ms), of(&Measured::written));
    }
    text += "\n";
  }
  return text;
}

// The plan's hypotheses, each answered with its number; the numbers go into the report with their bounds. The short
// form's runs are little more than the start of a process: there only what is counted decides.
class Findings {
 public:
  Findings(const Results& results, Report& report, bool smoke) : results_(results), report_(report), smoke_(smoke) {}

  std::string text() { return row_commits() + missing_index() + equal_data(); }

 private:
  static constexpr Cell kBest{1000, true, true};

  [[nodiscard]] double at(const Cell& cell, Step step, double Measured::*value) const {
    return median_of(results_.at(cell).at(step), value);
  }
  [[nodiscard]] double times_slower(const Cell& cell, Step step) const {
    return at(cell, step, &Measured::seconds) / at(kBest, step, &Measured::seconds);
  }
  void add(std::string_view what, double value, std::string_view unit, Bound bound) {
    report_.add("matrix", what, value, unit, bound);
  }
  [[nodiscard]] Bound slower_by(double times) const { return smoke_ ? Bound{} : at_least(times); }

  std::string row_commits() {
    const Cell rows{kRow, true, true};
    const double first = times_slower(rows, first_load);
    add("commit a row: first load slower", first, "times", slower_by(3));
    return fmt::format(
        "- Row-by-row commits are slow: {}. A first load takes {:.1f} times as long as in batches of 1000 ({:.3f} s, "
        "{:.3f} s), a file with 10 % changed {:.1f} times.\n",
        yes_or_no(first > 2), first, at(rows, first_load, &Measured::seconds),
        at(kBest, first_load, &Measured::seconds), times_slower(rows, tenth_changed));
  }

  std::string missing_index() {
    const Cell bare{1000, false, true};
    const double first = times_slower(bare, first_load);
    const double again = times_slower(bare, same_again);
    add("no sku index: first load slower", first, "times", slower_by(2));
    add("no sku index: same again slower", again, "times", slower_by(2));
    return fmt::format(
        "- A missing key index is slow: {}. Without it a first load takes {:.1f} times as long, the same file again "
        "{:.1f} times, and the more the larger the table is.\n",
        yes_or_no(first > 2 && again > 2), first, again);
  }

  std::string equal_data() {
    const Cell blind{1000, true, false};
    const double again = times_slower(blind, same_again);
    add("hash skip: rows written again", at(kBest, same_again, &Measured::written), "", exactly(0));
    add("no hash skip: same again slower", again, "times", slower_by(1.5));
    return fmt::format(
        "- Rewriting equal data is waste: {}. The same file again writes {} rows without the hash skip, {} with it, "
        "and takes {:.1f} times as long.\n",
        yes_or_no(again > 1.2), at(blind, same_again, &Measured::written), at(kBest, same_again, &Measured::written),
        again);
  }

  const Results& results_;
  Report& report_;
  const bool smoke_;
};

}  // namespace

void upsert_matrix(const Settings& settings, std::string_view machine, Report& report) {
  Results results;
  const Matrix matrix(settings.smoke);
  for (int i = 0; i < settings.repeat; ++i) matrix.run_all(results);
  const std::string findings = Findings(results, report, settings.smoke).text();
  const std::string heading = fmt::format("{} products; medians of {}.\n\n", matrix.products(), settings.repeat);
  write_matrix(settings, "upsert", machine, to_csv(results), heading + to_markdown(results) + "\n" + findings);
}

}  // namespace pipeline::bench
