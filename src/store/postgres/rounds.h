#pragma once

#include "pipeline/store/rounds.h"

#include "connection.h"
#include "lease.h"
#include "round_pictures.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pipeline::store::postgres {

// The round of the workers of one store, in the tables package_*. Whoever has a row in `run_lock` is at work; a post
// whose worker has none any more is anybody's.
class Rounds final : public store::Rounds {
 public:
  // Of a connection whose lease is shared.
  explicit Rounds(std::shared_ptr<Connection> connection)
      : connection_(std::move(connection)), worker_(connection_->lease()->name()), pictures_(*connection_, worker_) {}

  [[nodiscard]] bool is_shared() const noexcept override { return true; }
  [[nodiscard]] Begun begin(const std::string& name) override;
  [[nodiscard]] Step next() override;
  [[nodiscard]] Stage stage() override;
  [[nodiscard]] std::vector<RoundOutcome> outcomes() override;
  void lay_out(const Stage& stage, std::span<const std::string> folders) override;
  void close() override;
  [[nodiscard]] bool leave() override;
  [[nodiscard]] std::optional<RoundPost> take() override;
  void give_back(std::int64_t place) override;
  [[nodiscard]] std::optional<RoundPost> take_before(std::int64_t place, std::optional<std::int64_t> lost) override;
  void finish(std::int64_t place, const std::string& why) override;
  void confirm() override;
  [[nodiscard]] RoundTurn turn(std::int64_t place) override { return pictures_.turn(place); }
  [[nodiscard]] std::vector<Decision> decisions(std::int64_t since, std::int64_t place) override {
    return pictures_.decisions(since, place);
  }
  void decide(std::int64_t place, const Decision& decision) override { pictures_.decide(place, decision); }
  void each_image(std::int64_t place,
                  const std::function<void(std::string_view content_id, const PackedImage&)>& sink) override {
    pictures_.each_image(place, sink);
  }
  [[nodiscard]] std::string look_of(std::string_view content_id, const Sha256& sha256) override {
    return pictures_.look_of(content_id, sha256);
  }

 private:
  [[nodiscard]] Statement standing() const;
  [[nodiscard]] Step claim_planning();
  [[nodiscard]] bool plans(Transaction& transaction) const;

  const std::shared_ptr<Connection> connection_;
  const std::string worker_;
  std::string round_;
  RoundPictures pictures_;
};

}  // namespace pipeline::store::postgres
