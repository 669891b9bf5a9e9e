#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace pipeline::store {

// What a copy of a database was found to be.
struct CopyFacts {
  std::int64_t schema = 0;  // its version
  std::int64_t products = 0;
  std::uint64_t bytes = 0;
};

// Copies of a database as files, and their way back. Each throws Error that names the file, and says what to do.
class Backups {
 public:
  virtual ~Backups() = default;

  // Told how far a copy is; what it throws ends the work.
  using Told = std::function<void(std::uint64_t bytes, std::uint64_t of)>;

  // The database as it is at one moment, into a file that is not there yet: step by step, with a pause behind each,
  // while others go on reading and writing. What they write meanwhile is not in it, and does not make it longer. An
  // older schema stays as it is.
  virtual void copy_to(const std::filesystem::path& file, const Told& told) = 0;

  // Reads all of a copy, which nobody writes to. Throws UsageError when it is no database, or another program's; Error
  // when it is damaged, or a newer program's. `name`: what to call it.
  [[nodiscard]] virtual CopyFacts examine(const std::filesystem::path& copy, const std::string& name) = 0;
  // The same of the database itself, which others may use.
  [[nodiscard]] virtual CopyFacts examine() = 0;

  // A file in the database's own folder: `store.db.WORD`.
  [[nodiscard]] virtual std::filesystem::path beside(const std::string& word) const = 0;

  // Makes a copy, which is beside() it, the database. What was there is `aside` then, whole, or as damaged as it was.
  // Ended at any moment, the one or the other is the database. The caller holds the run's lock. Throws TryLaterError
  // when another process has it open for longer than `patience`.
  virtual void put_in_place(const std::filesystem::path& copy, const std::filesystem::path& aside,
                            std::chrono::milliseconds patience) = 0;
};

}  // namespace pipeline::store
