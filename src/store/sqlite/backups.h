#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/store/backups.h"

#include <filesystem>

namespace pipeline::store::sqlite {

class Backups final : public store::Backups {
 public:
  Backups(const std::filesystem::path& path, const Clock& clock);

  void copy_to(const std::filesystem::path& file, const Told& told) override;
  [[nodiscard]] CopyFacts examine(const std::filesystem::path& copy, const std::string& name) override;
  [[nodiscard]] CopyFacts examine() override;
  [[nodiscard]] std::filesystem::path beside(const std::string& word) const override;
  void put_in_place(const std::filesystem::path& copy, const std::filesystem::path& aside,
                    std::chrono::milliseconds patience) override;

 private:
  const std::filesystem::path path_;  // behind all links: a rename must not take the place of one
  const Clock& clock_;
};

}  // namespace pipeline::store::sqlite
