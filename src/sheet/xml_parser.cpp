#include "xml_parser.h"

#include "pipeline/base/error.h"

#include <expat.h>
#include <fmt/core.h>

#include <cstdint>
#include <utility>

namespace pipeline::sheet {
namespace {

constexpr int kPiece = 64 << 10;
constexpr int kDeepest = 100;
constexpr std::uint64_t kLongestTag = 1 << 20;

// From expat 2.9 on the places are 64 bits wide under names of their own, and the old ones are deprecated.
#if XML_MAJOR_VERSION > 2 || XML_MINOR_VERSION >= 9
std::uint64_t line_of(XML_Parser parser) noexcept {
  return ::XML_GetCurrentLineNumber64(parser);
}
std::int64_t place_of(XML_Parser parser) noexcept {
  return ::XML_GetCurrentByteIndex64(parser);
}
#else
std::uint64_t line_of(XML_Parser parser) noexcept {
  return ::XML_GetCurrentLineNumber(parser);
}
std::int64_t place_of(XML_Parser parser) noexcept {
  return ::XML_GetCurrentByteIndex(parser);
}
#endif

}  // namespace

std::string_view without_prefix(std::string_view name) noexcept {
  return name.substr(name.find(':') + 1);  // npos + 1 is 0
}

std::string_view attribute(const char** attributes, std::string_view name) noexcept {
  for (; attributes[0] != nullptr; attributes += 2)
    if (without_prefix(attributes[0]) == name) return attributes[1];
  return {};
}

// What expat calls. No exception goes through it.
struct XmlParser::Calls {
  template <typename Do>
  static void guarded(void* self, Do action) noexcept {
    auto& parser = *static_cast<XmlParser*>(self);
    if (parser.thrown_) return;
    try {
      action(parser);
    } catch (...) {
      parser.thrown_ = std::current_exception();
      ::XML_StopParser(parser.parser_.get(), XML_FALSE);
    }
  }
  static void start(void* self, const char* name, const char** attributes) {
    guarded(self, [&](XmlParser& parser) {
      if (++parser.depth_ > kDeepest) throw Error("its XML is nested without end");
      parser.handler_.start(without_prefix(name), attributes);
    });
  }
  static void end(void* self, const char* name) {
    guarded(self, [&](XmlParser& parser) {
      --parser.depth_;
      parser.handler_.end(without_prefix(name));
    });
  }
  static void text(void* self, const char* text, int size) {
    guarded(self, [&](XmlParser& parser) { parser.handler_.text({text, static_cast<std::size_t>(size)}); });
  }
  static void doctype(void* self, const char*, const char*, const char*, int) {
    guarded(self, [](XmlParser&) { throw Error("its XML declares a document type, as no workbook does"); });
  }
};

void XmlParser::Free::operator()(XML_ParserStruct* parser) const noexcept {
  ::XML_ParserFree(parser);
}

XmlParser::XmlParser(ZipEntry entry, XmlHandler& handler)
    : entry_(std::move(entry)), handler_(handler), parser_(::XML_ParserCreate(nullptr)) {
  if (!parser_) throw std::bad_alloc();
  ::XML_SetUserData(parser_.get(), this);
  ::XML_SetElementHandler(parser_.get(), Calls::start, Calls::end);
  ::XML_SetCharacterDataHandler(parser_.get(), Calls::text);
  ::XML_SetStartDoctypeDeclHandler(parser_.get(), Calls::doctype);
}

XmlParser::~XmlParser() = default;

XmlParser::Step XmlParser::step() {
  XML_Status status{};
  if (stopped_) {
    stopped_ = false;
    status = ::XML_ResumeParser(parser_.get());
  } else {
    if (last_) return Step::end;
    void* const buffer = ::XML_GetBuffer(parser_.get(), kPiece);
    if (buffer == nullptr) throw std::bad_alloc();
    const std::size_t size = entry_.read({static_cast<char*>(buffer), static_cast<std::size_t>(kPiece)});
    last_ = size == 0;
    fed_ += size;
    status = ::XML_ParseBuffer(parser_.get(), static_cast<int>(size), last_ ? XML_TRUE : XML_FALSE);
  }
  if (thrown_) std::rethrow_exception(thrown_);
  if (status == XML_STATUS_ERROR)
    throw Error(fmt::format("its XML is broken: {} in line {}", ::XML_ErrorString(::XML_GetErrorCode(parser_.get())),
                            line_of(parser_.get())));
  stopped_ = status == XML_STATUS_SUSPENDED;
  if (stopped_) return Step::stopped;
  const std::int64_t at = place_of(parser_.get());
  if (!last_ && at >= 0 && fed_ - static_cast<std::uint64_t>(at) > kLongestTag)
    throw Error("its XML has a tag without end");
  return last_ ? Step::end : Step::more;
}

void XmlParser::run() {
  while (step() != Step::end) {
  }
}

void XmlParser::stop() noexcept {
  ::XML_StopParser(parser_.get(), XML_TRUE);
}

}  // namespace pipeline::sheet
