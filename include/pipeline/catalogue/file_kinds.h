#pragma once

#include "pipeline/catalogue/columns.h"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The files that other programs write of products: what their columns are called, and what they mean there.
namespace pipeline::catalogue {

struct FileColumn {
  std::string_view name;         // by its header_key()
  std::optional<Column> column;  // absent: known, and kept with the rest of the row
  int level = 0;                 // of 1 to 4: a part of category_name, which they make together
  // What its words stand for; others are themselves.
  std::span<const std::pair<std::string_view, std::string_view>> words = {};
};

struct FileKind {
  std::string_view name;    // as a message has it: a SmartStore product list
  std::string_view source;  // what its rows may be of, if not of the own store; empty: nobody knows
  // A file is of this kind when it has all names of one of these.
  std::array<std::array<std::string_view, 3>, 4> signs;
  // Of columns that mean the same the earlier one counts.
  std::span<const FileColumn> columns;
};

// The kind of file that has these names, by their header_key(); none: nobody's.
[[nodiscard]] const FileKind* file_kind_of(const std::vector<std::string>& keys);
// The column of the kind that goes by this header_key(); none: it has no such thing.
[[nodiscard]] const FileColumn* find_column(const FileKind& kind, std::string_view key);

}  // namespace pipeline::catalogue
