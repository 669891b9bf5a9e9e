#pragma once

#include "emulator/catalogue.h"
#include "emulator/error_body.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace pipeline::emulator {

// A checked request of the product list.
struct ListQuery {
  enum class Keyword { none, channel_no, origin_no, group_no, seller_code };
  enum class Period { registered, modified, sale_start, sale_end };

  Keyword keyword = Keyword::none;
  std::vector<std::int64_t> numbers;  // of the keyword, sorted
  std::string seller_code;
  std::vector<std::string> statuses;  // empty: all
  Order order = Order::reg_date;
  std::int64_t page = 1;  // page 0 has become page 1
  std::int64_t size = 50;
  Period period = Period::registered;
  std::optional<std::chrono::year_month_day> from;  // days in KST, both inclusive
  std::optional<std::chrono::year_month_day> to;
};

// The body of POST /v1/products/search, or what is wrong with it.
[[nodiscard]] std::variant<ListQuery, InvalidInputs> parse_list_query(std::string_view body);

struct ListPage {
  std::vector<const Product*> rows;  // one per origin product
  std::int64_t total = 0;            // rows of all pages
  std::int64_t pages = 0;
};
[[nodiscard]] ListPage select_page(const Catalogue& catalogue, const ListQuery& query);

struct OrderName {
  std::string_view name;
  bool ascending;
};
[[nodiscard]] OrderName name_of(Order order) noexcept;

}  // namespace pipeline::emulator
