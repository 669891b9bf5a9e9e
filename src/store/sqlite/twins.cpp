#include "twins.h"

#include "pipeline/base/error.h"
#include "pipeline/base/folder.h"

#include "connection.h"
#include "schema.h"
#include "source_identity.h"
#include "statement.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <optional>
#include <string>
#include <system_error>

namespace fs = std::filesystem;

namespace pipeline::store::sqlite {
namespace {

constexpr std::chrono::milliseconds kTwinPatience{500};

// By the first bytes of the file (SQLite's file format, 1.3), so that no other program's is opened.
bool is_ours(const fs::path& file) {
  constexpr std::size_t kApplication = 68;  // where the application's id stands
  std::string head(kApplication + 4, '\0');
  std::ifstream in(file, std::ios::binary);
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  std::uint32_t application = 0;
  for (std::size_t i = 0; i < 4; ++i)
    application = application << 8U | static_cast<unsigned char>(head[kApplication + i]);
  return head.starts_with("SQLite format 3") && application == std::uint32_t{kApplicationId};
}

std::optional<WallTime> last_run(Connection& connection) {
  Statement read(connection, "look up the last run", "SELECT max(started_at) FROM runs");
  const Statement::Use use(read);
  if (!read.step() || read.is_null(0)) return std::nullopt;
  return WallTime(std::chrono::milliseconds(read.integer(0)));
}

std::optional<catalogue::SourceIdentity> owner_of(const fs::path& file, std::string_view source, const Clock& clock) {
  Connection connection(file, Connection::Mode::any_schema, clock, nullptr, kTwinPatience);
  return read_identity(connection, source);
}

std::optional<Twin> as_twin(const fs::path& file, const catalogue::SourceIdentity& owner, const Clock& clock) {
  try {
    Connection connection(file, Connection::Mode::any_schema, clock, nullptr, kTwinPatience);
    const auto other = read_identity(connection, owner.source);
    if (!other || other->digest != owner.digest) return std::nullopt;
    return Twin{file.string(), last_run(connection)};
  } catch (const Error&) {  // damaged, or of a newer version: whose it is can't be told
    return std::nullopt;
  }
}

}  // namespace

std::vector<Twin> twins_of(const fs::path& path, std::string_view source, const Clock& clock) {
  std::vector<Twin> twins;
  const auto owner = owner_of(path, source, clock);
  if (!owner) return twins;
  const std::string name = path.filename().string();
  std::error_code error;
  for (fs::directory_iterator entry(folder_of(path), error), end; !error && entry != end; entry.increment(error)) {
    const std::string other = entry->path().filename().string();
    if (other.starts_with(name) || !entry->is_regular_file(error) || !is_ours(entry->path())) continue;
    if (auto twin = as_twin(entry->path(), *owner, clock)) twins.push_back(std::move(*twin));
  }
  std::ranges::sort(twins, {}, &Twin::name);
  return twins;
}

}  // namespace pipeline::store::sqlite
