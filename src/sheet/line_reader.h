#pragma once

#include "pipeline/sheet/row_reader.h"

#include "encoding.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::sheet {

// The lines of a source, without a copy: views into the block that was read. Lines since the last release() are held,
// for a CSV record goes over several; all views end with the next call of next() or peek(). Memory is at most a few
// times the longest row, and one block or two when rows are short. Borrows the source.
class LineReader {
 public:
  static constexpr std::size_t kBlock = 256 << 10;

  explicit LineReader(ByteSource& source, std::size_t block = kBlock, std::size_t longest = kLongestRow);

  // Lines end with \n or \r\n, the last one of the file also with Ctrl-Z. From now on with a lone \r, too, as old
  // spreadsheets write them.
  void end_lines_at_cr() noexcept { cr_ends_lines_ = true; }

  enum class Got {
    line,
    overlong,     // a line longer than a row may be: its pieces went to the sink
    full,         // with the next line, which is given later, the held ones would be longer than a row may be
    nothing_yet,  // call again
    end,
  };
  Got next(const OverlongSink& overlong);

  [[nodiscard]] std::string_view line() const noexcept { return view(line_begin_, line_end_); }  // without its end
  [[nodiscard]] std::string_view line_end() const noexcept { return view(line_end_, cursor_); }  // empty at the file's
  [[nodiscard]] std::int64_t number() const noexcept { return number_; }                         // counted from 1

  // The lines given since the last release(), without the end of the last one, and the number of the first.
  [[nodiscard]] std::string_view held() const noexcept { return view(mark_, line_end_); }
  [[nodiscard]] std::int64_t first_number() const noexcept { return released_ + 1; }

  void release() noexcept {
    mark_ = cursor_;
    released_ = number_;
  }
  // Gives back the held lines but the first, which is returned: next() reads them again.
  std::string_view keep_first() noexcept;

  // What follows the last release(), at least `bytes` of it unless the source has no more for now.
  [[nodiscard]] std::string_view peek(std::size_t bytes);
  [[nodiscard]] bool at_end() const noexcept { return at_end_; }  // whether the source has been read to its end
  // Drops bytes at the beginning, which belong to no line.
  void skip(std::size_t bytes) noexcept { mark_ = cursor_ += bytes; }
  // All that was read so far, as it came. Called before the first line.
  [[nodiscard]] std::string_view raw() const noexcept { return {buffer_.data(), end_ + dropped_}; }
  // All that was not given yet goes through the decoder first, so that lines are UTF-8. Called before the first line.
  void decode(std::unique_ptr<StreamDecoder> decoder);

 private:
  // Before `at`, and not before the cursor, there is no such byte: none is looked at twice, however often a line grows.
  struct Finder {
    char wanted;
    std::size_t at = 0;
  };
  struct LineEnd {
    std::size_t at;
    std::size_t next;
  };

  [[nodiscard]] std::string_view view(std::size_t begin, std::size_t end) const noexcept {
    return {buffer_.data() + begin, end - begin};
  }
  std::size_t find(Finder& finder, std::size_t limit) noexcept;
  std::optional<LineEnd> find_line_end() noexcept;
  ByteSource::Got fill();
  void add_decoded(std::string_view bytes);
  void drop_end_of_text() noexcept;
  Got pour(const OverlongSink& overlong);

  ByteSource& source_;
  const std::size_t block_;
  const std::size_t longest_;
  bool cr_ends_lines_ = false;

  std::unique_ptr<StreamDecoder> decoder_;  // none: the bytes are the text
  std::vector<char> raw_;                   // for the decoder
  std::string decoded_;

  std::vector<char> buffer_;
  std::size_t mark_ = 0;    // held lines begin here
  std::size_t cursor_ = 0;  // the next line begins here
  std::size_t end_ = 0;     // of what was read
  std::size_t line_begin_ = 0;
  std::size_t line_end_ = 0;
  Finder newline_{'\n'};
  Finder cr_{'\r'};
  LineEnd first_{};  // of the first held line
  std::int64_t number_ = 0;
  std::int64_t released_ = 0;
  std::size_t dropped_ = 0;  // bytes behind end_ that were taken for the end of a text
  bool at_end_ = false;
  bool pouring_ = false;
};

// Why a row is rejected that the reader calls overlong.
[[nodiscard]] std::string too_long();

}  // namespace pipeline::sheet
