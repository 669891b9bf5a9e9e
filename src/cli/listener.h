#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/http/transport.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace pipeline::cli {

// A transport that keeps what came last, for who wants to see what the layers above it use up. Borrows both.
class Listener final : public http::Transport {
 public:
  Listener(http::Transport& inner, const Clock& clock) : inner_(inner), clock_(clock) {}

  void start(std::uint64_t id, http::Request request) override { inner_.start(id, std::move(request)); }
  void poll(SteadyTime until, std::vector<http::Completion>& ended) override;
  void wake() noexcept override { inner_.wake(); }
  void cancel_all() noexcept override { inner_.cancel_all(); }

  // The last that came since forget(): with its headers, with its body only where it is an error's.
  [[nodiscard]] const std::optional<http::Response>& last() const noexcept { return last_; }
  [[nodiscard]] int answers() const noexcept { return answers_; }  // since forget(), faults among them
  void forget() noexcept;

  // The server's clock minus this machine's, by the first answer that had a Date: its seconds are whole ones.
  [[nodiscard]] const std::optional<std::chrono::milliseconds>& skew() const noexcept { return skew_; }

 private:
  void hear(const http::Response& response);

  http::Transport& inner_;
  const Clock& clock_;
  std::optional<http::Response> last_;
  int answers_ = 0;
  std::optional<std::chrono::milliseconds> skew_;
};

}  // namespace pipeline::cli
