#pragma once

#include "pipeline/base/csv_record.h"

#include <string_view>

// What people and programs write into a table's cells that is no product: told by its words.
namespace pipeline::upsert {

// 예시: a row that has all that a row has, and is none.
[[nodiscard]] bool is_example(std::string_view cell);
// What sheets for filling in say of a column: 필수, 숫자만 입력하세요.
[[nodiscard]] bool guides_author(std::string_view cell);
// What stands in front of a sum: 합계, 총 12건, Total.
[[nodiscard]] bool is_word_of_sum(std::string_view cell);
// Words about the table, and no code: ※ 재고는 매일 바뀝니다, Exported by Orders on Monday, (2 rows).
[[nodiscard]] bool is_sentence(std::string_view cell);
// ---, :-:, =====: a line of the frame that programs draw around a table.
[[nodiscard]] bool is_line_of_frame(const CsvRecord& cells);

}  // namespace pipeline::upsert
