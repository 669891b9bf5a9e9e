#include "inspection.h"

#include "pipeline/base/error.h"
#include "pipeline/base/file.h"
#include "pipeline/base/folder.h"
#include "pipeline/base/run_lock.h"

#include "connection.h"
#include "damage.h"
#include "foreign_log.h"
#include "schema.h"
#include "twins.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <string>
#include <system_error>
#include <utility>

namespace fs = std::filesystem;

namespace pipeline::store::sqlite {
namespace {

constexpr std::chrono::milliseconds kPatience{500};  // for another process's write
constexpr std::size_t kSharedBytes = 32'768;         // as much of the log's index as SQLite maps at a time

[[noreturn]] void refuse_place(const fs::path& folder, std::string_view what, int reason) {
  throw UsageError(
      fmt::format("{}: its file system lacks the {} that a database needs, as network shares and some mounts do ({}): "
                  "put the database on a local disk, and name it with --db",
                  folder.string(), what, std::generic_category().message(reason)));
}

// What SQLite asks of the file beside the database: a lock on some bytes, and memory that all processes share.
void try_shared_memory(int fd, const fs::path& folder) {
  struct flock range {};
  range.l_type = F_WRLCK;
  range.l_whence = SEEK_SET;
  range.l_start = 120;
  range.l_len = 1;
  if (::fcntl(fd, F_SETLK, &range) != 0) refuse_place(folder, "locks", errno);
  if (::ftruncate(fd, kSharedBytes) != 0) refuse_place(folder, "space for a log", errno);
  void* memory = ::mmap(nullptr, kSharedBytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (memory == MAP_FAILED) refuse_place(folder, "shared memory", errno);
  ::munmap(memory, kSharedBytes);
}

class FileInspection final : public Inspection {
 public:
  FileInspection(fs::path path, const Clock& clock) : path_(std::move(path)), clock_(clock) {}

  [[nodiscard]] SchemaVersion version() override;
  [[nodiscard]] Damage look_through(SteadyTime until) override;
  [[nodiscard]] Room room() override;
  void check_writable() override { sqlite::check_writable(path_); }
  [[nodiscard]] PlaceTrial try_place() override;
  [[nodiscard]] std::optional<std::string> holder() override { return holder_of_run_lock(path_); }
  [[nodiscard]] bool has_foreign_log(SteadyTime until) override;
  [[nodiscard]] std::vector<fs::path> litter() override;
  [[nodiscard]] std::vector<Twin> twins(std::string_view source) override { return twins_of(path_, source, clock_); }

 private:
  [[nodiscard]] Nanoseconds time_until(SteadyTime until) const {
    return std::max(until - clock_.now(), Nanoseconds(0));
  }

  const fs::path path_;
  const Clock& clock_;
};

SchemaVersion FileInspection::version() {
  Connection connection(path_, Connection::Mode::any_schema, clock_, nullptr, kPatience);
  return {schema_version(connection), kSchemaVersion};
}

Damage FileInspection::look_through(SteadyTime until) {
  const Connection connection(path_, Connection::Mode::any_schema, clock_, nullptr, kPatience);
  return sqlite::look_through(connection, time_until(until));
}

Room FileInspection::room() {
  std::error_code missing;
  const auto size_of = [&](const fs::path& file) {
    const auto size = fs::file_size(file, missing);
    return missing ? std::uintmax_t{0} : size;
  };
  return {.database = size_of(path_),
          .log = size_of(path_.string() + "-wal"),
          .free = fs::space(folder_of(path_)).available};
}

// In a file without a name, which nobody sees and which goes with its descriptor.
PlaceTrial FileInspection::try_place() {
  const fs::path folder = folder_of(path_);
  const Fd fd(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (!fd) return PlaceTrial::untried;
  try_shared_memory(fd.get(), folder);
  return PlaceTrial::fit;
}

bool FileInspection::has_foreign_log(SteadyTime until) {
  if (room().log == 0) return false;
  const bool is_damaged = [&] {
    try {
      return !look_through(until).faults.empty();
    } catch (const TryLaterError&) {
      return false;
    } catch (const Error&) {  // so much so that it can't be opened
      return true;
    }
  }();
  return is_damaged && is_whole_without_log(path_, time_until(until));
}

std::vector<fs::path> FileInspection::litter() {
  std::vector<fs::path> found;
  for (const char* end : {"", "-journal", "-wal", "-shm"})
    if (const fs::path file = path_.string() + ".restoring" + end; is_there(file)) found.push_back(file);
  return found;
}

}  // namespace

std::unique_ptr<Inspection> inspect_file(const fs::path& path, const Clock& clock) {
  return std::make_unique<FileInspection>(path, clock);
}

}  // namespace pipeline::store::sqlite
