#pragma once

#include "pipeline/base/file.h"

#include <string>
#include <string_view>
#include <thread>

namespace pipeline::test {

// A server on a loopback port of its own that treats each connection the same way: reads one request's head, writes the
// given bytes and ends the connection, as they are and as no HTTP library would.
class RawServer {
 public:
  enum class End { close, reset };
  RawServer(std::string answer, End end);
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  [[nodiscard]] std::string url(std::string_view path = "/") const;

 private:
  void serve();

  const std::string answer_;
  const End end_;
  Fd listener_;
  int port_ = 0;
  std::thread thread_;
};

// A loopback port nobody listens on.
[[nodiscard]] int unused_port();

}  // namespace pipeline::test
