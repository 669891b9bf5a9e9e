#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/http/message.h"

#include <cstdint>
#include <vector>

namespace pipeline::http {

struct Completion {
  std::uint64_t id = 0;
  Response response;
};

// The wire: starts requests and tells which have ended. One thread uses it, but for wake().
class Transport {
 public:
  virtual ~Transport() = default;
  virtual void start(std::uint64_t id, Request request) = 0;
  // Waits until something has ended, `until` has come, or wake() was called; appends what has ended.
  virtual void poll(SteadyTime until, std::vector<Completion>& ended) = 0;
  // Ends a waiting poll() early, or the next one. Any thread.
  virtual void wake() noexcept = 0;
  // Drops all requests in flight; they are not reported.
  virtual void cancel_all() noexcept = 0;
};

}  // namespace pipeline::http
