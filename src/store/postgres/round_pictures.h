#pragma once

#include "pipeline/store/rounds.h"

#include "connection.h"

#include <string>

namespace pipeline::store::postgres {

// Whose pictures are whose, as the posts of a round are decided on: the tables package_posts and package_pictures.
class RoundPictures {
 public:
  // Borrows both.
  RoundPictures(Connection& connection, const std::string& worker) noexcept
      : connection_(connection), worker_(worker) {}

  [[nodiscard]] RoundTurn turn(std::int64_t place);
  [[nodiscard]] std::vector<Decision> decisions(std::int64_t since, std::int64_t place);
  void decide(std::int64_t place, const Decision& decision);
  void each_image(std::int64_t place, const std::function<void(std::string_view content_id, const PackedImage&)>& sink);
  [[nodiscard]] std::string look_of(std::string_view content_id, const Sha256& sha256);

 private:
  Connection& connection_;
  const std::string& worker_;
};

}  // namespace pipeline::store::postgres
