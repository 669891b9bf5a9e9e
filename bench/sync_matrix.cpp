#include "sync_cases.h"
#include "sync_place.h"

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

// Each run starts from the same database, a store synced once, of which the same few products were then edited: all
// cells have the same to find out, and the runs that fetch every detail do for 10 changes what the incremental ones do
// too.
namespace pipeline::bench {
namespace {

struct Cell {
  int batch = 0;
  int workers = 0;
  bool incremental = false;
  auto operator<=>(const Cell&) const = default;
};

// What one run of a cell measured.
struct Measured {
  double seconds = 0;
  double rows_per_s = 0;
  double details = 0;
  double detail_share = 0;  // of the seconds in which details were under way
  double p50_ms = 0;
  double p95_ms = 0;
  double ratio_429 = 0;
  double requests = 0;
  double transactions = 0;
  double txn_p95_ms = 0;
};

using Results = std::map<Cell, std::vector<Measured>>;

class Matrix {
 public:
  explicit Matrix(bool smoke)
      : smoke_(smoke),
        store_({"--products", std::to_string(smoke ? 150 : 300), "--rate", std::to_string(kRate), "--latency-ms", "20",
                "--jitter-ms", "5"}),
        synced_(store_) {
    (void)synced_.sync();
    const auto products = store_.products();
    for (std::size_t i = 0; i < kEdits; ++i)
      (void)store_.control("edit", {{"kind", "set_stock"}, {"channel_no", products.at(7 * i)}, {"value", 1234}});
    (void)run({500, 10, true});  // warm-up
  }

  // All cells once. They alternate between the modes, so that a slow moment of the machine hits both.
  void run_all(Results& results) {
    for (const int batch : smoke_ ? std::vector{50, 500} : std::vector{50, 200, 500})
      for (const int workers : smoke_ ? std::vector{1, 10} : std::vector{1, 5, 10})
        for (const bool incremental : {true, false}) {
          const Cell cell{batch, workers, incremental};
          results[cell].push_back(run(cell));
        }
  }

  static constexpr std::size_t kEdits = 10;
  static constexpr int kRate = 200;

 private:
  Measured run(const Cell& cell);

  const bool smoke_;
  const StoreProcess store_;
  const SyncPlace synced_;  // the database that all runs start from
};

Measured Matrix::run(const Cell& cell) {
  const SyncPlace place(store_);
  std::filesystem::copy_file(synced_.db(), place.db());
  for (const double rate : {0, kRate}) (void)store_.control("rate", {{"rate", rate}});  // the buckets start full
  std::vector<std::string> arguments{"--batch-size", std::to_string(cell.batch), "--workers",
                                     std::to_string(cell.workers)};
  if (!cell.incremental) arguments.emplace_back("--full");
  const Run run = place.sync(arguments);
  Measured measured;
  measured.seconds = run.metric("sync_total_seconds");
  measured.rows_per_s = run.count("listed") / measured.seconds;
  measured.details = run.count("detail_fetched");
  measured.detail_share = run.span("detail_fetch_seconds").seconds() / measured.seconds;
  measured.p50_ms = 1000 * run.metric("detail_fetch_seconds", "p50");
  measured.p95_ms = 1000 * run.metric("detail_fetch_seconds", "p95");
  measured.requests = run.count("api_requests");
  measured.ratio_429 = run.count("api_429") / measured.requests;
  measured.transactions = run.metric("db_txn_seconds", "count");
  measured.txn_p95_ms = 1000 * run.metric("db_txn_seconds", "p95");
  return measured;
}

std::string to_csv(const Results& results) {
  std::string csv =
      "repeat,batch,workers,incremental,seconds,rows_per_s,details,detail_share,detail_p50_ms,detail_p95_ms,ratio_429,"
      "requests,transactions,txn_p95_ms\n";
  for (const auto& [cell, runs] : results)
    for (std::size_t i = 0; i < runs.size(); ++i) {
      const Measured& run = runs[i];
      csv += fmt::format("{},{},{},{},{:.4f},{:.1f},{},{:.3f},{:.2f},{:.2f},{:.4f},{},{},{:.2f}\n", i + 1, cell.batch,
                         cell.workers, on_or_off(cell.incremental), run.seconds, run.rows_per_s, run.details,
                         run.detail_share, run.p50_ms, run.p95_ms, run.ratio_429, run.requests, run.transactions,
                         run.txn_p95_ms);
    }
  return csv;
}

std::string to_markdown(const Results& results) {
  std::string text =
      "| batch | workers | incremental | seconds | rows/s | details | detail p50 ms | detail p95 ms | 429 | requests | "
      "transactions | txn p95 ms |\n|--:|--:|:--|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n";
  for (const auto& [cell, runs] : results) {
    const auto of = [&runs = runs](double Measured::*value) { return median_of(runs, value); };
    text += fmt::format("| {} | {} | {} | {:.3f} | {:.0f} | {} | {:.1f} | {:.1f} | {:.1f} % | {} | {} | {:.1f} |\n",
                        cell.batch, cell.workers, on_or_off(cell.incremental), of(&Measured::seconds),
                        of(&Measured::rows_per_s), of(&Measured::details), of(&Measured::p50_ms), of(&Measured::p95_ms),
                        100 * of(&Measured::ratio_429), of(&Measured::requests), of(&Measured::transactions),
                        of(&Measured::txn_p95_ms));
  }
  return text;
}

// The plan's hypotheses, each answered with its number; the numbers go into the report with their bounds.
class Findings {
 public:
  Findings(const Results& results, Report& report) : results_(results), report_(report) {}

