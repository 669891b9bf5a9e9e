#include "pipeline/naver/signature.h"

#include "pipeline/base/error.h"

#include <crypt.h>
#include <fmt/core.h>
#include <openssl/evp.h>

#include <cstring>
#include <memory>
#include <string_view>

namespace pipeline::naver {
namespace {

std::string base64(std::string_view bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(length));
  return out;
}

}  // namespace

std::string sign(const std::string& client_id, const std::string& client_secret, std::int64_t timestamp_ms) {
  const auto phrase = fmt::format("{}_{}", client_id, timestamp_ms);
  const auto data = std::make_unique<crypt_data>();  // 32 KB, zeroed: too much for the stack
  const char* hash = ::crypt_r(phrase.c_str(), client_secret.c_str(), data.get());
  // Another salt would be taken for another method's, and a failure token begins with '*' (crypt(3)).
  if (hash == nullptr || !std::string_view(hash).starts_with("$2"))
    throw UsageError(
        "NAVER_COMMERCE_CLIENT_SECRET is refused by bcrypt as a salt: copy it again from the Commerce API centre");
  std::string encoded = base64(hash);
  ::explicit_bzero(data.get(), sizeof(crypt_data));
  return encoded;
}

}  // namespace pipeline::naver
