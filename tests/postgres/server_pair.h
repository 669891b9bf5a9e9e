#pragma once

#include "support/temp_dir.h"

#include <filesystem>
#include <memory>
#include <string>

namespace pipeline::test {

// Two servers, of which one follows the other: what the first has acknowledged, the second has. The first may be
// killed; the second takes its place, and a new one follows that. Throws where there are no programs of PostgreSQL's.
class ServerPair {
 public:
  ServerPair();
  ~ServerPair();
  ServerPair(const ServerPair&) = delete;
  ServerPair& operator=(const ServerPair&) = delete;

  // Of both, for --db, whichever is the primary.
  [[nodiscard]] std::string address() const {
    return address_of(first_->path().string() + "," + second_->path().string());
  }
  [[nodiscard]] std::string address_with_standby_first() const {
    return address_of(standby_->path().string() + "," + primary_->path().string());
  }
  [[nodiscard]] std::string address_of_primary() const { return address_of(primary_->path().string()); }
  [[nodiscard]] std::string address_of_standby() const { return address_of(standby_->path().string()); }

  enum class End { all_killed, first_process_killed, stopped_at_once, stopped };
  void end_primary(End how) const;
  void promote();      // the standby is the primary from now on
  void add_standby();  // in the place of the primary that has ended

 private:
  [[nodiscard]] static std::string address_of(const std::string& hosts) {
    return "postgresql://pipeline@/postgres?host=" + hosts;
  }

  std::unique_ptr<TempDir> first_ = std::make_unique<TempDir>();
  std::unique_ptr<TempDir> second_ = std::make_unique<TempDir>();
  const TempDir* primary_ = first_.get();
  const TempDir* standby_ = second_.get();
};

}  // namespace pipeline::test
