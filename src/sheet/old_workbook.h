#pragma once

#include "pipeline/sheet/byte_source.h"

#include <string>

namespace pipeline::sheet {

// What a file in OLE2's container is, and what to do: an .xls, or a workbook that a password protects.
[[nodiscard]] std::string old_workbook(const ByteSource& source);

}  // namespace pipeline::sheet
