#include "emulator/token.h"

#include <crypt.h>
#include <openssl/evp.h>

#include <memory>
#include <stdexcept>

namespace pipeline::emulator {

namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
    if (low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

std::string base64(std::string_view bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // EVP_EncodeBlock ends it with a NUL
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(length));
  return out;
}

}  // namespace

Form parse_form(std::string_view body) {
  Form form;
  while (!body.empty()) {
    const std::string_view field = body.substr(0, body.find('&'));
    body.remove_prefix(std::min(body.size(), field.size() + 1));
    const std::size_t equals = field.find('=');
    if (field.empty()) continue;
    form[decode(field.substr(0, equals))] =
        equals == std::string_view::npos ? std::string() : decode(field.substr(equals + 1));
  }
  return form;
}

std::optional<std::string> sign(std::string_view client_id, std::string_view timestamp, const std::string& secret) {
  // A setting alone would also be hashed by older, faster schemes.
  if (!secret.starts_with("$2") || secret.size() != 29) return std::nullopt;
  const auto scratch = std::make_unique<crypt_data>();  // 32 KB: too much for a thread's stack
  const std::string phrase = std::string(client_id) + '_' + std::string(timestamp);
  const char* const hash = crypt_r(phrase.c_str(), secret.c_str(), scratch.get());
  if (hash == nullptr || hash[0] == '*') return std::nullopt;
  return base64(hash);
}

SignatureVerifier::SignatureVerifier(std::string client_id, std::string secret)
    : client_id_(std::move(client_id)), secret_(std::move(secret)) {
  if (!sign(client_id_, "0", secret_)) throw std::invalid_argument("emulator: the client secret is no bcrypt salt");
}

bool SignatureVerifier::matches(const std::string& timestamp, std::string_view signature) {
  {
    const std::scoped_lock lock(mutex_);
    if (const auto known = signatures_.find(timestamp); known != signatures_.end()) return known->second == signature;
  }
  std::string expected = sign(client_id_, timestamp, secret_).value();
  const bool equal = expected == signature;
  const std::scoped_lock lock(mutex_);
  constexpr std::size_t kKept = 1000;
  if (signatures_.size() >= kKept) signatures_.clear();
  signatures_.insert_or_assign(timestamp, std::move(expected));
  return equal;
}

TokenBook::Issued TokenBook::issue(const std::string& resource, WallTime now) {
  std::erase_if(ends_, [&](const auto& entry) { return entry.second <= now; });
  Token& token = current_[resource];
  const bool is_new = token.value.empty() || token.ends - now < renewal_;
  if (is_new) {
    token = {make_token(), now + life_};
    ends_[token.value] = token.ends;
  }
  const auto left = std::chrono::duration_cast<std::chrono::seconds>(token.ends - now);
  return {token.value, left.count(), is_new};
}

bool TokenBook::accepts(const std::string& token, WallTime now) const {
  const auto found = ends_.find(token);
  return !refuse_all_ && found != ends_.end() && now < found->second;
}

void TokenBook::revoke_all() noexcept {
  current_.clear();
  ends_.clear();
}

std::string TokenBook::make_token() {
  static constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::string token;
  for (int i = 0; i < 22; ++i) token += kLetters[random_.below(kLetters.size())];
  return token;
}

}  // namespace pipeline::emulator
