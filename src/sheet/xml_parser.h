#pragma once

#include "zip_file.h"

#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>

struct XML_ParserStruct;

namespace pipeline::sheet {

// What becomes of a part of a workbook. Names are without their namespace's prefix.
class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  // Names and values in turn, ended by null.
  virtual void start(std::string_view name, const char** attributes) = 0;
  virtual void end(std::string_view name) = 0;
  virtual void text(std::string_view text) = 0;
};

// The value of such an attribute, prefix aside; empty: it is not there.
[[nodiscard]] std::string_view attribute(const char** attributes, std::string_view name) noexcept;
[[nodiscard]] std::string_view without_prefix(std::string_view name) noexcept;

// XML of an archive as a stream, by expat: neither document types nor entities, tags or nesting without end. Borrows
// the handler. Throws Error saying what is wrong, and what the handler throws.
class XmlParser {
 public:
  XmlParser(ZipEntry entry, XmlHandler& handler);
  ~XmlParser();
  XmlParser(const XmlParser&) = delete;
  XmlParser& operator=(const XmlParser&) = delete;

  enum class Step {
    stopped,  // by the handler
    more,     // a piece was read
    end,
  };
  [[nodiscard]] Step step();
  // To the end, whatever the handler stops for.
  void run();
  // Of the handler: step() returns behind the tag that is being read.
  void stop() noexcept;

  [[nodiscard]] const ZipEntry& entry() const noexcept { return entry_; }

 private:
  struct Free {
    void operator()(XML_ParserStruct* parser) const noexcept;
  };
  struct Calls;

  ZipEntry entry_;
  XmlHandler& handler_;
  std::unique_ptr<XML_ParserStruct, Free> parser_;
  std::exception_ptr thrown_;
  std::uint64_t fed_ = 0;
  int depth_ = 0;
  bool stopped_ = false;  // and to be resumed
  bool last_ = false;
};

}  // namespace pipeline::sheet
