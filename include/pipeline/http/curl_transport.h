#pragma once

#include "pipeline/http/transport.h"

#include <cstddef>
#include <memory>
#include <string>

namespace pipeline::http {

// Transport over one libcurl multi handle: connections and easy handles are reused, HTTP/2 and gzip are used where the
// server offers them, certificates are checked, redirects are not followed (that is the client's decision), bodies over
// `max_body` end the request with a fault. Connect timeout 10 s or the request's, whichever is shorter. Certificates
// come from the file in CURL_CA_BUNDLE or SSL_CERT_FILE where one is set, else from the system; a proxy from the
// environment, as with curl, but never for loopback. Faults are named in libcurl's words.
//
// One thread, but for wake(). Borrows the clock. Throws Error when libcurl cannot be used at all; what goes wrong with
// a request is its fault text.
class CurlTransport final : public Transport {
 public:
  struct Options {
    std::size_t max_connections = 10;
    std::size_t max_body = std::size_t{64} << 20;
    std::string user_agent = "pipeline";
    // For a process that ends soon: its end does not wait for a name that is still being looked up.
    bool quick_exit = false;
  };

  CurlTransport(const Clock& clock, Options options);
  ~CurlTransport() override;

  void start(std::uint64_t id, Request request) override;
  void poll(SteadyTime until, std::vector<Completion>& ended) override;
  void wake() noexcept override;
  void cancel_all() noexcept override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pipeline::http
