#include "listener.h"

#include "pipeline/base/text.h"

#include <cstddef>

namespace pipeline::cli {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kHalfSecond{500};  // a Date is cut to the second: on the average half of one is lost

}  // namespace

void Listener::poll(SteadyTime until, std::vector<http::Completion>& ended) {
  const std::size_t before = ended.size();
  inner_.poll(until, ended);
  for (std::size_t i = before; i < ended.size(); ++i) hear(ended[i].response);
}

void Listener::forget() noexcept {
  last_.reset();
  answers_ = 0;
}

void Listener::hear(const http::Response& response) {
  ++answers_;
  last_.emplace();
  last_->status = response.status;
  last_->headers = response.headers;
  last_->fault = response.fault;
  last_->untrusted = response.untrusted;
  last_->took = response.took;
  if (response.status >= 400) last_->body = response.body;
  const auto date = response.headers.find("Date");
  const auto server = date ? parse_http_date(*date) : std::nullopt;
  if (skew_ || !server) return;
  const auto half_way = std::chrono::duration_cast<milliseconds>(response.took / 2);
  skew_ = *server + kHalfSecond - (clock_.wall() - half_way);
}

}  // namespace pipeline::cli
