#pragma once

#include <string>
#include <string_view>

// The codes of a row: its key, the seller's own code, the category's number. Texts are UTF-8.
namespace pipeline::upsert {

// Whether read_key() and read_code() take the text as it is: told in one pass, and true of most.
[[nodiscard]] bool is_plain_code(std::string_view text) noexcept;

// Each puts the code that a text stands for into `code`, and gives what is wrong, to follow the column's name; empty
// when nothing is. A code is meant, not shown: no blanks around it, one spelling in Unicode (NFC), a number without
// the marks a spreadsheet gave it (="0001", '0001, 11900000001.0, 11,900,000,001, full-width digits). What a
// spreadsheet has spoilt is refused (1.19E+10, #N/A, a date made of 1-2).
[[nodiscard]] std::string read_code(std::string_view text, std::string& code);
// A key is a code that is there, and has nothing in it that cannot be seen.
[[nodiscard]] std::string read_key(std::string_view text, std::string& code);
// The key of a JSON number, by its token.
[[nodiscard]] std::string read_number_key(std::string_view token, std::string& code);

}  // namespace pipeline::upsert
