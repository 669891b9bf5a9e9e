#include "sync_place.h"

#include "emulator/emulator.h"
#include "support/sql.h"

namespace pipeline::bench {
PipelineProcess SyncPlace::start(const std::vector<std::string>& arguments) const {
  const emulator::Options known;
  std::vector<std::string> all{"sync", "--base-url", store_.base_url(), "--db", db().string()};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return {all,
          folder_.path(),
          executable_,
          {{"NAVER_COMMERCE_CLIENT_ID", known.client_id}, {"NAVER_COMMERCE_CLIENT_SECRET", known.client_secret}}};
}

Run SyncPlace::sync(const std::vector<std::string>& arguments) const {
  return start(arguments).wait();
}

void SyncPlace::execute(const char* sql) const {
  (void)test::run_sql(db(), sql);
}

std::vector<std::string> SyncPlace::query(const std::string& sql, const char* before) const {
  const test::SqlConnection connection(db());
  (void)connection.run(before);
  std::vector<std::string> values;
  for (const auto& row : connection.run(sql)) values.push_back(row.front());
  return values;
}

}  // namespace pipeline::bench
