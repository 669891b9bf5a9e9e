#include "emulator/listing.h"

#include "emulator/dates.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace pipeline::emulator {

namespace {

constexpr std::array<OrderName, 14> kOrders{{{"NO", false},
                                             {"NAME", true},
                                             {"SELLER_CODE", true},
                                             {"LOW_PRICE", true},
                                             {"HIGH_PRICE", false},
                                             {"REG_DATE", false},
                                             {"MOD_DATE", false},
                                             {"SALE_START", false},
                                             {"SALE_END", false},
                                             {"POPULARITY", false},
                                             {"ACCUMULATE_SALE", false},
                                             {"LOW_DISCOUNT_PRICE", true},
                                             {"TOTAL_REVIEW_COUNT", false},
                                             {"AVERAGE_REVIEW_SCORE", false}}};
constexpr std::array<std::string_view, 4> kKeywords{"CHANNEL_PRODUCT_NO", "PRODUCT_NO", "GROUP_PRODUCT_NO",
                                                    "SELLER_CODE"};
constexpr std::array<std::string_view, 4> kPeriods{"PROD_REG_DAY", "PROD_MOD_DAY", "SALE_START_DAY", "SALE_END_DAY"};
constexpr std::array<std::string_view, 9> kStatuses{"WAIT",       "SALE",  "OUTOFSTOCK",  "UNADMISSION", "REJECTION",
                                                    "SUSPENSION", "CLOSE", "PROHIBITION", "DELETE"};
constexpr std::int64_t kMaxSize = 500;

// Reads the fields of a body and keeps what is wrong with them.
class Reader {
 public:
  explicit Reader(const nlohmann::json& body) : body_(body) {}

  [[nodiscard]] std::optional<std::int64_t> number(const char* name) {
    const nlohmann::json* const value = find(name);
    if (value == nullptr) return std::nullopt;
    if (!value->is_number_integer()) return refuse<std::int64_t>(name, "typeMismatch", "숫자여야 합니다.");
    return value->get<std::int64_t>();
  }

  [[nodiscard]] std::optional<std::string> text(const char* name) {
    const nlohmann::json* const value = find(name);
    if (value == nullptr) return std::nullopt;
    if (!value->is_string()) return refuse<std::string>(name, "typeMismatch", "문자열이어야 합니다.");
    return value->get<std::string>();
  }

  // The place of a text among the names that are allowed.
  template <typename Names, typename Projection = std::identity>
  [[nodiscard]] std::optional<std::size_t> choice(const char* name, const Names& names, Projection projection = {}) {
    const auto value = text(name);
    if (!value) return std::nullopt;
    const auto found = std::ranges::find(names, std::string_view(*value), projection);
    if (found == names.end()) return refuse<std::size_t>(name, "NotValidEnum", "허용되지 않은 값입니다.");
    return static_cast<std::size_t>(found - names.begin());
  }

  [[nodiscard]] std::optional<std::chrono::year_month_day> day(const char* name) {
    const auto value = text(name);
    if (!value) return std::nullopt;
    const auto day = parse_day(*value);
    if (!day) return refuse<std::chrono::year_month_day>(name, "typeMismatch", "yyyy-MM-dd 형식이어야 합니다.");
    return day;
  }

  template <typename T>
  [[nodiscard]] std::vector<T> list(const char* name) {
    const nlohmann::json* const value = find(name);
    if (value == nullptr) return {};
    const auto fits = [](const nlohmann::json& item) {
      return std::is_same_v<T, std::string> ? item.is_string() : item.is_number_integer();
    };
    if (!value->is_array() || !std::ranges::all_of(*value, fits)) {
      (void)refuse<T>(name, "typeMismatch", "배열이어야 합니다.");
      return {};
    }
    return value->get<std::vector<T>>();
  }

  template <typename T>
  std::optional<T> refuse(const char* name, const char* type, const char* message) {
    wrong_.push_back({name, type, message});
    return std::nullopt;
  }

  [[nodiscard]] const InvalidInputs& wrong() const noexcept { return wrong_; }

 private:
  [[nodiscard]] const nlohmann::json* find(const char* name) const {
    const auto found = body_.find(name);
    return found == body_.end() || found->is_null() ? nullptr : &*found;
  }

  const nlohmann::json& body_;
  InvalidInputs wrong_;
};

void read_keyword(Reader& reader, ListQuery& query) {
  const auto keyword = reader.choice("searchKeywordType", kKeywords);
  if (!keyword) return;
  query.keyword = static_cast<ListQuery::Keyword>(*keyword + 1);
  if (query.keyword == ListQuery::Keyword::seller_code) {
    if (const auto code = reader.text("sellerManagementCode"); code && !code->empty()) {
      query.seller_code = *code;
    } else {
      reader.refuse<int>("sellerManagementCode", "NotBlank", "필수 값입니다.");
    }
    return;
  }
  static constexpr std::array kFields{"channelProductNos", "originProductNos", "groupProductNos"};
  const char* const field = kFields[*keyword];
  query.numbers = reader.list<std::int64_t>(field);
  if (query.numbers.empty()) reader.refuse<int>(field, "NotEmpty", "필수 값입니다.");
  std::ranges::sort(query.numbers);
}

WallTime date_of(const Product& product, ListQuery::Period period) {
  switch (period) {
    case ListQuery::Period::modified:
      return product.modified_date;
    case ListQuery::Period::sale_end:
      return sale_end(product);
    default:
      return product.reg_date;  // sale starts when the product is registered
  }
}

class Filter {
 public:
  explicit Filter(const ListQuery& query) : query_(query) {}

