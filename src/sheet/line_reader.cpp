#include "line_reader.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <utility>

namespace pipeline::sheet {
namespace {

constexpr char kEndOfText = 0x1A;  // Ctrl-Z, which old programs write behind a text

}  // namespace

LineReader::LineReader(ByteSource& source, std::size_t block, std::size_t longest)
    : source_(source), block_(block), longest_(longest), buffer_(2 * block) {}

LineReader::Got LineReader::next(const OverlongSink& overlong) {
  if (pouring_) return pour(overlong);
  for (;;) {
    const auto end = find_line_end();
    if (end ? end->at - mark_ > longest_ : end_ - mark_ > longest_ + 1) {  // the last byte may be half a line end
      if (cursor_ > mark_) return Got::full;
      pouring_ = true;
      ++number_;
      return pour(overlong);
    }
    if (end) {
      if (cursor_ == mark_) first_ = *end;
      line_begin_ = cursor_;
      line_end_ = end->at;
      cursor_ = end->next;
      ++number_;
      return Got::line;
    }
    if (at_end_) return Got::end;
    if (fill() == ByteSource::Got::nothing_yet) return Got::nothing_yet;
  }
}

LineReader::Got LineReader::pour(const OverlongSink& overlong) {
  for (;;) {
    const auto end = find_line_end();
    const bool half_end = !end && end_ > cursor_ && buffer_[end_ - 1] == '\r';
    const std::size_t upto = end ? end->at : end_ - (half_end ? 1 : 0);
    if (end || upto > cursor_) overlong(view(cursor_, upto), end.has_value());
    mark_ = cursor_ = end ? end->next : upto;
    if (end) {
      pouring_ = false;
      return Got::overlong;
    }
    if (fill() == ByteSource::Got::nothing_yet) return Got::nothing_yet;
  }
}

std::string_view LineReader::keep_first() noexcept {
  if (cursor_ > first_.next) cursor_ = newline_.at = cr_.at = first_.next;
  number_ = released_ + 1;
  line_begin_ = mark_;
  line_end_ = first_.at;
  return line();
}

std::string_view LineReader::peek(std::size_t bytes) {
  while (end_ - mark_ < bytes && fill() == ByteSource::Got::bytes) {
  }
  return view(mark_, end_);
}

// The first such byte from the cursor on, or the limit.
std::size_t LineReader::find(Finder& finder, std::size_t limit) noexcept {
  finder.at = std::max(finder.at, cursor_);
  if (finder.at < limit && buffer_[finder.at] != finder.wanted) {
    const void* found = std::memchr(buffer_.data() + finder.at, finder.wanted, limit - finder.at);
    finder.at = found == nullptr ? limit : static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.data());
  }
  return finder.at;
}

std::optional<LineReader::LineEnd> LineReader::find_line_end() noexcept {
  const std::size_t newline = find(newline_, end_);
  if (cr_ends_lines_) {
    const std::size_t cr = find(cr_, newline);
    if (cr < newline) {
      const bool last = cr + 1 == end_;
      if (last && !at_end_) return std::nullopt;  // perhaps half of a \r\n
      if (last || buffer_[cr + 1] != '\n') return LineEnd{cr, cr + 1};
    }
  }
  if (newline < end_) {
    const bool after_cr = newline > cursor_ && buffer_[newline - 1] == '\r';
    return LineEnd{newline - (after_cr ? 1 : 0), newline + 1};
  }
  if (at_end_ && (cursor_ < end_ || pouring_)) return LineEnd{end_, end_};
  return std::nullopt;
}

ByteSource::Got LineReader::fill() {
  if (at_end_) return ByteSource::Got::end;
  if (mark_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + mark_, end_ - mark_);
    for (std::size_t* at : {&cursor_, &end_, &line_begin_, &line_end_, &newline_.at, &cr_.at, &first_.at, &first_.next})
      *at -= std::min(mark_, *at);
    mark_ = 0;
  }
  std::size_t size = 0;
  ByteSource::Got got{};
  if (decoder_) {
    got = source_.read(raw_, size);
    at_end_ = got == ByteSource::Got::end;
    add_decoded(std::string_view(raw_.data(), size));
  } else {
    if (end_ > buffer_.size() / 2) buffer_.resize(2 * buffer_.size());
    got = source_.read(std::span(buffer_).subspan(end_, std::min(block_, buffer_.size() - end_)), size);
    at_end_ = got == ByteSource::Got::end;
    end_ += size;
  }
  if (at_end_) drop_end_of_text();
  return got;
}

void LineReader::add_decoded(std::string_view bytes) {
  decoded_.clear();
  decoder_->append_utf8(bytes, at_end_, decoded_);
  if (end_ + decoded_.size() > buffer_.size()) buffer_.resize(2 * (end_ + decoded_.size()));
  std::ranges::copy(decoded_, buffer_.begin() + static_cast<std::ptrdiff_t>(end_));
  end_ += decoded_.size();
}

void LineReader::drop_end_of_text() noexcept {
  for (; end_ > cursor_ && buffer_[end_ - 1] == kEndOfText; --end_) ++dropped_;
  newline_.at = std::min(newline_.at, end_);
  cr_.at = std::min(cr_.at, end_);
}

void LineReader::decode(std::unique_ptr<StreamDecoder> decoder) {
  decoder_ = std::move(decoder);
  raw_.resize(block_);
  end_ += std::exchange(dropped_, 0);
  const std::string begun(view(cursor_, end_));
  end_ = cursor_;
  newline_.at = cr_.at = cursor_;
  add_decoded(begun);
  if (at_end_) drop_end_of_text();
}

std::string too_long() {
  return fmt::format("it is longer than {} MiB, the most a row may have; is a line end missing?", kLongestRow >> 20U);
}

}  // namespace pipeline::sheet
