#pragma once

#include "pipeline/store/rounds.h"

#include <cstddef>
#include <set>
#include <string>
#include <vector>

namespace pipeline::store {

// The round of a worker that is alone with the store: in memory, and gone with it. Borrows the packages.
class LoneRound final : public Rounds {
 public:
  explicit LoneRound(Packages& packages) noexcept : packages_(packages) {}

  [[nodiscard]] bool is_shared() const noexcept override { return false; }
  [[nodiscard]] Begun begin(const std::string& name) override;
  [[nodiscard]] Step next() override;
  [[nodiscard]] Stage stage() override;
  [[nodiscard]] std::vector<RoundOutcome> outcomes() override { return posts_; }
  void lay_out(const Stage& stage, std::span<const std::string> folders) override;
  void close() override;
  [[nodiscard]] bool leave() override { return is_open_; }
  [[nodiscard]] std::optional<RoundPost> take() override;
  void give_back(std::int64_t place) override;
  [[nodiscard]] std::optional<RoundPost> take_before(std::int64_t, std::optional<std::int64_t>) override { return {}; }
  void finish(std::int64_t place, const std::string& why) override;
  void confirm() override {}
  [[nodiscard]] RoundTurn turn(std::int64_t) override { return {.come = true}; }
  [[nodiscard]] std::vector<Decision> decisions(std::int64_t, std::int64_t) override { return {}; }
  void decide(std::int64_t, const Decision&) override {}
  void each_image(std::int64_t place,
                  const std::function<void(std::string_view content_id, const PackedImage&)>& sink) override;
  [[nodiscard]] std::string look_of(std::string_view content_id, const Sha256& sha256) override;

 private:
  Packages& packages_;
  bool is_open_ = false;
  Stage stage_;
  std::vector<RoundOutcome> posts_;  // by place, from 1
  std::size_t taken_ = 0;            // so many of them, but those that were given back
  std::set<std::int64_t> given_back_;
  std::size_t done_ = 0;
};

}  // namespace pipeline::store
