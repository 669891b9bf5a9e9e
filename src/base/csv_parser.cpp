#include "pipeline/base/csv_parser.h"

#include <csv.h>

#include <new>

namespace pipeline {
namespace {

// libcsv asks for its buffer in steps of this; its own 128 bytes would copy a long description hundreds of times.
constexpr std::size_t kGrowth = 64 << 10;

int no_space(unsigned char) {
  return 0;
}

// What the callbacks fill.
struct Sink {
  CsvRecord& record;
  bool complete = false;
};

void take_field(void* text, std::size_t size, void* sink) {
  static_cast<Sink*>(sink)->record.add({static_cast<const char*>(text), size});
}

void take_record(int, void* sink) {
  static_cast<Sink*>(sink)->complete = true;
}

}  // namespace

void CsvParser::Free::operator()(csv_parser* parser) const noexcept {
  ::csv_free(parser);
  delete parser;
}

CsvParser::CsvParser(char separator) : parser_(new csv_parser{}) {
  ::csv_init(parser_.get(), CSV_STRICT);
  ::csv_set_delim(parser_.get(), static_cast<unsigned char>(separator));
  ::csv_set_space_func(parser_.get(), no_space);
  ::csv_set_blk_size(parser_.get(), kGrowth);
}

CsvParser::State CsvParser::feed(std::string_view line, std::string_view line_end) {
  if (!open_) record_.clear();
  Sink sink{record_};
  for (const std::string_view piece : {line, line_end.empty() ? std::string_view("\n") : line_end}) {
    if (::csv_parse(parser_.get(), piece.data(), piece.size(), take_field, take_record, &sink) == piece.size())
      continue;
    if (::csv_error(parser_.get()) != CSV_EPARSE) throw std::bad_alloc();
    const bool quoted = parser_->quoted != 0;
    reset();
    return quoted ? State::text_behind_quote : State::quote_inside;
  }
  open_ = !sink.complete;
  return open_ ? State::open : State::complete;
}

void CsvParser::reset() noexcept {
  ::csv_fini(parser_.get(), nullptr, nullptr, nullptr);
  open_ = false;
}

}  // namespace pipeline
