#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/http/client.h"
#include "pipeline/metrics/metrics.h"
#include "pipeline/naver/credentials.h"
#include "pipeline/shop/shop.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace pipeline::naver {

inline constexpr std::string_view kBaseUrl = "https://api.commerce.naver.com/external";

struct ApiOptions {
  std::string base_url{kBaseUrl};
  Credentials credentials;
  std::optional<double> max_rate;  // requests a second and endpoint
  Nanoseconds timeout = std::chrono::seconds(30);
};

// Throws UsageError unless the URL is https, or http to a loopback address: secrets and tokens never travel in the
// clear.
void check_base_url(const std::string& base_url);

// The calls the project needs, with one token shared by all: asked for once, renewed before it ends, and once more when
// a call is refused with 401 (then that call is repeated; a second refusal ends the run). One thread, which drives it
// by step(). Borrows client, clock and metrics.
class Api final : public shop::Shop {
 public:
  Api(http::Client& client, const Clock& clock, metrics::Metrics& metrics, ApiOptions options);
  ~Api() override;

  [[nodiscard]] const shop::About& about() const noexcept override;
  void authenticate(std::function<void()> ready) override;
  void fetch_list_page(const shop::ListQuery& query, int page, Done done) override;
  void fetch_detail(const std::string& sku, Done done) override;  // the channel product number
  [[nodiscard]] bool is_own_sku(std::string_view sku) const noexcept override;
  void add_known_detail(const std::string& sku) override;
  void step(SteadyTime until) override;
  [[nodiscard]] bool idle() const noexcept override;
  void stop(std::string reason) override;
  [[nodiscard]] bool stopped() const noexcept override;
  [[nodiscard]] const std::string& stop_reason() const noexcept override;
  [[nodiscard]] shop::Ending ending() const noexcept override;
  [[nodiscard]] std::size_t details_in_trouble() const noexcept override;
  [[nodiscard]] std::optional<shop::Outage> outage() const override;
  [[nodiscard]] double detail_rate() const noexcept override;
  [[nodiscard]] RowNews compare_rows(std::string_view stored, const shop::ListPage::Row& row) const override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pipeline::naver
