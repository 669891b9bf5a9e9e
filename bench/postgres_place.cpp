#include "postgres_place.h"

#include "support/process.h"
#include "support/temp_dir.h"

#include <fmt/format.h>

#include <cstdlib>
#include <stdexcept>
#include <system_error>

namespace pipeline::bench {
namespace {

// Not in TMPDIR, which the server's user may not enter when the bench is root's.
std::filesystem::path make_folder() {
  std::string pattern = "/tmp/pipeline-postgres-XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp " + pattern);
  return pattern;
}

test::Outcome run_server(const char* command, const std::filesystem::path& folder,
                         const test::Process::Environment& environment = {}) {
  const std::vector<std::string> arguments{POSTGRES_SERVER_SCRIPT, command, folder.string()};
  const test::TempDir output;
  return test::Process(arguments, environment, output.path()).wait();
}

}  // namespace

PostgresPlace::PostgresPlace() : folder_(make_folder()) {
  const test::Outcome started = run_server("start", folder_, {{"FSYNC", "on"}});
  if (started.exit_code != 0) throw std::runtime_error("no PostgreSQL server: " + started.err);
  server_ = started.out.substr(0, started.out.find('\n'));
}

PostgresPlace::~PostgresPlace() {
  (void)run_server("stop", folder_);
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string PostgresPlace::schema() const {
  return fmt::format("store_{}", store_);
}

std::string PostgresPlace::db() const {
  return fmt::format("{}&schema={}", server_, schema());
}

Run PostgresPlace::upsert(const std::filesystem::path& file) const {
  const test::TempDir output;
  return PipelineProcess({"upsert", file.string(), "--db", db()}, output.path()).wait();
}

}  // namespace pipeline::bench
