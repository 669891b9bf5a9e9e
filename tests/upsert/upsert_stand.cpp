#include "upsert_stand.h"

#include "pipeline/base/file.h"
#include "pipeline/base/sha256.h"

#include "metrics/csv_parser.h"
#include "support/sync_stand.h"

#include <fmt/format.h>

#include <fstream>
#include <stdexcept>

namespace fs = std::filesystem;

namespace pipeline::test {

std::vector<std::string> UpsertStand::command(const std::vector<std::string>& arguments, bool json) const {
  std::vector<std::string> all{pipeline_binary(), "upsert", "--db", db().string(), "--metrics-dir", metrics().string()};
  if (json) all.emplace_back("--json");
  all.insert(all.end(), arguments.begin(), arguments.end());
  return all;
}

Process UpsertStand::start(const std::vector<std::string>& arguments, const Fd& input) const {
  return Process(command(arguments), {}, outputs_.path(), input);
}

Outcome UpsertStand::run(const std::vector<std::string>& arguments, const Fd& input) const {
  return start(arguments, input).wait();
}

nlohmann::json UpsertStand::summary(const std::vector<std::string>& arguments, const Fd& input) const {
  return summary_of(run(arguments, input));
}

nlohmann::json UpsertStand::feed(std::string_view bytes, std::vector<std::string> arguments) const {
  arguments.push_back(file("products", bytes));
  return summary(arguments);
}

Outcome UpsertStand::text(const std::vector<std::string>& arguments) const {
  return Process(command(arguments, false), {}, outputs_.path()).wait();
}

Outcome UpsertStand::shell(const std::string& line, const std::vector<std::string>& arguments) const {
  std::vector<std::string> all{"/bin/sh", "-c", line, "sh"};
  const auto called = command(arguments);
  all.insert(all.end(), called.begin(), called.end());
  return Process(all, {}, outputs_.path()).wait();
}

std::string UpsertStand::file(const std::string& name, std::string_view bytes) const {
  const auto path = folder_ / name;
  std::ofstream(path, std::ios::binary) << bytes;
  return path.string();
}

SqlRows UpsertStand::pending() const {
  return query(kPending);
}

UpsertStand::Metric UpsertStand::metric(const nlohmann::json& summary, std::string_view name) const {
  constexpr std::size_t kName = 4;
  constexpr std::size_t kCount = 7;
  constexpr std::size_t kSum = 8;
  for (const auto& line : CsvParser(read_file(summary.at("metrics_csv").get<std::string>())).parse()) {
    if (line.at(kName) != name) continue;
    const double sum = std::stod(line.at(kSum));
    return {line.at(kCount).empty() ? sum : std::stod(line.at(kCount)), sum};
  }
  throw std::runtime_error(fmt::format("no metric {}", name));
}

std::map<std::string, std::string> UpsertStand::files() const {
  std::map<std::string, std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder_.path()))
    found[entry.path().string()] = entry.is_regular_file() ? digest_of(entry.path()) : "no file";
  return found;
}

nlohmann::json summary_of(const Outcome& outcome) {
  auto json = nlohmann::json::parse(outcome.out, nullptr, false);
  if (json.is_discarded()) throw std::runtime_error("no summary; standard error was:\n" + outcome.err);
  return json;
}

std::string digest_of(const fs::path& path) {
  return to_hex(Sha256Hasher().hash(read_file(path)));
}

std::string lines(const std::vector<std::string>& rows) {
  std::string text;
  for (const auto& row : rows) text += row + "\n";
  return text;
}

std::string row(std::string_view sku, int price, std::string_view more) {
  return fmt::format(R"({{"sku":"{}","name":"product {}","sale_price":{}{}}})", sku, sku, price, more);
}

}  // namespace pipeline::test
