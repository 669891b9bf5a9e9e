#include "support/sync_stand.h"

#include "support/sql.h"

#include <stdexcept>

namespace pipeline::test {

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
  return sql_value(db(), sql);
}

void SyncStand::execute(const std::string& sql) const {
  (void)run_sql(db(), sql);
}

}  // namespace pipeline::test
