#include "result.h"

#include <libpq-fe.h>

#include <charconv>
#include <cstring>

namespace pipeline::store::postgres {

void Result::Clear::operator()(pg_result* result) const noexcept {
  PQclear(result);
}

int Result::status() const noexcept {
  return PQresultStatus(result_.get());
}

int Result::rows() const noexcept {
  return PQntuples(result_.get());
}

std::int64_t Result::changed() const {
  const char* text = PQcmdTuples(result_.get());
  std::int64_t count = 0;
  std::from_chars(text, text + std::strlen(text), count);
  return count;
}

bool Result::is_null(int row, int column) const noexcept {
  return PQgetisnull(result_.get(), row, column) != 0;
}

// Most significant byte first, in as many as the type has.
std::int64_t Result::integer(int row, int column) const {
  const auto value = bytes(row, column);
  if (value.empty()) return 0;
  std::uint64_t number = (value[0] & 0x80U) != 0 && value.size() > 1 ? ~std::uint64_t{0} : 0;
  for (const std::uint8_t byte : value) number = number << 8U | byte;
  return static_cast<std::int64_t>(number);
}

std::string_view Result::text(int row, int column) const {
  return {PQgetvalue(result_.get(), row, column), static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
}

std::span<const std::uint8_t> Result::bytes(int row, int column) const {
  const std::string_view value = text(row, column);
  return {reinterpret_cast<const std::uint8_t*>(value.data()), value.size()};
}

std::vector<std::string_view> Result::texts(int column) const {
  std::vector<std::string_view> all;
  all.reserve(static_cast<std::size_t>(rows()));
  for (int row = 0; row < rows(); ++row) all.push_back(text(row, column));
  return all;
}

}  // namespace pipeline::store::postgres
