#include "pipeline/base/sha256.h"

#include "product_rows.h"
#include "upsert_cases.h"
#include "upsert_place.h"
#include "upsert_yardsticks.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace pipeline::bench {
namespace {

// The products of a case, and their file.
class Feed {
 public:
  explicit Feed(std::int64_t rows) : numbers_(in_order(rows)) { write_rows(file(), numbers_); }

  [[nodiscard]] const std::vector<std::int64_t>& numbers() const noexcept { return numbers_; }
  [[nodiscard]] double rows() const noexcept { return static_cast<double>(numbers_.size()); }
  [[nodiscard]] std::filesystem::path file() const { return folder_ / "rows.jsonl"; }

 private:
  test::TempDir folder_;
  std::vector<std::int64_t> numbers_;
};

UpsertRun load(const Trial& trial, const Feed& feed, const UpsertPlace& place,
               const std::vector<std::string>& arguments = {}) {
  (void)place.new_db();
  UpsertRun run = place.upsert(feed.file(), arguments);
  trial.add("rows inserted", static_cast<double>(run.count("inserted")), "", exactly(feed.rows()));
  return run;
}

UpsertRun load_again(const Trial& trial, const Feed& feed, const UpsertPlace& place) {
  UpsertRun run = place.upsert(feed.file());
  trial.add("rows unchanged", static_cast<double>(run.count("unchanged")), "", exactly(feed.rows()));
  return run;
}

// Piece by piece: read_file() would make this process as large as the file.
Sha256 digest_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string piece(1 << 20, '\0');
  Sha256Hasher hasher;
  while (file.read(piece.data(), static_cast<std::streamsize>(piece.size())) || file.gcount() > 0)
    hasher.update(std::string_view(piece).substr(0, static_cast<std::size_t>(file.gcount())));
  return hasher.finish();
}

double size_of(const std::filesystem::path& path) {
  std::error_code missing;
  const auto size = std::filesystem::file_size(path, missing);
  return missing ? 0 : static_cast<double>(size);
}

// What a run wrote to the log is there to see as long as another connection keeps the run from being the last to close.
double log_bytes_of_another_run(const Trial& trial, const Feed& feed, const UpsertPlace& place) {
  const Connection other(place.db());
  (void)load_again(trial, feed, place);
  return size_of(place.wal());
}

}  // namespace

void upsert_first_load(const Trial& trial) {
  const Feed feed(trial.smoke ? 10'000 : 100'000);
  const UpsertPlace place;
  for (int round = 0; round < rounds_of(trial, trial.smoke); ++round) {
    double ours = 0;
    double sql_only = 0;
    double predecessor = 0;
    double with_queue = 0;
    in_turns(round, {[&] { predecessor = run_predecessor(Predecessor::plain, feed.file(), place.new_db()); },
                     [&] { ours = load(trial, feed, place).rows_per_s(); },
                     [&] { sql_only = run_sql_only(place.new_db(), feed.numbers()); },
                     [&] { with_queue = run_predecessor(Predecessor::with_queue, feed.file(), place.new_db()); }});
    trial.add("pipeline", ours, "rows/s");
    trial.add("SQL only", sql_only, "rows/s");
    trial.add("predecessor", predecessor, "rows/s");
    trial.add("predecessor with queue", with_queue, "rows/s");
    trial.add("pipeline to SQL only", ours / sql_only, "", at_least(trial.smoke ? 0.5 : 0.9));
    trial.add("pipeline to predecessor", ours / predecessor, "", at_least(trial.smoke ? 1 : 6));
    trial.add("pipeline to predecessor with queue", ours / with_queue, "");
  }
}

void upsert_unchanged(const Trial& trial) {
  const Feed feed(trial.smoke ? 30'000 : 100'000);
  const UpsertPlace place;
  const UpsertPlace old_place;
  (void)load(trial, feed, place);
  (void)run_predecessor(Predecessor::plain, feed.file(), old_place.db());
  const Sha256 before = digest_of(place.db());
  for (int round = 0; round < rounds_of(trial, true); ++round) {
    double ours = 0;
    double look_ups = 0;
    double predecessor = 0;
    in_turns(round, {[&] { ours = load_again(trial, feed, place).rows_per_s(); },
                     [&] { look_ups = run_look_ups(place.db(), feed.numbers()); },
                     [&] { predecessor = run_predecessor(Predecessor::plain, feed.file(), old_place.db()); }});
    trial.add("pipeline", ours, "rows/s");
    trial.add("bare look-ups", look_ups, "rows/s");
    trial.add("predecessor", predecessor, "rows/s");
    trial.add("pipeline to bare look-ups", ours / look_ups, "", at_least(trial.smoke ? 0.2 : 0.8));
    trial.add("pipeline to predecessor", ours / predecessor, "");
  }
  trial.add("bytes written to the log", log_bytes_of_another_run(trial, feed, place), "", exactly(0));
  trial.add("log left behind", size_of(place.wal()), "bytes", exactly(0));
  trial.add("database files that differ", digest_of(place.db()) == before ? 0 : 1, "", exactly(0));
}

void upsert_commits(const Trial& trial) {
  const Feed feed(trial.smoke ? 1'000 : 20'000);
  const UpsertPlace place;
  for (int round = 0; round < rounds_of(trial, trial.smoke); ++round) {
    double by_row = 0;
    double by_batch = 0;
    in_turns(round, {[&] {
                       by_row = load(trial, feed, place, {"--commit", "row"}).rows_per_s();
                     },
                     [&] {
                       by_batch = load(trial, feed, place, {"--batch-size", "1000"}).rows_per_s();
                     }});
    trial.add("a commit a row", by_row, "rows/s");
    trial.add("batches of 1000", by_batch, "rows/s");
    trial.add("batches to rows", by_batch / by_row, "times", at_least(trial.smoke ? 3 : 10));
  }
}

void upsert_plan_case(const Trial& trial) {
  const Feed feed(10'000);
  const UpsertPlace place;
  const Bound bound = at_most(trial.smoke ? 1.5 : 0.5);  // a bare time is the one thing a busy machine must not fail
  for (int round = 0; round < rounds_of(trial, true); ++round) {
    trial.add("first load", load(trial, feed, place).seconds, "s", bound);
    trial.add("the same file again", load_again(trial, feed, place).seconds, "s", bound);
  }
}

}  // namespace pipeline::bench
