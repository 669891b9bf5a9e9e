#include "body_files.h"

#include "pipeline/base/ascii.h"
#include "pipeline/base/spelling.h"
#include "pipeline/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace pipeline::package {
namespace {

constexpr std::size_t kLongestFileName = 255;  // bytes, of most file systems
constexpr std::size_t kLongestExtension = 10;  // of what may be one

struct Known {
  std::string_view extension;
  std::optional<BodyFormat> format;
  std::string_view objection = {};
};

constexpr std::string_view kWord =
    "is a document of Word, which is not read: in Word, Save As, Plain Text (.txt, UTF-8) or Web Page, Filtered (.htm, "
    "UTF-8 under Tools, Web Options, Encoding), and name that file";
constexpr std::string_view kHangul =
    "is a document of Hangul (HWP), which is not read: in Hangul, Save As, text (.txt, UTF-8), and name that file";
constexpr std::string_view kOffice =
    "is a document of a word processor, which is not read: save it as text (.txt, UTF-8) or as a web page (.html), and "
    "name that file";

constexpr auto kKnown = std::to_array<Known>({{".html", BodyFormat::html},
                                              {".htm", BodyFormat::html},
                                              {".md", BodyFormat::markdown},
                                              {".markdown", BodyFormat::markdown},
                                              {".txt", BodyFormat::text},
                                              {".text", BodyFormat::text},
                                              {".docx", std::nullopt, kWord},
                                              {".doc", std::nullopt, kWord},
                                              {".hwp", std::nullopt, kHangul},
                                              {".hwpx", std::nullopt, kHangul},
                                              {".odt", std::nullopt, kOffice},
                                              {".rtf", std::nullopt, kOffice},
                                              {".pages", std::nullopt, kOffice},
                                              {".pdf", std::nullopt,
                                               "is a PDF, which is not read: copy its text into a "
                                               ".txt or .md file, and name that"}});

const Known* known_of(std::string_view extension) {
  const auto* const found =
      std::ranges::find_if(kKnown, [&](const Known& known) { return equal_ignoring_case(known.extension, extension); });
  return found == kKnown.end() ? nullptr : found;
}

std::string_view extension_of(std::string_view name) noexcept {
  const auto dot = name.rfind('.');
  return dot == name.npos || dot == 0 ? std::string_view() : name.substr(dot);
}

// Those of the files that a body may be.
std::vector<std::string> readable_of(const std::vector<std::string>& files) {
  std::vector<std::string> readable;
  std::ranges::copy_if(files, std::back_inserter(readable), [](const std::string& name) {
    const Known* const known = known_of(extension_of(name));
    return known != nullptr && known->format.has_value();
  });
  std::erase(readable, "README.txt");
  return readable;
}

// `.htlm`, not the end of a sentence.
bool may_be_extension(std::string_view extension) {
  return extension.size() > 1 && extension.size() <= kLongestExtension &&
         std::ranges::all_of(extension.substr(1), [](char c) { return is_letter(c) || is_digit(c); }) &&
         std::ranges::any_of(extension, is_letter);
}

}  // namespace

std::optional<BodyFile> body_file_of(std::string_view body) {
  if (body.size() > kLongestFileName || body.find_first_of("\r\n<>") != body.npos) return std::nullopt;
  const std::string_view extension = extension_of(body);
  const bool spaced = body.find_first_of(" \t") != body.npos;
  if (body.find("://") != body.npos) {
    if (spaced) return std::nullopt;
    return BodyFile{std::nullopt, "is an address: a body is the text itself, or the name of a file beside post.json"};
  }
  if (const Known* const known = known_of(extension))
    return BodyFile{known->format, std::string(known->objection), spaced && known->format.has_value()};
  // A text of one word is no post.
  const bool is_path = body.find_first_of("/\\") != body.npos;
  if (spaced || !(is_path || may_be_extension(extension))) return std::nullopt;
  return BodyFile{
      std::nullopt,
      "is no file that a body is read from: .html, .md and .txt are (a text of one word is written <p>…</p>)"};
}

std::string meant_body_file(std::string_view body, const std::vector<std::string>& files) {
  if (body.size() > kLongestFileName || body.find_first_of("\r\n<>") != body.npos) return {};
  const std::vector<std::string> readable = readable_of(files);
  const auto has_its_stem = [&](const std::string& name) {
    return name.substr(0, name.size() - extension_of(name).size()) == body;
  };
  if (const auto found = std::ranges::find_if(readable, has_its_stem); found != readable.end())
    return fmt::format(": did you mean {}?", *found);
  return extension_of(body).empty() ? std::string() : did_you_mean(body, readable);
}

std::string body_file_suggestion(std::string_view body, const std::vector<std::string>& files) {
  const std::vector<std::string> readable = readable_of(files);
  if (std::string meant = did_you_mean(body, readable); !meant.empty()) return meant;
  return readable.size() == 1 ? fmt::format(": did you mean {}?", readable.front()) : std::string();
}

}  // namespace pipeline::package
