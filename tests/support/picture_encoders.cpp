#include "picture_encoders.h"

#include "picture_metadata.h"

// libjpeg's header needs FILE.
#include <cstdio>
//
#include <jpeglib.h>
#include <png.h>
#include <webp/encode.h>
#include <webp/mux.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <vector>

namespace pipeline::test {
namespace {

using std::string_literals::operator""s;

struct Free {
  void operator()(void* memory) const noexcept { std::free(memory); }
};

const unsigned char* bytes_of(const std::string& text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

void write_app1(jpeg_compress_struct& jpeg, const std::string& content) {
  jpeg_write_marker(&jpeg, JPEG_APP0 + 1, bytes_of(content), static_cast<unsigned int>(content.size()));
}

std::string encode_jpeg(int width, int height, const Encoding& encoding, const DrawRow& draw_row) {
  jpeg_error_mgr errors;
  jpeg_compress_struct jpeg;
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  unsigned char* memory = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&jpeg, &memory, &size);
  jpeg.image_width = static_cast<JDIMENSION>(width);
  jpeg.image_height = static_cast<JDIMENSION>(height);
  jpeg.input_components = 3;
  jpeg.in_color_space = JCS_RGB;
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, encoding.quality, TRUE);
  if (encoding.progressive) jpeg_simple_progression(&jpeg);
  jpeg_start_compress(&jpeg, TRUE);
  if (const std::string exif = exif_of(encoding.metadata); !exif.empty()) write_app1(jpeg, "Exif\0\0"s + exif);
  if (const std::string xmp = xmp_of(encoding.metadata); !xmp.empty())
    write_app1(jpeg, "http://ns.adobe.com/xap/1.0/\0"s + xmp);

