#include "pipeline/naver/credentials.h"

#include "pipeline/base/ascii.h"
#include "pipeline/base/characters.h"
#include "pipeline/base/error.h"
#include "pipeline/base/file.h"
#include "pipeline/base/log.h"
#include "pipeline/naver/product_detail.h"

#include <fmt/core.h>

#include <cstdlib>
#include <string_view>

namespace pipeline::naver {
namespace {

constexpr std::string_view kBcryptAlphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

// What an editor, a page it was copied from, or an env file puts around a value is no part of it: white space, line
// breaks, a byte order mark, quotes. `from` names the variable, and the file if there is one.
std::string value_alone(const std::string& name, const std::string& from, std::string_view text) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF") || text.find('\0') != std::string_view::npos)
    throw UsageError(fmt::format("{} is UTF-16, which Notepad calls Unicode: save it as UTF-8", from));
  std::string_view value = trim_blanks(text);
  const bool quoted =
      value.size() >= 2 && value.front() == value.back() && (value.front() == '"' || value.front() == '\'');
  if (quoted) value = trim_blanks(value.substr(1, value.size() - 2));
  if (value.size() != text.size())
    log::debug("{}: dropped {} bytes around the value: {}white space, line breaks or a byte order mark", from,
               text.size() - value.size(), quoted ? "quotes, " : "");
  if (value.starts_with(name + "="))
    throw UsageError(fmt::format("{} holds {}=…: put there the value alone, what stands behind the =", from, name));
  if (value.find_first_of(" \t\r\n") != std::string_view::npos)
    throw UsageError(fmt::format("{} holds several words or lines: put there the value alone", from));
  return std::string(value);
}

// The variable's value, else the content of the file that `<name>_FILE` names; empty when there is neither.
std::string read_secret(const Environment& environment, const std::string& name) {
  if (const auto value = environment(name)) {
    if (std::string alone = value_alone(name, name, *value); !alone.empty()) return alone;
  }
  const auto file = environment(name + "_FILE");
  if (!file || file->empty()) return {};
  const std::string from = fmt::format("{}_FILE: {}", name, *file);
  try {
    return value_alone(name, from, read_file(*file));
  } catch (const UsageError&) {
    throw;
  } catch (const Error& e) {
    throw UsageError(fmt::format("{}_FILE: {}", name, e.what()));
  }
}

std::string required_secret(const Environment& environment, const std::string& name) {
  std::string value = read_secret(environment, name);
  if (const auto file = environment(name + "_FILE"); value.empty() && file && !file->empty())
    throw UsageError(
        fmt::format("{}_FILE: {} is empty: put the value from the Commerce API centre into it", name, *file));
  if (value.empty())
    throw UsageError(
        fmt::format("{0} is not set: put the value from the Commerce API centre into {0}, or the name of a "
                    "file that holds it into {0}_FILE",
                    name));
  return value;
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

catalogue::SourceIdentity identity_of(const Credentials& credentials) {
  constexpr std::size_t kShown = 4;
  const auto end = [](const std::string& id) { return id.size() > kShown ? id.substr(id.size() - kShown) : id; };
  // The length keeps the two apart.
  const std::string both =
      fmt::format("{}:{}{}", credentials.client_id.size(), credentials.client_id, credentials.account_id);
  return {std::string(kSource), Sha256Hasher().hash(both), end(credentials.client_id), end(credentials.account_id)};
}

Credentials read_credentials(const Environment& environment) {
  Credentials credentials;
  credentials.client_id = required_secret(environment, "NAVER_COMMERCE_CLIENT_ID");
  credentials.client_secret = required_secret(environment, "NAVER_COMMERCE_CLIENT_SECRET");
  credentials.account_id = read_secret(environment, "NAVER_COMMERCE_ACCOUNT_ID");
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
