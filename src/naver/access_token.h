#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/http/client.h"
#include "pipeline/naver/api.h"
#include "pipeline/shop/shop.h"

#include <chrono>
#include <functional>
#include <string>

namespace pipeline::naver {

inline constexpr std::string_view kTokenPath = "/v1/oauth2/token";

// The token that all other calls carry: asked for, renewed before it ends, and asked for once more with the server's
// time when this machine's clock is why it was refused. Borrows all it is given.
class AccessToken {
 public:
  struct Grant {
    std::string text;
    std::chrono::seconds life{};
  };
  // What its owner answers, and does when it is told.
  struct Owner {
    std::function<bool()> is_waiting;  // a call waits for the token that is asked for
    std::function<void()> arrived;
    std::function<void(std::string reason, shop::Ending ending)> will_not_come;
  };

  // `base_url` without a slash at its end. The endpoint's answers carry a Grant as their content.
  AccessToken(http::Client& client, http::Endpoint& endpoint, const Clock& clock, const ApiOptions& options,
              std::string base_url, Owner owner);

  void request();
  // True when it ends soon enough to be renewed now.
  [[nodiscard]] bool is_due() const noexcept;
  [[nodiscard]] bool is_requested() const noexcept { return requested_; }
  [[nodiscard]] int generation() const noexcept { return generation_; }  // counts the tokens that came
  [[nodiscard]] std::string header() const { return "Authorization: Bearer " + grant_.text; }
  // The server's time, as far as a refusal has told how far this machine's is from it.
  [[nodiscard]] WallTime server_time() const { return clock_.wall() + skew_; }

 private:
  [[nodiscard]] bool is_valid() const noexcept { return !grant_.text.empty() && clock_.now() < expires_; }
  [[nodiscard]] http::Request make_request(const http::Attempt& attempt) const;
  void answered(const http::Result& result);
  void refused(const http::Result& result);
  bool correct_skew(const http::Response& response);

  http::Client& client_;
  http::Endpoint& endpoint_;
  const Clock& clock_;
  const ApiOptions& options_;
  const std::string base_url_;
  const Owner owner_;

  Grant grant_;
  int generation_ = 0;
  SteadyTime expires_;
  SteadyTime renew_after_;  // a renewal that failed is not tried again before
  bool requested_ = false;  // and not answered yet
  std::chrono::milliseconds skew_{};
  bool skew_corrected_ = false;
};

}  // namespace pipeline::naver
