#pragma once

#include "support/process.h"
#include "support/sql.h"
#include "support/temp_dir.h"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::test {

// A post's folder, as its author would fill it. After a change of `json`, write() it.
class PostFiles {
 public:
  explicit PostFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}

  nlohmann::ordered_json json;
  const PostFiles& write() const;  // post.json
  const PostFiles& put(std::string_view name, std::string_view bytes) const;

  [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }
  [[nodiscard]] std::filesystem::path operator/(std::string_view name) const { return folder_ / name; }

 private:
  std::filesystem::path folder_;
};

// The real executable with a database, an output and a metrics folder of its own, and posts the test writes. The
// products 1001 to 1009 are in the database, with seller codes S1 to S9, and none waits in the queue.
class PackageStand {
 public:
  PackageStand();

  // A post below posts() whose pictures images/1.jpg … show these scenes: equal numbers, equal pictures.
  [[nodiscard]] PostFiles post(const std::string& content_id, const std::vector<int>& scenes,
                               const std::string& sku = "1001") const;
  void upsert(std::string_view rows) const;

  // `arguments` follow `package --json` with database, output and metrics folder.
  [[nodiscard]] Process start(const std::vector<std::string>& arguments) const;
  [[nodiscard]] Outcome run(const std::vector<std::string>& arguments) const { return start(arguments).wait(); }
  // The same, and the summary that came back. Throws what came on standard error when there is none.
  [[nodiscard]] nlohmann::json summary(const std::vector<std::string>& arguments) const;
  // The same of all posts.
  [[nodiscard]] nlohmann::json build(std::vector<std::string> options = {}) const;
  // A shell line in which "$@" stands for the executable with its arguments: to set it limits.
  [[nodiscard]] Outcome shell(const std::string& line, const std::vector<std::string>& arguments) const;
  // Another program, which is looked for in the PATH.
  [[nodiscard]] Outcome tool(const std::vector<std::string>& command) const;

  // A post's packages, and the folder that unzip made of one.
  [[nodiscard]] std::filesystem::path naver(const std::string& content_id) const;
  [[nodiscard]] std::filesystem::path unique(const std::string& content_id) const;
  [[nodiscard]] std::filesystem::path unpack(const std::filesystem::path& zip) const;

  [[nodiscard]] SqlRows query(const std::string& sql) const { return run_sql(db(), sql); }
  [[nodiscard]] std::string value(const std::string& sql) const { return sql_value(db(), sql); }
  void execute(const std::string& sql) const { (void)run_sql(db(), sql); }

  [[nodiscard]] std::filesystem::path db() const { return folder_ / "store.db"; }
  [[nodiscard]] std::filesystem::path posts() const { return folder_ / "posts"; }
  [[nodiscard]] std::filesystem::path out() const { return folder_ / "packages"; }
  [[nodiscard]] std::filesystem::path metrics() const { return folder_ / "metrics"; }
  [[nodiscard]] const TempDir& folder() const noexcept { return folder_; }

 private:
  [[nodiscard]] std::vector<std::string> command(const std::vector<std::string>& arguments) const;

  TempDir folder_;
  TempDir outputs_;  // of children
};

// The summary on standard output. Throws what came on standard error when there is none.
[[nodiscard]] nlohmann::json summary_of(const Outcome& outcome);
// What the summary says of one post; throws when it says nothing.
[[nodiscard]] nlohmann::json post_in(const nlohmann::json& summary, const std::string& content_id);
[[nodiscard]] std::vector<std::string> reasons_of(const nlohmann::json& summary, const std::string& content_id);
[[nodiscard]] std::vector<std::string> notes_of(const nlohmann::json& summary, const std::string& content_id);
// Of all posts, `A built`, in the order of the summary.
[[nodiscard]] std::vector<std::string> statuses(const nlohmann::json& summary);

// A metric of the run whose summary it is: of a timer how often and how long, of a counter its value twice.
struct MetricValue {
  double count = 0;
  double sum = 0;
};
[[nodiscard]] MetricValue metric(const nlohmann::json& summary, std::string_view name, std::string_view labels = "");

[[nodiscard]] nlohmann::json json_file(const std::filesystem::path& file);
// The files in a folder and below, by their names in it, each with the digest of its bytes.
[[nodiscard]] std::map<std::string, std::string> digests(const std::filesystem::path& folder);
[[nodiscard]] std::vector<std::string> names_in(const std::filesystem::path& folder);
// A small picture; another scene shows something else.
[[nodiscard]] std::string small_photo(int scene);

}  // namespace pipeline::test
