#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pipeline::upsert {

// Whether spaces may stand between thousands.
enum class Spaces { none, between_thousands };

// The digits of a whole number as people and programs write it: 12900, 12,900, 1,234,500, 12 900, 6300.00. Absent for
// what is none, or could be two: 12.90, 1,29,00, 12,9, and 12.000, which in half of Europe is 12000. Nothing but
// digits, separators and the point is looked for, in half width.
[[nodiscard]] std::optional<std::string> digits_of_whole_number(std::string_view text, Spaces spaces);

// Absent: beyond 64 bits.
[[nodiscard]] std::optional<std::uint64_t> to_number(std::string_view digits) noexcept;

}  // namespace pipeline::upsert
