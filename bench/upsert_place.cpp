#include "upsert_place.h"

namespace pipeline::bench {

Run UpsertPlace::upsert(const std::filesystem::path& file, const std::vector<std::string>& arguments) const {
  std::vector<std::string> all{"upsert", file.string(), "--db", db().string()};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return PipelineProcess(all, folder_.path(), executable_).wait();
}

std::filesystem::path UpsertPlace::new_db() const {
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) std::filesystem::remove(db().string() + suffix);
  return db();
}

}  // namespace pipeline::bench
