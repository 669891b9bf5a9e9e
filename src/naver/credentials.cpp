#include "pipeline/naver/credentials.h"

#include "pipeline/base/error.h"
#include "pipeline/base/file.h"

#include <fmt/core.h>

#include <cstdlib>
#include <string_view>

namespace pipeline::naver {
namespace {

constexpr std::string_view kBcryptAlphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

// The variable's value, else the content of the file that `<name>_FILE` names, without the line end editors add.
std::optional<std::string> read_secret(const Environment& environment, const std::string& name) {
  if (auto value = environment(name); value && !value->empty()) return value;
  const auto file = environment(name + "_FILE");
  if (!file || file->empty()) return std::nullopt;
  try {
    std::string content = read_file(*file);
    while (content.ends_with('\n') || content.ends_with('\r')) content.pop_back();
    return content;
  } catch (const Error& e) {
    throw UsageError(fmt::format("{}_FILE: {}", name, e.what()));
  }
}

std::string required_secret(const Environment& environment, const std::string& name) {
  const auto value = read_secret(environment, name);
  if (!value || value->empty())
    throw UsageError(
        fmt::format("{0} is not set: put the value from the Commerce API centre into {0}, or the name of a "
                    "file that holds it into {0}_FILE",
                    name));
  return *value;
}

}  // namespace

std::optional<std::string> process_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

bool is_client_secret(const std::string& text) {
  constexpr std::size_t kSaltEnd = 29;  // $2a$10$ and 22 characters
  return text.size() >= kSaltEnd && text.starts_with("$2") &&
         std::string_view("aby").find(text[2]) != std::string::npos && text[3] == '$' && is_digit(text[4]) &&
         is_digit(text[5]) && text[6] == '$' &&
         text.substr(7, 22).find_first_not_of(kBcryptAlphabet) == std::string::npos;
}

store::SourceIdentity identity_of(const Credentials& credentials) {
  constexpr std::size_t kShown = 4;
  const auto end = [](const std::string& id) { return id.size() > kShown ? id.substr(id.size() - kShown) : id; };
  // The length keeps the two apart.
  const std::string both =
      fmt::format("{}:{}{}", credentials.client_id.size(), credentials.client_id, credentials.account_id);
  return {Sha256Hasher().hash(both), end(credentials.client_id), end(credentials.account_id)};
}

Credentials read_credentials(const Environment& environment) {
  Credentials credentials;
  credentials.client_id = required_secret(environment, "NAVER_COMMERCE_CLIENT_ID");
  credentials.client_secret = required_secret(environment, "NAVER_COMMERCE_CLIENT_SECRET");
  credentials.account_id = read_secret(environment, "NAVER_COMMERCE_ACCOUNT_ID").value_or("");
  if (!is_client_secret(credentials.client_secret))
    throw UsageError(
        "NAVER_COMMERCE_CLIENT_SECRET is no client secret of the Commerce API: those begin with $2a$10$ (or alike) and "
        "22 "
        "more characters. Most often a shell or a dotenv file has eaten the $ signs: put the value in single quotes, "
        "or "
        "into a file named by NAVER_COMMERCE_CLIENT_SECRET_FILE");
  return credentials;
}

}  // namespace pipeline::naver
