#pragma once

#include "pipeline/base/clock.h"

#include "emulator/random.h"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace pipeline::emulator {

// The fields of an application/x-www-form-urlencoded body, decoded; the last of doubled names wins.
using Form = std::map<std::string, std::string, std::less<>>;
[[nodiscard]] Form parse_form(std::string_view body);

// base64( bcrypt( client_id + "_" + timestamp, salt = secret ) ); none when the secret is no bcrypt salt.
[[nodiscard]] std::optional<std::string> sign(std::string_view client_id, std::string_view timestamp,
                                              const std::string& secret);

// Checks signatures with the store's secret. bcrypt is slow by intent, so each timestamp's signature is computed once.
// Thread-safe. Throws std::invalid_argument for a secret that is no bcrypt salt.
class SignatureVerifier {
 public:
  SignatureVerifier(std::string client_id, std::string secret);
  [[nodiscard]] bool matches(const std::string& timestamp, std::string_view signature);

 private:
  const std::string client_id_;
  const std::string secret_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::string> signatures_;  // by timestamp; under mutex_
};

// The tokens given out: one per resource (the own store, or a seller's account) until it nears its end; replaced ones
// stay valid to theirs. Not thread-safe.
class TokenBook {
 public:
  TokenBook(std::uint64_t seed, std::chrono::seconds life, std::chrono::seconds renewal)
      : random_(seed), life_(life), renewal_(renewal) {}

  struct Issued {
    std::string token;
    std::int64_t expires_in = 0;
    bool is_new = false;
  };
  Issued issue(const std::string& resource, WallTime now);
  [[nodiscard]] bool accepts(const std::string& token, WallTime now) const;
  void revoke_all() noexcept;
  void refuse_all(bool refuse) noexcept { refuse_all_ = refuse; }

 private:
  struct Token {
    std::string value;
    WallTime ends;
  };
  std::string make_token();

  Random random_;
  const std::chrono::seconds life_;
  const std::chrono::seconds renewal_;
  bool refuse_all_ = false;
  std::unordered_map<std::string, Token> current_;  // by resource
  std::unordered_map<std::string, WallTime> ends_;  // of all valid tokens
};

}  // namespace pipeline::emulator
