#pragma once

#include "number_format.h"
#include "zip_file.h"

#include <string>
#include <vector>

namespace pipeline::sheet {

// What a workbook has beside its cells.
struct Workbook {
  struct Sheet {
    std::string name;
    std::string part;  // the archive's file
    bool is_hidden = false;
  };
  std::vector<Sheet> sheets;          // in their order
  std::string shared_texts;           // the archive's file; empty: there are none
  std::vector<NumberFormat> formats;  // of the cells' styles
  bool from_1904 = false;
};

// Whether the archive is one, and what else it is: `a document of OpenOffice or LibreOffice (.ods)`, with what to do.
// Empty: it is a workbook.
[[nodiscard]] std::string why_no_workbook(const ZipFile& archive);

// Throws Error saying what is wrong with it.
[[nodiscard]] Workbook read_workbook(const ZipFile& archive);

}  // namespace pipeline::sheet
