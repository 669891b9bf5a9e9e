#include "pipeline/archive/zip_writer.h"

#include "rows.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pipeline::fuzz {
namespace {

void append_number(std::uint32_t number, int bytes, std::string& out) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(number >> (8 * i));
}

// An archive of files that are stored as they are: what is fuzzed is behind the inflating.
std::string stored_zip(const std::vector<std::pair<std::string_view, std::string_view>>& files) {
  std::string out;
  std::string list;
  for (const auto& [name, bytes] : files) {
    const auto offset = static_cast<std::uint32_t>(out.size());
    std::string entry;
    append_number(20, 2, entry);  // version
    append_number(0, 2, entry);   // flags
    append_number(0, 2, entry);   // stored
    append_number(0x21'0000, 4, entry);
    append_number(archive::crc32_of(bytes), 4, entry);
    append_number(static_cast<std::uint32_t>(bytes.size()), 4, entry);
    append_number(static_cast<std::uint32_t>(bytes.size()), 4, entry);
    append_number(static_cast<std::uint32_t>(name.size()), 2, entry);
    append_number(0, 2, entry);
    out.append("PK\x03\x04").append(entry).append(name).append(bytes);
    list.append("PK\x01\x02\x14").append(1, '\0').append(entry);
    append_number(0, 4, list);
    append_number(0, 2, list);
    append_number(0, 4, list);
    append_number(offset, 4, list);
    list += name;
  }
  const auto start = static_cast<std::uint32_t>(out.size());
  out.append(list).append("PK\x05\x06").append(4, '\0');
  append_number(static_cast<std::uint32_t>(files.size()), 2, out);
  append_number(static_cast<std::uint32_t>(files.size()), 2, out);
  append_number(static_cast<std::uint32_t>(list.size()), 4, out);
  append_number(start, 4, out);
  append_number(0, 2, out);
  return out;
}

}  // namespace
}  // namespace pipeline::fuzz

// A whole archive; or, with 0x01 between them, the sheet, the shared texts, the styles and the workbook's own part of
// one.
FUZZ_TARGET(workbook) {
  using namespace pipeline::fuzz;
  const pipeline::sheet::Layout layout{.format = pipeline::sheet::Format::automatic};
  if (input.starts_with("PK")) return try_rows(input, layout);
  constexpr std::string_view kRelations =
      "<Relationships><Relationship Id=\"r\" Type=\"/worksheet\" Target=\"s.xml\"/><Relationship Id=\"t\" "
      "Type=\"/sharedStrings\" "
      "Target=\"t.xml\"/><Relationship Id=\"y\" Type=\"/styles\" Target=\"y.xml\"/></Relationships>";
  constexpr std::string_view kBook = "<workbook><sheets><sheet name=\"a\" r:id=\"r\"/></sheets></workbook>";
  std::array<std::string_view, 4> parts{};
  for (std::string_view& part : parts) {
    part = input.substr(0, input.find('\x01'));
    input.remove_prefix(std::min(part.size() + 1, input.size()));
  }
  try_rows(stored_zip({{"xl/workbook.xml", parts[3].empty() ? kBook : parts[3]},
                       {"xl/_rels/workbook.xml.rels", kRelations},
                       {"xl/s.xml", parts[0]},
                       {"xl/t.xml", parts[1]},
                       {"xl/y.xml", parts[2]}}),
           layout);
}