  [[nodiscard]] bool passes_all() const noexcept {
    return query_.keyword == ListQuery::Keyword::none && query_.statuses.empty() && !query_.from && !query_.to;
  }

  [[nodiscard]] bool operator()(const Product& product) const {
    return has_keyword(product) && has_status(product) && is_in_period(product);
  }

 private:
  [[nodiscard]] bool has_keyword(const Product& product) const {
    const auto named = [this](std::int64_t number) { return std::ranges::binary_search(query_.numbers, number); };
    switch (query_.keyword) {
      case ListQuery::Keyword::none:
        return true;
      case ListQuery::Keyword::channel_no:
        return std::ranges::any_of(product.channels, named, &ChannelProduct::no);
      case ListQuery::Keyword::origin_no:
        return named(product.origin_no);
      case ListQuery::Keyword::group_no:
        return named(group_no(product).value_or(-1));
      case ListQuery::Keyword::seller_code:
        break;
    }
    return product.seller_code == query_.seller_code;
  }

  [[nodiscard]] bool has_status(const Product& product) const {
    return query_.statuses.empty() || std::ranges::find(query_.statuses, product.row().status) != query_.statuses.end();
  }

  [[nodiscard]] bool is_in_period(const Product& product) const {
    if (!query_.from && !query_.to) return true;
    const auto day = kst_day(date_of(product, query_.period));
    return (!query_.from || *query_.from <= day) && (!query_.to || day <= *query_.to);
  }

  const ListQuery& query_;
};

}  // namespace

OrderName name_of(Order order) noexcept {
  return kOrders[static_cast<std::size_t>(order)];
}

std::variant<ListQuery, InvalidInputs> parse_list_query(std::string_view body) {
  const auto json = nlohmann::json::parse(body, nullptr, false);
  if (!json.is_object()) return InvalidInputs{{"body", "HttpMessageNotReadable", "요청 본문을 읽을 수 없습니다."}};
  Reader reader(json);
  ListQuery query;
  read_keyword(reader, query);
  query.statuses = reader.list<std::string>("productStatusTypes");
  if (!std::ranges::all_of(query.statuses, [](const std::string& status) {
        return std::ranges::find(kStatuses, status) != kStatuses.end();
      })) {
    reader.refuse<int>("productStatusTypes", "NotValidEnum", "허용되지 않은 값입니다.");
  }
  if (const auto order = reader.choice("orderType", kOrders, &OrderName::name))
    query.order = static_cast<Order>(*order);
  query.page = reader.number("page").value_or(1);
  if (query.page < 0) reader.refuse<int>("page", "Min", "0 이상이어야 합니다.");
  query.page = std::max<std::int64_t>(query.page, 1);
  query.size = reader.number("size").value_or(50);
  if (query.size < 1) reader.refuse<int>("size", "Min", "1 이상이어야 합니다.");
  if (query.size > kMaxSize) reader.refuse<int>("size", "Max", "500 이하여야 합니다.");
  if (const auto period = reader.choice("periodType", kPeriods)) query.period = static_cast<ListQuery::Period>(*period);
  query.from = reader.day("fromDate");
  query.to = reader.day("toDate");
  if (query.from && query.to && *query.to < *query.from) {
    reader.refuse<int>("toDate", "NotValid", "fromDate보다 빠를 수 없습니다.");
  }
  if (!reader.wrong().empty()) return reader.wrong();
  return query;
}

ListPage select_page(const Catalogue& catalogue, const ListQuery& query) {
  const auto sorted = catalogue.sorted(query.order);
  const Filter filter(query);
  const auto count = static_cast<std::int64_t>(sorted.size());
  // Far pages must not overflow: any page beyond the last is as empty as the next.
  const std::int64_t begin = std::min(query.page - 1, count) * query.size;
  ListPage page;
  if (filter.passes_all()) {
    page.total = count;
    const auto from = static_cast<std::size_t>(std::min(begin, count));
    const auto rows = sorted.subspan(from, std::min(static_cast<std::size_t>(query.size), sorted.size() - from));
    page.rows.assign(rows.begin(), rows.end());
  } else {
    for (const Product* product : sorted) {
      if (!filter(*product)) continue;
      if (page.total >= begin && page.total < begin + query.size) page.rows.push_back(product);
      ++page.total;
    }
  }
  page.pages = (page.total + query.size - 1) / query.size;
  return page;
}

}  // namespace pipeline::emulator
