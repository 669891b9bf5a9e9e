#pragma once

#include "pipeline/base/clock.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pipeline::http {

struct Request {
  std::string method = "GET";  // any but HEAD and CONNECT
  std::string url;
  std::vector<std::string> headers;  // "Name: value"
  std::string body;
  Nanoseconds timeout = std::chrono::seconds(30);  // from start to the last byte
};

// Names are found in any case (RFC 9110, 5.1); the last of several wins.
class Headers {
 public:
  void add(std::string_view name, std::string_view value);
  void clear() noexcept { fields_.clear(); }
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const noexcept;

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

// What came back of one attempt. `fault` is the transport's own complaint (reset, timeout, short body, refused): then
// the status is 0 or what had arrived, and the body is not to be used.
struct Response {
  int status = 0;
  Headers headers;
  std::string body;
  std::shared_ptr<void> content;  // what the endpoint's judge has read the body into, if it has
  std::string fault;
  bool untrusted = false;  // the fault: no trusted certificate, which no repeat mends
  bool unsent = false;     // the fault: no connection came about, so that nothing has reached the server
  SteadyTime started;
  Nanoseconds took{};
};

}  // namespace pipeline::http
