#include "pipeline/archive/zip_writer.h"

#include "pipeline/base/error.h"
#include "pipeline/base/text.h"

#include "part_file.h"
#include "zip_check.h"
#include "zip_format.h"

#include <fmt/format.h>
#include <libdeflate.h>

#include <algorithm>
#include <new>
#include <string>
#include <unordered_set>

namespace pipeline::archive {
namespace {

struct CompressorFree {
  void operator()(libdeflate_compressor* compressor) const noexcept { ::libdeflate_free_compressor(compressor); }
};
using Compressor = std::unique_ptr<libdeflate_compressor, CompressorFree>;

int level_of(Compression compression) {
  switch (compression) {
    case Compression::none:
      return 0;
    case Compression::fast:
      return 1;
    case Compression::standard:
      return 6;
    case Compression::best:
      return 12;
  }
  return 0;
}

Compressor make_compressor(Compression compression) {
  if (compression == Compression::none) return nullptr;
  Compressor made(::libdeflate_alloc_compressor(level_of(compression)));
  if (!made) throw std::bad_alloc();
  return made;
}

// What is wrong with a name, if anything. Readers disagree on a backslash; a colon names a drive on Windows.
std::string_view objection(std::string_view name) {
  constexpr std::size_t kLongest = 0xFFFF;
  if (name.empty()) return "is empty";
  if (name.size() > kLongest) return "is too long";
  if (!is_utf8(name)) return "is not UTF-8";
  if (std::ranges::any_of(name, [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
    return "has a control character";
  if (name.find_first_of("\\:") != std::string_view::npos) return "has a backslash or a colon";
  for (std::size_t at = 0; at <= name.size();) {
    const std::size_t end = std::min(name.find('/', at), name.size());
    const std::string_view part = name.substr(at, end - at);
    if (part.empty() || part == "." || part == "..") return "is no relative path of plain parts";
    at = end + 1;
  }
  return {};
}

}  // namespace

struct ZipWriter::State {
  PartFile file;
  Compressor compressor;
  Zip64Marks marks;
  std::unordered_set<std::string> names;
  std::string directory;  // central headers of the entries so far
  bool finished = false;

  void add(std::string_view name, Method method, std::string_view packed, std::size_t size, std::uint32_t crc) {
    claim(name);
    const Entry entry{name, method, crc, packed.size(), size, file.size()};
    directory += central_header(entry, marks);
    file.append(local_header(entry, marks), packed);
  }

  void claim(std::string_view name) {
    if (const auto fault = objection(name); !fault.empty())
      throw Error(fmt::format("cannot write {}: the name of its entry \"{}\" {}", file.target().string(),
                              is_utf8(name) ? name : "?", fault));
    if (!names.emplace(name).second)
      throw Error(fmt::format("cannot write {}: its entry \"{}\" is given twice", file.target().string(), name));
  }

  // Empty when it would not be shorter than the text.
  [[nodiscard]] std::string deflated(std::string_view text) const {
    if (!compressor || text.empty()) return {};
    std::string out(text.size() - 1, '\0');
    out.resize(::libdeflate_deflate_compress(compressor.get(), text.data(), text.size(), out.data(), out.size()));
    return out;
  }
};

ZipWriter::ZipWriter(std::filesystem::path target, Compression compression, const Zip64Marks& marks)
    : state_(new State{PartFile(std::move(target)), make_compressor(compression), marks, {}, {}, false}) {}

ZipWriter::~ZipWriter() = default;

void ZipWriter::store(std::string_view name, std::string_view bytes, std::uint32_t crc) {
  state_->add(name, Method::stored, bytes, bytes.size(), crc);
}

void ZipWriter::deflate(std::string_view name, std::string_view text) {
  const std::string packed = state_->deflated(text);
  if (packed.empty())
    store(name, text, crc32_of(text));
  else
    state_->add(name, Method::deflated, packed, text.size(), crc32_of(text));
}

void ZipWriter::finish() {
  PartFile& file = state_->file;
  const Directory directory{state_->names.size(), state_->directory.size(), file.size()};
  file.append(state_->directory, end_records(directory, state_->marks));
  file.flush();
  if (const std::string fault = check_zip(file.path(), directory.entries); !fault.empty())
    throw Error(fmt::format("cannot write {}: what was written is no sound zip file: {}; check the disk, run again",
                            file.target().string(), fault));
  file.sync();
  state_->finished = true;
}

void ZipWriter::commit() {
  if (!state_->finished) finish();
  state_->file.commit();
}

std::uint64_t ZipWriter::size() const noexcept {
  return state_->file.size();
}

std::uint32_t crc32_of(std::string_view bytes) noexcept {
  return ::libdeflate_crc32(0, bytes.data(), bytes.size());
}

}  // namespace pipeline::archive
