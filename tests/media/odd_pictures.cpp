#include "odd_pictures.h"

// libjpeg's header needs FILE.
#include <cstdio>
//
#include <jpeglib.h>
#include <png.h>
#include <webp/encode.h>
#include <webp/mux.h>

#include <cstdlib>
#include <memory>
#include <stdexcept>

namespace pipeline::test {
namespace {

struct Free {
  void operator()(unsigned char* memory) const noexcept { std::free(memory); }
};

unsigned gray_of(const std::uint8_t* rgb) {
  return (rgb[0] * 299U + rgb[1] * 587U + rgb[2] * 114U) / 1000U;
}

const std::uint8_t* pixel(const Pixels& picture, int x, int y) {
  return &picture.rgb[(static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width) +
                       static_cast<std::size_t>(x)) *
                      3];
}

void append_samples(const Pixels& picture, const PngForm& form, int y, std::vector<std::uint8_t>& row) {
  using Colour = PngForm::Colour;
  const auto put = [&](unsigned level) {
    row.push_back(static_cast<std::uint8_t>(level));
    if (form.bits == 16) row.push_back(static_cast<std::uint8_t>(level));
  };
  for (int x = 0; x < picture.width; ++x) {
    const std::uint8_t* rgb = pixel(picture, x, y);
    if (form.colour == Colour::rgb || form.colour == Colour::rgb_alpha)
      for (int c = 0; c < 3; ++c) put(rgb[c]);
    else
      put(gray_of(rgb) >> (form.bits < 8 ? 8U - static_cast<unsigned>(form.bits) : 0U));
    if (form.colour == Colour::rgb_alpha || form.colour == Colour::gray_alpha)
      put(form.left_half_transparent && x < picture.width / 2 ? 0 : 255);
  }
}

int png_colour_type(PngForm::Colour colour) {
  switch (colour) {
    case PngForm::Colour::gray:
      return PNG_COLOR_TYPE_GRAY;
    case PngForm::Colour::gray_alpha:
      return PNG_COLOR_TYPE_GRAY_ALPHA;
    case PngForm::Colour::rgb_alpha:
      return PNG_COLOR_TYPE_RGB_ALPHA;
    case PngForm::Colour::palette:
      return PNG_COLOR_TYPE_PALETTE;
    case PngForm::Colour::rgb:
      break;
  }
  return PNG_COLOR_TYPE_RGB;
}

// Shades of gray, as many as the bits can count.
void set_palette(png_structp png, png_infop info, int bits) {
  std::vector<png_color> palette(std::size_t{1} << static_cast<unsigned>(bits));
  for (std::size_t i = 0; i < palette.size(); ++i) {
    const auto level = static_cast<png_byte>(i * 255 / (palette.size() - 1));
    palette[i] = {level, level, level};
  }
  png_set_PLTE(png, info, palette.data(), static_cast<int>(palette.size()));
}

class WebpPicture {
 public:
  explicit WebpPicture(const Pixels& pixels) {
    if (WebPPictureInit(&picture_) == 0) throw std::runtime_error("WebPPictureInit");
    picture_.use_argb = 1;
    picture_.width = pixels.width;
    picture_.height = pixels.height;
    if (WebPPictureImportRGB(&picture_, pixels.rgb.data(), pixels.width * 3) == 0)
      throw std::runtime_error("WebPPictureImportRGB");
  }
  ~WebpPicture() { WebPPictureFree(&picture_); }
  WebpPicture(const WebpPicture&) = delete;
  WebpPicture& operator=(const WebpPicture&) = delete;
  WebPPicture* get() { return &picture_; }

 private:
  WebPPicture picture_{};
};

struct EncoderDelete {
  void operator()(WebPAnimEncoder* encoder) const noexcept { WebPAnimEncoderDelete(encoder); }
};

}  // namespace

