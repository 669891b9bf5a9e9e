#include "post_standing.h"

#include "pipeline/base/error.h"
#include "pipeline/base/spelling.h"

#include <fmt/format.h>

namespace pipeline::cli {

store::PostRecord known_post(const std::string& content_id, store::Packages& packages) {
  if (auto post = packages.find_post(content_id)) return *std::move(post);
  std::vector<std::string> known;
  packages.each_post([&](const store::PostRecord& post) { known.push_back(post.content_id); });
  const std::string meant = did_you_mean(content_id, known);
  if (meant.empty())
    throw UsageError(fmt::format("no post {} is known; `pipeline package` makes a post known", content_id));
  throw UsageError(fmt::format("no post {} is known{} `pipeline package` makes a post known", content_id, meant));
}

std::string_view to_string(store::PostNeed need) noexcept {
  switch (need) {
    case store::PostNeed::nothing:
      return "";
    case store::PostNeed::write:
      return "write";
    case store::PostNeed::upload:
      return "upload";
    case store::PostNeed::mend:
      return "mend";
  }
  return "";
}

nlohmann::ordered_json stale_json(const std::vector<store::StaleWords>& stale) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& words : stale)
    list.push_back({{"place", words.place},
                    {"sentence", words.sentence},
                    {"product", words.product},
                    {"field", words.field},
                    {"old", words.before},
                    {"new", words.after}});
  return list;
}

std::string stale_text(std::string_view content_id, const std::vector<store::StaleWords>& stale) {
  if (stale.empty()) return {};
  std::string text = fmt::format("{} needs its author:\n", content_id);
  for (const auto& words : stale)
    text += fmt::format("  {}: {} is {} now: {}\n", words.place, words.before,
                        words.after.empty() ? "gone" : words.after, words.sentence);
  return text;
}

}  // namespace pipeline::cli
