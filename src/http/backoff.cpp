#include "pipeline/http/backoff.h"

#include <algorithm>

namespace pipeline::http {

Backoff::Backoff(Options options, std::uint64_t seed) : options_(options), random_(seed) {}

Nanoseconds Backoff::delay(int retry) {
  // Doubling stops at the cap, long before it could overflow.
  Nanoseconds bound = std::min(options_.base, options_.cap);
  for (int n = 1; n < retry && bound < options_.cap; ++n) bound = std::min(bound * 2, options_.cap);
  return Nanoseconds(std::uniform_int_distribution<Nanoseconds::rep>(0, bound.count())(random_));
}

}  // namespace pipeline::http