  std::vector<std::uint8_t> row(static_cast<std::size_t>(width) * 3);
  for (int y = 0; y < height; ++y) {
    draw_row(y, row);
    JSAMPROW rows[] = {row.data()};
    jpeg_write_scanlines(&jpeg, rows, 1);
  }
  jpeg_finish_compress(&jpeg);
  jpeg_destroy_compress(&jpeg);
  const std::unique_ptr<unsigned char, Free> owner(memory);
  return {reinterpret_cast<const char*>(memory), size};
}

void append_to_string(png_structp png, png_bytep data, png_size_t size) {
  static_cast<std::string*>(png_get_io_ptr(png))->append(reinterpret_cast<const char*>(data), size);
}

std::string encode_png(int width, int height, const Encoding& encoding, const DrawRow& draw_row) {
  std::string out;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(png, &out, append_to_string, nullptr);
  png_set_compression_level(png, 1);
  png_set_IHDR(png, info, static_cast<png_uint_32>(width), static_cast<png_uint_32>(height), 8, PNG_COLOR_TYPE_RGB,
               PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (std::string exif = exif_of(encoding.metadata); !exif.empty())
    png_set_eXIf_1(png, info, static_cast<png_uint_32>(exif.size()), reinterpret_cast<png_bytep>(exif.data()));
  std::string key = "XML:com.adobe.xmp";
  std::string xmp = xmp_of(encoding.metadata);
  if (!xmp.empty()) {
    png_text text{};
    text.compression = PNG_ITXT_COMPRESSION_NONE;
    text.key = key.data();
    text.text = xmp.data();
    text.itxt_length = xmp.size();
    png_set_text(png, info, &text, 1);
  }
  png_write_info(png, info);
  std::vector<std::uint8_t> row(static_cast<std::size_t>(width) * 3);
  for (int y = 0; y < height; ++y) {
    draw_row(y, row);
    png_write_row(png, row.data());
  }
  png_write_end(png, nullptr);
  png_destroy_write_struct(&png, &info);
  return out;
}

struct MuxDelete {
  void operator()(WebPMux* mux) const noexcept { WebPMuxDelete(mux); }
};

void add_chunk(WebPMux* mux, const char* name, const std::string& content) {
  if (content.empty()) return;
  const WebPData data{bytes_of(content), content.size()};
  if (WebPMuxSetChunk(mux, name, &data, 1) != WEBP_MUX_OK) throw std::runtime_error("WebPMuxSetChunk");
}

std::string encode_webp(int width, int height, const Encoding& encoding, const DrawRow& draw_row) {
  const std::size_t stride = static_cast<std::size_t>(width) * 3;
  std::vector<std::uint8_t> rgb(stride * static_cast<std::size_t>(height));
  for (int y = 0; y < height; ++y) draw_row(y, std::span(rgb).subspan(static_cast<std::size_t>(y) * stride, stride));

  WebPConfig config;
  WebPMemoryWriter writer;
  WebPMemoryWriterInit(&writer);
  WebPPicture picture;
  if (WebPConfigInit(&config) == 0 || WebPPictureInit(&picture) == 0) throw std::runtime_error("libwebp");
  config.quality = static_cast<float>(encoding.quality);
  config.method = 1;  // fast
  picture.width = width;
  picture.height = height;
  picture.writer = WebPMemoryWrite;
  picture.custom_ptr = &writer;
  const bool done = WebPPictureImportRGB(&picture, rgb.data(), width * 3) != 0 && WebPEncode(&config, &picture) != 0;
  WebPPictureFree(&picture);
  const WebPData bare{writer.mem, writer.size};
  const std::unique_ptr<WebPMux, MuxDelete> mux(WebPMuxCreate(&bare, 1));
  WebPMemoryWriterClear(&writer);
  if (!done || !mux) throw std::runtime_error("WebPEncode");

  add_chunk(mux.get(), "EXIF", exif_of(encoding.metadata));
  add_chunk(mux.get(), "XMP ", xmp_of(encoding.metadata));
  WebPData whole{};
  if (WebPMuxAssemble(mux.get(), &whole) != WEBP_MUX_OK) throw std::runtime_error("WebPMuxAssemble");
  std::string out(reinterpret_cast<const char*>(whole.bytes), whole.size);
  WebPDataClear(&whole);
  return out;
}

// Codes of nine bits that are never joined: a clear code comes before the table could ask for ten.
class GifCodes {
 public:
  void put(unsigned code) {
    bits_ |= code << used_;
    for (used_ += 9; used_ >= 8; used_ -= 8, bits_ >>= 8U) data_.push_back(static_cast<char>(bits_ & 0xFFU));
  }
  void put_index(unsigned index) {
    if (since_clear_++ % 250 == 0) put(256);
    put(index);
  }
  // As blocks of at most 255 bytes.
  std::string finish() {
    put(257);
    if (used_ > 0) data_.push_back(static_cast<char>(bits_ & 0xFFU));
    std::string out;
    for (std::size_t at = 0; at < data_.size(); at += 255) {
      const std::string block = data_.substr(at, 255);
      out.push_back(static_cast<char>(block.size()));
      out += block;
    }
    out.push_back('\0');
    return out;
  }

 private:
  std::string data_;
  unsigned bits_ = 0;
  unsigned used_ = 0;
  std::size_t since_clear_ = 0;
};

// Six levels a channel, dithered by a small pattern.
unsigned palette_index(const std::uint8_t* rgb, int x, int y) {
  constexpr std::array<unsigned, 4> kDither{6, 32, 45, 19};
  const unsigned dither = kDither[static_cast<std::size_t>((y % 2) * 2 + x % 2)];
  const auto step = [&](unsigned level) { return (level + dither) / 51 > 5 ? 5U : (level + dither) / 51; };
  return step(rgb[0]) * 36 + step(rgb[1]) * 6 + step(rgb[2]);
}

std::string u16(int value) {
  return {static_cast<char>(value & 0xFF), static_cast<char>((value >> 8) & 0xFF)};
}

std::string encode_gif(int width, int height, const DrawRow& draw_row) {
  std::string out = "GIF89a" + u16(width) + u16(height) + "\xF7\0\0"s;
  for (int i = 0; i < 256; ++i)
    for (const int level : {i / 36, i / 6 % 6, i % 6}) out.push_back(static_cast<char>(level * 51));
  out += ",\0\0\0\0"s + u16(width) + u16(height) + "\0\x08"s;
  GifCodes codes;
  std::vector<std::uint8_t> row(static_cast<std::size_t>(width) * 3);
  for (int y = 0; y < height; ++y) {
    draw_row(y, row);
    for (int x = 0; x < width; ++x) codes.put_index(palette_index(&row[static_cast<std::size_t>(x) * 3], x, y));
  }
  return out + codes.finish() + ";";
}

}  // namespace

std::string encode_rows(int width, int height, const Encoding& encoding, const DrawRow& draw_row) {
  switch (encoding.type) {
    case media::ImageType::png:
      return encode_png(width, height, encoding, draw_row);
    case media::ImageType::webp:
      return encode_webp(width, height, encoding, draw_row);
    case media::ImageType::gif:
      return encode_gif(width, height, draw_row);
    case media::ImageType::jpeg:
      break;
  }
  return encode_jpeg(width, height, encoding, draw_row);
}

}  // namespace pipeline::test
