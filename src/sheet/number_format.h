#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pipeline::sheet {

// How a workbook shows the numbers of a cell, as far as it changes what they mean.
struct NumberFormat {
  enum class Kind : std::uint8_t {
    number,
    date,
    time,       // of a day
    date_time,  // a date with a time
    zeros,      // at least so many digits, with zeros in front: 00000
  };
  Kind kind = Kind::number;
  std::uint8_t digits = 0;  // of zeros
  std::string around{};     // of zeros, what stands around and between them, each a NUL byte: SKU-00; empty: nothing
};

// A whole number as such a format shows it: 42 is 00042, or SKU-0042.
[[nodiscard]] std::string zeros_text(std::string_view number, const NumberFormat& format);

// Of a format by its number, ECMA-376 part 1, 18.8.30, and its code, which those of the program's own lack.
[[nodiscard]] NumberFormat number_format(int id, std::string_view code);

// A number that stands for a date, as 2026-01-05, 10:11:12 or both; the number itself where it is none. `from_1904`:
// the workbook counts from there.
[[nodiscard]] std::string date_text(std::string_view number, NumberFormat::Kind kind, bool from_1904);

}  // namespace pipeline::sheet
