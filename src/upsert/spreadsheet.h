#pragma once

#include <string_view>

// What spreadsheets make of cells. Texts are UTF-8, without blanks around them; where `half_width` is asked for,
// to_half_width() of it.
namespace pipeline::upsert {

// The text in the ways to keep a spreadsheet from making a number of it: ="0001", also with its quotes doubled or
// enclosed once more. The text itself when it is not written so.
[[nodiscard]] std::string_view formula_text(std::string_view cell) noexcept;
// The same, and without the apostrophe of '0001 or quotes around it, which a name could have but no code and no number.
[[nodiscard]] std::string_view kept_text(std::string_view cell) noexcept;

// =HYPERLINK("https://…","컵"): a formula of a function, which whoever saved the file did not reckon.
[[nodiscard]] bool is_formula(std::string_view cell) noexcept;

// #N/A, #REF!, Err:502 and so on; ### of a column too narrow to show its number.
[[nodiscard]] bool is_error_value(std::string_view cell) noexcept;

// 1.19E+10: a number that was shown in so many digits, and saved as it was shown; and 1.1900000001E10, as programs over
// such files write it. 1E5 and 12E3 are no such thing: nobody writes a number so, and they may be codes.
[[nodiscard]] bool is_scientific(std::string_view half_width) noexcept;

// A date that a code such as 1-2 was taken for: 01월 02일, 2-Jan, Jan-02.
[[nodiscard]] bool is_date_of_code(std::string_view half_width) noexcept;

}  // namespace pipeline::upsert
