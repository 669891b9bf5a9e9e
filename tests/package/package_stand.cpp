#include "package_stand.h"

#include "pipeline/base/file.h"
#include "pipeline/base/sha256.h"

#include "metrics/csv_parser.h"
#include "support/pictures.h"
#include "support/sync_stand.h"

#include <fmt/format.h>

#include <fstream>
#include <stdexcept>

namespace fs = std::filesystem;

namespace pipeline::test {
namespace {

constexpr int kProducts = 9;

std::string products() {
  std::string rows;
  for (int i = 1; i <= kProducts; ++i)
    rows += fmt::format(R"({{"sku":"100{0}","name":"보냉 텀블러 {0}호","sale_price":{0}9000,"brand":"온기",)"
                        R"("sellerManagementCode":"S{0}"}})",
                        i) +
            "\n";
  return rows;
}

}  // namespace

const PostFiles& PostFiles::write() const {
  return put("post.json", json.dump(2));
}

const PostFiles& PostFiles::put(std::string_view name, std::string_view bytes) const {
  const auto file = folder_ / name;
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << bytes;
  return *this;
}

PackageStand::PackageStand() {
  fs::create_directory(posts());
  upsert(products());
  execute("DELETE FROM refresh_queue");
}

PostFiles PackageStand::post(const std::string& content_id, const std::vector<int>& scenes,
                             const std::string& sku) const {
  PostFiles post(posts() / content_id);
  post.json = {{"content_id", content_id}, {"sku", sku}, {"title", "겨울 아침의 텀블러"}, {"body", "<p>따뜻해요.</p>"}};
  post.write();
  for (std::size_t i = 0; i < scenes.size(); ++i) post.put(fmt::format("images/{}.jpg", i + 1), small_photo(scenes[i]));
  return post;
}

void PackageStand::upsert(std::string_view rows) const {
  const auto file = outputs_ / "products.jsonl";
  std::ofstream(file, std::ios::binary) << rows;
  const Outcome outcome = tool({pipeline_binary(), "upsert", "--quiet", "--db", db().string(), "--metrics-dir",
                                (outputs_ / "metrics").string(), file.string()});
  if (outcome.exit_code != 0) throw std::runtime_error(outcome.err);
}

std::vector<std::string> PackageStand::command(const std::vector<std::string>& arguments) const {
  std::vector<std::string> all{pipeline_binary(), "package",       "--json",          "--db", db().string(), "--out",
                               out().string(),    "--metrics-dir", metrics().string()};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return all;
}

Process PackageStand::start(const std::vector<std::string>& arguments) const {
  return Process(command(arguments), {}, outputs_.path());
}

nlohmann::json PackageStand::summary(const std::vector<std::string>& arguments) const {
  return summary_of(run(arguments));
}

nlohmann::json PackageStand::build(std::vector<std::string> options) const {
  options.push_back(posts().string());
  return summary(options);
}

Outcome PackageStand::shell(const std::string& line, const std::vector<std::string>& arguments) const {
  std::vector<std::string> all{"/bin/sh", "-c", line, "sh"};
  const auto called = command(arguments);
  all.insert(all.end(), called.begin(), called.end());
  return Process(all, {}, outputs_.path()).wait();
}

Outcome PackageStand::tool(const std::vector<std::string>& command) const {
  std::vector<std::string> all{"/usr/bin/env"};
  all.insert(all.end(), command.begin(), command.end());
  return Process(all, {{"LC_ALL", "C.UTF-8"}}, outputs_.path()).wait();
}

fs::path PackageStand::naver(const std::string& content_id) const {
  return out() / fmt::format("naver_{}.zip", content_id);
}

fs::path PackageStand::unique(const std::string& content_id) const {
  return out() / fmt::format("unique_{}.zip", content_id);
}

fs::path PackageStand::unpack(const fs::path& zip) const {
  auto target = folder_ / zip.stem().string();
  fs::remove_all(target);
  const Outcome outcome = tool({"unzip", "-q", zip.string(), "-d", target.string()});
  if (outcome.exit_code != 0) throw std::runtime_error(outcome.out + outcome.err);
  return target;
}

nlohmann::json summary_of(const Outcome& outcome) {
  auto json = nlohmann::json::parse(outcome.out, nullptr, false);
  if (json.is_discarded()) throw std::runtime_error("no summary; standard error was:\n" + outcome.err);
  return json;
}

nlohmann::json post_in(const nlohmann::json& summary, const std::string& content_id) {
  for (const auto& post : summary.at("packages"))
    if (post.at("content_id") == content_id) return post;
  throw std::runtime_error("the summary has no post " + content_id);
}

std::vector<std::string> reasons_of(const nlohmann::json& summary, const std::string& content_id) {
  return post_in(summary, content_id).at("reasons");
}

std::vector<std::string> notes_of(const nlohmann::json& summary, const std::string& content_id) {
  return post_in(summary, content_id).at("notes");
}

std::vector<std::string> statuses(const nlohmann::json& summary) {
  std::vector<std::string> all;
  for (const auto& post : summary.at("packages"))
    all.push_back(post.at("content_id").get<std::string>() + " " + post.at("status").get<std::string>());
  return all;
}

MetricValue metric(const nlohmann::json& summary, std::string_view name, std::string_view labels) {
  constexpr std::size_t kName = 4;
  constexpr std::size_t kLabels = 5;
  constexpr std::size_t kCount = 7;
  constexpr std::size_t kSum = 8;
  for (const auto& line : CsvParser(read_file(summary.at("metrics_csv").get<std::string>())).parse()) {
    if (line.at(kName) != name || line.at(kLabels) != labels) continue;
    const double sum = std::stod(line.at(kSum));
    return {line.at(kCount).empty() ? sum : std::stod(line.at(kCount)), sum};
  }
  throw std::runtime_error(fmt::format("no metric {} {}", name, labels));
}

nlohmann::json json_file(const fs::path& file) {
  return nlohmann::json::parse(read_file(file));
}

std::map<std::string, std::string> digests(const fs::path& folder) {
  std::map<std::string, std::string> found;
  Sha256Hasher hasher;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (!entry.is_directory())
      found[entry.path().lexically_relative(folder).string()] = to_hex(hasher.hash(read_file(entry.path())));
  return found;
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& [name, digest] : digests(folder)) names.push_back(name);
  return names;
}

std::string small_photo(int scene) {
  return photo({.seed = static_cast<std::uint64_t>(scene)}, 320, 240);
}

}  // namespace pipeline::test
