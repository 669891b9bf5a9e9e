#include "recorded_runs.h"

#include "pipeline/base/error.h"
#include "pipeline/base/file.h"

#include <fmt/format.h>

#include <charconv>
#include <sstream>

namespace pipeline::bench {
namespace {

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream text(line);
  for (std::string cell; std::getline(text, cell, ',');) cells.push_back(cell);
  return cells;
}

double number(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) throw Error("no number: " + text);
  return value;
}

}  // namespace

std::map<std::string, Runs> read_recorded(const std::string& file, std::string& comments) {
  std::map<std::string, Runs> sides;
  std::istringstream lines(read_file(file));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("#")) comments += line + "\n";
    if (line.starts_with("#") || line.starts_with("side,")) continue;
    const auto cells = cells_of(line);
    if (cells.size() != 8) throw Error(fmt::format("{}: 8 cells expected: {}", file, line));
    Runs& runs = sides[cells[0]];
    const auto round = static_cast<std::size_t>(number(cells[1]));
    if (runs.size() <= round) runs.resize(round + 1);
    runs[round].info.run_id = fmt::format("{}-{}", cells[0], round);
    runs[round].info.command = cells[0] == "u" ? "upsert" : "sync";
    metrics::Row& row = runs[round].rows.emplace_back();
    row.kind = metrics::Kind::timer;
    row.metric = cells[2];
    row.count = static_cast<std::uint64_t>(number(cells[3]));
    row.sum = number(cells[4]);
    row.p50 = number(cells[5]);
    row.p95 = number(cells[6]);
    row.p99 = number(cells[7]);
  }
  return sides;
}

}  // namespace pipeline::bench
