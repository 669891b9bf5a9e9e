#include "page_diff.h"

#include "pipeline/base/html_text.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace pipeline::report::page {
namespace {

constexpr std::size_t kMostWords = 200;  // of a text; of longer ones all is marked

// Words with the blanks before them.
std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const auto word = std::min(text.find_first_not_of(' '), text.size());
    const auto end = std::min(text.find(' ', word), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return words;
}

std::string_view bare(std::string_view word) {
  word.remove_prefix(std::min(word.find_first_not_of(' '), word.size()));
  return word;
}

// Which words of each belong to the longest common sequence.
struct Common {
  std::vector<bool> before, after;
};

Common common_of(const std::vector<std::string_view>& before, const std::vector<std::string_view>& after) {
  Common common{std::vector<bool>(before.size()), std::vector<bool>(after.size())};
  if (before.size() > kMostWords || after.size() > kMostWords) return common;
  const std::size_t columns = after.size() + 1;
  std::vector<std::size_t> longest((before.size() + 1) * columns);  // of what is left from there on
  const auto at = [&](std::size_t i, std::size_t j) -> std::size_t& { return longest[i * columns + j]; };
  for (std::size_t i = before.size(); i-- > 0;)
    for (std::size_t j = after.size(); j-- > 0;)
      at(i, j) = bare(before[i]) == bare(after[j]) ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
  for (std::size_t i = 0, j = 0; i < before.size() && j < after.size();) {
    if (bare(before[i]) == bare(after[j])) {
      common.before[i++] = true;
      common.after[j++] = true;
    } else if (at(i + 1, j) >= at(i, j + 1)) {
      ++i;
    } else {
      ++j;
    }
  }
  return common;
}

// Neighbours are marked together.
std::string marked(const std::vector<std::string_view>& words, const std::vector<bool>& common, std::string_view tag) {
  std::string html;
  for (std::size_t i = 0; i < words.size();) {
    std::string run;
    const bool same = common[i];
    const std::string_view first = words[i];
    for (; i < words.size() && common[i] == same; ++i) run += words[i];
    const std::size_t blanks = same ? 0 : first.size() - bare(first).size();
    html += html_of(run.substr(0, blanks));
    if (!same) ((html += '<') += tag) += '>';
    html += html_of(run.substr(blanks));
    if (!same) ((html += "</") += tag) += '>';
  }
  return html;
}

}  // namespace

MarkedTexts mark_changes(std::string_view before, std::string_view after) {
  const auto old_words = words_of(before);
  const auto new_words = words_of(after);
  const Common common = common_of(old_words, new_words);
  return {marked(old_words, common.before, "del"), marked(new_words, common.after, "ins")};
}

}  // namespace pipeline::report::page
