#include "upsert_feed.h"

#include "support/sql.h"

#include <fstream>
#include <string_view>
#include <system_error>

namespace pipeline::bench {

Run load(const Trial& trial, const Feed& feed, const UpsertPlace& place, const std::vector<std::string>& arguments) {
  (void)place.new_db();
  Run run = place.upsert(feed.file(), arguments);
  trial.add("rows inserted", run.count("inserted"), "", exactly(feed.rows()));
  return run;
}

Run load_again(const Trial& trial, const Feed& feed, const UpsertPlace& place) {
  Run run = place.upsert(feed.file());
  trial.add("rows unchanged", run.count("unchanged"), "", exactly(feed.rows()));
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

namespace {

double size_of(const std::filesystem::path& path) {
  std::error_code missing;
  const auto size = std::filesystem::file_size(path, missing);
  return missing ? 0 : static_cast<double>(size);
}

// What a run wrote to the log is there to see as long as another connection keeps the run from being the last to close.
double log_bytes_of_another_run(const Trial& trial, const Feed& feed, const UpsertPlace& place) {
  const test::SqlConnection other(place.db());
  (void)load_again(trial, feed, place);
  return size_of(place.wal());
}

}  // namespace

void add_untouched(const Trial& trial, const Feed& feed, const UpsertPlace& place, const Sha256& before) {
  trial.add("bytes written to the log", log_bytes_of_another_run(trial, feed, place), "", exactly(0));
  trial.add("log left behind", size_of(place.wal()), "bytes", exactly(0));
  trial.add("database files that differ", digest_of(place.db()) == before ? 0 : 1, "", exactly(0));
}

}  // namespace pipeline::bench
