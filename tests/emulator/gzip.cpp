#include "emulator/gzip.h"

#include <zlib.h>

#include <stdexcept>

namespace pipeline::emulator {

std::string gzip(std::string_view bytes) {
  z_stream stream{};
  constexpr int kGzipWrapper = 15 + 16;
  if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, kGzipWrapper, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("emulator: gzip: out of memory");
  }
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib only reads it
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (result != Z_STREAM_END) throw std::runtime_error("emulator: gzip: not all was compressed");
  return out;
}

}  // namespace pipeline::emulator
