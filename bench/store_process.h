#pragma once

#include "support/process.h"
#include "support/temp_dir.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace pipeline::bench {

// The emulator as a process of its own, so that it shares neither memory nor locks with what is measured. Ends with its
// owner. Throws std::runtime_error when it does not start or a control call is refused.
class StoreProcess {
 public:
  // `options` of my_store_emulator.
  explicit StoreProcess(std::vector<std::string> options);

  [[nodiscard]] const std::string& base_url() const noexcept { return base_url_; }
  // Control calls, as control.cpp names them.
  nlohmann::json control(const std::string& name, const nlohmann::json& body) const;
  [[nodiscard]] nlohmann::json stats() const;
  // Channel product numbers, oldest first: all, or those with a trait.
  [[nodiscard]] std::vector<std::int64_t> products(const std::string& trait = {}) const;
  // Where the details of all products are.
  [[nodiscard]] std::vector<std::string> detail_urls() const;
  void reset_stats() const { (void)control("stats/reset", {}); }
  // An access token, as any client gets one.
  [[nodiscard]] std::string token() const;

 private:
  test::TempDir folder_;
  test::Process process_;
  std::string base_url_;
};

// Of the emulator's stats: calls of `endpoint` (token, list, detail), all or those answered with `status`.
[[nodiscard]] double requests_to(const nlohmann::json& stats, const std::string& endpoint,
                                 const std::string& status = {});

}  // namespace pipeline::bench
