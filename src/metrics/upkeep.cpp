#include "pipeline/metrics/upkeep.h"

#include "pipeline/base/error.h"
#include "pipeline/base/file.h"
#include "pipeline/base/owner.h"
#include "pipeline/base/text.h"

#include "csv_table.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <regex>
#include <utility>

namespace pipeline::metrics {
namespace {

namespace fs = std::filesystem;

// `sync-20261122T221620-4bf92f35.csv`, `…-samples.csv`; `….csv.tmp-0123456789abcdef` was being written when its writer
// was killed.
const std::regex& run_file_name() {
  static const std::regex name(
      R"(([a-z]+)-((\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)-[0-9a-f]{8})(-samples)?\.csv(\.tmp-[0-9a-f]{16})?)");
  return name;
}

std::optional<RunFile> run_file(const fs::directory_entry& entry) {
  const std::string name = entry.path().filename().string();
  std::smatch part;
  if (!std::regex_match(name, part, run_file_name())) return std::nullopt;
  const auto started = parse_utc(
      fmt::format("{}-{}-{}T{}:{}:{}Z", part.str(3), part.str(4), part.str(5), part.str(6), part.str(7), part.str(8)));
  std::error_code gone;
  if (!started || !entry.is_regular_file(gone)) return std::nullopt;
  const auto bytes = entry.file_size(gone);
  if (gone) return std::nullopt;
  return RunFile{entry.path(), part.str(1), part.str(2), *started, bytes};
}

// Lines of a file as they stand there, with their ends.
class RawLines {
 public:
  explicit RawLines(const fs::path& file) : in_(file, std::ios::binary) {}

  // Those up to that number, counted from 1.
  void hand_over(std::int64_t until, const std::function<void(std::string_view)>& sink) {
    while (number_ < until && next()) sink(line_);
  }
  void hand_over_rest(const std::function<void(std::string_view)>& sink) {
    while (next()) sink(line_);
  }

 private:
  bool next() {
    if (!std::getline(in_, line_)) return false;
    if (!in_.eof()) line_ += '\n';
    ++number_;
    return true;
  }

  std::ifstream in_;
  std::string line_;
  std::int64_t number_ = 0;
};

// Each line of the file: to `gone` those of the runs that are meant, to `stays` all others.
void sort_lines(const fs::path& history, const IsMeant& is_meant, const std::function<void(std::string_view)>& gone,
                const std::function<void(std::string_view)>& stays) {
  CsvTable table(history, "history of runs", {"run_id"});
  RawLines lines(history);
  for (CsvTable::Got got = table.next(); got != CsvTable::Got::end; got = table.next()) {
    if (got == CsvTable::Got::fault) continue;
    lines.hand_over(table.first_line() - 1, stays);
    lines.hand_over(table.last_line(), is_meant(table[0]) ? gone : stays);
  }
  lines.hand_over_rest(stays);
}

// The lock that append_locked() takes.
Fd lock(const fs::path& file) {
  Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  while (fd && ::flock(fd.get(), LOCK_EX) != 0)
    if (errno != EINTR) fd.reset();
  if (!fd) throw Error(fmt::format("cannot lock {}: {}", file.string(), std::strerror(errno)));
  return fd;
}

}  // namespace

std::vector<RunFile> run_files_in(const fs::path& dir) {
  std::vector<RunFile> files;
  std::error_code error;
  fs::directory_iterator entry(dir, error);
  if (error == std::errc::no_such_file_or_directory) return files;
  for (; !error && entry != fs::directory_iterator(); entry.increment(error))
    if (auto file = run_file(*entry)) files.push_back(std::move(*file));
  if (error) throw Error(fmt::format("cannot read the metrics folder {}: {}", dir.string(), error.message()));
  std::ranges::sort(files, {}, [](const RunFile& file) { return std::pair(file.started_at, file.path); });
  return files;
}

std::uint64_t bytes_in_history(const fs::path& history, const IsMeant& is_meant) {
  std::uint64_t bytes = 0;
  sort_lines(
      history, is_meant, [&](std::string_view line) { bytes += line.size(); }, [](std::string_view) {});
  return bytes;
}

std::uint64_t remove_from_history(const fs::path& history, const IsMeant& is_meant) {
  const Fd held = lock(history);
  const Owner owner(history);
  std::uint64_t bytes = 0;
  AtomicFile file(history);
  sort_lines(
      history, is_meant, [&](std::string_view line) { bytes += line.size(); },
      [&](std::string_view line) { file.write(line); });
  if (bytes == 0) return 0;
  file.commit();
  owner.give(history);
  return bytes;
}

}  // namespace pipeline::metrics
