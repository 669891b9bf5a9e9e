#include "pipeline/base/sha256.h"

#include "pipeline/base/error.h"

#include <openssl/evp.h>

namespace pipeline {

void Sha256Hasher::MdFree::operator()(evp_md_st* md) const noexcept {
  EVP_MD_free(md);
}
void Sha256Hasher::ContextFree::operator()(evp_md_ctx_st* context) const noexcept {
  EVP_MD_CTX_free(context);
}

Sha256Hasher::Sha256Hasher() : md_(EVP_MD_fetch(nullptr, "SHA256", nullptr)), context_(EVP_MD_CTX_new()) {
  if (!md_ || !context_ || EVP_DigestInit_ex2(context_.get(), md_.get(), nullptr) != 1)
    throw Error("SHA-256 is not available from OpenSSL: check the installation of libssl3");
}

Sha256Hasher::~Sha256Hasher() = default;

void Sha256Hasher::update(std::string_view bytes) {
  if (EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) != 1)
    throw Error("SHA-256 update failed in OpenSSL");
}

Sha256 Sha256Hasher::finish() {
  Sha256 digest;
  unsigned int size = 0;
  if (EVP_DigestFinal_ex(context_.get(), digest.data(), &size) != 1 || size != digest.size() ||
      EVP_DigestInit_ex2(context_.get(), nullptr, nullptr) != 1)
    throw Error("SHA-256 finish failed in OpenSSL");
  return digest;
}

std::string to_hex(const Sha256& digest) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  hex.reserve(digest.size() * 2);
  for (const std::uint8_t byte : digest) {
    hex.push_back(kDigits[byte >> 4U]);
    hex.push_back(kDigits[byte & 15U]);
  }
  return hex;
}

}  // namespace pipeline
