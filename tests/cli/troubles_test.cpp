#include "pipeline/base/error.h"
#include "pipeline/base/file.h"

#include "language.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace fs = std::filesystem;

// docs/troubles.md and its Korean twin against the code: what a run may be refused or ended with stands there.
namespace pipeline::cli {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

// Faults of the program itself, of a machine that is broken, and reasons that a message has behind it.
const std::set<std::string> kNotMet{
    "archive/zip_writer.cpp", "base/sha256.cpp",          "catalogue/changes.cpp",       "http/curl_transport.cpp",
    "metrics/metrics.cpp",    "metrics/quantile.cpp",     "sheet/sheet_rows.cpp",        "sheet/workbook.cpp",
    "sheet/xml_parser.cpp",   "sheet/zip_file.cpp",       "store/sqlite/statement.cpp",  "store/sqlite/transaction.cpp",
    "naver/contract.cpp",     "naver/product_detail.cpp", "store/postgres/packages.cpp", "store/postgres/runs.cpp"};

std::string page(const char* name) {
  std::string text = read_file(fs::path(PIPELINE_SOURCE_DIR) / "docs" / name);
  for (std::size_t at = 0; (at = text.find("\\|", at)) != std::string::npos;) text.erase(at, 1);
  return text;
}

// As the pages have it: `…` in each place, one where several stand side by side.
std::string shown(const std::string& literal) {
  static const std::regex places(R"re((\{[^}]*\})+)re");
  static const std::regex between(R"re("\s*")re");
  std::string text = std::regex_replace(literal, between, "");
  text = std::regex_replace(text, places, "…");
  text = std::regex_replace(text, std::regex(R"re(\\n)re"), " ");
  return std::regex_replace(text, std::regex(R"re(\\")re"), "\"");
}

// One that says something beside the names and the system's reason in it.
bool is_in_words(const std::string& text) {
  static const std::regex own(R"re(^(cannot [a-z…]+( the lock file)? …|--?[a-z]+)?[ …:.{}_A-Z]*$)re");
  return std::ranges::count_if(text, [](unsigned char c) { return std::isalpha(c) != 0; }) > 0 &&
         !std::regex_match(text, own) && text != "cannot read …: it is …" && text != "cannot read …: its header: …" &&
         text != "cannot read …: …. It begins with: …" && text != "cannot remove …: …: remove it by hand";
}

std::vector<std::string> messages() {
  static const std::regex thrown(
      R"re(\b(UsageError|TryLaterError|Error)\(\s*(?:fmt::format\(\s*)?"((?:[^"\\]|\\.|"\s*")*)")re");
  std::vector<std::string> all;
  const fs::path src = fs::path(PIPELINE_SOURCE_DIR) / "src";
  for (const auto& file : fs::recursive_directory_iterator(src)) {
    if (file.path().extension() != ".cpp" || kNotMet.contains(file.path().lexically_relative(src).string())) continue;
    const std::string source = read_file(file.path());
    for (std::sregex_iterator at(source.begin(), source.end(), thrown), end; at != end; ++at)
      if (std::string text = shown((*at)[2]); is_in_words(text)) all.push_back(std::move(text));
  }
  return all;
}

TEST(Troubles, EachRefusalAndFailureIsExplained) {
  const std::string english = page("troubles.md");
  const std::string korean = page("ko/troubles.md");
  const Language language("ko");
  const auto all = messages();
  EXPECT_GT(all.size(), 120U) << "the code is read as it is written";
  std::vector<std::string> missing;
  for (const std::string& message : all) {
    if (english.find(message) == std::string::npos) missing.push_back("docs/troubles.md: " + message);
    const std::string translated = language.text(message);
    if (korean.find(translated) == std::string::npos) missing.push_back("docs/ko/troubles.md: " + translated);
  }
  EXPECT_THAT(missing, IsEmpty()) << "say what it means and what to do, in both";
}

TEST(Troubles, EachRefusalAndFailureIsSaidInKorean) {
  const std::set<std::string> put_together{"… `… --help` shows the usage"};
  const Language language("ko");
  std::vector<std::string> missing;
  for (const std::string& message : messages())
    if (language.text(message) == message && !put_together.contains(message)) missing.push_back(message);
  EXPECT_THAT(missing, IsEmpty()) << "put it into src/cli/po/ko.po";
}

TEST(Troubles, EachExitCodeIsExplained) {
  for (const char* name : {"troubles.md", "ko/troubles.md"}) {
    const std::string text = page(name);
    for (const ExitCode code : {ExitCode::ok, ExitCode::failed, ExitCode::usage, ExitCode::partial,
                                ExitCode::over_budget, ExitCode::try_later})
      EXPECT_THAT(text, HasSubstr(fmt::format("\n| {} | ", static_cast<int>(code)))) << name;
    EXPECT_THAT(text, HasSubstr(fmt::format("\n| {}, {} | ", static_cast<int>(ExitCode::interrupted),
                                            static_cast<int>(ExitCode::terminated))))
        << name;
  }
}

}  // namespace
}  // namespace pipeline::cli
