#include "check_setup.h"

#include "pipeline/catalogue/source_identity.h"

#include "budget_check.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <string>
#include <string_view>

namespace pipeline::cli {
namespace {

using State = Finding::State;

constexpr std::string_view kSecretFile = "NAVER_COMMERCE_CLIENT_SECRET_FILE";

// A value that may be a key is not shown.
std::string shown(const Setting& setting) {
  const bool may_be_secret = setting.option.find("secret") != std::string::npos ||
                             setting.option.find("password") != std::string::npos ||
                             setting.option.find("notify") != std::string::npos;
  return may_be_secret ? "(not shown)" : without_password(setting.value);
}

Findings check_secret_file(const std::string& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0 || (status.st_mode & S_IRWXO) == 0) return {};
  return {{"credentials", State::warning, file,
           fmt::format("everybody on this machine may read or change the client secret (mode {:03o})",
                       status.st_mode & 0777U),
           fmt::format("chmod 600 {}", file)}};
}

}  // namespace

std::string without_password(const std::string& value) {
  if (const auto option = value.find("password="); option != value.npos) return value.substr(0, option) + "password=…";
  const auto scheme = value.find("://");
  const bool may_have_one = scheme != value.npos && value.find('@') != value.npos;
  return may_have_one ? value.substr(0, scheme) + "://…" : value;
}

Findings check_config(const Settings& settings) {
  Findings findings;
  if (settings.config.empty())
    findings.push_back({"config", State::ok, "", "no config file is named: --config FILE or PIPELINE_CONFIG would"});
  else
    findings.push_back({"config", State::ok, settings.config, "read, and every key in it is known"});
  for (const Setting& setting : settings.given)
    findings.push_back({"option", State::ok, setting.option, fmt::format("{} ({})", shown(setting), setting.origin)});
  return findings;
}

Findings check_credentials(const naver::Environment& environment, std::optional<naver::Credentials>& credentials) {
  credentials = naver::read_credentials(environment);
  Findings findings{{"credentials", State::ok, catalogue::to_text(naver::identity_of(*credentials)),
                     "the client secret has the right form"}};
  const bool is_from_file = environment("NAVER_COMMERCE_CLIENT_SECRET").value_or("").empty();
  if (const auto file = environment(std::string(kSecretFile)); is_from_file && file)
    append(findings, check_secret_file(*file));
  return findings;
}

Findings check_budget(const CommonOptions& common) {
  if (common.budget.empty()) return {};
  const BudgetCheck budget(common);
  return {
      {"budget", State::ok, common.budget.string(), fmt::format("valid, with {} rules", budget.rules()->rules.size())}};
}

}  // namespace pipeline::cli