  std::string text() {
    std::string text = details_dominate();
    text += refusals();
    text += incremental();
    text += workers();
    return text += batches();
  }

 private:
  [[nodiscard]] double at(const Cell& cell, double Measured::*value) const {
    return median_of(results_.at(cell), value);
  }
  void add(std::string_view what, double value, std::string_view unit, Bound bound = {}) {
    report_.add("matrix", what, value, unit, bound);
  }

  std::string details_dominate() {
    const double one = 100 * at({500, 1, false}, &Measured::detail_share);
    const double ten = 100 * at({500, 10, false}, &Measured::detail_share);
    add("time in details with 1 worker", one, "%", at_least(80));
    return fmt::format(
        "- N+1 detail calls dominate a full sync: {}. They are under way for {:.0f} % of its time with one worker, "
        "{:.0f} % with ten.\n",
        yes_or_no(one > 50), one, ten);
  }

  std::string refusals() {
    double refused = 0;
    double requests = 0;
    for (const auto& [cell, runs] : results_)
      for (const Measured& run : runs) {
        refused += run.ratio_429 * run.requests;
        requests += run.requests;
      }
    add("429 answers in all runs", refused, "", exactly(0));
    return fmt::format("- 429 retries dominate it too: {}. {:.0f} of {:.0f} requests were refused.\n",
                       yes_or_no(refused > 0.01 * requests), refused, requests);
  }

  std::string incremental() {
    const Cell off{500, 10, false};
    const Cell on{500, 10, true};
    const double requests = at(off, &Measured::requests) / at(on, &Measured::requests);
    const double time = at(off, &Measured::seconds) / at(on, &Measured::seconds);
    add("requests: full to incremental", requests, "times", at_least(10));
    add("time: full to incremental", time, "times");
    return fmt::format(
        "- Fetching unchanged SKUs again is the waste that incremental mode removes: {}. With {} of them changed it "
        "makes {:.0f} times fewer requests ({} instead of {}) and ends {:.1f} times sooner (batch 500, 10 workers).\n",
        yes_or_no(requests > 2), at(on, &Measured::details), requests, at(on, &Measured::requests),
        at(off, &Measured::requests), time);
  }

  std::string workers() {
    const auto seconds = [this](int workers) { return at({500, workers, false}, &Measured::seconds); };
    std::string text = fmt::format("- Workers, full sync, batch 500: 1 takes {:.2f} s", seconds(1));
    if (results_.contains({500, 5, false})) text += fmt::format(", 5 take {:.2f} s", seconds(5));
    const double gain = seconds(1) / seconds(10);
    add("time: 1 worker to 10", gain, "times", at_least(2.5));
    return text +
           fmt::format(", 10 take {:.2f} s: {:.1f} times sooner, until the bucket is the limit.\n", seconds(10), gain);
  }

  std::string batches() {
    const Cell small{50, 10, false};
    const Cell large{500, 10, false};
    const double gain = at(small, &Measured::seconds) / at(large, &Measured::seconds);
    add("time: batch 50 to 500", gain, "times");
    return fmt::format(
        "- Batch size, full sync, 10 workers: 50 takes {:.2f} s in {} transactions (p95 {:.1f} ms), 500 takes {:.2f} s "
        "in {} (p95 {:.1f} ms).\n",
        at(small, &Measured::seconds), at(small, &Measured::transactions), at(small, &Measured::txn_p95_ms),
        at(large, &Measured::seconds), at(large, &Measured::transactions), at(large, &Measured::txn_p95_ms));
  }

  const Results& results_;
  Report& report_;
};

}  // namespace

void sync_matrix(const Settings& settings, std::string_view machine, Report& report) {
  Results results;
  Matrix matrix(settings.smoke);
  for (int i = 0; i < settings.repeat; ++i) matrix.run_all(results);
  const std::string findings = Findings(results, report).text();
  write_matrix(settings, "sync", machine, to_csv(results), to_markdown(results) + "\n" + findings);
}

}  // namespace pipeline::bench
