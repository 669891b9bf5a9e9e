#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;
struct evp_md_st;

namespace pipeline {

using Sha256 = std::array<std::uint8_t, 32>;

// SHA-256 over pieces. One hasher is meant to be kept and reused: the digest is fetched and the context allocated once.
// Not thread-safe; one per thread. Throws Error when OpenSSL refuses (no memory, no provider).
class Sha256Hasher {
 public:
  Sha256Hasher();
  ~Sha256Hasher();
  Sha256Hasher(const Sha256Hasher&) = delete;
  Sha256Hasher& operator=(const Sha256Hasher&) = delete;

  void update(std::string_view bytes);
  [[nodiscard]] Sha256 finish();  // and starts over
  [[nodiscard]] Sha256 hash(std::string_view bytes) {
    update(bytes);
    return finish();
  }

 private:
  struct MdFree {
    void operator()(evp_md_st* md) const noexcept;
  };
  struct ContextFree {
    void operator()(evp_md_ctx_st* context) const noexcept;
  };
  std::unique_ptr<evp_md_st, MdFree> md_;
  std::unique_ptr<evp_md_ctx_st, ContextFree> context_;
};

[[nodiscard]] std::string to_hex(const Sha256& digest);

}  // namespace pipeline
