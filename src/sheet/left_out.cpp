#include "left_out.h"

#include "pipeline/base/error.h"
#include "pipeline/base/log.h"
#include "pipeline/sheet/excerpt.h"

#include <fmt/core.h>

#include <string_view>

namespace pipeline::sheet {
namespace {

constexpr std::size_t kLeftOutShown = 60;

std::string text_of(const CsvRecord& cells) {
  std::string text;
  for (std::size_t i = 0; i < cells.size(); ++i) text.append(i > 0 ? "," : "").append(cells[i]);
  return excerpt(text, kLeftOutShown);
}

std::string_view words_of(Aside aside) noexcept {
  switch (aside) {
    case Aside::header_again:
      return "is the header again";
    case Aside::sum:
      return "sums the rows up";
    default:
      return "is a remark";
  }
}

}  // namespace

bool LeftOut::take(const Columns& columns, const CsvRecord& cells, std::int64_t number) {
  constexpr std::size_t kMostTold = 20;
  const Aside aside = columns.aside_of(cells);
  if (aside == Aside::none) return false;
  if (aside == Aside::other_header)
    throw Error(fmt::format(
        "cannot read {} further: {} {} is another header, as of a file that was put behind this one; give the files "
        "one by one: {}",
        file_, unit_, number, text_of(cells)));
  if (told_ < kMostTold)
    log::info("{}: {} {} {} and is left out: {}", file_, unit_, number, words_of(aside), text_of(cells));
  if (++told_ == kMostTold) log::info("{}: further ones are left out as well, and counted with the empty rows", file_);
  return true;
}

}  // namespace pipeline::sheet