std::string odd_jpeg(const Pixels& picture, Colours colours) {
  jpeg_error_mgr errors;
  jpeg_compress_struct jpeg;
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  unsigned char* memory = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&jpeg, &memory, &size);
  jpeg.image_width = static_cast<JDIMENSION>(picture.width);
  jpeg.image_height = static_cast<JDIMENSION>(picture.height);
  jpeg.input_components = colours == Colours::gray ? 1 : 4;
  jpeg.in_color_space = colours == Colours::gray ? JCS_GRAYSCALE : JCS_CMYK;
  jpeg_set_defaults(&jpeg);
  if (colours == Colours::ycck) jpeg_set_colorspace(&jpeg, JCS_YCCK);
  jpeg_start_compress(&jpeg, TRUE);
  for (int y = 0; y < picture.height; ++y) {
    std::vector<std::uint8_t> row;
    for (int x = 0; x < picture.width; ++x) {
      const std::uint8_t* rgb = pixel(picture, x, y);
      if (colours == Colours::gray)
        row.push_back(static_cast<std::uint8_t>(gray_of(rgb)));
      else  // as Adobe stores ink: its complement, and no black
        row.insert(row.end(), {rgb[0], rgb[1], rgb[2], 255});
    }
    JSAMPROW rows[] = {row.data()};
    jpeg_write_scanlines(&jpeg, rows, 1);
  }
  jpeg_finish_compress(&jpeg);
  jpeg_destroy_compress(&jpeg);
  const std::unique_ptr<unsigned char, Free> owner(memory);
  return {reinterpret_cast<const char*>(memory), size};
}

std::string odd_png(const Pixels& picture, const PngForm& form) {
  std::string out;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  const auto append = [](png_structp target, png_bytep data, png_size_t size) {
    static_cast<std::string*>(png_get_io_ptr(target))->append(reinterpret_cast<const char*>(data), size);
  };
  png_set_write_fn(png, &out, append, nullptr);
  png_set_IHDR(png, info, static_cast<png_uint_32>(picture.width), static_cast<png_uint_32>(picture.height), form.bits,
               png_colour_type(form.colour), form.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (form.colour == PngForm::Colour::palette) set_palette(png, info, form.bits);
  png_write_info(png, info);
  if (form.bits < 8) png_set_packing(png);
  const int passes = png_set_interlace_handling(png);
  for (int pass = 0; pass < passes; ++pass)
    for (int y = 0; y < picture.height; ++y) {
      std::vector<std::uint8_t> row;
      append_samples(picture, form, y, row);
      png_write_row(png, row.data());
    }
  png_write_end(png, nullptr);
  png_destroy_write_struct(&png, &info);
  return out;
}

std::string animated_gif(const Pixels& first, const Pixels& second) {
  constexpr std::size_t kHeaderAndPalette = 13 + 768;
  const Encoding gif{.type = media::ImageType::gif};
  std::string out = encode(first, gif);
  out.pop_back();
  return out + encode(second, gif).substr(kHeaderAndPalette);
}

std::string animated_webp(const Pixels& first, const Pixels& second) {
  const std::unique_ptr<WebPAnimEncoder, EncoderDelete> encoder(WebPAnimEncoderNew(first.width, first.height, nullptr));
  int time = 0;
  for (const Pixels* pixels : {&first, &second}) {
    WebpPicture picture(*pixels);
    if (WebPAnimEncoderAdd(encoder.get(), picture.get(), time, nullptr) == 0)
      throw std::runtime_error("WebPAnimEncoderAdd");
    time += 100;
  }
  WebPData data{};
  if (WebPAnimEncoderAdd(encoder.get(), nullptr, time, nullptr) == 0 ||
      WebPAnimEncoderAssemble(encoder.get(), &data) == 0)
    throw std::runtime_error("WebPAnimEncoderAssemble");
  std::string out(reinterpret_cast<const char*>(data.bytes), data.size);
  WebPDataClear(&data);
  return out;
}

std::string lossless_webp(const Pixels& picture) {
  unsigned char* memory = nullptr;
  const std::size_t size =
      WebPEncodeLosslessRGB(picture.rgb.data(), picture.width, picture.height, picture.width * 3, &memory);
  std::string out(reinterpret_cast<const char*>(memory), size);
  WebPFree(memory);
  return out;
}

}  // namespace pipeline::test
