#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

struct sqlite3;

namespace pipeline::test {

// All values as text, NULL as `NULL`.
using SqlRows = std::vector<std::vector<std::string>>;

// A connection as another program would have one: it knows nothing of the project's own. The file has to be there.
// Throws std::runtime_error with the statement that failed.
class SqlConnection {
 public:
  explicit SqlConnection(const std::filesystem::path& path);
  SqlRows run(const std::string& sql) const;

 private:
  struct Close {
    void operator()(sqlite3* database) const noexcept;
  };
  std::string path_;
  std::unique_ptr<sqlite3, Close> database_;
};

// One statement, or several, on a connection of its own.
SqlRows run_sql(const std::filesystem::path& path, const std::string& sql);
// The first value of the first row; `no row`.
[[nodiscard]] std::string sql_value(const std::filesystem::path& path, const std::string& sql);

}  // namespace pipeline::test
