#include "support/sync_stand.h"

#include <sqlite3.h>

#include <memory>
#include <stdexcept>

namespace pipeline::test {
namespace {

struct CloseDatabase {
  void operator()(sqlite3* database) const noexcept { sqlite3_close(database); }
};

int collect_row(void* rows, int columns, char** values, char**) {
  auto& row = static_cast<std::vector<std::vector<std::string>>*>(rows)->emplace_back();
  for (int i = 0; i < columns; ++i) row.emplace_back(values[i] == nullptr ? "NULL" : values[i]);
  return 0;
}

std::vector<std::vector<std::string>> run_sql(const std::filesystem::path& path, const std::string& sql) {
  sqlite3* raw = nullptr;
  sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE, nullptr);
  const std::unique_ptr<sqlite3, CloseDatabase> database(raw);
  sqlite3_busy_timeout(database.get(), 10'000);
  std::vector<std::vector<std::string>> rows;
  if (sqlite3_exec(database.get(), sql.c_str(), collect_row, &rows, nullptr) != SQLITE_OK)
    throw std::runtime_error(path.string() + ": " + sql + ": " + sqlite3_errmsg(database.get()));
  return rows;
}

}  // namespace

std::string pipeline_binary() {
  return PIPELINE_BINARY;
}

SyncStand::SyncStand(emulator::Options options)
    : environment{{"NAVER_COMMERCE_CLIENT_ID", options.client_id},
                  {"NAVER_COMMERCE_CLIENT_SECRET", options.client_secret}},
      emulator_(clock_, options),
      server_(emulator_) {
  server_.start();
}

Process SyncStand::start(const std::vector<std::string>& arguments) const {
  std::vector<std::string> all{pipeline_binary(), "sync",          "--json",          "--base-url", base_url(), "--db",
                               db().string(),     "--metrics-dir", metrics().string()};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return Process(all, environment, folder_.path());
}

Outcome SyncStand::sync(const std::vector<std::string>& arguments) const {
  return start(arguments).wait();
}

nlohmann::json SyncStand::summary(const std::vector<std::string>& arguments) const {
  const Outcome outcome = sync(arguments);
  auto json = nlohmann::json::parse(outcome.out, nullptr, false);
  if (json.is_discarded()) throw std::runtime_error("no summary; standard error was:\n" + outcome.err);
  return json;
}

std::vector<std::vector<std::string>> SyncStand::query(const std::string& sql) const {
  return run_sql(db(), sql);
}

std::string SyncStand::value(const std::string& sql) const {
  const auto rows = query(sql);
  return rows.empty() ? "no row" : rows.front().front();
}

void SyncStand::execute(const std::string& sql) const {
  (void)run_sql(db(), sql);
}

}  // namespace pipeline::test
