#pragma once

#include "pipeline/base/run_lock.h"
#include "pipeline/store/database.h"

#include <filesystem>
#include <memory>
#include <string>

namespace pipeline::store::sqlite {

// A database in a file; the run's lock is `<file>.lock`.
class FileDatabase final : public Database {
 public:
  explicit FileDatabase(std::filesystem::path path) : path_(std::move(path)), name_(path_.string()) {}

  [[nodiscard]] const std::string& name() const noexcept override { return name_; }
  [[nodiscard]] bool is_there() const override;
  void check_place() const override;
  [[nodiscard]] bool is_in(const std::filesystem::path& file) const override;
  [[nodiscard]] Lock lock(std::string_view what, WallTime now) override;
  [[nodiscard]] Store open(const Clock& clock, const Opening& opening) override;

 private:
  const std::filesystem::path path_;
  const std::string name_;
  std::weak_ptr<RunLock> lock_;
};

}  // namespace pipeline::store::sqlite
