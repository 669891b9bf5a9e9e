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

// The real executable with a database and a metrics folder of its own, and product files the test writes.
class UpsertStand {
 public:
  // `arguments` follow `upsert --json --db FILE --metrics-dir DIR`; `input` is what stands on standard input.
  [[nodiscard]] Process start(const std::vector<std::string>& arguments, const Fd& input = {}) const;
  [[nodiscard]] Outcome run(const std::vector<std::string>& arguments, const Fd& input = {}) const;
  // The same, and the summary that came back. Throws what came on standard error when there is none.
  [[nodiscard]] nlohmann::json summary(const std::vector<std::string>& arguments, const Fd& input = {}) const;
  // The same with one file of these bytes, the same file each time.
  [[nodiscard]] nlohmann::json feed(std::string_view bytes, std::vector<std::string> arguments = {}) const;
  // The same without --json.
  [[nodiscard]] Outcome text(const std::vector<std::string>& arguments) const;
  // A shell line in which "$@" stands for the executable with its arguments: to set it limits.
  [[nodiscard]] Outcome shell(const std::string& line, const std::vector<std::string>& arguments) const;

  // Writes a file beside the database and gives its path.
  [[nodiscard]] std::string file(const std::string& name, std::string_view bytes) const;

  [[nodiscard]] SqlRows query(const std::string& sql) const { return run_sql(db(), sql); }
  [[nodiscard]] std::string value(const std::string& sql) const { return sql_value(db(), sql); }
  void execute(const std::string& sql) const { (void)run_sql(db(), sql); }
  // What was queued so far has been taken note of.
  void settle_queue() const { execute("DELETE FROM refresh_queue"); }
  // sku, reason and changes of what waits, in the order of the sku.
  [[nodiscard]] SqlRows pending() const;

  // A metric of the run whose summary it is: of a timer how often and how long, of a counter its value twice.
  struct Metric {
    double count = 0;
    double sum = 0;
  };
  [[nodiscard]] Metric metric(const nlohmann::json& summary, std::string_view name) const;

  // All files, in folders too, each with the digest of what is in it.
  [[nodiscard]] std::map<std::string, std::string> files() const;

  [[nodiscard]] std::filesystem::path db() const { return folder_ / "store.db"; }
  [[nodiscard]] std::filesystem::path metrics() const { return folder_ / "metrics"; }
  [[nodiscard]] const TempDir& folder() const noexcept { return folder_; }
  // Where a child's output is collected: not among the files.
  [[nodiscard]] const TempDir& outputs() const noexcept { return outputs_; }

 private:
  [[nodiscard]] std::vector<std::string> command(const std::vector<std::string>& arguments, bool json = true) const;

  TempDir folder_;
  TempDir outputs_;
};

// The summary on standard output. Throws what came on standard error when there is none.
[[nodiscard]] nlohmann::json summary_of(const Outcome& outcome);
// The digest of a file, in hexadecimal digits.
[[nodiscard]] std::string digest_of(const std::filesystem::path& path);
// JSON Lines of these rows.
[[nodiscard]] std::string lines(const std::vector<std::string>& rows);
// A row of MY_STORE; `more` are members behind the price, each with a comma before it.
[[nodiscard]] std::string row(std::string_view sku, int price, std::string_view more = "");

// All columns but the times and the run: two roads to the same products end in the same rows.
inline constexpr const char* kProducts =
    "SELECT sku, hex(content_hash), hex(list_hash), parse_status, removed_at, modified_at, source, origin_product_no, "
    "channel_product_no, seller_management_code, name, status, display_status, sale_price, discounted_price, "
    "stock_quantity, category_id, category_name, brand, manufacturer, image_url, parse_error, list_json, raw_json "
    "FROM products ORDER BY sku";
// The same of the queue.
inline constexpr const char* kPending =
    "SELECT sku, reason, changes FROM refresh_queue WHERE status = 'PENDING' ORDER BY sku";

}  // namespace pipeline::test
